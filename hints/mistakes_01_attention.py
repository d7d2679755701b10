"""Wrong versions of lesson 1 that people really write, and what helps whoever wrote one.

Each is the solution with one thing changed, so that two of them can be made together.
A keyword-only argument holds a number that people choose differently; its usual values
stand in the decorator.
"""

import math

import numpy as np
from kata_01_attention import attention_loop, attention_scores, attention_weights, softmax

from tests.runner.mistakes import given, mistake, probes

# softmax: overflow --------------------------------------------------------------


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


# softmax: axes ------------------------------------------------------------------


@mistake("softmax", """Your softmax runs down the columns: it always takes axis 0, so that in a
    table every column sums to one, and the rows do not. `axis` says which way to go; -1 is
    along the rows.""", common=True)
def runs_down_the_columns(scores, axis=-1):
    shifted = scores - scores.max(axis=0, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=0, keepdims=True)


@mistake("softmax", """Your softmax runs along the first axis where nobody names one: columns
    sum to one instead of rows. The default of `axis` in the stub is -1, the last one.""")
def starts_from_the_first_axis(scores, axis=0):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax always takes axis 1. That is right for a table alone: a
    single row has no axis 1, and with a batch axis in front it is another one. -1 is the last
    axis, however many there are.""", common=True)
def always_takes_axis_one(scores, axis=-1):
    shifted = scores - scores.max(axis=1, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=1, keepdims=True)


@mistake("softmax", """Your maximum follows `axis`, but your sum always runs along axis 1. A
    single row has no axis 1, and with a batch axis in front it is another one. Both belong to
    the axis that is asked for.""")
def sums_along_axis_one(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=1, keepdims=True)


@mistake("softmax", """Your softmax always takes the last axis, whatever `axis` it is given.
    With axis=0 the columns have to sum to one.""", common=True)
def always_takes_the_last_axis(scores, axis=-1):
    shifted = scores - scores.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=-1, keepdims=True)


@mistake("softmax", """Your maximum follows `axis`, but your sum always runs along the last
    axis. Both belong to the same axis, the one that is asked for.""")
def always_sums_along_the_last_axis(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=-1, keepdims=True)


@mistake("softmax", """Your sum follows `axis`, but your maximum always runs along the last
    axis, so scores that are shared out together lose different numbers. Both belong to the axis
    that is asked for.""")
def always_takes_the_maximum_along_the_last_axis(scores, axis=-1):
    shifted = scores - scores.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax takes axis 1 wherever there is more than a single row. With
    a batch in front that is another axis than the last. -1 is the last one, however many there
    are.""")
def takes_axis_one_unless_there_is_none(scores, axis=-1):
    axis = min(1, scores.ndim - 1)
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax always takes the last axis but one: the columns sum to one,
    and the rows do not. The last axis is -1, and `axis` says which one is meant.""")
def always_takes_the_last_axis_but_one(scores, axis=-1):
    shifted = scores - scores.max(axis=-2, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=-2, keepdims=True)


@mistake("softmax", """Your sum runs along axis 0 (Python's own `sum` does so too), so each
    exponential is shared among those of its column. The maximum and the sum both belong to the
    row, or to whatever `axis` says.""")
def sums_down_the_columns(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=0, keepdims=True)


@mistake("softmax", """Your softmax shares out the whole array: all its weights together sum to
    one. Each row has to sum to one by itself, so the maximum and the sum need the axis.""",
         common=True)
def treats_all_rows_as_one(scores, axis=-1):
    shifted = scores - scores.max()
    exps = np.exp(shifted)
    return exps / exps.sum()


@mistake("softmax", """Your softmax turns the array into one long row, shares that out, and
    leaves it so. The weights keep the shape of the scores, and each row sums to one by
    itself.""")
def answers_with_one_long_row(scores, axis=-1):
    shifted = scores.ravel() - scores.max()
    exps = np.exp(shifted)
    return exps / exps.sum()


@mistake("softmax", """Your softmax divides by one sum over the whole array. Each row has to sum
    to one by itself, so the sum needs the axis, as the maximum does.""", common=True)
def takes_one_sum_for_all(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum()


@mistake("softmax", """Two things at once. All weights of the array together sum to one, and
    each row should: the sum needs the axis. And exponentials of plain scores overflow above
    709: the row's maximum comes off first.""")
def shares_out_the_whole_table_unshifted(scores, axis=-1):
    exps = np.exp(scores)
    return exps / exps.sum()


@mistake("softmax", """Your softmax shares out whatever lies behind the first axis. That is
    right for a table alone: a single row has nothing behind it, so each weight is one, and with
    more axes too much is added up.""")
def shares_out_all_behind_the_first_axis(scores, axis=-1):
    rest = tuple(range(1, scores.ndim))
    shifted = scores - scores.max(axis=rest, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=rest, keepdims=True)


@mistake("softmax", """Your maximum loses the axis that it runs along, so NumPy lines it up with
    the columns: an error, or wrong numbers where the table is square. keepdims=True keeps that
    axis, with length 1.""", common=True)
def loses_the_axis_in_the_maximum(scores, axis=-1):
    shifted = scores - scores.max(axis=axis)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your sum loses the axis that it runs along, so NumPy lines it up with the
    columns: an error, or wrong numbers where the table is square. keepdims=True keeps that
    axis, with length 1.""", common=True)
def loses_the_axis_in_the_sum(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis)


@mistake("softmax", """Your maximum and your sum lose the axis that they run along, so NumPy
    lines them up with the columns: an error, or wrong numbers where the table is square.
    keepdims=True keeps it, with length 1.""", common=True)
def loses_the_axis_twice(scores, axis=-1):
    shifted = scores - scores.max(axis=axis)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis)


@mistake("softmax", """Your softmax puts the summed axis back at the end, whichever `axis` it
    was. That fits the last one only; keepdims=True leaves any axis where it was, with length
    1.""")
def puts_the_axis_back_at_the_end(scores, axis=-1):
    shifted = scores - scores.max(axis=axis)[..., None]
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis)[..., None]


@mistake("softmax", """Your softmax puts the summed axis back as axis 1. A single row has no
    axis 1, and with a batch in front it is not the last. keepdims=True leaves the axis where it
    was, with length 1.""")
def puts_the_axis_back_as_axis_one(scores, axis=-1):
    shifted = scores - scores.max(axis=axis)[:, None]
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis)[:, None]


@mistake("softmax", """Your softmax makes a column of maxima and sums with reshape(-1, 1). That
    fits a table alone: a single row comes back as a table. keepdims=True leaves every other
    axis as it is.""")
def makes_a_column_of_sums(scores, axis=-1):
    shifted = scores - scores.max(axis=-1).reshape(-1, 1)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=-1).reshape(-1, 1)


@mistake("softmax", """Python's own `max` compares whole rows, and cannot: this is the
    ValueError about the truth value of an array. The array's own `.max` takes an axis.""")
def asks_python_for_the_maximum(scores, axis=-1):
    shifted = scores - max(scores)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """`math.exp` takes one number, not an array: hence the TypeError. NumPy has
    one of its own that takes whole arrays.""")
