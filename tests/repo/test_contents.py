"""Answers and arguments that are not arrays: how they are described and shown."""

import numpy as np
import pytest

from tests.runner.diagnosis.case import Case
from tests.runner.diagnosis.content_tables import argument_table, compare_content, in_the_call
from tests.runner.diagnosis.judge import judge
from tests.runner.diagnosis.measure import measure, mismatch_between
from tests.runner.diagnosis.workshop import workshop
from tests.runner.lessons.catalog import find
from tests.runner.specs.check import Mismatch, equal, tree_close
from tests.runner.specs.record import Table
from tests.runner.specs.watched import WatchedKata

WORDS = [bytes([byte]) for byte in range(256)] + [b"th", b"the", b" the", b"\xff\xfe"]
LONG = "The quick brown fox jumps over the lazy dog, and then over another one.\nAnd back."
TREE = {"table": np.eye(2), "blocks": [{"attention": {"w_q": np.ones((2, 3))}}] * 2}

WRONG = {
    "text": (LONG.replace("lazy", "lame"), LONG),
    "text that ends early": ("The quick", "The quick fox"),
    "text that goes on": ("The quick fox", "The quick"),
    "text with other blanks": ("The quick  fox", "The quick fox"),
    "no text": ("", "cat"),
    "bytes": (b"caf\xc3\xa9\n", b"caf\xc3\xa8\n"),
    "a broken character": ("caf\ufffd\ufffd", "caf\xe9"),
    "ids": ([*range(90, 97), 116, 104, 257], [*range(90, 97), 256, 101, 257]),
    "ids of the same bytes": ([116, 104, 101, 32], [257, 32]),
    "ids that end early": ([257], [257, 258]),
    "ids that are no text": ([259], [258]),
    "ids that are unknown": ([257, 300], [257, 258]),
    "a tuple of ids": ((1, 2, 3), (1, 4)),
    "pairs": ([(116, 104), (104, 101)], [(116, 104), (256, 101)]),
    "pairs in another order": ([(2, 1), (1, 2)], [(1, 2), (2, 1)]),
    "counts": ({(1, 2): 3, (2, 2): 1}, {(1, 2): 2, (2, 3): 1}),
    "many counts": ({(n, n): n for n in range(9)}, {(n, n): n + 1 for n in range(9)}),
    "a whole number": (3, 4),
    "a list for a tuple": ([1, 2], (1, 2)),
    "nothing": (None, [1, 2]),
}


def lines_of(table):
    return [f"  {table.label} {table.shape}".rstrip(), *(f"    {line}" for line in table.lines)]


def shown(mismatch):
    tables = compare_content(mismatch.actual, mismatch.expected, mismatch.vocabulary)
    said = " ".join(measure(mismatch, {}))
    return [said, *(line for table in tables for line in lines_of(table))]


def mismatch_of(check, *values, **more):
    with pytest.raises(Mismatch) as caught:
        check(*values, **more)
    return caught.value


def test_contents_are_described_and_shown_side_by_side(golden):
    parts = []
    for name, pair in WRONG.items():
        are_ids = "ids" in name and "tuple" not in name
        found = mismatch_of(equal, *pair, vocabulary=WORDS if are_ids else ())
        lines = shown(found) if type(pair[0]) is type(pair[1]) else measure(found, {})
        parts += [f"{name}:", *(f"  {line}" for line in lines), ""]
    golden("contents", "\n".join(parts))


def test_wrong_keys_of_a_tree_are_described():
    for actual, said in (
            ({"table": np.eye(2)}, "Of its keys, 'blocks' is missing."),
            (TREE | {"tables": 1, "more": 2}, "Of its keys, 'tables', 'more' are too many."),
            (TREE | {"blocks": TREE["blocks"][:1]}, "It has 1 entry, and should have 2.")):
        assert measure(mismatch_of(tree_close, actual, TREE), {}) == (said,)


def test_the_solutions_answer_of_any_kind_is_compared():
    changed = TREE | {"blocks": [TREE["blocks"][0], {"attention": {"w_q": np.zeros((2, 3))}}]}
    assert mismatch_between(TREE, TREE) is None and mismatch_between([1, "a"], [1, "a"]) is None
    assert mismatch_between(changed, TREE).path == '["blocks"][1]["attention"]["w_q"]'
    assert mismatch_between((np.ones(1), {"step": 2}), (np.ones(1), {"step": 3})).path == "[1]"
    assert mismatch_between("cat", "cats") and mismatch_between(None, (1, 2))


def test_a_red_call_on_text_is_described_like_one_on_arrays():
    module = type("module", (), {"encode": staticmethod(lambda text, merges, rng: [116, 257])})
    watched, kata = WatchedKata("kata_01_attention", lambda: module), find("kata", "01")
    answer = watched.encode(LONG, [(116, 104)], rng=np.random.default_rng(1))
    found = mismatch_of(equal, answer, [257, 257], vocabulary=WORDS)
    red, _ = judge(Case(kata, watched, "test_softmax_x", 0, found, lambda: workshop(kata)))
    assert red.call == "encode(argument 1, [(116, 104)], rng=rng)"
    assert [table.label for table in red.arguments] == ["argument 1", "rng"]
    assert red.yours == Table("yours", "list of 2", ("116*    257", "'t'   'the'"))
    assert red.happened == ("It begins with 116 ('t') instead of 257 ('the').",)


@pytest.mark.parametrize(("value", "in_call", "below"), [
    ("the cat", "'the cat'", None),
    (LONG, "text", ["text 81 characters", "'The quick brown fox jumps over the lazy dog, and then "
                                          "over a'",
                    "'nother one.\\nAnd back.'"]),
    (list(range(40)), "text", ["text list of 40", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, "
                                                  "14, 15, …]"]),
    ({(n, n + 1): n for n in range(5)}, "text",
     ["text dict of 5", "(0, 1): 0", "(1, 2): 1", "(2, 3): 2", "… 2 more"]),
    (np.random.default_rng(1), "text", ["text a numpy.random.Generator"]),
    ([(1, 2), (3, 4)], "[(1, 2), (3, 4)]", None),
])
def test_an_argument_is_shown_in_the_call_or_below_it(value, in_call, below):
    assert in_the_call("text", value) == in_call
    if below:
        assert [line.strip() for line in lines_of(argument_table("text", value))] == below
