"""The specs of lesson 3, in the order in which they turn green.

`kata` is your file, katas/kata_03_multi_head.py. What the heads should find is worked out
below one head, one query and one key at a time, without your functions.
"""

import math

import numpy as np

from tests.runner.specs.check import close, refuses

# The lesson splits this table by hand. The first digit says the word (1 cat, 2 sat, 3 on,
# 4 mat), the second one the column: no two numbers are the same.
TABLE = 10 * np.arange(1, 5)[:, None] + np.arange(6)
HEADS = np.array([
    [[10, 11, 12], [20, 21, 22], [30, 31, 32], [40, 41, 42]],
    [[13, 14, 15], [23, 24, 25], [33, 34, 35], [43, 44, 45]],
])

# The lesson works this case by hand: "cat sat on mat", where "sat" asks who and where.
# columns      alive place acts black red small
X = np.array([[1.0, 0, 0, 1, 0, 0],  # cat, a black one
              [0, 0, 1, 0, 0, 0],  # sat
              [0, 0, 0, 0, 0, 1],  # on
              [0, 1, 0, 0, 1, 0]])  # mat, a red one
W_Q, W_K, W_V = np.zeros((3, 6, 6))
W_Q[2, [0, 3]] = math.sqrt(3)  # what acts asks, in both heads; d_head = 3
W_K[0, 0], W_K[1, 3] = math.log(5), math.log(13)  # head 0 finds what is alive, head 1 finds places
W_V[[3, 4, 2], [0, 1, 2]] = W_V[[3, 4, 2], [3, 4, 5]] = 16  # both pass on black, red, acts
# is the sitter black? is the place red?
W_O = np.array([[1.0, 0], [-1, 0], [0, 0], [0, -1], [0, 1], [0, 0]])


def random_layer(*batch, n_tokens=5, d_model=7, width_k=6, width_v=8, d_out=9, n_memory=11,
                 d_memory=None):
    """Random x, w_q, w_k, w_v, w_o, and a memory if its width is given; all sizes differ."""
    rng = np.random.default_rng(2017)
    x = rng.normal(size=(*batch, n_tokens, d_model))
    d_seen = d_memory or d_model
    weights = [rng.normal(size=size) for size in (
        (d_model, width_k), (d_seen, width_k), (d_seen, width_v), (width_v, d_out))]
    memory = [rng.normal(size=(*batch, n_memory, d_memory))] if d_memory else []
    return [x, *weights, *memory]


def weights_by_hand(q, k, mask=True):
    """Attention weights for tables, one query at a time, over the keys that it sees."""
    mask = np.broadcast_to(mask, (len(q), len(k)))
    weights = np.zeros((len(q), len(k)))
    for i in range(len(q)):
        seen = [j for j in range(len(k)) if mask[i, j]]
        scores = np.array([sum(q[i] * k[j]) / math.sqrt(len(q[i])) for j in seen])
        for j, score in zip(seen, scores):
            weights[i, j] = math.exp(score - max(scores)) / sum(np.exp(scores - max(scores)))
    return weights


def maps_by_hand(x, w_q, w_k, n_heads, mask=True, memory=None):
    """The weights of each head: head h sees only its own columns of the queries and keys."""
    q, k = x @ w_q, (x if memory is None else memory) @ w_k
    d_k = q.shape[1] // n_heads
    return np.array([weights_by_hand(q[:, start : start + d_k], k[:, start : start + d_k], mask)
                     for start in range(0, n_heads * d_k, d_k)])


def heads_by_hand(x, w_q, w_k, w_v, w_o, n_heads, mask=True, memory=None):
    """Multi-head attention for tables: each head blends its own columns of the values."""
    v = (x if memory is None else memory) @ w_v
    d_v = v.shape[1] // n_heads
    merged = np.zeros((len(x), v.shape[1]))
    for h, weights in enumerate(maps_by_hand(x, w_q, w_k, n_heads, mask, memory)):
        merged[:, h * d_v : (h + 1) * d_v] = weights @ v[:, h * d_v : (h + 1) * d_v]
    return merged @ w_o


# split_heads --------------------------------------------------------------------


def test_split_heads_works_the_lesson_by_hand(kata):
    """Head 0 gets the first three columns of every word, head 1 gets the last three."""
    close(kata.split_heads(TABLE, 2), HEADS)


def test_split_heads_gives_every_head_columns_of_its_own(kata):
    """For any number of heads, head h gets d_head neighbouring columns of every token."""
    x = np.arange(60.0).reshape(5, 12)
    for n_heads, d_head in [(3, 4), (6, 2), (1, 12), (12, 1)]:
        expected = np.empty((n_heads, 5, d_head))
        for h, t, c in np.ndindex(n_heads, 5, d_head):
            expected[h, t, c] = x[t, h * d_head + c]
        close(kata.split_heads(x, n_heads), expected)


