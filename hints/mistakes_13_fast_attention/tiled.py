"""Mistakes in tiled_attention: which keys, which mask, the beginning; what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

LOOP_LOOP = "for start in range(0, n_keys, tile):"
EMPTY = "part = attend_to_tile(q, k[..., :0, :], v[..., :0, :])"
KEYS = "keys = slice(start, start + tile)"
CUT = "mask[..., keys]"
COLUMNS = f"seen = None if mask is None else {CUT}"
STEP = "part = combine(part, attend_to_tile(q, k[..., keys, :], v[..., keys, :], seen))"
NEW = """new = attend_to_tile(q, k[..., keys, :], v[..., keys, :], seen)
both = combine(part, new)
fresh = combine((both[0], 0 * both[1], 0 * both[2]), new)  # relative to the new highest score"""
WIDEN = "mask = np.broadcast_to(mask, (*np.shape(mask)[:-1], n_keys))"

leaves_out_the_last_keys = edit(
    "tiled_attention", """The keys after the last full tile are never seen. If the tiles do not
    divide the keys, there is one more tile, with fewer keys.""",
    (LOOP_LOOP, "for start in range(0, n_keys - tile + 1, tile):"), common=True)

fills_up_the_last_tile = edit(
    "tiled_attention", """Where there are no keys any more, your last tile has zeros. A key of zeros
    has a score of 0, and exp(0) is 1: it counts like any other. A slice is shorter by itself.""",
    ("n_keys = k.shape[-2]",
     "short = -k.shape[-2] % tile\n"
     "k, v = (np.concatenate([x, np.repeat(x[..., :1, :] * 0, short, -2)], -2) for x in (k, v))\n"
     "n_keys = k.shape[-2]"),
    (WIDEN, "mask = np.broadcast_to(mask, (*np.shape(mask)[:-1], n_keys - short))\n"
            "mask = np.concatenate([mask, np.ones((*mask.shape[:-1], short), bool)], -1)"),
    common=True)

sees_only_the_last_tile = edit(
    "tiled_attention", """Your answer is that of the last tile alone. Combine each tile with the
    part so far.""",
    (STEP, "part = attend_to_tile(q, k[..., keys, :], v[..., keys, :], seen)"), common=True)

sees_only_the_first_tile = edit(
    "tiled_attention", """Your answer is that of the first tile alone. Is there a return inside the
    loop?""",
    (STEP, f"{STEP}\nbreak"))

adds_parts_without_rescaling = edit(
    "tiled_attention", """You add the totals and the blends of the tiles as they are. Each is
    relative to the highest score of its own tile: combine makes them relative to the same one.""",
    (STEP, "new = attend_to_tile(q, k[..., keys, :], v[..., keys, :], seen)\n"
           "part = np.maximum(part[0], new[0]), part[1] + new[1], part[2] + new[2]"), common=True)

rescales_the_total_but_not_the_blend = edit(
    "tiled_attention", """When a higher score comes, your total shrinks, but not what was blended
    before. Both were relative to the old highest score: both are multiplied by
    exp(old highest - new highest).""",
    (STEP, f"{NEW}\npart = both[0], both[1], part[2] + fresh[2]"), common=True)

rescales_the_blend_but_not_the_total = edit(
    "tiled_attention", """When a higher score comes, what was blended shrinks, but not the total.
    Both were relative to the old highest score: both are multiplied by
    exp(old highest - new highest).""",
    (STEP, f"{NEW}\npart = both[0], part[1] + fresh[1], both[2]"), common=True)

rescales_nothing_that_is_old = edit(
    "tiled_attention", """When a higher score comes, nothing of what was added up before shrinks.
    The total and the blend were relative to the old highest score: multiply both by
    exp(old highest - new highest).""",
    (STEP, f"{NEW}\npart = both[0], part[1] + fresh[1], part[2] + fresh[2]"), common=True)

subtracts_minus_infinity_in_a_tile = edit(
    "tiled_attention", """A query that sees nothing of the first tile becomes NaN, and stays NaN:
    its highest score is -inf, and -inf - -inf is NaN. Subtract something finite for such a
    query.""",
    (COLUMNS, f"{COLUMNS}\n"
           "if start == 0 and seen is not None:\n"
           "    sees = seen.any(axis=-1, keepdims=True)\n"
           "    part = part[0], *(np.where(sees, x, x[..., :1] * np.nan) for x in part[1:])"),
    common=True)

