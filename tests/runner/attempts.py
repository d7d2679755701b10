"""One attempt at a kata: the run of its specs, and all that the verdict says beside it."""

import ast
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass

from tests.runner import outdated, state, supervise
from tests.runner.definitions import body_lines, functions_in
from tests.runner.lessons import SOLUTIONS, Kata, all_katas, exercise_of, shown
from tests.runner.milestones import Milestone, milestones
from tests.runner.records import Run
from tests.runner.start import Cold, Orders, Process

Start = Callable[[Orders], Process]


@dataclass(frozen=True)
class Attempt:
    """What came of it.

    comparison: a line for each function: its name, the reader's lines and the solution's
    borrowed:   the katas whose solutions stood in for the reader's files
    reached:    the milestones that are reached with this attempt
    first:      the first earlier kata that is not green, if there is one
    notes:      sentences to add
    """

    run: Run
    comparison: tuple[tuple[str, int, int], ...] = ()
    borrowed: tuple[str, ...] = ()
    reached: tuple[Milestone, ...] = ()
    first: Kata | None = None
    notes: tuple[str, ...] = ()


def attempt(which: Kata, start: Start = Cold, meanwhile: Callable[[], None] = lambda: None) -> Attempt:
    """Run the specs up to the first red one, and remember what came of it."""
    ordered = orders(which)
    run = supervise.run(ordered, meanwhile, start)
    borrowed = tuple(ordered.folders)
    if run.green:
        reached, said = _remember_green(which, borrowed, start)
        return Attempt(run, _comparison(which), borrowed, reached, _kept(said, _written_elsewhere(which)))
    said = _remember_red(which, run, borrowed)
    first, unfinished = (None, "") if borrowed else _finish_first(which, needed_by(which), start)
    return Attempt(run, borrowed=borrowed, first=first, notes=_kept(said, unfinished, outdated.note(which)))


def orders(which: Kata) -> Orders:
    """What a run of a kata is ordered to do; BORROW=1 lends the solutions of all that it needs."""
    return Orders(which, folders=folders(needed_by(which) if os.environ.get("BORROW", "0") not in ("", "0") else []))


def needed_by(which: Kata) -> list[Kata]:
    """The katas that a kata imports from, and those that they import from, in order."""
    tree = ast.parse(which.solution.read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    direct = [other for other in all_katas("kata") if other.name in imported]
    deeper = {need for other in direct for need in needed_by(other)}
    return sorted({*direct, *deeper}, key=lambda other: other.name)


def setting(borrowed: Collection) -> str:
    """What follows a command that is to borrow as well."""
    return " BORROW=1" if borrowed else ""


def folders(lent: list[Kata]) -> dict:
    """Where the modules of borrowed katas come from."""
    return {kata.name: SOLUTIONS for kata in lent}


def next_up(which: Kata, borrowed: Collection = ()):
    """What comes after a green kata: commands, and what each does. Those about the kata borrow as it did."""
    more = setting(borrowed)
    yield f"{which.solution_command}{more}", "the solution, beside yours"
    if which.kind == "kata":
        if which.example.is_file():
            yield f"make example-{which.number}{more}", "your functions at work"
        if exercise := exercise_of(which):
            yield f"{exercise.command}{more}", "practice"
        if which.benchmark.is_file():
            yield f"make bench-{which.number}{more}", "what your code costs"
    if after := following(which):
        yield after.command, f"the next lesson: {after.title}"
    yield "make progress", "how far you are"


def following(which: Kata) -> Kata | None:
    """The kata after this one."""
    return next((other for other in all_katas() if other.stem > which.stem), None)


def _remember_red(which: Kata, run: Run, borrowed: tuple[str, ...]) -> str:
    if run.first_red is None:
        return ""
    remembered = state.read()
    remembered.tried(which.name, run.first_red.spec)
    remembered.borrowed.update(borrowed)
    unwritten = state.write(remembered)
    return remembered.note or unwritten


def _remember_green(which: Kata, borrowed: tuple[str, ...], start: Start) -> tuple[tuple[Milestone, ...], str]:
    """The milestones that are new, and a sentence where the state could not be used."""
    remembered = state.read()
    remembered.green.add(which.name)
    remembered.borrowed.update(borrowed)
    remembered.borrowed.discard(which.name)
    open_ones = [one for one in milestones() if one.number not in remembered.milestones and not borrowed
                 and which in one.katas() and (which.number == one.last or one.reached(remembered.green))]
    reached = ()
    if open_ones:
        others = {kata.name: kata for one in open_ones for kata in one.katas() if kata != which}
        runs = supervise.survey(list(others.values()), start=start)
        green = {which.name, *(name for name, run in runs.items() if run.green)}
        reached = tuple(one for one in open_ones if one.reached(green))
        remembered.milestones.update(one.number for one in reached)
    unwritten = state.write(remembered)
    return reached, remembered.note or unwritten


def _finish_first(which: Kata, needed: list[Kata], start: Start) -> tuple[Kata | None, str]:
    """The first earlier lesson that is not green, and a sentence about it with the spec to begin with."""
    runs = supervise.survey(needed, stop=True, start=start)
    first = next((need for need in needed if need.name not in runs or not runs[need.name].green), None)
    if first is None:
        return None, ""
    red = runs[first.name].first_red if first.name in runs else None
    spec = f"Its first red spec: {red.function}: {red.title} " if red and red.red.loaded else ""
    return first, (f"{which.short} stands on {first.short.lower()}, which is not green yet. {spec}"
                   f"Finish that first (`{first.command}`), or borrow its solution: `{which.command} BORROW=1`.")


def _comparison(which: Kata) -> tuple[tuple[str, int, int], ...]:
    mine, theirs = ({name: body_lines(function) for name, function in functions_in(file).items()}
                    for file in (which.file, which.solution))
    return tuple((name, mine[name], theirs[name]) for name in which.functions if name in mine)


def _written_elsewhere(which: Kata) -> str:
    """A sentence about functions that are green and not in the reader's file."""
    missing = [f"`{name}`" for name in which.functions if name not in functions_in(which.file)]
    return f"Not written in {shown(which.file)} itself: {', '.join(missing)}." if missing else ""


def _kept(*notes: str) -> tuple[str, ...]:
    return tuple(note for note in notes if note)
