"""Mistakes in split_heads: which columns a head gets, and what does not come out even."""

import numpy as np

from tests.runner.mistakes import given, mistake, probes


@mistake("split_heads", """Your heads take turns: head 0 has columns 0, n_heads, 2 n_heads and so
    on. A head has d_head columns that stand side by side.""", common=True)
def interleaves_the_heads(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.moveaxis(x.reshape(*batch, n_tokens, d_model // n_heads, n_heads), -1, -3)


@mistake("split_heads", """You have as many heads as a head should have columns, and the other way
    round: n_heads and d_head have changed places.""", common=True)
def takes_n_heads_for_the_width(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, d_model // n_heads, n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Each of your heads is n_heads columns wide. The width of a head is
    d_head = d_model / n_heads.""")
def cuts_heads_as_wide_as_their_number(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.stack([x[..., i * n_heads : (i + 1) * n_heads] for i in range(n_heads)], axis=-3)


@mistake("split_heads", """Your heads overlap: each starts one column after the one before. Head h
    starts at column h * d_head.""", common=True)
def cuts_overlapping_heads(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    d_head = d_model // n_heads
    return np.stack([x[..., i : i + d_head] for i in range(n_heads)], axis=-3)


@mistake("split_heads", """All your heads are the first one: each has columns 0 to d_head - 1.
    Head h starts at column h * d_head.""")
def cuts_every_head_at_the_same_place(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    d_head = d_model // n_heads
    return np.stack([x[..., :d_head] for i in range(n_heads)], axis=-3)


@mistake("split_heads", """Your cuts give heads of unequal width, and they cannot be stacked. Head
    h ends at column (h + 1) * d_head, so that each is d_head wide.""")
def cuts_heads_that_grow(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    d_head = d_model // n_heads
    return np.stack([x[..., i * d_head : i + 1 * d_head] for i in range(n_heads)], axis=-3)


@mistake("split_heads", """There is one head too few: the last one is missing. `range(n)` ends at
    n - 1 by itself.""")
def leaves_out_the_last_head(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    d_head = d_model // n_heads
    return np.stack([x[..., i * d_head : (i + 1) * d_head] for i in range(max(n_heads - 1, 1))], axis=-3)


@mistake("split_heads", """Every head gets the whole width of every token. Each should have d_head
    columns of its own: d_model is shared out among the heads.""")
def gives_every_head_everything(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.repeat(x[..., None, :, :], n_heads, axis=-3)


@mistake("split_heads", """Your heads share out the tokens, and each keeps the whole width. It is
    the width that is shared out: every head sees every token.""")
def splits_the_tokens(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.stack(np.split(x, n_heads, axis=-2), axis=-3)


@mistake("split_heads", """You cut along axis 1. That is the width for one sequence alone; with a
    batch in front it is another one. The width is the last axis, -1.""", stacked=(0, -3))
def cuts_along_axis_one(x, n_heads, *, stacked):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.stack(np.split(x, n_heads, axis=1), axis=stacked)


@mistake("split_heads", """Your slices cut axis 1. That is the width for one sequence alone; with
    a batch in front it is another one. `x[..., a:b]` cuts the last axis.""")
def slices_axis_one(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    d_head = d_model // n_heads
    return np.stack([x[:, i * d_head : (i + 1) * d_head] for i in range(n_heads)])


@mistake("split_heads", """Every head is one column short. A slice ends *before* its second number, so
    head h is h * d_head : (h + 1) * d_head.""")
def cuts_heads_one_column_short(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    d_head = d_model // n_heads
    return np.stack([x[..., i * d_head : (i + 1) * d_head - 1] for i in range(n_heads)], axis=-3)


@mistake("split_heads", """You return the first head alone. A `return` inside a loop ends it in its
    first round; one array with all the heads is asked for.""")
def returns_the_first_head(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x[..., : d_model // n_heads]


@mistake("split_heads", """Your heads stand below one another, in n_heads * n_tokens rows. They need
    an axis of their own, right in front of the tokens.""")
def puts_the_heads_below_each_other(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.concatenate(np.split(x, n_heads, axis=-1), axis=-2)


@mistake("split_heads", """You return a list of heads. One array is asked for, with an axis for
    the heads right in front of the tokens.""")
def returns_a_list(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return np.split(x, n_heads, axis=-1)


@mistake("split_heads", """`/` gives a float, even where it comes out even, and sizes must be whole
    numbers. `//` gives one.""")
def divides_into_a_float(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model / n_heads).swapaxes(-2, -3)


@mistake("split_heads", """`/` gives a float, even where it comes out even, and a slice cannot end at
    3.0. `//` gives a whole number.""")
def slices_with_a_float(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    d_head = d_model / n_heads
    return np.stack([x[..., i * d_head : (i + 1) * d_head] for i in range(n_heads)], axis=-3)


@mistake("split_heads", """You have a fixed number of heads, whatever n_heads says. It is an
    argument so that it can change.""", fixed=(2,))
def always_makes_two_heads(x, n_heads, *, fixed):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, fixed, d_model // fixed).swapaxes(-2, -3)


@mistake("split_heads", """Your answer is float64, whatever comes in: np.zeros and np.empty make
    that where no dtype is given. Numbers that are only moved keep their dtype.""", common=True)
def fills_a_float64_array(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3).astype(np.float64)


@mistake("split_heads", """Where n_heads does not divide the width, you drop the columns that are
    left over. That would lose them without a word: raise a ValueError.""", common=True)
def drops_the_columns_left_over(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    x = x[..., : d_model // n_heads * n_heads]
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Where n_heads does not divide the width, you answer with another number
    of tokens: -1 lets NumPy choose whatever comes out even. Raise a ValueError.""")
def lets_the_tokens_make_up_for_it(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if n_heads < 1:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, -1, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """What comes is an AssertionError, and a ValueError is asked for.
    `assert` is for what cannot happen, and Python leaves it out when run with -O; an argument
    that does not fit is a ValueError.""", text=("", "n_heads must divide d_model",
    "d_model must be divisible by n_heads"))
def asserts_instead_of_raising(x, n_heads, *, text):
    *batch, n_tokens, d_model = x.shape
    assert d_model % n_heads == 0, text
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@mistake("split_heads", """Where n_heads does not divide the width, you return None. A caller
    would stumble over that later: raise a ValueError on the spot.""")
def returns_nothing_where_it_does_not_divide(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        return None
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


@probes("split_heads")
def probe_split_heads():
    x = np.random.default_rng(1).normal(size=(2, 4, 6, 12))
    yield given(x[0, 0], 3)
    yield given(x[0, 0, :3], 2)
    yield given(x[0, 0], 1)
    yield given(x[0, 0], 12)
    yield given(x[0], 3)
    yield given(x[:, 0], 6)
    yield given(x, 4)
    yield given(x[0, 0, :4, :4], 2)
    yield given(x[0, 0].astype(np.float32), 4)
    yield given(np.arange(12).reshape(2, 6), 3)
