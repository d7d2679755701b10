"""Mistakes in padding_mask."""

import numpy as np

from tests.runner.mistakes import given, mistake, probes


@mistake("padding_mask", """Your mask lacks the axis of the queries, of length 1, between sequences and
    tokens: (batch, 1, n_tokens). Without it, attention would take the sequences for queries.""", common=True)
def leaves_out_the_axis_of_the_queries(lengths, n_tokens):
    return np.arange(n_tokens) < np.reshape(lengths, (-1, 1))


@mistake("padding_mask", """Your tokens stand on the axis of the queries, so queries are hidden and every key is
    seen. The keys are the last axis, and the axis of length 1 stands before it.""", common=True)
def hides_the_queries(lengths, n_tokens):
    return (np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))).swapaxes(-1, -2)


@mistake("padding_mask", """Your mask has one axis too many, of length 1, for heads. Here a mask has
    none: (batch, 1, n_tokens).""", common=True)
def makes_room_for_heads(lengths, n_tokens):
    return np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1, 1))


@mistake("padding_mask", """The sequences of your mask stand where the queries belong. The batch is the first
    axis: (batch, 1, n_tokens).""")
def puts_the_batch_in_the_middle(lengths, n_tokens):
    return np.arange(n_tokens) < np.reshape(lengths, (1, -1, 1))


@mistake("padding_mask", """Your mask has a column for each sequence and a row for each token. Sequences come
    first, and tokens last: (batch, 1, n_tokens).""")
def gives_each_sequence_a_column(lengths, n_tokens):
    return np.reshape(np.arange(n_tokens), (-1, 1)) < np.reshape(lengths, (1, -1))


@mistake("padding_mask", """In your mask the tokens come first and the sequences last. It is the other way
    round: (batch, 1, n_tokens).""")
def puts_the_tokens_first(lengths, n_tokens):
    return np.reshape(np.arange(n_tokens), (-1, 1, 1)) < np.reshape(lengths, (1, 1, -1))


@mistake("padding_mask", """Your mask shows one token too many: the first place behind each sequence. Tokens
    count from 0, so the last real one is at lengths[b] - 1.""", common=True)
def shows_one_token_too_many(lengths, n_tokens):
    return np.arange(n_tokens) <= np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """Your mask hides the last real token of each sequence. Tokens count from 0, and j <
    lengths[b] are real.""", common=True)
def hides_the_last_real_token(lengths, n_tokens):
    return np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1)) - 1


@mistake("padding_mask", """Your slices end before the last real token of each sequence. A slice leaves its end
    out, so `:length` holds all real ones; `:length - 1` also goes wrong where nothing is real.""")
def slices_off_the_last_real_token(lengths, n_tokens):
    mask = np.zeros((len(lengths), 1, n_tokens), dtype=bool)
    for b, length in enumerate(lengths):
        mask[b, 0, : length - 1] = True
    return mask


@mistake("padding_mask", """Your mask is the other way round: True marks the padding. True means "may attend"
    here, so the real tokens are True.""", common=True)
def marks_the_padding(lengths, n_tokens):
    return np.arange(n_tokens) >= np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """Your mask is the other way round, and short of one: True marks the padding but its
    first place. The tokens with j < lengths[b] are real, and True.""")
def marks_the_padding_but_one(lengths, n_tokens):
    return np.arange(n_tokens) > np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """Your mask takes the last lengths[b] tokens for real. Here the real tokens come
    first, and the padding stands behind them.""", common=True)
def pads_in_front(lengths, n_tokens):
    return np.arange(n_tokens) >= n_tokens - np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """Your mask shows as many tokens as there is padding. lengths counts the real
    tokens.""")
def takes_lengths_for_the_padding(lengths, n_tokens):
    return np.arange(n_tokens) < n_tokens - np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """Your mask is as wide as the longest of the lengths. It is n_tokens wide, even where
    no sequence fills that.""", common=True)
def ends_with_the_longest(lengths, n_tokens):
    return np.arange(np.max(lengths)) < np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """All rows of your mask show as many tokens as the longest of the lengths, and each sequence has a
    length of its own. In Python, `[row] * n` is one and the same row n times.""")
def takes_the_longest_for_all(lengths, n_tokens):
    return np.arange(n_tokens) < np.max(lengths) + 0 * np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """Your mask holds for the first sequence alone. Each has a length, and a row, of its
    own.""")
def takes_the_first_length(lengths, n_tokens):
    return np.arange(n_tokens) < np.reshape(lengths[0], (-1, 1, 1))


