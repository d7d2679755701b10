"""Names the mistake behind a red spec, by making it.

Each known mistake is made in the solution and given what the reader's function
was given. The one that answers as the reader's function did, on every recorded
call and on the function's probes, is the one the reader made. Where none does,
pairs are tried the same way. Where nothing fits, nothing is named.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from types import FunctionType

import numpy as np

from tests.runner.calls import Call
from tests.runner.merge import Merger
from tests.runner.mistakes import Mistake, Workshop, names_in
from tests.runner.outcomes import Outcome, outcome_of, try_out


@dataclass(frozen=True)
class Diagnosis:
    """The mistakes that the reader made, and what to say of them."""

    mistakes: tuple[Mistake, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(made.name for made in self.mistakes)

    @property
    def sentences(self) -> tuple[str, ...]:
        said = tuple(made.says for made in self.mistakes)
        return ("Two things at once.", *said) if len(said) > 1 else said


@dataclass(frozen=True)
class _Trial:
    """An input, what the reader's function made of it and what the solution does."""

    args: tuple
    kwargs: dict
    theirs: Outcome
    right: Outcome

    @cached_property
    def wrong(self) -> bool:
        return not self.theirs.agrees(self.right)

    @cached_property
    def widens(self) -> bool:
        """Whether float32 came in, and the reader's function answers in float64."""
        theirs, right = (_dtypes(outcome.answer) for outcome in (self.theirs, self.right))
        return np.float32 in right and np.float64 not in right and np.float64 in theirs

    @cached_property
    def size(self) -> int:
        return _size((self.args, self.kwargs))

    def explained_by(self, function: Callable) -> bool:
        return try_out(function, self.args, self.kwargs).agrees(self.theirs)


def _dtypes(answer) -> list:
    parts = answer if isinstance(answer, tuple) else (answer,)
    return [part.dtype for part in parts if isinstance(part, np.ndarray)]


def _size(value) -> int:
    """How many numbers there are in an argument, or in the arrays of a dict or list."""
    if isinstance(value, (dict, list, tuple)):
        return sum(map(_size, value.values() if isinstance(value, dict) else value))
    return np.size(value)


def diagnose(workshop: Workshop, name: str, calls: list[Call], theirs: Callable) -> Diagnosis | None:
    """Find the mistake in the reader's function `name` that explains the recorded calls.

    calls:  every call of that function so far, the latest last
    theirs: the reader's function, to be tried on the probes
    """
    right = workshop.function(name)
    if right is None:
        return None
    recorded = _most_telling_first(_recorded(calls, right))
    if not recorded or not recorded[0].wrong:
        return None
    probed = [_Trial(args, kwargs, try_out(theirs, args, kwargs), try_out(right, args, kwargs))
              for args, kwargs in workshop.probes(name)]
    found = _search(workshop, name, recorded, probed, theirs)
    if found or any(trial.widens for trial in recorded):
        return found
    # That float32 is widened comes to light later, and must not hide what the specs have seen.
    kept = [trial for trial in probed if not trial.widens]
    return _search(workshop, name, recorded, kept, theirs) if len(kept) < len(probed) else None


def _search(workshop: Workshop, name: str, recorded: list[_Trial], probed: list[_Trial],
            theirs: Callable) -> Diagnosis | None:
    """Find what explains all trials: one mistake in the function, or in one that it calls, or two at once."""
    trials = recorded[:1] + _most_telling_first(recorded[1:] + probed)  # what the specs have seen, first of all
    called = workshop.called_by(name)
    disproved, used = _disproved(workshop, called, theirs), used_by(theirs)
    for function in reversed(called):  # the deepest of the reader's own that is wrong makes all above it wrong
        if function in used and (made_there := _known(workshop, [function], without=disproved)):
            if fitting := _fitting(workshop, name, trials, made_there):
                return _only(fitting)
    own = _made(workshop, name, trials[0], _known(workshop, [name]))
    if fitting := _fitting(workshop, name, trials, own.explaining):
        return _only(fitting)
    deeper = _made(workshop, name, trials[0], _known(workshop, called, without=disproved))
    for function in called:
        if fitting := _fitting(workshop, name, trials, deeper.explaining_in(function)):
            return _only(fitting)
    if _raises_one_error(trials):
        return None  # that much happens by chance where two mistakes meet
    alone = _Alone(workshop, name, trials, {*own.explaining, *deeper.explaining})
    for pairs in (_within(workshop, name, own), _across(own, deeper, alone)):
        if fitting := _told_apart(pair.named for pair in pairs if _explains(workshop, name, trials, *pair.made)):
            found = _only(_nearest(fitting, name), own.showing | deeper.showing)
            if found is None or not _shows(workshop, name, recorded, found):
                return None
            return _first_that_shows(workshop, name, recorded, found)
    return None


