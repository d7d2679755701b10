"""Mistakes in multi_head_attention: what a head is."""

import numpy as np
from kata_01_attention import attention

from tests.runner.diagnosis.known import edit, given, mistake, probes


@mistake("multi_head_attention", """You attend once, over the whole width: n_heads has no effect.
    Split q, k and v into heads, let each attend, and merge.""", common=True, denies=True)
def attends_without_splitting(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (x @ w_q, memory @ w_k, memory @ w_v)
    if mask is not None:
        mask = np.array(mask)
    return attention(q, k, v, mask) @ w_o


splits_by_reshape_alone = edit("multi_head_attention", """Your heads are cut by a reshape alone,
    so each holds a stretch of whole tokens. Use split_heads, which gives each head some columns
    of every token.""",
    ("memory = x",
     "def by_reshape(each, n_heads):\n"
     "    return each.reshape(*each.shape[:-2], n_heads, each.shape[-2], -1)\n\n"
     "memory = x"), ("split_heads(", "by_reshape(", 3), common=True)

merges_by_reshape_in_place = edit("multi_head_attention", """Your heads are merged by a reshape
    alone, so the rows mix tokens. Use merge_heads, which puts the heads of each token side by
    side.""",
    ("return merge_heads(attention(q, k, v, mask))",
     "heads = attention(q, k, v, mask)\n"
     "return heads.reshape(*heads.shape[:-3], heads.shape[-2], -1)"))

splits_and_merges_by_reshape_alone = edit("multi_head_attention", """You split and merge by
    reshapes alone. They undo each other, but in between each head holds a stretch of whole
    tokens. It should hold some columns of every token.""",
    ("memory = x",
     "def by_reshape(each, n_heads):\n"
     "    return each.reshape(*each.shape[:-2], n_heads, each.shape[-2], -1)\n\n"
     "memory = x"), ("split_heads(", "by_reshape(", 3),
    ("return merge_heads(attention(q, k, v, mask))",
     "heads = attention(q, k, v, mask)\n"
     "return heads.reshape(*heads.shape[:-3], heads.shape[-2], -1)"), common=True)

attends_across_the_heads = edit("multi_head_attention", """The heads of a token attend to one
    another, because your tokens come before your heads. Attention runs along axis -2, which
    should be the tokens: (..., n_heads, n_tokens, d_k).""",
    (", n_heads)", ", n_heads).swapaxes(-2, -3)", 3),
    ("attention(q, k, v, mask)", "attention(q, k, v, mask).swapaxes(-2, -3)"))

splits_before_projecting = edit("multi_head_attention", """You split x into heads before you
    project it, so a head is too narrow for the matrices. Project first: every head should read
    the whole of x.""",
    ("x @ w_q, n_heads)", "x, n_heads) @ w_q"),
    ("memory @ w_k, n_heads)", "memory, n_heads) @ w_k"),
    ("memory @ w_v, n_heads)", "memory, n_heads) @ w_v"))

interleaves_its_heads = edit("multi_head_attention", """Your heads are interleaved: head 0 has
    columns 0, n_heads, 2 * n_heads and so on of q, k and v. Each head should have adjacent
    columns.""",
    ("memory = x",
     "def interleaved(each, n_heads):\n"
     "    return np.moveaxis(each.reshape(*each.shape[:-1], -1, n_heads), -1, -3)\n\n"
     "memory = x"), ("split_heads(", "interleaved(", 3))

gives_every_head_the_first_columns = edit("multi_head_attention", """All heads have the same
    weights: each attends with the first columns of q and k. Head h should have columns h *
    d_head to (h + 1) * d_head - 1.""",
    ("q, k, v, mask", "q[..., :1, :, :], k[..., :1, :, :], v, mask"))

lets_the_heads_take_turns_at_w_o = edit("multi_head_attention", """Your merged rows interleave
    the heads, which does not fit the rows of w_o. Put the heads side by side: the first d_v rows
    of w_o are for head 0, the next for head 1.""",
    ("return merge_heads(attention(q, k, v, mask))",
     "merged = np.moveaxis(attention(q, k, v, mask), -3, -1)\n"
     "return merged.reshape(*merged.shape[:-2], -1)"))

repeats_the_first_head = edit("multi_head_attention", """Your merged rows hold the first head
    n_heads times. Each head should have queries, keys and values of its own.""",
    ("attention(q, k, v, mask)",
     "np.repeat(attention(q, k, v, mask)[..., :1, :, :], n_heads, axis=-3)"))

averages_over_the_heads = edit("multi_head_attention", """Your answer is too small by a factor of
    n_heads. The heads should be put side by side, and nothing needs to be divided.""",
    ("@ w_o", "@ w_o / n_heads"))

always_has_two_heads = edit("multi_head_attention", """You split into a fixed number of heads,
    whatever n_heads says. Use n_heads: the same weights should serve any number that divides
    their width.""",
    (", n_heads)", ", 2)", 3))

shares_out_among_the_heads = edit("multi_head_attention", """Your softmax runs along the heads:
    for each query and key, the heads compete with one another. It should run along the keys, the
    last axis, in each head on its own.""",
    ("return",
     "scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5\n"
     "if mask is not None:\n"
     "    scores = np.where(mask, scores, low)\n"
     "exps = np.exp(scores - scores.max(axis=-3, keepdims=True))\n"
     "weights = exps / exps.sum(axis=-3, keepdims=True)\n"
     "if mask is not None and hide:\n"
     "    weights = np.where(mask, weights, 0.0)\n"
     "return"), ("attention(q, k, v, mask)", "weights @ v"), hide=(True, False),
    low=(-1e9, -np.inf))

attends_to_one_sequence_alone = edit("multi_head_attention", """You go through the heads along
    the first axis, but with a batch that holds the samples. The heads are axis -3, and attention
    takes them all at once.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"),
    ("merge_heads(attention(q, k, v, mask))",
     "np.concatenate([attention(q[h], k[h], v[h], mask) for h in range(n_heads)], axis=-1)"))

stacks_the_heads_of_one_sequence_alone = edit("multi_head_attention", """You go through the heads
    along the first axis, but with a batch that holds the samples. The heads are axis -3, and
    attention takes them all at once.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"),
    ("attention(q, k, v, mask)",
     "np.stack([attention(q[h], k[h], v[h], mask) for h in range(n_heads)])"))

takes_the_heads_from_axis_one = edit("multi_head_attention", """You take the heads from axis 1,
    which is right only with exactly one batch axis. Counted from the end they are axis -3,
    however many axes come before them.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"),
    ("return merge_heads(attention(q, k, v, mask))",
     "heads = [attention(q[:, h], k[:, h], v[:, h], mask) for h in range(n_heads)]\n"
     "return np.concatenate(heads, axis=-1)"))

joins_the_heads_along_axis_one = edit("multi_head_attention", """You join the heads along axis 1.
    That is the width only for a single sequence; with a batch it is a different axis. Join along
    the last axis, -1.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"),
    ("return merge_heads(attention(q, k, v, mask))",
     "heads = [attention(q[..., h, :, :], k[..., h, :, :], v[..., h, :, :], mask) for h "
     "in range(n_heads)]\n"
     "return np.concatenate(heads, axis=1)"))

multiplies_batches_with_each_other = edit("multi_head_attention", """The weights of each head
    blend the values of *all* heads: np.dot combines every one with every other. Use `@`, which
    keeps to one head at a time.""",
    ("attention(q, k, v, mask)", "np.dot(attention_weights(q, k, mask), v)"))


@probes("multi_head_attention")
def probe_multi_head_attention():
    rng = np.random.default_rng(3)

    def layer(*batch, sizes, d_memory=None):
        n_tokens, d_model, width_k, width_v, d_out = sizes
        d_seen = d_memory or d_model
        shapes = ((*batch, n_tokens, d_model), (d_model, width_k), (d_seen, width_k),
                  (d_seen, width_v),
                  (width_v, d_out))
        return [rng.normal(size=shape) for shape in shapes]

    see = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [0, 0, 0, 0], [1, 1, 0, 1]], dtype=bool)
    square = layer(sizes=(4, 4, 4, 4, 4))
    yield given(*square, 2)
    yield given(*square, 2, see, rng.normal(size=(4, 4)))
    yield given(*layer(sizes=(6, 6, 6, 6, 6)), 3)
    yield given(*layer(sizes=(5, 10, 6, 8, 12)), 2)
    yield given(*layer(sizes=(4, 10, 6, 8, 10)), 2)
    yield given(*layer(sizes=(4, 9, 6, 12, 15)), 3, see)
    yield given(*layer(sizes=(4, 9, 6, 12, 15)), 3, see[0])
    x, *weights = layer(sizes=(4, 9, 6, 12, 15))
    yield given(30 * x, *weights, 3, see)
    yield given(*layer(2, sizes=(4, 8, 6, 10, 12)), 2, see[:2, None])
    yield given(*layer(3, sizes=(4, 8, 6, 10, 12)), 2, see[[0, 1, 3], None])
    yield given(*layer(3, sizes=(4, 5, 6, 6, 7)), 1)
    yield given(*layer(3, 2, sizes=(4, 8, 6, 10, 12)), 2, see[[[0, 1], [3, 0], [1, 3]], None])
    yield given(*layer(3, sizes=(5, 8, 6, 12, 16), d_memory=10), 2,
                memory=rng.normal(size=(3, 4, 10)), mask=see[:3, None])
    yield given(*layer(2, sizes=(3, 4, 4, 4, 4)), 2, memory=rng.normal(size=(2, 3, 4)))
    yield given(*(array.astype(np.float32) for array in layer(sizes=(4, 10, 6, 8, 12))), 2, see)
    yield given(np.arange(40).reshape(4, 10) % 7 - 3, *layer(sizes=(4, 10, 6, 8, 12))[1:], 2)
    x, w_q, w_k, w_v, _ = layer(sizes=(4, 8, 6, 10, 12))
    yield given(x, w_q, w_k, w_v, rng.normal(size=(5, 12)), 2)  # as high as one head is wide
    yield given(x, w_q, w_k, w_v, rng.normal(size=(20, 12)), 2)  # as high as both are, whole
    yield given(*layer(sizes=(3, 8, 6, 10, 12)), 2)  # as many tokens as a head has columns
    yield given(*layer(sizes=(6, 8, 6, 10, 12)), 1)
    x, *weights = layer(2, sizes=(4, 8, 6, 10, 12))
    yield given(12 + x / 100, *weights, 1, see)  # large scores, and in all rows alike
