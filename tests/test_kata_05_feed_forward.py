"""The specs of lesson 5, in the order in which they turn green.

`kata` is your file, katas/kata_05_feed_forward.py. What is expected is worked out below one
token and one number at a time, without your functions.
"""

import math

import numpy as np

from tests.runner.specs.check import close, refuses

# The lesson works these cases by hand. First "not bad": each word is two numbers, whether there was
# a "not" before it, and its tone.
WORDS = np.array([[0.0, 1], [1, 1], [0, -1], [1, -1]])  # good, not good, bad, not bad
W_IN, B_IN = np.array([[1.0, 1, 1], [1, -1, 0]]), np.array([-1.0, -1, 0])
W_OUT, B_OUT = np.array([[0.0, -2], [0, 2], [-1, 0]]), np.zeros(2)
BEFORE_RELU = np.array([[0.0, -2, 0], [1, -1, 1], [-2, 0, 0], [-1, 1, 1]])

# Then layer norm: cat has mean 4 and variance 4, sat 2 and 16, mat is cat times -10, plus 60.
CAT, SAT, MAT = [1.0, 3, 4, 5, 7], [10.0, 0, 0, 0, 0], [50.0, 30, 20, 10, -10]
NORMED = np.array([[-1.5, -0.5, 0, 0.5, 1.5], [2, -0.5, -0.5, -0.5, -0.5],
                   [1.5, 0.5, 0, -0.5, -1.5]])


def gelu_by_hand(number):
    """The tanh form of gelu, for one number."""
    inside = math.sqrt(2 / math.pi) * (number + 0.044715 * number**3)
    return number / 2 * (1 + math.tanh(inside))


def feed_forward_by_hand(token, w_in, b_in, w_out, b_out, activation=gelu_by_hand):
    """Feed-forward for one token: each unit's sum, its activation, and each output's sum."""
    units = [activation(sum(token * w_in[:, j]) + b_in[j]) for j in range(len(b_in))]
    return [sum(units * w_out[:, c]) + b_out[c] for c in range(len(b_out))]


def norm_by_hand(token, gain, bias, eps=1e-5):
    """Layer norm for one token."""
    mean = sum(token) / len(token)
    variance = sum((number - mean) ** 2 for number in token) / len(token)
    return [(number - mean) / math.sqrt(variance + eps) * g + b
            for number, g, b in zip(token, gain, bias)]


def attend_by_hand(x, w_q, w_k, w_v, w_o, n_heads, mask):
    """Multi-head attention for a table, one query of one head at a time, over the keys it sees."""
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    d_k, d_v = q.shape[1] // n_heads, v.shape[1] // n_heads
    merged = np.zeros(v.shape)
    for h, i in np.ndindex(n_heads, len(x)):
        own, values = slice(h * d_k, (h + 1) * d_k), slice(h * d_v, (h + 1) * d_v)
        exps = [math.exp(sum(q[i, own] * k[j, own]) / math.sqrt(d_k)) if mask[i, j] else 0.0
                for j in range(len(x))]
        for j in range(len(x)):
            merged[i, values] += exps[j] / (sum(exps) or 1.0) * v[j, values]
    return merged @ w_o


def block_by_hand(x, block, n_heads, mask=True):
    """A block for a table: attention adds to each token, then feed-forward does."""
    mask = np.broadcast_to(mask, (len(x), len(x)))
    normed = np.array([norm_by_hand(token, **block["norm_1"]) for token in x])
    x = x + attend_by_hand(normed, **block["attention"], n_heads=n_heads, mask=mask)
    normed = [norm_by_hand(token, **block["norm_2"]) for token in x]
    return x + np.array([feed_forward_by_hand(token, **block["feed_forward"]) for token in normed])


def random_layer(d_model=4, d_ff=7, d_out=5):
    """Random w_in, b_in, w_out and b_out; all sizes differ."""
    rng = np.random.default_rng(2016)
    return [rng.normal(size=size) for size in ((d_model, d_ff), d_ff, (d_ff, d_out), d_out)]


def random_block(d_model=7, width_k=6, width_v=8, d_ff=11):
    """A random block for tokens of d_model numbers; no two norms or matrices are alike."""
    rng = np.random.default_rng(2019)
    shapes = {
        "norm_1": {"gain": d_model, "bias": d_model},
        "attention": {"w_q": (d_model, width_k), "w_k": (d_model, width_k),
                      "w_v": (d_model, width_v), "w_o": (width_v, d_model)},
        "norm_2": {"gain": d_model, "bias": d_model},
        "feed_forward": {"w_in": (d_model, d_ff), "b_in": d_ff, "w_out": (d_ff, d_model),
                         "b_out": d_model},
    }
    return {part: {name: rng.normal(size=shape) for name, shape in named.items()}
            for part, named in shapes.items()}


