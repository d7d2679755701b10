"""Mistakes in softmax: along which axis, and what becomes of the axis."""

import math

import numpy as np

from tests.runner.diagnosis.known import edit, mistake

runs_down_the_columns = edit("softmax", """Your softmax runs down the columns: it always uses
    axis 0, so in a table every column sums to one, and the rows do not. Use the axis that `axis`
    names; -1 means along the rows.""",
    ("axis=axis", "axis=0", 2), common=True)

starts_from_the_first_axis = edit("softmax", """Without an `axis` argument your softmax runs
    along the first axis: columns sum to one instead of rows. The default of `axis` should be -1,
    the last axis, as in the stub.""",
    ("axis=-1", "axis=0"))

always_takes_axis_one = edit("softmax", """Your softmax always uses axis 1. That fits only a
    table: a single row has no axis 1, and with a batch axis in front it is a different axis. Use
    the one that `axis` names: -1 is always the last.""",
    ("axis=axis", "axis=1", 2), common=True)

sums_along_axis_one = edit("softmax", """Your maximum follows `axis`, but your sum always runs
    along axis 1. A single row has no axis 1, and with a batch axis in front it is a different
    axis. The sum should follow `axis` too.""",
    ("sum(axis=axis, keepdims=True)", "sum(axis=1, keepdims=True)"))

always_takes_the_last_axis = edit("softmax", """Your softmax always uses the last axis, whatever
    `axis` says. With axis=0 the columns should sum to one.""",
    ("axis=axis", "axis=-1", 2), common=True)

always_sums_along_the_last_axis = edit("softmax", """Your maximum follows `axis`, but your sum
    always runs along the last axis. The sum should follow `axis` too.""",
    ("sum(axis=axis, keepdims=True)", "sum(axis=-1, keepdims=True)"))

always_takes_the_maximum_along_the_last_axis = edit("softmax", """Your sum follows `axis`, but
    your maximum always runs along the last axis, so scores that share a sum have different
    numbers subtracted. The maximum should follow `axis` too.""",
    ("max(axis=axis, keepdims=True)", "max(axis=-1, keepdims=True)"))

takes_axis_one_unless_there_is_none = edit("softmax", """Your softmax uses axis 1 wherever there
    is more than a single row. With a batch axis in front that is not the last axis. Use the one
    that `axis` names: -1 is always the last.""",
    ("shifted =", "axis = min(1, scores.ndim - 1)\nshifted ="))

always_takes_the_last_axis_but_one = edit("softmax", """Your softmax always uses the
    second-to-last axis: the columns sum to one, and the rows do not. Use the axis that `axis`
    names; -1 is the last.""",
    ("axis=axis", "axis=-2", 2))

sums_down_the_columns = edit("softmax", """Your sum runs along axis 0 (as Python's own `sum`
    does), so each exponential is divided by the sum of its column. The maximum and the sum
    should both run along the row, or along whatever `axis` says.""",
    ("sum(axis=axis, keepdims=True)", "sum(axis=0, keepdims=True)"))

treats_all_rows_as_one = edit("softmax", """Your softmax treats the whole array as one row: all
    its weights together sum to one. Each row should sum to one by itself, so the maximum and the
    sum need the axis.""",
    ("axis=axis, keepdims=True", "", 2), common=True)

answers_with_one_long_row = edit("softmax", """Your softmax flattens the array into one long row
    and returns that. The weights should keep the shape of the scores, and each row should sum to
    one by itself.""",
    ("scores - scores.max(axis=axis, keepdims=True)", "scores.ravel() - scores.max()"),
    ("sum(axis=axis, keepdims=True)", "sum()"))

takes_one_sum_for_all = edit("softmax", """Your softmax divides by one sum over the whole array.
    Each row should sum to one by itself, so the sum needs the axis, just as the maximum does.""",
    ("sum(axis=axis, keepdims=True)", "sum()"), common=True)

