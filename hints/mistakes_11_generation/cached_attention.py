"""Mistakes in cached_attention: what is kept, what may be seen; and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

PROJECT = "q, k, v = (split_heads(x @ w, n_heads) for w in (w_q, w_k, w_v))"
JOIN_K = 'k = np.concatenate([cache["k"], k], axis=-2)'
JOIN_V = 'v = np.concatenate([cache["v"], v], axis=-2)'
ROWS = "mask = causal_mask(n_keys)[n_keys - n_new :]"
BOTH = 'return merge_heads(attention(q, k, v, mask)) @ w_o, {"k": k, "v": v}'

masks_nothing = edit("cached_attention", """Your tokens see those after them: at the first call
    there are several tokens, and new ones may come several at a time. Hide what comes later.""",
    (ROWS, "mask = None"), common=True)

masks_only_without_a_cache = edit(
    "cached_attention", """With a cache you mask nothing, so if several new tokens come, the first
    sees the later ones. One new token needs no mask, and two do.""",
    (ROWS, "mask = causal_mask(n_keys) if cache is None else None"), common=True)

masks_only_with_a_cache = edit(
    "cached_attention", """Without a cache you mask nothing, so the tokens of a prompt see those
    after them. Only one single token needs no mask.""",
    (ROWS, "mask = None if cache is None else causal_mask(n_keys)[n_keys - n_new :]"))

takes_the_first_rows_of_the_mask = edit(
    "cached_attention", """Your new tokens see as much as if they were the first: the mask's upper
    left corner hides most of the past from them. They are its last rows.""",
    (ROWS, "mask = causal_mask(n_keys)[:n_new]"), common=True)

masks_the_new_tokens_alone = edit(
    "cached_attention", """Your mask has columns for the new tokens alone, and there are keys of the
    old ones as well. It has n_new rows and n_past + n_new columns.""",
    (ROWS, "mask = causal_mask(n_new)"), common=True)

hides_the_token_itself = edit(
    "cached_attention", """Your new tokens do not see themselves: the rows of the mask are those of
    the token before.""",
    (ROWS, "mask = np.tri(n_new, n_keys, n_keys - n_new - 1, dtype=bool)"))

sees_one_too_many = edit("cached_attention", """Each of your tokens sees the one after it. New token
    i sees n_past + i + 1 tokens: the old ones, the new ones before it, and itself.""",
    (ROWS, "mask = np.tri(n_new, n_keys, n_keys - n_new + 1, dtype=bool)"))

ignores_the_cache = edit("cached_attention", """You do not use the cache: new tokens see none of the
    old ones.""",
    ("if cache is not None:", "if False:"), denies=True)

keeps_the_new_ones_alone = edit(
    "cached_attention", """Your cache has the keys and values of this call alone. The next call
    needs those of all tokens so far.""",
    (PROJECT, f"{PROJECT}\nkept = {{\"k\": k, \"v\": v}}"),
    (BOTH, "return merge_heads(attention(q, k, v, mask)) @ w_o, kept"), common=True)

puts_the_new_ones_first = edit("cached_attention", """You put the new keys and values before the old
    ones. Old tokens come first, and the mask counts on it.""",
    (JOIN_K, 'k = np.concatenate([k, cache["k"]], axis=-2)'),
    (JOIN_V, 'v = np.concatenate([v, cache["v"]], axis=-2)'))

forgets_the_old_values = edit(
    "cached_attention", """You join old and new keys, but not the values: there are more weights
    than values to blend.""",
    (JOIN_V, "pass"))

swaps_keys_and_values = edit("cached_attention", """Keys and values have changed places in your
    cache.""",
    ('{"k": k, "v": v}', '{"k": v, "v": k}'))

joins_along_the_heads = edit("cached_attention", """You join along the axis of the heads, so the old
    tokens become more heads. Tokens are the last axis but one.""",
    (JOIN_K, JOIN_K.replace("-2", "-3")), (JOIN_V, JOIN_V.replace("-2", "-3")))

joins_along_the_second_axis = edit(
    "cached_attention", """You join along axis 1, counted from the front: with a batch that is the
    heads. Count from the end: axis=-2.""",
    (JOIN_K, JOIN_K.replace("-2", "1")), (JOIN_V, JOIN_V.replace("-2", "1")), common=True)

writes_into_the_cache = edit(
    "cached_attention", """You write into the cache that you were given, which may be gone on from
    in another way. Return a new dict.""",
    (BOTH, 'cache = {} if cache is None else cache\ncache.update({"k": k, "v": v})\n'
             "return merge_heads(attention(q, k, v, mask)) @ w_o, cache"))

forgets_the_output_projection = edit(
    "cached_attention", """You leave out the output projection: multiply what the heads found by
    w_o.""",
    (" @ w_o, {", ", {"), common=True)


@probes("cached_attention")
def probe_cached_attention():
    rng = np.random.default_rng(114)
    weights = [rng.normal(size=size) for size in ((5, 6), (5, 6), (5, 4), (4, 7))]

    def cache(*batch):
        return {"k": rng.normal(size=(*batch, 2, 3, 3)), "v": rng.normal(size=(*batch, 2, 3, 2))}

    for batch in ((), (3,), (2, 3)):
        for n_new in (4, 1, 2):
            x = rng.normal(size=(*batch, n_new, 5))
            yield given(x, *weights, 2)
            yield given(x, *weights, 2, cache(*batch))
    small = {key: array.astype(np.float32) for key, array in cache().items()}
    weights = [w.astype(np.float32) for w in weights]
    yield given(rng.normal(size=(2, 5)).astype(np.float32), *weights, 2, small)
