"""The screen of `make progress`: how far the reader is."""

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tests.runner.layout.widths import BARS, WIDTH
from tests.runner.lessons.catalog import Kata
from tests.runner.lessons.milestones import Milestone
from tests.runner.reader.survey import Progress, Row
from tests.runner.screens.style import BAD, GOOD, NOTE, code, indented
from tests.runner.specs.record import Cause, Run

BAR = 16  # columns


def progress_page(progress: Progress, width: int = WIDTH) -> Group:
    """The table, the milestones, and what to do next; without bars if the terminal is narrow."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    wide = width >= BARS
    table.add_column("  Progress", header_style="bold", no_wrap=wide)
    if wide:
        table.add_column("", width=BAR)
    table.add_column("green", header_style="dim", justify="right", no_wrap=True)
    table.add_column("hints", header_style="dim", justify="right", no_wrap=True)
    table.add_column("")
    for row in progress.rows:
        green = f"{row.run.n_green} of {len(row.run.specs)}" if row.run.specs else "?"
        cells = [f"  {_name(row.kata) if wide else row.kata.label}", _bar(row.run), green,
                 str(row.hints or ""), _standing(row)]
        table.add_row(*(cells if wide else cells[:1] + cells[2:]))
    note = ["", Padding(code(progress.note), (0, 0, 0, 2))] if progress.note else []
    return Group(table, "", *_reached(progress), *_next(progress), *note)


def _name(kata: Kata) -> str:
    return f"{kata.number} {kata.title}" if kata.kind == "kata" else kata.short


def _bar(run: Run) -> Text:
    full = BAR * run.n_green // max(1, len(run.specs))
    return Text.assemble(("█" * full, GOOD), ("·" * (BAR - full), "dim"))


def _standing(row: Row) -> Text:
    if row.run.green:
        return Text("green", GOOD)
    if row.run.broken or any(record.red and not record.red.loaded for record in row.run.records):
        return Text("cannot run", BAD)
    if row.before:
        return Text("red again", BAD)
    if row.borrowed:
        return Text("borrowed", NOTE)
    begun = row.run.n_green or any(record.red and record.red.cause is not Cause.STUB
                                   for record in row.run.records)
    return Text("begun" if begun else "")


def _reached(progress: Progress):
    """A line for each milestone whose lessons exist."""
    green = {row.kata.name for row in progress.rows if row.run.green}
    table = Table.grid(padding=(0, 1))
    for one in filter(Milestone.katas, progress.milestones):
        mark = Text("  ●", GOOD) if one.reached(green) else Text("  ·", "dim")
        table.add_row(mark, f"Milestone {one.number}, {one.lessons}: {one.title}.")
    yield table
    yield ""


def _next(progress: Progress):
    """The command to continue with."""
    unfinished = [row.kata for row in progress.rows if not row.run.green]
    if unfinished:
        yield indented(code(f"Next: `{unfinished[0].command}`"), 2)
        yield indented(Text("These counts include specs after the first red one.", "dim"), 2)
    else:
        yield Text("  Everything is green.", GOOD)
