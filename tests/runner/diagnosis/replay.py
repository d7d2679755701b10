"""Names the mistake behind a red spec, by making each known mistake in turn.

Each known mistake is made in the solution and gets the arguments that the reader's function
got. The one that answers as the reader's function did, on every recorded
call and on the function's probes, is the one the reader made. If none does,
pairs are tried the same way, and then what fits as far as specs have asked. If nothing does,
nothing is named.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations
from types import FunctionType

from tests.runner import limits
from tests.runner.diagnosis.evidence import Trials, with_probes
from tests.runner.diagnosis.familiar import have_something_new
from tests.runner.diagnosis.outcomes import Outcome, try_out
from tests.runner.diagnosis.pairs import Both, Pairs, contradict
from tests.runner.diagnosis.proof import Proof
from tests.runner.diagnosis.standins import StandIns
from tests.runner.diagnosis.trials import Trial, most_telling_first, recorded, tried
from tests.runner.diagnosis.workshop import Mistake, Workshop
from tests.runner.specs.watched import Call

ENOUGH = 5  # inputs that no spec has made, and that a mistake explains
MOST = 2 / 3  # as many as those that it does not explain


@dataclass(frozen=True)
class Diagnosis:
    """The mistakes that the reader made, and what to say about them.

    blamed:  the earlier function that they are in, "" if they are in the one that was called;
             for an earlier one this may be all that is known
    besides: more earlier functions that are wrong, which are not examined
    shown:   what is wrong in the earlier function's answers, the most telling first
    so_far:  whether they explain what specs have asked for, and not all that was tried
    """

    mistakes: tuple[Mistake, ...] = ()
    blamed: str = ""
    besides: tuple[str, ...] = ()
    shown: Trial | None = None
    so_far: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(made.name for made in self.mistakes)

    @property
    def sentences(self) -> tuple[str, ...]:
        said = tuple(made.says for made in self.mistakes)
        if len(said) < 2:
            return said
        return ("Two things at once.", *(part for one in said for part in ("", one)))


def diagnose(workshop: Workshop, name: str, calls: list[Call], theirs: Callable,
             part: int | None = None, more: list[tuple[tuple, dict]] = ()) -> Diagnosis | None:
    """Find the mistake in the reader's function `name` that explains the recorded calls.

    calls:  calls of that function so far, the latest last
    theirs: the reader's function, to try on more inputs
    part:   the part of a tuple that a spec found wrong: if no mistake explains all parts, as some
            may not be written yet, the one that explains this part is named
    more:   inputs instead of calls that are too slow to repeat
    """
    right = workshop.function(name)
    if right is None:
        return None
    found = _diagnosis(workshop, name, recorded(calls, right) + tried(more, theirs, right), theirs)
    if found or part is None:
        return found
    return _diagnosis(workshop, name, recorded(calls, right, part), theirs)


def _diagnosis(workshop: Workshop, name: str, seen: list[Trial],
               theirs: Callable) -> Diagnosis | None:
    wrong = [trial for trial in seen if trial.wrong]
    if not wrong:
        return None
    stand_ins = StandIns(workshop, name, theirs)
    if stand_ins.used:
        right = workshop.function(name)
        part = seen[0].part
        alone = tried([(trial.args, trial.kwargs) for trial in wrong], stand_ins.alone, right, part)
        if not any(trial.wrong for trial in alone):
            return _in_another(workshop, wrong, stand_ins)
        if all(after.theirs.raised is None or before.theirs.raised
               for before, after in zip(wrong, alone)):
            seen = tried([(trial.args, trial.kwargs) for trial in seen], stand_ins.alone, right,
                         part)
            theirs = stand_ins.alone
    return _in_itself(workshop, name, most_telling_first(seen), theirs, stand_ins)


def _in_another(workshop: Workshop, wrong: list[Trial], stand_ins: StandIns) -> Diagnosis | None:
    """The mistake in the first of the earlier functions whose solutions make all of it right."""
    blamed, *besides = stand_ins.blamed(wrong) or ("",)
    if not blamed:
        return None
    function = stand_ins.used[blamed]
    given = tried(stand_ins.inputs_of(blamed, wrong), function, workshop.function(blamed))
    found = _diagnosis(workshop, blamed, given, function)
    if found and found.blamed:  # that function is right itself, but uses others that are not
        deeper = (found.blamed, *found.besides, *besides)
        if stand_ins.are_right_with(deeper, wrong):
            return Diagnosis(found.mistakes, deeper[0], deeper[1:], found.shown)
    shown = next((trial for trial in most_telling_first(given) if trial.wrong), None)
    if not found and shown is None:
        return None  # it is right on all that it is given: over many steps its rounding has grown
    mistakes = found.mistakes if found and not found.blamed else ()
    return Diagnosis(mistakes, blamed, tuple(besides), shown)


def _in_itself(workshop: Workshop, name: str, seen: list[Trial], theirs: Callable,
               stand_ins: StandIns) -> Diagnosis | None:
    """The mistake in the function, or in a step written out in it instead of calling a function.

    If none explains what it does with everything, parts that may not be written yet are left aside.
    """
    called = [function for function in workshop.called_by(name) if function not in stand_ins.used]
    own = _made(workshop, name, seen[0], _known(workshop, [name]))
    deeper = None
    proof = Proof(workshop, name, seen, theirs, stand_ins)
    probed, asked_for = with_probes(workshop, name, seen, theirs)
    for trials in (probed, asked_for):
        if trials is asked_for and probed.are_tried and asked_for.rest == probed.rest:
            break
        if fitting := _fitting(workshop, name, trials, own.explaining, proof):
            return _only(fitting)
        deeper = deeper or _made(workshop, name, seen[0], _known(workshop, called))
        for function in called:
            if fitting := _fitting(workshop, name, trials, deeper.explaining_in(function), proof):
                return _only(fitting)
    alone = _Alone(workshop, name, asked_for, {*own.explaining, *deeper.explaining})
    for pairs in (_within(own), _across(own, deeper, alone)):
        if fitting := _told_apart(
                pair.named for pair in pairs if _explains(workshop, name, asked_for, *pair.made)
                and not _raises_one_error(asked_for, proof)
                and proof.holds([*asked_for], pair.made, pair.named)):
            near = _nearest(fitting, name)
            found = _only(near) or _shared(workshop, name, seen, [*asked_for], near)
            if found and _shows(workshop, name, seen, found):
                return found
            break
    return _as_far_as_asked(workshop, name, seen, asked_for, [*own.explaining, *deeper.explaining],
                            proof)


def _as_far_as_asked(workshop: Workshop, name: str, seen: list[Trial], asked_for: Trials,
                     explaining: list[Mistake], proof: Proof) -> Diagnosis | None:
    """The mistake that explains all but inputs that no spec has made, and that have something new.

    That must be in no input that it does explain, so that it can be something else that is wrong.
    An exception is not enough to go by.
    """
    if seen[0].theirs.raised is not None:
        return None
    right, fitting = workshop.function(name), []
    unseen = [*(trial for trial in asked_for.rest if trial not in seen), *proof.further]
    for made in explaining:
        with workshop.having_made(made):
            function = workshop.function(name)
            agreeing = [trial for trial in unseen if trial.is_theirs(
                try_out(function, trial.args, trial.kwargs), limits.SLACK)]
        others = [trial for trial in unseen if trial not in agreeing]
        explained = sum(trial.wrong for trial in agreeing)
        if (explained >= max(ENOUGH, MOST * len(others)) and all(trial.wrong for trial in others)
                and have_something_new(others, seen, agreeing, right)
                and _explain(workshop, name, seen, [made])
                and proof.leaving_aside(others).holds(seen, (made,), (made,))):
            fitting.append((made,))
    found = _only(_nearest(_told_apart(fitting), name))
    return found and replace(found, so_far=True)


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
        """Each mistake once: with a choice that explains the answer, else with its likeliest.

        It is once in every style in which its function may be written.
        """
        last_first = [*reversed(self.mistakes), *reversed(self.explaining)]
        return list({(made.name, made.right): made for made in last_first}.values())[::-1]


def _known(workshop: Workshop, functions: list[str]) -> list[Mistake]:
    return workshop.mistakes_in(functions)


def _made(workshop: Workshop, name: str, trial: Trial, mistakes: list[Mistake]) -> _Made:
    showing, explaining = set(), []
    for made in mistakes:
        with workshop.having_made(made):
            outcome = try_out(workshop.function(name), trial.args, trial.kwargs)
        if not trial.is_right(outcome):
            showing.add(made)
        if trial.is_theirs(outcome):
            explaining.append(made)
    return _Made(mistakes, showing, explaining)


def _fitting(workshop: Workshop, name: str, trials: Trials,
             mistakes: list[Mistake], proof: Proof) -> list[tuple[Mistake, ...]]:
    return _told_apart((made,) for made in mistakes if _explains(workshop, name, trials, made)
                       and proof.holds([*trials], (made,), (made,)))


def _only(fitting: list[tuple[Mistake, ...]]) -> Diagnosis | None:
    """The only diagnosis that is left, if one is.

    One that mentions what the code has goes before those that are about answers alone.
    """
    mentioned = [mistakes for mistakes in fitting if any(made.speaks_of for made in mistakes)]
    left = mentioned if len(mentioned) == 1 else fitting
    return Diagnosis(left[0]) if len(left) == 1 else None


def _shared(workshop: Workshop, name: str, seen: list[Trial], trials: list[Trial],
            fitting: list[tuple[Mistake, ...]]) -> Diagnosis | None:
    """What all that are left share, if it alone explains what the specs have seen.

    It may not be all that is wrong; but what should be refused and is not needs a name as well.
    """
    if any(trial.right.raised and not trial.theirs.raised for trial in trials):
        return None
    shared = [made for made in fitting[0] if all(made in mistakes for mistakes in fitting)
              and _explain(workshop, name, seen, [made])]
    return Diagnosis(tuple(shared)) if len(shared) == 1 else None


def _nearest(fitting: list[tuple[Mistake, ...]], name: str) -> list[tuple[Mistake, ...]]:
    """Those with a mistake in the function itself, if there are any."""
    near = [mistakes for mistakes in fitting if any(made.function == name for made in mistakes)]
    return near or fitting


@dataclass(frozen=True)
class _Pair:
    """Two mistakes together: `made` is what is run, `named` is what the screen names."""

    made: tuple[Mistake | Both, ...]
    named: tuple[Mistake, ...]


# There are too many pairs to try all. Tried are pairs of which one mistake explains the
# first answer alone, as the other one shows elsewhere, and those of two common mistakes. Two
# mistakes in other functions, both written out by the reader, must be common ones: among so
# many there are some that look like a third, such as one of the function itself.


class _Alone:
    """What single mistakes do to the trials, to find the pairs that are worth trying."""

    def __init__(self, workshop: Workshop, name: str, trials: Trials,
                 explaining: set[Mistake]):
        self.workshop, self.name, self.explaining = workshop, name, explaining
        self._all = trials
        self._shown: dict[tuple[Mistake, int], bool] = {}
        self._harmless: dict[Mistake, bool] = {}

    @cached_property
    def trials(self) -> list[Trial]:
        return [*self._all]

    @cached_property
    def _right(self) -> list[int]:
        return [at for at, trial in enumerate(self.trials) if not trial.wrong]

    @cached_property
    def _failing(self) -> dict[Mistake, list[int]]:
        return {made: self._fails_at(made) for made in self.explaining}

    def may_be(self, a: Mistake, b: Mistake) -> bool:
        """Whether two mistakes in two functions can be made at once, by what each does alone.

        One that explains the first answer fails at others, and at one of them the other one must
        show; neither shows if the reader's function is right, as mistakes in two functions
        hardly ever make up for each other.
        """
        found = [(made, other) for made, other in ((a, b), (b, a)) if made in self.explaining]
        return (all(any(self._shows(other, at) for at in self._failing[made])
                    for made, other in found) and self._is_harmless(a) and self._is_harmless(b))

    def explain_first(self, *both: Mistake) -> bool:
        """Whether two mistakes together explain the first answer."""
        return _explain(self.workshop, self.name, [self._all.first], both)

    def _fails_at(self, made: Mistake) -> list[int]:
        """The trials that a mistake does not explain: one that explains all is already named."""
        return [at for at, trial in enumerate(self.trials)
                if not trial.is_theirs(self._outcome(made, at))]

    def _is_harmless(self, made: Mistake) -> bool:
        """Whether a mistake shows in no trial that the reader's function has right."""
        if made not in self._harmless:
            self._harmless[made] = not any(self._shows(made, at) for at in self._right)
        return self._harmless[made]

    def _shows(self, made: Mistake, at: int) -> bool:
        if (made, at) not in self._shown:
            self._shown[made, at] = not self.trials[at].is_right(self._outcome(made, at))
        return self._shown[made, at]

    def _outcome(self, made: Mistake, at: int) -> Outcome:
        with self.workshop.having_made(made):
            return try_out(self.workshop.function(self.name), self.trials[at].args,
                           self.trials[at].kwargs)


