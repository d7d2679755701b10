"""Versions of lesson 2 that are right, in many styles."""

import numpy as np
from kata_01_attention import attention
from kata_02_self_attention import causal_mask, cross_attention, project_qkv, self_attention

from tests.repo.versions import right


@right("project_qkv")
def as_a_list(x, w_q, w_k, w_v):
    return [x @ w for w in (w_q, w_k, w_v)]


@right("project_qkv")
def with_einsum(x, w_q, w_k, w_v):
    return tuple(np.einsum("...td,dk->...tk", x, w) for w in (w_q, w_k, w_v))


@right("project_qkv")
def with_dot_and_tensordot(x, w_q, w_k, w_v):
    return np.dot(x, w_q), np.tensordot(x, w_k, axes=1), np.inner(x, w_v.T)


@right("project_qkv")
def in_one_product_cut_in_three(x, w_q, w_k, w_v):
    d_k = w_q.shape[1]
    return np.split(x @ np.hstack([w_q, w_k, w_v]), [d_k, 2 * d_k], axis=-1)


@right("project_qkv")
def token_by_token(x, w_q, w_k, w_v):
    outputs = []
    for w in (w_q, w_k, w_v):
        projected = np.empty((*x.shape[:-1], w.shape[1]), dtype=np.result_type(x, w))
        for token in np.ndindex(x.shape[:-1]):
            for column in range(w.shape[1]):
                projected[token][column] = sum(a * b for a, b in zip(x[token], w[:, column]))
        outputs.append(projected)
    return tuple(outputs)


@right("project_qkv")
def as_one_long_row_of_tokens(x, w_q, w_k, w_v):
    tokens = x.reshape(-1, x.shape[-1])
    return tuple((tokens @ w).reshape(*x.shape[:-1], -1) for w in (w_q, w_k, w_v))


@right("project_qkv")
def on_the_other_side(x, w_q, w_k, w_v):
    return tuple((w.T @ x.swapaxes(-1, -2)).swapaxes(-1, -2) for w in (w_q, w_k, w_v))


@right("self_attention")
def step_by_step(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    return attention(q, k, v, mask=mask)


@right("self_attention")
def without_project_qkv(x, w_q, w_k, w_v, mask=None):
    return attention(np.matmul(x, w_q), np.matmul(x, w_k), np.matmul(x, w_v), mask)


@right("self_attention")
def blending_before_projecting(x, w_q, w_k, w_v, mask=None):
    return attention(x @ w_q, x @ w_k, x, mask) @ w_v


@right("self_attention")
def with_queries_and_keys_in_one_matrix(x, w_q, w_k, w_v, mask=None):
    # attention divides by the root of what it gets
    share = x.shape[-1] ** 0.5 / w_q.shape[-1] ** 0.5
    return attention(x @ (w_q @ w_k.T) * share, x, x @ w_v, mask)


@right("self_attention")
def with_minus_infinity(x, w_q, w_k, w_v, mask=None):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = np.einsum("...ic,...jc->...ij", q, k) / float(np.sqrt(q.shape[-1]))
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    with np.errstate(invalid="ignore"):
        exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return np.nan_to_num(exps / exps.sum(axis=-1, keepdims=True)) @ v


@right("self_attention")
def with_a_finite_fill(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scores = q @ np.swapaxes(k, -1, -2) * w_k.shape[1] ** -0.5
    mask = np.ones(scores.shape[-2:], dtype=bool) if mask is None else mask
    scores = np.where(mask, scores, -1e30)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True)) * mask
    return exps @ v / np.maximum(exps.sum(axis=-1, keepdims=True), 1e-30)


@right("self_attention")
def sequence_by_sequence(x, w_q, w_k, w_v, mask=None):
    n_tokens = x.shape[-2]
    masks = np.broadcast_to(True if mask is None else mask, (*x.shape[:-1], n_tokens))
    output = np.zeros((*x.shape[:-1], w_v.shape[1]), dtype=np.result_type(x, w_q, w_v, np.float32))
    for batch in np.ndindex(x.shape[:-2]):
        q, k, v = project_qkv(x[batch], w_q, w_k, w_v)
        output[batch] = attention(q, k, v, masks[batch])
    return output


