"""Mistakes in attention_scores: axes counted from the front."""

import math

import numpy as np

from tests.runner.diagnosis.known import edit, mistake

transposes_as_in_pytorch = edit("attention_scores", """NumPy's `transpose` takes the new order of
    *all* axes: your two leave a table as it is, and do not fit a batch. PyTorch's swaps two
    axes; in NumPy use `swapaxes(-1, -2)` for that.""",
    ("k.swapaxes(-1, -2)", "k.transpose(order)"), common=True, order=((-2, -1), (0, 1)))

lists_four_axes = edit("attention_scores", """You list four axes for k, which fits exactly two
    batch axes. Swap the last two, -1 and -2, which fits any number of them.""",
    ("k.swapaxes(-1, -2)", "k.transpose(0, 1, 3,2)"), common=True)


@mistake("attention_scores", """You treat tables and batches differently, and some numbers of
    batch axes still do not fit. Swap the last two axes, -1 and -2, which fits any number of
    them, and tables too.""", by=("transpose", "swapaxes"))
def turns_tables_and_single_batches(q, k, *, by):
    if k.ndim == 2:
        return q @ k.T / math.sqrt(q.shape[-1])
    turned = k.transpose(0, 2, 1) if by == "transpose" else k.swapaxes(1, 2)
    return q @ turned / math.sqrt(q.shape[-1])


lists_two_axes = edit("attention_scores", """You list two axes for k, which fits only tables.
    Swap the last two, -1 and -2, which fits any number of axes in front.""",
    ("k.swapaxes(-1, -2)", "k.transpose(1, 0)"))

spells_out_four_axes = edit("attention_scores", """Your einsum names four axes, so it fits
    exactly two batch axes. Write three dots, `...`, for any axes in front.""",
    ("q @ k.swapaxes(-1, -2)", 'np.einsum("bhic,bhjc->bhij", q, k)'))

unpacks_two_axes_of_q = edit("attention_scores", """You unpack the shape of q into two names, but
    a batch has more axes. Count from the end: q.shape[-1] is d_k, however many there are.""",
    ("return", "n_queries, d_k = q.shape\nreturn"), ("q.shape[-1]", "d_k"), common=True)

unpacks_three_axes_of_q = edit("attention_scores", """You unpack the shape of q into three names,
    which fits exactly one batch axis. Count from the end: q.shape[-1] is d_k.""",
    ("return", "batch, n_queries, d_k = q.shape\nreturn"), ("q.shape[-1]", "d_k"))

pairs_the_first_axes = edit("attention_scores", """Your new axes are counted from the front, q[:,
    None] against k[None], which fits only tables. Use a matrix product, which finds the last two
    axes by itself.""",
    ("q @ k.swapaxes(-1, -2)", "(q[:, None] * k[None]).sum(axis=-1)"))


@mistake("attention_scores", """Your loop takes the first axis for the only batch axis. A table
    has none, and a batch may have several. Let `@` handle any axes in front, without a loop.""",
         tables=(False, True))
def loops_over_one_batch_axis(q, k, *, tables):
    if tables and q.ndim == 2:
        return q @ k.T / math.sqrt(q.shape[-1])
    return np.array([one_q @ one_k.T for one_q, one_k in zip(q, k)]) / math.sqrt(q.shape[-1])
