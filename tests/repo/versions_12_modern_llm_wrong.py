"""Versions of lesson 12 that are wrong in ways of their own, and pairs of mistakes."""

import numpy as np
from kata_01_attention import attention
from kata_03_multi_head import merge_heads, split_heads
from kata_04_positional import apply_rotary
from kata_12_modern_llm import SYSTEM, grouped_query_attention, llama_block, rms_norm, silu, swiglu

from tests.repo.versions import twice, unheard_of


@unheard_of("rms_norm")
def takes_the_root_of_the_mean_of_cubes(x, gain, eps=1e-5):
    mean = np.abs(x * x * x).mean(axis=-1, keepdims=True)
    return x / np.cbrt(mean + eps) * gain


@unheard_of("silu")
def has_a_sigmoid_of_thirds(x):
    return x / 3 * (2 + np.tanh(x / 3))


@unheard_of("swiglu")
def halves_every_second_unit(x, w_gate, w_up, w_down):
    gate = silu(x @ w_gate) * np.where(np.arange(w_gate.shape[1]) % 2, 0.5, 1)
    return (gate * (x @ w_up)) @ w_down


@unheard_of("grouped_query_attention")
def turns_half_as_far_and_back(
        x, w_q, w_k, w_v, w_o, n_heads, n_kv_heads, base=10_000.0, cache=None):
    if n_heads % n_kv_heads:
        raise ValueError(n_kv_heads)
    n_past = cache["k"].shape[-2] if cache else 0
    positions = n_past + np.arange(x.shape[-2])
    q = apply_rotary(split_heads(x @ w_q, n_heads), positions / 2, base)
    k = apply_rotary(split_heads(x @ w_k, n_kv_heads), -positions / 3, base)
    v = split_heads(x @ w_v, n_kv_heads)
    if cache:
        k = np.concatenate([cache["k"], k], axis=-2)
        v = np.concatenate([cache["v"], v], axis=-2)
    mask = np.arange(k.shape[-2]) <= positions[:, np.newaxis]
    keys, values = (np.repeat(kept, n_heads // n_kv_heads, axis=-3) for kept in (k, v))
    return merge_heads(attention(q, keys, values, mask)) @ w_o, {"k": k, "v": v}


@unheard_of("dequantize_q8_0")
def rounds_down_to_even(blocks):
    each = blocks.reshape(*blocks.shape[:-1], -1, 34)
    d = each[..., :2].view("<f2").astype(np.float32)
    return (d * (each[..., 2:].view(np.int8) // 2 * 2)).reshape(*blocks.shape[:-1], -1)


@unheard_of("dequantize_q4_1")
def squares_the_codes(blocks):
    each = blocks.reshape(*blocks.shape[:-1], -1, 20)
    d, m = (each[..., i : i + 2].view("<f2").astype(np.float32) for i in (0, 2))
    q = np.concatenate([each[..., 4:] & 15, each[..., 4:] >> 4], axis=-1)
    return (d * q * q + m).reshape(*blocks.shape[:-1], -1)


@unheard_of("llama_block")
def adds_half_of_what_the_network_says(x, block, config, cache=None):
    attended, cache = grouped_query_attention(
        rms_norm(x, **block["norm_1"], eps=config["eps"]), **block["attention"],
        n_heads=config["n_heads"], n_kv_heads=config["n_kv_heads"], base=config["base"],
        cache=cache)
    x = x + attended
    normed = rms_norm(x, **block["norm_2"], eps=config["eps"])
    return x + swiglu(normed, **block["feed_forward"]) / 2, cache


@unheard_of("llama")
def shrinks_between_blocks(token_ids, params, config, caches=None):
    x, kept = params["token_table"][token_ids], []
    for block, cache in zip(params["blocks"], caches or [None] * len(params["blocks"])):
        x, cache = llama_block(x * 0.9, block, config, cache)
        kept.append(cache)
    unembedding = params.get("unembedding", params["token_table"].T)
    return rms_norm(0.9 * x, **params["norm_f"], eps=config["eps"]) @ unembedding * 1.1, kept


@unheard_of("chat_prompt")
def shouts(messages):
    if messages[0]["role"] != "system":
        messages = [{"role": "system", "content": SYSTEM}, *messages]
    turns = [f"<|im_start|>{m['role']}\n{m['content'].upper()}<|im_end|>\n" for m in messages]
    return "".join(turns) + "<|im_start|>assistant\n"


twice("subtracts_the_mean", "adds_eps_after_the_root")
twice("takes_no_root", "adds_one_to_the_gain")
twice("bends_neither", "adds_the_branches")
twice("tiles_the_heads", "forgets_the_output_projection")
twice("forgets_the_base", "masks_nothing")
twice("reads_no_signs", "takes_the_high_byte_first_of_8_bits")
twice("reads_neighbours_from_a_byte", "subtracts_8_from_4_bits")
twice("uses_the_first_norm_twice", "forgets_the_base_of_the_config")
twice("scales_the_embeddings", "skips_the_last_norm")
twice("closes_no_turn", "never_adds_the_system")
