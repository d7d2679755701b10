"""Puts what went wrong in a spec into words, where it is more than a wrong number."""

import re
import traceback
from pathlib import Path

import pytest

from tests.runner.arrays import short
from tests.runner.definitions import line_with, signature_in
from tests.runner.lessons import SOLUTIONS, Kata, shown
from tests.runner.records import Cause
from tests.runner.source import MODULE
from tests.runner.watch import (
    ArgumentChanged,
    CannotLoad,
    Escaped,
    Missing,
    Tampered,
    TimedOut,
    WrongSignature,
)

BROADCAST = re.compile(r"operands could not be broadcast together with shapes (.*)")
MATMUL = re.compile(r"matmul: Input operand 1 has a mismatch in its core dimension .*\(size (\d+) is different from (\d+)\)")
MAX_TRACE = 3


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
                f"`{problem.name}` cannot be called as its stub can: {problem.reason}.",
                f"The stub reads `def {problem.name}{wanted}`; yours takes `{problem.signature}`.")
        case ArgumentChanged():
            return Cause.FILE, (
                f"`{problem.name}` changed its argument `{problem.argument}`: after the call, the caller's "
                "array is no longer what it was.",
                "Assignments such as `x -= ...` or `x[...] = ...` write into the caller's array; "
                "`x = x - ...` makes a new one.")
        case Escaped():
            return Cause.FILE, (_escaped(problem.raised),)
        case TimedOut():
            return Cause.TIME, (f"It was still running after {limit:g} seconds, and was stopped. "
                                "Is there a loop that never ends?",)
        case Tampered():
            return Cause.FILE, (
                f"Your file changes `{problem.name}`, on which the specs rely. It was put back.",
                "Functions and names of your own are free to use.")
        case NotImplementedError():
            return _not_implemented(problem)
        case RecursionError():
            return Cause.RAISED, ("It calls itself without end (RecursionError).",)
        case MemoryError():
            return Cause.RAISED, ("It asked for more memory than a spec may take (2 GiB). "
                                  "Is an array much larger than it needs to be, or a list that grows without end?",)
        case pytest.fail.Exception():
            return Cause.MEASURED, (f"{_text(problem)}.",)
        case AssertionError():
            return Cause.MEASURED, (_text(problem).splitlines()[0] if _text(problem) else "An assertion failed.",)
    return Cause.RAISED, _raised(problem)


def trace(problem: BaseException) -> tuple[str, ...]:
    """The reader's own lines on the way to an exception, the last few of them."""
    frames = [frame for frame in traceback.extract_tb(_root(problem).__traceback__) if _is_readers(frame.filename)]
    lines = [f"{shown(frame.filename)}:{frame.lineno} in {frame.name}\n    {frame.line}" for frame in frames]
    return tuple(dict.fromkeys(lines))[-MAX_TRACE:]  # a line that calls itself is shown once


def where(problem: BaseException, file: Path) -> tuple[str, int] | None:
    """The reader's file and line at which an exception arose, if it arose in their code."""
    if isinstance(problem, Tampered):
        return shown(file), line_with(file, f".{problem.name.rpartition('.')[2]}")
    root = _root(problem)
    if isinstance(root, SyntaxError) and root.filename and _is_readers(root.filename):
        return shown(root.filename), root.lineno or 1
    frames = [frame for frame in traceback.extract_tb(root.__traceback__) if _is_readers(frame.filename)]
    return (shown(frames[-1].filename), frames[-1].lineno) if frames else None


def _cannot_load(problem: BaseException, kata: Kata) -> tuple[str, ...]:
    file = shown(kata.file)
    if isinstance(problem, ModuleNotFoundError) and problem.name == kata.name:
        return (f"{file} is not there. Was it moved or renamed?",
                f"`git checkout {file}` brings it back as it was last committed.")
    if isinstance(problem, SyntaxError):
        at = f"line {problem.lineno} of {file}" if problem.lineno else file
        return (f"Python cannot read {at}: {problem.msg}.", *_caret(problem))
    if isinstance(problem, ModuleNotFoundError):
        return (f"{file} imports `{problem.name}`, which is not installed here.",
                "The katas need NumPy and Python's own library alone.")
    if isinstance(problem, ImportError):
        return (f"An import in {file} fails: {_text(problem)}.",)
    if isinstance(problem, UnicodeDecodeError):
        return (f"{file} is not a text file in UTF-8: {_text(problem)}.",)
    name = "It calls itself without end (RecursionError)" if isinstance(problem, RecursionError) else (
        f"{type(problem).__name__}: {_text(problem)}")
    return (f"{file} fails while it is imported, before any function is called.", f"{name}.")


def _caret(problem: SyntaxError) -> tuple[str, ...]:
    """The line that Python cannot read, with a caret below the place."""
    if not problem.text or not problem.text.strip():
        return ()
    line = problem.text.rstrip("\n")
    indent = len(line) - len(line.lstrip())
    offset = min(max((problem.offset or 1) - 1 - indent, 0), 70)
    return (f"    {line.strip()[:72]}\n    {' ' * offset}^",)


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
    return f"Your file raised {name}: {_text(problem)}"


def _not_implemented(problem: NotImplementedError) -> tuple[Cause, tuple[str, ...]]:
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if _is_readers(frame.filename)]
    if not frames:
        return Cause.RAISED, _raised(problem)
    first, last = frames[0].name, frames[-1].name
    if first != last:
        return Cause.STUB, (f"`{first}` calls `{last}`, which is not written yet.",)
    return Cause.STUB, (f"`{last}` is not written yet: its body is `raise NotImplementedError`.",)


def _raised(problem: BaseException) -> tuple[str, ...]:
    text = _text(problem)
    said = f"{type(problem).__name__}: {text}" if text else type(problem).__name__
    if match := BROADCAST.search(text):
        shapes = match[1].strip().replace(") (", ") and (")
        return (said, f"NumPy lines shapes up from the right, and each pair of lengths must be equal or 1. "
                      f"{shapes} do not line up.")
    if match := MATMUL.search(text):
        return (f"{type(problem).__name__} in a matrix product: in `a @ b` the last axis of `a` must be as long as "
                f"the second-to-last axis of `b`. Here they have {match[2]} and {match[1]} entries.",)
    return (said,)


def _text(problem: BaseException) -> str:
    try:
        return " ".join(str(problem).split())[:300]
    except Exception:  # an exception class of the reader's, with a broken __str__
        return "(its message cannot be shown)"


def _root(problem: BaseException) -> BaseException:
    return problem.raised if isinstance(problem, (CannotLoad, Escaped, TimedOut)) else problem


def _is_readers(filename: str) -> bool:
    file = Path(filename)
    return MODULE.fullmatch(file.stem) is not None and not file.is_relative_to(SOLUTIONS)
