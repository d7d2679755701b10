"""Mistakes in split_heads: which columns a head gets, and what does not come out even."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

interleaves_the_heads = edit("split_heads", """Your heads are interleaved: head 0 has columns 0,
    n_heads, 2 * n_heads and so on. Each head should have d_head adjacent columns.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "np.moveaxis(x.reshape(*batch, n_tokens, d_model // n_heads, n_heads), -1, -3)"), common=True)

takes_n_heads_for_the_width = edit("split_heads", """Your answer has d_head heads of n_heads
    columns each. It should be the other way round: n_heads heads of d_head columns.""",
    ("n_heads, d_model //", "d_model // n_heads,"), common=True)

cuts_heads_as_wide_as_their_number = edit("split_heads", """Each of your heads is n_heads columns
    wide. It should be d_head columns wide, with d_head = d_model / n_heads.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "np.stack([x[..., i * n_heads : (i + 1) * n_heads] for i in range(n_heads)], axis=-3)"))

cuts_overlapping_heads = edit("split_heads", """Your heads overlap: each starts one column after
    the one before. Head h should start at column h * d_head.""",
    ("return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "d_head = d_model // n_heads\n"
     "return np.stack([x[..., i : i + d_head] for i in range(n_heads)], axis=-3)"), common=True)

cuts_every_head_at_the_same_place = edit("split_heads", """All your heads are copies of the
    first: each has columns 0 to d_head - 1. Head h should start at column h * d_head.""",
    ("return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "d_head = d_model // n_heads\n"
     "return np.stack([x[..., :d_head] for i in range(n_heads)], axis=-3)"))

cuts_heads_that_grow = edit("split_heads", """Your slices give heads of different widths, which
    cannot be stacked. Head h should end at column (h + 1) * d_head, so that each is d_head
    wide.""",
    ("return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "d_head = d_model // n_heads\n"
     "return np.stack([x[..., i * d_head : i + 1 * d_head] for i in range(n_heads)], axis=-3)"))

leaves_out_the_last_head = edit("split_heads", """There is one head too few: the last one is
    missing. `range(n)` already ends at n - 1.""",
    ("return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "d_head = d_model // n_heads\n"
     "return np.stack([x[..., i * d_head : (i + 1) * d_head] for i in range(max(n_heads - "
     "1, 1))], axis=-3)"), denies=True)

gives_every_head_everything = edit("split_heads", """Every head gets the full width of every
    token. Divide d_model among the heads: each should have d_head columns of its own.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "np.repeat(x[..., None, :, :], n_heads, axis=-3)"))

splits_the_tokens = edit("split_heads", """You divide the tokens among the heads, and each head
    keeps the full width. Divide the width instead: every head should see every token.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "np.stack(np.split(x, n_heads, axis=-2), axis=-3)"))

cuts_along_axis_one = edit("split_heads", """You split along axis 1. That is the width only for a
    single sequence; with a batch it is a different axis. Split along the last axis, -1.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "np.stack(np.split(x, n_heads, axis=1), axis=stacked)"), stacked=(0, -3))

slices_axis_one = edit("split_heads", """You slice axis 1. That is the width only for a single
    sequence; with a batch it is a different axis. `x[..., a:b]` slices the last axis.""",
    ("return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "d_head = d_model // n_heads\n"
     "return np.stack([x[:, i * d_head : (i + 1) * d_head] for i in range(n_heads)])"))

cuts_heads_one_column_short = edit("split_heads", """Every head is one column short. A slice ends
    *before* its second number, so head h should be h * d_head : (h + 1) * d_head.""",
    ("return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "d_head = d_model // n_heads\n"
     "return np.stack([x[..., i * d_head : (i + 1) * d_head - 1] for i in "
     "range(n_heads)], axis=-3)"))

returns_the_first_head = edit("split_heads", """You return only the first head. A `return` inside
    a loop ends it in the first round: return one array with all the heads, after the loop.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "x[..., : d_model // n_heads]"))

puts_the_heads_below_each_other = edit("split_heads", """Your heads are stacked below one
    another, in n_heads * n_tokens rows. Give them an axis of their own, right before the
    tokens.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "np.concatenate(np.split(x, n_heads, axis=-1), axis=-2)"))

returns_a_list = edit("split_heads", """You return a list of heads. Return one array, with an
    axis for the heads right before the tokens.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "np.split(x, n_heads, axis=-1)"))

divides_into_a_float = edit("split_heads", """`/` gives a float even if nothing is left over,
    but sizes must be whole numbers. Use `//`.""",
    ("d_model //", "d_model /"))

slices_with_a_float = edit("split_heads", """`/` gives a float even if nothing is left over,
    but a slice needs whole numbers and cannot end at 3.0. Use `//`.""",
    ("return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "d_head = d_model / n_heads\n"
     "return np.stack([x[..., i * d_head : (i + 1) * d_head] for i in range(n_heads)], "
     "axis=-3)"))

always_makes_two_heads = edit("split_heads", """You make a fixed number of heads, whatever
    n_heads says. Their number should come from n_heads, which may change from call to call.""",
    ("n_heads, d_model // n_heads", "fixed, d_model // fixed"), fixed=(2,))

fills_a_float64_array = edit("split_heads", """Your answer is float64, whatever comes in: a
    cast makes it so, or np.zeros and np.empty without a dtype. Numbers that are only moved should
    keep theirs.""",
    ("swapaxes(-2, -3)", "swapaxes(-2, -3).astype(np.float64)"), common=True)

drops_the_columns_left_over = edit("split_heads", """If n_heads does not divide the width, you
    drop the leftover columns silently. Raise a ValueError instead.""",
    ("if d_model % n_heads:\n"
     'raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")',
     "x = x[..., : d_model // n_heads * n_heads]"), common=True)

lets_the_tokens_make_up_for_it = edit("split_heads", """If n_heads does not divide the width,
    your answer has a different number of tokens, because -1 lets NumPy choose any size that
    fits. Raise a ValueError instead.""",
    ("d_model % n_heads", "n_heads < 1"), ("n_tokens, n_heads", "-1, n_heads"))

asserts_instead_of_raising = edit("split_heads", """Your check raises an AssertionError. Raise a
    ValueError instead: `assert` is for what cannot happen, and Python skips it when run with
    -O.""",
    ("if d_model % n_heads:\n"
     'raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")',
     "assert d_model % n_heads == 0, text"),
    text=("", "n_heads must divide d_model", "d_model must be divisible by n_heads"))

returns_nothing_where_it_does_not_divide = edit("split_heads", """If n_heads does not divide
    the width, you return None, which a caller would stumble over later. Raise a ValueError right
    away.""",
    ('raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")',
     "return None"))


@probes("split_heads")
def probe_split_heads():
    x = np.random.default_rng(1).normal(size=(2, 4, 6, 12))
    yield given(x[0, 0], 3)
    yield given(x[0, 0, :, :9], 2)  # which divides the tokens, not the columns
    yield given(x[0, 0, :3], 2)
    yield given(x[0, 0], 1)
    yield given(x[0, 0], 12)
    yield given(x[0], 3)
    yield given(x[:, 0], 6)
    yield given(x, 4)
    yield given(x[0, 0, :4, :4], 2)
    yield given(x[0, 0].astype(np.float32), 4)
    yield given(np.arange(12).reshape(2, 6), 3)
