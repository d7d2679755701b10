"""Lesson 13: fast attention, the same numbers without the table of scores.

You build six functions:

    attend_to_tile            attention to some of the keys: a part of a softmax, not yet divided
    combine                   two parts to one
    finish                    divide, at the very end
    tiled_attention           attention, a tile of the keys at a time
    causal_tiled_attention    the same without the tiles that lie in the future
    tiled_attention_backward  the gradients, a tile at a time

A part is a tuple (highest, total, blend) with a row for each query: the highest score so far, the
sum of exp(score - highest), and the values, each times exp(score - highest), added up. The part of
a query that has seen no key is empty: -inf, 0 and zeros. highest, total and log_sum are columns,
(..., n_queries, 1). float32 stays float32, integers count as float64, and no function changes its
arguments.
The lesson is katas/lesson_13_fast_attention.md.
"""

import math

import numpy as np
from kata_01_attention import attention_scores


def attend_to_tile(q, k, v, mask=None):
    """Attend to a tile of keys and values, and keep what is needed to add other tiles to it.

    q:       (..., n_queries, d_k)
    k:       (..., n_keys, d_k), a tile: some of the keys, perhaps none
    v:       (..., n_keys, d_v)
    mask:    boolean, broadcasts to (..., n_queries, n_keys); True means "may attend"
    returns: a tuple (highest, total, blend)
             highest: (..., n_queries, 1), the highest score; -inf for a query that sees no key
             total:   (..., n_queries, 1), the sum of exp(scores - highest); 0 if it sees none
             blend:   (..., n_queries, d_v), exp(scores - highest) V; zeros if it sees none

        scores = Q K^T / sqrt(d_k), over the keys where mask is True

    >>> q, k, v = np.array([[2.0, 0, 0, 0]]), np.eye(2, 4) * 5, np.array([[1.0, 2], [3, 4]])
    >>> attend_to_tile(q, k, v, np.array([True, False]))
    (array([[5.]]), array([[1.]]), array([[1., 2.]]))

    Source: Milakov and Gimelshein 2018, "Online normalizer calculation for softmax".
    """
    scores = q / math.sqrt(q.shape[-1]) @ k.swapaxes(-1, -2)  # q is smaller than the scores
    if mask is not None and not mask.all():
        scores = np.where(mask, scores, -np.inf)
    highest = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    scores -= np.where(highest == -np.inf, 0.0, highest)  # as -inf - -inf would be NaN
    exps = np.exp(scores, out=scores)
    return highest, exps.sum(axis=-1, keepdims=True), exps @ v


def combine(a, b):
    """Make one part of two: what attend_to_tile would return for the keys of both together.

    a:       a part (highest, total, blend), as attend_to_tile returns it
    b:       another one, of the same queries and other keys
    returns: the part of all these keys

        highest = max(highest_a, highest_b)
        total   = exp(highest_a - highest) total_a + exp(highest_b - highest) total_b
        blend   = exp(highest_a - highest) blend_a + exp(highest_b - highest) blend_b

    In whatever order many parts are combined, the result is the same. An empty part, (-inf, 0,
    zeros), changes nothing, and two of them are empty together.

    >>> a = np.array([[5.0]]), np.array([[2.0]]), np.array([[1.0, 3.0]])
    >>> b = np.array([[-np.inf]]), np.array([[0.0]]), np.array([[0.0, 0.0]])
    >>> combine(a, a)
    (array([[5.]]), array([[4.]]), array([[2., 6.]]))
    >>> combine(a, b)
    (array([[5.]]), array([[2.]]), array([[1., 3.]]))

    Source: Rabe and Staats 2021, "Self-attention Does Not Need O(n^2) Memory", section 2.
    """
    (highest_a, total_a, blend_a), (highest_b, total_b, blend_b) = a, b
    highest = np.maximum(highest_a, highest_b)
    shift = np.where(highest == -np.inf, 0.0, highest)
    share_a, share_b = np.exp(highest_a - shift), np.exp(highest_b - shift)
    return highest, share_a * total_a + share_b * total_b, share_a * blend_a + share_b * blend_b


def finish(part):
    """Divide a part by its total, once all keys are in it.

    part:    a part (highest, total, blend), as attend_to_tile and combine return it
    returns: a tuple (output, log_sum)
             output:  (..., n_queries, d_v), zeros for a query that has seen no key
             log_sum: (..., n_queries, 1), the logarithm of the sum of exp(scores); -inf for such a
                      query

        output  = blend / total
        log_sum = highest + log(total)

    >>> finish((np.array([[5.0]]), np.array([[1.0]]), np.array([[1.0, 3.0]])))
    (array([[1., 3.]]), array([[5.]]))

    Source: Dao 2023, "FlashAttention-2", section 3.1.
    """
    highest, total, blend = part
    total = np.where(total == 0, 1.0, total)  # zeros stay zeros, -inf stays -inf
    return blend / total, highest + np.log(total)


