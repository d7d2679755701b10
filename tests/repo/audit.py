"""The audit: mutants of right versions are diagnosed, and what is named is compared with them.

A mutant is judged on the real specs, up to the first red one; on those of later functions only if
it differs from the solution on random calls. The mistake that is named is then
made in the solution, and both get random calls: if they differ, the name was untrue. A
mutant that is green and differs from the solution on these calls shows that a spec is missing.
"""

import ast
import importlib
import inspect
import itertools
import linecache
import resource
import signal
import tomllib
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.repo.agreement import apart, drawn, failing, is_informative, is_single, narrowed
from tests.repo.mutants import Mutant, mutants
from tests.repo.versions import versions_of
from tests.runner.diagnosis.case import Case
from tests.runner.diagnosis.finders import FINDERS, first_finding
from tests.runner.diagnosis.judge import red_of
from tests.runner.diagnosis.outcomes import Outcome, try_out
from tests.runner.diagnosis.pairs import Pairs
from tests.runner.diagnosis.random_calls import random_calls
from tests.runner.diagnosis.trials import Trial, has_float32, recorded, tried, within_reach
from tests.runner.diagnosis.workshop import Replacement, workshop
from tests.runner.lessons.catalog import Kata
from tests.runner.lessons.loading import load, solutions
from tests.runner.specs.record import Red
from tests.runner.specs.watched import Call, WatchedKata

N_CALLS = 200
SEED = 2017  # any that is not the diagnosis's
STYLES = 2  # how many versions in other styles are mutated, of each function
PATIENCE = 4.0  # seconds of processor time, for a spec or a diagnosis
MEMORY = 4 * 2**30
LISTED = Path(__file__).parent / "audit_listed.toml"


@dataclass(frozen=True)
class Subject:
    """A right version of a function, which is mutated; the solution, or one in another style."""

    kata: Kata
    function: str
    version: str
    source: str

    @property
    def mutants(self) -> Iterator[Mutant]:
        return mutants(self.source)


@dataclass(frozen=True)
class Finding:
    """What became of a mutant.

    spec:    the first red spec; "" if all are green
    named:   the names of the mistakes that the verdict names
    untrue:  in what way the name is untrue; "" if it is true, or if nothing is named
    differs: how a green mutant differs from the solution; "" if it does not
    """

    subject: Subject
    mutant: Mutant
    spec: str = ""
    named: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    untrue: str = ""
    differs: str = ""

    @property
    def listing(self) -> tuple[str, str, str]:
        """What it is called in the list of what cannot be mended."""
        return self.subject.function, self.subject.version, self.mutant.edit

    @property
    def complaint(self) -> str:
        """What is wrong with the diagnosis or the specs; "" if nothing is."""
        if not (self.untrue or self.differs):
            return ""
        where = f"{self.subject.function}, {self.subject.version}: {self.mutant.edit}\n"
        if self.differs:
            return f"{where}{self.mutant.text}\nis green. {self.differs}"
        return f"{where}{self.mutant.text}\nin {self.spec}:\n{' '.join(self.says)}\n{self.untrue}"


def subjects(kata: Kata) -> Iterator[Subject]:
    """The solution of each function, and versions of it in other styles."""
    for function in kata.functions:
        right = workshop(kata).function(function)
        yield Subject(kata, function, "solution", inspect.getsource(right))
        others = [version for name, version in versions_of(kata).right if name == function]
        for version in others[:STYLES]:
            yield Subject(kata, function, version.__name__, inspect.getsource(version))


@cache
def listed() -> dict[tuple[str, str, str], str]:
    """What is known and cannot be mended, with the reason. This list may only become shorter."""
    known = tomllib.loads(LISTED.read_text(encoding="utf-8")).get("known", [])
    return {(each["function"], each["version"], each["edit"]): each["why"] for each in known}


