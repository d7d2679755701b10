"""Mistakes in add_positions: which rows of the table are added, and how."""

import numpy as np

from tests.runner.diagnosis.known import given, mistake, probes


@mistake("add_positions", """Your positions always begin at 0: `start` plays no part. Token t should
    get row start + t.""", common=True, denies=True)
def ignores_the_start(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[: x.shape[-2]].astype(np.result_type(x, 0.0))


@mistake("add_positions", """You add the whole table, which works only where it has as many rows as
    there are tokens. Cut it first: rows start to start + n_tokens.""")
def adds_the_whole_table(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table.astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your rows run from `start` to the end of the table. They should end
    where the tokens end, at start + n_tokens.""")
def takes_all_rows_from_start(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your rows end at n_tokens, so the later they start, the fewer are left.
    They should end at start + n_tokens.""")
def ends_at_n_tokens(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start : x.shape[-2]].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your first token gets the row after the one at `start`. Positions count
    from 0, so token 0 should get row start itself.""", common=True)
def counts_positions_from_one(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start + 1 : end + 1].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your slice is one row too short. A slice leaves its end out already, so
    it should end at start + n_tokens, without a - 1.""")
def stops_a_row_short(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start : end - 1].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your slice is one row too long. A slice leaves its end out, so it
    should end at start + n_tokens, without a + 1.""")
def takes_a_row_too_many(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start : end + 1].astype(np.result_type(x, 0.0))


@mistake("add_positions", """All your tokens get the same row, that of the first. Each should get
    the row of its own position.""", common=True)
def gives_all_tokens_one_row(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your positions run from the last token to the first. The first token
    should get row start, and the rows should go up from there.""")
def counts_positions_down(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end][::-1].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your tokens get the last rows of the table. Positions count from its
    top: token t should get row start + t.""")
def takes_the_last_rows(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[len(table) - x.shape[-2] :].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your positions are put beside the tokens, so d_model doubles. Add them,
    number by number, so that the width stays the same.""", common=True)
def puts_positions_beside_tokens(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    rows = np.broadcast_to(table[start:end].astype(np.result_type(x, 0.0)), x.shape)
    return np.concatenate([x, rows], axis=-1)


@mistake("add_positions", """Your positions are put below the tokens, as if they were more tokens.
    Add them, number by number.""")
def puts_positions_below_tokens(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    rows = np.broadcast_to(table[start:end].astype(np.result_type(x, 0.0)), x.shape)
    return np.concatenate([x, rows], axis=-2)


@mistake("add_positions", """You multiply tokens and positions. Add them instead.""")
def multiplies_with_the_rows(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x * table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """You subtract the rows of the table. Add them instead.""")
def subtracts_the_rows(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x - table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your answer is half of the sum: the mean of token and position. Return
    the sum itself.""")
def takes_the_mean_of_both(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return (x + table[start:end].astype(np.result_type(x, 0.0))) / 2


@mistake("add_positions", """Your answer is the rows of the table alone. Add them to x.""",
         stretched=(False, True))
def answers_with_the_rows(x, table, start=0, *, stretched):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    rows = table[start:end].astype(np.result_type(x, 0.0))
    return np.broadcast_to(rows, x.shape).copy() if stretched else rows


@mistake("add_positions", """Your tokens are multiplied by the square root of d_model first. The
    paper does that to its embeddings, before this step; here, leave x as it is.""", common=True)
def scales_the_tokens(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x * x.shape[-1] ** 0.5 + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """The rows of the table are multiplied by the square root of d_model
    first. Add them as they are.""")
def scales_the_rows(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + x.shape[-1] ** 0.5 * table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your sum is scaled so that each row has a norm of one. Return token
    plus position as it is.""")
def brings_the_sum_to_length_one(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    output = x + table[start:end].astype(np.result_type(x, 0.0))
    return output / np.linalg.norm(output, axis=-1, keepdims=True)


@mistake("add_positions", """You take the size of the first axis of x for the number of tokens. With
    a batch that counts samples; tokens are counted by `x.shape[-2]`.""")
def counts_along_the_first_axis(x, table, start=0):
    end = start + x.shape[0]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """You take d_model for the number of tokens: where x has two axes,
    `x.shape[1]` and `x.shape[-1]` both count columns. Use `x.shape[-2]`, which always counts
    tokens.""")
def counts_along_axis_one(x, table, start=0):
    end = start + x.shape[1]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """You unpack the shape of x into three sizes, but x may have two axes or
    four. Counted from the end, `x.shape[-2]` is always the number of tokens.""")
def wants_exactly_one_batch_axis(x, table, start=0):
    batch, n_tokens, d_model = x.shape
    end = start + n_tokens
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """You unpack the shape of x into two sizes, but with a batch it has more.
    Counted from the end, `x.shape[-2]` is always the number of tokens.""")
