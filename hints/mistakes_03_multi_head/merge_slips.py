"""Mistakes on the way back from the heads: a width that does not come out, and w_o too early."""

import numpy as np
from kata_01_attention import attention
from kata_03_multi_head import merge_heads, split_heads

from tests.runner.mistakes import mistake


@mistake("merge_heads", """Your rows are to be n_heads + d_head numbers long. Heads side by side take n_heads times
    d_head.""")
def adds_the_lengths_where_it_should_multiply(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads + d_head)


@mistake("multi_head_attention", """Your heads are multiplied by w_o one by one, before they stand side by side. w_o takes
    a whole row, all heads of a token: merge first.""", common=True)
def projects_the_heads_before_it_merges_them(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)  # one mask for all heads
    return merge_heads(attention(q, k, v, mask) @ w_o)
