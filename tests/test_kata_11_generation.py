"""The specs of lesson 11, in the order in which they turn green.

`kata` is your file, katas/kata_11_generation.py. Where you draw, specs count: any way of drawing is
right that has the right frequencies. How far a count may be off comes from Hoeffding's inequality:
a right function is farther off for fewer than one seed in 10^9, and as the seeds are fixed, what is
green once is green always. What a model should say is worked out in tests/slow_06_transformer.py,
one token at a time, without a cache.
"""

import math
from unittest.mock import patch

import numpy as np

from tests.runner.specs.check import close, differs, fails, refuses
from tests.runner.specs.gradients import unpacked
from tests.slow_06_transformer import gpt_by_hand, heads_by_hand, narrow, random_gpt, random_writer

# The lesson's words, and what may come after "the", in sixteenths.
THE, CAT, SAT, ON, MAT = range(5)
LOGITS = np.log([1.0, 8, 2, 1, 4])
PROBS = np.array([1, 8, 2, 1, 4]) / 16


def leeway(n_draws, n_counts):
    """How far n_counts frequencies may be off: Hoeffding, 2 n_counts exp(-2 n_draws d^2) = 1e-9."""
    return math.sqrt(math.log(2e9 * n_counts) / (2 * n_draws))


def as_often(answer, ids, expected):
    """Check that the share of each id is the expected one, as exactly as so many draws can show."""
    __tracebackhide__ = True
    counts = np.bincount(np.ravel(ids), minlength=len(expected))
    shares, d = counts / counts.sum(), leeway(counts.sum(), len(expected))
    if len(counts) > len(expected) or (np.abs(shares - expected) > d).any():
        fails(answer, f"In {counts.sum():,} draws the ids came in these shares: {rounded(shares)}. "
                      f"They should be {rounded(expected)}, give or take {d:.3f}.")


def rounded(numbers):
    return ", ".join(f"{number:.3f}" for number in numbers)


def whole(ids):
    """Check that ids are integers."""
    __tracebackhide__ = True
    if np.asarray(ids).dtype.kind not in "iu":
        fails(ids, f"Ids are integers; here the dtype is {np.asarray(ids).dtype}.")


def shuffled(*batch, vocab=7, seed=110):
    """Probabilities in no order, no two of a row alike."""
    probs = np.random.default_rng(seed).dirichlet(np.ones(vocab), batch)
    return probs[()]


def best_first(row):
    """The ids of one row, by a plain sort: the most likely first, of equals the lower id."""
    return sorted(range(len(row)), key=lambda token: (-row[token], token))


def only(row, kept):
    """The row with zeros for all others, divided by the sum of what is kept."""
    kept = [token in kept for token in range(len(row))]
    return np.where(kept, row, 0) / sum(row[kept])


# probabilities ------------------------------------------------------------------


def test_probabilities_work_the_lesson_by_hand(kata):
    """After "the": cat 8/16, mat 4/16, sat 2/16, and 1/16 each for "the" and "on"."""
    close(kata.probabilities(LOGITS), PROBS)


def test_probabilities_divide_the_logits_by_the_temperature(kata):
    """At 1/2 each probability is squared, at 2 it is the root, and then they sum to 1 again."""
    close(kata.probabilities(LOGITS, temperature=0.5), np.array([1, 64, 4, 1, 16]) / 86)
    roots = np.sqrt([1, 8, 2, 1, 4])
    close(kata.probabilities(LOGITS, temperature=2.0), roots / roots.sum())


def test_probabilities_at_temperature_0_are_all_on_the_largest(kata):
    """The largest logit gets exactly 1 and the rest 0; of equal logits the first is taken."""
    close(kata.probabilities(LOGITS, temperature=0), np.array([0.0, 1, 0, 0, 0]), exact=True)
    ties = np.array([-3.0, -1, -2, -1, -1, -7])
    close(kata.probabilities(ties, temperature=0.0), np.array([0.0, 1, 0, 0, 0, 0]), exact=True)


def test_probabilities_survive_large_logits(kata):
    """Logits of 1,000 and a temperature of 1/100 overflow nowhere; low temperatures come near 0."""
    close(kata.probabilities(np.array([1001.0, 1000, -1000])),
          np.array([math.e, 1, 0]) / (math.e + 1))
    cold = kata.probabilities(np.log([0.9, 0.1, 1e-300]), temperature=0.01)
    close(cold, np.array([1, 9.0**-100, 0]))
    close(kata.probabilities(np.array([20.0, 20, -30]), temperature=0.0002),
          np.array([0.5, 0.5, 0]))


def test_probabilities_take_any_number_of_rows(kata):
    """Each row by itself, for every temperature."""
    logits = np.random.default_rng(1).normal(size=(2, 3, 7))
    logits[0, :, 4] = 3  # the largest of all three rows
    for temperature in (1.0, 0.3, 0):
        right = [[kata.probabilities(row, temperature) for row in rows] for rows in logits]
        close(kata.probabilities(logits, temperature), np.array(right))
        close(kata.probabilities(logits[0], temperature), np.array(right[0]))


