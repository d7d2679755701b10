"""The same GPT in PyTorch, to train it and to compare with. The names are those of your NumPy.

PyTorch is optional: only train.py needs it, and `make bench-06` if it is there.
"""

import torch
import torch.nn.functional as F


def gpt(token_ids, params, n_heads, dropout=0.0):
    """Logits for each next token; `dropout` is the share of numbers dropped while training."""
    positions = params["position_table"][: token_ids.shape[-1]]
    x = F.dropout(params["token_table"][token_ids] + positions, dropout)
    for block in params["blocks"]:
        attended = attention(norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads)
        x = x + F.dropout(attended, dropout)
        fed_forward = feed_forward(norm(x, **block["norm_2"]), **block["feed_forward"])
        x = x + F.dropout(fed_forward, dropout)
    return norm(x, **params["norm_f"]) @ params["token_table"].T


def cached_gpt(token_ids, params, n_heads, caches=None):
    """Logits for new tokens, (..., n_new), and for each block the keys and values of all so far."""
    caches = caches or [None] * len(params["blocks"])
    n_past = 0 if caches[0] is None else caches[0][0].shape[-2]
    x = params["token_table"][token_ids]
    x = x + params["position_table"][n_past : n_past + token_ids.shape[-1]]
    kept = []
    for block, cache in zip(params["blocks"], caches):
        attended, cache = cached_attention(
            norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, cache=cache)
        x = x + attended
        x = x + feed_forward(norm(x, **block["norm_2"]), **block["feed_forward"])
        kept.append(cache)
    unembedding = params.get("unembedding", params["token_table"].mT)
    return norm(x, **params["norm_f"]) @ unembedding, kept


def cached_attention(x, w_q, w_k, w_v, w_o, n_heads, cache=None):
    q, k, v = (split(x @ w, n_heads) for w in (w_q, w_k, w_v))
    if cache is not None:
        k, v = (torch.cat(pair, dim=-2) for pair in zip(cache, (k, v)))
    n_new, n_keys = q.shape[-2], k.shape[-2]
    seen = None
    if n_new > 1:
        seen = torch.ones(n_new, n_keys, dtype=torch.bool, device=x.device).tril(n_keys - n_new)
    blend = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    return blend.transpose(-3, -2).flatten(-2) @ w_o, (k, v)


def attention(x, w_q, w_k, w_v, w_o, n_heads):
    q, k, v = (split(x @ w, n_heads) for w in (w_q, w_k, w_v))
    blend = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return blend.transpose(-3, -2).flatten(-2) @ w_o


def split(x, n_heads):
    return x.unflatten(-1, (n_heads, -1)).transpose(-3, -2)  # (..., n_heads, n_tokens, d_head)


def feed_forward(x, w_in, b_in, w_out, b_out):
    return F.gelu(x @ w_in + b_in, approximate="tanh") @ w_out + b_out


def norm(x, gain, bias):
    return F.layer_norm(x, gain.shape, gain, bias)


@torch.inference_mode()
def generate(token_ids, params, n_heads, n_new):
    """Write on, greedily and without a cache, as your `generate` does."""
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1:, :].argmax(-1)
        token_ids = torch.cat([token_ids, chosen], dim=-1)
    return token_ids


def as_tensors(params):
    """The same dicts and lists, with a tensor for each array."""
    if isinstance(params, dict):
        return {name: as_tensors(inner) for name, inner in params.items()}
    if isinstance(params, list):
        return [as_tensors(inner) for inner in params]
    return torch.as_tensor(params)
