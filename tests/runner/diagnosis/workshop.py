"""The solutions, and the known mistakes as functions that can replace them.

A mistake is compiled when it is first needed: a red run replays those of one function.
"""

import importlib
import linecache
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from types import CodeType, FunctionType, ModuleType
from typing import Protocol

from tests.runner.diagnosis.known import Declaration, Probes, Style
from tests.runner.diagnosis.mistake_edits import Edit, Misfit, edited, with_choices
from tests.runner.lessons.catalog import Kata, katas_and_exercises
from tests.runner.lessons.loading import load, loading_from, names_used_by, solutions
from tests.runner.lessons.source_text import text_of


@dataclass(frozen=True, eq=False)
class Mistake:
    """A declared mistake with its choices made, as a function of the solution's module."""

    name: str
    declared: Declaration
    right: FunctionType
    chosen: dict[str, object]

    @property
    def function(self) -> str:
        return self.declared.function

    @property
    def says(self) -> str:
        return self.declared.says

    @property
    def common(self) -> bool:
        return self.declared.common

    @property
    def denies(self) -> bool:
        return self.declared.denies

    @property
    def speaks_of(self) -> tuple[str, ...]:
        return self.declared.speaks_of

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What it changes in the solution; nothing if it is written out."""
        return self.declared.change if isinstance(self.declared.change, tuple) else ()

    @cached_property
    def text(self) -> str:
        """The wrong function as it would be written; its choices are keyword-only arguments."""
        if not self.edits:
            return text_of(self.declared.change).replace(self.declared.change.__name__,
                                                         self.function, 1)
        try:
            return with_choices(edited(right_text(self.right), self.edits), self.chosen)
        except Misfit as problem:
            raise Misfit(f"{self.name}: {problem}") from None

    @cached_property
    def wrong(self) -> FunctionType:
        if self.edits:
            return function_of(self.text, self.right, self.chosen)
        written = self.declared.change
        return rehouse(written, self.right.__globals__, self.chosen)


class Replacement(Protocol):
    """A function that replaces a solution."""

    function: str
    wrong: FunctionType


class Workshop:
    """The solutions, with any of the mistakes put in place of their functions.

    A mistake runs inside the solution's module: it calls what the solution
    would call, so that mistakes in different functions combine by themselves.
    """

    def __init__(self, kata: Kata):
        self.modules = load(kata.name, solutions)
        self.main = self.modules[kata.name]
        self._right = {name: _written_in(module) for name, module in self.modules.items()}
        self._places = _places(self.modules.values())
        in_order = sorted(self.modules.values(),
                          key=lambda module: (module is self.main, module.__name__))
        self._order = list(_places(in_order))
        self._katas = [kata for kata in katas_and_exercises()
                       if kata.name in self.modules and kata.mistakes.is_dir()]
        self._known: dict[Kata, list[Mistake]] = {}
        self._probes: dict[str, Callable] = {}

    @property
    def mistakes(self) -> list[Mistake]:
        """All mistakes in the functions of the kata and of those before it."""
        return self.mistakes_in(self._order)

    def mistakes_in(self, functions: Collection[str]) -> list[Mistake]:
        """The mistakes in some functions; only their lessons' files are read."""
        katas = [kata for kata in self._katas if set(self._right[kata.name]) & set(functions)]
        return [made for kata in katas for made in self._known_of(kata)
                if made.function in functions]

    def probes(self, function: str) -> list[tuple[tuple, dict]]:
        """The rich inputs of a function; none if its lesson gives none."""
        self.mistakes_in([function])  # which reads the probes as well
        return list(self._probes[function]()) if function in self._probes else []

    def function(self, name: str) -> FunctionType | None:
        """The current function, of any lesson: the solution's, or a mistake in `having_made`."""
        names, alias = next(iter(self._places.get(name, ())), ({}, name))
        return names.get(alias)

    @contextmanager
    def having_made(self, *mistakes: Replacement) -> Iterator[None]:
        """A context in which mistakes replace the solution's functions."""
        # the default of one may be the right version of another
        wrong = [(made.function, made.wrong) for made in mistakes]
        replaced = []
        try:
            for function, version in wrong:
                for names, name in self._places[function]:
                    replaced.append((names, name, names[name]))
                    names[name] = version
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
        """The functions that the solution of a function uses, the nearest first."""
        found = [name]
        for caller in found:  # which grows meanwhile
            names, alias = self._places[caller][0]
            found += sorted(names_used_by(names[alias].__code__) & set(self._places) - set(found))
        return found[1:]

    def _known_of(self, kata: Kata) -> list[Mistake]:
        """The mistakes of one kata, whose files are read when they are first needed."""
        if kata not in self._known:
            with loading_from(solutions):
                declared = vars(importlib.import_module(f"hints.{kata.mistakes.name}"))
            right = self._right[kata.name]
            self._known[kata] = [made for name, value in declared.items()
                                 if isinstance(value, Declaration) and value.function in right
                                 for made in _versions(name, value, right[value.function])]
            self._known[kata] += [made for value in declared.values() if isinstance(value, Style)
                                  for made in _in_style(value, self._known[kata])]
            self._probes |= {value.function: value.make for value in declared.values()
                             if isinstance(value, Probes) and value.function in right}
        return self._known[kata]