def test_probabilities_keep_float32(kata):
    """float32 in, float32 out, for every temperature; of integers, probabilities all the same."""
    for temperature in (1.0, 0.5, 0):
        right = kata.probabilities(LOGITS, temperature)
        small = kata.probabilities(LOGITS.astype(np.float32), temperature)
        close(small, right, dtype=np.float32, rtol=1e-5)
    close(kata.probabilities(np.array([1, 3, 2]), 0), [0.0, 1, 0], dtype=np.float64)


def test_probabilities_refuse_a_negative_temperature(kata):
    """Below 0 the least likely token would win: a ValueError."""
    refuses(lambda: kata.probabilities(LOGITS, temperature=-0.5),
            lambda: kata.probabilities(np.stack([LOGITS, LOGITS]), -1))


# top_k --------------------------------------------------------------------------


def test_top_k_works_the_lesson_by_hand(kata):
    """Of five words the two most likely are left, cat and mat: 8/12 and 4/12, in their places."""
    close(kata.top_k(PROBS, 2), np.array([0, 8, 0, 0, 4]) / 12)
    close(kata.top_k(PROBS, 3), np.array([0, 8, 2, 0, 4]) / 14)


def test_top_k_keeps_the_most_likely_in_any_order(kata):
    """Whatever the order of the probabilities, those tokens stay, and all others are exactly 0."""
    for seed in range(4):
        row = shuffled(seed=seed)
        for k in (1, 2, 4, 6):
            right = only(row, best_first(row)[:k])
            answer = kata.top_k(row, k)
            close(answer, right)
            close(np.asarray(answer) > 0, right > 0, exact=True, of=answer, what="what is kept")


def test_top_k_of_equals_keeps_the_lower_id(kata):
    """If more are equal than may stay, the lower ids stay: never more than k tokens."""
    close(kata.top_k(np.full(4, 0.25), 2), np.array([0.5, 0.5, 0, 0]))
    close(kata.top_k(np.array([0.1, 0.3, 0.3, 0.3]), 2), np.array([0, 0.5, 0.5, 0]))
    levels = np.random.default_rng(2).integers(1, 4, size=100)  # many of each, in no order
    probs = levels / levels.sum()
    for k in (7, 50):
        close(kata.top_k(probs, k), only(probs, best_first(probs)[:k]))


def test_top_k_changes_nothing_if_k_is_0_or_large(kata):
    """0 switches it off; with k the size of the vocabulary, or more, all tokens stay."""
    for k in (7, 8, 1000, 0):
        close(kata.top_k(shuffled(), k), shuffled())


def test_top_k_takes_any_number_of_rows(kata):
    """Each row keeps k tokens of its own."""
    probs = shuffled(2, 3)
    for rows in (probs, probs[0]):
        right = np.array([only(row, best_first(row)[:3]) for row in rows.reshape(-1, 7)])
        close(kata.top_k(rows, 3), right.reshape(rows.shape))
        for k in (0, 9):
            close(kata.top_k(rows, k), rows)


def test_top_k_keeps_float32(kata):
    """float32 in, float32 out, whether tokens are dropped or not."""
    for k in (2, 0, 9):
        close(kata.top_k(PROBS.astype(np.float32), k), kata.top_k(PROBS, k), dtype=np.float32,
              rtol=1e-5)


# top_p --------------------------------------------------------------------------


def test_top_p_works_the_lesson_by_hand(kata):
    """Cat has 8/16, and cat and mat together 12/16: for p = 0.7 these two stay."""
    close(kata.top_p(PROBS, 0.7), np.array([0, 8, 0, 0, 4]) / 12)
    close(kata.top_p(PROBS, 0.8), np.array([0, 8, 2, 0, 4]) / 14)


def test_top_p_keeps_the_token_that_crosses_p(kata):
    """As few as reach p: one more if they sum to less, none more if they sum to exactly p."""
    close(kata.top_p(PROBS, 0.5), np.array([0.0, 1, 0, 0, 0]))
    close(kata.top_p(PROBS, 0.51), np.array([0, 8, 0, 0, 4]) / 12)
    close(kata.top_p(PROBS, 0.75), np.array([0, 8, 0, 0, 4]) / 12)
    close(kata.top_p(PROBS, 0.76), np.array([0, 8, 2, 0, 4]) / 14)


def test_top_p_keeps_the_most_likely_in_any_order(kata):
    """Whatever the order of the probabilities, those tokens stay, and all others are exactly 0."""
    for seed in range(4):
        row = shuffled(seed=seed)
        for p in (0.2, 0.5, 0.8, 0.95):
            kept, total = [], 0.0
            for token in best_first(row):
                if total < p:
                    kept, total = [*kept, token], total + row[token]
            answer = kata.top_p(row, p)
            close(answer, only(row, kept))
            close(np.asarray(answer) > 0, only(row, kept) > 0, exact=True, of=answer,
                  what="what is kept")


