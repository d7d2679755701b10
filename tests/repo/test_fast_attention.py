"""The fast version and the other rungs compute the same as attention; only the time differs."""

import numpy as np
import pytest

from benchmarks import fast_attention
from benchmarks.harness import memory
from tests.runner.lessons.loading import load, solutions

KATA = "kata_01_attention"
D_K, D_V = 9, 6


@pytest.fixture(scope="module")
def attention():
    return load(KATA, solutions)[KATA].attention


def inputs(n_queries, n_keys, d_k=D_K, d_v=D_V, dtype=np.float32):
    rng = np.random.default_rng(n_queries)
    shapes = (n_queries, d_k), (n_keys, d_k), (n_keys, d_v)
    return tuple(rng.normal(size=shape).astype(dtype) for shape in shapes)


@pytest.fixture
def small_tiles(monkeypatch):
    monkeypatch.setattr(fast_attention, "QUERIES", 4)
    monkeypatch.setattr(fast_attention, "KEYS", 8)


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("n_queries, n_keys", [(1, 1), (4, 8), (5, 9), (11, 23), (12, 16), (31, 7)])
def test_tiles_that_do_not_divide_give_what_attention_does(
    attention, small_tiles, n_queries, n_keys, workers
):
    q, k, v = inputs(n_queries, n_keys)
    found = fast_attention.fast_attention(q, k, v, workers)
    assert found.dtype == np.float32 and found.shape == (n_queries, D_V)
    np.testing.assert_allclose(found, attention(q, k, v), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype, close", [(np.float32, 1e-5), (np.float64, 1e-12)])
def test_tiles_of_full_size_do_so_in_both_precisions(attention, dtype, close):
    q, k, v = inputs(fast_attention.QUERIES + 45, fast_attention.KEYS + 77, dtype=dtype)
    found = fast_attention.fast_attention(q, k, v, workers=2)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, attention(q, k, v), rtol=close, atol=close)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sign", [1, -1])
def test_scores_in_the_thousands_neither_overflow_nor_vanish(attention, small_tiles, dtype, sign):
    rng = np.random.default_rng(0)
    q = rng.integers(30, 40, size=(11, 16)).astype(dtype)
    k = sign * rng.integers(30, 40, size=(23, 16)).astype(
        dtype
    )  # scores of +-5,000, exact in float32
    v = rng.normal(size=(23, D_V)).astype(dtype)
    found = fast_attention.fast_attention(q, k, v)
    np.testing.assert_allclose(found, attention(q, k, v), rtol=1e-5, atol=1e-5)


def test_the_highest_score_may_come_in_any_block_of_keys(attention, small_tiles):
    q, k, v = inputs(5, 23)
    for nth in (0, 9, 22):
        moved = k.copy()
        moved[nth] *= 100
        np.testing.assert_allclose(
            fast_attention.fast_attention(q, moved, v), attention(q, moved, v), rtol=2e-4, atol=2e-4
        )  # float32 holds a score of 300 to within 3e-5


@pytest.mark.parametrize("scale", [1, 100])
def test_the_arguments_come_back_unchanged(small_tiles, scale):
    arrays = [scale * array for array in inputs(11, 23)]
    before = [array.copy() for array in arrays]
    fast_attention.fast_attention(*arrays, workers=2)
    for array, copy in zip(arrays, before):
        np.testing.assert_array_equal(array, copy)


def test_nan_is_not_hidden(small_tiles):
    q, k, v = inputs(5, 9)
    q[2, 3] = np.nan
    found = fast_attention.fast_attention(q, k, v)
    assert np.isnan(found[2]).all() and np.isfinite(np.delete(found, 2, axis=0)).all()


def test_memory_grows_no_faster_than_the_tokens():
    few, many = (inputs(tokens, tokens, 64, 64) for tokens in (512, 2048))
    held = [
        memory.by_python(lambda arrays=arrays: fast_attention.fast_attention(*arrays, workers=2))
        for arrays in (few, many)
    ]
    assert held[1] < 4 * held[0]
