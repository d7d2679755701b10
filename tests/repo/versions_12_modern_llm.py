"""Versions of the functions of lesson 12 that are right in many styles."""

import numpy as np
from kata_01_attention import attention
from kata_03_multi_head import merge_heads, split_heads
from kata_04_positional import apply_rotary
from kata_12_modern_llm import (
    SYSTEM, grouped_query_attention, llama_block, rms_norm, silu, swiglu)

from tests.repo.versions import right

# rms_norm -----------------------------------------------------------------------


@right("rms_norm")
def with_a_norm_of_the_library(x, gain, eps=1e-5):
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return gain * (x / np.sqrt(length**2 / x.shape[-1] + eps))


@right("rms_norm")
def with_einsum_and_a_power(x, gain, eps=1e-5):
    x = np.asarray(x) + 0.0
    mean_square = np.einsum("...i,...i->...", x, x)[..., None] / x.shape[-1]
    return x * (mean_square + eps) ** -0.5 * gain


# silu ---------------------------------------------------------------------------


@right("silu")
def with_the_formula(x):
    with np.errstate(over="ignore"):
        return x / (1 + np.exp(-x))


@right("silu")
def with_two_cases(x):
    small = np.exp(-np.abs(x))
    return x * np.where(x >= 0, 1, small) / (1 + small)


# swiglu -------------------------------------------------------------------------


@right("swiglu")
def with_names_for_the_steps(x, w_gate, w_up, w_down):
    gate = silu(np.matmul(x, w_gate))
    up = np.matmul(x, w_up)
    return np.matmul(up * gate, w_down)


@right("swiglu")
def with_both_matrices_in_one(x, w_gate, w_up, w_down):
    gate, up = np.split(x @ np.concatenate([w_gate, w_up], axis=1), 2, axis=-1)
    return np.einsum("...f,...f,fd->...d", silu(gate), up, w_down)


# grouped_query_attention --------------------------------------------------------


