"""From the words of a command line to a command and its arguments."""

import os
from collections.abc import Sequence

from tests.runner.commands.all_commands import Command, Misused, Takes, command_line, help_text
from tests.runner.commands.say import GREEN
from tests.runner.layout.one_line import listed

HELP = (["help"], ["--help"], ["-h"], [])


def carry_out(words: Sequence[str]) -> int:
    """Carry out one command; return its exit status, or raise Misused."""
    from tests.runner.running.cold import RUNNING

    if RUNNING in os.environ:
        raise Misused("A kata file called the runner while the runner runs it. That would never "
                      "end.")
    if list(words) in HELP:
        print(help_text())
        return GREEN
    command, more = command_line(words)
    if command.words != "doctor" and (gone := _missing()):
        raise Misused(f"{gone} is missing. `git checkout {gone}` brings it back.")
    return _with_what_it_takes(command, more)


def _with_what_it_takes(command: Command, more: list[str]) -> int:
    match command.takes:
        case Takes.WORDS:
            return command.function(*more)
        case Takes.NOTHING:
            if more:
                raise Misused(f"`make {command.words}` takes no number.")
            return command.function()
        case Takes.LESSON_OR_NEXT if not more:
            from tests.runner.commands.next_kata import current

            return current(command.function)
        case Takes.LESSON_OR_ALL if more == ["all"]:
            return command.of_all()
    if not more:
        raise Misused(f"Of which lesson? For example: make {command.words}-01.")
    if not command.of_exercises and "exercise" in more:
        raise Misused(f"Exercises have no {command.words}.")
    return command.function(_which(command.words, more))


def _which(command: str, words: list[str]):
    """The kata or exercise that is meant."""
    from tests.runner.lessons.catalog import all_katas, find

    kind = "exercise" if "exercise" in (command, *words) else "kata"
    wanted = " ".join(word for word in words if word not in ("kata", "exercise"))
    numbers = listed([kata.number for kata in all_katas(kind)])
    if not wanted:
        raise Misused(f"Which {kind}? There are {numbers}.")
    found = find(kind, wanted.zfill(2))
    if found is None:
        raise Misused(f"There is no {kind} {wanted}, only {numbers}.")
    return found


def _missing() -> str:
    """The first missing file that a lesson needs; "" if there is none."""
    from tests.runner.lessons.catalog import HINTS, SOLUTIONS, TESTS, katas_and_exercises, shown

    if not SOLUTIONS.is_dir():
        return shown(HINTS)
    katas = katas_and_exercises()
    gone = [file for kata in katas for file in (kata.specs, kata.solution) if not file.is_file()]
    return shown(gone[0]) if gone else "" if katas else f"{shown(TESTS)} {shown(HINTS)}"
