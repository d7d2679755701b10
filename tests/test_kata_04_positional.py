"""The specs of lesson 4, in the order in which they turn green.

`kata` is your file, katas/kata_04_positional.py: `kata.embed` is your embed.
Each spec proves one behaviour and uses only functions that the specs above it have proved.
"""

import math

import numpy as np

from tests.runner.specs.check import close, refuses

# The lesson works these cases by hand. Words count in hundreds and positions in
# units, so that a sum shows both.
THE, CAT, DOG, CHASED = range(4)
SENTENCE = np.array([THE, DOG, CHASED, THE, CAT])
WORDS = np.array([[100.0, 100, 100], [200, 300, 100], [200, 400, 100], [500, 100, 300]])
PLACES = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12], [13, 14, 15], [16, 17, 18]])

# a quarter turn, in radians: at this position the first pair has turned so far
QUARTER = math.pi / 2

IN_FLOAT32 = 1e-5  # the tolerance if a table or angles are kept in float32


# sinusoidal_encoding ------------------------------------------------------------


def test_sinusoidal_encoding_works_the_lesson_by_hand(kata):
    """Even columns are sines and odd columns cosines, a pair for each frequency."""
    expected = [[math.sin(p), math.cos(p), math.sin(p / 10), math.cos(p / 10)] for p in range(4)]
    close(kata.sinusoidal_encoding(4, 4, base=100), expected, rtol=IN_FLOAT32)


def test_sinusoidal_encoding_turns_every_pair_more_slowly(kata):
    """Pair i turns by 1 / base^(2i / d_model) per position; the default base is 10,000."""
    expected = np.empty((7, 10))
    for p, i in np.ndindex(7, 5):
        angle = p / 10_000 ** (2 * i / 10)
        expected[p, 2 * i], expected[p, 2 * i + 1] = math.sin(angle), math.cos(angle)
    close(kata.sinusoidal_encoding(7, 10), expected, rtol=IN_FLOAT32)


def test_sinusoidal_encoding_of_an_odd_width_ends_on_a_sine(kata):
    """If d_model is odd, the last column is a sine without a cosine."""
    for d_model, rates in [(3, (1, 1 / 4)), (5, (1, 1 / 8, 1 / 64))]:
        base = rates[1] ** (-d_model / 2)  # so that base^(2 / d_model) is 4, and then 8
        columns = [wave for rate in rates
                   for wave in (np.sin(rate * np.arange(4)), np.cos(rate * np.arange(4)))]
        close(kata.sinusoidal_encoding(4, d_model, base=base), np.stack(columns[:-1], axis=1),
              rtol=IN_FLOAT32)


def test_sinusoidal_encoding_dot_products_depend_on_distance(kata):
    """The dot product of two rows depends only on the distance between their positions."""
    # three pairs, which turn by 1, 1/10 and 1/100
    table = kata.sinusoidal_encoding(8, 6, base=1000)
    products = [[sum(a * b for a, b in zip(row, other)) for other in table] for row in table]
    expected = [[math.cos(p - q) + math.cos((p - q) / 10) + math.cos((p - q) / 100)
                 for q in range(8)] for p in range(8)]
    close(np.array(products), expected, rtol=IN_FLOAT32, of=table, what="dot products of rows")


# add_positions ------------------------------------------------------------------


def test_add_positions_works_the_lesson_by_hand(kata):
    """Row 0 of the table is added to token 0, row 1 to token 1, and so on."""
    expected = [[101, 102, 103], [204, 405, 106], [507, 108, 309], [110, 111, 112], [213, 314, 115]]
    close(kata.add_positions(WORDS[SENTENCE], PLACES), expected)


def test_add_positions_counts_from_start(kata):
    """With start=1 the first token gets row 1; the last row of the table may be used."""
    expected = [[104, 105, 106], [207, 408, 109], [510, 111, 312], [113, 114, 115], [216, 317, 118]]
    close(kata.add_positions(WORDS[SENTENCE], PLACES, start=1), expected)


def test_add_positions_counts_anew_in_every_batch(kata):
    """With any number of batch axes, each sequence begins at start."""
    rng = np.random.default_rng(4)
    x, table = rng.normal(size=(2, 4, 3, 7)), rng.normal(size=(9, 7))
    expected = np.empty((2, 4, 3, 7))
    for a, b, t in np.ndindex(2, 4, 3):
        expected[a, b, t] = x[a, b, t] + table[5 + t]
    close(kata.add_positions(x, table, start=5), expected)


