"""The commands around the katas: which one is next, starting one again, how far one is."""

from collections.abc import Callable

from tests.runner import backups, commands, state, supervise
from tests.runner.commands import GREEN, RED, WRONG_USE
from tests.runner.lessons import Kata, all_katas, shown


def current(do: Callable[[Kata], int]) -> int:
    """Do something with the first kata that is not green, or show the one that has just turned green."""
    katas = all_katas()
    runs = supervise.survey(katas, stop=True)
    green = [kata for kata in katas if kata.name in runs and runs[kata.name].green]
    unfinished = [kata for kata in katas if kata not in green]
    if do is commands.kata and (finished := _just_finished(green)):
        return do(finished)
    if unfinished:
        return do(unfinished[0])
    if do is commands.watch:
        return commands.say(f"Nothing to watch: every kata is green. `make watch-{katas[-1].number}` watches one lesson.",
                            GREEN)
    return commands.say("Every kata is green: from the first softmax on, this is your own code. "
                        f"`make example-{katas[-1].number}` sets it to work, and `make progress` shows what else "
                        "there is.", GREEN)


def _just_finished(green: list[Kata]) -> Kata | None:
    """The first kata that the reader worked at and has not seen green yet."""
    remembered = state.read()
    return next((kata for kata in green if kata.name in remembered.attempts and kata.name not in remembered.green), None)


def progress() -> int:
    """Show how far the reader is."""
    from tests.runner import progress, screen

    screen.show(progress.page(progress.survey(), screen.width()))
    return GREEN


def doctor() -> int:
    """Look over all that a run relies on."""
    from tests.runner import doctor, screen

    findings = doctor.examine()
    screen.show(doctor.page(findings))
    return RED if any(finding.cure for finding in findings) else GREEN


def reset(kata: Kata) -> int:
    """Put the stub back, after a copy of the reader's file."""
    try:
        change = backups.reset(kata)
    except OSError as problem:
        return _unwritable(kata, problem)
    file = shown(kata.file)
    if not change.changed:
        return commands.say(f"{file} is the stub already. Nothing was changed.", GREEN)
    if not change.saved:
        return commands.say(f"{file} was not there; now it is the stub.", GREEN)
    return commands.say(f"Your {file} is kept in {shown(change.saved)}. {file} is the stub again. "
                        f"`make undo-reset-{kata.label}` brings yours back.", GREEN)


def reset_all() -> int:
    """Put every stub back, after copies of the reader's files."""
    return max(reset(kata) for kata in all_katas("kata") + all_katas("exercise"))


def undo_reset(kata: Kata) -> int:
    """Bring the reader's newest backup back, after a copy of what is there now."""
    try:
        change = backups.undo(kata)
    except OSError as problem:
        return _unwritable(kata, problem)
    file = shown(kata.file)
    if change is None:
        return commands.say(f"There is no backup of {file}: `make reset-{kata.label}` would have made one.", WRONG_USE)
    if not change.changed:
        return commands.say(f"{file} is the same as its backup {shown(change.brought)}. Nothing was changed.", GREEN)
    saved = f" What was there before is kept in {shown(change.saved)}." if change.saved else ""
    more = f" Older ones lie in {shown(change.brought.parent)}." if change.n_more else ""
    return commands.say(f"{file} is back, from {shown(change.brought)}.{saved}{more}", GREEN)


def undo_reset_all() -> int:
    """Bring back the newest backup of every file that has one."""
    katas = [kata for kata in [*all_katas("kata"), *all_katas("exercise")] if backups.exist(kata)]
    if not katas:
        return commands.say("There are no backups.", WRONG_USE)
    return max(undo_reset(kata) for kata in katas)


def _unwritable(kata: Kata, problem: OSError) -> int:
    return commands.say(f"{shown(kata.file)} could not be replaced, and is as it was: {problem.strerror}.", WRONG_USE)
