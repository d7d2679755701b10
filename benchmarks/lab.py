"""The processes in which rungs are timed: one for one BLAS thread, one for all of them.

NumPy's BLAS reads from the environment how many threads to use, once, when it is loaded. So
each number of threads has a process of its own, and the two take turns: while one measures,
the other waits.
"""

import os
import time

from benchmarks import threads
from benchmarks.rungs import FAST, TORCH
from benchmarks.worker import Worker

QUIET = 0.04  # seconds: so long the threads of a BLAS may still turn in place, waiting for more


class Lab:
    """Both processes, each started when it is first needed."""

    def __init__(self, whose: str, n_threads: int):
        self.children = {count: _child(whose, count) for count in {1, n_threads}}
        self.restless = None  # what may still turn in place

    def __enter__(self) -> "Lab":
        return self

    def __exit__(self, *problem) -> None:
        for child in self.children.values():
            child.end()

    def about(self) -> dict:
        """Which rungs there are, and what the numbers depend on."""
        return self.children[1].ask(do="about")

    def peak(self, n_threads: int) -> float:
        """Operations per second in a matrix product with so many threads."""
        self._settle(("BLAS", n_threads))
        return self.children[n_threads].ask(do="peak")["flops"]

    def seconds(self, rung: str, tokens: int, n_threads: int) -> float:
        """The time of a call."""
        self._settle((TORCH if rung == TORCH else "BLAS", _blas_threads(rung, n_threads)))
        return self._ask("time", rung, tokens, n_threads)["seconds"]

    def peak_bytes(self, rung: str, tokens: int, n_threads: int) -> int:
        """The most memory that a call holds at once."""
        return self._ask("memory", rung, tokens, n_threads)["bytes"]

    def _ask(self, what: str, rung: str, tokens: int, n_threads: int) -> dict:
        child = self.children[_blas_threads(rung, n_threads)]
        return child.ask(do=what, rung=rung, tokens=tokens, workers=n_threads)

    def _settle(self, busy: tuple[str, int]) -> None:
        """Threads of another library or process must have gone to sleep before anything is timed."""
        if self.restless not in (None, busy):
            time.sleep(QUIET)
        self.restless = busy if busy[1] > 1 else None


def _blas_threads(rung: str, n_threads: int) -> int:
    """The fast version brings threads of its own; all others leave them to their library."""
    return 1 if rung == FAST else n_threads


def _child(whose: str, n_threads: int) -> Worker:
    """A process with a fixed number of BLAS threads."""
    return Worker(["-m", "benchmarks.bench_child", whose], {**os.environ, **dict.fromkeys(threads.NAMES, str(n_threads))})
