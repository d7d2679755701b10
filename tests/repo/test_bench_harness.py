"""The harness of the benchmarks: what is measured in which order, kept and shown. No time decides a test."""

import datetime
import json
import math
import subprocess
import sys
import types

import numpy as np
import pytest
import threadpoolctl

from benchmarks.harness import Bench, Ladder, PyTorch, Row, Run, Rung, Sweep, gradients, keeping
from benchmarks.harness import loss_and_gradients, main, memory, report, session, threads, uses
from benchmarks.harness.measure import FEW, LIMIT, TURNS, Lab
from benchmarks.harness.measure import Row as Turn
from benchmarks.harness.results import SOLUTIONS, TWIN, YOUR, slope
from tests.runner.lessons.catalog import ROOT
from tests.runner.lessons.loading import load, solutions
from tests.runner.screens.terminal import plain

MACHINE = {"python": "3.12.1", "numpy": "2.1.0", "blas": "openblas", "system": "Linux", "torch": "2.9.0"}


def made_up(seconds: dict, whose=YOUR, title="cats", compared=(), notes=None, n_bytes=lambda *_: 1024, **more):
    """A run as it is saved, from {(ladder, axis, threads): {rung: {size: seconds}}}."""
    rows = [{"ladder": ladder, "axis": axis, "size": size, "rung": rung, "threads": n_threads,
             "seconds": [2 * one, one], "peak_bytes": n_bytes(rung, size)}
            for (ladder, axis, n_threads), rungs in seconds.items()
            for rung, sizes in rungs.items() for size, one in sizes.items()]
    return {"date": "2026-01-31 12:00", "title": title, "whose": whose, "machine": MACHINE, "left_out": [],
            "compared": list(compared), "notes": notes or {}, "rows": rows, **more}


def nothing(*_):
    return None


LADDER = Ladder("naps", {"slow": Rung(nothing, up_to=20, serial=True), "fast": nothing}, lambda size: (size,),
                (10, 20, 40), larger=(80,), threads=True)


