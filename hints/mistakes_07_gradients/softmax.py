"""Mistakes in softmax_backward: the average that is subtracted, and along which axis."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

ANSWER = "p * (grad_out - (p * grad_out).sum(axis=axis, keepdims=True))"
AVERAGE = "(p * grad_out).sum(axis=axis, keepdims=True)"

passes_grad_out_on = edit("softmax_backward", """You return grad_out as it came in. A softmax
    changes it: from each number subtract the average, weighted by p, and multiply by p.""",
    (f"p = softmax(scores, axis)\n    return {ANSWER}", "return grad_out.copy()"))

keeps_the_diagonal_alone = edit("softmax_backward", """Your p (1 - p) grad_out is how each
    weight answers to its own score. A score moves the other weights of its row too: subtract
    the weighted sum.""",
    (ANSWER, "p * (1 - p) * grad_out"), common=True)

multiplies_by_p_alone = edit("softmax_backward", """You multiply grad_out by p, and that is all.
    Weights sum to one, so subtract from grad_out its average, weighted by p, first.""",
    (ANSWER, "p * grad_out"), common=True)

forgets_p_in_front = edit("softmax_backward", """You subtract the weighted average, and that is
    all. Multiply the difference by p.""", (ANSWER, f"grad_out - {AVERAGE}"), common=True)

subtracts_the_plain_sum = edit("softmax_backward", """You subtract the sum of grad_out. Each
    number should count by its weight: the sum of p times grad_out.""",
    (AVERAGE, "grad_out.sum(axis=axis, keepdims=True)"), common=True)

subtracts_the_plain_mean = edit("softmax_backward", """You subtract the plain mean of grad_out.
    Each number should count by its weight: the sum of p times grad_out.""",
    (AVERAGE, "grad_out.mean(axis=axis, keepdims=True)"))

takes_the_mean_of_the_products = edit("softmax_backward", """You take the mean of p times
    grad_out. The weights sum to one already, so their sum is the average.""",
    (AVERAGE, "(p * grad_out).mean(axis=axis, keepdims=True)"))

adds_what_the_others_ask_for = edit("softmax_backward", """You add what the other scores' weights
    ask for. That should be subtracted: raising one score lowers the other weights.""",
    (ANSWER, f"p * (1 - p) * grad_out + p * ({AVERAGE} - p * grad_out)"))

forgets_the_division_of_the_softmax = edit("softmax_backward", """You go back through the
    exponentials alone. The division by their sum takes part too: use p, and subtract the
    weighted average.""",
    (f"p = softmax(scores, axis)\n    return {ANSWER}", "return np.exp(scores) * grad_out"))

sums_over_everything = edit("softmax_backward", """Your average runs over the whole array, so
    that rows mix. Sum along the given axis, with `keepdims=True`.""",
    ("(axis=axis, keepdims=True)", "()"), common=True)

always_takes_the_last_axis = edit("softmax_backward", """Your axis is always the last one: the
    argument has no effect. Both the softmax and the sum should run along `axis`.""",
    ("softmax(scores, axis)", "softmax(scores)"), ("axis=axis", "axis=-1"),
    denies=True, common=True)

sums_along_the_last_axis = edit("softmax_backward", """Your softmax runs along the given axis,
    and your sum along the last one. Both should run along `axis`.""", ("axis=axis", "axis=-1"))

sums_along_the_given_axis_alone = edit("softmax_backward", """Your sum runs along the given
    axis, and your softmax along the last one. Both should run along `axis`.""",
    ("softmax(scores, axis)", "softmax(scores)"))

takes_the_scores_for_the_weights = edit("softmax_backward", """You use the scores as if they
    were the weights. Take their softmax first: all that the rule needs is p.""",
    ("p = softmax(scores, axis)", "p = scores"))


@mistake("softmax_backward", """Of all weights that a score moves, only the last one counts:
    each replaces the one before. Add them up.""")
def keeps_the_last_weight_alone(scores, grad_out, axis=-1):
    p = np.moveaxis(softmax(scores, axis), axis, -1)  # noqa: F821
    above = np.moveaxis(grad_out, axis, -1)
    grad = np.zeros_like(p)
    for i in range(p.shape[-1]):
        for j in range(p.shape[-1]):
            grad[..., i] = p[..., j] * ((i == j) - p[..., i]) * above[..., j]
    return np.moveaxis(grad, -1, axis)


@probes("softmax_backward")
def probe_softmax_backward():
    rng = np.random.default_rng(72)
    for shape, axis in (((5,), -1), ((3, 4), -1), ((3, 3), 0), ((2, 3, 4), 1), ((4, 2, 3), 0)):
        yield given(rng.normal(size=shape), rng.normal(size=shape), axis)
    yield given(rng.normal(size=(3, 4)), rng.normal(size=(3, 4)))
    yield given(2000 * rng.normal(size=(2, 3)), rng.normal(size=(2, 3)))
    yield given(*rng.normal(size=(2, 3, 4)).astype(np.float32))
    yield given(rng.integers(-3, 4, (2, 5)), rng.normal(size=(2, 5)))
