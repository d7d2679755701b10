"""Mistakes in attention_weights: what is done with a mask."""

import numpy as np
from kata_01_attention import attention_scores, softmax

from tests.runner.mistakes import mistake


@mistake("attention_weights", """The mask has no effect: hidden keys get the weight that they
    would get without it.""", common=True)
def ignores_the_mask(q, k, mask=None):
    scores = attention_scores(q, k)
    return softmax(scores)


@mistake("attention_weights", """Your mask works the wrong way round: the keys that it shows get
    no weight, and those that it hides share the whole. True means "may attend".""", common=True)
def turns_the_mask_round(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, lowest, scores))
    return np.where(mask, 0.0, weights)


@mistake("attention_weights", """Hidden keys get zero, but only after the softmax has given them
    their share: the visible weights no longer sum to one. The mask belongs before the
    softmax.""", common=True)
def hides_after_the_softmax(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(scores)
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """You hide keys after the exponentials are taken, and divide by
    what is left. Beside a hidden key with a far higher score that is 0 / 0, NaN. Mask the
    scores, before the maximum is taken.""")
def shares_out_again_after_hiding(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = np.where(mask, softmax(scores), 0.0)
    return weights / weights.sum(axis=-1, keepdims=True)


@mistake("attention_weights", """You hide keys after the exponentials are taken, and divide by
    what is left. Beside a hidden key with a far higher score nothing is, though visible keys
    should share the whole. Mask the scores.""")
def shares_out_what_is_left_if_any(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = np.where(mask, softmax(scores), 0.0)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / np.where(total > 0, total, 1.0)


@mistake("attention_weights", """You hide keys after the softmax and divide by what is left plus
    a small number, so the weights do not sum to one exactly. Mask the scores instead, before
    the softmax.""", extra=(1e-9, 1e-12, 1e-10, 1e-8, 1e-7, 1e-6))
def shares_out_again_with_something_added(q, k, mask=None, *, extra):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = np.where(mask, softmax(scores), 0.0)
    return weights / (weights.sum(axis=-1, keepdims=True) + extra)


@mistake("attention_weights", """A query that may attend to nothing gets the same weight for
    every key, which is what softmax makes of equally low scores. It should get zeros.""",
         common=True)
def shares_nothing_out_evenly(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return weights


@mistake("attention_weights", """A query that may attend to nothing gets NaN. It has nothing to
    share out: that is 0 / 0, or -inf minus -inf, and both are NaN. It should get zeros.""",
         common=True)
def shares_nothing_out_as_nan(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    lowest = -np.inf
    weights = softmax(np.where(mask, scores, lowest))
    return weights


@mistake("attention_weights", """A query that may attend to nothing gets weights all the same: a
    low number was *added* to all of its scores, which changes no weight. It should get
    zeros.""", low=(-1e9, -1e4, -1e5, -1e6, -1e8, -1e10, -1e12))
def shares_nothing_out_by_the_hidden_scores(q, k, mask=None, *, low):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(scores + np.where(mask, 0, low))
    return weights


@mistake("attention_weights", """Hidden keys get a score that is low, but not low enough: where
    the visible scores are low too, they keep a weight. It has to be exactly zero, whatever the
    other scores are.""",
         common=True, low=(-10.0, -1.0, -2.0, -5.0, -20.0, -30.0, -50.0, -99.0, -100.0, -999.0, -1000.0))
def leaves_hidden_keys_a_low_score(q, k, mask=None, *, low):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(np.where(mask, scores, low))
    return weights


@mistake("attention_weights", """Your mask lowers hidden scores by a number that is too small,
    so hidden keys keep a little weight. It has to be exactly zero, whatever the scores are.""",
         low=(-10.0, -2.0, -5.0, -20.0, -30.0, -50.0, -99.0, -100.0, -999.0, -1000.0))
def adds_a_low_number_to_hidden_scores(q, k, mask=None, *, low):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(scores + np.where(mask, 0, low))
    return weights


@mistake("attention_weights", """Hidden keys get a score of 0 (or next to it), and 0 is an
    ordinary score: its exponential is 1. Only a score far below all others gives a weight of
    zero.""", common=True)
def scores_hidden_keys_zero(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(np.where(mask, scores, 0.0))
    return weights


@mistake("attention_weights", """Hidden keys take part in the softmax with a score of 0 and are
    set to zero afterwards: the visible weights no longer sum to one. They need a score so low
    that they take no share.""")
def scores_hidden_keys_zero_and_hides_them(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(np.where(mask, scores, 0.0))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Hidden keys take part in the softmax with a score that is not
    low enough, and are set to zero afterwards: the visible weights no longer sum to one.""",
         low=(-10.0, -1.0, -5.0, -20.0, -50.0, -99.0, -100.0, -999.0, -1000.0))
def hides_after_a_low_score(q, k, mask=None, *, low):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(np.where(mask, scores, low))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Hidden keys get the lowest of all scores, so they still have a
    weight. Only a score far below all others gives a weight of exactly zero.""")
def scores_hidden_keys_as_the_lowest(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(np.where(mask, scores, scores.min()))
    return weights


@mistake("attention_weights", """NumPy does not take a minus for booleans: this is the
    TypeError. ~ turns a mask round.""")
def negates_the_mask_with_a_minus(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    scores[-mask] = np.finfo(scores.dtype).min
    weights = softmax(scores)
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Your mask moves scores by 1 and no more (it is added as it is,
    perhaps), so hidden keys keep a share. A boolean mask says *which* scores to replace by a
    very low number.""")
def adds_the_mask(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return softmax(scores + mask)


@mistake("attention_weights", """You add a very low number where the mask is True, so it hides
    what should be seen. True means "may attend".""", low=(-1e9, -1e4, -1e10))
def multiplies_the_mask_by_a_low_number(q, k, mask=None, *, low):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return softmax(scores + mask * low)


@mistake("attention_weights", """A row with a hidden key is NaN throughout: its hidden scores
    are plus infinity, and inf minus inf is NaN, or they are NaN themselves. The number has to
    be low.""")
def lifts_hidden_keys_to_infinity(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return softmax(np.where(mask, scores, np.inf))


@mistake("attention_weights", """Hidden keys get a very high score, so they share the whole
    among them and visible keys get nothing. The number has to be very low: the sign is
    missing.""")
def lifts_hidden_keys_very_high(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return softmax(np.where(mask, scores, 1e9))


@mistake("attention_weights", """0 times infinity is NaN: a mask times an infinity spoils the
    visible scores. Choose between two numbers instead of multiplying.""")
def scores_hidden_keys_minus_infinity_by_product(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return softmax(scores + (1 - mask) * -np.inf)


@mistake("attention_weights", """An array has no single truth value: `if mask`, `not mask` or
    `mask == None` raises this ValueError. `is None` asks whether there is a mask, and ~ turns a
    mask round.""")
def asks_whether_the_mask_is_true(q, k, mask=None):
    scores = attention_scores(q, k)
    if not mask:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """With a mask you leave it out, and without one you try to use
    it: the `if` asks the opposite of what it should.""")
def turns_the_question_round(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Without a mask every weight is zero: np.where takes None for
    False, so everything is hidden. A mask of None means that there is nothing to hide.""")
def forgets_a_call_without_a_mask(q, k, mask=None):
    scores = attention_scores(q, k)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Without a mask all your weights are the same: np.where takes
    None for False, so everything is hidden and shares evenly. A mask of None means that nothing
    is hidden.""")
def fills_everything_without_a_mask(q, k, mask=None):
    scores = attention_scores(q, k)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return weights


@mistake("attention_weights", """Without a mask yours is None, and ~ cannot turn None round:
    hence the TypeError. Ask first whether there is a mask.""")
def turns_none_round(q, k, mask=None):
    scores = attention_scores(q, k)
    scores[~mask] = -np.inf
    return softmax(scores)


@mistake("attention_weights", """Without a mask yours is None, and ~ cannot turn None round:
    hence the TypeError. Ask first whether there is a mask.""")
def turns_none_round_in_the_choice(q, k, mask=None):
    scores = attention_scores(q, k)
    return softmax(np.where(~mask, np.finfo(scores.dtype).min, scores))


@mistake("attention_weights", """As soon as one query sees nothing, all weights are zero: you ask
    whether *any* weight is NaN. Each query is a matter of its own.""")
def empties_the_table_for_one_query(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(np.where(mask, scores, -np.inf))
    return np.zeros_like(weights) if np.isnan(weights).any() else weights


@mistake("attention_weights", """A query that may attend to nothing sees all keys with you. It
    should get zeros.""")
def shows_all_to_a_query_that_sees_nothing(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    seen = mask | ~np.any(mask, axis=-1, keepdims=True)
    return np.where(seen, softmax(np.where(seen, scores, lowest)), 0.0)


@mistake("attention_weights", """A key that any query may see is seen by all of them: your mask is
    put together over the queries. Row i of it is about query i.""")
def shows_what_any_query_sees(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    mask = np.atleast_2d(mask).any(axis=-2, keepdims=True)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """You hide keys after the softmax and divide by the sum of the whole
    table. Each query shares out its own row, and the mask belongs before the softmax.""")
def shares_out_the_table_again_after_hiding(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = np.where(mask, softmax(scores), 0.0)
    return weights / weights.sum()
