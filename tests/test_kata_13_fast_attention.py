"""The specs of lesson 13, in the order in which they turn green.

`kata` is your file, katas/kata_13_fast_attention.py. What should come out is worked out one query
at a time, with its whole row of scores; gradients are held against nudges of what goes in. Memory
is measured, and what is computed for nothing is counted.
"""

import math
import tracemalloc

import numpy as np

from tests.forward_08_backprop import narrow, random_attention
from tests.forward_08_backprop import attend as plain
from tests.runner.specs.check import close, fails
from tests.runner.specs.counted import exps_counted
from tests.runner.specs.gradients import gradient, unpacked

# The lesson works this case by hand: the scores are ln 1, ln 3, ln 6 and ln 2, in two tiles.
QUERY = np.array([[2.0, 0, 0, 0]])
KEYS = np.log([1.0, 3, 6, 2])[:, None] * np.array([1.0, 0, 0, 0])
VALUES = np.array([[12.0, 0], [0, 4], [3, 0], [0, 9]])
LN_3, LN_6, LN_12 = np.log([[[3.0]], [[6]], [[12]]])
FIRST, SECOND = slice(0, 2), slice(2, 4)
PARTS = ((LN_3, np.array([[4 / 3]]), np.array([[4.0, 4]])),
         (LN_6, np.array([[4 / 3]]), np.array([[3.0, 3]])))
WHOLE = LN_6, np.array([[2.0]]), np.array([[5.0, 5]])

# For two queries and values of two numbers: nothing was seen.
EMPTY = np.full((2, 1), -np.inf), np.zeros((2, 1)), np.zeros((2, 2))

TILES = 1, 2, 3, 7, 100


def attend(q, k, v, mask=None):
    """The output and log_sum, one query at a time, with all its scores."""
    seen = np.broadcast_to(True if mask is None else mask, (*q.shape[:-1], k.shape[-2]))
    output, log_sum = np.zeros((*q.shape[:-1], v.shape[-1])), np.full((*q.shape[:-1], 1), -np.inf)
    for at in np.ndindex(q.shape[:-1]):
        keys, values = k[at[:-1]][seen[at]], v[at[:-1]][seen[at]]
        if len(keys):
            scores = np.array([q[at] @ key for key in keys]) / math.sqrt(q.shape[-1])
            exps = np.exp(scores - max(scores))
            output[at] = sum(e * value for e, value in zip(exps, values)) / sum(exps)
            log_sum[at] = max(scores) + math.log(sum(exps))
    return output, log_sum


def past(n_queries, n_keys):
    """What queries see if the last one sees the last key."""
    i, j = np.arange(n_queries)[:, None], np.arange(n_keys)
    return j <= i + n_keys - n_queries


def case(*batch, n_queries=5, n_keys=7):
    """Queries, keys and values; every size is another one."""
    made = random_attention(*batch, n_queries=n_queries, n_keys=n_keys)
    return {name: made[name] for name in "qkv"}


def scored(*scores, d_v=2):
    """One query for which the keys have these scores, and values that tell the keys apart."""
    k = np.array(scores)[:, None] * np.array([1.0, 0, 0, 0])
    return dict(q=QUERY, k=k, v=np.random.default_rng(3).normal(size=(len(scores), d_v)))


def cut(given, start, stop):
    """The same queries, and a tile of the keys and values."""
    return dict(q=given["q"], k=given["k"][..., start:stop, :], v=given["v"][..., start:stop, :])


def is_part(answer, expected, **how):
    """Check a part, number by number."""
    __tracebackhide__ = True
    names = "highest", "total", "blend"
    for name, one, right in zip(names, unpacked(answer, *names), expected):
        close(one, right, of=answer, what=name, **how)


def is_result(answer, expected, **how):
    """Check the output and the log_sum."""
    __tracebackhide__ = True
    names = "output", "log_sum"
    for name, one, right in zip(names, unpacked(answer, *names), expected):
        close(one, right, of=answer, what=name, **how)


