"""A terminal for tests: type keys, wait for words on the screen."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")  # colours and cursor movements


class Terminal:
    """A command of the project at a pseudo-terminal with 80 columns and a given number of lines."""

    def __init__(self, project, *words: str, lines: int = 48, **variables: str):
        self.master, slave = pty.openpty()
        quiet = {name: value for name, value in os.environ.items()
                 if name not in ("MAKELEVEL", "BORROW")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.runner", *words], cwd=project.root, stdin=slave,
            stdout=slave, stderr=slave,
            env={**quiet, "COLUMNS": "80", "LINES": str(lines), "TERM": "xterm", **variables},
            start_new_session=True)
        os.close(slave)
        self.seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.master)

    def type(self, keys: str) -> None:
        self.forget()
        os.write(self.master, keys.encode())

    def wait_for(self, words: str, seconds: float = 20) -> str:
        """Wait until the screen has these words; return all that was written since the last key."""
        end = time.monotonic() + seconds
        while words not in self.seen:
            left = end - time.monotonic()
            assert left > 0, f"{words!r} does not appear in\n{self.seen}"
            if not select.select([self.master], [], [], min(left, 0.2))[0]:
                assert self.process.poll() is None, f"ended, with\n{self.seen}"
                continue
            try:
                read = os.read(self.master, 65536).decode("utf-8", "replace")
            except OSError:  # the other end is closed
                read = ""
                assert words in self.seen, f"ended, with\n{self.seen}"
            self.seen += CODES.sub("", read).replace("\r", "")
        return self.seen

    def forget(self) -> None:
        """Let the next wait skip what is on the screen now."""
        while select.select([self.master], [], [], 0)[0]:
            os.read(self.master, 65536)
        self.seen = ""

    def ends(self, seconds: float = 10) -> int:
        return self.process.wait(seconds)
