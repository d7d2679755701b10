"""What a pair is, and all pairs: each file pairs_NN_topic.py is the table of its lesson."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.compare import given


@dataclass(frozen=True)
class Pair:
    """Two functions that take the same arguments, one of arrays and one of tensors.

    Both may return tuples, lists and dicts of arrays, as long as they are nested alike.

    function: the name of ours
    called:   what PyTorch's is called, in few words; "formula" where it has none for the job
    given:    names of arguments (given.py), or a function that makes them from a random generator;
              floats are float64
    theirs:   PyTorch's, on tensors in the same shapes
    why:      where the two differ by design, why
    """

    function: str
    called: str
    given: str | Callable[[np.random.Generator], tuple]
    theirs: Callable
    why: str = ""

    def arguments(self, seed: int) -> tuple:
        """The same in every run, whichever other pairs there are."""
        random = np.random.default_rng(seed)
        if isinstance(self.given, str):
            return given.arguments(self.given, random)
        return self.given(random)


def all_pairs() -> dict[str, tuple[Pair, ...]]:
    """The pairs by the kata whose functions they compare. Needs PyTorch."""
    files = sorted(Path(__file__).parent.glob("pairs_[0-9][0-9]_*.py"))
    return {file.stem.replace("pairs_", "kata_"):
            importlib.import_module(f"{__package__}.{file.stem}").PAIRS for file in files}
