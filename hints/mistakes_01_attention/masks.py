"""Mistakes in attention_weights: what is done with a mask."""

import numpy as np
from kata_01_attention import attention_scores, softmax

from tests.runner.diagnosis.known import edit, mistake


@mistake("attention_weights", """The mask has no effect: hidden keys get the weight that they
    would get without it.""", common=True, denies=True)
def ignores_the_mask(q, k, mask=None):
    scores = attention_scores(q, k)
    return softmax(scores)


turns_the_mask_round = edit("attention_weights", """Your mask is inverted: the keys that it
    should show get no weight, and those that it should hide get all of it. True means "may
    attend".""",
    ("scores, lowest", "lowest, scores"), ("weights, 0.0", "0.0, weights"), common=True)

hides_after_the_softmax = edit("attention_weights", """Hidden keys get zero, but only after the
    softmax has given them a share: the visible weights no longer sum to one. Apply the mask
    before the softmax.""",
    ("lowest = np.finfo(scores.dtype).min", ""), ("np.where(mask, scores, lowest)", "scores"),
    common=True)

shares_out_again_after_hiding = edit("attention_weights", """You hide keys after the exponentials
    are taken, and divide by what is left. Beside a hidden key with a far higher score that is 0
    / 0, NaN. Mask the scores instead, before the maximum is taken.""",
    ("lowest = np.finfo(scores.dtype).min", ""),
    ("softmax(np.where(mask, scores, lowest))", "np.where(mask, softmax(scores), 0.0)"),
    ("np.where(mask, weights, 0.0)", "weights / weights.sum(axis=-1, keepdims=True)"))


@mistake("attention_weights", """You hide keys after the exponentials are taken, and divide by
    what is left. Beside a hidden key with a far higher score nothing is left, though visible
    keys should get all of the weight. Mask the scores instead.""")
