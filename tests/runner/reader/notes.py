"""The notes between runs: attempts, hints shown, what was green or borrowed once.

One small file that git ignores, `.kata.json`. It is written whole or not at all, and
losing it loses only these notes: what is green is found out in every run.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from tests.runner.lessons.catalog import ROOT, shown
from tests.runner.reader.atomic import write_whole

FILE = ROOT / ".kata.json"
VERSION = 1
ONCE = {"green": str, "borrowed": str, "milestones": int}


@dataclass
class Notes:
    """Attempts and revealed hints, by kata and spec, and what has happened once.

    green:      katas that have been green
    borrowed:   katas whose solutions have been used instead of the reader's files
    milestones: the numbers of those that have been announced
    note:       a sentence for the reader, if the file could not be used
    """

    attempts: dict[str, dict[str, int]] = field(default_factory=dict)
    hints: dict[str, dict[str, int]] = field(default_factory=dict)
    green: set[str] = field(default_factory=set)
    borrowed: set[str] = field(default_factory=set)
    milestones: set[int] = field(default_factory=set)
    note: str = ""

    def tried(self, kata: str, spec: str) -> None:
        """Count one more red run of a spec."""
        _count(self.attempts, kata, spec, self.attempts.get(kata, {}).get(spec, 0) + 1)

    def shown_hints(self, kata: str, spec: str, with_verdict: bool = True) -> int:
        """The number of rungs that the reader has seen.

        with_verdict: whether the first one came with the red verdict
        """
        unasked = int(with_verdict and spec in self.attempts.get(kata, {}))
        return self.hints.get(kata, {}).get(spec, unasked)

    def hints_used(self, kata: str) -> int:
        """The number of rungs that the reader has seen, of ladders that they asked for."""
        return sum(self.hints.get(kata, {}).values())

    def show_hints(self, kata: str, spec: str, rungs: int) -> None:
        """Remember how many rungs have been shown."""
        _count(self.hints, kata, spec, rungs)


def read(file: Path = FILE) -> Notes:
    """Read the notes. A file that cannot be used is put aside, and the note says so."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Notes()
    except (OSError, ValueError) as problem:
        return _set_aside(file, f"cannot be read ({type(problem).__name__})")
    try:
        data = json.loads(text)
        if data["version"] != VERSION:
            return _set_aside(file,
                              f"is of version {data['version']}, and this is version {VERSION}")
        once = [set(map(kind, data.get(name, ()))) for name, kind in ONCE.items()]
        return Notes(_counts(data["attempts"]), _counts(data["hints"]), *once)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return _set_aside(file, "is damaged")


def write(state: Notes, file: Path = FILE) -> str:
    """Write the notes, whole or not at all; return a sentence if that fails, else ""."""
    data = {"version": VERSION, "attempts": state.attempts, "hints": state.hints,
            **{name: sorted(getattr(state, name)) for name in ONCE}}
    try:
        write_whole(file, (json.dumps(data, indent=1) + "\n").encode())
    except OSError as problem:
        return (f"{shown(file)} cannot be written ({problem.strerror}); hint counts are not "
                "remembered.")
    return ""


def _count(counts: dict, kata: str, spec: str, n: int) -> None:
    counts.setdefault(kata, {})[spec] = n


def _counts(data: dict) -> dict[str, dict[str, int]]:
    return {kata: {spec: int(n) for spec, n in specs.items()} for kata, specs in data.items()}


def _set_aside(file: Path, why: str) -> Notes:
    aside = file.with_name(f"{file.stem}.aside.json")
    try:
        os.replace(file, aside)
    except OSError:
        return Notes(note=f"{shown(file)} {why}; hint counts start again.")
    return Notes(note=f"{shown(file)} {why}; it is now {shown(aside)}, and hint counts start "
                 "again.")
