"""Describes a wrong gradient by its relation to the measured one or to grad_out."""

import math

import numpy as np

from tests.runner import limits
from tests.runner.diagnosis.measure_numbers import near
from tests.runner.specs.check import Gradient


def about_gradient(actual, expected, known: Gradient) -> str:
    """The first relation that a wrong gradient is found to have, as a sentence, or ""."""
    if actual.dtype.kind not in "iuf" or not np.isfinite(actual).all():
        return ""
    if actual.shape != expected.shape:
        return _about_shape(actual, expected)
    if not actual.any():
        return "It is zero throughout: nothing of the loss arrives here."
    for sentence, by_convention in known.conventions.items():
        if _alike(actual, by_convention):
            return sentence
    if _alike(actual, known.grad_out):
        return "It is grad_out as it came in: what this step does to its input is missing."
    return _about_what_counts(actual, known)


def sizes_from(known: Gradient) -> dict[str, int]:
    """A factor by which a gradient may be wrong: how many tokens it sums over."""
    *batch, n_tokens = known.grad_out.shape[:-1] or (1,)
    return {"(batch * n_tokens)": math.prod(batch) * n_tokens} if batch else {}


def _alike(a, b) -> bool:
    """Whether two arrays are equal, within the precision of a measured gradient."""
    return near(a, b, rtol=limits.RIGHT_GRADIENT, atol=1e-8)


def _about_shape(actual, expected) -> str:
    """For a wrong shape: whether a sum or a transpose would make it right."""
    more = actual.ndim - expected.ndim
    if more > 0 and _alike(actual.sum(axis=tuple(range(more))), expected):
        first = "axis" if more == 1 else f"{more} axes"
        return f"Summed over its first {first} it is right: what all tokens share gets the sum."
    if more == 0 and actual.ndim > 1 and _alike(actual.swapaxes(-1, -2), expected):
        return "Transposed, it is right."
    return ""


def _about_what_counts(actual, known: Gradient) -> str:
    """Whether it would be right for another grad_out: ones, or zeros except for a part."""
    if known.grad_out.ndim == 0:
        return ""
    if _alike(actual, known.measured(np.ones_like(known.grad_out))):
        return "It is what a grad_out of ones would give: the one that came in plays no part."
    for axis in range(known.grad_out.ndim - 1):
        what = "token" if axis == known.grad_out.ndim - 2 else "sequence of the batch"
        for which, index in (("first", 0), ("last", -1)):
            if _alike(actual, known.measured(_alone(known.grad_out, axis, index))):
                return f"It is right for the {which} {what} only: the others should count too."
    return ""


def _alone(array, axis: int, index: int):
    """An array of zeros except at one index of an axis."""
    here = (slice(None),) * axis + (index,)
    alone = np.zeros_like(array)
    alone[here] = array[here]
    return alone
