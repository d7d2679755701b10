"""Mistakes in embed."""

import numpy as np
from kata_04_positional import add_positions

from tests.runner.mistakes import given, mistake, probes


@mistake("embed", """Your answer is the rows of the tokens alone: their positions are missing.""",
         common=True)
def forgets_the_positions(token_ids, token_table, position_table, start=0):
    return token_table[token_ids]


@mistake("embed", """Your answer is the rows of the positions alone: the tokens are missing.""")
def forgets_the_tokens(token_ids, token_table, position_table, start=0):
    return add_positions(0 * token_table[token_ids], position_table, start)


@mistake("embed", """Your positions are looked up by token id, so a word gets the same one
    wherever it stands. A position is a place in the sequence: start, start + 1, and so on.""",
         common=True)
def looks_positions_up_by_token(token_ids, token_table, position_table, start=0):
    return token_table[token_ids] + position_table[token_ids]


@mistake("embed", """The two tables have changed places: token ids pick rows of position_table,
    and positions rows of token_table.""", common=True)
def swaps_the_tables(token_ids, token_table, position_table, start=0):
    return add_positions(position_table[token_ids], token_table, start)


@mistake("embed", """Your first token always stands at position 0: `start` is not passed on.""",
         common=True)
def does_not_pass_the_start_on(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], position_table, 0)


@mistake("embed", """Your start counts twice: the first token stands at twice the position that it
    should. Cut the table, or pass start on, but not both.""")
def counts_the_start_twice(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], position_table[start:], start)


@mistake("embed", """Your first token gets the row after the one at `start`. Positions count from
    0.""", common=True)
def embeds_from_position_one(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], position_table, start + 1)


@mistake("embed", """Your `start` moves the token ids. It says where the first token stands, and
    has nothing to do with which token it is.""")
def moves_the_token_ids_by_start(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids + start], position_table)


@mistake("embed", """Positions are added to your token ids, so other tokens are looked up. It is
    vectors that are added: a row of each table.""")
def adds_positions_to_the_ids(token_ids, token_table, position_table, start=0):
    return token_table[token_ids + np.arange(start, start + token_ids.shape[-1])]


@mistake("embed", """Your tokens are multiplied by the root of d_model. The encoder-decoder of the
    paper does that; here, as in GPT, the rows are added as they are.""", common=True)
def scales_the_embedding(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids] * token_table.shape[-1] ** 0.5, position_table, start)


@mistake("embed", """Your sum of token and position is multiplied by the root of d_model. The rows
    are added as they are.""")
def scales_the_sum(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], position_table, start) * token_table.shape[-1] ** 0.5


@mistake("embed", """Tokens and positions are put side by side, so d_model doubles. They are
    added, number by number.""", common=True)
def puts_both_side_by_side(token_ids, token_table, position_table, start=0):
    tokens = token_table[token_ids]
    return np.concatenate([tokens, add_positions(np.zeros_like(tokens), position_table, start)], axis=-1)


@mistake("embed", """Tokens and positions are multiplied. They are added.""")
def multiplies_both(token_ids, token_table, position_table, start=0):
    tokens = token_table[token_ids]
    return tokens * add_positions(np.zeros_like(tokens), position_table, start)


@mistake("embed", """Your token ids pick columns of the table. There is a row for each token:
    `token_table[token_ids]`.""")
def looks_up_columns(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[:, token_ids], position_table, start)


@mistake("embed", """Your token ids pick columns of the table, one for each token. There is a row
    for each: without the transpose.""")
def looks_up_columns_as_rows(token_ids, token_table, position_table, start=0):
    return add_positions(token_table.T[token_ids], position_table, start)


@mistake("embed", """Without an axis, np.take counts through the whole table, number by number,
    and answers with one number for each token. With axis=0 it takes rows.""", as_column=(False, True))
def takes_single_numbers(token_ids, token_table, position_table, start=0, *, as_column):
    numbers = np.take(token_table, token_ids)
    return add_positions(numbers[..., None] if as_column else numbers, position_table, start)


@mistake("embed", """Your tokens are the first rows of the table, one after the other. Which rows
    they are is what the token ids say.""")
def takes_the_first_rows(token_ids, token_table, position_table, start=0):
    rows = token_table[np.arange(token_ids.shape[-1])]
    return add_positions(np.broadcast_to(rows, (*token_ids.shape, rows.shape[-1])), position_table, start)


@mistake("embed", """All your tokens get one and the same position, that of the first. Each has
    one of its own.""", common=True)
def puts_all_tokens_in_one_place(token_ids, token_table, position_table, start=0):
    return token_table[token_ids] + position_table[start]


@mistake("embed", """Your sum takes the whole table of positions, and only works where it has as
    many rows as there are tokens. add_positions cuts out the right ones.""")
def adds_all_positions(token_ids, token_table, position_table, start=0):
    return token_table[token_ids] + position_table


@mistake("embed", """Your number of tokens is the length of the first axis of the ids. With
    batches in front that is how many there are of them; tokens are counted by
    `token_ids.shape[-1]`.""")
def counts_the_batches(token_ids, token_table, position_table, start=0):
    return token_table[token_ids] + position_table[start : start + len(token_ids)]


@mistake("embed", """Your tokens are counted along an axis that ids without a batch do not have. Ids
    may have one axis or several, and the last one is always the tokens:
    `token_ids.shape[-1]`.""", axis=(1, -2))
def counts_ids_along_axis_one(token_ids, token_table, position_table, start=0, *, axis):
    return token_table[token_ids] + position_table[start : start + token_ids.shape[axis]]


@mistake("embed", """Your line takes the shape of the ids apart into two sizes, and they may have
    one axis or three. Tokens are always counted by `token_ids.shape[-1]`.""")
