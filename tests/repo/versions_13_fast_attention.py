"""Versions of the functions of lesson 13 that are right in many styles."""

import math

import numpy as np
from kata_01_attention import attention_scores
from kata_13_fast_attention import attend_to_tile, combine, finish, tiled_attention

from tests.repo.versions import right

# attend_to_tile -----------------------------------------------------------------


@right("attend_to_tile")
def with_the_lowest_number_then_infinity(q, k, v, mask=None):
    scores = np.einsum("...qd,...kd->...qk", q, k) / math.sqrt(q.shape[-1])
    seen = np.broadcast_to(True if mask is None else mask, np.broadcast_shapes(
        scores.shape, () if mask is None else np.shape(mask)))
    lowest = np.finfo(scores.dtype).min
    highest = np.max(np.where(seen, scores, lowest), axis=-1, keepdims=True, initial=lowest)
    exps = np.exp(np.minimum(scores - highest, 0)) * seen
    any_seen = seen.any(axis=-1, keepdims=True)
    return np.where(any_seen, highest, -np.inf), exps.sum(-1, keepdims=True), exps @ v


@right("attend_to_tile")
def with_a_case_for_no_keys(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2) * (1 / math.sqrt(q.shape[-1]))
    if k.shape[-2] == 0:
        column = np.zeros_like(scores.sum(axis=-1, keepdims=True))
        return column - np.inf, column, scores @ v
    if mask is not None:
        scores = np.where(mask, scores, -math.inf)
    highest = scores.max(axis=-1)[..., None]
    with np.errstate(invalid="ignore"):
        exps = np.nan_to_num(np.exp(scores - highest), nan=0.0)
    return highest, exps.sum(axis=-1)[..., None], np.matmul(exps, v)


@right("attend_to_tile")
def with_a_column_of_ones(q, k, v, mask=None):
    """The product sums, too: a column of ones beside the values."""
    scores = attention_scores(q, k)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    highest = np.maximum.reduce(scores, axis=-1, keepdims=True, initial=-np.inf)
    exps = np.exp(scores - np.maximum(highest, np.finfo(scores.dtype).min))
    both = exps @ np.concatenate([v, np.ones_like(v[..., :1])], axis=-1)
    return highest, both[..., -1:], both[..., :-1]


# combine ------------------------------------------------------------------------


@right("combine")
def with_a_loop_over_both(a, b):
    highest = np.maximum(a[0], b[0])
    finite = np.where(np.isfinite(highest), highest, 0.0)
    total = blend = 0
    for own, own_total, own_blend in (a, b):
        share = np.exp(own - finite)
        total, blend = total + share * own_total, blend + share * own_blend
    return highest, total, blend


@right("combine")
def with_one_share_for_the_lower(a, b):
    a_is_higher = a[0] >= b[0]
    highest, lowest = np.where(a_is_higher, a[0], b[0]), np.where(a_is_higher, b[0], a[0])
    with np.errstate(invalid="ignore"):
        share = np.where(lowest == -np.inf, 0.0, np.exp(lowest - highest))
    parts = [np.where(a_is_higher, x + share * y, share * x + y) for x, y in zip(a[1:], b[1:])]
    return highest, *parts


@right("combine")
def with_a_stack(a, b):
    tops = np.stack([a[0], b[0]])
    highest = tops.max(axis=0)
    shares = np.exp(tops - np.nan_to_num(highest, neginf=0.0))
    return (highest, *((shares * np.stack([x, y])).sum(axis=0) for x, y in zip(a[1:], b[1:])))


# finish -------------------------------------------------------------------------


@right("finish")
def with_a_division_that_skips(part):
    highest, total, blend = part
    output = np.divide(blend, total, out=np.zeros_like(blend), where=total > 0)
    return output, np.log(total, out=np.full_like(total, -np.inf), where=total > 0) + highest


@right("finish")
def with_errors_ignored(part):
    highest, total, blend = part
    with np.errstate(all="ignore"):
        output, log_sum = blend * (1 / total), np.log(total) + highest
    return np.where(total == 0, 0.0, output), log_sum


# tiled_attention ----------------------------------------------------------------


