"""Mistakes in attend_to_tile: masks, highest scores, what is divided; and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

TILE_HIDE = "if mask is not None and not mask.all():\n    scores = np.where(mask, scores, -np.inf)"
TILE_HIGHEST = "highest = scores.max(axis=-1, keepdims=True, initial=-np.inf)"
SHIFT = "np.where(highest == -np.inf, 0.0, highest)"
EXPS = "np.exp(scores, out=scores)"
TILE_PART = "return highest, exps.sum(axis=-1, keepdims=True), exps @ v"

divides_at_once = edit(
    "attend_to_tile", """Your blend is divided by the total already, as attention is. More tiles
    will be added to it, so the blend stays a sum, and is divided once, by finish.""",
    (TILE_PART, "total = exps.sum(axis=-1, keepdims=True)\n"
           "return highest, total, exps @ v / np.where(total == 0, 1.0, total)"), common=True)

keeps_0_as_the_highest = edit(
    "attend_to_tile", """The highest score of a query that sees nothing is 0 in your part. Then
    a later score of -2,000 counts as lower, and is lost. Subtract something finite, but return
    -inf.""",
    (TILE_PART, TILE_PART.replace("highest", SHIFT)), common=True)

subtracts_minus_infinity = edit(
    "attend_to_tile", """A query that sees nothing gets NaN: its highest score is -inf, and
    -inf - -inf is NaN. Subtract something finite for such a query.""",
    (SHIFT, "highest"), common=True)

subtracts_nothing = edit(
    "attend_to_tile", """You take exp of the scores themselves, and not of their distance to the
    highest. Large scores overflow, and the total is relative to 0, not to the highest.""",
    (SHIFT, "0.0"), common=True)

hides_after_the_highest = edit(
    "attend_to_tile", """Your highest score is that of all keys, hidden ones included. If a hidden
    key has a high score, all that is seen shrinks to nothing beside it. Hide first.""",
    (f"{TILE_HIDE}\n{TILE_HIGHEST}", f"{TILE_HIGHEST}\n{TILE_HIDE}"), common=True)

hides_for_the_highest_alone = edit(
    "attend_to_tile", """A hidden key does not count for the highest score, but it counts for the
    total and the blend. With -inf as its score it counts nowhere.""",
    (TILE_HIDE, "seen = scores if mask is None else np.where(mask, scores, -np.inf)"),
    (TILE_HIGHEST, TILE_HIGHEST.replace("scores", "seen")))

hides_with_a_finite_number = edit(
    "attend_to_tile", """The score of a hidden key is a finite number in your function. So a query
    that sees nothing has a highest score, and blends what it may not see. Use -inf.""",
    ("scores, -np.inf)", "scores, lowest)"), lowest=(-1e9, -1e4, -1e5, -1e6, -1e10, -1e12, -1e30),
    common=True)

hides_with_the_lowest_number = edit(
    "attend_to_tile", """The score of a hidden key is the lowest finite number in your function. So
    a query that sees nothing has a highest score, and blends what it may not see. Use -inf.""",
    ("scores, -np.inf)", "scores, np.finfo(scores.dtype).min)"))

hides_with_0 = edit(
    "attend_to_tile", """The score of a hidden key is 0 in your function, and exp(0) is 1: it counts
    like any other. Use -inf, whose exp is 0.""",
    ("scores, -np.inf)", "scores, 0.0)"))

hides_what_may_be_seen = edit(
    "attend_to_tile", """Your mask is inverted: True means "may attend".""",
    ("np.where(mask, scores, -np.inf)", "np.where(mask, -np.inf, scores)"), common=True)

ignores_the_mask = edit("attend_to_tile", """Your mask has no effect.""",
    ("if mask is not None and not mask.all():", "if False:"), denies=True, common=True)

takes_the_highest_of_all_queries = edit(
    "attend_to_tile", """All queries share one highest score. Each query needs its own, as a
    column: the maximum over the keys.""",
    (TILE_HIGHEST, "top = scores.max(initial=-np.inf)\n"
              "highest = np.full((*scores.shape[:-1], 1), top, scores.dtype)"))

forgets_the_scale = edit("attend_to_tile", """Your scores are not divided by the root of d_k.""",
    ("q / math.sqrt(q.shape[-1])", "(q * 1.0)"), common=True)

uses_powers_of_2 = edit(
    "attend_to_tile", """You use powers of 2 on scores that are meant for powers of e. Fast versions
    use exp2, and multiply the scores by log2(e) before.""",
    (EXPS, "np.exp2(scores)"), speaks_of=("exp2", "**", "power"))

gives_the_total_first = edit("attend_to_tile", """Total and highest have changed places in your
    part: the order is highest, total, blend.""",
    (TILE_PART, "return exps.sum(axis=-1, keepdims=True), highest, exps @ v"))

begins_the_highest_at_0 = edit("attend_to_tile", """Your highest score is never below 0, as the
    maximum begins at 0. Scores of -1,000 then have an exp of 0. Let it begin at -inf.""",
    (", initial=-np.inf)", ", initial=0.0)"))

needs_a_key = edit("attend_to_tile", """A tile without keys is an error in your function. The
    maximum of no numbers needs a number to begin with: initial=-np.inf.""",
    (", initial=-np.inf)", ")"))


@probes("attend_to_tile")
def probe_attend_to_tile():
    rng = np.random.default_rng(131)
    for batch in ((), (2,), (2, 3)):
        q, k, v = (rng.normal(size=(*batch, *size)) for size in ((4, 3), (5, 3), (5, 2)))
        mask = rng.random((*batch, 4, 5)) < 0.4
        mask[..., 1, :] = False
        yield given(q, k, v)
        yield given(q, k, v, mask)
        yield given(30 * q, 30 * k, v, mask[..., :1, :])
        yield given(9 * q, k, v, np.arange(5) < 3)
        yield given(q, k[..., :0, :], v[..., :0, :])
    small = [array.astype(np.float32) for array in (q, k, v)]
    yield given(*small, mask)