def wants_ids_with_two_axes(token_ids, token_table, position_table, start=0):
    batch, n_tokens = token_ids.shape
    return token_table[token_ids] + position_table[start : start + n_tokens]


@mistake("embed", """Your loop runs along the first axis of the ids, with one token for each turn.
    With batches in front these are whole sequences: index the table with all ids at once.""")
def embeds_one_sequence_alone(token_ids, token_table, position_table, start=0):
    output = np.zeros((len(token_ids), token_table.shape[-1]))
    for t, token_id in enumerate(token_ids):
        output[t] = token_table[token_id] + position_table[start + t]
    return output


@mistake("embed", """Your number of tokens is that of all batches together, and positions count on
    through them. Each sequence begins at `start`.""")
def counts_all_tokens(token_ids, token_table, position_table, start=0):
    return token_table[token_ids] + position_table[start : start + token_ids.size]


@mistake("embed", """Your positions come from the first batch axis, so all tokens of a sequence
    get the same one. They run along the last axis of the ids.""")
def counts_positions_through_the_batches(token_ids, token_table, position_table, start=0):
    rows = position_table[start : start + len(token_ids)]
    return token_table[token_ids] + rows.reshape(-1, *[1] * (token_ids.ndim - 1), rows.shape[-1])


@mistake("embed", """Your answer has lost its batches: all tokens stand in one table. Its shape is
    that of the ids, with d_model behind it.""")
def embeds_into_one_table(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], position_table, start).reshape(-1, token_table.shape[-1])


@mistake("embed", """Your answer has an axis of length 1 in front, for a batch that was not given.
    Its shape is that of the ids, with d_model behind it.""")
def adds_a_batch_axis(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], position_table, start)[None]


@mistake("embed", """Your sum takes its dtype from the table of positions too: where that is
    float64 it widens float32 tokens. add_positions keeps the dtype of its x.""", common=True)
def adds_and_widens(token_ids, token_table, position_table, start=0):
    return token_table[token_ids] + position_table[start : start + token_ids.shape[-1]]


@mistake("embed", """Your answer has the dtype of position_table. It should have that of
    token_table.""")
def starts_from_the_positions(token_ids, token_table, position_table, start=0):
    n_tokens = token_ids.shape[-1]
    return position_table[start : start + n_tokens] + token_table[token_ids].astype(position_table.dtype)


@mistake("embed", """Your answer is float32 whatever the token table is. It should have the dtype
    of token_table.""")
def always_embeds_in_float32(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], position_table, start).astype(np.float32)


@mistake("embed", """Your answer is float64 whatever the token table is. It should have the dtype
    of token_table.""")
def always_embeds_in_float64(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], position_table, start).astype(np.float64)


@mistake("embed", """Your positions are written into the caller's token table: after the call its
    rows are no longer what they were. Look the tokens up first, and add to what comes out.""")
def writes_into_the_token_table(token_ids, token_table, position_table, start=0):
    token_table[token_ids] += position_table[start : start + token_ids.shape[-1]]
    return token_table[token_ids]


@mistake("embed", """Past the end of the table of positions your slice is too short, and no error
    says so: NumPy stretches a single row, and answers with nothing where none is left.
    add_positions knows about the end.""")
def does_not_look_for_the_last_position(token_ids, token_table, position_table, start=0):
    positions = position_table[start : start + token_ids.shape[-1]]
    return token_table[token_ids] + positions.astype(token_table.dtype)


@mistake("embed", """Past the end of the table of positions your call ends in an IndexError. A
    ValueError is asked for, and add_positions raises it.""")
def leaves_positions_to_the_index(token_ids, token_table, position_table, start=0):
    positions = np.arange(start, start + token_ids.shape[-1])
    return token_table[token_ids] + position_table[positions].astype(token_table.dtype)


@mistake("embed", """Past the end of the table your positions begin again at 0, so two places look
    alike. A token there is a ValueError.""")
def begins_again_at_position_zero(token_ids, token_table, position_table, start=0):
    positions = np.arange(start, start + token_ids.shape[-1]) % len(position_table)
    return token_table[token_ids] + position_table[positions].astype(token_table.dtype)


@mistake("embed", """Past the end of the table all your tokens get its last position, so their
    places look alike. A token there is a ValueError.""")
def stays_on_the_last_position(token_ids, token_table, position_table, start=0):
    positions = np.minimum(np.arange(start, start + token_ids.shape[-1]), len(position_table) - 1)
    return token_table[token_ids] + position_table[positions].astype(token_table.dtype)


@probes("embed")
def probe_embed():
    rng = np.random.default_rng(11)
    yield given(np.array([3, 0, 4, 0, 2]), rng.normal(size=(8, 6)), rng.normal(size=(9, 6)), start=2)
    yield given(np.array([1, 2, 2]), rng.normal(size=(5, 4)), rng.normal(size=(6, 4)))
    yield given(np.array([[1, 4, 2], [0, 2, 3]]), rng.normal(size=(5, 3)), rng.normal(size=(6, 3)), start=1)
    yield given(np.array([[1, 2, 2], [0, 3, 1]]), rng.normal(size=(5, 4)), rng.normal(size=(6, 4)))
    yield given(np.array([[[1, 4], [0, 3], [2, 2]]]), rng.normal(size=(5, 3)), rng.normal(size=(6, 3)))


@mistake("embed", """You go through the first axis of the ids as through a batch, and ids may be a single
    sequence. An array of ids picks all rows at once: `token_table[token_ids]`.""")
def goes_through_the_ids_of_a_batch(token_ids, token_table, position_table, start=0):
    return np.stack([add_positions(token_table[ids], position_table, start) for ids in token_ids])
