"""Runs one benchmark: measure, show the page, keep the numbers and the picture."""

import datetime
import os
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from benchmarks.harness import keeping, report, session, threads
from benchmarks.harness.declare import Bench, Ladder
from benchmarks.harness.machine import about_machine
from benchmarks.harness.results import SOLUTIONS, TWIN, YOUR
from tests.runner.lessons.catalog import SOLUTIONS as FOLDER_OF_SOLUTIONS
from tests.runner.screens.terminal import show
from tests.runner.lessons.loading import load, solutions


def run(file: str, bench: Bench) -> int:
    """Measure what a benchmark file declares; the exit status. Ctrl-C keeps what is finished."""
    lesson = Path(file).stem.removeprefix("bench_")
    kata = sys.modules.get(f"kata_{lesson}")
    whose = whose_is(kata)
    ladders = [with_twins(ladder, kata) for ladder in bench.ladders] if whose == YOUR else bench.ladders
    print(f"Measuring {whose} {bench.title}; Ctrl-C keeps what is finished.")
    largest = os.environ.get("BENCH_TOKENS", "")
    done = session.run(ladders, int(largest) if largest.isdigit() else None, threads.all_threads())
    if done.n_done < done.n_sizes:
        print(f"Stopped: {done.n_done} of {done.n_sizes} sizes are complete.")
    status = 130 if done.n_done < done.n_sizes else 0
    if not done.rows:
        show("\n".join(["No row could be measured.", *done.left_out]))
        return status or 1
    when = datetime.datetime.now()
    saved = {"date": f"{when:%Y-%m-%d %H:%M}", "title": bench.title, "whose": whose,
             "machine": about_machine(), "left_out": done.left_out, "compared": bench.compared,
             "notes": bench.notes, "rows": done.rows}
    found = keeping.read(saved)
    show(report.page(found, bench.page))
    if kata:
        figure = bench.figure and (lambda: bench.figure(found))
        print(keeping.keep(saved, lesson, figure, when))
        print("Beside the run before: make bench-compare")
    return status


def whose_is(kata: ModuleType | None) -> str:
    """Whose functions are measured, by the file that they were loaded from."""
    theirs = kata is None or Path(kata.__file__).is_relative_to(FOLDER_OF_SOLUTIONS)
    return SOLUTIONS if theirs else YOUR


def with_twins(ladder: Ladder, kata: ModuleType) -> Ladder:
    """The ladder with the solution's function beside each of the reader's, in the same turns."""
    rungs = {}
    for name, rung in ladder.rungs.items():
        rungs[name] = rung
        if getattr(rung.function, "__module__", "") == kata.__name__:
            theirs = load(kata.__name__, solutions)[kata.__name__]
            twin = getattr(theirs, rung.function.__name__, None)
            rungs |= {TWIN + name: replace(rung, function=twin)} if twin else {}
    return replace(ladder, rungs=rungs)
