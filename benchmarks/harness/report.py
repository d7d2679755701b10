"""From a run to its tables and its words."""

import textwrap
from collections.abc import Callable, Iterable, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from benchmarks.harness import units
from benchmarks.harness.results import Row, Run, Sweep
from tests.runner.layout.widths import WIDTH

# A column: its heading, rich's style, and its cell from a row and all rows at that size, by rung.
Column = tuple[str, str, Callable[[Row, dict[str, Row]], str]]
Part = RenderableType | str  # a string is a paragraph

EINSUM = ("np.einsum multiplies in compiled loops of its own, one sum after the other. @ hands the "
          "whole product to BLAS, which works in blocks that stay in cache and uses each number "
          "many times.")


def duration(row: Row | None) -> str:
    return units.duration(row.seconds) if row else "-"


def memory(row: Row | None) -> str:
    return units.memory(row.peak_bytes) if row and row.peak_bytes is not None else "-"


TIME: Column = ("\ntime", "", lambda row, _: duration(row))
MEMORY: Column = ("peak\nmemory", "", lambda row, _: memory(row))


def times(base: str) -> Column:
    """How many times as long as another rung."""
    def cell(row: Row, at: dict[str, Row]) -> str:
        return units.factor(row.seconds / at[base].seconds) if base in at else "-"
    return f"times\n{base}", "bold", cell


def page(run: Run, make: Callable[[Run], Iterable[Part]] | None) -> Group:
    """All that is shown on the screen after a run. What the numbers depend on, and what was left
    out, stands below the tables."""
    parts = list((make or tables)(run))
    last = max((at for at, part in enumerate(parts) if not isinstance(part, str)), default=-1)
    return laid_out([*parts[: last + 1], about(run), *run.left_out, *parts[last + 1 :]])


def laid_out(parts: Iterable[Part]) -> Group:
    """Tables and paragraphs, one below the other."""
    return Group("", *(Text(f"{textwrap.fill(part, WIDTH)}\n") if isinstance(part, str) else part
                       for part in parts))


def tables(run: Run) -> Iterable[Part]:
    """For a benchmark without a page of its own: one table of all ladders, and how they grow."""
    sweeps = [run.sweep(name).without() for name in run.ladders]
    bases = dict.fromkeys(sweep.rungs[-1] for sweep in sweeps)
    yield ladder(sweeps, run.heading, [TIME, *map(times, bases), MEMORY])
    if any(len(sweep.sizes) > 2 for sweep in sweeps):
        yield slopes(sweeps)


def ladder(sweeps: Sequence[Sweep], title: str, columns: Sequence[Column]) -> Group:
    """A line for each rung at each size; above each ladder its name, if there are several."""
    lines = []
    for sweep in sweeps:
        if len(sweeps) > 1:
            lines.append(("", Text(sweep.name, "bold"), *[""] * len(columns)))
        for size in sweep.sizes:
            at = sweep.at(size)
            for nth, (rung, row) in enumerate(at.items()):
                cells = (cell(row, at) for _, _, cell in columns)
                lines.append((f"{size:,}" if nth == 0 else "", rung, *cells))
            lines.append(())
    headings = [(heading, style) for heading, style, _ in columns]
    return table(title, [(f"\n{sweeps[0].axis}", ""), "\nrung", *headings], lines[:-1])


def side_by_side(sweep: Sweep, title: str, columns: Sequence[tuple], axis: str = "") -> Group:
    """A line for each size. columns: as above, with the cell from all rows at that size."""
    headings = [(heading, style) for heading, style, _ in columns]
    rows = [(f"{size:,}", *(cell(sweep.at(size)) for _, _, cell in columns))
            for size in sweep.sizes]
    return table(title, [(axis or f"\n{sweep.axis}", ""), *headings], rows)


def each(heading: str, style: str, rungs: Iterable[str], cell: Callable[[Row | None], str]) -> list:
    """A column side by side for each rung, such as "time,\nloop"."""
    return [(f"{heading},\n{rung}", style, lambda at, rung=rung: cell(at.get(rung)))
            for rung in rungs]


def slopes(*by_threads: Sequence[Sweep]) -> Group:
    """How steeply time and memory grow at the large end; sweeps with one thread, then with more."""
    lines, first = [], by_threads[0]
    for nth, sweep in enumerate(first):
        for rung in sweep.rungs:
            steep = [sweeps[nth].slope(rung) for sweeps in by_threads]
            steep.append(sweep.slope(rung, "peak_bytes"))
            lines.append((f"{sweep.name}, {rung}" if len(first) > 1 else rung,
                          *("-" if one is None else f"{one:.1f}" for one in steep)))
    times = [(f"time, {threads(sweeps[0].threads)}", "") for sweeps in by_threads]
    return table("Slopes: with 2, twice the size costs four times as much",
                 ["rung", *times, ("memory", "")], lines)


def table(title: str, headings: Sequence[str | tuple[str, str]], rows: Iterable[tuple]) -> Group:
    """A table below its title. headings: text for a column on the left, (text, style) for one on
    the right. An empty row leaves a line free."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        left = isinstance(heading, str)
        text, style = (heading, "") if left else heading
        shown.add_column(text, style=style, justify="left" if left else "right",
                         no_wrap=not left or heading is not headings[-1])
    for row in rows:
        shown.add_row(*row)
    return Group(Text(title, "bold"), shown)


def threads(n_threads: int) -> str:
    """1 -> "one thread"."""
    return "one thread" if n_threads == 1 else f"{n_threads} threads"


def about(run: Run) -> str:
    """What the numbers depend on."""
    machine, turns = run.machine, max(len(row["seconds"]) for row in run.rows)
    beside = any(row["rung"] == "PyTorch" for row in run.rows)
    torch = f", PyTorch {machine['torch']}" if beside else ""
    one = ", with one thread" if run.threads == [1] else ""
    one += f", in {clock}" if (clock := machine.get("clock")) else ""
    return (f"The fastest of up to {turns} turns{one}. A dash is for what would take too long. "
            f"Python {machine['python']}, NumPy {machine['numpy']} ({machine['blas']}){torch}, "
            f"{machine['system']}.")