def _within(own: _Made) -> Iterator[_Pair]:
    """Pairs of mistakes in the function itself."""
    pairs: dict[FunctionType, Pairs] = {}
    for a, b in combinations(own.likeliest, 2):
        likely = a in own.explaining or b in own.explaining or a.common and b.common
        if likely and a.right is b.right:
            found = pairs.setdefault(a.right, Pairs(a.right))
            both = None if contradict(a, b) else found.both(a, b)
            if both and not any(made.denies and found.brings_back(both, made) for made in (a, b)):
                yield _Pair((both,), _showing_first(a, b, own.showing))


def _across(own: _Made, deeper: _Made, alone: _Alone) -> Iterator[_Pair]:
    """Pairs of mistakes in two functions."""
    showing, explaining = own.showing | deeper.showing, alone.explaining
    for a, b in combinations(own.likeliest + deeper.likeliest, 2):
        if a.function != b.function and not contradict(a, b):
            common = a.common and b.common
            likely = a in explaining or b in explaining or common and {a, b} <= showing
            near = common or a in own.mistakes or b in own.mistakes
            if likely and near and alone.explain_first(a, b) and alone.may_be(a, b):
                yield _Pair((a, b), _showing_first(a, b, showing))


def _showing_first(a: Mistake, b: Mistake, showing: set[Mistake]) -> tuple[Mistake, ...]:
    return (b, a) if b in showing and a not in showing else (a, b)


