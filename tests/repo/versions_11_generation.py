"""Versions of the functions of lesson 11 that are right in many styles."""

import numpy as np
from kata_01_attention import attention, softmax
from kata_03_multi_head import merge_heads, split_heads
from kata_04_positional import embed
from kata_05_feed_forward import feed_forward, layer_norm
from kata_11_generation import cached_attention, cached_gpt, draw, probabilities, top_k, top_p

from tests.repo.versions import right

# probabilities ------------------------------------------------------------------


@right("probabilities")
def from_the_largest_down(logits, temperature=1.0):
    if temperature < 0:
        raise ValueError("below 0")
    dtype = np.result_type(logits, 0.0)
    below = logits - logits.max(axis=-1, keepdims=True)
    if not temperature:
        first = np.cumsum(below == 0, axis=-1) == 1
        return ((below == 0) & first).astype(dtype)
    exps = np.exp(below / temperature)
    return exps / exps.sum(axis=-1, keepdims=True)


@right("probabilities")
def with_a_one_put_in(logits, temperature=1.0):
    if temperature < 0:
        raise ValueError(temperature)
    if temperature == 0:
        probs = np.zeros_like(logits, dtype=np.result_type(logits, 0.0))
        np.put_along_axis(probs, np.argmax(logits, axis=-1)[..., None], 1, axis=-1)
        return probs
    return softmax(logits * (1 / temperature))


# top_k --------------------------------------------------------------------------


@right("top_k")
def with_the_best_put_back(probs, k):
    vocab = probs.shape[-1]
    best = np.argsort(-probs, axis=-1, kind="stable")[..., : min(k, vocab) if k else vocab]
    kept = np.zeros_like(probs)
    np.put_along_axis(kept, best, np.take_along_axis(probs, best, axis=-1), axis=-1)
    return kept / kept.sum(axis=-1, keepdims=True)


@right("top_k")
def row_by_row(probs, k):
    if k == 0 or k >= probs.shape[-1]:
        return probs
    kept = probs.copy()
    for at in np.ndindex(probs.shape[:-1]):
        order = sorted(range(probs.shape[-1]), key=lambda token: (-probs[at][token], token))
        kept[at][order[k:]] = 0
        kept[at] /= kept[at].sum()
    return kept


@right("top_k")
def with_a_threshold_and_a_count_of_equals(probs, k):
    k = k if 0 < k < probs.shape[-1] else probs.shape[-1]
    kth = -np.partition(-probs, k - 1, axis=-1)[..., k - 1 : k]
    above, equal = probs > kth, probs == kth
    room = k - above.sum(axis=-1, keepdims=True)
    kept = probs * (above | equal & (equal.cumsum(axis=-1) <= room))
    return kept / kept.sum(axis=-1, keepdims=True)


# top_p --------------------------------------------------------------------------


@right("top_p")
def with_the_sum_before_each(probs, p):
    order = np.argsort(-probs, axis=-1, kind="stable")
    sorted_probs = np.take_along_axis(probs, order, axis=-1)
    before = sorted_probs.cumsum(axis=-1) - sorted_probs
    keep = before < p
    keep[..., 0] = True
    kept = np.zeros_like(probs)
    np.put_along_axis(kept, order, np.where(keep, sorted_probs, 0), axis=-1)
    return kept / kept.sum(axis=-1, keepdims=True)


@right("top_p")
def with_a_search_in_each_row(probs, p):
    kept = np.zeros_like(probs)
    for at in np.ndindex(probs.shape[:-1]):
        order = np.argsort(-probs[at], kind="stable")
        n = np.searchsorted(probs[at][order].cumsum(), p) + 1
        kept[at][order[:n]] = probs[at][order[:n]]
    return kept / kept.sum(axis=-1, keepdims=True)


