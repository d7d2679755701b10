"""The specs of lesson 9, in the order in which they turn green.

`kata` is your file, katas/kata_09_training.py. Expected numbers are from paper, or from a slow loop
that stands beside them; what your gradients should be is measured by nudging, with the forward pass
of tests/forward_08_backprop.py. "Equal" means equal but for rounding.
"""

import io
import math
from functools import cache

import numpy as np

from tests.forward_08_backprop import gpt_loss, leaves, mapped, narrow, random_gpt, replaced
from tests.runner.specs.check import (
    close,
    differs,
    fails,
    is_array,
    refuses,
    shaped_like,
    tree_close,
)
from tests.runner.specs.counted import exps_counted
from tests.runner.specs.gradients import differences, unpacked

TREE = {"w": np.array([[3.0, 4.0]]), "blocks": [{"b": np.array([12.0, 0, 0])}, np.array([84.0])]}


def typed(path):
    """How one would type it, after the name: ["blocks"][0]["attention"]."""
    return "".join(f'["{key}"]' if isinstance(key, str) else f"[{key}]" for key in path)


# tree_map -----------------------------------------------------------------------


def test_tree_map_reaches_every_array(kata):
    """f is applied to each array, and its answers are in dicts and lists as the arrays were."""
    answer = kata.tree_map(lambda array: 2 * array + 1, TREE)
    tree_close(answer, {"w": np.array([[7.0, 9]]),
                        "blocks": [{"b": np.array([25.0, 1, 1])}, np.array([169.0])]})


def test_tree_map_joins_several_trees(kata):
    """With several trees, f gets the arrays at the same position, in the trees' order."""
    other = mapped(lambda array: array / 2, TREE)
    third = mapped(np.ones_like, TREE)
    answer = kata.tree_map(lambda a, b, c: a - b + 10 * c, TREE, other, third)
    tree_close(answer, {"w": np.array([[11.5, 12]]),
                        "blocks": [{"b": np.array([16.0, 10, 10])}, np.array([52.0])]})


def test_tree_map_takes_the_smallest_trees(kata):
    """An array alone is a tree, and so are a dict and a list with nothing in them."""
    one, other = np.array([1.0, 2]), np.array([10.0, 20])
    tree_close(kata.tree_map(np.add, one, other), np.array([11.0, 22]))
    tree_close(kata.tree_map(np.sqrt, {"blocks": [], "norm": {}}), {"blocks": [], "norm": {}})


def test_tree_map_goes_by_keys_not_by_order(kata):
    """Dicts are joined by their keys, in whatever order the keys were put in."""
    one = {"gain": np.array([1.0]), "bias": np.array([2.0])}
    other = {"bias": np.array([20.0]), "gain": np.array([10.0])}
    right = {"gain": np.array([11.0]), "bias": np.array([22.0])}
    tree_close(kata.tree_map(np.add, one, other), right)


def test_tree_map_refuses_trees_that_differ(kata):
    """Other keys, lists of other lengths, an array instead of a dict: a ValueError for each."""
    a, b = np.array([1.0]), np.array([2.0, 3.0])
    trees = (({"a": a}, {"b": a}), ({"a": a}, {"a": a, "b": b}), ({"a": a, "b": b}, {"a": a}),
             ([a, b], [a]), ([a], [a, b]), ({"a": a}, {"a": {"a": a}}), ({"a": [b]}, {"a": b}),
             ({"a": b}, {"a": [b]}), ([b], {0: b}),
             ({"a": a}, {"a": a}, {"b": a}), ([a], [a], [a, b]), ({"a": a}, {"a": a}, [a]))
    refuses(*(lambda some=some: kata.tree_map(lambda *arrays: sum(arrays), *some)
              for some in trees))


# init_gpt -----------------------------------------------------------------------

SIZES = dict(vocab=23, n_positions=19, d_model=12, n_blocks=3)


def of_kind(params, *names):
    """All numbers of the arrays with these names, joined."""
    found = [array.ravel() for path, array in leaves(params) if path[-1] in names]
    return np.concatenate(found) if found else np.zeros(0)


EVENLY = " Numbers spread evenly between -spread and spread have 0.577 of that."


def test_init_gpt_has_every_array_of_a_gpt(kata):
    """The keys are those that gpt reads; each array has the shape that the sizes ask for."""
    params = kata.init_gpt(np.random.default_rng(1), **SIZES)
    norm = {"gain": np.zeros(12), "bias": np.zeros(12)}
    block = {"norm_1": norm, "norm_2": norm,
             "attention": {name: np.zeros((12, 12)) for name in ("w_q", "w_k", "w_v", "w_o")},
             "feed_forward": {"w_in": np.zeros((12, 48)), "b_in": np.zeros(48),
                              "w_out": np.zeros((48, 12)), "b_out": np.zeros(12)}}
    right = {"token_table": np.zeros((23, 12)), "position_table": np.zeros((19, 12)),
             "blocks": [block, block, block], "norm_f": norm}
    shaped_like(params, right, "params")


