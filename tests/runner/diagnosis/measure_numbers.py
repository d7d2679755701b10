"""Describes wrong numbers in an answer of the right shape.

Each function looks for one thing and returns a sentence, or "" if it is not so.
"""

import math

import numpy as np

from tests.runner import limits
from tests.runner.layout.one_line import listed

SEEN_AT_ONCE = 36  # entries; of a larger array the first difference is said in words, too
FEW_NUMBERS = 4  # that differ: fewer are often in another order by chance
NOTHING = 1e-12  # a number that is zero but for rounding


def about_numbers(actual, expected, wrong, sizes: dict[str, int], known="") -> tuple[str, ...]:
    """Measurements of wrong numbers; at least their number, and the first of them.

    known: a sentence that is better than any pattern
    """
    pattern = (known or about_nan(actual, expected) or about_infinity(actual, expected)
               or about_factor(actual, expected, sizes) or about_offset(actual, expected)
               or about_order(actual, expected))
    found = tuple(sentence for sentence in (pattern, about_sums(actual, expected)) if sentence)
    if found and actual.size <= SEEN_AT_ONCE:
        return found
    return (*found, about_first(actual, expected, wrong, pattern.startswith("Every entry")))


def about_nan(actual, expected) -> str:
    """Where NaN is and should not be."""
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
    """Where an infinity is and should not be."""
    infinite = np.isinf(actual.astype(float)) & np.isfinite(expected.astype(float))
    if not infinite.any():
        return ""
    which = _these("entry", np.argwhere(infinite)) if infinite.ndim else "It is"
    return f"{which} infinite."


def about_factor(actual, expected, sizes: dict[str, int]) -> str:
    """A factor that is the same for all entries, and the dimension that it comes from."""
    told = np.abs(expected) > NOTHING
    if told.sum() < 2 or np.abs(actual[~told]).max(initial=0.0) > NOTHING:
        return ""
    ratios = actual[told] / expected[told]
    factor = float(ratios[0])
    if factor == 0 or not np.allclose(ratios, factor, rtol=limits.SAME_FACTOR) or _is(factor, 1.0):
        return ""
    if _is(factor, -1.0):
        return "Every entry has the opposite sign."
    equals = [text for text, value in _quantities(sizes) if _is(factor, value)]
    by_chance = any(_is(max(factor, 1 / factor), often) for often in (2, 3, 4))
    telling = len(equals) == 1 and not by_chance
    which = f"; here {equals[0]} is {factor:.6g}" if telling else ""
    return f"Every entry is {_told_apart(factor, 1.0)[0]} times what it should be{which}."


def _is(factor: float, value: float) -> bool:
    return math.isclose(factor, value, rel_tol=limits.SAME_FACTOR)


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
    """A difference that is the same for all entries."""
    if actual.size < 2 or actual.dtype.kind == "b":
        return ""
    offsets = actual.astype(float) - expected.astype(float)
    offset = float(offsets.flat[0])
    if offset == 0 or not np.allclose(offsets, offset, rtol=limits.SAME_FACTOR, atol=NOTHING):
        return ""
    return f"Every entry is {abs(offset):.6g} too {'large' if offset > 0 else 'small'}."


def about_order(actual, expected) -> str:
    """The right numbers in the wrong order: a transpose, or a reordered axis."""
    if _equal(actual, expected):  # they differ only in the rounding of zeros
        return ""
    if actual.ndim >= 2 and _equal(actual.swapaxes(-1, -2), expected):
        return "These are the right numbers with rows and columns swapped."
    if len(np.unique(expected)) < FEW_NUMBERS:
        return ""  # too few to tell one order from another
    for axis in range(actual.ndim):
        if _equal(np.flip(actual, axis), expected):
            return f"These are the right numbers, in reverse along axis {axis}."
    for axis in range(actual.ndim):
        order = _order(np.moveaxis(actual, axis, 0), np.moveaxis(expected, axis, 0))
        if order:
            return f"These are the right numbers in another order along axis {axis}: {order}."
    sorted_ones = (np.sort(values, axis=None) for values in (actual, expected))
    if actual.dtype.kind != "b" and _equal(*sorted_ones):
        return "These are the right numbers in the wrong places."
    return ""