def asks_math_for_the_exponentials(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = math.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax goes through the scores one by one. In a table each of these
    is a row, and `math.exp` takes no row. NumPy's own takes whole arrays, of any shape.""")
def goes_through_the_first_axis(scores, axis=-1):
    exps = [math.exp(score) for score in scores]
    return np.array([exp / sum(exps) for exp in exps])


# softmax: what is divided by what -----------------------------------------------


@mistake("softmax", """The largest weight of each row is one, and the row sums to more: these
    are exponentials with the maximum taken off, not yet divided by their *sum*.""", common=True)
def leaves_the_sum_out(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps


@mistake("softmax", """These are the exponentials of the scores. They become weights when each
    is divided by their sum; and before that the row's maximum comes off its scores, or they
    overflow.""")
def answers_with_the_exponentials(scores, axis=-1):
    return np.exp(scores)


@mistake("softmax", """The largest weight of each row is one, and the row sums to more:
    exponentials are divided by the largest of them, not by their sum. And plain ones overflow
    above 709, where the maximum comes off first.""")
def divides_by_the_largest(scores, axis=-1):
    exps = np.exp(scores)
    return exps / exps.max(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are exponentials divided by their mean, so each row sums to
    as many as it has entries. Divided by the sum, it sums to one.""")
def divides_by_the_mean(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.mean(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are exponentials divided by how many there are. What makes
    them sum to one is the division by their sum.""")
def divides_by_the_count(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / scores.shape[axis]


@mistake("softmax", """Your weights are exponentials divided by their length as a vector (the
    root of the sum of squares). Their squares sum to one; the weights themselves should.""")
def divides_by_the_length_of_the_vector(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / np.sqrt((exps**2).sum(axis=axis, keepdims=True))


@mistake("softmax", """Your softmax divides exponentials by the sum of the scores. A share is a
    part of a sum of its own kind: exponentials over the sum of the exponentials.""")
def divides_by_the_sum_of_the_scores(scores, axis=-1):
    return np.exp(scores) / scores.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax divides by the exponential of the sum. It is the other way
    round: the sum of the exponentials.""")
def takes_the_exponential_of_the_sum(scores, axis=-1):
    return np.exp(scores) / np.exp(scores.sum(axis=axis, keepdims=True))


@mistake("softmax", """Something is added to your sum, so the weights sum to a little less than
    one. With the maximum taken off the sum is never below one: there is no division by zero to
    guard against.""", common=True, extra=(1e-9, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1.0))
def adds_to_the_sum(scores, axis=-1, *, extra):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / (exps.sum(axis=axis, keepdims=True) + extra)


@mistake("softmax", """Something is added to each of your exponentials, so the weights sum to
    more than one. With the maximum taken off, nothing has to be guarded against zero.""",
         extra=(1e-9, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1.0))
def adds_to_every_exponential(scores, axis=-1, *, extra):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return (exps + extra) / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Something is added to each of your exponentials, before they are summed:
    the weights sum to one, but small ones come out too large. With the maximum taken off there
    is no zero to guard against.""", extra=(1e-9, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1.0))
def adds_to_every_exponential_and_sums(scores, axis=-1, *, extra):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted) + extra
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """These are the logarithms of the weights: none is above zero, and their
    exponentials sum to one. What is asked for is the weights themselves.""")
def answers_with_logarithms(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return shifted - np.log(exps.sum(axis=axis, keepdims=True))


@mistake("softmax", """Your softmax divides with //, which rounds down: every weight below one
    becomes zero. One slash gives fractions.""")
def divides_and_rounds_down(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps // exps.sum(axis=axis, keepdims=True)


# softmax: what stands in the place of the exponential ---------------------------


@mistake("softmax", """Your weights are the scores divided by their sum. Negative scores then
    give negative weights, and scores that sum to zero an infinite one. The exponential comes
    first: it makes every score positive.""")
def shares_out_the_scores_themselves(scores, axis=-1):
    return scores / scores.sum(axis=axis, keepdims=True)


@mistake("softmax", """The maximum comes off, and then the exponential is missing: the largest
    score gets a weight of zero, as 0 over the sum. Exponentials are what is shared out.""")
def forgets_the_exponential(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = shifted
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax stretches each row from 0 for the smallest score to 1 for
    the largest. Weights are shares: exponentials, divided by their sum.""")
def stretches_from_zero_to_one(scores, axis=-1):
    lowest = scores.min(axis=axis, keepdims=True)
    return (scores - lowest) / (scores.max(axis=axis, keepdims=True) - lowest)


@mistake("softmax", """The largest score gets the smallest weight: your exponentials are those
    of the scores with the sign turned round.""", common=True)
def turns_the_scores_around(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(-shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are powers of another number than e. They sum to one, but
    the ratio of two weights is not e to the difference of their scores.""",
         common=True, base=(2.0, 10.0))
def takes_powers_of_another_base(scores, axis=-1, *, base):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = base**shifted
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are the squares of the scores over their sum, so that -2
    counts as much as 2. The exponential makes scores positive and keeps their order.""")
def squares_the_scores(scores, axis=-1):
    exps = scores**2
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are the absolute scores over their sum, so that -2 counts as
    much as 2. The exponential makes scores positive and keeps their order.""")
def drops_the_signs(scores, axis=-1):
    exps = np.abs(scores)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax cuts negative scores off at zero and shares out the rest. A
    negative score should still get a weight, if a small one: its exponential is above zero.""")
def cuts_off_negative_scores(scores, axis=-1):
    exps = np.maximum(scores, 0)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your row is the scores divided by its length as a vector. That keeps the
    signs, and the squares sum to one; weights are exponentials over their sum.""")
def gives_the_row_length_one(scores, axis=-1):
    return scores / np.sqrt((scores**2).sum(axis=axis, keepdims=True))


@mistake("softmax", """This is the sigmoid: each score is squeezed between 0 and 1 by itself. In
    a softmax the scores of a row compete, and the row sums to one.""")
def takes_the_sigmoid(scores, axis=-1):
    return 1 / (1 + np.exp(-scores))


@mistake("softmax", """This is the sigmoid: each score is squeezed between 0 and 1 by itself,
    and above 709 it overflows to NaN. In a softmax the scores of a row compete, and the row
    sums to one.""")
def takes_the_sigmoid_unshifted(scores, axis=-1):
    return np.exp(scores) / (1 + np.exp(scores))


@mistake("softmax", """Your weights are sigmoids over their sum. They sum to one, but large
    scores get nearly the same weight: a sigmoid ends at 1. Exponentials keep growing.""")
def shares_out_sigmoids(scores, axis=-1):
    exps = 1 / (1 + np.exp(-scores))
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your largest score takes everything and the others nothing: a hard
    maximum. The soft one leaves every score a share.""")
def lets_the_largest_take_all(scores, axis=-1):
    largest = scores == scores.max(axis=axis, keepdims=True)
    return largest.astype(float)


@mistake("softmax", """Your softmax divides the scores by the maximum where it should subtract
    it. Dividing changes the differences between scores, and these alone decide the weights.""")
def divides_by_the_maximum(scores, axis=-1):
    shifted = scores / scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax divides the scores by the largest of them, signs dropped.
    Dividing changes the differences between scores, and these alone decide the weights; taking
    a number away does not.""")
def divides_by_the_largest_absolute_score(scores, axis=-1):
    shifted = scores / np.abs(scores).max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax divides the scores by their sum before it takes
    exponentials. That changes the differences between scores, and these alone decide the
    weights.""")
def divides_the_scores_by_their_sum_first(scores, axis=-1):
    shifted = scores / scores.sum(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your softmax standardises the scores: mean away, divided by the standard
    deviation. Taking a number away changes nothing, but dividing changes how decided the
    weights are.""")
def standardises_the_scores(scores, axis=-1):
    shifted = scores - scores.mean(axis=axis, keepdims=True)
    exps = np.exp(shifted / scores.std(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights are too even: the scores are divided by the root of how many
    there are. Scaling is not part of softmax; attention does it, by the root of d_k.""")
def scales_the_scores(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted / math.sqrt(scores.shape[axis]))
    return exps / exps.sum(axis=axis, keepdims=True)


@mistake("softmax", """Your weights went through softmax twice: the first weights were taken for
    scores, and came out almost even. Once is enough.""")
def does_it_twice(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    exps = np.exp(exps / exps.sum(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


# softmax: types -----------------------------------------------------------------


@mistake("softmax", """Your weights have the dtype of the scores. For integers that cuts every
    weight below one down to zero. Weights are fractions, whatever the scores are.""", common=True)
def keeps_integers(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return (exps / exps.sum(axis=axis, keepdims=True)).astype(scores.dtype)


@mistake("softmax", """Your weights have fewer digits than the scores came with: they went
    through a smaller dtype. Leave it as it is: float64 in, float64 out.""",
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


@mistake("softmax", """Your softmax works inside its argument: after the call the caller's
    scores are weights, and integers cannot hold them at all. Assign to a new name instead of
    using -=, /= or out=.""")
def works_inside_the_scores(scores, axis=-1):
    scores -= scores.max(axis=axis, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=axis, keepdims=True)
    return scores


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


# attend_one ---------------------------------------------------------------------


@mistake("attend_one", """Your scores are plain dot products, too large by the root of d_k, so
    the best key gets too much. They are divided by the square root of the length of the
    query.""", common=True)
def leaves_out_the_scaling(query, keys, values):
    scores = keys @ query
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by d_k itself, so the weights are too even.
    The *root* of d_k is meant: that is how large a dot product of d_k numbers tends to be.""",
         common=True)
def divides_by_d_k(query, keys, values):
    scores = keys @ query / query.shape[-1]
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by the root of how many keys there are. The
    root of d_k is meant, of how many numbers a query and a key have.""", common=True)
def divides_by_the_root_of_n_keys(query, keys, values):
    scores = keys @ query / math.sqrt(len(keys))
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by how many keys there are. The root of d_k is
    meant, of how many numbers a query and a key have.""")
def divides_by_n_keys(query, keys, values):
    scores = keys @ query / len(keys)
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by the root of d_v, the width of the values.
    The values have no part in the scores: it is the root of d_k, the length of the query.""",
         common=True)
def divides_by_the_root_of_d_v(query, keys, values):
    scores = keys @ query / math.sqrt(values.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are multiplied by the root of d_k, where they should be
    divided. One key takes nearly everything.""", common=True)
