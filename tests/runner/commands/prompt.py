"""`make try-01`: a Python prompt with the arguments of the red call."""

import json
import signal
import subprocess
import sys

from tests.runner.lessons.catalog import ROOT, Kata
from tests.runner.reader.borrowing import orders
from tests.runner.running.cold import environment


def prompt(which: Kata) -> int:
    """Open the prompt, on this terminal, in a process of its own."""
    lent = {name: str(folder) for name, folder in orders(which).folders.items()}
    task = json.dumps({"kata": which.name, "folders": lent})
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the prompt's
    try:
        return subprocess.call([sys.executable, "-m", "tests.runner.inside.prompt", task],
                               cwd=ROOT, env=environment())
    finally:
        signal.signal(signal.SIGINT, before)
