"""The specs of lesson 2's exercise, in the order in which they turn green.

`kata` is your file, katas/exercise_02_self_attention.py. It calls your own
self-attention, so lesson 2's kata should be green first. No spec looks at the
matrices that you choose: only what the layer makes of a sentence counts.
"""

import math

import numpy as np

from tests.runner.specs.check import close

WORDS = ["the", "cat", "sat", "on", "mat", "and", "slept"]
N_POSITIONS = 12
SHORT = "on the mat sat the cat".split()
LONG = "the cat and the mat and the cat sat on the mat".split()  # fills all positions

THOUSANDTH = 0.01  # an rtol with which all that is within a thousandth of 0, or of a share, passes


def one_hot(columns, n_columns):
    """A row for each number in columns, with a 1 in the column of that number."""
    rows = np.zeros((len(columns), n_columns))
    for row, column in zip(rows, columns):
        row[column] = 1
    return rows


def encoded(words):
    """The whole table that encode should make: which word, and then which position."""
    return np.concatenate([one_hot([WORDS.index(word) for word in words], 7),
                           one_hot(range(len(words)), 12)], axis=1)


def close_in_columns(x, words, first, last):
    """Check some columns of what encode made, once the whole has the right shape."""
    __tracebackhide__ = True
    whole, columns = encoded(words), slice(first, last + 1)
    if not isinstance(x, np.ndarray) or x.shape != whole.shape:
        close(x, whole)
    close(x[:, columns], whole[:, columns], of=x, what=f"columns {first} to {last} of yours")


def close_to_words(output, words):
    """Check that each row of an output is one word; row by row, as one wrong row says enough."""
    __tracebackhide__ = True
    expected = one_hot([WORDS.index(word) for word in words], 7)
    if not isinstance(output, np.ndarray) or output.shape != expected.shape:
        close(output, expected)
    for i, row in enumerate(expected):
        close(output[i], row, rtol=THOUSANDTH, of=output, what=f"row {i} of the output")


def attend_in_loops(x, w_q, w_k, w_v, mask):
    """Self-attention, one query after the other, over the keys that it may see."""
    outputs = np.zeros((len(x), w_v.shape[1]))
    for i in range(len(x)):
        seen = [j for j in range(len(x)) if mask[i, j]]
        exps = [math.exp(sum((x[i] @ w_q) * (x[j] @ w_k)) / math.sqrt(w_q.shape[1])) for j in seen]
        for j, exp in zip(seen, exps):
            outputs[i] += exp / sum(exps) * (x[j] @ w_v)
    return outputs


# encode -------------------------------------------------------------------------


def test_encode_says_which_word_a_token_is(kata):
    """The first columns have a 1 for the word, at any position."""
    close_in_columns(kata.encode(["mat", "the", "mat"]), ["mat", "the", "mat"], 0, 6)


def test_encode_says_at_which_position_a_token_is(kata):
    """The last columns have a 1 for the position, for any word."""
    for words in (["mat", "the", "mat"], LONG):
        close_in_columns(kata.encode(words), words, 7, 18)


# run_layer ----------------------------------------------------------------------


def test_run_layer_answers_with_what_each_token_can_see(kata):
    """The sentence is encoded, and each token attends to itself and to the tokens before it."""
    rng = np.random.default_rng(2)
    weights = rng.normal(size=(19, 5)), rng.normal(size=(19, 5)), rng.normal(size=(19, 3))
    x = encoded(SHORT)
    mask = [[j <= i for j in range(6)] for i in range(6)]
    close(kata.run_layer(SHORT, *weights), attend_in_loops(x, *weights, np.array(mask)))


# copy_previous ------------------------------------------------------------------


def test_copy_previous_gives_each_token_the_word_before_it(kata):
    """The answer to a token is the word before it, to within a thousandth."""
    output = kata.run_layer(SHORT, *kata.copy_previous())
    close_to_words(output, ["on", "on", "the", "mat", "sat", "the"])  # the first sees itself alone


def test_copy_previous_works_at_every_position(kata):
    """It also works in a sentence that fills all positions and repeats some words."""
    output = kata.run_layer(LONG, *kata.copy_previous())
    close_to_words(output, [LONG[max(i - 1, 0)] for i in range(12)])


# average_past -------------------------------------------------------------------


