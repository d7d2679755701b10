"""Mistakes in split_heads: where the axes go."""

from tests.runner.diagnosis.known import edit, mistake

reshapes_alone = edit("split_heads", """Your heads mix tokens: a reshape alone fills them in
    reading order, so head 0 gets the first tokens whole. Split only the last axis, then swap
    heads and tokens.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "x.reshape(*batch, n_heads, n_tokens, d_model // n_heads)"), common=True,
    speaks_of="reshape")

leaves_the_heads_behind_the_tokens = edit("split_heads", """Your columns are split as they should
    be, but the axes are (..., n_tokens, n_heads, d_head). The heads should come before the
    tokens: the swap is missing.""",
    (".swapaxes(-2, -3)", ""), common=True, denies=True)

swaps_heads_with_their_columns = edit("split_heads", """Your last two axes are swapped: the shape
    is (..., n_tokens, d_head, n_heads). Swap heads and tokens instead, axes -3 and -2.""",
    ("2, -3", "1, -2"), common=True)

swaps_tokens_with_columns = edit("split_heads", """Tokens and columns are swapped: your shape is
    (..., d_head, n_heads, n_tokens). Swap heads and tokens instead, axes -3 and -2.""",
    ("2", "1"))

swaps_the_first_two_axes = edit("split_heads", """You swap axes 0 and 1, which are tokens and
    heads only if there is no batch axis. Count from the end: swap axes -3 and -2.""",
    ("swapaxes(-2, -3)", "swapaxes(0, 1)"), common=True)

swaps_axes_one_and_two = edit("split_heads", """You swap axes 1 and 2, which are tokens and heads
    only if there is exactly one batch axis. Count from the end: swap axes -3 and -2.""",
    ("swapaxes(-2, -3)", "swapaxes(1, 2)"), common=True)

transposes_three_axes = edit("split_heads", """Your transpose lists three axes, so it fits only a
    single sequence. swapaxes(-2, -3) works with any number of batch axes.""",
    ("swapaxes(-2, -3)", "transpose(1, 0, 2)"))

transposes_four_axes = edit("split_heads", """Your transpose lists four axes, so it needs exactly
    one batch axis. swapaxes(-2, -3) works with any number, none included.""",
    ("swapaxes(-2, -3)", "transpose(0, 2, 1,3)"))

reverses_all_axes = edit("split_heads", """You reverse all the axes, as `.T` does. Swap only
    heads and tokens, axes -3 and -2.""",
    ("swapaxes(-2, -3)", "T"))

turns_the_columns_round_with_the_reshape = edit("split_heads", """Each of your heads is
    transposed: the shape is (..., n_heads, d_head, n_tokens). The numbers of a token should be
    in a row: (..., n_heads, n_tokens, d_head).""",
    ("swapaxes(-2, -3)", "swapaxes(-2, -3).swapaxes(-1, -2)"))

unpacks_one_batch_axis = edit("split_heads", """You unpack the shape of x into three names, but
    here it has a different number of axes. `*batch, n_tokens, d_model = x.shape` fits any
    number.""",
    ("*batch", "batch", 2))

unpacks_two_axes = edit("split_heads", """You unpack the shape of x into two names, but with a
    batch it has more axes. `*batch, n_tokens, d_model = x.shape` fits any number.""",
    ("*batch, n_tokens", "n_tokens", 2))

counts_axes_from_the_front = edit("split_heads", """You count axes from the front, which finds
    the wrong ones when there is a batch. Tokens and width are the last two: x.shape[-2] and
    x.shape[-1].""",
    ("*batch, n_tokens, d_model = x.shape", "n_tokens, d_model = x.shape[0], x.shape[width]"),
    ("*batch, n_tokens, n_heads", "n_tokens, n_heads"), width=(1, -1))

makes_all_batch_axes_one = edit("split_heads", """Your answer always has four axes: all batch
    axes become one, and one of length 1 appears if there is none. Keep the batch axes as they
    are.""",
    ("*batch, n_tokens, n_heads", "-1, n_tokens, n_heads"))

takes_the_batch_for_tokens = edit("split_heads", """The samples of a batch run together: all
    their tokens end up in one long sequence. Keep the batch axes in front; -1 is not a safe size
    for the tokens.""",
    ("*batch, n_tokens, n_heads", "-1, n_heads"))

puts_the_heads_before_the_batch = edit("split_heads", """Your heads come before everything else,
    batch axes included. They should come right before the tokens: (..., n_heads, n_tokens,
    d_head).""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "np.stack(np.split(x, n_heads, axis=-1))"), common=True)

puts_the_heads_in_second_place = edit("split_heads", """Your heads are always axis 1, which is
    right only with exactly one batch axis. Counted from the end they should be axis -3, however
    many axes come before them.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "np.stack(np.split(x, n_heads, axis=-1), axis=1)"))

always_adds_a_batch_axis = edit("split_heads", """Your answer has an axis of length 1 in front
    that x does not have. If x has no batch axis, the heads should come first.""",
    ("swapaxes(-2, -3)", "swapaxes(-2, -3)[None]"))

reshapes_everything_at_once = edit("split_heads", """Your heads mix tokens, and samples if there
    is a batch: a reshape alone fills them in reading order. Split only the last axis, then swap
    heads and tokens.""",
    ("x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)",
     "x.reshape(n_heads, -1, d_model // n_heads)"), speaks_of="reshape")

adds_a_batch_axis_where_there_is_none = edit("split_heads", """If x has no batch axis, your
    answer has one of length 1. Without a batch, the heads should come first; with one, right
    after it.""",
    ("*batch", "batch", 2), ("x.shape", "x.shape if x.ndim > 2 else (1, *x.shape)"))


@mistake("split_heads", """Your code handles a single sequence or one batch axis, but there may be
    more. `*batch, n_tokens, d_model = x.shape` fits any number.""")
def knows_one_batch_axis_at_most(x, n_heads):
    if x.ndim == 2:
        return x.reshape(len(x), n_heads, -1).swapaxes(0, 1)
    batch, n_tokens, d_model = x.shape
    return x.reshape(batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


gives_the_batch_without_its_star = edit("split_heads", """You pass a whole list or tuple, such as
    the sizes of the batch axes, where one whole number should be. In a shape, a star unpacks it:
    `*batch`.""",
    ("*batch, n_tokens, n_heads", "kind(batch), n_tokens, n_heads"), kind=(list, tuple))
