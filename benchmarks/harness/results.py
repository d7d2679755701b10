"""What a run measured, as plain values: tables, words and pictures are made from these alone."""

import math
from dataclasses import dataclass, replace
from functools import cached_property

LAST = 3  # sizes at the large end that a slope is fitted to
YOUR, SOLUTIONS = "your", "the solution's"
TWIN = "solution "  # begins the name of the solution's function, measured beside the reader's


@dataclass(frozen=True)
class Row:
    """One rung at one size.

    seconds:    of a call, in the round that was disturbed least
    peak_bytes: the most that a call holds at once; None where it was not measured
    """

    rung: str
    size: int
    seconds: float
    peak_bytes: int | None = None


@dataclass(frozen=True)
class Sweep:
    """The rows of one ladder with one number of threads, by growing size."""

    name: str
    axis: str
    threads: int
    rows: tuple[Row, ...]

    @cached_property
    def rungs(self) -> list[str]:
        """The ways that were measured, in the order in which they were declared."""
        return list(dict.fromkeys(row.rung for row in self.rows))

    @cached_property
    def sizes(self) -> list[int]:
        return sorted({row.size for row in self.rows})

    def of(self, rung: str) -> list[Row]:
        return [row for row in self.rows if row.rung == rung]

    def at(self, rung: str, size: int) -> Row | None:
        return next((row for row in self.of(rung) if row.size == size), None)

    def both(self, one: str, other: str) -> list[tuple[Row, Row]]:
        """Two rungs, at the sizes that both have."""
        pairs = [(self.at(one, size), self.at(other, size)) for size in self.sizes]
        return [(first, second) for first, second in pairs if first and second]

    def without(self, *names: str) -> "Sweep":
        """The same without some rungs, and without those of the solution beside the reader's."""
        rows = [row for row in self.rows if row.rung not in names and not row.rung.startswith(TWIN)]
        return Sweep(self.name, self.axis, self.threads, tuple(rows))

    def slope(self, rung: str, what: str = "seconds") -> float | None:
        """How steeply the seconds or peak_bytes of a rung grow at the large end."""
        points = [(row.size, getattr(row, what)) for row in self.of(rung)]
        return slope([(size, value) for size, value in points if value])


@dataclass(frozen=True)
class Run:
    """One run.

    title:    what was measured
    whose:    "your" or "the solution's"
    date:     when
    machine:  versions and the like
    left_out: a sentence for each rung that stopped early
    compared: the rungs by which runs are compared, the last one being the unit; () for all
    notes:    what the benchmark added
    rows:     a dict for each rung at each size with each number of threads
    """

    title: str
    whose: str
    date: str
    machine: dict
    left_out: list[str]
    compared: list[str]
    notes: dict
    rows: list[dict]

    @property
    def heading(self) -> str:
        """For example "Your attention, d = 64"."""
        return f"{self.whose.capitalize()} {self.title}"

    @property
    def threads(self) -> list[int]:
        """The numbers of threads that were measured."""
        return sorted({row["threads"] for row in self.rows})

    @property
    def ladders(self) -> list[str]:
        """The names of the ladders, in order."""
        return list(dict.fromkeys(row["ladder"] for row in self.rows))

    def sweep(self, ladder: str, threads: int = 1) -> Sweep:
        """The rows of a ladder; none where none was finished."""
        found = [row for row in self.rows if (row["ladder"], row["threads"]) == (ladder, threads)]
        rows = [Row(row["rung"], row["size"], min(row["seconds"]), row["peak_bytes"])
                for row in found]
        axis = found[0]["axis"] if found else ""
        return Sweep(ladder, axis, threads, tuple(sorted(rows, key=lambda row: row.size)))

    def by_solution(self) -> "Run | None":
        """As if it had been made on the solution's functions; None where they were not measured."""
        if self.whose != YOUR:
            return self
        twins = {row["rung"] for row in self.rows if row["rung"].startswith(TWIN)}
        rows = [row | {"rung": row["rung"].removeprefix(TWIN)} for row in self.rows
                if TWIN + row["rung"] not in twins]
        return replace(self, whose=SOLUTIONS, rows=rows) if twins else None


def slope(points: list[tuple[float, float]]) -> float | None:
    """The exponent of the growth at the large end: 2 means twice the size, four times the cost."""
    points = [(math.log(x), math.log(y)) for x, y in points[-LAST:]]
    if len(points) < 2:
        return None
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points))
    return (sum((x - mean_x) * (y - mean_y) for x, y in points)
            / sum((x - mean_x) ** 2 for x, _ in points))
