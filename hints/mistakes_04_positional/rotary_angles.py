"""Mistakes in rotary_angles."""

import math

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

counts_for_itself = edit("rotary_angles", """Your angles count 0, 1, 2, ... whatever positions
    are given. Use the positions themselves: they may start anywhere and leave gaps.""",
    ("np.asarray(positions)", "np.arange(len(positions))"), common=True)

counts_from_the_first_position = edit("rotary_angles", """Your angles are measured from the first
    position given. Position p should turn by p times the frequency, wherever the sequence
    begins.""",
    ("np.asarray(positions)", "(np.asarray(positions) - positions[0])"))

adds_one_to_the_positions = edit("rotary_angles", """Your positions are one too large. Position 0
    should not turn at all: all its angles should be 0.""",
    ("np.asarray(positions)", "(np.asarray(positions) + 1)"), common=True)

makes_an_angle_for_each_column = edit("rotary_angles", """You have an angle for each column, with
    an exponent of its own. The two columns of a pair should share one angle, so there should be
    d_head // 2.""",
    ("2 * np.arange(d_head // 2)", "np.arange(d_head)"), common=True)

takes_columns_for_the_pairs = edit("rotary_angles", """You have an angle for each column, with
    twice the column's number over d_head as its exponent. The i of the formula counts pairs, so
    there should be d_head // 2 angles.""",
    ("d_head // 2", "d_head"))

puts_the_angles_there_twice = edit("rotary_angles", """Your angles appear twice, one set beside
    the other, as code for the layout in halves needs them. Here, each pair should have one:
    shape (n_positions, d_head // 2).""",
    ("np.asarray(positions)[:, None] * rates",
     "np.tile(np.asarray(positions)[:, None] * rates, 2)"), common=True)

repeats_each_angle = edit("rotary_angles", """Each of your angles appears twice in a row, once
    for each number of its pair. Here, each pair should have one: shape (n_positions, d_head //
    2).""",
    ("np.asarray(positions)[:, None] * rates",
     "np.repeat(np.asarray(positions)[:, None] * rates, 2, axis=-1)"), common=True)

leaves_out_the_two = edit("rotary_angles", """Your pairs slow down half as fast as they should:
    the exponent of pair i is i over d_head. Make it 2i over d_head.""",
    ("2 * np", "np"), common=True)

puts_the_two_in_twice = edit("rotary_angles", """Your pairs slow down twice as fast as they
    should: the exponent of pair i is 4i over d_head. If your numbers are 0, 2, 4, ... they
    already are the 2i: do not double them again.""",
    ("2 * np", "4 * np"), common=True)

lets_the_pairs_speed_up = edit("rotary_angles", """Your pairs turn faster and faster, but they
    should get slower: positions are multiplied by the power of the base. Divide by it instead.""",
    ("-2", "2"), common=True)

takes_a_fixed_base = edit("rotary_angles", """The base that is given has no effect: your code has
    a fixed number instead. Use `base`; 10,000 is only its default.""",
    ("base **", "fixed **"), common=True, fixed=(10_000.0, 1_000.0, 100.0, 500_000.0), denies=True)

puts_pairs_in_rows = edit("rotary_angles", """Your table is transposed: it has a row for each
    pair. It should have a row for each position.""",
    ("np.asarray(positions)[:, None] * rates", "rates[:, None] * np.asarray(positions)"),
    common=True)

multiplies_without_an_axis = edit("rotary_angles", """You multiply positions and frequencies one
    by one. Each position should be multiplied by each frequency: give the positions an axis of
    length 1 at the end, or use np.outer.""",
    ("[:, None]", ""))

begins_with_pair_one = edit("rotary_angles", """Your exponents begin at 2 over d_head. Pair 0
    should have the exponent 0, and turn by one radian per position: the paper counts pairs from
    1 and writes 2(i - 1).""",
    ("np.arange(d_head // 2)", "(np.arange(d_head // 2) + 1)"), common=True)

takes_one_from_the_pair = edit("rotary_angles", """Your exponents begin at -2 over d_head. The
    paper's 2(i - 1) counts pairs from 1; counted from 0, as here, the exponent should be 2i over
    d_head.""",
    ("np.arange(d_head // 2)", "(np.arange(d_head // 2) - 1)"))

runs_the_exponents_to_one = edit("rotary_angles", """Your exponents are divided by the number of
    pairs less one, so they run from 0 to 1 and the last frequency is 1 / base. The exponent of
    pair i should be 2i over d_head, which stays below 1.""",
    ("2 * np.arange(d_head // 2) / d_head", "np.arange(d_head // 2) / max(d_head // 2 - 1, 1)"))

turns_every_pair_alike = edit("rotary_angles", """All your pairs turn at the same frequency. Each
    should have its own: the exponent 2i over d_head is a fraction, which `//` would round down.""",
    ("base ** (-2 * np.arange(d_head // 2) / d_head)", "base ** (0.0 * np.arange(d_head // 2))"))

puts_the_slowest_rate_first = edit("rotary_angles", """Your frequencies are in reverse order: the
    slowest pair comes first. Pair 0 should be the fastest.""",
    ("[:, None] * rates", "[:, None] * rates[::-1]"))

turns_backwards = edit("rotary_angles", """Your angles have the wrong sign, so everything turns
    backwards. An angle should be the position divided by a power of the base, which is
    positive.""",
    ("return", "return -"))

gives_degrees = edit("rotary_angles", """Your angles are in degrees. They should be in radians,
    as np.cos and np.sin expect: the position times the frequency, as it is.""",
    ("np.asarray(positions)[:, None] * rates",
     "np.rad2deg(np.asarray(positions)[:, None] * rates)"))