def multiplies_by_the_root(query, keys, values):
    scores = keys @ query * math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by 8, the root of 64. That is d_k in the
    paper; here it is whatever the length of the query is.""")
def divides_by_the_root_of_the_paper(query, keys, values):
    scores = keys @ query / 8
    return softmax(scores) @ values


@mistake("attend_one", """You divide by the root of d_k after the softmax, so the weights are
    too sharp and sum to less than one. The scores are what is scaled.""")
def scales_after_the_softmax(query, keys, values):
    scores = keys @ query
    return softmax(scores) @ values / math.sqrt(query.shape[-1])


@mistake("attend_one", """Your answer is the value of the best key alone. Attention blends:
    every value counts, as much as its weight.""", common=True)
def picks_the_best_value(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return values[scores.argmax()]


@mistake("attend_one", """Your answer is the weights, one for each key. The last step is
    missing: add up the values, each times its weight.""", common=True)
def answers_with_the_weights(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)


@mistake("attend_one", """Your answer is the scores, one for each key. Two steps are missing:
    softmax makes weights of them, and the weights blend the values.""")
def answers_with_the_scores(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return scores


@mistake("attend_one", """Your answer is the plain mean of the values, whatever the query asks.
    Each value should count as much as its weight.""", common=True)
def takes_the_mean_of_the_values(query, keys, values):
    return values.mean(axis=0)


@mistake("attend_one", """Your answer is the sum of the values, each with a weight of one. The
    weights, which sum to one, have to come in.""")
def adds_up_the_values_unweighted(query, keys, values):
    return values.sum(axis=0)


@mistake("attend_one", """Your values are weighted by the scores themselves. Softmax is missing:
    it turns the scores into positive weights that sum to one.""", common=True)
def skips_the_softmax(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return scores @ values


@mistake("attend_one", """Your answer is a blend of the keys. Keys are there to be found by;
    what gets blended is the values.""", common=True)
def blends_the_keys(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores) @ keys


@mistake("attend_one", """Your query is held against the values. It is the keys that it is held
    against; the values wait to be blended.""")
def asks_the_values(query, keys, values):
    scores = values @ query / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your product has values and weights in the wrong order. The weights
    run over the keys, so in `a @ b` they stand where their axis meets the rows of the
    values.""")
def puts_the_values_first(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return values @ softmax(scores)


@mistake("attend_one", """Your product has query and keys in the wrong order: in `a @ b`, the
    last axis of `a` meets the first of a table `b`, and here that is d_k against n_keys.""")
def puts_the_query_first(query, keys, values):
    scores = query @ keys / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are the products of query and key, number by number, not
    added up. A dot product is their sum: one score for each key.""")
def leaves_the_products_apart(query, keys, values):
    scores = keys * query / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are cosines: query and keys are brought to length one. In
    attention their lengths count, so that a score is not held between -1 and 1.""")
def takes_cosines(query, keys, values):
    lengths = np.linalg.norm(keys, axis=-1) * np.linalg.norm(query)
    scores = keys @ query / lengths
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are cosines, divided by the root of d_k as well: query and
    keys are brought to length one first. In attention their lengths count.""")
def takes_scaled_cosines(query, keys, values):
    lengths = np.linalg.norm(keys, axis=-1) * np.linalg.norm(query)
    scores = keys @ query / lengths / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are distances with a minus sign. A distance is a sensible
    measure of a match, but this formula takes the dot product of query and key.""")
def takes_distances(query, keys, values):
    scores = -np.linalg.norm(keys - query, axis=-1)
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are distances over the root of d_k, with a minus sign. A
    distance measures a match too, but this formula takes the dot product of query and key.""")
def takes_scaled_distances(query, keys, values):
    scores = -np.linalg.norm(keys - query, axis=-1) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """The keys that match least get the largest weights: your scores have
    the opposite sign.""", common=True)
def turns_the_scores_round(query, keys, values):
    scores = -(keys @ query) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores have lost their signs, so a key that points the other way
    counts as a match. A negative dot product is a bad match and has to stay negative.""")
def drops_the_signs_of_the_scores(query, keys, values):
    scores = np.abs(keys @ query) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Every value is multiplied by its weight, and then they are left
    standing: a row for each key. The blend is the sum of these rows.""", common=True)
def leaves_the_weighted_values_apart(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[:, None] * values


@mistake("attend_one", """Weights and values are multiplied number by number, and their shapes
    do not fit: one weight belongs to a whole row of values.""")
def multiplies_without_a_new_axis(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return (softmax(scores) * values).sum(axis=0)


@mistake("attend_one", """Your weighted values are added up across each row, one number per key.
    The blend adds the rows themselves: the keys are summed away, the d_v numbers stay.""",
         common=True)
def adds_along_the_wrong_axis(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return (softmax(scores)[:, None] * values).sum(axis=1)


@mistake("attend_one", """Everything is added up into one number. Only the keys are summed away:
    the answer keeps the d_v numbers of a value.""")
def adds_up_everything(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return (softmax(scores)[:, None] * values).sum()


@mistake("attend_one", """Your products of query and keys are added down the columns, one number
    for each feature. A dot product adds along a key: one score for each key.""")
def adds_the_products_down_the_columns(query, keys, values):
    scores = (keys * query).sum(axis=0) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your answer is the last value times its weight: the values before it
    are overwritten. They are added up; = forgets, += adds.""")
def keeps_the_last_weighted_value(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[-1] * values[-1]


@mistake("attend_one", """Your answer is the first value times its weight: the loop over the
    keys ends there. The `return` belongs behind the loop, when all values are added up.""")
def returns_after_the_first_key(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[0] * values[0]


@mistake("attend_one", """Your answer is collected in an array as long as the query. It is a
    blend of values, so it has d_v numbers, not d_k.""")
def makes_room_like_the_query(query, keys, values):
    output = np.zeros_like(query)
    scores = keys @ query / math.sqrt(query.shape[-1])
    output += softmax(scores) @ values
    return output


@mistake("attend_one", """Your answer is too small by the number of keys: it is the mean of the
    weighted values. The weights already sum to one, so it is the sum that is a blend.""",
         common=True)
def averages_the_weighted_values(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores) @ values / len(values)


@mistake("attend_one", """Your answer has an axis too many: shape (1, d_v). One query goes in
    without an axis of its own, and its answer comes out as (d_v,).""")
def answers_with_a_table(query, keys, values):
    scores = query[None] @ keys.T / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """The query is added to your blend (or tried to be). That is a residual
    connection, and it comes in lesson 5; attention itself returns the blend alone.""")
def adds_the_query(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return query + softmax(scores) @ values


@probes("attend_one")
def probe_attend_one():
    rng = np.random.default_rng(1)
    yield given(rng.normal(size=7), rng.normal(size=(5, 7)), rng.normal(size=(5, 6)))
    yield given(rng.normal(size=2), rng.normal(size=(3, 2)), rng.normal(size=(3, 4)))
    yield given(rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=(3, 3)))
    yield given(60 * rng.normal(size=6), 60 * rng.normal(size=(2, 6)), rng.normal(size=(2, 5)))
    yield given(rng.integers(-3, 4, 5), rng.integers(-3, 4, (4, 5)), rng.integers(-9, 9, (4, 3)))


# attention_loop ---------------------------------------------------------------


@mistake("attention_loop", """Your scores are plain dot products, too large by the root of d_k.
    Each of them is divided by the square root of the length of a query.""", common=True)
def loops_without_scaling(q, k, v):
    root = 1.0
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by d_k itself, so the weights are too
    even. The *root* of d_k is meant: that is how large a dot product of d_k numbers tends to
    be.""", common=True)
def loops_with_d_k(q, k, v):
    root = q.shape[-1]
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by the root of how many keys there are.
    The root of d_k is meant, of how many numbers a query and a key have.""", common=True)
def loops_with_the_root_of_n_keys(q, k, v):
    root = math.sqrt(len(k))
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by the root of how many queries there are.
    The root of d_k is meant, of how many numbers each query has.""")
def loops_with_the_root_of_n_queries(q, k, v):
    root = math.sqrt(len(q))
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by the root of d_v, the width of the
    values. The values have no part in the scores: it is the root of d_k, the length of a
    query.""")
def loops_with_the_root_of_d_v(q, k, v):
    root = math.sqrt(v.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are multiplied by the root of d_k, where they should
    be divided. One key takes nearly everything.""")
def loops_and_multiplies_by_the_root(q, k, v):
    root = 1 / math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by 8, the root of 64. That is d_k in the
    paper; here it is whatever the length of a query is.""")
def loops_with_the_root_of_the_paper(q, k, v):
    root = 8
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """You divide by the root of d_k after the softmax, so the weights
    are too sharp and sum to less than one. The scores are what is scaled.""")
def loops_and_scales_the_answer(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value / root for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """In your loop the weights of each *key* sum to one over the
    queries. It is a query that has one unit to share out: softmax runs over the scores of one
    query.""")
