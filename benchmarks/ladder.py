"""Climbs the ladder: which rungs are measured at which number of tokens, in which order, how often."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks import units
from benchmarks.lab import Lab
from benchmarks.progress import Steps
from benchmarks.rungs import BY_SOLUTION, LOOP, ORDER, ROWS
from benchmarks.worker import NoAnswerError

SIZES = (16, 64, 256, 1024, 2048, 4096)
LARGER = (8192, 16384)  # only if asked for
LAST_OF_LOOP = 256
ROUNDS, FEWEST = 15, 3
PATIENCE = 10.0  # seconds at one number of tokens, after which FEWEST rounds are enough
ONCE = 1.0  # a call that takes longer is timed once
SELDOM, CLOSE = 0.02, 1.6  # one that takes longer, and so many times as long as the fastest, FEWEST times
LIMIT = 5.0  # seconds that one call may be expected to take
TRACED_LIMIT = 0.6  # the same for a call that is watched for memory, which slows loops down several times


@dataclass
class Climb:
    """What has been measured so far.

    rows:     by (tokens, rung, threads), of the numbers of tokens that are complete
    peaks:    operations per second in a matrix product at its best, by threads
    left_out: a sentence for each rung that stopped early
    """

    whose: str
    about: dict
    rows: dict[tuple[int, str, int], dict] = field(default_factory=dict)
    peaks: dict[int, float] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)

    def saved(self) -> dict:
        """All of it, as JSON can hold it."""
        about = {key: self.about[key] for key in ("machine", "d", "dtype")}
        rows = [{"tokens": tokens, "rung": rung, "threads": threads, **row}
                for (tokens, rung, threads), row in self.rows.items()]
        return {"whose": self.whose, **about, "peaks": {str(n): peak for n, peak in self.peaks.items()},
                "left_out": self.left_out, "rows": rows}


def climb(found: Climb, lab: Lab, sizes: list[int], n_threads: int, steps: Steps) -> None:
    """Measure all sizes, the smallest first; what is complete stands in found even if we are interrupted."""
    counts = sorted({1, n_threads})
    steps.expect(len(sizes))
    for tokens in sizes:
        steps.begin(f"{tokens:,} tokens")
        _look_for_peak(found, lab, counts)  # again and again: the machine may have been busy before
        rows = _measure(found, lab, tokens, counts, steps)
        found.rows |= rows


def expected(found: Climb, tokens: int, rung: str, n_threads: int) -> float:
    """How long a call will take, if the time grows with the square of the tokens; 0 where nothing is known."""
    before = [row for row in found.rows if row[1:] == (rung, n_threads)]
    if not before:
        return 0.0
    latest = max(before)
    return fastest(found.rows[latest]["seconds"]) * (tokens / latest[0]) ** 2


def fastest(seconds: list[float]) -> float:
    """The round that was disturbed least: other programs can only make a call slower."""
    return min(seconds)


def _measure(found: Climb, lab: Lab, tokens: int, counts: list[int], steps: Steps) -> dict:
    """All rows of one number of tokens: in each round every row once, there and back in turn."""
    order = list(_order(found, tokens, counts))
    times: dict[tuple[str, int], list[float]] = {row: [] for row in order}
    start = time.perf_counter()
    for turn in range(ROUNDS):
        if turn >= FEWEST and time.perf_counter() - start > PATIENCE:
            break
        for rung, n_threads in order[:: -1 if turn % 2 else 1]:
            seconds = times[rung, n_threads]
            if rung in found.stopped or not _again(seconds, times):
                continue
            steps.note(f"{tokens:,} tokens, round {turn + 1}: {rung}")
            with _sentence(found, rung, tokens):
                seconds.append(lab.seconds(rung, tokens, n_threads))
    rows = {}
    for (rung, n_threads), seconds in times.items():
        if seconds and rung not in found.stopped:
            steps.note(f"{tokens:,} tokens, memory: {rung}")
            rows[tokens, rung, n_threads] = {"seconds": seconds, "peak_bytes": None}
            if _traceable(rung, fastest(seconds)):
                with _sentence(found, rung, tokens):
                    rows[tokens, rung, n_threads]["peak_bytes"] = lab.peak_bytes(rung, tokens, n_threads)
    return rows


def _order(found: Climb, tokens: int, counts: list[int]) -> Iterator[tuple[str, int]]:
    """The rows at one number of tokens: rung and threads. A rung that would take too long is left out."""
    loops, one_thread = (LOOP, BY_SOLUTION[LOOP]), (LOOP, BY_SOLUTION[LOOP], ROWS)
    names = [name for rung in ORDER for name in (rung, BY_SOLUTION.get(rung)) if name in found.about["rungs"]]
    for n_threads in counts:
        for rung in names:
            if (rung in loops and tokens > LAST_OF_LOOP) or (rung in one_thread and n_threads > 1):
                continue
            seconds = expected(found, tokens, rung, n_threads)
            if seconds > LIMIT and rung not in found.stopped:
                found.stopped.add(rung)
                found.left_out.append(
                    f"{rung} was stopped before {tokens:,} tokens: a call would take about "
                    f"{units.duration(seconds)}, and {LIMIT:g} s is the most.")
            if rung not in found.stopped:
                yield rung, n_threads


def _again(seconds: list[float], times: dict[tuple[str, int], list[float]]) -> bool:
    """Most rounds go to the rungs that are close to each other, and to those that cost no time."""
    if len(seconds) < FEWEST:
        return max(seconds, default=0.0) < ONCE
    best = min(fastest(others) for others in times.values() if others)
    return len(seconds) < ROUNDS and fastest(seconds) < max(SELDOM, CLOSE * best)


def _traceable(rung: str, seconds: float) -> bool:
    return seconds < TRACED_LIMIT or (LOOP not in rung and seconds < LIMIT)


@contextlib.contextmanager
def _sentence(found: Climb, rung: str, tokens: int):
    """A row without a number stops its rung, and leaves a sentence that says why."""
    try:
        yield
    except NoAnswerError as problem:
        found.stopped.add(rung)
        found.left_out.append(f"{rung} at {tokens:,} tokens {problem}.")


def _look_for_peak(found: Climb, lab: Lab, counts: list[int]) -> None:
    for n_threads in counts:
        found.peaks[n_threads] = max(found.peaks.get(n_threads, 0.0), lab.peak(n_threads))
