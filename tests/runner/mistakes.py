"""Mistakes: wrong versions of the reader's functions that people really write.

A file of mistakes declares each one beside its sentence:

    @mistake("softmax", "Your softmax runs down the columns: ...")
    def runs_down_the_columns(scores, axis=-1):
        ...

and, for each function, the rich inputs that tell its mistakes apart:

    @probes("softmax")
    def probe_softmax():
        yield given(scores, axis=0)
"""

import copy
import importlib
import inspect
import math
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from types import CodeType, FunctionType, ModuleType

import numpy as np

from tests.runner.lessons import Kata, all_katas
from tests.runner.source import load, loading_from, solutions
from tests.runner.watch import LEAVING, Call, changed_arguments

SHAPE = re.compile(r"\(\d*(?:,\d+)*,?\)")
DIFFERENT = re.compile(r"size (\d+) is different from (\d+)|(\d+) \(dim \d+\) != (\d+) \(dim \d+\)")


@dataclass(frozen=True, eq=False)
class Mistake:
    """A wrong version of one function, with the sentence for whoever wrote it.

    common:  so frequent that another frequent one may well be made along with it
    choices: for each keyword-only argument, the values that people write, the likeliest first
    """

    function: str
    says: str
    wrong: FunctionType
    common: bool = False
    choices: dict[str, tuple] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.wrong.__name__

    def versions(self, home: dict) -> Iterator["Mistake"]:
        """The mistake with each choice made, at home in the solution's module."""
        for values in product(*self.choices.values()):
            chosen = dict(zip(self.choices, values))
            yield Mistake(self.function, self.says, rehouse(self.wrong, home, chosen), self.common)


@dataclass(frozen=True)
class Probes:
    """Inputs for one function, rich enough to tell its mistakes apart."""

    function: str
    make: Callable[[], Iterator[tuple[tuple, dict]]]


def mistake(function: str, says: str, *, common=False, **choices: tuple) -> Callable[[FunctionType], Mistake]:
    """Declare a wrong version of a function, and what to say to whoever wrote it."""
    return lambda wrong: Mistake(function, " ".join(says.split()), wrong, common, choices)


def probes(function: str) -> Callable[[Callable], Probes]:
    """Declare the inputs that tell the mistakes of a function apart."""
    return lambda make: Probes(function, make)


def given(*args, **kwargs) -> tuple[tuple, dict]:
    """The arguments of one call."""
    return args, kwargs


@dataclass(frozen=True)
class Outcome:
    """What came of a call: an answer or an exception, and the arguments that it changed."""

    answer: object = None
    raised: BaseException | None = None
    changed: tuple[str, ...] = ()

    def agrees(self, other: "Outcome") -> bool:
        """Whether two outcomes are the same but for rounding."""
        if self.changed != other.changed:
            return False
        if self.raised is not None or other.raised is not None:
            return _gist(self.raised) == _gist(other.raised)
        return _alike(self.answer, other.answer)


def outcome_of(call: Call) -> Outcome:
    """What the reader's function did in a recorded call."""
    return Outcome(call.answer, call.raised, call.changed)


def try_out(function: Callable, args: tuple, kwargs: dict) -> Outcome:
    """Call a function on copies of the arguments, quietly."""
    own_args, own_kwargs = _copied(args), _copied(kwargs)
    with np.errstate(all="ignore"):
        try:
            answer = function(*own_args, **own_kwargs)
        except (Exception, SystemExit, KeyboardInterrupt) as problem:
            if isinstance(problem, LEAVING):
                raise
            return Outcome(raised=problem)
    if _untouched(args, own_args) and _untouched(kwargs, own_kwargs):
        return Outcome(answer)
    before = Call("", args, kwargs)
    return Outcome(answer, None, changed_arguments(inspect.signature(function), before, own_args, own_kwargs))