def test_top_p_keeps_at_least_one(kata):
    """The most likely token stays for every p, even for 0."""
    for p in (0.1, 0.0):
        close(kata.top_p(PROBS, p), np.array([0.0, 1, 0, 0, 0]))


def test_top_p_changes_nothing_if_p_is_1(kata):
    """Rounding may leave the sum of all a little below 1, or above: all tokens stay."""
    close(kata.top_p(np.full(10, 0.1), 1.0), np.full(10, 0.1))  # they sum to 0.9999999999999999
    close(kata.top_p(shuffled(), 1.0), shuffled())
    close(kata.top_p(np.array([0.0, 0.625, 0.375]), 1), np.array([0.0, 0.625, 0.375]))


def test_top_p_of_equals_keeps_the_lower_id(kata):
    """Of equal probabilities the lower ids come first."""
    equals = np.full(32, 1 / 32)
    close(kata.top_p(equals, 0.5), only(equals, range(16)))
    levels = np.random.default_rng(3).integers(1, 4, size=64)  # many of each, in no order
    probs = np.append(levels, 256 - levels.sum()) / 256
    kept, total = [], 0.0
    for token in best_first(probs):
        if total < 0.75:
            kept, total = [*kept, token], total + probs[token]
    close(kata.top_p(probs, 0.75), only(probs, kept))
    close(kata.top_p(np.array([0.125, 0.25, 0.375, 0.25]), 0.5), np.array([0, 0.4, 0.6, 0]))


def test_top_p_takes_any_number_of_rows(kata):
    """Each row keeps as many as it needs: a certain one few, an even one many."""
    rows = np.array([PROBS, np.full(5, 0.2), [0.01, 0.02, 0.95, 0.015, 0.005]])
    right = np.array([only(PROBS, [CAT, MAT]), [0.25, 0.25, 0.25, 0.25, 0], [0, 0, 1, 0, 0]])
    close(kata.top_p(rows, 0.7), right)
    close(kata.top_p(np.stack([rows, rows[::-1]]), 0.7), np.stack([right, right[::-1]]))


def test_top_p_keeps_float32(kata):
    """float32 in, float32 out, for 5 tokens and for 50,000."""
    close(kata.top_p(PROBS.astype(np.float32), 0.7), kata.top_p(PROBS, 0.7), dtype=np.float32,
          rtol=1e-5)
    many = shuffled(vocab=50_000).astype(np.float32)
    answer = kata.top_p(many, 0.9)
    close(answer, np.where(answer, many, 0) / 0.9, dtype=np.float32, rtol=1e-3)


# draw ---------------------------------------------------------------------------


def test_draw_takes_what_is_certain(kata):
    """If one token has probability 1, it is drawn each time: one id for each row."""
    rng = np.random.default_rng(0)
    ids = np.array([[2, 0, 4], [1, 1, 3]])
    for right in (ids[0], ids, ids[:1, :1]):
        close(kata.draw(np.eye(5)[right], rng), right)
    close(kata.draw(np.eye(5)[3], rng), 3)


def test_draw_draws_as_often_as_the_probabilities_say(kata):
    """20,000 draws after "the": a half are cat, a quarter mat, an eighth sat, and so on."""
    ids = kata.draw(np.tile(PROBS, (20_000, 1)), np.random.default_rng(1))
    close(ids, ids)
    whole(ids)
    as_often(ids, ids, PROBS)


def test_draw_never_takes_what_has_probability_0(kata):
    """Not the first token, not the last, and none between: what was filtered out stays out."""
    probs = np.array([0, 0, 0.25, 0, 0.75, 0])
    ids = kata.draw(np.tile(probs, (3_000, 1)), np.random.default_rng(2))
    as_often(ids, ids, probs)
    if set(np.ravel(ids).tolist()) - {2, 4}:
        fails(ids, "Only tokens 2 and 4 have a probability above 0; yours drew "
                   f"{sorted(set(np.ravel(ids).tolist()))}.")


def test_draw_draws_each_row_by_itself(kata):
    """Rows that are equal get draws of their own, and each row has its own probabilities."""
    rows = np.stack([PROBS, PROBS, PROBS[::-1]])
    ids = kata.draw(np.tile(rows, (4_000, 1, 1)), np.random.default_rng(3))
    close(ids, np.reshape(ids, (4_000, 3)))
    for i, probs in enumerate(rows):
        as_often(ids, ids[:, i], probs)
    as_often(ids, 5 * ids[:, 0] + ids[:, 1], np.outer(PROBS, PROBS).ravel())  # pairs of neighbours
    as_often(ids, 5 * ids[:-1, 1] + ids[1:, 1], np.outer(PROBS, PROBS).ravel())


def test_draw_draws_from_the_generator(kata):
    """The same seed draws the same ids; the next call goes on and draws others."""
    probs = np.full((60, 9), 1 / 9)
    first = kata.draw(probs, np.random.default_rng(4))
    rng = np.random.default_rng(4)
    close(kata.draw(probs, rng), first)
    differs(kata.draw(probs, rng), first)
    differs(kata.draw(probs, np.random.default_rng(5)), first)


