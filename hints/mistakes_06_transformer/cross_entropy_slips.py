"""Mistakes in cross_entropy: logarithms, sums and picks of another kind."""

import numpy as np

from tests.runner.diagnosis.known import edit, mistake

takes_half_of_it_in_bits = edit("cross_entropy", """Your logarithm of the sum is to base 2, and
    logits are in nats: the two do not fit. `np.log` is the natural logarithm.""",
    ("np.log", "np.log2"))

picks_rows_of_what_counts = edit("cross_entropy", """`[targets]` picks whole rows, as if targets
    were tokens. Row i belongs with target i, which picks one of its entries: `[np.arange(n),
    targets]`.""",
    ("log_sums -", "log_sums[targets, np.newaxis] -"),
    ("np.arange(len(targets)), targets", "targets"))

subtracts_whole_rows = edit("cross_entropy", """`[targets]` picks whole rows, as if targets were
    tokens. Row i belongs with target i, which picks one of its entries: `[np.arange(n),
    targets]`.""",
    ("np.arange(len(targets)), targets", "targets"))

sums_down_the_columns = edit("cross_entropy", """Your sum runs down the columns, over tokens. It
    should run over the vocabulary, the last axis: axis=-1.""",
    ("axis=-1, keepdims", "axis=top, keepdims"), ("sum(axis=-1)", "sum(axis=0)"), top=(0, -1))

sums_the_whole_table = edit("cross_entropy", """Your sum is over all rows at once, so the
    probabilities of all tokens together sum to one. Each row should have its own sum: axis=-1.""",
    ("logits -", "logits - top *"),
    ("log_sums = np.log(np.exp(shifted).sum(axis=-1))\n"
     "return (log_sums - shifted[np.arange(len(targets)), targets]).mean()",
     "exps = np.exp(shifted)\n"
     "logs = np.log(exps / exps.sum()) if of_shares else shifted - np.log(exps.sum())\n"
     "return -logs[np.arange(len(targets)), targets].mean()"), top=(1, 0), of_shares=(False, True))

takes_off_the_largest_of_all_where_there_is_one = edit("cross_entropy", """You subtract the
    largest of all logits from every row, and a row far below it has only exponentials of 0.
    Subtract each row's own largest.""",
    ("if not len(targets):\nreturn np.nan", ""), ("axis=-1, keepdims=True", ""))

adds_a_little_to_the_number_of_targets = edit("cross_entropy", """You add something small to the
    number that you divide by, so no mean is exact, and that of nothing is 0. It should be nan.""",
    ("if not len(targets):\nreturn np.nan", ""), ("mean()", "sum() / (len(targets) + little)"),
    little=(1e-8, 1e-9, 1e-6, 1e-7, 1e-5))


@mistake("cross_entropy", """Your targets become one-hot rows before the ignored ones are left out.
    An ignore_index such as -100 has no row: hence the IndexError.""")
def makes_rows_of_ignored_targets(logits, targets, ignore_index=-1):
    rows = np.eye(logits.shape[-1])[targets]
    counted = targets != ignore_index
    logits, rows = logits[counted], rows[counted]
    if not len(rows):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - (rows * shifted).sum(axis=-1)).mean()


@mistake("cross_entropy", """Your mean is divided by the size of the vocabulary too, as happens
    when the zeros of a one-hot product are averaged along. Take the mean over targets alone.""")
def averages_one_hot_rows(logits, targets, ignore_index=-1):
    rows = np.eye(logits.shape[-1])[targets]
    counted = targets != ignore_index
    logits, rows = logits[counted], rows[counted]
    if not len(rows):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return (rows * (log_sums - shifted)).mean()


@mistake("cross_entropy", """Your targets pick their logits before the ignored ones are left out. An
    ignore_index such as -100 is outside the vocabulary: hence the IndexError.""")
def picks_along_before_it_ignores(logits, targets, ignore_index=-1):
    picked = np.take_along_axis(logits, targets[..., np.newaxis], axis=-1)[..., 0]
    counted = targets != ignore_index
    logits, targets, picked = logits[counted], targets[counted], picked[counted]
    if not len(targets):
        return np.nan
    highest = logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(logits - highest).sum(axis=-1)) + highest[:, 0]
    return (log_sums - picked).mean()


@mistake("cross_entropy", """Your targets pick their probabilities before the ignored ones are left
    out. An ignore_index such as -100 is outside the vocabulary: hence the IndexError.""",
         top=(1, 0))
def picks_shares_before_it_ignores(logits, targets, ignore_index=-1, *, top):
    counted = (targets != ignore_index).reshape(-1)
    logits, targets = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)
    exps = np.exp(logits - top * logits.max(axis=-1, keepdims=True))
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log(shares[np.arange(len(targets)), targets])[counted].mean()


@mistake("cross_entropy", """You combine an array with one number for each row with the whole
    table, and the two do not line up. If it is a maximum or a sum, `keepdims=True` keeps its
    axis.""")
def loses_the_axis_of_the_largest(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    shifted = logits - logits.max(axis=-1)
    logs = shifted - np.log(np.exp(shifted).sum(axis=-1))
    return -logs[np.arange(len(targets)), targets].mean()


@mistake("cross_entropy", """Your loops need a batch axis and a token axis, but targets may have
    one axis, or three. Flatten to one axis of tokens first, or index with a boolean array.""")
def loops_over_batch_and_tokens(logits, targets, ignore_index=-1):
    losses = []
    for b in range(logits.shape[0]):
        for t in range(logits.shape[1]):
            if targets[b, t] != ignore_index:
                shifted = logits[b, t] - logits[b, t].max()
                losses.append(np.log(np.exp(shifted).sum()) - shifted[targets[b, t]])
    return np.mean(losses)


@mistake("cross_entropy", """Your sum is over all rows at once, so the probabilities of all tokens
    together sum to one. Each row should have its own sum: axis=-1.""",
         top=(0, 1), of_shares=(True, False), pick=("rows", "flat", "along"))
def sums_the_whole_table_at_first(logits, targets, ignore_index=-1, *, top, of_shares, pick):
    shifted = logits - top * logits.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    logs = np.log(exps / exps.sum()) if of_shares else shifted - np.log(exps.sum())
    if pick == "flat":
        logs, targets = logs.reshape(-1, logs.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(logs, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = logs[np.arange(len(targets)), targets]
    return -picked.mean()


takes_what_is_left_to_one = edit("cross_entropy", """Your answer is the mean of 1 minus the
    probability of each target. A loss is minus the logarithm of that probability.""",
    ("shifted = logits - logits.max",
     "exps = np.exp(logits - logits.max(axis=-1, keepdims=True))\nshifted = exps / exps.sum"),
    ("log_sums = np.log(np.exp(shifted).sum(axis=-1))", ""), ("log_sums -", "1 -"))


@mistake("cross_entropy", """Your answer is the mean of 1 minus the probability of each target. A
    loss is minus the logarithm of that probability.""",
         top=(0, 1), pick=("rows", "flat", "along"))
def takes_what_is_left_to_one_at_first(logits, targets, ignore_index=-1, *, top, pick):
    exps = np.exp(logits - top * logits.max(axis=-1, keepdims=True))
    shares = exps / exps.sum(axis=-1, keepdims=True)
    if pick == "flat":
        shares, targets = shares.reshape(-1, shares.shape[-1]), targets.reshape(-1)
    if pick == "along":
        picked = np.take_along_axis(shares, targets[..., np.newaxis], axis=-1)[..., 0]
    else:
        picked = shares[np.arange(len(targets)), targets]
    return (1 - picked).mean()