def holds_little(call, n_queries, n_keys):
    """Check that a call never holds as much as a fourth of the table of scores."""
    __tracebackhide__ = True
    tracemalloc.start()
    try:
        answer = call()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    table = n_queries * n_keys * 8
    if peak > table / 4:
        fails(answer, f"It held {peak:,} bytes at once. All {n_queries * n_keys:,} scores are "
                      f"{table:,} bytes, and it should never hold more than a few tiles of them.")


def few_at_once(call, n_queries, tile):
    """Check that a call never takes exp of more scores than those of a tile of keys."""
    __tracebackhide__ = True
    with exps_counted() as numbers:
        answer = call()
    if max(numbers, default=0) > n_queries * tile:
        fails(answer, f"It takes exp of {max(numbers):,} numbers at once. With tiles of {tile}, "
                      f"{n_queries} queries have {n_queries * tile:,} scores at a time at most. "
                      "Does `tile` reach all that is called?")


def leaves_out_the_future(call, n_tokens):
    """Check that a causal call takes exp for about half of the scores."""
    __tracebackhide__ = True
    with exps_counted() as numbers:
        answer = call()
    if sum(numbers) > 0.75 * n_tokens**2:
        fails(answer, f"It takes exp of {sum(numbers):,} numbers. All scores of {n_tokens} tokens "
                      f"are {n_tokens**2:,}, and about half of them lie in the future.")


# attend_to_tile -----------------------------------------------------------------


def test_attend_to_tile_works_the_lesson_by_hand(kata):
    """The scores ln 1 and ln 3: the highest is ln 3, the exps are 1/3 and 1; nothing is divided."""
    is_part(kata.attend_to_tile(QUERY, KEYS[FIRST], VALUES[FIRST]), PARTS[0])
    is_part(kata.attend_to_tile(QUERY, KEYS[SECOND], VALUES[SECOND]), PARTS[1])


def test_attend_to_tile_scales_by_the_root_of_d_k(kata):
    """Scores are divided by the root of d_k, as in lesson 1, for queries of any width."""
    for d_k in (9, 2):
        k = np.array([[1.0], [2]]) * np.ones(d_k)
        highest, total, _ = unpacked(kata.attend_to_tile(np.ones((1, d_k)), k, np.eye(2)),
                                     "highest", "total", "blend")
        close(highest, [[2 * math.sqrt(d_k)]], what="highest")
        close(total, [[1 + math.exp(-math.sqrt(d_k))]], what="total")


def test_attend_to_tile_keeps_what_attention_needs(kata):
    """For five queries and seven keys: blend / total is attention, highest + log(total) its sum."""
    given = case()
    output, log_sum = attend(**given)
    answer = kata.attend_to_tile(**given)
    highest, total, blend = unpacked(answer, "highest", "total", "blend")
    right = np.array([[max(q @ key for key in given["k"])] for q in given["q"]]) / math.sqrt(3)
    exps = np.exp(log_sum - right)
    is_part(answer, (right, exps, output * exps))


def test_attend_to_tile_survives_large_scores(kata):
    """Scores of 1,000, or all of them at -1,000, overflow nowhere and vanish nowhere."""
    for top in (1000.0, -1000.0):
        given = scored(top - 1, top, top - 2000)
        v = given["v"]
        exp = math.exp(-1)
        is_part(kata.attend_to_tile(**given), ([[top]], [[1 + exp]], [exp * v[0] + v[1]]))


def test_attend_to_tile_heeds_the_mask(kata):
    """A hidden key counts in nothing: neither in the highest score, nor in the sum or the blend."""
    given = scored(50.0, 1, 3, -20, 2)
    v = given["v"]
    for mask in (np.array([[0, 1, 1, 0, 0]], dtype=bool), np.array([0, 1, 1, 0, 0], dtype=bool)):
        exp = math.exp(-2)
        is_part(kata.attend_to_tile(**given, mask=mask),
                ([[3.0]], [[1 + exp]], [exp * v[1] + v[2]]))


