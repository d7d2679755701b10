"""A process that answers orders, one after the other, and may hang or end without harm to us.

Orders and answers are JSON, a line each. `Worker` is our side of it, `serve` the process's.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable

from tests.runner.lessons.catalog import ROOT
from tests.runner.running.processes import end_with_parent

HARD_LIMIT = 12.0  # seconds for an answer, whatever was expected
START_LIMIT = 60.0  # seconds for the first answer: importing PyTorch takes a while


class NoAnswerError(Exception):
    """An order that was not carried out, with a sentence about the reason."""


class Worker:
    """Our side: starts the process when it is first needed. One that hangs is ended, and started anew when needed."""

    def __init__(self, words: list[str], environment: dict[str, str]):
        self.command, self.environment = [sys.executable, *words], environment
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
        # Ctrl-C is for us: we then end the process. In a session of its own it does not hear it.
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


def serve(make: Callable[[], object]) -> None:
    """The process's side: carry out each order by the method of that name, until there are no more.

    make: what has the methods. Whatever it prints goes nowhere.
    """
    end_with_parent()
    orders, answers = _aside(0, "r"), _aside(1, "w")
    able, failed = None, ""
    try:
        able = make()
    except BaseException as problem:  # noqa: BLE001 - each order is answered with it
        failed = _sentence(problem)
    for line in orders:
        order = json.loads(line)
        try:
            answer = {"error": failed} if failed else getattr(able, order.pop("do"))(**order)
        except BaseException as problem:  # noqa: BLE001 - it may be the reader's code that raised
            answer = {"error": _sentence(problem)}
        print(json.dumps(answer), file=answers, flush=True)


def _aside(descriptor: int, mode: str):
    """Keep the stream for us; whoever reads or prints from now on meets nothing."""
    kept = os.fdopen(os.dup(descriptor), mode, encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, descriptor)
    return kept


def _sentence(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}".rstrip(": ")