shares_out_the_whole_table_unshifted = edit("softmax", """Two things at once. All weights of the
    array together sum to one, where each row should: the sum needs the axis. And plain
    exponentials overflow above 709: subtract the row's maximum first.""",
    ("shifted = scores - scores.max(axis=axis, keepdims=True)\nexps = np.exp(shifted)",
     "exps = np.exp(scores)"), ("sum(axis=axis, keepdims=True)", "sum()"))

shares_out_all_behind_the_first_axis = edit("softmax", """Your softmax sums over every axis after
    the first. That fits only a table: in a single row each weight becomes one, and with more
    axes too much is added up. Sum along the axis that `axis` names.""",
    ("shifted =", "rest = tuple(range(1, scores.ndim))\nshifted ="), ("axis=axis", "axis=rest", 2))

loses_the_axis_in_the_maximum = edit("softmax", """What you subtract has lost the axis that
    it runs along, so NumPy lines it up with the columns: an error, or wrong numbers if the table
    is square. Use keepdims=True to keep that axis, with length 1.""",
    ("max(axis=axis, keepdims=True)", "max(axis=axis)"), common=True)

loses_the_axis_in_the_sum = edit("softmax", """Your sum drops the axis that it runs along, so
    NumPy lines it up with the columns: an error, or wrong numbers if the table is square. Use
    keepdims=True to keep that axis, with length 1.""",
    ("sum(axis=axis, keepdims=True)", "sum(axis=axis)"), common=True)

loses_the_axis_twice = edit("softmax", """Your maximum and your sum drop the axis that they run
    along, so NumPy lines them up with the columns: an error, or wrong numbers if the table is
    square. Use keepdims=True to keep it, with length 1.""",
    ("axis, keepdims=True", "axis", 2), common=True)

puts_the_axis_back_at_the_end = edit("softmax", """Your softmax puts the summed axis back at the
    end, whichever `axis` it was. That fits only the last axis. Use keepdims=True, which leaves
    any axis where it was, with length 1.""",
    ("(axis=axis, keepdims=True)", "(axis=axis)[..., None]", 2))

puts_the_axis_back_as_axis_one = edit("softmax", """Your softmax puts the summed axis back as
    axis 1. A single row has no axis 1, and with a batch axis in front it is not the last. Use
    keepdims=True, which leaves the axis where it was, with length 1.""",
    ("(axis=axis, keepdims=True)", "(axis=axis)[:, None]", 2))

makes_a_column_of_sums = edit("softmax", """Your softmax makes a column with reshape(-1, 1). That
    fits only a table: a single row comes back as a table. Use keepdims=True, which leaves every
    other axis as it is.""",
    ("(axis=axis, keepdims=True)", "(axis=-1).reshape(-1, 1)", 2), speaks_of="reshape")

asks_python_for_the_maximum = edit("softmax", """Python's own `max` cannot compare whole rows:
    hence the ValueError about the truth value of an array. Use the array's own `.max`, which
    takes an axis.""",
    ("scores.max(axis=axis, keepdims=True)", "max(scores)"), speaks_of=("= max(", "- max("))

asks_math_for_the_exponentials = edit("softmax", """`math.exp` takes one number, not an array:
    hence the TypeError. Use NumPy's own version, which takes whole arrays.""",
    ("np", "math"))


@mistake("softmax", """Your softmax goes through the scores one by one. In a table each of these
    is a row, and `math.exp` cannot take a row. Use NumPy's own version, which takes arrays of
    any shape.""")
def goes_through_the_first_axis(scores, axis=-1):
    exps = [math.exp(score) for score in scores]
    return np.array([exp / sum(exps) for exp in exps])


@mistake("softmax", """Your weights come back with their axis moved to the end. They should have
    the shape of the scores: move the axis back to where it was.""")
def leaves_the_axis_at_the_end(scores, axis=-1):
    rows = np.moveaxis(scores, axis, -1)
    exps = np.exp(rows - rows.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


squeezes_the_weights = edit("softmax", """Your weights have lost their axes of length 1. They
    should have the shape of the scores.""",
    ("exps / exps.sum(axis=axis, keepdims=True)",
     "np.squeeze(exps / exps.sum(axis=axis, keepdims=True))"))