def test_attend_to_tile_is_empty_if_nothing_is_seen(kata):
    """A query that sees no key gets -inf, 0 and zeros, never NaN; also if there are no keys."""
    given = case(n_queries=2, n_keys=3)
    mask = np.array([[False, False, False], [False, True, False]])
    score = given["q"][1] @ given["k"][1] / math.sqrt(3)
    is_part(kata.attend_to_tile(**given, mask=mask),
            ([[-np.inf], [score]], [[0], [1]], [np.zeros(4), given["v"][1]]))
    is_part(kata.attend_to_tile(**cut(given, 0, 0)),
            (np.full((2, 1), -np.inf), np.zeros((2, 1)), np.zeros((2, 4))))


def test_attend_to_tile_takes_batches(kata):
    """With any number of batch axes, each sample is answered by itself, with a mask of its own."""
    for batch in ((2,), (2, 6)):
        given = case(*batch)
        padding = np.arange(7) < np.random.default_rng(3).integers(0, 8, size=(*batch, 1, 1))
        for mask in (None, padding):
            answer = kata.attend_to_tile(**given, mask=mask)
            for at in np.ndindex(batch):
                alone = kata.attend_to_tile(**{name: x[at] for name, x in given.items()},
                                            mask=None if mask is None else mask[at])
                names = "highest", "total", "blend"
                for name, one, right in zip(names, unpacked(answer, *names), alone):
                    close(one[at], right, of=answer, what=f"{name} of sample {at}")


def test_attend_to_tile_keeps_float32(kata):
    """float32 in, float32 out, with a mask or without; q, k and v may be integers."""
    given = case()
    for mask in (None, past(5, 7)):
        wide = kata.attend_to_tile(**given, mask=mask)
        is_part(kata.attend_to_tile(**narrow(given), mask=mask), wide, dtype=np.float32, rtol=1e-4)
    whole = {name: np.rint(2 * x) for name, x in given.items()}
    integers = {name: x.astype(int) for name, x in whole.items()}
    is_part(kata.attend_to_tile(**integers), kata.attend_to_tile(**whole))


# combine ------------------------------------------------------------------------


def test_combine_works_the_lesson_by_hand(kata):
    """The highest of both is ln 6, so what was relative to ln 3 is halved: 2/3 + 4/3, 2 + 3."""
    is_part(kata.combine(*PARTS), WHOLE)
    is_part(kata.combine(*reversed(PARTS)), WHOLE)


def test_combine_makes_the_whole_of_two_tiles(kata):
    """Wherever the keys are cut, the two parts make what attend_to_tile says of all keys."""
    given = case()
    right = kata.attend_to_tile(**given)
    for at in (1, 3, 6):
        a, b = kata.attend_to_tile(**cut(given, 0, at)), kata.attend_to_tile(**cut(given, at, 7))
        is_part(kata.combine(a, b), right)


def test_combine_can_be_done_in_any_order(kata):
    """(a + b) + c is a + (b + c), and c + b + a, even if their scores are a thousand apart."""
    for tops in ((0.0, 1.5, -2), (1000, -1000, 0), (-1000, -1001, -900)):
        given = scored(*(top + more for top in tops for more in (0.0, -1)))
        right = kata.attend_to_tile(**given)
        a, b, c = (kata.attend_to_tile(**cut(given, at, at + 2)) for at in (0, 2, 4))
        is_part(kata.combine(kata.combine(a, b), c), right)
        is_part(kata.combine(a, kata.combine(b, c)), right)
        is_part(kata.combine(kata.combine(c, b), a), right)


def test_combine_with_an_empty_part_changes_nothing(kata):
    """Empty on the left, on the right, or both: no NaN, even if the other has scores of -2,000."""
    for highest in (0.0, -2000, 1000):
        part = np.array([[highest], [3]]), np.array([[1.5], [1]]), np.array([[2.0, -1], [4, 5]])
        is_part(kata.combine(EMPTY, part), part)
        is_part(kata.combine(part, EMPTY), part)
    is_part(kata.combine(EMPTY, EMPTY), EMPTY)


