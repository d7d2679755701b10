"""Explains what went wrong in a spec, if it is not just a wrong number."""

import bdb
import re
from pathlib import Path

import pytest

from tests.runner import limits
from tests.runner.diagnosis.array_tables import short
from tests.runner.diagnosis.exceptions import message_of, raised
from tests.runner.diagnosis.tracebacks import (
    LACKED,
    imports_later,
    not_loaded,
    readers_frames,
)
from tests.runner.layout import carets
from tests.runner.layout.one_line import cut
from tests.runner.lessons.catalog import Kata, shown
from tests.runner.lessons.source_text import (
    enclosing,
    ends_block,
    has_two,
    is_stub,
    signature_in,
    text_in,
)
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

MERGE = re.compile(r"^<<<<<<< .*^>>>>>>> ", re.MULTILINE | re.DOTALL)


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
            return Cause.FILE, _cannot_load(problem.raised, kata)
        case Missing():
            return Cause.FILE, (_missing(problem, kata),)
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
                return Cause.RAISED, (f"An `assert` in your code fails{': ' * bool(said)}{said}.",)
            return Cause.MEASURED, (said or "An assertion failed.",)
    return Cause.RAISED, raised(problem)


def _cannot_load(problem: BaseException, run: Kata) -> tuple[str, ...]:
    if later := imports_later(problem):
        kata, line, after = later
        return (f"{shown(kata.file)} imports {shown(after.file)}, which itself needs "
                f"{kata.short.lower()}: neither can be loaded before the other. Remove line "
                f"{line}.",
                "A lesson needs nothing from a later one; editors add such a line on their own.")
    kata, message = not_loaded(problem, run), message_of(problem)
    path = shown(kata.file)
    file = path if kata == run else f"{path}, which {run.short.lower()} needs,"
    match problem:
        case ModuleNotFoundError(name=kata.name):
            return (f"{file} is missing. Was it moved or renamed?",
                    f"`git checkout {path}` brings it back as it was last committed.")
        case SyntaxError() if MERGE.search(text_in(kata.file)):
            return (f"{file} holds a merge that git could not finish: the lines between <<<<<<< "
                    "and >>>>>>> are there twice.", "Keep those you want, and remove the marks.")
        case SyntaxError():
            return _cannot_read(problem, kata, file, own=kata == run)
        case ModuleNotFoundError():
            return (f"{file} imports `{cut(problem.name or '?', 40)}`, which is not installed "
                    "here.",
                    "The katas need only NumPy and Python's own library.")
        case ImportError() if kata != run and (name := LACKED.search(message)):
            return (f"{file} has no `{name[1]}`. Was it renamed or removed?",)
        case ImportError():
            return (f"An import in {file} fails: {message}.",)
        case UnicodeDecodeError():
            return (f"{file} is not a text file in UTF-8: {message}.",)
        case RecursionError():
            how = "is nested too deeply for Python to read" if "compilation" in message else (
                "calls itself without end while it is imported (RecursionError)")
            return (f"{file} {how}.",)
    return (f"{file} fails while it is imported, before any spec calls a "
            "function.", *raised(problem))


def _cannot_read(problem: SyntaxError, kata: Kata, file: str, own: bool) -> tuple[str, ...]:
    """What Python says about a file that it cannot read, and the line with a caret below the error.

    own: whether it is the file of the kata that runs
    """
    name = enclosing(kata.file, problem.lineno) if problem.lineno else ""
    line, inside = f"line {problem.lineno}" * bool(problem.lineno), f", in `{name}`" * bool(name)
    if own:
        said = f"Python cannot read {line}{' of ' * bool(line)}{file}{inside}: {problem.msg}."
    else:
        said = f"{file} cannot be read: {line}{inside}{': ' * bool(line)}{problem.msg}."
    lines = carets.below_column(problem.text or "", (problem.offset or 1) - 1)
    return said, *(["\n".join(f"    {line}" for line in lines)] if lines else [])


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


def _missing(problem: Missing, kata: Kata) -> str:
    file = shown(kata.file)
    if problem.found is not None:
        return f"In {file}, `{problem.name}` is not a function but {short(problem.found, 30)}."
    wanted = signature_in(kata.solution, problem.name)
    return (f"{file} has no function `{problem.name}`. Was it renamed or removed? "
            f"The stub reads `def {problem.name}{wanted}:`.")


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
