"""Mistakes in cross_entropy: which targets count, and what the mean is over."""

import numpy as np

from tests.runner.diagnosis.known import given, mistake, probes


@mistake("cross_entropy", """Your answer is the sum of all surprises. It should be their mean:
    divide by the number of targets that count.""", common=True)
def adds_surprises_up(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).sum()


@mistake("cross_entropy", """Ignored targets add nothing to your sum, but they count in the number
    by which it is divided. Take the mean over the others alone.""", common=True)
def divides_by_all_targets(logits, targets, ignore_index=-1):
    n_targets = targets.size
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).sum() / n_targets


@mistake("cross_entropy", """You always ignore -1. Which target to ignore should be up to
    ignore_index; -1 is only its default.""", common=True)
def always_ignores_minus_one(logits, targets, ignore_index=-1):
    counted = targets != -1
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """You ignore targets below 0. Which one to ignore should be up to
    ignore_index, and it may be a word of the vocabulary, such as 0.""")
def ignores_what_is_negative(logits, targets, ignore_index=-1):
    counted = targets >= 0
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your mean is over the ignored targets, and leaves out those that
    count. It should be the other way round.""")
def counts_the_ignored_alone(logits, targets, ignore_index=-1):
    counted = targets == ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your targets pick their logits before the ignored ones are left out.
    An ignore_index such as -100 is outside the vocabulary: hence the IndexError.""")
def picks_before_it_ignores(logits, targets, ignore_index=-1):
    picked = logits.reshape(-1, logits.shape[-1])[np.arange(targets.size), targets.reshape(-1)]
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1)) + logits.max(axis=-1)
    return (log_sums - picked[counted.reshape(-1)]).mean()


@mistake("cross_entropy", """If every target is ignored, your answer is 0, as if the model had
    known them all. Nothing is left to average: it should be nan.""", common=True)
def answers_zero_for_nothing(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return 0.0
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """If every target is ignored, your call ends in a ZeroDivisionError, as
    Python numbers raise it. The answer should be nan.""")
def divides_by_zero_targets(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return 0.0 / len(targets)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """If every target is ignored, your call ends in an error. The answer
    should be nan, as in PyTorch.""")
def refuses_to_answer_for_nothing(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        raise ValueError("there are no targets")
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """You take a mean over each sequence, and then over the sequences. In
    sequences where fewer targets count, each weighs more: take one mean over all targets.""")
def takes_the_mean_of_means(logits, targets, ignore_index=-1):
    rows, marks = logits.reshape(-1, *logits.shape[-2:]), targets.reshape(-1, targets.shape[-1])
    means = []
    for logits, targets in zip(rows, marks):
        counted = targets != ignore_index
        logits, targets = logits[counted], targets[counted]
        shifted = logits - logits.max(axis=-1, keepdims=True) if len(targets) else logits
        log_sums = np.log(np.exp(shifted).sum(axis=-1))
        means.append((log_sums - shifted[np.arange(len(targets)), targets]).mean())
    return np.mean(means)


@mistake("cross_entropy", """Your answer has a surprise for each target. It should be one number,
    their mean.""")
def gives_every_surprise(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return log_sums - shifted[np.arange(len(targets)), targets]


@mistake("cross_entropy", """Your mean is divided by the size of the vocabulary too, as happens
    when the zeros of a one-hot product are averaged along. Take the mean over targets alone.""")
def divides_by_the_vocabulary_too(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean() / logits.shape[-1]


@mistake("cross_entropy", """You divide your sum by one less than the number of targets that count.
    Divide it by that number.""")
def divides_by_one_target_less(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).sum() / np.float64(len(targets) - 1)


@mistake("cross_entropy", """Row t of your logits meets target t + 1. The targets are the next
    words already: row t belongs with target t.""", common=True)
def shifts_the_targets(logits, targets, ignore_index=-1):
    logits, targets = logits[..., :-1, :], targets[..., 1:]
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your index has a row number for each entry along the first axis, which
    fits only logits of two axes. Flatten the batch axes into one axis of tokens first.""")
def takes_no_batches(logits, targets, ignore_index=-1):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=-1)) - shifted[np.arange(len(targets)), targets]
    return losses[targets != ignore_index].mean() if (targets != ignore_index).any() else np.nan


@mistake("cross_entropy", """You overwrite the caller's logits: `-=` writes into the very array
    that was passed. `logits - ...` makes a new one.""")
def writes_into_the_logits(logits, targets, ignore_index=-1):
    logits -= logits.max(axis=-1, keepdims=True)
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    log_sums = np.log(np.exp(logits).sum(axis=-1))
    return (log_sums - logits[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """You overwrite the caller's targets where they are ignored. Leave them
    as they are, or write into a copy: `np.where` makes one.""")
def writes_into_the_targets(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    targets[~counted] = 0
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your ignored rows become rows of zeros, with the surprise of a model
    that knows nothing, and they count. Leave them out of the mean.""")
def looks_up_ignored_targets_as_zeros(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = np.where(counted[..., np.newaxis], logits, 0), np.where(counted, targets, 0)
    logits, targets = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your mean leaves out targets of which the model is sure, as if a
    surprise of 0 were no surprise. Only what equals ignore_index should be left out.""")
def leaves_out_what_is_no_surprise(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    shifted = logits - logits.max(axis=-1, keepdims=True) if len(targets) else logits
    losses = np.log(np.exp(shifted).sum(axis=-1)) - shifted[np.arange(len(targets)), targets]
    return losses[losses != 0].mean() if (losses != 0).any() else np.nan


@probes("cross_entropy")
def probe_cross_entropy():
    rng = np.random.default_rng(65)
    yield given(rng.normal(size=(2, 3, 5)), np.array([[0, 4, -1], [2, -1, -1]]))
    yield given(rng.normal(size=(4, 3)), np.array([2, 1, 2, 0]), ignore_index=2)
    yield given(np.array([[0.0, 34], [0, 27], [0, 20]]), np.array([0, 0, 0]))
    for row in ([20.0, 50, -60, 0], [900, 0, 20, 0], [-900, 0, -2000, 1]):
        yield given(np.array([row, [3.0, 1, 0, 2]]), np.array([2, 0]))
    yield given(rng.normal(size=(3, 4)), np.array([-7, 1, 3]), ignore_index=-7)
    yield given(rng.integers(-3, 4, size=(5, 4)), np.array([0, 3, 2, 1, 1]))
    yield given(rng.normal(size=(2, 4)), np.array([-1, -1]))
    yield given(rng.normal(size=(4, 4)), np.array([3, 0, 0, 2]))
