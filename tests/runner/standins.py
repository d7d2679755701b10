"""One function of the reader's by itself: solutions stand in for the earlier ones that it leads to.

So a slip in an earlier function neither spoils the naming of a mistake in this one nor passes
for it; and where the stand-ins make an answer right, the mistake is in one of those functions.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, wraps
from types import FunctionType

from tests.runner.mistakes import Workshop, names_in
from tests.runner.outcomes import try_out
from tests.runner.trials import Trial

MANY = 20  # calls of an earlier function: more of them tell nothing new


class StandIns:
    """A function of the reader's, and the earlier ones that it leads to, in the order in which they are written."""

    def __init__(self, workshop: Workshop, name: str, theirs: Callable):
        self.workshop, self.name, self.theirs = workshop, name, theirs
        used = used_by(theirs)
        self.used = {name: used[name] for name in workshop.before(name) if name in used}
        spaces = {id(home): home for function in (theirs, *used.values()) if (home := _home(function))}
        self._places = [(space, alias, earlier) for space in spaces.values() for alias, value in space.items()
                        for earlier, function in self.used.items() if value is function]

    @cached_property
    def alone(self) -> Callable:
        """The reader's function, with solutions in the place of all that it leads to."""
        right = {name: self.workshop.function(name) for name in self.used}

        @wraps(self.theirs)
        def alone(*args, **kwargs):
            with self._having(right):
                return self.theirs(*args, **kwargs)

        return alone

    def blamed(self, wrong: list[Trial]) -> str:
        """The earlier function that is to blame: the one whose solution, after those before it, makes all right."""
        right: dict[str, Callable] = {}
        for name in self.used:
            right[name] = self.workshop.function(name)
            with self._having(right):
                if all(trial.is_right(try_out(self.theirs, trial.args, trial.kwargs)) for trial in wrong):
                    return name
        return ""

    def inputs_of(self, blamed: str, wrong: list[Trial]) -> list[tuple[tuple, dict]]:
        """What an earlier function is given on the way, with solutions in the place of those before it."""
        inputs: list[tuple[tuple, dict]] = []

        def overheard(*args, **kwargs):
            if len(inputs) < MANY:
                inputs.append(copy.deepcopy((args, kwargs)))
            return self.used[blamed](*args, **kwargs)

        before = {name: self.workshop.function(name) for name in self.workshop.before(blamed) if name in self.used}
        with self._having({**before, blamed: overheard}):
            for trial in wrong:
                try_out(self.theirs, trial.args, trial.kwargs)
        return inputs

    @contextmanager
    def _having(self, others: dict[str, Callable]) -> Iterator[None]:
        """Other functions in the place of the reader's, for a while."""
        try:
            for space, alias, name in self._places:
                space[alias] = others.get(name, self.used[name])
            yield
        finally:
            for space, alias, name in self._places:
                space[alias] = self.used[name]


def used_by(function: Callable) -> dict[str, FunctionType]:
    """The functions that a function of the reader's leads to, by name."""
    found: dict[str, FunctionType] = {}
    waiting = [function]
    while waiting:
        code, names = getattr(waiting[-1], "__code__", None), _home(waiting.pop())
        for name in names_in(code) if code else ():
            if isinstance(names.get(name), FunctionType) and name not in found:
                found[name] = names[name]
                waiting.append(names[name])
    return found


def _home(function: Callable) -> dict:
    """The names that a function looks up: those of its module."""
    return getattr(function, "__globals__", {})
