"""Mistakes in softmax: habits from tables, from integers and from PyTorch."""

import numpy as np

from tests.runner.diagnosis.known import edit, mistake

keeps_integer_exponentials = edit("softmax", """Your exponentials are kept in the dtype of the
    scores (by np.zeros_like or astype, perhaps). For integers that cuts each one below 1 down to
    zero. Let np.exp make a new array.""",
    ("np.exp(shifted)", "np.exp(shifted).astype(scores.dtype)"))


@mistake("softmax", """You use `.T` to line rows up with their sums. With a batch axis in front
    it reverses every axis, and along axis 0 it is one transpose too many. Use keepdims=True,
    which lines them up without it.""",
         common=True, maximum=("one for all", "one for each row", "none"))
def turns_the_table_to_divide(scores, axis=-1, *, maximum):
    shifted = scores if maximum == "none" else scores - scores.max()
    if maximum == "one for each row":
        shifted = (scores.T - scores.max(axis=axis)).T
    exps = np.exp(shifted)
    return (exps.T / exps.sum(axis=axis)).T


@mistake("softmax", """Your softmax takes each item of the first axis for a row. That fits a
    table; with more axes an item is itself a table, and all its weights together sum to one.
    Use the axis that `axis` names.""")
def goes_through_the_rows_of_a_table(scores, axis=-1):
    rows = scores if scores.ndim > 1 else scores[None]
    exps = [np.exp(row - row.max()) for row in rows]
    return np.array([exp / exp.sum() for exp in exps]).reshape(scores.shape)


takes_the_maximum_of_the_first_row = edit("softmax", """You subtract the maximum of the first row
    (or of the first batch) from every row, so rows far from it overflow or vanish. In NumPy a
    `[0]` after `max` picks just that one; subtract each row's own.""",
    ("max(axis=axis, keepdims=True)", "max(axis=axis, keepdims=True)[0]"))

works_inside_a_copy = edit("softmax", """Your softmax works in place on a copy of the scores.
    If these are integers, so is the copy, and NumPy refuses to write exponentials into it.
    Let np.exp make a new array.""",
    ("shifted =", "exps ="), ("exps = np.exp(shifted)", "np.exp(exps, out=exps)"))
