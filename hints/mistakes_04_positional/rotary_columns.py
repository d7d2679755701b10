"""Mistakes in apply_rotary: columns that are not written, and keep what they held before."""

import numpy as np
from kata_04_positional import rotary_angles

from tests.runner.diagnosis.known import edit, mistake

writes_the_even_columns_alone = edit("apply_rotary", """You turn only the even columns, the first
    number of each pair, and leave the odd ones as they were or at zero. They should hold the
    second: even * sin + odd * cos.""",
    ("np.empty", "np.array"), ("x.shape, dtype", "x if kept else np.zeros(x.shape), dtype"),
    ("rotated[..., 1::2] = even * sin + odd * cos", ""), kept=(False, True))

writes_the_odd_columns_alone = edit("apply_rotary", """You turn only the odd columns, the second
    number of each pair, and leave the even ones as they were or at zero. They should hold the
    first: even * cos - odd * sin.""",
    ("np.empty", "np.array"), ("x.shape, dtype", "x if kept else np.zeros(x.shape), dtype"),
    ("rotated[..., 0::2] = even * cos - odd * sin", ""), kept=(False, True))


@mistake("apply_rotary", """Your even columns hold the second rotated number of each pair, as if
    both had been written there, one over the other. It should go into the odd columns, and the
    first into the even ones.""", kept=(False, True))
def writes_both_numbers_into_the_even_columns(x, positions, base=10_000.0, *, kept):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.array(x if kept else np.zeros(x.shape), dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * sin + odd * cos
    return rotated
