"""What went wrong in a spec, where it is more than a wrong number: what kind of red, and sentences."""

import bdb
import re
from pathlib import Path

import pytest

from tests.runner.diagnosis.tables import short
from tests.runner.diagnosis.tracebacks import (
    LACKED,
    imports_later,
    not_loaded,
    readers_frames,
)
from tests.runner.diagnosis.wording import raised, message_of
from tests.runner.lessons import limits
from tests.runner.lessons.catalog import Kata, shown
from tests.runner.lessons.source_text import (
    enclosing,
    ends_block,
    has_two,
    is_stub,
    read,
    signature_in,
)
from tests.runner.specs.printed import cut
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


def explain(problem: BaseException, kata: Kata, limit: float) -> tuple[Cause, tuple[str, ...]]:
    """Say what an exception means for the reader: what kind of red, and sentences."""
    match problem:
        case CannotLoad():
            return Cause.FILE, _cannot_load(problem.raised, kata)
        case Missing():
            return Cause.FILE, (_missing(problem, kata),)
        case WrongSignature():
            wanted = signature_in(kata.solution, problem.name)
            return Cause.FILE, (
                f"`{problem.name}` cannot be called as its stub can: {problem.reason[:120]}.",
                f"The stub reads `def {problem.name}{wanted}`; yours takes `{problem.signature[:120]}`.")
        case ArgumentChanged():
            return Cause.FILE, _changed(problem)
        case Escaped():
            return Cause.FILE, (_escaped(problem.raised),)
        case TimedOut() if problem.worked < limit * limits.IDLE:
            return Cause.TIME, (
                f"The spec was still running after {limit:g} seconds, and was stopped. For "
                f"{problem.worked:.1f} of them a processor worked on it: the machine was busy with "
                "something else, or your code waits. Run it once more.",)
        case TimedOut():
            return Cause.TIME, (f"The spec was still running after {limit:g} seconds, and was stopped. What it asks "
                                "for takes milliseconds. Is there a loop that never ends?",)
        case Tampered():
            return Cause.FILE, (
                f"Your file changes `{problem.name}`, on which the specs rely. It was put back.",
                "Functions and names of your own are free to use.")
        case NotImplementedError():
            return _not_implemented(problem, kata)
        case bdb.BdbQuit():
            return Cause.RAISED, ("Your file calls `breakpoint()`, and there is no prompt here. It works under plain "
                                  f"pytest: `.venv/bin/python -m pytest -x {shown(kata.specs)}`.",)
        case NotCalled():
            return Cause.FILE, ("The spec ended without a call of your function. Does your file change how specs run?",)
        case RecursionError():
            return Cause.RAISED, ("It calls itself without end (RecursionError).",)
        case EOFError():
            return Cause.RAISED, ("Your file waits for something to be typed (`input`), and nobody types here.",)
        case MemoryError():
            return Cause.RAISED, (f"It asked for more memory than a spec may take ({limits.MEMORY / 2**30:g} GiB). "
                                  "Is an array much larger than it needs to be, or a list that grows without end?",)
        case pytest.fail.Exception():
            return Cause.MEASURED, (f"{message_of(problem)}.",)
        case AssertionError() if readers_frames(problem):
            return Cause.RAISED, (f"An `assert` in your code fails{': ' if message_of(problem) else ''}{message_of(problem)}.",)
        case AssertionError():
            return Cause.MEASURED, (message_of(problem).splitlines()[0] if message_of(problem) else "An assertion failed.",)
    return Cause.RAISED, raised(problem)


