"""Mistakes in clip_gradients, and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

SQUARES = "float((grad * grad).sum())"
ROOT = "norm = math.sqrt(sum(squares))"
CLIP = "if norm > max_norm: grads = tree_map(lambda grad: grad * (max_norm / norm), grads)"
FACTOR = "grad * (max_norm / norm)"
BOTH = "return grads, norm"

has_a_norm_for_each_array = edit("clip_gradients", """Each array is shortened by its own norm, so
    the ratios between arrays change. There is one norm, over all arrays, and one factor.""",
    (CLIP, "grads = tree_map(lambda grad: grad * min(\n"
           "    1.0, max_norm / max(1e-300, math.sqrt((grad * grad).sum()))), grads)"), common=True)

scales_always = edit("clip_gradients", """Gradients that are short enough are made longer: you
    scale in any case. Only what is longer than max_norm is shortened.""",
    (CLIP, "if norm > least:\n    grads = tree_map(lambda grad: grad * (max_norm / norm), grads)"),
    common=True, least=(0.0, -1.0))

divides_by_any_norm = edit("clip_gradients", """Gradients that are short enough are made longer: you
    scale in any case, even by a norm of 0. Only what is longer than max_norm is shortened.""",
    (CLIP, "grads = tree_map(lambda grad: grad * max_norm / (norm + extra), grads)"),
    extra=(0.0, 1e-6), common=True)

turns_the_factor_over = edit("clip_gradients", """Your factor is norm / max_norm, so what is too
    long grows longer. It is max_norm / norm.""",
    (FACTOR, "grad * (norm / max_norm)"), common=True)

cuts_off_each_number = edit("clip_gradients", """You cut each number off at max_norm, so the
    direction changes. Multiply all numbers by one factor.""",
    (CLIP, "grads = tree_map(lambda grad: np.clip(grad, -max_norm, max_norm), grads)"), common=True)

clips_nothing = edit("clip_gradients", """Nothing is shortened, however long it is. Multiply by
    max_norm / norm if norm is larger than max_norm.""",
    (CLIP, ""))

leaves_the_norm_squared = edit("clip_gradients", """Your norm is the sum of the squares. Take its
    root.""", (ROOT, "norm = sum(squares)"), common=True)

adds_up_norms = edit("clip_gradients", """You add up the norms of the arrays. Add up their squares,
    and take one root at the end.""",
    (SQUARES, "math.sqrt((grad * grad).sum())"), (ROOT, "norm = float(sum(squares))"), common=True)

takes_the_largest_norm = edit("clip_gradients", """Your norm is that of the longest array. All
    arrays together make one long vector: add up all squares.""",
    ("sum(squares)", "max(squares, default=0.0)"))

takes_means_of_squares = edit("clip_gradients", """You take the mean of the squares of each array:
    a norm is made of their sum.""",
    ("(grad * grad).sum()", "(grad * grad).mean()"))

adds_up_absolute_values = edit("clip_gradients", """Your norm is the sum of the absolute values.
    It should be the root of the sum of the squares.""",
    (SQUARES, "float(abs(grad).sum())"), (ROOT, "norm = float(sum(squares))"))

takes_the_largest_number = edit("clip_gradients", """Your norm is the largest number of all. It
    should be the root of the sum of the squares.""",
    (SQUARES, "float(abs(grad).max(initial=0))"), (ROOT, "norm = max(squares, default=0.0)"))

makes_the_norm_1 = edit("clip_gradients", """Whatever max_norm is, what you clip has a norm of 1
    afterwards. Multiply by max_norm / norm.""",
    (FACTOR, "grad * (1 / norm)"))

returns_the_norm_after = edit("clip_gradients", """You return the norm after clipping. The one
    before says how far the gradient was too long: it belongs in the log.""",
    (BOTH, "return grads, min(norm, float(max_norm))"), common=True)

returns_the_factor = edit("clip_gradients", """The second thing that you return is the factor. It
    should be the norm before clipping.""",
    (BOTH, "return grads, min(1.0, max_norm / max(norm, 1e-300))"))

divides_by_zero = edit("clip_gradients", """A gradient of zeros has a norm of 0, and you divide by
    it. Divide only if the norm is larger than max_norm.""",
    (CLIP, "factor = min(1.0, max_norm / norm)\n"
           "grads = tree_map(lambda grad: grad * factor, grads)"))

widens_clipped_float32 = edit("clip_gradients", """Your factor is a float64 scalar, and widens the
    arrays. `math.sqrt` of a Python float gives a Python float, which does not.""",
    (FACTOR, "grad * np.float64(max_norm / norm)"), speaks_of=("sqrt", "norm", "float64"))


@probes("clip_gradients")
def probe_clip_gradients():
    rng = np.random.default_rng(96)
    w, b, c = (rng.normal(size=shape) for shape in ((3, 4), 5, 2))
    grads = {"w": w, "blocks": [{"b": b}, c]}
    for max_norm in (0.1, 0.7, 2.0, 4.0, 100.0):
        yield given(grads, max_norm)
    yield given({"w": np.zeros(3), "b": [np.zeros((1, 2))]}, 2.0)
    yield given({"w": rng.normal(size=(2, 3)).astype(np.float32)}, 0.5)
    yield given({"w": np.array([0.3]), "b": np.array([0.2, -0.1])}, 0.25)
    yield given({"w": np.array([0.3]), "b": np.array([0.2, -0.1])}, 1.5)
    yield given([], 0.5)
