"""Mistakes in sinusoidal_encoding: which number is where in the table."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

puts_sines_left_and_cosines_right = edit("sinusoidal_encoding", """Your table has all sines on
    the left and all cosines on the right, as in some libraries. In this lesson they should
    alternate: sines on even columns, cosines on odd ones.""",
    ("table[:, 0::2]", "table[:, : len(rates)]"), ("table[:, 1::2]", "table[:, len(rates) :]"),
    common=True)

puts_cosines_left_and_sines_right = edit("sinusoidal_encoding", """Your table has all cosines on
    the left and all sines on the right. They should alternate, and sines come first: sines on
    even columns, cosines on odd ones.""",
    ("[:, 0::2] = np.sin", "[:, : len(rates)] = np.cos"),
    ("[:, 1::2] = np.cos", "[:, len(rates) :] = np.sin"))

puts_cosines_first = edit("sinusoidal_encoding", """Sines and cosines are swapped: row 0 of your
    table is 1, 0, 1, 0. Column 0 counts as even, and even columns should hold the sines.""",
    ("np.sin", "np.cos"), ("np.cos", "np.sin"), common=True)

takes_sines_everywhere = edit("sinusoidal_encoding", """Your table has sines in every column. The
    odd columns should hold cosines: a sine alone does not say where the hand of a clock points.""",
    ("np.cos", "np.sin"))

takes_cosines_everywhere = edit("sinusoidal_encoding", """Your table has cosines in every column.
    The even columns should hold sines.""",
    ("np.sin", "np.cos"))

leaves_the_angles = edit("sinusoidal_encoding", """Your table holds the angles as they are. Take
    sine and cosine of them.""",
    ("np.sin(angles)", "angles"),
    ("np.cos(angles[:, : d_model // 2])", "angles[:, : d_model // 2]"))

leaves_the_odd_columns_empty = edit("sinusoidal_encoding", """Your odd columns are zero: the
    cosines are missing there.""",
    ("np.empty", "np.zeros"), ("table[:, 1::2] = np.cos(angles[:, : d_model // 2])", ""),
    denies=True)


@mistake("sinusoidal_encoding", """Your table has the sines alone, half of its columns. Beside each
    sine there should be the cosine of the same angle.""")
def returns_the_sines_alone(n_positions, d_model, base=10_000.0):
    scales = base ** (np.arange(0, d_model, 2) / d_model)
    angles = np.arange(n_positions)[:, None] / scales
    return np.sin(angles)


@mistake("sinusoidal_encoding", """Your sines and cosines alternate from row to row. They should
    alternate from column to column: `table[:, 0::2]` are the even columns, `table[0::2]` the even
    rows.""")
def alternates_down_the_rows(n_positions, d_model, base=10_000.0):
    columns = np.arange(d_model)
    scales = base ** ((columns - columns % 2) / d_model)
    table = np.arange(n_positions)[:, None] / scales
    table[0::2] = np.sin(table[0::2])
    table[1::2] = np.cos(table[1::2])
    return table


turns_the_table_on_its_side = edit("sinusoidal_encoding", """Your table is transposed: it has a
    column for each position. It should have a row for each, with d_model numbers.""",
    ("return table", "return table.T"), common=True)

adds_an_axis_for_batches = edit("sinusoidal_encoding", """Your table has an axis of length 1 in
    front. It broadcasts over a batch without one: its shape should be (n_positions, d_model).""",
    ("return table", "return table[None]"))


@mistake("sinusoidal_encoding", """Sines and cosines form an axis of their own at the end of your
    table. Put them side by side in one row: the shape should be (n_positions, d_model).""")
def leaves_the_pairs_apart(n_positions, d_model, base=10_000.0):
    scales = base ** (np.arange(0, d_model, 2) / d_model)
    angles = np.arange(n_positions)[:, None] / scales
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1)


makes_a_table_of_integers = edit("sinusoidal_encoding", """Your table holds whole numbers, so
    every sine and cosine is cut to 0, 1 or -1. Make it an array of floats.""",
    ("d_model))", "d_model), dtype=int)"))

leaves_the_last_position_out = edit("sinusoidal_encoding", """Your table has one row too few: the
    last position is missing. Positions should run from 0 to n_positions - 1, as
    np.arange(n_positions) counts them.""",
    ("np.arange(n_positions)", "np.arange(n_positions - 1)"),
    ("np.empty((n_positions, d_model))", "np.empty((n_positions - 1, d_model))"), denies=True)

adds_a_position = edit("sinusoidal_encoding", """Your table has one row too many, at its end.
    Positions should run from 0 to n_positions - 1, as np.arange(n_positions) counts them.""",
    ("np.arange(n_positions)", "np.arange(n_positions + 1)"),
    ("np.empty((n_positions, d_model))", "np.empty((n_positions + 1, d_model))"))

begins_at_position_one = edit("sinusoidal_encoding", """Your positions begin at 1. They should
    begin at 0, so that row 0 is 0, 1, 0, 1 and so on: the sines and cosines of angle zero.""",
    ("np.arange(n_positions)", "np.arange(1, n_positions + 1)"), common=True)

leaves_row_zero_empty = edit("sinusoidal_encoding", """Row 0 of your table is all zeros. Position
    0 is a position like any other: its sines should be 0 and its cosines 1.""",
    ("return", "table[0] = 0.0\nreturn"))

rounds_the_table = edit("sinusoidal_encoding", """Your numbers are rounded. Round what you print,
    not what you return.""",
    ("return table", "return table.round(digits)"), digits=(2, 3, 4))

brings_the_rows_to_length_one = edit("sinusoidal_encoding", """Your rows are scaled to a norm of
    one. Leave sines and cosines as they are: a row of d_model numbers has the norm sqrt(d_model
    / 2).""",
    ("return table", "return table / np.linalg.norm(table, axis=-1, keepdims=True)"))

has_no_room_for_the_last_cosine = edit("sinusoidal_encoding", """You have as many cosines as
    sines, but an odd width has one column fewer for the cosines. The last column should be a
    sine: leave the last cosine out there.""",
    ("[:, : d_model // 2]", ""))


@mistake("sinusoidal_encoding", """If d_model is odd, your table has one column too many. It
    should end on a sine: leave out the cosine beside it.""")
def rounds_the_width_up(n_positions, d_model, base=10_000.0):
    scales = base ** (np.arange(0, d_model, 2) / d_model)
    angles = np.arange(n_positions)[:, None] / scales
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n_positions, -1)


@mistake("sinusoidal_encoding", """If d_model is odd, your table has one column too few. The last
    column should be a sine, without a cosine beside it.""")
def rounds_the_width_down(n_positions, d_model, base=10_000.0):
    scales = base ** (np.arange(0, d_model - 1, 2) / d_model)
    angles = np.arange(n_positions)[:, None] / scales
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n_positions,
                                                                       d_model // 2 * 2)


has_no_sine_for_the_last_column = edit("sinusoidal_encoding", """You have too few sines if
    d_model is odd: of five columns, three should be sines. `d_model // 2` rounds down;
    `np.arange(0, d_model, 2)` counts every even column.""",
    ("np.arange(0, d_model, 2)", "2 * np.arange(d_model // 2)"))

leaves_the_last_odd_column_empty = edit("sinusoidal_encoding", """If d_model is odd, the last
    column of your table is zero. It should be a sine, slower than all before it.""",
    ("d_model, 2", "d_model - 1, 2"), ("np.empty", "np.zeros"),
    ("table[:, 0::2]", "table[:, 0:d_model - 1 :2]"))

divides_by_the_even_width = edit("sinusoidal_encoding", """If d_model is odd, your exponents
    are divided by d_model - 1, which is twice `d_model // 2`. Divide them by d_model itself.""",
    ("/ d_model", "/ max(d_model // 2 * 2, 1)"))

divides_by_the_next_even_width = edit("sinusoidal_encoding", """If d_model is odd, your
    exponents are divided by d_model + 1, the next even width. Divide them by d_model itself.""",
    ("/ d_model", "/ (d_model + d_model % 2)"))


@mistake("sinusoidal_encoding", """If d_model is odd, your loop reaches for a column past the
    last one, for a cosine that does not fit. The table should end on a sine.""")
def runs_past_the_last_column(n_positions, d_model, base=10_000.0):
    table = np.empty((n_positions, d_model))
    for column in range(0, d_model, 2):
        angles = np.arange(n_positions) / base ** (column / d_model)
        table[:, column] = np.sin(angles)
        table[:, column + 1] = np.cos(angles)
    return table


@mistake("sinusoidal_encoding", """You stack all sines before all cosines, and the reshape cuts new
    rows out of that, which mixes positions. Stack on the last axis, so that each pair stays
    together.""")
def stacks_sines_above_cosines(n_positions, d_model, base=10_000.0):
    scales = base ** (np.arange(0, d_model, 2) / d_model)
    angles = np.arange(n_positions)[:, None] / scales
    return np.stack([np.sin(angles), np.cos(angles)]).reshape(n_positions, -1)


@probes("sinusoidal_encoding")
def probe_sinusoidal_encoding():
    yield given(3, 4)
    yield given(5, 8)
    yield given(9, 6, base=50.0)
    yield given(4, 14, 300)
