"""How far apart two answers are."""

import math
from dataclasses import dataclass

import numpy as np

from tests.runner.specs.check import a_type, is_array


@dataclass(frozen=True)
class Distance:
    """Between two answers; `said` where they cannot be compared, or where they are furthest apart."""

    largest: float | None = None
    digits: float | None = None
    said: str = ""


def between(ours: list, theirs: list[np.ndarray], least: float) -> Distance:
    """Between the arrays of two answers, which agree if they share at least so many digits."""
    if len(ours) != len(theirs):
        return Distance(said=f"gave {_count(ours)} where PyTorch gives {_count(theirs)}")
    each = [_of_arrays(mine, other, least) for mine, other in zip(ours, theirs, strict=True)]
    unlike = [one for one in each if one.digits is None]
    return unlike[0] if unlike else min(each, key=lambda one: one.digits)


def _of_arrays(ours, theirs: np.ndarray, least: float) -> Distance:
    if unlike := _in_kind(ours, theirs):
        return Distance(said=f"gave {unlike[0]} where PyTorch gives {unlike[1]}")
    ours, theirs = np.atleast_1d(ours).astype(float), np.atleast_1d(theirs).astype(float)
    if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return Distance(math.nan, said=_at(np.argmax(np.isnan(ours) != np.isnan(theirs)), ours, theirs))
    with np.errstate(invalid="ignore"):
        apart = np.where((ours == theirs) | np.isnan(ours), 0.0, np.abs(ours - theirs))
    largest = float(apart.max(initial=0.0))
    if largest == 0:
        return Distance(0.0, math.inf)
    size = np.abs(theirs[np.isfinite(theirs)]).max(initial=0.0)
    digits = -math.log10(largest / size) if size and math.isfinite(largest) else -math.inf
    return Distance(largest, digits, "" if digits >= least else _at(apart.argmax(), ours, theirs))


def _in_kind(ours, theirs: np.ndarray) -> tuple[str, str] | None:
    """What the two are, in words, where they are not of a kind."""
    scalar = theirs.ndim == 0
    if not is_array(ours, scalar=scalar):
        return a_type(ours), "a number" if scalar else "an array"
    ours = np.asarray(ours)
    if ours.shape != theirs.shape:
        return f"shape {ours.shape}", str(theirs.shape)
    if ours.dtype.kind not in "biuf":
        return f"an array of {ours.dtype}", "numbers"
    if ours.dtype != theirs.dtype and ours.dtype.kind == theirs.dtype.kind == "f" and not scalar:
        return str(ours.dtype), str(theirs.dtype)
    return None


def _at(flat: int, ours: np.ndarray, theirs: np.ndarray) -> str:
    """Where two answers are furthest apart, and what they say there."""
    index = tuple(map(int, np.unravel_index(flat, ours.shape)))
    return f"gave {ours[index]:.6g} at {list(index)}, and PyTorch {theirs[index]:.6g}"


def _count(answers: list) -> str:
    return "one answer" if len(answers) == 1 else f"{len(answers)} answers"