takes_them_for_degrees = edit("rotary_angles", """Your angles are too small by a factor of pi /
    180, as if they were converted from degrees. They are in radians already: leave them as they
    are.""",
    ("np.asarray(positions)[:, None] * rates",
     "np.deg2rad(np.asarray(positions)[:, None] * rates)"))

counts_whole_circles = edit("rotary_angles", """Your angles are 2 pi times what they should be.
    The formula has no pi in it: pair 0 should turn by one radian per position.""",
    ("return", "return 2 * np.pi *"))

begins_again_after_a_circle = edit("rotary_angles", """Your angles begin again at 0 after a full
    circle. Cosine and sine would be the same, but the angle should say how far a pair has turned
    in all.""",
    ("[:, None] * rates", "[:, None] * rates % (2 * np.pi)"))

cuts_the_angles_down = edit("rotary_angles", """Your angles are cut to whole numbers. They should
    keep their fractions, which an array with the dtype of integer positions cannot hold.""",
    ("np.asarray(positions)[:, None] * rates",
     "(np.asarray(positions)[:, None] * rates).astype(positions.dtype)"))

cuts_the_positions_down = edit("rotary_angles", """Your positions are cut to whole numbers. A
    position may be any number: 9.5 should turn by half a step more than 9.""",
    ("[:, None]", ".astype(int)[:, None]"))

squeezes_the_sequence = edit("rotary_angles", """Your positions are divided by how many there
    are. An angle should not depend on how long the sequence is.""",
    ("[:, None]", "[:, None] / len(positions)"))

divides_exponents_by_the_positions = edit("rotary_angles", """Your exponents are divided by the
    number of positions. Divide them by d_head: a frequency should not depend on how long the
    sequence is.""",
    ("/ d_head", "/ len(positions)"))

answers_with_the_rates = edit("rotary_angles", """Your answer is the frequencies, one for each
    pair. Multiply them by each position: the answer should have a row for each.""",
    ("np.asarray(positions)[:, None] *", ""))

answers_with_cosines_and_sines = edit("rotary_angles", """Your answer is two arrays, cosines and
    sines. Return the angles themselves; apply_rotary takes cosine and sine of them.""",
    ("return", "angles ="),
    ("[:, None] * rates", "[:, None] * rates\nreturn np.cos(angles), np.sin(angles)"))

answers_with_sines_and_cosines = edit("rotary_angles", """Your answer is two arrays, sines and
    cosines. Return the angles themselves; apply_rotary takes cosine and sine of them.""",
    ("return", "angles ="),
    ("[:, None] * rates", "[:, None] * rates\nreturn np.sin(angles), np.cos(angles)"))

answers_with_complex_numbers = edit("rotary_angles", """Your answer is complex numbers, one for
    each angle. Return the angles themselves, as real numbers.""",
    ("np.asarray(positions)[:, None] * rates",
     "np.exp(1j * np.asarray(positions)[:, None] * rates)"))

takes_the_wrong_logarithm = edit("rotary_angles", """Your frequencies use the wrong logarithm:
    np.exp goes with np.log, the natural one. `base ** (...)` needs neither.""",
    ("base ** (-2 * np.arange(d_head // 2) / d_head)",
     "np.exp(-2 * np.arange(d_head // 2) / d_head * np.log(base) / unit)"),
    unit=(math.log(10), math.log(2)))

rounds_the_angles = edit("rotary_angles", """Your angles are rounded. Round what you print, not
    what you return.""",
    ("np.asarray(positions)[:, None] * rates",
     "np.round(np.asarray(positions)[:, None] * rates, digits)"), digits=(2, 3, 4))

raises_the_positions_to_a_power = edit("rotary_angles", """You raise the position to a power,
    too. The angle should be the position itself, divided by a power of the base.""",
    ("base ** (-2 * np.arange(d_head // 2) / d_head)", "2 * np.arange(d_head // 2) / d_head"),
    ("np.asarray(positions)[:, None] *", "(np.asarray(positions)[:, None] / base) **"))

divides_the_power_by_d_head = edit("rotary_angles", """Your base is raised to 2i, and the power
    is then divided by d_head: in Python ** comes before /. Put brackets around 2i / d_head.""",
    ("base ** (-2 * np.arange(d_head // 2) / d_head)",
     "d_head * base ** (-2.0 * np.arange(d_head // 2))"), common=True)

fills_the_gaps = edit("rotary_angles", """You have a row for every position up to the largest.
    There should be one for each position that is given, in their order, gaps and all.""",
    ("np.asarray(positions)", "np.arange(positions.max() + 1)"))

counts_on_from_the_first_position = edit("rotary_angles", """Your angles count on from the first
    position, one by one. Use the positions themselves: they may leave gaps, and come in any
    order.""",
    ("np.asarray(positions)", "(positions[0] + np.arange(len(positions)))"), common=True)

does_not_divide_the_exponents_of_the_pairs = edit("rotary_angles", """Your exponents are whole
    numbers: they are not divided by d_head. The exponent of pair i should be 2i over d_head,
    which stays below 1.""",
    ("2 * np.arange(d_head // 2) / d_head", "step * np.arange(d_head // 2, dtype=float)"),
    step=(2, 1))


@probes("rotary_angles")
def probe_rotary_angles():
    yield given(np.array([0, 1, 2, 4]), 6)
    yield given(np.array([4, 5, 9]), 10, base=300.0)
    yield given(np.array([11, 3]), 8, 50.0)
    yield given(np.array([0.5, 2.75, 7]), 4)
