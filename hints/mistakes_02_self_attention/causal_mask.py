"""Mistakes in causal_mask."""

import numpy as np

from tests.runner.diagnosis.known import given, mistake, probes


@mistake("causal_mask", """Your diagonal is False: no token sees itself, and the first one sees
    nothing at all. A token may attend to itself: j <= i, with the equals sign.""", common=True)
def hides_the_diagonal(n_tokens):
    return np.tri(n_tokens, k=-1, dtype=bool)


@mistake("causal_mask", """In your mask each token also sees the next one, the very token that a
    language model has to guess. The last True of row i should be on the diagonal, at j = i.""",
         common=True)
def shows_the_next_token(n_tokens):
    return np.tri(n_tokens, k=1, dtype=bool)


@mistake("causal_mask", """Your mask is inverted: True marks what is hidden. True should mean
    "may attend", so the future should be False.""", common=True)
def marks_the_future(n_tokens):
    return ~np.tri(n_tokens, dtype=bool)


@mistake("causal_mask", """Your mask shows each token itself and what comes *later*: it is
    transposed. Rows should be queries and columns keys, with True where j <= i.""", common=True)
def shows_the_future(n_tokens):
    return np.tri(n_tokens, dtype=bool).T


@mistake("causal_mask", """Your mask holds numbers. It should be boolean, True and False: use
    dtype=bool.""", common=True, dtype=("float64", "int64", "float32", "int32", "int8", "uint8"))
def holds_ones_and_zeros(n_tokens, *, dtype):
    return np.tri(n_tokens, dtype=bool).astype(dtype)


@mistake("causal_mask", """Your mask holds numbers, with ones where the future is. It should be
    boolean, and True should mean "may attend".""",
         common=True, dtype=("float64", "int64", "float32", "int8", "uint8"))
def holds_ones_for_the_future(n_tokens, *, dtype):
    return 1 - np.tri(n_tokens, dtype=dtype)


@mistake("causal_mask", """Your mask is made for adding to the scores: zeros, and low numbers
    where the future is. It should be boolean, and True should mean "may attend".""",
         common=True, low=(-np.inf, -1e9, -1e10, -1e4, -1e30), dtype=("float64", "float32"))
def makes_a_mask_to_be_added(n_tokens, *, low, dtype):
    return np.where(np.tri(n_tokens, dtype=bool), 0.0, low).astype(dtype)


@mistake("causal_mask", """Your mask shows everything to everyone. Token i should not see what
    comes after it: False where j > i.""")
def hides_nothing(n_tokens):
    return np.ones((n_tokens, n_tokens), dtype=bool)


@mistake("causal_mask", """Your mask is a single row, True throughout: each position is compared
    with itself. Compare a column of queries with a row of keys.""", common=True)
def compares_places_with_themselves(n_tokens):
    return np.arange(n_tokens) <= np.arange(n_tokens)


@mistake("causal_mask", """In your mask each token sees only itself. It should see the tokens
    before it as well: j <= i, not j == i.""")
def shows_each_token_itself_alone(n_tokens):
    return np.eye(n_tokens, dtype=bool)


@mistake("causal_mask", """In your mask each token sees itself and the one before it, no
    further. It should see all tokens back to the very first: all j <= i.""")
def looks_back_one_token(n_tokens):
    return np.tri(n_tokens, dtype=bool) & ~np.tri(n_tokens, k=-2, dtype=bool)


@mistake("causal_mask", """Your mask has more than two axes. Return (n_tokens, n_tokens), which
    broadcasts over any batch by itself.""", common=True, n_axes=(1, 2))
def adds_axes_in_front(n_tokens, *, n_axes):
    mask = np.tri(n_tokens, dtype=bool)
    return mask[np.newaxis] if n_axes == 1 else mask[np.newaxis, np.newaxis]


@mistake("causal_mask", """Your mask is a list of lists. Return a NumPy array, which broadcasts
    over a batch.""", common=True)
def returns_lists(n_tokens):
    return np.tri(n_tokens, dtype=bool).tolist()


@mistake("causal_mask", """Your mask is one row and one column too small. Token 0 is a token
    too: there should be n_tokens rows, and as many columns.""")
def leaves_one_token_out(n_tokens):
    return np.tri(n_tokens - 1, dtype=bool)


@mistake("causal_mask", """Your mask is one row and one column too large. There should be
    n_tokens rows, and as many columns.""")
def adds_one_token(n_tokens):
    return np.tri(n_tokens + 1, dtype=bool)


@mistake("causal_mask", """Your rows are upside down: the first token sees everything, the last
    one only the first. Row i, counted from the top, should belong to query i.""")
def stands_on_its_head(n_tokens):
    return np.tri(n_tokens, dtype=bool)[::-1]


@mistake("causal_mask", """Your columns run backwards: the first token sees only the last.
    Column j, counted from the left, should belong to key j.""")
def runs_backwards(n_tokens):
    return np.tri(n_tokens, dtype=bool)[:, ::-1]


@mistake("causal_mask", """You return the indices where the mask should be True. Return the
    table itself, with True or False for every pair.""")
def lists_the_places(n_tokens):
    return np.tril_indices(n_tokens)


@probes("causal_mask")
def probe_causal_mask():
    yield given(3)
    yield given(5)
    yield given(1)
