"""Mistakes in merge_heads."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

merges_by_reshape_alone = edit("merge_heads", """Your rows mix tokens: a reshape alone reads one
    head to its end before it starts the next. Swap heads and tokens first, then join the last
    two axes.""",
    ("x.swapaxes(-2, -3)", "x"), common=True, speaks_of="reshape")

does_not_join_the_heads = edit("merge_heads", """Heads and tokens are swapped, but the heads are
    still apart. Join the last two axes into one of n_heads * d_head.""",
    (".reshape(*batch, n_tokens, n_heads * d_head)", ""), common=True)

swaps_tokens_with_columns_in_the_merge = edit("merge_heads", """You swap the last two axes,
    tokens and columns, before you join. Swap heads and tokens instead, axes -3 and -2.""",
    ("2, -3", "1, -2"))

swaps_heads_with_columns_in_the_merge = edit("merge_heads", """You swap heads and columns before
    you join. Swap heads and tokens instead, axes -3 and -2, so that each row holds one token.""",
    ("2", "1"))

interleaves_the_heads_in_the_merge = edit("merge_heads", """Your rows interleave the heads, one
    number from each in turn. The heads should be side by side: all of head 0, then all of head
    1.""",
    ("x.swapaxes(-2, -3)", "np.moveaxis(x, -3, -1)"), common=True)

swaps_the_first_two_axes_in_the_merge = edit("merge_heads", """You swap axes 0 and 1, which are
    heads and tokens only if there is no batch axis. Count from the end: swap axes -3 and -2.""",
    ("x.swapaxes(-2, -3)", "x.swapaxes(0, 1)"), common=True)

swaps_axes_one_and_two_in_the_merge = edit("merge_heads", """You swap axes 1 and 2, which are
    heads and tokens only if there is exactly one batch axis. Count from the end: swap axes -3
    and -2.""",
    ("x.swapaxes(-2, -3)", "x.swapaxes(1, 2)"), common=True)

transposes_three_axes_in_the_merge = edit("merge_heads", """Your transpose lists three axes, so
    it fits only a single sequence. swapaxes(-2, -3) works with any number of batch axes.""",
    ("x.swapaxes(-2, -3)", "x.transpose(1, 0, 2)"))

transposes_four_axes_in_the_merge = edit("merge_heads", """Your transpose lists four axes, so it
    needs exactly one batch axis. swapaxes(-2, -3) works with any number, none included.""",
    ("x.swapaxes(-2, -3)", "x.transpose(0, 2, 1,3)"))

reverses_all_axes_in_the_merge = edit("merge_heads", """You reverse all the axes before you join
    them, as `.T` does. Swap only heads and tokens, axes -3 and -2.""",
    ("x.swapaxes(-2, -3)", "x.T"))

unpacks_one_batch_axis_in_the_merge = edit("merge_heads", """You unpack the shape of x into four
    names, but here it has a different number of axes. `*batch, n_heads, n_tokens, d_head =
    x.shape` fits any number.""",
    ("*batch", "batch", 2))

unpacks_three_axes_in_the_merge = edit("merge_heads", """You unpack the shape of x into three
    names, but with a batch it has more axes. `*batch, n_heads, n_tokens, d_head = x.shape` fits
    any number.""",
    ("*batch, n_heads", "n_heads"), ("*batch, n_tokens", "n_tokens"))

takes_tokens_for_heads = edit("merge_heads", """Your answer has a row for each head, and each row
    holds a whole head. The axes of x are (..., n_heads, n_tokens, d_head); each row of the
    answer should be a token.""",
    ("x.swapaxes(-2, -3)", "x"), ("n_tokens, n_heads", "n_heads, n_tokens"))

swaps_and_then_takes_tokens_for_heads = edit("merge_heads", """Your answer has a row for each
    head, though its numbers are in the order of the tokens. Each row should be a token, n_heads
    * d_head wide.""",
    ("n_tokens, n_heads", "n_heads, n_tokens"))

puts_heads_below_each_other = edit("merge_heads", """Your heads are stacked below one another:
    the answer has n_heads * n_tokens rows. They should be side by side, in rows of n_heads *
    d_head.""",
    ("x.swapaxes(-2, -3)", "x"), ("n_tokens, n_heads *", "n_heads * n_tokens, "))

joins_along_the_first_axis = edit("merge_heads", """You join what the first axis of x holds, one
    piece below the other. Join the heads side by side: along the last axis, n_heads * d_head
    wide.""",
    ("*batch, n_heads, n_tokens, d_head = x.shape", ""),
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)", "np.concatenate(x)"))

puts_the_batch_side_by_side = edit("merge_heads", """You put side by side what the first axis of
    x holds. Without a batch those are the heads, but with one they are the samples. The heads
    are axis -3.""",
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)",
     "np.concatenate(x, axis=-1)"))

stacks_horizontally = edit("merge_heads", """You join what the first axis of x holds. Without
    a batch those are the heads, but with one you join samples. The heads are axis -3.""",
    ("*batch, n_heads, n_tokens, d_head = x.shape", ""),
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)", "np.hstack(x)"))

adds_the_heads_up = edit("merge_heads", """You add the heads up into one. Put them side by side,
    so that w_o can weigh each number of each head on its own.""",
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)", "x.sum(axis=-3)"),
    common=True)

averages_the_heads = edit("merge_heads", """You take the mean of the heads. Put them side by
    side, so that w_o can weigh each number of each head on its own.""",
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)", "x.mean(axis=-3)"),
    common=True)

takes_the_largest_head = edit("merge_heads", """Of each number you keep only the largest that any
    head has. Keep them all: put the heads side by side.""",
    ("*batch, n_heads, n_tokens, d_head = x.shape", ""),
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)", "x.max(axis=-3)"))

keeps_one_head = edit("merge_heads", """You keep a single head and drop the others. Keep all of
    them, side by side.""",
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)", "x[..., which, :, :]"),
    which=(0, -1))

runs_the_batch_into_the_tokens = edit("merge_heads", """The samples of a batch run together, as
    if their tokens were one sequence. Keep the batch axes in front, as they are.""",
    ("*batch, n_tokens", "-1"))

runs_the_batch_into_the_width = edit("merge_heads", """The batch axes disappear into the width of
    your answer. Keep them in front, as they are.""",
    ("*batch, n_tokens, n_heads * d_head", "n_tokens, -1"))

makes_all_batch_axes_one_in_the_merge = edit("merge_heads", """Your answer always has three axes:
    all batch axes become one, and one of length 1 appears if there is none. Keep the batch
    axes as they are.""",
    ("*batch, n_tokens", "-1, n_tokens"))

turns_the_merged_rows_on_their_side = edit("merge_heads", """The numbers are right, but your
    answer is transposed: (..., n_heads * d_head, n_tokens). Each row should be a token.""",
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)",
     "(x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)).swapaxes(-1, -2)"))

puts_the_last_head_first = edit("merge_heads", """Your heads are side by side in reverse order,
    the last one first. Head 0 should be on the left.""",
    ("return x", "return x[..., ::-1, :, :]"))

fills_a_float64_array_in_the_merge = edit("merge_heads", """Your answer is float64, whatever
    comes in: a cast makes it so, or np.zeros and np.empty without a dtype. Numbers that are only
    moved should keep theirs.""",
    ("d_head)", "d_head).astype(np.float64)"), common=True)


@mistake("merge_heads", """Each head is written over the one before, so your first columns hold the
    last head and the rest is zero. Head h should start at column h * d_head.""")
def overwrites_one_head_with_the_next(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    merged = np.zeros((*batch, n_tokens, n_heads * d_head), dtype=x.dtype)
    for i in range(n_heads):
        merged[..., :d_head] = x[..., i, :, :]
    return merged


returns_a_list_of_heads = edit("merge_heads", """You return a list. Return one array, with the
    heads side by side.""",
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)",
     "list(np.moveaxis(x, -3, 0))"))

joins_the_tokens_too = edit("merge_heads", """You join tokens and width into one long axis. Join
    only heads and columns, so that each token has a row of n_heads * d_head.""",
    ("n_tokens, n_heads", "n_tokens* n_heads"))


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
