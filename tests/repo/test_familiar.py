"""A mistake is named though more is wrong with inputs that no spec has asked for yet."""

import numpy as np
import pytest

from tests.repo.misplaced import Misplaced
from tests.repo.test_place import red_case
from tests.runner.diagnosis.familiar import have_something_new
from tests.runner.diagnosis.finders import FINDERS, first_finding
from tests.runner.diagnosis.trials import tried

# The mistake, and the code; what else is wrong with it stands beside it.
UNFINISHED = [
    ("multiplies_by_the_temperature", """
def probabilities(logits, temperature=1.0):
    return softmax(logits * temperature)  # and a temperature of 0 is not asked for
"""),
    ("doubles_the_exponent", """
def sinusoidal_encoding(n_tokens, d_model, base=10_000.0):
    table = np.zeros((n_tokens, d_model))
    for pos in range(n_tokens):
        for i in range(0, d_model, 2):
            angle = pos / base ** (2 * i / d_model)
            table[pos, i] = np.sin(angle)
            table[pos, i + 1] = np.cos(angle)  # and an odd width has no such column
    return table
"""),
    ("ignores_the_start", """
def add_positions(x, table, start=0):
    return x + table[: x.shape[-2]]  # and what is past the end is not refused
"""),
    ("divides_by_the_first_axis", """
def cross_entropy_backward(logits, targets, ignore_index=-1):
    one_hot = np.eye(logits.shape[-1])[targets]  # and what is ignored may be no column
    return (softmax(logits) - one_hot) / len(targets)
"""),
]


@pytest.mark.parametrize("name, code", UNFINISHED, ids=lambda text: text.split("(")[0].split()[-1])
def test_a_mistake_is_named_in_an_unfinished_function(tmp_path, name, code):
    wrong = Misplaced("", code)
    case = red_case(wrong.kata, wrong.module(tmp_path), wrong.function)
    assert first_finding(case, FINDERS).named == (name,)


@pytest.mark.parametrize("new, is_new", [
    ((np.array([4, 9]),), True), ((np.array([4.0, 9.0], np.float32),), True),
    ((np.array([4.0, 9.0, 1.0]),), True), ((np.array([4.0, 9e9]),), True),
    ((np.array([4.0, 9.0]), 0), True), ((np.array([[1.0, 2.0]]),), False)])
def test_what_is_new_in_an_input(new, is_new):
    known, other = tried([((np.array([4.0, 9.0]),), {}), (new, {})], np.sum, np.sum)
    assert have_something_new([other], [known], [], half) == is_new
    assert not have_something_new([other], [known, other], [], half)


def test_a_dtype_is_new_even_if_it_made_no_difference_elsewhere():
    whole, half_way, odd = tried([((np.array([4.0, 9.0]),), {}), ((np.array([4, 9]),), {}),
                                  ((np.array([4.0, 9.0, 1.0]),), {})], np.sum, np.sum)
    assert have_something_new([half_way], [whole], [half_way], half)
    assert not have_something_new([odd], [whole], [odd], half)


def half(x, axis=-1):
    return x / 2


UNEXPLAINED = [("transposed in another way with batch axes", """
def feed_forward(x, w_in, b_in, w_out, b_out, activation=gelu):
    hidden = activation(x @ w_in + b_in)
    return (hidden @ w_out + b_out).T
"""), ("only one input looks as if the network were left out", """
def encoder_block(x, block, n_heads, mask=None):
    attended = multi_head_attention(x, n_heads=n_heads, mask=mask, **block["attention"])
    stream = layer_norm(attended + x, **block["norm_1"])
    thought = feed_forward(attended, activation=relu, **block["feed_forward"])
    return layer_norm(stream + thought, **block["norm_2"])
""")]


@pytest.mark.parametrize("name, code", UNEXPLAINED, ids=lambda text: text.split("(")[0].strip())
def test_what_is_not_new_has_to_be_explained(tmp_path, name, code):
    wrong = Misplaced(name, code)
    case = red_case(wrong.kata, wrong.module(tmp_path), wrong.function)
    assert not first_finding(case, FINDERS).named
