"""The processes in which rungs are timed: one for one BLAS thread, one for all of them.

NumPy's BLAS reads from the environment how many threads to use, once, when it is loaded. So
each number of threads has a process of its own, and the two take turns: while one measures,
the other waits.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time

from benchmarks import threads
from benchmarks.rungs import FAST, TORCH
from tests.runner.lessons import ROOT

HARD_LIMIT = 12.0  # seconds for an answer, whatever was expected
START_LIMIT = 60.0  # seconds for the first answer: importing PyTorch takes a while
QUIET = 0.04  # seconds: so long the threads of a BLAS may still turn in place, waiting for more


class NoAnswerError(Exception):
    """A row that has no number, with a sentence about the reason."""


class Lab:
    """Both processes, each started when it is first needed."""

    def __init__(self, whose: str, n_threads: int):
        self.children = {count: _Child(whose, count) for count in {1, n_threads}}
        self.restless = None  # what may still turn in place

    def __enter__(self) -> "Lab":
        return self

    def __exit__(self, *problem) -> None:
        for child in self.children.values():
            child.end()

    def about(self) -> dict:
        """Which rungs there are, and what the numbers depend on."""
        return self.children[1].ask(do="about")

    def peak(self, n_threads: int) -> float:
        """Operations per second in a matrix product with so many threads."""
        self._settle(("BLAS", n_threads))
        return self.children[n_threads].ask(do="peak")["flops"]

    def seconds(self, rung: str, tokens: int, n_threads: int) -> float:
        """The time of a call."""
        self._settle((TORCH if rung == TORCH else "BLAS", _blas_threads(rung, n_threads)))
        return self._ask("time", rung, tokens, n_threads)["seconds"]

    def peak_bytes(self, rung: str, tokens: int, n_threads: int) -> int:
        """The most memory that a call holds at once."""
        return self._ask("memory", rung, tokens, n_threads)["bytes"]

    def _ask(self, what: str, rung: str, tokens: int, n_threads: int) -> dict:
        child = self.children[_blas_threads(rung, n_threads)]
        return child.ask(do=what, rung=rung, tokens=tokens, workers=n_threads)

    def _settle(self, busy: tuple[str, int]) -> None:
        """Threads of another library or process must have gone to sleep before anything is timed."""
        if self.restless not in (None, busy):
            time.sleep(QUIET)
        self.restless = busy if busy[1] > 1 else None


def _blas_threads(rung: str, n_threads: int) -> int:
    """The fast version brings threads of its own; all others leave them to their library."""
    return 1 if rung == FAST else n_threads


class _Child:
    """A process with a fixed number of BLAS threads. One that hangs is ended, and started anew when needed."""

    def __init__(self, whose: str, n_threads: int):
        self.command = [sys.executable, "-m", "benchmarks.bench_child", whose]
        self.environment = {**os.environ, **dict.fromkeys(threads.NAMES, str(n_threads))}
        self.process: subprocess.Popen | None = None
        self.answers: queue.SimpleQueue = queue.SimpleQueue()

    def ask(self, **order) -> dict:
        """Give an order and wait for the answer; NoAnswerError where there is none."""
        if self.process is None:
            self._start()
        answer = self._answer(order, HARD_LIMIT)
        if "error" in answer:
            raise NoAnswerError(f"raised {answer['error']}")
        return answer

    def _start(self) -> None:
        self.answers = queue.SimpleQueue()
        # Ctrl-C is for us: we then end the child. In a session of its own it does not hear it.
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8", start_new_session=True)
        self.listener = threading.Thread(target=_listen, args=(self.process.stdout, self.answers), daemon=True)
        self.listener.start()
        self._answer({"do": "about"}, START_LIMIT)

    def _answer(self, order: dict, limit: float) -> dict:
        try:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
            answer = self.answers.get(timeout=limit)
        except queue.Empty:
            self.end()
            raise NoAnswerError(f"was stopped after {limit:g} seconds") from None
        except BrokenPipeError:
            answer = None
        if answer is None:
            self.end()
            raise NoAnswerError("ended its process")
        return answer

    def end(self) -> None:
        """End the process, whatever it is doing."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        self.listener.join()
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # what was still to be written has no reader any more
                stream.close()
        self.process = None


def _listen(stream, answers: queue.SimpleQueue) -> None:
    """Pass on each line as an answer, and None at the end."""
    for line in stream:
        answers.put(json.loads(line))
    answers.put(None)