def test_init_gpt_is_in_float32(kata):
    """Every array is float32, as models are trained."""
    params = kata.init_gpt(np.random.default_rng(1), **SIZES)
    for path, array in leaves(params):
        if array.dtype != np.float32:
            fails(array, f"params{typed(path)} is {array.dtype}. `.astype(np.float32)` makes "
                         "float32 of it, and `np.ones` and `np.zeros` take a dtype.")


def test_init_gpt_starts_gains_at_1_and_biases_at_0(kata):
    """At first a norm only normalises, and no bias adds anything."""
    params = kata.init_gpt(np.random.default_rng(1), **SIZES)
    for path, array in leaves(params):
        if path[-1] in ("gain", "bias", "b_in", "b_out"):
            right = np.ones_like(array) if path[-1] == "gain" else np.zeros_like(array)
            close(array, right, exact=True, of=params, what=f"params{typed(path)}")


def test_init_gpt_draws_small_normal_numbers(kata):
    """Tables and matrices: mean 0, and the standard deviation is spread, 0.02 if not given."""
    for given in ({}, {"spread": 0.5}):
        params = kata.init_gpt(np.random.default_rng(2), 40, 30, 32, 2, **given)
        spread = given.get("spread", 0.02)
        for name in ("token_table", "position_table", "w_q", "w_k", "w_v", "w_in"):
            drawn = of_kind(params, name) / spread
            if abs(drawn.std() - 1) > 0.1:
                even = abs(drawn.std() * math.sqrt(3) - 1) < 0.1
                fails(params, f"The standard deviation of {name} is {drawn.std():.3g} times "
                              "spread; it should be spread." + (EVENLY if even else ""))
            if abs(drawn.mean()) > 0.15:
                fails(params, f"The mean of {name} is {drawn.mean():.2g} times spread; it should "
                              "be 0, but for chance.")
            far = (np.abs(drawn) > 2).mean()
            if not 0.02 < far < 0.08:
                fails(params, "Of a normal distribution about 1 number in 22 lies beyond twice "
                              f"the standard deviation. In {name} it is {far:.3f} of them.")


def test_init_gpt_starts_what_is_added_smaller(kata):
    """w_o and w_out add to the stream 2 n_blocks times: spread is divided by sqrt(2 n_blocks)."""
    for n_blocks in (2, 8):
        params = kata.init_gpt(np.random.default_rng(3), 5, 6, 24, n_blocks, spread=0.1)
        for name in ("w_o", "w_out"):
            drawn = of_kind(params, name) / 0.1 * math.sqrt(2 * n_blocks)
            size = drawn.std()
            if abs(size - 1) > 0.1:
                twice = " Each block adds to the stream twice."
                fails(params, f"The standard deviation of {name} is {size:.3g} times what it "
                              f"should be, spread / sqrt(2 * {n_blocks})."
                              + (twice if abs(size / math.sqrt(2) - 1) < 0.1 else ""))
            if abs(drawn.mean()) > 0.15:
                fails(params, f"The mean of {name} is {drawn.mean():.2g} times its standard "
                              "deviation; it should be 0, but for chance.")


def test_init_gpt_draws_from_the_generator(kata):
    """All numbers come from rng: the same seed gives the same model; every array is made anew."""
    params = kata.init_gpt(np.random.default_rng(4), **SIZES)
    again = kata.init_gpt(np.random.default_rng(4), **SIZES)
    for (path, one), (_, other) in zip(leaves(params), leaves(again)):
        if not np.array_equal(one, other):
            fails(other, f"The same seed gives another params{typed(path)} at the next call: draw "
                         "all numbers from rng, none from `np.random`.")
    rng, other = np.random.default_rng(4), np.random.default_rng(5)
    kata.init_gpt(rng, **SIZES)
    for again in (kata.init_gpt(rng, **SIZES), kata.init_gpt(other, **SIZES)):
        differs(again["token_table"], params["token_table"])
    seen, known = {}, {}
    for path, array in leaves(params):
        if (twin := known.setdefault(id(array), path)) != path:
            fails(params, f"params{typed(twin)} and params{typed(path)} are one and the same "
                          "array. Make each anew.")
        if array.ndim == 2 and (twin := seen.setdefault(array.tobytes()[:16], path)) != path:
            fails(params, f"params{typed(twin)} and params{typed(path)} begin with the same "
                          "numbers. Draw each array anew.")


def test_init_gpt_starts_with_a_loss_of_ln_vocab(kata):
    """A model that knows nothing gives all tokens the same probability: its loss is ln(vocab)."""
    ids = np.random.default_rng(6).integers(23, size=(7, 20))
    params = kata.init_gpt(np.random.default_rng(6), **SIZES)
    loss = gpt_loss(ids[:, :-1], ids[:, 1:], params, 2)
    close(loss, math.log(23), rtol=0.02, of=params, what="the first loss")


