"""Which inputs are like those that specs have asked for, and which have something new in them.

A function that is not finished yet may fail at what is new for a reason of its own: at integers,
at float32, at an odd width, at a text without a character.
"""

import inspect
from collections.abc import Callable, Iterator

import numpy as np

from tests.runner.diagnosis.trials import Trial

LARGE = 100.0  # of numbers, most of which are about 1
Feature = tuple


class Familiar:
    """Knows what the inputs of some calls had in them."""

    def __init__(self, seen: list[Trial], right: Callable):
        self._signature = inspect.signature(right)
        self._known = set().union(*map(self._features, seen))

    def is_strange(self, trial: Trial) -> bool:
        """Whether the reader's function is wrong about an input that has something new in it."""
        return trial.wrong and not self._features(trial) <= self._known

    def _features(self, trial: Trial) -> set[Feature]:
        arguments = self._signature.bind(*trial.args, **trial.kwargs).arguments
        return set(_features(arguments, ()))


def _features(value: object, place: tuple) -> Iterator[Feature]:
    """What a value and its parts have in them; all parts of a list count as one."""
    match value:
        case dict():
            for key, part in value.items():
                yield from _features(part, (*place, key if isinstance(key, str) else dict))
        case list() | tuple():
            yield place, "parts" if value else "nothing"
            for part in value:
                yield from _features(part, (*place, list))
        case str() | bytes():
            yield place, "text" if value else "nothing", value.isascii()
        case np.ndarray():
            yield from ((place, feature) for feature in _of_array(value))
        case bool() | None:
            yield place, value
        case int() | float() | np.number():
            yield place, type(value).__name__, np.sign(value), list in place or value % 2
        case _:
            yield place, type(value).__name__


def _of_array(array: np.ndarray) -> Iterator[Feature]:
    yield "dtype", array.dtype.str
    yield "axes", array.ndim
    if not array.size:
        yield ("nothing",)
    elif array.dtype == bool:
        yield "all hidden", bool(array.ndim and not array.any(-1).all())
        yield "all seen", bool(array.all())
    elif array.dtype.kind == "f":
        yield "large", bool(np.abs(array[np.isfinite(array)]).max(initial=0.0) > LARGE)
        yield "finite", bool(np.isfinite(array).all())
    elif array.dtype.kind == "i":
        yield "negative", bool(array.min() < 0)
    if array.ndim:
        yield "odd", array.shape[-1] % 2
        yield "one", array.shape[-1] == 1
