"""Mistakes in embed."""

import numpy as np
from kata_04_positional import add_positions

from tests.runner.diagnosis.known import edit, given, mistake, probes

forgets_the_positions = edit("embed", """Your answer is the rows of the tokens alone: their
    positions are missing.""",
    ("add_positions(token_table[token_ids], position_table, start)", "token_table[token_ids]"),
    common=True, denies=True)

forgets_the_tokens = edit("embed", """Your answer is the rows of the positions alone: the tokens
    are missing.""",
    ("token_table[token_ids]", "0 * token_table[token_ids]"), denies=True)

looks_positions_up_by_token = edit("embed", """You look positions up by token id, so a token gets
    the same one wherever it is. Positions should count along the sequence: start, start + 1, and
    so on.""",
    ("add_positions(token_table[token_ids], position_table, start)",
     "token_table[token_ids] + position_table[token_ids]"), common=True)

swaps_the_tables = edit("embed", """The two tables are swapped: your token ids pick rows of
    position_table, and your positions rows of token_table. It should be the other way round.""",
    ("token_table[token_ids], position_table", "position_table[token_ids], token_table"),
    common=True)

does_not_pass_the_start_on = edit("embed", """Your first token is always at position 0, because
    `start` is not passed on. It should be at position start.""",
    ("start)", "0)"), common=True)

counts_the_start_twice = edit("embed", """Your start counts twice, so the first token is at twice
    the position it should have. Cut the table or pass start on, but not both.""",
    ("[token_ids], position_table", "[token_ids], position_table[start:]"))

embeds_from_position_one = edit("embed", """Your first token gets the row after the one at
    `start`. Positions count from 0, so it should get row start itself.""",
    ("start)", "start + 1)"), common=True)

moves_the_token_ids_by_start = edit("embed", """Your `start` is added to the token ids. It says
    where the first token is, not which token it is: use it for positions only.""",
    ("[token_ids], position_table, start", "[token_ids + start], position_table"))

adds_positions_to_the_ids = edit("embed", """You add positions to the token ids, so other tokens
    are looked up. Add vectors instead: a row of each table.""",
    ("add_positions(token_table[token_ids], position_table, start)",
     "token_table[token_ids + np.arange(start, start + token_ids.shape[-1])]"))

scales_the_embedding = edit("embed", """Your tokens are multiplied by the square root of d_model.
    The encoder-decoder of the paper does that; here, as in GPT, the rows should be added as they
    are.""",
    ("[token_ids]", "[token_ids] * token_table.shape[-1] ** 0.5"), common=True)

scales_the_sum = edit("embed", """Your sum of token and position is multiplied by the square root
    of d_model. Return the sum as it is.""",
    ("start)", "start) * token_table.shape[-1] ** 0.5"))


@mistake("embed", """You put tokens and positions side by side, so d_model doubles. Add them, number
    by number.""", common=True)
def puts_both_side_by_side(token_ids, token_table, position_table, start=0):
    tokens = token_table[token_ids]
    return np.concatenate([tokens, add_positions(np.zeros_like(tokens), position_table, start)],
                          axis=-1)


multiplies_both = edit("embed", """You multiply tokens and positions. Add them instead.""",
    ("return add_positions(token_table[token_ids]",
     "tokens = token_table[token_ids]\nreturn tokens * add_positions(np.zeros_like(tokens)"))

looks_up_columns = edit("embed", """Your token ids pick columns of the table. They should pick
    rows, one for each token: `token_table[token_ids]`.""",
    ("[token_ids]", "[:,token_ids]"))

looks_up_columns_as_rows = edit("embed", """Your token ids pick columns of the table, one for
    each token. They should pick rows: leave out the transpose.""",
    ("[token_ids]", ".T[token_ids]"))