def random_tokens(*batch, n_tokens=5, d_model=7):
    return np.random.default_rng(2017).normal(size=(*batch, n_tokens, d_model))


# relu ---------------------------------------------------------------------------


def test_relu_works_the_lesson_by_hand(kata):
    """Negative numbers become zero; all others stay as they are."""
    close(kata.relu(BEFORE_RELU), [[0, 0, 0], [1, 0, 1], [0, 0, 0], [0, 1, 1]])
    close(kata.relu(np.array([[-3.0, 0.5], [4.0, 0.0]])), [[0, 0.5], [4, 0]])  # not only ones


def test_relu_takes_any_shape_and_keeps_the_dtype(kata):
    """Any shape, large numbers, fractions and integers; float32 and float64 stay."""
    row = np.array([-1000, -1, 0, 3, 1000])
    cube = np.array([[[-0.5, 0.25], [7.5, -0.0]], [[-1e-3, 2e6], [-3e6, 1e-3]],
                     [[0.5, -0.125], [-7.5, -0.75]]])
    rooms = [[[0, 0.25], [7.5, 0]], [[0, 2e6], [0, 1e-3]], [[0.5, 0], [0, 0]]]
    close(kata.relu(row), [0, 0, 0, 3, 1000])
    close(kata.relu(cube), rooms, dtype=np.float64)
    close(kata.relu(cube.astype(np.float32)), rooms, dtype=np.float32, rtol=1e-6)


# gelu ---------------------------------------------------------------------------


def test_gelu_is_the_tanh_form(kata):
    """gelu(1) is 0.8412 and gelu(-1) is -0.1588: the tanh form, not one that looks like it."""
    # With the error function, gelu(1) is 0.84134; x times sigmoid(1.702 x) is 0.84580, and
    # sigmoid(x) alone 0.73106.
    x = np.array([0.0, 1.0, -1.0, 2.0, -2.0])
    close(kata.gelu(x), [0, 0.841191990608, -0.158808009392, 1.954597694087, -0.045402305913])


def test_gelu_takes_any_shape_and_large_numbers(kata):
    """Far from 0, 1000 stays 1000 and -1000 becomes 0, with no overflow on the way."""
    cube = np.linspace(-5.3, 5.5, 24).reshape(2, 3, 4)
    close(kata.gelu(cube),
          [[[gelu_by_hand(number) for number in row] for row in table] for table in cube])
    large = np.array([[1000.0, -1000.0, 40.0], [-40.0, 800.0, -2e4]])
    close(kata.gelu(large), [[1000, 0, 40], [0, 800, 0]])


def test_gelu_keeps_float32(kata):
    """float32 stays float32, and float64 float64; integers become floats."""
    x = np.array([[-4, -1, 0], [1, 2, 8]])
    expected = [[gelu_by_hand(number) for number in row] for row in x.tolist()]
    narrow = kata.gelu(x.astype(np.float32))
    wide = kata.gelu(x.astype(np.float64))
    fractions = kata.gelu(x)
    close(narrow, expected, dtype=np.float32, rtol=1e-4)
    close(wide, expected, dtype=np.float64)
    close(fractions, expected)


# feed_forward -------------------------------------------------------------------


def test_feed_forward_works_the_lesson_by_hand(kata):
    """After "not", good becomes bad and bad becomes good; words without a "not" get zeros."""

    def relu(units):
        """max(units, 0)"""
        return np.where(units > 0, units, 0.0)

    close(kata.feed_forward(WORDS, W_IN, B_IN, W_OUT, B_OUT, relu),
          [[0, 0], [-1, -2], [0, 0], [-1, 2]])


def test_feed_forward_has_gelu_between_two_layers(kata):
    """Each layer has its own bias; the activation, gelu by default, comes between the two."""
    x = random_tokens(d_model=4, n_tokens=3)
    layer = random_layer()
    close(kata.feed_forward(x, *layer), [feed_forward_by_hand(token, *layer) for token in x])


def test_feed_forward_uses_the_activation_that_it_is_given(kata):
    """Any function of an array may be the activation: here the cosine and the tanh."""
    x = random_tokens(d_model=4, n_tokens=3)
    layer = random_layer()
    for activation in (np.cos, np.tanh):
        expected = [feed_forward_by_hand(token, *layer, activation) for token in x]
        close(kata.feed_forward(x, *layer, activation=activation), expected)


