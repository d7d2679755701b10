"""The specs of lesson 7, in the order in which they turn green.

`kata` is your file, katas/kata_07_gradients.py. The forward functions below are the specs' own.
What your gradients say is held against numbers from paper, and against how far the result moves
when its inputs are nudged.
"""

import math

import numpy as np

from tests.runner.specs.check import close
from tests.runner.specs.gradients import gradient, predicts, unpacked

# The lesson works these cases by hand. Two tokens go through x @ w; the digits of what
# the outputs ask for tell which of them asked.
X, W = np.array([[1.0, 2, 3], [4, 5, 6]]), np.array([[1.0, 2], [3, 4], [5, 7]])
ASKED = np.array([[1.0, 10], [1000, 100]])

# "the cat sat on the mat", of the words the, cat, sat, on, mat and dog.
SENTENCE = np.array([0, 1, 2, 3, 0, 4])

# Of lesson 6: probabilities of five next words after "the", "cat" and "sat", in sixteenths, and
# what really came.
LOGITS = np.log([[1.0, 8, 2, 1, 4], [4, 1, 2, 8, 1], [2, 1, 1, 4, 8]])
NEXT = np.array([1, 2, 3])
OFF_BY = np.array([[1.0, -8, 2, 1, 4], [4, 1, -14, 8, 1], [2, 1, 1, -12, 8]]) / 16  # p - one-hot

SUMMED = ("It is the gradient of the sum of the losses, another convention. The loss of lesson 6 "
          "is their mean: divide by how many count.")

# The slope of gelu, and where.
PLACES = np.array([0.0, 1, -1, 2, -2])
SLOPES = np.array([0.5, 1.082964083846, -0.082964083846, 1.086099256624, -0.086099256624])

# Of lesson 5: cat has mean 4 and variance 4, sat has 2 and 16.
CAT, SAT = [1.0, 3, 4, 5, 7], [10.0, 0, 0, 0, 0]
GAIN, BIAS = np.array([2.0, 4, 1, 2, 2]), np.zeros(5)
ABOVE = np.array([[5.0, 0, 0, 0, 0], [0, 0, 20, 0, 0]])
GRAD_TOKENS = np.array([[1.75, -1.75, -1, -0.25, 1.25], [0, -1.25, 3.75, -1.25, -1.25]])
GRAD_GAIN, GRAD_BIAS = np.array([-7.5, 0, -10, 0, 0]), np.array([5.0, 0, 20, 0, 0])


def softmax(scores, axis=-1):
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


def cross_entropy(logits, targets, ignore_index=-1):
    """The mean of the losses of the targets that count, one after the other."""
    losses = [-math.log(softmax(logits[index])[targets[index]])
              for index in np.ndindex(targets.shape) if targets[index] != ignore_index]
    return sum(losses) / len(losses)


def gelu(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def layer_norm(x, gain, bias, eps=1e-5):
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps) * gain + bias


def random(*shapes):
    """A list of arrays in these shapes, of numbers about as large as 1."""
    rng = np.random.default_rng(1986)
    return [rng.normal(size=shape) for shape in shapes]


def narrow(*arrays):
    return [array.astype(np.float32) for array in arrays]


def both(answer):
    return unpacked(answer, "grad_x", "grad_w")


def all_three(answer):
    return unpacked(answer, "grad_x", "grad_gain", "grad_bias")


# numerical_gradient -------------------------------------------------------------


def test_numerical_gradient_works_the_lesson_by_hand(kata):
    """At (3, 5), x[0]² x[1] climbs by 30 for each 1 in x[0], and by 9 for each 1 in x[1]."""

    def f(x):
        """x[0]**2 * x[1]"""
        return x[0] ** 2 * x[1]

    close(kata.numerical_gradient(f, np.array([3.0, 5.0]), step=1.0), [30, 9])
    close(kata.numerical_gradient(f, np.array([3.0, 5.0])), [30, 9], rtol=1e-6)


