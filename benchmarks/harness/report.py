"""From a run to its tables and its words."""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from benchmarks.harness import units
from benchmarks.harness.results import Row, Run, Sweep

NO_TORCH = "PyTorch is not installed here, so its rows are missing (make compare installs it)."


@dataclass(frozen=True)
class Column:
    """A column of a table.

    heading: of one line or two
    cell:    from a row and all rows at the same size, by rung; "-" where there is nothing to say
    style:   as rich has it
    """

    heading: str
    cell: Callable[[Row, dict[str, Row]], str]
    style: str = ""


TIME = Column("\ntime", lambda row, _: units.duration(row.seconds))
MEMORY = Column("peak\nmemory", lambda row, _: memory(row))


def times(base: str) -> Column:
    """How many times as long as another rung."""
    def cell(row: Row, rows: dict[str, Row]) -> str:
        return units.factor(row.seconds / rows[base].seconds) if base in rows else "-"
    return Column(f"times\n{base}", cell, "bold")


def memory(row: Row | None) -> str:
    """The peak memory of a row, where it was measured."""
    return units.memory(row.peak_bytes) if row and row.peak_bytes is not None else "-"


def page(run: Run, make: Callable[[Run], Iterable[RenderableType | str]] | None) -> Group:
    """All that is shown on the screen after a run; sentences are wrapped."""
    parts = list((make or tables)(run))
    said = [about(run), *run.left_out]
    last = max((at for at, part in enumerate(parts) if not isinstance(part, str)), default=-1)
    parts[last + 1 : last + 1] = said  # below the tables, above what there is to say about them
    return Group("", *(Text(f"{textwrap.fill(part, 80)}\n") if isinstance(part, str) else part
                       for part in parts))


def tables(run: Run) -> Iterable[RenderableType | str]:
    """For a benchmark without a page of its own: one table of all ladders, and how they grow."""
    sweeps = [run.sweep(name).without() for name in run.ladders]
    bases = {sweep.rungs[-1] for sweep in sweeps}
    yield ladder(sweeps, run.heading, [TIME, *map(times, sorted(bases)), MEMORY])
    if any(len(sweep.sizes) > 2 for sweep in sweeps):
        yield slopes(sweeps)
    if "torch" not in run.machine:
        yield NO_TORCH


def ladder(sweeps: Sequence[Sweep], title: str, columns: Sequence[Column]) -> Table:
    """A line for each rung at each size; above each ladder its name, if there are several."""
    shown = table(title)
    for heading in (f"\n{sweeps[0].axis}", "\nrung"):
        shown.add_column(heading, justify="right" if heading != "\nrung" else "left", no_wrap=True)
    for column in columns:
        shown.add_column(column.heading, justify="right", style=column.style, no_wrap=True)
    for sweep in sweeps:
        if len(sweeps) > 1:
            shown.add_row("", Text(sweep.name, "bold"))
        for size in sweep.sizes:
            rows = {rung: row for rung in sweep.rungs if (row := sweep.at(rung, size))}
            for nth, (rung, row) in enumerate(rows.items(), 1):
                shown.add_row(f"{size:,}" if nth == 1 else "", rung,
                              *(column.cell(row, rows) for column in columns),
                              end_section=nth == len(rows))
    return shown


def side_by_side(sweep: Sweep, title: str, columns: Sequence[tuple[str, Callable]]) -> Table:
    """A line for each size. columns: (heading, cell), the cell from all rows at that size, by rung."""
    shown = table(title)
    shown.add_column(f"\n{sweep.axis}", justify="right")
    for heading, _ in columns:
        shown.add_column(heading, justify="right", no_wrap=True,
                         style="bold" if "ratio" in heading else "dim" if "memory" in heading else "")
    for size in sweep.sizes:
        rows = {rung: row for rung in sweep.rungs if (row := sweep.at(rung, size))}
        shown.add_row(f"{size:,}", *(cell(rows) for _, cell in columns))
    return shown


def slopes(sweeps: Sequence[Sweep], *more: Sequence[Sweep]) -> Table:
    """How steeply time and memory grow at the large end; `more` are the same with more threads."""
    shown = table("Slopes: with 2, twice the size costs four times as much")
    shown.add_column("rung")
    for column in (sweeps, *more):
        shown.add_column(f"time, {threads(column[0].threads)}", justify="right")
    shown.add_column("memory", justify="right")
    for nth, sweep in enumerate(sweeps):
        for rung in sweep.rungs:
            steep = [column[nth].slope(rung) for column in (sweeps, *more)]
            steep.append(sweep.slope(rung, "peak_bytes"))
            name = f"{sweep.name}, {rung}" if len(sweeps) > 1 else rung
            shown.add_row(name, *("-" if one is None else f"{one:.1f}" for one in steep))
    return shown


def table(title: str) -> Table:
    """An empty table in the look of all of them."""
    return Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left",
                 title_style="bold")


def threads(n_threads: int) -> str:
    """1 -> "one thread"."""
    return "one thread" if n_threads == 1 else f"{n_threads} threads"


def about(run: Run) -> str:
    """What the numbers depend on."""
    machine, turns = run.machine, max(len(row["seconds"]) for row in run.rows)
    torch = f", PyTorch {machine['torch']}" if "torch" in machine else ""
    return (f"The fastest of up to {turns} turns. A dash is for what would take too long. "
            f"Python {machine['python']}, NumPy {machine['numpy']} ({machine['blas']}){torch}, "
            f"{machine['system']}.")