def _cannot_load(problem: BaseException, run: Kata) -> tuple[str, ...]:
    if later := imports_later(problem):
        kata, line, after = later
        return (f"{shown(kata.file)} imports {shown(after.file)}, which itself needs {kata.short.lower()}: "
                f"neither can be loaded before the other. Take line {line} out.",
                "A lesson needs none of those that come after it; editors add such a line on their own.")
    kata = not_loaded(problem, run)
    path = shown(kata.file)
    file = path if kata == run else f"{path}, on which {run.short.lower()} stands,"
    if isinstance(problem, ModuleNotFoundError) and problem.name == kata.name:
        return (f"{file} is not there. Was it moved or renamed?",
                f"`git checkout {path}` brings it back as it was last committed.")
    if isinstance(problem, SyntaxError) and MERGE.search(read(kata.file)):
        return (f"{file} holds a merge that git could not finish: the lines between <<<<<<< and >>>>>>> stand there twice.",
                "Keep those you want, and remove the marks.")
    if isinstance(problem, SyntaxError):
        name = enclosing(kata.file, problem.lineno) if problem.lineno else ""
        inside = f", in `{name}`" if name else ""
        line = f"line {problem.lineno}" if problem.lineno else ""
        if kata != run:
            return (f"{file} cannot be read: {f'{line}{inside}: ' if line else ''}{problem.msg}.", *_caret(problem))
        return (f"Python cannot read {f'{line} of ' if line else ''}{file}{inside}: {problem.msg}.", *_caret(problem))
    if isinstance(problem, ModuleNotFoundError):
        return (f"{file} imports `{short_name(problem.name)}`, which is not installed here.",
                "The katas need NumPy and Python's own library alone.")
    if isinstance(problem, ImportError) and kata != run and (name := LACKED.search(message_of(problem))):
        return (f"{file} has no `{name[1]}`. Was it renamed or removed?",)
    if isinstance(problem, ImportError):
        return (f"An import in {file} fails: {message_of(problem)}.",)
    if isinstance(problem, UnicodeDecodeError):
        return (f"{file} is not a text file in UTF-8: {message_of(problem)}.",)
    if isinstance(problem, RecursionError) and "compilation" in message_of(problem):
        return (f"{file} is nested too deeply for Python to read.",)
    if isinstance(problem, RecursionError):
        return (f"{file} calls itself without end while it is imported (RecursionError).",)
    return (f"{file} fails while it is imported, before any spec calls a function.", *raised(problem))


def short_name(name: str | None) -> str:
    """A name that is no longer than a line has room for."""
    name = name or "?"
    return name if len(name) <= 40 else f"{name[:39]}…"


def _caret(problem: SyntaxError) -> tuple[str, ...]:
    """The line that Python cannot read, with a caret below the place."""
    if not problem.text or not problem.text.strip():
        return ()
    line = problem.text.rstrip("\n")
    indent = len(line) - len(line.lstrip())
    offset = min(max((problem.offset or 1) - 1 - indent, 0), 70)
    return (f"    {cut(line.strip(), 72)}\n    {' ' * offset}^",)


def _changed(problem: ArgumentChanged) -> tuple[str, str]:
    said = f"`{problem.name}` changed its argument `{problem.argument}`: after the call, the caller's"
    if problem.is_dict:
        return (f"{said} dict is no longer what it was.",
                "`pop`, `del`, `update` and `d[...] = ...` change the dict that was handed in, and `x -= ...` the arrays "
                "in it. `d.copy()` copies the outermost dict alone; `copy.deepcopy(d)` copies what is inside, too.")
    return (f"{said} array is no longer what it was.",
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
            return "Your file called `sys.exit` (or `exit`). A spec can only go on when functions return."
        case KeyboardInterrupt():
            return "Your file raised KeyboardInterrupt, which would stop the whole run."
        case pytest.skip.Exception():
            return "Your file called `pytest.skip`. A spec cannot be skipped: it is red until its function is right."
        case pytest.fail.Exception() | pytest.exit.Exception() | pytest.xfail.Exception():
            return f"Your file left the spec by pytest's own `{name.lower()}`. It is red until its function is right."
    return f"Your file raised {name}: {message_of(problem)}"


def _not_implemented(problem: NotImplementedError, kata: Kata) -> tuple[Cause, tuple[str, ...]]:
    frames = readers_frames(problem)
    if not frames or message_of(problem):
        return Cause.RAISED, raised(problem)
    first, last = frames[0].name, frames[-1].name
    home = Kata(Path(frames[-1].filename).stem)
    if home != kata:
        return Cause.STUB, (f"`{first}` needs `{last}` of {home.short.lower()}, which is not written yet.",)
    if first != last:
        return Cause.STUB, (f"`{first}` calls `{last}`, which is not written yet. A function needs none of those "
                            "that come after it.",)
    if not is_stub(kata.file, last) and ends_block(kata.file, frames[-1].lineno):
        return Cause.STUB, (f"`{last}` is not finished: this call ends at the `raise NotImplementedError` on line "
                            f"{frames[-1].lineno}.",)
    if not is_stub(kata.file, last):
        return Cause.STUB, (f"The `raise NotImplementedError` on line {frames[-1].lineno} still stands in `{last}`, "
                            "and ends it there. Take that line out.",)
    if has_two(kata.file, last):
        return Cause.STUB, (f"{shown(kata.file)} defines `{last}` more than once. The last one counts, and that is "
                            "still the stub.",)
    return Cause.STUB, (f"`{last}` is not written yet: its body is `raise NotImplementedError`.",
                        "Every spec starts red: nothing is broken. The docstring says what to write.")