def test_numerical_gradient_nudges_to_both_sides(kata):
    """For a cube, a step of 1/2 up and down gives 3 x² + 1/4. If no step is given, it is 1e-5."""

    def cube(x):
        """sum(x**3)"""
        return float((x**3).sum())

    def waves(x):
        """sum(sin(100_000 * x))"""
        return np.sin(1e5 * x).sum()

    x = np.array([1.0, -2.0, 4.0])
    close(kata.numerical_gradient(cube, x, step=0.5), [3.25, 12.25, 48.25])
    x = np.array([0.0, 2e-5])
    close(kata.numerical_gradient(waves, x), 1e5 * np.cos(1e5 * x) * math.sin(1), rtol=1e-6)


def test_numerical_gradient_nudges_one_number_at_a_time(kata):
    """While one number is nudged, all others are as they were, whatever the shape of x."""

    def product(x):
        """the product of all numbers of x"""
        return x.prod()

    def diagonals(x):
        """x[0, 1] * x[1, 2] - x[1, 0] * x[2, 1]"""
        return x[0, 1] * x[1, 2] - x[1, 0] * x[2, 1]

    x = np.array([[1.0, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])
    expected = [[0, 7, 0, 0], [-10, 0, 2, 0], [0, -5, 0, 0]]
    close(kata.numerical_gradient(diagonals, x, step=0.5), expected)
    expected = [[0, 10, 0], [-7, 0, 5], [0, -2, 0], [0, 0, 0]]
    close(kata.numerical_gradient(diagonals, x.T, step=0.5), expected)
    x = np.array([[[1.0, 2], [0.5, 4]], [[-1, 0.25], [3, -2]], [[1, 5], [0.5, 1]]])
    close(kata.numerical_gradient(product, x, step=0.25), x.prod() / x)


def test_numerical_gradient_works_in_float64(kata):
    """In float32, 1000 + 1e-5 is 1000, and in integers 3 + 1e-5 is 3: f is called with float64."""

    def f(x):
        """x[0]**2 * x[1]"""
        return x[0] ** 2 * x[1]

    x = np.array([1000, 0.5], dtype=np.float32)
    close(kata.numerical_gradient(f, x), [1000, 1e6], rtol=1e-6, dtype=np.float64)
    close(kata.numerical_gradient(f, np.array([3, 5])), [30, 9], rtol=1e-6, dtype=np.float64)


# linear_backward ----------------------------------------------------------------


def test_linear_backward_gives_grad_x_by_hand(kata):
    """Each number of x gets every output's gradient, times the weight between the two, added up."""
    grad_x, _ = both(kata.linear_backward(X, W, ASKED))
    on_paper = [[21, 43, 75], [1200, 3400, 5700]]
    gradient(grad_x, lambda x: x @ W, X, ASKED, on_paper=on_paper)


def test_linear_backward_gives_grad_w_by_hand(kata):
    """Each weight gets its output's gradient, times its input, summed over both tokens."""
    _, grad_w = both(kata.linear_backward(X, W, ASKED))
    on_paper = [[4001, 410], [5002, 520], [6003, 630]]
    gradient(grad_w, lambda w: X @ w, W, ASKED, on_paper=on_paper)


def test_linear_backward_gives_every_token_its_own_grad_x(kata):
    """In any batch, grad_x says how far the result moves if a number of x is nudged."""
    for batch in ((), (2,), (2, 3)):
        x, w, grad_out = random((*batch, 4, 3), (3, 5), (*batch, 4, 5))
        grad_x, _ = both(kata.linear_backward(x, w, grad_out))
        gradient(grad_x, lambda x: x @ w, x, grad_out)


def test_linear_backward_sums_grad_w_over_all_tokens(kata):
    """In any batch, all tokens share one w: grad_w has its shape, and sums over all of them."""
    for batch in ((), (2,), (2, 3)):
        x, w, grad_out = random((*batch, 4, 3), (3, 5), (*batch, 4, 5))
        _, grad_w = both(kata.linear_backward(x, w, grad_out))
        gradient(grad_w, lambda w: x @ w, w, grad_out)


def test_linear_backward_predicts_a_small_step(kata):
    """If x and w move at once, the result moves as predicted, but for the square of the step."""
    x, w, grad_out = random((2, 4, 3), (3, 5), (2, 4, 5))
    grads = both(kata.linear_backward(x, w, grad_out))
    predicts(grads, lambda x, w: x @ w, (x, w), grad_out)


def test_linear_backward_keeps_float32(kata):
    """float32 in, float32 out, for both; x may hold integers."""
    expected = ASKED / 8 @ W.T, X.T @ ASKED / 8
    for answer, numbers in zip(both(kata.linear_backward(X.astype(int), W, ASKED / 8)), expected):
        close(answer, numbers)
    for answer, numbers in zip(both(kata.linear_backward(*narrow(X, W, ASKED / 8))), expected):
        close(answer, numbers, dtype=np.float32, rtol=1e-5)


# embedding_backward -------------------------------------------------------------


def test_embedding_backward_adds_up_what_comes_twice(kata):
    """ "the" comes twice in "the cat sat on the mat": its row gets both. "dog" gets zeros."""
    grad_out = np.array([[1.0, 2], [10, 20], [30, 40], [50, 60], [100, 200], [70, 80]])
    expected = [[101, 202], [10, 20], [30, 40], [50, 60], [70, 80], [0, 0]]
    close(kata.embedding_backward(SENTENCE, 6, grad_out), expected)


def test_embedding_backward_takes_batches(kata):
    """In any batch, all tokens share one table: a row gets the sum over all its look-ups."""
    for shape in ((7,), (2, 7), (3, 2, 7)):
        token_ids = np.random.default_rng(5).integers(1, 5, shape)  # never 0, nor 5 to 8
        token_ids[..., :3] = 2
        (grad_out,) = random((*shape, 4))
        expected = np.zeros((9, 4))
        for index in np.ndindex(shape):
            expected[token_ids[index]] += grad_out[index]
        close(kata.embedding_backward(token_ids, 9, grad_out), expected)


def test_embedding_backward_keeps_float32(kata):
    """float32 in, float32 out, and float64 stays float64; grad_out may hold integers."""
    grad_out = np.array([[3, -1], [0, 7], [2, 2], [5, 1], [4, -4], [6, 8]])
    expected = np.array([[7, -5], [0, 7], [2, 2], [5, 1], [6, 8]])
    close(kata.embedding_backward(SENTENCE, 5, grad_out), expected)
    close(kata.embedding_backward(SENTENCE, 5, grad_out / 8), expected / 8, dtype=np.float64)
    slim = kata.embedding_backward(SENTENCE, 5, grad_out.astype(np.float32))
    close(slim, expected, dtype=np.float32)


# softmax_backward ---------------------------------------------------------------


def test_softmax_backward_works_the_lesson_by_hand(kata):
    """Weights of 1/4, 1/4 and 1/2 get 4, 0 and 8 from above: their mean, 5, is subtracted."""
    scores, grad_out = np.log([[1.0, 1, 2], [3, 1, 4]]), np.array([[4.0, 0, 8], [8, 0, -8]])
    on_paper = [[-0.25, -1.25, 1.5], [3.375, 0.125, -3.5]]
    grad_scores = kata.softmax_backward(scores, grad_out)
    gradient(grad_scores, softmax, scores, grad_out, on_paper=on_paper)


def test_softmax_backward_says_how_all_weights_move(kata):
    """A score moves every weight of its row, and none of another row or sample."""
    for shape in ((6,), (3, 6), (2, 3, 6)):
        scores, grad_out = random(shape, shape)
        gradient(kata.softmax_backward(scores, grad_out), softmax, scores, grad_out)


def test_softmax_backward_takes_any_axis(kata):
    """The sum runs along the axis that is given, whichever of three it is."""
    scores, grad_out = random((4, 3, 5), (4, 3, 5))
    for axis in (0, 1, 2, -2):
        grad_scores = kata.softmax_backward(scores, grad_out, axis=axis)
        gradient(grad_scores, lambda scores: softmax(scores, axis), scores, grad_out)


def test_softmax_backward_predicts_a_small_step(kata):
    """If all scores move at once, the result moves as predicted, but for the square of the step."""
    scores, grad_out = random((3, 7), (3, 7))
    predicts([kata.softmax_backward(scores, grad_out)], softmax, [scores], grad_out)


def test_softmax_backward_takes_large_scores_and_keeps_float32(kata):
    """Scores of 1000 do not overflow; float32 in, float32 out; scores may hold integers."""
    large, grad_out = 1000 + np.log([[1.0, 1, 2]]), np.array([[4.0, 0, 8]])
    close(kata.softmax_backward(large, grad_out), [[-0.25, -1.25, 1.5]], rtol=1e-6)
    scores, grad_out = np.array([[1, 3, 0], [-3, 2, 0]]), np.array([[4.0, 0, 8], [-1, 2, 5]])
    p = softmax(scores)
    expected = [[p[i, j] * (grad_out[i, j] - sum(p[i] * grad_out[i])) for j in range(3)]
                for i in range(2)]
    close(kata.softmax_backward(scores, grad_out), expected)
    slim = kata.softmax_backward(*narrow(scores, grad_out))
    close(slim, expected, dtype=np.float32, rtol=1e-4)


# cross_entropy_backward ---------------------------------------------------------


def test_cross_entropy_backward_works_the_lesson_by_hand(kata):
    """The probabilities, minus 1 at the target, over 3 targets: "cat" had 8/16, and gets -8/48."""
    grad_logits = kata.cross_entropy_backward(LOGITS, NEXT)
    gradient(grad_logits, lambda logits: cross_entropy(logits, NEXT), LOGITS, on_paper=OFF_BY / 3,
             conventions={SUMMED: OFF_BY})


def test_cross_entropy_backward_is_of_the_mean_over_all(kata):
    """In any batch, the loss is one mean over all targets, and so is its gradient."""
    for shape in ((4,), (2, 4), (3, 2, 4)):
        (logits,), targets = random((*shape, 5)), np.random.default_rng(3).integers(0, 5, shape)
        grad_logits = kata.cross_entropy_backward(logits, targets)
        gradient(grad_logits, lambda logits: cross_entropy(logits, targets), logits)


def test_cross_entropy_backward_leaves_out_what_is_ignored(kata):
    """An ignored target gets zeros, and does not count in the mean, whatever number marks it."""
    targets = np.array([1, -1, 3])
    close(kata.cross_entropy_backward(LOGITS, targets), OFF_BY / 2 * [[1], [0], [1]])
    (logits,), targets = random((2, 4, 5)), np.array([[3, 0, 2, 0], [0, 4, 1, 0]])
    for ignored in (0, 4, -100):
        marked = np.where(targets == 2, ignored, targets)
        grad_logits = kata.cross_entropy_backward(logits, marked, ignore_index=ignored)
        gradient(grad_logits, lambda logits: cross_entropy(logits, marked, ignored), logits)
    first = np.array([[-1] * 4, [0, 4, 1, 0]])  # a whole sequence
    gradient(kata.cross_entropy_backward(logits, first),
             lambda logits: cross_entropy(logits, first), logits)


def test_cross_entropy_backward_gives_zeros_if_no_target_counts(kata):
    """There is no loss then, so no logit moves it: zeros, never NaN."""
    close(kata.cross_entropy_backward(LOGITS, np.array([-1, -1, -1])), np.zeros((3, 5)))
    logits, targets = np.ones((2, 3, 4)), np.full((2, 3), 7)
    close(kata.cross_entropy_backward(logits, targets, ignore_index=7), np.zeros((2, 3, 4)))


def test_cross_entropy_backward_takes_large_logits(kata):
    """A target whose probability rounds to 0 still gets -1, and the largest logit gets 1."""
    logits = np.array([[0.0, 1000.0, -1000.0]])
    close(kata.cross_entropy_backward(logits, np.array([0])), [[-1, 1, 0]])
    close(kata.cross_entropy_backward(LOGITS + 1000, NEXT), OFF_BY / 3, rtol=1e-6)


def test_cross_entropy_backward_predicts_a_small_step(kata):
    """If all logits move at once, the loss moves as predicted, but for the square of the step."""
    (logits,), targets = random((2, 4, 6)), np.array([[5, 0, -1, 2], [2, 2, 4, -1]])
    grad_logits = kata.cross_entropy_backward(logits, targets)
    predicts([grad_logits], lambda logits: cross_entropy(logits, targets), [logits])


def test_cross_entropy_backward_keeps_float32(kata):
    """float32 in, float32 out: the number of targets does not widen it; logits may be integers."""
    logits, targets = np.array([[3, 1, 0], [0, -2, 2], [1, 1, 4]]), np.array([1, 0, -1])
    expected = [(softmax(row) - (np.arange(3) == target)) / 2 * (target >= 0)
                for row, target in zip(logits, targets)]
    close(kata.cross_entropy_backward(logits, targets), expected)
    slim = kata.cross_entropy_backward(logits.astype(np.float32), targets)
    close(slim, expected, dtype=np.float32, rtol=1e-5)


# gelu_backward ------------------------------------------------------------------


def test_gelu_backward_works_the_lesson_by_hand(kata):
    """The slope is 1/2 at 0, 1.083 at 1 and -0.083 at -1; each multiplies what comes from above."""
    grad_out = np.array([2.0, 1, 10, -10, 3])
    grad_x = kata.gelu_backward(PLACES, grad_out)
    gradient(grad_x, gelu, PLACES, grad_out, on_paper=SLOPES * grad_out)


def test_gelu_backward_says_how_each_number_moves(kata):
    """In any shape, each number of x moves only its own output."""
    for shape in ((7,), (3, 4), (2, 3, 4)):
        x, grad_out = random(shape, shape)
        gradient(kata.gelu_backward(2 * x, grad_out), gelu, 2 * x, grad_out)


def test_gelu_backward_is_flat_far_left_and_straight_far_right(kata):
    """Far below 0 the gradient is 0; far above, it is grad_out. Nothing overflows."""
    x, grad_out = np.array([[1000.0, -1000], [40, -40]]), np.array([[3.0, -2], [5, 4]])
    close(kata.gelu_backward(x, grad_out), [[3, 0], [5, 0]])


def test_gelu_backward_predicts_a_small_step(kata):
    """If all numbers move at once, the result moves as predicted, but for the step's square."""
    x, grad_out = random((3, 5), (3, 5))
    predicts([kata.gelu_backward(x, grad_out)], gelu, [x], grad_out)


def test_gelu_backward_keeps_float32(kata):
    """float32 in, float32 out; x may hold integers, and the answer is not cut to integers."""
    grad_out = np.array([2.0, 1, 10, -10, 3])
    close(kata.gelu_backward(PLACES.astype(int), grad_out), SLOPES * grad_out)
    slim = kata.gelu_backward(*narrow(PLACES, grad_out))
    close(slim, SLOPES * grad_out, dtype=np.float32, rtol=1e-4)


# layer_norm_backward ------------------------------------------------------------


def test_layer_norm_backward_gives_grad_x_by_hand(kata):
    """Two means are subtracted, the second times the normed numbers; the root divides all."""
    x = np.array([CAT, SAT])
    grad_x, _, _ = all_three(kata.layer_norm_backward(x, GAIN, BIAS, ABOVE, eps=0.0))
    gradient(grad_x, lambda x: layer_norm(x, GAIN, BIAS, 0.0), x, ABOVE, on_paper=GRAD_TOKENS)


def test_layer_norm_backward_gives_grad_gain_by_hand(kata):
    """A gain gets its outputs' gradients, times their normed numbers, summed over all tokens."""
    x = np.array([CAT, SAT])
    _, grad_gain, _ = all_three(kata.layer_norm_backward(x, GAIN, BIAS, ABOVE, eps=0.0))
    gradient(grad_gain, lambda gain: layer_norm(x, gain, BIAS, 0.0), GAIN, ABOVE,
             on_paper=GRAD_GAIN)


def test_layer_norm_backward_gives_grad_bias_by_hand(kata):
    """A bias is added to every token, so it gets the sum of their gradients, column by column."""
    x, grad_out = np.array([CAT, SAT, SAT]), ABOVE[[0, 1, 1]]
    _, _, grad_bias = all_three(kata.layer_norm_backward(x, GAIN, BIAS, grad_out, eps=0.0))
    gradient(grad_bias, lambda bias: layer_norm(x, GAIN, bias, 0.0), BIAS, grad_out,
             on_paper=[5, 0, 40, 0, 0])


def random_norm(*leading):
    """x, gain, bias and grad_out, with any axes before the last."""
    x, gain, bias, grad_out = random((*leading, 6), 6, 6, (*leading, 6))
    return 3 * x + 2, gain, bias, grad_out


def test_layer_norm_backward_says_how_each_token_moves(kata):
    """With any axes before the last, or none, grad_x says how a nudge in x moves the result."""
    for leading in ((), (4,), (2, 4), (2, 3, 4)):
        x, gain, bias, grad_out = random_norm(*leading)
        grad_x, _, _ = all_three(kata.layer_norm_backward(x, gain, bias, grad_out))
        gradient(grad_x, lambda x: layer_norm(x, gain, bias), x, grad_out)


def test_layer_norm_backward_sums_grad_gain_over_all_tokens(kata):
    """With any axes before the last, all tokens share one gain: grad_gain has its shape."""
    for leading in ((), (4,), (2, 4), (2, 3, 4)):
        x, gain, bias, grad_out = random_norm(*leading)
        _, grad_gain, _ = all_three(kata.layer_norm_backward(x, gain, bias, grad_out))
        gradient(grad_gain, lambda gain: layer_norm(x, gain, bias), gain, grad_out)


def test_layer_norm_backward_sums_grad_bias_over_all_tokens(kata):
    """With any axes before the last, all tokens share one bias: grad_bias has its shape."""
    for leading in ((), (4,), (2, 4), (2, 3, 4)):
        x, gain, bias, grad_out = random_norm(*leading)
        _, _, grad_bias = all_three(kata.layer_norm_backward(x, gain, bias, grad_out))
        gradient(grad_bias, lambda bias: layer_norm(x, gain, bias), bias, grad_out)


def test_layer_norm_backward_adds_eps_under_the_root(kata):
    """With eps=12, cat is divided by 4, not by 2. If none is given, it is 1e-5."""
    x = np.array([CAT, SAT])
    grad_x, grad_gain, _ = all_three(kata.layer_norm_backward(x, GAIN, BIAS, ABOVE, eps=12.0))
    close(grad_x[0], [1.71875, -0.59375, -0.5, -0.40625, -0.21875], of=grad_x)
    close(grad_gain, [-3.75, 0, -40 / math.sqrt(28), 0, 0])
    quiet = np.array([[-0.003, -0.001, 0, 0.001, 0.003], CAT])  # the variances: 4e-6, and 4
    grad_x, grad_gain, _ = all_three(kata.layer_norm_backward(quiet, GAIN, BIAS, ABOVE))
    root, g = math.sqrt(14e-6), GAIN * ABOVE[0]
    n = quiet[0] / root
    close(grad_x[0], (g - sum(g) / 5 - n * sum(g * n) / 5) / root, of=grad_x)
    close(grad_gain[:2], [5 * n[0], 0], of=grad_gain)


def test_layer_norm_backward_is_not_moved_by_a_large_offset(kata):
    """A billion more in every number of a token changes nothing: the mean is subtracted."""
    x = np.array([CAT, SAT]) + 1e9
    grad_x, grad_gain, _ = all_three(kata.layer_norm_backward(x, GAIN, BIAS, ABOVE, eps=0.0))
    close(grad_x, GRAD_TOKENS, rtol=1e-6)
    close(grad_gain, GRAD_GAIN, rtol=1e-6)


def test_layer_norm_backward_predicts_a_small_step(kata):
    """If x, gain and bias move at once, the result is as predicted, but for the step's square."""
    x, gain, bias, grad_out = random((2, 3, 5), 5, 5, (2, 3, 5))
    grads = all_three(kata.layer_norm_backward(x, gain, bias, grad_out))
    predicts(grads, layer_norm, (x, gain, bias), grad_out)


def test_layer_norm_backward_keeps_float32(kata):
    """float32 in, float32 out, for all three; x may be integers, and no answer is cut to them."""
    x, expected = np.array([CAT, SAT]), (GRAD_TOKENS, GRAD_GAIN, GRAD_BIAS)
    wide = kata.layer_norm_backward(x.astype(int), GAIN, BIAS, ABOVE, eps=0.0)
    for answer, numbers in zip(all_three(wide), expected):
        close(answer, numbers)
    slim = kata.layer_norm_backward(*narrow(x, GAIN, BIAS, ABOVE), eps=0.0)
    for answer, numbers in zip(all_three(slim), expected):
        close(answer, numbers, dtype=np.float32, rtol=1e-4)
