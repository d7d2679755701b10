"""Mistakes in merge_heads."""

import numpy as np

from tests.runner.mistakes import given, mistake, probes


@mistake("merge_heads", """Your rows mix words: a reshape alone reads one head to its end before
    it starts the next. Swap heads and tokens first, then join the last two axes.""", common=True)
def merges_by_reshape_alone(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.reshape(*batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """Heads and tokens have changed places, and then the heads are still
    apart. Join the last two axes into one of n_heads * d_head.""", common=True)
def does_not_join_the_heads(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3)


@mistake("merge_heads", """You swap the last two axes, tokens and columns, before you join. Heads
    and tokens should change places, axes -3 and -2.""")
def swaps_tokens_with_columns_in_the_merge(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-1, -2).reshape(*batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """You swap heads and columns before you join. Heads and tokens should
    change places, axes -3 and -2; then every row holds one token.""")
def swaps_heads_with_columns_in_the_merge(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-1, -3).reshape(*batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """Your rows take one number from each head in turn. The heads belong side
    by side: all of head 0, then all of head 1.""", common=True)
def interleaves_the_heads_in_the_merge(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return np.moveaxis(x, -3, -1).reshape(*batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """Axes 0 and 1 change places. Those are heads and tokens without a batch;
    with one they are the batch and the heads. Count from the end: -3 and -2.""", common=True)
def swaps_the_first_two_axes_in_the_merge(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(0, 1).reshape(*batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """Axes 1 and 2 change places. Those are heads and tokens with exactly one
    batch axis, and others without it or with more. Count from the end: -3 and -2.""",
    common=True)
def swaps_axes_one_and_two_in_the_merge(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(1, 2).reshape(*batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """Your transpose names three axes, so it fits one sequence alone.
    swapaxes(-2, -3) fits any number of batch axes.""")
def transposes_three_axes_in_the_merge(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.transpose(1, 0, 2).reshape(*batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """Your transpose names four axes, so it wants exactly one batch axis.
    swapaxes(-2, -3) fits any number, none included.""")
def transposes_four_axes_in_the_merge(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.transpose(0, 2, 1, 3).reshape(*batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """All axes are turned round before you join them, which is what `.T`
    does. Heads and tokens alone should change places: axes -3 and -2.""")
def reverses_all_axes_in_the_merge(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.T.reshape(*batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """You unpack the shape of x into four names, and here it has another
    number of axes. `*batch, n_heads, n_tokens, d_head = x.shape` fits any number.""")
def unpacks_one_batch_axis_in_the_merge(x):
    batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """You unpack the shape of x into three names, and with a batch in front
    it has more. `*batch, n_heads, n_tokens, d_head = x.shape` fits any number.""")
def unpacks_three_axes_in_the_merge(x):
    n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(n_tokens, n_heads * d_head)


@mistake("merge_heads", """Your rows are heads, and each holds a whole head. The axes come as
    (..., n_heads, n_tokens, d_head); a row of the answer is a token.""")
def takes_tokens_for_heads(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.reshape(*batch, n_heads, n_tokens * d_head)


@mistake("merge_heads", """Your answer has a row for each head, though the numbers in it are in
    the order of the tokens. A row of the answer is a token, n_heads * d_head wide.""")
def swaps_and_then_takes_tokens_for_heads(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(*batch, n_heads, n_tokens * d_head)


@mistake("merge_heads", """Your heads stand below one another: the answer has n_heads * n_tokens
    rows. They belong side by side, which makes rows of n_heads * d_head.""")
def puts_heads_below_each_other(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.reshape(*batch, n_heads * n_tokens, d_head)


@mistake("merge_heads", """What you join is the first axis of x, one piece below the other. Heads
    belong side by side: along the last axis, n_heads * d_head wide.""")
def joins_along_the_first_axis(x):
    return np.concatenate(x)


@mistake("merge_heads", """You put side by side what the first axis holds. Without a batch that is
    the heads; with one it is the samples. The heads are axis -3.""")
def puts_the_batch_side_by_side(x):
    return np.concatenate(x, axis=-1)


@mistake("merge_heads", """You take x apart along its first axis and join along axis 1. That is right
    for one sequence alone; with a batch, it joins samples.""")
def stacks_horizontally(x):
    return np.hstack(x)


@mistake("merge_heads", """Your heads are added up into one. They are put side by side, so that
    w_o can weigh each number of each head on its own.""", common=True)
def adds_the_heads_up(x):
    return x.sum(axis=-3)


@mistake("merge_heads", """You take the mean of the heads. They are put side by side, so that w_o
    can weigh each number of each head on its own.""", common=True)
def averages_the_heads(x):
    return x.mean(axis=-3)


@mistake("merge_heads", """Of each number you keep the largest that any head has. All of them are
    kept: the heads are put side by side.""")
def takes_the_largest_head(x):
    return x.max(axis=-3)


@mistake("merge_heads", """A single head is left of yours, and the others are gone. All of them
    are kept, side by side.""", which=(0, -1))
def keeps_one_head(x, *, which):
    return x[..., which, :, :]


@mistake("merge_heads", """The samples of a batch stand below one another, as if they were tokens
    of one sequence. Batch axes stay in front as they are.""")
def runs_the_batch_into_the_tokens(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(-1, n_heads * d_head)


@mistake("merge_heads", """The samples of a batch run into the rows of the tokens. Batch axes stay
    in front as they are.""")
def runs_the_batch_into_the_width(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(n_tokens, -1)


@mistake("merge_heads", """Your answer always has three axes: all batch axes become one, and where
    there is none, one of length 1 appears. Batch axes stay as they are.""")
def makes_all_batch_axes_one_in_the_merge(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(-1, n_tokens, n_heads * d_head)


@mistake("merge_heads", """The right numbers lie on their side: (..., n_heads * d_head, n_tokens).
    A row of the answer is a token.""")
def turns_the_merged_rows_on_their_side(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return (x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)).swapaxes(-1, -2)


@mistake("merge_heads", """Your heads stand side by side in reverse: the last one comes first.
    Head 0 goes to the left.""")
def puts_the_last_head_first(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x[..., ::-1, :, :].swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)


@mistake("merge_heads", """Your answer is float64, whatever comes in: np.zeros and np.empty make
    that where no dtype is given. Numbers that are only moved keep their dtype.""", common=True)
def fills_a_float64_array_in_the_merge(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head).astype(np.float64)


@mistake("merge_heads", """All of your answer is zero but its first columns, which hold the last
    head: each head is written over the one before. Head h starts at column h * d_head.""")
def overwrites_one_head_with_the_next(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    merged = np.zeros((*batch, n_tokens, n_heads * d_head), dtype=x.dtype)
    for i in range(n_heads):
        merged[..., :d_head] = x[..., i, :, :]
    return merged


@mistake("merge_heads", """You return a list. One array is asked for, in which the heads stand
    side by side.""")
def returns_a_list_of_heads(x):
    return list(np.moveaxis(x, -3, 0))


@mistake("merge_heads", """Tokens and width have become one long axis. Heads and columns alone are
    joined: a row of n_heads * d_head for each token.""")
def joins_the_tokens_too(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(*batch, n_tokens * n_heads * d_head)


@probes("merge_heads")
def probe_merge_heads():
    x = np.random.default_rng(2).normal(size=(2, 4, 3, 5, 6))
    yield given(x[0, 0])
    yield given(x[0, 0, :, :2])
    yield given(x[0])
    yield given(x)
    yield given(x[0, :3, :, :3, :3])
    yield given(x[0, 0, :2, :2, :2])
    yield given(x[0, 0].astype(np.float32))
    yield given(np.arange(12).reshape(2, 3, 2))
