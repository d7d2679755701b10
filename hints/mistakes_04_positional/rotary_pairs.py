"""Mistakes in apply_rotary: which numbers turn together, and how."""

import numpy as np
from kata_04_positional import rotary_angles

from tests.runner.diagnosis.known import edit, given, mistake, probes

pairs_the_halves = edit("apply_rotary", """Your pairs are number i of the first half with number
    i of the second, as in GPT-NeoX. Here, neighbours should turn together: 0 and 1, 2 and 3. The
    two layouts do not mix.""",
    ("x[..., 0::2], x[..., 1::2]", "np.split(x, 2, axis=-1)"),
    ("[..., 0::2] = even", "[..., : d_head // 2] = even"),
    ("[..., 1::2] = even", "[..., d_head // 2 :] = even"), common=True)

puts_the_halves_side_by_side = edit("apply_rotary", """You turn neighbours together, as you
    should, but then put the first numbers of all pairs on the left and the second ones on the
    right. Put each pair back where it was.""",
    ("[..., 0::2] = even", "[..., : d_head // 2] = even"),
    ("[..., 1::2] = even", "[..., d_head // 2 :] = even"), common=True)

takes_halves_and_puts_neighbours = edit("apply_rotary", """You take pairs from the two halves and
    put them back as neighbours. Take neighbours as well: numbers 0 and 1, 2 and 3 should turn
    together.""",
    ("x[..., 0::2], x[..., 1::2]", "np.split(x, 2, axis=-1)"))


@mistake("apply_rotary", """Your angles are laid out for neighbours, but the numbers with the minus
    for halves: two layouts in one. Numbers 0 and 1, 2 and 3 should turn together, in both
    steps.""")
