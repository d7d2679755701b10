"""From the rows to the screen: the table, what does not agree, and what differs by design."""

import math
from collections.abc import Iterator
from dataclasses import replace

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from benchmarks.compare.row import AGREED, Row
from tests.runner.screens.style import indented

AGAIN = "the same"  # as PyTorch's name: that of the row before
WIDE = 80  # columns that the whole table takes
HELD, HELD_32 = 15, 7  # digits that a number holds, in float64 and in float32
LEGEND = (f"Digits: how many agree, relative to the largest number, in float64 (which holds {HELD}) and then in "
          f"float32 ({HELD_32}); \"all\" where there is no difference, \"-\" where nothing was compared. A blind query "
          "is one that may attend to nothing. PyTorch's names are those in torch.nn and torch.nn.functional, unless a "
          "dot says otherwise. \"formula\": it has no function for the job, so the formula is written out in tensors.")


def page(rows: list[Row], about: str, width: int = 80) -> Group:
    """All that is shown; `about` says what it was made with."""
    compared = [row for row in rows if not row.why]
    apart = [row for row in _in_full(compared) if not row.agrees]
    by_design = [row for row in rows if row.why]
    shown = table(compared) if width >= WIDE else narrow_table(compared)
    count = f"{len(compared) - len(apart)} of {len(compared)} agree."
    return Group("", shown, "", Text(f"{count} {about}\n"), Text(f"{LEGEND}\n"),
                 *_listed("Not the same:", apart, _disagreement),
                 *_listed("Different by design:", by_design, _by_design))


def table(rows: list[Row]) -> Table:
    """A line for each pair that ought to agree."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for heading in ("\nfunction", "\nwhose", "\nPyTorch's"):
        shown.add_column(heading, overflow="fold")
    shown.add_column("apart\nby", justify="right", no_wrap=True)
    shown.add_column("digits,\n 64   32", justify="right", no_wrap=True)
    for row, name, ends in _in_lessons(rows):
        shown.add_row(name, row.whose, row.called, _difference(row), _both_digits(row), style=_style(row),
                      end_section=ends)
    return shown


def narrow_table(rows: list[Row]) -> Table:
    """The same in two lines for each pair, without the differences."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=0)
    shown.add_column("function, whose,\n  PyTorch's", overflow="fold")
    shown.add_column("digits,\n 64   32", justify="right", no_wrap=True)
    for row, name, ends in _in_lessons(rows):
        if name:
            shown.add_row(f"{name}, {row.whose}", "", style=_style(row))
        shown.add_row(indented(Text(row.called), 2), _both_digits(row), style=_style(row), end_section=ends)
    return shown


def _in_lessons(rows: list[Row]) -> Iterator[tuple[Row, str, bool]]:
    """Each row, its function's name unless it stands in the row before, and whether its lesson ends there."""
    for before, row, after in zip([None, *rows], rows, [*rows[1:], None], strict=False):
        name = row.function if before is None or row.function != before.function else ""
        yield row, name, after is not None and after.kata != row.kata


def _in_full(rows: list[Row]) -> Iterator[Row]:
    """The rows, where "the same" has become the name that it stands for."""
    meant = ""
    for row in rows:
        meant = meant if row.called.startswith(AGAIN) else row.called
        yield replace(row, called=row.called.replace(AGAIN, meant))


def _style(row: Row) -> str:
    return "" if row.agrees else "bold red"


def _difference(row: Row) -> str:
    if row.difference is None:
        return "-"
    if math.isnan(row.difference):
        return "NaN"
    return f"{row.difference:.1e}" if row.difference else "0"


def _both_digits(row: Row) -> str:
    return f"{_digits(row.digits, HELD):>3}  {_digits(row.digits_32, HELD_32):>3}"


def _digits(digits: float | None, held: int) -> str:
    if digits is None:
        return "-"
    return "all" if digits == math.inf else str(max(0, math.floor(min(digits, held)))) if math.isfinite(digits) else "0"


def _listed(heading: str, rows: list[Row], sentence) -> list[RenderableType]:
    """A heading, and below it for each row what it is, by how much, and a sentence."""
    lines: list[RenderableType] = [Text(heading, "bold")] if rows else []
    for row in rows:
        head = Text.assemble((row.function, "cyan"), f" and {row.called}: ", (_measured(row), "bold"))
        lines += [indented(head, 2), indented(Text(sentence(row)), 4), ""]
    return lines


def _measured(row: Row) -> str:
    """In a word or two: by how much the two are apart."""
    if row.agrees:
        return "no difference in this version of PyTorch"
    if row.difference is None:
        return row.said if row.said.startswith("PyTorch") else "not compared"
    if math.isnan(row.difference):
        return "NaN on one side only"
    digits = row.digits is not None and row.digits >= AGREED
    return "the same in float64 only" if digits else f"apart by {_difference(row)}"


def _disagreement(row: Row) -> str:
    if row.said.startswith("PyTorch"):
        return f"The error is PyTorch's: {row.called} may have changed since this comparison was written."
    return f"{'Your function' if row.whose == 'yours' else 'The solution'} {row.said}."


def _by_design(row: Row) -> str:
    failed = row.difference is None and not row.said.startswith("PyTorch")
    return f"{_disagreement(row)} Otherwise: {row.why}" if failed else row.why
