"""`make bench-runner` runs, and says what it measured. No time decides whether a test passes."""

import pytest
from rich.console import Group
from rich.text import Text

from benchmarks import bench_runner
from benchmarks.harness.progress import Steps
from benchmarks.trial import (
    BARE,
    DIAGNOSIS,
    KNOWN,
    MAKE,
    PLACE,
    PROGRESS,
    RUNNER,
    SOLVED,
    STUB,
    UNKNOWN,
    WATCH,
    Trial,
)
from tests.runner.screens.terminal import plain


@pytest.mark.slow
def test_bench_runner_times_both_sides_and_the_diagnosis(tmp_path):
    trial, measured = Trial(tmp_path), bench_runner.Measured()
    trial.sides = trial.sides[:2]  # the third is the second through make
    with Steps() as steps:
        bench_runner.measure(measured, trial, steps, 1, (SOLVED, KNOWN), warm_up=False)
    trial.close()
    sides = (BARE, RUNNER, WATCH, PROGRESS)
    expected = {(state, side) for state in (SOLVED, KNOWN) for side in sides}
    assert set(measured.seconds) == expected | {(KNOWN, DIAGNOSIS), (KNOWN, PLACE)}
    # A verdict that was there before the save would be quicker.
    assert all(seconds[0] > 0.02 for (_, what), seconds in measured.seconds.items()
               if what not in (DIAGNOSIS, PLACE))
    assert measured.seconds[KNOWN, DIAGNOSIS][0] > 0 and measured.named[KNOWN]
    assert measured.seconds[KNOWN, PLACE][0] > 0


def made_up(states, with_make=True):
    measured = bench_runner.Measured()
    for state, ours in states.items():
        for what, seconds in {BARE: 0.44, RUNNER: ours - 0.01, MAKE: ours, WATCH: 0.2 * ours,
                              PROGRESS: 4 * ours}.items():
            if what != MAKE or with_make:
                measured.seconds[state, what] = [seconds, seconds, 9.9]
    return measured


def test_the_page_of_bench_runner(golden):
    measured = made_up({STUB: 0.5, SOLVED: 0.4, KNOWN: 0.55, UNKNOWN: 1.1})
    measured.seconds[KNOWN, DIAGNOSIS] = [0.027, 0.031, 0.2]
    measured.seconds[UNKNOWN, DIAGNOSIS] = [0.071]
    measured.seconds[KNOWN, PLACE], measured.seconds[UNKNOWN, PLACE] = [0.07], [0.52]
    measured.named = {KNOWN: ["forgets_the_scale"], UNKNOWN: []}
    without = made_up({STUB: 1.0}, with_make=False)
    pages = [bench_runner.page(measured), Text("-" * 80), bench_runner.page(without)]
    golden("bench_runner", plain(Group(*pages)))