def test_combine_takes_each_query_by_itself(kata):
    """Of one query the left part may have the higher score, of another the right, or be empty."""
    given = case(3)
    masks = np.random.default_rng(5).random((3, 5, 7)) < 0.4
    masks[1, 2, :4] = False
    a = kata.attend_to_tile(**cut(given, 0, 4), mask=masks[..., :4])
    b = kata.attend_to_tile(**cut(given, 4, 7), mask=masks[..., 4:])
    is_part(kata.combine(a, b), kata.attend_to_tile(**given, mask=masks))


def test_combine_keeps_float32(kata):
    """float32 in, float32 out, for parts that are empty, too."""
    small = [tuple(x.astype(np.float32) for x in part) for part in (*PARTS, EMPTY)]
    is_part(kata.combine(small[0], small[1]), WHOLE, dtype=np.float32, rtol=1e-5)
    is_part(kata.combine(small[2], small[2]), EMPTY, dtype=np.float32)


# finish -------------------------------------------------------------------------


def test_finish_works_the_lesson_by_hand(kata):
    """The blend (5, 5) over the total 2 is (2.5, 2.5), and ln 6 + ln 2 is ln 12."""
    is_result(kata.finish(WHOLE), ([[2.5, 2.5]], LN_12))


def test_finish_gives_attention_and_its_log_sum(kata):
    """What attend_to_tile and combine have kept is enough for the output and the log_sum."""
    given = case(2)
    part = kata.combine(*(kata.attend_to_tile(**cut(given, *ends)) for ends in ((0, 4), (4, 7))))
    is_result(kata.finish(part), attend(**given))
    first = cut(given, 0, 1)  # of a single key the total is 1
    is_result(kata.finish(kata.attend_to_tile(**first)), attend(**first))


def test_finish_never_takes_exp_of_the_highest_score(kata):
    """With a highest score of 1,000 or -1,000, the log_sum is that plus the log of the total."""
    for highest in (1000.0, -1000.0):
        part = np.array([[highest]]), np.array([[2.0]]), np.array([[6.0, -8]])
        is_result(kata.finish(part), ([[3.0, -4]], [[highest + math.log(2)]]))


def test_finish_gives_zeros_if_nothing_was_seen(kata):
    """A query that saw no key gets zeros and -inf, never NaN; the others are as ever."""
    is_result(kata.finish(EMPTY), (np.zeros((2, 2)), np.full((2, 1), -np.inf)))
    part = [np.concatenate(both) for both in zip(EMPTY, WHOLE)]
    is_result(kata.finish(tuple(part)),
              ([[0, 0], [0, 0], [2.5, 2.5]], [[-np.inf], [-np.inf], LN_12[0]]))


def test_finish_keeps_float32(kata):
    """float32 in, float32 out, for an empty part, too."""
    for part, right in ((WHOLE, ([[2.5, 2.5]], LN_12)), (EMPTY, (EMPTY[2], EMPTY[0]))):
        small = tuple(x.astype(np.float32) for x in part)
        is_result(kata.finish(small), right, dtype=np.float32, rtol=1e-5)


# tiled_attention ----------------------------------------------------------------


def test_tiled_attention_works_the_lesson_by_hand(kata):
    """Four keys in two tiles: the weights are 1/12, 3/12, 6/12 and 2/12, and ln 12 their sum."""
    is_result(kata.tiled_attention(QUERY, KEYS, VALUES, tile=2), ([[2.5, 2.5]], LN_12))


def test_tiled_attention_is_attention_with_any_tile(kata):
    """Tiles of one key, of two, of three, of all, of more than all: always the same numbers."""
    given = case()
    right = attend(**given)
    for tile in TILES:
        is_result(kata.tiled_attention(**given, tile=tile), right)
    is_result(kata.tiled_attention(**given), right)


