"""Mistakes in combine: whose share, of what; and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

COMBINE_HIGHEST = "highest = np.maximum(highest_a, highest_b)"
SHARES = "share_a, share_b = np.exp(highest_a - shift), np.exp(highest_b - shift)"
TOTAL = "share_a * total_a + share_b * total_b"
BLEND = "share_a * blend_a + share_b * blend_b"
COMBINE_PART = f"return highest, {TOTAL}, {BLEND}"

rescales_the_totals_alone = edit("combine", """You make the totals relative to the new highest
    score, but not the blends. Both shrink by the same factor.""",
    (BLEND, "blend_a + blend_b"), common=True)

rescales_the_blends_alone = edit("combine", """You make the blends relative to the new highest
    score, but not the totals. Both shrink by the same factor.""",
    (TOTAL, "total_a + total_b"), common=True)

rescales_nothing = edit("combine", """You add totals and blends as they are. Each part is relative
    to its own highest score: before they can be added, make both relative to the same one.""",
    (TOTAL, "total_a + total_b"), (BLEND, "blend_a + blend_b"), common=True)

rescales_the_first_alone = edit("combine", """You rescale the first part and not the second. The
    second may be the one with the lower highest score, and then it must shrink.""",
    (TOTAL, "share_a * total_a + total_b"), (BLEND, "share_a * blend_a + blend_b"), common=True)

rescales_the_second_alone = edit("combine", """You rescale the second part and not the first. The
    first may be the one with the lower highest score, and then it must shrink.""",
    (TOTAL, "total_a + share_b * total_b"), (BLEND, "blend_a + share_b * blend_b"))

grows_instead_of_shrinking = edit(
    "combine", """The exponent has the wrong sign: own highest minus new highest is never above 0,
    so a part can only shrink.""",
    (SHARES, "share_a, share_b = np.exp(shift - highest_a), np.exp(shift - highest_b)"),
    common=True)

takes_the_second_for_the_higher = edit(
    "combine", """You make the first part relative to the highest score of the second, whichever is
    higher. Make both relative to the larger one, which is the highest score of the result.""",
    (SHARES, "share_a, share_b = np.exp(highest_a - highest_b), 1.0"))

swaps_the_shares = edit("combine", """Each part gets the share of the other one: the part with the
    higher score shrinks.""",
    (SHARES, "share_b, share_a = np.exp(highest_a - shift), np.exp(highest_b - shift)"))

keeps_the_first_highest = edit("combine", """The highest score of your result is that of the first
    part, whatever the second has. It is the larger one of the two, for each query.""",
    ("return highest,", "return highest_a,"))

takes_the_lower = edit("combine", """You take the lower of the two highest scores, so the exponents
    are above 0, and exp may overflow. Take the larger one.""",
    ("np.maximum", "np.minimum"))

keeps_0_as_the_highest_of_both = edit("combine", """Two empty parts have 0 as their highest score
    in your result. Then a later score of -2,000 counts as lower, and is lost. Subtract something
    finite, but return -inf.""",
    ("return highest,", "return shift,"), common=True)

subtracts_minus_infinity_from_both = edit(
    "combine", """Two empty parts give NaN: both highest scores are -inf, and -inf - -inf is NaN.
    Subtract something finite if the highest is -inf.""",
    (SHARES, SHARES.replace("shift", "highest")), common=True)

divides_the_blend = edit("combine", """Your blend is divided by the total. More parts may follow,
    so it stays a sum, and is divided once, by finish.""",
    (COMBINE_PART, f"total = {TOTAL}\n"
           f"return highest, total, ({BLEND}) / np.where(total == 0, 1.0, total)"), common=True)

decides_for_all_queries_at_once = edit("combine", """You take one highest score for all queries. Of
    one query the first part is higher, of another the second: np.maximum asks each.""",
    (COMBINE_HIGHEST, "highest = np.full_like(highest_a, max(highest_a.max(), highest_b.max()))"))

shrinks_by_powers_of_2 = edit("combine", """You use powers of 2, and the scores are meant for powers
    of e.""",
    (SHARES, SHARES.replace("np.exp", "np.exp2")), speaks_of=("exp2", "**", "power"))

multiplies_by_the_other_total = edit("combine", """You weigh the blends by their totals. A blend is
    a sum already, and has its total in it: weights are needed for what was divided.""",
    (BLEND, "share_a * total_a * blend_a + share_b * total_b * blend_b"))


@probes("combine")
def probe_combine():
    rng = np.random.default_rng(132)

    def part(*batch, at=0.0, spread=1.0):
        empty = rng.random((*batch, 4, 1)) < 0.2
        return (np.where(empty, -np.inf, at + spread * rng.normal(size=(*batch, 4, 1))),
                np.where(empty, 0, 1 + rng.random((*batch, 4, 1))),
                np.where(empty, 0, rng.normal(size=(*batch, 4, 2))))

    empty = np.full((4, 1), -np.inf), np.zeros((4, 1)), np.zeros((4, 2))
    for batch in ((), (2,), (2, 3)):
        for at in (0, 3, -3):
            yield given(part(*batch), part(*batch, at=at))
        yield given(part(*batch, at=-900), part(*batch, spread=2))
        yield given(part(*batch, spread=300), part(*batch, spread=300))
    yield given(empty, part(at=-50))
    yield given(empty, empty)
    small = [tuple(array.astype(np.float32) for array in part()) for _ in range(2)]
    yield given(*small)
