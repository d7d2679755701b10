"""Versions of lesson 8 that are wrong in ways of their own, and pairs of mistakes."""

import math

import numpy as np
from kata_01_attention import attention, attention_weights
from kata_02_self_attention import causal_mask
from kata_03_multi_head import merge_heads, multi_head_attention, split_heads
from kata_04_positional import embed
from kata_05_feed_forward import gelu, layer_norm, transformer_block
from kata_06_transformer import cross_entropy
from kata_07_gradients import (
    cross_entropy_backward,
    embedding_backward,
    gelu_backward,
    layer_norm_backward,
    linear_backward,
)
from kata_08_backprop import (
    attention_backward,
    feed_forward_backward,
    multi_head_attention_backward,
    transformer_block_backward,
)

from tests.repo.versions import twice, unheard_of


@unheard_of("attention_backward")
def subtracts_half_the_mean(q, k, v, grad_out, mask=None):
    weights = attention_weights(q, k, mask)
    grad_weights = grad_out @ v.swapaxes(-1, -2)
    mean = (weights * grad_weights).sum(axis=-1, keepdims=True) / 2
    grad_scores = weights * (grad_weights - mean) / math.sqrt(q.shape[-1])
    return grad_scores @ k, grad_scores.swapaxes(-1, -2) @ q, weights.swapaxes(-1, -2) @ grad_out


@unheard_of("attention_backward")
def rounds_to_three_digits(q, k, v, grad_out, mask=None):
    weights = attention_weights(q, k, mask).round(3)
    grad_weights = grad_out @ v.swapaxes(-1, -2)
    mean = (weights * grad_weights).sum(axis=-1, keepdims=True)
    grad_scores = weights * (grad_weights - mean) / math.sqrt(q.shape[-1])
    return grad_scores @ k, grad_scores.swapaxes(-1, -2) @ q, weights.swapaxes(-1, -2) @ grad_out


@unheard_of("multi_head_attention_backward")
def weighs_the_values_double(x, w_q, w_k, w_v, w_o, n_heads, grad_out, mask=None):
    q, k, v = (split_heads(x @ w, n_heads) for w in (w_q, w_k, w_v))
    mask = None if mask is None else np.expand_dims(np.atleast_2d(mask), -3)
    back, of_w_o = linear_backward(merge_heads(attention(q, k, v, mask)), w_o, grad_out)
    grads = map(merge_heads, attention_backward(q, k, v, split_heads(back, n_heads), mask))
    (a, of_w_q), (b, of_w_k), (c, of_w_v) = (
        linear_backward(x, w, grad) for w, grad in zip((w_q, w_k, w_v), grads))
    return a + b + 2 * c, {"w_q": of_w_q, "w_k": of_w_k, "w_v": of_w_v, "w_o": of_w_o}


@unheard_of("feed_forward_backward")
def clips_what_comes_from_above(x, w_in, b_in, w_out, b_out, grad_out):
    wide, grad_out = x @ w_in + b_in, np.clip(grad_out, -1, 1)
    back, of_out = linear_backward(gelu(wide), w_out, grad_out)
    grad_wide = gelu_backward(wide, back)
    grad_x, of_in = linear_backward(x, w_in, grad_wide)
    every = tuple(range(x.ndim - 1))
    return grad_x, {"w_in": of_in, "b_in": grad_wide.sum(axis=every), "w_out": of_out,
                    "b_out": grad_out.sum(axis=every)}


@unheard_of("transformer_block_backward")
def halves_what_goes_past(x, block, n_heads, grad_out, mask=None):
    normed = layer_norm(x, **block["norm_1"])
    middle = x + multi_head_attention(normed, **block["attention"], n_heads=n_heads, mask=mask)
    grad, inside = feed_forward_backward(
        layer_norm(middle, **block["norm_2"]), **block["feed_forward"], grad_out=grad_out)
    grad, gain_2, bias_2 = layer_norm_backward(middle, **block["norm_2"], grad_out=grad)
    grad_middle = grad_out / 2 + grad
    grad, attended = multi_head_attention_backward(
        normed, **block["attention"], n_heads=n_heads, grad_out=grad_middle, mask=mask)
    grad, gain_1, bias_1 = layer_norm_backward(x, **block["norm_1"], grad_out=grad)
    return grad_middle + grad, {"norm_1": {"gain": gain_1, "bias": bias_1}, "attention": attended,
                                "norm_2": {"gain": gain_2, "bias": bias_2}, "feed_forward": inside}


@unheard_of("gpt_gradients")
def counts_the_look_up_double(token_ids, targets, params, n_heads, ignore_index=-1):
    mask, inputs = causal_mask(token_ids.shape[-1]), []
    x = embed(token_ids, params["token_table"], params["position_table"])
    for block in params["blocks"]:
        inputs.append(x)
        x = transformer_block(x, block, n_heads, mask)
    normed = layer_norm(x, **params["norm_f"])
    out = params.get("unembedding", params["token_table"].T)
    logits = normed @ out
    grad = cross_entropy_backward(logits, targets, ignore_index)
    grad, of_out = linear_backward(normed, out, grad)
    grad, gain, bias = layer_norm_backward(x, **params["norm_f"], grad_out=grad)
    blocks = []
    for x, block in zip(inputs[::-1], params["blocks"][::-1]):
        grad, of_block = transformer_block_backward(x, block, n_heads, grad, mask)
        blocks.insert(0, of_block)
    places = np.broadcast_to(np.arange(token_ids.shape[-1]), token_ids.shape)
    grads = {"token_table": 2 * embedding_backward(token_ids, len(params["token_table"]), grad),
             "position_table": embedding_backward(places, len(params["position_table"]), grad),
             "blocks": blocks, "norm_f": {"gain": gain, "bias": bias}}
    if "unembedding" in params:
        return cross_entropy(logits, targets, ignore_index), grads | {"unembedding": of_out}
    grads["token_table"] += of_out.T
    return cross_entropy(logits, targets, ignore_index), grads


twice("forgets_the_scale", "forgets_the_mask")
twice("forgets_the_mean", "reverses_all_axes")
twice("keeps_the_diagonal_alone", "forgets_the_scale")
twice("splits_with_a_reshape", "has_no_axis_for_the_heads")
twice("skips_gelu", "sums_no_bias")
twice("takes_the_slope_at_the_units", "sums_biases_over_the_first_axis")
twice("forgets_the_second_residual_connection", "leads_back_without_the_mask")
twice("lists_the_blocks_in_reverse", "keeps_the_gradient_of_the_logits_alone")
twice("skips_norm_f", "overwrites_repeated_tokens")
