"""Versions of lesson 11 that are wrong in ways of their own, and pairs of mistakes."""

import numpy as np
from kata_01_attention import attention, softmax
from kata_02_self_attention import causal_mask
from kata_03_multi_head import merge_heads, split_heads
from kata_04_positional import embed
from kata_05_feed_forward import feed_forward, layer_norm
from kata_11_generation import cached_attention, cached_gpt, draw, probabilities, top_k, top_p

from tests.repo.versions import twice, unheard_of


@unheard_of("probabilities")
def takes_the_root_of_the_temperature(logits, temperature=1.0):
    if temperature < 0:
        raise ValueError("below 0")
    if temperature == 0:
        return np.eye(logits.shape[-1], dtype=np.result_type(logits, 0.0))[logits.argmax(axis=-1)]
    return softmax(logits / temperature**0.5)


@unheard_of("top_k")
def mixes_in_an_even_share(probs, k):
    ranks = np.argsort(np.argsort(-probs, axis=-1, kind="stable"), axis=-1)
    kept = np.where(ranks < (k or probs.shape[-1]), probs + 0.01, 0)
    return kept / kept.sum(axis=-1, keepdims=True)


@unheard_of("top_p")
def reaches_for_the_square_of_p(probs, p):
    best_first = np.argsort(-probs, axis=-1, kind="stable")
    sums = np.take_along_axis(probs, best_first, axis=-1).cumsum(axis=-1)
    n_below = (sums < p * p).sum(axis=-1, keepdims=True)
    kept = np.where(np.argsort(best_first, axis=-1) <= n_below, probs, 0)
    return kept / kept.sum(axis=-1, keepdims=True)


@unheard_of("draw")
def draws_in_tenths(probs, rng):
    sums = probs.cumsum(axis=-1, dtype=np.float64)
    tenths = rng.integers(10, size=(*probs.shape[:-1], 1)) / 10
    return (sums / sums[..., -1:] <= tenths).sum(axis=-1)


@unheard_of("cached_attention")
def halves_what_is_kept(x, w_q, w_k, w_v, w_o, n_heads, cache=None):
    q, k, v = (split_heads(x @ w, n_heads) for w in (w_q, w_k, w_v))
    if cache is not None:
        k = np.concatenate([cache["k"] / 2, k], axis=-2)
        v = np.concatenate([cache["v"], v], axis=-2)
    mask = causal_mask(k.shape[-2])[k.shape[-2] - q.shape[-2] :]
    return merge_heads(attention(q, k, v, mask)) @ w_o, {"k": k, "v": v}


@unheard_of("cached_gpt")
def doubles_what_the_network_says(token_ids, params, n_heads, caches=None):
    n_past = caches[0]["k"].shape[-2] if caches else 0
    x = embed(token_ids, params["token_table"], params["position_table"], start=n_past)
    kept = []
    for block, cache in zip(params["blocks"], caches or [None] * len(params["blocks"])):
        attended, cache = cached_attention(
            layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, cache=cache)
        x = x + attended
        x = x + 2 * feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])
        kept.append(cache)
    out = params.get("unembedding", params["token_table"].T)
    return layer_norm(x, **params["norm_f"]) @ out, kept


@unheard_of("sample")
def cools_down_as_it_writes(
        token_ids, params, n_heads, n_new, rng, temperature=1.0, k=None, p=None):
    token_ids = newest = np.array(token_ids)
    caches = None
    for step in range(n_new):
        logits, caches = cached_gpt(newest, params, n_heads, caches)
        probs = probabilities(logits[..., -1, :], temperature / (1 + step))
        probs = probs if k is None else top_k(probs, k)
        probs = probs if p is None else top_p(probs, p)
        newest = draw(probs, rng)[..., np.newaxis]
        token_ids = np.concatenate([token_ids, newest], axis=-1)
    return token_ids


@unheard_of("accept_draft")
def accepts_half_as_often(drafted, draft_probs, target_probs, rng):
    for i, (token, chance) in enumerate(zip(drafted, rng.random(len(drafted)))):
        if chance >= 0.5 * target_probs[i, token] / draft_probs[i, token]:
            missing = np.maximum(target_probs[i] - draft_probs[i] / 2, 0)
            return np.append(drafted[:i], draw(missing / missing.sum(), rng))
    return np.append(drafted, draw(target_probs[-1], rng))


twice("multiplies_by_the_temperature", "gives_ids_at_0")
twice("keeps_the_least_likely", "does_not_renormalise")
twice("drops_the_token_that_crosses", "does_not_divide_again")
twice("never_turns_the_places_back", "starts_with_the_least_likely")
twice("masks_nothing", "forgets_the_output_projection")
twice("keeps_the_new_ones_alone", "takes_the_first_rows_of_the_mask")
twice("begins_at_position_0", "passes_no_cache_on")
twice("skips_the_last_norm", "gives_all_blocks_the_first_cache")
twice("chooses_by_the_first_row", "returns_the_new_tokens_alone")
twice("replaces_from_the_target", "keeps_the_rejected_token")
