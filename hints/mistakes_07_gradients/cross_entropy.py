"""Mistakes in cross_entropy_backward: the count, ignored targets, and the division by p."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

COUNT = "max(int(counted.sum()), 1)"
ROWS = "np.where(counted[..., np.newaxis], softmax(logits) - one_hot, 0.0)"

is_of_the_sum = edit("cross_entropy_backward", """Yours is the gradient of the sum of all
    losses: another convention. The loss of lesson 6 is their mean, so divide by how many
    targets count.""",
    (f"grad_logits / {COUNT}", "grad_logits"), common=True)

counts_ignored_targets = edit("cross_entropy_backward", """You divide by the number of all
    targets. The mean is over those that count: leave the ignored ones out.""",
    (COUNT, "targets.size"), common=True)

divides_by_the_first_axis = edit("cross_entropy_backward", """You divide by the length of the
    first axis alone. The mean is over all targets that count, of all sequences.""",
    (COUNT, "len(targets)"))

divides_by_the_last_axis = edit("cross_entropy_backward", """You divide by the length of one
    sequence. The mean is over all targets that count, of all sequences.""",
    (COUNT, "targets.shape[-1]"))

takes_a_mean_for_each_sequence = edit("cross_entropy_backward", """You divide each sequence by
    its own number of targets. It is one mean over all targets that count: divide by the number
    of all of them.""",
    (COUNT, "np.maximum(counted.sum(axis=-1, dtype=logits.dtype), 1)[..., None, None]"))

leaves_the_probabilities_of_ignored_targets = edit("cross_entropy_backward", """In the row of an
    ignored target your answer holds the probabilities. That row should be zeros: no loss
    depends on it.""",
    (ROWS, "softmax(logits) - one_hot * counted[..., np.newaxis]"))

takes_minus_one_for_the_last_token = edit("cross_entropy_backward", """You use ignored targets
    as indices: -1 is the last token of the vocabulary. Their rows should be zeros.""",
    ("targets[..., np.newaxis] ==", "targets[..., np.newaxis] % logits.shape[-1] =="),
    (ROWS, "softmax(logits) - one_hot"))

ignores_minus_one_alone = edit("cross_entropy_backward", """Which target is ignored is a fixed
    number: the argument has no effect. Compare with `ignore_index`.""",
    ("targets != ignore_index", "targets != fixed"), denies=True, common=True,
    fixed=(-1, -100))

ignores_all_negative_targets = edit("cross_entropy_backward", """You leave out negative targets,
    whatever they are. Which one is ignored, the argument says, and it may be a token: compare
    with `ignore_index`.""",
    ("targets != ignore_index", "targets >= 0"))

forgets_the_softmax = edit("cross_entropy_backward", """You subtract the one-hot table from the
    logits themselves. Take their softmax first.""",
    ("softmax(logits) - one_hot", "logits - one_hot"))

forgets_the_one_hot = edit("cross_entropy_backward", """Your answer is the probabilities.
    Subtract 1 from that of the target.""",
    ("softmax(logits) - one_hot", "softmax(logits)"))

subtracts_the_probabilities = edit("cross_entropy_backward", """Your answer is the direction in
    which the loss falls, not its slope: the sign is wrong. It should be the probabilities minus
    one-hot.""",
    ("softmax(logits) - one_hot", "one_hot - softmax(logits)"), common=True)

stops_at_the_probabilities = edit("cross_entropy_backward", """Your answer is -1 / p at the
    target and 0 elsewhere: the slope in the probabilities. Go back through the softmax; together
    that is p minus one-hot.""",
    ("softmax(logits) - one_hot", "one_hot / -softmax(logits)"))

divides_by_a_probability_of_zero = edit("cross_entropy_backward", """You divide by the target's
    probability, and it may round to 0: that gives NaN. Together with the softmax the division
    cancels: p minus one-hot.""",
    ("softmax(logits) - one_hot", "softmax_backward(logits, one_hot / -softmax(logits))"))

divides_by_zero_targets = edit("cross_entropy_backward", """If no target counts, you divide by
    0, and get NaN. No loss means no slope: it should be zeros then.""",
    (COUNT, "int(counted.sum())"), common=True)

counts_one_too_many = edit("cross_entropy_backward", """You add 1 to the count, so that it is
    never 0, and every slope is too small. Take the larger of the count and 1.""",
    (COUNT, "(int(counted.sum()) + 1)"))

widens_by_the_count = edit("cross_entropy_backward", """Your answer is float64 for float32
    logits: the count is a NumPy number, which widens. Turn it into a Python number with `int`
    before you divide.""", ("int(counted.sum())", "counted.sum()"), common=True)


@mistake("cross_entropy_backward", """Your one-hot table is float64, as np.eye or np.zeros makes
    it, and so is your answer. It should keep the dtype of the logits.""",
    speaks_of=("eye", "zeros", "identity"))
def widens_by_the_table(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    one_hot = np.eye(logits.shape[-1])[np.where(counted, targets, 0)]
    grad_logits = np.where(counted[..., np.newaxis], softmax(logits) - one_hot, 0.0)  # noqa: F821
    return grad_logits / max(int(counted.sum()), 1)


@mistake("cross_entropy_backward", """`[np.arange(len(targets)), targets]` finds one place for
    each row of a table. With a batch axis in front of it, these are other places, or none. A
    one-hot table has the axes of the logits, however many there are.""", speaks_of="arange")
def counts_rows_along_the_first_axis(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    p = softmax(logits)  # noqa: F821
    p[np.arange(len(targets)), targets] -= 1
    return np.where(counted[..., np.newaxis], p, 0.0) / max(int(counted.sum()), 1)


@mistake("cross_entropy_backward", """You subtract 1 in the column of every target in every row.
    Each row has a target of its own: subtract 1 at that one place.""")
def subtracts_every_target_in_every_row(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    p = softmax(logits)  # noqa: F821
    p[..., targets] -= 1
    return np.where(counted[..., np.newaxis], p, 0.0) / max(int(counted.sum()), 1)


@probes("cross_entropy_backward")
def probe_cross_entropy_backward():
    rng = np.random.default_rng(73)
    logits = rng.normal(size=(2, 3, 5))
    yield given(logits[0], np.array([4, 0, 2]))
    yield given(logits, np.array([[4, 0, 2], [1, 1, 3]]))
    yield given(logits, np.array([[4, -1, 2], [-1, -1, 3]]))
    yield given(logits, np.array([[4, 0, 2], [0, 1, -100]]), ignore_index=-100)
    yield given(logits, np.array([[4, 0, 2], [0, 1, 3]]), ignore_index=0)
    yield given(logits, np.array([[2, 2, 2], [2, 2, 2]]), 2)
    yield given(np.array([[0.0, 1000.0, -3.0], [5.0, 1.0, 2.0]]), np.array([0, 1]))
    yield given(logits.astype(np.float32), np.array([[4, -1, 2], [0, 1, 3]]))
    yield given(rng.integers(-3, 4, (2, 4)), np.array([3, 0]))
