"""Mistakes in apply_rotary: how far they turn, and along which axes."""

import numpy as np
from kata_04_positional import rotary_angles

from tests.runner.diagnosis.known import edit, mistake

turns_by_counting = edit("apply_rotary", """Your tokens turn by 0, 1, 2, ... whatever positions
    are given. Token t should turn by positions[t]: positions may start anywhere and leave gaps.""",
    ("positions, d_head", "np.arange(x.shape[-2]), d_head"), common=True)

turns_from_the_first_position = edit("apply_rotary", """Your turns are measured from the first
    position given. Scores within one call are right, but queries and keys from two calls do not
    fit together. Token t should turn by positions[t].""",
    ("positions, d_head", "positions - positions[0], d_head"))

turns_one_position_further = edit("apply_rotary", """Each token turns one position too far, so
    even position 0 turns. Position 0 should leave everything as it is.""",
    ("positions, d_head", "positions + 1, d_head"), common=True)

does_not_pass_the_base_on = edit("apply_rotary", """The base that is given has no effect. Pass it
    on to rotary_angles, which otherwise takes 10,000.""",
    ("d_head, base", "d_head, 10_000.0"), common=True, denies=True)

turns_twice_as_far = edit("apply_rotary", """Your angles are twice what they should be. Use those
    of rotary_angles as they are.""",
    ("(angles)", "(2 * angles)", 2))

turns_half_as_far = edit("apply_rotary", """Your angles are half of what they should be. Use
    those of rotary_angles as they are.""",
    ("(angles)", "(angles / 2)", 2))

takes_degrees_for_radians = edit("apply_rotary", """Your angles go through a conversion between
    degrees and radians. They are in radians already, as np.cos and np.sin expect: use them as
    they are.""",
    ("(angles)", "(np.deg2rad(angles))", 2))

takes_the_rates_of_half_a_head = edit("apply_rotary", """Your angles are those of a head of half
    the width, so they slow down twice as fast and are too few. Pass d_head itself to
    rotary_angles.""",
    ("d_head, base", "d_head // 2, base"))

takes_the_rates_of_twice_a_head = edit("apply_rotary", """Your angles are those of a head of
    twice the width, with a frequency for every column. The two columns of a pair should share
    one: pass d_head itself to rotary_angles.""",
    ("d_head, base", "2 * d_head, base"))

takes_positions_for_indices = edit("apply_rotary", """Your positions pick rows of a table. A
    position is a number to calculate with, and need not be a whole one: pass it to
    rotary_angles.""",
    ("(positions, d_head, base)", "(np.arange(4096), d_head, base)[positions]"))

turns_whole_positions_alone = edit("apply_rotary", """Your positions are cut to whole numbers. A
    position is a number to calculate with, and need not be a whole one: use it as it is.""",
    ("positions, d_head", "positions.astype(int), d_head"))

keeps_a_position_for_each_head = edit("apply_rotary", """Your angles get an axis in the middle,
    for heads between tokens and columns. Heads come before tokens here, so leave it out:
    (n_tokens, d_head // 2) broadcasts as it is.""",
    (", np.sin(angles)", "[:, None], np.sin(angles)[:, None]"))


@mistake("apply_rotary", """Your angles get an axis in the middle, for heads between tokens and
    columns. Heads come before tokens here, so leave it out: (n_tokens, d_head // 2) broadcasts as
    it is.""")
def keeps_heads_behind_the_tokens(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1).reshape(x.shape)
    return rotated.astype(np.result_type(x, 0.0))


loops_over_a_table_alone = edit("apply_rotary", """Your loops take the first two axes of x for
    tokens and numbers. With heads or a batch in front, those are the last two: `x[..., t, i]` is
    number i of token t in all of them.""",
    ("even, odd = x[..., 0::2], x[..., 1::2]", ""),
    ("np.empty", "np.zeros"),  # what is never written into can then be compared
    ("rotated[..., 0::2] = even * cos - odd * sin\n"
     "rotated[..., 1::2] = even * sin + odd * cos",
     "for t in range(len(x)):\n"
     "    for i in range(d_head // 2):\n"
     "        even, odd = x[t, 2 * i], x[t, 2 * i + 1]\n"
     "        rotated[t, 2 * i] = even * cos[t, i] - odd * sin[t, i]\n"
     "        rotated[t, 2 * i + 1] = even * sin[t, i] + odd * cos[t, i]"))

turns_along_the_first_axis = edit("apply_rotary", """Your positions run along the first axis of
    x. With heads or a batch in front that is not where tokens are: positions should run along
    the second-to-last axis.""",
    ("cos, sin", "angles = angles.reshape(-1, *[1] * (x.ndim - 2), angles.shape[-1])\ncos, sin"))

takes_columns_of_a_table_alone = edit("apply_rotary", """`x[:, 0::2]` takes every other entry of
    axis 1: columns of a table, but something else with axes in front. `x[..., 0::2]` takes the
    last axis, however many there are.""",
    ("...", ":", 4))

loses_the_heads = edit("apply_rotary", """Your answer has lost the axes in front: all tokens are
    in one table. It should have the shape of x.""",
    ("return rotated", "return rotated.reshape(-1, d_head)"))

rounds_the_turned_numbers = edit("apply_rotary", """Your numbers are rounded. Round what you
    print, not what you return.""",
    ("return rotated", "return rotated.round(digits)"), digits=(2, 3, 4))

brings_x_to_length_one = edit("apply_rotary", """Your answer is scaled so that each row has a
    norm of one. A rotation should keep the norm that x has, whatever it is.""",
    ("return rotated", "return rotated / np.linalg.norm(rotated, axis=-1, keepdims=True)"))

scales_the_turned_numbers = edit("apply_rotary", """Your answer is divided by the square root of
    d_head. Return it as it is: a turn should keep norms, and attention_scores divides later.""",
    ("return rotated", "return rotated / d_head ** 0.5"))
