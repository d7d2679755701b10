"""Mistakes in add_positions: which rows of the table are added, and how."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

ignores_the_start = edit("add_positions", """Your positions always begin at 0: `start` has no
    effect. Token t should get row start + t.""",
    ("start:end", ": x.shape[-2]"), common=True, denies=True)

adds_the_whole_table = edit("add_positions", """You add the whole table, which works only if
    it has as many rows as there are tokens. Cut it first: rows start to start + n_tokens.""",
    ("[start:end]", ""))

takes_all_rows_from_start = edit("add_positions", """Your rows run from `start` to the end of the
    table. They should end where the tokens end, at start + n_tokens.""",
    ("start:end", "start:"))

FEWER = """Your rows end at n_tokens, so the later they start, the fewer are left. They should end
    at start + n_tokens."""

ends_at_n_tokens = edit("add_positions", FEWER, ("start:end", "start:x.shape[-2]"))

takes_n_tokens_for_the_end = edit("add_positions", FEWER, ("start + x.shape[-2]", "x.shape[-2]"))

counts_positions_from_one = edit("add_positions", """Your first token gets the row after the one
    at `start`. Positions count from 0, so token 0 should get row start itself.""",
    ("start:end", "start + 1:end + 1"), common=True)

stops_a_row_short = edit("add_positions", """Your slice is one row too short. A slice leaves its
    end out, so it should begin at start and end at start + n_tokens.""",
    ("start:end", "start:end - 1"))

takes_a_row_too_many = edit("add_positions", """Your slice is one row too long. A slice leaves
    its end out, so it should begin at start and end at start + n_tokens.""",
    ("start:end", "start:end + 1"))

gives_all_tokens_one_row = edit("add_positions", """All your tokens get the same row, that of the
    first. Each should get the row of its own position.""",
    ("start:end", "start"), common=True)

counts_positions_down = edit("add_positions", """Your positions run from the last token to the
    first. The first token should get row start, and the rows should go up from there.""",
    ("[start:end]", "[start:end][::-1]"))

takes_the_last_rows = edit("add_positions", """Your tokens get the last rows of the table.
    Positions count from its top: token t should get row start + t.""",
    ("start:end", "len(table) - x.shape[-2] :"))

puts_positions_beside_tokens = edit("add_positions", """Your positions are put beside the tokens,
    so d_model doubles. Add them, number by number, so that the width stays the same.""",
    ("return x + table[start:end].astype(np.result_type(x, 0.0))",
     "rows = np.broadcast_to(table[start:end].astype(np.result_type(x, 0.0)), x.shape)\n"
     "return np.concatenate([x, rows], axis=-1)"), common=True)

puts_positions_below_tokens = edit("add_positions", """Your positions are put below the tokens,
    as if they were more tokens. Add them, number by number.""",
    ("return x + table[start:end].astype(np.result_type(x, 0.0))",
     "rows = np.broadcast_to(table[start:end].astype(np.result_type(x, 0.0)), x.shape)\n"
     "return np.concatenate([x, rows], axis=-2)"))

multiplies_with_the_rows = edit("add_positions", """You multiply tokens and positions. Add them
    instead.""",
    ("x +", "x *"))

subtracts_the_rows = edit("add_positions", """You subtract the rows of the table. Add them
    instead.""",
    ("x +", "x -"))

takes_the_mean_of_both = edit("add_positions", """Your answer is half of the sum: the mean of
    token and position. Return the sum itself.""",
    ("x + table[start:end].astype(np.result_type(x, 0.0))",
     "(x + table[start:end].astype(np.result_type(x, 0.0))) / 2"))

answers_with_the_rows = edit("add_positions", """Your answer is the rows of the table alone. Add
    them to x.""",
    ("return x +", "rows ="),
    ("x, 0.0))",
     "x, 0.0))\nreturn np.broadcast_to(rows, x.shape).copy() if stretched else rows"),
    stretched=(False, True))

scales_the_tokens = edit("add_positions", """Your tokens are multiplied by the square root of
    d_model first. The paper does that to its embeddings, before this step; here, leave x as it
    is.""",
    ("return x", "return x * x.shape[-1] ** 0.5"), common=True)

scales_the_rows = edit("add_positions", """The rows of the table are multiplied by the square
    root of d_model first. Add them as they are.""",
    ("x +", "x + x.shape[-1] ** 0.5 *"))

brings_the_sum_to_length_one = edit("add_positions", """Your sum is scaled so that each row has a
    norm of one. Return token plus position as it is.""",
    ("return", "output ="),
    ("x, 0.0))", "x, 0.0))\nreturn output / np.linalg.norm(output, axis=-1, keepdims=True)"))

counts_along_the_first_axis = edit("add_positions", """You take the size of the first axis of x
    for the number of tokens. With a batch that counts samples; tokens are counted by
    `x.shape[-2]`.""",
    ("x.shape[-2]", "x.shape[0]"))

counts_along_axis_one = edit("add_positions", """You take d_model for the number of tokens: if
    x has two axes, `x.shape[1]` and `x.shape[-1]` both count columns. Use `x.shape[-2]`, which
    always counts tokens.""",
    ("x.shape[-2]", "x.shape[1]"))

wants_exactly_one_batch_axis = edit("add_positions", """You unpack the shape of x into three
    sizes, but x may have two axes or four. Counted from the end, `x.shape[-2]` is always the
    number of tokens.""",
    ("end =", "batch, n_tokens, d_model = x.shape\nend ="), ("x.shape[-2]", "n_tokens"))

wants_no_batch_axis = edit("add_positions", """You unpack the shape of x into two sizes, but with
    a batch it has more. Counted from the end, `x.shape[-2]` is always the number of tokens.""",
    ("end =", "n_tokens, d_model = x.shape\nend ="), ("x.shape[-2]", "n_tokens"))

gives_each_batch_one_row = edit("add_positions", """Your positions run along the first axis of x,
    so with a batch all tokens of a sample get the same row. They should run along the
    second-to-last axis.""",
    ("return x + table[start:end].astype(np.result_type(x, 0.0))",
     "output = np.zeros(x.shape)\n"
     "for t in range(len(x)):\n"
     "    output[t] = x[t] + table[start + t]\n"
     "return output"))

counts_on_through_the_batches = edit("add_positions", """Your positions count on from one sample
    to the next, as if all of x were one long sequence. Each sequence should begin at `start`.""",
    ("return x + table[start:end].astype(np.result_type(x, 0.0))",
     "rows = x.reshape(-1, x.shape[-1])\n"
     "return (rows + table[start : start + len(rows)].astype(np.result_type(x, "
     "0.0))).reshape(x.shape)"))

runs_the_batches_together = edit("add_positions", """Your answer has lost its batch axes: all
    tokens are in one table. It should have the shape of x.""",
    ("x + table[start:end].astype(np.result_type(x, 0.0))",
     "(x + table[start:end].astype(np.result_type(x, 0.0))).reshape(-1, x.shape[-1])"))

lets_the_table_widen = edit("add_positions", """Your answer takes its dtype from the table, too:
    a float64 table widens float32 tokens. Convert the rows to the dtype of x before you add
    them.""",
    ("[start:end].astype(np.result_type(x, 0.0))", "[start:end]"), common=True)

takes_the_dtype_of_the_table = edit("add_positions", """Your answer has the dtype of the table.
    It should have that of the tokens, x.""",
    ("x + table[start:end].astype(np.result_type(x, 0.0))",
     "(x + table[start:end]).astype(table.dtype)"))

cuts_the_sum_down = edit("add_positions", """If x holds integers, your sum is cut to whole
    numbers, too, and the fractions of the table are lost. Integers should become float64:
    np.result_type(x, 0.0).""",
    ("astype(np.result_type(x, 0.0))",
     'astype(x.dtype) if cut == "rows" else (x + table[start:end]).astype(x.dtype)'),
    cut=("rows", "sum"))

always_adds_in_float32 = edit("add_positions", """Your answer is float32 whatever x is. It should
    have the dtype of x.""",
    ("x + table[start:end].astype(np.result_type(x, 0.0))",
     "(x + table[start:end]).astype(np.float32)"))

adds_into_a_copy_of_x = edit("add_positions", """If x holds integers, you add fractions into a
    copy of it, and an array of integers has no room for them. A new array has: `x + rows`.""",
    ("end >", "checks and end >"),
    ("return x + table[start:end].astype(np.result_type(x, 0.0))",
     "x = x.copy()\n"
     "if at_once:\n"
     "    x += table[start:end]\n"
     "else:\n"
     "    for i in range(x.shape[-2]):\n"
     "        x[..., i, :] += table[start + i]\n"
     "return x"), at_once=(True, False), checks=(False, True))

writes_the_sum_into_x = edit("add_positions", """You write the sum into the caller's x, so its
    tokens have changed after the call. `x = x + ...` makes a new array, `x += ...` does not.""",
    ("return x +", "x +="), ("x, 0.0))", "x, 0.0))\nreturn x"))

writes_the_sum_into_the_table = edit("add_positions", """You write the sum into the caller's
    table, so its rows have changed after the call. `rows = rows + x` makes a new array; `rows +=
    x` writes into the table that rows is a slice of.""",
    ("return x + table[start:end].astype(np.result_type(x, 0.0))",
     "rows = table[start:end]\n"
     "rows += x\n"
     "return rows"))


@probes("add_positions")
def probe_add_positions():
    rng = np.random.default_rng(10)
    yield given(rng.normal(size=(3, 7)), rng.normal(size=(8, 7)), start=2)
    yield given(rng.normal(size=(3, 7)), rng.normal(size=(4, 7)))
    yield given(rng.normal(size=(4, 5)), rng.normal(size=(9, 5)), 4)
    yield given(rng.normal(size=(3, 7)), rng.normal(size=(8, 7)), start=7)  # one row is left
    yield given(rng.normal(size=(4, 3, 7)), rng.normal(size=(8, 7)), start=5)  # fits exactly
    yield given(rng.normal(size=(5, 7)), rng.normal(size=(8, 7)), start=4)  # one row too few
