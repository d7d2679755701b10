"""How far apart two answers are."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.runner.specs.check import a_type, is_array


@dataclass(frozen=True)
class Distance:
    """Between two answers; `said` if they cannot be compared, or where they are furthest apart."""

    largest: float | None = None
    digits: float | None = None
    said: str = ""


def between(ours, theirs, least: float) -> Distance:
    """Between two answers, nested alike, which agree if they share at least so many digits."""
    each = list(_each(ours, theirs, least, ""))
    unlike = [one for one in each if one.digits is None]
    return unlike[0] if unlike else min(each, key=lambda one: one.digits)


def _each(ours, theirs, least: float, path: str) -> Iterator[Distance]:
    """The distance of each array from its counterpart; path: where in the answer we are."""
    if not isinstance(theirs, (dict, tuple, list)):
        yield _of_arrays(ours, np.asarray(theirs), least, path)
        return
    keyed = isinstance(theirs, dict)
    if not isinstance(ours, dict if keyed else (tuple, list)):
        yield _unlike("an array" if is_array(ours) else a_type(ours), a_type(theirs), path)
    elif keyed and ours.keys() != theirs.keys():
        yield _unlike(f"the keys {', '.join(map(repr, ours))}", ", ".join(map(repr, theirs)), path)
    elif len(ours) != len(theirs):
        yield _unlike(f"{len(ours)} answers", str(len(theirs)), path)
    else:
        for key in theirs if keyed else range(len(theirs)):
            yield from _each(ours[key], theirs[key], least, f"{path}[{key!r}]")


def _of_arrays(ours, theirs: np.ndarray, least: float, path: str) -> Distance:
    if unlike := _in_kind(ours, theirs):
        return _unlike(*unlike, path)
    ours, theirs = np.atleast_1d(ours).astype(float), np.atleast_1d(theirs).astype(float)
    missing = np.isnan(ours) != np.isnan(theirs)
    if missing.any():
        return Distance(math.nan, said=_at(missing.argmax(), ours, theirs, path))
    with np.errstate(invalid="ignore"):
        apart = np.where((ours == theirs) | np.isnan(ours), 0.0, np.abs(ours - theirs))
    largest = float(apart.max(initial=0.0))
    if largest == 0:
        return Distance(0.0, math.inf)
    size = np.abs(theirs[np.isfinite(theirs)]).max(initial=0.0)
    digits = -math.log10(largest / size) if size and math.isfinite(largest) else -math.inf
    said = "" if digits >= least else _at(apart.argmax(), ours, theirs, path)
    return Distance(largest, digits, said)


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


def _unlike(ours: str, theirs: str, path: str) -> Distance:
    where = f", in its {path}" if path else ""
    return Distance(said=f"gave {ours} where PyTorch gives {theirs}{where}")


def _at(flat: int, ours: np.ndarray, theirs: np.ndarray, path: str) -> str:
    """Where two answers are furthest apart, and what they say there."""
    index = tuple(map(int, np.unravel_index(flat, ours.shape)))
    return f"gave {ours[index]:.6g} at {path}{list(index)}, and PyTorch {theirs[index]:.6g}"