def test_split_heads_splits_every_sample_of_a_batch_by_itself(kata):
    """With any number of batch axes, each sample is split alone; float32 stays float32."""
    x = np.arange(2 * 4 * 5 * 6, dtype=np.float32).reshape(2, 4, 5, 6)
    for batch in (x[0], x, x[:1]):
        expected = np.empty((*batch.shape[:-2], 3, 5, 2))
        for index in np.ndindex(batch.shape[:-2]):
            for h in range(3):
                expected[index][h] = batch[index][:, 2 * h : 2 * h + 2]
        close(kata.split_heads(batch, 3), expected, dtype=np.float32)


def test_split_heads_refuses_a_width_that_does_not_divide(kata):
    """Nine columns do not divide among four heads: that is a ValueError, not an answer."""
    refuses(lambda: kata.split_heads(np.arange(72.0).reshape(8, 9), 4))


# merge_heads --------------------------------------------------------------------


def test_merge_heads_works_the_lesson_by_hand(kata):
    """The heads of each word are put side by side again, head 0 first."""
    close(kata.merge_heads(HEADS), TABLE)


def test_merge_heads_keeps_all_numbers_of_a_token_together(kata):
    """For any number of heads, row t holds token t's rows of head 0, head 1 and so on."""
    for n_heads, d_head in [(3, 4), (4, 2), (1, 6), (6, 1)]:
        heads = np.arange(5.0 * n_heads * d_head).reshape(n_heads, 5, d_head)
        expected = [[number for head in heads for number in head[t]] for t in range(5)]
        close(kata.merge_heads(heads), expected)


def test_merge_heads_merges_every_sample_of_a_batch_by_itself(kata):
    """With any number of batch axes, each sample is merged alone; float32 stays float32."""
    x = np.arange(2 * 4 * 3 * 5 * 6, dtype=np.float32).reshape(2, 4, 3, 5, 6)
    for batch in (x[0], x, x[:1]):
        expected = np.empty((*batch.shape[:-3], 5, 18))
        for index in np.ndindex(batch.shape[:-3]):
            for h in range(3):
                expected[index][:, 6 * h : 6 * h + 6] = batch[index][h]
        close(kata.merge_heads(batch), expected, dtype=np.float32)


# multi_head_attention -----------------------------------------------------------


def test_multi_head_attention_works_the_lesson_by_hand(kata):
    """The word "sat" finds who sits and where: one head could not answer both."""
    # Row of "sat": head 0 finds (10, 2, 2), head 1 finds (1, 13, 1); w_o takes 10 - 2 and 13 - 1.
    close(kata.multi_head_attention(X, W_Q, W_K, W_V, W_O, 2), [[0, 0], [8, 12], [0, 0], [0, 0]])
    exchanged = X[:, [0, 1, 2, 4, 3, 5]]  # a red cat on a black mat
    close(kata.multi_head_attention(exchanged, W_Q, W_K, W_V, W_O, 2),
          [[0, 0], [-8, -12], [0, 0], [0, 0]])


def test_multi_head_attention_with_one_head_is_attention(kata):
    """One head is lesson 1's attention on the three projections, times w_o; x may hold integers."""
    x, w_q, w_k, w_v, w_o = random_layer()
    x = np.rint(2 * x).astype(int)
    expected = weights_by_hand(x @ w_q, x @ w_k) @ (x @ w_v) @ w_o
    close(kata.multi_head_attention(x, w_q, w_k, w_v, w_o, 1), expected)


def test_multi_head_attention_gives_each_head_its_own_columns(kata):
    """Each head attends with its own columns of q, k and v, scaled by the root of its own d_k."""
    layer = random_layer(width_k=12, width_v=18, d_out=24)
    for n_heads in (2, 3, 6):
        close(kata.multi_head_attention(*layer, n_heads), heads_by_hand(*layer, n_heads))


def test_multi_head_attention_keeps_batch_axes(kata):
    """With any number of batch axes, each sample is answered by itself."""
    for batch in ((3,), (3, 4), (1,)):
        x, *weights = random_layer(*batch)
        expected = np.empty((*batch, 5, 9))
        for index in np.ndindex(batch):
            expected[index] = heads_by_hand(x[index], *weights, 2)
        close(kata.multi_head_attention(x, *weights, 2), expected)


def test_multi_head_attention_shows_the_mask_to_every_head(kata):
    """Every head has the mask, with large scores too; a token that sees nothing gets zeros."""
    x, *weights = random_layer(width_v=10)
    table = np.array([[1, 0, 1, 1, 0], [0, 1, 1, 1, 1], [0, 0, 0, 0, 0], [1, 1, 0, 0, 1],
                      [0, 0, 1, 0, 0]], dtype=bool)
    for mask in (table, np.array([True, False, True, True, False])):
        for size in (1, 30):
            expected = heads_by_hand(size * x, *weights, 2, mask)
            close(kata.multi_head_attention(size * x, *weights, 2, mask=mask), expected)
    samples, *weights = random_layer(3, width_v=10)
    expected = [heads_by_hand(x, *weights, 2, table) for x in samples]
    close(kata.multi_head_attention(samples, *weights, 2, mask=table), expected)