@right("self_attention")
def query_by_query_over_what_it_sees(x, w_q, w_k, w_v, mask=None):
    q, k, v = (a.astype(np.float64) for a in project_qkv(x, w_q, w_k, w_v))
    masks = np.broadcast_to(True if mask is None else mask, (*x.shape[:-1], x.shape[-2]))
    output = np.zeros(v.shape)
    for *batch, i in np.ndindex(x.shape[:-1]):
        seen = masks[(*batch, i)]
        if seen.any():
            one = q[(*batch, slice(i, i + 1))]
            output[(*batch, i)] = attention(one, k[tuple(batch)][seen], v[tuple(batch)][seen])[0]
    dtype = np.result_type(x, w_q, w_v)
    return output.astype(dtype if dtype.kind == "f" else np.float64)


@right("causal_mask")
def with_tril(n_tokens):
    return np.tril(np.ones((n_tokens, n_tokens), dtype=bool))


@right("causal_mask")
def with_triu_turned_round(n_tokens):
    return ~np.triu(np.ones((n_tokens, n_tokens)), k=1).astype(bool)


@right("causal_mask")
def with_places_compared(n_tokens):
    places = np.arange(n_tokens)
    return places[:, np.newaxis] >= places


@right("causal_mask")
def with_a_ufunc_outer(n_tokens):
    return np.greater_equal.outer(range(n_tokens), range(n_tokens))


@right("causal_mask")
def with_two_loops(n_tokens):
    return np.array([[j <= i for j in range(n_tokens)] for i in range(n_tokens)])


@right("causal_mask")
def row_by_row(n_tokens):
    mask = np.zeros((n_tokens, n_tokens), dtype=bool)
    for i in range(n_tokens):
        mask[i, : i + 1] = True
    return mask


@right("causal_mask")
def with_numbers_compared(n_tokens):
    return np.tri(n_tokens) == 1


@right("causal_self_attention")
def with_the_mask_by_name(x, w_q, w_k, w_v):
    *_, n_tokens, _ = x.shape
    return self_attention(x, w_q, w_k, w_v, mask=causal_mask(n_tokens))


@right("causal_self_attention")
def prefix_by_prefix(x, w_q, w_k, w_v):
    seen = [self_attention(x[..., : i + 1, :], w_q, w_k, w_v)[..., -1, :]
            for i in range(x.shape[-2])]
    return np.stack(seen, axis=-2)


