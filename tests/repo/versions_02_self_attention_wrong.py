"""Versions of lesson 2 that are wrong in unheard-of ways, or wrong twice."""

import numpy as np
from kata_01_attention import attention
from kata_02_self_attention import causal_mask, project_qkv, self_attention

from tests.repo.versions import twice, unheard_of

# Wrong in ways that no mistake describes ---------------------------------------------


@unheard_of("project_qkv")
def squared(x, w_q, w_k, w_v):
    return (x @ w_q) ** 2, (x @ w_k) ** 2, (x @ w_v) ** 2


@unheard_of("project_qkv")
def summed_over_the_tokens(x, w_q, w_k, w_v):
    return tuple(np.cumsum(x @ w, axis=-2) for w in (w_q, w_k, w_v))


@unheard_of("self_attention")
def with_the_tokens_reversed(x, w_q, w_k, w_v, mask=None):
    return attention(*project_qkv(x, w_q, w_k, w_v[..., ::-1]), mask)


@unheard_of("self_attention")
def less_its_own_value(x, w_q, w_k, w_v, mask=None):
    return attention(*project_qkv(x, w_q, w_k, w_v), mask) - x @ w_v


@unheard_of("causal_mask")
def like_a_chessboard(n_tokens):
    places = np.arange(n_tokens)
    return (places[:, np.newaxis] + places) % 2 == 0


@unheard_of("causal_mask")
def below_the_other_diagonal_but_one(n_tokens):
    return np.tri(n_tokens, k=2, dtype=bool)


@unheard_of("causal_self_attention")
def of_every_other_token(x, w_q, w_k, w_v):
    places = np.arange(x.shape[-2])
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2]) & (places % 2 == 0))


@unheard_of("causal_self_attention")
def with_half_the_answer(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2])) / 2


@unheard_of("padding_mask")
def of_the_sequences_reversed(lengths, n_tokens):
    return np.arange(n_tokens) < np.reshape(lengths[::-1], (-1, 1, 1))


@unheard_of("padding_mask")
def of_even_places(lengths, n_tokens):
    return np.arange(n_tokens) % 2 < np.reshape(lengths, (-1, 1, 1))


@unheard_of("cross_attention")
def with_the_memory_doubled(x, memory, w_q, w_k, w_v, mask=None):
    return attention(x @ w_q, memory @ w_k, 2 * memory @ w_v, mask)


@unheard_of("cross_attention")
def with_nothing(x, memory, w_q, w_k, w_v, mask=None):
    return None


# Two mistakes at once: both are named, or the one that shows first ---------------------

twice("makes_keys_with_w_q", "makes_values_with_w_k")
twice("swaps_q_and_k", "projects_in_float64")
twice("makes_keys_with_w_q", "drops_the_mask")
twice("drops_the_mask", "scales_the_blend")
twice("drops_the_mask", "blends_the_tokens")
twice("adds_the_tokens_to_the_output", "drops_the_mask")
twice("answers_with_the_mean", "drops_the_mask")
twice("shows_the_next_token", "holds_ones_and_zeros")
twice("marks_the_future", "takes_the_first_axis_for_tokens")
twice("hides_the_past", "adds_x_to_the_output")
twice("hides_the_past", "passes_w_k_first")
twice("marks_the_padding", "leaves_out_the_axis_of_the_queries")
twice("shows_one_token_too_many", "hides_the_queries")
twice("shows_one_token_too_many", "ends_with_the_longest")
twice("forgets_the_mask_of_the_memory", "takes_values_from_x")
twice("forgets_the_mask_of_the_memory", "adds_x_to_the_blend")
twice("blends_the_memory", "is_causal_across")
twice("scales_by_d_model", "answers_nothing_with_nan")
twice("leaves_out_the_axis_of_the_queries", "shows_one_token_too_many")
twice("hides_the_queries", "holds_numbers")
twice("shows_the_future", "holds_ones_and_zeros")
