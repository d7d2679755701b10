"""The specs of lesson 2, in the order in which they turn green.

`kata` is your file, katas/kata_02_self_attention.py: `kata.causal_mask` is your causal_mask.
Each spec proves one behaviour and leans only on functions that the specs above
it have proved. What attention gives is worked out here by loops, whatever yours does.
"""

import math

import numpy as np

from tests.runner.specs.check import close, differs, fails

# The lesson works this case by hand: "the cat sat", with d_model = 4, d_k = 9 (the root is 3) and
# d_v = 2.
LN_2, LN_4 = math.log(2), math.log(4)
X = np.array([
    # thing, alive, action, small word
    [0.0, 0.0, 0.0, 1.0],  # the
    [1.0, 1.0, 0.0, 0.0],  # cat
    [0.0, 0.0, 1.0, 0.0],  # sat
])
W_Q = np.array([  # columns 0 and 1 ask for someone and for something done
    [0.0, LN_2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, LN_2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [LN_2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [LN_4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
])
W_K = np.array([
    [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0],
])
W_V = np.array([[3.0, 0.0], [5.0, 0.0], [0.0, 8.0], [4.0, 4.0]])

# "who did" looks at "the cat sat": d_model = 5 there.
QUESTION = np.array([[1.0, 2.0, 0.0, 0.0, 0.0], [1.0, 0.0, 1.0, 1.0, 0.0]])
W_QUESTION = np.zeros((5, 9))
W_QUESTION[1, 0] = W_QUESTION[2, 1] = LN_2


def random_case(*batch, n_tokens=5, d_model=6, d_memory=6, d_k=9, d_v=3, seed=2017):
    """Random tokens and the three weights, in which no two dimensions have the same size."""
    rng = np.random.default_rng(seed)
    return (
        rng.normal(size=(*batch, n_tokens, d_model)),
        rng.normal(size=(d_model, d_k)) / math.sqrt(d_model),
        rng.normal(size=(d_memory, d_k)) / math.sqrt(d_memory),
        rng.normal(size=(d_memory, d_v)) / math.sqrt(d_memory),
    )


def slow_attention(q, k, v, mask=None):
    """Attention as in lesson 1, one query at a time, over the keys that it may see."""
    outputs = np.zeros((len(q), v.shape[-1]))
    for i in range(len(q)):
        visible = [j for j in range(len(k)) if mask is None or mask[i, j]]
        scores = np.array([sum(q[i] * k[j]) / math.sqrt(q.shape[-1]) for j in visible])
        exps = np.exp(scores - max(scores, default=0.0))
        for exp, j in zip(exps, visible):
            outputs[i] += exp / sum(exps) * v[j]
    return outputs


def in_float32(*arrays):
    return [array.astype(np.float32) for array in arrays]


def three_arrays(answer):
    """Queries, keys and values, once they are known to be a tuple (or a list) of three."""
    __tracebackhide__ = True
    if answer is None:
        fails(answer, "It returned None. Is there a `return` on every path?")
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        fails(answer, "It should return three arrays as a tuple: queries, keys and values.")
    return answer


# project_qkv --------------------------------------------------------------------


def test_project_qkv_works_the_lesson_by_hand(kata):
    """Every token gets the query, the key and the value that you worked out on paper."""
    q, k, v = three_arrays(kata.project_qkv(X, W_Q, W_K, W_V))
    close(q, [[LN_4, 0, 0, 0, 0, 0, 0, 0, 0], [0, LN_4, 0, 0, 0, 0, 0, 0, 0],
              [LN_2, 0, 0, 0, 0, 0, 0, 0, 0]])
    close(k,
          [[0, 0, 0, 0, 0, 0, 2, 0, 0], [3, 0, 0, 1, 0, 0, 0, 0, 0], [0, 3, 0, 0, 0, 0, 0, 0, 0]])
    close(v, [[4, 4], [8, 0], [0, 8]])


def test_project_qkv_keeps_batch_axes(kata):
    """With any number of batch axes, every token is projected by itself."""
    x, w_q, w_k, w_v = random_case(2, 4)
    projected = three_arrays(kata.project_qkv(x, w_q, w_k, w_v))
    for actual, w in zip(projected, (w_q, w_k, w_v), strict=True):
        expected = np.zeros((2, 4, 5, w.shape[1]))
        for a, b, token, column in np.ndindex(expected.shape):
            expected[a, b, token, column] = sum(x[a, b, token] * w[:, column])
        close(actual, expected)


def test_project_qkv_keeps_float32_and_takes_integers(kata):
    """float32 tokens stay float32; integer tokens times fractional weights are not rounded."""
    x, *weights = random_case(2)
    for actual, w in zip(three_arrays(kata.project_qkv(*in_float32(x, *weights))), weights,
                         strict=True):
        close(actual, x @ w, dtype=np.float32, rtol=1e-4)
    # picks rows of the weights
    ones = np.array([[0, 0, 0, 0, 1, 0], [0, 2, 0, 0, 0, 0], [1, 0, 1, 0, 0, 0]])
    for actual, w in zip(three_arrays(kata.project_qkv(ones, *weights)), weights, strict=True):
        close(actual, [w[4], 2 * w[1], w[0] + w[2]])


# self_attention -----------------------------------------------------------------


def test_self_attention_works_the_lesson_by_hand(kata):
    """Each word of "the cat sat" gets the blend that you worked out on paper."""
    # Weights: the 1/6 4/6 1/6, cat 1/6 1/6 4/6, sat 1/4 2/4 1/4; values (4, 4), (8, 0), (0, 8).
    close(kata.self_attention(X, W_Q, W_K, W_V), [[6, 2], [2, 6], [5, 3]])


def test_self_attention_keeps_batch_axes(kata):
    """Every sequence attends only to itself, in any batch and with large scores too."""
    x, w_q, w_k, w_v = random_case(2, 4)
    for size in (1.0, 100.0):
        outputs = kata.self_attention(size * x, w_q, w_k, w_v)
        expected = np.empty((2, 4, 5, 3))
        for batch in np.ndindex(2, 4):
            tokens = size * x[batch]
            expected[batch] = slow_attention(tokens @ w_q, tokens @ w_k, tokens @ w_v)
        close(outputs, expected)


def test_self_attention_does_not_know_the_order_of_the_tokens(kata):
    """If the tokens are shuffled, the outputs are shuffled in the same way."""
    x, w_q, w_k, w_v = random_case()
    outputs = kata.self_attention(x, w_q, w_k, w_v)
    for order in ([3, 0, 4, 1, 2], [4, 3, 2, 1, 0]):
        close(kata.self_attention(x[order], w_q, w_k, w_v), outputs[order])
        differs(outputs[order], outputs)  # five tokens, five answers


def test_self_attention_gives_each_token_its_own_row_of_the_mask(kata):
    """Row i of the mask says what token i may attend to; a token that sees nothing gets zeros."""
    x, w_q, w_k, w_v = random_case()
    mask = np.array([
        [1, 0, 0, 1, 0],
        [0, 0, 1, 0, 0],
        [0, 0, 0, 0, 0],
        [1, 1, 1, 0, 1],
        [0, 1, 1, 1, 1],
    ], dtype=bool)
    for size in (1.0, 100.0):
        expected = slow_attention(size * x @ w_q, size * x @ w_k, size * x @ w_v, mask)
        close(kata.self_attention(size * x, w_q, w_k, w_v, mask=mask), expected)


def test_self_attention_takes_a_mask_with_a_batch_axis(kata):
    """Each sequence of a batch has its own mask, with a row for each token or one row for all."""
    x, w_q, w_k, w_v = random_case(2)
    whole = np.random.default_rng(5).random((2, 5, 5)) < 0.5
    one_row = np.array([[[True, True, False, True, False]], [[False, True, True, True, True]]])
    for mask in (whole, one_row):
        outputs = kata.self_attention(x, w_q, w_k, w_v, mask=mask)
        expected = [slow_attention(tokens @ w_q, tokens @ w_k, tokens @ w_v,
                                   np.broadcast_to(of_one, (5, 5)))
                    for tokens, of_one in zip(x, mask)]
        close(outputs, expected)


def test_self_attention_keeps_float32_and_takes_integers(kata):
    """float32 in, float32 out; a blend of integers is not rounded."""
    x, w_q, w_k, w_v = random_case(2)
    mask = np.array([True, False, True, True, False])
    for hidden in ({}, {"mask": mask}):
        expected = kata.self_attention(x, w_q, w_k, w_v, **hidden)
        outputs = kata.self_attention(*in_float32(x, w_q, w_k, w_v), **hidden)
        close(outputs, expected, dtype=np.float32, rtol=1e-4)
    words = np.array([[1, 0], [0, 1], [0, 3]])
    # all queries and keys are zero, so each token gets the mean
    alike = np.zeros((2, 9), dtype=int)
    close(kata.self_attention(words, alike, alike, np.array([[1, 0, 2], [0, 1, 1]])),
          [[1 / 3, 4 / 3, 2]] * 3)


# causal_mask --------------------------------------------------------------------


def test_causal_mask_shows_a_token_itself_and_earlier_ones(kata):
    """Token i may attend to tokens 0 to i, itself included, and to no later one."""
    close(kata.causal_mask(4), np.array([
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]), exact=True, dtype=bool)
    for n_tokens in (1, 2, 7):
        expected = np.zeros((n_tokens, n_tokens), dtype=bool)
        for i, j in np.ndindex(n_tokens, n_tokens):
            expected[i, j] = j <= i
        close(kata.causal_mask(n_tokens), expected, exact=True, dtype=bool)


# causal_self_attention ----------------------------------------------------------


def test_causal_self_attention_works_the_lesson_by_hand(kata):
    """"the" sees only itself, "cat" also sees "the", and "sat" sees all three words."""
    # Weights: the 1, cat 1/2 1/2, sat 1/4 2/4 1/4; values (4, 4), (8, 0), (0, 8).
    close(kata.causal_self_attention(X, W_Q, W_K, W_V), [[4, 4], [6, 2], [5, 3]])


def test_causal_self_attention_moves_no_earlier_output(kata):
    """A changed token moves its own output and all later ones, and no earlier one."""
    x, w_q, w_k, w_v = random_case(seed=7)
    other = random_case(seed=8)[0]
    before = kata.causal_self_attention(x, w_q, w_k, w_v)
    for t in range(5):
        future = x.copy()
        future[t + 1 :] = 1000 * other[t + 1 :]
        after = kata.causal_self_attention(future, w_q, w_k, w_v)
        close(after[: t + 1], before[: t + 1], of=after, what="outputs before the change")
        past = x.copy()
        past[t] = other[t]
        after = kata.causal_self_attention(past, w_q, w_k, w_v)
        for i in range(t, 5):
            differs(after[i], before[i])


def test_causal_self_attention_is_self_attention_so_far(kata):
    """Output i is what self_attention gives for tokens 0 to i, in batches and in float32 too."""
    for batch, size, dtype, rtol in (
        ((), 1.0, np.float64, 1e-9), ((2, 4), 100.0, np.float64, 1e-9),
        ((2,), 1.0, np.float32, 1e-4),
    ):
        x, *weights = (array.astype(dtype) for array in random_case(*batch))
        x = x * size
        seen = [kata.self_attention(x[..., : i + 1, :], *weights)[..., i, :] for i in range(5)]
        close(kata.causal_self_attention(x, *weights), np.stack(seen, axis=-2), dtype=dtype,
              rtol=rtol)


# padding_mask -------------------------------------------------------------------


def test_padding_mask_shows_the_real_tokens_of_each_sequence(kata):
    """Entry [b, 0, j] is True for the first lengths[b] tokens of sequence b, if any."""
    close(kata.padding_mask(np.array([3, 2]), 3),
          np.array([[[True, True, True]], [[True, True, False]]]), exact=True, dtype=bool)
    lengths = np.array([2, 0, 4, 1])
    expected = np.zeros((4, 1, 6), dtype=bool)
    for b, _, j in np.ndindex(4, 1, 6):
        expected[b, 0, j] = j < lengths[b]
    close(kata.padding_mask(lengths, 6), expected, exact=True, dtype=bool)


def test_padding_mask_gives_a_sequence_what_it_gets_alone(kata):
    """In a padded batch, each sequence's real tokens get what they would get alone."""
    x, w_q, w_k, w_v = random_case(4)
    lengths = np.array([3, 5, 1, 2])
    mask = kata.padding_mask(lengths, 5)
    outputs = kata.self_attention(x, w_q, w_k, w_v, mask=mask)
    for tokens, output, length in zip(x, outputs, lengths):
        alone = kata.self_attention(tokens[:length], w_q, w_k, w_v)
        close(output[:length], alone, of=mask, what="outputs of the real tokens")


def test_padding_mask_lets_nothing_through_from_the_padding(kata):
    """The padding's numbers move no real token; an empty sequence gets zeros, never NaN."""
    x, w_q, w_k, w_v = random_case(3)
    lengths = np.array([3, 0, 4])
    mask = kata.padding_mask(lengths, 5)
    before = kata.self_attention(x, w_q, w_k, w_v, mask=mask)
    changed, moved = x.copy(), x.copy()
    for b, length in enumerate(lengths):
        changed[b, length:] = -1000 * x[b, length:]
        moved[b, : min(length, 1)] += 1.0  # the first real token
    after = kata.self_attention(changed, w_q, w_k, w_v, mask=mask)
    later = kata.self_attention(moved, w_q, w_k, w_v, mask=mask)
    for b, length in enumerate(lengths):
        close(after[b, :length], before[b, :length], of=mask, what="outputs of the real tokens")
        for i in range(length):
            differs(later[b, i], before[b, i])
    close(after[1], np.zeros((5, 3)), exact=True, of=mask, what="outputs of the empty sequence")


# cross_attention ----------------------------------------------------------------


def test_cross_attention_works_the_lesson_by_hand(kata):
    """Each word of "who did" gets its blend of "the cat sat"; the two texts differ in size."""
    # Weights: who 1/6 4/6 1/6, did 1/4 1/4 2/4; values (4, 4), (8, 0), (0, 8).
    close(kata.cross_attention(QUESTION, X, W_QUESTION, W_K, W_V), [[6, 2], [3, 5]])


def test_cross_attention_keeps_batch_axes(kata):
    """Every sequence attends only to its own memory, which may be longer or shorter than it."""
    for n_memory in (7, 3):
        x, w_q, w_k, w_v = random_case(2, 4, d_memory=8)
        memory, *_ = random_case(2, 4, n_tokens=n_memory, d_model=8, seed=1706)
        for size in (1.0, 1000.0):
            outputs = kata.cross_attention(size * x, memory, w_q, w_k, w_v)
            expected = np.empty((2, 4, 5, 3))
            for b in np.ndindex(2, 4):
                expected[b] = slow_attention(size * x[b] @ w_q, memory[b] @ w_k, memory[b] @ w_v)
            close(outputs, expected)


def test_cross_attention_hides_what_the_mask_hides_of_the_memory(kata):
    """A mask hides words of the memory from every token or from one; if all are hidden: zeros."""
    x, w_q, w_k, w_v = random_case(3, d_memory=8)
    memory, *_ = random_case(3, n_tokens=7, d_model=8, seed=1706)
    padding = kata.padding_mask(np.array([4, 0, 6]), 7)
    each = np.random.default_rng(5).random((5, 7)) < 0.4
    for mask in (padding, each):
        outputs = kata.cross_attention(x, memory, w_q, w_k, w_v, mask=mask)
        rows = np.broadcast_to(mask, (3, 5, 7))
        expected = [slow_attention(x[b] @ w_q, memory[b] @ w_k, memory[b] @ w_v, rows[b])
                    for b in range(3)]
        close(outputs, expected)


def test_cross_attention_keeps_float32_and_takes_integers(kata):
    """float32 in, float32 out; a blend of integers is not rounded."""
    x, w_q, w_k, w_v = random_case(2, d_memory=8)
    memory, *_ = random_case(2, n_tokens=7, d_model=8, seed=1706)
    for hidden in ({}, {"mask": np.array([True, True, False, True, False, True, True])}):
        expected = kata.cross_attention(x, memory, w_q, w_k, w_v, **hidden)
        outputs = kata.cross_attention(*in_float32(x, memory, w_q, w_k, w_v), **hidden)
        close(outputs, expected, dtype=np.float32, rtol=1e-4)
    words, alike = np.array([[1, 0], [0, 1], [0, 3]]), np.zeros((2, 9), dtype=int)
    w_v = np.array([[1, 0, 2], [0, 1, 1]])
    close(kata.cross_attention(words[:2], words, alike, alike, w_v), [[1 / 3, 4 / 3, 2]] * 2)