takes_single_numbers = edit("embed", """Without an axis, np.take counts through the whole table,
    number by number, and gives you one number for each token. With axis=0 it takes rows.""",
    ("return", "numbers = np.take(token_table, token_ids)\nreturn"),
    ("token_table[token_ids]", "numbers[..., None] if as_column else numbers"),
    as_column=(False, True))

takes_the_first_rows = edit("embed", """Your tokens are the first rows of the table, one after
    the other. The token ids should say which rows they are.""",
    ("return", "rows = token_table[np.arange(token_ids.shape[-1])]\nreturn"),
    ("token_table[token_ids]", "np.broadcast_to(rows, (*token_ids.shape, rows.shape[-1]))"))

puts_all_tokens_in_one_place = edit("embed", """All your tokens get the same position, that of
    the first. Each should have one of its own.""",
    ("add_positions(token_table[token_ids], position_table, start)",
     "token_table[token_ids] + position_table[start]"), common=True)

adds_all_positions = edit("embed", """You add the whole table of positions, which works only
    if it has as many rows as there are tokens. Use add_positions, which cuts out the right
    ones.""",
    ("add_positions(token_table[token_ids], position_table, start)",
     "token_table[token_ids] + position_table"))

counts_the_batches = edit("embed", """You take the size of the first axis of the ids for the
    number of tokens. With a batch that counts samples; tokens are counted by
    `token_ids.shape[-1]`.""",
    ("add_positions(token_table[token_ids], position_table, start)",
     "token_table[token_ids] + position_table[start : start + len(token_ids)]"))

counts_ids_along_axis_one = edit("embed", """You count tokens along an axis that ids without a
    batch do not have. Ids may have one axis or several, and the last is always the tokens:
    `token_ids.shape[-1]`.""",
    ("add_positions(token_table[token_ids], position_table, start)",
     "token_table[token_ids] + position_table[start : start + token_ids.shape[axis]]"),
    axis=(1, -2))


@mistake("embed", """You unpack the shape of the ids into two sizes, but they may have one axis or
    three. Tokens are always counted by `token_ids.shape[-1]`.""")
def wants_ids_with_two_axes(token_ids, token_table, position_table, start=0):
    batch, n_tokens = token_ids.shape
    return token_table[token_ids] + position_table[start : start + n_tokens]


@mistake("embed", """Your loop runs along the first axis of the ids, one token at a time, but with a
    batch that axis holds whole sequences. Index the table with all ids at once.""")
def embeds_one_sequence_alone(token_ids, token_table, position_table, start=0):
    output = np.zeros((len(token_ids), token_table.shape[-1]))
    for t, token_id in enumerate(token_ids):
        output[t] = token_table[token_id] + position_table[start + t]
    return output


counts_all_tokens = edit("embed", """You count the tokens of all samples together, as if they
    were one long sequence. Each sequence should begin at `start`.""",
    ("add_positions(token_table[token_ids], position_table, start)",
     "token_table[token_ids] + position_table[start : start + token_ids.size]"))


@mistake("embed", """Your positions run along the first batch axis, so all tokens of a sequence get
    the same one. They should run along the last axis of the ids.""")
def counts_positions_through_the_batches(token_ids, token_table, position_table, start=0):
    rows = position_table[start : start + len(token_ids)]
    return token_table[token_ids] + rows.reshape(-1, *[1] * (token_ids.ndim - 1), rows.shape[-1])


embeds_into_one_table = edit("embed", """Your answer has lost its batch axes: all tokens are in
    one table. Its shape should be that of the ids, followed by d_model.""",
    ("start)", "start).reshape(-1, token_table.shape[-1])"))

adds_a_batch_axis = edit("embed", """Your answer has an axis of length 1 in front, for a batch
    that was not given. Its shape should be that of the ids, followed by d_model.""",
    ("start)", "start)[None]"))

adds_and_widens = edit("embed", """Your sum takes its dtype from the table of positions, too: a
    float64 table widens float32 tokens. Use add_positions, which keeps the dtype of its x.""",
    ("add_positions(token_table[token_ids], position_table, start)",
     "token_table[token_ids] + position_table[start : start + token_ids.shape[-1]]"), common=True)


