"""A copy of the project, in which tests can be the reader."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.runner.lessons.catalog import ROOT, all_katas
from tests.runner.lessons.stubs import make_stub

ROOMS = ("katas", "tests", "hints", "benchmarks")
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "repo", "*.png", "*.svg")


@dataclass(frozen=True)
class Project:
    """The folder of a copy, and what a reader does in it."""

    root: Path

    @classmethod
    def copied_to(cls, root: Path) -> "Project":
        """Copy what a reader needs; every kata and exercise is a stub, whatever the reader has written."""
        for room in ROOMS:
            shutil.copytree(ROOT / room, root / room, ignore=LEFT_BEHIND)
        settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (root / "pyproject.toml").write_text(settings.replace("timeout = 10", "timeout = 2"), encoding="utf-8")
        project = cls(root)
        for kata in all_katas("kata") + all_katas("exercise"):
            project.write(kata.name, make_stub(kata.solution.read_text(encoding="utf-8")))
        return project

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

    def make(self, *words: str, timeout: float = 60, **variables: str) -> tuple[int, str]:
        """What `make` would do: the exit status, and everything that the screen shows."""
        quiet = {name: value for name, value in os.environ.items()
                 if name not in ("MAKELEVEL", "BORROW", "COLUMNS", "FORCE_COLOR", "PYTEST_ADDOPTS")}
        done = subprocess.run(
            [sys.executable, "-m", "tests.runner", *words], cwd=self.root, env={**quiet, **variables},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8", timeout=timeout, check=False)
        return done.returncode, "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"
