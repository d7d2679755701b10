"""`make hint-01`, `make solution-01`: what helps a reader who is stuck."""

import sys

from tests.runner.commands.kata import load_screen
from tests.runner.commands.say import GREEN, RED, say
from tests.runner.lessons.catalog import Kata, shown
from tests.runner.reader import notes, shown_hints
from tests.runner.reader.borrowing import orders, setting
from tests.runner.running import supervise
from tests.runner.specs.record import Run, SpecRecord


def hint(which: Kata) -> int:
    """Show the next rung for the spec that is red now, and remember that it was shown."""
    run = _run(which)
    red = run.first_red
    if run.broken:
        return say(run.broken, RED)
    if red is None:
        return say(f"{which.heading} is green: no hint is needed.", GREEN)
    if not red.red.loaded:
        return say(f"{shown_hints.NONE_YET.format(shown(which.file))} `{which.command}` shows what "
                   "is wrong with it.", RED)
    if said := shown_hints.elsewhere(which, red, lambda home: not _run(home).green):
        return say(said, GREEN)
    revealed = shown_hints.reveal(which, red)
    from tests.runner.screens import hint_and_solution
    from tests.runner.screens.terminal import show

    show(hint_and_solution.hint_page(which, red, revealed, setting=_setting(which)))
    return GREEN


def solution(which: Kata) -> int:
    """Show the solution of the function that is red; once all is green, of every function."""
    run = _run(which)
    red = run.first_red
    if not run.green and (refusal := _refusal(which, red)) is not None:
        return refusal
    names = (red.function,) if red and red.function else which.functions
    from tests.runner.screens import hint_and_solution
    from tests.runner.screens.terminal import show

    show(hint_and_solution.solution_page(which, names, run.green))
    return GREEN


def _run(which: Kata) -> Run:
    return supervise.run(orders(which), meanwhile=load_screen)


def _setting(which: Kata) -> str:
    return setting(orders(which).folders)


def _refusal(which: Kata, red: SpecRecord | None) -> int | None:
    """The exit status if the reader does not want the solution; None if they do."""
    more_words = _setting(which)
    what = f"The solution of `{red.function}`" if red and red.function else "The solution"
    more = (red and notes.read().shown_hints(which.name, red.spec, red.red.hint_fits)
            < len(shown_hints.rungs_of(which, red)))
    if not sys.stdin.isatty():
        next_hint = f"; the next hint is `{which.hint_command}{more_words}`." if more else "."
        ask = f"`{which.solution_command}{more_words}` asks{next_hint}"
        return say(f"{what} is not shown unasked while {which.short.lower()} is red. In a "
                   f"terminal, {ask}", RED)
    print(f"{what} gives this spec away.")
    if more:
        print(f"There are more hints: {which.hint_command}{more_words}")
    try:
        answer = input("Show it anyway? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        print()
        return GREEN
    return None if answer.strip().lower().startswith("y") else GREEN
