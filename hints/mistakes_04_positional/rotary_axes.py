"""Mistakes in apply_rotary of those who think of a fixed number of axes, and of those who forget one."""

import numpy as np
from kata_04_positional import rotary_angles

from tests.runner.diagnosis.known import mistake


@mistake("apply_rotary", """You unpack the shape of x into a fixed number of names, but here it has
    a different number of axes. `*batch, n_tokens, d_head = x.shape` fits any number.""",
         names=(4, 2, 3))
def unpacks_a_fixed_number_of_axes_of_x(x, positions, base=10_000.0, *, names):
    if names == 4:
        batch, n_heads, n_tokens, d_head = x.shape
    elif names == 3:
        batch, n_tokens, d_head = x.shape
    else:
        n_tokens, d_head = x.shape
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """You take tokens one by one from the first axis of x, but with heads or a
    batch in front that is not where they are. `x[..., t, :]` is token t in all of them.""",
         count=("x", "positions"))
def turns_token_by_token_along_the_first_axis(x, positions, base=10_000.0, *, count):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    for t in range(len(x) if count == "x" else len(positions)):
        cos, sin = np.cos(angles[t]), np.sin(angles[t])
        even, odd = x[t][..., 0::2], x[t][..., 1::2]
        rotated[t, ..., 0::2] = even * cos - odd * sin
        rotated[t, ..., 1::2] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """Without an axis, np.repeat gives you one long row of angles. With
    axis=-1, each angle appears twice in the row of its own token.""")
def repeats_without_an_axis(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = np.repeat(rotary_angles(positions, d_head, base), 2)
    swapped = np.stack([-x[..., 1::2], x[..., 0::2]], axis=-1).reshape(x.shape)
    return (x * np.cos(angles) + swapped * np.sin(angles)).astype(np.result_type(x, 0.0))


@mistake("apply_rotary", """Your angles count on from the first position, one by one. Token t should
    turn by positions[t]: positions may leave gaps, and come in any order.""")
def turns_on_from_the_first_position(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions[0] + np.arange(len(positions)), d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """Your loop looks for an angle by the number of a column, but there is one
    for each pair. Columns 2i and 2i + 1 should turn by angles[:, i].""")
def looks_for_an_angle_by_column(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    for i in range(0, d_head, 2):
        cos, sin = np.cos(angles[:, i]), np.sin(angles[:, i])
        rotated[..., i] = x[..., i] * cos - x[..., i + 1] * sin
        rotated[..., i + 1] = x[..., i] * sin + x[..., i + 1] * cos
    return rotated


@mistake("apply_rotary", """Your pairs overlap, numbers 0 and 1, then 1 and 2, and the columns on
    the right are left out. Pair i should be numbers 2i and 2i + 1.""", kept=(False, True))
def turns_overlapping_pairs(x, positions, base=10_000.0, *, kept):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    rotated = np.array(x if kept else np.zeros(x.shape), dtype=np.result_type(x, 0.0))
    for i in range(d_head // 2):
        cos, sin = np.cos(angles[:, i]), np.sin(angles[:, i])
        rotated[..., i] = x[..., i] * cos - x[..., i + 1] * sin
        rotated[..., i + 1] = x[..., i] * sin + x[..., i + 1] * cos
    return rotated


@mistake("apply_rotary", """Where d_head is odd, your loop reaches for an angle past the last one
    and ends in an IndexError. Check d_head first, and raise a ValueError.""")
def runs_past_the_last_angle(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    angles = rotary_angles(positions, d_head, base)
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    for i in range(0, d_head, 2):
        cos, sin = np.cos(angles[:, i // 2]), np.sin(angles[:, i // 2])
        rotated[..., i] = x[..., i] * cos - x[..., i + 1] * sin
        rotated[..., i + 1] = x[..., i] * sin + x[..., i + 1] * cos
    return rotated


@mistake("apply_rotary", """Where d_head is odd, your code ends in a different exception. Raise a
    ValueError: a caller may be waiting for just that.""", kind=(Exception, TypeError))
def refuses_odd_widths_in_another_way(x, positions, base=10_000.0, *, kind):
    d_head = x.shape[-1]
    if d_head % 2:
        raise kind(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return rotated
