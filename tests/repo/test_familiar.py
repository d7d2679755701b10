"""A mistake is named though more is wrong with inputs that no spec has asked for yet."""

import numpy as np
import pytest

from tests.repo.misplaced import Misplaced
from tests.repo.test_place import red_case
from tests.runner.diagnosis.familiar import Familiar
from tests.runner.diagnosis.finders import FINDERS, first_finding
from tests.runner.diagnosis.trials import tried

# The mistake, and the code; what else is wrong with it stands beside it.
UNFINISHED = [
    ("multiplies_by_the_temperature", """
def probabilities(logits, temperature=1.0):
    return softmax(logits * temperature)  # and a temperature of 0 is not asked for
"""),
    ("takes_the_sorting_for_ranks", """
def top_k(probs, k):
    in_order = (-probs).argsort(axis=-1)
    kept = np.where(in_order < k, probs, 0)
    return kept / kept.sum(axis=-1, keepdims=True)  # and a k of 0 divides by 0
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


def half_a_root(x, axis=-1):
    return np.sqrt(x) / 2 if x.size else x.sum()


@pytest.mark.parametrize("new", [
    (np.array([4, 9]),), (np.array([4.0, 9.0], np.float32),), (np.array([[4.0, 9.0]]),),
    (np.array([4.0, 9.0, 1.0]),), (np.array([4.0, 9e9]),), (np.array([4.0, 9.0]), 0)])
def test_something_new_is_strange(new):
    seen, same, other = tried([((np.array([4.0, 9.0]),), {}), ((np.array([1.0, 2.0]),), {}),
                               (new, {})], half_a_root, lambda x, axis=-1: np.sqrt(x))
    familiar = Familiar([seen], half_a_root)
    assert familiar.is_strange(other) and not familiar.is_strange(same)


def test_what_is_right_is_not_strange():
    seen, right = tried([((np.array([4.0, 9.0]),), {}), ((np.zeros((2, 2)),), {})], half_a_root,
                        lambda x, axis=-1: np.sqrt(x))
    assert not Familiar([seen], half_a_root).is_strange(right)
