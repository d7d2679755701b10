"""What a benchmark declares: ways to compute the same thing, at which sizes, and what is said."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from rich.console import RenderableType

from benchmarks.harness.results import Run
from benchmarks.harness.tensors import torch


@dataclass(frozen=True)
class Rung:
    """One way to compute what a ladder is about.

    function: takes the ladder's arguments; the time of this call is measured
    prepares: the function is called once, untimed, and returns what is to be timed. What it
              makes beforehand, such as scratch memory, counts as memory and not as time
    up_to:    the largest size
    serial:   Python loops: one thread is all that it can use
    workers:  it brings threads of its own: it takes workers=n, and BLAS stays on one thread
    tensors:  its arguments are tensors; without PyTorch the rung is left out
    """

    function: Callable
    prepares: bool = False
    up_to: float = float("inf")
    serial: bool = False
    workers: bool = False
    tensors: bool = False


PyTorch = partial(Rung, tensors=True)


@dataclass(frozen=True)
class Ladder:
    """Ways to compute the same thing, measured side by side at growing sizes.

    name:      what is computed
    rungs:     the ways by name, slowest first; a plain function stands for Rung(function)
    arguments: size -> the arguments of all rungs, the same in every run; not timed
    sizes:     smallest first
    larger:    sizes that are measured only if BENCH_TOKENS asks for them
    axis:      what the sizes count
    threads:   whether to measure with all cores, too; otherwise with one thread only
    growth:    the exponent by which the time may grow, to stop a rung before it takes too long
    """

    name: str
    rungs: dict[str, Rung | Callable]
    arguments: Callable[[int], tuple]
    sizes: tuple[int, ...]
    larger: tuple[int, ...] = ()
    axis: str = "tokens"
    threads: bool = False
    growth: float = 2.0

    @property
    def usable(self) -> dict[str, Rung]:
        """The rungs that can be measured here."""
        rungs = {name: rung if isinstance(rung, Rung) else Rung(rung)
                 for name, rung in self.rungs.items()}
        return {name: rung for name, rung in rungs.items() if torch or not rung.tensors}

    def sizes_up_to(self, largest: int | None) -> tuple[int, ...]:
        """The sizes to measure: those that are no larger, and the first in any case."""
        if largest is None or self.axis != "tokens":
            return self.sizes
        fitting = tuple(size for size in self.sizes + self.larger if size <= largest)
        return fitting or self.sizes[:1]


@dataclass(frozen=True)
class Figure:
    """A picture of what was measured with one thread: panels side by side, logarithmic axes.

    below:   how to read a slope
    panels:  from left to right: "time", "speed" or "memory"; of which ladder; the title
    without: rungs that are not drawn
    """

    below: str
    panels: tuple[tuple[str, str, str], ...]
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bench:
    """All that one benchmark file measures and says.

    title:    what is measured, to stand after "Your" or "The solution's"
    ladders:  measured one after the other
    page:     run -> tables and paragraphs, in this order; None for a table of all ladders
    figure:   None for no picture
    compared: the rungs that `make bench-compare` shows, the last one being the unit in which
              two runs are compared; () for all
    notes:    what the page needs to know beyond the rows, as JSON can hold it
    """

    title: str
    ladders: tuple[Ladder, ...]
    page: Callable[[Run], Iterable[RenderableType | str]] | None = None
    figure: Figure | None = None
    compared: tuple[str, ...] = ()
    notes: dict = field(default_factory=dict)