def test_add_positions_keeps_the_dtype_of_x(kata):
    """float32 and float64 stay, whatever the dtype of the table; integers become floats."""
    halves, sums = PLACES[:2] / 2, [[-1.5, 1, -1.5], [-3, -2.5, 4]]
    x = np.array([[-2.0, 0, -3], [-5, -5, 1]])
    narrow = kata.add_positions(x.astype(np.float32), halves)
    wide = kata.add_positions(x, halves.astype(np.float32))
    close(narrow, sums, dtype=np.float32)
    close(wide, sums, dtype=np.float64)
    close(kata.add_positions(x.astype(int), halves), sums)


def test_add_positions_refuses_tokens_past_the_end(kata):
    """The table ends at position 5: a token at position 6 is a ValueError, also if it is alone."""
    # one row is left, for five
    refuses(lambda: kata.add_positions(WORDS[SENTENCE][None], PLACES, start=5),
            lambda: kata.add_positions(WORDS[[CAT]], PLACES, start=6))  # no row is left


# embed --------------------------------------------------------------------------


def test_embed_works_the_lesson_by_hand(kata):
    """A token's row plus its position's row: "the" is 101 102 103 first, then 110 111 112."""
    expected = [[101, 102, 103], [204, 405, 106], [507, 108, 309], [110, 111, 112], [213, 314, 115]]
    close(kata.embed(SENTENCE, WORDS, PLACES), expected)
    from_one = [[104, 105, 106], [207, 408, 109], [510, 111, 312], [113, 114, 115], [216, 317, 118]]
    close(kata.embed(SENTENCE, WORDS, PLACES, start=1), from_one)


def test_embed_takes_batches_and_a_start(kata):
    """For ids with any number of axes, positions run along the last one, from start."""
    rng = np.random.default_rng(5)
    token_ids = rng.integers(0, 7, size=(2, 5, 4))
    token_table, position_table = rng.normal(size=(7, 6)), rng.normal(size=(9, 6))
    expected = np.empty((2, 5, 4, 6))
    for a, b, t in np.ndindex(2, 5, 4):
        expected[a, b, t] = token_table[token_ids[a, b, t]] + position_table[5 + t]
    close(kata.embed(token_ids, token_table, position_table, start=5), expected)


def test_embed_keeps_the_dtype_of_the_token_table(kata):
    """The answer has the dtype of the token table, whatever that of the position table."""
    expected = [[200.5, 301, 101.5], [502, 102.5, 303]]
    pairs = [(np.float32, np.float64), (np.float64, np.float32), (np.float32, np.float32)]
    answers = [kata.embed(np.array([CAT, CHASED]), WORDS.astype(ours), (PLACES / 2).astype(theirs))
               for ours, theirs in pairs]
    for answer, (ours, _) in zip(answers, pairs):
        close(answer, expected, dtype=ours)


def test_embed_refuses_tokens_past_the_end(kata):
    """Position 5 is the last: a token at position 6 is a ValueError, as in add_positions."""
    refuses(lambda: kata.embed(SENTENCE[None], WORDS, PLACES, start=5),
            lambda: kata.embed(SENTENCE[:1], WORDS, PLACES, start=6))


# rotary_angles ------------------------------------------------------------------


def test_rotary_angles_works_the_lesson_by_hand(kata):
    """A row for each position: the first pair turns by one radian per position, the next by 0.1."""
    angles = kata.rotary_angles(np.array([0, 1, 5]), 4, base=100)
    close(angles, [[0, 0], [1, 0.1], [5, 0.5]], rtol=IN_FLOAT32)


def test_rotary_angles_are_those_of_the_given_positions(kata):
    """Positions may start anywhere, leave gaps and be fractions; the default base is 10,000."""
    positions = [5, 6, 9.5, 30]
    expected = np.empty((4, 3))
    for row, i in np.ndindex(4, 3):
        expected[row, i] = positions[row] / 10_000 ** (2 * i / 6)
    close(kata.rotary_angles(np.array(positions), 6), expected, rtol=IN_FLOAT32)


# apply_rotary -------------------------------------------------------------------


def test_apply_rotary_turns_neighbouring_numbers_together(kata):
    """Columns 0 and 1 are a pair, and 2 and 3: here they make half a turn and a quarter turn."""
    # With base 4 the rates are 1 and 1/2. Half a turn: (a, b) becomes (-a, -b). A quarter: (-b, a).
    x = np.array([[3.0, 1, 2, 1], [1, 2, 3, 4]])
    turned = kata.apply_rotary(x, np.array([2 * QUARTER, 2 * QUARTER]), base=4)
    close(turned, [[-3, -1, -1, 2], [-1, -2, -4, 3]], rtol=IN_FLOAT32)


