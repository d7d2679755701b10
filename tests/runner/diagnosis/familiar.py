"""Whether what is new in some inputs may be what a function does not do yet.

A function that is not finished may fail at what no spec has asked for, for a reason of its own: at
integers, at float32, at an odd width, at what has to be refused. Batch axes are not among
these: in them it shows what a mistake really is.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from tests.runner.diagnosis.trials import Trial

LARGE = 100.0  # of numbers, most of which are about 1
DTYPE, REFUSED = "dtype", "refused"
Feature = tuple[tuple, tuple]  # where it is, and what


def have_something_new(trials: Iterable[Trial], seen: Iterable[Trial], known: Iterable[Trial],
                       right: Callable) -> bool:
    """Whether each of these inputs has something in it that is new.

    A dtype is new if it is in none that specs have `seen`, as it often makes no difference, and so
    is a refusal. All else is if it is in none that is `known` either. In an argument that no spec
    has given yet, only a number is: a mask shows what a mistake really is.
    """
    signature = inspect.signature(right)

    def features(trial: Trial) -> set[Feature]:
        found = set(_features(signature.bind(*trial.args, **trial.kwargs).arguments, ()))
        together = sorted({feature[1] for _, feature in found if feature[0] == DTYPE})
        refused = trial.right.raised is not None
        return {*found, ((), (DTYPE, *together)), ((), (REFUSED, refused))}

    old = set().union(*map(features, seen))
    older = old.union(*map(features, known))
    places = {place for place, _ in old}

    def is_new(place: tuple, feature: tuple) -> bool:
        if place not in places and feature[0] != "number":
            return False
        return feature[0] in (DTYPE, REFUSED) or (place, feature) not in older

    return all(any(is_new(*each) for each in features(trial) - old) for trial in trials)


def _features(value: object, place: tuple) -> Iterator[Feature]:
    """What a value and its parts have in them; all parts of a list count as one."""
    match value:
        case dict():
            for key, part in value.items():
                yield from _features(part, (*place, key if isinstance(key, str) else dict))
        case list() | tuple():
            yield place, ("parts" if value else "nothing",)
            for part in value:
                yield from _features(part, (*place, list))
        case str() | bytes():
            yield place, ("text" if value else "nothing", value.isascii())
        case np.ndarray():
            yield from ((place, feature) for feature in _of_array(value))
        case bool() | None:
            yield place, (value,)
        case int() | float() | np.number():
            whole = isinstance(value, int) and list not in place
            yield place, ("number", type(value).__name__, np.sign(value), whole and value % 2)
        case _:
            yield place, (type(value).__name__,)


def _of_array(array: np.ndarray) -> Iterator[Feature]:
    yield DTYPE, array.dtype.str
    if not array.size:
        yield ("nothing",)
    elif array.dtype == bool:
        yield "all hidden", bool(array.ndim and not array.any(-1).all())
        yield "all seen", bool(array.all())
    elif array.dtype.kind == "f":
        yield "large", bool(np.abs(array[np.isfinite(array)]).max(initial=0.0) > LARGE)
    elif array.dtype.kind == "i":
        yield "negative", bool(array.min() < 0)
    if array.ndim:
        yield "odd", array.shape[-1] % 2
