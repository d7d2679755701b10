"""Mistakes in split_heads of those who think of one sequence alone, with two axes and no batch.

They say what is wrong with that one; that a batch has more axes comes when it is right.
`axes` says which axes of x count as tokens and width; None stands for
`n_tokens, d_model = x.shape`.
"""

import numpy as np

from tests.runner.diagnosis.known import mistake

AXES = (None, (0, 1), (0, -1), (-2, -1))


@mistake("split_heads", """Your heads mix tokens: a reshape alone fills them in reading order, so
    head 0 gets the first tokens whole. Split only the last axis, then swap heads and tokens.""",
         axes=AXES, d_head=(None, -1))
def reshapes_one_sequence_alone(x, n_heads, *, axes, d_head):
    n_tokens, d_model = x.shape if axes is None else (x.shape[axes[0]], x.shape[axes[1]])
    return x.reshape(n_heads, n_tokens, d_head or d_model // n_heads)


@mistake("split_heads", """Your columns are split as they should be, but the tokens come before the
    heads: (n_tokens, n_heads, d_head). The heads should come first: the swap is missing.""",
         axes=AXES, d_head=(None, -1), denies=True)
def leaves_the_heads_behind_in_one_sequence(x, n_heads, *, axes, d_head):
    n_tokens, d_model = x.shape if axes is None else (x.shape[axes[0]], x.shape[axes[1]])
    return x.reshape(n_tokens, n_heads, d_head or d_model // n_heads)


@mistake("split_heads", """Your heads are interleaved: head 0 has columns 0, n_heads, 2 * n_heads
    and so on. Each head should have d_head adjacent columns: in the reshape, n_heads should come
    before d_head.""", axes=AXES, d_head=(None, -1))
def interleaves_one_sequence(x, n_heads, *, axes, d_head):
    n_tokens, d_model = x.shape if axes is None else (x.shape[axes[0]], x.shape[axes[1]])
    return x.reshape(n_tokens, d_head or d_model // n_heads, n_heads).transpose(2, 0, 1)


@mistake("split_heads", """Your heads are interleaved: head 0 has columns 0, n_heads, 2 * n_heads
    and so on. Each head should have d_head adjacent columns: h * d_head up to (h + 1) * d_head.""",
         axis=(1, -1), stacked=(True, False))
def slices_every_nth_column(x, n_heads, *, axis, stacked):
    heads = [x[:, h::n_heads] if axis == 1 else x[..., h::n_heads] for h in range(n_heads)]
    return np.stack(heads) if stacked else np.array(heads)


@mistake("split_heads", """Your heads overlap: each starts one column after the one before. Head h
    should start at column h * d_head and end before (h + 1) * d_head.""",
         axis=(1, -1), stacked=(True, False))
def slices_overlapping_columns(x, n_heads, *, axis, stacked):
    d_head = x.shape[-1] // n_heads
    heads = [x[:, h : h + d_head] if axis == 1 else x[..., h : h + d_head] for h in range(n_heads)]
    return np.stack(heads) if stacked else np.array(heads)
