"""Mistakes in softmax: overflow, and what people do about it."""

import numpy as np

from tests.runner.mistakes import mistake


@mistake("softmax", """Your softmax takes the exponentials of the scores as they are. Above 709
    they overflow to infinity, and infinity over infinity is NaN. Taking the same number from
    all scores of a row changes no weight.""", common=True)
def leaves_the_maximum_in(scores, axis=-1):
    shifted = scores
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes the largest score of the whole array from all of them.
    A row that lies far below another one then has exponentials of zero only, and 0 / 0 is NaN.
    Each row needs its own maximum.""", common=True)
def takes_one_maximum_for_all(scores, axis=-1):
    shifted = scores - scores.max()
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the maximum of each column, and then shares out
    each row. That is a different number for each score of a row, so the weights change. The
    maximum belongs to the row that is shared out.""")
def takes_the_maximum_of_the_columns(scores, axis=-1):
    shifted = scores - scores.max(axis=0, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the mean of the scores, and the maximum is meant.
    A score more than 709 above the mean still overflows. After the maximum comes off, no score
    is above zero.""")
def subtracts_the_mean(scores, axis=-1):
    shifted = scores - scores.mean(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax subtracts the smallest score, and the largest is meant. A
    score more than 709 above the smallest still overflows. After the maximum comes off, no
    score is above zero.""")
def subtracts_the_minimum(scores, axis=-1):
    shifted = scores - scores.min(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax adds the maximum to the scores instead of taking it away.
    That makes large scores twice as large, and they overflow at half the height.""")
def adds_the_maximum(scores, axis=-1):
    shifted = scores + scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes away the score with the largest absolute value, its
    sign dropped. In a row with large negative scores all exponentials come out as zero, and 0 /
    0 is NaN. The largest score, signs and all, is meant.""")
def subtracts_the_largest_absolute_score(scores, axis=-1):
    shifted = scores - np.abs(scores).max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax clips the scores, so that scores beyond the bound become
    equal, and so do their weights. What keeps exponentials small and the weights right is to
    take the row's maximum from its scores.""",
         bound=(500.0, 20.0, 50.0, 88.0, 100.0, 600.0, 700.0, 709.0))
def clips_the_scores(scores, axis=-1, *, bound):
    shifted = np.clip(scores, -bound, bound)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax cuts scores off above a bound, so that scores beyond it
    become equal, and so do their weights. Take the row's maximum from its scores instead:
    nothing overflows, and no weight changes.""",
         bound=(700.0, 50.0, 88.0, 100.0, 500.0, 600.0, 709.0))
def caps_the_scores(scores, axis=-1, *, bound):
    shifted = np.minimum(scores, bound)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Where exponentials overflow, your weights are NaN turned into zeros. That
    hides the overflow and loses the largest score, of all things. Nothing overflows once the
    maximum comes off.""")
def turns_nan_weights_into_zeros(scores, axis=-1):
    exps = np.exp(scores)
    return np.nan_to_num(exps / exps.sum(axis=axis, keepdims=True))


@mistake("softmax", """Where exponentials overflow, yours are replaced by the largest number
    that there is. That hides the overflow and not more: the weights are wrong. Nothing
    overflows once the maximum comes off.""")
def turns_infinite_exponentials_into_numbers(scores, axis=-1):
    exps = np.nan_to_num(np.exp(scores))
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax goes through the logarithm of the sum, and that sum
    overflows: with scores above 709 all weights are zero. Take the maximum away first; then the
    sum stays small.""")
def overflows_inside_the_logarithm(scores, axis=-1):
    return np.exp(scores - np.log(np.exp(scores).sum(axis=axis, keepdims=True)))


@mistake("softmax", """Your softmax divides exponentials of the plain scores by the sum of those
    with the maximum taken away. Both have to be the same exponentials, or the weights do not
    sum to one.""")
def shifts_only_below_the_line(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(scores)
    return exps / np.exp(shifted).sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes the maximum away above the line and not below it: the
    sum is one of plain exponentials. Both have to be the same exponentials, or the weights do
    not sum to one.""")
def shifts_only_above_the_line(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / np.exp(scores).sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes the maximum of the scores from their exponentials. It
    has to come off before the exponential: afterwards it changes the weights, and it no longer
    prevents an overflow.""")
def takes_the_maximum_from_the_exponentials(scores, axis=-1):
    exps = np.exp(scores) - scores.max(axis=axis, keepdims=True)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes the largest exponential from all of them, so none is
    above zero. It is the largest *score* that comes off, before the exponential.""")
def takes_the_largest_exponential_away(scores, axis=-1):
    exps = np.exp(scores)
    exps = exps - exps.max(axis=axis, keepdims=True)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes away the *place* of the largest score (argmax), not the
    score itself. That moves large scores by next to nothing, and above 709 they overflow.""")
def subtracts_the_place_of_the_maximum(scores, axis=-1):
    shifted = scores - scores.argmax(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes the first or the last score away from all of a row. Where
    that is minus infinity, or another score is more than 709 above it, NaN comes out. The largest
    is the one that is safe.""", place=(0, -1))
def subtracts_the_score_at_one_end(scores, axis=-1, *, place):
    shifted = scores - np.take(scores, [place], axis=axis)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes the maximum away twice. With large scores all
    exponentials then come out as zero, and 0 / 0 is NaN. Once is enough.""")
def subtracts_the_maximum_twice(scores, axis=-1):
    shifted = scores - 2 * scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes the same fixed number away from every score, so scores
    far above it still overflow, or those far below it all come out as zero. The number is the
    row's own maximum.""", number=(100.0, 10.0, 50.0, 500.0, 700.0, 1000.0))
def subtracts_a_fixed_number(scores, axis=-1, *, number):
    shifted = scores - number
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)
