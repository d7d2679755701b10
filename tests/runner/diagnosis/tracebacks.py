"""The reader's own lines of a traceback: which of them are shown, and where to edit."""

import builtins
import linecache
import re
import traceback
from functools import cache
from pathlib import Path

import numpy as np

from tests.runner.layout.one_line import cut, printable
from tests.runner.layout.widths import TRACED
from tests.runner.lessons.catalog import SOLUTIONS, Kata, shown
from tests.runner.lessons.loading import MODULE
from tests.runner.lessons.source_text import line_of_similar, line_with
from tests.runner.specs.watched import CannotLoad, Escaped, Missing, Tampered, TimedOut

MAX_TRACE = 3
NUMPY = str(Path(np.__file__).parent)
LACKED = re.compile(r"^cannot import name '(\w+)'")


def trace(problem: BaseException, function: str) -> tuple[str, ...]:
    """The reader's own lines of a traceback: the one in a function, and the last few."""
    root = _root(problem)
    frames = readers_frames(root)[_imports_before(root) :]
    told = {f"{shown(frame.filename)}:{frame.lineno} in {frame.name[:30]}\n"
            f"    {cut(printable(frame.line or ''), TRACED)}": frame.name
            for frame in frames}  # a line that calls itself is shown once
    lines = list(told)
    first = next((line for line, name in told.items() if name == function), None)
    if first in lines[:-MAX_TRACE]:
        return (first, *lines[1 - MAX_TRACE :])
    return tuple(lines[-MAX_TRACE:])


def where(problem: BaseException, kata: Kata, function: str) -> tuple[str, int] | None:
    """The reader's file and line at which an exception arose, if it arose in their code."""
    if isinstance(problem, Missing) and problem.found is None:
        return shown(kata.file), line_of_similar(kata.file, problem.name, kata.functions)
    if isinstance(problem, Tampered):
        return shown(kata.file), line_with(kata.file, f".{problem.name.rpartition('.')[2]}")
    root = _root(problem)
    if isinstance(root, SyntaxError) and root.filename and _is_readers(root.filename):
        return shown(root.filename), root.lineno or 1
    if later := imports_later(root):
        return shown(later[0].file), later[1]
    failing = not_loaded(root, kata)
    if isinstance(root, ImportError) and failing != kata:
        lacked = LACKED.search(str(root))
        line = line_of_similar(failing.file, lacked[1], failing.functions) if lacked else 1
        return shown(failing.file), line
    frames = readers_frames(root)[_imports_before(root) :]
    if not frames:
        return None
    if isinstance(problem, CannotLoad) or failing != kata:
        at = frames[0]
    elif isinstance(root, NotImplementedError):
        at = frames[-1]
    else:
        at = _last_unproved(frames, kata, function)
    return shown(at.filename), at.lineno


def imports_later(problem: BaseException) -> tuple[Kata, int, Kata] | None:
    """For circular imports: the kata that imports a later one, the line, and that later one."""
    if not isinstance(problem, ImportError) or "circular import" not in str(problem):
        return None
    frames = readers_frames(problem)
    names = [*(Path(frame.filename).stem for frame in frames), problem.name or ""]
    for frame, name, after in zip(frames, names, names[1:]):
        if name.startswith("kata_") and after.startswith("kata_") and name < after:
            return Kata(name), frame.lineno, Kata(after)
    return None


def not_loaded(problem: BaseException, kata: Kata) -> Kata:
    """The kata whose file fails to import: the one that runs, or an earlier one."""
    if isinstance(problem, ImportError) and MODULE.fullmatch(problem.name or ""):
        return Kata(problem.name)  # it is missing, or lacks what another one imports
    return Kata(getattr(problem, "importing", kata.name))


def _imports_before(problem: BaseException) -> int:
    """How many of the outermost frames only import the file that fails."""
    importing = getattr(problem, "importing", None)
    stems = [Path(frame.filename).stem for frame in readers_frames(problem)]
    return stems.index(importing) if importing in stems else len(stems) if importing else 0


def failing_line(problem: BaseException) -> str:
    """The line that failed, of a reader's or a solution; all of it, if it goes on over several."""
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__)
              if not frame.filename.startswith(NUMPY)]
    if not frames:
        return ""
    at = frames[-1]
    lines = linecache.getlines(at.filename)[at.lineno - 1 : at.end_lineno]
    return " ".join(lines) or at.line or ""


def readers_frames(problem: BaseException) -> list[traceback.FrameSummary]:
    """The frames of an exception that are in the reader's files, the outermost first."""
    walked = traceback.walk_tb(problem.__traceback__)
    frames = traceback.StackSummary.extract(
        at for at in walked if _is_readers(at[0].f_code.co_filename))
    # Before Python 3.12, a comprehension has its own frame, on the same line.
    return [frame for before, frame in zip([None, *frames], frames)
            if not (before and frame.name.startswith("<") and before.lineno == frame.lineno)]


def locals_at(problem: BaseException) -> dict[str, object]:
    """The local variables at the innermost of the reader's lines in a traceback."""
    frames = [frame for frame, _ in traceback.walk_tb(problem.__traceback__)
              if _is_readers(frame.f_code.co_filename)]
    return frames[-1].f_locals if frames else {}


def names_at(problem: BaseException) -> list[str]:
    """The names in scope at the innermost of the reader's lines in a traceback."""
    frames = [frame for frame, _ in traceback.walk_tb(problem.__traceback__)
              if _is_readers(frame.f_code.co_filename)]
    return [*frames[-1].f_locals, *frames[-1].f_globals, *dir(builtins)] if frames else []


def looked_up(problem: KeyError) -> tuple[str, dict] | None:
    """The dict that lacks a key, and how the line calls that dict: `block["attention"]`."""
    if not readers_frames(problem) or not isinstance(problem.args[0], str):
        return None
    line = readers_frames(problem)[-1].line or ""
    asked = re.escape(problem.args[0])
    for place, *_ in re.findall(rf"""(\w+(\[["']\w+["']\])*)\[["']{asked}["']\]""", line):
        name, *keys = re.findall(r"\w+", place)
        found = locals_at(problem).get(name)
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, dict) and problem.args[0] not in found:
            return place, found
    return None


def _last_unproved(frames: list[traceback.FrameSummary], kata: Kata,
                   function: str) -> traceback.FrameSummary:
    """The innermost frame before another function of the kata or an earlier lesson.

    What the specs have proved is hardly to blame, but how it is called may be.
    """
    others = set(kata.functions) - {function}
    for before, frame in zip(frames, frames[1:]):
        if frame.name in others or Path(frame.filename).stem != kata.name:
            return before
    return frames[-1]


def _root(problem: BaseException) -> BaseException:
    return problem.raised if isinstance(problem, (CannotLoad, Escaped, TimedOut)) else problem


@cache
def _is_readers(filename: str) -> bool:
    file = Path(filename)
    return MODULE.fullmatch(file.stem) is not None and not file.is_relative_to(SOLUTIONS)