def test_multi_head_attention_gives_every_sample_its_own_mask(kata):
    """A mask (batch, 1, n_tokens) belongs to the samples, even if there are as many heads."""
    sees = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0], [1, 0, 0, 0, 0],
                     [1, 1, 1, 1, 1], [0, 1, 1, 0, 0], [0, 0, 0, 0, 1]])
    for batch in ((3,), (2,), (3, 2)):  # of two heads each
        x, *weights = random_layer(*batch)
        padding = sees[: math.prod(batch)].astype(bool).reshape(*batch, 1, 5)
        # the same for all queries, and one for each
        for mask in (padding, padding & np.tri(5, dtype=bool)):
            expected = np.empty((*batch, 5, 9))
            for index in np.ndindex(batch):
                expected[index] = heads_by_hand(x[index], *weights, 2, mask[index])
            close(kata.multi_head_attention(x, *weights, 2, mask=mask), expected)


def test_multi_head_attention_can_look_at_another_sequence(kata):
    """With a memory, keys, values and the mask's last axis come from it; queries come from x."""
    x, *weights, memory = random_layer(3, d_memory=10)
    mask = np.arange(11) < np.array([4, 11, 7])[:, None, None]
    for hidden in (None, mask):
        expected = [heads_by_hand(x[b], *weights, 2, True if hidden is None else hidden[b],
                                  memory[b]) for b in range(3)]
        close(kata.multi_head_attention(x, *weights, 2, mask=hidden, memory=memory), expected)


def test_multi_head_attention_keeps_float32(kata):
    """float32 in, float32 out: no step widens to float64."""
    narrow = [array.astype(np.float32) for array in random_layer()]
    for mask in (None, np.tri(5, dtype=bool)):
        expected = heads_by_hand(*(array.astype(np.float64) for array in narrow), 2,
                                 True if mask is None else mask)
        close(kata.multi_head_attention(*narrow, 2, mask=mask), expected, dtype=np.float32,
              rtol=1e-4)


def test_multi_head_attention_refuses_weights_that_do_not_divide(kata):
    """If n_heads does not divide the width of w_q and w_k, or that of w_v: a ValueError."""
    refuses(lambda: kata.multi_head_attention(*random_layer(n_tokens=6, width_k=10, width_v=9), 3),
            lambda: kata.multi_head_attention(*random_layer(n_tokens=6, width_k=12, width_v=10), 3))


# attention_maps -----------------------------------------------------------------


def test_attention_maps_works_the_lesson_by_hand(kata):
    """Each head has a map of its own: in head 0 "sat" finds the cat, in head 1 the mat."""
    maps = np.full((2, 4, 4), 1 / 4)
    maps[0, 1], maps[1, 1] = [5 / 8, 1 / 8, 1 / 8, 1 / 8], [1 / 16, 1 / 16, 1 / 16, 13 / 16]
    close(kata.attention_maps(X, W_Q, W_K, 2), maps)


def test_attention_maps_treats_every_head_and_every_sample_alone(kata):
    """Map h comes from head h's columns, in any batch; float32 stays float32."""
    for batch, n_heads in [((), 3), ((2,), 6), ((2, 4), 3), ((2,), 1)]:
        x, w_q, w_k, *_ = (array.astype(np.float32) for array in random_layer(*batch, width_k=12))
        wide = [array.astype(np.float64) for array in (w_q, w_k)]
        expected = np.empty((*batch, n_heads, 5, 5))
        for index in np.ndindex(batch):
            expected[index] = maps_by_hand(x[index].astype(np.float64), *wide, n_heads)
        close(kata.attention_maps(x, w_q, w_k, n_heads), expected, dtype=np.float32, rtol=1e-4)


def test_attention_maps_shows_the_mask_to_every_head(kata):
    """Every head has the mask: hidden keys get exactly zero; x may hold integers."""
    x, w_q, w_k, *_ = random_layer(2)
    x = np.rint(2 * x).astype(int)
    sees = np.array([True, False, True, True, False])
    table = np.array([[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0], [1, 0, 1, 1, 0],
                      [1, 1, 1, 1, 1]], dtype=bool)
    samples = np.array([[[True, True, True, False, False]], [[False, True, True, True, True]]])
    for mask, size in ((table, 1), (sees, 1), (samples, 1), (samples & table, 1), (table, 30)):
        each = np.broadcast_to(mask, (2, 5, 5))
        expected = [maps_by_hand(size * x[b], w_q, w_k, 2, each[b]) for b in range(2)]
        maps = kata.attention_maps(size * x, w_q, w_k, 2, mask=mask)
        close(maps, expected)
        hidden = np.where(each[:, None], 0, maps)
        close(hidden, np.zeros((2, 2, 5, 5)), exact=True, of=maps, what="weights of hidden keys")


def test_attention_maps_refuses_weights_that_do_not_divide(kata):
    """If n_heads does not divide the width of w_q and w_k: a ValueError."""
    x, w_q, w_k, *_ = random_layer(n_tokens=6, width_k=10)
    refuses(lambda: kata.attention_maps(x, w_q, w_k, 3))
