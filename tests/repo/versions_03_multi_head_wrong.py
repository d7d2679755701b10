"""Versions of lesson 3 that are wrong in unheard-of ways, or wrong twice."""

import numpy as np
from kata_01_attention import attention, attention_weights
from kata_03_multi_head import merge_heads, split_heads

from tests.repo.versions import twice, unheard_of


@unheard_of("split_heads")
def backwards(x, n_heads):
    return np.stack(np.split(x, n_heads, axis=-1)[::-1], axis=-3)


@unheard_of("split_heads")
def a_sorted_copy(x, n_heads):
    return np.sort(-x, axis=-1)


@unheard_of("merge_heads")
def product(x):
    return x.prod(axis=-3)


@unheard_of("merge_heads")
def rolled(x):
    return np.roll(np.concatenate([x[..., h, :, :] for h in range(x.shape[-3])], axis=-1), 1,
                   axis=-1)


@unheard_of("multi_head_attention")
def with_a_bias(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    q, k, v = (split_heads(a, n_heads) for a in (x @ w_q, x @ w_k, x @ w_v))
    return merge_heads(attention(q, k, v)) @ w_o + 0.5


@unheard_of("multi_head_attention")
def with_tanh(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    q, k, v = (np.tanh(split_heads(a, n_heads)) for a in (x @ w_q, x @ w_k, x @ w_v))
    return merge_heads(attention(q, k, v)) @ w_o


@unheard_of("multi_head_attention")
def none(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    return None


@unheard_of("attention_maps")
def squared(x, w_q, w_k, n_heads, mask=None):
    return attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads),
                             mask) ** 2


@unheard_of("attention_maps")
def of_the_latest_token(x, w_q, w_k, n_heads, mask=None):
    return attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads),
                             mask)[..., -1:, :]


# Two mistakes at once: both are named, or the one that shows first ---------------------

twice("reshapes_alone", "merges_by_reshape_alone")
twice("leaves_the_heads_behind_the_tokens", "drops_the_columns_left_over")
twice("swaps_the_first_two_axes", "drops_the_columns_left_over")
twice("does_not_join_the_heads", "fills_a_float64_array_in_the_merge")
twice("forgets_w_o", "ignores_the_mask_in_every_head")
twice("forgets_w_o", "scales_by_d_model")
twice("uses_w_q_for_the_keys", "gives_the_mask_no_head_axis")
twice("scales_by_the_width_of_all_heads", "ignores_the_memory")
twice("adds_x_to_the_answer", "scales_by_d_model")
twice("uses_w_q_for_the_keys", "scales_by_d_model")
twice("gives_the_mask_no_head_axis", "ignores_the_memory")
twice("averages_the_maps", "maps_with_w_q_alone")
twice("maps_without_the_mask", "turns_the_maps_on_their_side")
twice("scales_the_maps_by_d_model", "gives_the_mask_of_the_maps_no_head_axis")
twice("interleaves_the_heads", "adds_the_heads_up")


@unheard_of("split_heads")
def with_a_look_at_the_tokens(x, n_heads):
    if x.shape[-2] % n_heads:
        raise ValueError("no")
    return x.reshape(*x.shape[:-1], n_heads, x.shape[-1] // n_heads).swapaxes(-2, -3)


@unheard_of("merge_heads")
def without_axes_of_length_one(x):
    return x.swapaxes(-2, -3).reshape(*x.shape[:-3], x.shape[-2], -1).squeeze()


@unheard_of("multi_head_attention")
def without_a_batch_of_one(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    mask = None if mask is None else np.expand_dims(np.atleast_2d(mask), -3)
    return np.squeeze(merge_heads(attention(q, k, v, mask)) @ w_o)


@unheard_of("multi_head_attention")
def with_one_row_of_the_mask_for_each_sample(x, w_q, w_k, w_v, w_o, n_heads, mask=None,
                                             memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.atleast_2d(mask)[..., None, :, :]
        mask = mask if mask.ndim == 3 else mask[..., :1, :]
    return merge_heads(attention(q, k, v, mask)) @ w_o


twice("turns_all_matrices_on_their_side", "ignores_the_mask_in_every_head")
twice("forgets_w_o", "adds_the_heads_up")
