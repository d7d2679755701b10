"""Mistakes of those who write the heads out: how arrays are cut, joined, unpacked and filled."""

import numpy as np
from kata_01_attention import attention, attention_weights
from kata_03_multi_head import split_heads

from tests.runner.diagnosis.known import edit, mistake

cuts_heads_along_axis_one = edit("multi_head_attention", """You split along axis 1, as np.hsplit
    does. That is the width only for a single sequence; with a batch it is a different axis.
    Split along the last axis, -1.""",
    ("split_heads(", "np.split(", 3), (", n_heads)", ", n_heads, axis=1)", 3),
    ("if mask is not None:\nmask = np.expand_dims(np.atleast_2d(mask), -3)", ""),
    ("merge_heads(attention(q, k, v, mask))",
     "np.concatenate([attention(*head, mask) for head in zip(q, k, v)], axis=joined)"),
    joined=(1, -1))


@mistake("attention_maps", """You split along axis 1, as np.hsplit does. That is the width only for
    a single sequence; with a batch it is a different axis. Split along the last axis, -1.""",
         stacked=(0, -3))
def cuts_maps_along_axis_one(x, w_q, w_k, n_heads, mask=None, *, stacked):
    q, k = (np.split(each, n_heads, axis=1) for each in (x @ w_q, x @ w_k))
    return np.stack([attention_weights(*head, mask) for head in zip(q, k)], axis=stacked)


unpacks_a_fixed_number_of_axes = edit("multi_head_attention", """You unpack a shape into a fixed
    number of names, but here it has a different number of axes: batch axes are optional. Count
    from the end: x.shape[-2] and x.shape[-1].""",
    ("memory = x",
     "if names == 2:\n"
     "    n_tokens, d_model = x.shape\n"
     "if names == 3:\n"
     "    batch, n_tokens, d_model = x.shape\n"
     "memory = x"),
    ("if mask", "if names == 4:\n    batch, heads, n_tokens, d_head = q.shape\nif mask"),
    names=(3, 2, 4))

unpacks_a_fixed_number_of_axes_for_the_maps = edit("attention_maps", """You unpack a shape into a
    fixed number of names, but here it has a different number of axes: batch axes are optional.
    Count from the end: x.shape[-2] and x.shape[-1].""",
    ("if mask",
     "if names == 2:\n"
     "    n_tokens, d_model = x.shape\n"
     "if names == 3:\n"
     "    batch, n_tokens, d_model = x.shape\n"
     "q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)\n"
     "if names == 4:\n"
     "    batch, heads, n_tokens, d_head = q.shape\n"
     "if mask"), ("split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)", "q, k"),
    names=(3, 2, 4))

joins_the_heads_below_each_other = edit("multi_head_attention", """Your heads are joined below
    one another before w_o is applied. They should be side by side, in rows of n_heads * d_v:
    np.concatenate(heads, axis=-1).""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"),
    ("return merge_heads(attention(q, k, v, mask))",
     "heads = [attention(q[..., h, :, :], k[..., h, :, :], v[..., h, :, :], mask) for h "
     "in range(n_heads)]\n"
     "return np.concatenate(heads, axis=axis)"), axis=(0, -2))


@mistake("multi_head_attention", """You divide the columns of x among the heads, and the rows of the
    matrices with them. Every head should read the whole of x: divide the columns of w_q, w_k and
    w_v instead.""")
def shares_out_the_rows_of_the_matrices(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    d_head, d_seen = x.shape[-1] // n_heads, memory.shape[-1] // n_heads
    heads = []
    for h in range(n_heads):
        own, seen = slice(h * d_head, (h + 1) * d_head), slice(h * d_seen, (h + 1) * d_seen)
        q, k, v = x[..., own] @ w_q[own], memory[..., seen] @ w_k[seen], memory[...,
                                                                                seen] @ w_v[seen]
        heads.append(attention(q, k, v, mask))
    return np.concatenate(heads, axis=-1) @ w_o


splits_some_and_leaves_some_whole = edit("multi_head_attention", """You split only some of q, k
    and v into heads, so they no longer fit together. Split all three.""",
    ("q = split_heads(x @ w_q, n_heads)",
     'q = x @ w_q if "q" in whole else split_heads(x @ w_q, n_heads)'),
    ("k = split_heads(memory @ w_k, n_heads)",
     'k = memory @ w_k if "k" in whole else split_heads(memory @ w_k, n_heads)'),
    ("v = split_heads(memory @ w_v, n_heads)",
     'v = memory @ w_v if "v" in whole else split_heads(memory @ w_v, n_heads)'),
    whole=("q", "k", "v", "qk", "kv", "qv"))

fills_an_array_of_the_shape_of_x = edit("multi_head_attention", """Your heads go into an array
    with the shape of x. It should be as wide as w_v, and that need not be d_model.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"),
    ("return merge_heads(attention(q, k, v, mask))",
     "merged, d_head = np.zeros_like(x), v.shape[-1]\n"
     "for h in range(n_heads):\n"
     "    head = attention(q[..., h, :, :], k[..., h, :, :], v[..., h, :, :], mask)\n"
     "    merged[..., h * d_head : (h + 1) * d_head] = head\n"
     "return merged"))

turns_all_matrices_on_their_side = edit("multi_head_attention", """You transpose all four
    matrices, as you would PyTorch's, which are (d_out, d_in). Here they are (d_in, d_out): apply
    them as they are, x @ w_q.""",
    ("@ w_q", "@ w_q.T"), ("@ w_k", "@ w_k.T"), ("@ w_v", "@ w_v.T"), ("@ w_o", "@ w_o.T"))

