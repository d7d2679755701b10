"""A pair: one function of a lesson, and what PyTorch has for the same job."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Two functions that take the same arguments, one of arrays and one of tensors.

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
