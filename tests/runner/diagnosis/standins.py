"""One function of the reader's by itself, with solutions instead of the earlier ones it uses.

So a mistake in an earlier function neither hides a mistake in this one nor is mistaken
for it; and if an answer is right with the solutions, the mistake is in one of those functions.
"""

import copy
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cached_property, wraps
from types import FunctionType

from tests.runner.diagnosis.outcomes import try_out
from tests.runner.diagnosis.trials import Trial
from tests.runner.diagnosis.workshop import Workshop
from tests.runner.lessons.loading import names_used_by

MANY = 20  # calls of an earlier function: more of them add nothing


class StandIns:
    """A function of the reader's, and the earlier ones that it uses, in the order of the files."""

    def __init__(self, workshop: Workshop, name: str, theirs: Callable):
        self.workshop, self.name, self.theirs = workshop, name, theirs
        used = used_by(theirs)
        self.used = {name: used[name] for name in workshop.before(name) if name in used}
        spaces = {id(home): home for function in (theirs, *used.values())
                  if (home := _home(function))}
        self._places = [(space, alias, earlier) for space in spaces.values()
                        for alias, value in space.items() for earlier, function in self.used.items()
                        if value is function]
        self._defaults = [function for function in (theirs, *used.values())
                          if _functions_by_default(function)]

    @cached_property
    def alone(self) -> Callable:
        """The reader's function, with solutions instead of all that it uses."""
        right = {name: self.workshop.function(name) for name in self.used}

        @wraps(self.theirs)
        def alone(*args, **kwargs):
            with self.having(right):
                return self.theirs(*args, **kwargs)

        return alone

    def blamed(self, wrong: list[Trial]) -> tuple[str, ...]:
        """The earlier functions to blame: the first whose solution makes all right, or several."""
        for name in self.used:
            if self.are_right_with([name], wrong):
                return (name,)
        needed = list(self.used)
        if not self.are_right_with(needed, wrong):
            return ()
        for name in reversed(self.used):  # as the earlier one is to be fixed first
            others = [other for other in needed if other != name]
            if self.are_right_with(others, wrong):
                needed = others
        return tuple(needed)

    def are_right_with(self, names: Collection[str], wrong: list[Trial]) -> bool:
        """Whether all is right with the solutions of these earlier functions in their places."""
        with self.having({name: self.workshop.function(name) for name in names}):
            return all(trial.is_right(try_out(self.theirs, trial.args, trial.kwargs))
                       for trial in wrong)

    def inputs_of(self, blamed: str, wrong: list[Trial]) -> list[tuple[tuple, dict]]:
        """The arguments that an earlier function gets, with solutions for those before it."""
        inputs: list[tuple[tuple, dict]] = []

        def overheard(*args, **kwargs):
            if len(inputs) < MANY:
                inputs.append(copy.deepcopy((args, kwargs)))
            return self.used[blamed](*args, **kwargs)

        before = {name: self.workshop.function(name) for name in self.workshop.before(blamed)
                  if name in self.used}
        with self.having({**before, blamed: overheard}):
            for trial in wrong:
                try_out(self.theirs, trial.args, trial.kwargs)
        return inputs

    @contextmanager
    def having(self, others: dict[str, Callable]) -> Iterator[None]:
        """Replace functions of the reader's for a while."""
        before = [(function, function.__defaults__, function.__kwdefaults__)
                  for function in self._defaults]
        instead = {self.used[name]: other for name, other in others.items()}
        try:
            for space, alias, name in self._places:
                space[alias] = others.get(name, self.used[name])
            for function, values, keywords in before:
                function.__defaults__ = values and tuple(
                    _swapped(value, instead) for value in values)
                function.__kwdefaults__ = keywords and {
                    key: _swapped(value, instead) for key, value in keywords.items()}
            yield
        finally:
            for space, alias, name in self._places:
                space[alias] = self.used[name]
            for function, values, keywords in before:
                function.__defaults__, function.__kwdefaults__ = values, keywords


def used_by(function: Callable) -> dict[str, FunctionType]:
    """The functions that a reader's function uses, by name."""
    found: dict[str, FunctionType] = {}
    waiting = [function]
    while waiting:
        caller = waiting.pop()
        code, names = getattr(caller, "__code__", None), _home(caller)
        called = {name: names.get(name) for name in names_used_by(code)} if code else {}
        by_default = _functions_by_default(caller)
        called |= {name: other for name, other in names.items()
                   if any(other is each for each in by_default)}
        for name, other in called.items():
            if isinstance(other, FunctionType) and name not in found:
                found[name] = other
                waiting.append(other)
    return found


def _functions_by_default(function: Callable) -> list[FunctionType]:
    """The functions among a function's default arguments, such as `activation=gelu`."""
    if not isinstance(function, FunctionType):
        return []
    values = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    return [value for value in values if isinstance(value, FunctionType)]


def _swapped(value, instead: dict[FunctionType, Callable]):
    """A default argument; if it is a function, the one that replaces it."""
    return instead.get(value, value) if isinstance(value, FunctionType) else value


def _home(function: Callable) -> dict:
    """The names that a function looks up: those of its module."""
    return getattr(function, "__globals__", {})