def swaps_halves_beside_repeated_angles(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.repeat(np.cos(angles), 2, axis=-1), np.repeat(np.sin(angles), 2, axis=-1)
    left, right = np.split(x, 2, axis=-1)
    rotated = x * cos + np.concatenate([-right, left], axis=-1) * sin
    return rotated.astype(np.result_type(x, 0.0))


@mistake("apply_rotary", """Your angles are laid out for halves, but the numbers with the minus for
    neighbours: two layouts in one. Numbers 0 and 1, 2 and 3 should turn together, in both
    steps.""")
def swaps_neighbours_beside_doubled_angles(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.tile(np.cos(angles), 2), np.tile(np.sin(angles), 2)
    swapped = np.stack([-x[..., 1::2], x[..., 0::2]], axis=-1).reshape(x.shape)
    rotated = x * cos + swapped * sin
    return rotated.astype(np.result_type(x, 0.0))


turns_the_other_way = edit("apply_rotary", """Your pairs turn in the wrong direction: the minus
    is in the wrong row, or the angle has one. A quarter turn should take (a, b) to (-b, a).""",
    ("cos -", "cos +"), ("even * sin + odd * cos", "odd * cos - even * sin"), common=True)

leaves_the_minus_out = edit("apply_rotary", """Your sums have no minus, so this is no rotation:
    norms change. The first number of a pair should become its cosine part minus the sine part of
    the second.""",
    ("cos -", "cos +"), common=True)

has_two_minuses = edit("apply_rotary", """Both of your sums have a minus, so this is no rotation:
    norms change. Only the first number of a pair should have one; the second is even * sin + odd
    * cos.""",
    ("sin +", "sin -"))

takes_the_sine_off_both = edit("apply_rotary", """Both of your sums subtract the sine part, so
    this is no rotation: norms change. Subtract it for the first number of a pair, and add it for
    the second.""",
    ("even * sin + odd * cos", "odd * cos - even * sin"))

changes_sine_and_cosine_round = edit("apply_rotary", """Sine and cosine are swapped, so position
    0 turns by a quarter. The cosine should go with the number itself, and the sine with its
    partner.""",
    ("* cos", "* sin", 2), ("* sin", "* cos", 2), common=True)

multiplies_by_the_cosine_alone = edit("apply_rotary", """You multiply the numbers by their
    cosines, and nothing comes from the partner. A rotation should mix the two numbers of a
    pair.""",
    ("cos - odd * sin", "cos"), ("even * sin + odd", "odd"))

turns_each_number_alone = edit("apply_rotary", """You multiply each number by cosine plus sine,
    on its own. The sine should go with its partner, with a minus for the first number of a
    pair.""",
    ("cos - odd", "cos + even"), ("even * sin + odd * cos", "odd * cos + odd * sin"))

uses_the_turned_number = edit("apply_rotary", """You make the second number of each pair from the
    first one after it was rotated. It needs the first as it was: keep that under a name of its
    own until both are done.""",
    ("even * sin", "(even * cos - odd * sin) * sin"), common=True)

uses_the_turned_second_number = edit("apply_rotary", """You make the first number of each pair
    from the second one after it was rotated. It needs the second as it was: keep that under a
    name of its own until both are done.""",
    ("odd * sin", "(even * sin + odd * cos) * sin"))

adds_sines_and_cosines = edit("apply_rotary", """You add sines and cosines to x. That is the
    other method of this lesson; rotary positions should multiply, so that each pair turns and
    keeps its norm.""",
    ("even * cos - odd *", "even +"), ("even * sin + odd *", "odd +"))

multiplies_by_sines_and_cosines = edit("apply_rotary", """You multiply one number of each pair by
    the cosine and the other by the sine. A rotation should mix both: cosine for the number, sine
    for its partner.""",
    ("cos - odd * sin", "cos"), ("even * sin + odd * cos", "odd * sin"))

puts_the_turned_pairs_the_wrong_way_round = edit("apply_rotary", """The two rotated numbers of
    each of your pairs are swapped. Even columns should hold even * cos - odd * sin, and odd ones
    even * sin + odd * cos.""",
    ("[..., 0::2] = even", "[..., 1::2] = even"), ("[..., 1::2] = even", "[..., 0::2] = even"))


@mistake("apply_rotary", """Your answer has its pairs on an axis of their own. Put them side by side
    again: it should have the shape of x.""")
def leaves_pairs_on_an_axis(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return rotated.astype(np.result_type(x, 0.0))


@mistake("apply_rotary", """You stack the first numbers of the pairs before the second ones, and the
    reshape keeps them apart. Stack on the last axis, so that each pair stays together.""")
def stacks_the_pairs_the_wrong_way(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.stack([even * cos - odd * sin, even * sin + odd * cos]).reshape(x.shape)
    return rotated.astype(np.result_type(x, 0.0))


returns_the_two_parts = edit("apply_rotary", """Your answer is two arrays, the first and the
    second number of every pair. Put them into one, with the shape of x.""",
    ("rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))\n"
     "rotated[..., 0::2] = even * cos - odd * sin", ""),
    ("rotated[..., 1::2] =", "return even * cos - odd * sin,"), ("return rotated", ""))


@mistake("apply_rotary", """Your answer is complex numbers, one for each pair. Put their real and
    imaginary parts side by side: it should have the shape of x.""")
def returns_complex_numbers(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    return (even + 1j * odd) * (cos + 1j * sin)


@mistake("apply_rotary", """Your answer has only the first number of every pair. The imaginary part
    is the second: return both, side by side.""")
def returns_the_real_parts(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    return ((even + 1j * odd) * (cos + 1j * sin)).real


@mistake("apply_rotary", """Only the first pair of every token turns. Each pair should, at a
    frequency of its own.""")
def turns_the_first_pair_alone(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.array(x, dtype=np.result_type(x, 0.0))
    rotated[..., 0] = (even * cos - odd * sin)[..., 0]
    rotated[..., 1] = (even * sin + odd * cos)[..., 0]
    return rotated


turns_all_pairs_by_the_first_angle = edit("apply_rotary", """All your pairs turn by the angle of
    the first. Each pair should have an angle of its own: the further right it is, the slower it
    turns.""",
    ("(angles)", "(angles[:, :1])", 2))

gives_the_slowest_pair_first = edit("apply_rotary", """Your pairs have one another's frequencies,
    in reverse order. The first pair should be the fastest.""",
    ("(angles)", "(angles[:, ::-1])", 2))

adds_the_rotation_to_x = edit("apply_rotary", """You add the rotated numbers to x. Return them
    alone.""",
    ("return", "return x +"))


@probes("apply_rotary")
def probe_apply_rotary():
    rng = np.random.default_rng(12)
    yield given(rng.normal(size=(3, 8)), np.array([2, 5, 9]))
    yield given(rng.normal(size=(4, 6)), np.array([0, 1, 2, 3]), base=50.0)
    yield given(rng.normal(size=(5, 4)), np.array([3, 4, 5, 6, 1]), 300.0)