def _disproved(workshop: Workshop, functions: list[str], theirs: Callable) -> set[Mistake]:
    """The mistakes in other functions that are none of the reader's.

    Where the reader's function calls their own softmax, the mistake is in softmax only if
    their softmax makes it. Where it does not, they may have written a softmax of their own.
    """
    used = used_by(theirs)
    return {made for function in functions if function in used
            for made in _others(workshop, function, used[function])}


def _others(workshop: Workshop, function: str, theirs: Callable) -> list[Mistake]:
    right = workshop.function(function)
    known = _known(workshop, [function])
    if right is None:
        return known
    probes = workshop.probes(function)
    trials = _most_telling_first([
        _Trial(args, kwargs, try_out(theirs, args, kwargs), try_out(right, args, kwargs))
        for args, kwargs in [*probes, *map(_in_float32, probes)]])
    if not trials or not trials[0].wrong:
        return known
    return [made for made in known if not _explains(workshop, function, trials, made)]


def _in_float32(arguments: tuple[tuple, dict]) -> tuple[tuple, dict]:
    """The same arguments in float32, where a function that widens shows it."""
    def narrow(value):
        if isinstance(value, dict):
            return {name: narrow(part) for name, part in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(narrow, value))
        return value.astype(np.float32) if getattr(value, "dtype", None) == np.float64 else value

    args, kwargs = arguments
    return narrow(args), narrow(kwargs)


def used_by(function: Callable) -> dict[str, FunctionType]:
    """The functions that a function of the reader's leads to, by name."""
    found: dict[str, FunctionType] = {}
    waiting = [function]
    while waiting:
        code, names = getattr(waiting[-1], "__code__", None), getattr(waiting.pop(), "__globals__", {})
        for name in names_in(code) if code else ():
            if isinstance(names.get(name), FunctionType) and name not in found:
                found[name] = names[name]
                waiting.append(names[name])
    return found


@dataclass(frozen=True)
class _Made:
    """Mistakes, and which of them show in one answer and which explain it."""

    mistakes: list[Mistake]
    showing: set[Mistake]
    explaining: list[Mistake]

    def explaining_in(self, function: str) -> list[Mistake]:
        return [made for made in self.explaining if made.function == function]

    @property
    def likeliest(self) -> list[Mistake]:
        """Each mistake once, with its likeliest choice."""
        return list({made.name: made for made in reversed(self.mistakes)}.values())[::-1]


def _known(workshop: Workshop, functions: list[str], without: Collection[Mistake] = ()) -> list[Mistake]:
    return [made for made in workshop.mistakes if made.function in functions and made not in without]


def _made(workshop: Workshop, name: str, trial: _Trial, mistakes: list[Mistake]) -> _Made:
    showing, explaining = set(), []
    for made in mistakes:
        with workshop.having_made(made):
            outcome = try_out(workshop.function(name), trial.args, trial.kwargs)
        if not outcome.agrees(trial.right):
            showing.add(made)
        if outcome.agrees(trial.theirs):
            explaining.append(made)
    return _Made(mistakes, showing, explaining)


def _fitting(workshop: Workshop, name: str, trials: list[_Trial],
             mistakes: list[Mistake]) -> list[tuple[Mistake, ...]]:
    return _told_apart((made,) for made in mistakes if _explains(workshop, name, trials, made))


def _only(fitting: list[tuple[Mistake, ...]], showing: Collection[Mistake] = ()) -> Diagnosis | None:
    """The one diagnosis that is left, or what all that are left share, if it shows."""
    if len(fitting) == 1:
        return Diagnosis(fitting[0])
    shared = [made for made in fitting[0] if made in showing and all(made in mistakes for mistakes in fitting)]
    return Diagnosis(tuple(shared)) if shared else None


def _nearest(fitting: list[tuple[Mistake, ...]], name: str) -> list[tuple[Mistake, ...]]:
    """Those with a mistake in the function itself, where there are any."""
    near = [mistakes for mistakes in fitting if any(made.function == name for made in mistakes)]
    return near or fitting


@dataclass(frozen=True)
class _Pair:
    """Two mistakes together: `made` is put in place, `named` is what the reader is told."""

    made: tuple[Mistake, ...]
    named: tuple[Mistake, ...]


# There are too many pairs to try them all. Those are tried of which one mistake explains the
# first answer alone, as the other one shows elsewhere, and those of two common mistakes. Two
# mistakes in other functions, both written out by the reader, must be common ones: among so
# many there are some that look like a third, such as one of the function itself.


