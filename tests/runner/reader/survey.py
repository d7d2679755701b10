"""How far the reader is, by running the specs now."""

from dataclasses import dataclass

from tests.runner.lessons.catalog import Kata, katas_and_exercises
from tests.runner.lessons.milestones import Milestone, milestones
from tests.runner.reader import notes
from tests.runner.reader.borrowing import folders
from tests.runner.running import supervise
from tests.runner.running.cold import Cold, Start
from tests.runner.specs.record import Run


@dataclass(frozen=True)
class Row:
    """One kata or exercise.

    hints:    the number that the reader asked for
    borrowed: whether later lessons use its solution instead of the reader's file
    before:   whether it has been green once
    """

    kata: Kata
    run: Run
    hints: int = 0
    borrowed: bool = False
    before: bool = False


@dataclass(frozen=True)
class Progress:
    rows: tuple[Row, ...]
    milestones: tuple[Milestone, ...]
    note: str = ""


def survey(start: Start = Cold) -> Progress:
    """Run all specs of all lessons, and add the notes."""
    remembered = notes.read()
    katas = katas_and_exercises()
    lent = [kata for kata in katas if kata.name in remembered.borrowed]
    runs = supervise.run_all(lent, start=start)  # what is green by now need not be borrowed
    lent = [kata for kata in lent if not runs[kata.name].green]
    rest = [kata for kata in katas if kata.name not in runs]
    runs |= supervise.run_all(rest, folders(lent), start=start)
    rows = tuple(Row(kata, runs[kata.name], remembered.hints_used(kata.name), kata in lent,
                     kata.name in remembered.green) for kata in katas)
    return Progress(rows, tuple(milestones()), remembered.note)
