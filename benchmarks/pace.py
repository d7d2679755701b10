"""Measures one row of a ladder at a time, and leaves out those that would take too long.

A rung is one way to compute the same thing; a row is one rung at one size. Rows of a
rung come in growing size, so each tells how long the next one will take.
"""

import time
import tracemalloc
from collections.abc import Callable

import pytest

from benchmarks import units

LIMIT = 5.0  # seconds that one call may be expected to take
TRACED_LIMIT = 4.0  # the same for the call that is watched for memory, which is slower
ONCE = 1.0  # seconds from which on one call is enough, and none goes before to warm up
ENOUGH = 0.3  # seconds of timing for each row
MIN_ROUNDS, MAX_ROUNDS = 3, 200


class Pace:
    """Remembers what the rows before took.

    timed:   by rung, the latest (tokens, seconds) of a call
    traced:  the same for calls under tracemalloc
    stopped: rungs whose next rows are left out
    """

    def __init__(self):
        self.timed: dict[str, tuple[int, float]] = {}
        self.traced: dict[str, tuple[int, float]] = {}
        self.stopped: set[str] = set()

    def measure(self, benchmark, rung: str, tokens: int, call: Callable[[], object]) -> None:
        """Time one row, then measure its peak memory in a call of its own."""
        if rung in self.stopped:
            pytest.skip()  # the row that stopped it has said why
        try:
            self._time(benchmark, rung, tokens, call)
        except BaseException:
            benchmark.has_error = True  # pytest-benchmark then saves no half-measured row
            self.stopped.add(rung)
            raise
        if _expected(self.traced, rung, tokens) <= TRACED_LIMIT:
            n_bytes, seconds = peak_memory(call)
            benchmark.extra_info["peak_bytes"] = n_bytes
            self.traced[rung] = tokens, seconds

    def _time(self, benchmark, rung: str, tokens: int, call: Callable[[], object]) -> None:
        expected = _expected(self.timed, rung, tokens)
        if expected > LIMIT:
            before, seconds = self.timed[rung]
            pytest.skip(f"{rung} was stopped before {tokens:,} tokens: {before:,} took "
                        f"{units.duration(seconds)}, so these would take about "
                        f"{units.duration(expected)}, and a call may take {LIMIT:g} s.")
        rounds = 1 if expected > ONCE else _rounds(_seconds(call))  # that call warms up, too
        benchmark.pedantic(call, rounds=rounds)
        self.timed[rung] = tokens, benchmark.stats["median"]


def peak_memory(call: Callable[[], object]) -> tuple[int, float]:
    """The most bytes that a call holds at once beyond what is there, and the seconds it took."""
    tracemalloc.start()
    try:
        seconds = _seconds(call)
        return tracemalloc.get_traced_memory()[1], seconds
    finally:
        tracemalloc.stop()


def _expected(before: dict[str, tuple[int, float]], rung: str, tokens: int) -> float:
    """Attention grows with the square of the tokens; 0 where nothing is known yet."""
    if rung not in before:
        return 0.0
    n_before, seconds = before[rung]
    return seconds * (tokens / n_before) ** 2


def _rounds(seconds: float) -> int:
    return int(min(max(ENOUGH / max(seconds, 1e-9), MIN_ROUNDS), MAX_ROUNDS))


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