def shares_among_the_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    table = [[sum(a * b for a, b in zip(query, key)) / root for key in k] for query in q]
    for weights in softmax(np.array(table), axis=0):
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """In your loop one softmax covers all queries: all the weights
    together sum to one. Each query has weights of its own, which sum to one.""")
def shares_among_all_pairs(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    table = [[sum(a * b for a, b in zip(query, key)) / root for key in k] for query in q]
    for weights in softmax(np.array(table).ravel()).reshape(len(q), len(k)):
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your list of scores is not emptied for the next query: it grows,
    and every query is answered with scores that hold those of the queries before. It starts
    anew inside the loop.""")
def keeps_the_scores_of_earlier_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    scores = []
    for query in q:
        scores += [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your dot product is not set back to zero for the next key: each
    score holds those of the keys before it as well. The sum starts anew for every pair.""")
def keeps_the_dot_product_of_earlier_keys(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        total, scores = 0.0, []
        for key in k:
            total += sum(a * b for a, b in zip(query, key))
            scores.append(total / root)
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your answers pile up: each row holds the blends of all queries
    before it as well. The sum starts anew for every query.""")
def keeps_the_answers_of_earlier_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    output = np.zeros(v.shape[-1])
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        output = output + sum(weight * value for weight, value in zip(weights, v))
        outputs.append(output)
    return np.array(outputs)


@mistake("attention_loop", """All rows of your answer are one and the same array, which every
    query added to. Make a new one inside the loop over the queries.""")
def fills_one_buffer_for_all(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    output = np.zeros(v.shape[-1])
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        output += sum(weight * value for weight, value in zip(weights, v))
        outputs.append(output)
    return np.array(outputs)


@mistake("attention_loop", """Every row of your answer is that of the last query. Each query's
    blend goes into a row of its own, within the loop.""")
def answers_all_with_the_last_answer(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs = [sum(weight * value for weight, value in zip(weights, v))] * len(q)
    return np.array(outputs)


@mistake("attention_loop", """Your answer is one row: the blends of all queries, added up. Each
    query's blend is a row of its own.""")
def adds_all_answers_together(q, k, v):
    root = math.sqrt(q.shape[-1])
    output = np.zeros(v.shape[-1])
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        output = output + sum(weight * value for weight, value in zip(weights, v))
    return output


@mistake("attention_loop", """Your loop ends after the first query: its `return` is inside the
    loop. The answers of all queries go back at once, when the loop is through.""", common=True)
def returns_after_the_first_query(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
        return np.array(outputs)


@mistake("attention_loop", """Your loop ends after the first query: its `return` is inside the
    loop, and the other rows stay as they were made, zero. It belongs behind the loop.""")
def leaves_the_other_answers_at_zero(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), v.shape[-1]))
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
        return outputs


@mistake("attention_loop", """Your loop hands back the answer of the first query and ends.
    Collect a row for each query, and return them all after the loop.""")
def returns_one_answer_after_the_first_query(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        return sum(weight * value for weight, value in zip(weights, v))


@mistake("attention_loop", """Your answer is that of the last query alone. Collect a row for
    each query, and return them all.""", common=True)
def returns_the_last_answer_alone(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return outputs[-1]


@mistake("attention_loop", """Your loop over the queries stops one too early: the last one gets
    no answer. `range(n)` already ends at n - 1.""", common=True)
def leaves_out_the_last_query(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q[:-1]:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the queries starts at 1, and counting starts at 0:
    the first query gets no answer.""")
def leaves_out_the_first_query(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q[1:]:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the queries stops one too early: the last row stays
    as it was made, zero. `range(n)` already ends at n - 1.""")
def leaves_the_last_answer_at_zero(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), v.shape[-1]))
    for i, query in enumerate(q[:-1]):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your loop over the queries starts at 1, and counting starts at 0:
    the first row stays as it was made, zero.""")
def leaves_the_first_answer_at_zero(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), v.shape[-1]))
    for i, query in list(enumerate(q))[1:]:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your sum over the values stops one too early: the last weight and
    its value do not come in. `range(n)` already ends at n - 1.""")
def leaves_out_the_last_value(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights[:-1], v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the keys stops one too early when it scores them:
    the last score stays as it was made, zero. `range(n)` already ends at n - 1.""")
def leaves_the_last_score_at_zero(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k[:-1]] + [0.0]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Every query gets the answer of the first one: its scores are those
    of q[0], whichever query it is.""")
def scores_the_first_query_alone(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(q[0], key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are a Python list, and softmax asks an array for its
    maximum: hence the AttributeError. np.array makes one of the list.""")
def hands_softmax_a_list(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(scores)
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your outer loop runs over the keys: there is a row for each key,
    which asks the queries. The queries ask: a row for each of them.""")
def answers_each_key(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in k:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in q]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the keys stops one too early: the last key and its
    value never count. `range(n)` already ends at n - 1.""", common=True)
def leaves_out_the_last_key(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k[:-1]]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the keys starts at 1, and counting starts at 0: the
    first key and its value never count.""")
def leaves_out_the_first_key(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k[1:]]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v[1:])))
    return np.array(outputs)


@mistake("attention_loop", """Your dot product leaves out the last number of query and key.
    `range(n)` already ends at n - 1.""")
def leaves_out_the_last_number(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query[:-1], key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your dot product adds as many products as a value has numbers. It
    runs over the d_k numbers of query and key; d_v is the width of the answer.""")
def multiplies_as_many_numbers_as_a_value_has(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(query[c] * key[c] for c in range(v.shape[-1])) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your score is the product of the last numbers of query and key:
    the products before it are overwritten. They are added up; = forgets, += adds.""")
def takes_the_last_product_for_the_sum(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [query[-1] * key[-1] / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the keys runs as often as there are queries. There
    may be more keys, or fewer: each query is held against every key.""")
def counts_the_keys_like_the_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root
                  for key in [k[j] for j in range(len(q))]]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the queries runs as often as there are keys, and
    then an index is out of bounds, or rows are missing. There is one answer for each query.""")
def counts_the_queries_like_the_keys(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in [q[i] for i in range(len(k))]:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """In your loops the indices of query and key have changed places,
    and one of them runs out of bounds. Score (i, j) belongs to query i and key j.""")
def mixes_up_the_indices_of_the_scores(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for i in range(len(q)):
        scores = [sum(a * b for a, b in zip(q[j], k[i])) / root for j in range(len(k))]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Each query is scored against the key of its own number alone,
    again and again, so its weights are all equal. Score (i, j) belongs to query i and key j.""")
def scores_the_key_of_the_same_number(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for i in range(len(q)):
        scores = [sum(a * b for a, b in zip(q[i], k[i])) / root for j in range(len(k))]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Query i is answered with value i, because each weight meets the
    value of the query's number. Weight (i, j) belongs to value j.""")
def blends_the_value_of_the_same_number(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * v[i] for weight in weights))
    return np.array(outputs)


@mistake("attention_loop", """Your answer is the last value times its weight: the values before
    it are overwritten. They are added up; = forgets, += adds.""", common=True)
def answers_with_the_last_weighted_value(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(weights[-1] * v[-1])
    return np.array(outputs)


@mistake("attention_loop", """Your values are weighted by the scores themselves. Softmax is
    missing: it turns the scores of a query into positive weights that sum to one.""", common=True)
def loops_over_scores_for_weights(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = np.array(scores)
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your values are added up with a weight of one each, so that all
    queries get the same answer. Each value comes in times its weight.""")
def forgets_the_weights(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Query i gives every value the weight number i, so that the values
    are added up evenly. Weight j belongs to value j.""")
def takes_the_weight_of_its_own_number(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weights[i] * value for value in v))
    return np.array(outputs)


@mistake("attention_loop", """Your answer has a row for every query *and* key: each weighted
    value was appended by itself. They are added up first, over the keys, to one row for each
    query.""")
def answers_with_a_row_for_every_pair(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.extend(weight * value for weight, value in zip(weights, v))
    return np.array(outputs)


@mistake("attention_loop", """Each query gets the plain mean of the values, whatever it asks.
    Each value counts as much as its weight.""")
def loops_to_the_plain_mean(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(v.mean(axis=0))
    return np.array(outputs)


@mistake("attention_loop", """Each query gets the value of its best key alone. Attention blends:
    every value counts, as much as its weight.""")
def loops_to_the_best_value(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(v[weights.argmax()])
    return np.array(outputs)


@mistake("attention_loop", """Your answers are too small by the number of keys: they are means
    of the weighted values. The weights already sum to one, so it is the sum that is a blend.""")
def loops_and_averages(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)) / len(v))
    return np.array(outputs)


@mistake("attention_loop", """Your rows are the weights of each query. The last step is missing:
    add up the values, each times its weight.""")
def loops_to_the_weights(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(weights)
    return np.array(outputs)


@mistake("attention_loop", """Your rows are the scores of each query. Two steps are missing:
    softmax makes weights of them, and the weights blend the values.""")
def loops_to_the_scores(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(scores)
    return np.array(outputs)


@mistake("attention_loop", """Your answers are blends of the keys. Keys are there to be found
    by; what gets blended is the values.""", common=True)
def loops_to_a_blend_of_keys(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, k)))
    return np.array(outputs)


@mistake("attention_loop", """Your queries are held against the values. It is the keys that they
    are held against; the values wait to be blended.""")
def loops_against_the_values(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in v]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """The keys that match least get the largest weights: your scores
    have the opposite sign.""")