def examine(subject: Subject, mutant: Mutant) -> Finding:
    """Judge a mutant, and compare it with what is said of it."""
    kata, function = subject.kata, subject.function
    module = load(kata.name, solutions)[kata.name]
    put_in(module, function, mutant.text)
    later = kata.functions[kata.functions.index(function) + 1 :]
    watched = WatchedKata(kata.name, load=lambda: module)
    with quiet():
        found, differs = first_red(kata, watched, [function]), ""
        if found is None:
            differs = difference(subject, vars(module)[function], ())
            found = first_red(kata, watched, later) if differs else None
        if found is None:
            return Finding(subject, mutant, differs=differs)
        spec, red, part = found
        untrue = untruth(subject, module, red, part, watched.calls) if red.named else ""
    return Finding(subject, mutant, spec, red.named, red.happened, untrue)


def put_in(module: ModuleType, function: str, text: str) -> None:
    """Put a version of a function into a module, with a source that can be read."""
    tree = ast.parse(text).body[0]
    tree.name, tree.decorator_list = function, []
    text = ast.unparse(tree)
    file = f"<mutant {hash(text):x}>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    with warnings.catch_warnings(action="ignore"):
        exec(compile(text, file, "exec"), vars(module))


def first_red(kata: Kata, watched: WatchedKata,
              functions: Collection[str]) -> tuple[str, Red, int | None] | None:
    """The first red spec, of those of some functions, its verdict, and the wrong part."""
    for name, spec in vars(importlib.import_module(f"tests.test_{kata.name}")).items():
        if name.startswith("test_") and kata.function_of(name) in functions:
            n_before = len(watched.calls)
            try:
                with limited():
                    spec(watched)
            except BaseException as problem:
                if isinstance(problem, KeyboardInterrupt):
                    raise
                with limited():
                    case = Case(kata, watched, name, n_before, problem, lambda: workshop(kata))
                    return name, red_of(case, first_finding(case, FINDERS)), case.which_part
    return None


@contextmanager
def quiet() -> Iterator[None]:
    """Without the warnings that mutants give."""
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        yield


@contextmanager
def limited(seconds: float = PATIENCE) -> Iterator[None]:
    """A limit in processor time, which is the same on a busy machine, and one in memory."""
    def ring(signum, frame):
        raise pytest.fail.Exception(f"Timeout (>{seconds}s)")

    before = signal.signal(signal.SIGVTALRM, ring)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGVTALRM, before)


def untruth(subject: Subject, module: ModuleType, red: Red, part: int | None,
            calls: list[Call]) -> str:
    """In what way a name is untrue, of the mistake that comes nearest; "" if one agrees.

    part:  the part of a tuple that the name may be about alone
    calls: what the specs have asked for
    """
    below = {subject.function, *workshop(subject.kata).called_by(subject.function)}
    reasons = []
    for made in candidates(subject, red):
        home = made[-1].function
        target = subject.function if home in below else home
        theirs = vars(module)[target]
        seen = recorded([call for call in calls if call.function == target],
                        workshop(subject.kata).function(target))
        reason = difference(subject, theirs, made, seen=seen)
        of_part = reason and part is not None and difference(subject, theirs, made, part, seen)
        if not reason or of_part == "":
            return ""
        reasons.append(reason)
    return reasons[0] if reasons else "no mistake has this name and sentence"


def candidates(subject: Subject, red: Red) -> Iterator[tuple[Replacement, ...]]:
    """The mistakes that may be meant: of the name and the sentence, with each of their choices."""
    kata = subject.kata
    near = {*workshop(kata).called_by(subject.function), *kata.functions}
    of_name = [sorted((made for made in workshop(kata).mistakes if made.name == name
                       and made.says in red.happened and made.function in near),
                      key=lambda made: made.function != subject.function)
               for name in red.named]
    for made in itertools.product(*of_name):
        if len(made) == 2 and made[0].function == made[1].function:
            both = Pairs(made[0].right).both(*made)
            yield from [(both,)] if both else []
        else:
            yield made


