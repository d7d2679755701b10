"""Mistakes in apply_rotary: a fixed number of axes, or one that is forgotten."""

import numpy as np
from kata_04_positional import rotary_angles

from tests.runner.diagnosis.known import edit, mistake

unpacks_a_fixed_number_of_axes_of_x = edit("apply_rotary", """You unpack the shape of x into a
    fixed number of names, but here it has a different number of axes. `*batch, n_tokens, d_head
    = x.shape` fits any number.""",
    ("d_head = x.shape[-1]",
     "if names == 4:\n"
     "    batch, n_heads, n_tokens, d_head = x.shape\n"
     "elif names == 3:\n"
     "    batch, n_tokens, d_head = x.shape\n"
     "else:\n"
     "    n_tokens, d_head = x.shape"), names=(4, 2, 3))

turns_token_by_token_along_the_first_axis = edit("apply_rotary", """You take tokens one by one
    from the first axis of x, but with heads or a batch in front that is not where they are.
    `x[..., t, :]` is token t in all of them.""",
    ("cos, sin = np.cos(angles), np.sin(angles)\neven, odd = x[..., 0::2], x[..., 1::2]", ""),
    ("np.empty(", "np.zeros("),  # what is left out is the same each time
    ("rotated[..., 0::2] = even * cos - odd * sin\n"
     "rotated[..., 1::2] = even * sin + odd * cos",
     'for t in range(len(x) if count == "x" else len(positions)):\n'
     "    cos, sin = np.cos(angles[t]), np.sin(angles[t])\n"
     "    even, odd = x[t][..., 0::2], x[t][..., 1::2]\n"
     "    rotated[t, ..., 0::2] = even * cos - odd * sin\n"
     "    rotated[t, ..., 1::2] = even * sin + odd * cos"), count=("x", "positions"))


@mistake("apply_rotary", """Without an axis, np.repeat gives you one long row of angles. With
    axis=-1, each angle appears twice in the row of its own token.""")
def repeats_without_an_axis(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = np.repeat(rotary_angles(positions, d_head, base), 2)
    swapped = np.stack([-x[..., 1::2], x[..., 0::2]], axis=-1).reshape(x.shape)
    return (x * np.cos(angles) + swapped * np.sin(angles)).astype(np.result_type(x, 0.0))


turns_on_from_the_first_position = edit("apply_rotary", """Your angles count on from the first
    position, one by one. Token t should turn by positions[t]: positions may leave gaps, and come
    in any order.""",
    ("positions, d_head", "positions[0] + np.arange(len(positions)), d_head"))

looks_for_an_angle_by_column = edit("apply_rotary", """Your loop looks for an angle by the number
    of a column, but there is one for each pair. Columns 2i and 2i + 1 should turn by angles[:,
    i].""",
    ("cos, sin = np.cos(angles), np.sin(angles)\neven, odd = x[..., 0::2], x[..., 1::2]", ""),
    ("rotated[..., 0::2] = even * cos - odd * sin\n"
     "rotated[..., 1::2] = even * sin + odd * cos",
     "for i in range(0, d_head, 2):\n"
     "    cos, sin = np.cos(angles[:, i]), np.sin(angles[:, i])\n"
     "    rotated[..., i] = x[..., i] * cos - x[..., i + 1] * sin\n"
     "    rotated[..., i + 1] = x[..., i] * sin + x[..., i + 1] * cos"))


@mistake("apply_rotary", """Your pairs overlap, numbers 0 and 1, then 1 and 2, and the columns on
    the right are left out. Pair i should be numbers 2i and 2i + 1.""", kept=(False, True))
def turns_overlapping_pairs(x, positions, base=10_000.0, *, kept):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    rotated = np.array(x if kept else np.zeros(x.shape), dtype=np.result_type(x, 0.0))
    for i in range(d_head // 2):
        cos, sin = np.cos(angles[:, i]), np.sin(angles[:, i])
        rotated[..., i] = x[..., i] * cos - x[..., i + 1] * sin
        rotated[..., i + 1] = x[..., i] * sin + x[..., i + 1] * cos
    return rotated


@mistake("apply_rotary", """If d_head is odd, your loop reaches for an angle past the last one
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


refuses_odd_widths_in_another_way = edit("apply_rotary", """If d_head is odd, your code ends
    in a different exception. Raise a ValueError: a caller may be waiting for just that.""",
    ("ValueError", "kind"), kind=(Exception, TypeError))