def test_draw_takes_50_000_float32_probabilities(kata):
    """A large vocabulary in float32 sums to 1 only nearly; half of the draws are its last token."""
    probs = np.full((40, 50_000), 0.5 / 49_999, dtype=np.float32)
    probs[:, -1] = 0.5
    ids = kata.draw(probs, np.random.default_rng(6))
    whole(ids)
    whole(kata.draw(np.full((2, 7), 1 / 7, dtype=np.float32), np.random.default_rng(6)))
    n_last = np.count_nonzero(ids == 49_999)  # 0 or 40 of 40: 2 in 2^40, which is 2e-12
    if not 0 < n_last < 40 or np.max(ids) > 49_999 or np.min(ids) < 0:
        fails(ids, "Of 40 draws, about 20 should be the last token, 49,999, which has a half of "
                   f"the probability, and the rest lower ids. Yours drew it {n_last} times.")
    rng = np.random.default_rng(33)
    rng.bit_generator.advance(13_467_586)  # its next random number is 0.999999998
    probs = np.append(np.full(49_999, 0.1 / 49_999), 0.9).astype(np.float32)  # a little below 1
    drawn = kata.draw(probs, rng)
    if drawn > 49_999:
        fails(drawn, f"There are 50,000 tokens, 0 to 49,999; yours drew token {drawn}.")


# cached_attention ---------------------------------------------------------------

_rng = np.random.default_rng(7)
WEIGHTS = {name: _rng.normal(size=size) for name, size in
           dict(w_q=(9, 6), w_k=(9, 6), w_v=(9, 8), w_o=(8, 7)).items()}
X = _rng.normal(size=(7, 9))  # seven tokens


def output_and_cache(answer):
    __tracebackhide__ = True
    return unpacked(answer, "output", "cache")


def attended(x=X, n_heads=2):
    """What causal attention gives if all tokens are there at once."""
    return heads_by_hand(x, x, **WEIGHTS, n_heads=n_heads, mask=np.tri(len(x)))


def in_steps(attend, x, steps):
    """The outputs of several calls in a row, joined, and the cache after the last."""
    __tracebackhide__ = True
    outputs, cache, start = [], None, 0
    for n_new in steps:
        output, cache = output_and_cache(
            attend(x[..., start : start + n_new, :], **WEIGHTS, n_heads=2, cache=cache))
        outputs.append(output)
        start += n_new
    return outputs, cache


def test_cached_attention_without_a_cache_is_causal(kata):
    """At the start of a text it is multi-head attention, and each token sees none after it."""
    for n_heads in (2, 1):
        output, _ = output_and_cache(kata.cached_attention(X, **WEIGHTS, n_heads=n_heads))
        close(output, attended(n_heads=n_heads))


def test_cached_attention_hands_back_keys_and_values(kata):
    """The cache has the keys and values of all tokens, cut into heads."""
    _, cache = output_and_cache(kata.cached_attention(X, **WEIGHTS, n_heads=2))
    if not isinstance(cache, dict) or set(cache) != {"k", "v"}:
        fails(cache, 'The cache is a dict with two arrays: {"k": ..., "v": ...}.')
    for key, w in (("k", WEIGHTS["w_k"]), ("v", WEIGHTS["w_v"])):
        close(cache[key], np.stack(np.split(X @ w, 2, axis=-1)), of=cache, what=f'cache["{key}"]')


def test_cached_attention_goes_on_by_one_token(kata):
    """A new token attends to all that are in the cache and to itself; the cache grows by one."""
    for n_past in (4, 1):
        outputs, cache = in_steps(kata.cached_attention, X, (n_past, 1))
        close(outputs[1], attended()[n_past : n_past + 1])
        for key, w in (("k", WEIGHTS["w_k"]), ("v", WEIGHTS["w_v"])):
            right = np.stack(np.split(X[: n_past + 1] @ w, 2, axis=-1))
            close(cache[key], right, of=cache, what=f'cache["{key}"]')


def test_cached_attention_goes_on_by_several_tokens(kata):
    """3 tokens, then 2, 1 and 1: a new token sees the old ones, itself, and no later new one."""
    for steps in ((3, 2, 1, 1), (2, 4, 1), (1, 1, 5)):
        outputs, _ = in_steps(kata.cached_attention, X, steps)
        start = 0
        for output, n_new in zip(outputs, steps):
            close(output, attended()[start : start + n_new])
            start += n_new


def test_cached_attention_goes_on_twice_from_one_cache(kata):
    """A cache is not used up: two ways to go on from the same text do not see each other."""
    _, cache = output_and_cache(kata.cached_attention(X[:4], **WEIGHTS, n_heads=2))
    for new in (X[4:6], X[6:], X[5:3:-1]):
        output, _ = output_and_cache(
            kata.cached_attention(new, **WEIGHTS, n_heads=2, cache=cache))
        close(output, attended(np.concatenate([X[:4], new]))[4:])


