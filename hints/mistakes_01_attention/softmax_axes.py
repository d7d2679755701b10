"""Mistakes in softmax: along which axis, and what becomes of the axis."""

import math

import numpy as np

from tests.runner.mistakes import mistake


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


@mistake("softmax", """Your weights come back with their axis moved to the end. The shape has to be
    that of the scores: move the axis back where it was.""")
def leaves_the_axis_at_the_end(scores, axis=-1):
    rows = np.moveaxis(scores, axis, -1)
    exps = np.exp(rows - rows.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


@mistake("softmax", """Your weights have lost their axes of length 1. The shape has to be that of
    the scores.""")
def squeezes_the_weights(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return np.squeeze(exps / exps.sum(axis=axis, keepdims=True))