class _Alone:
    """What single mistakes do to the trials: of pairs in two functions, it tells those worth trying."""

    def __init__(self, workshop: Workshop, name: str, trials: list[_Trial], explaining: set[Mistake]):
        self.workshop, self.name, self.trials, self.explaining = workshop, name, trials, explaining
        self._right = [at for at, trial in enumerate(trials) if not trial.wrong]
        self._shown: dict[tuple[Mistake, int], bool] = {}
        self._harmless: dict[Mistake, bool] = {}
        self._failing = {made: self._fails_at(made) for made in explaining}

    def may_be(self, a: Mistake, b: Mistake) -> bool:
        """Whether two mistakes in two functions can be made at once, going by what each of them does alone.

        One that explains the first answer fails at others, and at one of them the other one must
        show; neither shows where the reader's function is right, as mistakes in two functions
        hardly ever make up for each other.
        """
        found = [(made, other) for made, other in ((a, b), (b, a)) if made in self.explaining]
        return (all(any(self._shows(other, at) for at in self._failing[made]) for made, other in found)
                and self._is_harmless(a) and self._is_harmless(b))

    def _fails_at(self, made: Mistake) -> list[int]:
        """The trials that a mistake does not explain: one that explains all would have been named."""
        return [at for at, trial in enumerate(self.trials) if not self._outcome(made, at).agrees(trial.theirs)]

    def _is_harmless(self, made: Mistake) -> bool:
        """Whether a mistake shows nowhere where the reader's function is right."""
        if made not in self._harmless:
            self._harmless[made] = not any(self._shows(made, at) for at in self._right)
        return self._harmless[made]

    def _shows(self, made: Mistake, at: int) -> bool:
        if (made, at) not in self._shown:
            self._shown[made, at] = not self._outcome(made, at).agrees(self.trials[at].right)
        return self._shown[made, at]

    def _outcome(self, made: Mistake, at: int) -> Outcome:
        with self.workshop.having_made(made):
            return try_out(self.workshop.function(self.name), self.trials[at].args, self.trials[at].kwargs)


def _within(workshop: Workshop, name: str, own: _Made) -> Iterator[_Pair]:
    """Pairs of mistakes in the function itself."""
    merger = Merger(workshop.function(name), vars(workshop.main))
    for a, b in combinations(own.likeliest, 2):
        if a in own.explaining or b in own.explaining or a.common and b.common:
            both = merger.merged(a.wrong, b.wrong)
            if both and not any(made.denies and merger.uses_what_is_left_out(both, made.wrong) for made in (a, b)):
                yield _Pair((Mistake(name, "", both),), _showing_first(a, b, own.showing))


def _across(own: _Made, deeper: _Made, alone: _Alone) -> Iterator[_Pair]:
    """Pairs of mistakes in two functions."""
    showing, explaining = own.showing | deeper.showing, alone.explaining
    for a, b in combinations(own.likeliest + deeper.likeliest, 2):
        if a.function != b.function:
            common = a.common and b.common
            likely = a in explaining or b in explaining or common and {a, b} <= showing
            if likely and (common or a in own.mistakes or b in own.mistakes) and alone.may_be(a, b):
                yield _Pair((a, b), _showing_first(a, b, showing))


def _showing_first(a: Mistake, b: Mistake, showing: set[Mistake]) -> tuple[Mistake, ...]:
    return (b, a) if b in showing and a not in showing else (a, b)


def _told_apart(fitting: Iterable[tuple[Mistake, ...]]) -> list[tuple[Mistake, ...]]:
    """Of those that differ in nothing but a choice, one each."""
    return list({tuple(made.name for made in mistakes): mistakes for mistakes in fitting}.values())


def _first_that_shows(workshop: Workshop, name: str, recorded: list[_Trial], found: Diagnosis) -> Diagnosis:
    """Of two mistakes the one that explains all that the specs have seen, if one does: the other's turn will come."""
    alone = [made for made in found.mistakes if _explains(workshop, name, recorded, made)]
    return Diagnosis(tuple(alone)) if len(alone) == 1 else found


def _shows(workshop: Workshop, name: str, recorded: list[_Trial], found: Diagnosis) -> bool:
    """Whether any of the mistakes has to do with what the specs have seen, and not with other inputs alone."""
    for made in found.mistakes:
        with workshop.having_made(made):
            function = workshop.function(name)
            if not all(try_out(function, trial.args, trial.kwargs).agrees(trial.right) for trial in recorded):
                return True
    return False


def _explains(workshop: Workshop, name: str, trials: list[_Trial], *mistakes: Mistake) -> bool:
    with workshop.having_made(*mistakes):
        made = workshop.function(name)
        return all(trial.explained_by(made) for trial in trials)


def _raises_one_error(trials: list[_Trial]) -> bool:
    """Whether all that the reader's function does wrong is to raise one and the same exception."""
    wrong = [trial.theirs for trial in trials if trial.wrong]
    return wrong[0].raised is not None and all(outcome.agrees(wrong[0]) for outcome in wrong)


def _recorded(calls: list[Call], right: Callable) -> list[_Trial]:
    return [_Trial(call.args, call.kwargs, outcome_of(call), try_out(right, call.args, call.kwargs))
            for call in calls]


def _most_telling_first(trials: list[_Trial]) -> list[_Trial]:
    """Wrong ones first, and small ones first: most mistakes are ruled out by the first trial."""
    return sorted(trials, key=lambda trial: (not trial.wrong, trial.size))
