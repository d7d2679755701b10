"""The benchmarks run, and say what they measured. No time decides whether a test passes."""

import json
import runpy

import numpy as np
import pytest
from rich.console import Group
from rich.text import Text

from benchmarks import bench_runner, report, report_heads
from benchmarks.pace import LIMIT, Pace
from benchmarks.progress import Steps
from benchmarks.trial import BARE, KNOWN, PROGRESS, RUNNER, SOLVED, STUB, UNKNOWN, WATCH, Trial
from tests.runner.lessons.catalog import ROOT
from tests.runner.lessons.loading import loading_from, solutions
from tests.runner.screens.terminal import plain


def test_the_slope_is_the_exponent_at_the_large_end():
    assert report.slope([(1, 9.0), (2, 9.0), (4, 48.0), (8, 192.0), (16, 768.0)]) == pytest.approx(2.0)
    assert report.slope([(16, 1.0)]) is None


def test_a_row_that_would_take_too_long_is_left_out_with_its_reason():
    pace = Pace()
    pace.timed["loop"] = 128, LIMIT / 2
    with pytest.raises(pytest.skip.Exception, match="128 took 2.50 s, so these would take about 10.0 s"):
        pace.measure(_Fixture(), "loop", 256, lambda: None)
    with pytest.raises(pytest.skip.Exception):  # and so are all that follow
        pace.measure(_Fixture(), "loop", 512, lambda: None)


class _Fixture:
    """Stands for pytest-benchmark's fixture where nothing is measured."""

    has_error = False


def saved_heads(many_tokens=(62e-3, 136e-3), many_heads=(1.09e-3, 230e-6)):
    """A made-up run of bench_03, in the form that pytest-benchmark saves. (seconds of the loop, of batched), at 1,024 tokens and with 96 heads."""
    times = {(16, 1): (62e-6, 64e-6), (16, 12): (174e-6, 84e-6), (16, 96): many_heads,
             (4, 12): (123e-6, 34e-6), (1024, 12): many_tokens}
    rows = [{"params": {"rung": rung, "tokens": tokens, "heads": heads}, "stats": {"median": seconds},
             "extra_info": {"peak_bytes": {"loop": 1200, "batched": 1000 * heads}[rung] * tokens}}
            for (tokens, heads), both in times.items() for rung, seconds in zip(("loop", "batched"), both)]
    return {
        "machine_info": {"python": "3.12.1", "numpy": "2.1.0", "blas": "openblas", "cores": 2, "system": "Linux"},
        "about": {"whose": "your", "d": 192, "dtype": "float32", "rungs": ["loop", "batched"],
                  "threads": "1", "left_out": []},
        "benchmarks": rows,
    }


def test_the_page_of_a_run_over_heads_is_a_function_of_what_was_saved(golden):
    golden("bench_heads", plain(report_heads.page(report.read(saved_heads()), tokens=16, heads=12)))


def test_heads_that_are_a_loop_are_told_so_and_even_ones_are_not_called_slow():
    results = report.read(saved_heads(many_tokens=(62e-3, 60e-3), many_heads=(1.09e-3, 1.1e-3)))
    page = " ".join(plain(report_heads.page(results, tokens=16, heads=12)).split())
    assert "Does your multi_head_attention go through a loop" in page
    assert "from 3.6 at 4 tokens to 1.0 at 1,024" in page and "the faster one" not in page


def test_the_figure_over_heads_has_a_panel_for_each_table_and_one_for_memory(tmp_path):
    results = report.read(saved_heads(many_tokens=(62e-3, 63e-3)))
    figure = report_heads.figure(results, tokens=16, heads=12)
    figure.savefig(tmp_path / "picture.png")
    assert [axes.get_xlabel() for axes in figure.axes] == ["heads", "tokens", "tokens"]
    for axes in figure.axes:
        assert [text.get_text().splitlines()[0] for text in axes.texts] == ["loop", "batched"]
        boxes = [text.get_window_extent() for text in axes.texts]
        assert not boxes[0].overlaps(boxes[1])
        assert sum(bool(tick.get_text()) for tick in axes.get_yticklabels()) >= 2


def test_bench_03_measures_the_solution_while_the_kata_is_a_stub(project):
    status, screen = project.make("bench", "03", BENCH_TOKENS="8")
    assert status == 0, screen
    assert "The solution's 12 heads, d_model = 192, float32" in screen and "\x1b" not in screen
    folder = project.root / ".kata-benchmarks"
    results = report.read(json.loads((folder / "03_multi_head.json").read_text(encoding="utf-8")))
    assert [(row.tokens, row.heads, row.rung) for row in results.rows] == [
        (4, 12, "loop"), (4, 12, "batched"), (8, 12, "loop"), (8, 12, "batched")]
    assert (folder / "03_multi_head.png").read_bytes().startswith(b"\x89PNG")


def test_the_loop_of_bench_03_computes_what_multi_head_attention_does():
    with loading_from(solutions):
        rungs = runpy.run_path(str(ROOT / "benchmarks" / "bench_03_multi_head.py"))["RUNGS"]
    rng = np.random.default_rng(0)
    x, matrices = rng.normal(size=(5, 12)), rng.normal(size=(4, 12, 12))
    np.testing.assert_allclose(*(rung(x, *matrices, 3) for rung in rungs.values()))


def test_bench_runner_times_both_sides_and_the_diagnosis(tmp_path):
    trial = Trial(tmp_path)
    trial.sides = trial.sides[:2]  # the third is the second through make
    measured = bench_runner.Measured([side.name for side in trial.sides], replays=True)
    with Steps() as steps:
        bench_runner.measure(measured, trial, steps, rounds=1, states=(SOLVED, KNOWN), warm_up=False)
    trial.close()
    sides = (BARE, RUNNER, WATCH, PROGRESS)
    assert set(measured.runs) == {(state, side) for state in (SOLVED, KNOWN) for side in sides}
    for (state, side), seconds in measured.runs.items():  # a verdict that was there before the save would be quicker
        assert seconds[0] > 0.02, (state, side)
    assert measured.judged[KNOWN][0] > 0


def test_the_page_of_bench_runner_sets_targets_beside_what_was_measured(golden):
    measured = bench_runner.Measured([BARE, RUNNER, "make kata-01"], replays=True)
    for state, ours in ((STUB, 0.5), (SOLVED, 0.4), (KNOWN, 0.55), (UNKNOWN, 0.6)):
        for side, seconds in zip(measured.sides, (0.44, ours - 0.01, ours)):
            measured.runs[state, side] = [seconds, seconds, 9.9]
        measured.runs[state, WATCH], measured.runs[state, PROGRESS] = [0.2 * ours], [4 * ours]
    measured.judged = {KNOWN: [0.027, 0.031, 0.2], UNKNOWN: [0.071]}
    measured.named = {KNOWN: ["forgets_the_scale"], UNKNOWN: []}
    without = bench_runner.Measured([BARE, RUNNER], replays=False, runs={(STUB, BARE): [1.0], (STUB, RUNNER): [1.0]})
    golden("bench_runner", plain(Group(bench_runner.page(measured), Text("-" * 80), bench_runner.page(without))))
