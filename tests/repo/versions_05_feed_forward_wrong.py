"""Versions of lesson 5 that are wrong in unheard-of ways, or wrong twice."""

import math

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, gelu, layer_norm, relu

from tests.repo.versions import twice, unheard_of

# Wrong in ways that no mistake describes ---------------------------------------------


@unheard_of("relu")
def of_the_square(x):
    return np.maximum(x * x, 0)


@unheard_of("relu")
def of_half_of_it(x):
    return np.maximum(x / 2, 0)


@unheard_of("gelu")
def by_a_cosine(x):
    return x / 2 * (1 + np.sin(x))


@unheard_of("gelu")
def with_an_arc_tangent(x):
    return x * (0.5 + np.arctan(x) / math.pi)


@unheard_of("gelu")
def with_a_fifth_power(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**5)))


@unheard_of("feed_forward")
def with_the_units_sorted(x, w_in, b_in, w_out, b_out, activation=gelu):
    return np.sort(activation(x @ w_in + b_in), axis=-1) @ w_out + b_out


@unheard_of("feed_forward")
def with_the_tokens_turned_round(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x[..., ::-1, :] @ w_in + b_in) @ w_out + b_out


@unheard_of("layer_norm")
def by_the_median(x, gain, bias, eps=1e-5):
    middle = np.median(x, axis=-1, keepdims=True)
    return (x - middle) / np.sqrt(x.var(axis=-1, keepdims=True) + eps) * gain + bias


@unheard_of("layer_norm")
def by_the_largest_deviation(x, gain, bias, eps=1e-5):
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / (np.abs(centred).max(axis=-1, keepdims=True) + eps) * gain + bias


@unheard_of("layer_norm")
def with_the_gain_turned_round(x, gain, bias, eps=1e-5):
    normed = (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    return normed * gain[::-1] + bias


@unheard_of("transformer_block")
def with_feed_forward_twice(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    x = x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@unheard_of("transformer_block")
def with_the_answer_of_attention_bent(x, block, n_heads, mask=None):
    x = x + relu(multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                      n_heads=n_heads, mask=mask))
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


# Two mistakes at once: both are named, or the one that shows first ---------------------

twice("forgets_the_half", "widens_by_the_root")
twice("forgets_the_root", "squares_instead_of_cubing")
twice("forgets_the_half", "leaves_the_cube_outside_the_bracket")
twice("adds_the_bias_after_the_bend", "forgets_the_bias_outside")
twice("always_bends_with_relu", "forgets_the_bias_outside")
twice("forgets_the_bend", "adds_the_shortcut_here")
twice("divides_by_one_less", "adds_eps_outside_the_root")
twice("divides_by_one_less", "forgets_the_bias")
twice("norms_along_the_first_axis", "forgets_the_gain")
twice("forgets_eps", "adds_the_bias_before_the_gain")
twice("bends_with_relu", "forgets_the_first_norm")
twice("forgets_the_mask", "attends_with_one_head")
twice("has_no_first_shortcut", "bends_with_relu")
twice("exchanges_the_norms", "bends_with_relu")
twice("forgets_the_mask", "uses_norm_1_twice")
twice("hides_the_future_without_a_mask", "bends_with_relu")
twice("uses_the_first_bias_twice", "always_bends_with_relu")