begins_with_a_highest_of_0 = edit(
    "tiled_attention", """The highest score that you begin with is 0, so scores count relative to
    0 at least: those of -2,000 are lost. The highest score of no keys is -inf.""",
    (EMPTY, f"{EMPTY}\npart = np.zeros_like(part[0]), part[1], part[2]"), common=True)

counts_the_first_tile_twice = edit(
    "tiled_attention", """The keys of the first tile count twice: you begin with them, and the loop
    begins with them again.""",
    (EMPTY, "part = attend_to_tile(q, k[..., :tile, :], v[..., :tile, :],\n"
            "                      None if mask is None else mask[..., :tile])"))

counts_a_key_twice = edit("tiled_attention", """Your tiles overlap: the first key of each tile is
    seen by the tile before as well. `start : start + tile` has `tile` keys.""",
    (KEYS, "keys = slice(start, start + tile + 1)"))

skips_a_key = edit("tiled_attention", """The last key of each tile is never seen: the end of a slice
    is not part of it.""",
    (KEYS, "keys = slice(start, start + max(tile - 1, 1))"))

ignores_the_mask_of_all_tiles = edit("tiled_attention", """Your mask has no effect: hand each tile
    its columns of it.""",
    (f"None if mask is None else {CUT}", "None"), denies=True, common=True)

masks_every_tile_alike = edit(
    "tiled_attention", """Every tile gets the first columns of the mask. The columns belong to keys:
    cut them as the keys are cut.""",
    (CUT, "mask[..., : min(tile, n_keys - start)]"), common=True)

cuts_a_mask_of_one_column = edit(
    "tiled_attention", """A mask with a single column, for all keys, has no columns left after the
    first tile. Spread it over the keys before you cut it.""",
    (WIDEN, "pass"))

divides_after_every_tile = edit(
    "tiled_attention", """Before each new tile your blend is divided by the total so far, and not
    multiplied again: it is divided more than once.""",
    (STEP, f"{STEP}\n"
           "part = part[0], part[1], part[2] / np.where(part[1] == 0, 1.0, part[1])"))


averages_the_tiles = edit(
    "tiled_attention", """You average the outputs of the tiles. A tile in which the scores are high
    weighs more than another: keep the sums, and divide once.""",
    (EMPTY, f"outputs = []\n{EMPTY}"),
    (STEP, "new = attend_to_tile(q, k[..., keys, :], v[..., keys, :], seen)\n"
           "outputs.append(finish(new)[0])\n"
           "part = combine(part, new)"),
    ("return finish(part)", "return sum(outputs) / len(outputs), finish(part)[1]"), common=True)

averages_the_tiles_and_adds_the_logarithms = edit(
    "tiled_attention", """You finish every tile, average the outputs, and add the log_sums. A tile
    in which the scores are high weighs more than another, and a sum of logarithms is no logarithm
    of a sum: combine the parts, and finish once.""",
    (EMPTY, "outputs, logs = [], []"),
    (STEP, "new = finish(attend_to_tile(q, k[..., keys, :], v[..., keys, :], seen))\n"
           "outputs.append(new[0])\n"
           "logs.append(new[1])"),
    ("return finish(part)", "return sum(outputs) / len(outputs), sum(logs)"))


gives_each_tile_the_whole_mask = edit("tiled_attention", """Each tile gets the whole mask. The
    mask's columns belong to the keys: cut them as you cut the keys, `mask[..., keys]`.""",
    (COLUMNS, "seen = mask"), speaks_of="mask", common=True)


@probes("tiled_attention")
def probe_tiled_attention():
    rng = np.random.default_rng(134)
    for batch in ((), (2,), (2, 3)):
        q, k, v = (rng.normal(size=(*batch, *size)) for size in ((4, 3), (7, 3), (7, 2)))
        mask = rng.random((*batch, 4, 7)) < 0.5
        mask[..., 1, :] = False
        for tile in (2, 3, 1, 50):
            yield given(q, k, v, tile=tile)
            yield given(q, k, v, mask, tile)
        yield given(q, k, v)
        yield given(9 * q, 9 * k, v, mask[..., :1, :], 2)
        yield given(q, k, v, np.array([[True], [False], [True], [True]]), 3)
    down = -np.abs(k)
    yield given(np.full_like(q, 300.0), down, v, tile=4)
    yield given(np.full_like(q, 3.0), down, v, np.arange(7) > 2, 3)
    yield given(*(array.astype(np.float32) for array in (q, k, v)), tile=2)
