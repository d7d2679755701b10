"""What is measured on a wrong answer is true of it, and reads well."""

import numpy as np
import pytest

from tests.runner.diagnosis.measure import measure
from tests.runner.diagnosis.measure_numbers import about_factor
from tests.runner.diagnosis.measure_shapes import sizes_of
from tests.runner.lessons.catalog import find
from tests.runner.lessons.loading import load, solutions
from tests.runner.specs.check import Mismatch, close, differs, fails, refuses

RNG = np.random.default_rng(3)
RIGHT = RNG.normal(size=(3, 5))
SQUARE = RNG.normal(size=(4, 4))
WEIGHTS = np.exp(RIGHT) / np.exp(RIGHT).sum(axis=-1, keepdims=True)
SIZES = {"n_queries": 3, "n_keys": 5, "d_k": 64, "d_v": 7}


def with_entries(array, entries, value):
    changed = np.array(array, dtype=float)
    for entry in entries:
        changed[entry] = value
    return changed


WRONG = {
    "none": (None, RIGHT),
    "list": ([1.0, 2.0], RIGHT),
    "text": (np.array(["a"]), RIGHT),
    "swapped axes": (RIGHT.T, RIGHT),
    "turned axes": (np.ones((5, 7, 3)), np.ones((3, 5, 7))),
    "an axis missing": (RIGHT[0], RIGHT),
    "an axis too many": (RIGHT[None], RIGHT),
    "an axis too many at the end": (RIGHT[..., None], RIGHT),
    "an axis too few within": (np.ones((3, 5)), np.ones((3, 1, 5))),
    "two axes of one": (RIGHT[None, :, None], RIGHT),
    "two axes too many": (np.ones((2, 2, 3, 5)), RIGHT),
    "wrong size": (RIGHT[:, :4], RIGHT),
    "a number": (np.float64(3.0), RIGHT),
    "all nan": (RIGHT * np.nan, RIGHT),
    "a row of nan": (with_entries(RIGHT, [1], np.nan), RIGHT),
    "some nan": (with_entries(RIGHT, [(0, 1), (2, 2)], np.nan), RIGHT),
    "many nan": (with_entries(RIGHT, [(0, 1), (2, 2), (1, 0), (1, 4), (2, 0)], np.nan), RIGHT),
    "one infinity": (with_entries(RIGHT, [(0, 1)], np.inf), RIGHT),
    "times sqrt(d_k)": (RIGHT * 8, RIGHT),
    "over d_k": (RIGHT / 64, RIGHT),
    "times 1.3": (RIGHT * 1.3, RIGHT),
    "negated": (-RIGHT, RIGHT),
    "offset": (RIGHT + 0.25, RIGHT),
    "offset down": (RIGHT - 2, RIGHT),
    "transposed": (SQUARE.T, SQUARE),
    "reversed": (RIGHT[::-1], RIGHT),
    "another order": (RIGHT[:, [1, 0, 2, 4, 3]], RIGHT),
    "other places": (np.sort(RIGHT), RIGHT),
    "columns sum to one": (np.exp(RIGHT) / np.exp(RIGHT).sum(axis=0), WEIGHTS),
    "a row sums to less": (WEIGHTS * [[1], [0.5], [1]], WEIGHTS),
    "negative weights": (WEIGHTS - 0.5, WEIGHTS),
    "only negative weights": (WEIGHTS * -0.63, WEIGHTS),
    "what rounding leaves of zeros": (with_entries(np.zeros((2, 3)), [(0, 1)], 1e-17),
                                      np.zeros((2, 3))),
    "one entry": (with_entries(RIGHT, [(2, 3)], 1.0), RIGHT),
    "one number": (np.array([2.0]), np.array([3.0])),
    "a scalar": (np.float64(2.0), np.float64(3.0)),
    "an infinite scalar": (np.float64(np.inf), np.float64(3.0)),
    "no number": (np.float64(np.nan), np.float64(3.0)),
    "times a little more than one": (RIGHT * 1.000002, RIGHT),
    "tokens": (np.array([0, 2]), np.array([0, 1])),
    "booleans": (np.array([[True, False], [True, True]]), np.array([[True, False], [False, True]])),
}


def described(actual, expected) -> str:
    with pytest.raises(Mismatch) as caught:
        close(actual, expected)
    return " ".join(measure(caught.value, SIZES))


def test_every_description_reads_as_it_should(golden):
    golden("measured", "".join(f"{name}:\n  {described(*pair)}\n" for name, pair in WRONG.items()))


def test_a_quantity_is_named_only_if_no_other_fits():
    sizes = {"d_k": 9, "d_v": 3, "n_keys": 5, "n_heads": 2}
    for factor, offered in ((5, "; here n_keys is 5"), (1 / 3 ** 0.5, "; here 1/sqrt(d_v) is"),
                            (3, ""), (2, "")):
        said = about_factor(RIGHT * factor, RIGHT, sizes)
        assert offered in said and ("here" in said) == bool(offered), said


def test_a_dtype_that_is_too_wide_is_described(golden):
    with pytest.raises(Mismatch) as caught:
        close(RIGHT, RIGHT.astype(np.float32), rtol=1e-4, dtype=np.float32)
    golden("measured_dtype", " ".join(measure(caught.value, {})) + "\n")


def test_an_answer_that_should_move_and_does_not_is_described(golden):
    with pytest.raises(Mismatch) as caught:
        differs(RIGHT, RIGHT)
    golden("measured_same", " ".join(measure(caught.value, {})) + "\n")


def test_the_sizes_of_a_call_come_from_the_docstring():
    attention = load("kata_01_attention", solutions)["kata_01_attention"].attention
    q, k, v = np.ones((2, 3, 9)), np.ones((2, 5, 9)), np.ones((2, 5, 6))
    assert sizes_of(attention, (q, k, v), {}) == {"n_queries": 3, "n_keys": 5, "d_k": 9, "d_v": 6}


def test_every_kata_names_the_sizes_of_its_arguments():
    for function in ("attend_one", "attention_loop", "attention_scores", "attention_weights",
                     "attention"):
        home = load("kata_01_attention", solutions)["kata_01_attention"]
        q, k, v = np.ones((3, 9)), np.ones((5, 9)), np.ones((5, 6))
        arguments = {"attend_one": (q[0], k, v)}.get(
            function, (q, k, v)[: 2 + ("loop" in function or function == "attention")])
        assert sizes_of(getattr(home, function), arguments, {})["d_k"] == 9
    assert find("kata", "01").function_of("test_attention_loop_is_slow") == "attention_loop"


def test_what_a_spec_says_itself_is_shown_alone():
    with pytest.raises(Mismatch) as caught:
        fails(np.arange(3.0), "Any order will do, but this is none.")
    assert measure(caught.value, {}) == ("Any order will do, but this is none.",)


@pytest.mark.parametrize(("answer", "said"), [
    (RIGHT, "It gave an answer, but a ValueError is expected."),
    (None, "It returned None, but a ValueError is expected."),
    (ValueError("odd"),
     "It returned an exception and raised none: write `raise` instead of `return`."),
    (ValueError, "It returned an exception and raised none: write `raise` instead of `return`."),
], ids=["an array", "none", "an exception", "a kind of exception"])
def test_without_the_expected_value_error_the_answer_is_shown(answer, said):
    with pytest.raises(Mismatch) as caught:
        refuses(lambda: answer)
    assert measure(caught.value, {}) == (said,)
