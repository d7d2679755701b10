"""Text, bytes, ids, counts and generators as tables, with the differences marked."""

from collections.abc import Sequence

import numpy as np

from tests.runner.diagnosis.array_tables import is_formula, is_nameless, is_table, table, typed
from tests.runner.diagnosis.measure_contents import as_text, first_difference, is_known
from tests.runner.layout.carets import AROUND, below_character, quoted
from tests.runner.layout.widths import QUOTED
from tests.runner.specs.record import Table

SHORT, WORDS = 20, 80  # characters of a value, or a list of words, in the call itself
BEFORE, AFTER = 2, 5  # entries of a list: in front of the first difference; from it on
LINES = 3  # of an argument


def compare_content(actual, expected, vocabulary: Sequence[bytes] = ()) -> tuple[Table, Table]:
    """Yours and expected, around the first difference."""
    if isinstance(expected, dict):
        differing = [key for key in {**expected, **actual} if not (
            key in actual and key in expected and actual[key] == expected[key])]
    elif isinstance(expected, (str, bytes, list, tuple)):
        at = first_difference(actual, expected)
    else:
        return table("yours", actual), table("expected", expected)

    def lines(value, mark: str) -> tuple[str, ...]:
        if isinstance(value, dict):
            return _items(value, differing, mark)
        if isinstance(value, (str, bytes)):
            return tuple(below_character(value, at))
        return _entries(value, at, mark, vocabulary)

    return (Table("yours", _size(actual), lines(actual, "*")),
            Table("expected", _size(expected), lines(expected, "")))


def in_the_call(name: str, value) -> str:
    """An argument as one would type it; its name, if it is shown below or cannot be typed."""
    if has_table(value) or is_nameless(value):
        return name
    return getattr(value, "__name__", "") or typed(value, WORDS)


def has_table(value) -> bool:
    """Whether an argument is shown below the call."""
    return (is_table(value) or is_formula(value) or _is_long(value)
            or isinstance(value, np.random.Generator))


def argument_table(name: str, value) -> Table:
    """The table of an argument below the call."""
    if isinstance(value, np.random.Generator):
        return Table(name, "a numpy.random.Generator")
    if not _is_long(value) or is_table(value):
        return table(name, value)
    if isinstance(value, dict):
        return Table(name, _size(value), _items(value, list(value)))
    if isinstance(value, (str, bytes)):
        pieces = [quoted(value[start : start + QUOTED]) for start in range(0, len(value), QUOTED)]
        return Table(name, _size(value), (*pieces[:LINES], *["…"] * (len(pieces) > LINES)))
    return Table(name, _size(value), (typed(value, QUOTED),))


def _is_long(value) -> bool:
    if not isinstance(value, (str, bytes, list, tuple, dict)):
        return False
    words = isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value)
    return len(repr(value)) > (WORDS if words else SHORT)


def _size(value) -> str:
    units = {str: "characters", bytes: "bytes"}
    n, kind = len(value), type(value)
    return f"{n} {units[kind]}" if kind in units else f"{kind.__name__} of {n}"


def _entries(values: Sequence, at: int, mark: str, vocabulary: Sequence[bytes]) -> tuple[str, ...]:
    """The entries around an index, and below each id its bytes."""
    start = max(0, at - BEFORE)
    shown = list(enumerate(values))[start : at + AFTER]
    if not shown:
        return ("no more" if values else "empty",)
    blank = " " * len(mark)
    cells = [f"{typed(value, AROUND)}{mark if index == at else blank}" for index, value in shown]
    pieces = [f"{as_text(vocabulary[value])}{blank}" if is_known(value, vocabulary) else ""
              for _, value in shown]
    widths = [max(map(len, pair)) for pair in zip(cells, pieces)]
    before, after = "… " * (start > 0), " …" * (at + AFTER < len(values))
    first, second = ("  ".join(map(str.rjust, row, widths)).rstrip() for row in (cells, pieces))
    return f"{before}{first}{after}", *[f"{' ' * len(before)}{second}"] * bool(second)


def _items(value: dict, keys: list, mark: str = "") -> tuple[str, ...]:
    """A line for each of the first keys: "(1, 2): 3"."""
    lines = [f"{typed(key, AROUND)}: "
             f"{typed(value[key], AROUND) if key in value else 'not there'}{mark}"
             for key in keys[:LINES]]
    return *lines, *[f"… {len(keys) - LINES} more"] * (len(keys) > LINES)
