"""Measures one turn of one row at a time, and decides which are worth their time."""

import os
import time
from dataclasses import dataclass

from benchmarks.harness import memory, units
from benchmarks.harness.declare import Ladder
from benchmarks.harness.tensors import as_tensors
from benchmarks.harness.threads import Limit

TURNS = int(os.environ.get("BENCH_TURNS", "8"))
BLOCK, ROUNDS = 0.005, 3  # shorter calls are timed many at a time, so many seconds, in rounds
SLOW = 0.3  # seconds; there is hardly anything to warm up before a call that takes longer
ENOUGH = 3.0  # seconds of calls, after which a row has no more turns
LIMIT = 5.0  # seconds that one call may be expected to take
TRACED_LOOP = 0.5  # the same for a loop whose memory is watched, which slows it down a lot


@dataclass(frozen=True)
class Row:
    """One turn of one rung at one size, with so many threads."""

    ladder: Ladder
    size: int
    rung: str
    threads: int
    turn: int

    @property
    def step(self) -> tuple[str, int]:
        """What is finished together."""
        return self.ladder.name, self.size

    @property
    def line(self) -> tuple[str, str, int]:
        """What grows with the sizes."""
        return self.ladder.name, self.rung, self.threads

    def __str__(self) -> str:
        return f"{self.rung} at {self.size:,} {self.ladder.axis}"


class Lab:
    """What has been measured, and what is ready to be.

    found:    by line and size, the row as it is saved, with the seconds of a call in each turn
    latest:   by line, the size that was measured last, and its seconds
    left_out: a sentence for each rung that stopped early
    """

    def __init__(self):
        self.found: dict[tuple, dict] = {}
        self.latest: dict[tuple, tuple[int, float]] = {}
        self.stopped: set[tuple[str, str]] = set()
        self.left_out: list[str] = []
        self.limit = Limit()
        self.step = None

    def wants(self, row: Row) -> bool:
        """Whether this turn is worth its time."""
        if row.line[:2] in self.stopped:
            return False
        if row.turn:
            return sum(self.found[row.line, row.size]["seconds"]) < ENOUGH
        if (expected := self._expected(row)) <= LIMIT:
            return True
        self.stop(row, f"was not measured: a call would take about {units.duration(expected)}, "
                       f"and {LIMIT:g} s is the most")
        return False

    def measure(self, row: Row, benchmark) -> None:
        """Time one turn; after the first, measure the peak memory in a call of its own."""
        rung = row.ladder.usable[row.rung]
        library = "PyTorch" if rung.tensors else "NumPy"
        if self.step != row.step:
            self.step, self.calls, self.arguments = row.step, {}, {}
        with self.limit.to(1 if rung.workers else row.threads, library):
            if row.line not in self.calls:
                self.calls[row.line] = self._ready(row)
            call, expected = self.calls[row.line], self._expected(row)
            if row.turn == 0 and expected < SLOW:
                expected = _seconds(call)  # which warms up, too
            benchmark.pedantic(call, rounds=ROUNDS if expected < BLOCK else 1,
                               iterations=max(1, int(BLOCK / max(expected, 1e-7))))
            seconds = benchmark.stats["min"]
            if row.turn == 0:
                self.found[row.line, row.size] = {
                    "ladder": row.ladder.name, "axis": row.ladder.axis, "size": row.size,
                    "rung": row.rung, "threads": row.threads, "seconds": [], "peak_bytes": None}
            self.found[row.line, row.size]["seconds"].append(seconds)
            self.latest[row.line] = row.size, seconds
            if row.turn == 0 and seconds < (TRACED_LOOP if rung.serial else LIMIT):
                peak = memory.by_torch if rung.tensors else memory.by_python
                self.found[row.line, row.size]["peak_bytes"] = peak(lambda: self._ready(row)())

    def stop(self, row: Row, reason: str) -> None:
        """Leave out the rest of a rung, and say why."""
        self.stopped.add(row.line[:2])
        self.found.pop((row.line, row.size), None)
        self.left_out.append(f"{row} {reason}.")

    def _expected(self, row: Row) -> float:
        """How long a call will take, from the one before; 0 where nothing is known yet."""
        size, seconds = self.latest.get(row.line, (row.size, 0.0))
        return seconds * (row.size / size) ** row.ladder.growth

    def _ready(self, row: Row):
        """What to call, without arguments."""
        rung = row.ladder.usable[row.rung]
        if rung.tensors not in self.arguments:
            arguments = row.ladder.arguments(row.size)
            self.arguments[rung.tensors] = as_tensors(arguments) if rung.tensors else arguments
        arguments = self.arguments[rung.tensors]
        options = {"workers": row.threads} if rung.workers else {}
        if rung.prepares:
            return rung.function(*arguments, **options)
        return lambda: rung.function(*arguments, **options)


def _seconds(call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
