"""Ensures that a run leaves no process behind, on systems that allow it (Linux)."""

import ctypes
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

SET_PDEATHSIG, SET_CHILD_SUBREAPER = 1, 36  # prctl(2)
LOOK = 1.0  # seconds between checks for the parent, if the system sends no signal


def adopt_orphans() -> None:
    """Become the parent of processes that our children leave behind, so that they can be found."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1)


def end_children() -> None:
    """End all processes whose parent we are, and then their children."""
    if sys.platform != "linux":
        return
    for _ in range(50):  # each round ends one generation
        children = [pid for pid, parent in _processes() if parent == os.getpid()]
        if not children:
            return
        for pid in children:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def end_with_parent() -> None:
    """End this process when its parent ends, for any reason."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PDEATHSIG, signal.SIGKILL)
    elif hasattr(os, "fork"):
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)


def _processes():
    """The id of every process, and of its parent."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            text = stat.read_text(encoding="utf-8", errors="replace")
            after_name = text.rpartition(")")[2].split()
            yield int(stat.parent.name), int(after_name[1])
