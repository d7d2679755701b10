"""Mistakes in padding_mask."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

leaves_out_the_axis_of_the_queries = edit("padding_mask", """Your mask lacks the query axis, of
    length 1, between sequences and tokens: it should be (batch, 1, n_tokens). Without it,
    attention would take the sequences for queries.""",
    ("1, 1, 1", "1, 1"), common=True)

hides_the_queries = edit("padding_mask", """Your tokens are on the query axis, so queries are
    hidden and every key is seen. Put the keys on the last axis, and the axis of length 1 before
    it.""",
    ("np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))",
     "(np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))).swapaxes(-1, -2)"), common=True)

makes_room_for_heads = edit("padding_mask", """Your mask has one axis too many, of length 1, for
    heads. Here it should have none: (batch, 1, n_tokens).""",
    ("1, 1, 1", "1, 1, 1, 1"), common=True)

puts_the_batch_in_the_middle = edit("padding_mask", """In your mask the sequences are where the
    queries belong. The batch should be the first axis: (batch, 1, n_tokens).""",
    ("lengths, (-1, 1, 1)", "lengths, (1, -1, 1)"))

gives_each_sequence_a_column = edit("padding_mask", """Your mask has a column for each sequence
    and a row for each token. Sequences should come first, and tokens last: (batch, 1,
    n_tokens).""",
    ("np.arange(n_tokens)", "np.reshape(np.arange(n_tokens), (-1, 1))"),
    ("lengths, (-1, 1, 1)", "lengths, (1, -1)"))

puts_the_tokens_first = edit("padding_mask", """In your mask the tokens come first and the
    sequences last. It should be the other way round: (batch, 1, n_tokens).""",
    ("np.arange(n_tokens)", "np.reshape(np.arange(n_tokens), (-1, 1, 1))"),
    ("lengths, (-1, 1, 1)", "lengths, (1, 1, -1)"))

shows_one_token_too_many = edit("padding_mask", """Your mask shows one token too many: the
    first position after each sequence. Tokens count from 0, so the last real one is at
    lengths[b] - 1.""",
    ("np.arange(n_tokens) <", "np.arange(n_tokens) <="), common=True)

hides_the_last_real_token = edit("padding_mask", """Your mask hides the last real token of each
    sequence. Tokens count from 0, so all with j < lengths[b] are real.""",
    ("np.reshape(lengths, (-1, 1, 1))", "np.reshape(lengths, (-1, 1, 1)) - 1"), common=True)


@mistake("padding_mask", """Your slices end before the last real token of each sequence. A slice
    leaves out its end, so `:length` holds all real ones; `:length - 1` also goes wrong if
    nothing is real.""")
def slices_off_the_last_real_token(lengths, n_tokens):
    mask = np.zeros((len(lengths), 1, n_tokens), dtype=bool)
    for b, length in enumerate(lengths):
        mask[b, 0, : length - 1] = True
    return mask


marks_the_padding = edit("padding_mask", """Your mask is inverted: True marks the padding. True
    should mean "may attend", so the real tokens should be True.""",
    ("np.arange(n_tokens) <", "np.arange(n_tokens) >="), common=True)

marks_the_padding_but_one = edit("padding_mask", """Your mask is inverted, and off by one: True
    marks all of the padding but its first token. The tokens with j < lengths[b] are real, and
    should be True.""",
    ("np.arange(n_tokens) <", "np.arange(n_tokens) >"))

pads_in_front = edit("padding_mask", """Your mask takes the last lengths[b] tokens to be real.
    Here the real tokens come first, and the padding after them.""",
    ("np.arange(n_tokens) <", "np.arange(n_tokens) >= n_tokens -"), common=True)

takes_lengths_for_the_padding = edit("padding_mask", """Your mask shows as many tokens as there
    is padding. Show lengths[b] of them instead: lengths counts the real tokens.""",
    ("np.reshape", "n_tokens - np.reshape"))

ends_with_the_longest = edit("padding_mask", """Your mask is as wide as the longest of the
    lengths. It should be n_tokens wide, even if no sequence fills that.""",
    ("np.arange(n_tokens)", "np.arange(np.max(lengths))"), common=True)

takes_the_longest_for_all = edit("padding_mask", """All rows of your mask show as many tokens as
    the longest of the lengths, but each sequence has a length of its own. In Python, `[row] * n`
    is one and the same row n times.""",
    ("np.reshape", "np.max(lengths) + 0 * np.reshape"))

takes_the_first_length = edit("padding_mask", """Your mask uses only the length of the first
    sequence. It should have a row for each sequence, by its own length.""",
    ("lengths, (-1, 1, 1)", "lengths[0], (-1, 1, 1)"))

compares_one_to_one = edit("padding_mask", """Token j is compared with length j, because the two
    arrays line up. Every token should be compared with every length, so lengths needs new axes
    after its own.""",
    ("np.reshape(lengths, (-1, 1, 1))", "lengths"), common=True)

holds_numbers = edit("padding_mask", """Your mask holds numbers. It should be boolean, True and
    False: a comparison gives that by itself.""",
    ("np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))",
     "(np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))).astype(dtype)"), common=True,
    dtype=("float64", "int64", "float32", "int32", "int8", "uint8"))

makes_padding_to_be_added = edit("padding_mask", """Your mask is made for adding to the scores:
    zeros, and low numbers where the padding is. It should be boolean, and True should mean "may
    attend".""",
    ("np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))",
     "np.where(np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1)), 0.0, low).astype(dtype)"),
    low=(-np.inf, -1e9, -1e10, -1e4, -1e30), dtype=("float64", "float32"))

