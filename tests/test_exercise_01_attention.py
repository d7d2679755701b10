"""The specs of lesson 1's exercise, in the order in which they turn green.

`kata` is your file, katas/exercise_01_attention.py. It calls your own attention,
so lesson 1's kata should be green first.
"""

import math

import numpy as np

from tests.runner.specs.check import close, fails

# Looked up in this dictionary, a query of 3 * log(...) on the first feature gives
# shares that can be worked out on paper: d_k = 9, so scores are divided by 3.
KEYS = {
    "cat": np.array([math.log(5), 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]),
    "dog": np.array([math.log(2), 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]),
    "car": np.array([0.0, 4.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0]),
}
VALUES = {"cat": np.array([8.0, 0.0]), "dog": np.array([4.0, 4.0]), "car": np.array([0.0, 8.0])}
KITTEN = np.array([3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])

TIRED = [
    "the cat sat on the mat because it was tired",
    "on the mat sat the cat because it was tired",
    "because it was tired the cat sat on the mat",
]
SOFT = [
    "the cat sat on the mat because it was soft",
    "on the mat sat the cat because it was soft",
    "because it was soft the cat sat on the mat",
]


def random_qkv():
    """Random q, k and v in which no two dimensions have the same size."""
    rng = np.random.default_rng(2015)
    return rng.normal(size=(2, 3, 9)), rng.normal(size=(2, 5, 9)), rng.normal(size=(2, 5, 6))


def looks_most_at(kata, word, sentence):
    """Check that, with the vectors that you chose, the largest weight falls on that word."""
    words = sentence.split()
    queries, keys = kata.choose_vectors()
    weights = kata.pronoun_weights(words, queries, keys)
    right, found = words.index(word), int(np.argmax(weights))
    if found != right:
        fails(weights, f'In "{sentence}" the largest weight is on "{words[found]}" '
              f'({weights[found]:.3g}), and that of "{word}" is {weights[right]:.3g}.')


# soft_lookup --------------------------------------------------------------------


def test_soft_lookup_blends_the_values_for_a_near_miss(kata):
    """A kitten, which the dictionary does not know, is mostly cat and a little dog."""
    # Scores ln 5, ln 2, ln 1; weights 5/8, 2/8, 1/8 of [8, 0], [4, 4], [0, 8].
    close(kata.soft_lookup(KITTEN, KEYS, VALUES), [6.0, 2.0])


def test_soft_lookup_finds_a_word_that_it_knows(kata):
    """A query that matches one key far better than the others gets that word's value."""
    words = ["cat", "dog", "car", "mat"]
    keys = {word: row for word, row in zip(words, np.eye(4, 9))}
    values = {word: row for word, row in zip(words, np.arange(8.0).reshape(4, 2))}
    for word in words:
        close(kata.soft_lookup(10_000 * keys[word], keys, values), values[word])


def test_soft_lookup_pairs_keys_and_values_by_word(kata):
    """Each key gets the value of its own word, whatever the order of the two dictionaries."""
    values = {word: VALUES[word] for word in ["car", "cat", "dog"]}
    close(kata.soft_lookup(KITTEN, KEYS, values), [6.0, 2.0])


# tempered_attention -------------------------------------------------------------


def test_tempered_attention_squares_the_shares_at_one_half(kata):
    """At a temperature of one half, shares of 1 : 2 : 5 become 1 : 4 : 25."""
    q = np.array([[3.0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 3.0]])
    k = np.zeros((3, 9))
    k[:, 0] = np.log([1.0, 2.0, 5.0])  # what the first query looks at
    k[:, 8] = np.log([3.0, 1.0, 1.0])  # and the second: 3 : 1 : 1 becomes 9 : 1 : 1
    v = np.array([[330.0, 0.0], [0.0, 330.0], [660.0, 330.0]])
    close(kata.tempered_attention(q, k, v, 0.5),
          [[(1 * 330 + 25 * 660) / 30, (4 * 330 + 25 * 330) / 30],
           [(9 * 330 + 1 * 660) / 11, (1 * 330 + 1 * 330) / 11]])


def test_tempered_attention_when_cold_is_the_nearest_neighbour(kata):
    """At a temperature near zero, each query gets the value of its best key alone."""
    q, k, v = random_qkv()
    expected = np.empty((2, 3, 6))
    for batch, i in np.ndindex(2, 3):
        matches = [sum(q[batch, i] * key) for key in k[batch]]
        expected[batch, i] = v[batch, matches.index(max(matches))]
    close(kata.tempered_attention(q, k, v, 0.0005), expected)


def test_tempered_attention_when_hot_is_the_average(kata):
    """At an infinite temperature every query gets the mean of all values."""
    q, k, v = random_qkv()
    expected = np.empty((2, 3, 6))
    for batch, i in np.ndindex(2, 3):
        expected[batch, i] = sum(v[batch]) / 5
    close(kata.tempered_attention(q, k, v, math.inf), expected)


# pronoun_weights ----------------------------------------------------------------


def test_pronoun_weights_ask_with_the_whole_sentence(kata):
    """The query is the sum of the queries of all the words."""
    first = np.eye(9)[0]
    queries = {"it": first, "was": 0 * first, "soft": 2 * first, "mat": 0 * first, "cat": 7 * first}
    keys = {"cat": 9 * first, "soft": 0 * first, "mat": math.log(5) * first,
            "was": math.log(2) * first, "it": 0 * first}
    # 1 + 0 + 2 + 0 = 3 on the first feature. "cat" is not in the sentence and has no say.
    close(kata.pronoun_weights(["it", "was", "soft", "mat"], queries, keys),
          [1 / 9, 2 / 9, 1 / 9, 5 / 9])


def test_pronoun_weights_count_a_word_as_often_as_it_occurs(kata):
    """A word that occurs twice in the sentence asks twice and gets two weights."""
    first = np.eye(9)[0]
    queries = {"the": 3 * first, "cat": 0 * first, "mat": -3 * first, "it": 0 * first}
    keys = {"it": 0 * first, "the": math.log(2) * first,
            "cat": math.log(4) * first, "mat": 0 * first}
    # 3 + 0 + 3 - 3 + 0 = 3; the shares are 2 : 4 : 2 : 1 : 1.
    close(kata.pronoun_weights(["the", "cat", "the", "mat", "it"], queries, keys),
          [2 / 10, 4 / 10, 2 / 10, 1 / 10, 1 / 10])


# choose_vectors -----------------------------------------------------------------


def test_choose_vectors_lets_it_find_the_cat_that_was_tired(kata):
    """If it was tired, "it" gives its largest weight to the cat."""
    for sentence in TIRED:
        looks_most_at(kata, "cat", sentence)


def test_choose_vectors_lets_it_find_the_mat_that_was_soft(kata):
    """If it was soft, "it" gives its largest weight to the mat."""
    for sentence in SOFT:
        looks_most_at(kata, "mat", sentence)