# get_batch ----------------------------------------------------------------------

TEXT = np.array([50, 31, 42, 13, 24, 95, 86, 77, 68, 59, 10, 21])  # all differ: a token says where


def two(answer):
    __tracebackhide__ = True
    return unpacked(answer, "inputs", "targets")


def are_ids(tokens, what):
    """Check that tokens are integers: an id is an index into a table."""
    __tracebackhide__ = True
    if tokens.dtype.kind not in "iu":
        fails(tokens, f"Your {what} are {tokens.dtype}. Token ids are integers, as in the text: "
                      "they are looked up in a table.")


def starts_of(inputs, text=TEXT):
    """Where in the text each window begins, by its first token."""
    return [text.tolist().index(first) if first in text else -1 for first in inputs[:, 0]]


def test_get_batch_cuts_windows_out_of_the_text(kata):
    """Each row of the inputs is n_tokens tokens of the text, one after the other."""
    inputs, _ = two(kata.get_batch(TEXT, 6, 4, np.random.default_rng(0)))
    close(np.zeros_like(inputs), np.zeros((6, 4)), of=inputs)
    are_ids(inputs, "inputs")
    for row, start in zip(inputs, starts_of(inputs)):
        close(row, TEXT[start : start + 4], of=inputs, what="a row of the inputs")


def test_get_batch_targets_are_one_further_on(kata):
    """The target of each token of the inputs is the token after it in the text."""
    inputs, targets = two(kata.get_batch(TEXT, 6, 4, np.random.default_rng(0)))
    right = np.stack([TEXT[start + 1 : start + 5] for start in starts_of(inputs)])
    close(targets, right)
    are_ids(targets, "targets")


def test_get_batch_can_draw_every_window(kata):
    """The first window and the last can be drawn, and every start is as likely as another."""
    starts = []
    rng = np.random.default_rng(1)
    for _ in range(20):
        inputs, _ = two(kata.get_batch(TEXT, 45, 8, rng))
        starts += starts_of(inputs)
    counts = np.bincount(np.array(starts) + 1, minlength=5)[1:]
    if counts.size != 4 or counts.min() < 170:
        fails(inputs, "A text of 12 tokens has 4 windows of 8 with a target for each token: they "
                      "start at 0, 1, 2 and 3. In 900 draws these came so often: "
                      f"{counts.tolist()}. The last target can be the text's last token.")


def test_get_batch_takes_a_text_of_one_window(kata):
    """n_tokens + 1 tokens are one window: it is drawn each time."""
    inputs, targets = two(kata.get_batch(TEXT[:5], 3, 4, np.random.default_rng(2)))
    close(inputs, np.tile(TEXT[:4], (3, 1)))
    close(targets, np.tile(TEXT[1:5], (3, 1)))


def test_get_batch_draws_each_window_by_itself(kata):
    """The windows of a batch start at different positions, in no order, and may come twice."""
    inputs, _ = two(kata.get_batch(np.arange(1000), 200, 3, np.random.default_rng(3)))
    starts = inputs[:, 0]
    steps = np.diff(starts)
    if len(np.unique(starts)) < 150:
        fails(inputs, f"In a batch of 200 windows there are only {len(np.unique(starts))} starts. "
                      "Draw one for each window.")
    if (steps > 0).mean() > 0.75 or len(np.unique(steps)) < 50:
        fails(inputs, "The starts of a batch follow an order. Draw each by itself.")


def test_get_batch_draws_from_the_generator(kata):
    """The starts come from rng: the same seed gives the same batch, and the next call another."""
    first, _ = two(kata.get_batch(np.arange(1000), 5, 3, np.random.default_rng(4)))
    rng = np.random.default_rng(4)
    again, _ = two(kata.get_batch(np.arange(1000), 5, 3, rng))
    close(again, first)
    later, _ = two(kata.get_batch(np.arange(1000), 5, 3, rng))
    differs(later, first)


def test_get_batch_refuses_a_text_that_is_too_short(kata):
    """n_tokens tokens have no target for the last one: a ValueError, as with none at all."""
    rng = np.random.default_rng(5)
    refuses(*(lambda n=n: kata.get_batch(TEXT[:n], 2, 4, rng) for n in (4, 3, 0)))


# clip_gradients -----------------------------------------------------------------


def grads_and_norm(answer):
    __tracebackhide__ = True
    return unpacked(answer, "grads", "norm")


def test_clip_gradients_has_one_norm_for_all_arrays(kata):
    """The norm is the root of the sum of all squares, over all arrays: 3, 4, 12 and 84 give 85."""
    _, norm = grads_and_norm(kata.clip_gradients(TREE, 1e3))
    close(norm, 85.0)