def test_apply_rotary_turns_each_token_by_its_own_position(kata):
    """Token t turns by positions[t], in every head and sample; the default base is 10,000."""
    x = np.random.default_rng(6).normal(size=(3, 4, 3, 6))  # (batch, n_heads, n_tokens, d_head)
    positions = [5, -6, 9]
    expected = np.empty((3, 4, 3, 6))
    for a, b, t, i in np.ndindex(3, 4, 3, 3):
        angle = positions[t] / 10_000 ** (2 * i / 6)
        first, second = x[a, b, t, 2 * i], x[a, b, t, 2 * i + 1]
        expected[a, b, t, 2 * i] = first * math.cos(angle) - second * math.sin(angle)
        expected[a, b, t, 2 * i + 1] = first * math.sin(angle) + second * math.cos(angle)
    close(kata.apply_rotary(x, np.array(positions)), expected, rtol=IN_FLOAT32)


def test_apply_rotary_keeps_lengths_and_position_zero(kata):
    """A rotation changes no vector's length; at position 0 nothing turns."""
    x = np.random.default_rng(7).normal(size=(2, 4, 10))
    turned = kata.apply_rotary(x, np.array([0, 1, 77, 2000]))
    close(turned[:, 0], x[:, 0], rtol=IN_FLOAT32, of=turned, what="the token at position 0")
    close((turned**2).sum(axis=-1), (x**2).sum(axis=-1), rtol=IN_FLOAT32, of=turned,
          what="squared lengths")


def test_apply_rotary_scores_depend_on_distance(kata):
    """The lesson's query and key score 7, 1, -7 or -1, by the quarter turns between them."""
    positions = np.arange(4) * QUARTER
    q = kata.apply_rotary(np.array([[3.0, 1.0]] * 4), positions)
    k = kata.apply_rotary(np.array([[2.0, 1.0]] * 4), positions)
    scores = [[sum(a * b for a, b in zip(query, key)) for key in k] for query in q]
    expected = [[7, -1, -7, 1], [1, 7, -1, -7], [-7, 1, 7, -1], [-1, -7, 1, 7]]
    close(np.array(scores), expected, rtol=IN_FLOAT32, of=q, what="scores")


def test_apply_rotary_scores_stay_if_all_positions_shift(kata):
    """If queries and keys all move on by 40 positions, every score stays the same."""
    rng = np.random.default_rng(8)
    q, k = rng.normal(size=(2, 3, 6)), rng.normal(size=(2, 5, 6))  # (n_heads, n_tokens, d_head)
    q_positions, k_positions = np.array([7, 8, 12]), np.array([0, 1, 2, 5, 11])
    turned_k = kata.apply_rotary(k, k_positions)
    near = kata.apply_rotary(q, q_positions) @ np.swapaxes(turned_k, -1, -2)
    moved = kata.apply_rotary(q, q_positions + 40)
    far = moved @ np.swapaxes(kata.apply_rotary(k, k_positions + 40), -1, -2)
    close(far, near, rtol=10 * IN_FLOAT32, of=moved, what="scores after the shift")


def test_apply_rotary_keeps_the_dtype_of_x(kata):
    """float32 and float64 stay, whatever the dtype of the positions; integers become floats."""
    x = np.array([[3.0, 1], [5, -2]])
    quarter, sixth = [-1, 3], [5 / 2 + math.sqrt(3), 5 / 2 * math.sqrt(3) - 1]  # cos 60° = 1/2
    positions = np.array([QUARTER, math.pi / 3])
    narrow = kata.apply_rotary(x.astype(np.float32), positions)
    # integers, as positions mostly are
    at_zero = kata.apply_rotary(x.astype(np.float32), np.array([0, 0]))
    wide = kata.apply_rotary(x, positions.astype(np.float32))
    close(narrow, [quarter, sixth], rtol=1e-4, dtype=np.float32)
    close(at_zero, x, rtol=1e-4, dtype=np.float32)
    close(wide, [quarter, sixth], rtol=IN_FLOAT32, dtype=np.float64)
    close(kata.apply_rotary(x.astype(int), positions), [quarter, sixth], rtol=IN_FLOAT32)


def test_apply_rotary_refuses_an_odd_width(kata):
    """An odd width leaves one number without a partner: that is a ValueError."""
    x = np.array([[3.0, 1.0, 2.0], [4.0, 1.0, 5.0]])
    refuses(lambda: kata.apply_rotary(x, np.array([0, 1])))
