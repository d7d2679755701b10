"""Versions of lesson 4 that are wrong in unheard-of ways, or wrong twice."""

import numpy as np
from kata_04_positional import add_positions, rotary_angles

from tests.repo.versions import twice, unheard_of

# Wrong in ways that no mistake describes ---------------------------------------------


@unheard_of("sinusoidal_encoding")
def tangents(n_positions, d_model, base=10_000.0):
    scales = base ** (np.arange(d_model) / d_model)
    return np.tan(np.arange(n_positions)[:, None] / scales)


@unheard_of("sinusoidal_encoding")
def random_rows(n_positions, d_model, base=10_000.0):
    return np.random.default_rng(0).normal(size=(n_positions, d_model))


@unheard_of("sinusoidal_encoding")
def squared_positions(n_positions, d_model, base=10_000.0):
    angles = np.arange(n_positions)[:, None] ** 2 / base ** (np.arange(0, d_model, 2) / d_model)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n_positions, -1)[:, :d_model]


@unheard_of("add_positions")
def every_other_row(x, table, start=0):
    return x + table[start :: 2][: x.shape[-2]]


@unheard_of("add_positions")
def of_running_sums(x, table, start=0):
    return x + np.cumsum(table, axis=0)[start : start + x.shape[-2]]


@unheard_of("embed")
def with_sorted_ids(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[np.sort(token_ids)], position_table, start)


@unheard_of("embed")
def with_twice_the_positions(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], 2 * position_table, start)


@unheard_of("rotary_angles")
def square_roots_of_the_positions(positions, d_head, base=10_000.0):
    return np.sqrt(positions)[:, None] / base ** (2 * np.arange(d_head // 2) / d_head)


@unheard_of("rotary_angles")
def logarithms_of_the_positions(positions, d_head, base=10_000.0):
    return np.log1p(positions)[:, None] / base ** (2 * np.arange(d_head // 2) / d_head)


@unheard_of("apply_rotary")
def with_hyperbolic_turns(x, positions, base=10_000.0):
    angles = rotary_angles(positions, x.shape[-1], base)
    even, odd = x[..., 0::2], x[..., 1::2]
    turned = [even * np.cosh(angles) + odd * np.sinh(angles),
              even * np.sinh(angles) + odd * np.cosh(angles)]
    return np.stack(turned, axis=-1).reshape(x.shape)


@unheard_of("apply_rotary")
def with_every_second_pair_backwards(x, positions, base=10_000.0):
    angles = rotary_angles(positions, x.shape[-1], base)
    angles[:, 1::2] *= -1
    turned = (x[..., 0::2] + 1j * x[..., 1::2]) * np.exp(1j * angles)
    return np.stack([turned.real, turned.imag], axis=-1).reshape(x.shape)


@unheard_of("apply_rotary")
def with_one_position_for_all(x, positions, base=10_000.0):
    angles = rotary_angles(positions, x.shape[-1], base)[-1:]
    turned = (x[..., 0::2] + 1j * x[..., 1::2]) * np.exp(1j * angles)
    return np.stack([turned.real, turned.imag], axis=-1).reshape(x.shape)


# Two mistakes at once: both are named, or the one that shows first ---------------------

twice("puts_cosines_first", "doubles_the_exponent")
twice("puts_sines_left_and_cosines_right", "has_a_base_of_its_own")
twice("begins_at_position_one", "halves_the_exponent")
twice("turns_the_table_on_its_side", "multiplies_by_the_power")
twice("puts_cosines_first", "has_no_room_for_the_last_cosine")
twice("scales_the_tokens", "counts_positions_from_one")
twice("ignores_the_start", "scales_the_tokens")
twice("ignores_the_start", "takes_the_mean_of_both")
twice("swaps_the_tables", "does_not_pass_the_start_on")
twice("embeds_from_position_one", "scales_the_embedding")
twice("scales_the_embedding", "does_not_pass_the_start_on")
twice("counts_for_itself", "leaves_out_the_two")
twice("lets_the_pairs_speed_up", "puts_pairs_in_rows")
twice("takes_a_fixed_base", "adds_one_to_the_positions")
twice("puts_the_angles_there_twice", "takes_a_fixed_base")
twice("turns_the_other_way", "does_not_pass_the_base_on")
twice("turns_by_counting", "uses_the_turned_number")
twice("uses_the_turned_number", "puts_the_halves_side_by_side")
twice("pairs_the_halves", "turns_one_position_further")
twice("puts_the_halves_side_by_side", "does_not_pass_the_base_on")
twice("pairs_the_halves", "turns_the_other_way")
twice("turns_the_other_way", "widens_to_float64")
twice("turns_by_counting", "does_not_pass_the_base_on")
twice("turns_one_position_further", "changes_sine_and_cosine_round")
twice("takes_a_fixed_base", "cuts_the_positions_down")
twice("turns_the_other_way", "does_not_pass_the_base_on")
twice("counts_on_from_the_first_position", "takes_a_fixed_base")