def test_cached_attention_takes_batches(kata):
    """With any number of leading axes each sample has keys and values of its own."""
    x = np.random.default_rng(10).normal(size=(3, 2, 5, 9))
    right = np.array([[attended(sample) for sample in samples] for samples in x])
    for part in (np.s_[:, 0], np.s_[:], np.s_[:1, :]):
        outputs, cache = in_steps(kata.cached_attention, x[part], (2, 2, 1))
        close(np.concatenate(outputs, axis=-2), right[part])
        close(cache["k"][..., 0, 0], (x[part] @ WEIGHTS["w_k"])[..., 0, [0, 3]], of=cache)


def test_cached_attention_keeps_float32(kata):
    """float32 in, float32 out, for the output and for what is kept."""
    small = {name: w.astype(np.float32) for name, w in WEIGHTS.items()}
    x = X.astype(np.float32)
    output, cache = output_and_cache(kata.cached_attention(x[:4], **small, n_heads=2))
    for key in ("k", "v"):
        close(cache[key], cache[key], dtype=np.float32, of=cache)
    close(output, attended()[:4], dtype=np.float32, rtol=1e-3)
    output, _ = output_and_cache(kata.cached_attention(x[4:], **small, n_heads=2, cache=cache))
    close(output, attended()[4:], dtype=np.float32, rtol=1e-3)


# cached_gpt ---------------------------------------------------------------------


def model(untied=False):
    """A GPT with two blocks, eleven tokens and nine positions."""
    rng = np.random.default_rng(11)
    params = random_gpt(rng)
    params["blocks"] = params["blocks"][:2]
    return params | (dict(unembedding=rng.normal(size=(8, 11))) if untied else {})


IDS = np.array([3, 10, 0, 7, 3, 3, 8])


def logits_and_caches(answer):
    __tracebackhide__ = True
    return unpacked(answer, "logits", "caches")


def step_by_step(cached_gpt, ids, steps, params):
    """Read a text in several steps; each must say what the whole text up to there says."""
    __tracebackhide__ = True
    right, caches, start = gpt_by_hand(ids, params, 2), None, 0
    for n_new in steps:
        new = ids[start : start + n_new]
        logits, caches = logits_and_caches(cached_gpt(new, params, 2, caches))
        close(logits, right[start : start + n_new])
        start += n_new


def test_cached_gpt_without_caches_is_gpt(kata):
    """At the start of a text the logits are those of lesson 6, tied or with an unembedding."""
    for params in (model(), model(untied=True)):
        step_by_step(kata.cached_gpt, IDS, (7,), params)
    one_word = model() | dict(token_table=model()["token_table"][:1])  # and two blocks
    step_by_step(kata.cached_gpt, np.zeros(3, int), (2, 1), one_word)


def test_cached_gpt_has_a_cache_for_each_block(kata):
    """Two blocks, two caches in a list, each with the keys and values of all tokens read."""
    _, caches = logits_and_caches(kata.cached_gpt(IDS[:5], model(), 2))
    if not isinstance(caches, list) or len(caches) != 2:
        fails(caches, "The caches are a list, one for each block; the model has 2 blocks.")
    for cache in caches:
        for key, d_head in (("k", 3), ("v", 5)):
            close(np.zeros_like(cache[key]), np.zeros((2, 5, d_head)), of=caches)


def test_cached_gpt_goes_on_token_by_token(kata):
    """One new token at a time: positions go on, and every step says what the whole text says."""
    step_by_step(kata.cached_gpt, IDS, (4, 1, 1, 1), model())
    step_by_step(kata.cached_gpt, IDS, (1,) * 7, model(untied=True))


def test_cached_gpt_goes_on_by_several_tokens(kata):
    """3 tokens, then 2, 1 and 1: at every step the logits are those of the whole text so far."""
    for params in (model(), model(untied=True)):
        step_by_step(kata.cached_gpt, IDS, (3, 2, 1, 1), params)


def test_cached_gpt_begins_anew_with_each_text(kata):
    """Two prompts one after the other, the second shorter: nothing of the first is left."""
    step_by_step(kata.cached_gpt, IDS, (4, 2, 1), model())
    step_by_step(kata.cached_gpt, IDS[::-1], (2, 2), model())
    step_by_step(kata.cached_gpt, IDS[2:], (1, 3), model())


def test_cached_gpt_takes_batches(kata):
    """Two rows, and two axes of rows: each row is a text of its own."""
    params, rows = model(), np.random.default_rng(12).integers(11, size=(3, 2, 6))
    right = np.array([[gpt_by_hand(ids, params, 2) for ids in two] for two in rows])
    for part in (np.s_[0], np.s_[:]):
        caches = None
        for of_step in (np.s_[:3], np.s_[3:5], np.s_[5:]):
            logits, caches = logits_and_caches(
                kata.cached_gpt(rows[part][..., of_step], params, 2, caches))
            close(logits, right[part][..., of_step, :])


