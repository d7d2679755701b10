"""What each word of `make` does. Every command returns its exit status."""

import ast
import os
import sys
from pathlib import Path

from tests.runner import hints, state, supervise
from tests.runner.definitions import body_lines, functions_in
from tests.runner.lessons import ROOT, SOLUTIONS, Kata, all_katas, find, shown
from tests.runner.records import Run

GREEN, RED, WRONG_USE = 0, 1, 2


def kata(which: Kata) -> int:
    """Run the specs up to the first red one, and show the verdict."""
    borrowed = needed_by(which) if os.environ.get("BORROW") else []
    run = supervise.run(_orders(which, borrowed), meanwhile=_load_screen)
    unfinished = [] if run.green or borrowed else [need for need in needed_by(which) if not _run(need).green]
    notes = [_remember(which, run), _written_elsewhere(which) if run.green else ""]
    if unfinished:
        first = unfinished[0]
        notes.append(f"{which.short} stands on {first.short.lower()}, which is not green yet. "
                     f"Finish that first (`{first.command}`), or borrow its solution: `{which.command} BORROW=1`.")
    from tests.runner import verdict
    from tests.runner.screen import show, width

    show(verdict.verdict(which, run, verdict.Context(
        comparison=_comparison(which) if run.green else (),
        borrowed=tuple(need.name for need in borrowed),
        next_up=tuple(_next_up(which)),
        under_make="MAKELEVEL" in os.environ,
        width=width(),
        notes=tuple(note for note in notes if note),
    )))
    return GREEN if run.green else RED


def hint(which: Kata) -> int:
    """Show the next rung for the spec that is red now, and remember that it was shown."""
    run = _run(which)
    red = run.first_red
    if run.broken:
        return say(run.broken, RED)
    if red is None:
        return say(f"{which.heading} is green: no hint is needed.", GREEN)
    remembered = state.read()
    rungs = hints.ladder(which, red.spec)
    n_shown = min(remembered.shown_hints(which.name, red.spec) + 1, len(rungs) + 1)
    remembered.show_hints(which.name, red.spec, min(n_shown, len(rungs)))
    notes = [remembered.note, state.write(remembered)]
    from tests.runner import pages
    from tests.runner.screen import show

    show(pages.hint(which, red, rungs, n_shown, [note for note in notes if note]))
    return GREEN


def solution(which: Kata) -> int:
    """Show the solution of the function that is red; once all is green, of every function."""
    run = _run(which)
    red = run.first_red
    if not run.green and (refusal := _refusal(which, red.function if red else "")) is not None:
        return refusal
    names = (red.function,) if red and red.function else which.functions
    from tests.runner import pages
    from tests.runner.screen import show

    show(pages.solution(which, names, run.green))
    return GREEN


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
    from tests.runner.borrow import run_script
    from tests.runner.source import readers

    return run_script(ROOT / "benchmarks" / "bench_runner.py", readers)


def needed_by(which: Kata) -> list[Kata]:
    """The katas that a kata imports from, and those that they import from, in order."""
    tree = ast.parse(which.solution.read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    direct = [other for other in all_katas("kata") if other.name in imported]
    deeper = {need for other in direct for need in needed_by(other)}
    return sorted({*direct, *deeper}, key=lambda other: other.name)


def _run(which: Kata) -> Run:
    return supervise.run(_orders(which, []), meanwhile=_load_screen)


def _load_screen() -> None:
    """Import what shows the verdict (rich, a fifth of a second) while the specs run beside."""
    from tests.runner import screen, verdict  # noqa: F401


def _orders(which: Kata, borrowed: list[Kata]) -> supervise.Orders:
    return supervise.Orders(which, folders={need.name: SOLUTIONS for need in borrowed})


def _remember(which: Kata, run: Run) -> str:
    if run.first_red is None:
        return ""
    remembered = state.read()
    remembered.tried(which.name, run.first_red.spec)
    unwritten = state.write(remembered)
    return remembered.note or unwritten


def _comparison(which: Kata) -> tuple[tuple[str, int, int], ...]:
    mine, theirs = _lines(which.file), _lines(which.solution)
    return tuple((name, mine[name], theirs[name]) for name in which.functions if name in mine)


def _written_elsewhere(which: Kata) -> str:
    """A sentence about functions that are green and not in the reader's file."""
    missing = [f"`{name}`" for name in which.functions if name not in functions_in(which.file)]
    return f"Not written in {shown(which.file)} itself: {', '.join(missing)}." if missing else ""


def _lines(file: Path) -> dict[str, int]:
    return {name: body_lines(function) for name, function in functions_in(file).items()}


def _next_up(which: Kata):
    yield which.solution_command, "the solution, to set beside yours"
    if which.kind == "kata":
        if which.example.is_file():
            yield f"make example-{which.number}", "your functions at work"
        if find("exercise", which.number):
            yield f"make exercise-{which.number}", "practice without a net"
        if which.benchmark.is_file():
            yield f"make bench-{which.number}", "what your loops and your arrays cost"
    later = [other for other in all_katas() if other.number > which.number]
    if later:
        yield later[0].command, f"the next lesson: {later[0].title}"


def _refusal(which: Kata, function: str) -> int | None:
    """The exit status if the solution is not to be shown; None where the reader wants it."""
    what = f"The solution of `{function}`" if function else "The solution"
    if not sys.stdin.isatty():
        return say(f"{what} is not shown unasked while {which.short.lower()} is red. In a terminal, "
                    f"`{which.solution_command}` asks; the next hint is `{which.hint_command}`.", RED)
    print(f"{what} gives this spec away.\nHints, as long as there are more: {which.hint_command}")
    try:
        answer = input("Show it all the same? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        print()
        return GREEN
    return None if answer.strip().lower() in ("y", "yes") else GREEN


def say(sentence: str, status: int) -> int:
    """Show a sentence; return the exit status that goes with it."""
    from tests.runner.screen import show
    from tests.runner.words import code

    show(code(sentence))
    return status
