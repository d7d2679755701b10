"""Versions of lesson 3 that are right, in many styles."""

import numpy as np
from kata_01_attention import attention, attention_weights
from kata_03_multi_head import merge_heads, split_heads

from tests.repo.versions import right


@right("split_heads")
def with_slices_stacked(x, n_heads):
    d_head, left = divmod(x.shape[-1], n_heads)
    if left:
        raise ValueError
    return np.stack([x[..., h * d_head : (h + 1) * d_head] for h in range(n_heads)], axis=-3)


@right("split_heads")
def with_np_split(x, n_heads):
    return np.stack(np.split(x, n_heads, axis=-1), axis=-3)


@right("split_heads")
def with_a_reshape_that_refuses_by_itself(x, n_heads):
    return np.moveaxis(x.reshape(*x.shape[:-1], n_heads, -1), -2, -3)


@right("split_heads")
def with_einsum_for_the_swap(x, n_heads):
    return np.einsum("...thd->...htd",
                     np.reshape(x, (*x.shape[:-1], n_heads, x.shape[-1] // n_heads)))


@right("split_heads")
def with_a_transpose_of_all_axes(x, n_heads):
    heads = x.reshape(x.shape[:-1] + (n_heads, x.shape[-1] // n_heads))
    order = list(range(heads.ndim))
    order[-3], order[-2] = order[-2], order[-3]
    return heads.transpose(order)


@right("split_heads")
def one_number_at_a_time(x, n_heads):
    if x.shape[-1] % n_heads != 0:
        raise ValueError("cannot share the columns out")
    d_head = x.shape[-1] // n_heads
    heads = np.empty((*x.shape[:-2], n_heads, x.shape[-2], d_head), dtype=x.dtype)
    for *batch, t, c in np.ndindex(x.shape):
        heads[(*batch, c // d_head, t, c % d_head)] = x[(*batch, t, c)]
    return heads


@right("split_heads")
def with_a_window_that_jumps(x, n_heads):
    if x.shape[-1] % n_heads:
        raise ValueError(n_heads)
    d_head = x.shape[-1] // n_heads
    windows = np.lib.stride_tricks.sliding_window_view(x, d_head, axis=-1)
    return windows[..., ::d_head, :].swapaxes(-3, -2).copy()


@right("split_heads")
def with_columns_picked_by_number(x, n_heads):
    columns = np.arange(x.shape[-1]).reshape(n_heads, -1)
    if x.ndim == 3:
        return np.array([np.take(x, of_head, axis=-1) for of_head in columns]).swapaxes(0, -3)
    return np.moveaxis(np.array([x[..., of_head] for of_head in columns]), 0, -3)


@right("merge_heads")
def with_concatenate(x):
    return np.concatenate([x[..., h, :, :] for h in range(x.shape[-3])], axis=-1)


@right("merge_heads")
def with_the_heads_moved_to_the_front(x):
    return np.concatenate(tuple(np.moveaxis(x, -3, 0)), axis=-1)


@right("merge_heads")
def with_a_reshape_that_counts_for_itself(x):
    apart = np.swapaxes(x, -3, -2)
    return apart.reshape(apart.shape[:-2] + (-1,))


@right("merge_heads")
def with_einsum_and_reshape(x):
    apart = np.einsum("...htd->...thd", x)
    return apart.reshape(*apart.shape[:-2], apart.shape[-2] * apart.shape[-1])


@right("merge_heads")
def into_a_buffer_of_its_dtype(x):
    n_heads, n_tokens, d_head = x.shape[-3:]
    merged = np.empty(x.shape[:-3] + (n_tokens, n_heads * d_head), x.dtype)
    for h in range(n_heads):
        merged[..., h * d_head : (h + 1) * d_head] = x[..., h, :, :]
    return merged


@right("merge_heads")
def one_row_at_a_time(x):
    merged = [np.concatenate([head[t] for head in heads])
              for heads in x.reshape(-1, *x.shape[-3:]) for t in range(x.shape[-2])]
    return np.array(merged).reshape(*x.shape[:-3], x.shape[-2], -1)


@right("merge_heads")
def with_the_two_axes_stacked(x):
    return np.stack([x[..., t, :].reshape(*x.shape[:-3], -1) for t in range(x.shape[-2])], axis=-2)


@right("multi_head_attention")
def with_the_weights_of_each_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    seen = x if memory is None else memory
    heads = [attention(x @ a, seen @ b, seen @ c, mask)
             for a, b, c in zip(*(np.split(w, n_heads, axis=-1) for w in (w_q, w_k, w_v)))]
    return np.concatenate(heads, axis=-1) @ w_o


@right("multi_head_attention")
def with_the_weights_split_into_heads(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    seen = x if memory is None else memory
    q, k, v = (a[..., None, :, :] @ split_heads(w, n_heads)
               for a, w in ((x, w_q), (seen, w_k), (seen, w_v)))
    mask = mask if mask is None else np.asarray(np.atleast_2d(mask))[..., None, :, :]
    return merge_heads(attention(q, k, v, mask=mask)) @ w_o


@right("multi_head_attention")
def with_the_products_of_the_heads_added_up(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    if memory is None:
        memory = x
    q, k, v = (split_heads(x @ w_q, n_heads), split_heads(memory @ w_k, n_heads),
               split_heads(memory @ w_v, n_heads))
    rows = w_o.reshape(n_heads, -1, w_o.shape[-1])  # each head has rows of its own
    return sum(attention(q[..., h, :, :], k[..., h, :, :], v[..., h, :, :], mask) @ rows[h]
               for h in range(n_heads))


@right("multi_head_attention")
def with_everything_in_einsum(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    y = x if memory is None else memory
    q = np.einsum("...td,dhk->...htk", x, w_q.reshape(len(w_q), n_heads, -1))
    k = np.einsum("...td,dhk->...htk", y, w_k.reshape(len(w_k), n_heads, -1))
    v = np.einsum("...td,dhv->...htv", y, w_v.reshape(len(w_v), n_heads, -1))
    scores = np.einsum("...hik,...hjk->...hij", q, k) / q.shape[-1] ** 0.5
    sees = (np.ones(1, bool) if mask is None
            else np.expand_dims(np.broadcast_to(mask, (*x.shape[:-1], y.shape[-2])), -3))
    scores = np.where(sees, scores, np.finfo(scores.dtype).min)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True)) * sees
    total = exps.sum(axis=-1, keepdims=True)
    weights = exps / np.where(total == 0, 1, total).astype(exps.dtype)
    return np.einsum("...hij,...hjv,hvo->...io", weights, v,
                     w_o.reshape(n_heads, -1, w_o.shape[-1]))


@right("multi_head_attention")
def with_minus_infinity_in_the_scores(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(a, n_heads) for a in (x @ w_q, memory @ w_k, memory @ w_v))
    scores = q @ k.swapaxes(-1, -2) * q.shape[-1] ** -0.5
    if mask is not None:
        mask = np.broadcast_to(mask, (*x.shape[:-1], memory.shape[-2]))
        scores = np.where(np.repeat(mask[..., None, :, :], n_heads, axis=-3), scores, -np.inf)
    with np.errstate(invalid="ignore"):
        exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights = np.nan_to_num(exps / exps.sum(axis=-1, keepdims=True))
    return merge_heads(weights @ v) @ w_o


@right("multi_head_attention")
def with_the_heads_folded_into_the_batch(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    shape = (*x.shape[:-2], n_heads, x.shape[-2], memory.shape[-2])
    q, k, v = (split_heads(a, n_heads) for a in (x @ w_q, memory @ w_k, memory @ w_v))
    q, k, v = (a.reshape(-1, *a.shape[-2:]) for a in (q, k, v))
    if mask is not None:
        mask = np.broadcast_to(mask, (*shape[:-3], *shape[-2:]))
        mask = mask.reshape(-1, *shape[-2:]).repeat(n_heads, axis=0)
    return merge_heads(attention(q, k, v, mask).reshape(*shape[:-1], -1)) @ w_o


@right("multi_head_attention")
def one_sample_at_a_time(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    mask = np.broadcast_to(True if mask is None else mask, (*x.shape[:-1], memory.shape[-2]))
    answers = np.empty((*x.shape[:-1], w_o.shape[-1]), np.result_type(x, w_o))
    for sample in np.ndindex(x.shape[:-2]):
        q, k, v = (split_heads(a, n_heads)
                   for a in (x[sample] @ w_q, memory[sample] @ w_k, memory[sample] @ w_v))
        answers[sample] = np.hstack([attention(*head, mask[sample]) for head in zip(q, k, v)]) @ w_o
    return answers


@right("multi_head_attention")
def in_float64_and_back(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    wide, dtype = np.float64, np.result_type(x, w_o)
    memory = (x if memory is None else memory).astype(wide)
    q, k, v = (split_heads(a, n_heads) for a in (x.astype(wide) @ w_q, memory @ w_k, memory @ w_v))
    mask = None if mask is None else np.atleast_2d(mask)[..., np.newaxis, :, :]
    return (merge_heads(attention(q, k, v, mask)) @ w_o.astype(wide)).astype(dtype)


@right("multi_head_attention")
def with_a_layer_of_its_own_for_the_mask(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    def for_all_heads(mask):
        shape = (1, np.size(mask)) if np.ndim(mask) == 1 else np.shape(mask)
        return np.reshape(mask, (*shape[:-2], 1, *shape[-2:]))

    memory = x if memory is None else memory
    if any(w.shape[1] % n_heads for w in (w_q, w_k, w_v)):
        raise ValueError("not divisible")
    out = attention(split_heads(x @ w_q, n_heads), split_heads(memory @ w_k, n_heads),
                    split_heads(memory @ w_v, n_heads),
                    None if mask is None else for_all_heads(mask))
    return np.matmul(np.concatenate(np.moveaxis(out, -3, 0), axis=-1), w_o)


@right("attention_maps")
def with_the_maps_stacked(x, w_q, w_k, n_heads, mask=None):
    q, k = np.split(x @ w_q, n_heads, axis=-1), np.split(x @ w_k, n_heads, axis=-1)
    return np.stack([attention_weights(*head, mask) for head in zip(q, k)], axis=-3)


@right("attention_maps")
def with_einsum_for_both(x, w_q, w_k, n_heads, mask=None):
    q, k = (np.einsum("...td,dhk->...htk", x, w.reshape(w.shape[0], n_heads, -1))
            for w in (w_q, w_k))
    return attention_weights(q, k,
                             None if mask is None else np.expand_dims(np.atleast_2d(mask), axis=-3))


@right("attention_maps")
def with_its_own_softmax(x, w_q, w_k, n_heads, mask=None):
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    scores = q @ np.moveaxis(k, -1, -2) / float(np.sqrt(k.shape[-1]))
    if mask is None:
        mask = np.ones((1, 1), dtype=bool)
    mask = np.broadcast_to(mask, (*x.shape[:-1], x.shape[-2]))[..., None, :, :]
    exps = np.where(mask,
                    np.exp(scores - np.where(mask, scores, -1e30).max(axis=-1, keepdims=True)), 0)
    return exps / np.maximum(exps.sum(axis=-1, keepdims=True), np.finfo(exps.dtype).tiny)


@right("attention_maps")
def from_what_attention_makes_of_unit_values(x, w_q, w_k, n_heads, mask=None):
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    mask = None if mask is None else np.atleast_2d(mask)[..., None, :, :]
    return attention(q, k, np.broadcast_to(np.eye(x.shape[-2], dtype=x.dtype),
                                           (*q.shape[:-1], x.shape[-2])), mask)


@right("attention_maps")
def one_map_at_a_time(x, w_q, w_k, n_heads, mask=None):
    d_k, left = divmod(w_q.shape[1], n_heads)
    if left:
        raise ValueError("heads of unequal width")
    maps = np.zeros((*x.shape[:-2], n_heads, x.shape[-2], x.shape[-2]), np.result_type(x, w_q))
    for h in range(n_heads):
        of_head = slice(h * d_k, (h + 1) * d_k)
        maps[..., h, :, :] = attention_weights(x @ w_q[:, of_head], x @ w_k[:, of_head], mask)
    return maps


@right("split_heads")
def by_picking_columns(x, n_heads):
    if x.shape[-1] % n_heads:
        raise ValueError("no")
    columns = np.arange(x.shape[-1]).reshape(n_heads, 1, -1)
    return x[..., np.arange(x.shape[-2])[:, None], columns]


@right("merge_heads")
def with_a_block_of_heads(x):
    return np.block([x[..., h, :, :] for h in range(x.shape[-3])])


@right("multi_head_attention")
def as_a_sum_over_heads(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    cut = [np.split(w, n_heads, axis=1) for w in (w_q, w_k, w_v)] + [np.split(w_o, n_heads, axis=0)]
    return sum(attention(x @ q, memory @ k, memory @ v, mask) @ o for q, k, v, o in zip(*cut))


@right("multi_head_attention")
def with_matrices_of_three_axes(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    seen = x if memory is None else memory
    per_head = [w.reshape(len(w), n_heads, w.shape[1] // n_heads) for w in (w_q, w_k, w_v)]
    q, k, v = (np.einsum("...td,dhk->...htk", of, w) for of, w in zip((x, seen, seen), per_head))
    blends = attention(q, k, v, None if mask is None else np.atleast_2d(mask)[..., None, :, :])
    return np.einsum("...htv,hvo->...to", blends, w_o.reshape(n_heads, -1, w_o.shape[1]))


@right("attention_maps")
def as_attention_to_an_identity(x, w_q, w_k, n_heads, mask=None):
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    return attention(q, k, np.eye(x.shape[-2], dtype=q.dtype),
                     None if mask is None else np.atleast_2d(mask)[..., None, :, :])


# Wrong in ways that no mistake describes ---------------------------------------------


@right("split_heads")
def with_columns_picked_for_each_head(x, n_heads):
    return np.moveaxis(x[..., np.arange(x.shape[-1]).reshape(n_heads, -1)], -2, -3)


@right("split_heads")
def with_the_table_on_its_side(x, n_heads):
    turned = np.swapaxes(x, -1, -2)
    heads = turned.reshape(*turned.shape[:-2], n_heads, turned.shape[-2] // n_heads,
                           turned.shape[-1])
    return np.swapaxes(heads, -1, -2)


@right("merge_heads")
def with_a_new_shape_given_to_a_copy(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    merged = np.empty((*batch, n_tokens, n_heads, d_head), x.dtype)
    merged[...] = np.swapaxes(x, -3, -2)
    merged.shape = (*batch, n_tokens, n_heads * d_head)
    return merged


@right("multi_head_attention")
def adding_up_what_each_head_gives_to_w_o(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    seen, output = x if memory is None else memory, 0
    parts = (np.split(each, n_heads, -1) for each in (x @ w_q, seen @ w_k, seen @ w_v))
    for q, k, v, part in zip(*parts, np.split(w_o, n_heads)):
        output = output + attention(q, k, v, mask) @ part
    return output


@right("multi_head_attention")
def with_batch_and_heads_on_one_axis(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    seen = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, seen @ w_k, seen @ w_v))
    if mask is not None:
        mask = np.broadcast_to(mask, (*x.shape[:-1], seen.shape[-2]))
        mask = mask.reshape(-1, x.shape[-2], seen.shape[-2])
        mask = np.repeat(mask, n_heads, axis=0)
    heads = attention(*(each.reshape(-1, *each.shape[-2:]) for each in (q, k, v)), mask)
    return merge_heads(heads.reshape(*q.shape[:-1], v.shape[-1])) @ w_o


@right("multi_head_attention")
def with_the_matrices_split(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    seen = x if memory is None else memory
    w_q, w_k, w_v = (split_heads(w, n_heads) for w in (w_q, w_k, w_v))
    q, k, v = x[..., None, :, :] @ w_q, seen[..., None, :, :] @ w_k, seen[..., None, :, :] @ w_v
    mask = None if mask is None else np.atleast_2d(mask)[..., None, :, :]
    return merge_heads(attention(q, k, v, mask)) @ w_o


@right("attention_maps")
def with_values_that_show_the_weights(x, w_q, w_k, n_heads, mask=None):
    keys = np.eye(x.shape[-2], dtype=x.dtype)
    heads = zip(np.split(x @ w_q, n_heads, -1), np.split(x @ w_k, n_heads, -1))
    return np.stack([attention(q, k, keys, mask) for q, k in heads], axis=-3)
