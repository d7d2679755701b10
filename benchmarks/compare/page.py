"""From the rows to the screen: the table, what does not agree, and what differs by design."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from benchmarks.compare.row import AGREED, Row
from tests.runner.layout.widths import WIDTH
from tests.runner.screens.style import indented

AGAIN = "the same"  # as PyTorch's name: that of the row before
HELD, HELD_32 = 15, 7  # digits that a number holds, in float64 and in float32
LEGEND = (f"Digits: how many agree, relative to the largest number, in float64 (which holds {HELD})"
          f" and then in float32 ({HELD_32}); \"all\" where there is no difference, \"-\" where "
          "nothing was compared. A blind query is one that may attend to nothing. PyTorch's names "
          "are those in torch.nn and torch.nn.functional, unless a dot says otherwise. "
          "\"formula\": it has no function for the job, so the formula is written out in tensors.")


def page(rows: list[Row], about: str, width: int = WIDTH) -> Group:
    """All that is shown; `about` says what it was made with."""
    compared = [row for row in rows if not row.why]
    apart = [row for row in _in_full(compared) if not row.agrees]
    by_design = [row for row in rows if row.why]
    agree = f"{len(compared) - len(apart)} of {len(compared)} agree. {about}\n"
    return Group("", table(compared, width >= WIDTH), "", Text(agree), Text(f"{LEGEND}\n"),
                 *_listed("Not the same:", apart, _disagreement),
                 *_listed("Different by design:", by_design, _by_design))


def table(rows: list[Row], wide: bool) -> Table:
    """A line for each pair that ought to agree; on a narrow screen two, without the differences."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, wide, 0, 0))
    for heading in ("\nfunction", "\nPyTorch's") if wide else ("function,\n  PyTorch's",):
        shown.add_column(heading, overflow="fold")
    for heading in ("apart\nby", "digits,\n 64   32")[not wide :]:
        shown.add_column(heading, justify="right", no_wrap=True)
    before = None
    for row in rows:
        if before is None or row.kata != before.kata:
            if before:
                shown.add_row()
            whose = "your functions" if row.whose == "yours" else "solution"
            shown.add_row(Text(f"Lesson {row.kata[5:7].lstrip('0')}, {whose}", "bold"))
        name = "" if before and row.function == before.function else row.function
        style = "" if row.agrees else "bold red"
        digits = f"{_digits(row.digits, HELD):>3}  {_digits(row.digits_32, HELD_32):>3}"
        if wide:
            shown.add_row(name, row.called, _difference(row), digits, style=style)
        else:
            if name:
                shown.add_row(name, style=style)
            shown.add_row(indented(Text(row.called), 2), digits, style=style)
        before = row
    return shown


def _in_full(rows: list[Row]) -> Iterator[Row]:
    """The rows, where "the same" has become the name that it stands for."""
    meant = ""
    for row in rows:
        meant = meant if row.called.startswith(AGAIN) else row.called
        yield replace(row, called=row.called.replace(AGAIN, meant))


def _difference(row: Row) -> str:
    if row.difference is None:
        return "-"
    if math.isnan(row.difference):
        return "NaN"
    return f"{row.difference:.1e}" if row.difference else "0"


def _digits(digits: float | None, held: int) -> str:
    if digits is None or digits == math.inf:
        return "-" if digits is None else "all"
    return str(max(0, math.floor(min(digits, held)))) if math.isfinite(digits) else "0"


def _listed(heading: str, rows: list[Row], sentence: Callable[[Row], str]) -> list[RenderableType]:
    """A heading, and below it for each row what it is, by how much, and a sentence."""
    lines: list[RenderableType] = [Text(heading, "bold")] if rows else []
    for row in rows:
        measured = _measured(row), "bold"
        head = Text.assemble((row.function, "cyan"), f" and {row.called}: ", measured)
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
        return (f"The error is PyTorch's: {row.called} may have changed since this comparison was "
                "written.")
    return f"{'Your function' if row.whose == 'yours' else 'The solution'} {row.said}."


def _by_design(row: Row) -> str:
    failed = row.difference is None and not row.said.startswith("PyTorch")
    return f"{_disagreement(row)} Otherwise: {row.why}" if failed else row.why