def test_clip_gradients_shortens_all_by_one_factor(kata):
    """If the norm is too large, every number gets the factor max_norm / norm."""
    for max_norm in (17.0, 0.85):
        grads, norm = grads_and_norm(kata.clip_gradients(TREE, max_norm))
        tree_close(grads, mapped(lambda array: array * max_norm / 85, TREE), rtol=1e-5)
        close(norm, 85.0)


def test_clip_gradients_leaves_small_ones_as_they_are(kata):
    """Below max_norm nothing is changed: no number, not even in its last digit."""
    for max_norm in (85.001, 86.0, 1e9):
        grads, norm = grads_and_norm(kata.clip_gradients(TREE, max_norm))
        tree_close(grads, TREE, rtol=1e-15)
        close(norm, 85.0)


def test_clip_gradients_takes_a_gradient_of_zeros(kata):
    """A norm of 0 is small enough, and nothing is divided by it."""
    zeros = mapped(np.zeros_like, TREE)
    grads, norm = grads_and_norm(kata.clip_gradients(zeros, 1.0))
    tree_close(grads, zeros)
    close(norm, 0.0)


def test_clip_gradients_keeps_the_direction(kata):
    """With random gradients: the new norm is max_norm, and the ratios are what they were."""
    grads = random_gpt()
    clipped, norm = grads_and_norm(kata.clip_gradients(grads, 2.5))
    length = math.sqrt(sum((array * array).sum() for _, array in leaves(clipped)))
    close(length, 2.5, rtol=1e-5, of=clipped, what="the norm after clipping")
    tree_close(clipped, mapped(lambda array: array * (2.5 / norm), grads), rtol=1e-5)


def test_clip_gradients_keeps_float32(kata):
    """float32 in, float32 out, whether they are shortened or not."""
    for max_norm in (17.0, 100.0):
        grads, norm = grads_and_norm(kata.clip_gradients(narrow(TREE), max_norm))
        right = mapped(lambda array: array * min(1, max_norm / 85), TREE)
        tree_close(grads, right, dtype=np.float32, rtol=1e-4)
        close(norm, 85.0, rtol=1e-5)


# learning_rate ------------------------------------------------------------------


def test_learning_rate_works_the_table_by_hand(kata):
    """Ten steps, four of warm-up, a peak of 8: all eleven rates are those on your paper."""
    rates = [kata.learning_rate(step, 10, 8.0, n_warmup=4) for step in range(11)]
    third, half = 4 + 2 * math.sqrt(3), 4 - 2 * math.sqrt(3)  # at one sixth and five sixths
    for step, right in enumerate([2.0, 4, 6, 8, 8, third, 6, 4, 2, half, 0]):
        close(rates[step], right, what=f"the rate of step {step}", of=rates[step])


def test_learning_rate_starts_at_the_peak_without_warmup(kata):
    """n_warmup is 0 if it is not given: step 0 has the peak, and half way it is half of it."""
    for step, right in enumerate([0.6, 0.45, 0.15, 0.0]):
        close(kata.learning_rate(step, 3, 0.6), right)


def test_learning_rate_warms_up_from_above_zero(kata):
    """In the warm-up step 0 has peak / n_warmup, not 0, and the last step of it the peak."""
    for step in range(5):
        close(kata.learning_rate(step, 50, 0.3, 5), 0.3 * (step + 1) / 5)
    close(kata.learning_rate(5, 50, 0.3, 5), 0.3)
    close(kata.learning_rate(0, 50, 0.3, 1), 0.3)


def test_learning_rate_falls_to_the_floor(kata):
    """The cosine runs between peak and floor: half way it is at their mean, at the end at floor."""
    close(kata.learning_rate(6, 10, 8.0, 2, 3.0), 5.5)
    close(kata.learning_rate(10, 10, 8.0, 2, 3.0), 3.0)
    close(kata.learning_rate(8, 10, 8.0, 2, floor=3.0), 3 + 5 * (1 - math.sqrt(0.5)) / 2)
    close(kata.learning_rate(0, 10, 8.0, 2, floor=3.0), 4.0)


def test_learning_rate_stays_at_the_floor_after_the_end(kata):
    """Whoever trains on after n_steps does it at floor: the cosine does not rise again."""
    for step in (10, 11, 14, 18, 1000):
        close(kata.learning_rate(step, 10, 8.0, 2, 3.0), 3.0)


def test_learning_rate_takes_a_warmup_of_all_steps(kata):
    """If the warm-up is as long as the training, the last step has the peak; then it is floor."""
    for step, right in enumerate([2.0, 4, 6, 0.5, 0.5]):
        close(kata.learning_rate(step, 3, 6.0, 3, 0.5), right)


def test_learning_rate_leaves_float32_narrow(kata):
    """A float32 array times the rate stays float32: the rate is a Python float (math, not np)."""
    weights = np.ones(3, dtype=np.float32)
    for step in (0, 1, 2, 5, 9):
        rate = kata.learning_rate(step, 8, 0.5, 2)
        if (weights * rate).dtype != np.float32:
            fails(rate, f"The rate of step {step} is a NumPy number of float64, which makes every "
                        "float32 array that it meets wider. `math.cos` gives a Python float; "
                        "`float(...)` makes one.")


