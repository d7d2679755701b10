"""Mistakes in grouped_query_attention: heads that are shared, and positions that turn them."""

import math

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes
from tests.slow_12_modern_llm import narrow, random_attention

Q = "q = apply_rotary(split_heads(x @ w_q, n_heads), positions, base)"
K = "k = apply_rotary(split_heads(x @ w_k, n_kv_heads), positions, base)"
V = "v = split_heads(x @ w_v, n_kv_heads)"
HEADS = "heads = attention(q, np.repeat(k, group, axis=-3), np.repeat(v, group, axis=-3), mask)"

tiles_the_heads = edit("grouped_query_attention", """Your key heads come round again and again: 0,
    1, 0, 1, ... Query heads that share a key head are neighbours: 0, 0, 0, 1, 1, 1. Repeat each
    head before the next.""",
    (HEADS, "heads = attention(q, np.concatenate([k] * group, axis=-3),\n"
            "                  np.concatenate([v] * group, axis=-3), mask)"), common=True)

tiles_the_values = edit("grouped_query_attention", """Your values come round again and again, while
    your keys are repeated in place. Query heads then blend values that belong to other keys.""",
    ("np.repeat(v, group, axis=-3)", "np.concatenate([v] * group, axis=-3)"))

gives_all_the_first_head = edit("grouped_query_attention", """All your query heads attend to the
    first key head. That would be one head for all; here each group has its own.""",
    (HEADS, "heads = attention(q, k[..., :1, :, :], v[..., :1, :, :], mask)"))

repeats_the_tokens = edit("grouped_query_attention", """You repeat tokens, and not heads: heads are
    axis -3, before tokens and numbers.""",
    (HEADS, HEADS.replace("-3", "-2")))

cuts_keys_like_queries = edit("grouped_query_attention", """You cut keys and values into as many
    heads as the queries. They have only n_kv_heads.""",
    (K, K.replace("n_kv_heads", "n_heads")), (V, V.replace("n_kv_heads", "n_heads")), common=True)

turns_the_values_too = edit("grouped_query_attention", """You rotate the values as well. Positions
    are for the scores: only queries and keys turn.""",
    (V, "v = apply_rotary(split_heads(x @ w_v, n_kv_heads), positions, base)"), common=True)

turns_nothing = edit("grouped_query_attention", """Positions have no effect in your attention:
    rotate queries and keys.""",
    (Q, "q = split_heads(x @ w_q, n_heads)"), (K, "k = split_heads(x @ w_k, n_kv_heads)"),
    denies=True, common=True)

turns_queries_alone = edit("grouped_query_attention", """You rotate the queries and not the keys, so
    a score depends on where the query is, and not on the distance.""",
    (K, "k = split_heads(x @ w_k, n_kv_heads)"))

turns_keys_alone = edit("grouped_query_attention", """You rotate the keys and not the queries, so a
    score depends on where the key is, and not on the distance.""",
    (Q, "q = split_heads(x @ w_q, n_heads)"))

turns_before_it_cuts = edit("grouped_query_attention", """You rotate before you cut into heads, so
    that each head turns at rates of its own. The angles belong to a head: cut first.""",
    (Q, "q = split_heads(apply_rotary(x @ w_q, positions, base), n_heads)"),
    (K, "k = split_heads(apply_rotary(x @ w_k, positions, base), n_kv_heads)"), common=True)

forgets_the_base = edit("grouped_query_attention", """The base has no effect: hand it on to
    `apply_rotary`, for queries and for keys.""",
    (Q, Q.replace(", base", "")), (K, K.replace(", base", "")), denies=True, common=True)

turns_queries_by_the_default = edit("grouped_query_attention", """Your keys turn by the base, and
    your queries by the default of `apply_rotary`. Both need the base.""",
    (Q, Q.replace(", base", "")))

forgets_the_output_projection = edit("grouped_query_attention", """You leave out the output
    projection: multiply what the heads found by w_o.""",
    (" @ w_o, {", ", {"), common=True)


@mistake("grouped_query_attention", """You rotate number i together with number i + d_head / 2. That
    is another convention, of Hugging Face's files. Here, and in GGUF files of llamas, neighbours
    are a pair: 0 and 1, 2 and 3.""")
def turns_halves(x, w_q, w_k, w_v, w_o, n_heads, n_kv_heads, base=10_000.0, cache=None):
    def turned(heads):
        width = heads.shape[-1]
        neighbours = np.arange(width).reshape(2, width // 2).T.ravel()
        there = apply_rotary(heads[..., neighbours], positions, base)  # noqa: F821
        return there[..., np.argsort(neighbours)]

    n_past = cache["k"].shape[-2] if cache else 0
    positions = n_past + np.arange(x.shape[-2])
    q = turned(split_heads(x @ w_q, n_heads))  # noqa: F821
    k = turned(split_heads(x @ w_k, n_kv_heads))  # noqa: F821
    v = split_heads(x @ w_v, n_kv_heads)  # noqa: F821
    if cache:
        k = np.concatenate([cache["k"], k], axis=-2)
        v = np.concatenate([cache["v"], v], axis=-2)
    mask = np.arange(k.shape[-2]) <= positions[:, np.newaxis]
    group = n_heads // n_kv_heads
    keys, values = (np.repeat(kept, group, axis=-3) for kept in (k, v))
    heads = attention(q, keys, values, mask)  # noqa: F821
    return merge_heads(heads) @ w_o, {"k": k, "v": v}  # noqa: F821


@probes("grouped_query_attention")
def probe_grouped_query_attention():
    rng = np.random.default_rng(123)
    for n_heads, n_kv_heads, d_v in ((6, 2, 4), (6, 3, 3), (4, 2, 2), (2, 2, 6), (3, 1, 5)):
        heads = dict(n_heads=n_heads, n_kv_heads=n_kv_heads)
        weights = random_attention(rng, **heads, d_model=7, d_head=6, d_v=d_v)
        for batch in ((), (5,), (2, 3)):
            cache = {"k": rng.normal(size=(*batch, n_kv_heads, 3, 6)),
                     "v": rng.normal(size=(*batch, n_kv_heads, 3, d_v))}
            for n_new in (4, 1, 2):
                x = rng.normal(size=(*batch, n_new, 7))
                yield given(x, **weights, **heads)
                yield given(x, **weights, **heads, base=30.0, cache=cache)
    # scores of 710, of which each token's own is the largest by a hair
    alike, high = np.ones((8, 1)), np.array([[0, 0, math.sqrt(1420), 0]])
    yield given(alike, high, high, np.ones((1, 2)), np.ones((2, 1)), 1, 1, base=1e12)
    x = rng.normal(size=(4, 7)).astype(np.float32)
    yield given(x, **narrow(weights), **heads)
    yield given(x, **narrow(weights), n_heads=3, n_kv_heads=2)
