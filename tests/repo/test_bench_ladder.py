"""The ladder of bench_01: what is measured, kept and said. No time decides whether a test passes."""

import datetime
import json

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text as Writing
from rich.console import Group
from rich.text import Text

from benchmarks import (
    bench_compare,
    history,
    ladder,
    ladder_picture,
    ladder_report,
    why_loops_are_slow,
    worker,
)
from benchmarks.keeping import keep
from benchmarks.rungs import BY_SOLUTION, FAST, LOOP, ORDER, PRODUCTS, ROWS, TORCH, VECTORIZED
from tests.runner.screens.terminal import plain

MACHINE = {"python": "3.12.1", "numpy": "2.1.0", "blas": "openblas", "cores": 2, "system": "Linux", "torch": "2.9.0"}
NANOSECONDS = {LOOP: 10_000, ROWS: 60, VECTORIZED: 6.0, "reused": 4.0, FAST: 3.3, PRODUCTS: 3.2, TORCH: 3.0,
               BY_SOLUTION[LOOP]: 9_000, BY_SOLUTION[VECTORIZED]: 5.0}
BYTES = {LOOP: lambda n: 700 * n, ROWS: lambda n: 270 * n, FAST: lambda n: 2**20 + 270 * n, TORCH: lambda n: 520 * n}


def made_up_run(whose="your", slower=1.0, torch=True, **nanoseconds):
    """A run in which every call takes so many nanoseconds for each pair of tokens."""
    pace = {**NANOSECONDS, **nanoseconds}
    rows = []
    for n_threads in (1, 2):
        for tokens in (16, 256, 1024, 4096):
            for rung, each in pace.items():
                loop, of_solution = LOOP in rung, rung in BY_SOLUTION.values()
                if (loop and (tokens > 256 or n_threads > 1) or rung == ROWS and n_threads > 1
                        or rung == TORCH and not torch or of_solution and whose != "your"):
                    continue
                seconds = slower * each * 1e-9 * tokens**2 / n_threads + 4e-6
                n_bytes = BYTES.get(rung, lambda n: 4 * n**2)(tokens)
                rows.append({"tokens": tokens, "rung": rung, "threads": n_threads, "seconds": [2 * seconds, seconds],
                             "peak_bytes": None if loop and tokens > 64 else n_bytes})
    machine = MACHINE if torch else {name: what for name, what in MACHINE.items() if name != "torch"}
    return {"date": "2026-01-31 12:00", "whose": whose, "machine": machine, "d": 64, "dtype": "float32",
            "peaks": {"1": 100e9, "2": 190e9}, "left_out": [], "rows": rows}


def test_the_page_of_a_run_is_a_function_of_what_was_saved(golden):
    golden("bench_attention", plain(ladder_report.page(made_up_run())))


def test_a_vectorized_attention_that_is_a_loop_is_told_so(golden):
    run = made_up_run("the solution's", torch=False, vectorized=10_000)
    run["left_out"] = ["vectorized was stopped before 8,192 tokens: and so on."]
    golden("bench_attention_slow", plain(ladder_report.page(run)))


def test_no_line_of_a_page_is_wider_than_a_terminal():
    pages = [ladder_report.page(made_up_run(slower=1000)), bench_compare.page([made_up_run(slower=100)] * 2)]
    assert max(len(line) for page in pages for line in plain(page, 200).splitlines()) <= 80


def test_the_last_run_stands_beside_the_one_before_and_the_solution(golden):
    runs = [made_up_run("the solution's"), made_up_run(vectorized=12.0), made_up_run(slower=2.0)]
    alone = bench_compare.page([made_up_run(vectorized=12.0)])
    golden("bench_compare", plain(Group(bench_compare.page(runs), Text("-" * 80), alone)))


def test_a_run_is_kept_with_its_date_and_comes_back_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(history, "RUNS", tmp_path / "runs")
    run = {name: what for name, what in made_up_run().items() if name != "date"}
    for day in (2, 1):
        file, dated = history.dated({**run, "whose": f"of day {day}"}, datetime.datetime(2026, 1, day, 9, 30))
        said = keep(dated, file, tmp_path / "run.svg", Figure)
        assert said == f"Picture: {tmp_path / 'run.svg'}\nNumbers: {file}"
    assert (tmp_path / "run.svg").is_file()
    assert [(run["date"], run["whose"]) for run in history.runs(tmp_path / "runs")] == [
        ("2026-01-01 09:30", "of day 1"), ("2026-01-02 09:30", "of day 2")]


def test_numbers_that_cannot_be_saved_are_said(tmp_path):
    (tmp_path / "file").touch()
    said = keep({}, tmp_path / "file" / "run.json", tmp_path / "run.png", Figure)
    assert said.startswith("The numbers and the picture could not be saved in") and said.count("\n") == 0
    said = keep({}, tmp_path / "run.json", tmp_path / "file" / "run.png", Figure)
    assert said.startswith("Numbers: ") and "\nThe picture could not be saved" in said