def test_feed_forward_treats_every_token_alone(kata):
    """With any number of batch axes, a token's output depends on its own numbers alone."""
    layer = random_layer()
    for batch in ((2,), (2, 6)):
        x = random_tokens(*batch, n_tokens=3, d_model=4)
        expected = np.empty((*batch, 3, 5))
        for index in np.ndindex(*batch, 3):
            expected[index] = feed_forward_by_hand(x[index], *layer)
        close(kata.feed_forward(x, *layer), expected)


def test_feed_forward_keeps_float32(kata):
    """float32 in, float32 out; if x holds integers, the answer is not cut to integers."""
    x = np.array([[3, -1, 2, 0], [0, 1, -2, 1], [-1, 1, 1, 2]])
    layer = [np.rint(4 * array) / 4 for array in random_layer()]  # exact in float32 too
    expected = [feed_forward_by_hand(token, *layer) for token in x]
    close(kata.feed_forward(x, *layer), expected)
    narrow = kata.feed_forward(x.astype(np.float32), *(array.astype(np.float32) for array in layer))
    close(narrow, expected, dtype=np.float32, rtol=1e-4)


# layer_norm ---------------------------------------------------------------------


def test_layer_norm_works_the_lesson_by_hand(kata):
    """Every token gets mean 0 and variance 1, by its own mean and its own variance."""
    x, ones, zeros = np.array([CAT, SAT, MAT]), np.ones(5), np.zeros(5)
    close(kata.layer_norm(x, ones, zeros, eps=0.0), NORMED)


def test_layer_norm_stretches_and_then_shifts(kata):
    """Each column is multiplied by its gain, and then its bias is added."""
    gain, bias = np.array([2.0, 4, 1, 2, 2]), np.array([10.0, 0, 5, 0, -1])
    expected = [[7, -2, 5, 1, 2], [14, -2, 4.5, -1, -2], [13, 2, 5, -1, -4]]
    close(kata.layer_norm(np.array([CAT, SAT, MAT]), gain, bias, eps=0.0), expected)


def test_layer_norm_adds_eps_under_the_root(kata):
    """With eps=12, cat is divided by sqrt(4 + 12) = 4; by default eps is 1e-5."""
    ones, zeros = np.ones(5), np.zeros(5)
    close(kata.layer_norm(np.array([CAT, SAT]), ones, zeros, eps=12.0),
          [[-0.75, -0.25, 0, 0.25, 0.75], np.array([8.0, -2, -2, -2, -2]) / math.sqrt(28)])
    close(kata.layer_norm(np.array([SAT, CAT]), ones, zeros, eps=9.0),
          [[1.6, -0.4, -0.4, -0.4, -0.4], np.array([-3.0, -1, 0, 1, 3]) / math.sqrt(13)])
    # the middle: variance 4e-6
    x = np.array([[3.0, 3, 3, 3, 3], [-0.003, -0.001, 0, 0.001, 0.003], [0, 0, 0, 0, 0]])
    bias = np.array([7.0, 0, -2, 5, 1])
    close(kata.layer_norm(x, 2 * ones, bias), [bias, 2 * x[1] / math.sqrt(14e-6) + bias, bias])


def test_layer_norm_looks_at_one_token_at_a_time(kata):
    """With any number of batch axes, or none, a token is normalised by its own numbers alone."""
    rng = np.random.default_rng(7)
    gain, bias = rng.normal(size=(2, 6))
    for shape in ((6,), (4, 6), (6, 6), (3, 4, 6), (2, 3, 4, 6)):
        x = rng.normal(size=shape) * 3 + 5
        expected = np.empty(shape)
        for index in np.ndindex(shape[:-1]):
            expected[index] = norm_by_hand(x[index], gain, bias)
        close(kata.layer_norm(x, gain, bias), expected)


def test_layer_norm_is_not_moved_by_a_large_offset(kata):
    """A thousand or a billion added to all numbers of a token changes nothing."""
    x = np.array([CAT, SAT, MAT]) + np.array([[1e9], [1000.0], [-1e9]])
    close(kata.layer_norm(x, np.ones(5), np.zeros(5), eps=0.0), NORMED, rtol=1e-6)


def test_layer_norm_keeps_float32(kata):
    """float32 in, float32 out, for any eps; if x is integers, the answer is not cut to integers."""
    x, gain, bias = (np.array([CAT, SAT, MAT]), np.array([2.0, 4, 1, 2, 2]),
                     np.array([0.5, 0, -1, 0, 0.25]))
    expected = [norm_by_hand(token, gain, bias, eps=0.5) for token in x]
    close(kata.layer_norm(x.astype(int), gain, bias, eps=0.5), expected)
    narrow = kata.layer_norm(*(array.astype(np.float32) for array in (x, gain, bias)), eps=0.5)
    close(narrow, expected, dtype=np.float32, rtol=1e-4)


