"""What is known about a red spec before it is judged; each fact is found out when first needed."""

import inspect
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tests.runner import limits
from tests.runner.diagnosis.measure import mismatch_between
from tests.runner.diagnosis.measure_shapes import sizes_of
from tests.runner.diagnosis.outcomes import outcome_of, try_out
from tests.runner.diagnosis.replay import Diagnosis, diagnose
from tests.runner.diagnosis.trials import size_of
from tests.runner.diagnosis.workshop import Mistake, Workshop
from tests.runner.lessons.catalog import Kata
from tests.runner.specs.check import Mismatch
from tests.runner.specs.watched import LEAVING, ArgumentChanged, Call, Trouble, WatchedKata

TUPLE = re.compile(r"returns: +a tuple \((\w+(?:, \w+)*)\)")
COMPARED = {np.ndarray, int, float, str, bytes, list, tuple, dict}  # types of answers
AGAIN = 3  # calls with the same arguments, to see whether the answer is the same


@dataclass(frozen=True)
class Case:
    """A red spec.

    n_before: how many calls were recorded before the spec began
    make_workshop: makes the workshop of the kata, if it is needed
    """

    kata: Kata
    watched: WatchedKata
    spec: str
    n_before: int
    problem: BaseException
    make_workshop: Callable[[], Workshop]

    @cached_property
    def function(self) -> str:
        """The function that the spec is about."""
        return self.kata.function_of(self.spec)

    @cached_property
    def workshop(self) -> Workshop:
        return self.make_workshop()

    @cached_property
    def call(self) -> Call | None:
        """The call that gave the wrong answer."""
        if isinstance(self.problem, Trouble) and not isinstance(self.problem, ArgumentChanged):
            return None
        return red_call(self.problem, self.watched.calls[self.n_before :], self.function)

    @cached_property
    def right(self) -> Callable | None:
        """The solution's version of the function that was called."""
        return self.workshop.function(self.call.function) if self.call else None

    @cached_property
    def theirs(self) -> Callable | None:
        """The reader's version of it."""
        return vars(self.watched.module()).get(self.call.function) if self.call else None

    @cached_property
    def sizes(self) -> dict[str, int]:
        return sizes_of(self.right, self.call.args, self.call.kwargs) if self.right else {}

    @cached_property
    def mismatch(self) -> Mismatch | None:
        """The comparison that failed, or that would have failed without an exception before it."""
        if isinstance(self.problem, Mismatch):
            return self.problem
        call, right = self.call, self.right
        if not call or not right or call.raised is not None or isinstance(self.problem, Trouble):
            return None
        outcome = try_out(right, call.args, call.kwargs)
        return mismatch_between(call.answer, outcome.answer) if outcome.raised is None else None

    @cached_property
    def which_part(self) -> int | None:
        """The index of the part of a tuple that was compared; None if it was the whole."""
        return _place_in(self.call, self.mismatch) if self.mismatch and self.call else None

    @cached_property
    def part(self) -> str:
        """The part of the answer that was compared: by the docstring's name for it, or its path."""
        if not self.mismatch or not self.call:
            return ""
        place, path = self.which_part, self.mismatch.path
        if place is None:
            return f"answer{path}" if path else ""
        names = TUPLE.search(inspect.getdoc(self.right) or "")
        if not names or place > names[1].count(","):
            return f"answer[{place}]{path}"
        return names[1].split(", ")[place] + path

    @cached_property
    def varies(self) -> bool:
        """Whether the same arguments give other numbers each time: then there is no diagnosis."""
        call = self.call
        if not call or call.seconds > limits.SLOW_CALL:
            return False
        if type(call.answer) not in COMPARED and not isinstance(call.answer, np.generic):
            return False
        try:
            again = [try_out(self.theirs, call.args, call.kwargs) for _ in range(AGAIN)]
        except LEAVING:
            return False
        return any(type(other.answer) is type(call.answer) and not other.agrees(outcome_of(call))
                   for other in again)

    @cached_property
    def diagnosis(self) -> Diagnosis | None:
        """The known mistake, or the earlier function, that explains what was recorded."""
        if not self.call:
            return None
        name = self.call.function
        calls = [call for call in self.watched.calls
                 if call.function == name and call.seconds <= limits.SLOW_CALL]
        try:
            more = self._small_inputs() if self.call.seconds > limits.SLOW_CALL else []
            return diagnose(self.workshop, name, calls, self.theirs, self.which_part, more)
        except LEAVING:  # time ran out while it was tried on more inputs
            return None

    def naming(self, *mistakes: Mistake) -> "Case":
        """The same case with these known mistakes; an earlier function to blame stays so."""
        other, found = replace(self), self.diagnosis
        says_more = mistakes or found is not None and found.blamed
        diagnosis = replace(found, mistakes=mistakes) if says_more else None
        vars(other).update(vars(self), diagnosis=diagnosis)
        return other

    def _small_inputs(self) -> list[tuple[tuple, dict]]:
        """Inputs on which a slow function is quick; none if it is slow on the smallest, too."""
        inputs = sorted(self.workshop.probes(self.call.function), key=size_of)
        started = time.perf_counter()
        if inputs:
            try_out(self.theirs, *inputs[0])
        return inputs if time.perf_counter() - started < limits.SLOW_PROBE else []


def red_call(problem: BaseException, calls: list[Call], function: str) -> Call | None:
    """The call that made a spec red: the one compared, or the last one of the spec's function."""
    if isinstance(problem, Mismatch):
        for call in reversed(calls):
            is_it = call.result is problem.of or _place_in(call, problem) is not None
            if call.raised is None and is_it:
                return call
    for call in reversed(calls):
        if call.raised is not None or call.changed:
            return call
    own = [call for call in calls if call.function == function]
    return (own or calls or [None])[-1]


def _place_in(call: Call, mismatch: Mismatch) -> int | None:
    """Which part of a tuple that was returned has been compared; None if it was the whole."""
    parts = call.result if isinstance(call.result, (tuple, list)) else ()
    return next((place for place, part in enumerate(parts) if part is mismatch.of), None)