class Workshop:
    """The solutions, with any of the mistakes put in place of their functions.

    A mistake runs inside the solution's module: what it calls is what the solution
    would call, so that mistakes in different functions combine by themselves.
    """

    def __init__(self, kata: Kata):
        self.modules = load(kata.name, solutions)
        self.main = self.modules[kata.name]
        self.mistakes: list[Mistake] = []
        self._probes: dict[str, Callable] = {}
        self._places = _places(self.modules.values())
        for other in [*all_katas("kata"), *all_katas("exercise")]:
            if other.name in self.modules and other.mistakes.is_dir():
                self._take(other)

    def probes(self, function: str) -> list[tuple[tuple, dict]]:
        """The rich inputs of a function; none where its lesson gives none."""
        return list(self._probes[function]()) if function in self._probes else []

    def function(self, name: str) -> FunctionType | None:
        """The function as it now stands: the solution's, or a mistake's within `having_made`."""
        return vars(self.main).get(name)

    @contextmanager
    def having_made(self, *mistakes: Mistake) -> Iterator[None]:
        """Put mistakes in the place of the solution's functions, for a while."""
        replaced = []
        try:
            for made in mistakes:
                for names, name in self._places[made.function]:
                    replaced.append((names, name, names[name]))
                    names[name] = made.wrong
            yield
        finally:
            for names, name, before in reversed(replaced):
                names[name] = before

    def called_by(self, name: str) -> list[str]:
        """The functions that the solution of a function leads to, the nearest first."""
        found = [name]
        for caller in found:  # which grows on the way
            names, alias = self._places[caller][0]
            found += sorted(names_in(names[alias].__code__) & set(self._places) - set(found))
        return found[1:]

    def _take(self, kata: Kata):
        with loading_from(lambda name: solutions(name)):
            module = importlib.import_module(f"hints.{kata.mistakes.name}")
        home = vars(self.modules[kata.name])
        for value in vars(module).values():
            if isinstance(value, Mistake) and value.function in home:
                self.mistakes.extend(value.versions(home))
            elif isinstance(value, Probes) and value.function in home:
                self._probes[value.function] = value.make


def rehouse(function: FunctionType, home: dict, chosen: dict) -> FunctionType:
    """The same function, looking up what it calls in another module, with its choices made."""
    moved = FunctionType(function.__code__, home, function.__name__, function.__defaults__)
    moved.__kwdefaults__ = chosen or None
    return moved


def _places(modules: Iterable[ModuleType]) -> dict[str, list[tuple[dict, str]]]:
    """For each function, where it is found: the names of a module, and its name among them."""
    spaces = [vars(module) for module in modules]
    homes: dict[str, FunctionType] = {}
    for space in spaces:
        for name, value in space.items():
            if getattr(value, "__module__", "") == space["__name__"] and isinstance(value, FunctionType):
                homes.setdefault(name, value)
    return {name: [(space, alias) for space in spaces for alias, value in space.items() if value is right]
            for name, right in homes.items()}


def names_in(code: CodeType) -> set[str]:
    """The names that a function looks up, inner functions and comprehensions included."""
    inner = (names_in(part) for part in code.co_consts if isinstance(part, CodeType))
    return set(code.co_names).union(*inner)


def _gist(problem: BaseException | None) -> tuple:
    """What an exception says, however the call was written: `a + b` or `b + a`, np.dot or @."""
    text = str(problem)
    if sizes := DIFFERENT.search(text):
        return type(problem), *sorted(filter(None, sizes.groups()))
    if "broadcast" in text:
        return type(problem), *sorted(SHAPE.findall(text))
    return type(problem), text


def _copied(value):
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if type(value) is tuple:
        return tuple(map(_copied, value))
    if type(value) is dict:
        return {key: _copied(part) for key, part in value.items()}
    return copy.deepcopy(value)


def _untouched(before, after) -> bool:
    """Whether nothing was written into a copy; where in doubt, False."""
    if type(before) is np.ndarray:
        return before.tobytes() == after.tobytes()
    if type(before) is tuple:
        return all(map(_untouched, before, after))
    if type(before) is dict:
        return list(before) == list(after) and all(map(_untouched, before.values(), after.values()))
    return before is after or type(before) in (int, float, str, bool) and before == after


def _alike(a, b) -> bool:
    if isinstance(a, np.matrix) or isinstance(b, np.matrix):
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(_alike(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(_alike, a, b))
    if not (isinstance(a, (np.ndarray, np.generic)) and isinstance(b, (np.ndarray, np.generic))):
        return type(a) is type(b) and bool(np.all(a == b))
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype.kind not in "fc":
        return np.array_equal(a, b)
    return _alike_but_for_rounding(a, b)


def _alike_but_for_rounding(a, b) -> bool:
    rtol = 1e-11 if a.dtype.itemsize >= 8 else 1e-5
    sizes = np.abs(b)
    at = int(sizes.argmax()) if b.size else 0
    largest = float(sizes.item(at)) if b.size else 0.0
    if math.isfinite(largest):
        if b.size and not abs(a.item(at) - b.item(at)) <= 1.01 * rtol * largest:
            return False  # as most are: one look is enough
        with np.errstate(all="ignore"):
            alike = (np.abs(a - b) <= rtol * sizes + rtol * 1e-2 * largest).all()
    else:
        largest = sizes[np.isfinite(b)].max(initial=0.0)
        with np.errstate(all="ignore"):
            alike = np.allclose(a, b, rtol=rtol, atol=rtol * 1e-2 * largest, equal_nan=True)
    # Among weights, one that is exactly zero is another answer than one that is merely small.
    return bool(alike and ((a < 0).any() or (b < 0).any() or ((a == 0) == (b == 0)).all()))
