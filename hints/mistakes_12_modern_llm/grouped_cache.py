"""Mistakes in grouped_query_attention: positions, the cache, and what may be seen."""

from hints.mistakes_12_modern_llm.grouped_heads import HEADS, K, V
from tests.runner.diagnosis.known import edit

PAST = 'n_past = cache["k"].shape[-2] if cache else 0'
POSITIONS = "positions = n_past + np.arange(x.shape[-2])"
JOIN_K = 'k = np.concatenate([cache["k"], k], axis=-2)'
JOIN_V = 'v = np.concatenate([cache["v"], v], axis=-2)'
MASK = "mask = np.arange(k.shape[-2]) <= positions[:, np.newaxis]"
MASK_BY_ROWS = "mask = np.tri(x.shape[-2], k.shape[-2], n_past, dtype=bool)"
OUTPUT = 'return merge_heads(heads) @ w_o, {"k": k, "v": v}'

begins_at_position_0 = edit("grouped_query_attention", """Your positions begin at 0 at every call,
    so each new token turns as if it were the first of the text. They go on from the number of
    tokens in the cache.""",
    (POSITIONS, "positions = np.arange(x.shape[-2])"), (MASK, MASK_BY_ROWS), common=True)

counts_one_token_less = edit("grouped_query_attention", """With a cache your positions are one too
    low: a new token gets that of the last old one. With 4 tokens in the cache, at 0 to 3, the next
    is at 4.""",
    (POSITIONS, "positions = n_past - bool(cache) + np.arange(x.shape[-2])"), (MASK, MASK_BY_ROWS))

counts_the_new_tokens_too = edit("grouped_query_attention", """With a cache your positions are too
    high by the number of new tokens. The first new token comes at once after the old ones.""",
    (POSITIONS, "positions = np.arange(x.shape[-2]) + n_past + bool(cache) * x.shape[-2]"),
    (MASK, MASK_BY_ROWS))

counts_the_heads = edit("grouped_query_attention", """Your positions go on from the number of heads:
    tokens are the last axis but one of the cache, -2.""",
    (PAST, PAST.replace("-2", "-3")), (MASK, "mask = np.tri(x.shape[-2], k.shape[-2],"
                                             " k.shape[-2] - x.shape[-2], dtype=bool)"))

turns_kept_keys_again = edit("grouped_query_attention", """Kept keys are rotated again at every
    call, and turn further and further. They were rotated when they were new: rotate the new keys,
    then join.""",
    (JOIN_K, 'k = np.concatenate([cache["k"], split_heads(x @ w_k, n_kv_heads)], axis=-2)\n'
             "k = apply_rotary(k, np.arange(k.shape[-2]), base)"), common=True)

keeps_keys_before_they_turn = edit("grouped_query_attention", """You keep keys as they were before
    the rotation, and rotate all of them at each call. That is another convention, and more work:
    here they are kept as they are rotated.""",
    (K, "k = split_heads(x @ w_k, n_kv_heads)"),
    (HEADS, "turned = apply_rotary(k, np.arange(k.shape[-2]), base)\n"
            + HEADS.replace("np.repeat(k", "np.repeat(turned")), common=True)

keeps_every_query_head = edit("grouped_query_attention", """Your cache has a head for each query
    head. Keep the key heads alone, before they are repeated: that is what the sharing saves.""",
    (HEADS, "k, v = np.repeat(k, group, axis=-3), np.repeat(v, group, axis=-3)\n"
            "heads = attention(q, k, v, mask)"), common=True)

repeats_the_heads_before_it_joins = edit("grouped_query_attention", """You repeat the heads before
    they join those in the cache. Keep the key heads alone, and repeat them afterwards, for this
    call.""",
    (K, K + "\nk = np.repeat(k, n_heads // n_kv_heads, axis=-3)"),
    (V, V + "\nv = np.repeat(v, n_heads // n_kv_heads, axis=-3)"),
    (HEADS, "heads = attention(q, k, v, mask)"), common=True)

ignores_the_cache = edit("grouped_query_attention", """You do not use what is in the cache: new
    tokens see none of the old ones.""",
    ("if cache:", "if False:"), (MASK, "mask = np.tri(x.shape[-2], dtype=bool)"), denies=True)

keeps_the_new_ones_alone = edit("grouped_query_attention", """Your cache has the keys and values of
    this call alone. The next call needs those of all tokens so far.""",
    ("if cache:", 'kept = {"k": k, "v": v}\nif cache:'),
    (OUTPUT, "return merge_heads(heads) @ w_o, kept"), common=True)

puts_the_new_ones_first = edit("grouped_query_attention", """You put the new keys and values before
    the old ones. Old tokens come first, and the mask counts on it.""",
    (JOIN_K, 'k = np.concatenate([k, cache["k"]], axis=-2)'),
    (JOIN_V, 'v = np.concatenate([v, cache["v"]], axis=-2)'))

swaps_keys_and_values = edit("grouped_query_attention", """Keys and values have changed places in
    your cache.""",
    ('{"k": k, "v": v}', '{"k": v, "v": k}'))

joins_along_the_second_axis = edit("grouped_query_attention", """You join along axis 1, counted from
    the front: with a batch that is the heads. Count from the end: axis=-2.""",
    (JOIN_K, JOIN_K.replace("-2", "1")), (JOIN_V, JOIN_V.replace("-2", "1")), common=True)

writes_into_the_cache = edit("grouped_query_attention", """You write into the cache that you were
    given, which may be gone on from in another way. Return a new dict.""",
    (OUTPUT, 'cache = {} if cache is None else cache\ncache.update({"k": k, "v": v})\n'
             "return merge_heads(heads) @ w_o, cache"))

masks_nothing = edit("grouped_query_attention", """Your tokens see those after them. Hide what comes
    later: key j is seen if j is at most the position of the query.""",
    (MASK, "mask = None"), common=True)

masks_only_without_a_cache = edit("grouped_query_attention", """With a cache you mask nothing, so if
    several new tokens come, the first sees the later ones. One new token needs no mask, and two
    do.""",
    (MASK, "mask = None if cache else np.tri(x.shape[-2], dtype=bool)"), common=True)

takes_the_first_rows_of_the_mask = edit("grouped_query_attention", """Your new tokens see as much as
    if they were the first: the mask's upper left corner hides most of the past from them. They are
    its last rows.""",
    (MASK, "mask = np.tri(x.shape[-2], k.shape[-2], dtype=bool)"), common=True)

hides_the_token_itself = edit("grouped_query_attention", """Your tokens do not see themselves. Key j
    is seen if j is at most the position of the query, not only below it.""",
    ("<= positions", "< positions"))

sees_one_too_many = edit("grouped_query_attention", """Each of your tokens sees the one after it.
    Key j is seen if j is at most the position of the query.""",
    ("<= positions[:, np.newaxis]", "<= positions[:, np.newaxis] + 1"))
