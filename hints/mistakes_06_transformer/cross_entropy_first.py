"""Mistakes in cross_entropy: first attempts, in which no target is ignored yet.

The choices are ways to write what is right in them:

    top        1 if the largest logit of a row is subtracted before the exponential, else 0
    of_shares  True for the logarithm of softmax, False for logits minus the logarithm of the sum
    pick       how the targets are picked: from "rows", from "flat" ones, or "along" the last axis
    guarded    True if a sum of no losses is not divided by 0
"""

import numpy as np

from tests.runner.diagnosis.known import mistake


@mistake("cross_entropy", """Your mean counts ignored targets. An index of -1 does not fail in
    NumPy: it picks the last word of the vocabulary. ignore_index says which targets to leave
    out.""", common=True, top=(1, 0), of_shares=(True, False), pick=("rows", "flat", "along"))
def ignores_nothing(logits, targets, ignore_index=-1, *, top, of_shares, pick):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return -picked.mean()


@mistake("cross_entropy", """Your answer has the opposite sign. The logarithm of a probability is
    negative; the loss is minus that.""",
         top=(1, 0), of_shares=(True, False), pick=("rows", "flat", "along"))
def forgets_the_minus_at_first(logits, targets, ignore_index=-1, *, top, of_shares, pick):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return picked.mean()


@mistake("cross_entropy", """Your answer is the sum of all
    losses. It should be their mean: divide by how many there
    are.""", top=(1, 0), of_shares=(True, False), pick=("rows", "flat", "along"))
def adds_surprises_up_at_first(logits, targets, ignore_index=-1, *, top, of_shares, pick):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return -picked.sum()


@mistake("cross_entropy", """Your answer is in bits, with a logarithm to base 2. It should be in
    nats: `np.log` is the natural logarithm.""",
         top=(1, 0), of_shares=(True, False), pick=("rows", "flat", "along"))
def counts_in_bits_at_first(logits, targets, ignore_index=-1, *, top, of_shares, pick):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return -picked.mean() / np.log(2)


@mistake("cross_entropy", """Your answer has a loss for each target. It should be one number,
    their mean.""", top=(1, 0), of_shares=(True, False), pick=("rows", "flat", "along"))
def gives_every_surprise_at_first(logits, targets, ignore_index=-1, *, top, of_shares, pick):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return -picked


@mistake("cross_entropy", """Your answer is the mean of the probabilities, or minus that. The
    logarithm is missing: take minus the logarithm of each, and then the mean.""",
         top=(1, 0), sign=(-1, 1), pick=("rows", "flat", "along"), denies=True)
