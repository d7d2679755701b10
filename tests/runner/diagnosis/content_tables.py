"""Values that are no arrays as tables: text, bytes, ids, counts; marked where two of them differ."""

from collections.abc import Sequence

import numpy as np

from tests.runner.diagnosis.contents import as_text, first_difference
from tests.runner.diagnosis.tables import is_formula, is_nameless, is_table, table, typed
from tests.runner.specs.record import Table

SHORT, WORDS = 20, 80  # characters of a value that stands in the call itself; a list of words may be longer
AROUND, WIDE = 24, 60  # characters of a text: on either side of a difference; on a line
BEFORE, AFTER = 2, 5  # entries of a list: in front of the first difference; from it on
LINES = 3  # of an argument


def compare_content(actual, expected, vocabulary: Sequence[bytes] = ()) -> tuple[Table, Table]:
    """Yours and expected, as much of each as shows the first difference."""
    if isinstance(expected, dict):
        keys = [key for key in {**expected, **actual}
                if key not in actual or key not in expected or actual[key] != expected[key]]
        return tuple(Table(label, f"dict of {len(value)}", _items(value, keys, mark))
                     for label, value, mark in (("yours", actual, "*"), ("expected", expected, "")))
    if not isinstance(expected, (str, bytes, list, tuple)):
        return table("yours", actual), table("expected", expected)
    at = first_difference(actual, expected)
    around = _around if isinstance(expected, (str, bytes)) else _entries
    return tuple(Table(label, _size(value), around(value, at, mark, vocabulary))
                 for label, value, mark in (("yours", actual, "*"), ("expected", expected, "")))


def in_the_call(name: str, value) -> str:
    """An argument as one would type it: what is shown below the call, or is nothing to type, by its name."""
    if has_table(value) or is_nameless(value):
        return name
    return getattr(value, "__name__", "") or typed(value, WORDS)


def has_table(value) -> bool:
    """Whether an argument is shown below the call."""
    return is_table(value) or is_formula(value) or isinstance(value, np.random.Generator) or _is_long(value)


def argument_table(name: str, value) -> Table:
    """An argument as it is shown below the call."""
    if isinstance(value, np.random.Generator):
        return Table(name, "a numpy.random.Generator")
    if not _is_long(value) or is_table(value):
        return table(name, value)
    if isinstance(value, dict):
        return Table(name, f"dict of {len(value)}", _items(value, list(value)))
    if isinstance(value, (str, bytes)):
        pieces = [value[start : start + WIDE] for start in range(0, len(value), WIDE)]
        more = ("…",) * (len(pieces) > LINES)
        return Table(name, _size(value), (*map(_quoted, pieces[:LINES]), *more))
    return Table(name, _size(value), (typed(value, WIDE),))


def _is_long(value) -> bool:
    if not isinstance(value, (str, bytes, list, tuple, dict)):
        return False
    words = isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value)
    return len(repr(value)) > (WORDS if words else SHORT)


def _size(value) -> str:
    if isinstance(value, (str, bytes)):
        return f"{len(value)} {'bytes' if isinstance(value, bytes) else 'characters'}"
    return f"{type(value).__name__} of {len(value)}"


def _around(value: str | bytes, at: int, mark: str, _) -> tuple[str, ...]:
    """The text around an index, with a caret below it."""
    start, stop = max(0, at - AROUND), at + AROUND
    before, after = "…" * (start > 0), "…" * (stop < len(value))
    opening = "b'" if isinstance(value, bytes) else "'"
    column = len(before) + len(opening) + len(_escaped(value[start:at]))
    return (f"{before}{_quoted(value[start:stop])}{after}", " " * column + "^")


def _quoted(piece: str | bytes) -> str:
    return f"{'b' if isinstance(piece, bytes) else ''}'{_escaped(piece)}'"


def _escaped(piece: str | bytes) -> str:
    """A piece of text as it would stand between quotes."""
    parts = [bytes([byte]) for byte in piece] if isinstance(piece, bytes) else piece
    return "".join(part if isinstance(part, str) and part.isprintable() else repr(part).strip("b")[1:-1]
                   for part in parts)


def _entries(values: Sequence, at: int, mark: str, vocabulary: Sequence[bytes]) -> tuple[str, ...]:
    """The entries around an index, and below each id what it stands for."""
    start = max(0, at - BEFORE)
    shown = list(enumerate(values))[start : at + AFTER]
    if not shown:
        return ("no more" if values else "empty",)
    blank = " " * len(mark)
    cells = [f"{typed(value, AROUND)}{mark if index == at else blank}" for index, value in shown]
    pieces = [f"{as_text(vocabulary[value])}{blank}" if vocabulary else "" for _, value in shown]
    widths = [max(map(len, pair)) for pair in zip(cells, pieces)]
    before, after = "… " * (start > 0), " …" * (at + AFTER < len(values))
    rows = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths)).rstrip()
            for row in (cells, pieces)]
    return (f"{before}{rows[0]}{after}", *([f"{' ' * len(before)}{rows[1]}"] if vocabulary else []))


def _items(value: dict, keys: list, mark: str = "") -> tuple[str, ...]:
    """A line for each of the first keys: "(1, 2): 3"."""
    lines = [f"{typed(key, AROUND)}: {typed(value[key], AROUND)}{mark}" if key in value else
             f"{typed(key, AROUND)}: not there{mark}" for key in keys[:LINES]]
    return (*lines, *([f"… {len(keys) - LINES} more"] if len(keys) > LINES else []))
