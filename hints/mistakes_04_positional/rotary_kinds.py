"""Mistakes in apply_rotary: whose array, which dtype, and odd widths."""

import numpy as np
from kata_04_positional import rotary_angles

from tests.runner.diagnosis.known import edit, mistake

turns_x_itself = edit("apply_rotary", """You write the rotated numbers into
    the caller's x, which is lost. Make a new array for them.""",
    (", x[..., 1::2]", ".copy(), x[..., 1::2].copy()"),
    ("np.empty(x.shape, dtype=np.result_type(x, 0.0))", "x"))

turns_x_while_it_reads_it = edit("apply_rotary", """You write into the caller's x. And `x[...,
    0::2]` is a view: once you have written there, the first number of a pair is no longer what
    the second needs. Make a new array for the answer.""",
    ("np.empty(x.shape, dtype=np.result_type(x, 0.0))", "x"))

widens_to_float64 = edit("apply_rotary", """Your answer is float64, as the angles are, whatever x
    is. Give the answer the dtype of x; only integers should become float64.""",
    ("x.shape, dtype=np.result_type(x, 0.0)", "x.shape"), common=True)

always_turns_in_float32 = edit("apply_rotary", """Your answer is float32 whatever x is. It should
    have the dtype of x; integers should become float64.""",
    ("np.result_type(x, 0.0)", "np.float32"))

takes_the_dtype_of_the_positions = edit("apply_rotary", """Your answer has the dtype of the
    positions. It should have that of x; integers should become float64.""",
    ("x, 0.0", "positions, 0.0"))

cuts_the_turned_numbers_down = edit("apply_rotary", """If x holds integers, your rotated numbers
    are cut to whole numbers, too: an array like x cannot hold fractions. Integers should become
    float64: np.result_type(x, 0.0).""",
    ("np.empty(x.shape, dtype=np.result_type(x, 0.0))", "np.empty_like(x)"))

cuts_the_waves_down = edit("apply_rotary", """If x holds integers, your cosines and sines are
    cut to whole numbers, too, and little is left of them. Integers should become float64:
    np.result_type(x, 0.0).""",
    (", np.sin(angles)", ".astype(x.dtype), np.sin(angles).astype(x.dtype)"))


@mistake("apply_rotary", """If d_head is odd, your last number stays as it is, which hides a
    mistake elsewhere. Raise a ValueError for an odd d_head.""")
def leaves_the_last_number_alone(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., : d_head // 2 * 2 : 2], x[..., 1::2]
    rotated = np.array(x, dtype=np.result_type(x, 0.0))
    rotated[..., : d_head // 2 * 2 : 2] = even * cos - odd * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return rotated


empties_the_last_number = edit("apply_rotary", """If d_head is odd, your last number becomes
    zero, which hides a mistake elsewhere. Raise a ValueError for an odd d_head.""",
    ("if d_head % 2:\n"
     'raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")', ""),
    ("0::2", ": d_head // 2 * 2:2", 2), ("np.empty", "np.zeros"))

drops_the_last_number = edit("apply_rotary", """If d_head is odd, your answer is one number
    short. Raise a ValueError for an odd d_head.""",
    ("if d_head % 2:\n"
     'raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")',
     "x = x[..., : d_head // 2 * 2]"))


@mistake("apply_rotary", """If d_head is odd, your answer is one number too wide. Raise a
    ValueError for an odd d_head.""")
def adds_a_number(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    rotated = rotated.reshape(*x.shape[:-1], d_head + d_head % 2)
    return rotated.astype(np.result_type(x, 0.0))


asserts_that_the_width_is_even = edit("apply_rotary", """Your check raises an AssertionError.
    Raise a ValueError instead: Python skips an `assert` when run with -O.""",
    ("if d_head % 2:\n"
     'raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")',
     "assert d_head % 2 == 0"))


@mistake("apply_rotary", """If d_head is odd, your loop reaches for a number past the last one
    and ends in an IndexError. Check d_head first, and raise a ValueError.""")
def runs_past_the_last_pair(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    for i in range(0, d_head, 2):
        even, odd = x[..., i], x[..., i + 1]
        rotated[..., i] = even * cos[:, i // 2] - odd * sin[:, i // 2]
        rotated[..., i + 1] = even * sin[:, i // 2] + odd * cos[:, i // 2]
    return rotated


cuts_the_angles_of_integers_down = edit("apply_rotary", """If x holds integers, your angles
    are cut to whole numbers, too, so pairs turn by whole radians. Integers should become
    float64: np.result_type(x, 0.0).""",
    ("base)", "base).astype(x.dtype)"))
