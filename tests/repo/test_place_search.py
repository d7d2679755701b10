"""The search for the place does no harm, and ends: after a budget, not after a time."""

import ast
import json
import time
from dataclasses import asdict, replace

import pytest

from tests.repo.misplaced import FROM_REPORTS
from tests.repo.test_place import LESSON, marked_in, red_case, verdict, verdict_of
from tests.runner import limits
from tests.runner.diagnosis.finders import FINDERS, first_finding
from tests.runner.diagnosis.judge import red_of
from tests.runner.diagnosis.tweaks_of_statements import renamed
from tests.runner.diagnosis.vocabulary import Vocabulary
from tests.runner.running import supervise
from tests.runner.running.cold import Orders
from tests.runner.specs.record import (
    Cause,
    Red,
    SpecRecord,
    Status,
    record_of,
)


def test_edits_that_never_end_are_stopped_after_so_many_lines(tmp_path):
    wrong = """
def attention_loop(q, k, v):
    outputs = []
    i = 0
    while i < len(q):
        j, scores = 0, []
        while j < len(k):
            scores.append(sum(a * b for a, b in zip(q[i], k[j])) / math.sqrt(len(k[j])))
            j += 1
        weights = softmax(np.array(scores))
        outputs.append(sum(w * value for w, value in zip(weights, v)) * 2)
        i += 1
    return np.array(outputs)
"""
    started = time.process_time()
    red = verdict_of(tmp_path, wrong)
    assert marked_in(red.place) == "2"
    assert time.process_time() - started < 5


def test_an_edit_that_asks_for_gigabytes_is_refused(tmp_path):
    red = verdict_of(tmp_path, """
def causal_mask(n_tokens):
    size = 10**9 // 3 if n_tokens < 0 else n_tokens
    return np.tri(size, dtype=bool).T
""")
    assert marked_in(red.place) == "np.tri(size, dtype=bool).T"


def test_what_is_found_does_not_depend_on_the_time(tmp_path, monkeypatch):
    wrong = FROM_REPORTS[-1]
    case = red_case(wrong.kata, wrong.module(tmp_path), wrong.function)
    places = []
    for seconds in (limits.SEARCH_SECONDS, 1000.0):
        monkeypatch.setattr(limits, "SEARCH_SECONDS", seconds)
        places.append(verdict(case).place)
    assert places[0] == places[1]


def test_the_search_ends_when_its_budget_is_spent(tmp_path, monkeypatch):
    wrong = FROM_REPORTS[-1]
    case = red_case(wrong.kata, wrong.module(tmp_path), wrong.function)
    monkeypatch.setattr(limits, "SEARCH_COST", 200)
    assert verdict(case).place is None


def test_the_readers_module_is_as_it_was(tmp_path):
    wrong = next(wrong for wrong in FROM_REPORTS if "_mask = None" in wrong.text)
    module = wrong.module(tmp_path)
    case = red_case(wrong.kata, module, wrong.function)
    before = dict(vars(module))
    verdict(case)
    assert vars(module) == before


def test_the_verdict_comes_before_the_place(tmp_path):
    """What comes first is the same but for the place, and what the place refutes."""
    wrong = FROM_REPORTS[-1]
    case = red_case(wrong.kata, wrong.module(tmp_path), wrong.function)
    first = red_of(case, first_finding(case, FINDERS))
    assert first.place is None and first.happened == verdict(case).happened


@pytest.mark.parametrize("line", [
    "import os; os._exit(1)", "open('out.txt', 'w')", "__import__('shutil').rmtree('.')",
])
def test_a_function_that_could_do_harm_is_not_edited(line, tmp_path):
    """An edit might turn the condition round."""
    red = verdict_of(tmp_path, f"""
def relu(x):
    if x.size > 10**9:
        {line}
    return np.minimum(x, 0)
""")
    assert red.place is None


def test_an_edit_that_answers_with_a_number_is_just_wrong(tmp_path):
    """Among the edits of the `if` and of the answer there are such ones."""
    red = verdict_of(tmp_path, """
def merge_heads(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.reshape(-1, n_tokens, n_heads * d_head)
""")
    assert red.place is None or "reshape" in red.place.source[0]


class Told:
    """A process that tells of these events, and ends."""

    word, pid = "word", 0

    def __init__(self, *events):
        self.lines = [json.dumps([self.word, kind, what]) for kind, what in events]

    def wait(self, seconds):
        return -9

    def end(self):
        """It has ended."""


def test_a_run_that_dies_in_the_search_has_its_verdict():
    kata = LESSON["01"]
    red = Red(Cause.MEASURED, ("It differs.",), file="katas/kata_01_attention.py", line=36)
    record = SpecRecord(kata.name, "test_softmax_a", "softmax", "A title.", Status.RED, red=red)
    events = [("limit", 1.0), ("specs", [(kata.name, "test_softmax_a", "A title.")]),
              ("start", (kata.name, "test_softmax_a")), ("early", asdict(record))]
    early = []
    run = supervise.run(Orders(kata), start=lambda _: Told(*events), early=early.append)
    assert not run.broken and run.records == early[0].records == [record]
    more = replace(record, red=replace(red, happened=("It differs by a factor.",)))
    events += [("record", asdict(more)), ("end", 1)]
    run = supervise.run(Orders(kata), start=lambda _: Told(*events))
    assert not run.broken and run.records == [more]


def test_a_place_survives_the_way_between_processes(tmp_path):
    red = verdict_of(tmp_path, FROM_REPORTS[-1].code)
    record = SpecRecord("kata_01_attention", "test_a", "softmax", "", Status.RED, red=red)
    assert red.place and record_of(json.loads(json.dumps(asdict(record)))) == record


def test_no_edit_writes_something_else_over_an_argument():
    """As `tile, m = x.shape` would, after which nothing is cut into tiles; `x = x + 1` is usual."""
    tree = ast.parse("def f(x, tile):\n    n, m = x.shape\n    y = x + 1\n    return y, n").body[0]
    kinds = {"x": "array", "tile": "number", "n": "number", "m": "number", "y": "array"}
    edits = renamed(tree, Vocabulary(kinds, frozenset(), {}, {}, tree))
    new = {(about.id, changes[0][2]) for about, changes in edits}
    assert ("y", "x") in new and not any(name == "tile" for _, name in new)
