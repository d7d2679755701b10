"""What is said of a spec that ended otherwise than by a wrong answer.

Its time ran out, the file left the run or cannot be used, a function is not written yet.
"""

import bdb
from pathlib import Path

import pytest

from tests.runner import limits
from tests.runner.diagnosis import unusable_files
from tests.runner.diagnosis.exceptions import message_of, raised
from tests.runner.diagnosis.tracebacks import readers_frames
from tests.runner.lessons.catalog import Kata, shown
from tests.runner.lessons.source_text import ends_block, has_two, is_stub, signature_in
from tests.runner.specs.record import Cause
from tests.runner.specs.watched import (
    ArgumentChanged,
    CannotLoad,
    Escaped,
    Missing,
    NotCalled,
    Tampered,
    TimedOut,
    WrongSignature,
)

SAID = {  # explained by the type of the exception alone
    Tampered: (Cause.FILE, "Your file changes `{problem.name}`, on which the specs rely. It was "
                           "put back. Functions and names of your own are free to use."),
    NotCalled: (Cause.FILE, "The spec ended without a call of your function. Does your file change "
                            "how specs run?"),
    bdb.BdbQuit: (Cause.RAISED, "Your file calls `breakpoint()`, and there is no prompt here. It "
                                "works under plain pytest: `.venv/bin/python -m pytest -x "
                                "{specs}`."),
    RecursionError: (Cause.RAISED, "It calls itself without end (RecursionError)."),
    EOFError: (Cause.RAISED, "Your file waits for something to be typed (`input`), and nobody "
                             "types here."),
    MemoryError: (Cause.RAISED, "It asked for more memory than a spec may take "
                                f"({limits.MEMORY / 2**30:g} GiB). Is an array much larger than it "
                                "needs to be, or a list that grows without end?"),
}


def explain(problem: BaseException, kata: Kata, limit: float) -> tuple[Cause, tuple[str, ...]]:
    """Say what an exception means for the reader: the kind of red, and sentences."""
    for kind, (cause, said) in SAID.items():
        if isinstance(problem, kind):
            return cause, (said.format(problem=problem, specs=shown(kata.specs)),)
    match problem:
        case CannotLoad():
            return Cause.FILE, unusable_files.cannot_load(problem.raised, kata)
        case Missing():
            return Cause.FILE, (unusable_files.missing(problem, kata),)
        case WrongSignature():
            wanted = signature_in(kata.solution, problem.name)
            return Cause.FILE, (
                f"`{problem.name}` cannot be called as its stub can: {problem.reason[:120]}.",
                f"The stub reads `def {problem.name}{wanted}`; yours takes "
                f"`{problem.signature[:120]}`.")
        case ArgumentChanged():
            return Cause.FILE, _changed(problem)
        case Escaped():
            return Cause.FILE, (_escaped(problem.raised),)
        case TimedOut():
            stopped = f"The spec was still running after {limit:g} seconds, and was stopped."
            if problem.worked < limit * limits.IDLE:
                return Cause.TIME, (stopped, f"For {problem.worked:.1f} of them a processor worked "
                                             "on it: the machine was busy with something else, or "
                                             "your code waits. Run it once more.")
            return Cause.TIME, (stopped, "What it asks for takes milliseconds. Is there a loop "
                                         "that never ends?")
        case NotImplementedError():
            return _not_implemented(problem, kata)
        case pytest.fail.Exception():
            return Cause.MEASURED, (f"{message_of(problem)}.",)
        case AssertionError():
            said = message_of(problem)
            if readers_frames(problem):
                return Cause.RAISED, (f"An `assert` in your code fails{': ' * bool(said)}{said}.",
                                      "What a function refuses, it refuses with `raise "
                                      "ValueError(...)`.")
            return Cause.MEASURED, (said or "An assertion failed.",)
    return Cause.RAISED, raised(problem)


CONTAINERS = {dict: "dict", list: "list"}


def _changed(problem: ArgumentChanged) -> tuple[str, str]:
    said = (f"`{problem.name}` changed its argument `{problem.argument}`: after the call, the "
            f"caller's {CONTAINERS.get(problem.kind, 'array')} is no longer what it was.")
    if problem.kind is list:
        return (said,
                "`x[i] = ...`, `append`, `insert` and `pop` change the list that was passed in; "
                "`list(x)` makes a new one.")
    if problem.kind is dict:
        return (said,
                "`pop`, `del`, `update` and `d[...] = ...` change the dict that was passed in, and "
                "`x -= ...` the arrays in it. `d.copy()` copies only the outermost dict; "
                "`copy.deepcopy(d)` copies what is inside, too.")
    return (said,
            "Assignments such as `x -= ...` or `x[...] = ...` write into the caller's array; "
            "`x = x - ...` makes a new one.")


def _escaped(problem: BaseException) -> str:
    name = type(problem).__name__
    match problem:
        case SystemExit():
            return ("Your file called `sys.exit` (or `exit`). A spec can only go on when functions "
                    "return.")
        case KeyboardInterrupt():
            return "Your file raised KeyboardInterrupt, which would stop the whole run."
        case pytest.skip.Exception():
            return ("Your file called `pytest.skip`. A spec cannot be skipped: it is red until its "
                    "function is right.")
        case pytest.fail.Exception() | pytest.exit.Exception() | pytest.xfail.Exception():
            return (f"Your file left the spec by pytest's own `{name.lower()}`. It is red until "
                    "its function is right.")
    return f"Your file raised {name}: {message_of(problem)}"


def _not_implemented(problem: NotImplementedError, kata: Kata) -> tuple[Cause, tuple[str, ...]]:
    frames = readers_frames(problem)
    if not frames or message_of(problem):
        return Cause.RAISED, raised(problem)
    first, last, line = frames[0].name, frames[-1].name, frames[-1].lineno
    home = Kata(Path(frames[-1].filename).stem)
    if home != kata:
        said = f"`{first}` needs `{last}` of {home.short.lower()}, which is not written yet."
    elif first != last:
        said = (f"`{first}` calls `{last}`, which is not written yet. A function needs none of "
                "the later ones.")
    elif not is_stub(kata.file, last) and ends_block(kata.file, line):
        said = (f"`{last}` is not finished: this call ends at the `raise NotImplementedError` on "
                f"line {line}.")
    elif not is_stub(kata.file, last):
        said = (f"The `raise NotImplementedError` on line {line} is still in `{last}`, and "
                "ends it there. Remove that line.")
    elif has_two(kata.file, last):
        said = (f"{shown(kata.file)} defines `{last}` more than once. The last one counts, and "
                "that is still the stub.")
    else:
        said = (f"`{last}` is not written yet: its body is `raise NotImplementedError`. Every spec "
                "starts red: nothing is broken. The docstring says what to write.")
    return Cause.STUB, (said,)
