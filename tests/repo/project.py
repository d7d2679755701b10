"""A copy of the project, in which a test acts as the reader."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.runner.lessons.catalog import ROOT, katas_and_exercises
from tests.runner.lessons.stubs import make_stub
from tests.runner.specs.record import Run, record_of

ROOMS = ("katas", "tests", "hints", "benchmarks")
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "repo", "*.png", "*.svg")
KATA_FILE = re.compile(r"(kata|exercise)_\d\d_\w+\.py")
RUNS = """
import json, os, sys
from dataclasses import asdict
from tests.runner.lessons.catalog import Kata
from tests.runner.running import cold, supervise
for name in sys.stdin:
    if os.fork() == 0:
        print(json.dumps(asdict(supervise.run(cold.Orders(Kata(name.strip()))))), flush=True)
        os._exit(0)
    if os.wait()[1]:
        break
"""
Stamp = tuple[int, int]  # when a file was written, and its size


@dataclass(frozen=True)
class Project:
    """The folder of a copy, and what a reader can do in it.

    made: the files as they were copied, with their stamps: `as_new` brings that state back
    """

    root: Path
    made: dict[Path, Stamp] = field(default_factory=dict)
    runs: list[subprocess.Popen] = field(default_factory=list)  # the process that starts runs

    @classmethod
    def copied_to(cls, root: Path) -> "Project":
        """Copy what a reader needs; every kata and exercise is a stub, whatever it is here."""
        project = cls(root)
        project.as_new()
        return project

    def as_new(self) -> None:
        """Undo all that a test has done to the copy; much faster than a new copy."""
        if not self.root.exists():
            self.made.clear()
            for room in ROOMS:
                shutil.copytree(ROOT / room, self.root / room, ignore=LEFT_BEHIND)
        for folder in self.root.iterdir():
            if folder.is_dir() and folder.name not in ROOMS:
                shutil.rmtree(folder)
        files = [file for file in self.root.rglob("*")
                 if not file.is_dir() and "__pycache__" not in file.parts]
        for file in files:
            if self.made and file not in self.made:
                file.unlink()
        kept = self.made or dict.fromkeys([*files, self.root / "pyproject.toml"], (0, 0))
        for file, stamp in kept.items():
            if not file.exists() or file.is_symlink() or _stamp(file) != stamp:
                self._copy_anew(file)
        self.made.update({file: _stamp(file) for file in kept})

    def _copy_anew(self, file: Path) -> None:
        name = file.relative_to(self.root)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        shutil.copy2(ROOT / name, file)
        if name.name == "pyproject.toml":
            file.write_text(file.read_text(encoding="utf-8").replace("timeout = 10", "timeout = 2"),
                            encoding="utf-8")
        elif KATA_FILE.fullmatch(name.name) and name.parent.name == "katas":
            solution = ROOT / "hints" / "solutions" / name.name
            file.write_text(make_stub(solution.read_text(encoding="utf-8")), encoding="utf-8")

    def end_with_lesson(self, number: str) -> None:
        """Remove all later lessons, and exercises: a run of all lessons is quick then."""
        later = [kata for kata in katas_and_exercises() if kata.stem[:2] > number]
        for file in (file for kata in later for file in (kata.file, kata.solution, kata.specs)):
            (self.root / file.relative_to(ROOT)).unlink()

    def solution(self, name: str = "kata_01_attention") -> str:
        """The text of a solution."""
        return (self.root / "hints" / "solutions" / f"{name}.py").read_text(encoding="utf-8")

    def write(self, name: str, text: str | bytes) -> None:
        """Save a kata file."""
        file = self.root / "katas" / f"{name}.py"
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def solve(self, name: str = "kata_01_attention") -> None:
        """Save the solution as the reader's file."""
        self.write(name, self.solution(name))

    def run(self, name: str = "kata_01_attention") -> Run:
        """Run up to the first red spec, and return the outcome as the screens get it."""
        if not self.runs or self.runs[-1].poll() is not None:
            self.runs.append(subprocess.Popen(
                [sys.executable, "-c", RUNS], cwd=self.root, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, text=True, encoding="utf-8"))
        print(name, file=self.runs[-1].stdin, flush=True)
        data = json.loads(self.runs[-1].stdout.readline())
        return Run(**{**data, "records": [record_of(record) for record in data["records"]]})

    def make(self, *words: str, timeout: float = 60, **variables: str) -> tuple[int, str]:
        """Do as `make` would: the exit status, and everything that the screen shows."""
        quiet = {name: value for name, value in os.environ.items()
                 if name not in ("MAKELEVEL", "BORROW", "COLUMNS", "FORCE_COLOR", "PYTEST_ADDOPTS")}
        done = subprocess.run(
            [sys.executable, "-m", "tests.runner", *words], cwd=self.root,
            env={**quiet, **variables},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8", timeout=timeout, check=False)
        return done.returncode, "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"


def _stamp(file: Path) -> Stamp:
    stat = file.stat()
    return stat.st_mtime_ns, stat.st_size
