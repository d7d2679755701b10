"""Mistakes in add_positions and embed: positions as numbers, or rows with an axis too many."""

import numpy as np
from kata_04_positional import add_positions

from tests.runner.diagnosis.known import edit, mistake

adds_the_number_of_the_position = edit("add_positions", """You add the position itself, as a
    number, to every feature of a token. Add the row of the table for it: token t should get row
    start + t.""",
    ("end >", "checked and end >"),
    ("return x + table[start:end]",
     "positions = np.arange(start, end) if from_start else np.arange(x.shape[-2])\n"
     "return x + positions[:, None]"), from_start=(True, False), checked=(False, True))

adds_rows_with_an_axis_too_many = edit("add_positions", """Your rows have an axis too many,
    (n_tokens, 1, d_model), as when positions are in a column, `[:, None]`. They should be
    (n_tokens, d_model), a row for each token.""",
    ("start:end", "np.arange(start, end)[:, None]"))


@mistake("embed", """You add the position itself, as a number, to every feature of a token. Add the
    row of position_table for it: token t should get row start + t.""", from_start=(True, False))
def embeds_the_number_of_the_position(
    token_ids, token_table, position_table, start=0, *, from_start
):
    tokens = token_table[token_ids]
    add_positions(tokens, position_table, start)  # which looks for the end of the table
    positions = np.arange(tokens.shape[-2]) + (start if from_start else 0)
    return tokens + positions[:, None].astype(np.result_type(tokens, 0.0))


@mistake("embed", """Your rows of position_table have an axis too many, (n_tokens, 1, d_model),
    as when positions are in a column, `[:, None]`. They should be (n_tokens, d_model), a row for
    each token.""")
def embeds_rows_with_an_axis_too_many(token_ids, token_table, position_table, start=0):
    tokens = token_table[token_ids]
    add_positions(tokens, position_table, start)  # which looks for the end of the table
    rows = position_table[np.arange(start, start + tokens.shape[-2])[:, None]]
    return tokens + rows.astype(np.result_type(tokens, 0.0))
