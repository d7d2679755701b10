"""Has every pair compared in a process of its own, and stays standing whatever that process does."""

import time
from dataclasses import dataclass

from benchmarks.compare.row import Row
from benchmarks.worker import NoAnswerError, Worker
from tests.runner.running.cold import environment

LONGEST = 120.0  # seconds for all pairs together; they take two or three


@dataclass(frozen=True)
class Compared:
    """The rows, and a sentence about what they were made with."""

    rows: list[Row]
    about: str


def compared(green: list[str], longest: float = LONGEST) -> Compared:
    """Compare every pair: the reader's functions of these katas, the solution's of all others.

    NoAnswerError where PyTorch does not work at all.
    """
    worker = Worker(["-m", "benchmarks.compare.child", *green], environment())
    try:
        about = worker.ask(do="about")
        end = time.monotonic() + longest
        rows = []
        for number, pair in enumerate(about["pairs"]):
            if time.monotonic() > end:
                rows.append(Row(**pair, said=f"was not called: the others had taken {longest:g} seconds"))
            else:
                rows.append(_row(worker, number, pair))
    finally:
        worker.end()
    return Compared(rows, f"Random numbers with seed {about['seed']}; {about['versions']}.")


def _row(worker: Worker, number: int, pair: dict) -> Row:
    try:
        return Row(**worker.ask(do="row", number=number))
    except NoAnswerError as problem:
        return Row(**pair, said=str(problem))
