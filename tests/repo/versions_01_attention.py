"""Versions of lesson 1 that are right in many styles, wrong in unheard-of ways, or wrong twice."""

import math

import numpy as np
from kata_01_attention import attention_loop, attention_scores, attention_weights, softmax

from tests.repo.versions import right, twice, unheard_of


@right("softmax")
def in_one_line(scores, axis=-1):
    return (e := np.exp(scores - np.max(scores, axis, keepdims=True))) / np.sum(e, axis,
                                                                                keepdims=True)


@right("softmax")
def with_logsumexp(scores, axis=-1):
    top = np.amax(scores, axis=axis, keepdims=True)
    return np.exp(scores - top - np.log(np.exp(scores - top).sum(axis=axis, keepdims=True)))


@right("softmax")
def with_expand_dims(scores, axis=-1):
    exps = np.exp(scores - np.expand_dims(scores.max(axis=axis), axis))
    return exps / np.expand_dims(exps.sum(axis=axis), axis)


@right("softmax")
def with_the_axis_moved_to_the_front(scores, axis=-1):
    rows = np.moveaxis(scores, axis, 0)
    exps = np.exp(rows - rows.max(axis=0))
    return np.moveaxis(exps / exps.sum(axis=0), 0, axis)


@right("softmax")
def along_each_row_with_fsum(scores, axis=-1):
    def of_row(row):
        exps = [math.exp(score - max(row)) for score in row]
        return np.array(exps, dtype=np.result_type(row, np.float32)) / math.fsum(exps)

    return np.apply_along_axis(of_row, axis, scores)


@right("softmax")
def into_a_buffer_of_its_own(scores, axis=-1):
    out = scores - scores.max(axis=axis, keepdims=True)
    out = out.astype(np.result_type(out, np.float32) if out.dtype.kind == "f" else float)
    np.exp(out, out=out)
    out /= out.sum(axis=axis, keepdims=True)
    return out


@right("softmax")
def with_reduce_and_true_divide(scores, axis=-1):
    exps = np.exp(np.subtract(scores, np.maximum.reduce(scores, axis=axis, keepdims=True)))
    return np.true_divide(exps, np.add.reduce(exps, axis=axis, keepdims=True))


@right("softmax")
def with_differences_of_all_pairs(scores, axis=-1):
    rows = np.moveaxis(np.asarray(scores, dtype=np.result_type(scores, np.float32)), axis, -1)
    with np.errstate(over="ignore", invalid="ignore"):
        gaps = rows[..., None, :] - rows[..., :, None]  # how much larger each other score is
        weights = 1 / np.exp(np.where(np.isneginf(rows[..., None, :]), -np.inf, gaps)).sum(axis=-1)
    return np.moveaxis(np.where(np.isneginf(rows), 0, weights), -1, axis)


@right("attend_one")
def with_dot_and_a_new_axis(query, keys, values):
    weights = softmax(np.dot(keys, query) / np.sqrt(len(query)))
    return (weights[:, np.newaxis] * values).sum(axis=0)


@right("attend_one")
def by_hand_with_zip(query, keys, values):
    scores = np.array([sum(query * key) / len(query) ** 0.5 for key in keys])
    return sum(weight * value for weight, value in zip(softmax(scores), values))


@right("attend_one")
def with_einsum_and_its_own_softmax(query, keys, values):
    scores = np.einsum("c,jc->j", query, keys) * query.shape[0] ** -0.5
    exps = np.exp(scores - scores.max())
    return np.average(values, axis=0, weights=exps)


@right("attention_loop")
def with_three_nested_loops(q, k, v):
    outputs = np.zeros((q.shape[0], v.shape[1]))
    for i in range(q.shape[0]):
        scores = np.zeros(k.shape[0])
        for j in range(k.shape[0]):
            for c in range(q.shape[1]):
                scores[j] += q[i, c] * k[j, c]
            scores[j] /= math.sqrt(q.shape[1])
        weights = softmax(scores)
        for j in range(k.shape[0]):
            for c in range(v.shape[1]):
                outputs[i, c] += weights[j] * v[j, c]
    return outputs


