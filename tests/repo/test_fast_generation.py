"""The fast version gives the logits of cached_gpt; only the time differs."""

import numpy as np
import pytest

from benchmarks.fast_generation import FastWriter
from tests.forward_08_backprop import narrow, random_gpt
from tests.runner.lessons.loading import load, solutions

KATA = "kata_11_generation"


@pytest.fixture(scope="module")
def cached_gpt():
    return load(KATA, solutions)[KATA].cached_gpt


@pytest.mark.parametrize("untied", [False, True])
def test_it_gives_what_the_solution_gives(cached_gpt, untied):
    params = random_gpt(untied=untied)
    writer, ids = FastWriter(params, 2), np.random.default_rng(0).integers(9, size=7)
    right, _ = cached_gpt(ids, params, 2)
    for token, row in zip(ids, right):
        np.testing.assert_allclose(writer.read(token), row, rtol=1e-9)


def test_it_keeps_float32(cached_gpt):
    params = narrow(random_gpt())
    logits = FastWriter(params, 2).read(3)
    right, _ = cached_gpt(np.array([3]), params, 2)
    assert logits.dtype == np.float32
    np.testing.assert_allclose(logits, right[0], rtol=1e-3, atol=1e-3)


def test_it_refuses_more_tokens_than_positions():
    writer = FastWriter(random_gpt(n_positions=3), 2)
    for token in (1, 2, 3):
        writer.read(token)
    with pytest.raises(ValueError, match="only 3 positions"):
        writer.read(4)


def test_it_changes_no_parameters():
    params = random_gpt()
    before = {name: params[name].copy() for name in ("token_table", "position_table")}
    writer = FastWriter(params, 2)
    writer.read(1)
    writer.read(2)
    assert all(np.array_equal(params[name], array) for name, array in before.items())
