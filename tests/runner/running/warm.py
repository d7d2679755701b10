"""Runs that start at once: a process is kept ready, and each run is a copy of it.

The copy for the next run can be made while the reader still types: it has collected its
specs when they are asked for, and nothing of the reader's is loaded before that.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys

from tests.runner import limits
from tests.runner.lessons.catalog import ROOT
from tests.runner.running.cold import Orders, end_group, environment

# A copy of a process with Apple's frameworks loaded may crash, so runs on macOS start cold.
CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"


class Warm:
    """The process that is kept ready. Its runs follow each other, one at a time."""

    ready: "Copy | None" = None  # for the next run

    def __init__(self):
        self.line, theirs = socket.socketpair()
        self.line.settimeout(limits.START)
        self.server = subprocess.Popen(
            [sys.executable, "-m", "tests.runner.inside.warm_server"], cwd=ROOT, env=environment(),
            stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        theirs.close()
        self.answers = self.line.makefile("r", encoding="ascii")
        self.warm = False

    def start(self, orders: Orders) -> "Copy":
        """Start a run, once the process is ready. Raises OSError or ValueError if it has ended."""
        self.prepare(orders)
        copy, self.ready = self.ready, None
        copy.begin()
        return copy

    def prepare(self, orders: Orders) -> None:
        """Make the copy for a run that is likely to come. Raises the same as `start`."""
        if not self.warm:
            self.warm = self.answers.readline() == "ready\n"
        if self.ready and self.ready.made_for != _with_stamps(orders):
            self.ready.end()
            self.ready = None
        self.ready = self.ready or Copy(orders, self)

    def answer(self, kind: str) -> int:
        """The next number from the process; ValueError if it is another kind, or none comes."""
        told, _, number = self.answers.readline().partition(" ")
        if told != kind:
            raise ValueError(f"{told!r} instead of {kind!r}")
        return int(number)

    def close(self) -> None:
        """End the process, and everything that runs or waits in it."""
        if self.ready:
            self.ready.socket.close()
        self.answers.close()
        self.line.close()
        self.server.kill()
        self.server.wait()


class Copy:
    """One run, in a copy of the warm process. It waits with its specs until they may begin."""

    def __init__(self, orders: Orders, warm: Warm):
        self.word, self.warm = secrets.token_hex(8), warm
        self.made_for = _with_stamps(orders)
        self.status: int | None = None
        self.socket, theirs = socket.socketpair()
        self.lines = self.socket.makefile("r", encoding="utf-8", errors="replace")
        try:
            socket.send_fds(warm.line, [orders.task(self.word).encode()], [theirs.fileno()])
        finally:
            theirs.close()
        self.pid = warm.answer("pid")

    def begin(self) -> None:
        """Let the specs begin."""
        self.socket.sendall(b"!")

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
            self.wait(limits.START)
        self.socket.close()  # the events that came before can still be read


def _with_stamps(orders: Orders) -> tuple:
    """Orders, with stamps that show whether their specs have changed since."""
    stamps = [file.stat() for kata in orders.all if (file := kata.specs).is_file()]
    return orders, [(stamp.st_mtime_ns, stamp.st_size) for stamp in stamps]
