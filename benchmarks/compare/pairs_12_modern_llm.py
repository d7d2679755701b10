"""Lesson 12 beside PyTorch: RMSNorm, SiLU, attention with shared heads, a llama.

Rotary pairs are complex numbers here, turned by a product, as in the first llama's own code.
chat_prompt, whose answer is text, has no counterpart.
"""

from functools import partial

import numpy as np
import torch
from torch.nn.functional import linear, rms_norm, scaled_dot_product_attention, silu

from benchmarks.compare.pairs import Pair

D_MODEL, D_HEAD, D_FF, VOCAB = 24, 6, 20, 13
CONFIG = {"n_heads": 4, "n_kv_heads": 2, "base": 100.0, "eps": 1e-3}
N_PAST, N_NEW, BATCH = 5, 3, 2


def normal(random, *shape):
    """Numbers that leave the size of what they multiply about as it is."""
    return random.normal(size=shape) / shape[0] ** 0.5


def attention_weights(random):
    wide, narrow = (CONFIG[name] * D_HEAD for name in ("n_heads", "n_kv_heads"))
    return {"w_q": normal(random, D_MODEL, wide), "w_k": normal(random, D_MODEL, narrow),
            "w_v": normal(random, D_MODEL, narrow), "w_o": normal(random, wide, D_MODEL)}


def gated(random):
    return {"w_gate": normal(random, D_MODEL, D_FF), "w_up": normal(random, D_MODEL, D_FF),
            "w_down": normal(random, D_FF, D_MODEL)}


def norm(random):
    return {"gain": random.normal(1, 0.2, D_MODEL)}


def block(random):
    return {"norm_1": norm(random), "attention": attention_weights(random),
            "norm_2": norm(random), "feed_forward": gated(random)}


def tokens(random):
    return random.normal(size=(BATCH, N_NEW, D_MODEL))


def cache(random):
    shape = BATCH, CONFIG["n_kv_heads"], N_PAST, D_HEAD
    return {name: random.normal(size=shape) for name in "kv"}


def heads(random):
    return (tokens(random), *attention_weights(random).values(),
            *(CONFIG[name] for name in ("n_heads", "n_kv_heads", "base")), cache(random))


def model(random):
    params = {"token_table": normal(random, VOCAB, D_MODEL), "norm_f": norm(random),
              "blocks": [block(random), block(random)]}
    ids = random.integers(VOCAB, size=(BATCH, N_NEW))
    return ids, params, CONFIG, [cache(random), cache(random)]


def stored(random, n_scales, n_codes):
    """Blocks of few bits: float16 numbers, and bytes."""
    scales = random.normal(size=(BATCH, 3, n_scales)).astype("<f2").view(np.uint8)
    codes = random.integers(256, size=(BATCH, 3, n_codes), dtype=np.uint8)
    return (np.concatenate([scales, codes], axis=-1).reshape(BATCH, -1),)


def normed(x, gain, eps=1e-5):
    return rms_norm(x, gain.shape, gain, eps)


def swiglu(x, w_gate, w_up, w_down):
    return linear(silu(linear(x, w_gate.mT)) * linear(x, w_up.mT), w_down.mT)


def split(x, n_heads):
    return x.unflatten(-1, (n_heads, -1)).transpose(-2, -3)


def turned(x, start, base):
    """Pairs of neighbours as complex numbers, each times a number of size 1."""
    positions = torch.arange(start, start + x.shape[-2], dtype=x.dtype)
    rates = base ** (-torch.arange(0, x.shape[-1], 2, dtype=x.dtype) / x.shape[-1])
    angles = torch.outer(positions, rates)
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
    return torch.view_as_real(pairs * torch.polar(torch.ones_like(angles), angles)).flatten(-2)


def grouped(x, w_q, w_k, w_v, w_o, n_heads, n_kv_heads, base, cache):
    n_past = cache["k"].shape[-2]
    q, k = turned(split(x @ w_q, n_heads), n_past, base), split(x @ w_k, n_kv_heads)
    k = torch.cat([cache["k"], turned(k, n_past, base)], dim=-2)
    v = torch.cat([cache["v"], split(x @ w_v, n_kv_heads)], dim=-2)
    seen = torch.ones(x.shape[-2], k.shape[-2], dtype=torch.bool).tril(n_past)
    found = scaled_dot_product_attention(q, k, v, attn_mask=seen, enable_gqa=True)
    return found.transpose(-2, -3).flatten(-2) @ w_o, {"k": k, "v": v}


def llama_block(x, block, config, cache=None):
    attended, cache = grouped(
        normed(x, **block["norm_1"], eps=config["eps"]), **block["attention"], cache=cache,
        **{name: config[name] for name in ("n_heads", "n_kv_heads", "base")})
    x = x + attended
    read = normed(x, **block["norm_2"], eps=config["eps"])
    return x + swiglu(read, **block["feed_forward"]), cache


def llama(token_ids, params, config, caches):
    x, kept = params["token_table"][token_ids], []
    for block, cache in zip(params["blocks"], caches):
        x, cache = llama_block(x, block, config, cache)
        kept.append(cache)
    return linear(normed(x, **params["norm_f"], eps=config["eps"]), params["token_table"]), kept


def q8_0(blocks):
    each = blocks.unflatten(-1, (-1, 34))
    scale = each[..., :2].contiguous().view(torch.float16).float()
    return (scale * each[..., 2:].contiguous().view(torch.int8)).flatten(-2)


def q4_1(blocks):
    each = blocks.unflatten(-1, (-1, 20))
    scale, minimum = each[..., :4].contiguous().view(torch.float16).float().split(1, dim=-1)
    codes = torch.cat([each[..., 4:] & 15, each[..., 4:] >> 4], dim=-1)
    return (scale * codes + minimum).flatten(-2)


SMALL = "alike gain"
PAIRS = (
    Pair("rms_norm", "rms_norm(eps=1e-5)", "x gain", normed),
    Pair("rms_norm", "the same, small numbers", SMALL, normed),
    Pair("silu", "silu", "logits", silu),
    Pair("swiglu", "linear, silu, linear", lambda random: (tokens(random), *gated(random).values()),
         swiglu),
    Pair("grouped_query_attention", "sdpa(enable_gqa=True)", heads, grouped),
    Pair("dequantize_q8_0", "formula: view", partial(stored, n_scales=1, n_codes=32), q8_0),
    Pair("dequantize_q4_1", "formula: view, cat", partial(stored, n_scales=2, n_codes=16), q4_1),
    Pair("llama_block", "formula of the above",
         lambda random: (tokens(random), block(random), CONFIG, cache(random)), llama_block),
    Pair("llama", "formula of the above", model, llama),
    Pair("rms_norm", "rms_norm()", SMALL, partial(normed, eps=None),
         why="Both add eps to the mean square, under the root. Ours is 1e-5 unless told otherwise; "
             "PyTorch's is then the distance from 1 to the next number of the dtype, so that "
             "tokens of small numbers come out larger."),
)
