"""What specs compare and watch besides arrays: trees of arrays, text, ids, random generators."""

import numpy as np
import pytest

from tests.runner.diagnosis.outcomes import Outcome, try_out
from tests.runner.lessons.stubs import Refused, make_stub
from tests.runner.specs.check import Kind, Mismatch, equal, shaped_like, tree_close
from tests.runner.specs.watched import WatchedKata

BLOCK = {"attention": {"w_q": np.eye(2), "w_k": np.ones((2, 3))}, "b_in": np.zeros(2)}
PARAMS = {"table": np.arange(6.0).reshape(3, 2), "blocks": [BLOCK, BLOCK]}


def changed(tree, path, change):
    """A tree with one of its leaves changed."""
    if not path:
        return change(tree)
    copied = dict(tree) if isinstance(tree, dict) else list(tree)
    copied[path[0]] = changed(tree[path[0]], path[1:], change)
    return copied


def mismatch_of(check, *values, **more):
    with pytest.raises(Mismatch) as raised:
        check(*values, **more)
    return raised.value


def watching(function):
    """A kata with this one function in it."""
    module = type("module", (), {"f": staticmethod(function)})
    return WatchedKata("kata_01_attention", lambda: module)


def test_equal_trees_pass():
    tree_close(changed(PARAMS, ["table"], np.copy), PARAMS)


@pytest.mark.parametrize(("path", "text"), [
    (("blocks", 1, "attention", "w_q"), '["blocks"][1]["attention"]["w_q"]'),
    (("table",), '["table"]'),
])
def test_the_leaf_that_differs_is_named(path, text):
    found = mismatch_of(tree_close, changed(PARAMS, path, lambda leaf: leaf + 1), PARAMS)
    assert (found.kind, found.path) == (Kind.VALUES, text)


def test_the_whole_tree_is_what_was_returned():
    tree = changed(PARAMS, ("table",), lambda leaf: leaf.T)
    found = mismatch_of(tree_close, tree, PARAMS)
    assert found.kind is Kind.SHAPE and found.of is tree


def test_other_keys_are_named_with_where_they_are():
    found = mismatch_of(tree_close, changed(PARAMS, ("blocks", 0),
                                            lambda block: {"b_in": block["b_in"]}), PARAMS)
    assert (found.kind, found.path) == (Kind.KEYS, '["blocks"][0]')


def test_a_list_too_short_or_of_another_type_is_described():
    assert mismatch_of(tree_close, changed(PARAMS, ("blocks",), lambda b: b[:1]),
                       PARAMS).kind is Kind.KEYS
    assert mismatch_of(tree_close, changed(PARAMS, ("blocks",), tuple), PARAMS).kind is Kind.TYPE


@pytest.mark.parametrize(("actual", "expected"), [
    ("cat", "cat"), (b"\xff", b"\xff"), ([1, np.int64(2)], [1, 2]), ((1, "a"), (1, "a")),
    ({(1, 2): 3}, {(1, 2): np.int32(3)}), ([], []),
])
def test_equal_content_passes(actual, expected):
    equal(actual, expected)


@pytest.mark.parametrize(("actual", "expected", "kind"), [
    ("cat", "cats", Kind.CONTENT), ("a", b"a", Kind.TYPE), ([1, 2], (1, 2), Kind.TYPE),
    ([1, 2.0], [1, 2], Kind.CONTENT), ([True], [1], Kind.CONTENT), ({1: 2}, {1: 3}, Kind.CONTENT),
    (np.array([1]), [1], Kind.TYPE), (None, "", Kind.TYPE),
])
def test_other_content_does_not_pass(actual, expected, kind):
    assert mismatch_of(equal, actual, expected).kind is kind


def test_a_generator_is_passed_on_and_advances():
    rng = np.random.default_rng(7)
    kata = watching(lambda rng: rng.random(2))
    first, second = kata.f(rng), kata.f(rng)
    expected = np.random.default_rng(7).random(4)
    np.testing.assert_array_equal([*first, *second], expected)


def test_a_recorded_call_replays_from_the_state_it_had():
    rng = np.random.default_rng(7)
    kata = watching(lambda rng, more: rng.random(2))
    kata.f(rng, more={"rng": rng})
    kata.f(rng, more={"rng": rng})
    for call in kata.calls * 2:
        again = try_out(lambda rng, more: more["rng"].random(2), call.args, call.kwargs)
        assert again.agrees(Outcome(call.answer))


def test_text_and_bytes_are_compared_as_answers():
    assert Outcome("ab").agrees(Outcome("ab")) and not Outcome("ab").agrees(Outcome("ba"))
    assert not Outcome(b"ab").agrees(Outcome("ab"))
    assert Outcome([1, 2]).agrees(Outcome([np.int64(1), 2]))


def test_a_class_in_a_solution_is_refused():
    with pytest.raises(Refused, match="line 1: .*class `Cache`"):
        make_stub("class Cache:\n    pass\n")


def test_a_python_float_is_as_coarse_as_what_it_is_compared_with():
    wide, narrow = 1 + 1e-7, np.float32(1.0)
    assert Outcome(wide).agrees(Outcome(narrow)) and Outcome(narrow).agrees(Outcome(wide))
    assert not Outcome(1 + 1e-3).agrees(Outcome(narrow))
    assert not Outcome(wide).agrees(Outcome(1.0))
    assert Outcome(wide).agrees(Outcome(1.0), coarse=True)
    assert not Outcome(np.full(2, wide)).agrees(Outcome(np.ones(2)), coarse=True)


def test_shapes_alone_are_compared():
    shaped_like(changed(PARAMS, ["table"], np.sqrt), PARAMS, "params")
    turned = changed(PARAMS, ["blocks", 1, "attention", "w_k"], np.transpose)
    found = mismatch_of(shaped_like, turned, PARAMS, "params")
    assert str(found) == ('params["blocks"][1]["attention"]["w_k"] has the shape (3, 2); it should '
                          "be (2, 3).")
    found = mismatch_of(shaped_like, changed(PARAMS, ["table"], lambda _: None), PARAMS, "params")
    assert found.kind is Kind.TYPE and found.path == '["table"]'
