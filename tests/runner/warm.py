"""Runs that start at once: a process is kept warm, and each run is a copy of it."""

import os
import secrets
import signal
import socket
import subprocess
import sys

from tests.runner.lessons import ROOT
from tests.runner.start import Orders, end_group, environment

# A copy of a process that has loaded Apple's frameworks may crash, so runs on macOS start cold.
CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"
START = 60.0  # seconds until the process is warm, on a slow disk


class Warm:
    """The process that is kept warm. Its runs follow each other, one at a time."""

    def __init__(self):
        self.line, theirs = socket.socketpair()
        self.line.settimeout(START)
        self.server = subprocess.Popen(
            [sys.executable, "-m", "tests.runner.server"], cwd=ROOT, env=environment(),
            stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        theirs.close()
        self.answers = self.line.makefile("r", encoding="ascii")
        self.ready = False

    def start(self, orders: Orders) -> "Copy":
        """Start a run, once the process is warm. Raises OSError or ValueError where it has ended."""
        if not self.ready:
            self.ready = self.answers.readline() == "ready\n"
        return Copy(orders, self)

    def answer(self, kind: str) -> int:
        """The next number that the process tells. Raises ValueError where it is of another kind, or none comes."""
        told, _, number = self.answers.readline().partition(" ")
        if told != kind:
            raise ValueError(f"{told!r} instead of {kind!r}")
        return int(number)

    def close(self) -> None:
        """End the process, and whatever runs in it."""
        self.answers.close()
        self.line.close()
        self.server.kill()
        self.server.wait()


class Copy:
    """One run, in a copy of the warm process."""

    def __init__(self, orders: Orders, warm: Warm):
        self.word, self.warm = secrets.token_hex(8), warm
        self.status: int | None = None
        events, theirs = os.pipe()
        self.lines = os.fdopen(events, encoding="utf-8", errors="replace")
        try:
            socket.send_fds(warm.line, [orders.task(self.word).encode()], [theirs])
        finally:
            os.close(theirs)
        self.pid = warm.answer("pid")

    def wait(self, seconds: float) -> int:
        if self.status is None:
            self.warm.line.settimeout(seconds)
            try:
                self.status = self.warm.answer("status")
            except ValueError:  # the warm process has ended, and this one with it
                self.status = -signal.SIGKILL
        return self.status

    def end(self) -> None:
        if self.status is None:
            end_group(self.pid)
            self.wait(START)