def wants_no_batch_axis(x, table, start=0):
    n_tokens, d_model = x.shape
    end = start + n_tokens
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your positions run along the first axis of x, so with a batch all
    tokens of a sample get the same row. They should run along the second-to-last axis.""")
def gives_each_batch_one_row(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    output = np.zeros(x.shape)
    for t in range(len(x)):
        output[t] = x[t] + table[start + t]
    return output


@mistake("add_positions", """Your positions count on from one sample to the next, as if all of x
    were one long sequence. Each sequence should begin at `start`.""")
def counts_on_through_the_batches(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    rows = x.reshape(-1, x.shape[-1])
    return (rows + table[start : start + len(rows)].astype(np.result_type(x, 0.0))).reshape(x.shape)


@mistake("add_positions", """Your answer has lost its batch axes: all tokens are in one table. It
    should have the shape of x.""")
def runs_the_batches_together(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return (x + table[start:end].astype(np.result_type(x, 0.0))).reshape(-1, x.shape[-1])


@mistake("add_positions", """Your answer takes its dtype from the table, too: a float64 table widens
    float32 tokens. Convert the rows to the dtype of x before you add them.""", common=True)
def lets_the_table_widen(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end]


@mistake("add_positions", """Your answer has the dtype of the table. It should have that of the
    tokens, x.""")
def takes_the_dtype_of_the_table(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return (x + table[start:end]).astype(table.dtype)


@mistake("add_positions", """Where x holds integers, your sum is cut to whole numbers, too, and the
    fractions of the table are lost. Integers should become float64: np.result_type(x, 0.0).""",
         cut=("rows", "sum"))
def cuts_the_sum_down(x, table, start=0, *, cut):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end].astype(x.dtype) if cut == "rows" else (x + table[start:end]).astype(x.dtype)


@mistake("add_positions", """Your answer is float32 whatever x is. It should have the dtype of
    x.""")
def always_adds_in_float32(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return (x + table[start:end]).astype(np.float32)


@mistake("add_positions", """Where x holds integers, you add fractions into a copy of it, and an array
    of integers has no room for them. A new array has: `x + rows`.""",
         at_once=(True, False), checks=(False, True))
def adds_into_a_copy_of_x(x, table, start=0, *, at_once, checks):
    end = start + x.shape[-2]
    if checks and end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    x = x.copy()
    if at_once:
        x += table[start:end]
    else:
        for i in range(x.shape[-2]):
            x[..., i, :] += table[start + i]
    return x



@mistake("add_positions", """You write the sum into the caller's x, so its tokens have changed after
    the call. `x = x + ...` makes a new array, `x += ...` does not.""")
def writes_the_sum_into_x(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    x += table[start:end].astype(np.result_type(x, 0.0))
    return x


@mistake("add_positions", """You write the sum into the caller's table, so its rows have changed
    after the call. `rows = rows + x` makes a new array; `rows += x` writes into the table that rows
    is a slice of.""")
def writes_the_sum_into_the_table(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    rows = table[start:end]
    rows += x
    return rows


@probes("add_positions")
def probe_add_positions():
    rng = np.random.default_rng(10)
    yield given(rng.normal(size=(3, 7)), rng.normal(size=(8, 7)), start=2)
    yield given(rng.normal(size=(3, 7)), rng.normal(size=(4, 7)))
    yield given(rng.normal(size=(4, 5)), rng.normal(size=(9, 5)), 4)
    yield given(rng.normal(size=(3, 7)), rng.normal(size=(8, 7)), start=7)  # one row is left
    yield given(rng.normal(size=(4, 3, 7)), rng.normal(size=(8, 7)), start=5)  # fits exactly
