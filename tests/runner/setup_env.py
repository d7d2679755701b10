"""Make the virtual environment: `setup_env.py .venv`, or `.venv-oldest --lowest`. make runs it.

Standard library only, as nothing is installed yet; readable for Python 3.6, so that an old Python
gets a sentence and not a SyntaxError. The stamp, installed.txt, holds the list of what was
installed. It is written last: an interrupted set-up leaves none, and starts from nothing.
"""

import contextlib
import enum
import importlib.util
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import List, NamedTuple, Optional

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

STAMP = "installed.txt"
PYTHON = "Scripts/python.exe" if os.name == "nt" else "bin/python"


class State(enum.Enum):
    """The state before the set-up, and the line that says what will be done."""

    CURRENT = ""
    MISSING = "Setting up {folder} with Python {python}, once; a minute or so."
    CHANGED = "pyproject.toml lists other packages now: updating {folder}; up to a minute."
    PYTHON_GONE = "The Python of {folder} is gone: setting up again with {python}; a minute or so."


class Problem(enum.Enum):
    """Why a set-up stopped, in the words that the reader sees."""

    OLD_PYTHON = """The katas need Python 3.11 or newer, and {executable} is {python}.
With a newer one: make PYTHON=/path/to/python3.12 kata-01"""
    NO_VENV = """Python {python} is here, but without its module for virtual environments.
  Debian, Ubuntu:  sudo apt install python{minor}-venv
  other systems:   the package that holds Python's venv and ensurepip
Then run the same command again."""
    NO_NETWORK = """pip could not reach the package index, so {folder} is not ready yet.
Check the connection, or the proxy if there is one, then run the same command again."""
    NO_PACKAGE = """For Python {python} on this computer, pip did not find all packages ready-made:
  {said}
Another Python may have more luck: make PYTHON=/path/to/python3.12 kata-01
(If you use a proxy or a package index of your own, it may lack the package.)"""
    DISK_FULL = """The disk is full, or your share of it, so {folder} is not ready yet.
It needs about 200 MB. Make room, then run the same command again."""
    NOT_WRITABLE = """The set-up may not write to {folder}: something here is read-only, or
belongs to another user. In a copy of the project that is yours, the same command works.
If an earlier sudo made {folder}, this removes it: sudo rm -r {folder}"""
    BAD_LIST = "pyproject.toml could not be read ({said}); git diff shows what changed in it."
    INTERRUPTED = "\nStopped. The same command starts the set-up again."
    UNKNOWN = """{folder} could not be set up: {said}
To start from nothing: rm -r {folder}, then run the same command again."""


class Failure(NamedTuple):
    problem: Problem
    output: str = ""  # what venv or pip printed


# The first sign found names the problem. NO_NETWORK is late: pip may warn of it and get over it.
SIGNS = (
    (Problem.DISK_FULL, r"No space left on device|[Qq]uota exceeded"),
    (Problem.NOT_WRITABLE, r"Permission denied|Read-only file system|Operation not permitted"),
    (Problem.NO_PACKAGE, r"from versions: \d"),
    (Problem.NO_NETWORK,
     r"Retrying \(|[Cc]onnection|timed out|SSLError|ProxyError|HTTP ?[Ee]rror|Failed to fetch"),
    (Problem.NO_PACKAGE, r"No matching distribution found"),
)


def failure_in(output: str) -> Failure:
    found = (problem for problem, sign in SIGNS if re.search(sign, output))
    return Failure(next(found, Problem.UNKNOWN), output)


def requirements(lowest: bool) -> List[str]:
    import tomllib  # since Python 3.11, so not before the version is known

    listed = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    range_, to_lowest = r">=\s*([^\s,;]+)[^;]*", r"==\1"  # "numpy>=2.0,<3" becomes "numpy==2.0"
    return [re.sub(range_, to_lowest, one) for one in listed] if lowest else listed


def run(*command: object) -> Optional[Failure]:
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "close_fds": False}
    try:
        done = subprocess.run([*map(str, command)], **options, text=True, errors="replace")
    except OSError as error:
        return failure_in(str(error))
    return failure_in(done.stdout) if done.returncode else None