@right("tiled_attention")
def by_a_running_maximum(q, k, v, mask=None, tile=64):
    """One pass over the keys, as in the paper: nothing but the reader's own variables."""
    d_k, n_keys = k.shape[-1], k.shape[-2]
    dtype = np.result_type(q, k, v, np.float32) if q.dtype == np.float32 else np.float64
    batch = np.broadcast_shapes(q.shape[:-1], () if mask is None else np.shape(mask)[:-1])
    m, total = np.full((*batch, 1), -np.inf, dtype), np.zeros((*batch, 1), dtype)
    output = np.zeros((*batch, v.shape[-1]), dtype)
    if mask is not None:
        mask = np.broadcast_to(mask, (*np.shape(mask)[:-1], n_keys))
    for start in range(0, n_keys, tile):
        scores = q @ k[..., start : start + tile, :].swapaxes(-1, -2) / math.sqrt(d_k)
        if mask is not None:
            scores = np.where(mask[..., start : start + tile], scores, -np.inf)
        new = np.maximum(m, scores.max(axis=-1, keepdims=True))
        finite = np.where(np.isneginf(new), 0.0, new)
        exps, shrink = np.exp(scores - finite), np.exp(m - finite)
        total = total * shrink + exps.sum(axis=-1, keepdims=True)
        output = output * shrink + exps @ v[..., start : start + tile, :]
        m = new
    total = np.where(total > 0, total, 1.0)
    return output / total, m + np.log(total)


@right("tiled_attention")
def by_a_reduction(q, k, v, mask=None, tile=64):
    from functools import reduce

    mask = np.broadcast_to(True if mask is None else mask, np.broadcast_shapes(
        () if mask is None else np.shape(mask), (k.shape[-2],)))

    def parts():
        for start in range(0, k.shape[-2], tile):
            at = slice(start, start + tile)
            yield attend_to_tile(q, k[..., at, :], v[..., at, :], mask[..., at])

    empty = attend_to_tile(q, k[..., :0, :], v[..., :0, :], mask[..., :0])
    return finish(reduce(combine, parts(), empty))


@right("tiled_attention")
def from_the_last_tile_to_the_first(q, k, v, mask=None, tile=64):
    part = None
    for start in reversed(range(0, max(k.shape[-2], 1), tile)):
        stop = min(start + tile, k.shape[-2])
        columns = mask
        if mask is not None and np.shape(mask)[-1] > 1:
            columns = mask[..., start:stop]
        new = attend_to_tile(q, k[..., start:stop, :], v[..., start:stop, :], columns)
        part = new if part is None else combine(part, new)
    return finish(part)


# causal_tiled_attention ---------------------------------------------------------


@right("causal_tiled_attention")
def tile_by_tile_up_to_the_diagonal(q, k, v, tile=64):
    """The tiles of keys begin at 0, whatever the past, and only some of them are masked."""
    n_queries, n_keys = q.shape[-2], k.shape[-2]
    results = []
    for start in range(0, n_queries, tile):
        rows = q[..., start : start + tile, :]
        i = np.arange(start, start + rows.shape[-2])[:, None] + n_keys - n_queries
        part = attend_to_tile(rows, k[..., :0, :], v[..., :0, :])
        for first in range(0, n_keys, tile):
            if first > i[-1, 0]:
                break
            at = slice(first, first + tile)
            j = np.arange(first, min(first + tile, n_keys))
            mask = None if j[-1] <= i[0, 0] else j <= i
            part = combine(part, attend_to_tile(rows, k[..., at, :], v[..., at, :], mask))
        results.append(finish(part))
    return tuple(np.concatenate([result[n] for result in results], axis=-2) for n in (0, 1))


@right("causal_tiled_attention")
def into_arrays_made_beforehand(q, k, v, tile=64):
    n_past = k.shape[-2] - q.shape[-2]
    output, log_sum = finish(attend_to_tile(q, k[..., :0, :], v[..., :0, :]))
    for start in range(max(0, -n_past), q.shape[-2], tile):
        stop = min(start + tile, q.shape[-2])
        seen = np.arange(n_past + stop) <= n_past + np.arange(start, stop)[:, None]
        keys, values = k[..., : n_past + stop, :], v[..., : n_past + stop, :]
        output[..., start:stop, :], log_sum[..., start:stop, :] = tiled_attention(
            q[..., start:stop, :], keys, values, seen, tile)
    return output, log_sum


