"""Puts mutants of right versions before the diagnosis, and holds what it names up to them.

A mutant is judged on the real specs, up to the first red one. What is named is then made in the
solution, and both are given rich random calls: wherever they differ, the name was untrue.
"""

import ast
import dataclasses
import importlib
import inspect
import itertools
import linecache
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from tests.repo.mutants import Mutant, mutants
from tests.repo.versions import versions_of
from tests.runner.diagnosis.judge import judge
from tests.runner.diagnosis.outcomes import Outcome, try_out
from tests.runner.diagnosis.pairs import Pairs
from tests.runner.diagnosis.rich import rich_calls
from tests.runner.diagnosis.workshop import Replacement, Workshop, workshop
from tests.runner.lessons.catalog import Kata
from tests.runner.lessons.loading import load, solutions
from tests.runner.specs.watched import WatchedKata

N_CALLS = 200
SEED = 2017  # any but that of the diagnosis
LIMIT = 4.0  # seconds of processor time for all specs and the diagnosis
STYLES = 2  # versions in other styles of each function


@dataclass
class Finding:
    """What became of a mutant.

    spec:    the first red spec, "" where all are green
    named:   the mistakes named
    untrue:  why what was named is untrue, "" where it is true
    differs: for a green mutant, the first rich call on which it differs from the solution
    """

    kata: str
    function: str
    version: str
    edit: str
    text: str
    spec: str = ""
    named: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    untrue: str = ""
    differs: str = ""


@dataclass(frozen=True)
class Subject:
    """A right version of a function, of which mutants are made."""

    kata: Kata
    function: str
    version: str
    source: str


def subjects(kata: Kata, styles: int = STYLES) -> Iterator[Subject]:
    """The solution of each function, and versions of it in other styles."""
    for function in kata.functions:
        right = workshop(kata).function(function)
        yield Subject(kata, function, "solution", inspect.getsource(right))
        others = [version for name, version in versions_of(kata).right if name == function]
        for version in others[:styles]:
            yield Subject(kata, function, version.__name__, inspect.getsource(version))


def examine(subject: Subject, mutant: Mutant) -> Finding:
    """Judge a mutant, and look whether what was said of it is true."""
    kata, function = subject.kata, subject.function
    found = Finding(kata.name, function, subject.version, mutant.edit, mutant.text)
    module = load(kata.name, solutions)[kata.name]
    put_in(module, function, mutant.text)
    with quiet():
        red = first_red(kata, module, function)
        if red is None:
            found.differs = difference(subject, vars(module)[function], ())
            return found
        found.spec, verdict = red
        found.named, found.says = verdict.named, verdict.happened
        if verdict.named:
            found.untrue = untrue(subject, module, verdict)
    return found


def put_in(module, function: str, text: str) -> None:
    """Put a version of a function into a module, with a source that can be read."""
    name = f"<mutant of {function}>"
    text = rename(text, function)
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    with warnings.catch_warnings(action="ignore"):
        exec(compile(text, name, "exec"), vars(module))


def rename(text: str, function: str) -> str:
    """The text of a function under another name, without decorators."""
    tree = ast.parse(text).body[0]
    tree.name, tree.decorator_list = function, []
    return ast.unparse(tree)


def first_red(kata: Kata, module, function: str):
    """The first red spec and its verdict; None where all are green."""
    watched = WatchedKata(kata.name, load=lambda: module)
    begun = kata.functions[kata.functions.index(function) :]
    for name, spec in vars(importlib.import_module(f"tests.test_{kata.name}")).items():
        if name.startswith("test_") and kata.function_of(name) in begun:
            n_before = len(watched.calls)
            try:
                with at_most(LIMIT):
                    spec(watched)
            except BaseException as problem:
                if isinstance(problem, (KeyboardInterrupt, SystemExit)):
                    raise
                with at_most(LIMIT):
                    return name, judge(kata, watched, name, n_before, problem, lambda: workshop(kata))
    return None


@contextmanager
def quiet():
    """NumPy's warnings are what mutants are made of."""
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        yield


@contextmanager
def at_most(seconds: float):
    """A limit in processor time, which a busy machine does not shorten."""
    def ring(signum, frame):
        raise pytest.fail.Exception(f"Timeout (>{seconds}s)")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def untrue(subject: Subject, module, verdict) -> str:
    """Why a name is untrue: the nearest of the mistakes so named differs; "" where one agrees."""
    reasons = []
    for made in candidates(subject.kata, subject.function, verdict):
        home = made[-1].function
        below = workshop(subject.kata).called_by(subject.function)
        target = subject.function if home in (subject.function, *below) else home
        reason = difference(subject, vars(module)[target], made)
        if not reason:
            return ""
        reasons.append(reason)
    return reasons[0] if reasons else "no mistake has this name"


def candidates(kata: Kata, function: str, verdict) -> Iterator[tuple[Replacement, ...]]:
    """The mistakes that may be meant: those of the name and sentence, with each of their choices."""
    near = {function, *workshop(kata).called_by(function), *kata.functions}
    by_name = [[made for made in workshop(kata).mistakes
                if made.name == name and made.says in verdict.happened and made.function in near]
               for name in verdict.named]
    for made in by_name:
        made.sort(key=lambda each: each.function != function)
    for made in itertools.product(*by_name):
        functions = {each.function for each in made}
        if len(made) == 2 and len(functions) == 1:
            both = Pairs(made[0].right).both(*made)
            if both:
                yield (both,)
        else:
            yield made