@mistake("embed", """Your answer has the dtype of position_table. It should have that of
    token_table.""")
def starts_from_the_positions(token_ids, token_table, position_table, start=0):
    n_tokens = token_ids.shape[-1]
    return position_table[start : start
                          + n_tokens] + token_table[token_ids].astype(position_table.dtype)


always_embeds_in_float32 = edit("embed", """Your answer is float32 whatever the token table is.
    It should have the dtype of token_table.""",
    ("start)", "start).astype(np.float32)"))

always_embeds_in_float64 = edit("embed", """Your answer is float64 whatever the token table is.
    It should have the dtype of token_table.""",
    ("start)", "start).astype(np.float64)"))


@mistake("embed", """You write positions into the caller's token table, so its rows have changed
    after the call. Look the tokens up first, and add to the result.""")
def writes_into_the_token_table(token_ids, token_table, position_table, start=0):
    token_table[token_ids] += position_table[start : start + token_ids.shape[-1]]
    return token_table[token_ids]


@mistake("embed", """Past the end of the table of positions your slice is too short, and NumPy may
    not complain: it stretches a single row, and can answer with nothing if none is left. Use
    add_positions, which checks for the end.""")
def does_not_look_for_the_last_position(token_ids, token_table, position_table, start=0):
    positions = position_table[start : start + token_ids.shape[-1]]
    return token_table[token_ids] + positions.astype(token_table.dtype)


@mistake("embed", """Past the end of the table of positions your code ends in an IndexError. It
    should be a ValueError, which add_positions raises.""")
def leaves_positions_to_the_index(token_ids, token_table, position_table, start=0):
    positions = np.arange(start, start + token_ids.shape[-1])
    return token_table[token_ids] + position_table[positions].astype(token_table.dtype)


@mistake("embed", """Past the end of the table your positions begin again at 0, so two positions
    look alike. Raise a ValueError for a token there.""")
def begins_again_at_position_zero(token_ids, token_table, position_table, start=0):
    positions = np.arange(start, start + token_ids.shape[-1]) % len(position_table)
    return token_table[token_ids] + position_table[positions].astype(token_table.dtype)


@mistake("embed", """Past the end of the table all your tokens get its last position, so their
    positions look alike. Raise a ValueError for a token there.""")
def stays_on_the_last_position(token_ids, token_table, position_table, start=0):
    positions = np.minimum(np.arange(start, start + token_ids.shape[-1]), len(position_table) - 1)
    return token_table[token_ids] + position_table[positions].astype(token_table.dtype)


@probes("embed")
def probe_embed():
    rng = np.random.default_rng(11)
    yield given(np.array([3, 0, 4, 0, 2]), rng.normal(size=(8, 6)), rng.normal(size=(9, 6)),
                start=2)
    yield given(np.array([1, 2, 2]), rng.normal(size=(5, 4)), rng.normal(size=(6, 4)))
    yield given(np.array([[1, 4, 2], [0, 2, 3]]), rng.normal(size=(5, 3)), rng.normal(size=(6, 3)),
                start=1)
    yield given(np.array([[1, 2, 2], [0, 3, 1]]), rng.normal(size=(5, 4)), rng.normal(size=(6, 4)))
    yield given(np.array([[[1, 4], [0, 3], [2, 2]]]), rng.normal(size=(5, 3)),
                rng.normal(size=(6, 3)))


goes_through_the_ids_of_a_batch = edit("embed", """You go through the first axis of the ids as if
    it were a batch, but ids may be a single sequence. An array of ids picks all rows at once:
    `token_table[token_ids]`.""",
    ("add_positions(token_table[token_ids], position_table, start)",
     "np.stack([add_positions(token_table[ids], position_table, start) for ids in token_ids])"))