def test_the_solution_of_a_run_is_its_own_or_what_stood_beside_the_readers():
    def vectorized(run):
        return next(row["seconds"] for row in run["rows"] if row["rung"] == VECTORIZED)

    readers, solutions = made_up_run("your"), made_up_run("the solution's")
    assert history.by_solution(solutions) == solutions
    assert vectorized(history.by_solution(readers)) < vectorized(readers)
    without = {**readers, "rows": [row for row in readers["rows"] if row["rung"] in ORDER]}
    assert history.by_solution(without) is None


def test_the_figure_is_drawn_and_no_name_covers_another(tmp_path):
    figure = ladder_picture.figure(made_up_run())
    figure.savefig(tmp_path / "picture.png")
    assert figure.get_suptitle() == "Your attention, d = 64, float32, one thread"
    for axes in figure.axes:
        assert len(axes.lines) == len(ORDER)
        looks = {(line.get_marker(), line.get_linestyle(), line.get_color()) for line in axes.lines}
        assert len(looks) == len(ORDER)
        assert {text.get_text().split(",")[0] for text in axes.texts} == set(ORDER)
        boxes = [Writing.get_window_extent(text).shrunk(1, 0.9) for text in axes.texts]  # without its pointer
        assert not any(one.overlaps(other) for nth, one in enumerate(boxes) for other in boxes[:nth])
        assert sum(bool(tick.get_text()) for tick in axes.get_yticklabels()) >= 2


def test_a_run_of_few_rows_makes_a_page_and_a_picture(tmp_path):
    run = made_up_run()
    for rung in (LOOP, PRODUCTS):
        few = {**run, "rows": [row for row in run["rows"] if row["rung"] == rung and row["tokens"] == 16]}
        assert rung in plain(ladder_report.page(few))
        ladder_picture.figure(few).savefig(tmp_path / "picture.png")


class FakeLab:
    """Takes no time: a call takes so many nanoseconds for each pair of tokens."""

    def __init__(self, raising="", interrupt_at=None):
        self.raising, self.interrupt_at = raising, interrupt_at
        self.asked: list[tuple[str, int, int]] = []

    def about(self):
        return {"machine": MACHINE, "rungs": list(NANOSECONDS), "d": 64, "dtype": "float32"}

    def peak(self, n_threads):
        return n_threads * 1e11

    def seconds(self, rung, tokens, n_threads):
        self.asked.append((rung, tokens, n_threads))
        if tokens == self.interrupt_at:
            raise KeyboardInterrupt
        if rung == self.raising:
            raise worker.NoAnswerError("raised ValueError: too many cats")
        return NANOSECONDS[rung] * 1e-9 * tokens**2

    def peak_bytes(self, rung, tokens, n_threads):
        return BYTES.get(rung, lambda n: 4 * n**2)(tokens)


class SilentSteps:
    def expect(self, total):
        pass

    begin = note = expect


def climbed(fake, sizes, n_threads=2):
    found = ladder.Climb("your", fake.about())
    try:
        ladder.climb(found, fake, sizes, n_threads, SilentSteps())
    except KeyboardInterrupt:
        pass
    return found


def test_rounds_go_there_and_back_so_that_no_rung_is_always_first():
    fake = FakeLab()
    climbed(fake, [16], n_threads=1)
    n_rows = len(NANOSECONDS)
    there, back = fake.asked[:n_rows], fake.asked[n_rows : 2 * n_rows]
    assert there == back[::-1] and len(fake.asked) == ladder.ROUNDS * n_rows


def test_each_rung_goes_as_far_as_is_sane_and_loops_have_one_thread():
    found = climbed(FakeLab(), [256, 1024, 4096])
    assert {(tokens, n) for tokens, rung, n in found.rows if rung == LOOP} == {(256, 1)}
    assert {(tokens, n) for tokens, rung, n in found.rows if rung == ROWS} == {(256, 1), (1024, 1), (4096, 1)}
    assert len([row for row in found.rows if row[1] == FAST]) == 6
    assert found.peaks == {1: 1e11, 2: 2e11} and not found.left_out
    assert len(found.rows[256, LOOP, 1]["seconds"]) == ladder.FEWEST < len(found.rows[256, FAST, 1]["seconds"])
    assert found.rows[256, LOOP, 1]["peak_bytes"] is None
    assert json.loads(json.dumps(found.saved()))["rows"][0]["tokens"] == 256


