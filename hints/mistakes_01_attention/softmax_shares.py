"""Mistakes in softmax: what is divided by what, and the types of the numbers."""

import math

import numpy as np

from tests.runner.diagnosis.known import given, mistake, probes


@mistake("softmax", """Your largest weight in each row is one, and the row sums to more: these
    are exponentials with the maximum subtracted, not yet divided by their *sum*.""", common=True)
def leaves_the_sum_out(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps


@mistake("softmax", """Your softmax returns the exponentials of the scores. Divide each by their
    sum to make them weights, and subtract the row's maximum from its scores first, or they
    overflow.""")
def answers_with_the_exponentials(scores, axis=-1):
    return np.exp(scores)


@mistake("softmax", """Your largest weight in each row is one: the exponentials are divided by
    the largest of them. Divide by their sum, and subtract the row's maximum first, since plain
    exponentials overflow above 709.""")
def divides_by_the_largest(scores, axis=-1):
    exps = np.exp(scores)
    return exps / exps.max(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are exponentials divided by their mean, so each row sums to
    as many as it has entries. Divide by the sum, and it sums to one.""")
def divides_by_the_mean(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.mean(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are exponentials divided by how many there are. Divide by
    their sum instead: that makes them sum to one.""")
def divides_by_the_count(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / scores.shape[axis]


@mistake("softmax", """Your weights are exponentials divided by their norm (the root of the sum
    of squares), so their squares sum to one. The weights themselves should: divide by their
    sum.""")
def divides_by_the_length_of_the_vector(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / np.sqrt((exps**2).sum(axis=axis, keepdims=True))


@mistake("softmax", """Your softmax divides exponentials by the sum of the scores. Divide them
    by the sum of the exponentials: a share is part of a sum of its own kind.""")
def divides_by_the_sum_of_the_scores(scores, axis=-1):
    return np.exp(scores) / scores.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax divides by the exponential of the sum. It should be the
    other way round: the sum of the exponentials.""")
def takes_the_exponential_of_the_sum(scores, axis=-1):
    return np.exp(scores) / np.exp(scores.sum(axis=axis, keepdims=True))


@mistake("softmax", """Your softmax adds something to the sum, so the weights sum to less than
    one. Leave the sum as it is: with the maximum subtracted it is never below one, so there is
    no division by zero to guard against.""",
         common=True, extra=(1e-9, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1.0))
def adds_to_the_sum(scores, axis=-1, *, extra):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / (exps.sum(axis=axis, keepdims=True) + extra)


@mistake("softmax", """Your softmax adds something to each exponential above the line but not in
    the sum, so the weights sum to more than one. Leave it out: with the maximum subtracted,
    there is no zero to guard against.""", extra=(1e-9, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1.0))
def adds_to_every_exponential(scores, axis=-1, *, extra):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return (exps + extra) / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax adds something to each exponential before the sum: the
    weights sum to one, but small ones come out too large. With the maximum subtracted, there is
    no zero to guard against.""", extra=(1e-9, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1.0))
def adds_to_every_exponential_and_sums(scores, axis=-1, *, extra):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted) + extra
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax returns the logarithms of the weights: none is above zero,
    and their exponentials sum to one. Return the weights themselves.""")
def answers_with_logarithms(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return shifted - np.log(exps.sum(axis=axis, keepdims=True))


@mistake("softmax", """Your softmax divides with //, which rounds down: every weight below one
    becomes zero. Use a single slash, which gives fractions.""")
def divides_and_rounds_down(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps // exps.sum(axis=axis, keepdims=True)


# softmax: what stands in the place of the exponential ---------------------------


@mistake("softmax", """Your weights are the scores divided by their sum. Negative scores then
    give negative weights, and scores that sum to zero an infinite one. Take the exponential
    first: it makes every score positive.""")
def shares_out_the_scores_themselves(scores, axis=-1):
    return scores / scores.sum(axis=axis, keepdims=True)


@mistake("softmax", """You subtract the maximum, and then the exponential is missing: the
    largest score gets a weight of zero, as 0 over the sum. Divide exponentials by their sum,
    not the scores.""", denies=True)
def forgets_the_exponential(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = shifted
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax stretches each row to run from 0 for the smallest score to 1
    for the largest. Weights should be shares: exponentials, divided by their sum.""")
def stretches_from_zero_to_one(scores, axis=-1):
    lowest = scores.min(axis=axis, keepdims=True)
    return (scores - lowest) / (scores.max(axis=axis, keepdims=True) - lowest)


@mistake("softmax", """Your largest score gets the smallest weight: the exponentials are taken
    of the scores with their sign flipped. Keep the sign as it is.""", common=True)
def turns_the_scores_around(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(-shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are powers of a number other than e. They sum to one, but
    the ratio of two weights should be e to the power of the difference of their scores.""",
         common=True, base=(2.0, 10.0))
def takes_powers_of_another_base(scores, axis=-1, *, base):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = base**shifted
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are the squares of the scores over their sum, so -2 counts
    as much as 2. Take exponentials instead: they make scores positive and keep their order.""")
def squares_the_scores(scores, axis=-1):
    exps = scores**2
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are the absolute scores over their sum, so -2 counts as much
    as 2. Take exponentials instead: they make scores positive and keep their order.""")
def drops_the_signs(scores, axis=-1):
    exps = np.abs(scores)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax sets negative scores to zero and divides the rest by their
    sum. A negative score should still get a weight, if a small one: its exponential is above
    zero.""")
