"""Measures one turn of one row at a time, and decides which are worth it."""

import time
from collections import defaultdict
from dataclasses import dataclass

from benchmarks.harness import memory, units
from benchmarks.harness.declare import Ladder
from benchmarks.harness.tensors import as_tensors
from benchmarks.harness.threads import Limit

BLOCK = 0.005  # seconds: shorter calls are timed many at a time, in several rounds
ROUNDS = 3  # of such a block in each turn
SLOW = 0.3  # seconds from which on the first call counts: there is hardly anything to warm up
FEWEST, PATIENCE = 3, 10.0  # turns that are enough after so many seconds at one size
ONCE = 1.0  # a call that takes longer is timed once
SELDOM, CLOSE = 0.02, 1.6  # one that takes longer, and so many times as long as the fastest, FEWEST times
LIMIT = 5.0  # seconds that one call may be expected to take
TRACED_LIMIT = 4.0  # the same for a call that is watched for memory, which slows loops down


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
    def place(self) -> tuple[str, int, str, int]:
        """What its turns share."""
        return *self.step, self.rung, self.threads

    def __str__(self) -> str:
        return f"{self.rung} at {self.size:,} {self.ladder.axis}"


class Lab:
    """What has been measured, and what is ready to be.

    times:    by place, the seconds of a call in each turn
    peaks:    by place, the most bytes that a call holds at once
    left_out: a sentence for each rung that stopped early
    """

    def __init__(self):
        self.times: dict[tuple, list[float]] = defaultdict(list)
        self.peaks: dict[tuple, int] = {}
        self.left_out: list[str] = []
        self.axes: dict[str, str] = {}
        self.stopped: set[tuple[str, str]] = set()
        self.latest: dict[tuple, tuple[int, float]] = {}  # by ladder, rung, threads: size, seconds
        self.traced: dict[tuple, tuple[int, float]] = {}  # the same for calls that were watched
        self.limit = Limit()
        self.step, self.began = None, 0.0
        self.calls, self.arguments = {}, {}

    def wants(self, row: Row) -> bool:
        """Whether this turn is worth its time. Most go to rungs that are close to each other."""
        if (row.ladder.name, row.rung) in self.stopped:
            return False
        if self.step != row.step:
            self.step, self.began = row.step, time.perf_counter()
            self.calls, self.arguments = {}, {}
        seconds = self.times[row.place]
        if row.turn == 0:
            return self._is_quick_enough(row)
        if len(seconds) < FEWEST:
            return max(seconds, default=0.0) < ONCE
        if time.perf_counter() - self.began > PATIENCE:
            return False
        best = min(min(times) for place, times in self.times.items() if times and place[:2] == row.step)
        return min(seconds) < max(SELDOM, CLOSE * best)

    def measure(self, row: Row, benchmark) -> None:
        """Time one turn; in the first, then measure the peak memory in a call of its own."""
        rung = row.ladder.rungs[row.rung]
        library = "PyTorch" if rung.tensors else "NumPy"
        with self.limit.to(1 if rung.workers else row.threads, library):
            if row.place not in self.calls:
                self.calls[row.place] = self._ready(row)
            call = self.calls[row.place]
            expected = min(self.times[row.place], default=self._expected(row, self.latest))
            if row.turn == 0 and expected < SLOW:
                expected = _seconds(call)  # which warms up, too
            benchmark.pedantic(call, rounds=ROUNDS if expected < BLOCK else 1,
                               iterations=max(1, int(BLOCK / max(expected, 1e-7))))
            seconds = benchmark.stats["min"]
            self.times[row.place].append(seconds)
            self.latest[_line(row)] = row.size, min(self.times[row.place])
            if row.turn == 0:
                self._watch_memory(row)

    def _watch_memory(self, row: Row) -> None:
        """Call it once more, watched, unless that would take too long."""
        def call():
            self._ready(row)()

        if row.ladder.rungs[row.rung].tensors:
            self.peaks[row.place] = memory.by_torch(call)
        elif self._expected(row, self.traced) <= TRACED_LIMIT:
            start = time.perf_counter()
            self.peaks[row.place] = memory.by_python(call)
            self.traced[_line(row)] = row.size, time.perf_counter() - start

    def stop(self, row: Row, reason: str) -> None:
        """Leave out the rest of a rung, and say why."""
        self.stopped.add((row.ladder.name, row.rung))
        self.times.pop(row.place, None)
        self.left_out.append(f"{row} {reason}.")

    def saved(self, steps: list[tuple[str, int]]) -> list[dict]:
        """The rows of these ladders at these sizes, as JSON can hold them."""
        return [{"ladder": ladder, "axis": self.axes[ladder], "size": size, "rung": rung,
                 "threads": threads, "seconds": seconds, "peak_bytes": self.peaks.get(place)}
                for place, seconds in self.times.items() if seconds
                for ladder, size, rung, threads in [place] if (ladder, size) in steps]

    def _is_quick_enough(self, row: Row) -> bool:
        self.axes[row.ladder.name] = row.ladder.axis
        expected = self._expected(row, self.latest)
        if expected <= LIMIT:
            return True
        self.stop(row, f"was not measured: a call would take about {units.duration(expected)}, "
                       f"and {LIMIT:g} s is the most")
        return False

    def _expected(self, row: Row, before: dict) -> float:
        """How long a call will take, from the size before; 0 where nothing is known yet."""
        if _line(row) not in before:
            return 0.0
        size, seconds = before[_line(row)]
        return seconds * (row.size / size) ** row.ladder.growth

    def _ready(self, row: Row):
        """What to call, without arguments."""
        rung = row.ladder.rungs[row.rung]
        arguments = self._arguments(row, rung.tensors)
        options = {"workers": row.threads} if rung.workers else {}
        if rung.prepares:
            return rung.function(*arguments, **options)
        return lambda: rung.function(*arguments, **options)

    def _arguments(self, row: Row, tensors: bool) -> tuple:
        if False not in self.arguments:
            self.arguments[False] = row.ladder.arguments(row.size)
        if tensors and True not in self.arguments:
            self.arguments[True] = as_tensors(self.arguments[False])
        return self.arguments[tensors]


def _line(row: Row) -> tuple[str, str, int]:
    return row.ladder.name, row.rung, row.threads


def _seconds(call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
