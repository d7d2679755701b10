"""The ladders of hints: three rungs for each spec, as a lesson's hints page has them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tests.runner import state
from tests.runner.lessons import Kata, kata_in, shown
from tests.runner.records import SpecRecord

NONE_YET = "{} cannot be used as it is, and hints are about what its functions do. Mend that first."

ELSEWHERE = "What makes this spec of {} red is in {}: `{}` shows what it is."

SPEC = re.compile(r"^## (test_\w+)\s*$", re.MULTILINE)
WHY = re.compile(r"^### (\w+)\n\n(.+\n.+)$", re.MULTILINE)
RUNG = re.compile(r"<details>\s*<summary>Hint \d</summary>\n(.*?)</details>", re.DOTALL)


def ladder(kata: Kata, spec: str) -> tuple[str, ...]:
    """The hints for a spec, the gentlest first; none where the page has none."""
    return _ladders(kata).get(spec, ())


@dataclass(frozen=True)
class Revealed:
    """A ladder as far as the reader has climbed it; after the last rung n_shown is one more.

    notes: sentences where the state could not be used
    """

    rungs: tuple[str, ...]
    n_shown: int
    notes: tuple[str, ...]


def reveal(kata: Kata, spec: str) -> Revealed:
    """Go one rung up, and remember it."""
    remembered = state.read()
    rungs = ladder(kata, spec)
    n_shown = min(remembered.shown_hints(kata.name, spec) + 1, len(rungs) + 1)
    remembered.show_hints(kata.name, spec, min(n_shown, len(rungs)))
    notes = (remembered.note, state.write(remembered))
    return Revealed(rungs, n_shown, tuple(note for note in notes if note))


def elsewhere(kata: Kata, record: SpecRecord, is_red: Callable[[Kata], bool]) -> str:
    """A sentence where an earlier kata makes a spec red, so that none of its hints is about that; "" where none does.

    is_red: whether that kata is red itself, and so has hints
    """
    home = kata_in(record.red.file) or kata
    if home == kata:
        return ""
    more = f" There, the next hint is `{home.hint_command}`." if is_red(home) else ""
    return ELSEWHERE.format(kata.short.lower(), shown(home.file), kata.command) + more


def why(kata: Kata, function: str) -> str:
    """Two lines on why the solution of a function reads as it does; "" where the page has none."""
    return dict(WHY.findall(_page(kata))).get(function, "")


@cache
def _ladders(kata: Kata) -> dict[str, tuple[str, ...]]:
    _, *parts = SPEC.split(_page(kata))
    return {spec: tuple(rung.strip() for rung in RUNG.findall(text))
            for spec, text in zip(parts[::2], parts[1::2])}


@cache
def _page(kata: Kata) -> str:
    try:
        return kata.hints.read_text(encoding="utf-8")
    except OSError:
        return ""