def cuts_off_negative_scores(scores, axis=-1):
    exps = np.maximum(scores, 0)
    return exps / exps.sum(axis=axis, keepdims=True)


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


@mistake("softmax", """Your weights are sigmoids over their sum. They sum to one, but large
    scores get nearly the same weight, because a sigmoid stops at 1. Take exponentials, which
    keep growing.""")
def shares_out_sigmoids(scores, axis=-1):
    exps = 1 / (1 + np.exp(-scores))
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your largest score takes everything and the others get nothing: a hard
    maximum. The soft one should leave every score a share.""")
def lets_the_largest_take_all(scores, axis=-1):
    largest = scores == scores.max(axis=axis, keepdims=True)
    return largest.astype(float)


@mistake("softmax", """Your softmax divides the scores by the maximum where it should subtract
    it. Dividing changes the differences between scores, and these alone decide the weights.""")
def divides_by_the_maximum(scores, axis=-1):
    shifted = scores / scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax divides the scores by the largest absolute value among them.
    Dividing changes the differences between scores, and these alone decide the weights.
    Subtract the maximum instead.""")
def divides_by_the_largest_absolute_score(scores, axis=-1):
    shifted = scores / np.abs(scores).max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax divides the scores by their sum before it takes
    exponentials. That changes the differences between scores, and these alone decide the
    weights. Divide the exponentials, not the scores.""")
def divides_the_scores_by_their_sum_first(scores, axis=-1):
    shifted = scores / scores.sum(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax standardises the scores: it subtracts the mean and divides
    by the standard deviation. Leave the division out: it changes the differences between
    scores, and these alone decide the weights.""")
def standardises_the_scores(scores, axis=-1):
    shifted = scores - scores.mean(axis=axis, keepdims=True)
    exps = np.exp(shifted / scores.std(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are too even: the scores are divided by the root of how many
    there are. Leave the scaling out of softmax; attention does it, by the root of d_k.""")
def scales_the_scores(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted / math.sqrt(scores.shape[axis]))
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights went through softmax twice: the first weights were treated
    as scores, and came out almost even. Apply softmax once.""")
def does_it_twice(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    exps = np.exp(exps / exps.sum(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


# softmax: types -----------------------------------------------------------------


@mistake("softmax", """Your weights have the dtype of the scores. For integers that cuts every
    weight below one down to zero. Weights should be floats, whatever the scores are.""",
         common=True)
def keeps_integers(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return (exps / exps.sum(axis=axis, keepdims=True)).astype(scores.dtype)


@mistake("softmax", """Your weights have fewer digits than the scores came with: they went
    through a smaller dtype. Keep the dtype of the scores: float64 in, float64 out.""",
         kind=("float32", "float16"))
def calculates_with_fewer_digits(scores, axis=-1, *, kind):
    shifted = scores.astype(kind)
    shifted = shifted - shifted.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are rounded, so they no longer sum to one exactly. Round
    what you print, not what you return.""", digits=(4, 2, 3, 5, 6, 7, 8, 10))
def rounds_the_weights(scores, axis=-1, *, digits):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return np.round(exps / exps.sum(axis=axis, keepdims=True), digits)


@mistake("softmax", """The weights are right, but your softmax writes into its argument: after
    the call the caller's scores are no longer what they were. Assign to a new name instead of
    using -=.""", common=True)
def writes_into_the_scores(scores, axis=-1):
    scores -= scores.max(axis=axis, keepdims=True)
    exps = np.exp(scores)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax overwrites its argument: after the call the caller's scores
    are weights, and an integer array cannot hold them at all. Assign to a new name instead of
    using -=, /= or out=.""")
def works_inside_the_scores(scores, axis=-1):
    scores -= scores.max(axis=axis, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=axis, keepdims=True)
    return scores


@mistake("softmax", """Your softmax always computes in float64, so float32 scores come back as
    float64 weights. What comes in as float32 should go out as float32.""")
def shares_out_in_float64(scores, axis=-1):
    shifted = scores.astype(np.float64) - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """You divide exponentials by the sum of the scores themselves. Divide by
    the sum of the *exponentials*: that makes the weights sum to one.""")
def divides_shifted_exponentials_by_the_scores(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / scores.sum(axis=axis, keepdims=True)


@mistake("softmax", """You divide the scores by the sum of the exponentials: the exponential is
    missing above the line.""", denies=True)
def divides_the_scores_by_the_exponentials(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return shifted / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """You add up the scores and take the exponential of that. Take the
    exponentials first, then add them up.""")
def divides_by_the_exponential_of_the_sum(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / np.exp(shifted.sum(axis=axis, keepdims=True))


@mistake("softmax", """Your weights are in proportion to how far each score lies above the
    smallest, so the smallest gets nothing. Take exponentials, and divide those by their sum.""")
def shares_out_what_lies_above_the_smallest(scores, axis=-1):
    shifted = scores - scores.min(axis=axis, keepdims=True)
    return shifted / shifted.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax treats scores of minus infinity as zeros, so they get a
    weight. Leave them as they are: the exponential of minus infinity is zero, as it should be.""")
def takes_minus_infinity_for_zero(scores, axis=-1):
    scores = np.nan_to_num(scores, neginf=0.0)
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


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
    yield given(np.array([-1000.0, -1001.5, -1002.0]))
    yield given(np.array([[3, 1, 0, 5], [2, 7, 4, 1]]))
    yield given(np.array([0.0, 0.5, 710.0]))
    yield given(np.array([710.0, 0.5, 0.0]))
