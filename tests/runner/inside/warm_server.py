"""A process that is kept ready: it imports everything once, and each run is a copy of it (fork).

Started by `warm`. Each message on standard input, a socket, has the orders of a run and the
run's own socket: its events go there, and a byte comes from it when the specs may
begin, so that a copy can be made ready in advance. The answers are the id of the copy,
and its status when it has ended.
"""

import gc
import importlib
import json
import os
import socket
import sys
from typing import NoReturn

import pytest

from tests.runner.running.processes import adopt_orphans, end_children, end_with_parent

LONGEST_ORDERS = 2**20


def main() -> None:
    """Serve until the process that started this one closes the socket, or ends."""
    end_with_parent()
    adopt_orphans()
    _warm_up()
    line = socket.socket(fileno=os.dup(0))
    line.sendall(b"ready\n")
    while True:
        orders, files, _, _ = socket.recv_fds(line, LONGEST_ORDERS, 1)
        if not orders:
            return
        pid = os.fork()
        if pid == 0:
            _become_a_run(json.loads(orders), files[0])
        os.close(files[0])
        os.setpgid(pid, pid)  # so that all that the reader's code starts can be ended with it
        line.sendall(f"pid {pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        end_children()  # everything that the reader's code has started
        line.sendall(f"status {os.waitstatus_to_exitcode(status)}\n".encode())


def _warm_up() -> None:
    """Import what every run needs, and exclude it from later garbage collections."""
    from _pytest.config import default_plugins

    from tests.runner.diagnosis import further  # noqa: F401
    from tests.runner.diagnosis.random_calls import tables
    from tests.runner.diagnosis.workshop import workshop
    from tests.runner.inside import child, plugin  # noqa: F401
    from tests.runner.lessons.catalog import all_katas
    for name in default_plugins:
        importlib.import_module(f"_pytest.{name}")
    importlib.import_module("pytest_timeout")
    importlib.import_module("numpy.testing")
    for kata in all_katas():  # the solutions and mistakes of every lesson, for the diagnosis
        known = workshop(kata)
        for made in known.mistakes_in(kata.functions):
            made.wrong  # compiled once, before the copies
    tables()
    gc.collect()
    gc.freeze()


def _become_a_run(orders: dict, its_socket: int) -> NoReturn:
    from tests.runner.inside.child import run_specs

    end_with_parent()
    run_specs(orders, os.fdopen(its_socket, "w", encoding="utf-8"), [_Ready(its_socket)])


class _Ready:
    """Holds pytest, after it has collected the specs, until a byte comes."""

    def __init__(self, its_socket: int):
        self.socket = its_socket

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        if not os.read(self.socket, 1):
            os._exit(1)  # the run is no longer wanted


if __name__ == "__main__":
    main()
    sys.exit()
