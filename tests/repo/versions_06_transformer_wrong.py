"""Versions of lesson 6 that are wrong in unheard-of ways, or wrong twice."""

import math

import numpy as np
from kata_02_self_attention import causal_mask
from kata_03_multi_head import multi_head_attention
from kata_04_positional import add_positions, embed, sinusoidal_encoding
from kata_05_feed_forward import feed_forward, layer_norm, relu, transformer_block
from kata_06_transformer import cross_entropy

from tests.repo.versions import twice, unheard_of

# Wrong in ways that no mistake describes ---------------------------------------------


@unheard_of("encoder_block")
def with_a_bias_of_its_own(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      **block["norm_2"]) + 0.5


@unheard_of("encoder_block")
def with_a_sine_for_a_bend(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=np.sin),
                      **block["norm_2"])


@unheard_of("decoder_block")
def with_half_of_what_it_sees(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask,
                                memory=memory)
    x = layer_norm(x + 0.5 * seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      **block["norm_3"])


@unheard_of("decoder_block")
def nothing(x, memory, block, n_heads, mask=None, memory_mask=None):
    return None


@unheard_of("transformer")
def with_a_third_of_the_scale(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    x = params["target_table"][target_ids] * math.sqrt(d_model) / 3
    return add_positions(x, sinusoidal_encoding(x.shape[-2], d_model)) @ params["unembedding"]


@unheard_of("gpt")
def with_tanh_at_the_end(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, causal_mask(x.shape[-2]))
    return np.tanh(layer_norm(x, **params["norm_f"]) @ params["token_table"].T)


@unheard_of("gpt")
def with_norm_f_inside_the_loop_and_half_of_it(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
        x = (x + layer_norm(x, **params["norm_f"])) / 2
    return x @ params.get("unembedding", params["token_table"].T)


@unheard_of("cross_entropy")
def without_a_softmax_or_a_target(logits, targets, ignore_index=-1):
    return -np.log(np.abs(logits) + 1).mean()


@unheard_of("cross_entropy")
def of_the_squares(logits, targets, ignore_index=-1):
    return (logits[targets != ignore_index] ** 2).mean()


@unheard_of("perplexity")
def cubed(logits, targets, ignore_index=-1):
    return cross_entropy(logits, targets, ignore_index) ** 3


@unheard_of("generate")
def always_the_third_best(token_ids, params, n_heads, n_new):
    return np.concatenate([token_ids, np.full((*token_ids.shape[:-1], n_new), 2)], axis=-1)


# Two mistakes at once: both are named, or the one that shows first ---------------------

twice("forgets_the_shortcut_of_attention", "forgets_the_shortcut_of_thinking")
twice("forgets_the_shortcut_of_thinking", "forgets_the_mask_of_the_encoder")
twice("bends_with_gelu", "forgets_the_mask_of_the_encoder")
twice("swaps_the_masks", "bends_with_gelu_in_the_decoder")
twice("forgets_the_mask_of_what_is_read", "swaps_norm_2_and_norm_3")
twice("norms_first", "norms_first_in_the_decoder")
twice("forgets_the_scale", "forgets_the_causal_mask")
twice("forgets_the_padding_in_the_encoder", "scales_positions_too")
twice("forgets_norm_f", "scales_as_the_paper_does")
twice("forgets_the_causal_mask_in_gpt", "always_ties")
twice("overflows", "adds_surprises_up")
twice("counts_in_bits", "always_ignores_minus_one")
twice("raises_two_to_it", "counts_in_bits")
twice("does_not_crop", "chooses_after_the_first_token")
twice("norms_f_inside_the_loop", "forgets_the_causal_mask_in_gpt")
twice("norms_f_before_every_block", "always_ties")
twice("forgets_norm_1", "forgets_norm_2")
twice("ignores_nothing", "returns_the_last_tokens_alone")
twice("uses_norm_1_twice", "bends_with_gelu")
twice("uses_norm_2_for_the_last_two", "bends_with_gelu_in_the_decoder")
twice("gives_probabilities", "forgets_the_padding_in_the_decoder")
twice("gives_probabilities_from_gpt", "forgets_the_causal_mask_in_gpt")
