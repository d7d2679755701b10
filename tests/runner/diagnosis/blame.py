"""What the screen says about an earlier function that makes a later one wrong."""

from collections.abc import Callable

from tests.runner.diagnosis import exceptions, tracebacks
from tests.runner.diagnosis.measure import measure_answer, mismatch_between
from tests.runner.diagnosis.outcomes import Outcome
from tests.runner.diagnosis.replay import Diagnosis
from tests.runner.diagnosis.workshop import Workshop
from tests.runner.layout.one_line import listed
from tests.runner.lessons.catalog import Kata, shown
from tests.runner.lessons.source_text import line_of
from tests.runner.specs.check import Kind, Mismatch


def blame(workshop: Workshop, kata: Kata, function: str, named: Diagnosis) -> tuple[str, ...]:
    """A sentence about the earlier functions that a mistake is in, and how we know."""
    if not named.blamed:
        return ()
    blamed = [named.blamed, *named.besides]
    homes = [workshop.home(name) for name in blamed]
    ofs = ["" if home == kata else f" of {home.short.lower()}" for home in homes]
    # Each lesson is named once, after the last of its functions.
    whose = [f"your `{name}`{of if of != after else ''}"
             for name, of, after in zip(blamed, ofs, [*ofs[1:], None])]
    if len(blamed) == 1:
        return (f"The cause is {whose[0]}: with the solution's instead, "
                f"`{function}` gives what is expected.",)
    functions = listed(whose)
    number = "both" if len(blamed) == 2 else "all"
    return (f"{functions[0].upper()}{functions[1:]} are {number} wrong: with the solutions' "
            f"instead, `{function}` gives what is expected. Begin with `{blamed[0]}`.",)


def described(named: Diagnosis, right: Callable) -> tuple[str, ...]:
    """What is wrong in the blamed function's own answers; () if that is unknown.

    right: the solution's version of it
    """
    trial, blamed = named.shown, named.blamed
    if trial is None:
        return ()
    if trial.theirs.raised is not None:
        return (f"On the way, `{blamed}` raises:", *exceptions.raised(trial.theirs.raised))
    if trial.theirs.changed:
        return (f"`{blamed}` changes its argument `{trial.theirs.changed[0]}`.",)
    mismatch = _mismatch(trial.theirs, trial.right)
    return measure_answer(blamed, mismatch, right, trial.args, trial.kwargs) if mismatch else ()


def _mismatch(theirs: Outcome, right: Outcome) -> Mismatch | None:
    """How an answer is wrong."""
    if isinstance(right.raised, ValueError):
        return Mismatch(Kind.ANSWERED, theirs.answer, None, "an answer instead of a ValueError")
    return mismatch_between(theirs.answer, right.answer)


def place(home: Kata, named: Diagnosis) -> tuple[str, int]:
    """The file and line to edit: where the blamed function raised, or where it begins."""
    raised = named.shown.theirs.raised if named.shown else None
    lines = [frame.lineno for frame in tracebacks.readers_frames(raised)
             if frame.name == named.blamed and frame.filename == str(home.file)] if raised else []
    return shown(home.file), lines[-1] if lines else line_of(home.file, named.blamed)
