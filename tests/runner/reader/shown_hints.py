"""Which hints the reader has seen, and the next one."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.runner.lessons.catalog import Kata, kata_in, shown
from tests.runner.lessons.hints import ladder
from tests.runner.reader import notes
from tests.runner.specs.record import SpecRecord

NONE_YET = "{} cannot be used as it is, and hints are about what its functions do. Fix that first."

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
    rungs = ladder(kata, spec)
    n_seen = remembered.shown_hints(kata.name, spec, with_verdict=record.red.hint_fits)
    n_shown = min(n_seen + 1, len(rungs) + 1)
    remembered.show_hints(kata.name, spec, min(n_shown, len(rungs)))
    said = (remembered.note, notes.write(remembered))
    return Revealed(rungs, n_shown, tuple(note for note in said if note))


def elsewhere(kata: Kata, record: SpecRecord, is_red: Callable[[Kata], bool]) -> str:
    """A sentence if an earlier kata makes a spec red, so that its own hints do not help; else "".

    is_red: whether that kata is red itself, so that it has hints
    """
    home = kata_in(record.red.file) or kata
    if home == kata:
        return ""
    more = f" There, the next hint is `{home.hint_command}`." if is_red(home) else ""
    return ELSEWHERE.format(kata.short.lower(), shown(home.file), kata.command) + more
