"""Describes a wrong answer by what can be measured of it, where no known mistake fits.

Each function looks for one thing and returns a sentence, or "" where it is not so.
"""

import inspect
import math
import re
import sys
from itertools import combinations_with_replacement, permutations

import numpy as np

from tests.runner.diagnosis.contents import about_content, about_keys
from tests.runner.diagnosis.slopes import about_gradient, sizes_from
from tests.runner.diagnosis.subject import Subject
from tests.runner.diagnosis.tables import short
from tests.runner.specs.check import Kind, Mismatch, a_type

FEW_NUMBERS = 4  # that differ: fewer come in many orders by chance
SEEN_AT_ONCE = 36  # entries; a larger array is not shown whole, so its first difference is said in words

# A line of a docstring such as "q:       (..., n_queries, d_k)".
SHAPE_LINE = re.compile(r"^\s*(\w+): +(?:\w+, )?.*?\(([^()]*)\)", re.MULTILINE)


def measure(mismatch: Mismatch, sizes: dict[str, int], subject: Subject = Subject()) -> tuple[str, ...]:
    """Say what is wrong with an answer, in at most three sentences.

    sizes:   what each named dimension of the call was, for example {"d_k": 9}
    subject: whose answer it is
    """
    actual, expected = mismatch.actual, mismatch.expected
    if mismatch.kind is Kind.TYPE:
        return (_about_type(actual, expected, subject),)
    if mismatch.kind is Kind.DTYPE:
        return (subject.of(f"The numbers are right, but their dtype is {np.asarray(actual).dtype}; "
                           f"it should be {expected.dtype}, as in the input."),)
    if mismatch.kind is Kind.SAME:
        return (f"{subject.answer} stayed the same, and it should have changed.",)
    if mismatch.kind is Kind.ANSWERED:
        return (_about_no_error(actual, subject),)
    if mismatch.kind is Kind.KEYS:
        return (subject.of(about_keys(actual, expected)),)
    if mismatch.kind is Kind.CONTENT:
        first, *others = about_content(actual, expected, mismatch.vocabulary)
        return (subject.of(first), *others)
    if mismatch.kind is Kind.SAID:
        return (subject.of(str(mismatch)),)
    if _is_masked(mismatch.actual):
        return (f"{subject.returned} a masked array, in which hidden entries still hold numbers. "
                "`.filled(0)` puts zeros there, in a plain array.",)
    actual, expected = np.asarray(actual), np.asarray(expected)
    slope = ""
    if mismatch.gradient:
        slope = about_gradient(actual, expected, mismatch.gradient)
        sizes = sizes | sizes_from(mismatch.gradient)
    if mismatch.kind is Kind.SHAPE:
        shape = subject.of(_about_shape(actual.shape, expected.shape, sizes))
        return (shape, slope) if slope else (shape,)
    first, *others = _about_numbers(actual, expected, mismatch.wrong, sizes, slope)
    return (subject.of(first), *others)


def _about_numbers(actual, expected, wrong, sizes: dict[str, int], slope="") -> tuple[str, ...]:
    pattern = (
        slope or about_nan(actual, expected) or about_infinity(actual, expected)
        or about_factor(actual, expected, sizes) or about_offset(actual, expected)
        or about_order(actual, expected)
    )
    found = tuple(sentence for sentence in (pattern, about_sums(actual, expected)) if sentence)
    if found and actual.size <= SEEN_AT_ONCE:
        return found
    return (*found, about_first(actual, expected, wrong))


def _about_no_error(answer, subject: Subject) -> str:
    is_class = isinstance(answer, type) and issubclass(answer, BaseException)
    if isinstance(answer, BaseException) or is_class:
        return (f"{subject.it} returned an exception, and raised none: "
                "write `raise` where `return` stands.")
    gave = "returned None" if answer is None else "gave an answer"
    return f"{subject.it} {gave}, where a ValueError is asked for."


def _is_masked(actual) -> bool:
    """Whether an answer is a masked array; np.ma takes time to import, and whoever made one has done so."""
    ma = sys.modules.get("numpy.ma")
    return ma is not None and isinstance(actual, ma.MaskedArray)