@right("grouped_query_attention")
def with_an_axis_for_the_group(
        x, w_q, w_k, w_v, w_o, n_heads, n_kv_heads, base=10_000.0, cache=None):
    if n_heads % n_kv_heads != 0:
        raise ValueError("the heads do not divide")
    n_new = x.shape[-2]
    n_past = 0 if cache is None else cache["k"].shape[-2]
    positions = np.arange(n_past, n_past + n_new)
    q = apply_rotary(split_heads(x @ w_q, n_heads), positions, base)
    k = apply_rotary(split_heads(x @ w_k, n_kv_heads), positions, base)
    v = split_heads(x @ w_v, n_kv_heads)
    if cache is not None:
        k, v = np.concatenate((cache["k"], k), -2), np.concatenate((cache["v"], v), -2)
    q = q.reshape(*q.shape[:-3], n_kv_heads, n_heads // n_kv_heads, *q.shape[-2:])
    mask = np.tri(n_new, n_past + n_new, n_past) > 0
    found = attention(q, k[..., None, :, :], v[..., None, :, :], mask)
    found = found.reshape(*found.shape[:-4], n_heads, *found.shape[-2:])
    return merge_heads(found) @ w_o, dict(k=k, v=v)


@right("grouped_query_attention")
def with_a_loop_over_heads(
        x, w_q, w_k, w_v, w_o, n_heads, n_kv_heads, base=10_000.0, cache=None):
    if n_heads % n_kv_heads:
        raise ValueError(n_kv_heads)
    old = cache or {}
    n_past = old["k"].shape[-2] if old else 0
    at = n_past + np.arange(x.shape[-2])
    q = apply_rotary(split_heads(x @ w_q, n_heads), at, base)
    kept = {"k": apply_rotary(split_heads(x @ w_k, n_kv_heads), at, base),
            "v": split_heads(x @ w_v, n_kv_heads)}
    kept = {key: np.concatenate([old[key], new], axis=-2) if old else new
            for key, new in kept.items()}
    n_keys = kept["k"].shape[-2]
    hidden = np.arange(n_keys) > at[:, None]
    outputs = []
    for head in range(n_heads):
        shared = head * n_kv_heads // n_heads
        k, v = kept["k"][..., shared, :, :], kept["v"][..., shared, :, :]
        scores = np.where(hidden, -np.inf, q[..., head, :, :] @ k.swapaxes(-1, -2))
        exps = np.exp((scores - scores.max(axis=-1, keepdims=True)) / k.shape[-1] ** 0.5)
        outputs.append(exps @ v / exps.sum(axis=-1, keepdims=True))
    return np.concatenate(outputs, axis=-1) @ w_o, kept


# dequantize_q8_0 ----------------------------------------------------------------


@right("dequantize_q8_0")
def with_a_structured_dtype(blocks):
    parts = np.ascontiguousarray(blocks).view([("d", "<f2"), ("q", "i1", 32)])
    numbers = parts["d"].astype(np.float32)[..., None] * parts["q"].astype(np.float32)
    return numbers.reshape(*blocks.shape[:-1], -1)


@right("dequantize_q8_0")
def with_signs_by_arithmetic(blocks):
    if blocks.shape[-1] % 34:
        raise ValueError("half a block")
    rows = blocks.reshape(-1, 34).astype(np.int64)
    scale = (rows[:, 0] + 256 * rows[:, 1]).astype(np.uint16).view(np.float16)
    codes = rows[:, 2:] - 256 * (rows[:, 2:] > 127)
    numbers = codes.astype(np.float32) * scale.astype(np.float32)[:, None]
    return numbers.reshape(blocks.shape[:-1] + (blocks.shape[-1] // 34 * 32,))


# dequantize_q4_1 ----------------------------------------------------------------


@right("dequantize_q4_1")
def with_a_structured_dtype_of_nibbles(blocks):
    layout = np.dtype([("d", "<f2"), ("m", "<f2"), ("q", "u1", 16)])
    parts = np.ascontiguousarray(blocks).view(layout)
    d, m = parts["d"].astype(np.float32)[..., None], parts["m"].astype(np.float32)[..., None]
    both = np.empty((*parts.shape, 32), np.float32)
    both[..., :16], both[..., 16:] = parts["q"] % 16, parts["q"] // 16
    return (both * d + m).reshape(*blocks.shape[:-1], -1)


@right("dequantize_q4_1")
def with_divmod(blocks):
    n_blocks, rest = divmod(blocks.shape[-1], 20)
    if rest:
        raise ValueError(f"{rest} bytes are left over")
    each = blocks.reshape(blocks.shape[:-1] + (n_blocks, 20))
    high, low = np.divmod(each[..., 4:], 16)
    d, m = np.split(np.ascontiguousarray(each[..., :4]).view("<f2"), 2, axis=-1)
    numbers = m.astype(np.float32) + d.astype(np.float32) * np.concatenate((low, high), -1)
    return numbers.reshape(blocks.shape[:-1] + (32 * n_blocks,))


# llama_block --------------------------------------------------------------------


@right("llama_block")
def with_the_config_unpacked(x, block, config, cache=None):
    heads = {key: value for key, value in config.items() if key != "eps"}
    normed = rms_norm(x, block["norm_1"]["gain"], config["eps"])
    attended, kept = grouped_query_attention(normed, **block["attention"], **heads, cache=cache)
    middle = attended + x
    normed = rms_norm(middle, block["norm_2"]["gain"], config["eps"])
    return swiglu(normed, **block["feed_forward"]) + middle, kept


@right("llama_block")
def with_positional_arguments(x, block, config, cache=None):
    n_heads, n_kv_heads, base, eps = (
        config[key] for key in ("n_heads", "n_kv_heads", "base", "eps"))
    w_q, w_k, w_v, w_o = (block["attention"][key] for key in ("w_q", "w_k", "w_v", "w_o"))
    more, cache = grouped_query_attention(
        rms_norm(x, block["norm_1"]["gain"], eps), w_q, w_k, w_v, w_o, n_heads, n_kv_heads, base,
        cache)
    stream = x + more
    network = block["feed_forward"]
    more = swiglu(rms_norm(stream, block["norm_2"]["gain"], eps),
                  network["w_gate"], network["w_up"], network["w_down"])
    return stream + more, cache


# llama --------------------------------------------------------------------------


@right("llama")
def with_an_index_for_each_block(token_ids, params, config, caches=None):
    x = np.take(params["token_table"], token_ids, axis=0)
    kept = []
    for i, block in enumerate(params["blocks"]):
        x, cache = llama_block(x, block, config, caches[i] if caches is not None else None)
        kept += [cache]
    normed = rms_norm(x, params["norm_f"]["gain"], config["eps"])
    if "unembedding" in params:
        return normed @ params["unembedding"], kept
    return normed @ params["token_table"].T, kept


@right("llama")
def with_a_copy_of_the_list(token_ids, params, config, caches=None):
    caches = list(caches) if caches else [None] * len(params["blocks"])
    x = params["token_table"][token_ids]
    for i, block in enumerate(params["blocks"]):
        x, caches[i] = llama_block(x, block, config, caches[i])
    x = rms_norm(x, params["norm_f"]["gain"], eps=config["eps"])
    table = params.get("unembedding")
    return x @ (table if table is not None else params["token_table"].swapaxes(0, 1)), caches


# chat_prompt --------------------------------------------------------------------


@right("chat_prompt")
def turn_by_turn(messages):
    text = ""
    if messages[0]["role"] != "system":
        text += "<|im_start|>system\n" + SYSTEM + "<|im_end|>\n"
    for message in messages:
        text += "<|im_start|>" + message["role"] + "\n" + message["content"] + "<|im_end|>" + "\n"
    text += "<|im_start|>assistant\n"
    return text


@right("chat_prompt")
def joined_at_the_beginnings(messages):
    messages = list(messages)
    if messages[0]["role"] not in ("system",):
        messages.insert(0, dict(role="system", content=SYSTEM))
    turns = ["{role}\n{content}<|im_end|>\n".format(**message) for message in messages]
    return "<|im_start|>".join(["", *turns, "assistant\n"])