def wait_for_others() -> None:
    """Wait for another set-up: in another terminal, or a pip that a `kill` left behind."""
    if fcntl is None:
        return
    lock = os.open("pyproject.toml", os.O_RDONLY)  # open to the end, and inherited by pip
    os.set_inheritable(lock, True)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another set-up is at work here; waiting for it to end.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks


def find_state(folder: Path, wanted: List[str]) -> State:
    if not (folder / STAMP).exists():
        return State.MISSING
    if run(folder / PYTHON, "-c", ""):
        return State.PYTHON_GONE
    return State.CURRENT if (folder / STAMP).read_text().splitlines() == wanted else State.CHANGED


def make_folder(folder: Path) -> Optional[Failure]:
    # Debian has them in separate packages
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        return Failure(Problem.NO_VENV)
    # The real path holds the version: when python3.12 replaces python3.11, make finds it gone.
    made = run(os.path.realpath(sys.executable), "-m", "venv", "--clear", "--without-pip", folder)
    return made or run(folder / PYTHON, "-I", "-m", "ensurepip", "--default-pip")


def install(folder: Path, wanted: List[str]) -> Optional[Failure]:
    return run(
        *(folder / PYTHON, "-I", "-m", "pip", "install", "--no-input", "--no-user"),
        *("--no-color", "--progress-bar=off", "--disable-pip-version-check"),
        *("--retries=2", "--timeout=10"),  # no answer: half a minute, not pip's minute and a half
        "--only-binary=:all:",  # a sentence at once, instead of a compiler's failure later
        # The first import is quicker to write byte code than pip, unless it is told not to.
        "--compile" if sys.dont_write_bytecode else "--no-compile",
        *wanted
    )


def set_up(folder: Path, wanted: List[str], state: State) -> Optional[Failure]:
    stamp = folder / STAMP
    before = stamp.read_text() if stamp.exists() else ""
    stamp.unlink(missing_ok=True)
    failure = (None if state is State.CHANGED else make_folder(folder)) or install(folder, wanted)
    if failure is None:
        stamp.write_text("".join(line + "\n" for line in wanted))
    elif state is State.CHANGED:  # pip has changed nothing: still good, but too old for make
        stamp.write_text(before)
        os.utime(str(stamp), (0, 0))
    return failure


def sentence(text: str, folder: Path, output: str = "") -> str:
    return text.format(
        folder=folder,
        python="{}.{}.{}".format(*sys.version_info[:3]),
        minor="{}.{}".format(*sys.version_info[:2]),
        executable=sys.executable,
        said=(output.strip() or "nothing was said").splitlines()[-1].replace("ERROR: ", ""),
    )


def report(failure: Failure, folder: Path) -> int:
    text = sentence(failure.problem.value, folder, failure.output)
    if "\n" in failure.output:  # so it comes from venv or pip, and may say more
        with contextlib.suppress(OSError):
            (folder / "pip.log").write_text(failure.output, errors="replace")
            text += "\nAll messages are in {}/pip.log.".format(folder)
    code = 130 if failure.problem is Problem.INTERRUPTED else 1
    if "MAKELEVEL" in os.environ:
        text += "\n(make will now say Error {}: that is this message.)".format(code)
    print(text, file=sys.stderr)
    return code


def main(arguments: List[str]) -> int:
    folder = Path(arguments[0] if arguments else ".venv")
    if sys.version_info < (3, 11):
        return report(Failure(Problem.OLD_PYTHON), folder)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `kill` ends it as Ctrl-C does
    try:
        wait_for_others()
        wanted = requirements("--lowest" in arguments)
        state = find_state(folder, wanted)
        if state is State.CURRENT:
            (folder / STAMP).touch()
            return 0
        print(sentence(state.value, folder), flush=True)
        failure = set_up(folder, wanted, state)
    except (KeyError, ValueError) as error:
        failure = Failure(Problem.BAD_LIST, str(error))
    except OSError as error:
        failure = failure_in(str(error))
    except KeyboardInterrupt:
        failure = Failure(Problem.INTERRUPTED)
    if failure:
        return report(failure, folder)
    print("{} is ready.".format(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
