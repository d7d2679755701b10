"""Mistakes in softmax: overflow, and what people do about it."""

import numpy as np

from tests.runner.diagnosis.known import mistake


@mistake("softmax", """Your softmax takes the exponentials of the scores as they are. Above 709
    they overflow to infinity, and infinity over infinity is NaN. Subtracting the same number
    from all scores of a row changes no weight.""", common=True)
def leaves_the_maximum_in(scores, axis=-1):
    shifted = scores
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the largest score of the whole array from every
    score. A row far below another one is left with exponentials of zero only, and 0 / 0 is NaN.
    Subtract each row's own maximum.""", common=True)
def takes_one_maximum_for_all(scores, axis=-1):
    shifted = scores - scores.max()
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the maximum of each column, then divides each row
    by its sum. The scores of a row lose different numbers, so the weights change. Take the
    maximum along the same axis as the sum.""")
def takes_the_maximum_of_the_columns(scores, axis=-1):
    shifted = scores - scores.max(axis=0, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the mean of the scores, not the maximum. A score
    more than 709 above the mean still overflows. Subtract the maximum, and no score is above
    zero.""")
def subtracts_the_mean(scores, axis=-1):
    shifted = scores - scores.mean(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the smallest score, not the largest. A score more
    than 709 above the smallest still overflows. Subtract the maximum, and no score is above
    zero.""")
def subtracts_the_minimum(scores, axis=-1):
    shifted = scores - scores.min(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax adds the maximum to the scores instead of subtracting it.
    That doubles the largest score, so it overflows even sooner.""")
def adds_the_maximum(scores, axis=-1):
    shifted = scores + scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the largest absolute value among the scores. In a
    row with large negative scores all exponentials become zero, and 0 / 0 is NaN. Subtract the
    largest score, sign and all.""")
def subtracts_the_largest_absolute_score(scores, axis=-1):
    shifted = scores - np.abs(scores).max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax clips the scores, so scores beyond the bound become equal,
    and so do their weights. Subtract the row's maximum instead: it keeps the exponentials small
    and the weights right.""", bound=(500.0, 20.0, 50.0, 88.0, 100.0, 600.0, 700.0, 709.0))
def clips_the_scores(scores, axis=-1, *, bound):
    shifted = np.clip(scores, -bound, bound)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax cuts scores off above a bound, so scores beyond it become
    equal, and so do their weights. Subtract the row's maximum instead: nothing overflows, and
    no weight changes.""", bound=(700.0, 50.0, 88.0, 100.0, 500.0, 600.0, 709.0))
def caps_the_scores(scores, axis=-1, *, bound):
    shifted = np.minimum(scores, bound)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Where exponentials overflow, your weights are NaN turned into zeros. That
    hides the overflow and loses the largest score, of all things. Subtract the maximum first,
    and nothing overflows.""")
def turns_nan_weights_into_zeros(scores, axis=-1):
    exps = np.exp(scores)
    return np.nan_to_num(exps / exps.sum(axis=axis, keepdims=True))


@mistake("softmax", """Where your exponentials overflow, they are replaced by the largest number
    there is. That only hides the overflow: the weights are wrong. Subtract the maximum first,
    and nothing overflows.""")
def turns_infinite_exponentials_into_numbers(scores, axis=-1):
    exps = np.nan_to_num(np.exp(scores))
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes the logarithm of the sum, and that sum overflows: with
    scores above 709 all weights are zero. Subtract the maximum first, and the sum stays small.""")
def overflows_inside_the_logarithm(scores, axis=-1):
    return np.exp(scores - np.log(np.exp(scores).sum(axis=axis, keepdims=True)))


@mistake("softmax", """Your softmax divides exponentials of the plain scores by the sum of those
    with the maximum subtracted. Both should be the same exponentials, or the weights do not sum
    to one.""")
def shifts_only_below_the_line(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(scores)
    return exps / np.exp(shifted).sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the maximum above the line but not below it: the
    sum is one of plain exponentials. Both should be the same exponentials, or the weights do
    not sum to one.""")
def shifts_only_above_the_line(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / np.exp(scores).sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the largest score from the exponentials. Subtract
    it before the exponential: afterwards it changes the weights, and it no longer prevents an
    overflow.""")
def takes_the_maximum_from_the_exponentials(scores, axis=-1):
    exps = np.exp(scores) - scores.max(axis=axis, keepdims=True)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the largest exponential from all of them, so none
    is above zero. Subtract the largest *score* instead, before the exponential.""")
def takes_the_largest_exponential_away(scores, axis=-1):
    exps = np.exp(scores)
    exps = exps - exps.max(axis=axis, keepdims=True)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the *position* of the largest score (argmax), not
    the score itself. That hardly changes large scores, and above 709 they overflow. Subtract
    the score itself.""")
def subtracts_the_place_of_the_maximum(scores, axis=-1):
    shifted = scores - scores.argmax(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts a row's first or last score from the whole row.
    Where that is minus infinity, or another score is more than 709 above it, NaN comes out.
    Subtract the largest score: that one is safe.""", place=(0, -1))
def subtracts_the_score_at_one_end(scores, axis=-1, *, place):
    shifted = scores - np.take(scores, [place], axis=axis)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the maximum twice. With large scores all
    exponentials then become zero, and 0 / 0 is NaN. Subtract it once.""")
def subtracts_the_maximum_twice(scores, axis=-1):
    shifted = scores - 2 * scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the same fixed number from every score, so scores
    far above it still overflow, or the exponentials of scores far below it all become zero.
    Subtract the row's own maximum.""", number=(100.0, 10.0, 50.0, 500.0, 700.0, 1000.0))
def subtracts_a_fixed_number(scores, axis=-1, *, number):
    shifted = scores - number
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)
