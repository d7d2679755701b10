"""Attention as fast as NumPy allows: tiles that stay in cache, scratch reused, a thread a core.

The plainly vectorized version writes a table of n x n scores and reads it five times, each
time from main memory. Here a tile of scores, QUERIES by KEYS, is made, turned into weights and
multiplied with the values while the processor still holds it near; then the next tile takes its
place. So memory grows with the tokens, not with their square.

Let BLAS have one thread (benchmarks/harness/threads.py): the workers are the threads here, and
each product then stays on its worker's core.
"""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np

QUERIES, KEYS = 256, 1024  # a tile of float32 is 1 MiB: about the second-level cache of a core
SAFE = 30.0  # exp(30) is far from the largest float32, exp(-30) far from the smallest


def fast_attention(q, k, v, workers=1):
    """Answer every query with a blend of the values: attention(q, k, v) without a mask, in tiles.

    q:       (n_queries, d_k)
    k:       (n_keys, d_k)
    v:       (n_keys, d_v)
    workers: how many threads share the tiles
    returns: (n_queries, d_v)
    """
    output = np.empty((len(q), v.shape[-1]), np.result_type(q, k, v))
    shift = not _largest_score(q, k) < SAFE  # so that NaN shifts, too
    starts = range(0, len(q), QUERIES)
    workers = min(workers, len(starts))
    spare = [_Scratch(len(q), len(k), output) for _ in range(workers)]

    def answer(start):
        rows = slice(start, start + QUERIES)
        scratch = spare.pop()
        _answer(q[rows], k, v, output[rows], scratch, shift)
        spare.append(scratch)

    if workers < 2:
        for start in starts:
            answer(start)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(answer, starts))
    return output


class _Scratch:
    """What a worker writes to, again and again."""

    def __init__(self, n_queries, n_keys, output):
        queries, keys = min(QUERIES, n_queries), min(KEYS, n_keys)
        self.tile = np.empty(queries * keys, output.dtype)
        self.blend = np.empty((queries, output.shape[-1]), output.dtype)
        self.ones = np.ones((1, keys), output.dtype)


def _answer(q, k, v, output, scratch, shift):
    """Write the answers to a few queries into output, a block of keys after the other.

    Scores are (keys, queries): BLAS is quicker at K Q^T than at Q K^T for tiles as wide as these.
    The softmax's denominator is divided out at the end, from (queries, d_v), not from each weight.
    """
    q = q / math.sqrt(q.shape[-1])
    blend = scratch.blend[: len(q)]
    total = np.zeros(len(q), output.dtype)
    highest = np.full(len(q), -np.inf, output.dtype)
    for start in range(0, len(k), KEYS):
        keys, values = k[start : start + KEYS], v[start : start + KEYS]
        tile = scratch.tile[: len(keys) * len(q)].reshape(len(keys), len(q))
        np.matmul(keys, q.T, out=tile)
        if shift:  # as softmax does, but the highest score is only the highest so far
            before, highest = highest, np.maximum(highest, tile.max(axis=0))
            shrink = np.exp(before - highest)
            total *= shrink
            if start:
                output *= shrink[:, None]
            tile -= highest
        np.exp(tile, out=tile)
        total += (scratch.ones[:, : len(keys)] @ tile)[0]
        np.matmul(tile.T, values, out=blend if start else output)
        if start:
            output += blend
    output /= total[:, None]


def _largest_score(q, k):
    """A bound that no score exceeds, from the lengths of the vectors (Cauchy and Schwarz)."""
    longest_q, longest_k = (math.sqrt(np.einsum("nd,nd->n", x, x).max()) for x in (q, k))
    return longest_q * longest_k / math.sqrt(q.shape[-1])
