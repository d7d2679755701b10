"""The fast version gives the loss and the gradients of gpt_gradients; only the time differs."""

import copy

import numpy as np
import pytest

from benchmarks import fast_gradients
from benchmarks.fast_gradients import FastGradients
from tests.forward_08_backprop import leaves, narrow, random_gpt, replaced
from tests.runner.lessons.loading import load, solutions

KATA = "kata_08_backprop"


@pytest.fixture(scope="module")
def gpt_gradients():
    return load(KATA, solutions)[KATA].gpt_gradients


def texts(*shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(9, size=shape), rng.integers(-1, 9, size=shape)


def check(found, right, rtol=1e-9):
    """The loss, every gradient and its dtype, and nothing else."""
    np.testing.assert_allclose(found[0], right[0], rtol=rtol)
    ours, theirs = dict(leaves(found[1])), dict(leaves(right[1]))
    assert ours.keys() == theirs.keys()
    room = rtol * max(np.abs(array).max() for array in theirs.values())
    for path, grad in ours.items():
        assert grad.dtype == theirs[path].dtype
        np.testing.assert_allclose(grad, theirs[path], rtol=rtol, atol=room, err_msg=str(path))


@pytest.mark.parametrize("untied", [False, True])
@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 6), (1, 1)])
def test_it_gives_what_the_solution_gives(gpt_gradients, shape, untied):
    params = random_gpt(untied=untied)
    for n_heads in (1, 2):
        case = *texts(*shape), params
        check(FastGradients(n_heads)(*case), gpt_gradients(*case, n_heads))


def test_float32_stays_float32(gpt_gradients):
    case = *texts(3, 5), narrow(random_gpt())
    check(FastGradients(2)(*case), gpt_gradients(*case, 2), rtol=1e-4)


def test_its_memory_remembers_nothing(gpt_gradients):
    fast, params = FastGradients(2), random_gpt()
    first = fast(*texts(3, 5), params)
    kept = copy.deepcopy(first)
    for shape, seed in (((3, 5), 1), ((2, 4), 2), ((3, 5), 3)):
        case = *texts(*shape, seed=seed), random_gpt(untied=seed == 2)
        check(fast(*case), gpt_gradients(*case, 2))
    check(first, kept, rtol=0)  # what it returned before has not changed


def test_it_changes_none_of_its_arguments():
    case = *texts(3, 5), random_gpt()
    before = copy.deepcopy(case)
    FastGradients(2)(*case)
    for one, other in zip(before[:2], case[:2]):
        np.testing.assert_array_equal(one, other)
    check((0.0, case[2]), (0.0, before[2]), rtol=0)


def test_any_target_may_be_ignored_and_all_of_them(gpt_gradients):
    ids, targets = texts(3, 5)
    params = random_gpt()
    for ignored, marked in ((4, targets % 9), (-1, np.full_like(targets, -1))):
        case = ids, marked, params
        check(FastGradients(2)(*case, ignored), gpt_gradients(*case, 2, ignored))


def test_scores_in_the_thousands_neither_overflow_nor_vanish(gpt_gradients):
    params = random_gpt()
    for i in range(3):
        path = "blocks", i, "attention", "w_q"
        params = replaced(params, path, 2000 * params["blocks"][i]["attention"]["w_q"])
    case = *texts(3, 5), params
    check(FastGradients(2)(*case), gpt_gradients(*case, 2), rtol=1e-6)


def test_a_large_vocabulary_is_added_up_row_by_row(gpt_gradients, monkeypatch):
    monkeypatch.setattr(fast_gradients, "FEW", 8)
    case = *texts(3, 5), random_gpt()
    check(FastGradients(2)(*case), gpt_gradients(*case, 2))


@pytest.mark.parametrize("n_heads, n_tokens", [(3, 5), (2, 8)])
def test_what_the_solution_refuses_is_refused(gpt_gradients, n_heads, n_tokens):
    case = *texts(2, n_tokens), random_gpt()
    with pytest.raises(ValueError):
        gpt_gradients(*case, n_heads)
    with pytest.raises(ValueError):
        FastGradients(n_heads)(*case)