def test_turns_go_there_and_back():
    rows = [(row.rung, row.threads) for row in session.turns([LADDER], 10, 2)]
    order = [("slow", 1), ("fast", 1), ("fast", 2)]
    assert rows == (order + order[::-1]) * (TURNS // 2)


def test_rungs_end_where_declared_and_loops_have_one_thread():
    rows = {(row.size, row.rung, row.threads) for row in session.turns([LADDER], None, 3)}
    assert rows == {(size, "fast", n) for size in (10, 20, 40) for n in (1, 3)} | {(10, "slow", 1), (20, "slow", 1)}


@pytest.mark.parametrize("largest, sizes", [(None, (10, 20, 40)), (25, (10, 20)), (80, (10, 20, 40, 80)), (1, (10,))])
def test_sizes_end_where_the_reader_says(largest, sizes):
    assert LADDER.sizes_up_to(largest) == sizes


def test_without_pytorch_its_rungs_are_left_out(monkeypatch):
    ladder = Ladder("naps", {"NumPy": nothing, "PyTorch": PyTorch(nothing)}, lambda size: (), (1,))
    for torch, usable in ((None, ["NumPy"]), (object(), ["NumPy", "PyTorch"])):
        monkeypatch.setattr("benchmarks.harness.declare.torch", torch)
        assert list(ladder.usable) == usable


class Clock:
    """Stands for pytest-benchmark's fixture: the next call takes so long."""

    def __init__(self, seconds):
        self.stats = {"min": seconds}

    def pedantic(self, call, rounds, iterations):
        call()


def test_slow_rows_have_few_turns_and_the_slowest_one():
    for seconds, wanted in ((0.01, TURNS), (0.5, FEW), (2.0, 1)):
        lab, done = Lab(), 0
        for turn in range(TURNS):
            row = Turn(LADDER, 10, "fast", 1, turn)
            if lab.wants(row):
                lab.measure(row, Clock(seconds))
                done += 1
        assert done == wanted == len(lab.found[row.line, 10]["seconds"])


def test_a_row_that_would_take_too_long_is_left_out():
    lab = Lab()
    first, second, third = (Turn(LADDER, size, "fast", 1, 0) for size in (10, 20, 40))
    assert lab.wants(first)
    lab.measure(first, Clock(LIMIT / 2))
    assert not lab.wants(second) and not lab.wants(third)
    assert lab.left_out == ["fast at 20 tokens was not measured: a call would take about 10.0 s, and 5 s is the most."]


SCRIPT = """
import json, time
from benchmarks.harness import Ladder, session
session.HARD_LIMIT = 0.5

def raises(size):
    raise ValueError("too many cats")

def hangs(size):
    time.sleep(60)

def prints(size):
    print("the cat sat on the mat")

def interrupts(size):
    if size == 2:
        raise KeyboardInterrupt

rungs = {"raises": raises, "prints": prints, "hangs": hangs}
done = [session.run([Ladder("naps", rungs, lambda size: (size,), (1, 2))], None, 1),
        session.run([Ladder("naps", {"interrupts": interrupts}, lambda size: (size,), (1, 2, 3))], None, 1)]
print(json.dumps([vars(one) for one in done]))
"""


@pytest.fixture(scope="module")
def sessions():
    """What came of a run with functions that raise, print and hang, and of one that was interrupted."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    *said, found = done.stdout.splitlines()
    assert done.stderr == "" and not any("cat" in line for line in said)
    return json.loads(found)


def test_a_function_that_raises_or_hangs_costs_its_own_rows_only(sessions):
    found, _ = sessions
    assert sorted(found["left_out"]) == ["hangs at 1 tokens was stopped after 0.5 seconds.",
                                         "raises at 1 tokens raised ValueError: too many cats."]
    assert [(row["rung"], row["size"]) for row in found["rows"]] == [("prints", 1), ("prints", 2)]
    for row in found["rows"]:
        assert len(row["seconds"]) == TURNS and min(row["seconds"]) > 0 and row["peak_bytes"] >= 0
    assert found["n_done"] == found["n_sizes"] == 2


def test_an_interrupt_keeps_the_sizes_that_are_finished(sessions):
    _, found = sessions
    assert [row["size"] for row in found["rows"]] == [1]
    assert (found["n_done"], found["n_sizes"]) == (1, 3)


def test_threads_are_set_while_python_runs():
    limit = threads.Limit()
    assert limit.settable
    for n_threads in (1, 2):
        with limit.to(n_threads, "NumPy"):
            counts = {one["num_threads"] for one in threadpoolctl.threadpool_info() if one["user_api"] == "blas"}
            assert counts == {n_threads}


def test_peak_memory_is_that_of_the_worst_moment():
    def call():
        for n_bytes in (1000, 50_000, 2000):
            np.zeros(n_bytes, np.uint8)

    assert 50_000 <= memory.by_python(call) < 52_000


def test_pytorchs_peak_memory_is_its_own_allocators():
    torch = pytest.importorskip("torch")
    assert 40_000 <= memory.by_torch(lambda: torch.zeros(10_000) + 1) < 200_000


def test_gradients_are_nested_as_what_they_belong_to():
    torch = pytest.importorskip("torch")
    x, ids, w = torch.tensor([[1.0, 2.0]]), torch.tensor([0]), torch.tensor([[3.0], [4.0]])
    grad_x, rest = gradients(lambda x, params: x @ params["w"][0], (x, {"w": [w], "ids": ids}), torch.tensor([[10.0]]))
    assert grad_x.tolist() == [[30.0, 40.0]] and rest["w"][0].tolist() == [[10.0], [20.0]]
    assert rest["ids"] is ids and not x.requires_grad
    loss, (grad,) = loss_and_gradients(lambda x: (x**2).sum(), (x,))
    assert loss.item() == 5.0 and grad.tolist() == [[2.0, 4.0]]


def test_the_readers_functions_have_the_solutions_beside_them():
    kata = load("kata_01_attention", solutions)["kata_01_attention"]
    ladder = Ladder("attention", {"loop": Rung(kata.attention_loop, serial=True), "rows": nothing}, nothing, (1,))
    rungs = main.with_twins(ladder, kata).rungs
    assert list(rungs) == ["loop", TWIN + "loop", "rows"]
    assert rungs[TWIN + "loop"].serial and rungs[TWIN + "loop"].function is not kata.attention_loop


def test_whose_functions_they_are_is_known_by_their_file():
    assert main.whose_is(load("kata_01_attention", solutions)["kata_01_attention"]) == SOLUTIONS
    assert main.whose_is(types.SimpleNamespace(__file__=str(ROOT / "katas" / "kata_01_attention.py"))) == YOUR


def kata_module(text):
    module = types.ModuleType("kata_99_cats")
    exec(text, module.__dict__)
    return module


@pytest.mark.parametrize("text, found", [
    ("import numpy as np\ndef f(x): return np.einsum('i->', x)", True),
    ("from numpy import einsum as e\ndef g(x): return [e('i->', y) for y in x]\ndef f(x): return g(x)", False),
    ("import numpy as np\ndef g(x): return (lambda y: np.einsum('i->', y))(x)\ndef f(x): return g(x)", True),
    ("def g(x): return f(x)\ndef f(x): return g(x)", False),
])
def test_einsum_is_found_in_what_a_function_calls(text, found):
    assert uses(kata_module(text).f, "einsum") is found


def test_a_run_is_kept_with_its_date_and_comes_back_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "FOLDER", tmp_path)
    assert keeping.last_lesson() == ""
    for day, lesson in ((2, "01_attention"), (1, "01_attention"), (3, "03_multi_head")):
        saved = made_up({("naps", "tokens", 1): {"fast": {1: 1.0}}}, title=f"of day {day}")
        said = keeping.keep(saved, lesson, _Figure, datetime.datetime(2026, 1, day, 9, 30))
    numbers = tmp_path / "03_multi_head" / "2026-01-03_093000.json"
    assert said == f"Picture: {tmp_path / '03_multi_head.png'}\nNumbers: {numbers}"
    assert (tmp_path / "03_multi_head.png").read_bytes() == b"drawn"
    assert keeping.last_lesson() == "03_multi_head"
    assert [run.title for run in keeping.runs("01_attention")] == ["of day 1", "of day 2"]


class _Figure:
    def savefig(self, file, format):
        file.write(b"drawn")


def test_numbers_that_cannot_be_saved_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "FOLDER", tmp_path / "file")
    (tmp_path / "file").touch()
    said = keeping.keep({}, "01_attention", None, datetime.datetime(2026, 1, 1))
    assert said.startswith("The numbers and the picture could not be saved in") and "\n" not in said
    monkeypatch.setattr(keeping, "FOLDER", tmp_path)
    (tmp_path / "01_attention.png").mkdir()
    said = keeping.keep({}, "01_attention", _Figure, datetime.datetime(2026, 1, 1))
    assert said.startswith("Numbers: ") and "\nThe picture could not be saved" in said


def test_runs_of_the_first_version_are_read():
    row = {"tokens": 16, "rung": "loop", "threads": 1, "seconds": [2.0, 1.0], "peak_bytes": None}
    run = keeping.read({"date": "2026-01-31 12:00", "whose": YOUR, "machine": MACHINE, "d": 64, "dtype": "float32",
                        "peaks": {"1": 1e11}, "left_out": [], "rows": [row]})
    assert run.sweep("attention") == Sweep("attention", "tokens", 1, (Row("loop", 16, 1.0),))
    assert run.compared[-1] == "products"


def test_of_a_run_the_solutions_part_is_found():
    ours = keeping.read(made_up({("naps", "tokens", 1): {"NumPy": {1: 3.0}, TWIN + "NumPy": {1: 2.0}, "PyTorch": {1: 1.0}}}))
    theirs = ours.by_solution()
    assert {row.rung: row.seconds for row in theirs.sweep("naps").rows} == {"NumPy": 2.0, "PyTorch": 1.0}
    assert theirs.by_solution() is theirs and theirs.whose == SOLUTIONS
    assert keeping.read(made_up({("naps", "tokens", 1): {"NumPy": {1: 3.0}}})).by_solution() is None


def test_the_slope_is_the_exponent_at_the_large_end():
    assert slope([(1, 9.0), (2, 9.0), (4, 48.0), (8, 192.0), (16, 768.0)]) == pytest.approx(2.0)
    assert slope([(16, 1.0)]) is None


SEVERAL = {
    ("layer_norm_backward", "tokens", 1): {
        "NumPy": {64: 82e-6, 256: 253e-6, 1024: 958e-6}, TWIN + "NumPy": {64: 1.0}, "one pass": {64: 70e-6, 1024: 1e-3},
        "PyTorch": {64: 59e-6, 256: 105e-6, 1024: 276e-6}},
    ("linear_backward", "tokens", 1): {"NumPy": {64: 873e-6}, "PyTorch": {64: 1.2e-3}},
}


def test_a_benchmark_without_a_page_has_a_table_of_all_ladders(golden):
    run = keeping.read(made_up(SEVERAL, title="gradients, d_model = 256, float32",
                               n_bytes=lambda rung, size: None if rung == "PyTorch" else 100 * size))
    golden("bench_tables", plain(report.page(run, None)))


def test_a_page_has_what_was_left_out_below_its_tables():
    run = Run("cats", "", "", MACHINE, ["fast was left out."], [], {}, keeping.read(made_up(SEVERAL)).rows)
    text = plain(report.page(run, lambda found: ["before", report.table("a table", ["cat"], [("felix",)]), "after"]))
    places = [text.index(part) for part in ("before", "a table", "felix", "The fastest of", "fast was", "after")]
    assert places == sorted(places) and run.heading == "Cats"


def test_a_picture_names_every_line_and_tells_them_apart(tmp_path):
    from benchmarks.harness import picture

    sweep = keeping.read(made_up(SEVERAL)).sweep("layer_norm_backward").without()
    figure = picture.figure("Your cats", [picture.time(sweep, "time"), picture.speed(sweep, "speed"),
                                          picture.memory(Sweep("none", "tokens", 1, ()), "memory")], "slope")
    figure.savefig(tmp_path / "picture.png")
    assert len(figure.axes) == 2 and figure.get_suptitle() == "Your cats"
    for axes in figure.axes:
        names = [text.get_text() for text in axes.get_legend().get_texts()]
        assert {name.split(",")[0] for name in names} == {"NumPy", "one pass", "PyTorch"}
        assert len({(line.get_marker(), line.get_linestyle(), line.get_color()) for line in axes.lines}) == 3
        assert sum(bool(tick.get_text()) for tick in axes.get_yticklabels()) >= 2
    assert "NumPy, slope 0.9" in [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


def test_what_prepares_counts_as_memory_and_not_as_time():
    made = []

    def prepares(size):
        made.append(size)
        scratch = np.zeros(100_000, np.uint8)
        return lambda: scratch.sum()

    lab = Lab()
    row = Turn(Ladder("naps", {"reused": Rung(prepares, prepares=True)}, lambda size: (size,), (5,)), 5, "reused", 1, 0)
    lab.measure(row, Clock(0.01))
    assert made == [5, 5] and lab.found[row.line, 5]["peak_bytes"] >= 100_000


def test_a_rung_with_workers_is_told_how_many():
    told = []
    rung = Rung(lambda size, workers: told.append(workers), workers=True)
    row = Turn(Ladder("naps", {"fast": rung}, lambda size: (size,), (5,), threads=True), 5, "fast", 3, 0)
    Lab().measure(row, Clock(0.01))
    assert set(told) == {3}


def test_units_have_three_digits():
    from benchmarks.harness import units

    assert [units.duration(one) for one in (2.0, 0.000353, 1.5e-9)] == ["2.00 s", "353 µs", "1.50 ns"]
    assert [units.memory(one) for one in (180224, 2**30)] == ["176 KiB", "1.00 GiB"]
    assert [units.ratio(one) for one in (9213, 27.3, 1.31)] == ["9,200", "27", "1.3"]
    assert [units.factor(one) for one in (9213, 1.313, 0.853, 0.0123)] == ["9,200", "1.31", "0.85", "0.012"]
    assert math.isclose(float(units.digits(0.5, 1)), 0.5)


def test_every_benchmark_file_declares_ladders():
    for file in sorted((ROOT / "benchmarks").glob("bench_[0-9][0-9]_*.py")):
        from tests.repo.benches import bench_file

        bench = bench_file(file.stem).BENCH
        assert isinstance(bench, Bench) and len({ladder.name for ladder in bench.ladders}) == len(bench.ladders)
