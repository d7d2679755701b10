"""Mistakes in sinusoidal_encoding: how fast each pair of columns turns."""

import math

from tests.runner.diagnosis.known import edit

doubles_the_exponent = edit("sinusoidal_encoding", """Your pairs slow down twice as fast as they
    should: the exponent of pair i is 4i over d_model. If your numbers are 0, 2, 4, ... they
    already are the 2i: do not double them again.""",
    ("np.arange(0, d_model, 2)", "2 * np.arange(0, d_model, 2)"), common=True)

halves_the_exponent = edit("sinusoidal_encoding", """Your pairs slow down half as fast as they
    should: the exponent of pair i is i over d_model. Make it 2i over d_model: 2i is the number
    of the pair's first column.""",
    ("/ d_model", "// 2 / d_model"), common=True)

gives_the_cosines_rates_of_their_own = edit("sinusoidal_encoding", """Each of your columns has a
    frequency of its own. The two columns of a pair should share one: the cosine should take the
    exponent of the sine on its left, 2i over d_model.""",
    ("0, d_model, 2", "d_model"), ("np.sin(angles)", "np.sin(angles[:, 0::2])"),
    ("[:, : d_model // 2]", "[:, 1::2]"), common=True)

takes_columns_for_pairs = edit("sinusoidal_encoding", """Each of your columns has a frequency of
    its own, with twice its number over d_model as the exponent. The i of the formula counts
    pairs: columns 2i and 2i + 1 should share the exponent 2i over d_model.""",
    ("np.arange(0, d_model, 2)", "2 * np.arange(d_model)"),
    ("np.sin(angles)", "np.sin(angles[:, 0::2])"), ("[:, : d_model // 2]", "[:, 1::2]"),
    common=True)

has_a_base_of_its_own = edit("sinusoidal_encoding", """The base that is given has no effect: your
    code has a fixed number instead. Use `base`; 10,000 is only its default.""",
    ("base **", "fixed **"), common=True, fixed=(10_000.0, 1_000.0, 100.0), denies=True)

multiplies_by_the_power = edit("sinusoidal_encoding", """Your pairs turn faster and faster, but
    they should get slower: the position is multiplied by the power of the base. Divide by it
    instead.""",
    ("[:, None] *", "[:, None] /"), common=True)

stretches_the_exponents_to_one = edit("sinusoidal_encoding", """Your exponents are divided by
    the number of pairs less one, as in some libraries, so they run from 0 to 1 and the last
    frequency is 1 / base. The exponent of pair i should be 2i over d_model, which stays below
    1.""",
    ("/ d_model", "/ max(d_model - 2, 1)"), common=True)

counts_the_pairs_from_one = edit("sinusoidal_encoding", """Your pair 0 already has the exponent 2
    over d_model. Its exponent should be 0, so that it turns by one radian per position.""",
    ("0, d_model", "2, d_model + 2"))

turns_all_pairs_alike = edit("sinusoidal_encoding", """All your pairs turn at the same frequency.
    Each should have its own: the exponent 2i over d_model is a fraction, which `//` would round
    down to 0.""",
    ("-np.arange(0, d_model, 2) / d_model", "np.arange(0, d_model, 2) // d_model"))

puts_the_slowest_pair_first = edit("sinusoidal_encoding", """Your frequencies are in reverse
    order: the slowest pair comes first. Pair 0 should be the fastest, with the exponent 0.""",
    ("[:, None] * rates", "[:, None] * rates[::-1]"))

multiplies_where_a_power_is_meant = edit("sinusoidal_encoding", """You multiply the base by 2i
    over d_model, so the first pair is divided by zero. Raise the base to that power instead.""",
    ("base ** (-np.arange(0, d_model, 2) / d_model)",
     "1 / (base * np.arange(0, d_model, 2) / d_model)"))

divides_the_exponent_by_n_positions = edit("sinusoidal_encoding", """Your exponents are divided
    by the number of positions. Divide them by d_model, the number of columns: a frequency should
    not depend on how long the table is.""",
    ("/ d_model", "/ n_positions"))

squeezes_the_positions = edit("sinusoidal_encoding", """Your positions are fractions of
    n_positions. They should be 0, 1, 2, ...: a row should not depend on how many rows come after
    it.""",
    ("[:, None]", "[:, None] / n_positions"))

takes_radians_for_degrees = edit("sinusoidal_encoding", """Your angles are converted as if they
    were degrees. They are in radians already, as np.sin expects: use them as they are.""",
    ("np.arange(n_positions)[:, None] * rates",
     "np.deg2rad(np.arange(n_positions)[:, None] * rates)"))

turns_by_whole_circles = edit("sinusoidal_encoding", """Your angles are 2 pi times what they
    should be. The formula has no pi in it: pair 0 should turn by one radian from position to
    position.""",
    ("angles =", "angles = 2 * np.pi *"))

turns_the_clock_backwards = edit("sinusoidal_encoding", """Your sines have the wrong sign: your
    angles run backwards, or there is a minus too many.""",
    ("angles =", "angles = -"))

takes_another_logarithm = edit("sinusoidal_encoding", """Your frequencies use the wrong
    logarithm: np.exp goes with np.log, the natural one. `base ** (...)` needs neither.""",
    ("base ** (-np.arange(0, d_model, 2) / d_model)",
     "np.exp(-np.arange(0, d_model, 2) / d_model * np.log(base) / unit)"),
    unit=(math.log(10), math.log(2)))

slows_down_by_equal_steps = edit("sinusoidal_encoding", """Your pairs slow down by equal steps,
    like 1, 1/2, 1/3. The frequencies should be powers of the base: each is the one before it,
    divided by the same factor.""",
    ("base ** (-np.arange(0, d_model, 2) / d_model)", "1 / (1 + np.arange(0, d_model, 2) // 2)"))

divides_the_power = edit("sinusoidal_encoding", """Your base is raised to 2i, and the power is
    then divided by d_model: in Python ** comes before /. Put brackets around 2i / d_model.""",
    ("base ** (-np.arange(0, d_model, 2) / d_model)",
     "d_model / base ** np.arange(0.0, d_model, 2)"), common=True)

divides_without_an_axis = edit("sinusoidal_encoding", """You divide positions by pairs one by
    one, but there are not as many of each. Every position should be combined with every pair:
    give the positions an axis of length 1 at the end.""",
    ("[:, None]", ""))

divides_the_waves = edit("sinusoidal_encoding", """The power of the base divides your sines and
    cosines themselves, so the waves get flatter. It should divide the position, inside: sin(p /
    base ** (...)).""",
    ("[:, None] * rates", "[:, None]"), ("np.sin(angles)", "np.sin(angles) * rates"),
    ("np.cos(angles[:, : d_model // 2])", "np.cos(angles) * rates[: d_model // 2]"))

refuses_an_odd_width = edit("sinusoidal_encoding", """You refuse an odd d_model, but here an odd
    width is fine: the last column should be a sine without a cosine beside it.""",
    ("rates =", 'if d_model % 2:\n    raise kind(f"d_model = {d_model} is odd")\nrates ='),
    ("[:, : d_model // 2]", ""), kind=(ValueError, AssertionError))

does_not_divide_the_exponents = edit("sinusoidal_encoding", """Your exponents are whole numbers:
    they are not divided by d_model. The exponent of pair i should be 2i over d_model, which
    stays below 1.""",
    ("np.arange(0, d_model, 2) / d_model", "step * np.arange((d_model + 1) // 2, dtype=float)"),
    step=(2, 1))
