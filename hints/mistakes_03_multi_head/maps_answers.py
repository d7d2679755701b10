"""Mistakes in attention_maps: what is answered, and where its axes go."""

import numpy as np
from kata_01_attention import attention, attention_weights
from kata_03_multi_head import split_heads

from tests.runner.diagnosis.known import edit, mistake

averages_the_maps = edit("attention_maps", """Your answer is the mean of the heads' maps. Return
    the map of every head, with the heads on an axis of their own.""",
    ("n_heads), mask)", "n_heads), mask).mean(axis=-3)"), common=True)

adds_the_maps_up = edit("attention_maps", """Your answer is the sum of the heads' maps. Return
    the map of every head, with the heads on an axis of their own.""",
    ("n_heads), mask)", "n_heads), mask).sum(axis=-3)"))

merges_the_maps = edit("attention_maps", """Your maps are side by side, as if they were outputs
    to be merged. Keep them apart, with the heads on an axis of their own: (..., n_heads,
    n_tokens, n_tokens).""",
    ("attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads), mask)",
     "merge_heads(attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, "
     "n_heads), mask))"))

keeps_the_first_map = edit("attention_maps", """Your answer is the map of a single head. Return
    the map of every head, with the heads on an axis of their own.""",
    ("n_heads), mask)", "n_heads), mask)[..., which, :, :]"), which=(0, -1))

puts_the_heads_last = edit("attention_maps", """The heads are the last axis of your maps. They
    should come before the queries and keys: (..., n_heads, n_tokens, n_tokens).""",
    ("attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads), mask)",
     "np.moveaxis(attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, "
     "n_heads), mask), -3, -1)"))

puts_the_heads_before_the_samples = edit("attention_maps", """Your heads come before everything
    else, batch axes included. They should come right before the queries and keys: (..., n_heads,
    n_tokens, n_tokens).""",
    ("attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads), mask)",
     "np.moveaxis(attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, "
     "n_heads), mask), -3, 0)"))

turns_the_maps_on_their_side = edit("attention_maps", """Your maps are transposed: the columns
    sum to one. Row i of a map should be about query i.""",
    ("n_heads), mask)", "n_heads), mask).swapaxes(-1, -2)"), common=True)


@mistake("attention_maps", """You make one map and split its columns among the heads. Split the
    queries and keys instead, so that each head has a map of its own over all tokens.""")
def splits_the_finished_map(x, w_q, w_k, n_heads, mask=None):
    if mask is not None:
        mask = np.array(mask)
    return split_heads(attention_weights(x @ w_q, x @ w_k, mask), n_heads)


fills_maps_in_the_dtype_of_x = edit("attention_maps", """If x holds integers, your weights are
    cut to whole numbers, because they go into an array of the dtype of x. Let the products
    decide the dtype.""",
    ("n_heads), mask)", "n_heads), mask).astype(x.dtype)"))

puts_the_maps_below_each_other = edit("attention_maps", """Your maps are stacked below one
    another in one table. Keep them apart, with the heads on an axis of their own: (..., n_heads,
    n_tokens, n_tokens).""",
    ("return", "maps ="),
    ("n_heads), mask)",
     "n_heads), mask)\nreturn maps.reshape(*maps.shape[:-3], -1, maps.shape[-1])"))


@mistake("attention_maps", """All your maps are the same one, made over the whole width. Each head
    should have a map of its own: split the queries and keys into heads.""")
def repeats_one_map(x, w_q, w_k, n_heads, mask=None):
    if mask is not None:
        mask = np.array(mask)
    maps = attention_weights(x @ w_q, x @ w_k, mask)
    return np.repeat(maps[..., None, :, :], n_heads, axis=-3)


@mistake("attention_maps", """Your answer is the scores, not the weights: softmax is missing. Each
    row of a map should sum to one.""", low=(-np.inf, -1e9, 0.0), denies=True)
def maps_scores(x, w_q, w_k, n_heads, mask=None, *, low):
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5
    return scores if mask is None else np.where(mask, scores, low)


@mistake("attention_maps", """Your softmax runs along the heads: for each query and key, the heads
    compete with one another. It should run along the keys, the last axis, in each head on its
    own.""", hide=(True, False), low=(-1e9, -np.inf))
def shares_the_maps_out_among_the_heads(x, w_q, w_k, n_heads, mask=None, *, hide, low):
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = np.where(mask, scores, low)
    exps = np.exp(scores - scores.max(axis=-3, keepdims=True))
    weights = exps / exps.sum(axis=-3, keepdims=True)
    return weights if mask is None or not hide else np.where(mask, weights, 0.0)


blends_the_keys_by_the_maps = edit("attention_maps", """Your answer is a blend of the keys.
    Return the weights themselves, which are n_tokens wide.""",
    ("return attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, "
     "n_heads), mask)",
     "q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)\n"
     "return attention(q, k, k, mask)"))


@mistake("attention_maps", """Your answer is a blend of the tokens. Return the weights themselves,
    which are n_tokens wide: attention_weights stops there.""",
         each=("its columns", "all columns", "x as it is"), mask_as_it_is=(False, True))
def blends_the_tokens_by_the_maps(x, w_q, w_k, n_heads, mask=None, *, each, mask_as_it_is):
    if mask is not None and not mask_as_it_is:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    v = split_heads(x, n_heads) if each == "its columns" else x[..., np.newaxis, :, :]
    v = x if each == "x as it is" else v
    return attention(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads), v, mask)


returns_a_list_of_maps = edit("attention_maps", """You return a list of maps. Return one array,
    with the heads on an axis right before the queries.""",
    ("attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads), mask)",
     "list(np.moveaxis(attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ "
     "w_k, n_heads), mask), -3, 0))"))


@mistake("attention_maps", """You take the heads from axis 1, which is right only with exactly one
    batch axis. Counted from the end they are axis -3, however many axes come before them.""")
def takes_the_maps_from_axis_one(x, w_q, w_k, n_heads, mask=None):
    if mask is not None:
        mask = np.array(mask)
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    return np.stack([attention_weights(q[:, h], k[:, h], mask) for h in range(n_heads)], axis=1)


@mistake("attention_maps", """You go through the heads along the first axis, but with a batch that
    holds the samples. The heads are axis -3, and attention_weights takes them all at once.""")
def maps_one_sequence_alone(x, w_q, w_k, n_heads, mask=None):
    if mask is not None:
        mask = np.array(mask)
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    return np.stack([attention_weights(q[h], k[h], mask) for h in range(n_heads)])


fills_maps_in_float64 = edit("attention_maps", """Your numbers become float64 where float32 came
    in, through a NumPy scalar, an array without a dtype or a conversion on the way. They should
    stay float32.""",
    ("n_heads), mask)", "n_heads), mask).astype(np.float64)"))

computes_maps_in_float64 = edit("attention_maps", """Your numbers become float64 where float32
    came in, through a NumPy scalar, an array without a dtype or a conversion on the way. They
    should stay float32.""",
    ("return", "x = x.astype(np.float64)\nreturn"), common=True)

scores_maps_in_float64 = edit("attention_maps", """Your numbers become float64 where float32 came
    in, through a NumPy scalar, an array without a dtype or a conversion on the way. They should
    stay float32.""",
    ("(x @ w_q, n_heads)", "(x @ w_q, n_heads).astype(np.float64)"))

fills_maps_in_float32 = edit("attention_maps", """Your maps are float32 whatever comes in, so
    float64 loses half its digits. They should have the dtype of x.""",
    ("n_heads), mask)", "n_heads), mask).astype(np.float32)"))
