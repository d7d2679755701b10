"""Mistakes in softmax: what is divided by what, and the dtype of the weights."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

leaves_the_sum_out = edit("softmax", """Your largest weight in each row is one, and the row sums
    to more: these are exponentials with the maximum subtracted, not yet divided by their *sum*.""",
    ("exps / exps.sum(axis=axis, keepdims=True)", "exps"), common=True)

answers_with_the_exponentials = edit("softmax", """Your softmax returns the exponentials of the
    scores. Divide each by their sum to make them weights, and subtract the row's maximum from
    its scores first, or they overflow.""",
    ("scores - scores.max(axis=axis, keepdims=True)", "scores"),
    ("exps / exps.sum(axis=axis, keepdims=True)", "exps"))

divides_by_the_largest = edit("softmax", """Your largest weight in each row is one: the
    exponentials are divided by the largest of them. Divide by their sum, and subtract the row's
    maximum first, since plain exponentials overflow above 709.""",
    ("shifted = scores - scores.max(axis=axis, keepdims=True)\nexps = np.exp(shifted)",
     "exps = np.exp(scores)"), ("sum", "max"))

divides_by_the_mean = edit("softmax", """Your weights are exponentials divided by their mean, so
    each row sums to as many as it has entries. Divide by the sum, and it sums to one.""",
    ("sum", "mean"))

divides_by_the_count = edit("softmax", """Your weights are exponentials divided by how many there
    are. Divide by their sum instead: that makes them sum to one.""",
    ("exps.sum(axis=axis, keepdims=True)", "scores.shape[axis]"))

divides_by_the_length_of_the_vector = edit("softmax", """Your weights are exponentials divided by
    their norm (the root of the sum of squares), so their squares sum to one. The weights
    themselves should: divide by their sum.""",
    ("exps.sum(axis=axis, keepdims=True)", "np.sqrt((exps**2).sum(axis=axis, keepdims=True))"))


@mistake("softmax", """Your softmax divides exponentials by the sum of the scores. Divide them by
    the sum of the exponentials: that makes the weights sum to one.""")
def divides_by_the_sum_of_the_scores(scores, axis=-1):
    return np.exp(scores) / scores.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax divides by the exponential of the sum. It should be the
    other way round: the sum of the exponentials.""")
def takes_the_exponential_of_the_sum(scores, axis=-1):
    return np.exp(scores) / np.exp(scores.sum(axis=axis, keepdims=True))


adds_to_the_sum = edit("softmax", """Your softmax adds something to the sum, so the weights sum
    to less than one. Leave the sum as it is: with the maximum subtracted it is never below one,
    so there is no division by zero to guard against.""",
    ("exps.sum(axis=axis, keepdims=True)", "(exps.sum(axis=axis, keepdims=True) + extra)"),
    common=True, extra=(1e-9, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1.0))

adds_to_every_exponential = edit("softmax", """Your softmax adds something to each exponential in
    the numerator but not in the sum, so the weights sum to more than one. Leave it out: with the
    maximum subtracted, there is no zero to guard against.""",
    ("exps /", "(exps + extra) /"), extra=(1e-9, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1.0))

adds_to_every_exponential_and_sums = edit("softmax", """Your softmax adds something to each
    exponential before the sum: the weights sum to one, but small ones come out too large. With
    the maximum subtracted, there is no zero to guard against.""",
    ("np.exp(shifted)", "np.exp(shifted) + extra"),
    extra=(1e-9, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1.0))

answers_with_logarithms = edit("softmax", """Your softmax returns the logarithms of the weights:
    none is above zero, and their exponentials sum to one. Return the weights themselves.""",
    ("exps / exps.sum(axis=axis, keepdims=True)",
     "shifted - np.log(exps.sum(axis=axis, keepdims=True))"))

divides_and_rounds_down = edit("softmax", """Your softmax divides with //, which rounds down:
    every weight below one becomes zero. Use a single slash, which gives fractions.""",
    ("exps /", "exps //"), speaks_of=("//", "floor_divide"))


# softmax: what stands in the place of the exponential ---------------------------
@mistake("softmax", """Your weights are the scores divided by their sum. Negative scores then
    give negative weights, and scores that sum to zero an infinite one. Take the exponential
    first: it makes every score positive.""")
def shares_out_the_scores_themselves(scores, axis=-1):
    return scores / scores.sum(axis=axis, keepdims=True)


forgets_the_exponential = edit("softmax", """You subtract the maximum, and then the exponential
    is missing: the largest score gets a weight of zero, as 0 over the sum. Divide exponentials
    by their sum, not the scores.""",
    ("np.exp(shifted)", "shifted"), denies=True)


