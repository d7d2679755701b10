"""`make bench-runner` runs, and says what it measured. No time decides whether a test passes."""

from rich.console import Group
from rich.text import Text

from benchmarks import bench_runner
from benchmarks.harness.progress import Steps
from benchmarks.trial import BARE, KNOWN, PROGRESS, RUNNER, SOLVED, STUB, UNKNOWN, WATCH, Trial
from tests.runner.screens.terminal import plain


def test_bench_runner_times_both_sides_and_the_diagnosis(tmp_path):
    trial = Trial(tmp_path)
    trial.sides = trial.sides[:2]  # the third is the second through make
    measured = bench_runner.Measured([side.name for side in trial.sides], replays=True)
    with Steps() as steps:
        bench_runner.measure(
            measured, trial, steps, rounds=1, states=(SOLVED, KNOWN), warm_up=False
        )
    trial.close()
    sides = (BARE, RUNNER, WATCH, PROGRESS)
    assert set(measured.runs) == {(state, side) for state in (SOLVED, KNOWN) for side in sides}
    # A verdict that was there before the save would be quicker.
    for (state, side), seconds in measured.runs.items():
        assert seconds[0] > 0.02, (state, side)
    assert measured.judged[KNOWN][0] > 0


def test_the_page_of_bench_runner(golden):
    measured = bench_runner.Measured([BARE, RUNNER, "make kata-01"], replays=True)
    for state, ours in ((STUB, 0.5), (SOLVED, 0.4), (KNOWN, 0.55), (UNKNOWN, 0.6)):
        for side, seconds in zip(measured.sides, (0.44, ours - 0.01, ours)):
            measured.runs[state, side] = [seconds, seconds, 9.9]
        measured.runs[state, WATCH], measured.runs[state, PROGRESS] = [0.2 * ours], [4 * ours]
    measured.judged = {KNOWN: [0.027, 0.031, 0.2], UNKNOWN: [0.071]}
    measured.named = {KNOWN: ["forgets_the_scale"], UNKNOWN: []}
    without = bench_runner.Measured(
        [BARE, RUNNER], replays=False, runs={(STUB, BARE): [1.0], (STUB, RUNNER): [1.0]}
    )
    golden(
        "bench_runner",
        plain(Group(bench_runner.page(measured), Text("-" * 80), bench_runner.page(without))),
    )
