"""Starting a kata again: the reader's file is copied first, and can always be brought back.

Backups are in `.kata-backups/`, one folder for each kata. A name has a number, as clocks are set
back now and then, and the date and time. No backup is ever deleted or overwritten.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.runner.lessons.catalog import ROOT, Kata
from tests.runner.lessons.source_text import has_answers
from tests.runner.lessons.stubs import make_stub
from tests.runner.reader.atomic import write_whole

FOLDER = ROOT / ".kata-backups"


@dataclass(frozen=True)
class Replaced:
    """What a reset or its undoing did to the reader's file.

    saved:   the copy of the file as it was; None if it was not worth a copy
    brought: the backup that was brought back; None for a stub
    changed: whether the file is different now
    n_more:  the number of other backups
    """

    saved: Path | None = None
    brought: Path | None = None
    changed: bool = True
    n_more: int = 0


def reset(kata: Kata) -> Replaced:
    """Put the stub back, and save the file first. Raises OSError if nothing can be written."""
    stub = make_stub(kata.solution.read_text(encoding="utf-8")).encode()
    before = _content(kata.file)
    if before == stub:
        return Replaced(changed=False)
    saved = _save(kata, before) if before is not None else None
    write_whole(kata.file, stub)
    return Replaced(saved)


def undo(kata: Kata) -> Replaced | None:
    """Bring the newest backup back, and save the file first; None if there is no backup.

    A backup without answers, such as a stub of an older version, comes last.
    """
    newest = max(_all(kata), key=lambda backup: (has_answers(backup, kata.functions), _age(backup)),
                 default=None)
    if newest is None:
        return None
    content, now = newest.read_bytes(), _content(kata.file)
    if content == now:
        return Replaced(brought=newest, changed=False)
    stub = make_stub(kata.solution.read_text(encoding="utf-8")).encode()
    saved = None if now in (None, stub) else _save(kata, now)
    write_whole(kata.file, content)
    return Replaced(saved, newest, n_more=len(_all(kata)) - 1 - bool(saved))


def exist(kata: Kata) -> bool:
    """Whether a kata has a backup."""
    return _newest(kata) is not None


def _save(kata: Kata, content: bytes) -> Path:
    """Copy a file's content to a new backup, unless the newest one is the same."""
    newest = _newest(kata)
    if newest and newest.read_bytes() == content:
        return newest
    folder = FOLDER / kata.name
    folder.mkdir(parents=True, exist_ok=True)
    backup = folder / f"{_number(newest) + 1:04d}_{datetime.now():%Y-%m-%d_%H.%M.%S}.py"
    write_whole(backup, content)
    return backup


def _newest(kata: Kata) -> Path | None:
    return max(_all(kata), key=_age, default=None)


def _all(kata: Kata) -> list[Path]:
    return list((FOLDER / kata.name).glob("*.py"))


def _age(backup: Path) -> tuple[int, str]:
    return _number(backup), backup.name


def _number(backup: Path | None) -> int:
    number = backup.name.partition("_")[0] if backup else ""
    return int(number) if number.isdecimal() else 0


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
