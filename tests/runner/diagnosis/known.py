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

import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from types import CodeType, FunctionType, ModuleType

from tests.runner.lessons.catalog import Kata, all_katas
from tests.runner.lessons.loading import load, loading_from, solutions

DENIAL = re.compile(r"\b(no effect|no part|missing)\b")


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

    @property
    def denies(self) -> bool:
        """Whether it is said that something has no effect, which another mistake made along with it may belie."""
        return DENIAL.search(self.says) is not None

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
        in_order = sorted(self.modules.values(), key=lambda module: (module is self.main, module.__name__))
        self._order = list(_places(in_order))
        for other in [*all_katas("kata"), *all_katas("exercise")]:
            if other.name in self.modules and other.mistakes.is_dir():
                self._take(other)

    def probes(self, function: str) -> list[tuple[tuple, dict]]:
        """The rich inputs of a function; none where its lesson gives none."""
        return list(self._probes[function]()) if function in self._probes else []

    def function(self, name: str) -> FunctionType | None:
        """The function as it now stands, of any lesson: the solution's, or a mistake's within `having_made`."""
        names, alias = next(iter(self._places.get(name, ())), ({}, name))
        return names.get(alias)

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

    def home(self, name: str) -> Kata:
        """The kata in which a function is written."""
        return Kata(next(module.__name__ for module in self.modules.values()
                         if getattr(vars(module).get(name), "__module__", "") == module.__name__))

    def before(self, name: str) -> list[str]:
        """The functions that are written before this one, in order."""
        return self._order[: self._order.index(name)]

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


@cache
def workshop(kata: Kata) -> Workshop:
    """The workshop of a kata, made once in a process."""
    return Workshop(kata)


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