def turns_each_score_round(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [-sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your answers go into an array as wide as the queries. Each answer
    is a blend of values, so it has d_v numbers, not d_k.""")
def makes_room_like_the_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros_like(q)
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answers are added up in an array as wide as the queries. Each
    answer is a blend of values, so it has d_v numbers, not d_k.""")
def adds_into_room_like_the_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros_like(q)
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] += sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answers go into an array of the shape of the values. It has a
    row for each key; there should be one for each query.""")
def makes_room_like_the_values(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros(v.shape)
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answers go into an array with a column for each key. That is
    the shape of the weights; an answer has the d_v numbers of a value.""")
def makes_room_like_the_weights(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), len(k)))
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] += sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answers go into an array of integers, which cuts off
    everything behind the decimal point. np.zeros makes room for fractions unless it is told
    otherwise.""")
def makes_room_for_integers(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), v.shape[-1]), dtype=int)
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answers are lists of zeros but for one row: every query
    writes into the last row. Each query writes into its own.""")
def writes_over_the_answer(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), v.shape[-1]))
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[-1] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answer is on its side, (d_v, n_queries): a column for each
    query where a row is expected.""")
def turns_the_answer_on_its_side(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs).T


@mistake("attention_loop", """Your answers stand in one long row, one after the other. Each
    query gets a row of its own: shape (n_queries, d_v).""")
def chains_the_answers(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.concatenate(outputs)


@probes("attention_loop")
def probe_attention_loop():
    rng = np.random.default_rng(2)
    yield given(*(rng.normal(size=size) for size in ((2, 3), (4, 3), (4, 5))))
    yield given(*(rng.normal(size=size) for size in ((3, 7), (5, 7), (5, 6))))
    yield given(*(rng.normal(size=size) for size in ((3, 3), (3, 3), (3, 3))))
    yield given(*(rng.normal(size=size) for size in ((4, 5), (2, 5), (2, 3))))
    yield given(*(60 * rng.normal(size=size) for size in ((3, 4), (5, 4), (5, 2))))
    yield given(*(rng.integers(-3, 4, size) for size in ((3, 4), (2, 4), (2, 5))))


# attention_scores ---------------------------------------------------------------


@mistake("attention_scores", """Your scores are plain dot products, too large by the root of
    d_k. Dividing by it keeps them about as large for long vectors as for short ones.""",
         common=True)
def scores_without_scaling(q, k):
    return q @ k.swapaxes(-1, -2)


@mistake("attention_scores", """Your scores are divided by d_k itself (or twice by its root).
    Once by the *root* of d_k is meant: that is how large a dot product of d_k numbers tends to
    be.""", common=True)
def scores_over_d_k(q, k):
    return q @ k.swapaxes(-1, -2) / q.shape[-1]


@mistake("attention_scores", """Your scores are divided by the fourth root of d_k: only one side
    was scaled, or a root was taken twice. The square root is meant.""")
def scores_over_the_fourth_root(q, k):
    return q @ k.swapaxes(-1, -2) / math.sqrt(math.sqrt(q.shape[-1]))


@mistake("attention_scores", """Your root of d_k is rounded to a whole number. Keep its digits:
    the root of 7 is 2.6458, not 2.""")
def scores_over_a_rounded_root(q, k):
    return q @ k.swapaxes(-1, -2) / int(math.sqrt(q.shape[-1]))


@mistake("attention_scores", """Your scores are divided by half of d_k. The root is meant: a
    power of one half, where ** 1/2 is a power of one, and then a half of it.""")
def scores_over_half_of_d_k(q, k):
    return q @ k.swapaxes(-1, -2) / (q.shape[-1] / 2)


@mistake("attention_scores", """Your scores are divided by twice d_k. The root is meant: a power
    of one half, where ** 1/2 is a power of one, and then a division by two.""")
def scores_over_twice_d_k(q, k):
    return q @ k.swapaxes(-1, -2) / q.shape[-1] / 2


@mistake("attention_scores", """Your scores are divided by the root of how many keys there are.
    The root of d_k is meant, of how many numbers a query and a key have: the *last* axis.""",
         common=True)
def scores_over_the_root_of_n_keys(q, k):
    return q @ k.swapaxes(-1, -2) / math.sqrt(k.shape[-2])


@mistake("attention_scores", """Your scores are divided by the root of how many queries there
    are. The root of d_k is meant, of how many numbers each query has: the *last* axis.""",
         common=True)
def scores_over_the_root_of_n_queries(q, k):
    return q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-2])


@mistake("attention_scores", """Your scores are divided by the root of the first axis of q: how
    many queries there are, or how many batches. d_k is the *last* axis.""", common=True)
def scores_over_the_root_of_the_first_axis(q, k):
    return q @ k.swapaxes(-1, -2) / math.sqrt(len(q))


@mistake("attention_scores", """Your scores are divided by the root of the first axis of k: how
    many keys there are, or how many batches. d_k is the *last* axis.""")
def scores_over_the_root_of_the_first_axis_of_keys(q, k):
    return q @ k.swapaxes(-1, -2) / math.sqrt(len(k))


@mistake("attention_scores", """Your scores are divided by how many keys there are. The root of
    d_k is meant, of how many numbers a query and a key have.""")
def scores_over_n_keys(q, k):
    return q @ k.swapaxes(-1, -2) / k.shape[-2]


@mistake("attention_scores", """Your scores are divided by how many queries there are. The root
    of d_k is meant, of how many numbers each query has.""")
def scores_over_n_queries(q, k):
    return q @ k.swapaxes(-1, -2) / q.shape[-2]


@mistake("attention_scores", """Your scores are divided by the length of the first axis of q:
    how many queries there are, or how many batches. The root of d_k is meant, and d_k is the
    *last* axis.""")
def scores_over_the_first_axis(q, k):
    return q @ k.swapaxes(-1, -2) / len(q)


@mistake("attention_scores", """Your scores are divided by the root of axis 1. In a table that
    is d_k; with a batch in front it is something else. d_k is the last axis, -1.""", common=True)
def scores_over_the_root_of_axis_one(q, k):
    return q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[1])


@mistake("attention_scores", """Your scores are divided by the root of axis 1 of k. In a table
    that is d_k; with a batch in front it is something else. d_k is the last axis, -1.""")
def scores_over_the_root_of_axis_one_of_keys(q, k):
    return q @ k.swapaxes(-1, -2) / math.sqrt(k.shape[1])


@mistake("attention_scores", """Your scores are divided by the root of how many numbers there
    are in q altogether. d_k is how many there are in *one* query.""")
def scores_over_the_root_of_the_size(q, k):
    return q @ k.swapaxes(-1, -2) / math.sqrt(q.size)


@mistake("attention_scores", """Your scores are multiplied by the root of d_k, where they should
    be divided.""", common=True)
def scores_times_the_root(q, k):
    return q @ k.swapaxes(-1, -2) * math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your scores are divided by 8, the root of 64. That is d_k in the
    paper; here it is whatever the length of a query is.""")
def scores_over_the_root_of_the_paper(q, k):
    return q @ k.swapaxes(-1, -2) / 8


@mistake("attention_scores", """Your division rounds down (//). One slash keeps what is behind
    the decimal point.""")
def scores_rounded_down(q, k):
    return q @ k.swapaxes(-1, -2) // math.sqrt(q.shape[-1])


@mistake("attention_scores", """NumPy's root of d_k is a float64 scalar, and it widens float32
    scores to float64. A plain Python float, as math.sqrt gives, leaves the dtype as it is.""",
         common=True)
def scores_in_float64_always(q, k):
    return q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])


@mistake("attention_scores", """Your scores have a row for each key and a column for each query:
    it is K Q^T instead of Q K^T.""", common=True)
def keys_score_the_queries(q, k):
    return k @ q.swapaxes(-1, -2) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """In `a @ b` the last axis of `a` meets the last but one of `b`:
    here d_k meets n_keys, hence the ValueError. The keys have to be turned on their side
    first.""", common=True)