@right("attention_loop")
def one_query_after_the_other(q, k, v):
    return np.stack([attend_one(query, k, v) for query in q])  # noqa: F821 (in the solution)


@right("attention_loop")
def with_math_alone(q, k, v):
    outputs = []
    for query in q.tolist():
        scores = [math.sumprod(query, key) / math.sqrt(len(query)) if hasattr(math, "sumprod")
                  else math.fsum(a * b for a, b in zip(query, key)) / math.sqrt(len(query))
                  for key in k.tolist()]
        exps = [math.exp(score - max(scores)) for score in scores]
        outputs.append([math.fsum(e * x for e, x in zip(exps, column)) / math.fsum(exps)
                        for column in v.T.tolist()])
    return np.array(outputs)


@right("attention_scores")
def with_einsum(q, k):
    return np.einsum("...ic,...jc->...ij", q, k) / math.sqrt(k.shape[-1])


@right("attention_scores")
def with_matmul_and_moveaxis(q, k):
    return np.matmul(q * q.shape[-1] ** -0.5, np.moveaxis(k, -1, -2))


@right("attention_scores")
def with_both_sides_scaled(q, k):
    root = math.sqrt(math.sqrt(q.shape[-1]))
    return (q / root) @ (k / root).swapaxes(-2, -1)


@right("attention_scores")
def with_products_summed(q, k):
    return (q[..., :, None, :] * k[..., None, :, :]).sum(axis=-1) / float(np.sqrt(q.shape[-1]))


@right("attention_scores")
def with_the_dtype_put_back(q, k):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    return scores.astype(np.float32) if q.dtype == k.dtype == np.float32 else scores


