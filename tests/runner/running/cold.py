"""Starts the process in which specs run, and gives it its orders."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.runner.lessons.catalog import KATAS, ROOT, Kata, shown
from tests.runner.running.processes import adopt_orphans, end_children

RUNNING = "TRANSFORMER_KATAS_RUNNING"  # in the environment of everything that a run starts


@dataclass(frozen=True)
class Orders:
    """What to run, and on whose code.

    kata:    whose specs; `more` katas follow it in the same process
    katas:   the folder of the kata modules
    folders: other folders for some modules, by name
    stop:    end at the first red spec
    judge:   find out why a spec is red; without it a run of red specs is quicker
    search:  look for the place in the reader's code, too
    limit:   seconds for a spec; 0 for the limit in pyproject.toml
    """

    kata: Kata
    katas: Path = KATAS
    folders: dict[str, Path] = field(default_factory=dict)
    stop: bool = True
    judge: bool = True
    search: bool = True
    more: tuple[Kata, ...] = ()
    limit: float = 0

    @property
    def all(self) -> tuple[Kata, ...]:
        return (self.kata, *self.more)

    def task(self, word: str) -> str:
        """The orders as the process reads them: a line of JSON."""
        limit = ["-o", f"timeout={self.limit:g}"] if self.limit else []
        return json.dumps({
            "word": word,
            "specs": [shown(kata.specs) for kata in self.all],
            "katas": str(self.katas),
            "folders": {name: str(folder) for name, folder in self.folders.items()},
            "options": [*(["-x"] if self.stop else ["--continue-on-collection-errors"]), *limit],
            "judge": self.judge,
            "search": self.search,
        })


class Process(Protocol):
    """A process that runs specs.

    word:  is in every event, so that nothing else is mistaken for one
    lines: the events, a line each; they end when the process does
    pid:   its id
    """

    word: str
    lines: object
    pid: int

    def wait(self, seconds: float) -> int:
        """Its exit status, negative if a signal ended it; TimeoutError if it is still running."""

    def end(self) -> None:
        """End it and everything that it has started."""


Start = Callable[[Orders], Process]


class Cold:
    """A new Python process for one run."""

    def __init__(self, orders: Orders):
        adopt_orphans()
        self.word = secrets.token_hex(8)
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.runner.inside.child"], cwd=ROOT, env=environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True,  # to end all that the reader's code starts
        )
        self.pid, self.lines = self.child.pid, self.child.stdout
        with contextlib.suppress(BrokenPipeError):  # it ended at once; its silence will show that
            self.child.stdin.write(f"{orders.task(self.word)}\n".encode())
            self.child.stdin.close()

    def wait(self, seconds: float) -> int:
        try:
            return self.child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def end(self) -> None:
        end_group(self.pid, self.child)
        self.child.wait()
        end_children()


def environment() -> dict[str, str]:
    """The environment of a run: one thread for matrix products, and no settings for pytest."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return {**mine, **one_thread, RUNNING: "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def end_group(pid: int, child: subprocess.Popen | None = None) -> None:
    """End a process and all of its group."""
    if pid <= 1:  # 0 and 1 would mean our own group, and all processes
        raise ValueError(f"{pid} is no run's process")
    try:
        os.killpg(pid, signal.SIGKILL)
    except AttributeError:  # Windows
        child.kill()
    except ProcessLookupError:
        pass
