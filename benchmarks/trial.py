"""Copies of the project to time runs in: with the runner, for bare pytest, and at the watch."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.repo.project import Project
from tests.repo.terminal import Terminal
from tests.runner.lessons.catalog import ROOT
from tests.runner.lessons.stubs import make_stub
from tests.runner.setup_env import STAMP

KATA, SPECS = "kata_01_attention", "tests/test_kata_01_attention.py"
BARE, RUNNER, MAKE = "bare pytest", "runner", "make kata-01"
WATCH, PROGRESS, DIAGNOSIS = "make watch, from save to verdict", "make progress", "the diagnosis"
PLACE = "the search for the place"

STATES = STUB, SOLVED, KNOWN, UNKNOWN = "a stub", "solved", "known mistake", "unknown mistake"
MISTAKES = {  # written below the solution, where they take the place of its function
    KNOWN: """
def attention_scores(q, k):
    return q @ k.swapaxes(-1, -2)
""",
    UNKNOWN: """
def attention(q, k, v, mask=None):
    return attention_weights(q, k, mask) @ np.cos(v)
""",
}
DIAGNOSED = (KNOWN, UNKNOWN)
# Of the watch's screen: of a verdict, at the end of each screen, and at the end of the last one.
VERDICT, ITS_END, LAST_WORDS = "specs are green.", "Watching katas/", "q quit"

CONFTEST = f'''"""The fixture that the specs need, and nothing else."""

import pytest


@pytest.fixture
def kata():
    import {KATA}

    return {KATA}
'''


@dataclass(frozen=True)
class Side:
    """One way to run the specs: a command, and the folder where it runs."""

    name: str
    command: tuple[str, ...]
    folder: Path

    def seconds(self, green: bool) -> float:
        """Run once, from the start of the process to its end; green or red must be as told."""
        start = time.perf_counter()
        done = _run(self.command, self.folder)
        taken = time.perf_counter() - start
        if (done.returncode == 0) != green:
            colour = "red" if green else "green"
            raise RuntimeError(f"{self.name} is {colour} where it must not be:\n{done.stdout}")
        return taken


class Trial:
    """Two copies, in the same state, and a third at which a watch is open."""

    def __init__(self, folder: Path):
        self.project = Project.copied_to(folder / "runner")
        self.bare = _bare_copy(self.project.root, folder / "bare")
        self.watched = Project.copied_to(folder / "watched")
        self.watch: Terminal | None = None
        python = sys.executable
        bare = (python, "-m", "pytest", "-x", "-q", "-o", "pythonpath=. katas", SPECS)
        root = self.project.root
        self.progress = Side(PROGRESS, (python, "-m", "tests.runner", "progress"), root)
        self.sides = [Side(BARE, bare, self.bare),
                      Side(RUNNER, (python, "-m", "tests.runner", "kata", "01"), root)]
        if _make_works_in(root):
            self.sides.append(Side(MAKE, ("make", "kata-01"), root))

    def round(self, state: str, backwards: bool) -> tuple[dict[str, float], list[str]]:
        """The seconds of everything in this state, and what the diagnosis names."""
        self.put(state)
        order = self.sides[:: -1 if backwards else 1]
        runs = {side.name: side.seconds(green=state == SOLVED) for side in order}
        seconds = {side.name: runs[side.name] for side in self.sides}
        seconds |= {WATCH: self.from_save_to_verdict(state),
                    PROGRESS: self.progress.seconds(green=True)}
        if state not in DIAGNOSED:
            return seconds, []
        judged = self.judged()
        seconds |= {DIAGNOSIS: judged["seconds"], PLACE: judged["place"]}
        return seconds, judged["named"]

    def put(self, state: str) -> None:
        """Write the kata file, in both copies."""
        text = self._text(state)
        self.project.write(KATA, text)
        (self.bare / "katas" / f"{KATA}.py").write_text(text, encoding="utf-8")

    def _text(self, state: str) -> str:
        solution = self.project.solution()
        return make_stub(solution) if state == STUB else solution + MISTAKES.get(state, "")

    def from_save_to_verdict(self, state: str) -> float:
        """Save the state at the watch, and wait until its verdict is on the screen.

        The place may follow; that is waited for, too, but not timed.
        """
        if self.watch is None:
            self.watch = Terminal(self.watched, "watch", "01")
            self.watch.wait_for(LAST_WORDS)
        self.watch.forget()
        start = time.perf_counter()
        self.watched.write(KATA, self._text(state))
        self.watch.wait_for(VERDICT)
        self.watch.wait_for(ITS_END)
        taken = time.perf_counter() - start
        self.watch.wait_for(LAST_WORDS)
        return taken

    def close(self) -> None:
        """Quit the watch."""
        if self.watch:
            self.watch.__exit__()

    def judged(self) -> dict:
        """The seconds that the diagnosis of the state takes, and what it names."""
        done = _run((sys.executable, "-m", "benchmarks.judge_timer", SPECS), self.project.root)
        return json.loads(done.stdout.splitlines()[-1])


def _bare_copy(ours: Path, bare: Path) -> Path:
    """The same specs with a plain fixture: the plugin is there, and nothing loads it."""
    shutil.copytree(ours / "tests" / "runner", bare / "tests" / "runner")
    for name in ("pyproject.toml", SPECS, "tests/__init__.py", f"katas/{KATA}.py"):
        (bare / name).parent.mkdir(exist_ok=True)
        shutil.copy2(ours / name, bare / name)
    (bare / "tests" / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    return bare


def _make_works_in(root: Path) -> bool:
    """Lend the copy our Makefile and environment; False where there is no make or environment."""
    venv, makefile = Path(sys.prefix), ROOT / "Makefile"
    if not shutil.which("make") or not makefile.is_file() or sys.prefix == sys.base_prefix:
        return False
    shutil.copy2(makefile, root / "Makefile")
    (root / ".venv").mkdir()
    for part in venv.iterdir():
        if part.name != STAMP:
            (root / ".venv" / part.name).symlink_to(part)
    (root / ".venv" / STAMP).touch()  # newer than all it depends on: make has nothing to set up
    return _run(("make", "--question", f".venv/{STAMP}"), root).returncode == 0


def _run(command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess:
    ours = ("MAKELEVEL", "MAKEFLAGS", "MFLAGS", "BORROW", "PYTEST_ADDOPTS", "PYTHONPATH",
            "FORCE_COLOR")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