# adamw --------------------------------------------------------------------------

# The lesson works this case by hand: rate 0.21, betas 1/2 and 3/4, two numbers and three steps.
HALF = dict(betas=(0.5, 0.75))
STEPS = [(np.array([2.0, 1.0]), np.array([0.79, 1.79])),
         (np.array([-2.0, 2.5]), np.array([0.86, 1.58])),
         (np.array([2.0, -2.0]), np.array([0.77, 1.61]))]


def params_and_state(answer):
    __tracebackhide__ = True
    params, state = unpacked(answer, "params", "state")
    if not isinstance(state, dict) or set(state) != {"step", "m", "v"}:
        fails(state, 'The state is a dict with the keys "step", "m" and "v".')
    return params, state


def adam_by_hand(params, grads, rate=0.01, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1):
    """One array after a gradient for each step, by the formula, with sums in place of means."""
    for t in range(1, len(grads) + 1):
        shares = [[(1 - beta) * beta ** (t - 1 - i) / (1 - beta**t) for i in range(t)]
                  for beta in betas]
        m = sum(share * grad for share, grad in zip(shares[0], grads))
        v = sum(share * grad * grad for share, grad in zip(shares[1], grads))
        decay = weight_decay * params if params.ndim > 1 else 0
        params = params - rate * (m / (np.sqrt(v) + eps) + decay)
    return params


def walk(kata, params, grads, **how):
    """The parameters after several steps, and the state."""
    __tracebackhide__ = True
    state = None
    how = {"rate": 0.01} | how
    for grad in grads:
        params, state = params_and_state(kata.adamw(params, grad, state, **how))
    return params, state


def test_adamw_takes_the_first_step_by_hand(kata):
    """Without a state each number moves by the rate, against its gradient, large or small."""
    grad, right = STEPS[0]
    params, _ = params_and_state(kata.adamw(np.array([1.0, 2]), grad, None, 0.21, **HALF))
    close(params, right, rtol=1e-6)
    for betas in ((0.9, 0.999), (0.9, 0.95), (0.0, 0.5)):
        large = np.array([-3e4, 5e-3, 1.0])
        params, _ = params_and_state(kata.adamw(np.ones(3), large, None, 0.25, betas))
        close(params, np.array([1.25, 0.75, 0.75]), rtol=1e-5)


def test_adamw_takes_the_second_step_by_hand(kata):
    """m and v go on from the state, and each is corrected for the two steps it has seen."""
    params, _ = walk(kata, np.array([1.0, 2]), [grad for grad, _ in STEPS[:2]], rate=0.21, **HALF)
    close(params, STEPS[1][1], rtol=1e-6)


def test_adamw_takes_the_third_step_by_hand(kata):
    """The correction of the third step is 1 - beta ** 3."""
    params, _ = walk(kata, np.array([1.0, 2]), [grad for grad, _ in STEPS], rate=0.21, **HALF)
    close(params, STEPS[2][1], rtol=1e-6)


def test_adamw_keeps_its_state_in_a_dict(kata):
    """The state is {"step": 3, "m": ..., "v": ...} after three steps, m and v uncorrected."""
    grads = [grad for grad, _ in STEPS]
    _, state = walk(kata, np.array([1.0, 2]), grads, rate=0.21, **HALF)
    close(state["step"], 3, of=state)
    tree_close(state["m"], np.array([0.75, -0.25]), of=state, path='["m"]')
    tree_close(state["v"], np.array([2.3125, 2.3125]), of=state, path='["v"]')


def test_adamw_moves_every_array_of_a_tree(kata):
    """Parameters, m and v are trees of one form, and the step is counted once for all arrays."""
    params = {"a": np.array([1.0, 2]), "blocks": [{"b": np.array([1.0, 2])}, np.array([1.0, 2])]}
    grads = [mapped(lambda _, grad=grad: grad, params) for grad, _ in STEPS]
    after, state = walk(kata, params, grads, rate=0.21, **HALF)
    tree_close(after, mapped(lambda _: STEPS[2][1], params), rtol=1e-6)
    right = mapped(lambda _: np.array([0.75, -0.25]), params)
    tree_close(state["m"], right, of=state, path='["m"]')
    close(state["step"], 3, of=state)


def test_adamw_decays_matrices_by_rate_times_weight(kata):
    """With a gradient of zero, a matrix still shrinks: by rate * weight_decay of itself."""
    for shape in ((2, 2), (4, 1), (2, 2, 1)):
        params, grad = np.array([10.0, -20, 40, 1]).reshape(shape), np.zeros(shape)
        after, _ = params_and_state(kata.adamw(params, grad, None, 0.5, weight_decay=0.2))
        close(after, params * 0.9)
        after, _ = params_and_state(kata.adamw(params, grad, None, 0.5))
        close(after, params * 0.95)