# transformer_block --------------------------------------------------------------


def test_transformer_block_works_the_lesson_by_hand(kata):
    """Attention adds (-200, 200) to each of the lesson's tokens, then feed-forward (100, 200)."""
    x = np.array([[100.0, 300], [700, 500], [200, 600]])
    norm_1, norm_2 = ({"gain": np.ones(2), "bias": np.zeros(2)} for _ in range(2))
    attention = {"w_q": np.zeros((2, 2)), "w_k": np.zeros((2, 2)), "w_v": 600 * np.eye(2),
                 "w_o": np.eye(2)}
    feed_forward = {"w_in": np.array([[-10.0, 10, 0, 0], [0, 0, 10, -10]]), "b_in": np.zeros(4),
                    "w_out": np.array([[10.0, 0], [70, 0], [0, 20], [0, 70]]), "b_out": np.zeros(2)}
    block = {"norm_1": norm_1, "attention": attention, "norm_2": norm_2,
             "feed_forward": feed_forward}
    for n_heads in (1, 2):
        close(kata.transformer_block(x, block, n_heads), [[0, 700], [600, 900], [100, 1000]],
              rtol=1e-6)


def test_transformer_block_adds_each_half_to_what_came_in(kata):
    """If attention or feed-forward gives zeros, its residual connection passes x on unchanged."""
    x, block = random_tokens(), random_block()
    no_attention = block | {"attention": block["attention"] | {"w_o": np.zeros((8, 7))}}
    close(kata.transformer_block(x, no_attention, 2), block_by_hand(x, no_attention, 2))
    zeros = {"w_out": np.zeros((11, 7)), "b_out": np.zeros(7)}
    no_feed_forward = block | {"feed_forward": block["feed_forward"] | zeros}
    close(kata.transformer_block(x, no_feed_forward, 2), block_by_hand(x, no_feed_forward, 2))


def test_transformer_block_reads_what_attention_has_added(kata):
    """Feed-forward reads the residual stream after attention; each of the two has its own norm."""
    x, block = random_tokens(), random_block(width_k=12, width_v=18)
    for n_heads in (1, 2, 3):
        close(kata.transformer_block(x, block, n_heads), block_by_hand(x, block, n_heads))
    backwards = {part: dict(reversed(block[part].items())) for part in reversed(block)}
    close(kata.transformer_block(x, backwards, 2), block_by_hand(x, block, 2))


def test_transformer_block_passes_the_mask_on(kata):
    """A token is not moved by what the mask hides from it: later tokens, padding, or everything."""
    x, block = random_tokens(), random_block()
    holes = np.array([[1, 0, 1, 1, 0], [0, 1, 1, 1, 1], [0, 0, 0, 0, 0], [1, 1, 0, 0, 1],
                      [0, 0, 1, 0, 0]], dtype=bool)
    for mask in (np.tri(5, dtype=bool), holes, np.array([True, False, True, True, False])):
        close(kata.transformer_block(x, block, 2, mask=mask), block_by_hand(x, block, 2, mask))


def test_transformer_block_takes_batches(kata):
    """With any number of batch axes, each sample is alone, with its own mask if there is one."""
    block = random_block()
    for lengths in (np.array([4, 5, 2]), np.array([[4, 5, 2], [1, 3, 5]])):
        x = random_tokens(*lengths.shape)
        for mask in (None, np.arange(5) < lengths[..., None, None]):
            expected = np.empty(x.shape)
            for index in np.ndindex(lengths.shape):
                expected[index] = block_by_hand(x[index], block, 2,
                                                True if mask is None else mask[index])
            close(kata.transformer_block(x, block, 2, mask=mask), expected)


def test_transformer_block_keeps_float32(kata):
    """float32 in, float32 out; if x holds integers, the answer is not cut to integers."""
    block = random_block()
    x = np.rint(2 * random_tokens()).astype(int)
    expected = block_by_hand(x, block, 2)
    close(kata.transformer_block(x, block, 2), expected)
    narrow = {part: {name: array.astype(np.float32) for name, array in named.items()}
              for part, named in block.items()}
    close(kata.transformer_block(x.astype(np.float32), narrow, 2), expected, dtype=np.float32,
          rtol=1e-4)


def test_transformer_block_refuses_heads_that_do_not_divide(kata):
    """If n_heads does not divide the width of w_q and w_k, or that of w_v: a ValueError."""
    x = random_tokens(n_tokens=6)
    refuses(lambda: kata.transformer_block(x, random_block(width_k=10, width_v=9), 3),
            lambda: kata.transformer_block(x, random_block(width_k=12, width_v=10), 3))
