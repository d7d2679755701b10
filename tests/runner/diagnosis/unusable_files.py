"""What is said of a file that cannot be used: it cannot be loaded, or lacks a function."""

import re

from tests.runner.diagnosis.array_tables import short
from tests.runner.diagnosis.exceptions import message_of, raised
from tests.runner.diagnosis.tracebacks import LACKED, imports_later, not_loaded
from tests.runner.layout import carets
from tests.runner.layout.one_line import cut
from tests.runner.lessons.catalog import Kata, shown
from tests.runner.lessons.source_text import enclosing, signature_in, text_in
from tests.runner.specs.watched import Missing

MERGE = re.compile(r"^<<<<<<< .*^>>>>>>> ", re.MULTILINE | re.DOTALL)


def cannot_load(problem: BaseException, run: Kata) -> tuple[str, ...]:
    """Why a file cannot be imported: that of the kata that runs, or of an earlier one."""
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


def missing(problem: Missing, kata: Kata) -> str:
    """What the file has instead of a function."""
    file = shown(kata.file)
    if problem.found is not None:
        return f"In {file}, `{problem.name}` is not a function but {short(problem.found, 30)}."
    wanted = signature_in(kata.solution, problem.name)
    return (f"{file} has no function `{problem.name}`. Was it renamed or removed? "
            f"The stub reads `def {problem.name}{wanted}:`.")
