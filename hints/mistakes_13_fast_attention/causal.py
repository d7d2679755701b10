"""Mistakes in causal_tiled_attention: who sees what, how it is joined; what tells them apart."""

import numpy as np
from kata_13_fast_attention import attend_to_tile, combine, finish

from tests.runner.diagnosis.known import edit, given, mistake, probes

PAST = "n_past = k.shape[-2] - q.shape[-2]"
SEEN = "n_seen = max(0, n_past + start + n_rows)"
CAUSAL_MASK = "mask = np.tri(n_rows, n_seen, n_past + start, dtype=bool)"
ATTEND = "tiled_attention(queries, k[..., :n_seen, :], v[..., :n_seen, :], mask, tile)"
CAUSAL_LOOP = "for start in range(0, q.shape[-2], tile):"
JOIN = "np.concatenate(rows, axis=-2)"

NO_PAST = """Your first query sees the first key alone, even if there are more keys than queries.
    The queries are the last tokens: the last one sees the last key."""

sees_the_first_keys = edit("causal_tiled_attention", NO_PAST, (PAST, "n_past = 0"), common=True)

sees_the_first_keys_that_are_there = edit(
    "causal_tiled_attention", NO_PAST,
    (PAST, "n_past = 0"), (SEEN, "n_seen = min(start + n_rows, k.shape[-2])"), common=True)

sees_to_the_end_of_its_tile = edit(
    "causal_tiled_attention", """Your queries see all keys up to the end of their own tile, and so
    some of the future. The tiles that the diagonal goes through need a mask.""",
    (CAUSAL_MASK, "mask = None"), common=True)

sees_everything = edit("causal_tiled_attention", """Your queries see all keys, the future, too.""",
    (SEEN, "n_seen = k.shape[-2]"), (CAUSAL_MASK, "mask = None"))

hides_the_token_itself = edit(
    "causal_tiled_attention", """Your queries do not see themselves: query i sees key j if
    j <= i + n_keys - n_queries, the last one included.""",
    (CAUSAL_MASK, CAUSAL_MASK.replace("start,", "start - 1,")))

sees_one_too_many = edit("causal_tiled_attention", """Inside a tile each query sees the key after
    its own.""",
    (CAUSAL_MASK, CAUSAL_MASK.replace("start,", "start + 1,")))

counts_from_0_in_each_tile = edit(
    "causal_tiled_attention", """The mask of every tile of queries begins at the first key: later
    tiles see as little as the first. Row r of a tile is query start + r.""",
    (CAUSAL_MASK, CAUSAL_MASK.replace(" + start", "")), common=True)

hides_its_own_tile = edit(
    "causal_tiled_attention", """Your queries see the keys before their tile, and none in it. Up to
    the query itself, they are seen.""",
    (SEEN, "n_seen = max(0, n_past + start)"))

forgets_the_past_in_what_is_cut = edit(
    "causal_tiled_attention", """You cut the keys off as if there were no past: with more keys than
    queries, the newest are never seen.""",
    (SEEN, "n_seen = start + n_rows"))

cuts_with_a_negative_end = edit(
    "causal_tiled_attention", """If there are more queries than keys, the first see none, and the
    number of keys that they see comes out below 0. A slice that ends at -2 leaves out the last
    two, and keeps the rest. Take at least 0.""",
    (SEEN, "n_seen = n_past + start + n_rows"), common=True)

sees_its_own_tile_alone = edit(
    "causal_tiled_attention", """Your queries see the keys of their own tile alone. All earlier
    tiles belong to the past, which is seen.""",
    (ATTEND, "tiled_attention(queries, k[..., max(0, n_past + start) : n_seen, :],\n"
             "                v[..., max(0, n_past + start) : n_seen, :],\n"
             "                mask[:, max(0, n_past + start) :], tile)"), common=True)

leaves_out_the_last_queries = edit(
    "causal_tiled_attention", """The queries after the last full tile are not answered. If the tiles
    do not divide the queries, there is one more tile, with fewer.""",
    (CAUSAL_LOOP, "for start in range(0, max(q.shape[-2] - tile, 0) + 1, tile):"), common=True)

joins_along_the_first_axis = edit(
    "causal_tiled_attention", """You join the tiles along the first axis, which is the batch if
    there is one. Queries are the last axis but one.""",
    (JOIN, "np.concatenate(rows, axis=0)"), common=True)

joins_in_reverse = edit(
    "causal_tiled_attention", """Your tiles of queries come in reverse order.""",
    (JOIN, "np.concatenate(rows[::-1], axis=-2)"))

turns_the_mask_round = edit(
    "causal_tiled_attention", """Your mask is inverted: queries see the future in their tile, and
    nothing of the past.""",
    (CAUSAL_MASK, CAUSAL_MASK.replace("mask = ", "mask = ~")))


@mistake("causal_tiled_attention", """You mask the tile with the same number as that of the queries,
    and no other. If there are more keys than queries, the diagonal goes through other tiles, mostly
    two for each tile of queries, and part of the future is seen.""", common=True)
def masks_the_tile_of_the_same_number(q, k, v, tile=64):
    n_past = k.shape[-2] - q.shape[-2]
    blocks = []
    for start in range(0, q.shape[-2], tile):
        queries = q[..., start : start + tile, :]
        i = start + n_past + np.arange(queries.shape[-2])[:, None]
        part = attend_to_tile(queries, k[..., :0, :], v[..., :0, :])
        for first in range(0, max(0, i[-1, 0] + 1), tile):
            keys = slice(first, first + tile)
            j = np.arange(k.shape[-2])[keys]
            mask = j <= i if first == start else None
            part = combine(part, attend_to_tile(queries, k[..., keys, :], v[..., keys, :], mask))
        blocks.append(finish(part))
    output, log_sum = (np.concatenate(rows, axis=-2) for rows in zip(*blocks))
    return output, log_sum


@probes("causal_tiled_attention")
def probe_causal_tiled_attention():
    rng = np.random.default_rng(135)
    for batch in ((), (2,), (2, 3)):
        for n_queries, n_keys in ((6, 6), (4, 9), (9, 4), (7, 7)):
            sizes = (n_queries, 3), (n_keys, 3), (n_keys, 2)
            q, k, v = (rng.normal(size=(*batch, *size)) for size in sizes)
            for tile in (2, 3, 1, 50):
                yield given(q, k, v, tile)
    yield given(q, k, v)
    yield given(*(array.astype(np.float32) for array in (q, k, v)), tile=2)
