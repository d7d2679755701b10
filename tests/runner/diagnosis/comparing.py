"""How an answer differs from the solution's, for any kind of value."""

import numpy as np

from tests.runner import limits
from tests.runner.specs.check import Mismatch, branches, close, equal


def mismatch_between(actual, expected) -> Mismatch | None:
    """The first difference of two values; None if there is none, or they cannot be compared."""
    try:
        _compare(actual, expected, actual, "")
    except Mismatch as mismatch:
        return mismatch
    except Exception:  # a value so odd that it cannot be compared
        return None
    return None


def _compare(actual, expected, of, path: str) -> None:
    if isinstance(expected, (dict, list, tuple)) and _holds_arrays(expected):
        for key, branch in branches(actual, expected, of, path):
            _compare(actual[key], expected[key], of, branch)
        return
    try:
        if isinstance(expected, (np.ndarray, np.generic, float)):
            dtypes = {getattr(value, "dtype", None) for value in (actual, expected)}
            rtol = limits.RIGHT_FLOAT32 if np.dtype("float32") in dtypes else limits.RIGHT
            close(actual, expected, rtol=rtol, dtype=getattr(expected, "dtype", None), of=of)
        else:
            equal(actual, expected, of=of)
    except Mismatch as mismatch:
        mismatch.path = path
        raise


def _holds_arrays(value) -> bool:
    if isinstance(value, (dict, list, tuple)):
        return any(map(_holds_arrays, value.values() if isinstance(value, dict) else value))
    return isinstance(value, (np.ndarray, np.generic))