@right("causal_self_attention")
def with_attention_itself(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    return attention(q, k, v, np.tri(q.shape[-2], k.shape[-2], dtype=bool))


@right("causal_self_attention")
def with_a_triangle_added(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5
    scores = scores + np.triu(np.full(scores.shape[-2:], -np.inf, dtype=scores.dtype), k=1)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True) @ v


@right("causal_self_attention")
def with_a_mask_for_every_sequence(x, w_q, w_k, w_v):
    mask = np.broadcast_to(causal_mask(x.shape[-2]), (*x.shape[:-1], x.shape[-2]))
    return self_attention(x, w_q, w_k, w_v, mask)


@right("causal_self_attention")
def one_new_query_at_a_time(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    rows = [attention(q[..., i : i + 1, :], k[..., : i + 1, :], v[..., : i + 1, :])
            for i in range(x.shape[-2])]
    return np.concatenate(rows, axis=-2)


@right("padding_mask")
def with_new_axes(lengths, n_tokens):
    return np.arange(n_tokens)[None, None, :] < lengths[:, None, None]


@right("padding_mask")
def with_expand_dims(lengths, n_tokens):
    return np.expand_dims(np.expand_dims(lengths, 1) > np.arange(n_tokens), axis=1)


@right("padding_mask")
def with_lists(lengths, n_tokens):
    return np.array([[[True] * length + [False] * (n_tokens - length)] for length in lengths])


@right("padding_mask")
def filled_in(lengths, n_tokens):
    mask = np.zeros((len(lengths), 1, n_tokens), dtype=bool)
    for b, length in enumerate(lengths):
        mask[b, 0, :length] = True
    return mask


@right("padding_mask")
def as_rows_of_a_triangle(lengths, n_tokens):
    return np.tri(n_tokens + 1, n_tokens, k=-1, dtype=bool)[lengths][:, np.newaxis]


@right("padding_mask")
def with_the_padding_turned_round(lengths, n_tokens):
    return ~np.greater_equal.outer(np.arange(n_tokens), lengths).T.reshape(-1, 1, n_tokens)


@right("cross_attention")
def with_names_for_all_three(x, memory, w_q, w_k, w_v, mask=None):
    q = x @ w_q
    k = memory @ w_k
    v = memory @ w_v
    return attention(q, k, v, mask=mask)


@right("cross_attention")
def with_project_qkv_used_in_part(x, memory, w_q, w_k, w_v, mask=None):
    _, k, v = project_qkv(memory, w_k, w_k, w_v)
    return attention(x @ w_q, k, v, mask)


@right("cross_attention")
def with_einsum_throughout(x, memory, w_q, w_k, w_v, mask=None):
    q = np.einsum("...id,dc->...ic", x, w_q)
    k, v = (np.einsum("...jd,dc->...jc", memory, w) for w in (w_k, w_v))
    scores = np.einsum("...ic,...jc->...ij", q, k) / q.shape[-1] ** 0.5
    scores = scores if mask is None else np.where(mask, scores, np.finfo(scores.dtype).min)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    weights = weights if mask is None else np.where(mask, weights, 0)
    return np.einsum("...ij,...jc->...ic", weights, v)


@right("cross_attention")
def in_float64_and_back(x, memory, w_q, w_k, w_v, mask=None):
    wide = [array.astype(np.float64) for array in (x, memory, w_q, w_k, w_v)]
    output = attention(wide[0] @ wide[2], wide[1] @ wide[3], wide[1] @ wide[4], mask)
    return output.astype(np.result_type(x, w_v, np.float32) if w_v.dtype.kind == "f"
                         else np.float64)


@right("cross_attention")
def blending_the_memory_first(x, memory, w_q, w_k, w_v, mask=None):
    return np.matmul(attention(x @ w_q, memory @ w_k, memory, mask), w_v)


@right("cross_attention")
def with_scores_against_the_memory_itself(x, memory, w_q, w_k, w_v, mask=None):
    share = (memory.shape[-1] / w_q.shape[-1]) ** 0.5
    return attention(x @ w_q @ w_k.T * share, memory, memory @ w_v, mask)


@right("project_qkv")
def cut_at_the_running_widths(x, w_q, w_k, w_v):
    fused = x @ np.concatenate([w_q, w_k, w_v], axis=-1)
    return np.split(fused, np.cumsum([w_q.shape[1], w_k.shape[1]]), axis=-1)


@right("project_qkv")
def with_tensordot(x, w_q, w_k, w_v):
    return tuple(np.tensordot(x, w, axes=1) for w in (w_q, w_k, w_v))


@right("self_attention")
def through_cross_attention(x, w_q, w_k, w_v, mask=None):
    return cross_attention(x, x, w_q, w_k, w_v, mask)


@right("self_attention")
def with_a_safe_division(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scores = np.einsum("...id,...jd->...ij", q, k) * q.shape[-1] ** -0.5
    scores = scores if mask is None else np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    exps = np.exp(scores - np.where(np.isfinite(top), top, 0))
    total = exps.sum(axis=-1, keepdims=True)
    return np.divide(exps, total, out=np.zeros_like(exps), where=total > 0) @ v


@right("causal_mask")
def heaped_up_from_the_diagonal(n_tokens):
    return np.logical_or.accumulate(np.eye(n_tokens, dtype=bool)[:, ::-1], axis=1)[:, ::-1]


@right("causal_self_attention")
def with_infinities_in_the_dtype_of_q(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    n_tokens = x.shape[-2]
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5 + np.triu(np.full((n_tokens, n_tokens),
                                                                           -np.inf, q.dtype), 1)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True) @ v


@right("cross_attention")
def query_by_query_with_rows_of_the_mask(x, memory, w_q, w_k, w_v, mask=None):
    k, v = memory @ w_k, memory @ w_v
    if mask is not None:
        mask = np.broadcast_to(mask, (*np.shape(mask)[:-2], x.shape[-2], memory.shape[-2]))
    rows = [attention(x[..., [t], :] @ w_q, k, v, None if mask is None else mask[..., [t], :])
            for t in range(x.shape[-2])]
    return np.concatenate(rows, axis=-2)
