"""Mistakes in cached_gpt: positions and caches; and what tells them apart."""

import numpy as np

from tests.forward_08_backprop import narrow, random_gpt
from tests.runner.diagnosis.known import edit, given, probes

PAST = 'n_past = caches[0]["k"].shape[-2] if caches else 0'
BLOCKS = 'for block, cache in zip(params["blocks"], caches or [None] * len(params["blocks"])):'
CALL = '**block["attention"], n_heads=n_heads, cache=cache)'
APPEND = "new_caches.append(cache)"
LOGITS = 'return layer_norm(x, **params["norm_f"]) @ unembedding, new_caches'

begins_at_position_0 = edit("cached_gpt", """Your positions begin at 0 at every call, so each new
    token seems to be the first of the text. They go on: start is the number of tokens in the
    cache.""",
    (", start=n_past", ""), common=True)

counts_one_token_less = edit("cached_gpt", """Your positions are one too low: a new token gets that
    of the last old one. With 4 tokens in the cache, at 0 to 3, the next is at 4.""",
    (PAST, 'n_past = caches[0]["k"].shape[-2] - 1 if caches else 0'))

counts_the_new_tokens_too = edit("cached_gpt", """Your positions are too high by the number of new
    tokens. The first new token comes at once after the old ones.""",
    (PAST, 'n_past = caches[0]["k"].shape[-2] + token_ids.shape[-1] if caches else 0'))

counts_the_heads = edit("cached_gpt", """Your positions go on from the number of heads: tokens are
    the last axis but one of the cache, -2.""",
    (PAST, 'n_past = caches[0]["k"].shape[-3] if caches else 0'))

counts_along_the_first_axes = edit(
    "cached_gpt", """Without a batch axis your positions are right, and with one they go on from the
    number of heads. Count from the end: the tokens of the cache are axis -2.""",
    (PAST, 'n_past = caches[0]["k"].shape[1] if caches else 0'), common=True)

passes_no_cache_on = edit("cached_gpt", """Your blocks never get their caches back, so a new token
    sees only the new ones.""",
    (CALL, CALL.replace("cache=cache", "cache=None")), denies=True, common=True)

gives_all_blocks_the_first_cache = edit(
    "cached_gpt", """All your blocks get the cache of the first. Each has keys and values of its
    own.""",
    (BLOCKS, 'for block, cache in zip(params["blocks"],\n'
           '                        [caches[0] if caches else None] * len(params["blocks"])):'),
    common=True)

hands_one_cache_to_the_next_block = edit(
    "cached_gpt", """The cache that one block returns goes into the next block. Each block gets its
    own back.""",
    (BLOCKS, 'cache = caches[0] if caches else None\nfor block in params["blocks"]:'))

returns_the_last_cache_alone = edit(
    "cached_gpt", """You return only the cache of the last block. Collect one for each block, in a
    list.""",
    (LOGITS, LOGITS.replace("new_caches", "cache")))

returns_the_old_caches = edit("cached_gpt", """You return the caches that you were given, without
    the new tokens.""",
    (LOGITS, LOGITS.replace("new_caches", "caches or new_caches")))

returns_the_caches_of_before = edit("cached_gpt", """You return the caches from before this call,
    which is None for each block at first. Collect what each block hands back: that has the new
    tokens, too.""",
    (LOGITS, LOGITS.replace("new_caches", 'caches or [None] * len(params["blocks"])')))

lists_the_caches_in_reverse = edit(
    "cached_gpt", """Your caches are in reverse order: the first should be that of the first
    block.""",
    (APPEND, "new_caches.insert(0, cache)"))

returns_a_tuple_of_caches = edit("cached_gpt", """Your caches are a tuple. They should be a
    list.""",
    (LOGITS, LOGITS.replace("new_caches", "tuple(new_caches)")))

has_no_first_residual_connection = edit(
    "cached_gpt", """Attention's output replaces the stream. It is added to it, as in
    `transformer_block`.""",
    ("x = x + attended", "x = attended"))

has_no_second_residual_connection = edit(
    "cached_gpt", """The output of the feed-forward network replaces the stream. It is added to it,
    as in `transformer_block`.""",
    ("x = x + feed_forward(", "x = feed_forward("))

skips_the_norm_of_attention = edit("cached_gpt", """Attention reads the stream as it is. It should
    read it through norm_1, as in `transformer_block`.""",
    ('layer_norm(x, **block["norm_1"]), **block["attention"]', 'x, **block["attention"]'))

skips_the_last_norm = edit("cached_gpt", """You leave out norm_f: the stream goes through it before
    the logits are made.""",
    ('layer_norm(x, **params["norm_f"]) @', "x @"), common=True)

never_uses_an_unembedding = edit("cached_gpt", """You always use the token table for the logits. If
    params has an unembedding, it makes them.""",
    ('params.get("unembedding", params["token_table"].T)', 'params["token_table"].T'))

gives_the_last_logits_alone = edit("cached_gpt", """You return the logits of the last token alone.
    There should be a row for each new token.""",
    (LOGITS, 'return (layer_norm(x, **params["norm_f"]) @ unembedding)[..., -1:, :], new_caches'))


@probes("cached_gpt")
def probe_cached_gpt():
    rng = np.random.default_rng(115)
    for untied, batch in ((False, ()), (True, ()), (False, (3,)), (False, (2, 3))):
        params = random_gpt(n_blocks=2, untied=untied)
        ids = rng.integers(9, size=(*batch, 2))
        caches = [{"k": rng.normal(size=(*batch, 2, 3, 4)),
                   "v": rng.normal(size=(*batch, 2, 3, 7))} for _ in range(2)]
        yield given(ids, params, 2)
        yield given(ids, params, 2, caches)
        yield given(ids[..., :1], params, 2, caches)
    yield given(ids, narrow(params), 2, [narrow(cache) for cache in caches])
    yield given(rng.integers(9, size=5), params, 2, [
        {"k": rng.normal(size=(2, 3, 4)), "v": rng.normal(size=(2, 3, 7))} for _ in range(2)])
