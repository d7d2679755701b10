"""Mistakes in lesson 3 about what is refused: inverted checks, and heads of unequal width."""

import numpy as np
from kata_01_attention import attention_weights

from tests.runner.diagnosis.known import edit, mistake

refuses_what_divides = edit("split_heads", """Your check is inverted: it refuses widths that
    n_heads divides. Raise if d_model % n_heads is *not* 0.""",
    ("% n_heads", "% n_heads == 0"))

divides_the_number_of_heads = edit("split_heads", """Your check refuses any n_heads smaller than
    d_model, and those can be fine. Check whether n_heads divides d_model: d_model % n_heads, in
    this order.""",
    ("d_model % n_heads", "n_heads % d_model"))

raises_something_else = edit("split_heads", """If n_heads does not divide d_model, your code
    ends in a different exception. Raise a ValueError: a caller may be waiting for just that.""",
    ("ValueError", "kind"), kind=(Exception, TypeError, ArithmeticError))

shares_columns_out_unevenly = edit("multi_head_attention", """If n_heads does not divide a
    width, your heads have different widths, as np.array_split makes them, and each is scaled by
    its own. Raise a ValueError, as np.split does.""",
    ("split_heads(", "np.array_split(", 3), (", n_heads)", ", n_heads, axis=-1)", 3),
    ("if mask is not None:\nmask = np.expand_dims(np.atleast_2d(mask), -3)", ""),
    ("merge_heads(attention(q, k, v, mask))",
     "np.concatenate([attention(*head, mask) for head in zip(q, k, v)], axis=-1)"))


@mistake("attention_maps", """If n_heads does not divide the width of w_q, your heads have
    different widths, as np.array_split makes them, and each is scaled by its own. Raise a
    ValueError, as np.split does.""")
def shares_columns_of_the_maps_out_unevenly(x, w_q, w_k, n_heads, mask=None):
    q, k = (np.array_split(each, n_heads, axis=-1) for each in (x @ w_q, x @ w_k))
    return np.stack([attention_weights(*head, mask) for head in zip(q, k)], axis=-3)