shares_out_among_the_queries = edit("multi_head_attention", """Your softmax runs along the
    queries: for each key, the queries compete with one another. It should run along the keys,
    the last axis, -1.""",
    ("if mask is not None:\nmask = np.expand_dims(np.atleast_2d(mask), -3)",
     "scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5\n"
     "if mask is not None:\n"
     "    scores = np.where(np.expand_dims(np.atleast_2d(mask), -3), scores, low)\n"
     "exps = np.exp(scores - scores.max(axis=-2, keepdims=True))"),
    ("attention(q, k, v, mask)", "exps / exps.sum(axis=-2, keepdims=True) @ v"),
    low=(-np.inf, -1e9))


@mistake("attention_maps", """Your softmax runs along the queries: for each key, the queries compete
    with one another. It should run along the keys, the last axis, -1.""", low=(-np.inf, -1e9))
def shares_the_maps_out_among_the_queries(x, w_q, w_k, n_heads, mask=None, *, low):
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = np.where(np.expand_dims(np.atleast_2d(mask), -3), scores, low)
    exps = np.exp(scores - scores.max(axis=-2, keepdims=True))
    return exps / exps.sum(axis=-2, keepdims=True)


places_the_axis_of_the_mask_by_x = edit("multi_head_attention", """You place the mask's new axis
    by the axes of x, but the mask may have fewer: one (n_tokens, n_tokens) can serve a whole
    batch. Counted from the end, it should always be -3.""",
    ("not None", "not None and (x.ndim == only if only else x.ndim > 2)"),
    ("np.atleast_2d(mask), -3", "mask, axis or x.ndim - 2"), only=(None, 3), axis=(None, 1))

shares_out_along_axis_one = edit("multi_head_attention", """Your softmax runs along axis 1,
    whatever that is: heads, queries or something else. It should run along the keys, the last
    axis, -1.""",
    ("if mask is not None:\nmask = np.expand_dims(np.atleast_2d(mask), -3)",
     "scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5\n"
     "if mask is not None:\n"
     "    scores = np.where(np.expand_dims(np.atleast_2d(mask), -3), scores, low)\n"
     "exps = np.exp(scores - scores.max(axis=1, keepdims=True))"),
    ("attention(q, k, v, mask)", "exps / exps.sum(axis=1, keepdims=True) @ v"),
    low=(-np.inf, -1e9))


@mistake("attention_maps", """Your softmax runs along axis 1, whatever that is: heads, queries or
    something else. It should run along the keys, the last axis, -1.""", low=(-np.inf, -1e9))
def shares_the_maps_out_along_axis_one(x, w_q, w_k, n_heads, mask=None, *, low):
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = np.where(np.expand_dims(np.atleast_2d(mask), -3), scores, low)
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


reverses_all_axes_of_the_keys = edit("multi_head_attention", """`.T` reverses *every* axis of
    your keys, heads and batch included. Swap only the last two, and leave those in front alone.""",
    ("if mask is not None:\nmask = np.expand_dims(np.atleast_2d(mask), -3)",
     "scores = q @ k.T / q.shape[-1] ** 0.5\n"
     "if mask is not None:\n"
     "    scores = np.where(np.expand_dims(np.atleast_2d(mask), -3), scores, -np.inf)\n"
     "exps = np.exp(scores - scores.max(axis=-1, keepdims=True))"),
    ("attention(q, k, v, mask)", "exps / exps.sum(axis=-1, keepdims=True) @ v"))


@mistake("attention_maps", """`.T` reverses *every* axis of your keys, heads and batch included.
    Swap only the last two, and leave those in front alone.""")
def reverses_all_axes_of_the_keys_of_the_maps(x, w_q, w_k, n_heads, mask=None):
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    scores = q @ k.T / q.shape[-1] ** 0.5
    if mask is not None:
        scores = np.where(np.expand_dims(np.atleast_2d(mask), -3), scores, -np.inf)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


@mistake("attention_maps", """You place the mask's new axis by the axes of x, but the mask may have
    fewer: one (n_tokens, n_tokens) can serve a whole batch. Counted from the end, it should always
    be -3.""", only=(None, 3), axis=(None, 1))
def places_the_axis_of_the_map_mask_by_x(x, w_q, w_k, n_heads, mask=None, *, only, axis):
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    if mask is not None and (x.ndim == only if only else x.ndim > 2):
        mask = np.expand_dims(mask, axis or x.ndim - 2)
    return attention_weights(q, k, mask)


stacks_the_heads_and_reshapes = edit("multi_head_attention", """Your heads are stacked in front,
    and a reshape alone makes rows that mix tokens. The heads should be side by side:
    np.concatenate(heads, axis=-1).""",
    ("return merge_heads(attention(q, k, v, mask))",
     "heads = np.moveaxis(attention(q, k, v, mask), -3, 0)\n"
     "return heads.reshape(*x.shape[:-1], -1)"))

gives_the_mask_of_a_memory_no_head_axis = edit("multi_head_attention", """With a memory, your
    mask gets no axis for the heads, so its samples line up with the heads. Give it one there,
    too: (batch, 1, 1, n_memory).""",
    ("memory = x", "seen = x"), ("memory @", "seen @", 2),
    ("not None", "not None and memory is None"))
