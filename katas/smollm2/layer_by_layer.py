"""Where a model goes wrong: the first call in it that the reader's function answers otherwise.

The solution runs on a few tokens, and every call in it is kept. Then the reader's functions get the
same calls, in the order in which the solution's ended: so each of them is judged on right inputs,
and the first one that differs is where the model leaves the right way.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np

from tests.runner import limits
from tests.runner.diagnosis.measure import measure_answer, mismatch_between
from tests.runner.diagnosis.standins import StandIns
from tests.runner.diagnosis.workshop import Workshop
from tests.runner.specs.nested import mapped

BLOCK = "llama_block"


@dataclass(frozen=True)
class ModelCall:
    """A call in the solution's model.

    block: the number of the block that it is in; None before and after them
    nth:   how often the function was called in that block before
    """

    function: str
    args: tuple
    kwargs: dict
    answer: object
    block: int | None
    nth: int


@dataclass(frozen=True)
class Difference:
    """The first call that the reader's function answers otherwise, and how."""

    call: ModelCall
    says: tuple[str, ...]

    @property
    def where(self) -> str:
        """For example "block 0, `rms_norm`"."""
        place = "outside the blocks" if self.call.block is None else f"block {self.call.block}"
        nth = f", call {self.call.nth + 1}" if self.call.nth else ""
        return f"{place}, `{self.call.function}`{nth}"


def first_difference(workshop: Workshop, theirs: dict[str, Callable],
                     run: Callable[[Callable], object]) -> Difference | None:
    """The first difference between the reader's model and the solution's.

    workshop: of the lesson that has the model
    theirs:   the reader's functions by name; those that are not given are not looked at, nor are
              those that the model does not call
    run:      calls `llama`, which it is given, on a few tokens
    """
    alone = {name: StandIns(workshop, name, theirs[name]).alone
             for name in _in_model(workshop) if name in theirs}
    for call in calls_in(workshop, run):
        if call.function in alone and (says := _difference(workshop, call, alone[call.function])):
            return Difference(call, says)
    return None


def calls_in(workshop: Workshop, run: Callable[[Callable], object]) -> list[ModelCall]:
    """Every call in the solution's model, in the order in which they end."""
    calls: list[ModelCall] = []
    blocks, at = 0, None
    counts: dict[tuple, int] = {}

    def watched(name: str, right: Callable) -> Callable:
        def call(*args, **kwargs):
            nonlocal blocks, at
            if name == BLOCK:
                at, blocks = blocks, blocks + 1
            answer = right(*args, **kwargs)
            nth = counts[name, at] = counts.get((name, at), -1) + 1
            calls.append(ModelCall(name, args, kwargs, answer, at, nth))
            if name == BLOCK:
                at = None
            return answer

        return call

    with _watching(workshop, watched):
        run(workshop.function("llama"))
    return calls


def _in_model(workshop: Workshop) -> list[str]:
    """The functions that run in the model."""
    return ["llama", *workshop.called_by("llama")]


@contextmanager
def _watching(workshop: Workshop, watched: Callable) -> Iterator[None]:
    @dataclass(frozen=True)
    class Watched:
        function: str
        wrong: Callable

    stand_ins = [Watched(name, watched(name, workshop.function(name)))
                 for name in _in_model(workshop)]
    with workshop.having_made(*stand_ins):
        yield


def _difference(workshop: Workshop, call: ModelCall, theirs: Callable) -> tuple[str, ...]:
    """What is different about the reader's answer to a call; () if nothing is."""
    try:
        answer = _answer(theirs, call)
    except Exception as problem:  # noqa: BLE001 - whatever the reader's code raises
        return (f"It raises {type(problem).__name__}: {problem}",)
    if nearly_equal(answer, call.answer, limits.RIGHT_MODEL):
        return ()
    return _known(workshop, call, answer) or _measured(workshop, call, answer)


def _answer(function: Callable, call: ModelCall):
    """A function's answer to a call, on copies of what it could change."""
    with np.errstate(all="ignore"):
        return function(*_copied(call.args), **_copied(call.kwargs))


def _copied(value):
    """A copy of a value, but for arrays that are read-only, as the weights of a whole model are."""
    return mapped(lambda leaf: leaf.copy() if isinstance(leaf, np.ndarray) and leaf.flags.writeable
                  else leaf, value)


def _known(workshop: Workshop, call: ModelCall, answer) -> tuple[str, ...]:
    """The sentence of a known mistake that gives the same answer."""
    for mistake in workshop.mistakes_in([call.function]):
        with suppress(Exception):
            if nearly_equal(_answer(mistake.wrong, call), answer, limits.SAME_MODEL):
                return (mistake.says,)
    return ()


def _measured(workshop: Workshop, call: ModelCall, answer) -> tuple[str, ...]:
    mismatch = mismatch_between(answer, call.answer)
    if mismatch is None:
        return ("Its answer is another.",)
    right = workshop.function(call.function)
    return measure_answer(call.function, mismatch, right, call.args, call.kwargs)


def nearly_equal(one, other, allowed: float) -> bool:
    """Whether two answers are equal up to rounding: arrays, and tuples, lists, dicts of them."""
    if isinstance(other, (tuple, list)):
        return (isinstance(one, Sequence) and len(one) == len(other)
                and all(nearly_equal(a, b, allowed) for a, b in zip(one, other)))
    if isinstance(other, dict):
        return (isinstance(one, dict) and one.keys() == other.keys()
                and all(nearly_equal(one[key], other[key], allowed) for key in other))
    one, other = np.asarray(one), np.asarray(other)
    if one.shape != other.shape:
        return False
    if other.dtype == bool or not other.size:
        return bool(np.array_equal(one, other))
    return bool(np.abs(one - other).max() <= allowed * np.abs(other).max())
