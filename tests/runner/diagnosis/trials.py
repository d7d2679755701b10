"""Inputs of a function, with the outcomes of the reader's version and of the solution."""

import dis
import inspect
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from types import CodeType

import numpy as np

from tests.runner.diagnosis.outcomes import Outcome, outcome_of, try_out
from tests.runner.specs.nested import leaves
from tests.runner.specs.watched import Call

ROUNDING = 16 * float(np.finfo(np.float64).eps)  # of a sum
FACTORS, MOST = 3, 1e12
READING = re.compile("LOAD_(FAST|DEREF|CLOSURE)")


@dataclass(frozen=True, eq=False)
class Trial:
    """An input, with the outcomes of the reader's function and of the solution.

    solution: gives `right` when it is first asked for, which is before mistakes are made in what
              the solution calls
    part:     which part of a tuple counts; None if the whole answer does
    """

    args: tuple
    kwargs: dict
    theirs: Outcome
    solution: Callable
    part: int | None = None

    @cached_property
    def right(self) -> Outcome:
        return try_out(self.solution, self.args, self.kwargs)

    @cached_property
    def wrong(self) -> bool:
        return not self.is_right(self.theirs)

    @cached_property
    def refused(self) -> bool:
        """Whether the input is rightly refused: then the words do not matter."""
        raised = self.theirs.raised
        return raised is not None and type(raised) is type(self.right.raised)

    def is_right(self, outcome: Outcome, slack: float = 1) -> bool:
        return self._agree(outcome, self.right, slack)

    def is_theirs(self, outcome: Outcome, slack: float = 1) -> bool:
        """Whether an outcome is the reader's, and has right what the reader's has right."""
        return self._agree(outcome, self.theirs, slack) and self.spares(outcome)

    def spares(self, outcome: Outcome) -> bool:
        """Whether an outcome has right what the reader's has, of the parts that do not count."""
        return all(self._alike(outcome.of_part(other), self.right.of_part(other))
                   for other in self._right_besides)

    @cached_property
    def _right_besides(self) -> list[int]:
        """The other parts that the reader's function has right."""
        if self.part is None or not isinstance(self.right.answer, tuple):
            return []
        return [other for other in range(len(self.right.answer)) if other != self.part
                and self._alike(self.theirs.of_part(other), self.right.of_part(other))]

    def _agree(self, outcome: Outcome, other: Outcome, slack: float = 1) -> bool:
        if self.refused:
            return type(outcome.raised) is type(other.raised)
        return self._alike(outcome.of_part(self.part), other.of_part(self.part), slack)

    def _alike(self, outcome: Outcome, other: Outcome, slack: float = 1) -> bool:
        return outcome.agrees(other, slack, self.coarse, self.noise)

    @cached_property
    def coarse(self) -> bool:
        """Whether it is about float32, where numbers made in float64 are equal but for rounding."""
        return has_float32((self.args, self.kwargs))

    @cached_property
    def noise(self) -> float:
        """What may be left of large numbers that cancel: a gradient of 0 is 1e-9 in another style.

        A number in an answer is a sum of products of at most so many arguments.
        """
        given = (*self.args, *self.kwargs.values())
        largest = sorted((_largest(value) for value in given), reverse=True)
        product = math.prod(max(1.0, size) for size in largest[:FACTORS])
        return ROUNDING * min(MOST, product) if product > 1 else 0.0

    @cached_property
    def size(self) -> int:
        return size_of((self.args, self.kwargs))

    @cached_property
    def widens(self) -> bool:
        """Whether only the reader's answer is float64 for float32, or whole for whole numbers."""
        theirs, right = _dtypes(self.theirs.answer), _dtypes(self.right.answer)
        is_wide = np.float64 in theirs and np.float32 in right and np.float64 not in right
        return is_wide or any(mine.kind in "iu" and wanted.kind == "f"
                              for mine, wanted in zip(theirs, right))

    def explained_by(self, function: Callable) -> bool:
        return self.is_theirs(try_out(function, self.args, self.kwargs))


def _dtypes(answer) -> list:
    parts = answer if isinstance(answer, tuple) else (answer,)
    return [part.dtype for part in parts if isinstance(part, np.ndarray)]


def has_float32(value) -> bool:
    """Whether there is an array of float32 in a value."""
    return any(isinstance(leaf, np.ndarray) and leaf.dtype == np.float32 for leaf in leaves(value))


def _largest(value) -> float:
    """The largest finite number of any array of float64 in a value; 0 if there is none."""
    return max((_largest_in(leaf) for leaf in leaves(value) if isinstance(leaf, np.ndarray)
                and leaf.dtype == np.float64 and leaf.size), default=0.0)


def _largest_in(array: np.ndarray) -> float:
    if math.isfinite(largest := float(np.abs(array).max())):
        return largest
    return float(np.abs(array[np.isfinite(array)]).max(initial=0.0))


def recorded(calls: list[Call], right: Callable, part: int | None = None) -> list[Trial]:
    """The calls that specs have made."""
    return _with_right([Trial(call.args, call.kwargs, outcome_of(call), right, part)
                        for call in calls])


def tried(inputs: list[tuple[tuple, dict]], theirs: Callable, right: Callable,
          part: int | None = None) -> list[Trial]:
    """More inputs, on which both are tried now."""
    return _with_right(tried_alone(inputs, theirs, right, part))