def test_tiled_attention_has_tiles_of_64(kata):
    """Without a tile it is 64; more keys than that, and less than two tiles, are all seen."""
    given = case(n_keys=100)
    is_result(kata.tiled_attention(**given), attend(**given))


def test_tiled_attention_with_scores_that_rise(kata):
    """If each tile has a higher score than the last, what is old shrinks; and in reverse order."""
    rising = np.array([-7.0, -3, -2.5, 0, 0.5, 4, 9])
    for scores in (rising, rising[::-1], 100 * rising, -100 * rising):
        given = scored(*scores)
        right = attend(**given)
        for tile in TILES:
            is_result(kata.tiled_attention(**given, tile=tile), right)


def test_tiled_attention_of_a_last_tile_that_is_not_full(kata):
    """Five keys in tiles of four, all scores negative: where there is no key, nothing counts."""
    given = scored(-50.0, -41, -45, -43, -40)
    for tile in (4, 3, 2):
        is_result(kata.tiled_attention(**given, tile=tile), attend(**given))
    for shift in (-200.0, 200.0):
        far = scored(*(np.array([0.5, 0, -1, 1, -0.5]) + shift))
        is_result(kata.tiled_attention(**far, tile=4), attend(**far))


def test_tiled_attention_heeds_the_mask(kata):
    """Each tile of keys has its columns of the mask, whichever axes the mask has."""
    given = case()
    holes = np.random.default_rng(6).random((5, 7)) < 0.5
    one_column = np.array([[True], [False], [True], [True], [False]])
    for mask in (past(5, 7), holes, holes[0], one_column):
        for tile in TILES:
            answer = kata.tiled_attention(**given, mask=mask, tile=tile)
            is_result(answer, attend(**given, mask=mask))


def test_tiled_attention_with_a_first_tile_that_is_hidden(kata):
    """The first tile is hidden, and all later scores are -200 or less: weights still sum to 1."""
    mask = np.array([False, False, True, True, True, True])
    for low in (-200.0, -2000.0):
        given = scored(90.0, 80, low - 1, low, low - 0.5, low - 2)
        right = attend(**given, mask=mask)
        for tile in (2, 1, 3):
            is_result(kata.tiled_attention(**given, mask=mask, tile=tile), right)
            small = kata.tiled_attention(**narrow(given), mask=mask, tile=tile)
            is_result(small, right, dtype=np.float32, rtol=1e-3)


def test_tiled_attention_gives_zeros_if_nothing_is_seen(kata):
    """A query that sees no key gets zeros and -inf, never NaN; that is so without any keys, too."""
    given = case()
    mask = past(5, 7) & (np.arange(5) != 3)[:, None]
    for tile in TILES:
        is_result(kata.tiled_attention(**given, mask=mask, tile=tile), attend(**given, mask=mask))
    nothing = np.zeros((5, given["v"].shape[-1])), np.full((5, 1), -np.inf)
    is_result(kata.tiled_attention(**cut(given, 0, 0)), nothing)  # there are no keys


def test_tiled_attention_takes_batches(kata):
    """With any number of batch axes, each sample is answered by itself, with a mask of its own."""
    for batch in ((2,), (2, 6)):
        given = case(*batch)
        padding = np.arange(7) < np.random.default_rng(3).integers(0, 8, size=(*batch, 1, 1))
        for mask in (None, past(5, 7), padding):
            is_result(kata.tiled_attention(**given, mask=mask, tile=3), attend(**given, mask=mask))


def test_tiled_attention_keeps_float32(kata):
    """float32 in, float32 out, with a mask or without; q, k and v may be integers."""
    given = case()
    for mask in (None, past(5, 7)):
        answer = kata.tiled_attention(**narrow(given), mask=mask, tile=3)
        is_result(answer, attend(**given, mask=mask), dtype=np.float32, rtol=1e-4)
    whole = {name: np.rint(2 * x) for name, x in given.items()}
    integers = {name: x.astype(int) for name, x in whole.items()}
    is_result(kata.tiled_attention(**integers, tile=3), attend(**whole))