@right("causal_tiled_attention")
def with_keys_in_the_outer_loop(q, k, v, tile=64):
    """Of each tile of keys, the queries that see some of it; each of them keeps its own part."""
    n_queries, n_keys = q.shape[-2], k.shape[-2]
    part = attend_to_tile(q, k[..., :0, :], v[..., :0, :])
    for start in range(0, n_keys, tile):
        keys = slice(start, start + tile)
        first = max(0, start - (n_keys - n_queries))
        i = np.arange(first, n_queries)[:, None] + n_keys - n_queries
        mask = np.arange(n_keys)[keys] <= i
        new = attend_to_tile(q[..., first:, :], k[..., keys, :], v[..., keys, :], mask)
        later = combine(tuple(x[..., first:, :] for x in part), new)
        part = tuple(np.concatenate([x[..., :first, :], y], axis=-2) for x, y in zip(part, later))
    return finish(part)


@right("causal_tiled_attention")
def one_query_at_a_time(q, k, v, tile=64):
    n_queries, n_past = q.shape[-2], k.shape[-2] - q.shape[-2]
    rows = []
    for i in range(n_queries):
        n_seen = max(0, n_past + i + 1)
        seen = (x[..., :n_seen, :] for x in (k, v))
        rows.append(tiled_attention(q[..., i : i + 1, :], *seen, tile=tile))
    return tuple(np.concatenate(parts, axis=-2) for parts in zip(*rows))


# tiled_attention_backward -------------------------------------------------------


@right("tiled_attention_backward")
def with_queries_in_the_outer_loop(q, k, v, output, log_sum, grad_out, tile=64, causal=False):
    n_queries, n_keys = q.shape[-2], k.shape[-2]
    grad_q, grad_k, grad_v = (np.zeros(x.shape, output.dtype) for x in (q, k, v))
    for start in range(0, n_queries, tile):
        rows = slice(start, start + tile)
        i = np.arange(start, min(start + tile, n_queries))[:, None] + n_keys - n_queries
        asked = grad_out[..., rows, :]
        mean = np.einsum("...qd,...qd->...q", asked, output[..., rows, :])[..., None]
        for first in range(0, n_keys, tile):
            if causal and first > i[-1, 0]:
                break
            keys = slice(first, first + tile)
            j = np.arange(first, min(first + tile, n_keys))
            scores = attention_scores(q[..., rows, :], k[..., keys, :])
            seen = j <= i if causal else np.ones((1, 1), dtype=bool)
            finite = np.where(np.isneginf(log_sum[..., rows, :]), 0.0, log_sum[..., rows, :])
            weights = np.exp(np.where(seen, scores - finite, -np.inf))
            grad = weights * (asked @ v[..., keys, :].swapaxes(-1, -2) - mean)
            grad = grad / math.sqrt(q.shape[-1])
            grad_q[..., rows, :] += grad @ k[..., keys, :]
            grad_k[..., keys, :] += grad.swapaxes(-1, -2) @ q[..., rows, :]
            grad_v[..., keys, :] += weights.swapaxes(-1, -2) @ asked
    return grad_q, grad_k, grad_v


@right("tiled_attention_backward")
def with_lists_that_are_joined(q, k, v, output, log_sum, grad_out, tile=64, causal=False):
    n_past, scale = k.shape[-2] - q.shape[-2], 1 / math.sqrt(q.shape[-1])
    mean = (output * grad_out) @ np.ones((output.shape[-1], 1), output.dtype)
    grad_q, for_keys, for_values = 0, [], []
    for start in range(0, k.shape[-2], tile):
        keys, values = k[..., start : start + tile, :], v[..., start : start + tile, :]
        first = max(0, start - n_past) if causal else 0
        later = q[..., first:, :]
        scores = later @ keys.swapaxes(-1, -2) * scale - log_sum[..., first:, :]
        if causal:
            i, j = np.ogrid[first : q.shape[-2], start : start + keys.shape[-2]]
            scores = np.where(j <= i + n_past, scores, -np.inf)
        weights, asked = np.exp(scores), grad_out[..., first:, :]
        grad = weights * scale * (asked @ values.swapaxes(-1, -2) - mean[..., first:, :])
        shape = *q.shape[:-2], first, q.shape[-1]
        grad_q = grad_q + np.concatenate([np.zeros(shape, output.dtype), grad @ keys], axis=-2)
        for_keys.append(np.matmul(grad.swapaxes(-1, -2), later))
        for_values.append(np.matmul(weights.swapaxes(-1, -2), asked))
    return grad_q, np.concatenate(for_keys, axis=-2), np.concatenate(for_values, axis=-2)
