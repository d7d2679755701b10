"""The harness of the benchmarks: what is measured, and in which order. No time decides a test."""

import json
import subprocess
import sys
import types

import numpy as np
import pytest
import threadpoolctl

from benchmarks.harness import (
    Ladder,
    PyTorch,
    Rung,
    gradients,
    loss_and_gradients,
    main,
    memory,
    session,
    threads,
)
from benchmarks.harness.measure import LIMIT, TURNS, Lab
from benchmarks.harness.measure import Row as Turn
from benchmarks.harness.results import SOLUTIONS, TWIN, YOUR
from tests.runner.lessons.catalog import ROOT
from tests.runner.lessons.loading import load, solutions


def nothing(*_):
    return None


LADDER = Ladder(
    "naps",
    {"slow": Rung(nothing, up_to=20, serial=True), "fast": nothing},
    lambda size: (size,),
    (10, 20, 40),
    larger=(80,),
    threads=True,
)


def test_turns_go_there_and_back():
    rows = [(row.rung, row.threads) for row in session.turns([LADDER], 10, 2)]
    order = [("slow", 1), ("fast", 1), ("fast", 2)]
    assert rows == (order + order[::-1]) * (TURNS // 2)


def test_rungs_end_where_declared_and_loops_have_one_thread():
    rows = {(row.size, row.rung, row.threads) for row in session.turns([LADDER], None, 3)}
    assert rows == {(size, "fast", n) for size in (10, 20, 40) for n in (1, 3)} | {
        (10, "slow", 1),
        (20, "slow", 1),
    }


@pytest.mark.parametrize(
    "largest, sizes", [(None, (10, 20, 40)), (25, (10, 20)), (80, (10, 20, 40, 80)), (1, (10,))]
)
def test_sizes_end_where_the_reader_says(largest, sizes):
    assert LADDER.sizes_up_to(largest) == sizes


def test_without_pytorch_its_rungs_are_left_out(monkeypatch):
    ladder = Ladder("naps", {"NumPy": nothing, "PyTorch": PyTorch(nothing)}, lambda size: (), (1,))
    for torch, usable in ((None, ["NumPy"]), (object(), ["NumPy", "PyTorch"])):
        monkeypatch.setattr("benchmarks.harness.declare.torch", torch)
        assert list(ladder.usable) == usable


class Clock:
    """Replaces pytest-benchmark's fixture: the next call takes this long."""

    def __init__(self, seconds):
        self.stats = {"min": seconds}

    def pedantic(self, call, rounds, iterations):
        call()


def test_slow_rows_have_few_turns():
    for seconds, wanted in ((0.01, TURNS), (0.75, 4), (2.0, 2), (4.0, 1)):
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
    assert lab.left_out == [
        "fast at 20 tokens was not measured: a call would take about 10.0 s, and 5 s is the most."
    ]


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
done = [session.run([Ladder("naps", rungs, lambda size: (size,), sizes)], None, 1)
        for rungs, sizes in ((rungs, (1, 2)), ({"interrupts": interrupts}, (1, 2, 3)))]
print(json.dumps([vars(one) for one in done]))
"""


@pytest.fixture(scope="module")
def sessions():
    """The outcome of a run with functions that raise, print and hang, and of an interrupted run."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
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
            counts = {
                one["num_threads"]
                for one in threadpoolctl.threadpool_info()
                if one["user_api"] == "blas"
            }
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
    grad_x, rest = gradients(
        lambda x, params: x @ params["w"][0], (x, {"w": [w], "ids": ids}), torch.tensor([[10.0]])
    )
    assert grad_x.tolist() == [[30.0, 40.0]] and rest["w"][0].tolist() == [[10.0], [20.0]]
    assert rest["ids"] is ids and not x.requires_grad
    loss, (grad,) = loss_and_gradients(lambda x: (x**2).sum(), (x,))
    assert loss.item() == 5.0 and grad.tolist() == [[2.0, 4.0]]


def test_the_readers_functions_have_the_solutions_beside_them():
    kata = load("kata_01_attention", solutions)["kata_01_attention"]
    ladder = Ladder(
        "attention",
        {"loop": Rung(kata.attention_loop, serial=True), "rows": nothing},
        nothing,
        (1,),
    )
    rungs = main.with_twins(ladder, kata).rungs
    assert list(rungs) == ["loop", TWIN + "loop", "rows"]
    assert rungs[TWIN + "loop"].serial and rungs[TWIN + "loop"].function is not kata.attention_loop


def test_whose_functions_they_are_is_known_by_their_file():
    assert main.whose_is(load("kata_01_attention", solutions)["kata_01_attention"]) == SOLUTIONS
    assert (
        main.whose_is(types.SimpleNamespace(__file__=str(ROOT / "katas" / "kata_01_attention.py")))
        == YOUR
    )


def test_what_prepares_counts_as_memory_and_not_as_time():
    made = []

    def prepares(size):
        made.append(size)
        scratch = np.zeros(100_000, np.uint8)
        return lambda: scratch.sum()

    lab = Lab()
    row = Turn(
        Ladder("naps", {"reused": Rung(prepares, prepares=True)}, lambda size: (size,), (5,)),
        5,
        "reused",
        1,
        0,
    )
    lab.measure(row, Clock(0.01))
    assert made == [5, 5] and lab.found[row.line, 5]["peak_bytes"] >= 100_000


def test_a_rung_with_workers_is_told_how_many():
    told = []
    rung = Rung(lambda size, workers: told.append(workers), workers=True)
    row = Turn(
        Ladder("naps", {"fast": rung}, lambda size: (size,), (5,), threads=True), 5, "fast", 3, 0
    )
    Lab().measure(row, Clock(0.01))
    assert set(told) == {3}
