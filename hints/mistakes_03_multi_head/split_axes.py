"""Mistakes in split_heads: where the axes go."""

import numpy as np

from tests.runner.diagnosis.known import mistake


@mistake("split_heads", """Your heads mix tokens: a reshape alone fills them in reading order, so
    head 0 gets the first tokens whole. Split only the last axis, then swap heads and tokens.""",
         common=True)
def reshapes_alone(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_heads, n_tokens, d_model // n_heads)


@mistake("split_heads", """Your columns are split as they should be, but the axes are (...,
    n_tokens, n_heads, d_head). The heads should come before the tokens: the swap is missing.""",
    common=True, denies=True)
def leaves_the_heads_behind_the_tokens(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads)


@mistake("split_heads", """Your last two axes are swapped: the shape is (..., n_tokens, d_head,
    n_heads). Swap heads and tokens instead, axes -3 and -2.""", common=True)
def swaps_heads_with_their_columns(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-1, -2)


@mistake("split_heads", """Tokens and columns are swapped: your shape is (..., d_head, n_heads,
    n_tokens). Swap heads and tokens instead, axes -3 and -2.""")
def swaps_tokens_with_columns(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-1, -3)


@mistake("split_heads", """You swap axes 0 and 1, which are tokens and heads only where there is no
    batch axis. Count from the end: swap axes -3 and -2.""", common=True)
def swaps_the_first_two_axes(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(0, 1)


@mistake("split_heads", """You swap axes 1 and 2, which are tokens and heads only where there is
    exactly one batch axis. Count from the end: swap axes -3 and -2.""", common=True)
def swaps_axes_one_and_two(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(1, 2)


@mistake("split_heads", """Your transpose lists three axes, so it fits only a single sequence.
    swapaxes(-2, -3) works with any number of batch axes.""")
def transposes_three_axes(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).transpose(1, 0, 2)


@mistake("split_heads", """Your transpose lists four axes, so it needs exactly one batch axis.
    swapaxes(-2, -3) works with any number, none included.""")
def transposes_four_axes(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).transpose(0, 2, 1, 3)


@mistake("split_heads", """You reverse all the axes, as `.T` does. Swap only heads and tokens, axes
    -3 and -2.""")
def reverses_all_axes(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).T


@mistake("split_heads", """Each of your heads is transposed: the shape is (..., n_heads, d_head,
    n_tokens). The numbers of a token should be in a row: (..., n_heads, n_tokens, d_head).""")
def turns_the_columns_round_with_the_reshape(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3).swapaxes(-1, -2)


@mistake("split_heads", """You unpack the shape of x into three names, but here it has a different
    number of axes. `*batch, n_tokens, d_model = x.shape` fits any number.""")
def unpacks_one_batch_axis(x, n_heads):
    batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """You unpack the shape of x into two names, but with a batch it has more
    axes. `*batch, n_tokens, d_model = x.shape` fits any number.""")
def unpacks_two_axes(x, n_heads):
    n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """You count axes from the front, which finds the wrong ones when there is a
    batch. Tokens and width are the last two: x.shape[-2] and x.shape[-1].""", width=(1, -1))
def counts_axes_from_the_front(x, n_heads, *, width):
    n_tokens, d_model = x.shape[0], x.shape[width]
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Your answer always has four axes: all batch axes become one, and one of
    length 1 appears where there is none. Keep the batch axes as they are.""")
def makes_all_batch_axes_one(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(-1, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """The samples of a batch run together: all their tokens end up in one long
    sequence. Keep the batch axes in front; -1 is not a safe size for the tokens.""")
def takes_the_batch_for_tokens(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(-1, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Your heads come before everything else, batch axes included. They should
    come right before the tokens: (..., n_heads, n_tokens, d_head).""", common=True)
def puts_the_heads_before_the_batch(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.stack(np.split(x, n_heads, axis=-1))


@mistake("split_heads", """Your heads are always axis 1, which is right only with exactly one batch
    axis. Counted from the end they should be axis -3, however many axes come before them.""")
def puts_the_heads_in_second_place(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.stack(np.split(x, n_heads, axis=-1), axis=1)


@mistake("split_heads", """Your answer has an axis of length 1 in front that x does not have. Where
    x has no batch axis, the heads should come first.""")
def always_adds_a_batch_axis(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)[None]


@mistake("split_heads", """Your heads mix tokens, and samples if there is a batch: a reshape alone
    fills them in reading order. Split only the last axis, then swap heads and tokens.""")
def reshapes_everything_at_once(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(n_heads, -1, d_model // n_heads)


@mistake("split_heads", """Where x has no batch axis, your answer has one of length 1. Without a
    batch, the heads should come first; with one, right after it.""")
def adds_a_batch_axis_where_there_is_none(x, n_heads):
    batch, n_tokens, d_model = x.shape if x.ndim > 2 else (1, *x.shape)
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Your code handles a single sequence or one batch axis, but there may be
    more. `*batch, n_tokens, d_model = x.shape` fits any number.""")
def knows_one_batch_axis_at_most(x, n_heads):
    if x.ndim == 2:
        return x.reshape(len(x), n_heads, -1).swapaxes(0, 1)
    batch, n_tokens, d_model = x.shape
    return x.reshape(batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """You pass a whole list or tuple, such as the sizes of the batch axes,
    where one whole number should be. In a shape, a star unpacks it: `*batch`.""",
         kind=(list, tuple))
def gives_the_batch_without_its_star(x, n_heads, *, kind):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(kind(batch), n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)
