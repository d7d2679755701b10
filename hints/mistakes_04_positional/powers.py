"""Mistakes of a few characters, in several functions: where a power ends, and what is passed on."""

import numpy as np

from tests.runner.diagnosis.known import edit, mistake

divides_by_d_model_at_the_end = edit("sinusoidal_encoding", """In `p / base ** i / d_model`
    everything is divided by d_model at the end: ** binds first, and / works from left to right.
    Put brackets around the exponent: base ** (2 * i / d_model).""",
    ("base ** (-np.arange(0, d_model, 2) / d_model)", "np.arange((d_model + 1) // 2)"),
    ("[:, None] * rates", "[:, None] / base ** (1.0 * step * rates) / d_model"), step=(2, 1))

raises_the_base_to_two = edit("sinusoidal_encoding", """In `base ** 2 * i / d_model` only the 2
    is the exponent: ** binds first. Put brackets around the whole exponent: base ** (2 * i /
    d_model).""",
    ("rates = base ** (-np.arange(0, d_model, 2) / d_model)",
     "p, i = np.arange(n_positions)[:, None], np.arange((d_model + 1) // 2)"),
    ("np.arange(n_positions)[:, None] * rates",
     "p / (base**2 * i / d_model) if whole else p / base**2 * i / d_model"), whole=(True, False))


@mistake("rotary_angles", """In `p / base ** i / d_head` everything is divided by d_head at the end:
    ** binds first, and / works from left to right. Put brackets around the exponent: base ** (2 * i
    / d_head).""", step=(2, 1))
def divides_by_d_head_at_the_end(positions, d_head, base=10_000.0, *, step):
    return np.asarray(positions)[:, None] / base ** (1.0 * step * np.arange(d_head // 2)) / d_head


@mistake("rotary_angles", """In `base ** 2 * i / d_head` only the 2 is the exponent: ** binds first.
    Put brackets around the whole exponent: base ** (2 * i / d_head).""", whole=(True, False))
def puts_only_the_two_in_the_power(positions, d_head, base=10_000.0, *, whole):
    p, i = np.asarray(positions)[:, None], np.arange(d_head // 2)
    return p / (base**2 * i / d_head) if whole else p / base**2 * i / d_head


answers_with_cosines_alone = edit("rotary_angles", """Your answer is the cosines (or sines) of
    the angles. Return the angles themselves; apply_rotary takes cosine and sine of them.""",
    ("rates =", "angles = np.asarray(positions)[:, None] *"),
    ("np.asarray(positions)[:, None] * rates", "np.sin(angles) if sines else np.cos(angles)"),
    sines=(False, True))

raises_another_exception = edit("add_positions", """Past the end of the table you raise a
    different exception. Raise a ValueError, since a caller may be waiting for just that: `raise
    ValueError(...)`.""",
    ("ValueError", "kind"), kind=(IndexError, Exception, RuntimeError))

adds_positions_to_ids_alone = edit("embed", """Your token ids are never looked up: they go to
    add_positions as they are, and are numbers, not vectors. `token_table[token_ids]` has a row
    for each.""",
    ("token_table[token_ids]", "token_ids"))

adds_rows_to_the_ids = edit("embed", """Your token ids are never looked up: you add rows of
    positions to the ids, which are numbers, not vectors. `token_table[token_ids]` has a row for
    each.""",
    ("add_positions(token_table[token_ids], position_table, start)",
     "token_ids + position_table[start : start + token_ids.shape[-1]]"))
