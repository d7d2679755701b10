"""Describes a wrong shape, with the names of its sizes in a docstring."""

import inspect
import re
from itertools import combinations_with_replacement, permutations

import numpy as np

# A line of a docstring such as "q:       (..., n_queries, d_k)".
SHAPE_LINE = re.compile(r"^\s*(\w+): +(?:\w+, )?.*?\(([^()]*)\)", re.MULTILINE)


def sizes_of(function, args: tuple, kwargs: dict) -> dict[str, int]:
    """The size, in one call, of every dimension that the function's docstring names.

    Integer arguments such as n_heads count too. A name with two sizes is left out; and if an answer
    is as long as no argument says, all names that the docstring does not use for the answer are.
    """
    try:
        bound = inspect.signature(function).bind(*args, **kwargs).arguments
    except TypeError:
        return {}
    sizes: dict[str, set[int]] = {}
    for name, dimensions in SHAPE_LINE.findall(inspect.getdoc(function) or ""):
        shape = np.shape(bound[name]) if isinstance(bound.get(name), np.ndarray) else ()
        names = [part.strip() for part in dimensions.split(",")]
        for dimension, size in zip(reversed(names), reversed(shape)):
            if dimension.isidentifier():
                sizes.setdefault(dimension, set()).add(size)
    for name, value in bound.items():
        if isinstance(value, int) and not isinstance(value, bool) and value > 1:
            sizes.setdefault(name, set()).add(value)
    known = {name: found.pop() for name, found in sizes.items() if len(found) == 1}
    of_answer = _names_in_answer(inspect.getdoc(function) or "")
    return known if of_answer <= {*sizes} else {name: known[name] for name in known
                                                if name in of_answer}


def _names_in_answer(doc: str) -> set[str]:
    """The names in the shape of an answer, if there is one shape and it is worked out from them."""
    shape = re.search(r"^returns: +\(([^()]*)\)", doc, re.MULTILINE)
    return set(re.findall(r"[a-z]\w*", shape[1])) if shape and "+" in shape[1] else set()


def about_shape(actual: tuple, expected: tuple, sizes: dict[str, int]) -> str:
    """Say what shape an answer has, and how it relates to the expected one."""
    yours = _named(actual, _only_fits(expected, sizes))
    relation = _relation(actual, expected)
    return (f"The shape is {yours}; it should be {_named(expected, sizes)}"
            f"{': ' * bool(relation)}{relation}.")


def _relation(actual: tuple, expected: tuple) -> str:
    more = len(actual) - len(expected)
    if more == 0:
        for order in permutations(range(len(expected))):
            if tuple(expected[axis] for axis in order) == actual:
                moved = sum(axis != order[axis] for axis in range(len(order)))
                return f"{'two axes' if moved == 2 else 'axes'} are swapped"
    if [size for size in actual if size != 1] == [size for size in expected if size != 1]:
        return _axes_of_one(actual, expected)
    many = "one axis is" if abs(more) == 1 else f"{abs(more)} axes are"
    return f"{many} {'too many' if more > 0 else 'missing'}" if more else ""


def _axes_of_one(actual: tuple, expected: tuple) -> str:
    """Which axes of length 1 are too many, or too few, if nothing else differs."""
    shorter, longer = sorted((actual, expected), key=len)
    n_axes = len(longer) - len(shorter)
    ones = (1,) * n_axes
    where = {ones + shorter: ", in front", shorter + ones: ", at the end"}.get(longer, "")
    some = "is one axis" if n_axes == 1 else f"are {n_axes} axes"
    return f"there {some} of length 1 too {'many' if longer is actual else 'few'}{where}"


def _only_fits(expected: tuple, sizes: dict[str, int]) -> dict[str, int]:
    """The sizes that an axis of yours may be named by: those of expected, and what nothing else is.

    An axis of 6 may as well be 2 * 3, or 2 + 4.
    """
    pairs = list(combinations_with_replacement([size for size in sizes.values() if size > 1], 2))
    others = {a + b for a, b in pairs} | {a * b for a, b in pairs}
    return {name: size for name, size in sizes.items() if size in expected or size not in others}


def _named(shape: tuple, sizes: dict[str, int]) -> str:
    """A shape with the name of each dimension whose size it has once, and only one name has."""
    names = {size: [name for name in sizes if sizes[name] == size] for size in shape}
    known = [f"{names[size][0]}={size}" if len(names[size]) == shape.count(size) == 1 else str(size)
             for size in shape]
    return f"({', '.join(known)}{',' if len(shape) == 1 else ''})"
