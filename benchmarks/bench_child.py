"""A process that times rungs when told to. Its environment fixed the number of BLAS threads.

What the measured functions print goes nowhere. benchmarks/lab.py starts it:
python -m benchmarks.bench_child your|solution
"""

import sys
import time

import numpy as np

from benchmarks import peak
from benchmarks.machine import about_machine
from benchmarks.rungs import TORCH, rungs
from benchmarks.worker import serve
from tests.runner.lessons.loading import loading_from, readers, solutions

D, DTYPE = 64, np.float32  # d_k and d_v: the width of a head in GPT-2
BLOCK = 0.005  # seconds: calls that are shorter are timed many at a time
SLOW = 0.3  # seconds from which on the first call counts: there is hardly anything to warm up
PEAK_SIZE, PEAK_CALLS = 1024, 6


class Bench:
    """The rungs, and those that are prepared for the current number of tokens."""

    def __init__(self, of_reader: bool):
        self.rungs = rungs(of_reader)
        self.tokens, self.inputs, self.prepared = 0, None, {}

    def about(self) -> dict:
        """Which rungs there are, and what the numbers depend on."""
        machine = about_machine()
        if TORCH in self.rungs:
            import torch

            machine["torch"] = torch.__version__
        return {"machine": machine, "rungs": list(self.rungs), "d": D, "dtype": np.dtype(DTYPE).name}

    def time(self, rung: str, tokens: int, workers: int) -> dict:
        """The seconds of a call: the mean over a block of them."""
        self._go_to(tokens)
        if (rung, workers) not in self.prepared:
            call = self.rungs[rung](*self.inputs, workers)
            first = _seconds(call)
            self.prepared[rung, workers] = call, first
            if first > SLOW:
                return {"seconds": first}
        call, first = self.prepared[rung, workers]
        if first < BLOCK:
            first = min(first, _seconds(call))
        calls = max(1, int(BLOCK / max(first, 1e-7)))
        seconds = _seconds(call, calls)
        self.prepared[rung, workers] = call, min(first, seconds)
        return {"seconds": seconds}

    def memory(self, rung: str, tokens: int, workers: int) -> dict:
        """The most bytes that a rung holds at once, its scratch memory included."""
        self._go_to(tokens)
        measure = peak.by_torch if rung == TORCH else peak.by_python
        return {"bytes": measure(lambda: self.rungs[rung](*self.inputs, workers)())}

    def peak(self) -> dict:
        """Floating-point operations per second in a matrix product at its best."""
        left, right = np.random.default_rng(0).normal(size=(2, PEAK_SIZE, PEAK_SIZE)).astype(DTYPE)
        out = np.empty_like(left)
        best = min(_seconds(lambda: np.matmul(left, right, out=out)) for _ in range(PEAK_CALLS))
        return {"flops": 2 * PEAK_SIZE**3 / best}

    def _go_to(self, tokens: int) -> None:
        if tokens != self.tokens:
            inputs = np.random.default_rng(tokens).normal(size=(3, tokens, D)).astype(DTYPE)
            self.tokens, self.inputs, self.prepared = tokens, inputs, {}


def _seconds(call, calls: int = 1) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def main(whose: str) -> None:
    """Carry out orders until there are no more."""
    with loading_from(readers if whose == "your" else solutions):
        serve(lambda: Bench(of_reader=whose == "your"))


if __name__ == "__main__":
    main(sys.argv[1])
