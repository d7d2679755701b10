"""Mistakes in causal_mask."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

hides_the_diagonal = edit("causal_mask", """Your diagonal is False: no token sees itself, and the
    first one sees nothing at all. A token may attend to itself: j <= i, with the equals sign.""",
    ("dtype", "k=-1, dtype"), common=True)

shows_the_next_token = edit("causal_mask", """In your mask each token also sees the next one, the
    very token that a language model has to guess. The last True of row i should be on the
    diagonal, at j = i.""",
    ("dtype", "k=1, dtype"), common=True)

marks_the_future = edit("causal_mask", """Your mask is inverted: True marks what is hidden. True
    should mean "may attend", so the future should be False.""",
    ("return", "return ~"), common=True)

shows_the_future = edit("causal_mask", """Your mask shows each token itself and what comes
    *later*: it is transposed. Rows should be queries and columns keys, with True where j <= i.""",
    ("bool)", "bool).T"), common=True)

holds_ones_and_zeros = edit("causal_mask", """Your mask holds numbers. It should be boolean, True
    and False: use dtype=bool.""",
    ("bool)", "bool).astype(dtype)"), common=True,
    dtype=("float64", "int64", "float32", "int32", "int8", "uint8"))

holds_ones_for_the_future = edit("causal_mask", """Your mask holds numbers, with ones where the
    future is. It should be boolean, and True should mean "may attend".""",
    ("np.tri(n_tokens, dtype=bool)", "1 - np.tri(n_tokens, dtype=dtype)"), common=True,
    dtype=("float64", "int64", "float32", "int8", "uint8"))

makes_a_mask_to_be_added = edit("causal_mask", """Your mask is made for adding to the scores:
    zeros, and low numbers where the future is. It should be boolean, and True should mean "may
    attend".""",
    ("np.tri(n_tokens, dtype=bool)",
     "np.where(np.tri(n_tokens, dtype=bool), 0.0, low).astype(dtype)"), common=True,
    low=(-np.inf, -1e9, -1e10, -1e4, -1e30), dtype=("float64", "float32"))

hides_nothing = edit("causal_mask", """Every entry of your mask is True. Token i should not see
    what comes after it: False where j > i.""",
    ("np.tri(n_tokens, dtype=bool)", "np.ones((n_tokens, n_tokens), dtype=bool)"))

shares_one_row = edit("causal_mask", """All rows of your mask are one and the same list: `[row] * n`
    holds it n times, so that what is written into one row is in all. Make a row for each token.""",
    ("return np.tri(n_tokens, dtype=bool)",
     "mask = [[False] * n_tokens] * n_tokens\n"
     "for i in range(n_tokens):\n"
     "    for j in range(i + 1):\n"
     "        mask[i][j] = True\n"
     "return np.array(mask)"), speaks_of="] *")

compares_places_with_themselves = edit("causal_mask", """Your mask is a single row, True
    throughout: each position is compared with itself. Compare a column of queries with a row of
    keys.""",
    ("np.tri(n_tokens, dtype=bool)", "np.arange(n_tokens) <= np.arange(n_tokens)"), common=True)

shows_each_token_itself_alone = edit("causal_mask", """In your mask each token sees only itself.
    It should see the tokens before it as well: j <= i, not j == i.""",
    ("np.tri", "np.eye"))

looks_back_one_token = edit("causal_mask", """In your mask each token sees itself and the one
    before it, no further. It should see all tokens back to the very first: all j <= i.""",
    ("bool)", "bool) & ~np.tri(n_tokens, k=-2, dtype=bool)"))


@mistake("causal_mask", """Your mask has axes of length 1 in front. Return (n_tokens, n_tokens),
    which broadcasts over any batch by itself.""", common=True, n_axes=(1, 2))
def adds_axes_in_front(n_tokens, *, n_axes):
    mask = np.tri(n_tokens, dtype=bool)
    return mask[np.newaxis] if n_axes == 1 else mask[np.newaxis, np.newaxis]


returns_lists = edit("causal_mask", """Your mask is a list of lists. Return a NumPy array, which
    broadcasts over a batch.""",
    ("bool)", "bool).tolist()"), common=True)

leaves_one_token_out = edit("causal_mask", """Your mask is one row and one column too small.
    Token 0 is a token too: there should be n_tokens rows, and as many columns.""",
    ("n_tokens, dtype", "n_tokens - 1, dtype"))

adds_one_token = edit("causal_mask", """Your mask is one row and one column too large. There
    should be n_tokens rows, and as many columns.""",
    ("n_tokens, dtype", "n_tokens + 1, dtype"))

stands_on_its_head = edit("causal_mask", """Your rows are upside down: the first token sees
    everything, the last one only the first. Row i, counted from the top, should belong to query
    i.""",
    ("bool)", "bool)[::-1]"))

runs_backwards = edit("causal_mask", """Your columns run backwards: the first token sees only the
    last. Column j, counted from the left, should belong to key j.""",
    ("bool)", "bool)[:, ::-1]"))

lists_the_places = edit("causal_mask", """You return the indices where the mask should be True.
    Return the table itself, with True or False for every pair.""",
    ("np.tri(n_tokens, dtype=bool)", "np.tril_indices(n_tokens)"))


@probes("causal_mask")
def probe_causal_mask():
    yield given(3)
    yield given(5)
    yield given(1)