def test_adamw_does_not_decay_gains_and_biases(kata):
    """An array of one axis has a gradient of zero: it stays as it is."""
    params = {"gain": np.array([1.0, -2, 30]), "w": np.array([[10.0]])}
    after, _ = params_and_state(kata.adamw(params, mapped(np.zeros_like, params), None, 0.5))
    tree_close(after, {"gain": np.array([1.0, -2, 30]), "w": np.array([[9.5]])})


def test_adamw_decays_the_weight_not_the_gradient(kata):
    """Decay has no part in m and v, and is of the old weight: beside the step, not after it."""
    rng = np.random.default_rng(9)
    params, grads = rng.normal(size=(3, 4)), list(rng.normal(size=(4, 3, 4)))
    after, state = walk(kata, params, grads, rate=0.5, weight_decay=0.3)
    close(after, adam_by_hand(params, grads, rate=0.5, weight_decay=0.3))
    _, without = walk(kata, params, grads, rate=0.5, weight_decay=0.0)
    tree_close(state["m"], without["m"], of=state, path='["m"]')
    tree_close(state["v"], without["v"], of=state, path='["v"]')


def test_adamw_adds_eps_to_the_corrected_root(kata):
    """With gradients as small as eps the step is half as long: eps is outside of the root."""
    params = np.array([1.0, 1, 1])
    for grad, eps in ((np.array([1e-8, 3e-8, 1e-12]), 1e-8), (np.array([1.0, 3, 1e-4]), 1.0)):
        after, _ = params_and_state(kata.adamw(params, grad, None, 0.5, eps=eps))
        close(after, 1 - 0.5 * grad / (grad + eps))


def test_adamw_follows_the_formula_for_twenty_steps(kata):
    """Random gradients, one time with the usual betas and one time with others."""
    rng = np.random.default_rng(10)
    for how in ({}, {"betas": (0.8, 0.99), "eps": 1e-3}):
        for shape in ((5,), (2, 3)):
            params, grads = rng.normal(size=shape), list(rng.normal(size=(20, *shape)))
            after, _ = walk(kata, params, grads, **how)
            close(after, adam_by_hand(params, grads, **how))


def test_adamw_keeps_float32(kata):
    """float32 in, float32 out: parameters, m and v."""
    params, grads = narrow({"w": np.ones((2, 2)), "b": np.ones(2)}), []
    for scale in (1.0, -0.5, 3.0):
        grads.append(narrow({"w": scale * np.array([[1.0, 2], [3, 4]]), "b": scale * np.ones(2)}))
    after, state = walk(kata, params, grads, rate=0.1)
    right = {name: adam_by_hand(np.ones_like(array, dtype=float),
                                [grad[name].astype(float) for grad in grads], rate=0.1)
             for name, array in params.items()}
    tree_close(after, right, dtype=np.float32, rtol=1e-5)
    for name in ("m", "v"):
        tree_close(state[name], narrow(state[name]), dtype=np.float32, of=state)


# train_step ---------------------------------------------------------------------

N_HEADS = 2
INPUTS, TARGETS = np.array([[0, 2, 1], [3, 0, 0]]), np.array([[2, 1, 3], [0, -1, 1]])


@cache
def small_gpt():
    """A GPT of few numbers, of size 1, and its loss and gradients on the batch, by nudging."""
    rng = np.random.default_rng(11)

    def norm():
        return {"gain": rng.normal(size=4), "bias": rng.normal(size=4)}

    shapes = {"attention": {name: (4, 4) for name in ("w_q", "w_k", "w_v", "w_o")},
              "feed_forward": {"w_in": (4, 3), "b_in": 3, "w_out": (3, 4), "b_out": 4}}
    block = {part: {name: rng.normal(size=shape) for name, shape in inner.items()}
             for part, inner in shapes.items()} | {"norm_1": norm(), "norm_2": norm()}
    params = {"token_table": rng.normal(size=(4, 4)), "position_table": rng.normal(size=(3, 4)),
              "blocks": [block], "norm_f": norm()}
    grads = params
    for path, array in leaves(params):
        def loss_with(moved, path=path):
            return gpt_loss(INPUTS, TARGETS, replaced(params, path, moved), 2)

        grads = replaced(grads, path, differences(loss_with, array))
    return params, gpt_loss(INPUTS, TARGETS, params, 2), grads


def norm_of(tree):
    return math.sqrt(sum((array * array).sum() for _, array in leaves(tree)))


def step_taken(answer):
    __tracebackhide__ = True
    params, state, loss = unpacked(answer, "params", "state", "loss")
    params_and_state((params, state))
    return params, state, loss