def leaves_the_keys_as_they_are(q, k):
    return q @ k / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your keys were reshaped to (d_k, n_keys). The shape is right,
    but reshape cuts the numbers anew in their old order; swapping the two axes turns the table
    on its side.""")
def reshapes_the_keys(q, k):
    return q @ k.reshape(*k.shape[:-2], k.shape[-1], k.shape[-2]) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """You turn queries and keys on their side. One of them, the keys,
    is enough: then d_k of the one meets d_k of the other, and is summed away.""")
def turns_both_on_their_side(q, k):
    return q.swapaxes(-1, -2) @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """You turn the queries on their side. It is the keys that need it:
    then d_k of the one meets d_k of the other, and is summed away.""")
def turns_the_queries_on_their_side(q, k):
    return q.swapaxes(-1, -2) @ k / math.sqrt(q.shape[-1])


@mistake("attention_scores", """`.T` reverses *every* axis, so batches end up where d_k should
    be. For a single table it happens to be right; swap the last two axes and leave those in
    front alone.""", common=True)
def transposes_every_axis(q, k):
    return q @ k.T / math.sqrt(q.shape[-1])


@mistake("attention_scores", """`.T` on the queries puts d_k where a row for each query should
    be. It is the keys that are turned on their side, by swapping their last two axes.""")
def reverses_the_axes_of_the_queries(q, k):
    return q.T @ k / math.sqrt(q.shape[-1])


@mistake("attention_scores", """You swap axes 0 and 1 of k. In a table these are all there is;
    with a batch in front they are not the last two, -1 and -2.""", common=True)
def swaps_the_first_two_axes(q, k):
    return q @ k.swapaxes(0, 1) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """You swap axes 1 and 2 of k, which fits exactly one batch axis.
    Counted from the end, -1 and -2 fit any number of them.""", common=True)
def swaps_axes_one_and_two(q, k):
    return q @ k.swapaxes(1, 2) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """You list three axes for k, which fits exactly one batch axis.
    Swapping the last two, -1 and -2, fits any number of them.""")
def lists_three_axes(q, k):
    return q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your einsum names two axes, so it fits tables alone. Three dots,
    `...`, stand for any axes in front.""", common=True)
def spells_out_two_axes(q, k):
    return np.einsum("id,jd->ij", q, k) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your einsum names three axes, so it fits one batch axis and no
    other number of them. Three dots, `...`, stand for any axes in front.""")
def spells_out_three_axes(q, k):
    return np.einsum("bid,bjd->bij", q, k) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Every query is scored against the keys of *all* batches: np.dot,
    inner and tensordot combine each with each. `@` keeps to one batch at a time.""")
def scores_across_the_batches(q, k):
    return np.inner(q, k) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """`.T` reverses every axis, and np.dot combines every batch with
    every other: right for a table alone. `@`, with the last two axes swapped, keeps batches
    apart.""")
def dots_with_every_axis_reversed(q, k):
    return np.dot(q, k.T) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """`*` multiplies number by number, and the shapes of q and k do
    not fit for that. A score is the sum of such products: a matrix product.""")
def multiplies_number_by_number(q, k):
    return q * k / math.sqrt(q.shape[-1])


@mistake("attention_scores", """`*` pairs query i with key i, and their shapes do not fit for
    more. Every query meets every key: a score for each pair is a matrix product.""")
def adds_up_products_of_the_same_number(q, k):
    return (q * k).sum(axis=-1) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """The outer product multiplies every number of q with every number
    of k and adds nothing up. A score is a sum of d_k products.""")
def takes_the_outer_product(q, k):
    return np.outer(q, k) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your loops go through the first axis of q and of k: queries and
    keys in a table, but with a batch in front whole tables, which do not multiply. `@` takes
    care of any axes in front.""")
def scores_tables_alone(q, k):
    scores = [[query @ key for key in k] for query in q]
    return np.array(scores) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your loops fill in a table, a number for each query and key of
    the first axis. With a batch in front these are whole tables, and no number comes out. `@`
    takes care of any axes in front.""")
def fills_in_tables_alone(q, k):
    scores = np.zeros((len(q), len(k)))
    for i in range(len(q)):
        for j in range(len(k)):
            scores[i, j] = np.dot(q[i], k[j]) / math.sqrt(q.shape[-1])
    return scores


@mistake("attention_scores", """Your scores are those of the first batch alone, or, in a table,
    of the first query. All axes in front stay.""")
def scores_the_first_batch_alone(q, k):
    return q[0] @ k[0].swapaxes(-1, -2) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your scores have been through softmax already: each row sums to
    one. That is the next function's task.""", common=True)
def scores_with_the_softmax_in(q, k):
    return softmax(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1]))


@mistake("attention_scores", """Your scores are cosines: queries and keys are brought to length
    one. Here their lengths count, and only the root of d_k is divided by.""",
         extra=(0.0, 1e-9, 1e-8, 1e-6))
def scores_cosines(q, k, *, extra):
    q = q / (np.linalg.norm(q, axis=-1, keepdims=True) + extra)
    k = k / (np.linalg.norm(k, axis=-1, keepdims=True) + extra)
    return q @ k.swapaxes(-1, -2)


@mistake("attention_scores", """Queries and keys are brought to length one before they are
    multiplied and scaled. Here their lengths count: leave them as they are.""")
def scores_scaled_cosines(q, k):
    q = q / np.linalg.norm(q, axis=-1, keepdims=True)
    k = k / np.linalg.norm(k, axis=-1, keepdims=True)
    return q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your scores are distances with a minus sign. A distance measures
    a match too, but this formula takes the dot product of query and key.""")
def scores_distances(q, k):
    gaps = q[..., :, None, :] - k[..., None, :, :]
    return -np.linalg.norm(gaps, axis=-1)


@mistake("attention_scores", """Your scores are distances over the root of d_k, with a minus
    sign. This formula takes the dot product of query and key.""")
def scores_scaled_distances(q, k):
    gaps = q[..., :, None, :] - k[..., None, :, :]
    return -np.linalg.norm(gaps, axis=-1) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """All your scores have the opposite sign, so the worst match would
    get the largest weight.""")
def scores_with_the_sign_turned(q, k):
    return -q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your scores have lost their signs. A negative dot product is a
    bad match, and has to stay negative.""")
def scores_without_signs(q, k):
    return np.abs(q @ k.swapaxes(-1, -2)) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your negative scores are cut off at zero. A negative dot product
    is a worse match than none, and has to stay negative.""")
def scores_cut_off_at_zero(q, k):
    return np.maximum(q @ k.swapaxes(-1, -2), 0) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your keys are in reverse order: column j holds the scores of the
    j-th key from the end.""")
def scores_against_the_keys_reversed(q, k):
    return q @ k[..., ::-1, :].swapaxes(-1, -2) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your scaling writes into the caller's queries: after the call
    they are smaller, and integers cannot take it at all. q = q / ... makes a new array.""")
def writes_the_scaling_into_q(q, k):
    q /= math.sqrt(q.shape[-1])
    return q @ k.swapaxes(-1, -2)


@mistake("attention_scores", """Your scaling writes into the caller's keys: after the call they
    are smaller, and integers cannot take it at all. k = k / ... makes a new array.""")
def writes_the_scaling_into_k(q, k):
    k /= math.sqrt(k.shape[-1])
    return q @ k.swapaxes(-1, -2)


@mistake("attention_scores", """Your scores are rounded. Round what you print, not what you
    return.""", digits=(2, 3, 4, 5, 6, 8))
def scores_rounded(q, k, *, digits):
    return np.round(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1]), digits)


@mistake("attention_scores", """Your scores have fewer digits than q and k came with: they went
    through float32. Leave the dtype as it is.""")
def scores_with_fewer_digits(q, k):
    return q.astype(np.float32) @ k.astype(np.float32).swapaxes(-1, -2) / math.sqrt(q.shape[-1])


@probes("attention_scores")
def probe_attention_scores():
    rng = np.random.default_rng(3)
    yield given(rng.normal(size=(3, 7)), rng.normal(size=(5, 7)))
    yield given(rng.normal(size=(2, 5)), rng.normal(size=(4, 5)))
    yield given(rng.normal(size=(3, 3)), rng.normal(size=(3, 3)))
    yield given(rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 4, 5)))
    yield given(rng.normal(size=(2, 4, 3, 7)), rng.normal(size=(2, 4, 5, 7)))
    yield given(rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 2, 2)))
    yield given(rng.integers(-5, 6, (2, 6)), rng.integers(-5, 6, (3, 6)))
    yield given(*(rng.normal(size=(n, 7)).astype(np.float32) for n in (3, 5)))


# attention_weights --------------------------------------------------------------


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


@mistake("attention_weights", """You hide keys after the softmax and divide by what is left.
    That is right as long as something is left: beside a hidden key with a far higher score it
    is 0 / 0, NaN. Mask the scores.""")
def shares_out_again_after_hiding(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = np.where(mask, softmax(scores), 0.0)
    return weights / weights.sum(axis=-1, keepdims=True)


@mistake("attention_weights", """You hide keys after the softmax and divide by what is left.
    Beside a hidden key with a far higher score nothing is left, though visible keys should
    share the whole. Mask the scores.""")
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
    every key: all its scores are equally low, and softmax gives equals equal shares. It should
    get zeros.""", common=True)
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


