"""Mistakes in add_positions: what happens to a token past the end of the table."""

import numpy as np

from tests.runner.mistakes import mistake


@mistake("add_positions", """Past the end of the table your slice is too short, and no error says
    so: NumPy stretches a single row, and answers with nothing where none is left. Compare start +
    n_tokens with len(table) first: it may be equal.""")
def does_not_look_for_the_end(x, table, start=0):
    end = start + x.shape[-2]
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Past the end of the table your call ends in an IndexError. A
    ValueError is asked for: compare start + n_tokens with len(table) and raise it yourself.""")
def leaves_the_error_to_the_index(x, table, start=0):
    positions = np.arange(start, start + x.shape[-2])
    return x + table[positions].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Past the end of the table your positions begin again at row 0, so two
    places look alike. A token there is a ValueError.""")
def begins_again_at_the_top(x, table, start=0):
    positions = np.arange(start, start + x.shape[-2]) % len(table)
    return x + table[positions].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Past the end of the table all your tokens get its last row, so their
    places look alike. A token there is a ValueError.""")
def stays_on_the_last_row(x, table, start=0):
    positions = np.minimum(np.arange(start, start + x.shape[-2]), len(table) - 1)
    return x + table[positions].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Past the end of the table your tokens get no position: they come back
    as they are. A token there is a ValueError.""")
def adds_nothing_past_the_end(x, table, start=0):
    end = start + x.shape[-2]
    rows = np.zeros((max(end, len(table)), table.shape[-1]))
    rows[: len(table)] = table
    return x + rows[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Past the end of the table your tokens are dropped without a word. A
    token there is a ValueError.""")
def drops_tokens_past_the_end(x, table, start=0):
    end = start + x.shape[-2]
    rows = table[start:end]
    return x[..., : len(rows), :] + rows.astype(np.result_type(x, 0.0))


@mistake("add_positions", """Where the sequence would run past the end of the table, your rows are
    its last ones, and tokens get positions that are not theirs. That is a ValueError.""")
def moves_the_rows_back(x, table, start=0):
    start = min(start, len(table) - x.shape[-2])
    end = start + x.shape[-2]
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your check fails with an AssertionError. A ValueError is asked for;
    an `assert` is also left out when Python runs with -O.""")
def asserts_that_there_is_room(x, table, start=0):
    end = start + x.shape[-2]
    assert end <= len(table)
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your check looks at the first token alone, and the last one may stand
    past the end all the same: NumPy stretches a single row over all of them.""")
def checks_the_first_token_alone(x, table, start=0):
    end = start + x.shape[-2]
    if start >= len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your check refuses a sequence that fits exactly. The last row of the
    table may be used: start + n_tokens may be equal to len(table).""")
def refuses_the_last_row(x, table, start=0):
    end = start + x.shape[-2]
    if end >= len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your check lets one token too many through. The last token stands at start + n_tokens - 1,
    and the last row of the table is len(table) - 1.""")
def checks_one_position_too_late(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table) + 1:
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your start counts twice: the table is cut at start, and rows are taken from start again.
    Once is enough.""")
def cuts_the_table_at_start_twice(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:][start:end].astype(np.result_type(x, 0.0))


@mistake("add_positions", """Your check counts the first axis of x. With a batch in front that is the samples; the
    tokens are counted by `x.shape[-2]`.""")
def checks_the_length_of_the_first_axis(x, table, start=0):
    end = start + x.shape[-2]
    if start + len(x) > len(table):
        raise ValueError(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end].astype(np.result_type(x, 0.0))