def test_train_step_gives_the_loss_before_the_step(kata):
    """The loss is the batch's cross-entropy before the step, or nan if no target counts."""
    params, right, _ = small_gpt()
    _, _, loss = step_taken(kata.train_step(params, None, INPUTS, TARGETS, N_HEADS, 0.1))
    close(loss, right)
    nothing = np.full_like(TARGETS, -1)
    _, _, loss = step_taken(kata.train_step(params, None, INPUTS, nothing, N_HEADS, 0.0))
    close(loss, np.nan)


def test_train_step_hands_the_gradients_to_adamw(kata):
    """After the first step m is a tenth of the gradient, here not clipped, for every parameter."""
    params, _, grads = small_gpt()
    answer = kata.train_step(params, None, INPUTS, TARGETS, N_HEADS, 0.1, max_norm=1e6)
    _, state, _ = step_taken(answer)
    right = mapped(lambda grad: 0.1 * grad, grads)
    tree_close(state["m"], right, rtol=1e-6, of=state, path='["m"]')


def test_train_step_clips_before_adamw(kata):
    """What AdamW gets has a norm of max_norm at most, over all parameters; 1 if not given."""
    params, _, grads = small_gpt()
    norm = norm_of(grads)
    for how, max_norm in (({}, 1.0), ({"max_norm": 0.01}, 0.01)):
        answer = kata.train_step(params, None, INPUTS, TARGETS, N_HEADS, 0.1, **how)
        _, state, _ = step_taken(answer)
        right = mapped(lambda grad: 0.1 * grad * min(1, max_norm / norm), grads)
        tree_close(state["m"], right, rtol=1e-5, of=state, path='["m"]')


def test_train_step_moves_the_parameters(kata):
    """The new ones are those of AdamW's first step, with this rate; float32 stays float32."""
    params, _, grads = small_gpt()
    for rate in (0.1, 0.03):
        after, state, _ = step_taken(
            kata.train_step(params, None, INPUTS, TARGETS, N_HEADS, rate, max_norm=1e6))
        right = mapped(lambda param, grad: adam_by_hand(param, [grad], rate), params, grads)
        tree_close(after, right, rtol=1e-5)
        close(state["step"], 1, of=state)
    after, _, _ = step_taken(
        kata.train_step(narrow(params), None, INPUTS, TARGETS, N_HEADS, 0.03, max_norm=0.1))
    tree_close(after, narrow(after), dtype=np.float32)


def test_train_step_moves_every_parameter(kata):
    """No array is forgotten: after one step none of them is what it was."""
    params, ids = random_gpt(2), np.arange(7)
    after, _, _ = step_taken(kata.train_step(params, None, ids, ids[::-1], N_HEADS, 0.1))
    tree_close(mapped(np.zeros_like, after), mapped(np.zeros_like, params), of=after)
    for (path, old), (_, new) in zip(leaves(params), leaves(after)):
        if np.array_equal(old, new):
            fails(after, f"params{typed(path)} is what it was before the step.")


def test_train_step_goes_on_from_the_state(kata):
    """The second step counts 2, and m and v remember the first."""
    params, _, grads = small_gpt()
    middle, state, _ = kata.train_step(params, None, INPUTS, TARGETS, N_HEADS, 0.0, max_norm=1e6)
    _, state, _ = step_taken(
        kata.train_step(middle, state, INPUTS, TARGETS, N_HEADS, 0.0, max_norm=1e6))
    close(state["step"], 2, of=state)
    right = mapped(lambda grad: 0.19 * grad, grads)
    tree_close(state["m"], right, rtol=1e-6, of=state, path='["m"]')


def tiny(rng, vocab=6, d_model=8):
    """A GPT of one block to train quickly, made without the kata's own init_gpt."""
    def norm():
        return {"gain": np.ones(d_model), "bias": np.zeros(d_model)}

    def matrix(*shape):
        return rng.normal(size=shape) / 4

    attention = {name: matrix(d_model, d_model) for name in ("w_q", "w_k", "w_v", "w_o")}
    wide = {"w_in": matrix(d_model, 4 * d_model), "b_in": np.zeros(4 * d_model),
            "w_out": matrix(4 * d_model, d_model), "b_out": np.zeros(d_model)}
    block = {"norm_1": norm(), "attention": attention, "norm_2": norm(), "feed_forward": wide}
    return {"token_table": matrix(vocab, d_model), "position_table": matrix(8, d_model),
            "blocks": [block], "norm_f": norm()}


def test_train_step_learns_one_batch_by_heart(kata):
    """Forty steps on the same batch: its loss is nearly zero. If not, something is wrong."""
    rng = np.random.default_rng(12)
    params, state = tiny(rng), None
    ids = np.array([[0, 1, 2, 3, 4, 5], [5, 3, 1, 0, 2, 4]])
    for _ in range(40):
        params, state, _ = kata.train_step(params, state, ids[:, :-1], ids[:, 1:], N_HEADS, 0.05)
    loss = gpt_loss(ids[:, :-1], ids[:, 1:], params, N_HEADS)
    if not loss < 0.1:
        fails(loss, f"After 40 steps on one batch its loss should be below 0.1. It is {loss:.3f}.")


