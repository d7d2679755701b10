"""Mistakes in lesson 3 about what is refused: checks the wrong way round, and heads of unequal width."""

import numpy as np
from kata_01_attention import attention, attention_weights

from tests.runner.diagnosis.known import mistake


@mistake("split_heads", """Your check is the wrong way round: it refuses widths that n_heads
    divides. Raise where d_model % n_heads is *not* 0.""")
def refuses_what_divides(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads == 0:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Your check refuses any n_heads smaller than d_model, and those can be
    fine. Check whether n_heads divides d_model: d_model % n_heads, in this order.""")
def divides_the_number_of_heads(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if n_heads % d_model:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Where n_heads does not divide d_model, your code ends in a different
    exception. Raise a ValueError: a caller may be waiting for just that.""",
         kind=(Exception, TypeError, ArithmeticError))
def raises_something_else(x, n_heads, *, kind):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise kind(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("multi_head_attention", """Where n_heads does not divide a width, your heads have different
    widths, as np.array_split makes them, and each is scaled by its own. Raise a ValueError, as
    np.split does.""")
def shares_columns_out_unevenly(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (np.array_split(each, n_heads, axis=-1) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    return np.concatenate([attention(*head, mask) for head in zip(q, k, v)], axis=-1) @ w_o


@mistake("attention_maps", """Where n_heads does not divide the width of w_q, your heads have
    different widths, as np.array_split makes them, and each is scaled by its own. Raise a
    ValueError, as np.split does.""")
def shares_columns_of_the_maps_out_unevenly(x, w_q, w_k, n_heads, mask=None):
    q, k = (np.array_split(each, n_heads, axis=-1) for each in (x @ w_q, x @ w_k))
    return np.stack([attention_weights(*head, mask) for head in zip(q, k)], axis=-3)
