"""Mistakes in add_positions: what happens to a token past the end of the table."""

import numpy as np

from tests.runner.diagnosis.known import edit, mistake


@mistake("add_positions", """Past the end of the table your slice is too short, and NumPy may not
    complain: it stretches a single row, and can answer with nothing if none is left. Raise a
    ValueError if start + n_tokens is more than len(table).""")
def does_not_look_for_the_end(x, table, start=0):
    end = start + x.shape[-2]
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Past the end of the table your code ends in an IndexError. It should be
    a ValueError: compare start + n_tokens with len(table) and raise it yourself.""")
def leaves_the_error_to_the_index(x, table, start=0):
    positions = np.arange(start, start + x.shape[-2])
    return x + table[positions].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Past the end of the table your positions begin again at row 0, so
    two positions look alike. Raise a ValueError for a token there.""")
def begins_again_at_the_top(x, table, start=0):
    positions = np.arange(start, start + x.shape[-2]) % len(table)
    return x + table[positions].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Past the end of the table all your tokens get its last row, so their
    positions look alike. Raise a ValueError for a token there.""")
def stays_on_the_last_row(x, table, start=0):
    positions = np.minimum(np.arange(start, start + x.shape[-2]), len(table) - 1)
    return x + table[positions].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Past the end of the table your tokens get no position and come back as
    they are. Raise a ValueError for a token there.""")
def adds_nothing_past_the_end(x, table, start=0):
    end = start + x.shape[-2]
    rows = np.zeros((max(end, len(table)), table.shape[-1]))
    rows[: len(table)] = table
    return x + rows[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Past the end of the table your tokens are dropped silently. Raise a
    ValueError for a token there.""")
def drops_tokens_past_the_end(x, table, start=0):
    end = start + x.shape[-2]
    rows = table[start:end]
    return x[..., : len(rows), :] + rows.astype(np.result_type(x, 0.0))


moves_the_rows_back = edit("add_positions", """If the sequence would run past the end of the
    table, you take its last rows, so tokens get positions that are not theirs. Raise a
    ValueError instead.""",
    ("end =", "start = min(start, len(table) - x.shape[-2])\nend ="))


@mistake("add_positions", """Your check raises an AssertionError. Raise a ValueError instead: Python
    skips an `assert` when run with -O.""")
def asserts_that_there_is_room(x, table, start=0):
    end = start + x.shape[-2]
    assert end <= len(table)
    return x + table[start:end].astype(np.result_type(x, 0.0))


checks_the_first_token_alone = edit("add_positions", """Your check looks only at the first token,
    and the last may still be past the end: NumPy then stretches a single row over all of them.
    Check the last token instead.""",
    ("end >", "start >="))

refuses_the_last_row = edit("add_positions", """Your check refuses a sequence that fits exactly.
    The last row of the table may be used: start + n_tokens may be equal to len(table).""",
    ("end >", "end >="))

checks_one_position_too_late = edit("add_positions", """Your check lets through one token too
    many. The last token is at start + n_tokens - 1, which should be at most len(table) - 1.""",
    ("end > len(table)", "end > len(table) + 1"))

cuts_the_table_at_start_twice = edit("add_positions", """Your start counts twice: you cut the
    table at start, and then take rows from start again. Do only one of the two.""",
    ("x + table", "x + table[start:]"))

checks_the_length_of_the_first_axis = edit("add_positions", """Your check counts along the first
    axis of x, but with a batch that holds the samples. Tokens are counted by `x.shape[-2]`.""",
    ("end >", "start + len(x) >"))
