"""Mistakes of a few characters, in several functions: where a power ends, and what is passed on."""

import numpy as np
from kata_04_positional import add_positions

from tests.runner.diagnosis.known import mistake


@mistake("sinusoidal_encoding", """In `p / base ** i / d_model` everything is divided by d_model at
    the end: ** binds first, and / works from left to right. Put brackets around the exponent: base
    ** (2 * i / d_model).""", step=(2, 1))
def divides_by_d_model_at_the_end(n_positions, d_model, base=10_000.0, *, step):
    pairs = np.arange((d_model + 1) // 2)
    angles = np.arange(n_positions)[:, None] / base ** (1.0 * step * pairs) / d_model
    table = np.empty((n_positions, d_model))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : d_model // 2])
    return table


@mistake("sinusoidal_encoding", """In `base ** 2 * i / d_model` only the 2 is the exponent: ** binds
    first. Put brackets around the whole exponent: base ** (2 * i / d_model).""",
         whole=(True, False))
def raises_the_base_to_two(n_positions, d_model, base=10_000.0, *, whole):
    p, i = np.arange(n_positions)[:, None], np.arange((d_model + 1) // 2)
    angles = p / (base**2 * i / d_model) if whole else p / base**2 * i / d_model
    table = np.empty((n_positions, d_model))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : d_model // 2])
    return table


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


@mistake("rotary_angles", """Your answer is the cosines (or sines) of the angles. Return the angles
    themselves; apply_rotary takes cosine and sine of them.""", sines=(False, True))
def answers_with_cosines_alone(positions, d_head, base=10_000.0, *, sines):
    angles = np.asarray(positions)[:, None] * base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.sin(angles) if sines else np.cos(angles)


@mistake("add_positions", """Past the end of the table you raise a different exception. Raise a
    ValueError, since a caller may be waiting for just that: `raise ValueError(...)`.""",
         kind=(IndexError, Exception, RuntimeError))
def raises_another_exception(x, table, start=0, *, kind):
    end = start + x.shape[-2]
    if end > len(table):
        raise kind(f"the table has {len(table)} positions, and the last token stands at {end - 1}")
    return x + table[start:end].astype(np.result_type(x, 0.0))


@mistake("embed", """Your token ids are never looked up: they go to add_positions as they are, and are numbers, not
    vectors. `token_table[token_ids]` has a row for each.""")
def adds_positions_to_ids_alone(token_ids, token_table, position_table, start=0):
    return add_positions(token_ids, position_table, start)


@mistake("embed", """Your token ids are never looked up: you add rows of positions to the ids, which
    are numbers, not vectors. `token_table[token_ids]` has a row for each.""")
def adds_rows_to_the_ids(token_ids, token_table, position_table, start=0):
    return token_ids + position_table[start : start + token_ids.shape[-1]]