def test_cached_gpt_refuses_tokens_past_the_last_position(kata):
    """The ninth token of nine is read; the tenth is a ValueError, at whichever step it comes."""
    params, ids = model(), np.random.default_rng(13).integers(11, size=10)
    step_by_step(kata.cached_gpt, ids[:9], (6, 3), params)
    _, six = kata.cached_gpt(ids[:6], params, 2)
    _, nine = kata.cached_gpt(ids[6:9], params, 2, six)
    refuses(lambda: kata.cached_gpt(ids, params, 2),
            lambda: kata.cached_gpt(ids[6:], params, 2, six),
            lambda: kata.cached_gpt(ids[9:], params, 2, nine))


def test_cached_gpt_keeps_float32(kata):
    """float32 in, float32 out: the logits, and the keys and values of every block."""
    params = narrow(model())
    logits, caches = logits_and_caches(kata.cached_gpt(IDS[:4], params, 2))
    close(logits, gpt_by_hand(IDS[:4], model(), 2), dtype=np.float32, rtol=1e-2)
    for cache in caches:
        close(cache["k"], cache["k"], dtype=np.float32, of=caches)
    logits, _ = logits_and_caches(kata.cached_gpt(IDS[4:], params, 2, caches))
    close(logits, gpt_by_hand(IDS, model(), 2)[4:], dtype=np.float32, rtol=1e-2)


# sample -------------------------------------------------------------------------


def writer(seed, vocab=11):
    """A GPT that says something else after each token, with room for nine."""
    params = random_writer(np.random.default_rng(seed), 9)
    return params | dict(token_table=params["token_table"][:vocab],
                         unembedding=params["unembedding"][:, :vocab] / 2)


def says(probs):
    """A GPT whose probabilities for the next token are always these."""
    norm_f = dict(gain=np.zeros(8), bias=np.eye(8)[0])
    return model() | dict(norm_f=norm_f, unembedding=np.outer(np.eye(8)[0], np.log(probs)))


def test_sample_at_temperature_0_writes_what_generate_writes(kata):
    """Without chance, the largest logit wins at each step; the prompt comes first."""
    rng = np.random.default_rng(14)
    for params, prompt, n_new in ((writer(22), IDS[:3], 5), (writer(19), IDS[:1], 8)):
        expected = list(prompt)
        for _ in range(n_new):
            logits = gpt_by_hand(np.array(expected), params, 2)[-1]
            expected.append(max(range(11), key=lambda token: logits[token]))
        close(kata.sample(prompt, params, 2, n_new, rng, temperature=0), expected)


def test_sample_adds_n_new_tokens(kata):
    """n_new more integers in each row; for 0, the prompt alone."""
    rng, prompts = np.random.default_rng(15), np.random.default_rng(15).integers(11, size=(2, 3, 4))
    for prompt in (IDS[:4], prompts[0], prompts):
        for n_new in (2, 0):
            ids = kata.sample(prompt, model(), 2, n_new, rng)
            close(np.asarray(ids)[..., :4], prompt, of=ids, what="the prompt")
            close(np.zeros_like(ids), np.zeros((*prompt.shape[:-1], 4 + n_new)), of=ids)
            whole(ids)


def test_sample_draws_each_token_given_those_before(kata):
    """4,000 rows, two new tokens: each pair as often as the model says, one token at a time."""
    params, prompt = writer(21, vocab=3), np.array([2, 0])
    for temperature in (1.0, 0.5):
        expected = np.empty((3, 3))
        for first in range(3):
            logits = gpt_by_hand(np.array([2, 0, first]), params, 2)
            powers = np.exp(logits / temperature)
            shares = powers / powers.sum(axis=-1, keepdims=True)
            expected[first] = shares[1, first] * shares[2]
        ids = kata.sample(np.tile(prompt, (4_000, 1)), params, 2, 2, np.random.default_rng(16),
                          temperature=temperature)
        as_often(ids, 3 * ids[:, 2] + ids[:, 3], expected.ravel())


def test_sample_filters_by_k_and_p(kata):
    """With k only the k most likely are drawn, with p only as few as reach p; together, both."""
    probs = np.array([0.125, 0.5, 0.0625, 0.25, 0.0625])
    params, prompt = says(probs), np.zeros((400, 1), int)
    for how, kept in ((dict(k=2), {1, 3}), (dict(p=0.8), {0, 1, 3}), (dict(k=1), {1}),
                      (dict(k=3, p=0.6), {1, 3}), (dict(k=2, p=0.99), {1, 3}), (dict(p=0.0), {1})):
        ids = kata.sample(prompt, params, 2, 8, np.random.default_rng(17), **how)
        came = set(np.ravel(ids[:, 1:]).tolist())
        if came != kept:
            named = ", ".join(f"{name} = {value}" for name, value in how.items())
            fails(ids, f"With {named} the tokens {sorted(kept)} are left. "
                       f"Yours drew {sorted(came)}.")
        left = np.where(np.isin(np.arange(5), [*kept]), probs, 0)
        as_often(ids, ids[:, 1:], left / left.sum())
    rng, two_rows = np.random.default_rng(18), np.zeros((2, 1), int)
    drawn = [kata.sample(two_rows, says([0.25] * 4), 2, 8, rng) for _ in range(20)]
    came = set(np.ravel([ids[:, 1:] for ids in drawn]).tolist())
    if came != {0, 1, 2, 3}:
        fails(drawn[-1], "Without k and p all of the four tokens, which are equally likely, can be "
                         f"drawn. Yours drew {sorted(came)}.")


