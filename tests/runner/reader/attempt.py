"""One attempt at a kata: the run of its specs, and everything else for the verdict."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.runner.lessons.catalog import Kata, needed_by, shown
from tests.runner.lessons.drift import changed_signature
from tests.runner.lessons.milestones import Milestone, milestones
from tests.runner.lessons.source_text import body_lines, functions_in, has_stubs
from tests.runner.reader import notes
from tests.runner.reader.borrowing import orders
from tests.runner.running import supervise
from tests.runner.running.cold import Cold, Start
from tests.runner.specs.record import Run


@dataclass(frozen=True)
class Attempt:
    """The result of an attempt.

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


def attempt(which: Kata, start: Start = Cold, meanwhile: Callable[[], None] = lambda: None,
            early: Callable[[Attempt], None] = lambda _: None) -> Attempt:
    """Run the specs up to the first red one, and remember the result.

    early: is called with what is known of a red spec, before the place is looked for
    """
    ordered = orders(which)
    borrowed = tuple(ordered.folders)
    run = supervise.run(ordered, meanwhile, start,
                        lambda run: early(Attempt(run, borrowed=borrowed)))
    if run.green:
        reached, said = _remember_green(which, borrowed, start)
        return Attempt(run, _comparison(which), borrowed, reached,
                       _kept(said, _written_elsewhere(which)))
    said = _remember_red(which, run, borrowed)
    needed = needed_by(which)
    asks = not borrowed and _may_be_elsewhere(which, run, needed)
    first, unfinished = _finish_first(which, needed, start) if asks else (None, "")
    notes_beside = _kept(said, unfinished, changed_signature(which))
    return Attempt(run, borrowed=borrowed, first=first, notes=notes_beside)


def _remember_red(which: Kata, run: Run, borrowed: tuple[str, ...]) -> str:
    if run.first_red is None:
        return ""
    remembered = notes.read()
    remembered.tried(which.name, run.first_red.spec)
    remembered.borrowed.update(borrowed)
    unwritten = notes.write(remembered)
    return remembered.note or unwritten


def _remember_green(which: Kata, borrowed: tuple[str, ...],
                    start: Start) -> tuple[tuple[Milestone, ...], str]:
    """The new milestones, and a sentence if the notes could not be used."""
    remembered = notes.read()
    remembered.green.add(which.name)
    remembered.borrowed.update(borrowed)
    remembered.borrowed.discard(which.name)
    open_ones = [one for one in milestones() if one.number not in remembered.milestones
                 and not borrowed and which in one.katas()
                 and (which.number == one.last or one.reached(remembered.green))]
    reached = ()
    if open_ones:
        others = {kata.name: kata for one in open_ones for kata in one.katas() if kata != which}
        runs = supervise.run_all(list(others.values()), start=start)
        green = {which.name, *(name for name, run in runs.items() if run.green)}
        reached = tuple(one for one in open_ones if one.reached(green))
        remembered.milestones.update(one.number for one in reached)
    unwritten = notes.write(remembered)
    return reached, remembered.note or unwritten


def _may_be_elsewhere(which: Kata, run: Run, needed: list[Kata]) -> bool:
    """Whether it is worth a second process to ask if the earlier lessons are green.

    It is not if the red spec is explained in this lesson's file, and no earlier function is a stub.
    """
    red = run.first_red
    if red is None or red.red.file != shown(which.file):
        return True
    return any(has_stubs(kata.file, kata.functions) for kata in needed)


def _finish_first(which: Kata, needed: list[Kata], start: Start) -> tuple[Kata | None, str]:
    """The first earlier lesson that is not green, and a sentence that names its red spec."""
    runs = supervise.run_all(needed, stop=True, start=start)
    first = next((need for need in needed if need.name not in runs or not runs[need.name].green),
                 None)
    if first is None:
        return None, ""
    red = runs[first.name].first_red if first.name in runs else None
    spec = f"Its first red spec: {red.function}: {red.title} " if red and red.red.loaded else ""
    return first, (f"{which.short} needs {first.short.lower()}, which is not green yet. {spec}"
                   f"Finish that first (`{first.command}`), or borrow its solution: "
                   f"`{which.command} BORROW=1`.")


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