@mistake("softmax", """Your softmax stretches each row to run from 0 for the smallest score to 1
    for the largest. Weights should be exponentials, divided by their sum.""")
def stretches_from_zero_to_one(scores, axis=-1):
    lowest = scores.min(axis=axis, keepdims=True)
    return (scores - lowest) / (scores.max(axis=axis, keepdims=True) - lowest)


turns_the_scores_around = edit("softmax", """Your largest score gets the smallest weight: the
    exponentials are taken of the scores with their sign flipped. Keep the sign as it is.""",
    ("np.exp(shifted)", "np.exp(-shifted)"), common=True)

takes_powers_of_another_base = edit("softmax", """Your weights are powers of a number other than
    e. They sum to one, but the ratio of two weights should be e to the power of the difference
    of their scores.""",
    ("np.exp(shifted)", "base**shifted"), common=True, base=(2.0, 10.0))

squares_the_scores = edit("softmax", """Your weights are the squares of the scores over their
    sum, so -2 counts as much as 2. Take exponentials instead: they make scores positive and keep
    their order.""",
    ("shifted = scores - scores.max(axis=axis, keepdims=True)\nexps = np.exp(shifted)",
     "exps = scores**2"))

drops_the_signs = edit("softmax", """Your weights are the absolute scores over their sum, so -2
    counts as much as 2. Take exponentials instead: they make scores positive and keep their
    order.""",
    ("shifted = scores - scores.max(axis=axis, keepdims=True)\nexps = np.exp(shifted)",
     "exps = np.abs(scores)"))

cuts_off_negative_scores = edit("softmax", """Your softmax sets negative scores to zero and
    divides the rest by their sum. A negative score should still get a weight, if a small one:
    its exponential is above zero.""",
    ("shifted = scores - scores.max(axis=axis, keepdims=True)\nexps = np.exp(shifted)",
     "exps = np.maximum(scores, 0)"))


@mistake("softmax", """Your softmax divides each row of scores by its norm. That keeps the
    signs, and the squares sum to one. Weights should be exponentials over their sum.""")
def gives_the_row_length_one(scores, axis=-1):
    return scores / np.sqrt((scores**2).sum(axis=axis, keepdims=True))


@mistake("softmax", """Your softmax is a sigmoid: each score is squeezed between 0 and 1 by
    itself. In a softmax the scores of a row compete, and the row should sum to one.""")
def takes_the_sigmoid(scores, axis=-1):
    return 1 / (1 + np.exp(-scores))


@mistake("softmax", """Your softmax is a sigmoid: each score is squeezed between 0 and 1 by
    itself, and above 709 it overflows to NaN. In a softmax the scores of a row compete, and the
    row should sum to one.""")
def takes_the_sigmoid_unshifted(scores, axis=-1):
    return np.exp(scores) / (1 + np.exp(scores))


shares_out_sigmoids = edit("softmax", """Your weights are sigmoids over their sum. They sum to
    one, but large scores get nearly the same weight, because a sigmoid stops at 1. Take
    exponentials, which keep growing.""",
    ("shifted = scores - scores.max(axis=axis, keepdims=True)\nexps = np.exp(shifted)",
     "exps = 1 / (1 + np.exp(-scores))"))


@mistake("softmax", """Your largest score takes everything and the others get nothing: a hard
    maximum. The soft one should leave every score a share.""")
def lets_the_largest_take_all(scores, axis=-1):
    largest = scores == scores.max(axis=axis, keepdims=True)
    return largest.astype(float)


divides_by_the_maximum = edit("softmax", """Your softmax divides the scores by the maximum where
    it should subtract it. Dividing changes the differences between scores, and these alone
    decide the weights.""",
    ("scores -", "scores /"))

divides_by_the_largest_absolute_score = edit("softmax", """Your softmax divides the scores by the
    largest absolute value among them. Dividing changes the differences between scores, and these
    alone decide the weights. Subtract the maximum instead.""",
    ("- scores", "/ np.abs(scores)"))

divides_the_scores_by_their_sum_first = edit("softmax", """Your softmax divides the scores by
    their sum before it takes exponentials. That changes the differences between scores, and
    these alone decide the weights. Divide the exponentials, not the scores.""",
    ("- scores.max", "/ scores.sum"))

standardises_the_scores = edit("softmax", """Your softmax standardises the scores: it subtracts
    the mean and divides by the standard deviation. Leave the division out: it changes the
    differences between scores, and these alone decide the weights.""",
    ("scores.max", "scores.mean"),
    ("np.exp(shifted)", "np.exp(shifted / scores.std(axis=axis, keepdims=True))"))

scales_the_scores = edit("softmax", """Your weights are too even: the scores are divided by the
    root of how many there are. Leave the scaling out of softmax; attention does it, by the root
    of d_k.""",
    ("np.exp(shifted)", "np.exp(shifted / math.sqrt(scores.shape[axis]))"))