def test_sample_applies_temperature_then_k_then_p(kata):
    """What the temperature has made is filtered by k, and what k has left is filtered by p."""
    prompt = np.zeros((50, 1), int)
    softmax_of_3_2_1 = np.exp([3, 2, 1]) / np.exp([3, 2, 1]).sum()
    seven = np.array([0.35, 0.25, 0.2, 0.05, 0.05, 0.05, 0.05])
    # At 1/2, 0.67 becomes 0.87, which reaches 0.8 alone. Of the four best, which sum to 0.85,
    # three reach 0.82 of what is left; of all seven it would take the fourth.
    for probs, how, kept in ((softmax_of_3_2_1, dict(temperature=0.5, p=0.8), {0}),
                             (seven, dict(k=4, p=0.82), {0, 1, 2})):
        ids = kata.sample(prompt, says(probs), 2, 8, np.random.default_rng(18), **how)
        came = set(np.ravel(ids[:, 1:]).tolist())
        if came != kept:
            fails(ids, f"In this order only {sorted(kept)} can be drawn. "
                       f"Yours drew {sorted(came)}.")


def test_sample_draws_from_the_generator(kata):
    """The same seed writes the same text; the next call goes on, and rows differ."""
    params, prompt = says([0.25, 0.25, 0.25, 0.25]), np.zeros((20, 1), int)
    first = kata.sample(prompt, params, 2, 8, np.random.default_rng(19))
    rng = np.random.default_rng(19)
    close(kata.sample(prompt, params, 2, 8, rng), first)
    later = kata.sample(prompt, params, 2, 8, rng)
    differs(later, first)
    if (first[:, 1:] == first[:1, 1:]).all():
        fails(first, "All rows are alike. Each row is drawn by itself.")
    if (first[:, 1:] == first[:, 1:2]).all():
        fails(first, "In each row all new tokens are alike. Each is drawn by itself.")


def test_sample_refuses_more_tokens_than_positions(kata):
    """Nine positions: nine tokens are read, and a tenth is written; an eleventh is a ValueError."""
    params, rng = says([0.5, 0.5]), np.random.default_rng(20)
    for n_tokens, n_new in ((1, 8), (3, 7), (9, 1), (10, 0)):
        ids = kata.sample(np.zeros(n_tokens, int), params, 2, n_new, rng)
        close(np.zeros_like(ids), np.zeros(n_tokens + n_new), of=ids)
    refuses(*(lambda n=n: kata.sample(np.zeros(n, int), params, 2, 11 - n, rng)
              for n in (1, 5, 9, 10)))


def test_sample_reads_each_token_once(kata):
    """With the caches, a token that was read is not read again: 3 + 5 - 1 tokens in all."""
    n_read = []

    def counting(token_ids, *args, **kwargs):
        n_read.append(np.shape(token_ids)[-1])
        return read(token_ids, *args, **kwargs)

    read = vars(kata.module())["cached_gpt"]
    with patch.object(kata.module(), "cached_gpt", counting):
        ids = kata.sample(IDS[:3], writer(22), 2, 5, np.random.default_rng(27))
    if sum(n_read) > 7:
        fails(ids, f"Your `cached_gpt` has read {sum(n_read)} tokens, "
              f"{', '.join(map(str, n_read))} at a time. The prompt has 3, and 4 of the new ones "
              "are read: 7 in all.")


# accept_draft -------------------------------------------------------------------


def many(accept_draft, *case, n=400, seed=21):
    """The same draft, checked many times with one generator that goes on."""
    __tracebackhide__ = True
    rng = np.random.default_rng(seed)
    answers = [accept_draft(*case, rng) for _ in range(n)]
    for ids in answers:
        close(np.zeros_like(ids), np.zeros(max(1, len(np.atleast_1d(ids)))), of=ids)
        whole(ids)
    return answers


def test_accept_draft_accepts_what_the_target_would_say_itself(kata):
    """If both models agree, every drafted token is accepted, and one more comes from the target."""
    rng = np.random.default_rng(22)
    for seed in range(30):
        probs = shuffled(6, seed=seed)
        drafted = np.array([row.argmin() for row in probs])
        target = np.concatenate([probs, [np.eye(7)[3]]])
        close(kata.accept_draft(drafted, probs, target, rng), [*drafted, 3])


def test_accept_draft_accepts_what_the_target_finds_likelier(kata):
    """A token that the target gives more than the draft did is accepted each time."""
    draft = np.array([[0.2, 0.2, 0.6]] * 2)
    target = np.array([[0.3, 0.7, 0], [0.21, 0.4, 0.39], [1, 0, 0]])
    for drafted in ([1, 0], [0, 1], [1, 1]):
        for ids in many(kata.accept_draft, np.array(drafted), draft, target, n=60):
            close(ids, [*drafted, 0])


