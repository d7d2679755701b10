"""The process in which both sides are called, so that nothing that a function does can harm the page.

python -m benchmarks.compare.child KATA ...: of these katas it takes the reader's functions, of all
others the solution's.
"""

import importlib
import platform
import sys
from dataclasses import asdict

from benchmarks.worker import serve
from tests.runner.lessons.loading import loading_from, readers, solutions


class Bench:
    """Compares one pair at a time."""

    def __init__(self, green: list[str]):
        # Only now: where PyTorch cannot be loaded, that is the answer to each order.
        from benchmarks.compare import measure
        from benchmarks.compare.pairs import all_pairs

        self.green, self.measure, self.pairs = green, measure, all_pairs()

    def about(self) -> dict:
        """The pairs, in order, and the versions that the numbers depend on."""
        import numpy as np
        import torch

        pairs = [{"kata": kata, "function": pair.function, "whose": self._whose(kata), "called": pair.called,
                  "why": pair.why} for kata, pairs in self.pairs.items() for pair in pairs]
        versions = (f"PyTorch {torch.__version__}, NumPy {np.__version__}, Python {platform.python_version()}, "
                    f"{platform.system()}")
        return {"pairs": pairs, "versions": versions, "seed": self.measure.SEED}

    def row(self, number: int) -> dict:
        """One pair, by its place in the list."""
        kata, pair = [(kata, pair) for kata, pairs in self.pairs.items() for pair in pairs][number]
        with loading_from(readers if kata in self.green else solutions):
            ours = getattr(importlib.import_module(kata), pair.function)
            return asdict(self.measure.compare(pair, ours, kata, self._whose(kata)))

    def _whose(self, kata: str) -> str:
        return "yours" if kata in self.green else "solution"


if __name__ == "__main__":
    serve(lambda: Bench(sys.argv[1:]))
