"""Mistakes in embedding_backward: tokens that come twice, and the size of the table."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

ADDED = "np.add.at(grad_table, token_ids, grad_out)"

counts_a_repeated_token_once = edit("embedding_backward", """Of a token that comes several times,
    only the last position counts in your table. Its row should get the sum of all of them: add
    position by position.""",
    (ADDED, "grad_table[token_ids] += grad_out"), common=True)

takes_the_mean_of_a_token = edit("embedding_backward", """The row of a token that comes several
    times is the mean of the gradients at its positions. It should be their sum.""",
    (ADDED, """np.add.at(grad_table, token_ids, grad_out)
counts = np.bincount(token_ids.ravel(), minlength=n_rows).astype(grad_out.dtype)
grad_table /= np.maximum(counts, 1)[:, np.newaxis]"""))

ends_the_table_at_the_largest_id = edit("embedding_backward", """Your table ends at the largest
    id that comes. It should have n_rows rows, also for tokens that are not looked up.""",
    ("(n_rows,", "(token_ids.max() + 1,"))

widens_by_zeros = edit("embedding_backward", """Your table is float64, whatever grad_out is.
    The array that you make needs the dtype of grad_out.""",
    (", dtype=grad_out.dtype", ""), common=True)

adds_at_the_positions = edit("embedding_backward", """You add to the rows by position: the first
    token to row 0, the second to row 1. That is the gradient of a table of positions. Add to
    the row of the token's id.""",
    (ADDED, """positions = np.broadcast_to(np.arange(token_ids.shape[-1]), token_ids.shape)
np.add.at(grad_table, positions, grad_out)"""))

adds_ones = edit("embedding_backward", """Your rows hold how often each token comes: grad_out has
    no effect. Add the rows of grad_out.""",
    (ADDED, "np.add.at(grad_table, token_ids, np.ones_like(grad_out))"), denies=True)

returns_what_add_at_returns = edit("embedding_backward", """`np.add.at` changes its first
    argument, and returns None. Return the table.""",
    (ADDED, f"return {ADDED}"), speaks_of="at")

adds_up_one_sequence_after_another = edit("embedding_backward", """Within a sequence a token
    that comes twice counts once, and over several sequences its row adds up. Add token by
    token, not sequence by sequence.""",
    (ADDED, """for ids, rows in zip(token_ids, grad_out):
    grad_table[ids] += rows"""))

forgets_the_batch = edit("embedding_backward", """You use the first sequence of the batch alone.
    All sequences add to the same table.""",
    (ADDED, """while token_ids.ndim > 1:
    token_ids, grad_out = token_ids[0], grad_out[0]
np.add.at(grad_table, token_ids, grad_out)"""))


@mistake("embedding_backward", """Of a token that comes several times, only the first position
    counts in your table. Its row should get the sum of all of them.""")
def takes_the_first_place_alone(token_ids, n_rows, grad_out):
    rows = grad_out.reshape(-1, grad_out.shape[-1])
    ids, first = np.unique(token_ids, return_index=True)
    grad_table = np.zeros((n_rows, rows.shape[-1]), dtype=rows.dtype)
    grad_table[ids] = rows[first]
    return grad_table


@probes("embedding_backward")
def probe_embedding_backward():
    rng = np.random.default_rng(71)
    yield given(np.array([3, 1, 3, 0]), 5, rng.normal(size=(4, 2)))
    yield given(np.array([[3, 1, 3], [1, 1, 0]]), 6, rng.normal(size=(2, 3, 4)))
    yield given(np.array([[[2, 2]], [[2, 1]]]), 4, rng.normal(size=(2, 1, 2, 3)))
    yield given(np.array([0, 0, 1]), 2, rng.normal(size=(3, 2)).astype(np.float32))
    yield given(np.array([4, 0, 2]), 5, rng.normal(size=(3, 3)))