def test_average_past_gives_equal_weights_to_the_words_so_far(kata):
    """Token i gives a weight of 1 / (i + 1) to each token up to itself."""
    words = ["the", "cat", "sat", "on"]
    close(kata.run_layer(words, *kata.average_past()),
          [[1, 0, 0, 0, 0, 0, 0],
           [1 / 2, 1 / 2, 0, 0, 0, 0, 0],
           [1 / 3, 1 / 3, 1 / 3, 0, 0, 0, 0],
           [1 / 4, 1 / 4, 1 / 4, 1 / 4, 0, 0, 0]], rtol=THOUSANDTH)


def test_average_past_counts_a_word_as_often_as_it_occurred(kata):
    """In a sentence that fills all positions, each word gets the weights of all its tokens."""
    expected = np.zeros((12, 7))
    for i in range(12):
        for word in LONG[: i + 1]:
            expected[i, WORDS.index(word)] += 1 / (i + 1)
    close(kata.run_layer(LONG, *kata.average_past()), expected, rtol=THOUSANDTH)


# find_last_equal ----------------------------------------------------------------


def test_find_last_equal_points_to_the_same_word(kata):
    """A word that occurred before finds that position, and not its own."""
    output = kata.run_layer(SHORT, *kata.find_last_equal())
    close(output[[4]], one_hot([1], 12), rtol=THOUSANDTH, of=output)  # on [the] mat sat (the)


def test_find_last_equal_takes_the_last_of_several(kata):
    """A word that occurred at several positions finds the last of them."""
    words = "the the cat the mat and the".split()
    output = kata.run_layer(words, *kata.find_last_equal())
    close(output[[1, 3, 6]], one_hot([0, 1, 3], 12), rtol=THOUSANDTH, of=output)


def test_find_last_equal_works_near_and_far(kata):
    """It also works across a whole sentence, whatever words are between."""
    for words in (LONG, "slept on the mat and the cat sat and the cat slept".split()):
        output = kata.run_layer(words, *kata.find_last_equal())
        again = [i for i in range(12) if words[i] in words[:i]]
        places = [max(j for j in range(i) if words[j] == words[i]) for i in again]
        close(output[again], one_hot(places, 12), rtol=THOUSANDTH, of=output)


# moved_by -----------------------------------------------------------------------


def test_moved_by_a_causal_mask_is_the_token_and_all_after_it(kata):
    """If no token sees a later one, a change reaches the token itself and all later ones."""
    mask = np.array([[j <= i for j in range(5)] for i in range(5)])
    close(kata.moved_by(mask, 3), [False, False, False, True, True])
    close(kata.moved_by(mask, 0), [True, True, True, True, True])


def test_moved_by_follows_any_mask(kata):
    """Every token that may attend to the changed token can be moved by it."""
    mask = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 0, 1]], dtype=bool)
    close(kata.moved_by(mask, 0), [True, False, False, True])
    close(kata.moved_by(mask, 2), [False, True, True, False])


def test_moved_by_asks_whether_a_token_has_a_choice(kata):
    """Its own query changes too: that moves a token's output only if it sees several tokens."""
    mask = np.array([[0, 1, 0], [1, 0, 1], [0, 0, 0]], dtype=bool)
    close(kata.moved_by(mask, 0), [False, True, False])  # 0 sees token 1 alone: its weight stays 1
    close(kata.moved_by(mask, 1), [True, True, False])  # 1 does not see itself, yet asks otherwise
    close(kata.moved_by(mask, 2), [False, True, False])  # 2 sees nothing: zeros, whatever it asks


def test_moved_by_agrees_with_what_happens(kata):
    """The prediction agrees with what a layer with random weights really does."""
    rng = np.random.default_rng(17)
    for trial in range(30):
        mask = rng.random(size=(4, 4)) < 0.5
        x, w_q, w_k, w_v = (rng.normal(size=size) for size in [(4, 6), (6, 3), (6, 3), (6, 2)])
        before = attend_in_loops(x, w_q, w_k, w_v, mask)
        for changed in range(4):
            other = x.copy()
            other[changed] = rng.normal(size=6)
            after = attend_in_loops(other, w_q, w_k, w_v, mask)
            close(kata.moved_by(mask, changed), np.abs(after - before).max(axis=-1) > 1e-9)
