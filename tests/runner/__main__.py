"""The command line behind `make`: `make kata-01` is `python -m tests.runner kata 01`.

A word such as FORMAT=junit or BORROW=1 is a setting, as it is for make.
"""

import os
import re
import signal
import sys
import traceback
from pathlib import Path

from tests.runner.commands.all_commands import Misused
from tests.runner.commands.dispatch import carry_out
from tests.runner.layout.one_line import listed

WRONG_USE, STOPPED = 2, 130
SETTING = re.compile(r"([A-Z_]+)=(.*)", re.DOTALL)


def main(arguments: list[str]) -> int:
    """Carry out one command; return its exit status. No problem shows a traceback."""
    try:
        return _kept_in_words(arguments)
    except BrokenPipeError:  # as in `make kata-01 | head -3`: the reader stopped reading
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


def _kept_in_words(arguments: list[str]) -> int:
    try:
        for end in ("SIGTERM", "SIGHUP"):  # as with Ctrl-C, end what was started
            if hasattr(signal, end):
                signal.signal(getattr(signal, end), signal.default_int_handler)
        os.environ |= [found.groups() for word in arguments if (found := SETTING.fullmatch(word))]
        return carry_out([word for word in arguments if not SETTING.fullmatch(word)])
    except Misused as problem:
        print(problem, file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("Stopped.")
        return STOPPED
    except BrokenPipeError:
        raise
    except Exception as problem:
        print(_sentence(problem), file=sys.stderr)
        return WRONG_USE


def _sentence(problem: Exception) -> str:
    """A sentence for a failure of the runner itself: the likely cause, or the line."""
    hiding = sorted(path.name for path in Path.cwd().glob("*.py"))
    if hiding and not isinstance(problem, OSError):
        return ("A Python file at the top of the project may hide a module of the same name: "
                f"{listed(hiding)}. Rename it, or move it to another folder.")
    if isinstance(problem, ImportError) and sys.prefix == sys.base_prefix:
        return (f"This Python, {sys.executable}, is not the project's, and lacks a package "
                f"({problem}). With that of .venv, which make sets up: .venv/bin/python -m "
                "tests.runner kata 01.")
    if isinstance(problem, ImportError):
        return (f"A package is missing or damaged ({problem}). `rm -r .venv` removes what is "
                "installed, and the same command installs it again.")
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    return f"The runner could not go on: {type(problem).__name__}: {problem} ({where})."


def _explain_make(arguments: list[str], status: int) -> None:
    """Explain make's own line about the status, unless a verdict has done so."""
    verdict = status == 1 and arguments[0] in ("kata", "exercise")
    if status and "MAKELEVEL" in os.environ and not verdict:
        print(f'(make adds its "Error {status}" below: that is this message.)', file=sys.stderr)


if __name__ == "__main__":
    exit_status = main(sys.argv[1:])
    _explain_make(sys.argv[1:], exit_status)
    sys.exit(exit_status)
