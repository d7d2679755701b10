"""What each word of `make` does. Every command returns its exit status."""

import os
import sys

from tests.runner import attempts, hints, state, supervise
from tests.runner.lessons import BENCHMARKS, Kata, shown
from tests.runner.records import Run, SpecRecord

GREEN, RED, WRONG_USE = 0, 1, 2


def kata(which: Kata) -> int:
    """Run the specs up to the first red one, and show the verdict."""
    tried = attempts.attempt(which, meanwhile=_load_screen)
    from tests.runner import verdict
    from tests.runner.screen import show, width

    after = tuple(attempts.next_up(which, tried.borrowed))
    context = verdict.Context(tried, after, "MAKELEVEL" in os.environ, width=width())
    show(verdict.verdict(which, context))
    if tried.run.broken:
        return WRONG_USE
    return GREEN if tried.run.green else RED


def hint(which: Kata) -> int:
    """Show the next rung for the spec that is red now, and remember that it was shown."""
    run = _run(which)
    red = run.first_red
    if run.broken:
        return say(run.broken, RED)
    if red is None:
        return say(f"{which.heading} is green: no hint is needed.", GREEN)
    if not red.red.loaded:
        return say(f"{hints.NONE_YET.format(shown(which.file))} `{which.command}` shows what is wrong with it.", RED)
    if said := hints.elsewhere(which, red, lambda home: not _run(home).green):
        return say(said, GREEN)
    revealed = hints.reveal(which, red.spec)
    from tests.runner import pages
    from tests.runner.screen import show

    show(pages.hint(which, red, revealed, setting=_setting(which)))
    return GREEN


def solution(which: Kata) -> int:
    """Show the solution of the function that is red; once all is green, of every function."""
    run = _run(which)
    red = run.first_red
    if not run.green and (refusal := _refusal(which, red)) is not None:
        return refusal
    names = (red.function,) if red and red.function else which.functions
    from tests.runner import pages
    from tests.runner.screen import show

    show(pages.solution(which, names, run.green))
    return GREEN


def watch(which: Kata) -> int:
    """Run the specs at every save, until the reader quits."""
    from tests.runner.watch import watch

    return watch(which)


def example(which: Kata) -> int:
    """Run the lesson's example, on the reader's functions where the kata is green."""
    if not which.example.is_file():
        return say(f"Lesson {which.number} has no example.", WRONG_USE)
    from tests.runner.borrow import run_script, whose

    code = whose(which)
    say(code.sentence, GREEN)
    return run_script(which.example, code.folder_of)


def bench(which: Kata) -> int:
    """Run the lesson's benchmark, on the reader's functions where the kata is green."""
    if not which.benchmark.is_file():
        return say(f"Lesson {which.number} has no benchmark.", WRONG_USE)
    from tests.runner.borrow import run_script, whose

    code = whose(which)
    say(code.sentence, GREEN)
    return run_script(which.benchmark, code.folder_of)


def bench_runner() -> int:
    """Time the runner itself, beside bare pytest."""
    return _script_of_benchmarks("bench_runner.py")


def bench_compare() -> int:
    """Set the last run of lesson 1's benchmark beside the one before, and beside the solution's."""
    return _script_of_benchmarks("bench_compare.py")


def compare() -> int:
    """Set every function beside PyTorch's; install PyTorch where it is missing."""
    return _script_of_benchmarks("compare/__main__.py")


def _script_of_benchmarks(name: str) -> int:
    from tests.runner.borrow import run_script
    from tests.runner.source import readers

    return run_script(BENCHMARKS / name, readers)


def _run(which: Kata) -> Run:
    return supervise.run(attempts.orders(which), meanwhile=_load_screen)


def _setting(which: Kata) -> str:
    return attempts.setting(attempts.orders(which).folders)


def _load_screen() -> None:
    """Import what shows the verdict (rich, a fifth of a second) while the specs run beside."""
    from tests.runner import screen, verdict  # noqa: F401


def _refusal(which: Kata, red: SpecRecord | None) -> int | None:
    """The exit status if the solution is not to be shown; None where the reader wants it."""
    setting = _setting(which)
    what = f"The solution of `{red.function}`" if red and red.function else "The solution"
    more = red and state.read().shown_hints(which.name, red.spec) < len(hints.ladder(which, red.spec))
    if not sys.stdin.isatty():
        next_hint = f"; the next hint is `{which.hint_command}{setting}`." if more else "."
        ask = f"`{which.solution_command}{setting}` asks{next_hint}"
        return say(f"{what} is not shown unasked while {which.short.lower()} is red. In a terminal, {ask}", RED)
    print(f"{what} gives this spec away." + (f"\nThere are more hints: {which.hint_command}{setting}" if more else ""))
    try:
        answer = input("Show it all the same? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        print()
        return GREEN
    return None if answer.strip().lower().startswith("y") else GREEN


def say(sentence: str, status: int) -> int:
    """Show a sentence; return the exit status that goes with it."""
    from tests.runner.screen import show
    from tests.runner.words import code

    show(code(sentence))
    return status
