"""From the saved numbers of one run to its table and its words."""

import math
import textwrap
from dataclasses import dataclass, replace

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from benchmarks import units

LAST = 3  # rows at the large end that a slope is fitted to


@dataclass(frozen=True)
class Row:
    """One rung at one number of tokens.

    seconds:    the median of a call
    peak_bytes: the most that a call holds at once; None where it was not measured
    heads:      how many heads; 1 where that is not what is measured
    """

    rung: str
    tokens: int
    seconds: float
    peak_bytes: int | None
    heads: int = 1


@dataclass(frozen=True)
class Results:
    """One run.

    whose:    "your" or "the solution's"
    d:        d_k and d_v
    rungs:    slowest first
    threads:  how many the matrix products may use: "1", or "all"
    rows:     by growing tokens
    left_out: a sentence for each rung that stopped early
    axis:     what grows from row to row: "tokens" or "heads"
    """

    whose: str
    d: int
    dtype: str
    rungs: tuple[str, ...]
    threads: str
    machine: dict
    rows: tuple[Row, ...]
    left_out: tuple[str, ...]
    axis: str = "tokens"

    def at(self, rung: str, size: int) -> Row | None:
        return next((row for row in self.of(rung) if self.size(row) == size), None)

    def of(self, rung: str) -> list[Row]:
        return [row for row in self.rows if row.rung == rung]

    def size(self, row: Row) -> int:
        return getattr(row, self.axis)

    @property
    def sizes(self) -> list[int]:
        return sorted({self.size(row) for row in self.rows})

    @property
    def compared(self) -> list[tuple[Row, Row]]:
        """The slowest and the fastest rung, at the sizes that both have."""
        pairs = [(self.at(self.rungs[0], size), self.at(self.rungs[-1], size)) for size in self.sizes]
        return [(slow, fast) for slow, fast in pairs if slow and fast]

    def along(self, axis: str, **fixed: int) -> "Results":
        """The rows in which one axis grows and what is fixed has this size, as in along("heads", tokens=16)."""
        rows = [row for row in self.rows if all(getattr(row, name) == size for name, size in fixed.items())]
        return replace(self, axis=axis, rows=tuple(sorted(rows, key=lambda row: getattr(row, axis))))


def read(saved: dict) -> Results:
    """What pytest-benchmark saved, as results."""
    about, machine = saved["about"], saved["machine_info"]
    rows = [Row(**one["params"], seconds=one["stats"]["median"],
                peak_bytes=one["extra_info"].get("peak_bytes")) for one in saved["benchmarks"]]
    return Results(
        about["whose"], about["d"], about["dtype"], tuple(about["rungs"]), about["threads"], machine,
        tuple(sorted(rows, key=lambda row: row.tokens)), tuple(about["left_out"]),
    )


def layout(results: Results, tables: list[Table], said: list[str]) -> Group:
    """The tables, what the numbers depend on, and then what there is to say about them."""
    said = [_machine(results), *results.left_out, *said]
    return Group("", *tables, *(Text(f"{textwrap.fill(one, 80)}\n") for one in said))


def table(results: Results, name: str) -> Table:
    """A line for each size: times, how many times as long, peak memory."""
    shown = Table(title=name, box=box.SIMPLE_HEAD, pad_edge=False,
                  title_justify="left", title_style="bold")
    shown.add_column(f"\n{results.axis}", justify="right")
    for rung in results.rungs:
        shown.add_column(f"time,\n{rung}", justify="right")
    shown.add_column("\nratio", justify="right", style="bold")
    for rung in results.rungs:
        shown.add_column(f"memory,\n{rung}", justify="right", style="dim")
    for size in results.sizes:
        rows = [results.at(rung, size) for rung in results.rungs]
        shown.add_row(f"{size:,}", *(units.duration(row.seconds) if row else "-" for row in rows),
                      _ratio(rows), *(_memory(row) for row in rows))
    return shown


def slope(points: list[tuple[float, float]]) -> float | None:
    """The exponent of the growth at the large end: 2 means twice the tokens, four times the cost."""
    points = [(math.log(x), math.log(y)) for x, y in points[-LAST:]]
    if len(points) < 2:
        return None
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points))
    return (sum((x - mean_x) * (y - mean_y) for x, y in points)
            / sum((x - mean_x) ** 2 for x, _ in points))


def _ratio(rows: list[Row | None]) -> str:
    slow, fast = rows[0], rows[-1]
    return units.ratio(slow.seconds / fast.seconds) if slow and fast else "-"


def _memory(row: Row | None) -> str:
    return units.memory(row.peak_bytes) if row and row.peak_bytes is not None else "-"


def _machine(results: Results) -> str:
    machine = results.machine
    threads = f"{results.threads} thread{'' if results.threads == '1' else 's'}"
    return (f"Medians; a dash is for what would take too long. Python {machine['python']}, "
            f"NumPy {machine['numpy']} ({machine['blas']}, {threads}), {machine['system']}.")