def test_train_step_resumes_to_the_last_bit(kata):
    """Ten steps are the same as five, saved to a file and loaded, and five more."""
    rng = np.random.default_rng(13)
    start, ids = tiny(rng), rng.integers(6, size=(10, 2, 5))
    runs = []
    for interrupted in (False, True):
        params, state = start, None
        for i, batch in enumerate(ids):
            if interrupted and i == 5:
                params, state = through_a_file(params), through_a_file(state)
            params, state, _ = kata.train_step(params, state, batch[:, :-1], batch[:, 1:], 2, 0.01)
        runs.append(params)
    for (path, whole), (_, resumed) in zip(*map(leaves, runs)):
        close(resumed, whole, exact=True, of=runs[1], what=f"params{typed(path)}")


def through_a_file(tree):
    """The same tree, of which everything has been in a file; what is elsewhere is lost."""
    if isinstance(tree, dict):
        return {key: through_a_file(inner) for key, inner in tree.items()}
    if isinstance(tree, list):
        return [through_a_file(inner) for inner in tree]
    if not is_array(tree, scalar=True):
        fails(tree, "The state holds something other than arrays and numbers.")
    file = io.BytesIO()
    np.save(file, tree)
    file.seek(0)
    loaded = np.load(file)
    return int(loaded) if loaded.ndim == 0 else loaded


# held_out_loss ------------------------------------------------------------------


def held_out():
    """Seven samples of which each has another number of targets that count, one of them none."""
    rng = np.random.default_rng(14)
    inputs, targets = rng.integers(9, size=(2, 7, 6))
    lengths = np.array([[6], [1], [0], [4], [2], [5], [3]])
    return inputs, np.where(np.arange(6) < lengths, targets, -1)


def test_held_out_loss_is_the_mean_over_the_targets(kata):
    """All targets weigh the same: those of a long text and those of a short one."""
    params, (inputs, targets) = random_gpt(1), held_out()
    right = gpt_loss(inputs, targets, params, 2)
    close(kata.held_out_loss(params, inputs, targets, 2, 7), right)
    total = 0.0
    for one, theirs in zip(inputs, targets):
        if n := np.count_nonzero(theirs != -1):
            total += n * gpt_loss(one, theirs, params, 2)
    close(total / np.count_nonzero(targets != -1), right)  # the same, sample by sample


def test_held_out_loss_does_not_depend_on_batches(kata):
    """One sample at a time, three, all, or more than there are: the same number, in batches."""
    params, (inputs, targets) = random_gpt(1), held_out()
    right = gpt_loss(inputs, targets, params, 2)
    for batch_size in (1, 2, 3, 6, 7, 100):
        close(kata.held_out_loss(params, inputs, targets, 2, batch_size), right,
              what=f"the loss with batches of {batch_size}")
    sizes = []
    for batch_size in (1, 7):
        with exps_counted() as numbers:
            answer = kata.held_out_loss(params, inputs, targets, 2, batch_size)
        sizes.append(numbers)
    if sizes[0] and sizes[0] == sizes[1]:
        fails(answer, "With batch_size = 1, all 7 samples go through gpt at once. It bounds how "
                      "much memory that takes: give gpt batch_size samples at a time.")
    for batch_size in (2, 3):
        with exps_counted() as numbers:
            answer = kata.held_out_loss(params, inputs, targets, 2, batch_size)
        if max(numbers, default=0) > batch_size * max(sizes[0], default=0):
            fails(answer, f"With batch_size = {batch_size}, more samples than that go through gpt "
                          "at once.")


def test_held_out_loss_reads_every_sample(kata):
    """The last batch may be smaller; its samples count as well."""
    params, (inputs, targets) = random_gpt(1), held_out()
    for n in (1, 4, 5):
        close(kata.held_out_loss(params, inputs[:n], targets[:n], 2, 4),
              gpt_loss(inputs[:n], targets[:n], params, 2))


def test_held_out_loss_hands_on_the_heads(kata):
    """One head, two heads: the model is the one that was trained."""
    params, (inputs, targets) = random_gpt(2), held_out()
    for n_heads in (1, 2):
        close(kata.held_out_loss(params, inputs, targets, n_heads, 3),
              gpt_loss(inputs, targets, params, n_heads))


def test_held_out_loss_of_nothing_is_nan(kata):
    """If no target counts there is no mean: nan, and no error; so it is without samples."""
    params, (inputs, targets) = random_gpt(0), held_out()
    close(kata.held_out_loss(params, inputs, np.full_like(targets, -1), 2, 3), np.nan)
    close(kata.held_out_loss(params, inputs[:0], targets[:0], 2, 3), np.nan)
    one_word = params | dict(token_table=params["token_table"][:1])  # which is certain: a mean of 0
    close(kata.held_out_loss(one_word, np.zeros((2, 3), int), np.zeros((2, 3), int), 2, 1), 0.0)
