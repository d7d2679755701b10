"""What a pair is, and all pairs: each file pairs_NN_topic.py holds those of its lesson."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Pair:
    """Two functions that take the same arguments, one of arrays and one of tensors.

    Both may return tuples, lists and dicts of arrays, as long as they are nested alike.

    function: the name of ours
    called:   what PyTorch's is called, in few words; "formula" where it has none for the job
    given:    makes the arguments, in order, from a random generator; floats are float64
    theirs:   PyTorch's, on tensors in the same shapes
    why:      where the two differ by design, why
    """

    function: str
    called: str
    given: Callable
    theirs: Callable
    why: str = ""


def all_pairs() -> dict[str, tuple[Pair, ...]]:
    """The pairs by the kata whose functions they compare. Needs PyTorch."""
    files = sorted(Path(__file__).parent.glob("pairs_[0-9][0-9]_*.py"))
    modules = {file.stem.replace("pairs_", "kata_"): f"{__package__}.{file.stem}" for file in files}
    return {kata: importlib.import_module(module).PAIRS for kata, module in modules.items()}