does_it_twice = edit("softmax", """Your weights went through softmax twice: the first weights
    were treated as scores, and came out almost even. Apply softmax once.""",
    ("return", "exps = np.exp(exps / exps.sum(axis=axis, keepdims=True))\nreturn"))

# softmax: types -----------------------------------------------------------------
keeps_integers = edit("softmax", """Your weights have the dtype of the scores. For integers that
    cuts every weight below one down to zero. Weights should be floats, whatever the scores are.""",
    ("exps / exps.sum(axis=axis, keepdims=True)",
     "(exps / exps.sum(axis=axis, keepdims=True)).astype(scores.dtype)"), common=True)

calculates_with_fewer_digits = edit("softmax", """Your weights have fewer digits than the scores
    came with: they went through a smaller dtype. Keep the dtype of the scores: float64 in,
    float64 out.""",
    ("shifted = scores - scores", "shifted = scores.astype(kind)\nshifted = shifted - shifted"),
    kind=("float32", "float16"))

rounds_the_weights = edit("softmax", """Your weights are rounded, so they no longer sum to one
    exactly. Round what you print, not what you return.""",
    ("exps / exps.sum(axis=axis, keepdims=True)",
     "np.round(exps / exps.sum(axis=axis, keepdims=True), digits)"),
    digits=(4, 2, 3, 5, 6, 7, 8, 10))

writes_into_the_scores = edit("softmax", """Your softmax writes into its argument:
    after the call the caller's scores are no longer what they were. Assign to a new name instead
    of using -=.""",
    ("shifted = scores -", "scores -="), ("np.exp(shifted)", "np.exp(scores)"), common=True)


@mistake("softmax", """Your softmax overwrites its argument: after the call the caller's scores
    are weights, and an integer array cannot hold them at all. Assign to a new name instead of
    using -=, /= or out=.""")
def works_inside_the_scores(scores, axis=-1):
    scores -= scores.max(axis=axis, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=axis, keepdims=True)
    return scores


shares_out_in_float64 = edit("softmax", """Your softmax always computes in float64, so float32
    scores come back as float64 weights. What comes in as float32 should go out as float32.""",
    ("scores -", "scores.astype(np.float64) -"))

divides_shifted_exponentials_by_the_scores = edit("softmax", """You divide exponentials by the
    sum of the scores themselves. Divide by the sum of the *exponentials*: that makes the weights
    sum to one.""",
    ("exps.", "scores."))

divides_the_scores_by_the_exponentials = edit("softmax", """You divide the scores by the sum of
    the exponentials: the exponential is missing in the numerator.""",
    ("exps /", "shifted /"), denies=True)

divides_by_the_exponential_of_the_sum = edit("softmax", """You add up the scores and take the
    exponential of that. Take the exponentials first, then add them up.""",
    ("exps.sum(axis=axis, keepdims=True)", "np.exp(shifted.sum(axis=axis, keepdims=True))"))

shares_out_what_lies_above_the_smallest = edit("softmax", """Your weights are in proportion to
    how far each score lies above the smallest, so the smallest gets nothing. Take exponentials,
    and divide those by their sum.""",
    ("scores.max", "scores.min"), ("exps = np.exp(shifted)", ""),
    ("exps / exps", "shifted / shifted"))

takes_minus_infinity_for_zero = edit("softmax", """Your softmax treats scores of minus infinity
    as zeros, so they get a weight. Leave them as they are: the exponential of minus infinity is
    zero, as it should be.""",
    ("shifted =", "scores = np.nan_to_num(scores, neginf=0.0)\nshifted ="))


@probes("softmax")
def probe_softmax():
    rng = np.random.default_rng(0)
    yield given(np.array([0.3, -1.25, 2.0, 0.75]))
    yield given(rng.normal(size=(2, 3)))
    yield given(rng.normal(size=(3, 3)))
    yield given(rng.normal(size=(2, 3, 4)))
    yield given(rng.normal(size=(2, 3)), axis=0)
    yield given(rng.normal(size=(3, 4)), axis=1)
    yield given(np.array([[0.5, 1.75, 1.0], [1000.0, 1001.0, 999.25], [-400.0, -401.5, -402.0]]))
    yield given(np.array([-800.0, 0.5, 720.0]))
    yield given(np.array([709.5, 709.0, -1.0]))  # whose exponentials are almost infinite
    yield given(np.array([-1000.0, -1001.5, -1002.0]))
    yield given(np.array([[3, 1, 0, 5], [2, 7, 4, 1]]))
    yield given(np.array([0.0, 0.5, 710.0]))
    yield given(np.array([710.0, 0.5, 0.0]))
