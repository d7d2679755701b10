"""What a run measured, as plain values: tables, words and pictures are made from these alone."""

import math
from dataclasses import dataclass, replace

LAST = 3  # sizes at the large end that a slope is fitted to
YOUR, SOLUTIONS = "your", "the solution's"
TWIN = "solution "  # begins the name of the solution's function, measured beside the reader's


@dataclass(frozen=True)
class Row:
    """One rung at one size.

    seconds:    of a call, in the turn that was disturbed least
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

    @property
    def rungs(self) -> list[str]:
        """The ways that were measured, in the order in which they were declared."""
        return list(dict.fromkeys(row.rung for row in self.rows))

    @property
    def sizes(self) -> list[int]:
        return list(dict.fromkeys(row.size for row in self.rows))

    def of(self, rung: str) -> list[Row]:
        return [row for row in self.rows if row.rung == rung]

    def at(self, size: int) -> dict[str, Row]:
        """All rows at a size, by rung."""
        return {row.rung: row for row in self.rows if row.size == size}

    def both(self, one: str, other: str) -> list[tuple[Row, Row]]:
        """Two rungs, at the sizes that both have."""
        rows = map(self.at, self.sizes)
        return [(at[one], at[other]) for at in rows if one in at and other in at]

    def without(self, *names: str) -> "Sweep":
        """The same without some rungs, and without the solution's beside the reader's."""
        rows = tuple(row for row in self.rows
                     if row.rung not in names and not row.rung.startswith(TWIN))
        return replace(self, rows=rows)

    def slope(self, rung: str, what: str = "seconds") -> float | None:
        """How steeply the seconds or peak_bytes of a rung grow at the large end."""
        return slope([(row.size, value) for row in self.of(rung) if (value := getattr(row, what))])


@dataclass(frozen=True)
class Run:
    """One run.

    title:    what was measured
    whose:    "your", "the solution's", or "" where it is nobody's
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
        heading = f"{self.whose} {self.title}".strip()
        return heading[0].upper() + heading[1:]

    @property
    def threads(self) -> list[int]:
        """The numbers of threads that were measured."""
        return sorted({row["threads"] for row in self.rows})

    @property
    def ladders(self) -> list[str]:
        return list(dict.fromkeys(row["ladder"] for row in self.rows))

    def sweep(self, ladder: str, threads: int = 1) -> Sweep:
        """The rows of a ladder; none where none was finished."""
        found = [row for row in self.rows if (row["ladder"], row["threads"]) == (ladder, threads)]
        rows = [Row(row["rung"], row["size"], min(row["seconds"]), row["peak_bytes"])
                for row in sorted(found, key=lambda row: row["size"])]
        return Sweep(ladder, found[0]["axis"] if found else "", threads, tuple(rows))

    def by_solution(self) -> "Run | None":
        """As if it had been made on the solution's functions; None where they were not measured."""
        if self.whose != YOUR:
            return self
        twins = {row["rung"] for row in self.rows if row["rung"].startswith(TWIN)}
        rows = [{**row, "rung": row["rung"].removeprefix(TWIN)} for row in self.rows
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
