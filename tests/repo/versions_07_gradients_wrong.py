"""Versions of lesson 7 that are wrong in unheard-of ways, or wrong twice."""

import math

import numpy as np
from kata_01_attention import softmax

from tests.repo.versions import twice, unheard_of

# Wrong in ways that no mistake describes ---------------------------------------------


@unheard_of("numerical_gradient")
def with_the_larger_of_both_sides(f, x, step=1e-5):
    x = np.asarray(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[index] = step
        up, down = f(x + nudge) - f(x), f(x) - f(x - nudge)
        gradient[index] = max(up, down, key=abs) / step
    return gradient


@unheard_of("numerical_gradient")
def with_the_size_of_the_slope(f, x, step=1e-5):
    x = np.asarray(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[index] = step
        gradient[index] = abs(f(x + nudge) - f(x - nudge)) / (2 * step)
    return gradient


@unheard_of("linear_backward")
def with_the_tokens_turned_round(x, w, grad_out):
    rows, above = x.reshape(-1, x.shape[-1]), grad_out.reshape(-1, grad_out.shape[-1])
    return grad_out @ w.swapaxes(-1, -2), rows[::-1].swapaxes(-1, -2) @ above


@unheard_of("linear_backward")
def with_the_output_in_place_of_the_gradient(x, w, grad_out):
    rows, above = x.reshape(-1, x.shape[-1]), grad_out.reshape(-1, grad_out.shape[-1])
    return x @ w @ w.swapaxes(-1, -2), rows.swapaxes(-1, -2) @ above


@unheard_of("embedding_backward")
def with_the_largest_of_a_token(token_ids, n_rows, grad_out):
    grad_table = np.zeros((n_rows, grad_out.shape[-1]), dtype=grad_out.dtype)
    np.maximum.at(grad_table, token_ids, grad_out)
    return grad_table


@unheard_of("embedding_backward")
def with_the_table_turned_round(token_ids, n_rows, grad_out):
    grad_table = np.zeros((n_rows, grad_out.shape[-1]), dtype=grad_out.dtype)
    np.add.at(grad_table, n_rows - 1 - token_ids, grad_out)
    return grad_table


@unheard_of("softmax_backward")
def with_the_square_of_the_weights(scores, grad_out, axis=-1):
    p = softmax(scores, axis)
    return p * p * (grad_out - (p * grad_out).sum(axis=axis, keepdims=True))


@unheard_of("softmax_backward")
def with_the_largest_in_place_of_the_average(scores, grad_out, axis=-1):
    p = softmax(scores, axis)
    return p * (grad_out - grad_out.max(axis=axis, keepdims=True))


@unheard_of("cross_entropy_backward")
def with_half_of_the_one_hot(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    one_hot = targets[..., np.newaxis] == np.arange(logits.shape[-1])
    rows = np.where(counted[..., np.newaxis], softmax(logits) - one_hot / 2, 0.0)
    return rows / max(int(counted.sum()), 1)


@unheard_of("cross_entropy_backward")
def of_the_target_before(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    one_hot = np.roll(targets, 1, axis=-1)[..., np.newaxis] == np.arange(logits.shape[-1])
    rows = np.where(counted[..., np.newaxis], softmax(logits) - one_hot, 0.0)
    return rows / max(int(counted.sum()), 1)


@unheard_of("gelu_backward")
def with_a_cosine(x, grad_out):
    return grad_out * (1 + np.sin(x)) / 2


@unheard_of("gelu_backward")
def of_minus_x(x, grad_out):
    scale = math.sqrt(2 / math.pi)
    t = np.tanh(scale * (x + 0.044715 * x * x * x))
    inner_slope = scale * (1 + 3 * 0.044715 * x * x)
    return grad_out * ((1 - t) / 2 - x / 2 * (1 - t * t) * inner_slope)


@unheard_of("layer_norm_backward")
def with_the_last_term_added(x, gain, bias, grad_out, eps=1e-5):
    std = np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    n, g = (x - x.mean(axis=-1, keepdims=True)) / std, grad_out * gain
    grad_x = g - g.mean(axis=-1, keepdims=True) + n * (g * n).mean(axis=-1, keepdims=True)
    leading = tuple(range(x.ndim - 1))
    return grad_x / std, (grad_out * n).sum(axis=leading), grad_out.sum(axis=leading)


@unheard_of("layer_norm_backward")
def with_the_largest_of_each_column(x, gain, bias, grad_out, eps=1e-5):
    std = np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    n, g = (x - x.mean(axis=-1, keepdims=True)) / std, grad_out * gain
    grad_x = g - g.mean(axis=-1, keepdims=True) - n * (g * n).mean(axis=-1, keepdims=True)
    leading = tuple(range(x.ndim - 1))
    return grad_x / std, (grad_out * n).max(axis=leading), grad_out.max(axis=leading)


# Two mistakes at once: both are named, or the one that shows first ---------------------

twice("looks_to_one_side", "nudges_in_the_dtype_of_x")
twice("divides_by_one_step", "gives_a_row_of_slopes")
twice("nudges_all_numbers_at_once", "divides_by_one_step")
twice("keeps_a_table_for_each_sequence", "does_not_turn_w")
twice("takes_the_mean_over_all_tokens", "does_not_turn_w")
twice("counts_a_repeated_token_once", "widens_by_zeros")
twice("forgets_p_in_front", "sums_over_everything")
twice("subtracts_the_plain_sum", "always_takes_the_last_axis")
twice("is_of_the_sum", "leaves_the_probabilities_of_ignored_targets")
twice("counts_ignored_targets", "subtracts_the_probabilities")
twice("ignores_minus_one_alone", "divides_by_zero_targets")
twice("forgets_the_three_of_the_cube", "widens_by_the_root")
twice("forgets_the_slope_inside", "widens_by_the_root")
twice("forgets_the_gain", "forgets_to_divide_by_the_root")
twice("takes_sums_for_means", "uses_g_for_the_gain")
twice("uses_g_for_the_gain", "uses_g_for_the_bias")
twice("forgets_eps", "takes_means_over_the_tokens")
twice("divides_by_one_less", "adds_eps_outside_the_root")
twice("forgets_both_means", "sums_over_the_first_axis_alone")