def sizes_of(function, args: tuple, kwargs: dict) -> dict[str, int]:
    """The size of every dimension that the function's docstring names, in one call.

    Integer arguments such as n_heads count too. A name with two sizes is left out.
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
    return {name: found.pop() for name, found in sizes.items() if len(found) == 1}


def _about_type(actual, expected, subject: Subject) -> str:
    if actual is None:
        return f"{subject.returned} None." + (" Is there a `return` on every path?" if not subject.part else "")
    if isinstance(actual, np.matrix):
        return (f"{subject.returned} an np.matrix, which always has two axes. "
                "A plain array is expected.")
    if isinstance(actual, np.ndarray) and isinstance(expected, np.ndarray):
        return f"{subject.returned} an array of dtype {actual.dtype}, where numbers are expected."
    wanted = "a NumPy array" if isinstance(expected, np.ndarray) else a_type(expected)
    return f"{subject.returned} {a_type(actual)} ({short(actual, 40)}), where {wanted} is expected."


def _about_shape(actual: tuple, expected: tuple, sizes: dict[str, int]) -> str:
    yours = _shape(actual, _only_fits(actual, expected, sizes))
    said = f"The shape is {yours}; it should be {_shape(expected, sizes)}"
    if len(actual) == len(expected):
        for order in permutations(range(len(expected))):
            if tuple(expected[axis] for axis in order) == actual:
                moved = [axis for axis in range(len(order)) if order[axis] != axis]
                which = "two axes" if len(moved) == 2 else "axes"
                return f"{said}: {which} have changed places."
    if tuple(size for size in actual if size != 1) == tuple(size for size in expected if size != 1):
        return f"{said}: {_axes_of_one(actual, expected)}."
    if len(actual) < len(expected):
        return f"{said}: {_count(len(expected) - len(actual))} missing."
    if len(actual) > len(expected):
        return f"{said}: {_count(len(actual) - len(expected))} too many."
    return f"{said}."


def _axes_of_one(actual: tuple, expected: tuple) -> str:
    """Which axes of length 1 there are too many, or too few, in a shape that differs in nothing else."""
    longer, shorter = (actual, expected) if len(actual) > len(expected) else (expected, actual)
    n_axes = len(longer) - len(shorter)
    ones = (1,) * n_axes
    where = ", in front" if longer == ones + shorter else ", at the end" if longer == shorter + ones else ""
    some = "is one axis" if n_axes == 1 else f"are {n_axes} axes"
    return f"there {some} of length 1 too {'many' if longer is actual else 'few'}{where}"


def _count(n_axes: int) -> str:
    return "one axis is" if n_axes == 1 else f"{n_axes} axes are"


def _only_fits(actual: tuple, expected: tuple, sizes: dict[str, int]) -> dict[str, int]:
    """The sizes that an axis of yours may be named by: those of expected, and what nothing else is.

    An axis of 6 may as well be 2 * 3, or 2 + 4.
    """
    pairs = list(combinations_with_replacement([size for size in sizes.values() if size > 1], 2))
    others = {a + b for a, b in pairs} | {a * b for a, b in pairs}
    return {name: size for name, size in sizes.items() if size in expected or size not in others}


def _shape(shape: tuple, sizes: dict[str, int]) -> str:
    """A shape with the name of each dimension whose size it has once, and only one name has."""
    names = {size: [name for name in sizes if sizes[name] == size] for size in shape}
    known = [f"{names[size][0]}={size}" if len(names[size]) == shape.count(size) == 1 else str(size) for size in shape]
    return f"({', '.join(known)}{',' if len(shape) == 1 else ''})"


def about_nan(actual, expected) -> str:
    """Where NaN stands that should not."""
    nan = _isnan(actual) & ~_isnan(expected)
    if not nan.any():
        return ""
    if nan.all():
        return "Every entry is NaN." if nan.ndim else "It is NaN."
    if nan.ndim > 1:
        rows = np.argwhere(nan.all(axis=-1))
        if len(rows) and nan.sum() == len(rows) * nan.shape[-1]:
            return f"{_these('row', rows)} NaN throughout; no other entry is."
    return f"{_these('entry', np.argwhere(nan))} NaN."


def about_infinity(actual, expected) -> str:
    """Where an infinity stands that should not."""
    infinite = np.isinf(actual.astype(float)) & np.isfinite(expected.astype(float))
    if not infinite.any():
        return ""
    return f"{_these('entry', np.argwhere(infinite))} infinite." if infinite.ndim else "It is infinite."


def about_factor(actual, expected, sizes: dict[str, int]) -> str:
    """One factor between all entries, and the dimension that it comes from."""
    told = np.abs(expected) > 1e-12
    if told.sum() < 2 or np.abs(actual[~told]).max(initial=0.0) > 1e-12:
        return ""
    ratios = actual[told] / expected[told]
    factor = float(ratios[0])
    if factor == 0 or not np.allclose(ratios, factor, rtol=1e-6) or math.isclose(factor, 1.0, rel_tol=1e-6):
        return ""
    if math.isclose(factor, -1.0, rel_tol=1e-6):
        return "Every entry has the opposite sign."
    equals = [text for text, value in _quantities(sizes) if math.isclose(factor, value, rel_tol=1e-6)]
    chance = any(math.isclose(max(factor, 1 / factor), often, rel_tol=1e-6) for often in (2, 3, 4))
    telling = len(equals) == 1 and not chance
    which = f"; here {equals[0]} is {_plain(factor)}" if telling else ""
    return f"Every entry is {_told_apart(factor, 1.0)[0]} times what it should be{which}."


def _quantities(sizes: dict[str, int]):
    for name, size in sizes.items():
        if size > 1:
            yield name, size
            yield f"sqrt({name})", math.sqrt(size)
            yield f"1/{name}", 1 / size
            yield f"1/sqrt({name})", 1 / math.sqrt(size)
    yield "ln 2", math.log(2)
    yield "1/ln 2", 1 / math.log(2)


def about_offset(actual, expected) -> str:
    """One number between all entries."""
    if actual.size < 2 or actual.dtype.kind == "b":
        return ""
    offsets = actual.astype(float) - expected.astype(float)
    offset = float(offsets.flat[0])
    if not np.isfinite(offsets).all() or not np.allclose(offsets, offset, rtol=1e-6, atol=1e-12) or offset == 0:
        return ""
    return f"Every entry is {_plain(abs(offset))} too {'large' if offset > 0 else 'small'}."


def about_order(actual, expected) -> str:
    """The right numbers in other places: a transpose, or an axis in another order."""
    if _equal(actual, expected):  # they differ in what rounding leaves of zeros
        return ""
    if actual.ndim >= 2 and actual.shape[-1] == actual.shape[-2] and _equal(actual.swapaxes(-1, -2), expected):
        return "These are the right numbers with rows and columns swapped."
    for axis in range(actual.ndim):
        if _equal(np.flip(actual, axis), expected):
            return f"These are the right numbers, in reverse along axis {axis}."
    if len(np.unique(expected)) < FEW_NUMBERS:
        return ""  # too few to tell one order from another
    for axis in range(actual.ndim):
        order = _order(np.moveaxis(actual, axis, 0), np.moveaxis(expected, axis, 0))
        if order:
            return f"These are the right numbers in another order along axis {axis}: {order}."
    if actual.size > 1 and actual.dtype.kind != "b" and _equal(np.sort(actual, axis=None), np.sort(expected, axis=None)):
        return "These are the right numbers in the wrong places."
    return ""


def _order(actual, expected) -> list[int]:
    order = []
    for part in expected:
        fits = [index for index, other in enumerate(actual) if index not in order and _equal(other, part)]
        if not fits:
            return []
        order.append(fits[0])
    return order


def about_sums(actual, expected) -> str:
    """Rows that should sum to one and do not, or weights below zero."""
    if expected.ndim == 0 or expected.dtype.kind != "f" or (expected < 0).any() or not _isfinite(actual):
        return ""
    sums, wanted = actual.sum(axis=-1), expected.sum(axis=-1)
    if not np.allclose(wanted[wanted != 0], 1.0) or not (wanted != 0).any():
        return ""
    if (actual < 0).any():
        return f"{'All' if (actual < 0).all() else 'Some'} weights are negative."
    off = ~np.isclose(sums, wanted, rtol=1e-9)
    if not off.any():
        return ""
    if actual.ndim > 1 and np.allclose(actual.sum(axis=-2), 1.0):
        return "The columns sum to one; the rows should."
    row = np.argwhere(off)[0] if off.ndim else ()
    name = str(row[0]) if len(row) == 1 else _index(row)
    where = f"Row {name} sums" if len(row) else "The weights sum"
    return f"{where} to {', not to '.join(_told_apart(float(sums[tuple(row)]), float(wanted[tuple(row)])))}."


def about_first(actual, expected, wrong) -> str:
    """How many entries differ, and the first of them."""
    index = tuple(np.argwhere(wrong)[0])
    count = int(np.count_nonzero(wrong))
    values = " instead of ".join(_told_apart(actual[index], expected[index]))
    if wrong.ndim == 0:
        return f"It is {values}."
    if wrong.size == 1:
        return f"The entry is {values}."
    many = "Every entry differs" if count == wrong.size else f"{count} of {wrong.size} entries differ{'s' * (count == 1)}"
    return f"{many}; the first at {_index(index)}: {values}."


def _told_apart(a, b) -> tuple[str, str]:
    """Two numbers, with as many digits as it takes to see that they differ; -0 is 0."""
    pairs = ((f"{a + 0.0:.{digits}g}", f"{b + 0.0:.{digits}g}") for digits in range(6, 18))
    if isinstance(a, (bool, np.bool_)):
        return str(bool(a)), str(bool(b))
    return next((pair for pair in pairs if pair[0] != pair[1]), (repr(a), repr(b)))


def _plain(x) -> str:
    return f"{x:.6g}" if not isinstance(x, (bool, np.bool_)) else str(bool(x))


def _index(index) -> str:
    return f"[{', '.join(str(int(i)) for i in index)}]"


def _these(what: str, indices) -> str:
    """ "Row 1 is", or "Entries [0, 1] and [2, 2] are"; the first three of many."""
    plural = {"row": "Rows", "entry": "Entries"}
    shown = [_index(index) if what == "entry" or len(index) > 1 else str(int(index[0])) for index in indices[:3]]
    if len(indices) == 1:
        return f"{what.capitalize()} {shown[0]} is"
    more = f" and {len(indices) - 3} more" if len(indices) > 3 else ""
    listed = ", ".join(shown) if more else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"{plural[what]} {listed}{more} are"


def _equal(a, b) -> bool:
    """Whether two arrays are the same but for rounding, also where one was measured by differences."""
    largest = np.abs(b[np.isfinite(b)]).max(initial=0) if np.size(b) else 0
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-7, atol=1e-10 * largest))


def _isnan(array):
    return np.isnan(array.astype(float))


def _isfinite(array) -> bool:
    return bool(np.isfinite(array.astype(float)).all())
