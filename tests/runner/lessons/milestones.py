"""The milestones, from the overview page katas/README.md."""

import re
from collections.abc import Container
from dataclasses import dataclass
from itertools import takewhile

from tests.runner.lessons.catalog import KATAS, Kata, all_katas

PAGE = KATAS / "README.md"
HEADING = re.compile(r"^### Milestone (\d+): (.+) \(lessons? (?:\d+ to )?(\d+)\)$")


@dataclass(frozen=True)
class Milestone:
    """A point from which the reader can do something new.

    title: what the reader can do
    last:  the number of the last lesson that it needs, for example "03"
    items: the checklist
    """

    number: int
    title: str
    last: str
    items: tuple[str, ...]

    def katas(self) -> list[Kata]:
        """The katas that it needs; none while its last lesson does not exist."""
        katas = [kata for kata in all_katas() if kata.number <= self.last]
        return katas if katas and katas[-1].number == self.last else []

    def reached(self, green: Container[str]) -> bool:
        """Whether all its katas are among these names."""
        katas = self.katas()
        return bool(katas) and all(kata.name in green for kata in katas)

    @property
    def lessons(self) -> str:
        """For example "lessons 1 to 3"."""
        return "lesson 1" if self.last == "01" else f"lessons 1 to {int(self.last)}"


def milestones() -> list[Milestone]:
    """All milestones, in order; none if the page is missing."""
    try:
        lines = PAGE.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    starts = [(index, match) for index, line in enumerate(lines) if (match := HEADING.match(line))]
    return [Milestone(int(match[1]), match[2], match[3].zfill(2), _checklist(lines[index + 1 :]))
            for index, match in starts]


def _checklist(lines: list[str]) -> tuple[str, ...]:
    section = takewhile(lambda line: not line.startswith("#"), lines)
    return tuple(line[6:] for line in section if line.startswith("- [ ] "))
