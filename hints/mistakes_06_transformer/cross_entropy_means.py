"""Mistakes in cross_entropy: which targets count, and what the mean is over."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

adds_surprises_up = edit("cross_entropy", """Your answer is the sum of all losses. It should be
    their mean: divide by the number of targets that count.""",
    ("mean()", "sum()"), common=True)

divides_by_all_targets = edit("cross_entropy", """Ignored targets add nothing to your sum, but
    they count in the number by which it is divided. Take the mean over the others alone.""",
    ("counted =", "n_targets = targets.size\ncounted ="), ("mean()", "sum() / n_targets"),
    common=True)

always_ignores_minus_one = edit("cross_entropy", """You always ignore -1. Which target to ignore
    should be up to ignore_index; -1 is only its default.""",
    ("!= ignore_index", "!= -1"), common=True)

ignores_what_is_negative = edit("cross_entropy", """You ignore targets below 0. Which one to
    ignore should be up to ignore_index, and it may be a word of the vocabulary, such as 0.""",
    ("!= ignore_index", ">= 0"))

counts_the_ignored_alone = edit("cross_entropy", """Your mean is over the ignored targets, and
    leaves out those that count. It should be the other way round.""",
    ("targets !=", "targets =="))

picks_before_it_ignores = edit("cross_entropy", """Your targets pick their logits before the
    ignored ones are left out. An ignore_index such as -100 is outside the vocabulary: hence the
    IndexError.""",
    ("counted =",
     "picked = logits.reshape(-1, logits.shape[-1])[np.arange(targets.size), "
     "targets.reshape(-1)]\n"
     "counted ="), ("axis=-1))", "axis=-1)) + logits.max(axis=-1)"),
    ("shifted[np.arange(len(targets)), targets]", "picked[counted.reshape(-1)]"))

answers_zero_for_nothing = edit("cross_entropy", """If every target is ignored, your answer is 0,
    as if the model had known them all. Nothing is left to average: it should be nan.""",
    ("np.nan", "0.0"), common=True)

divides_by_zero_targets = edit("cross_entropy", """If every target is ignored, your call ends in
    a ZeroDivisionError, as Python numbers raise it. The answer should be nan.""",
    ("np.nan", "0.0 / len(targets)"))

refuses_to_answer_for_nothing = edit("cross_entropy", """If every target is ignored, your call
    ends in an error. The answer should be nan, as in PyTorch.""",
    ("return np.nan", 'raise ValueError("there are no targets")'))


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


gives_every_surprise = edit("cross_entropy", """Your answer has a loss for each target. It should
    be one number, their mean.""",
    ("return (log_sums - shifted[np.arange(len(targets)), targets]).mean()",
     "return log_sums - shifted[np.arange(len(targets)), targets]"))

divides_by_the_vocabulary_too = edit("cross_entropy", """Your mean is divided by the size of the
    vocabulary too, as happens when the zeros of a one-hot product are averaged along. Take the
    mean over targets alone.""",
    ("mean()", "mean() / logits.shape[-1]"))

divides_by_one_target_less = edit("cross_entropy", """You divide your sum by one less than the
    number of targets that count. Divide it by that number.""",
    ("mean()", "sum() / np.float64(len(targets) - 1)"))

shifts_the_targets = edit("cross_entropy", """Row t of your logits is paired with target t + 1.
    The targets are the next words already: row t belongs with target t.""",
    ("counted =", "logits, targets = logits[..., :-1, :], targets[..., 1:]\ncounted ="),
    common=True)


@mistake("cross_entropy", """Your index has a row number for each entry along the first axis, which
    fits only logits of two axes. Flatten the batch axes into one axis of tokens first.""")
def takes_no_batches(logits, targets, ignore_index=-1):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=-1)) - shifted[np.arange(len(targets)), targets]
    return losses[targets != ignore_index].mean() if (targets != ignore_index).any() else np.nan


writes_into_the_logits = edit("cross_entropy", """You overwrite the caller's logits: `-=` writes
    into the very array that was passed. `logits - ...` makes a new one.""",
    ("counted =", "logits -= logits.max(axis=-1, keepdims=True)\ncounted ="))

writes_into_the_targets = edit("cross_entropy", """You overwrite the caller's targets where they
    are ignored. Leave them as they are, or write into a copy: `np.where` makes one.""",
    ("logits, targets =", "targets[~counted] = 0\nlogits, targets ="))

looks_up_ignored_targets_as_zeros = edit("cross_entropy", """Your ignored rows become rows of
    zeros, with the loss of a model that knows nothing, and they count. Leave them out of the
    mean.""",
    ("logits[counted], targets[counted]",
     "np.where(counted[..., np.newaxis], logits, 0), np.where(counted, targets, 0)"),
    ("if not len(targets):\nreturn np.nan",
     "logits, targets = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)"))


@mistake("cross_entropy", """Your mean leaves out targets of which the model is sure, as if a
    loss of 0 were no loss. Only what equals ignore_index should be left out.""")
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
    yield given(np.array([[900.0, 0, 20, 0], [3, 1, 0, 2]]), np.array([0, 0]))
    yield given(rng.normal(size=(3, 4)), np.array([-7, 1, 3]), ignore_index=-7)
    yield given(rng.integers(-3, 4, size=(5, 4)), np.array([0, 3, 2, 1, 1]))
    yield given(rng.normal(size=(2, 4)), np.array([-1, -1]))
    yield given(rng.normal(size=(4, 4)), np.array([3, 0, 0, 2]))
