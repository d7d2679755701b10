"""`make reset-01`, `make undo-reset-01`: start a lesson again, and bring the file back."""

from tests.runner.commands.say import GREEN, WRONG_USE, say
from tests.runner.lessons.catalog import Kata, katas_and_exercises, shown
from tests.runner.reader import backups


def reset(kata: Kata) -> int:
    """Put the stub back, and save the reader's file first."""
    try:
        change = backups.reset(kata)
    except OSError as problem:
        return _unwritable(kata, problem)
    file = shown(kata.file)
    if not change.changed:
        return say(f"{file} is the stub already. Nothing was changed.", GREEN)
    if not change.saved:
        return say(f"{file} was not there; now it is the stub.", GREEN)
    return say(f"Your {file} is kept in {shown(change.saved)}. {file} is the stub again. "
               f"`make undo-reset-{kata.label}` brings yours back.", GREEN)


def reset_all() -> int:
    """Put every stub back, and save the reader's files first."""
    return max(reset(kata) for kata in katas_and_exercises())


def undo_reset(kata: Kata) -> int:
    """Bring the reader's newest backup back, and save the present file first."""
    try:
        change = backups.undo(kata)
    except OSError as problem:
        return _unwritable(kata, problem)
    file = shown(kata.file)
    if change is None:
        return say(f"There is no backup of {file}: `make reset-{kata.label}` would have made one.",
                   WRONG_USE)
    if not change.changed:
        return say(f"{file} is the same as its backup {shown(change.brought)}. Nothing was "
                   "changed.", GREEN)
    saved = (f" What was there before is kept in {shown(change.saved)}; the same command swaps it "
             "back in." if change.saved else "")
    more = f" Older ones are in {shown(change.brought.parent)}." if change.n_more else ""
    return say(f"{file} is back, from {shown(change.brought)}.{saved}{more}", GREEN)


def undo_reset_all() -> int:
    """Bring back the newest backup of every file that has one."""
    katas = [kata for kata in katas_and_exercises() if backups.exist(kata)]
    if not katas:
        return say("There are no backups.", WRONG_USE)
    return max(undo_reset(kata) for kata in katas)


def _unwritable(kata: Kata, problem: OSError) -> int:
    return say(f"{shown(kata.file)} could not be replaced, and is as it was: {problem.strerror}.",
               WRONG_USE)
