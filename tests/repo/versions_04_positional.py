"""Versions of lesson 4 that are right, in many styles."""

import numpy as np
from kata_04_positional import add_positions, rotary_angles

from tests.repo.versions import right


@right("sinusoidal_encoding")
def with_two_loops(n_positions, d_model, base=10_000.0):
    table = np.zeros((n_positions, d_model))
    for p in range(n_positions):
        for column in range(d_model):
            angle = p / base ** ((column - column % 2) / d_model)
            table[p, column] = np.cos(angle) if column % 2 else np.sin(angle)
    return table


@right("sinusoidal_encoding")
def with_exp_and_log(n_positions, d_model, base=10_000.0):
    div_term = np.exp(np.arange(0, d_model, 2) * (-np.log(base) / d_model))
    pe = np.zeros((n_positions, d_model))
    pe[:, 0::2] = np.sin(np.arange(n_positions)[:, np.newaxis] * div_term)
    pe[:, 1::2] = np.cos(np.arange(n_positions)[:, np.newaxis] * div_term[: d_model // 2])
    return pe


@right("sinusoidal_encoding")
def with_where_on_the_columns(n_positions, d_model, base=10_000.0):
    columns = np.arange(d_model)
    angles = np.outer(np.arange(n_positions), 1 / np.power(base, 2 * (columns // 2) / d_model))
    return np.where(columns % 2 == 0, np.sin(angles), np.cos(angles))


@right("sinusoidal_encoding")
def with_a_phase_for_the_cosines(n_positions, d_model, base=10_000.0):
    rates = np.repeat(base ** -(np.arange(0, d_model, 2) / d_model), 2)[:d_model]
    return np.sin(np.arange(n_positions)[:, None] * rates + np.arange(d_model) % 2 * np.pi / 2)


@right("sinusoidal_encoding")
def stacked_and_cut(n_positions, d_model, base=10_000.0):
    angles = np.einsum("p,i->pi", np.arange(n_positions),
                       base ** (-np.arange(0, d_model, 2) / d_model))
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n_positions, -1)[:, :d_model]


@right("sinusoidal_encoding")
def in_float32_throughout(n_positions, d_model, base=10_000.0):
    i = np.arange(0, d_model, 2, dtype=np.float32)
    angles = np.arange(n_positions,
                       dtype=np.float32)[:, None] / np.float32(base) ** (i / np.float32(d_model))
    waves = np.exp(1j * angles)
    return np.stack([waves.imag, waves.real], axis=2).reshape(n_positions,
                                                              -1)[:, :d_model].astype(np.float32)


@right("sinusoidal_encoding")
def by_turning_the_row_before(n_positions, d_model, base=10_000.0):
    step = np.exp(1j * base ** (-np.arange(0, d_model, 2) / d_model))
    hands, rows = np.ones(len(step), dtype=complex), []
    for _ in range(n_positions):
        rows.append([number for hand in hands for number in (hand.imag, hand.real)][:d_model])
        hands = hands * step
    return np.array(rows)


@right("add_positions")
def with_a_list_of_rows(x, table, start=0):
    if start + x.shape[-2] > table.shape[0]:
        raise ValueError("no room in the table")
    rows = np.stack([table[start + t] for t in range(x.shape[-2])])
    return (x + rows).astype(x.dtype if x.dtype.kind == "f" else rows.dtype)


@right("add_positions")
def with_the_error_turned_over(x, table, start=0):
    try:
        rows = table[np.arange(start, start + x.shape[-2])]
    except IndexError as problem:
        raise ValueError("past the last position") from problem
    return np.add(x, rows.astype(np.float32 if x.dtype == np.float32 else np.float64))


@right("add_positions")
def token_by_token(x, table, start=0):
    output = np.array(x, dtype=np.promote_types(x.dtype, np.float16) if x.dtype.kind == "f"
                      else float)
    for t in range(x.shape[-2]):
        if start + t >= len(table):
            raise ValueError(f"no position {start + t}")
        output[..., t, :] += table[start + t].astype(output.dtype)
    return output


@right("add_positions")
def with_the_room_compared(x, table, start=0):
    n_tokens = x.shape[-2]
    rows = table[start:][:n_tokens]
    if len(rows) != n_tokens:
        raise ValueError(f"{n_tokens} tokens, {len(rows)} rows")
    total = x + rows
    return total.astype(x.dtype) if np.issubdtype(x.dtype, np.floating) else total


@right("add_positions")
def with_take_along_the_rows(x, table, start=0):
    positions = start + np.arange(x.shape[-2])
    if positions[-1] > table.shape[0] - 1:
        raise ValueError
    return np.take(table, positions, axis=0).astype(np.result_type(x, 1.0)) + x


@right("embed")
def as_one_sum(token_ids, token_table, position_table, start=0):
    n_tokens = token_ids.shape[-1]
    if start + n_tokens > len(position_table):
        raise ValueError(f"{len(position_table)} positions are too few")
    return (token_table[token_ids]
            + position_table[start : start + n_tokens]).astype(token_table.dtype)


@right("embed")
def with_one_hot_rows(token_ids, token_table, position_table, start=0):
    one_hot = (token_ids[..., None] == np.arange(len(token_table))).astype(token_table.dtype)
    return add_positions(one_hot @ token_table, position_table, start=start)


@right("embed")
def with_np_take(token_ids, token_table, position_table, start=0):
    return add_positions(x=np.take(token_table, token_ids, axis=0), table=position_table,
                         start=start)


@right("embed")
def with_a_loop_over_all_ids(token_ids, token_table, position_table, start=0):
    if start + token_ids.shape[-1] > len(position_table):
        raise ValueError("past the end")
    output = np.empty((*token_ids.shape, token_table.shape[1]), dtype=token_table.dtype)
    for index in np.ndindex(token_ids.shape):
        output[index] = token_table[token_ids[index]] + position_table[start + index[-1]]
    return output


@right("embed")
def added_in_place_to_a_copy(token_ids, token_table, position_table, start=0):
    end = start + np.shape(token_ids)[-1]
    if not end <= position_table.shape[0]:
        raise ValueError
    embedded = token_table[token_ids]
    embedded += position_table[start:end].astype(embedded.dtype)
    return embedded


@right("rotary_angles")
def with_outer(positions, d_head, base=10_000.0):
    return np.outer(positions, 1.0 / base ** (np.arange(0, d_head, 2) / d_head))


@right("rotary_angles")
def as_a_list_of_lists(positions, d_head, base=10_000.0):
    return np.array([[p / base ** (2 * i / d_head) for i in range(d_head // 2)] for p in positions])


@right("rotary_angles")
def in_float32(positions, d_head, base=10_000.0):
    inv_freq = np.exp(-np.log(base) * np.arange(0, d_head, 2) / d_head).astype(np.float32)
    return np.einsum("i,j->ij", positions.astype(np.float32), inv_freq)


@right("rotary_angles")
def with_linspace_and_logspace(positions, d_head, base=10_000.0):
    rates = np.logspace(0, -1, d_head // 2, endpoint=False, base=base)
    return positions.reshape(-1, 1) @ rates.reshape(1, -1)


@right("rotary_angles")
def filled_row_by_row(positions, d_head, base=10_000.0):
    angles = np.zeros((len(positions), d_head // 2))
    for row, position in enumerate(positions):
        angles[row] = position * base ** (-np.arange(d_head // 2) / (d_head / 2))
    return angles


@right("apply_rotary")
def as_complex_numbers(x, positions, base=10_000.0):
    if x.shape[-1] % 2 == 1:
        raise ValueError("odd")
    turned = (x[..., 0::2]
              + 1j * x[..., 1::2]) * np.exp(1j * rotary_angles(positions, x.shape[-1], base))
    out = np.stack((turned.real, turned.imag), axis=-1).reshape(x.shape)
    return out.astype(x.dtype) if x.dtype.kind == "f" else out


@right("apply_rotary")
def as_a_complex_view(x, positions, base=10_000.0):
    if x.shape[-1] % 2:
        raise ValueError
    numbers = np.ascontiguousarray(x, dtype=np.float64).view(np.complex128)
    turned = numbers * np.exp(1j * rotary_angles(positions, x.shape[-1], base))
    return turned.view(np.float64).astype(np.result_type(x.dtype, np.float16) if x.dtype.kind == "f"
                                          else float)


@right("apply_rotary")
def with_swapped_neighbours(x, positions, base=10_000.0):
    angles = np.repeat(rotary_angles(positions, x.shape[-1], base), 2, axis=-1)
    pairs = x.reshape(*x.shape[:-1], -1, 2)  # which is a ValueError where the width is odd
    swapped = np.stack([-pairs[..., 1], pairs[..., 0]], axis=-1).reshape(x.shape)
    return (x * np.cos(angles) + swapped * np.sin(angles)).astype(np.result_type(x, 0.0))


@right("apply_rotary")
def with_a_matrix_for_each_pair(x, positions, base=10_000.0):
    *front, n_tokens, d_head = x.shape
    if d_head % 2 != 0:
        raise ValueError(f"cannot pair {d_head} numbers")
    a = rotary_angles(positions, d_head, base)
    turns = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])  # (2, 2, n_tokens, n_pairs)
    turned = np.einsum("rctp,...tpc->...tpr", turns, x.reshape(*front, n_tokens, d_head // 2, 2))
    return turned.reshape(x.shape).astype(x.dtype if x.dtype.kind == "f" else np.float64)


@right("apply_rotary")
def with_loops_over_tokens_and_pairs(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head != 2 * (d_head // 2):
        raise ValueError("odd")
    out = x.astype(np.float32 if x.dtype == np.float32 else np.float64)
    for t, position in enumerate(positions):
        for i in range(d_head // 2):
            angle = position / base ** (2 * i / d_head)
            first, second = x[..., t, 2 * i], x[..., t, 2 * i + 1]
            out[..., t, 2 * i] = first * np.cos(angle) - second * np.sin(angle)
            out[..., t, 2 * i + 1] = first * np.sin(angle) + second * np.cos(angle)
    return out


@right("apply_rotary")
def without_a_check_of_its_own(x, positions, base=10_000.0):
    angles = rotary_angles(positions, x.shape[-1], base)
    cos, sin = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
    first, second = np.moveaxis(x.reshape(x.shape[:-1] + (x.shape[-1] // 2, 2)), -1, 0)
    turned = np.stack([first * cos - second * sin, second * cos + first * sin], axis=-1)
    return turned.reshape(x.shape)


@right("apply_rotary")
def with_halves_inside(x, positions, base=10_000.0):
    if x.shape[-1] % 2:
        raise ValueError("d_head must be even")
    order = np.concatenate([np.arange(0, x.shape[-1], 2), np.arange(1, x.shape[-1], 2)])
    halves = x[..., order]
    left, right_half = np.split(halves, 2, axis=-1)
    angles = np.concatenate([rotary_angles(positions, x.shape[-1], base)] * 2, axis=-1)
    turned = halves * np.cos(angles) + np.concatenate([-right_half, left], axis=-1) * np.sin(angles)
    return turned[..., np.argsort(order)].astype(np.result_type(x, 0.0))


@right("add_positions")
def cast_to_the_dtype_of_x_as_floats(x, table, start=0):
    end = start + x.shape[-2]
    if end > table.shape[0]:
        raise ValueError(f"position {end - 1} is past the end of the table ({table.shape[0]} rows)")
    x = x if np.issubdtype(x.dtype, np.floating) else x.astype(float)
    return x + table[start:end].astype(x.dtype)


@right("add_positions")
def added_into_a_copy(x, table, start=0):
    n_tokens = x.shape[-2]
    if start + n_tokens > len(table):
        raise ValueError("the sequence is longer than the table")
    output = x * 1.0
    np.add(output, table[start : start + n_tokens], out=output, casting="same_kind")
    return output


@right("rotary_angles")
def as_an_outer_product_of_all_pairs(positions, d_head, base=10_000.0):
    return np.multiply.outer(positions, [base ** (-2 * i / d_head) for i in range(d_head // 2)])


@right("apply_rotary")
def in_an_array_like_x(x, positions, base=10_000.0):
    if x.shape[-1] & 1:
        raise ValueError("odd")
    z = (x[..., 0::2] + 1j * x[..., 1::2]) * np.exp(1j * rotary_angles(positions, x.shape[-1],
                                                                       base))
    output = np.empty_like(x + 0.0)
    output[..., 0::2], output[..., 1::2] = z.real, z.imag
    return output


@right("apply_rotary")
def with_one_large_matrix_for_each_token(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError("odd")
    output = 0.0 * x
    for t, angles in enumerate(rotary_angles(positions, d_head, base)):
        turn = np.zeros((d_head, d_head))
        for i, a in enumerate(angles):
            turn[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[np.cos(a), -np.sin(a)],
                                                          [np.sin(a), np.cos(a)]]
        output[..., t, :] = x[..., t, :] @ turn.T
    return output


@right("apply_rotary")
def with_waves_in_the_dtype_of_x(x, positions, base=10_000.0):
    if x.shape[-1] % 2:
        raise ValueError("odd")
    x = x if x.dtype.kind == "f" else x.astype(float)
    angles = np.repeat(rotary_angles(positions, x.shape[-1], base), 2, axis=-1)
    turned = np.empty_like(x)
    turned[..., 0::2], turned[..., 1::2] = -x[..., 1::2], x[..., 0::2]
    return x * np.cos(angles).astype(x.dtype) + turned * np.sin(angles).astype(x.dtype)


@right("sinusoidal_encoding")
def with_cosines_as_later_sines(n_positions, d_model, base=10_000.0):
    columns = np.arange(d_model)
    angles = np.arange(n_positions)[:, None] / np.power(base, 2 * (columns // 2) / d_model)
    return np.sin(angles + columns % 2 * np.pi / 2)


@right("embed")
def with_positions_added_to_nothing_first(token_ids, token_table, position_table, start=0):
    places = np.zeros((token_ids.shape[-1], token_table.shape[-1]), token_table.dtype)
    return token_table[token_ids] + add_positions(places, position_table, start)


@right("embed")
def with_a_table_cut_at_start(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], position_table[start:])


@right("apply_rotary")
def with_pairs_sorted_into_halves_and_back(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError("odd")
    order = np.r_[0:d_head:2, 1:d_head:2]
    left, right_half = np.split(x[..., order], 2, axis=-1)
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    turned = np.concatenate([left * cos - right_half * sin, left * sin + right_half * cos], axis=-1)
    return turned[..., np.argsort(order)].astype(np.result_type(x, np.float32)
                                                 if x.dtype.kind == "f" else float)


@right("apply_rotary")
def with_all_matrices_at_once(x, positions, base=10_000.0):
    n_tokens, d_head = x.shape[-2:]
    if d_head % 2:
        raise ValueError("odd")
    angles, even = rotary_angles(positions, d_head, base), np.arange(0, d_head, 2)
    turns = np.zeros((n_tokens, d_head, d_head))
    turns[:, even, even] = turns[:, even + 1, even + 1] = np.cos(angles)
    turns[:, even, even + 1], turns[:, even + 1, even] = -np.sin(angles), np.sin(angles)
    return (turns @ x[..., None])[..., 0].astype(x.dtype if x.dtype.kind == "f" else float)
