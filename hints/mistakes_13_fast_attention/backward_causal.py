"""Mistakes in tiled_attention_backward if it is causal; and what tells all its mistakes apart."""

import numpy as np
from kata_13_fast_attention import causal_tiled_attention, tiled_attention

from tests.runner.diagnosis.known import edit, given, probes

BACK_CAUSAL_MASK = "mask = np.tri(*scores.shape[-2:], n_past + first - start, dtype=bool)"
FIRST = "first = max(0, start - n_past) if causal else 0"
BACK_CAUSAL_HIDE = "scores = np.where(mask, scores, -np.inf)"
BACK_CAUSAL_WEIGHTS = "weights = np.exp(scores - log_sum[..., rows, :])"

ignores_causal = edit(
    "tiled_attention_backward", """Your gradients are those of attention to all keys, whether causal
    or not: the future sends something back.""",
    (FIRST, "first = 0"), ("if causal:", "if False:"), denies=True, common=True)

is_always_causal = edit(
    "tiled_attention_backward", """Your gradients are causal even if causal is False.""",
    (FIRST, "first = max(0, start - n_past)"), ("if causal:", "if True:"), denies=True)

masks_no_tile_on_the_diagonal = edit(
    "tiled_attention_backward", """You leave out the queries that see nothing of a tile, but hide
    nothing in the others: some of them see only a part of it.""",
    ("if causal:", "if False:"))

forgets_the_past = edit(
    "tiled_attention_backward", """If causal, you count from the first key. The last query sees the
    last key: with more keys than queries there is a past.""",
    ("n_past, root = k.shape[-2] - q.shape[-2],", "n_past, root = 0,"), common=True)

forgets_the_rows_that_were_cut = edit(
    "tiled_attention_backward", """The mask of a tile counts the queries from 0, but the first ones
    were cut off: row r is query first + r.""",
    (BACK_CAUSAL_MASK, BACK_CAUSAL_MASK.replace(" + first", "")), common=True)

forgets_where_the_tile_begins = edit(
    "tiled_attention_backward", """The mask of a tile counts the keys from 0: column c is key
    start + c.""",
    (BACK_CAUSAL_MASK, BACK_CAUSAL_MASK.replace(" - start", "")), common=True)

sends_nothing_to_the_token_itself = edit(
    "tiled_attention_backward", """If causal, a query gets nothing from its own token. It was seen,
    so it counts.""",
    (BACK_CAUSAL_MASK, BACK_CAUSAL_MASK.replace("- start", "- start - 1")))

cuts_with_a_negative_start = edit(
    "tiled_attention_backward", """With more keys than queries, the first row comes out below 0, and
    a slice from -2 on is the last two. Take at least 0.""",
    (FIRST, "first = start - n_past if causal else 0"), common=True)

cuts_without_the_past = edit(
    "tiled_attention_backward", """You leave out queries as if there were no past: with more keys
    than queries, some that see a tile are left out.""",
    (FIRST, "first = start if causal else 0"))

hides_after_exp = edit(
    "tiled_attention_backward", """You multiply by the mask after exp. A score of the future may be
    far above the log_sum, its exp is infinite, and 0 * inf is NaN. Hide it before, as -inf.""",
    (BACK_CAUSAL_HIDE, "pass"),
    (BACK_CAUSAL_WEIGHTS,
     f"{BACK_CAUSAL_WEIGHTS}\n"
     "if causal:\n"
     "    weights = weights * np.tri(*scores.shape[-2:], n_past + first - start)"),
    speaks_of="- log_sum", common=True)

hides_the_future_with_0 = edit(
    "tiled_attention_backward", """A score of the future is 0 in your function, and its exp is not.
    Hide it as -inf.""",
    (BACK_CAUSAL_HIDE, "scores = np.where(mask, scores, 0.0)"))


@probes("tiled_attention_backward")
def probe_tiled_attention_backward():
    rng = np.random.default_rng(136)
    for batch in ((), (2,), (2, 3)):
        for n_queries, n_keys in ((4, 7), (6, 6), (7, 4)):
            sizes = (n_queries, 3), (n_keys, 3), (n_keys, 2), (n_queries, 2)
            q, k, v, grad_out = (rng.normal(size=(*batch, *size)) for size in sizes)
            plain, causal = tiled_attention(q, k, v), causal_tiled_attention(q, k, v)
            for tile in (3, 2, 50):
                yield given(q, k, v, *plain, grad_out, tile)
                yield given(q, k, v, *causal, grad_out, tile, causal=True)
        yield given(q, k, v, *plain, grad_out)
    q = 400 * q
    yield given(q, k, v, *tiled_attention(q, k, v), grad_out, 3)
    yield given(q, k, v, *causal_tiled_attention(q, k, v), grad_out, 3, True)
    whole = [np.rint(3 * array).astype(int) for array in (q / 400, k, v)]
    yield given(*whole, *tiled_attention(*whole), grad_out, 3)
    small = [array.astype(np.float32) for array in (q, k, v)]
    yield given(*small, *tiled_attention(*small), grad_out.astype(np.float32), 3)
