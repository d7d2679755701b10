"""Attention as fast as NumPy allows: tiles that stay in cache, scratch used again, several threads.

The plainly vectorized version writes a table of n x n scores and reads it five times, each
time from main memory. Here a tile of scores, some queries by some keys, is made, turned into
weights and multiplied with the values while the processor still holds it near; then the next
tile takes its place. So memory grows with the tokens, not with their square.

A tile is passed over as rarely as can be: the first product writes it, exp rewrites it, and two
products read it, with the values and with ones (its sums). The scale is in the queries, and the
softmax's denominator is divided out at the end, from (n_queries, d_v) numbers.

The softmax in tiles is from Milakov and Gimelshein (2018, arXiv:1805.02867); the tiles of
attention and its backward pass are from Dao and others (FlashAttention, 2022, arXiv:2205.14135).

Let BLAS have one thread (benchmarks/harness/threads.py): the workers are the threads here, and
each product then stays on its worker's core.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

CACHE = Path("/sys/devices/system/cpu/cpu0/cache/index2/size")  # Linux; its text is like "512K"
QUERIES = 512  # at least; BLAS copies the keys and values of a tile, and queries share that work
MOST = 1024  # queries; more gain nothing, and leave fewer blocks to share out
KEYS = 256  # at least; with fewer, more time goes into calls than a smaller tile saves
SAFE = 30.0  # exp(30) is far from the largest float32, exp(-30) far from the smallest


def fast_attention(q, k, v, mask=None, causal=False, workers=1):
    """Answer every query with a blend of the values: attention(q, k, v, mask), in tiles.

    q:       (..., n_queries, d_k)
    k:       (..., n_keys, d_k)
    v:       (..., n_keys, d_v)
    mask:    boolean, broadcasts to (..., n_queries, n_keys); True means "may attend"
    causal:  True masks the future, too; the last query sees the last key
    workers: how many threads share the queries
    returns: (..., n_queries, d_v)
    """
    return fast_forward(q, k, v, mask, causal, workers)[0]


def fast_forward(q, k, v, mask=None, causal=False, workers=1):
    """The same, with what the backward pass needs.

    returns: output, (..., n_queries, d_v)
             log_sum, (..., n_queries, 1): the logarithm of each softmax's denominator; -inf where
             a query may attend to nothing
    """
    q, k, v, mask = _alike(q, k, v, mask)
    output = np.zeros((*q.shape[:-1], v.shape[-1]), q.dtype)
    log_sum = np.full((*q.shape[:-1], 1), -np.inf, q.dtype)
    large = _scores_may_be_large(q, k)

    def answer(at, rows, tiles, scratch):
        _answer(q[at][rows], k[at], v[at], tiles, scratch, large, output[at][rows],
                log_sum[at][rows])

    _share(answer, q, k, mask, causal, workers)
    return output, log_sum


def fast_backward(q, k, v, output, log_sum, grad_out, mask=None, causal=False, workers=1):
    """Send a gradient back through fast_attention, in the same tiles.

    output, log_sum: what fast_forward returned
    grad_out:        (..., n_queries, d_v)
    returns:         (grad_q, grad_k, grad_v), of the shapes of q, k and v, whose batch axes are
                     the same here
    """
    q, k, v, mask = _alike(q, k, v, mask)
    large = _scores_may_be_large(q, k)
    grad_q = np.zeros_like(q)
    grads = [(np.zeros_like(k), np.zeros_like(v)) for _ in range(workers)]  # added up at the end

    def back(at, rows, tiles, scratch):
        grad_k, grad_v = grads[scratch.worker]
        _back(q[at][rows], k[at], v[at], tiles, scratch, large, output[at][rows], log_sum[at][rows],
              grad_out[at][rows], grad_q[at][rows], grad_k[at], grad_v[at])

    _share(back, q, k, mask, causal, workers)
    return grad_q, *map(sum, zip(*grads))


def _answer(q, k, v, tiles, scratch, large, output, log_sum):
    """Write the answers to a block of queries, and the logarithms of their denominators."""
    q = q / math.sqrt(q.shape[-1])
    ones, total = np.ones((len(k), 1), k.dtype), np.zeros_like(log_sum)
    highest = np.full_like(log_sum, -np.inf if large else 0)
    for first, keys, allowed in tiles:  # the queries before the first see nothing of this tile
        rows, values = slice(first, None), v[keys]
        tile = scratch("tile", len(q) - first, len(values))
        np.matmul(q[rows], k[keys].T, out=tile)
        if large:  # as softmax does, but the highest score is only the highest so far
            _hide(tile, allowed)
            before = highest[rows].copy()
            np.maximum(before, tile.max(axis=-1, keepdims=True), out=highest[rows])
            level = np.where(np.isneginf(highest[rows]), 0, highest[rows])
            tile -= level
            shrink = np.exp(before - level)
            total[rows] *= shrink
            output[rows] *= shrink
        _exp(tile, allowed, large)
        _add(total[rows], tile, ones[: len(values)], scratch)
        _add(output[rows], tile, values, scratch)
    seen = total != 0
    output /= np.where(seen, total, 1)
    np.log(total, out=log_sum, where=seen)
    log_sum += highest


def _back(q, k, v, tiles, scratch, large, output, log_sum, grad_out, grad_q, grad_k, grad_v):
    """Add what a block of queries sends back; the weights are made again from log_sum."""
    root = math.sqrt(q.shape[-1])
    q = q / root
    log_sum = np.where(np.isneginf(log_sum), np.inf, log_sum)  # whose weights are 0
    common = np.einsum("nd,nd->n", output, grad_out)[:, None]  # sum(weights * grad_weights)
    for first, keys, allowed in tiles:
        rows, values = slice(first, None), v[keys]
        weights = scratch("weights", len(q) - first, len(values))
        grad_scores = scratch("grad_scores", *weights.shape)
        np.matmul(q[rows], k[keys].T, out=weights)
        if large:
            _hide(weights, allowed)
        weights -= log_sum[rows]
        _exp(weights, allowed, large)
        _add(grad_v[keys], weights.T, grad_out[rows], scratch)
        np.matmul(grad_out[rows], values.T, out=grad_scores)
        grad_scores -= common[rows]
        grad_scores *= weights
        _add(grad_q[rows], grad_scores, k[keys], scratch)
        _add(grad_k[keys], grad_scores.T, q[rows], scratch)
    grad_q /= root


def _add(total, a, b, scratch):
    """total += a @ b, without new memory."""
    total += np.matmul(a, b, out=scratch("product", *total.shape))


def _hide(scores, allowed):
    """Write -inf over the scores of a tile that count for nothing."""
    if allowed is not None:
        np.copyto(scores, -np.inf, where=~allowed)


def _exp(tile, allowed, large):
    """Write exp over a tile, and 0 where nothing is allowed."""
    if large:  # subnormal numbers take several times as long; less than eps of any sum is nothing
        limits = np.finfo(tile.dtype)
        np.maximum(tile, math.log(limits.tiny / limits.eps), out=tile)
    np.exp(tile, out=tile)
    if allowed is not None:
        tile *= allowed  # which takes a fraction of the time that -inf in some places takes


def _share(work, q, k, mask, causal, workers):
    """Do work(at, rows, tiles, scratch) for each block of queries (rows) in each batch (at)."""
    n_queries, n_keys = q.shape[-2], k.shape[-2]
    n_past = n_keys - n_queries if causal else None
    height, width = tile_shape(n_queries, workers, q.itemsize)
    spare = [_Scratch(worker, q.dtype) for worker in range(workers)]

    def block(at, start):
        rows, scratch = slice(start, min(start + height, n_queries)), spare.pop()
        tiles = _tiles(rows, n_keys, width, n_past, None if mask is None else mask[at])
        work(at, rows, tiles, scratch)
        spare.append(scratch)

    starts = range(0, n_queries, height)[::-1]  # of causal blocks the last is the longest
    blocks = [(at, start) for at in np.ndindex(q.shape[:-2]) for start in starts]
    if min(workers, len(blocks)) < 2:
        for one in blocks:
            block(*one)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda one: block(*one), blocks))


def _tiles(rows, n_keys, width, n_past, mask):
    """The tiles of a block of queries: the first query that sees a key, the keys, the mask.

    A tile of which no query sees anything is left out. n_past is None, or query i sees the keys up
    to i + n_past, and no later ones.
    """
    for start in range(0, n_keys, width):
        keys = slice(start, min(start + width, n_keys))
        first = rows.start if n_past is None else max(rows.start, start - n_past)
        if first >= rows.stop:
            return  # the future begins here
        allowed = None if mask is None else mask[first : rows.stop, keys]
        if n_past is not None and keys.stop > first + n_past + 1:
            past = np.tri(rows.stop - first, keys.stop - start, first + n_past - start, bool)
            allowed = past if allowed is None else allowed & past
        if allowed is None or allowed.any():
            yield first - rows.start, keys, allowed


class _Scratch:
    """What a worker writes to, again and again: some memory for each name."""

    def __init__(self, worker, dtype):
        self.worker, self.dtype, self.memory = worker, dtype, {}

    def __call__(self, name, n_rows, n_columns):
        size = n_rows * n_columns
        if name not in self.memory or self.memory[name].size < size:
            self.memory[name] = np.empty(size, self.dtype)
        return self.memory[name][:size].reshape(n_rows, n_columns)


def tile_shape(n_queries, workers, itemsize):
    """How many queries and keys a tile has: it fills the cache, and no worker is idle."""
    height = min(MOST, max(QUERIES, cache_bytes() // (KEYS * itemsize)))
    height = max(1, min(height, math.ceil(n_queries / workers)))
    return height, max(KEYS, cache_bytes() // (height * itemsize))


@cache
def cache_bytes():
    """The size of a core's second-level cache; 0 if it is not known."""
    try:
        return 1024 * int(CACHE.read_text().strip().removesuffix("K"))
    except (OSError, ValueError):
        return 0


def _alike(q, k, v, mask):
    """The same arrays with the same dtype and batch axes."""
    dtype = np.result_type(q, k, v)
    dtype = dtype if np.issubdtype(dtype, np.inexact) else np.float64
    masks = [] if mask is None else [mask]
    axes = np.broadcast_shapes(*(np.shape(one)[:-2] for one in (q, k, v, *masks)))
    q, k, v = (np.broadcast_to(one, axes + one.shape[-2:]).astype(dtype, copy=False)
               for one in (q, k, v))
    if masks:
        mask = np.broadcast_to(mask, (*axes, q.shape[-2], k.shape[-2]))
    return q, k, v, mask


def _scores_may_be_large(q, k):
    """Whether the lengths of the vectors leave it open (Cauchy and Schwarz), or there is a NaN."""
    longest_q, longest_k = (math.sqrt(np.einsum("...d,...d->...", x, x).max(initial=0))
                            for x in (q, k))
    return not longest_q * longest_k / math.sqrt(q.shape[-1]) < SAFE