def test_accept_draft_stops_at_the_first_rejection(kata):
    """What the target never says is rejected and replaced, and what was drafted after it goes."""
    draft = np.array([[0.5, 0.5, 0, 0], [0.5, 0.25, 0.25, 0], [0, 0, 0, 1]])
    # In the second place the target gives token 1 nothing, and only token 3 more than the draft.
    target = np.array([[0.5, 0.5, 0, 0], [0.5, 0, 0.25, 0.25], [0, 0, 0, 1], [0, 0, 0, 1]])
    for ids in many(kata.accept_draft, np.array([0, 1, 3]), draft, target, n=60):
        close(ids, [0, 3])
    for ids in many(kata.accept_draft, np.array([1]), draft[1:2], target[1:3], n=60):
        close(ids, [3])
    twice = [0, 0, 1, 2]  # rows: the third token is the one that is rejected
    for ids in many(kata.accept_draft, np.array([0, 1, 1, 3]), draft[twice], target[[*twice, 3]],
                    n=60):
        close(ids, [0, 1, 3])


def test_accept_draft_draws_one_if_nothing_was_drafted(kata):
    """For an empty draft, the one more comes from the target's only row."""
    target = np.array([[0.25, 0.5, 0.25]])
    answers = many(kata.accept_draft, np.zeros(0, int), np.zeros((0, 3)), target)
    for ids in answers:
        close(ids, ids[:1], of=ids)
    as_often(answers[-1], [ids[0] for ids in answers], target[0])


def test_accept_draft_accepts_as_often_as_it_should(kata):
    """Accepted with probability target / draft; else replaced by what the draft gave too little."""
    draft, target = np.array([0.5, 0.25, 0.25, 0]), np.array([0.2, 0.1, 0.4, 0.3])
    # The draft gave 0.15 too little to token 2, and 0.3 to token 3: a rejection takes one of these.
    for drafted, right in (
            (0, [0.4, 0, 0.2, 0.4]), (1, [0, 0.4, 0.2, 0.4]), (2, [0, 0, 1, 0])):
        case = np.array([drafted]), draft[np.newaxis], np.stack([target, np.eye(4)[0]])
        answers = many(kata.accept_draft, *case)
        as_often(answers[-1], [ids[0] for ids in answers], np.array(right))
    # Token 2 is always rejected: 0.1 too little was given to token 0, and 0.3 to token 1.
    draft, target = np.array([0.5, 0.1, 0.4]), np.array([0.6, 0.4, 0])
    answers = many(kata.accept_draft, np.array([2]), draft[np.newaxis],
                   np.stack([target, np.eye(3)[0]]), n=1_000)
    as_often(answers[-1], [ids[0] for ids in answers], np.array([0.25, 0.75, 0]))


def test_accept_draft_has_exactly_the_targets_distribution(kata):
    """Over all drafts, what comes out is what the target would say: by sums and by counting."""
    draft, target = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.3, 0.5])
    # By sums: token 2 is short of 0.4. Drafted 0 (0.6) is kept in 1/3 of all cases, else it becomes
    # 2; drafted 1 (0.3) and 2 (0.1) are kept. So 0: 0.2, 1: 0.3, 2: 0.4 + 0.1, as in the target.
    rows = np.array([[1 / 3, 0, 2 / 3], [0, 1, 0], [0, 0, 1]])
    assert np.allclose(draft @ rows, target)
    rng, firsts, seconds = np.random.default_rng(23), [], []
    after = np.array([0.1, 0.8, 0.1])
    for _ in range(600):
        drafted = rng.choice(3, size=1, p=draft)
        ids = kata.accept_draft(drafted, draft[np.newaxis], np.stack([target, after]), rng)
        firsts.append(ids[0])
        seconds += [int(token) for token in ids[1:]]
    as_often(ids, firsts, target)
    as_often(ids, seconds, after)


def test_accept_draft_draws_from_the_generator(kata):
    """The same seed gives the same answers; another seed gives others."""
    case = np.zeros(8, int), np.full((8, 2), 0.5), np.full((9, 2), [0.4, 0.6])

    def lengths(seed):
        return [len(ids) for ids in many(kata.accept_draft, *case, n=25, seed=seed)]

    first, again, other = lengths(24), lengths(24), lengths(25)
    if first != again or first == other or len(set(first)) < 3:
        fails(np.array(first), "Chance comes from rng alone: with the same seed the same number of "
                               "tokens is accepted, and with another seed another number.")


def test_accept_draft_takes_float32(kata):
    """Probabilities may be float32: ids are still integers, and equal models agree."""
    probs = shuffled(5, vocab=50).astype(np.float32)
    drafted, rng = probs.argmax(axis=-1), np.random.default_rng(26)
    target = np.concatenate([probs, np.eye(50, dtype=np.float32)[[4]]])
    ids = kata.accept_draft(drafted, probs, target, rng)
    whole(ids)
    close(ids, [*drafted, 4])