def difference(subject: Subject, theirs: Callable, made: tuple[Replacement, ...],
               part: int | None = None, seen: list[Trial] = ()) -> str:
    """How two functions differ on the first random call on which they do; "" if they agree.

    theirs: a mutant, or a function that calls it
    made:   the mistakes to make in the solution, which is compared with it
    seen:   the calls of specs; of what none of them has asked for a name says nothing

    Of what is drawn, order and sign are open: the normal distribution is the same on both sides.
    Mistakes also have to agree on an answer that says something, or to fail at the same thing.
    """
    works, name = workshop(subject.kata), theirs.__name__
    agreed, failed = False, set()

    def compared(args, kwargs):
        with works.having_made(*made):
            other = outcome(works.function(name), args, kwargs).of_part(part)
        mine = outcome(theirs, args, kwargs).of_part(part)
        if name == "init_gpt":
            mine, other = drawn(mine), drawn(other)
        return mine, other

    for at, call in enumerate(calls_that_count(subject, name)):
        mine, other = compared(*call)
        reason = apart(mine, other)
        is_coarse = (made or is_single(mine.answer) and has_float32(call)
                     or name == subject.function and may_widen(subject.kata, name))
        if reason and is_coarse and not apart(narrowed(mine), narrowed(other)):
            continue  # a sentence about numbers is true of them in either precision
        if reason and made and mine.raised is None and refused(works.function(name), *call):
            continue  # and whatever else should be refused
        if reason and seen:
            reached = asked_for(theirs, works.function(name), call, seen)
            reason = "; ".join(filter(None, (apart(*compared(*each)) for each in reached)))
        if reason:
            return f"Call {at}: {reason}."
        agreed |= mine.raised is None and is_informative(mine.answer)
        if mine.raised is not None:
            failed.add((failing(mine.raised), failing(other.raised)))
    apart_from = [f"{here} fails, not {there}" for here, there in sorted(failed) if here != there]
    if agreed or not made:
        return ""
    return "; ".join(apart_from) if failed else "No call says anything."


@cache
def may_widen(kata: Kata, function: str) -> bool:
    """Whether the dtype of its answers is open: a right version makes float64 of float32."""
    right = workshop(kata).function(function)
    calls = [call for call in random_calls(right, N_CALLS, SEED) if has_float32(call)][:4]
    module = load(kata.name, solutions)[kata.name]
    for version in (version for name, version in versions_of(kata).right if name == function):
        put_in(module, function, inspect.getsource(version))
        for call in calls:
            mine, other = outcome(vars(module)[function], *call), outcome(right, *call)
            if apart(mine, other) and not apart(narrowed(mine), narrowed(other)):
                return True
    return False


def asked_for(theirs: Callable, right: Callable, call: tuple[tuple, dict],
              seen: list[Trial]) -> list[tuple[tuple, dict]]:
    """A call without what no spec has asked for yet; nothing if it is all about that."""
    try:
        with limited(1.0):
            trials = within_reach(tried([call], theirs, right), seen, theirs, right)
    except pytest.fail.Exception:
        return [call]
    return [(trial.args, trial.kwargs) for trial in trials]


@cache
def calls_that_count(subject: Subject, function: str) -> list[tuple[tuple, dict]]:
    """Rich calls of a function, except those on which the version already differs before mutation.

    In early lessons a right version may widen float32, for example.
    """
    module = load(subject.kata.name, solutions)[subject.kata.name]
    put_in(module, subject.function, subject.source)
    version, right = vars(module)[function], workshop(subject.kata).function(function)
    calls = random_calls(right, N_CALLS, SEED)
    return [call for call in calls if not apart(outcome(version, *call), outcome(right, *call))]


def refused(right: Callable, args: tuple, kwargs: dict) -> bool:
    """Whether the solution refuses a call."""
    return isinstance(outcome(right, args, kwargs).raised, ValueError)


def outcome(function: Callable, args: tuple, kwargs: dict) -> Outcome:
    """What comes of a call, which may not take long."""
    try:
        with limited(1.0):
            return try_out(function, args, kwargs)
    except pytest.fail.Exception as problem:
        return Outcome(raised=problem)