hides_padding_on_both_sides = edit("padding_mask", """Your mask has a row for each query, and the
    rows of padding see nothing. One row for all is enough, (batch, 1, n_tokens): what padding
    sees does not matter.""",
    ("return", "real ="),
    ("(lengths, (-1, 1, 1))", "(lengths, (-1, 1, 1))\nreturn real & real.swapaxes(-1, -2)"),
    common=True)


@mistake("padding_mask", """Your mask repeats its row for each query. One row is enough, (batch,
    1, n_tokens): it broadcasts by itself, to any number of queries.""", common=True)
def repeats_the_row(lengths, n_tokens):
    return (np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))) & np.ones((n_tokens, 1),
                                                                             dtype=bool)


hides_later_tokens_too = edit("padding_mask", """Your mask hides later tokens as well. Leave that
    to causal_mask; here every real token should be seen by all queries, in one row.""",
    ("np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))",
     "(np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))) & np.tri(n_tokens, dtype=bool)"))

gives_the_empty_one_a_token = edit("padding_mask", """A sequence of length 0 counts as if it had
    one token. It has none, and its mask should be False throughout.""",
    ("lengths, (-1, 1, 1)", "np.maximum(lengths, 1), (-1, 1, 1)"))

shows_all_of_the_empty_one = edit("padding_mask", """A sequence of length 0 is shown whole. It
    has no real token, and its mask should be False throughout.""",
    ("return", "lengths = np.where(np.equal(lengths, 0), n_tokens, lengths)\nreturn"))

hides_a_full_sequence = edit("padding_mask", """A sequence that fills all n_tokens is hidden
    whole. It has no padding, so its mask should be True throughout. A slice that starts at -0
    starts at the front.""",
    ("return", "lengths = np.where(np.equal(lengths, n_tokens), 0, lengths)\nreturn"))

takes_the_shortest_for_all = edit("padding_mask", """All sequences are cut to the shortest of the
    lengths. Each should have its own length.""",
    ("np.reshape", "np.min(lengths) + 0 * np.reshape"))

marks_the_last_real_token = edit("padding_mask", """Your mask marks one token of each sequence,
    the last real one. All tokens up to it are real, and should be True.""",
    ("< np.reshape(lengths, (-1, 1, 1))", "== np.reshape(lengths, (-1, 1, 1)) - 1"))

hides_one_place_alone = edit("padding_mask", """Your mask hides one token of each sequence and
    shows the others. All tokens from lengths[b] on are padding: < asks for that, != does not.""",
    ("np.arange(n_tokens) <", "np.arange(n_tokens) !="))

returns_a_list = edit("padding_mask", """Your mask is a list. Return a NumPy array of shape
    (batch, 1, n_tokens).""",
    ("return", "mask ="),
    ("(lengths, (-1, 1, 1))",
     '(lengths, (-1, 1, 1))\nreturn list(mask) if kind == "arrays" else mask.tolist()'),
    common=True, kind=("lists of bools", "arrays"))

shows_the_padding = edit("padding_mask", """Your mask shows everything: padding is seen like real
    tokens. It should be False where j is lengths[b] or more.""",
    ("np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))",
     "np.ones((len(lengths), 1, n_tokens), dtype=bool)"))


@probes("padding_mask")
def probe_padding_mask():
    yield given(np.array([3, 1]), 4)
    yield given(np.array([2, 0, 5, 1]), 6)
    yield given(np.array([2, 0, 3]), 3)
    yield given(np.array([4]), 4)
    yield given(np.array([1, 2], dtype=np.int32), 5)
