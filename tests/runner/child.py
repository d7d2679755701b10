"""The process in which specs run: pytest with our plugin, which tells its parent of every event.

Called by `supervise`, with what to do as JSON: the spec file, pytest's options and
the folders of the kata modules. Events go to the parent as lines of JSON, through
what was our standard output; nothing else can write there.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.runner.plugin import KataPlugin
from tests.runner.records import SpecRecord

QUIET = ["-p", "no:cacheprovider", "-p", "no:benchmark", "-q"]


def main(orders: dict) -> None:
    """Run the specs, and end this process when all is told."""
    events = _private_output()

    def tell(kind: str, what: object) -> None:
        events.write(json.dumps([kind, asdict(what) if isinstance(what, SpecRecord) else what]) + "\n")
        events.flush()

    folders = {name: Path(folder) for name, folder in orders["folders"].items()}
    katas = Path(orders["katas"])
    plugin = KataPlugin(lambda name: folders.get(name, katas), tell, supervised=True)
    status = pytest.main([*QUIET, *orders["options"], orders["specs"]], plugins=[plugin, _Problems(tell)])
    tell("end", int(status))
    os._exit(0)  # whatever threads the reader's code has started end here


class _Problems:
    """Tells of spec files that cannot be collected."""

    def __init__(self, tell):
        self.tell = tell

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            said = [line[1:].strip() for line in str(report.longrepr).splitlines() if line.startswith("E ")]
            self.tell("broken", said[-1] if said else "")


def _private_output():
    """Our standard output, kept for events: prints go nowhere from here on."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return events


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
