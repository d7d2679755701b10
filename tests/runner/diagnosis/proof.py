"""When a mistake may be named, besides explaining what the specs and the probes have seen.

It agrees with the reader's function on random calls as well; at least one answer on which
both agree is informative; if both only fail, they fail alike; and the code has what the
sentence mentions.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cached_property, lru_cache

import numpy as np

from tests.runner import limits
from tests.runner.diagnosis.failures import Failures
from tests.runner.diagnosis.idioms import has_what_is_spoken_of
from tests.runner.diagnosis.outcomes import try_out
from tests.runner.diagnosis.random_calls import Arguments, covers, random_calls
from tests.runner.diagnosis.standins import StandIns
from tests.runner.diagnosis.trials import Trial, tried_alone, within_reach
from tests.runner.diagnosis.workshop import Mistake, Replacement, Workshop

N_CALLS = 48
N_CALLS_OF_MODELS = 24  # which take longer
SEED = 1706
N_REFUSED = 3  # right refusals that are looked into, as they may be of two kinds, too
N_FAILED = 6  # and other failures


class Proof:
    """Compares single candidates with the reader's function `theirs`, which is their `name`.

    seen: the calls that the specs have made
    """

    def __init__(self, workshop: Workshop, name: str, seen: list[Trial], theirs: Callable,
                 stand_ins: StandIns):
        self.workshop, self.name, self.seen, self.theirs = workshop, name, seen, theirs
        self.right, self.stand_ins = workshop.function(name), stand_ins
        self.failures = Failures(workshop, stand_ins)

    @cached_property
    def further(self) -> list[Trial]:
        """Rich random calls with only such features as the specs have asked for."""
        if not covers(self.right):
            return []
        found = tried_alone(_random_calls(self.right), self.theirs, self.right, self.seen[0].part)
        return within_reach(found, self.seen, self.theirs, self.right)

    def leaving_aside(self, trials: list[Trial]) -> "Proof":
        """The same without some of the further calls."""
        other = copy(self)
        other.further = [trial for trial in self.further if trial not in trials]
        return other

    def holds(self, trials: list[Trial], made: Sequence[Replacement],
              named: Sequence[Mistake]) -> bool:
        """Whether mistakes may be named.

        trials: what they have explained already
        made:   what is put in the solutions' place, `named` what is said
        """
        theirs = self.stand_ins.theirs
        return (all(has_what_is_spoken_of(theirs, each, self.workshop) for each in named)
                and self._agrees_further(made)
                and self._says_something([*trials, *self.further], made))

    def _agrees_further(self, made: Sequence[Replacement]) -> bool:
        further = self.further
        with self.workshop.having_made(*made):
            function = self.workshop.function(self.name)
            return all(trial.is_theirs(try_out(function, trial.args, trial.kwargs), limits.SLACK)
                       for trial in further)

    def _says_something(self, trials: list[Trial], made: Sequence[Replacement]) -> bool:
        """Whether a wrong answer is informative, or else whether all failures are alike.

        An exception that the reader sees must be that of the mistake in any case.
        """
        first = self.seen[0]
        if first.theirs.raised is not None and not self.failures.are_alike(first, *made):
            return False
        wrong = [trial for trial in trials if trial.wrong]
        refused = [trial for trial in trials if trial.refused]
        failed = [trial for trial in wrong if trial.theirs.raised is not None]
        failed = refused[:N_REFUSED] + failed[:N_FAILED]
        if tells(wrong):
            return not any(self.failures.contradict(trial, *made) for trial in failed)
        if all(trial.theirs.raised is None for trial in wrong):
            return tells(trials)
        return all(self.failures.are_alike(trial, *made) for trial in failed)


@lru_cache(maxsize=32)
def _random_calls(function: Callable) -> list[Arguments]:
    is_model = {"block", "params"} & set(inspect.signature(function).parameters)
    return random_calls(function, N_CALLS_OF_MODELS if is_model else N_CALLS, SEED)


def tells(trials: list[Trial]) -> bool:
    """Whether the reader's answers are informative: no numbers, or numbers that differ.

    Zeros beside minus infinity, each in a part of its own, say nothing.
    """
    found: dict[tuple, set] = {}
    for trial in trials:
        if trial.theirs.raised is None:
            for part, values in _samples(trial.theirs.answer):
                found.setdefault(part, set()).update(values)
    return any(len(values) > 1 or values & {"None", "a truth value"} for values in found.values())


def _samples(answer, part: tuple = ()) -> Iterator[tuple[tuple, set]]:
    """Some of the numbers in each part of an answer, without NaN: enough to compare them."""
    if isinstance(answer, dict):
        yield (*part, "keys"), {frozenset(answer)}
        for key, value in answer.items():
            yield from _samples(value, (*part, key))
    elif isinstance(answer, (tuple, list)):
        for i, value in enumerate(answer):
            yield from _samples(value, part if np.isscalar(value) else (*part, i))
    else:
        yield part, _sample(answer)


def _sample(answer) -> set:
    """Some of the numbers in an array, without NaN."""
    if answer is None:
        return {"None"}
    if isinstance(answer, (str, bytes)):
        return {answer}
    numbers = np.asarray(answer)
    if numbers.dtype.kind not in "fiubc":
        return set()
    if numbers.dtype == bool:
        return {"a truth value"}
    known = numbers[~np.isnan(numbers)]
    return {known.min().item(), known.max().item()} if known.size else set()
