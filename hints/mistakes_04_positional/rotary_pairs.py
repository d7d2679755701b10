"""Mistakes in apply_rotary: which numbers turn together, and how."""

import numpy as np
from kata_04_positional import rotary_angles

from tests.runner.mistakes import given, mistake, probes


@mistake("apply_rotary", """Your pairs are number i of the first half with number i of the second.
    GPT-NeoX does that; here neighbours are turned together: 0 and 1, 2 and 3. The two layouts do
    not mix.""", common=True)
def pairs_the_halves(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = np.split(x, 2, axis=-1)
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., : d_head // 2] = even * cos - odd * sin
    rotated[..., d_head // 2 :] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """Neighbours are turned together, as they should be, but then the first
    numbers of all pairs stand on the left and the second ones on the right. Put each pair back
    where it was.""", common=True)
def puts_the_halves_side_by_side(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., : d_head // 2] = even * cos - odd * sin
    rotated[..., d_head // 2 :] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """Your pairs are taken from the two halves and put back as neighbours.
    Take neighbours as well: numbers 0 and 1, 2 and 3 turn together.""")
def takes_halves_and_puts_neighbours(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = np.split(x, 2, axis=-1)
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """Your angles are laid out for neighbours, and the numbers with the
    minus for halves: two layouts in one. Here numbers 0 and 1, 2 and 3 turn together, in both
    steps.""")
def swaps_halves_beside_repeated_angles(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.repeat(np.cos(angles), 2, axis=-1), np.repeat(np.sin(angles), 2, axis=-1)
    left, right = np.split(x, 2, axis=-1)
    rotated = x * cos + np.concatenate([-right, left], axis=-1) * sin
    return rotated.astype(np.result_type(x, 0.0))


@mistake("apply_rotary", """Your angles are laid out for halves, and the numbers with the minus
    for neighbours: two layouts in one. Here numbers 0 and 1, 2 and 3 turn together, in both
    steps.""")
def swaps_neighbours_beside_doubled_angles(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.tile(np.cos(angles), 2), np.tile(np.sin(angles), 2)
    swapped = np.stack([-x[..., 1::2], x[..., 0::2]], axis=-1).reshape(x.shape)
    rotated = x * cos + swapped * sin
    return rotated.astype(np.result_type(x, 0.0))


@mistake("apply_rotary", """Your pairs turn the other way round: the minus stands in the wrong
    row, or the angle has one. A quarter turn takes (a, b) to (-b, a).""", common=True)
def turns_the_other_way(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos + odd * sin
    rotated[..., 1::2] = odd * cos - even * sin
    return rotated


@mistake("apply_rotary", """There is no minus in your sums, so nothing turns: lengths change. The
    first number of a pair becomes its cosine part minus the sine part of the second.""",
         common=True)
def leaves_the_minus_out(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos + odd * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """Both of your sums have a minus, so nothing turns: lengths change. Only
    the first number of a pair has one; the second is even * sin + odd * cos.""")
def has_two_minuses(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = even * sin - odd * cos
    return rotated


@mistake("apply_rotary", """Both of your sums take the sine part off, so nothing turns: lengths
    change. The first number of a pair does that; the second has the sine part added.""")
def takes_the_sine_off_both(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = odd * cos - even * sin
    return rotated


@mistake("apply_rotary", """Sine and cosine have changed places, so that position 0 turns by a
    quarter. The cosine stays with the number itself, the sine with its partner.""", common=True)
def changes_sine_and_cosine_round(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * sin - odd * cos
    rotated[..., 1::2] = even * cos + odd * sin
    return rotated


@mistake("apply_rotary", """Your numbers are multiplied by their cosines, and nothing comes from
    the partner. A turn mixes the two numbers of a pair.""")
def multiplies_by_the_cosine_alone(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos
    rotated[..., 1::2] = odd * cos
    return rotated


@mistake("apply_rotary", """Your numbers are multiplied by cosine plus sine, each by itself. In
    the sine's part stands the partner, with a minus for the first number of a pair.""")
def turns_each_number_alone(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos + even * sin
    rotated[..., 1::2] = odd * cos + odd * sin
    return rotated


@mistake("apply_rotary", """The second number of each pair is made from the first one after it was
    turned. It needs the first as it was: keep it under a name of its own until both are done.""",
         common=True)
def uses_the_turned_number(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = (even * cos - odd * sin) * sin + odd * cos
    return rotated


@mistake("apply_rotary", """The first number of each pair is made from the second one after it was
    turned. It needs the second as it was: keep it under a name of its own until both are done.""")
def uses_the_turned_second_number(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - (even * sin + odd * cos) * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """Sines and cosines are added to x. That is lesson 4's other way; rotary
    positions multiply, so that each pair turns and keeps its length.""")
def adds_sines_and_cosines(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even + sin
    rotated[..., 1::2] = odd + cos
    return rotated


@mistake("apply_rotary", """Your numbers are multiplied by the sines and cosines, the first of a
    pair by one and the second by the other. A turn mixes both: cosine for the number, sine for
    its partner.""")
def multiplies_by_sines_and_cosines(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos
    rotated[..., 1::2] = odd * sin
    return rotated


@mistake("apply_rotary", """In every pair of yours the two turned numbers have changed places.
    Even columns hold even * cos - odd * sin, odd ones even * sin + odd * cos.""")
def puts_the_turned_pairs_the_wrong_way_round(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 1::2] = even * cos - odd * sin
    rotated[..., 0::2] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """Your answer has its pairs on an axis of their own. Put them side by
    side again: it has the shape of x.""")
def leaves_pairs_on_an_axis(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return rotated.astype(np.result_type(x, 0.0))


@mistake("apply_rotary", """Your turned numbers are stacked with the pairs apart, and the reshape
    runs through all first numbers before the second ones. Stack on the last axis, so that a pair
    stays together.""")
def stacks_the_pairs_the_wrong_way(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.stack([even * cos - odd * sin, even * sin + odd * cos]).reshape(x.shape)
    return rotated.astype(np.result_type(x, 0.0))


@mistake("apply_rotary", """Your answer is two arrays, the first and the second number of every
    pair. Put them into one, of the shape of x.""")
def returns_the_two_parts(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    return even * cos - odd * sin, even * sin + odd * cos


@mistake("apply_rotary", """Your answer is complex numbers, one for each pair. Put their real and
    imaginary parts side by side: it has the shape of x.""")
def returns_complex_numbers(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    return (even + 1j * odd) * (cos + 1j * sin)


@mistake("apply_rotary", """Your answer has the first number of every pair alone. The imaginary
    part is the second: both go back, side by side.""")
def returns_the_real_parts(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    return ((even + 1j * odd) * (cos + 1j * sin)).real


@mistake("apply_rotary", """Only the first pair of every token turns. Each pair does, at a rate of
    its own.""")
def turns_the_first_pair_alone(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.array(x, dtype=np.result_type(x, 0.0))
    rotated[..., 0] = (even * cos - odd * sin)[..., 0]
    rotated[..., 1] = (even * sin + odd * cos)[..., 0]
    return rotated


@mistake("apply_rotary", """All your pairs turn by the angle of the first. Each pair has an angle
    of its own, the slower the further right it stands.""")
def turns_all_pairs_by_the_first_angle(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles[:, :1]), np.sin(angles[:, :1])
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """Your pairs turn at the rates of one another, in reverse order. The
    first pair is the fastest.""")
def gives_the_slowest_pair_first(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles[:, ::-1]), np.sin(angles[:, ::-1])
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return rotated


@mistake("apply_rotary", """The turned numbers are added to x. They take its place: the answer is
    what the turn makes of it.""")
def adds_the_rotation_to_x(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are turned in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return x + rotated


@probes("apply_rotary")
def probe_apply_rotary():
    rng = np.random.default_rng(12)
    yield given(rng.normal(size=(3, 8)), np.array([2, 5, 9]))
    yield given(rng.normal(size=(4, 6)), np.array([0, 1, 2, 3]), base=50.0)
    yield given(rng.normal(size=(5, 4)), np.array([3, 4, 5, 6, 1]), 300.0)