def difference(subject: Subject, theirs: Callable, made: tuple[Replacement, ...]) -> str:
    """The first rich call on which two functions differ, and how; or that none says anything.

    Calls that the version answers otherwise than the solution do not count: they say nothing of
    the edit. In early lessons a right version may widen float32, say.
    """
    works: Workshop = workshop(subject.kata)
    says_something, fails = False, ""
    for at, (args, kwargs) in enumerate(calls_that_count(subject, theirs.__name__)):
        with works.having_made(*made):
            known = limited(works.function(theirs.__name__), args, kwargs)
        mine = limited(theirs, args, kwargs)
        if reason := apart(mine, known):
            if made and not apart(narrowed(mine), narrowed(known)):
                continue  # a sentence about numbers is true of them in either precision
            return f"call {at}: {reason}"
        says_something |= mine.raised is None and tells(mine.answer)
        if made and mine.raised is not None and mine.raised is not known.raised:
            here, there = failing(mine.raised), failing(known.raised)
            fails = fails or (f"{here} fails instead of {there}" if here != there else "alike")
    if says_something or not made:
        return ""
    return {"alike": "", "": "no call says anything"}.get(fails, fails)


def failing(problem: BaseException) -> str:
    """The kind of the innermost expression that failed in a mutant or in a mistake."""
    kinds, at = ["nothing"], problem.__traceback__
    while at:
        code = at.tb_frame.f_code
        if code.co_filename.startswith("<m") or "/mistakes_" in code.co_filename:
            line, last, start, end = list(code.co_positions())[at.tb_lasti // 2]
            source = [part.encode() for part in linecache.getlines(code.co_filename)[line - 1 : last]]
            source[-1] = source[-1][:end]
            kinds.append(kind(b"".join(source)[start:].decode()))
        at = at.tb_next
    return kinds[-1]


def kind(source: str) -> str:
    """What an expression is: a call of what, or which operation."""
    try:
        node = ast.parse(f"({source})", mode="eval").body
    except SyntaxError:
        return source.split()[0]
    if isinstance(node, ast.Call):
        return f"a call of {ast.unparse(node.func).split('.')[-1]}"
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return ast.unparse(node).split(".")[-1]
    return type(getattr(node, "op", node)).__name__


@cache
def calls_that_count(subject: Subject, function: str) -> list[tuple[tuple, dict]]:
    """Rich calls of a function, without those that the version answers otherwise than the solution."""
    module = load(subject.kata.name, solutions)[subject.kata.name]
    put_in(module, subject.function, subject.source)
    version, right = vars(module)[function], workshop(subject.kata).function(function)
    calls = rich_calls(right, N_CALLS, SEED)
    return [call for call in calls if not apart(limited(version, *call), limited(right, *call))]


def limited(function: Callable, args: tuple, kwargs: dict) -> Outcome:
    try:
        with at_most(1.0):
            return try_out(function, args, kwargs)
    except pytest.fail.Exception as problem:
        return Outcome(raised=problem)


def narrowed(outcome: Outcome) -> Outcome:
    """An outcome with its float64 arrays in float32."""
    return dataclasses.replace(outcome, answer=narrow(outcome.answer))


def narrow(answer):
    if isinstance(answer, dict):
        return {key: narrow(part) for key, part in answer.items()}
    if isinstance(answer, (list, tuple)):
        return type(answer)(map(narrow, answer))
    is_float = getattr(answer, "dtype", None) == np.float64
    return answer.astype(np.float32) if is_float else answer


def apart(a: Outcome, b: Outcome) -> str:
    """How two outcomes differ, "" where they do not but for rounding."""
    if a.raised is not None or b.raised is not None:
        if type(a.raised) is type(b.raised):
            return ""
        return f"{shown(a)} instead of {shown(b)}"
    if a.changed != b.changed:
        return f"changes {a.changed} instead of {b.changed}"
    return "" if same(a.answer, b.answer) else f"{shown(a)} instead of {shown(b)}"


def shown(outcome: Outcome) -> str:
    if outcome.raised is not None:
        return repr(outcome.raised)[:120]
    answer = outcome.answer
    what = f"{answer.dtype}{list(answer.shape)} " if isinstance(answer, np.ndarray) else ""
    return what + " ".join(str(answer).split())[:100]


def same(a, b) -> bool:
    """Whether two answers are the same but for rounding."""
    if isinstance(a, dict) or isinstance(b, dict):
        return type(a) is type(b) and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) or isinstance(b, (list, tuple)):
        lists = isinstance(a, (list, tuple)) and isinstance(b, (list, tuple))
        return lists and len(a) == len(b) and all(map(same, a, b))
    try:
        a, b = np.asarray(a), np.asarray(b)
        floats = a.dtype.kind == b.dtype.kind == "f" and a.shape == b.shape == ()
        if a.shape != b.shape or a.dtype != b.dtype and not floats:  # "a number" is of either dtype
            return False
        if a.dtype.kind not in "fc":
            return bool((a == b).all())
    except Exception:
        return type(a) is type(b)
    rtol = 1e-3 if a.dtype.itemsize < 8 else 1e-7
    finite = np.abs(b[np.isfinite(b)])
    atol = 1e-13 + rtol * 1e-1 * finite.max(initial=0.0)
    return np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True)


def tells(answer) -> bool:
    """Whether an answer says anything: finite numbers that are not all alike, or a table of truths."""
    if isinstance(answer, dict):
        return any(map(tells, answer.values()))
    if isinstance(answer, (list, tuple)):
        return any(map(tells, answer))
    answer = np.asarray(answer)
    if answer.dtype.kind == "b":
        return answer.size > 0
    if answer.dtype.kind not in "fiu":
        return False
    finite = answer[np.isfinite(answer)]
    return finite.size > 0 and (finite.min() != finite.max() or finite.size == 1 and finite[0] != 0)