@right("attention_weights")
def with_minus_infinity(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(softmax(scores))


@right("attention_weights")
def with_a_finite_fill_and_zeros(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return softmax(np.where(mask, scores, -1e30)) * mask


@right("attention_weights")
def with_the_visible_maximum(q, k, mask=None):
    scores = attention_scores(q, k)
    mask = np.broadcast_to(True if mask is None else mask, scores.shape)
    top = scores.max(axis=-1, keepdims=True, initial=-1e30, where=mask)
    exps = np.exp(np.minimum(scores - top, 0)) * mask
    total = exps.sum(axis=-1, keepdims=True)
    return exps / np.where(total == 0, 1, total).astype(exps.dtype)


@right("attention_weights")
def with_each_row_compressed(q, k, mask=None):
    scores = attention_scores(q, k)
    mask = np.broadcast_to(np.ones(1, bool) if mask is None else mask, scores.shape)
    weights = np.zeros_like(scores)
    for row in np.ndindex(scores.shape[:-1]):
        if mask[row].any():
            weights[row][mask[row]] = softmax(scores[row][mask[row]])
    return weights


@right("attention_weights")
def with_a_masked_array(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    visible = np.ma.masked_array(scores, ~np.broadcast_to(mask, scores.shape))
    exps = np.ma.exp(visible - visible.max(axis=-1, keepdims=True))
    return (exps / exps.sum(axis=-1, keepdims=True)).filled(0).astype(scores.dtype)


@right("attention_weights")
def with_copyto(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        hidden = np.broadcast_to(~mask, scores.shape)
        scores[hidden] = np.finfo(scores.dtype).min
    weights = softmax(scores)
    if mask is not None:
        np.copyto(weights, 0, where=hidden)
    return weights


@right("attention")
def with_einsum_over_the_keys(q, k, v, mask=None):
    return np.einsum("...ij,...jc->...ic", attention_weights(q, k, mask=mask), v)


@right("attention")
def with_the_sum_written_out(q, k, v, mask=None):
    weights = attention_weights(q, k, mask)
    return (weights[..., None] * v[..., None, :, :]).sum(axis=-2)


@right("attention")
def with_everything_inside(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2) * q.shape[-1] ** -0.5
    scores = scores if mask is None else np.where(mask, scores, -1e30)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    exps = exps if mask is None else exps * mask
    total = exps.sum(axis=-1, keepdims=True)
    return np.matmul(exps, v) / np.maximum(total, np.finfo(total.dtype).tiny)


@right("attention")
def with_loops_where_it_can(q, k, v, mask=None):
    if mask is None and q.ndim == 2 and q.dtype == float:
        return attention_loop(q, k, v)
    weights = attention_weights(q.astype(np.float64), k.astype(np.float64), mask)
    return (weights @ v).astype(v.dtype if v.dtype.kind == "f" else float)


@right("attention")
def turned_twice(q, k, v, mask=None):
    weights = attention_weights(q, k, mask)
    return (v.swapaxes(-1, -2) @ weights.swapaxes(-1, -2)).swapaxes(-1, -2)


@right("attention")
def sample_by_sample(q, k, v, mask=None):
    weights = attention_weights(q, k, mask)
    outputs = [np.tensordot(weights[b], v[b], axes=1) for b in np.ndindex(weights.shape[:-2])]
    return np.array(outputs).reshape(*weights.shape[:-1], v.shape[-1])


# Wrong in ways that no mistake describes ---------------------------------------------


@unheard_of("softmax")
def tanh(scores, axis=-1):
    return np.tanh(scores)


@unheard_of("softmax")
def cumulative(scores, axis=-1):
    return np.exp(scores) / np.cumsum(np.exp(scores), axis=axis)


@unheard_of("softmax")
def at_another_temperature(scores, axis=-1):
    exps = np.exp(scores / 2 - np.max(scores / 2, axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


@unheard_of("softmax")
def softplus(scores, axis=-1):
    return np.log1p(np.exp(scores))


@unheard_of("softmax")
def one_minus(scores, axis=-1):
    return 1 - np.exp(scores) / np.exp(scores).sum(axis, keepdims=True)


@unheard_of("attend_one")
def squared_root(query, keys, values):
    return softmax(keys @ query / len(query) ** 2) @ values


@unheard_of("attend_one")
def outer(query, keys, values):
    return np.outer(softmax(keys @ query / 3), values)


@unheard_of("attention_loop")
def cubes(q, k, v):
    return softmax((q @ k.T) ** 3) @ v


@unheard_of("attention_scores")
def logarithm(q, k):
    return q @ k.swapaxes(-1, -2) / math.log(q.shape[-1])


@unheard_of("attention_scores")
def minus(q, k):
    return q @ k.swapaxes(-1, -2) - math.sqrt(q.shape[-1])


@unheard_of("attention_weights")
def always_causal(q, k, mask=None):
    return np.tril(attention_scores(q, k))


@unheard_of("attention")
def upside_down(q, k, v, mask=None):
    return attention_weights(q, k, mask) @ v[..., ::-1, :]


@unheard_of("attention")
def none(q, k, v, mask=None):
    return None


# Two mistakes at once: both are named, or the one that shows first ---------------------

twice("leaves_the_maximum_in", "runs_down_the_columns")
twice("leaves_the_maximum_in", "adds_to_the_sum")
twice("always_takes_the_last_axis", "keeps_integers")
twice("takes_one_maximum_for_all", "loses_the_axis_in_the_sum")
twice("leaves_out_the_scaling", "blends_the_keys")
twice("divides_by_d_k", "leaves_the_weighted_values_apart")
twice("loops_without_scaling", "leaves_out_the_last_query")
twice("loops_with_d_k", "answers_with_the_last_weighted_value")
twice("scores_without_scaling", "transposes_every_axis")
twice("scores_over_d_k", "swaps_the_first_two_axes")
twice("turns_the_mask_round", "shares_nothing_out_as_nan")
twice("scales_twice", "shares_nothing_out_evenly")
twice("forgets_to_pass_the_mask_on", "scales_the_output")
twice("ignores_the_mask", "scores_in_float64_always")
twice("hides_after_the_softmax", "scores_in_float64_always")
twice("forgets_to_pass_the_mask_on", "shares_nothing_out_evenly")
twice("returns_the_weights", "scores_in_float64_always")
twice("hides_after_the_weights", "scores_in_float64_always")
twice("takes_the_maximum_of_the_first_row", "always_takes_the_last_axis")
