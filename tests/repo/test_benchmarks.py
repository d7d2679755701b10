"""The benchmarks run, and say what they measured. No time decides whether a test passes."""

import json
import runpy

import numpy as np
import pytest
from rich.console import Group
from rich.text import Text

from benchmarks import bench_runner, picture, report, report_heads
from benchmarks.pace import LIMIT, Pace
from benchmarks.progress import Steps
from benchmarks.trial import BARE, KNOWN, PROGRESS, RUNNER, SOLVED, STUB, UNKNOWN, WATCH, Trial
from tests.runner.lessons import ROOT
from tests.runner.screen import plain
from tests.runner.source import loading_from, solutions

LOOP = {16: (2.6e-3, 11_571), 32: (10.4e-3, 22_732), 64: (41.6e-3, 45_144), 128: (0.166, None)}
VECTORIZED = {16: (9.7e-6, 6_768), 32: (14e-6, 22_220), 64: (30e-6, 83_763), 128: (81.4e-6, 296_960),
              256: (353e-6, 1_083_952)}


def saved(whose="your", loop=LOOP, vectorized=VECTORIZED, left_out=()):
    """A made-up run, in the form that pytest-benchmark saves. Rows: tokens to (seconds, bytes)."""
    return {
        "machine_info": {"python": "3.12.1", "numpy": "2.1.0", "blas": "openblas", "cores": 2, "system": "Linux"},
        "about": {"whose": whose, "d": 64, "dtype": "float32", "rungs": ["loop", "vectorized"],
                  "threads": "1", "left_out": list(left_out)},
        "benchmarks": [
            {"params": {"rung": rung, "tokens": tokens}, "stats": {"median": seconds},
             "extra_info": {} if n_bytes is None else {"peak_bytes": n_bytes}}
            for rung, rows in (("loop", loop), ("vectorized", vectorized))
            for tokens, (seconds, n_bytes) in rows.items()
        ],
    }


def test_the_page_of_a_run_is_a_function_of_what_was_saved(golden):
    golden("bench_attention", plain(report.page(report.read(saved()))))


def test_a_vectorized_attention_that_is_a_loop_is_told_so(golden):
    stopped = "vectorized was stopped before 256 tokens: 128 took 166 ms, and so on."
    results = report.read(saved("the solution's", vectorized=LOOP, left_out=[stopped]))
    golden("bench_attention_slow", plain(report.page(results)))


def test_rows_of_one_rung_alone_make_a_page_and_a_picture(tmp_path):
    results = report.read(saved(loop={}))
    assert "ratio is" not in plain(report.page(results))
    picture.figure(results).savefig(tmp_path / "picture.png")


def test_the_figure_is_drawn_and_every_text_in_it_says_something(tmp_path):
    figure = picture.figure(report.read(saved()))
    figure.savefig(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size > 10_000
    for axes in figure.axes:
        assert len(axes.lines) == 2
        ticks = [tick for axis in (axes.xaxis, axes.yaxis) for tick in axis.get_ticklabels()]
        assert all(text.get_text().strip() for text in [axes.title, *axes.texts, *ticks])
        assert [text.get_text().splitlines()[0] for text in axes.texts] == ["loop", "vectorized"]
    assert figure.get_suptitle() == "Your attention, d = 64, float32"


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


@pytest.mark.timeout(60)
def test_bench_01_measures_the_solution_while_the_kata_is_a_stub(project):
    status, screen = project.make("bench", "01", BENCH_TOKENS="32")
    assert status == 0, screen
    assert "The solution's attention, d = 64" in screen and "\x1b" not in screen
    folder = project.root / ".kata-benchmarks"
    results = report.read(json.loads((folder / "01_attention.json").read_text(encoding="utf-8")))
    assert [(row.tokens, row.rung) for row in results.rows] == [
        (16, "loop"), (16, "vectorized"), (32, "loop"), (32, "vectorized")]
    assert all(row.peak_bytes for row in results.rows) and not results.left_out
    assert (folder / "01_attention.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.timeout(60)
def test_bench_01_says_whose_code_it_measures_and_which_function_fails(project):
    project.write("kata_01_attention", project.solution() + FAILS_AT_32)
    status, screen = project.make("bench", "01", BENCH_TOKENS="32")
    assert status == 0, screen
    assert "Your attention, d = 64" in screen
    assert "vectorized at 32 tokens raised ValueError: too many cats" in screen


FAILS_AT_32 = """
solution = attention

def attention(q, k, v, mask=None):
    if q.shape[-2] == 32:
        raise ValueError("too many cats")
    return solution(q, k, v, mask)
"""


def saved_heads(many_tokens=(62e-3, 136e-3), many_heads=(1.09e-3, 230e-6)):
    """A made-up run of bench_03. (seconds of the loop, of batched), at 1,024 tokens and with 96 heads."""
    times = {(16, 1): (62e-6, 64e-6), (16, 12): (174e-6, 84e-6), (16, 96): many_heads,
             (4, 12): (123e-6, 34e-6), (1024, 12): many_tokens}
    rows = [{"params": {"rung": rung, "tokens": tokens, "heads": heads}, "stats": {"median": seconds},
             "extra_info": {"peak_bytes": {"loop": 1200, "batched": 1000 * heads}[rung] * tokens}}
            for (tokens, heads), both in times.items() for rung, seconds in zip(("loop", "batched"), both)]
    run = saved()
    return {**run, "about": {**run["about"], "d": 192, "rungs": ["loop", "batched"]}, "benchmarks": rows}


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


@pytest.mark.timeout(60)
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


@pytest.mark.timeout(60)
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