def test_a_rung_that_would_take_too_long_is_left_out_with_its_reason():
    found = climbed(FakeLab(), [1024, 16384 * 4], n_threads=1)
    assert any(reason.startswith("rows was stopped before 65,536 tokens: a call would take about")
               for reason in found.left_out)
    assert (65536, ROWS, 1) not in found.rows and (65536, TORCH, 1) not in found.rows


def test_a_rung_that_raises_stops_with_a_sentence_and_the_others_go_on():
    found = climbed(FakeLab(raising=VECTORIZED), [16, 64])
    assert found.left_out == ["vectorized at 16 tokens raised ValueError: too many cats."]
    assert not any(rung == VECTORIZED for _, rung, _ in found.rows) and (64, FAST, 2) in found.rows


def test_an_interrupt_keeps_what_is_finished():
    found = climbed(FakeLab(interrupt_at=64), [16, 64, 256])
    assert {tokens for tokens, *_ in found.rows} == {16}
    assert "fast" in plain(ladder_report.page({"date": "", **found.saved()}))


def test_a_child_that_hangs_or_ends_is_told_and_leaves_no_process(monkeypatch):
    monkeypatch.setattr(worker, "START_LIMIT", 0.3)
    for code, said in (("import time; time.sleep(60)", "was stopped after 0.3 seconds"), ("", "ended its process")):
        child = worker.Worker(["-c", code], {})
        monkeypatch.setattr(worker, "START_LIMIT", 0.3 if code else 30)
        with pytest.raises(worker.NoAnswerError, match=said):
            child.ask(do="peak")
        assert child.process is None


def test_bench_01_measures_the_solution_while_the_kata_is_a_stub(project):
    status, screen = project.make("bench", "01", BENCH_TOKENS="16", OPENBLAS_NUM_THREADS="2")
    assert status == 0, screen
    assert "The solution's attention, d = 64" in screen and "\x1b" not in screen
    folder = project.root / ".kata-benchmarks"
    (run,) = history.runs(folder / "01_attention")
    measured = {(row["rung"], row["threads"]) for row in run["rows"] if row["rung"] != TORCH}
    both = {VECTORIZED, "reused", FAST, PRODUCTS}
    assert measured == {(LOOP, 1), (ROWS, 1)} | {(rung, n) for rung in both for n in (1, 2)}
    assert all(row["peak_bytes"] and min(row["seconds"]) > 0 for row in run["rows"]) and not run["left_out"]
    assert (folder / "01_attention.png").read_bytes().startswith(b"\x89PNG")


def test_bench_01_says_whose_code_it_measures_and_bench_compare_keeps_it(project):
    assert project.make("bench", "compare") == (1, "This compares runs of make bench-01, and there is none yet.\n")
    project.write("kata_01_attention", project.solution() + FAILS)
    status, screen = project.make("bench", "01", BENCH_TOKENS="16", OPENBLAS_NUM_THREADS="1")
    assert status == 0, screen
    assert "Your attention, d = 64" in screen
    assert "vectorized at 16 tokens raised ValueError: too many cats." in screen
    (run,) = history.runs(project.root / ".kata-benchmarks" / "01_attention")
    assert {"solution loop", "solution vectorized"} <= {row["rung"] for row in run["rows"]}
    status, screen = project.make("bench", "compare")
    assert status == 0 and "Last: your functions" in screen and "Solution: the solution's" in screen


FAILS = """
solution = attention

def attention(q, k, v, mask=None):
    print("the cat sat on the mat")
    if q.shape[-2] == 16:
        raise ValueError("too many cats")
    return solution(q, k, v, mask)
"""


def test_the_page_of_why_loops_are_slow_is_a_function_of_what_was_measured(golden):
    seconds = (0.4, 0.07, 6e-3, 0.2e-3, 0.05e-3)
    steps = {name: one for (_, name, _), one in zip(why_loops_are_slow.STEPS, seconds)}
    found = {"tokens": 128, "large": 4096, "steps": steps,
             "memory": {"new memory for the result": 12.4e-3, "the same in tiles that stay in cache": 2.1e-3},
             "boxed": {"a number in an array": 4, "a Python number in a list": 32}}
    golden("why_loops_are_slow", plain(why_loops_are_slow.page(found)))


def test_why_loops_are_slow_measures_every_step(monkeypatch):
    monkeypatch.setattr(why_loops_are_slow, "AT_LEAST", 1e-4)
    found = why_loops_are_slow.measure(tokens=6, large=128)
    assert len(found["steps"]) == len(why_loops_are_slow.STEPS) and len(found["memory"]) == 3
    assert all(seconds > 0 for seconds in (*found["steps"].values(), *found["memory"].values()))


def test_every_step_of_why_loops_are_slow_computes_the_scores():
    q, k = np.random.default_rng(0).normal(size=(2, 5, 9))
    for function, _, _ in why_loops_are_slow.STEPS:
        np.testing.assert_allclose(function(q, k), q @ k.T)
