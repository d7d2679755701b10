"""Mistakes in softmax: overflow, and what people do about it."""

import numpy as np

from tests.runner.diagnosis.known import edit, mistake

leaves_the_maximum_in = edit("softmax", """Your softmax takes the exponentials of the scores as
    they are. Above 709 they overflow to infinity, and infinity over infinity is NaN. Subtracting
    the same number from all scores of a row changes no weight.""",
    ("scores - scores.max(axis=axis, keepdims=True)", "scores"), common=True)

takes_one_maximum_for_all = edit("softmax", """Your softmax subtracts the largest score of the
    whole array from every score. A row far below another one is left with exponentials of zero
    only, and 0 / 0 is NaN. Subtract each row's own maximum.""",
    ("max(axis=axis, keepdims=True)", "max()"), common=True)

takes_the_maximum_of_the_columns = edit("softmax", """Your softmax subtracts the maximum of each
    column, then divides each row by its sum. The scores of a row lose different numbers, so the
    weights change. Take the maximum along the same axis as the sum.""",
    ("max(axis=axis, keepdims=True)", "max(axis=0, keepdims=True)"))

subtracts_the_mean = edit("softmax", """Your softmax subtracts the mean of the scores, not the
    maximum. A score far above the mean still overflows, and the mean of a row with -inf in it is
    -inf. Subtract the maximum, and no score is above zero.""",
    ("scores.max", "scores.mean"))

subtracts_the_minimum = edit("softmax", """Your softmax subtracts the smallest score, not the
    largest. A score far above the smallest still overflows, and the smallest of a row with -inf
    in it is -inf. Subtract the maximum, and no score is above zero.""",
    ("scores.max", "scores.min"))

adds_the_maximum = edit("softmax", """Your softmax adds the maximum to the scores instead of
    subtracting it. That doubles the largest score, so it overflows even sooner.""",
    ("scores -", "scores +"))

subtracts_the_largest_absolute_score = edit("softmax", """Your softmax subtracts the largest
    absolute value among the scores. In a row with large negative scores all exponentials become
    zero, and 0 / 0 is NaN. Subtract the largest score, sign and all.""",
    ("scores.", "np.abs(scores)."))

clips_the_scores = edit("softmax", """Your softmax clips the scores, so scores beyond the bound
    become equal, and so do their weights. Subtract the row's maximum instead: it keeps the
    exponentials small and the weights right.""",
    ("scores - scores.max(axis=axis, keepdims=True)", "np.clip(scores, -bound, bound)"),
    bound=(500.0, 20.0, 50.0, 88.0, 100.0, 600.0, 700.0, 709.0))

caps_the_scores = edit("softmax", """Your softmax cuts scores off above a bound, so scores beyond
    it become equal, and so do their weights. Subtract the row's maximum instead: nothing
    overflows, and no weight changes.""",
    ("scores - scores.max(axis=axis, keepdims=True)", "np.minimum(scores, bound)"),
    bound=(700.0, 50.0, 88.0, 100.0, 500.0, 600.0, 709.0))


@mistake("softmax", """If exponentials overflow, your weights are NaN turned into zeros. That
    hides the overflow and loses the largest score. Subtract the maximum first, and nothing
    overflows.""")
def turns_nan_weights_into_zeros(scores, axis=-1):
    exps = np.exp(scores)
    return np.nan_to_num(exps / exps.sum(axis=axis, keepdims=True))


turns_infinite_exponentials_into_numbers = edit("softmax", """If your exponentials overflow,
    they are replaced by the largest number there is. That only hides the overflow: the weights
    are wrong. Subtract the maximum first, and nothing overflows.""",
    ("shifted = scores - scores.max(axis=axis, keepdims=True)\nexps = np.exp(shifted)",
     "exps = np.nan_to_num(np.exp(scores))"))


@mistake("softmax", """Your softmax takes the logarithm of the sum, and that sum overflows: with
    scores above 709 all weights are zero. Subtract the maximum first, and the sum stays small.""")
def overflows_inside_the_logarithm(scores, axis=-1):
    return np.exp(scores - np.log(np.exp(scores).sum(axis=axis, keepdims=True)))


shifts_only_below_the_line = edit("softmax", """Your softmax divides exponentials of the plain
    scores by the sum of those with the maximum subtracted. Both should be the same exponentials,
    or the weights do not sum to one.""",
    ("np.exp(shifted)", "np.exp(scores)"), ("exps.", "np.exp(shifted)."))

shifts_only_above_the_line = edit("softmax", """Your softmax subtracts the maximum in the
    numerator but not in the denominator, which is a sum of plain exponentials. Both should be
    the same exponentials, or the weights do not sum to one.""",
    ("exps.", "np.exp(scores)."))

takes_the_maximum_from_the_exponentials = edit("softmax", """Your softmax subtracts the largest
    score from the exponentials. Subtract it before the exponential: afterwards it changes the
    weights, and it no longer prevents an overflow.""",
    ("shifted = scores", "exps = np.exp(scores)"), ("exps = np.exp(shifted)", ""))

takes_the_largest_exponential_away = edit("softmax", """Your softmax subtracts the largest
    exponential from all of them, so none is above zero. Subtract the largest *score* instead,
    before the exponential.""",
    ("shifted = scores - scores.max(axis=axis, keepdims=True)", "exps = np.exp(scores)"),
    ("np.exp(shifted)", "exps - exps.max(axis=axis, keepdims=True)"))

subtracts_the_place_of_the_maximum = edit("softmax", """Your softmax subtracts the *position* of
    the largest score (argmax), not the score itself. That hardly changes large scores, and above
    709 they overflow. Subtract the score itself.""",
    ("scores.max", "scores.argmax"))

subtracts_the_score_at_one_end = edit("softmax", """Your softmax subtracts a row's first or last
    score from the whole row. If that is minus infinity, or another score is more than 709
    above it, NaN comes out. Subtract the largest score: that one is safe.""",
    ("scores.max(axis=axis, keepdims=True)", "np.take(scores, [place], axis=axis)"), place=(0, -1))

subtracts_the_maximum_twice = edit("softmax", """Your softmax subtracts the maximum twice. With
    large scores all exponentials then become zero, and 0 / 0 is NaN. Subtract it once.""",
    ("scores -", "scores - 2 *"))

subtracts_a_fixed_number = edit("softmax", """Your softmax subtracts the same fixed number from
    every score, so scores far above it still overflow, or the exponentials of scores far below
    it all become zero. Subtract the row's own maximum.""",
    ("scores.max(axis=axis, keepdims=True)", "number"),
    number=(100.0, 10.0, 50.0, 500.0, 700.0, 1000.0))
