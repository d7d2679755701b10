"""The specs of lesson 1, in the order in which they turn green.

`kata` is your file, katas/kata_01_attention.py: `kata.softmax` is your softmax.
Each spec proves one behaviour and uses only functions that the specs above it have proved.
"""

import math

import numpy as np

from tests.runner.specs.check import close, differs

# The lesson works this case by hand. Three words are looked up; d_k = 9, so that
# sqrt(d_k) = 3. The query asks only about the first two of the nine features.
QUERY = np.array([2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
KEYS = np.array([
    [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0],  # scores ln 1 = 0
    [math.log(2), math.log(2), 0.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0],  # scores ln 2
    [math.log(5), math.log(5), 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0],  # scores ln 5
])
VALUES = np.array([[8.0, 0.0], [4.0, 4.0], [0.0, 8.0]])


def random_qkv(*batch, n_queries=3, n_keys=5, d_k=9, d_v=6):
    """Random q, k and v in which no two dimensions have the same size."""
    rng = np.random.default_rng(2017)
    return (
        rng.normal(size=(*batch, n_queries, d_k)),
        rng.normal(size=(*batch, n_keys, d_k)),
        rng.normal(size=(*batch, n_keys, d_v)),
    )


# softmax ------------------------------------------------------------------------


def test_softmax_turns_scores_into_shares(kata):
    """Each weight is exp(score), divided by the sum of all the exps."""
    scores = np.log([1.0, 2.0, 5.0])  # their exponentials are 1, 2, 5; the sum is 8
    close(kata.softmax(scores), [1 / 8, 2 / 8, 5 / 8])


def test_softmax_treats_every_row_alone(kata):
    """In a table of scores, every row gets weights of its own."""
    scores = np.log([[1.0, 2.0, 5.0], [6.0, 3.0, 1.0]])
    close(kata.softmax(scores), [[1 / 8, 2 / 8, 5 / 8], [6 / 10, 3 / 10, 1 / 10]])


def test_softmax_takes_any_number_of_batch_axes(kata):
    """With any number of batch axes, the weights run along the last axis."""
    scores = np.random.default_rng(1).normal(size=(2, 3, 1, 5))
    expected = np.empty((2, 3, 1, 5))
    for batch in np.ndindex(2, 3, 1):
        exps = np.exp(scores[batch])
        expected[batch] = exps / sum(exps)
    close(kata.softmax(scores), expected)


def test_softmax_runs_along_the_axis_that_it_is_given(kata):
    """With axis=0 the columns sum to one."""
    scores = np.log([[1.0, 6.0], [2.0, 3.0], [5.0, 1.0]])
    columns = np.array([[1 / 8, 6 / 10], [2 / 8, 3 / 10], [5 / 8, 1 / 10]])
    close(kata.softmax(scores, axis=0), columns)
    close(kata.softmax(scores[:, None, :, None], axis=0), columns[:, None, :, None])


def test_softmax_survives_large_scores(kata):
    """Scores near 1000 give weights, not NaN."""
    for around in (1000.0, -1000.0):
        close(kata.softmax(np.array([around, around + math.log(3)])), [1 / 4, 3 / 4])


def test_softmax_keeps_rows_that_are_far_apart(kata):
    """A row of small scores keeps its weights beside a row of large ones."""
    low, high = [0.0, math.log(3)], [1000.0, 1000.0 + math.log(3)]
    close(kata.softmax(np.array([low, high, low])), [[1 / 4, 3 / 4]] * 3)


def test_softmax_gives_minus_infinity_no_weight(kata):
    """A score of minus infinity gets a weight of zero; the other weights sum to one."""
    scores = np.array([[-np.inf, 0.0, math.log(3)], [0.0, -np.inf, -np.inf],
                       [-1000.0, -1000.0, -np.inf]])
    close(kata.softmax(scores), [[0.0, 1 / 4, 3 / 4], [1.0, 0.0, 0.0], [1 / 2, 1 / 2, 0.0]])


def test_softmax_weights_sum_to_one_exactly(kata):
    """Weights sum to one, exact to twelve digits: nothing is added to the sum."""
    weights = kata.softmax(np.random.default_rng(2).normal(size=(4, 7)))
    close(weights.sum(axis=-1), np.ones(4), rtol=1e-12, of=weights, what="sums of the rows")


def test_softmax_accepts_integers(kata):
    """Integer scores give fractions as weights."""
    close(kata.softmax(np.array([[3, 3, 3, 3], [0, 1, 1, -2000]])),
          [[1 / 4, 1 / 4, 1 / 4, 1 / 4],
           [1 / (1 + 2 * math.e), *[math.e / (1 + 2 * math.e)] * 2, 0.0]])


# attend_one ---------------------------------------------------------------------


def test_attend_one_works_the_lesson_by_hand(kata):
    """The lesson's query gets the blend that you worked out on paper."""
    # Scores ln 1, ln 2, ln 5; weights 1/8, 2/8, 5/8; 1/8 of row 1 + 2/8 of row 2 + 5/8 of row 3.
    close(kata.attend_one(QUERY, KEYS, VALUES), [2.0, 6.0])


def test_attend_one_finds_the_value_whose_key_matches(kata):
    """The better a query matches a single key, the more it gets of that key's value."""
    keys = np.eye(5, 7)
    values = np.arange(30.0).reshape(5, 6)
    # the strength that gives a score of ln 16, beside four of 0
    ln_16 = math.sqrt(7) * math.log(16)
    for strength, share in [(-ln_16, 1 / 65), (0.0, 1 / 5), (ln_16, 16 / 20), (10_000.0, 1.0),
                            (-10_000.0, 0.0)]:
        for j in range(5):
            expected = sum((share if i == j else (1 - share) / 4) * values[i] for i in range(5))
            close(kata.attend_one(strength * keys[j], keys, values), expected)
    close(kata.attend_one(-1000 * QUERY, KEYS[1:], VALUES[1:]), VALUES[1])  # both scores are low


# attention_loop -----------------------------------------------------------------


def test_attention_loop_works_the_lesson_by_hand(kata):
    """The lesson's query gets its blend, a query of zeros the mean, a large one its best value."""
    close(kata.attention_loop(np.stack([QUERY, np.zeros(9)]), KEYS, VALUES),
          [[2.0, 6.0], [4.0, 4.0]])
    close(kata.attention_loop(np.stack([QUERY, 1000 * QUERY]), KEYS, VALUES),
          [[2.0, 6.0], [0.0, 8.0]])


def test_attention_loop_answers_each_query_as_attend_one_does(kata):
    """Row i of the output is what attend_one gives for row i of the queries."""
    for q, k, v in (random_qkv(d_k=7), random_qkv(n_queries=4, n_keys=2)):
        for queries, keys in ((q, k), (1000 * q, k), (-1000 * np.abs(q), np.abs(k))):
            expected = [kata.attend_one(query, keys, v) for query in queries]
            close(kata.attention_loop(queries, keys, v), expected)


# attention_scores ---------------------------------------------------------------


def test_attention_scores_are_scaled_dot_products_of_all_pairs(kata):
    """Entry (i, j) is the dot product of query i and key j, divided by sqrt(d_k)."""
    q = np.array([[3.0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 6.0, 0, 0, 0, 0, 0, 0, 3.0]])
    k = np.array([[1.0, 2, 0, 0, 0, 0, 0, 0, 4], [5, 0, 0, 7, 0, 0, 0, 0, 0],
                  [0, 1, 0, 0, 0, 0, 0, 0, -4]])
    close(kata.attention_scores(q, k), [[1.0, 5.0, 0.0], [8.0, 0.0, -2.0]])


def test_attention_scores_keeps_batch_axes(kata):
    """With any number of batch axes, each sample is scored by itself."""
    q, k, _ = random_qkv(2, 4, d_k=7)
    scores = kata.attention_scores(q, k)
    expected = np.empty((2, 4, 3, 5))
    for a, b, i, j in np.ndindex(2, 4, 3, 5):
        expected[a, b, i, j] = sum(q[a, b, i] * k[a, b, j]) / math.sqrt(7)
    close(scores, expected)


# attention_weights --------------------------------------------------------------


def test_attention_weights_are_the_softmax_of_the_scores(kata):
    """Without a mask, each query's scores become weights over all the keys."""
    q, k, _ = random_qkv(2)
    close(kata.attention_weights(q, k), kata.softmax(kata.attention_scores(q, k)))


def test_attention_weights_hidden_keys_get_exactly_zero(kata):
    """Where the mask is False, the weight is exactly 0.0; the visible weights still sum to 1."""
    low = -1000.0  # visible scores may be low and hidden ones high: a fill of -100 leaks
    scores = np.array([
        [low, low + math.log(2), 7.0, low + math.log(5), 50.0],
        [50.0, 0.0, 1.0, 2.0, 3.0],
        [9.0, -9.0, 800.0, 800.0 + math.log(3), 800.0 + math.log(4)],
        [-800.0, -9.0, 0.0, 800.0, 9.0],
    ])
    mask = np.array([[1, 1, 0, 1, 0], [0, 1, 0, 0, 0], [0, 0, 1, 1, 1], [1, 0, 1, 1, 0]],
                    dtype=bool)
    q, k = 3 * np.eye(4, 9), np.zeros((5, 9))
    k[:, :4] = scores.T  # so that q @ k.T / 3 is this table
    weights = kata.attention_weights(q, k, mask=mask)
    expected = [[1 / 8, 2 / 8, 0, 5 / 8, 0], [0, 1, 0, 0, 0], [0, 0, 1 / 8, 3 / 8, 4 / 8],
                [0, 0, 0, 1, 0]]
    close(weights, expected)
    close(np.where(mask, 0, weights), np.zeros((4, 5)), exact=True, of=weights,
          what="weights of hidden keys")


def test_attention_weights_mask_broadcasts_over_queries(kata):
    """A mask (batch, 1, n_keys) hides the same keys from every query of its sample."""
    q, k, _ = random_qkv(2)
    mask = np.array([[[True, True, True, False, False]], [[True, True, True, True, False]]])
    expected = np.zeros((2, 3, 5))
    expected[0, :, :3] = kata.attention_weights(q[0], k[0, :3])
    expected[1, :, :4] = kata.attention_weights(q[1], k[1, :4])
    close(kata.attention_weights(q, k, mask=mask), expected)


def test_attention_weights_do_not_see_a_hidden_key(kata):
    """The numbers of a hidden key have no effect on the weights."""
    q, k, _ = random_qkv()
    mask = np.array([True, False, True, True, False])
    changed = np.where(mask[:, None], k, 1000 * k[::-1])
    close(kata.attention_weights(q, changed, mask=mask), kata.attention_weights(q, k, mask=mask))


def test_attention_weights_of_a_query_that_sees_nothing_are_zero(kata):
    """A query that may attend to nothing gets zeros, not NaN; the others keep their weights."""
    q, k, _ = random_qkv()
    mask = np.array([[True] * 5, [False] * 5, [True] * 5])
    expected = kata.attention_weights(q, k)
    expected[1] = 0.0
    close(kata.attention_weights(q, k, mask=mask), expected)


# attention ----------------------------------------------------------------------


def test_attention_agrees_with_the_loop(kata):
    """The matrix products give what the loops gave."""
    q, k, v = random_qkv()
    close(kata.attention(q, k, v), kata.attention_loop(q, k, v))
    unlike = [[1], [1000], [-1000]] * q  # the scores of each query are of another size
    for queries, keys in ((unlike, k), (-1000 * np.abs(q), np.abs(k))):
        close(kata.attention(queries, keys, v), kata.attention_loop(queries, keys, v))
    q = np.stack([QUERY, -QUERY])  # one score is 0, which hides nothing
    close(kata.attention(q, KEYS, VALUES), kata.attention_loop(q, KEYS, VALUES))


def test_attention_keeps_batch_axes(kata):
    """With any number of batch axes, each sample is answered by itself."""
    q, k, v = random_qkv(2, 4)
    q[1] *= 1000
    outputs = kata.attention(q, k, v)
    expected = np.empty((2, 4, 3, 6))
    for batch in np.ndindex(2, 4):
        expected[batch] = kata.attention_loop(q[batch], k[batch], v[batch])
    close(outputs, expected)


def test_attention_with_a_mask_is_attention_over_what_is_visible(kata):
    """Hiding keys gives the same answer as removing them and their values."""
    q, k, v = random_qkv(2)
    mask = np.array([True, False, True, True, False])
    visible = kata.attention(q, k[:, mask], v[:, mask])
    close(kata.attention(q, k, v, mask=mask), visible)
    far = np.where(mask[:, None], k, 1000 * k)  # a hidden score may be the highest
    close(kata.attention(q, far, v, mask=mask), visible)
    q, k = -1000 * np.abs(q), np.abs(k)  # and the visible ones may all be low
    close(kata.attention(q, k, v, mask=mask), kata.attention(q, k[:, mask], v[:, mask]))
    of_each = np.array([[[True, False, True, True, False]], [[False, True, True, False, False]]])
    expected = [kata.attention(q[b], k[b, seen], v[b, seen]) for b, (seen,) in enumerate(of_each)]
    close(kata.attention(q, k, v, mask=of_each), expected)


def test_attention_gives_each_query_its_own_row_of_the_mask(kata):
    """Row i of the mask belongs to query i; a query that sees nothing gets zeros."""
    q, k, v = random_qkv()
    mask = np.array([[1, 0, 0, 0, 0], [0, 0, 0, 0, 0], [1, 1, 0, 1, 0]], dtype=bool)
    expected = np.stack([v[0], np.zeros(6), kata.attend_one(q[2], k[mask[2]], v[mask[2]])])
    close(kata.attention(q, k, v, mask=mask), expected)


def test_attention_follows_keys_and_values_moved_together(kata):
    """The order of the keys does not matter; which value belongs to which key does."""
    q, k, v = random_qkv()
    order = [3, 0, 4, 1, 2]
    outputs = kata.attention(q, k, v)
    close(kata.attention(q, k[order], v[order]), outputs)
    differs(kata.attention(q, k, v[order]), outputs)


def test_attention_keeps_float32_and_takes_integers(kata):
    """float32 in, float32 out: no step widens to float64. A blend of integers is not rounded."""
    q, k, v = (array.astype(np.float32) for array in random_qkv(2))
    mask = np.array([True, True, True, True, False])
    close(kata.attention(q, k, v, mask=mask), kata.attention(q, k[:, :4], v[:, :4]),
          dtype=np.float32, rtol=1e-4)
    close(kata.attention(q, k, v), kata.attention(*(a.astype(np.float64) for a in (q, k, v))),
          dtype=np.float32, rtol=1e-4)
    # the mean, for each query
    alike, values = np.zeros((3, 9), dtype=int), np.array([[1, 0], [0, 3], [1, 2]])
    close(kata.attention(alike[:2], alike, values), [[2 / 3, 5 / 3]] * 2)
    whole = [np.rint(2 * array).astype(int) for array in random_qkv(2)]
    for seen in (None, mask):
        close(kata.attention(*whole, mask=seen),
              kata.attention(*(array.astype(np.float64) for array in whole), mask=seen))