def _told_apart(fitting: Iterable[tuple[Mistake, ...]]) -> list[tuple[Mistake, ...]]:
    """One of those that differ only in a choice."""
    return list({tuple(made.name for made in mistakes): mistakes for mistakes in fitting}.values())


def _shows(workshop: Workshop, name: str, seen: list[Trial], found: Diagnosis) -> bool:
    """Whether any of the mistakes affects what the specs have seen, not only other inputs."""
    for made in found.mistakes:
        with workshop.having_made(made):
            function = workshop.function(name)
            if not all(trial.is_right(try_out(function, trial.args, trial.kwargs))
                       for trial in seen):
                return True
    return False


def _explains(workshop: Workshop, name: str, trials: Trials, *mistakes: Mistake | Both) -> bool:
    return all(_explain(workshop, name, part, mistakes) for part in trials.parts)


def _explain(workshop: Workshop, name: str, trials: list[Trial],
             mistakes: Iterable[Mistake | Both]) -> bool:
    with workshop.having_made(*mistakes):
        made = workshop.function(name)
        return all(trial.explained_by(made) for trial in trials)


def _raises_one_error(trials: Trials, proof: Proof) -> bool:
    """Whether the reader's function only ever fails with one and the same exception."""
    first = trials.first.theirs
    return first.raised is not None and all(
        trial.theirs.agrees(first) for trial in chain(trials, proof.further) if trial.wrong)