def test_tiled_attention_never_holds_all_scores(kata):
    """Memory is measured: 300 queries and 400 keys in tiles of four need a few tiles, no table."""
    given = case(n_queries=300, n_keys=400)
    holds_little(lambda: kata.tiled_attention(**given, tile=4), 300, 400)
    holds_little(lambda: kata.tiled_attention(**given, tile=4, mask=np.arange(400) < 390), 300, 400)


# causal_tiled_attention ---------------------------------------------------------


def test_causal_tiled_attention_works_by_hand(kata):
    """Four equal scores: token i sees i + 1 tokens, and blends their values in equal shares."""
    q, values = np.zeros((4, 9)), np.array([[12.0], [0], [6], [2]])
    right = np.array([[12.0], [6], [6], [5]]), np.log([[1.0], [2], [3], [4]])
    for tile in (1, 2, 3, 4):
        is_result(kata.causal_tiled_attention(q, np.ones((4, 9)), values, tile=tile), right)


def test_causal_tiled_attention_is_causal_with_any_tile(kata):
    """Tiles of one token, of two, of three, of more than all: always what the causal mask says."""
    given = case(n_queries=8, n_keys=8)
    right = attend(**given, mask=past(8, 8))
    for tile in (1, 2, 3, 5, 8, 100):
        is_result(kata.causal_tiled_attention(**given, tile=tile), right)
    longer = case(n_queries=70, n_keys=70)
    is_result(kata.causal_tiled_attention(**longer), attend(**longer, mask=past(70, 70)))


def test_causal_tiled_attention_of_new_tokens_in_a_cache(kata):
    """With fewer queries than keys, the queries are the last tokens: the last sees the last key."""
    for n_queries, n_keys in ((3, 8), (1, 6), (5, 7)):
        given = case(n_queries=n_queries, n_keys=n_keys)
        right = attend(**given, mask=past(n_queries, n_keys))
        for tile in TILES:
            is_result(kata.causal_tiled_attention(**given, tile=tile), right)


def test_causal_tiled_attention_of_more_queries_than_keys(kata):
    """Then the first queries see no key, and get zeros and -inf; the last still sees the last."""
    for n_queries, n_keys in ((8, 3), (6, 1), (7, 5)):
        given = case(n_queries=n_queries, n_keys=n_keys)
        right = attend(**given, mask=past(n_queries, n_keys))
        for tile in TILES:
            is_result(kata.causal_tiled_attention(**given, tile=tile), right)


def test_causal_tiled_attention_hears_nothing_of_the_future(kata):
    """However high the scores of later tokens are, earlier ones get exactly the same numbers."""
    given = case(n_queries=9, n_keys=9)
    for n_seen in (1, 4, 5, 8):
        later = given | {"k": given["k"].copy(), "v": given["v"].copy()}
        later["k"][n_seen:] *= 500
        later["v"][n_seen:] = 1e6
        for tile in (2, 3, 4):
            before = unpacked(kata.causal_tiled_attention(**given, tile=tile), "output", "log_sum")
            after = unpacked(kata.causal_tiled_attention(**later, tile=tile), "output", "log_sum")
            for name, one, right in zip(("output", "log_sum"), after, before):
                close(one[:n_seen], right[:n_seen], of=after, what=f"{name} of the first {n_seen}")


def test_causal_tiled_attention_takes_batches(kata):
    """With any number of batch axes, each sample is answered by itself."""
    for batch in ((2,), (2, 6)):
        given = case(*batch)
        right = attend(**given, mask=past(5, 7))
        for tile in (2, 3):
            is_result(kata.causal_tiled_attention(**given, tile=tile), right)


def test_causal_tiled_attention_keeps_float32(kata):
    """float32 in, float32 out, even for queries that see nothing."""
    for sizes in (dict(n_queries=5, n_keys=7), dict(n_queries=7, n_keys=4)):
        given = case(**sizes)
        is_result(kata.causal_tiled_attention(**narrow(given), tile=2),
                  attend(**given, mask=past(*sizes.values())), dtype=np.float32, rtol=1e-4)