@right("top_p")
def token_by_token(probs, p):
    kept = np.zeros_like(probs)
    for at in np.ndindex(probs.shape[:-1]):
        total = 0.0
        for token in np.argsort(-probs[at], kind="stable"):
            kept[at][token] = probs[at][token]
            total += float(probs[at][token])
            if total >= p:
                break
        kept[at] /= kept[at].sum()
    return kept


# draw ---------------------------------------------------------------------------


@right("draw")
def with_rng_choice(probs, rng):
    ids = np.empty(probs.shape[:-1], dtype=int)
    for at in np.ndindex(ids.shape):
        row = probs[at].astype(np.float64)
        ids[at] = rng.choice(len(row), p=row / row.sum())
    return ids


@right("draw")
def as_a_race_of_exponentials(probs, rng):
    """The token whose waiting time is the shortest: the Gumbel trick without its logarithm."""
    with np.errstate(divide="ignore"):
        return (rng.exponential(size=probs.shape) / probs).argmin(axis=-1)


@right("draw")
def with_a_search_for_the_sum(probs, rng):
    rows = probs.reshape(-1, probs.shape[-1]).astype(float)
    sums = (rows / rows.sum(axis=-1, keepdims=True)).cumsum(axis=-1)
    sums[:, -1] = np.inf
    ids = [np.searchsorted(row, number, side="right")
           for row, number in zip(sums, rng.uniform(size=len(rows)))]
    return np.array(ids).reshape(probs.shape[:-1])


# cached_attention ---------------------------------------------------------------


@right("cached_attention")
def with_a_mask_by_positions(x, w_q, w_k, w_v, w_o, n_heads, cache=None):
    q, k, v = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads), x @ w_v
    v = split_heads(v, n_heads)
    n_past = 0
    if cache:
        n_past = cache["k"].shape[-2]
        k, v = (np.concatenate((cache[key], new), axis=-2) for key, new in (("k", k), ("v", v)))
    at = n_past + np.arange(x.shape[-2])
    may = np.arange(k.shape[-2]) <= at[:, None]
    return merge_heads(attention(q, k, v, may)) @ w_o, dict(v=v, k=k)


@right("cached_attention")
def without_a_mask_for_one_token(x, w_q, w_k, w_v, w_o, n_heads, cache=None):
    q, k, v = [split_heads(np.matmul(x, w), n_heads) for w in (w_q, w_k, w_v)]
    if cache is not None:
        k = np.append(cache["k"], k, axis=-2)
        v = np.append(cache["v"], v, axis=-2)
    n, m = x.shape[-2], k.shape[-2]
    mask = None if n == 1 else np.tri(n, m, m - n, dtype=bool)
    return merge_heads(attention(q, k, v, mask)) @ w_o, {"k": k, "v": v}


@right("cached_attention")
def with_memory_made_for_both(x, w_q, w_k, w_v, w_o, n_heads, cache=None):
    q, k, v = (split_heads(x @ w, n_heads) for w in (w_q, w_k, w_v))
    n_past = 0 if cache is None else cache["k"].shape[-2]
    kept = {}
    for key, new in (("k", k), ("v", v)):
        *leading, n_new, width = new.shape
        kept[key] = np.empty((*leading, n_past + n_new, width), new.dtype)
        kept[key][..., n_past:, :] = new
        if cache is not None:
            kept[key][..., :n_past, :] = cache[key]
    scores = q @ kept["k"].swapaxes(-1, -2) / q.shape[-1] ** 0.5
    seen = np.tri(scores.shape[-2], scores.shape[-1], n_past, dtype=bool)
    weights = softmax(np.where(seen, scores, -np.inf))
    return merge_heads(weights @ kept["v"]) @ w_o, kept


# cached_gpt ---------------------------------------------------------------------