@mistake("attention_weights", """Hidden keys get a score that is low, but not low enough: next
    to scores of -40 it even wins. Their weight has to be exactly zero, whatever the other
    scores are.""", common=True, low=(-10.0, -1.0, -2.0, -5.0, -20.0, -30.0, -50.0, -99.0, -100.0))
def leaves_hidden_keys_a_low_score(q, k, mask=None, *, low):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(np.where(mask, scores, low))
    return weights


@mistake("attention_weights", """Your mask lowers hidden scores by a number that is too small,
    so hidden keys keep a little weight. It has to be exactly zero, whatever the scores are.""",
         low=(-10.0, -2.0, -5.0, -20.0, -30.0, -50.0, -99.0, -100.0))
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
         low=(-10.0, -1.0, -5.0, -20.0))
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


@mistake("attention_weights", """`scores[~mask]` needs a mask of exactly the shape of the
    scores. Masks may be smaller and stretch, as (batch, 1, n_keys) does: np.where stretches
    them.""", common=True)
def needs_a_mask_for_every_pair(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    scores[~mask] = np.finfo(scores.dtype).min
    weights = softmax(scores)
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """`scores[mask] = ...` hides what the mask shows, since True
    means "may attend". And it needs a mask of exactly the shape of the scores, where a smaller
    one may stretch.""")
def needs_a_mask_for_every_pair_turned_round(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    scores[mask] = np.finfo(scores.dtype).min
    weights = softmax(scores)
    return np.where(mask, 0.0, weights)


@mistake("attention_weights", """`scores[mask]` picks the visible scores into one long row: the
    table is gone. The weights keep the shape of the scores, with zeros where a key is
    hidden.""")
def keeps_the_visible_scores_alone(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return softmax(scores[mask])


@mistake("attention_weights", """Your mask is transposed: its rows are taken for keys. Row i of
    a mask is about query i, column j about key j, as in the scores.""")
def turns_the_mask_on_its_side(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask.T, scores, lowest))
    return np.where(mask.T, weights, 0.0)


@mistake("attention_weights", """Your mask gets a new axis at its end, so it hides queries
    instead of keys. The last axis of a mask is that of the keys already; it stretches by
    itself.""", common=True)
def takes_the_mask_for_queries(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    mask = mask[..., None]
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Your mask gets a new axis before its keys (for heads, perhaps),
    and the weights get one more too. A mask stretches to the scores by itself.""")
def gives_the_mask_an_axis_in_front(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    mask = mask[..., None, :]
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Your mask gets a new axis in second place (for heads, perhaps),
    and no longer lines up with the scores. A mask stretches to the scores by itself.""")
def gives_the_mask_a_second_axis(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    mask = mask[:, None]
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Only the first row (or batch) of your mask counts: it is used
    for all of them. A mask has a row for each query where queries see different things.""")
def takes_the_first_row_of_the_mask(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    mask = mask[0]
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """A query with one hidden key gets zeros for all of them. Zeros
    throughout are for a query that may attend to *nothing*: `any` asks that, `all` does not.""")
def hides_all_of_a_row_with_a_hidden_key(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(np.all(mask, axis=-1, keepdims=True), weights, 0.0)


@mistake("attention_weights", """Visible keys all get the same weight: the scores are missing.
    Among the visible keys, the softmax of the scores decides.""")
def shares_evenly_what_is_visible(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return mask / np.maximum(mask.sum(axis=-1, keepdims=True), 1) + 0 * scores


@mistake("attention_weights", """Your softmax runs down the columns, axis -2: each key shares
    itself out among the queries. A query shares out its own row, along the keys, the last
    axis.""", common=True)
def shares_out_down_the_columns(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores, axis=-2)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest), axis=-2)
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Your softmax runs along the first axis: queries, or batches,
    share a key among them. A query shares out its own row, along the keys, the last axis.""")
def shares_out_along_the_first_axis(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores, axis=0)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest), axis=0)
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Your softmax runs along axis 1: right for a table alone. With a
    batch in front, axis 1 is another one; the keys are the last axis.""", common=True)
def shares_out_along_axis_one(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores, axis=1)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest), axis=1)
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """All weights of your table together sum to one: softmax got one
    long row. Each query shares out its own row.""")
def shares_out_the_whole_table(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores.ravel()).reshape(scores.shape)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest).ravel()).reshape(scores.shape)
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Queries and keys have changed places on the way to
    attention_scores: there is a row for each key, where there should be one for each query.""")
