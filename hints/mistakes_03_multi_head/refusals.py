"""Mistakes in lesson 3 about what is refused: checks the wrong way round, and heads of unequal width."""

import numpy as np
from kata_01_attention import attention, attention_weights

from tests.runner.mistakes import mistake


@mistake("split_heads", """Your check is the wrong way round: it refuses what comes out even. Raise where
    d_model % n_heads is *not* 0.""")
def refuses_what_divides(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads == 0:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Your check refuses fewer heads than there are columns, and those are fine. It is
    d_model that is divided by n_heads: d_model % n_heads, in this order.""")
def divides_the_number_of_heads(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if n_heads % d_model:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """What comes where n_heads does not divide d_model is an exception of another kind. A
    ValueError is asked for, and a caller may wait for just that.""", kind=(Exception, TypeError, ArithmeticError))
def raises_something_else(x, n_heads, *, kind):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise kind(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("multi_head_attention", """Where n_heads does not divide a width, your heads are of unequal width, as
    np.array_split makes them, and each would be scaled by its own. Raise a ValueError; np.split does.""")
def shares_columns_out_unevenly(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (np.array_split(each, n_heads, axis=-1) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    return np.concatenate([attention(*head, mask) for head in zip(q, k, v)], axis=-1) @ w_o


@mistake("attention_maps", """Where n_heads does not divide the width of w_q, your heads are of unequal width, as
    np.array_split makes them, and each is scaled by its own. Raise a ValueError; np.split does.""")
def shares_columns_of_the_maps_out_unevenly(x, w_q, w_k, n_heads, mask=None):
    q, k = (np.array_split(each, n_heads, axis=-1) for each in (x @ w_q, x @ w_k))
    return np.stack([attention_weights(*head, mask) for head in zip(q, k)], axis=-3)
