"""Arrays as text: small, aligned, with differences marked."""

import inspect
import math
import re
from dataclasses import replace

import numpy as np

from tests.runner.layout.one_line import printable
from tests.runner.layout.widths import TABLE, TWO_TABLES
from tests.runner.specs.record import Table

MAX_ROWS, MAX_COLUMNS, FEW_DIGITS = 6, 6, 4
MOST_DIGITS = 8  # of numbers that differ little compared with their size
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")  # the address of an object in memory says nothing


def short(value, limit: int = 60) -> str:
    """A value's repr, cut to one line; never fails, even if the value's own repr does."""
    try:
        text = printable(ADDRESS.sub("", " ".join(repr(value)[:2000].split())))
    except BaseException:  # a repr of the reader's may do anything
        text = f"<{type(value).__name__}>"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def typed(value, limit: int) -> str:
    """A value as one would type it: a list that is too long ends in "…" and its bracket."""
    whole = short(value, limit)
    if not whole.endswith("…") or type(value) not in (list, tuple):
        return whole
    first, last = "[]" if isinstance(value, list) else "()"
    parts = [short(part, limit) for part in value[:limit]]
    fits = (n for n in range(len(parts)) if len(", ".join(parts[:n])) <= limit - 5)
    n_shown = max(fits, default=0)
    return f"{first}{', '.join([*parts[:n_shown], '…'])}{last}"


def table(label: str, value) -> Table:
    """One value, an array in aligned rows."""
    if isinstance(value, (dict, list, tuple)) and is_table(value):
        return Table(label, _contents(value), _inside(value))
    if is_formula(value):
        return _formula(label, value)
    if not _is_numeric(value):
        return Table(label, lines=(short(value),))
    array = np.asarray(value)
    n_columns = min(array.shape[-1], TABLE) if array.ndim else 1
    # All columns, closer together if necessary; else the first few.
    for columns, wide in ((n_columns, True), (n_columns, False), (MAX_COLUMNS, True)):
        shown = _table(label, array, None, None, _telling(array), columns, wide)
        if max(map(len, shown.lines)) <= TABLE:
            break
    return shown


def _contents(value: dict | list | tuple) -> str:
    """The contents of a dict, list or tuple of arrays: "cat (9,), dog (9,)"; for a dict a name."""
    if isinstance(value, dict):
        return ", ".join(name if isinstance(part, dict) else f"{name} {_content(part)}"
                         for name, part in value.items())
    more = f" and {len(value) - 4} more" if len(value) > 4 else ""
    return f"{type(value).__name__} of {', '.join(map(_content, value[:4]))}{more}"


def _content(part) -> str:
    if isinstance(part, np.ndarray):
        return str(np.shape(part))
    if isinstance(part, (dict, list, tuple)) and is_table(part):
        return "dict" if isinstance(part, dict) else f"[{len(part)} of them]"
    if isinstance(part, np.floating):
        return f"{part:.6g}"
    return short(part, 20)


def _inside(value: dict | list | tuple) -> tuple[str, ...]:
    """A line for each dict of arrays in a dict: "norm_1: gain (7,), bias (7,)"."""
    named = value.items() if isinstance(value, dict) else ()
    return tuple(f"{name}: {_contents(part)}" for name, part in named
                 if isinstance(part, dict) and is_table(part))


def side_by_side(what: str, yours, expected, wrong) -> tuple[Table, Table]:
    """Two arrays of one shape, cut alike; a * follows each entry of yours that is wrong."""
    yours, expected = np.asarray(yours), np.asarray(expected)
    first = tuple(np.argwhere(wrong)[0]) if wrong.any() else None
    digits = max(_digits(yours, expected, wrong), _telling(expected))
    yours, expected = tidy(yours, wrong), tidy(expected, wrong)
    n_columns = min(yours.shape[-1], TABLE) if yours.ndim else 1
    # Fewer columns are better than digits that do not tell numbers apart.
    for columns in (n_columns, *range(MAX_COLUMNS, 0, -1)):
        tables = (_table(what, yours, wrong, first, digits, columns),
                  _table("expected", expected, None, first, digits, columns))
        few_digits = digits == FEW_DIGITS and columns <= MAX_COLUMNS
        if few_digits or sum(max(map(len, shown.lines)) for shown in tables) <= TWO_TABLES:
            break
    return tables[0], of_any_dtype(tables[1], tables[0])


def tidy(value, wrong=False):
    """An array with zeros for what is tiny beside its largest number, unless it is wrong."""
    if not _is_numeric(value) or value.dtype.kind != "f":
        return value
    sizes = np.abs(value)
    nothing = np.minimum(1e-6, 1e-10 * sizes[np.isfinite(sizes)].max(initial=0.0))
    return np.where((sizes < nothing) & ~np.asarray(wrong), value.dtype.type(0), value)


