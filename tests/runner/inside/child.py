"""The process in which specs run: pytest with our plugin, which reports every event to its parent.

Started by `running`, which writes the orders to our standard input as JSON: the spec files,
pytest's options and the folders of the kata modules. Events go to the parent as lines of
JSON, through what was our standard output; no print can write there.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn, TextIO

import pytest

from tests.runner.inside.plugin import KataPlugin
from tests.runner.running.processes import end_with_parent
from tests.runner.specs.record import SpecRecord

# The project's settings only, whatever other settings files there are.
ALONE = ["-c", "pyproject.toml", "--rootdir", ".", "--noconftest"]
# Only what a run needs: each plugin of pytest's costs a millisecond or more, and so does a summary
# that is not read. Installed plugins are not loaded, see `cold.environment`.
NOT_NEEDED = ("cacheprovider", "doctest", "junitxml", "legacypath", "logging",
              "pastebin", "setuponly", "setupplan", "stepwise", "threadexception", "unittest",
              "unraisableexception")
LEAN = ["-p", "pytest_timeout", *(word for name in NOT_NEEDED for word in ("-p", f"no:{name}")),
        "--no-summary"]
QUIET = ["-q", "-s"]  # our plugin captures prints


def main() -> None:
    """Run the specs, and end this process when all is reported."""
    end_with_parent()
    orders = json.loads(sys.stdin.readline())
    run_specs(orders, os.fdopen(os.dup(1), "w", encoding="utf-8"))


def run_specs(orders: dict, events: TextIO, plugins: Sequence[object] = ()) -> NoReturn:
    """Run specs as ordered, write each event as a line of JSON, and end this process."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # from here on prints go nowhere, and input is empty
        os.dup2(nowhere, stream)

    def tell(kind: str, what: object) -> None:
        told = asdict(what) if isinstance(what, SpecRecord) else what
        events.write(json.dumps([orders["word"], kind, told]) + "\n")
        events.flush()

    if hasattr(os, "register_at_fork"):  # a copy of this process would continue with the specs
        os.register_at_fork(after_in_child=lambda: os._exit(1))
    folders = {name: Path(folder) for name, folder in orders["folders"].items()}
    katas = Path(orders["katas"])
    plugin = KataPlugin(lambda name: folders.get(name, katas), tell, supervised=True,
                        judging=orders["judge"], searching=orders["search"])
    options = [*ALONE, *LEAN, *QUIET, *orders["options"], *orders["specs"]]
    status = pytest.main(options, plugins=[plugin, _Problems(tell), *plugins])
    tell("end", int(status))
    os._exit(0)  # threads that the reader's code has started end here


class _Problems:
    """Reports spec files that cannot be collected."""

    def __init__(self, tell):
        self.tell = tell

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            said = [line[1:].strip() for line in str(report.longrepr).splitlines()
                    if line.startswith("E ")]
            self.tell("broken", (report.nodeid, said[-1] if said else ""))


if __name__ == "__main__":
    main()
