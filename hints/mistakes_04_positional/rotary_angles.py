"""Mistakes in rotary_angles."""

import math

import numpy as np

from tests.runner.diagnosis.known import given, mistake, probes


@mistake("rotary_angles", """Your angles count 0, 1, 2, ... whatever positions are given. Use the
    positions themselves: they may start anywhere and leave gaps.""", common=True)
def counts_for_itself(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.arange(len(positions))[:, None] * rates


@mistake("rotary_angles", """Your angles are measured from the first position given. Position p
    should turn by p times the rate, wherever the sequence begins.""")
def counts_from_the_first_position(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return (np.asarray(positions) - positions[0])[:, None] * rates


@mistake("rotary_angles", """Your positions are one too large. Position 0 should not turn at all:
    all its angles should be 0.""", common=True)
def adds_one_to_the_positions(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return (np.asarray(positions) + 1)[:, None] * rates


@mistake("rotary_angles", """You have an angle for each column, with an exponent of its own. The two
    columns of a pair should share one angle, so there should be d_head // 2.""", common=True)
def makes_an_angle_for_each_column(positions, d_head, base=10_000.0):
    rates = base ** (-np.arange(d_head) / d_head)
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """You have an angle for each column, with twice the column's number over
    d_head as its exponent. The i of the formula counts pairs, so there should be d_head // 2
    angles.""")
def takes_columns_for_the_pairs(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head) / d_head)
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your angles appear twice, one set beside the other, as code for the
    layout in halves needs them. Here, each pair should have one: shape (n_positions, d_head //
    2).""", common=True)
def puts_the_angles_there_twice(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.tile(np.asarray(positions)[:, None] * rates, 2)


@mistake("rotary_angles", """Each of your angles appears twice in a row, once for each number of its
    pair. Here, each pair should have one: shape (n_positions, d_head // 2).""", common=True)
def repeats_each_angle(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.repeat(np.asarray(positions)[:, None] * rates, 2, axis=-1)


@mistake("rotary_angles", """Your pairs slow down half as fast as they should: the exponent of pair
    i is i over d_head. Make it 2i over d_head.""", common=True)
def leaves_out_the_two(positions, d_head, base=10_000.0):
    rates = base ** (-np.arange(d_head // 2) / d_head)
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your pairs slow down twice as fast as they should: the exponent of pair
    i is 4i over d_head. If your numbers are 0, 2, 4, ... they already are the 2i: do not double
    them again.""", common=True)
def puts_the_two_in_twice(positions, d_head, base=10_000.0):
    rates = base ** (-4 * np.arange(d_head // 2) / d_head)
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your pairs turn faster and faster, where they should get slower:
    positions are multiplied by the power of the base. Divide by it instead.""", common=True)
def lets_the_pairs_speed_up(positions, d_head, base=10_000.0):
    rates = base ** (2 * np.arange(d_head // 2) / d_head)
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """The base that is given plays no part: your code has a fixed number in
    its place. Use `base`; 10,000 is only its default.""",
         common=True, fixed=(10_000.0, 1_000.0, 100.0, 500_000.0), denies=True)
def takes_a_fixed_base(positions, d_head, base=10_000.0, *, fixed):
    rates = fixed ** (-2 * np.arange(d_head // 2) / d_head)
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your table is transposed: it has a row for each pair. It should have a
    row for each position.""", common=True)
def puts_pairs_in_rows(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return rates[:, None] * np.asarray(positions)


@mistake("rotary_angles", """You multiply positions and rates one by one. Each position should meet
    each rate: give the positions an axis of length 1 at the end, or use np.outer.""")
def multiplies_without_an_axis(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.asarray(positions) * rates


@mistake("rotary_angles", """Your exponents begin at 2 over d_head. Pair 0 should have the exponent
    0, and turn by one radian per position: the paper counts pairs from 1 and writes 2(i - 1).""",
         common=True)
def begins_with_pair_one(positions, d_head, base=10_000.0):
    rates = base ** (-2 * (np.arange(d_head // 2) + 1) / d_head)
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your exponents begin at -2 over d_head. The paper's 2(i - 1) counts
    pairs from 1; counted from 0, as here, the exponent should be 2i over d_head.""")
def takes_one_from_the_pair(positions, d_head, base=10_000.0):
    rates = base ** (-2 * (np.arange(d_head // 2) - 1) / d_head)
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your exponents are divided by the number of pairs less one, so they run
    from 0 to 1 and the last rate is 1 / base. The exponent of pair i should be 2i over d_head,
    which stays below 1.""")
def runs_the_exponents_to_one(positions, d_head, base=10_000.0):
    rates = base ** (-np.arange(d_head // 2) / max(d_head // 2 - 1, 1))
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """All your pairs turn at the same rate. Each should have its own: the
    exponent 2i over d_head is a fraction, which `//` would round down.""")
def turns_every_pair_alike(positions, d_head, base=10_000.0):
    rates = base ** (0.0 * np.arange(d_head // 2))
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your rates are in reverse order: the slowest pair comes first. Pair 0
    should be the fastest.""")
def puts_the_slowest_rate_first(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.asarray(positions)[:, None] * rates[::-1]


@mistake("rotary_angles", """Your angles have the wrong sign, so everything turns backwards. An
    angle should be the position divided by a power of the base, which is positive.""")
def turns_backwards(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return -np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your angles are in degrees. They should be in radians, as np.cos and
    np.sin expect: the position times the rate, as it is.""")
def gives_degrees(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.rad2deg(np.asarray(positions)[:, None] * rates)


@mistake("rotary_angles", """Your angles are too small by a factor of pi / 180, as if they were
    converted from degrees. They are in radians already: leave them as they are.""")
def takes_them_for_degrees(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.deg2rad(np.asarray(positions)[:, None] * rates)


@mistake("rotary_angles", """Your angles are 2 pi times what they should be. The formula has no pi
    in it: pair 0 should turn by one radian per position.""")
def counts_whole_circles(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return 2 * np.pi * np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your angles begin again at 0 after a full circle. Cosine and sine would
    be the same, but the angle should say how far a pair has turned in all.""")
def begins_again_after_a_circle(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.asarray(positions)[:, None] * rates % (2 * np.pi)


@mistake("rotary_angles", """Your angles are cut to whole numbers. They should keep their fractions,
    which an array with the dtype of integer positions cannot hold.""")
def cuts_the_angles_down(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return (np.asarray(positions)[:, None] * rates).astype(positions.dtype)


@mistake("rotary_angles", """Your positions are cut to whole numbers. A position may be any number:
    9.5 should turn by half a step more than 9.""")
def cuts_the_positions_down(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.asarray(positions).astype(int)[:, None] * rates


@mistake("rotary_angles", """Your positions are divided by how many there are. An angle should not
    depend on how long the sequence is.""")
def squeezes_the_sequence(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.asarray(positions)[:, None] / len(positions) * rates


@mistake("rotary_angles", """Your exponents are divided by the number of positions. Divide them by
    d_head: a rate should not depend on how long the sequence is.""")
def divides_exponents_by_the_positions(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / len(positions))
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your answer is the rates, one for each pair. Multiply them by each
    position: the answer should have a row for each.""")
def answers_with_the_rates(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return rates


@mistake("rotary_angles", """Your answer is two arrays, cosines and sines. Return the angles
    themselves; apply_rotary takes cosine and sine of them.""")
def answers_with_cosines_and_sines(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    angles = np.asarray(positions)[:, None] * rates
    return np.cos(angles), np.sin(angles)


@mistake("rotary_angles", """Your answer is two arrays, sines and cosines. Return the angles
    themselves; apply_rotary takes cosine and sine of them.""")
def answers_with_sines_and_cosines(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    angles = np.asarray(positions)[:, None] * rates
    return np.sin(angles), np.cos(angles)


@mistake("rotary_angles", """Your answer is complex numbers, one for each turn. Return the angles
    themselves, as real numbers.""")
def answers_with_complex_numbers(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.exp(1j * np.asarray(positions)[:, None] * rates)


@mistake("rotary_angles", """Your rates use the wrong logarithm: np.exp goes with np.log, the
    natural one. `base ** (...)` needs neither.""", unit=(math.log(10), math.log(2)))
def takes_the_wrong_logarithm(positions, d_head, base=10_000.0, *, unit):
    rates = np.exp(-2 * np.arange(d_head // 2) / d_head * np.log(base) / unit)
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """Your angles are rounded. Round what you print, not what you
    return.""", digits=(2, 3, 4))
def rounds_the_angles(positions, d_head, base=10_000.0, *, digits):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.round(np.asarray(positions)[:, None] * rates, digits)


@mistake("rotary_angles", """You raise the position to a power, too. The angle should be the
    position itself, divided by a power of the base.""")
def raises_the_positions_to_a_power(positions, d_head, base=10_000.0):
    exponents = 2 * np.arange(d_head // 2) / d_head
    return (np.asarray(positions)[:, None] / base) ** exponents


@mistake("rotary_angles", """Your base is raised to 2i, and the power is then divided by d_head: in
    Python ** comes before /. Put brackets around 2i / d_head.""", common=True)
def divides_the_power_by_d_head(positions, d_head, base=10_000.0):
    rates = d_head * base ** (-2.0 * np.arange(d_head // 2))
    return np.asarray(positions)[:, None] * rates


@mistake("rotary_angles", """You have a row for every position up to the largest. There should be
    one for each position that is given, in their order, gaps and all.""")
def fills_the_gaps(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.arange(positions.max() + 1)[:, None] * rates


@mistake("rotary_angles", """Your angles count on from the first position, one by one. Use the
    positions themselves: they may leave gaps, and come in any order.""", common=True)
def counts_on_from_the_first_position(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return (positions[0] + np.arange(len(positions)))[:, None] * rates


@mistake("rotary_angles", """Your exponents are whole numbers: they are not divided by d_head. The
    exponent of pair i should be 2i over d_head, which stays below 1.""", step=(2, 1))
def does_not_divide_the_exponents_of_the_pairs(positions, d_head, base=10_000.0, *, step):
    rates = base ** (-step * np.arange(d_head // 2, dtype=float))
    return np.asarray(positions)[:, None] * rates


@probes("rotary_angles")
def probe_rotary_angles():
    yield given(np.array([0, 1, 2, 4]), 6)
    yield given(np.array([4, 5, 9]), 10, base=300.0)
    yield given(np.array([11, 3]), 8, 50.0)
    yield given(np.array([0.5, 2.75, 7]), 4)
