"""Whether a kata's function calls something by name, as in np.einsum."""

from collections.abc import Callable, Iterator
from types import CodeType, FunctionType


def uses(function: Callable, name: str) -> bool:
    """Whether the function, or one that it calls in the katas, has this name in its code."""
    seen, waiting = set(), [function]
    while waiting:
        one = waiting.pop()
        if isinstance(one, FunctionType) and one.__module__.startswith("kata_") and one not in seen:
            seen.add(one)
            names = set(_names(one.__code__))
            if name in names:
                return True
            waiting += [one.__globals__.get(called) for called in names]
    return False


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)