def test_causal_tiled_attention_leaves_out_the_future(kata):
    """Scores are counted: tiles that all lie in the future are not computed and then hidden."""
    given = case(n_queries=192, n_keys=192)
    leaves_out_the_future(lambda: kata.causal_tiled_attention(**given, tile=16), 192)
    cached = case(n_queries=8, n_keys=200)
    few_at_once(lambda: kata.causal_tiled_attention(**cached, tile=2), 8, 2)


def test_causal_tiled_attention_never_holds_all_scores(kata):
    """Memory is measured: 400 tokens in tiles of ten need a few tiles, and no table."""
    given = case(n_queries=400, n_keys=400)
    holds_little(lambda: kata.causal_tiled_attention(**given, tile=10), 400, 400)


# tiled_attention_backward -------------------------------------------------------


def backward_case(*batch, causal=False, scale=1.0, **sizes):
    """What tiled_attention_backward takes, and the mask that belongs to it."""
    made = random_attention(*batch, **sizes)
    q, k, v = made["q"] * scale, made["k"], made["v"]
    mask = past(q.shape[-2], k.shape[-2]) if causal else None
    output, log_sum = attend(q, k, v, mask)
    given = dict(q=q, k=k, v=v, output=output, log_sum=log_sum, grad_out=made["grad_out"])
    return given | (dict(causal=True) if causal else {}), mask


def grads(answer):
    __tracebackhide__ = True
    return unpacked(answer, "grad_q", "grad_k", "grad_v")


def check_backward(answer, given, mask, *names, **how):
    """Hold gradients against nudges of the queries, the keys or the values."""
    __tracebackhide__ = True
    for name, grad in zip("qkv", grads(answer)):
        if name in names:
            inputs = {key: given[key] for key in "qkv"}
            gradient(grad, lambda moved: plain(**inputs | {name: moved}, mask=mask), given[name],
                     given["grad_out"], of=answer, **how)


def test_tiled_attention_backward_works_by_hand(kata):
    """Two keys, a tile each, with weights of 1/2: the same numbers as in lesson 8."""
    q, k, v = np.zeros((1, 4)), np.array([[2.0, 0, 0, 0], [0, 2, 0, 0]]), np.array([[8.0], [0]])
    given = dict(q=q, k=k, v=v, output=np.array([[4.0]]), log_sum=np.log([[2.0]]),
                 grad_out=np.array([[1.0]]))
    right = [[2.0, -2, 0, 0]], np.zeros((2, 4)), [[0.5], [0.5]]
    answer = grads(kata.tiled_attention_backward(**given, tile=1))
    for name, one, expected in zip(("grad_q", "grad_k", "grad_v"), answer, right):
        close(one, expected, of=answer, what=name)


def test_tiled_attention_backward_gives_the_values_theirs(kata):
    """With any tile, every nudge of a value does what its gradient says."""
    given, mask = backward_case()
    for tile in TILES:
        check_backward(kata.tiled_attention_backward(**given, tile=tile), given, mask, "v")


def test_tiled_attention_backward_gives_the_queries_theirs(kata):
    """A query gets the sum over all tiles: every nudge of it does what its gradient says."""
    given, mask = backward_case()
    for tile in TILES:
        check_backward(kata.tiled_attention_backward(**given, tile=tile), given, mask, "q")


def test_tiled_attention_backward_gives_the_keys_theirs(kata):
    """With any tile, every nudge of a key does what its gradient says."""
    given, mask = backward_case()
    for tile in TILES:
        check_backward(kata.tiled_attention_backward(**given, tile=tile), given, mask, "k")
    check_backward(kata.tiled_attention_backward(**given), given, mask, "q", "k", "v")


def test_tiled_attention_backward_can_be_causal(kata):
    """If causal, nothing comes from the future: with as many queries as keys, fewer, and more."""
    for n_queries, n_keys in ((6, 6), (4, 7), (7, 4)):
        given, mask = backward_case(causal=True, n_queries=n_queries, n_keys=n_keys)
        for tile in TILES[:3] + TILES[4:]:
            answer = kata.tiled_attention_backward(**given, tile=tile)
            check_backward(answer, given, mask, "q", "k", "v")