def scores_keys_against_queries(q, k, mask=None):
    scores = attention_scores(k, q)
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Your scores are divided by the root of d_k twice:
    attention_scores has done it already.""", common=True)
def scales_twice(q, k, mask=None):
    scores = attention_scores(q, k) / math.sqrt(q.shape[-1])
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """Your answer is scores, not weights: softmax is missing. It
    makes them positive, with a sum of one for each query.""",
         low=(-1e9, -np.inf, 0.0, -1e4, -1e10, -1e30))
def answers_with_masked_scores(q, k, mask=None, *, low):
    scores = attention_scores(q, k)
    if mask is None:
        return scores
    return np.where(mask, scores, low)


@mistake("attention_weights", """Your weights went through softmax twice: the first weights were
    taken for scores, and came out almost even. Once is enough.""", common=True)
def does_softmax_twice(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(softmax(scores))
    lowest = np.finfo(scores.dtype).min
    weights = softmax(softmax(np.where(mask, scores, lowest)))
    return np.where(mask, weights, 0.0)


@mistake("attention_weights", """What you add to the scores is a float64 array, and it widens
    float32 scores to float64. np.where with a plain number keeps the dtype of the scores.""")
def widens_with_a_table_of_zeros(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    lowest = np.where(mask, 0.0, -np.inf)
    weights = np.nan_to_num(softmax(scores + lowest))
    return np.where(mask, weights, 0.0)


@probes("attention_weights")
def probe_attention_weights():
    rng = np.random.default_rng(4)
    q, k = rng.normal(size=(3, 7)), rng.normal(size=(4, 7))
    table = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]], dtype=bool)
    yield given(q, k)
    yield given(q, k, table)
    yield given(-40 * np.ones((3, 7)), 1 + np.abs(k), mask=table[::-1])
    yield given(q, k, table & [[True], [False], [True]])
    yield given(q, np.array([[1], [1], [1], [400]]) * k, np.array([True, True, True, False]))
    yield given(rng.normal(size=(3, 5)), rng.normal(size=(3, 5)), table[::-1, :3])
    q, k = rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 4, 5))
    yield given(q, k)
    yield given(q, k, np.array([[[True, False, True, True]], [[True, True, False, False]]]))
    yield given(q, k, np.array([True, True, False, True]))
    yield given(rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 2, 2)))
    yield given(*(rng.normal(size=(n, 5)).astype(np.float32) for n in (3, 4)), table)


# attention ----------------------------------------------------------------------


@mistake("attention", """The mask has no effect: attention_weights is called without it.""",
         common=True)
def forgets_to_pass_the_mask_on(q, k, v, mask=None):
    return attention_weights(q, k) @ v


@mistake("attention", """Hidden values count as zeros, but their keys still take a share of the
    weights. It is the weights that the mask acts on.""")
def hides_rows_of_values(q, k, v, mask=None):
    if mask is not None:
        v = v * mask[..., None]
    return attention_weights(q, k) @ v


@mistake("attention", """The mask is turned round on its way to attention_weights: hidden keys
    are seen, and visible ones are not. True means "may attend" there too.""")
def passes_the_mask_the_wrong_way_round(q, k, v, mask=None):
    mask = None if mask is None else ~mask
    return attention_weights(q, k, mask) @ v


@mistake("attention", """Only the first row (or batch) of the mask is passed on, for all of
    them. Where queries see different things, a mask has a row for each.""")
def passes_the_first_row_of_the_mask(q, k, v, mask=None):
    mask = None if mask is None else mask[0]
    return attention_weights(q, k, mask) @ v


@mistake("attention", """Your weights are transposed before they meet the values. Row i holds
    the weights of query i, and its keys meet the rows of v: the order is right as it is.""",
         common=True)
def turns_the_weights_on_their_side(q, k, v, mask=None):
    return attention_weights(q, k, mask).swapaxes(-1, -2) @ v


@mistake("attention", """`.T` reverses every axis of your weights before they meet the values.
    Row i holds the weights of query i, and its keys meet the rows of v: the order is right as
    it is.""", common=True)
def reverses_the_axes_of_the_weights(q, k, v, mask=None):
    return attention_weights(q, k, mask).T @ v


@mistake("attention", """Values and weights are in the wrong order. In `a @ b` the last axis of
    `a` meets the last but one of `b`: that is n_keys, if the weights stand first.""")
def puts_values_before_weights(q, k, v, mask=None):
    return v @ attention_weights(q, k, mask)


@mistake("attention", """You turn the values on their side. They fit as they are: the last axis
    of the weights and the last but one of v are both n_keys.""")
def turns_the_values_on_their_side(q, k, v, mask=None):
    return attention_weights(q, k, mask) @ v.swapaxes(-1, -2)


@mistake("attention", """Your answer is the weights. The last step is missing: they blend the
    values.""", common=True)
def returns_the_weights(q, k, v, mask=None):
    return attention_weights(q, k, mask)


@mistake("attention", """Your answer is two arrays, output and weights. Here the output alone is
    asked for.""", common=True)
def returns_both(q, k, v, mask=None):
    weights = attention_weights(q, k, mask)
    return weights @ v, weights


@mistake("attention", """Your answer is two arrays, weights and output. Here the output alone is
    asked for.""")
def returns_both_the_other_way_round(q, k, v, mask=None):
    weights = attention_weights(q, k, mask)
    return weights, weights @ v


@mistake("attention", """Your answer is a blend of the keys. Keys are there to be found by; what
    gets blended is the values.""", common=True)
def blends_keys(q, k, v, mask=None):
    return attention_weights(q, k, mask) @ k


@mistake("attention", """Your weights are multiplied with the queries. What they blend is the
    values, a row for each key.""")
def blends_queries(q, k, v, mask=None):
    return attention_weights(q, k, mask) @ q


@mistake("attention", """Queries and keys have changed places on the way to attention_weights:
    its rows are then keys.""")
def swaps_queries_and_keys(q, k, v, mask=None):
    return attention_weights(k, q, mask) @ v


@mistake("attention", """Queries are held against the values: keys and values have changed
    places.""")
def swaps_keys_and_values(q, k, v, mask=None):
    return attention_weights(q, v, mask) @ k


@mistake("attention", """Queries are held against the values, where they should be held against
    the keys.""")
def holds_queries_against_values(q, k, v, mask=None):
    return attention_weights(q, v, mask) @ v


@mistake("attention", """Your output is divided by the root of d_k. The scores have been scaled
    already; weights that sum to one blend values without any more scaling.""", common=True)
def scales_the_output(q, k, v, mask=None):
    return attention_weights(q, k, mask) @ v / math.sqrt(q.shape[-1])


@mistake("attention", """Your output is divided by the root of d_v. The scores have been scaled
    already, by the root of d_k; weights that sum to one blend values without any more
    scaling.""")
def scales_the_output_by_d_v(q, k, v, mask=None):
    return attention_weights(q, k, mask) @ v / math.sqrt(v.shape[-1])


@mistake("attention", """Your scores are divided by the root of d_v, the width of the values.
    The values have no part in the scores: it is the root of d_k, as attention_scores does
    it.""")
def scales_the_scores_by_d_v(q, k, v, mask=None):
    q = q * (math.sqrt(q.shape[-1]) / math.sqrt(v.shape[-1]))
    return attention_weights(q, k, mask) @ v


@mistake("attention", """Your output rows are brought to length one. A blend of values is the
    answer as it is.""")
def brings_the_output_to_length_one(q, k, v, mask=None):
    output = attention_weights(q, k, mask) @ v
    return output / np.linalg.norm(output, axis=-1, keepdims=True)


@mistake("attention", """Your output is too small by the number of keys. The weights already sum
    to one: their sum over the keys is the blend, not its mean.""", common=True)
def averages_over_the_keys(q, k, v, mask=None):
    return attention_weights(q, k, mask) @ v / k.shape[-2]


@mistake("attention", """Your output went through softmax: each row sums to one. Softmax is for
    scores; a blend of values may be any numbers.""")
def makes_weights_of_the_output(q, k, v, mask=None):
    return softmax(attention_weights(q, k, mask) @ v)


@mistake("attention", """Softmax is taken of the weights, which have been through it already,
    and they come out almost even. Once is enough.""")
def makes_weights_of_the_weights(q, k, v, mask=None):
    return softmax(attention_weights(q, k, mask)) @ v


@mistake("attention", """Your values are weighted by the scores themselves. The softmax is
    missing between the two products.""", common=True)
def blends_by_the_scores(q, k, v, mask=None):
    return attention_scores(q, k) @ v


@mistake("attention", """`*` multiplies number by number, and the shapes of weights and values
    do not fit for that. A blend is a matrix product.""")
def multiplies_weights_and_values(q, k, v, mask=None):
    return attention_weights(q, k, mask) * v


@mistake("attention", """The queries are added to your output (or tried to be). That is a
    residual connection, and it comes in lesson 5; attention returns the blend alone.""",
         common=True)
def adds_the_queries(q, k, v, mask=None):
    return q + attention_weights(q, k, mask) @ v


@mistake("attention", """The values are added to your output (or tried to be). Attention returns
    the blend alone, a row for each query.""")
def adds_the_values(q, k, v, mask=None):
    return attention_weights(q, k, mask) @ v + v


@mistake("attention", """Your einsum names two axes, so it fits tables alone. Three dots, `...`,
    stand for any axes in front.""")
def answers_tables_alone(q, k, v, mask=None):
    return np.einsum("ij,jd->id", attention_weights(q, k, mask), v)


@mistake("attention", """Every row of weights blends the values of *all* batches: np.dot
    combines each with each. `@` keeps to one batch at a time.""")
def blends_across_the_batches(q, k, v, mask=None):
    return np.dot(attention_weights(q, k, mask), v)


@mistake("attention", """Your loop answers, which takes no mask and no batch axes. Here the
    matrix products of attention_weights are asked for.""")
def answers_with_the_loop(q, k, v, mask=None):
    return attention_loop(q, k, v)


@mistake("attention", """Each query gets the value of its best key alone. Attention blends:
    every value counts, as much as its weight.""")
def answers_with_the_best_value(q, k, v, mask=None):
    best = attention_weights(q, k, mask).argmax(axis=-1)
    return np.take_along_axis(v, best[..., None], axis=-2)


@mistake("attention", """Every query gets the plain mean of the values, whatever it asks. The
    weights are missing.""")
def blends_evenly(q, k, v, mask=None):
    weights = attention_weights(q, k, mask)
    return np.ones_like(weights) / weights.shape[-1] @ v


@mistake("attention", """The answers of all queries are added up into one. Each query keeps a
    row of its own; it is the keys that are summed away.""")
def adds_the_answers_of_all_queries(q, k, v, mask=None):
    return (attention_weights(q, k, mask) @ v).sum(axis=-2)


@mistake("attention", """Your output is on its side: (d_v, n_queries) instead of a row for each
    query.""", common=True)
def turns_the_output_on_its_side(q, k, v, mask=None):
    return (attention_weights(q, k, mask) @ v).swapaxes(-1, -2)


@mistake("attention", """Your numbers are right but float64: the inputs are converted on the
    way. What comes in as float32 goes out as float32.""", common=True)
def computes_in_float64(q, k, v, mask=None):
    q, k, v = (a.astype(np.float64) for a in (q, k, v))
    return attention_weights(q, k, mask) @ v


@mistake("attention", """Your answer is float64, whatever comes in: an array made without a
    dtype is, and so is what it is combined with. float32 stays float32.""")
def answers_in_float64(q, k, v, mask=None):
    output = np.zeros((*q.shape[:-1], v.shape[-1]))
    output[...] = attention_weights(q, k, mask) @ v
    return output


@mistake("attention", """Your mask hides rows of the output, and all keys are seen. It is about
    pairs of a query and a key, and acts on the weights.""")
def hides_the_answers_of_queries(q, k, v, mask=None):
    output = attention_weights(q, k) @ v
    return output if mask is None else output * np.any(mask, axis=-1, keepdims=True)


@probes("attention")
def probe_attention():
    rng = np.random.default_rng(5)
    table = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]], dtype=bool)
    q, k, v = (rng.normal(size=size) for size in ((3, 7), (4, 7), (4, 5)))
    yield given(q, k, v)
    yield given(q, k, v, table)
    yield given(q, k, v, table & [[True], [False], [True]])
    yield given(*(rng.normal(size=(3, 3)) for _ in range(3)), table[::-1, :3])
    q, k, v = (rng.normal(size=(2, *size)) for size in ((3, 5), (4, 5), (4, 6)))
    yield given(q, k, v)
    yield given(q, k, v, np.array([[[True, False, True, True]], [[True, True, False, False]]]))
    yield given(*(rng.normal(size=(2, n, 2)) for n in (3, 2, 2)))
    q, k, v, mask = -40 * np.ones((3, 7)), 1 + np.abs(rng.normal(size=(4, 7))), v[0], table[::-1]
    yield given(q, k, v, mask=mask)
    yield given(q, np.array([[1], [-50], [1], [1]]) * k, v, np.array([True, False, True, True]))
