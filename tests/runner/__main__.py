"""The command line behind `make`: `make kata-01` is `python -m tests.runner kata 01`.

A word such as FORMAT=junit or BORROW=1 is a setting, as it is for make.
"""

import os
import re
import signal
import sys
import traceback
from pathlib import Path

USAGE = "Usage: python -m tests.runner COMMAND NUMBER, for example: python -m tests.runner kata 01"
WRONG_USE, STOPPED = 2, 130
SETTING = re.compile(r"([A-Z_]+)=(.*)", re.DOTALL)


def main(arguments: list[str]) -> int:
    """Carry out one command; return its exit status. Nothing that goes wrong shows a traceback."""
    try:
        return _kept_in_words(arguments)
    except BrokenPipeError:  # as in `make kata-01 | head -3`: nobody reads on, and nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


def _kept_in_words(arguments: list[str]) -> int:
    try:
        for end in ("SIGTERM", "SIGHUP"):  # as with Ctrl-C, what was started is ended on the way out
            if hasattr(signal, end):
                signal.signal(getattr(signal, end), signal.default_int_handler)
        os.environ |= [found.groups() for word in arguments if (found := SETTING.fullmatch(word))]
        return _carry_out([word for word in arguments if not SETTING.fullmatch(word)])
    except KeyboardInterrupt:
        print("Stopped.")
        return STOPPED
    except BrokenPipeError:
        raise
    except Exception as problem:
        print(_sentence(problem), file=sys.stderr)
        return WRONG_USE


def _carry_out(arguments: list[str]) -> int:
    from tests.runner import commands, desk
    from tests.runner.start import RUNNING

    if RUNNING in os.environ:
        return _wrong_use("A kata file called the runner while the runner runs it. That would never end.")
    on_a_kata = {
        "kata": commands.kata,
        "exercise": commands.kata,
        "hint": commands.hint,
        "solution": commands.solution,
        "example": commands.example,
        "bench": commands.bench,
        "watch": commands.watch,
        "reset": desk.reset,
        "undo": desk.undo_reset,
    }
    match arguments:
        case ["bench", "runner"]:
            return commands.bench_runner()
        case ["bench", "compare"]:
            return commands.bench_compare()
        case ["doctor"]:
            return desk.doctor()
        case _ if missing := _missing():
            return _wrong_use(f"{missing} is missing. `git checkout {missing}` brings it back.")
        case ["progress"]:
            return desk.progress()
        case ["compare"]:
            return commands.compare()
        case ["bench", "compare", *_]:
            return _wrong_use("`make bench-compare` is about lesson 1's benchmark, and takes no number.")
        case ["progress" | "doctor" | "compare" as command, *_]:
            return _wrong_use(f"`make {command}` is about all lessons, and takes no number.")
        case ["grade", *more]:
            from tests.runner import grade

            return grade.grade(more)
        case ["kata" | "hint" | "watch" | "solution" as command]:
            return desk.current(on_a_kata[command])
        case ["reset", "all"]:
            return desk.reset_all()
        case ["undo", "reset", "all"]:
            return desk.undo_reset_all()
        case ["undo", "reset"] | [("reset" | "example" | "exercise" | "bench")]:
            return _wrong_use(f"Of which lesson? For example: make {'-'.join(arguments)}-01.")
        case [("example" | "bench") as command, "exercise", *_]:
            return _wrong_use(f"Exercises have no {command}.")
        case [command, *which] if command in on_a_kata and which:
            found = _which(command, [part for word in which for part in word.split("-") if part != "reset"])
            return _wrong_use(found) if isinstance(found, str) else on_a_kata[command](found)
        case [command, *_] if command not in on_a_kata:
            others = ["bench runner", "bench compare", "compare", "progress", "doctor", "grade"]
            return _wrong_use(f"There is no command {command!r}. The commands are {_list([*on_a_kata, *others])}.")
    return _wrong_use(USAGE)


def _which(command: str, words: list[str]):
    """The kata that is meant, or a sentence that says which there are."""
    from tests.runner.lessons import all_katas, find

    kind = "exercise" if "exercise" in (command, *words) else "kata"
    wanted = " ".join(word for word in words if word not in ("kata", "exercise"))
    numbers = _list([kata.number for kata in all_katas(kind)])
    if not wanted:
        return f"Which {kind}? There are {numbers}."
    return find(kind, wanted.zfill(2)) or f"There is no {kind} {wanted}, only {numbers}."


def _missing() -> str:
    """The first file that a lesson cannot do without and that is not there; "" where all are."""
    from tests.runner.lessons import HINTS, SOLUTIONS, TESTS, all_katas, shown

    if not SOLUTIONS.is_dir():
        return shown(HINTS)
    katas = [*all_katas("kata"), *all_katas("exercise")]
    gone = [file for kata in katas for file in (kata.specs, kata.solution) if not file.is_file()]
    return shown(gone[0]) if gone else "" if katas else f"{shown(TESTS)} {shown(HINTS)}"


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _wrong_use(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONG_USE


def _sentence(problem: Exception) -> str:
    """What to say when the runner itself fails: the likely cause, or where it was."""
    hiding = sorted(path.name for path in Path.cwd().glob("*.py"))
    if hiding and not isinstance(problem, OSError):
        return (f"A Python file at the top of the project may hide a module of the same name: {_list(hiding)}. "
                "Rename it, or move it to another folder.")
    if isinstance(problem, ImportError) and sys.prefix == sys.base_prefix:
        return (f"This Python, {sys.executable}, is not the project's, and lacks a package ({problem}). With that of "
                ".venv, which make sets up: .venv/bin/python -m tests.runner kata 01.")
    if isinstance(problem, ImportError):
        return (f"A package is missing or damaged ({problem}). `rm -r .venv` removes what is installed, "
                "and the same command sets it up anew.")
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    return f"The runner could not go on: {type(problem).__name__}: {problem} ({where})."


def _explain_make(arguments: list[str], status: int) -> None:
    """Make ends with a line of its own about the status; a verdict has explained it already."""
    verdict = status == 1 and arguments[0] in ("kata", "exercise")
    if status and "MAKELEVEL" in os.environ and not verdict:
        print(f'(make adds its "Error {status}" below: that is this message.)', file=sys.stderr)


if __name__ == "__main__":
    exit_status = main(sys.argv[1:])
    _explain_make(sys.argv[1:], exit_status)
    sys.exit(exit_status)