@mistake("padding_mask", """Token j is held against length j: the two arrays stand side by side. It takes every
    token against every length, so lengths need axes behind them.""", common=True)
def compares_one_to_one(lengths, n_tokens):
    return np.arange(n_tokens) < lengths


@mistake("padding_mask", """Your mask holds numbers. A mask is boolean here, True and False: a comparison gives
    that by itself.""", common=True, dtype=("float64", "int64", "float32", "int32", "int8", "uint8"))
def holds_numbers(lengths, n_tokens, *, dtype):
    return (np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))).astype(dtype)


@mistake("padding_mask", """Your mask is one to be added to scores: zeros, and low numbers where the padding is.
    Here a mask is boolean, and True means "may attend".""", low=(-np.inf, -1e9, -1e10, -1e4, -1e30),
         dtype=("float64", "float32"))
def makes_padding_to_be_added(lengths, n_tokens, *, low, dtype):
    return np.where(np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1)), 0.0, low).astype(dtype)


@mistake("padding_mask", """Your mask has a row for each query, and the rows of padding see nothing. One row for
    all is asked for, (batch, 1, n_tokens): what padding sees is of no account.""", common=True)
def hides_padding_on_both_sides(lengths, n_tokens):
    real = np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))
    return real & real.swapaxes(-1, -2)


@mistake("padding_mask", """Your mask repeats its row for each query. One row is
    enough, (batch, 1, n_tokens); it stretches by itself, to any number of queries.""", common=True)
def repeats_the_row(lengths, n_tokens):
    return (np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))) & np.ones((n_tokens, 1), dtype=bool)


@mistake("padding_mask", """Your mask hides later tokens as well. That is what causal_mask is for; here every
    real token is seen by all, in one row.""")
def hides_later_tokens_too(lengths, n_tokens):
    return (np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))) & np.tri(n_tokens, dtype=bool)


@mistake("padding_mask", """A sequence of length 0 counts as if it had one token. It has none, and its mask is
    False throughout.""")
def gives_the_empty_one_a_token(lengths, n_tokens):
    return np.arange(n_tokens) < np.reshape(np.maximum(lengths, 1), (-1, 1, 1))


@mistake("padding_mask", """A sequence of length 0 is shown whole. It has no real token, and its mask is False
    throughout.""")
def shows_all_of_the_empty_one(lengths, n_tokens):
    lengths = np.where(np.equal(lengths, 0), n_tokens, lengths)
    return np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """A sequence that fills all n_tokens is hidden whole. It has no padding, and its mask is
    True throughout. A slice that starts at -0 starts at the front.""")
def hides_a_full_sequence(lengths, n_tokens):
    lengths = np.where(np.equal(lengths, n_tokens), 0, lengths)
    return np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """All sequences are held against the shortest of the lengths. Each has a length of its
    own.""")
def takes_the_shortest_for_all(lengths, n_tokens):
    return np.arange(n_tokens) < np.min(lengths) + 0 * np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """Your mask marks one token of each sequence, the last real one. All tokens up to it
    are real.""")
def marks_the_last_real_token(lengths, n_tokens):
    return np.arange(n_tokens) == np.reshape(lengths, (-1, 1, 1)) - 1


@mistake("padding_mask", """Your mask hides one token of each sequence and shows the others. All tokens from
    lengths[b] on are padding: < asks for that, != does not.""")
def hides_one_place_alone(lengths, n_tokens):
    return np.arange(n_tokens) != np.reshape(lengths, (-1, 1, 1))


@mistake("padding_mask", """Your mask is a list. A NumPy array is asked for, of shape (batch, 1, n_tokens).""",
         common=True, kind=("lists of bools", "arrays"))
def returns_a_list(lengths, n_tokens, *, kind):
    mask = np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))
    return list(mask) if kind == "arrays" else mask.tolist()


@mistake("padding_mask", """Your mask shows everything: padding is seen like real tokens. False stands where j
    is lengths[b] or more.""")
def shows_the_padding(lengths, n_tokens):
    return np.ones((len(lengths), 1, n_tokens), dtype=bool)


@probes("padding_mask")
def probe_padding_mask():
    yield given(np.array([3, 1]), 4)
    yield given(np.array([2, 0, 5, 1]), 6)
    yield given(np.array([2, 0, 3]), 3)
    yield given(np.array([4]), 4)
    yield given(np.array([1, 2], dtype=np.int32), 5)