def test_tiled_attention_backward_survives_large_scores(kata):
    """If one key takes all, its value gets all; the future may have scores of a thousand."""
    q, k = np.array([[900.0, 0], [0, -900]]), np.array([[2.0, 0], [0, 2], [-2, -2]])
    v, asked = np.array([[8.0], [4], [1]]), np.array([[5.0], [7]])
    root = math.sqrt(2)
    given = dict(q=q, k=k, v=v, output=np.array([[8.0], [1]]),
                 log_sum=np.array([[1800.0], [1800]]) / root, grad_out=asked)
    for tile in (1, 2):
        answer = grads(kata.tiled_attention_backward(**given, tile=tile))
        for one, right in zip(answer, (np.zeros((2, 2)), np.zeros((3, 2)), [[5], [0], [7]])):
            close(one, right, of=answer)
    causal = dict(q=q, k=k[[2, 0]], v=v[[2, 0]], output=np.array([[1.0], [1]]),
                  log_sum=np.array([[-1800.0], [1800]]) / root, grad_out=asked, causal=True)
    for tile in (1, 2):
        answer = grads(kata.tiled_attention_backward(**causal, tile=tile))
        for one, right in zip(answer, (np.zeros((2, 2)), np.zeros((2, 2)), [[12], [0]])):
            close(one, right, of=answer)


def test_tiled_attention_backward_takes_batches(kata):
    """With any number of batch axes, each sample is answered by itself."""
    for batch in ((2,), (2, 6)):
        for causal in (False, True):
            given, mask = backward_case(*batch, causal=causal)
            answer = grads(kata.tiled_attention_backward(**given, tile=3))
            arrays = {name: x for name, x in given.items() if name != "causal"}
            for at in np.ndindex(batch):
                sample = {name: x[at] for name, x in arrays.items()}
                alone = kata.tiled_attention_backward(**sample, tile=3, causal=causal)
                for one, right in zip(answer, alone):
                    close(one[at], right, of=answer, what=f"sample {at}")


def test_tiled_attention_backward_keeps_float32(kata):
    """float32 in, float32 out; and integers do not cut a gradient."""
    for causal in (False, True):
        given, _ = backward_case(causal=causal)
        flags = {"causal": given.pop("causal")} if causal else {}
        wide = kata.tiled_attention_backward(**given, **flags, tile=2)
        small = grads(kata.tiled_attention_backward(**narrow(given), **flags, tile=2))
        for one, right in zip(small, wide):
            close(one, right, of=small, dtype=np.float32, rtol=1e-3)
    whole = {name: np.rint(2 * given[name]) for name in "qkv"}
    output, log_sum = attend(**whole)
    more = dict(output=output, log_sum=log_sum, grad_out=given["grad_out"], tile=2)
    integers = {name: x.astype(int) for name, x in whole.items()}
    answer = grads(kata.tiled_attention_backward(**integers, **more))
    for one, right in zip(answer, kata.tiled_attention_backward(**whole, **more)):
        close(one, right, of=answer)


def test_tiled_attention_backward_leaves_out_the_future(kata):
    """Scores are counted: if causal, the future is left out, not computed and then hidden."""
    given, _ = backward_case(causal=True, n_queries=192, n_keys=192)
    leaves_out_the_future(lambda: kata.tiled_attention_backward(**given, tile=16), 192)


def test_tiled_attention_backward_never_holds_all_scores(kata):
    """Memory is measured: for 300 queries and 400 keys in tiles of four there is no table."""
    given = random_attention(n_queries=300, n_keys=400)
    given |= dict(output=plain(*(given[name] for name in "qkv")), log_sum=np.full((300, 1), 9.0))
    holds_little(lambda: kata.tiled_attention_backward(**given, tile=4), 300, 400)