def tiled_attention(q, k, v, mask=None, tile=64):
    """Answer every query with a blend of the values, without ever having all scores at once.

    q:       (..., n_queries, d_k)
    k:       (..., n_keys, d_k), perhaps of no keys
    v:       (..., n_keys, d_v)
    mask:    boolean, broadcasts to (..., n_queries, n_keys); True means "may attend"
    tile:    how many keys are attended to at a time; the last tile may have fewer
    returns: a tuple (output, log_sum)
             output:  (..., n_queries, d_v), that of attention(q, k, v, mask)
             log_sum: (..., n_queries, 1), as finish returns it

        attend to each tile of the keys, combine the parts, finish

    At no time are more than n_queries * tile scores held.

    >>> output, log_sum = tiled_attention(np.zeros((1, 9)), np.ones((2, 9)), np.eye(2), tile=1)
    >>> output, np.exp(log_sum)
    (array([[0.5, 0.5]]), array([[2.]]))

    Source: Dao et al. 2022, "FlashAttention", algorithm 1.
    """
    n_keys = k.shape[-2]
    if mask is not None:
        mask = np.broadcast_to(mask, (*np.shape(mask)[:-1], n_keys))
    part = attend_to_tile(q, k[..., :0, :], v[..., :0, :])  # of no keys: the empty part
    for start in range(0, n_keys, tile):
        keys = slice(start, start + tile)
        seen = None if mask is None else mask[..., keys]
        part = combine(part, attend_to_tile(q, k[..., keys, :], v[..., keys, :], seen))
    return finish(part)


def causal_tiled_attention(q, k, v, tile=64):
    """Attend causally: of each tile of queries, to the tiles of keys up to it, and to no others.

    q:       (..., n_queries, d_k), the last tokens, or all
    k:       (..., n_keys, d_k)
    v:       (..., n_keys, d_v)
    tile:    how many queries, and how many keys, at a time
    returns: a tuple (output, log_sum), as tiled_attention returns it

        The last query sees the last key: query i sees key j if j <= i + n_keys - n_queries.
        A query that sees no key, as there are more queries than keys, gets zeros and -inf.

    No score is computed for a tile of keys that all lie in the future of a tile of queries.

    >>> output, _ = causal_tiled_attention(np.zeros((2, 9)), np.ones((3, 9)), np.eye(3), tile=1)
    >>> output.round(3)
    array([[0.5  , 0.5  , 0.   ],
           [0.333, 0.333, 0.333]])

    Source: Dao 2023, "FlashAttention-2", section 3.1, on causal masking.
    """
    n_past = k.shape[-2] - q.shape[-2]  # keys before the first query
    blocks = []
    for start in range(0, q.shape[-2], tile):
        queries = q[..., start : start + tile, :]
        n_rows = queries.shape[-2]
        n_seen = max(0, n_past + start + n_rows)  # what the last of these queries sees
        mask = np.tri(n_rows, n_seen, n_past + start, dtype=bool)
        blocks.append(tiled_attention(queries, k[..., :n_seen, :], v[..., :n_seen, :], mask, tile))
    output, log_sum = (np.concatenate(rows, axis=-2) for rows in zip(*blocks))
    return output, log_sum


def tiled_attention_backward(q, k, v, output, log_sum, grad_out, tile=64, causal=False):
    """Send a gradient back through tiled_attention or causal_tiled_attention, a tile at a time.

    q:        (..., n_queries, d_k)
    k:        (..., n_keys, d_k)
    v:        (..., n_keys, d_v)
    output:   (..., n_queries, d_v), as the forward function returned it
    log_sum:  (..., n_queries, 1), as the forward function returned it
    grad_out: (..., n_queries, d_v)
    tile:     how many keys at a time
    causal:   whether it was causal_tiled_attention
    returns:  a tuple (grad_q, grad_k, grad_v), of the shapes of q, k and v

        weights     = exp(scores - log_sum), those of a tile, computed again
        grad_scores = weights * (grad_out V^T - sum(output * grad_out, over d_v))
        grad_q      = the sum of grad_scores K / sqrt(d_k) over all tiles
        grad_k      = grad_scores^T Q / sqrt(d_k), and grad_v = weights^T grad_out, of each tile

    As before, at no time are more than n_queries * tile scores held, and none are computed for a
    tile of keys and a query that sees no key of it.

    >>> q, k, v = np.zeros((1, 4)), np.array([[2.0, 0, 0, 0], [0, 2, 0, 0]]), np.array([[8.0], [0]])
    >>> output, log_sum = tiled_attention(q, k, v)
    >>> grads = tiled_attention_backward(q, k, v, output, log_sum, np.array([[1.0]]), tile=1)
    >>> grads[0]
    array([[ 2., -2.,  0.,  0.]])
    >>> grads[2]
    array([[0.5],
           [0.5]])

    Source: Dao 2023, "FlashAttention-2", algorithm 2.
    """
    n_past, root = k.shape[-2] - q.shape[-2], math.sqrt(q.shape[-1])
    mean = (output * grad_out).sum(axis=-1, keepdims=True)  # of grad_weights, by the weights
    grad_q, grad_k, grad_v = (np.zeros_like(array, dtype=output.dtype) for array in (q, k, v))
    for start in range(0, k.shape[-2], tile):
        keys = slice(start, start + tile)
        first = max(0, start - n_past) if causal else 0  # earlier queries see none of these keys
        rows = slice(first, None)
        scores = attention_scores(q[..., rows, :], k[..., keys, :])
        if causal:
            mask = np.tri(*scores.shape[-2:], n_past + first - start, dtype=bool)
            scores = np.where(mask, scores, -np.inf)
        weights = np.exp(scores - log_sum[..., rows, :])
        grad_weights = grad_out[..., rows, :] @ v[..., keys, :].swapaxes(-1, -2)
        grad_scores = weights * (grad_weights - mean[..., rows, :]) / root
        grad_q[..., rows, :] += grad_scores @ k[..., keys, :]
        grad_k[..., keys, :] = grad_scores.swapaxes(-1, -2) @ q[..., rows, :]
        grad_v[..., keys, :] = weights.swapaxes(-1, -2) @ grad_out[..., rows, :]
    return grad_q, grad_k, grad_v
