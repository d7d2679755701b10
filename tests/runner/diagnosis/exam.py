"""The exam of an edited function: it has to be right on recorded and on many other calls."""

import copy
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import numpy as np

from tests.runner import limits
from tests.runner.diagnosis.outcomes import Outcome
from tests.runner.diagnosis.program import Program
from tests.runner.diagnosis.random_calls import covers, random_calls
from tests.runner.diagnosis.traced import Endless, lines_within
from tests.runner.diagnosis.trials import Trial, most_telling_first, tried, within_reach
from tests.runner.diagnosis.workshop import Workshop

N_RANDOM, SEED = 60, 1
ARRAYS = (np.ndarray, np.generic)


class Exam:
    """The trials that an edited function has to pass.

    red:        the first one: the smallest recorded call that was wrong
    most_lines: how many lines it may run there
    """

    def __init__(self, workshop: Workshop, seen: list[Trial], program: Program, theirs: Callable):
        """Begin with the recorded calls; the others are made when an edit passes the first."""
        self.program, self.theirs = program, theirs
        self.right = workshop.function(program.name)
        self._probes = workshop.probes
        self._seen = [Quick(trial) for trial in most_telling_first(seen)]
        # Until a spec is red for a dtype, or a list for a tuple, alone, any will do.
        self._any_kind = True
        self._any_kind = not any(trial.wrong and self._is_right(trial.theirs.answer, trial)
                                  for trial in seen if trial.theirs.raised is None)
        self.red, self.most_lines = self._seen[0], limits.EDITED_LINES

    def mends_red(self, function: Callable) -> bool:
        """Whether a function is right on the smallest recorded call that was wrong."""
        return self._passes(function, self.red, self.most_lines)

    def left_wrong(self, function: Callable) -> int | None:
        """On how many calls a function is still wrong that no spec has made.

        None if it is wrong on a recorded call, or on any call on which the reader's is right.
        """
        if not all(self._passes(function, quick) for quick in self._seen):
            return None
        left = 0
        for quick in self._further:
            if not self._passes(function, quick):
                if not quick.trial.wrong:
                    return None
                left += 1
        return left

    def is_right_in_all_parts(self, function: Callable) -> bool:
        """Whether a function is right on all calls, also in parts of answers that do not count."""
        whole = (Quick(replace(quick.trial, part=None)) for quick in [*self._seen, *self._further]
                 if quick.trial.part is not None)
        return all(self._passes(function, quick) for quick in whole)

    def go_on_from(self, function: Callable) -> None:
        """Begin with a call on which this function is wrong, to find a second change."""
        left = [quick for quick in self._further if not self._passes(function, quick)]
        self.red = min(left, key=lambda quick: quick.trial.size, default=self.red)

    @property
    def seen_wrong(self) -> list[Trial]:
        """The recorded calls that the reader's function has wrong."""
        return [quick.trial for quick in self._seen if quick.trial.wrong]

    @property
    def wrong(self) -> list["Quick"]:
        """All calls that the reader's function has wrong."""
        return [quick for quick in (*self._seen, *self._further) if quick.trial.wrong]

    @property
    def n_unseen_wrong(self) -> int:
        """How many of them no spec has made."""
        return sum(quick.trial.wrong for quick in self._further)

    @property
    def n_trials(self) -> int:
        return len(self._seen) + len(self._further)

    @cached_property
    def _further(self) -> list["Quick"]:
        inputs = self._probes(self.program.name)
        if covers(self.right):
            inputs += random_calls(self.right, N_RANDOM, SEED)
        seen = [quick.trial for quick in self._seen]
        found = tried(inputs, self.theirs, self.right, seen[0].part)
        return [Quick(trial) for trial in within_reach(found, seen, self.theirs, self.right)]

    def _passes(self, function: Callable, quick: "Quick",
                most_lines: int = limits.EDITED_LINES) -> bool:
        args, kwargs = quick.again()
        try:
            if self.program.loops:
                with lines_within(str(self.program.file), most_lines):
                    answer = function(*args, **kwargs)
            else:
                answer = function(*args, **kwargs)
        except (Exception, SystemExit, Endless) as problem:
            return type(problem) is type(quick.trial.right.raised)  # the words may differ
        if not (_intact(quick.args, args) and _intact(quick.kwargs, kwargs)):
            return False
        return self._is_right(answer, quick.trial)

    def _is_right(self, answer: object, trial: Trial) -> bool:
        """Whether an answer is right, apart from what specs leave open or have not asked for."""
        right = trial.right.answer
        if self._any_kind and isinstance(answer, list) and isinstance(right, tuple):
            answer = tuple(answer)
        outcome = Outcome(_in_the_dtypes_of(right, answer) if self._any_kind else answer)
        return trial.is_right(outcome, limits.SLACK) and trial.spares(outcome)


def _in_the_dtypes_of(right: object, answer: object) -> object:
    """An answer in the dtypes of the right one, if these are of floats with no more digits."""
    if isinstance(right, tuple) and isinstance(answer, tuple) and len(answer) == len(right):
        return tuple(map(_in_the_dtypes_of, right, answer))
    if isinstance(answer, (*ARRAYS, float)) and isinstance(right, ARRAYS):
        array = np.asarray(answer)
        is_wide = array.dtype.kind in "iu" or array.dtype.itemsize >= right.dtype.itemsize
        if array.dtype.kind in "iuf" and right.dtype.kind == "f" and is_wide:
            return array.astype(right.dtype)[()]
    return answer


class Quick:
    """A trial whose arrays cannot be written to: one copy of them serves every edit."""

    def __init__(self, trial: Trial):
        self.trial = trial
        self.args, self.kwargs = _frozen(trial.args), _frozen(trial.kwargs)

    def again(self) -> tuple[tuple, dict]:
        """The arguments for one more call."""
        return _again(self.args), _again(self.kwargs)


def _frozen(value):
    if isinstance(value, np.ndarray):
        value = value.copy(order="K")
        value.flags.writeable = False
        return value
    if type(value) in (tuple, list):
        return type(value)(map(_frozen, value))
    if type(value) is dict:
        return {key: _frozen(part) for key, part in value.items()}
    return value


def _again(value):
    """The same value, with new dicts, lists and generators."""
    if type(value) in (tuple, list):
        return type(value)(map(_again, value))
    if type(value) is dict:
        return {key: _again(part) for key, part in value.items()}
    return copy.deepcopy(value) if isinstance(value, np.random.Generator) else value


def _intact(before, after) -> bool:
    """Whether dicts and lists still have the same contents."""
    if type(before) in (tuple, list):
        return len(before) == len(after) and all(map(_intact, before, after))
    if type(before) is dict:
        same_keys = before.keys() == after.keys()
        return same_keys and all(map(_intact, before.values(), after.values()))
    return before is after or isinstance(before, np.random.Generator)