def of_any_dtype(expected: Table, yours: Table) -> Table:
    """The expected numbers without their dtype, if it is not yours and the spec allows that."""
    shape, _, dtype = expected.shape.rpartition(" ")
    theirs = yours.shape.rpartition(" ")[2]
    return replace(expected, shape=shape) if theirs.isalnum() and dtype != theirs else expected


def is_table(value, inside: tuple = ()) -> bool:
    """Whether a value is an array, or a dict, list or tuple of arrays.

    inside: the dicts, lists and tuples that the value is in; one that holds itself is searched once
    """
    if isinstance(value, (dict, list, tuple)):
        if any(value is outer for outer in inside):
            return False
        parts = value.values() if isinstance(value, dict) else value
        return any(is_table(part, (*inside, value)) for part in parts)
    return isinstance(value, np.ndarray) and value.ndim > 0


def is_nameless(value) -> bool:
    """Whether a value is a function of a spec, whose name says nothing to a reader."""
    return inspect.isfunction(value) and "<" in value.__qualname__  # <locals> or <lambda>


def is_formula(value) -> bool:
    """Whether it is such a function, and its docstring says what it computes: "x[0] * x[1]"."""
    return is_nameless(value) and bool(value.__doc__)


def _formula(label: str, function) -> Table:
    """The table of such a function: "f(x) = x[0] * x[1]"."""
    formula = inspect.getdoc(function).partition("\n")[0]
    return Table(f"{label}({', '.join(inspect.signature(function).parameters)})", f"= {formula}")


def _is_numeric(value) -> bool:
    return isinstance(value, (np.ndarray, np.generic)) and np.asarray(value).dtype.kind in "biufc"


def _digits(yours, expected, wrong) -> int:
    """Enough digits to tell every wrong entry from the right one, at least four."""
    pairs = list(zip(yours[wrong][:50], expected[wrong][:50]))
    for digits in range(FEW_DIGITS, 17):
        if all(_number(a, digits) != _number(b, digits) for a, b in pairs):
            return digits
    return 17


def _telling(array) -> int:
    """Enough digits to show how far apart numbers are, at least four: 1000 and 1001.1, not 1001."""
    finite = array[np.isfinite(array)] if array.dtype.kind == "f" else np.empty(0)
    spread, largest = (np.ptp(finite), np.abs(finite).max()) if finite.size else (0, 0)
    if spread == 0:
        return FEW_DIGITS
    before = math.floor(math.log10(largest)) + 1  # digits in front of the point
    return min(max(FEW_DIGITS, before - math.floor(math.log10(0.04 * spread))), MOST_DIGITS)


def _number(x, digits: int) -> str:
    if isinstance(x, (bool, np.bool_)):
        return str(bool(x))
    if isinstance(x, (int, np.integer)):
        return str(x)
    text = f"{x:.{digits}g}"
    return "0" if text == "-0" else text


def _table(label, array, wrong, first, digits, most_columns, wide=True) -> Table:
    """Show the last two axes; with more axes, the slice with the first difference.

    wide: whether there is room for a mark after each number
    """
    shape = f"{array.shape} {array.dtype}" if array.ndim else f"{array.dtype}"
    lines = []
    if array.size == 0:
        return Table(label, shape, ("no entries",))
    if array.ndim > 2:
        index = tuple(first[:-2]) if first else (0,) * (array.ndim - 2)
        which = "its table" if any(index) else "its first table,"
        lines.append(f"{which} [{', '.join(map(str, index))}]:")
        array = array[index]
        wrong = wrong[index] if wrong is not None else None
        first = first[-2:] if first else None
    grid = np.atleast_2d(array)
    marks = np.atleast_2d(wrong) if wrong is not None else np.zeros(grid.shape, bool)
    row, column = (0, 0) if not first else (0, first[0]) if array.ndim == 1 else first[-2:]
    rows = _window(grid.shape[0], row, MAX_ROWS)
    columns = _window(grid.shape[1], column, most_columns)
    blank = " " if wide else ""
    cells = [[_number(grid[i, j], digits) + ("*" if marks[i, j] else blank) for j in columns]
             for i in rows]
    widths = [max(map(len, column)) for column in zip(*cells)]
    before, after = "… " * (columns.start > 0), " …" * (columns.stop < grid.shape[1])
    body = [f"{before}{'  '.join(map(str.rjust, line, widths))}{after}".rstrip() for line in cells]
    if rows.start > 0:
        body.insert(0, f"… rows 0 to {rows.start - 1}")
    if rows.stop < grid.shape[0]:
        body.append(f"… to row {grid.shape[0] - 1}")
    return Table(label, shape, (*lines, *body))


def _window(size: int, at: int, most: int) -> range:
    """At most `n` indices, with the one at `at` among them."""
    start = 0 if size <= most else max(0, min(at - 1, size - most))
    return range(start, min(size, start + most))
