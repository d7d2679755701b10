"""What an explanation has to explain: the calls that specs have made, and more inputs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from tests.runner.diagnosis.trials import Trial, most_telling_first, tried, within_reach
from tests.runner.diagnosis.workshop import Workshop


@dataclass(frozen=True)
class Trials:
    """What the specs have seen, and more: only the first is known from the start.

    Most mistakes do not explain that one, and then the others need not be tried.
    """

    first: Trial
    others: Callable[[], list[Trial]]

    @cached_property
    def rest(self) -> list[Trial]:
        return most_telling_first(self.others())

    @property
    def are_tried(self) -> bool:
        """Whether the others had to be tried."""
        return "rest" in vars(self)

    @property
    def parts(self) -> Iterator[list[Trial]]:
        """The first, and then the others, tried outside of what is done with the first."""
        yield [self.first]
        yield self.rest

    def __iter__(self) -> Iterator[Trial]:
        return chain(*self.parts)


def with_probes(workshop: Workshop, name: str, seen: list[Trial],
                 theirs: Callable) -> tuple[Trials, Trials]:
    """The trials that specs have seen, with all probes, and with what was asked for in these."""
    right = workshop.function(name)

    @cache
    def probed():
        return tried(workshop.probes(name), theirs, right, seen[0].part)

    return (Trials(seen[0], lambda: seen[1:] + probed()),
            Trials(seen[0], lambda: seen[1:] + within_reach(probed(), seen, theirs, right)))