def shares_out_what_is_left_if_any(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = np.where(mask, softmax(scores), 0.0)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / np.where(total > 0, total, 1.0)


shares_out_again_with_something_added = edit("attention_weights", """You hide keys after the
    softmax and divide by what is left plus a small number, so the weights do not sum to exactly
    one. Mask the scores instead, before the softmax.""",
    ("lowest = np.finfo(scores.dtype).min", ""),
    ("softmax(np.where(mask, scores, lowest))", "np.where(mask, softmax(scores), 0.0)"),
    ("np.where(mask, weights, 0.0)", "weights / (weights.sum(axis=-1, keepdims=True) + extra)"),
    extra=(1e-9, 1e-12, 1e-10, 1e-8, 1e-7, 1e-6))

shares_nothing_out_evenly = edit("attention_weights", """A query that may attend to nothing gets
    the same weight for every key, because softmax gives equally low scores equal weights. It
    should get zeros.""",
    ("np.where(mask, weights, 0.0)", "weights"), common=True)

shares_nothing_out_as_nan = edit("attention_weights", """A query that may attend to nothing gets
    NaN: with no visible key, your weights come to 0 / 0, or to -inf minus -inf. It should get
    zeros.""",
    ("np.finfo(scores.dtype).min", "-np.inf"), ("np.where(mask, weights, 0.0)", "weights"),
    common=True)

shares_nothing_out_by_the_hidden_scores = edit("attention_weights", """A query that may attend to
    nothing still gets weights: a low number is *added* to all of its scores, which changes no
    weight. It should get zeros.""",
    ("lowest = np.finfo(scores.dtype).min", ""),
    ("np.where(mask, scores, lowest)", "scores + np.where(mask, 0, low)"),
    ("np.where(mask, weights, 0.0)", "weights"), low=(-1e9, -1e4, -1e5, -1e6, -1e8, -1e10, -1e12))

leaves_hidden_keys_a_low_score = edit("attention_weights", """Hidden keys get a score that is
    low, but not low enough: if the visible scores are low too, hidden keys keep a weight. It
    should be exactly zero, whatever the other scores are.""",
    ("lowest = np.finfo(scores.dtype).min", ""), ("scores, lowest", "scores, low"),
    ("np.where(mask, weights, 0.0)", "weights"), common=True,
    low=(-10.0, -1.0, -2.0, -5.0, -20.0, -30.0, -50.0, -99.0, -100.0, -999.0, -1000.0))

adds_a_low_number_to_hidden_scores = edit("attention_weights", """Your mask does not lower hidden
    scores far enough, so hidden keys keep a little weight. It should be exactly zero, whatever
    the scores are.""",
    ("lowest = np.finfo(scores.dtype).min", ""),
    ("np.where(mask, scores, lowest)", "scores + np.where(mask, 0, low)"),
    ("np.where(mask, weights, 0.0)", "weights"),
    low=(-10.0, -2.0, -5.0, -20.0, -30.0, -50.0, -99.0, -100.0, -999.0, -1000.0))

scores_hidden_keys_zero = edit("attention_weights", """Hidden keys get a score of 0 (or close to
    it), but 0 is an ordinary score: its exponential is 1. Give them a score far below all
    others, so that their weight is zero.""",
    ("lowest = np.finfo(scores.dtype).min", ""), ("scores, lowest", "scores, 0.0"),
    ("np.where(mask, weights, 0.0)", "weights"), common=True)

scores_hidden_keys_zero_and_hides_them = edit("attention_weights", """Hidden keys enter the
    softmax with a score of 0 and are set to zero afterwards, so the visible weights no longer
    sum to one. Give them a score so low that they take no share.""",
    ("lowest = np.finfo(scores.dtype).min", ""), ("scores, lowest", "scores, 0.0"))

hides_after_a_low_score = edit("attention_weights", """Hidden keys enter the softmax with a score
    that is not low enough, and are set to zero afterwards: the visible weights no longer sum to
    one. Give them a far lower score.""",
    ("lowest = np.finfo(scores.dtype).min", ""), ("scores, lowest", "scores, low"),
    low=(-10.0, -1.0, -5.0, -20.0, -50.0, -99.0, -100.0, -999.0, -1000.0))

scores_hidden_keys_as_the_lowest = edit("attention_weights", """Hidden keys get the lowest of all
    scores, so they still have a weight. Give them a score far below all others, so that their
    weight is exactly zero.""",
    ("lowest = np.finfo(scores.dtype).min", ""), ("scores, lowest", "scores, scores.min()"),
    ("np.where(mask, weights, 0.0)", "weights"))

negates_the_mask_with_a_minus = edit("attention_weights", """NumPy does not allow a minus sign on
    booleans: hence the TypeError. Use ~ to invert a mask.""",
    ("lowest =", "scores[-mask] ="), ("np.where(mask, scores, lowest)", "scores"))

adds_the_mask = edit("attention_weights", """Your mask moves scores by no more than 1 (it is
    added as it is, perhaps), so hidden keys keep a share. Use it to choose *which* scores to
    replace by a very low number.""",
    ("lowest = np.finfo(scores.dtype).min", ""),
    ("np.where(mask, scores, lowest)", "scores + mask"),
    ("np.where(mask, weights, 0.0)", "weights"))

multiplies_the_mask_by_a_low_number = edit("attention_weights", """You add a very low number
    where the mask is True, so it hides what should be seen. Add it where the mask is False: True
    means "may attend".""",
    ("lowest = np.finfo(scores.dtype).min", ""),
    ("np.where(mask, scores, lowest)", "scores + mask * low"),
    ("np.where(mask, weights, 0.0)", "weights"), low=(-1e9, -1e4, -1e10))

lifts_hidden_keys_to_infinity = edit("attention_weights", """A row with a hidden key is NaN
    throughout: its hidden scores are NaN, or plus infinity, and inf minus inf is NaN. Give
    hidden keys a very low number instead.""",
    ("np.finfo(scores.dtype).min", "np.inf"), ("np.where(mask, weights, 0.0)", "weights"))

lifts_hidden_keys_very_high = edit("attention_weights", """Hidden keys get a very high score, so
    they get all of the weight and visible keys get none. The number should be very low: the sign
    is missing.""",
    ("np.finfo(scores.dtype).min", "1e9"), ("np.where(mask, weights, 0.0)", "weights"),
    denies=True)

scores_hidden_keys_minus_infinity_by_product = edit("attention_weights", """0 times infinity is
    NaN: your mask, multiplied by an infinity, spoils the visible scores. Use it to choose
    between two numbers instead of multiplying.""",
    ("lowest = np.finfo(scores.dtype).min", ""),
    ("np.where(mask, scores, lowest)", "scores + (1 - mask) * -np.inf"),
    ("np.where(mask, weights, 0.0)", "weights"))

asks_whether_the_mask_is_true = edit("attention_weights", """An array has no single truth value:
    `if mask`, `not mask` or `mask == None` raises this ValueError. Use `is None` to ask whether
    there is a mask, and ~ to invert one.""",
    ("mask is None", "not mask"))

turns_the_question_round = edit("attention_weights", """With a mask you leave it out, and without
    one you try to use it. The `if` should ask the opposite of what it asks now.""",
    ("is None", "is not None"))

forgets_a_call_without_a_mask = edit("attention_weights", """Without a mask every weight is zero:
    None counts as False, so everything is hidden. With a mask of None, nothing should be
    hidden.""",
    ("if mask is None:\nreturn softmax(scores)", ""))

fills_everything_without_a_mask = edit("attention_weights", """Without a mask all your weights
    are the same: None counts as False, so every key is hidden and gets an equal share. With a
    mask of None, nothing should be hidden.""",
    ("if mask is None:\nreturn softmax(scores)", ""), ("np.where(mask, weights, 0.0)", "weights"))


@mistake("attention_weights", """When no mask is given, yours is None, and ~ cannot invert None:
    hence the TypeError. Ask first whether there is a mask.""")
def turns_none_round(q, k, mask=None):
    scores = attention_scores(q, k)
    scores[~mask] = -np.inf
    return softmax(scores)


@mistake("attention_weights", """When no mask is given, yours is None, and ~ cannot invert None:
    hence the TypeError. Ask first whether there is a mask.""")
def turns_none_round_in_the_choice(q, k, mask=None):
    scores = attention_scores(q, k)
    return softmax(np.where(~mask, np.finfo(scores.dtype).min, scores))


empties_the_table_for_one_query = edit("attention_weights", """As soon as one query sees nothing,
    all your weights are zero: you ask whether *any* weight is NaN. Decide for each query by
    itself.""",
    ("lowest = np.finfo(scores.dtype).min", ""), ("scores, lowest", "scores, -np.inf"),
    ("np.where(mask, weights, 0.0)",
     "np.zeros_like(weights) if np.isnan(weights).any() else weights"))

shows_all_to_a_query_that_sees_nothing = edit("attention_weights", """In your version a query
    that may attend to nothing sees all keys. It should get zeros.""",
    ("weights = softmax(np.where(mask, scores, lowest))",
     "seen = mask | ~np.any(mask, axis=-1, keepdims=True)"),
    ("mask, weights", "seen, softmax(np.where(seen, scores, lowest))"))

shows_what_any_query_sees = edit("attention_weights", """A key that any query may see is seen by
    all of them: your mask is combined over the queries. Row i of the mask should apply to query
    i only.""",
    ("lowest =", "mask = np.atleast_2d(mask).any(axis=-2, keepdims=True)\nlowest ="))

shares_out_the_table_again_after_hiding = edit("attention_weights", """You hide keys after the
    softmax and divide by the sum of the whole table. The weights of each query should sum to
    one: apply the mask before the softmax instead.""",
    ("lowest = np.finfo(scores.dtype).min", ""),
    ("softmax(np.where(mask, scores, lowest))", "np.where(mask, softmax(scores), 0.0)"),
    ("np.where(mask, weights, 0.0)", "weights / weights.sum()"))
