"""Lesson 1: what attention costs, from Python loops to PyTorch.

`make bench-01` runs it on your functions once your kata is green, else on the
solution's. Each rung of the ladder is one way to compute the same attention
(benchmarks/rungs.py); a row is one rung at one number of tokens. How to read it:
benchmarks/README.md.
"""

import datetime
import os
import sys
from pathlib import Path

import kata_01_attention

from benchmarks import history, ladder, threads
from benchmarks.keeping import keep
from benchmarks.lab import Lab
from benchmarks.machine import cores
from benchmarks.progress import Steps
from tests.runner.lessons.catalog import SOLUTIONS


def whose() -> str:
    """Whose functions are measured, by the file that they were loaded from."""
    theirs = Path(kata_01_attention.__file__).is_relative_to(SOLUTIONS)
    return "the solution's" if theirs else "your"


def sizes() -> list[int]:
    """The numbers of tokens; BENCH_TOKENS=1024 stops there, BENCH_TOKENS=8192 goes on to there."""
    wanted = os.environ.get("BENCH_TOKENS")
    largest = int(wanted) if wanted else ladder.SIZES[-1]
    return [tokens for tokens in ladder.SIZES + ladder.LARGER if tokens <= largest] or [ladder.SIZES[0]]


def main() -> int:
    """Measure every row, then show the tables and save the picture."""
    n_threads = int(os.environ.get(threads.NAMES[0]) or cores())
    wanted, found = sizes(), None
    print(f"Measuring {whose()} attention; Ctrl-C keeps what is finished.")
    try:
        with Lab(whose(), n_threads) as lab, Steps() as steps:
            found = ladder.Climb(whose(), lab.about())
            ladder.climb(found, lab, wanted, n_threads, steps)
    except KeyboardInterrupt:
        done = len({tokens for tokens, *_ in found.rows}) if found else 0
        print(f"Stopped: {done} of {len(wanted)} numbers of tokens are complete.")
        if not done:
            return 130
        return _show(found, 130)
    return _show(found, 0)


def _show(found: ladder.Climb, status: int) -> int:
    """Show the run, and keep it with its picture."""
    from benchmarks import ladder_picture, ladder_report
    from tests.runner.screens.terminal import show

    if not found.rows:
        show("\n".join(["No row could be measured.", *found.left_out]))
        return 1
    file, run = history.dated(found.saved(), datetime.datetime.now())
    show(ladder_report.page(run))
    print(keep(run, file, file.parent.with_suffix(".png"), lambda: ladder_picture.figure(run)))
    print("Beside the run before: make bench-compare")
    return status


if __name__ == "__main__":
    sys.exit(main())