@right("cached_gpt")
def with_the_index_of_the_block(token_ids, params, n_heads, caches=None):
    old = caches if caches is not None else [None for _ in params["blocks"]]
    start = old[0]["k"].shape[-2] if old and old[0] is not None else 0
    x, new = embed(token_ids, params["token_table"], params["position_table"], start), []
    for i, block in enumerate(params["blocks"]):
        out, kept = cached_attention(
            layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, cache=old[i])
        x = out + x
        x = feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"]) + x
        new += [kept]
    x = layer_norm(x, params["norm_f"]["gain"], params["norm_f"]["bias"])
    return x @ (params["unembedding"] if "unembedding" in params else params["token_table"].T), new


@right("cached_gpt")
def with_a_function_for_a_block(token_ids, params, n_heads, caches=None):
    start = 0 if not caches else np.shape(caches[-1]["v"])[-2]
    x = embed(token_ids, start=start, **{name: params[name] for name in
                                        ("token_table", "position_table")})

    def run(x, block, cache):
        normed = layer_norm(x, **block["norm_1"])
        out, cache = cached_attention(normed, n_heads=n_heads, cache=cache, **block["attention"])
        middle = x + out
        normed = layer_norm(middle, **block["norm_2"])
        return middle + feed_forward(normed, **block["feed_forward"]), cache

    kept = list(caches or [None] * len(params["blocks"]))
    for i, block in enumerate(params["blocks"]):
        x, kept[i] = run(x, block, kept[i])
    out = params.get("unembedding", np.transpose(params["token_table"]))
    return layer_norm(x, **params["norm_f"]) @ out, kept


# sample -------------------------------------------------------------------------


@right("sample")
def with_the_prompt_read_first(
        token_ids, params, n_heads, n_new, rng, temperature=1.0, k=None, p=None):
    text = np.asarray(token_ids)
    if text.shape[-1] + n_new - 1 > len(params["position_table"]):
        raise ValueError("no room")
    if not n_new:
        return text.copy()
    logits, caches = cached_gpt(text, params, n_heads)
    for i in range(n_new):
        probs = probabilities(logits[..., -1, :], temperature)
        probs = probs if k is None else top_k(probs, k)
        probs = probs if p is None else top_p(probs, p)
        token = np.expand_dims(draw(probs, rng), -1)
        text = np.append(text, token, axis=-1)
        if i + 1 < n_new:
            logits, caches = cached_gpt(token, params, n_heads, caches)
    return text


@right("sample")
def into_an_array_made_beforehand(
        token_ids, params, n_heads, n_new, rng, temperature=1.0, k=None, p=None):
    n = np.shape(token_ids)[-1]
    text = np.zeros((*np.shape(token_ids)[:-1], n + n_new), dtype=int)
    text[..., :n] = token_ids
    read, caches = 0, None
    for end in range(n, n + n_new):
        logits, caches = cached_gpt(text[..., read:end], params, n_heads, caches)
        probs = probabilities(logits[..., -1, :], temperature)
        probs = top_k(probs, probs.shape[-1] if k is None else k)
        probs = top_p(probs, 1.0 if p is None else p)
        text[..., end], read = draw(probs, rng), end
    return text


# accept_draft -------------------------------------------------------------------


@right("accept_draft")
def all_at_once(drafted, draft_probs, target_probs, rng):
    n = len(drafted)
    at = np.arange(n), drafted
    accepted = rng.random(n) < target_probs[:n][at] / draft_probs[at]
    n_accepted = int(np.cumprod(accepted).sum())
    probs = target_probs[n_accepted]
    if n_accepted < n:
        probs = np.clip(probs - draft_probs[n_accepted], 0, None)
    return np.concatenate([drafted[:n_accepted], [draw(probs / probs.sum(), rng)]]).astype(int)


@right("accept_draft")
def one_after_the_other(drafted, draft_probs, target_probs, rng):
    ids = []
    for token, small, large in zip(drafted, draft_probs, target_probs):
        if rng.uniform() < min(1.0, float(large[token]) / float(small[token])):
            ids.append(token)
            continue
        left = np.where(large > small, large - small, 0)
        return np.array([*ids, draw(left / left.sum(), rng)])
    return np.array([*ids, draw(target_probs[len(ids)], rng)])
