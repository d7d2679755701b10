"""The fast version and the other rungs compute the same as attention; only the time differs."""

import numpy as np
import pytest

from benchmarks import fast_attention
from benchmarks.fast_attention import fast_backward, fast_forward
from benchmarks.harness import memory
from tests.runner.lessons.loading import load, solutions

KATA = "kata_01_attention"
D_K, D_V = 9, 6


@pytest.fixture(scope="module")
def attention():
    return load(KATA, solutions)[KATA].attention


@pytest.fixture(scope="module")
def attention_backward():
    return load("kata_08_backprop", solutions)["kata_08_backprop"].attention_backward


def inputs(n_queries, n_keys, d_k=D_K, d_v=D_V, dtype=np.float32):
    rng = np.random.default_rng(n_queries)
    shapes = (n_queries, d_k), (n_keys, d_k), (n_keys, d_v)
    return tuple(rng.normal(size=shape).astype(dtype) for shape in shapes)


@pytest.fixture
def small_tiles(monkeypatch):
    monkeypatch.setattr(fast_attention, "QUERIES", 4)
    monkeypatch.setattr(fast_attention, "KEYS", 8)
    monkeypatch.setattr(fast_attention, "cache_bytes", lambda: 0)


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("n_queries, n_keys", [(1, 1), (4, 8), (5, 9), (11, 23), (12, 16), (31, 7)])
def test_tiles_that_do_not_divide_give_what_attention_does(
    attention, small_tiles, n_queries, n_keys, workers
):
    q, k, v = inputs(n_queries, n_keys)
    found = fast_attention.fast_attention(q, k, v, workers=workers)
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
    """With one worker: of two, one may be done before the other holds anything."""
    few, many = (inputs(tokens, tokens, 64, 64) for tokens in (512, 2048))
    held = [
        memory.by_python(lambda arrays=arrays: fast_attention.fast_attention(*arrays, workers=1))
        for arrays in (few, many)
    ]
    assert held[1] < 4 * held[0]


def masks(n_queries, n_keys, kind):
    """For a kind of mask, the arguments that ask for it, and all of it as one table."""
    rng = np.random.default_rng(n_keys)
    some = rng.random((n_queries, n_keys)) < 0.4
    past = np.tri(n_queries, n_keys, n_keys - n_queries, dtype=bool)
    some[1] = False
    padding = np.arange(n_keys) < n_keys // 2
    return {"mask": ((some, False), some), "causal": ((None, True), past),
            "both": ((some, True), some & past), "padding": ((padding, False), padding)}[kind]


KINDS = ["mask", "causal", "both", "padding"]


@pytest.mark.parametrize("scale", [1, 100])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_queries, n_keys", [(11, 23), (23, 11), (12, 16)])
def test_masks_and_batches_give_what_attention_does(
    attention, small_tiles, n_queries, n_keys, kind, scale
):
    asked, mask = masks(n_queries, n_keys, kind)
    q, k, v = (np.stack([one, one[::-1]]) for one in inputs(n_queries, n_keys, dtype=np.float64))
    found = fast_attention.fast_attention(scale * q, k, v[None], *asked, workers=2)
    expected = attention(scale * q, k, v[None], mask)
    assert found.shape == (1, 2, n_queries, D_V)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(found == 0, expected == 0)  # where there is nothing to see


@pytest.mark.parametrize("scale", [1, 100])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("workers", [1, 3])
def test_the_backward_pass_gives_what_lesson_8_does(
    attention_backward, small_tiles, kind, scale, workers
):
    asked, mask = masks(13, 21, kind)
    q, k, v = (np.stack([one, one[::-1]]) for one in inputs(13, 21, dtype=np.float64))
    grad_out = np.random.default_rng(0).normal(size=(2, 13, D_V))
    arguments = scale * q, k, v
    output, log_sum = fast_forward(*arguments, *asked, workers)
    found = fast_backward(*arguments, output, log_sum, grad_out, *asked, workers)
    for one, expected in zip(found, attention_backward(*arguments, grad_out, mask)):
        np.testing.assert_allclose(one, expected, rtol=1e-10, atol=1e-10)


def test_the_logarithm_of_the_sum_is_a_column(small_tiles):
    asked, mask = masks(11, 23, "mask")
    q, k, v = inputs(11, 23, dtype=np.float64)
    _, log_sum = fast_forward(q, k, v, *asked)
    scores = np.where(mask, q @ k.T / np.sqrt(D_K), -np.inf)
    expected = np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    np.testing.assert_allclose(log_sum, expected, rtol=1e-12)
    assert expected[1] == -np.inf


def test_tiles_of_the_future_and_of_padding_are_never_computed(small_tiles, monkeypatch):
    seen, exp = [], fast_attention._exp

    def watched(tile, *rest):
        seen.append(tile.shape)
        exp(tile, *rest)

    monkeypatch.setattr(fast_attention, "_exp", watched)
    q, k, v = inputs(16, 16)
    fast_attention.fast_attention(q, k, v, causal=True)  # 4 queries by 8 keys
    assert sorted(seen) == [(4, 8)] * 6
    seen.clear()
    fast_attention.fast_attention(q, k, v, np.arange(16) < 8)
    assert sorted(seen) == [(4, 8)] * 4


def test_whole_numbers_are_taken(attention):
    q, k, v = np.arange(6).reshape(3, 2) % 3, np.arange(8).reshape(4, 2) % 5, np.arange(4)[:, None]
    found = fast_attention.fast_attention(q, k, v)
    np.testing.assert_allclose(found, attention(q, k, v), rtol=1e-12)


def test_a_tile_fills_the_cache_that_is_there(monkeypatch, tmp_path):
    shapes = []
    for text in ("512K", "1024K", "2048K", "what?"):
        (tmp_path / "size").write_text(text + "\n")
        monkeypatch.setattr(fast_attention, "CACHE", tmp_path / "size")
        fast_attention.cache_bytes.cache_clear()
        shapes.append(fast_attention.tile_shape(4096, 2, 4))
    assert shapes == [(512, 256), (1024, 256), (1024, 512), (512, 256)]
    assert fast_attention.tile_shape(600, 3, 4) == (200, 256)  # each worker has some
    (tmp_path / "size").unlink()
    fast_attention.cache_bytes.cache_clear()
    assert fast_attention.tile_shape(1, 2, 8) == (1, 256)
    fast_attention.cache_bytes.cache_clear()
