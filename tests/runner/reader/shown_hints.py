"""Which hints the reader has seen, and the next one."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from tests.runner.lessons.catalog import Kata, kata_in, shown
from tests.runner.lessons.hints import ladder
from tests.runner.reader import notes
from tests.runner.specs.record import Place, SpecRecord

NONE_YET = "{} cannot be used as it is, and hints are about what its functions do. Fix that first."

CHANGE = "A change in line {} of {}:\n\n{}\n\n{}"
ELSEWHERE = "What makes this spec of {} red is in {}: `{}` shows what it is."


@dataclass(frozen=True)
class Revealed:
    """A ladder, and how many of its rungs are shown; n_shown is one more after the last rung.

    notes: sentences if the notes could not be used
    """

    rungs: tuple[str, ...]
    n_shown: int
    notes: tuple[str, ...]


def reveal(kata: Kata, record: SpecRecord) -> Revealed:
    """Reveal one more rung, and remember it."""
    remembered, spec = notes.read(), record.spec
    rungs = rungs_of(kata, record)
    n_seen = remembered.shown_hints(kata.name, spec, with_verdict=record.red.hint_fits)
    n_shown = min(n_seen + 1, len(rungs) + 1)
    remembered.show_hints(kata.name, spec, min(n_shown, len(rungs)))
    said = (remembered.note, notes.write(remembered))
    return Revealed(rungs, n_shown, tuple(note for note in said if note))


def rungs_of(kata: Kata, record: SpecRecord) -> tuple[str, ...]:
    """The hints for a red spec; the last is the change at the place, where that was found."""
    place = record.red.place
    return (*ladder(kata, record.spec), *((_change(place, "```diff\n{}\n```"),) if place else ()))


def _change(place: Place, block: str) -> str:
    """The change at a place, set out to the left in a block."""
    lines = textwrap.dedent("\n".join(line[2:] for line in place.change)).splitlines()
    signed = (f"{old[:2]}{line}" for old, line in zip(place.change, lines))
    return CHANGE.format(place.line, place.file, block.format("\n".join(signed)), place.says)


def elsewhere(kata: Kata, record: SpecRecord, is_red: Callable[[Kata], bool]) -> str:
    """A sentence if an earlier kata makes a spec red, so that its own hints do not help; else "".

    is_red: whether that kata is red itself, so that it has hints
    """
    home = kata_in(record.red.file) or kata
    if home == kata:
        return ""
    said = ELSEWHERE.format(kata.short.lower(), shown(home.file), kata.command)
    place = record.red.place
    if is_red(home):
        return f"{said} There, the next hint is `{home.hint_command}`."
    return f"{said}\n\n{_change(place, '{}')}" if place else said
