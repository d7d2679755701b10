"""Mistakes in split_heads: where the axes go."""

import numpy as np

from tests.runner.mistakes import mistake


@mistake("split_heads", """Your heads mix words: a reshape alone deals the numbers out in reading
    order, so that head 0 gets the first words whole. Split the last axis alone, then swap heads
    and tokens.""", common=True)
def reshapes_alone(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_heads, n_tokens, d_model // n_heads)


@mistake("split_heads", """Your columns are split as they should be, but the axes stand as (...,
    n_tokens, n_heads, d_head). The heads belong in front of the tokens: the swap is missing.""",
    common=True)
def leaves_the_heads_behind_the_tokens(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads)


@mistake("split_heads", """The last two axes have changed places: yours are (..., n_tokens,
    d_head, n_heads). Heads and tokens should change places, axes -3 and -2.""", common=True)
def swaps_heads_with_their_columns(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-1, -2)


@mistake("split_heads", """Tokens and columns have changed places: yours are (..., d_head,
    n_heads, n_tokens). Heads and tokens should change places, axes -3 and -2.""")
def swaps_tokens_with_columns(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-1, -3)


@mistake("split_heads", """Your heads change places with the first axis. Without a batch that axis
    is the tokens; with one it is the batch. Count from the end: -3 and -2.""", common=True)
def swaps_the_first_two_axes(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(0, 1)


@mistake("split_heads", """Axes 1 and 2 change places. Those are tokens and heads with exactly one
    batch axis; without one they are others, and with more as well. Count from the end: -3 and
    -2.""", common=True)
def swaps_axes_one_and_two(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(1, 2)


@mistake("split_heads", """Your transpose names three axes, so it fits one sequence alone.
    swapaxes(-2, -3) fits any number of batch axes.""")
def transposes_three_axes(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).transpose(1, 0, 2)


@mistake("split_heads", """Your transpose names four axes, so it wants exactly one batch axis.
    swapaxes(-2, -3) fits any number, none included.""")
def transposes_four_axes(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).transpose(0, 2, 1, 3)


@mistake("split_heads", """All axes are turned round, which is what `.T` does. Heads and tokens
    alone should change places: axes -3 and -2.""")
def reverses_all_axes(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).T


@mistake("split_heads", """Every row of a head comes out as a column: you have (..., n_heads,
    d_head, n_tokens). A token keeps its numbers in a row, (..., n_heads, n_tokens, d_head).""")
def turns_the_columns_round_with_the_reshape(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3).swapaxes(-1, -2)


@mistake("split_heads", """You unpack the shape of x into three names, and here it has another
    number of axes. `*batch, n_tokens, d_model = x.shape` fits any number.""")
def unpacks_one_batch_axis(x, n_heads):
    batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """You unpack the shape of x into two names, and with a batch in front it
    has more. `*batch, n_tokens, d_model = x.shape` fits any number.""")
def unpacks_two_axes(x, n_heads):
    n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """You count axes from the front, and with a batch there these are others.
    Tokens and width are the last two: x.shape[-2] and x.shape[-1].""", width=(1, -1))
def counts_axes_from_the_front(x, n_heads, *, width):
    n_tokens, d_model = x.shape[0], x.shape[width]
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Your answer always has four axes: all batch axes become one, and where
    there is none, one of length 1 appears. Batch axes stay as they are.""")
def makes_all_batch_axes_one(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(-1, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """The samples of a batch run together: all their tokens stand in one long
    row. Batch axes stay in front, and -1 is no safe size for the tokens.""")
def takes_the_batch_for_tokens(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(-1, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Your heads stand in front of everything, batch axes included. They
    belong right in front of the tokens: (..., n_heads, n_tokens, d_head).""", common=True)
def puts_the_heads_before_the_batch(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.stack(np.split(x, n_heads, axis=-1))


@mistake("split_heads", """Your heads are always axis 1. That is right with exactly one batch
    axis; counted from the end they are axis -3, whatever stands in front.""")
def puts_the_heads_in_second_place(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.stack(np.split(x, n_heads, axis=-1), axis=1)


@mistake("split_heads", """Your answer has an axis of length 1 in front that x does not have.
    Where x has no batch axis, the heads come first.""")
def always_adds_a_batch_axis(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)[None]


@mistake("split_heads", """Your heads mix words, and samples if there is a batch: a reshape alone
    deals the numbers out in reading order. Split the last axis alone, then swap heads and
    tokens.""")
def reshapes_everything_at_once(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(n_heads, -1, d_model // n_heads)


@mistake("split_heads", """Where x has no batch axis, your answer has one of length 1. Without a batch
    the heads come first; with one they come right after it.""")
def adds_a_batch_axis_where_there_is_none(x, n_heads):
    batch, n_tokens, d_model = x.shape if x.ndim > 2 else (1, *x.shape)
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Your split knows a single sequence and one batch axis, and there may be more.
    `*batch, n_tokens, d_model = x.shape` fits any number.""")
def knows_one_batch_axis_at_most(x, n_heads):
    if x.ndim == 2:
        return x.reshape(len(x), n_heads, -1).swapaxes(0, 1)
    batch, n_tokens, d_model = x.shape
    return x.reshape(batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)