@cache
def workshop(kata: Kata) -> Workshop:
    """The workshop of a kata, made once per process."""
    return Workshop(kata)


def _versions(name: str, declared: Declaration, right: FunctionType) -> Iterator[Mistake]:
    """The versions of a mistake, one for each combination of choices."""
    for values in product(*declared.choices.values()):
        yield Mistake(name, declared, right, dict(zip(declared.choices, values)))


def _in_style(style: Style, mistakes: Iterable[Mistake]) -> list[Mistake]:
    """The mistakes in another right way to write their function, as far as their edits fit it."""
    own = [made for made in mistakes if made.function == style.function and made.edits]
    right = own[0].right
    styled = function_of(edited(right_text(right), style.change), right, {})
    found = [Mistake(made.name, made.declared, styled, made.chosen) for made in own]
    return [made for made in found if _fits(made)]


def _fits(made: Mistake) -> bool:
    try:
        return bool(made.text)
    except Misfit:
        return False


@cache
def right_text(right: FunctionType) -> str:
    """The text of a solution, for edits."""
    return text_of(right)


def function_of(text: str, right: FunctionType, chosen: dict) -> FunctionType:
    """A function of this text, instead of the right one, with its choices made."""
    names: dict[str, FunctionType] = {}
    exec(_compiled(text), right.__globals__, names)
    made = names[right.__name__]
    made.__kwdefaults__ = dict(chosen) or None
    return made


@cache
def _compiled(text: str) -> CodeType:
    file = f"<mistake {hash(text):x}>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file  # for tracebacks
    with warnings.catch_warnings(action="ignore"):  # of expressions that no reader would write
        return compile(text, file, "exec", dont_inherit=True)


def rehouse(function: FunctionType, home: dict, chosen: dict) -> FunctionType:
    """The same function, looking up what it calls in another module, with its choices made."""
    moved = FunctionType(function.__code__, home, function.__name__, function.__defaults__)
    moved.__kwdefaults__ = chosen or None
    return moved


def _places(modules: Iterable[ModuleType]) -> dict[str, list[tuple[dict, str]]]:
    """For each function, where it is found: the namespace of a module, and its name there."""
    modules = list(modules)
    rights: dict[str, FunctionType] = {}
    for module in modules:
        for name, right in _written_in(module).items():
            rights.setdefault(name, right)
    return {name: [(vars(module), alias) for module in modules
                   for alias, value in vars(module).items() if value is right]
            for name, right in rights.items()}


def _written_in(module: ModuleType) -> dict[str, FunctionType]:
    """The functions that a module defines, by name."""
    return {name: value for name, value in vars(module).items()
            if isinstance(value, FunctionType) and value.__module__ == module.__name__}