def returns_the_share_at_first(logits, targets, ignore_index=-1, *, top, sign, pick):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    shares = np.exp(shifted) / sums
    if pick == "flat":
        shares, targets = shares.reshape(-1, shares.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(shares, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = shares[np.arange(len(targets)), targets]
    return sign * picked.mean()


@mistake("cross_entropy", """Your answer is the logarithm of the mean probability. Take the
    logarithm of each probability first, and then the mean.""",
         top=(1, 0), of_shares=(True, False), pick=("rows", "flat", "along"))
def takes_the_log_of_the_mean_at_first(logits, targets, ignore_index=-1, *, top, of_shares, pick):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return -np.log(np.exp(picked).mean())


@mistake("cross_entropy", """Each of your targets picks an entry in every row, which makes a whole
    table. Row i belongs with target i alone: `[np.arange(n), targets]`.""",
         top=(1, 0), of_shares=(True, False), colon=(True, False))
def picks_every_share_at_first(logits, targets, ignore_index=-1, *, top, of_shares, colon):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    return -(logs[:, targets] if colon else logs[..., targets]).mean()


@mistake("cross_entropy", """`[targets]` picks whole rows, as if targets were tokens. Row i belongs
    with target i, which picks one of its entries: `[np.arange(n), targets]`.""",
         top=(1, 0), of_shares=(True, False))
def takes_rows_for_targets(logits, targets, ignore_index=-1, *, top, of_shares):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    return -logs[targets].mean()


@mistake("cross_entropy", """Your mean is over the logarithms of all probabilities, whatever the
    targets are. Pick one from each row first, that of the target: `[np.arange(n), targets]`.""",
         top=(1, 0), of_shares=(True, False))
def averages_the_whole_table(logits, targets, ignore_index=-1, *, top, of_shares):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    return -logs.mean()


@mistake("cross_entropy", """Your mean is divided by the size of the vocabulary too, as happens
    when the zeros of a one-hot product are averaged along. Take the mean over targets alone.""",
         top=(1, 0), of_shares=(True, False))
def divides_by_the_vocabulary_at_first(logits, targets, ignore_index=-1, *, top, of_shares):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    return -(np.eye(logits.shape[-1])[targets] * logs).mean()


@mistake("cross_entropy", """You take the logarithm of the logits. Turn them into probabilities by
    softmax first: exp, and divide by the sum.""", pick=("rows", "flat", "along"))
def takes_logits_for_shares_at_first(logits, targets, ignore_index=-1, *, pick):
    logs = np.log(logits)
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return -picked.mean()


@mistake("cross_entropy", """Your answer is minus the target's logit. What is missing is the
    softmax: subtract the logarithm of the sum of all exponentials from the logit first.""",
         pick=("rows", "flat", "along"), denies=True)
def takes_the_logits_alone_at_first(logits, targets, ignore_index=-1, *, pick):
    logs = logits
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return -picked.mean()


@mistake("cross_entropy", """Your probabilities sum to one down the columns, over tokens. They
    should sum to one over the vocabulary, the last axis.""",
         top=(1, 0), of_shares=(True, False), pick=("rows", "flat", "along"))
def shares_down_the_columns_at_first(logits, targets, ignore_index=-1, *, top, of_shares, pick):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=0, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return -picked.mean()


@mistake("cross_entropy", """You combine an array with one number for each row with the whole
    table, and the two do not line up. If it is a maximum or a sum, `keepdims=True` keeps its
    axis.""", top=(1, 0))
def loses_the_axis_of_the_sums(logits, targets, ignore_index=-1, *, top):
    exps = np.exp(logits - top * logits.max(axis=-1, keepdims=True))
    logs = np.log(exps / exps.sum(axis=-1))
    return -logs[np.arange(len(targets)), targets].mean()


@mistake("cross_entropy", """Ignored targets add nothing to your sum, but they count in the number
    by which it is divided. Take the mean over the others alone.""",
         top=(1, 0), of_shares=(True, False), pick=("rows", "flat", "along"))
def makes_zeros_of_ignored_surprises(logits, targets, ignore_index=-1, *, top, of_shares, pick):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1, keepdims=True)
    logs = np.log(np.exp(shifted) / sums) if of_shares else shifted - np.log(sums)
    counted = targets != ignore_index
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, np.where(counted, targets, 0)[..., np.newaxis],
                                    axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return -np.where(counted.reshape(picked.shape), picked, 0).mean()


@mistake("cross_entropy", """Your mean counts ignored targets. An index of -1 does not fail in
    NumPy: it picks the last word of the vocabulary. ignore_index says which targets to leave
    out.""", top=(0, 1), of_shares=(False, True))
def ignores_nothing_in_a_loop(logits, targets, ignore_index=-1, *, top, of_shares):
    total = 0.0
    for row, target in zip(logits, targets):
        shifted = row - top * row.max()
        exps = np.exp(shifted)
        logs = np.log(exps / exps.sum()) if of_shares else shifted - np.log(exps.sum())
        total = total - logs[target]
    return total / len(targets)


@mistake("cross_entropy", """Your loop runs over the first axis, which is the batch if there is
    one: then a target is an array. Flatten to one axis of tokens first, or index with a boolean
    array.""", top=(0, 1), of_shares=(False, True), start=(0, 0.0), guarded=(False, True))
def loops_over_the_first_axis(logits, targets, ignore_index=-1, *, top, of_shares, start, guarded):
    total, n = start, 0
    for row, target in zip(logits, targets):
        if target == ignore_index:
            continue
        shifted = row - top * row.max()
        exps = np.exp(shifted)
        logs = np.log(exps / exps.sum()) if of_shares else shifted - np.log(exps.sum())
        total, n = total - logs[target], n + 1
    return total / n if n or not guarded else np.nan


@mistake("cross_entropy", """Your answer is the sum of all losses. It should be their mean:
    divide by how many there are.""", top=(0, 1), of_shares=(True, False), skips=(False, True))
def adds_surprises_up_in_a_loop(logits, targets, ignore_index=-1, *, top, of_shares, skips):
    total = 0.0
    for row, target in zip(logits, targets):
        if skips and target == ignore_index:
            continue
        shifted = row - top * row.max()
        exps = np.exp(shifted)
        logs = np.log(exps / exps.sum()) if of_shares else shifted - np.log(exps.sum())
        total = total - logs[target]
    return total


@mistake("cross_entropy", """Your answer is in bits, with a logarithm to base 2. It should be in
    nats: `np.log` is the natural logarithm.""", top=(0, 1), skips=(False, True))
def counts_in_bits_in_a_loop(logits, targets, ignore_index=-1, *, top, skips):
    total, n = 0.0, 0
    for row, target in zip(logits, targets):
        if skips and target == ignore_index:
            continue
        exps = np.exp(row - top * row.max())
        total, n = total - np.log2(exps / exps.sum())[target], n + 1
    return total / n