def _order(actual, expected) -> list[int]:
    order = []
    for part in expected:
        fits = (index for index, other in enumerate(actual)
                if index not in order and _equal(other, part))
        if (index := next(fits, None)) is None:
            return []
        order.append(index)
    return order


def about_sums(actual, expected) -> str:
    """Rows that should sum to one and do not, or weights below zero."""
    is_weights = expected.ndim > 0 and expected.dtype.kind == "f" and not (expected < 0).any()
    if not is_weights or not _isfinite(actual):
        return ""
    sums, wanted = actual.sum(axis=-1), expected.sum(axis=-1)
    if not np.allclose(wanted[wanted != 0], 1.0) or not (wanted != 0).any():
        return ""
    if (actual < 0).any():
        return f"{'All' if (actual < 0).all() else 'Some'} weights are negative."
    off = ~np.isclose(sums, wanted, rtol=limits.RIGHT)
    if not off.any():
        return ""
    if actual.ndim > 1 and np.allclose(actual.sum(axis=-2), 1.0):
        return "The columns sum to one; the rows should."
    row = tuple(np.argwhere(off)[0]) if off.ndim else ()
    where = f"Row {row[0] if len(row) == 1 else _index(row)} sums" if row else "The weights sum"
    mine, right = _told_apart(float(sums[row]), float(wanted[row]))
    return f"{where} to {mine}, not to {right}."


def about_first(actual, expected, wrong, all_differ=False) -> str:
    """How many entries differ, and the first of them; all_differ if that has been said."""
    index = tuple(np.argwhere(wrong)[0])
    count = int(np.count_nonzero(wrong))
    values = " instead of ".join(_told_apart(actual[index], expected[index]))
    if wrong.ndim == 0:
        return f"It is {values}."
    if wrong.size == 1:
        return f"The entry is {values}."
    if all_differ:
        return f"The first, at {_index(index)}: {values}."
    some = f"{count} of {wrong.size} entries differ{'s' * (count == 1)}"
    many = "Every entry differs" if count == wrong.size else some
    return f"{many}; the first at {_index(index)}: {values}."


def _told_apart(a, b) -> tuple[str, str]:
    """Two numbers, with enough digits to see that they differ; -0 is 0."""
    pairs = ((f"{a + 0.0:.{digits}g}", f"{b + 0.0:.{digits}g}") for digits in range(6, 18))
    if isinstance(a, (bool, np.bool_)):
        return str(bool(a)), str(bool(b))
    return next((pair for pair in pairs if pair[0] != pair[1]), (repr(a), repr(b)))


def _index(index) -> str:
    return f"[{', '.join(str(int(i)) for i in index)}]"


def _these(what: str, indices) -> str:
    """ "Row 1 is", or "Entries [0, 1] and [2, 2] are"; of many, the first three."""
    plural = {"row": "Rows", "entry": "Entries"}
    shown = [_index(index) if what == "entry" or len(index) > 1 else str(int(index[0]))
             for index in indices[:3]]
    if len(indices) == 1:
        return f"{what.capitalize()} {shown[0]} is"
    more = f" and {len(indices) - 3} more" if len(indices) > 3 else ""
    return f"{plural[what]} {', '.join(shown) if more else listed(shown)}{more} are"


def near(a, b, rtol: float, atol: float) -> bool:
    """Whether two arrays are the same within tolerances.

    atol: as a share of the largest number, as that of measured differences is
    """
    a, b = np.asarray(a), np.asarray(b)
    largest = np.abs(b[np.isfinite(b)]).max(initial=0.0)
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=rtol, atol=atol * largest))


def _equal(a, b) -> bool:
    """Whether two arrays are the same except for rounding."""
    return near(a, b, rtol=1e-7, atol=1e-10)


def _isnan(array):
    return np.isnan(array.astype(float))


def _isfinite(array) -> bool:
    return bool(np.isfinite(array.astype(float)).all())