def tried_alone(inputs: list[tuple[tuple, dict]], theirs: Callable, right: Callable,
                part: int | None = None) -> list[Trial]:
    """More inputs, on which the solution is only tried if it is needed to tell right from wrong."""
    found = [Trial(args, kwargs, try_out(theirs, args, kwargs), right, part)
             for args, kwargs in inputs]
    _with_right([trial for trial in found if trial.theirs.raised is not None or part is not None])
    return found


def _with_right(trials: list[Trial]) -> list[Trial]:
    """The trials, on which the solution has been tried."""
    for trial in trials:
        _ = trial.right
    return trials


def most_telling_first(trials: list[Trial]) -> list[Trial]:
    """Wrong ones first, then small ones: the first trial rules out most mistakes."""
    return sorted(trials, key=lambda trial: (not trial.wrong, trial.size))


def within_reach(probed: list[Trial], seen: list[Trial], theirs: Callable,
                 right: Callable) -> list[Trial]:
    """Trials on more inputs, if the specs have asked for what is in them.

    An optional argument that no call in `seen` had, and that the reader's function does not read,
    or for which it raises NotImplementedError, is not written yet: it is left out. So is an input
    that shows nothing but a dtype that no call has shown. Where all calls had floats, it gets them
    in place of integers if it answers otherwise to these.
    """
    signature = inspect.signature(right)
    asked_for = {name for trial in seen
                 for name in signature.bind(*trial.args, **trial.kwargs).arguments}
    optional = [name for name, parameter in signature.parameters.items()
                if parameter.default is not parameter.empty]
    written = names_read(theirs)
    unseen = [name for name in optional if name not in asked_for]
    unread = [name for name in unseen if name not in written]
    found = [_without(trial, unseen if isinstance(trial.theirs.raised, NotImplementedError)
                      else unread, theirs, right, signature) for trial in probed]
    floats = _places_of_floats(seen, signature)
    found = [_in_floats(trial, floats, theirs, right, signature) for trial in found]
    if any(trial.widens for trial in seen):
        return found
    return [trial for trial in found if not trial.widens]


def _without(trial: Trial, unseen: list[str], theirs: Callable, right: Callable,
             signature) -> Trial:
    for name in unseen:
        bound = signature.bind(*trial.args, **trial.kwargs)
        if name in bound.arguments:
            bound.arguments[name] = signature.parameters[name].default
            outcome = try_out(theirs, bound.args, bound.kwargs)
            if trial.theirs.raised or trial.is_theirs(outcome):
                trial = Trial(bound.args, bound.kwargs, outcome, right, trial.part)
                _with_right([trial])
    return trial


def _places_of_floats(seen: list[Trial], signature) -> set[tuple]:
    """Where in the arguments there were arrays of floats in all calls, and never of integers."""
    kinds: dict[tuple, set[str]] = {}
    for trial in seen:
        for place, array in _arrays_in(signature.bind(*trial.args, **trial.kwargs).arguments):
            kinds.setdefault(place, set()).add(array.dtype.kind)
    return {place for place, found in kinds.items() if found == {"f"}}


def _arrays_in(value, place: tuple = ()) -> Iterator[tuple[tuple, np.ndarray]]:
    """The arrays in a value, each with the keys that lead to it; all parts of a list are alike."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _arrays_in(part, (*place, key))
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _arrays_in(part, (*place, list))
    elif isinstance(value, np.ndarray):
        yield place, value


def _in_floats(trial: Trial, floats: set[tuple], theirs: Callable, right: Callable,
               signature) -> Trial:
    """A trial with floats in these places, if the reader's function then answers otherwise."""
    bound = signature.bind(*trial.args, **trial.kwargs)
    if not any(place in floats and array.dtype.kind in "iu"
               for place, array in _arrays_in(bound.arguments)):
        return trial
    bound.arguments = _with_floats(bound.arguments, floats)
    outcome = try_out(theirs, bound.args, bound.kwargs)
    if trial.theirs.agrees(outcome):
        return trial
    trial = Trial(bound.args, bound.kwargs, outcome, right, trial.part)
    _with_right([trial])
    return trial


def _with_floats(value, floats: set[tuple], place: tuple = ()):
    if isinstance(value, dict):
        return {key: _with_floats(part, floats, (*place, key)) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_with_floats(part, floats, (*place, list)) for part in value)
    is_whole = isinstance(value, np.ndarray) and value.dtype.kind in "iu"
    return value.astype(float) if is_whole and place in floats else value


def names_read(function: Callable) -> set[str]:
    """The variables that a function reads, also in what is defined inside it."""
    function = inspect.unwrap(function)
    waiting = [function.__code__] if hasattr(function, "__code__") else []
    found = set()
    for code in waiting:
        for step in dis.get_instructions(code):
            if READING.search(step.opname):
                found |= {*step.argval} if isinstance(step.argval, tuple) else {step.argval}
        waiting += [part for part in code.co_consts if isinstance(part, CodeType)]
    return found


def size_of(value) -> int:
    """The number of numbers in an argument, or in the arrays of a dict or list."""
    return sum(map(np.size, leaves(value)))
