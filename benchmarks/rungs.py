"""The rungs of the ladder: each one way to compute the same attention.

A rung is a function prepare(q, k, v, workers) that returns what to call. What is made
beforehand, such as scratch memory, belongs to the rung's memory but not to its time.
"""

import contextlib
import importlib
import math
from collections.abc import Callable

import numpy as np

from benchmarks.fast_attention import fast_attention
from tests.runner.lessons.loading import load, solutions

KATA = "kata_01_attention"
Prepare = Callable[[np.ndarray, np.ndarray, np.ndarray, int], Callable[[], object]]

# Slowest first. "solution ..." is there where the reader's own functions are "loop" and "vectorized".
LOOP, ROWS, VECTORIZED, REUSED, FAST, PRODUCTS, TORCH = (
    "loop", "rows", "vectorized", "reused", "fast", "products", "PyTorch")
ORDER = (LOOP, ROWS, VECTORIZED, REUSED, FAST, PRODUCTS, TORCH)
BY_SOLUTION = {LOOP: "solution loop", VECTORIZED: "solution vectorized"}


def rungs(of_reader: bool) -> dict[str, Prepare]:
    """Every rung there is; `import kata_01_attention` decides whose loop and vectorized attention."""
    kata = importlib.import_module(KATA)
    found = {
        LOOP: _plain(kata.attention_loop), ROWS: _plain(attention_in_rows), VECTORIZED: _plain(kata.attention),
        REUSED: reused, FAST: _fast, PRODUCTS: products,
    }
    if of_reader:
        theirs = load(KATA, solutions)[KATA]
        found |= {BY_SOLUTION[LOOP]: _plain(theirs.attention_loop), BY_SOLUTION[VECTORIZED]: _plain(theirs.attention)}
    with contextlib.suppress(ImportError):
        import torch  # noqa: F401

        found[TORCH] = pytorch
    return found


def attention_in_rows(q, k, v):
    """A Python loop over the queries; for each of them, NumPy takes all keys at once."""
    root = math.sqrt(q.shape[-1])
    output = np.empty((len(q), v.shape[-1]), v.dtype)
    for row, query in enumerate(q):
        scores = k @ query / root
        weights = np.exp(scores - scores.max())
        output[row] = weights @ v / weights.sum()
    return output


def reused(q, k, v, workers):
    """The vectorized version line by line, but every step writes into memory that is there already."""
    table = np.empty((len(q), len(k)), q.dtype)
    column = np.empty((len(q), 1), q.dtype)
    output = np.empty((len(q), v.shape[-1]), q.dtype)
    root = math.sqrt(q.shape[-1])

    def call():
        np.matmul(q, k.T, out=table)
        np.divide(table, root, out=table)
        np.subtract(table, table.max(axis=-1, keepdims=True, out=column), out=table)
        np.exp(table, out=table)
        np.divide(table, table.sum(axis=-1, keepdims=True, out=column), out=table)
        return np.matmul(table, v, out=output)

    return call


def products(q, k, v, workers):
    """No attention: its two matrix products alone, whole, into memory that is there already."""
    table = np.empty((len(q), len(k)), q.dtype)
    output = np.empty((len(q), v.shape[-1]), q.dtype)
    return lambda: np.matmul(np.matmul(q, k.T, out=table), v, out=output)


def pytorch(q, k, v, workers):
    """PyTorch's scaled_dot_product_attention on the same numbers, as one head of one text."""
    import torch

    torch.set_num_threads(workers)
    arrays = [torch.from_numpy(array)[None, None] for array in (q, k, v)]
    return lambda: torch.nn.functional.scaled_dot_product_attention(*arrays)


def _plain(function) -> Prepare:
    return lambda q, k, v, workers: lambda: function(q, k, v)


def _fast(q, k, v, workers):
    return lambda: fast_attention(q, k, v, workers)
