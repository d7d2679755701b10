"""Mistakes in grad_x of layer_norm_backward: the three terms, the gain and the root."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

GRAD_X = ("g - g.mean(axis=-1, keepdims=True) "
          "- normed * (g * normed).mean(axis=-1, keepdims=True)")
STD = "np.sqrt(x.var(axis=-1, keepdims=True) + eps)"

forgets_both_means = edit("layer_norm_backward", """Your grad_x has only the direct path. Every
    number moves the mean and the variance of its token too: subtract the mean of
    grad_normed, and normed times the mean of their product.""", (GRAD_X, "g"), common=True)

forgets_the_mean_of_g = edit("layer_norm_backward", """In your grad_x the path through the mean
    is missing: subtract the mean of grad_normed. Then all numbers of a token sum to 0.""",
    ("g - g.mean(axis=-1, keepdims=True) - normed", "g - normed"), common=True)

forgets_the_way_by_the_variance = edit("layer_norm_backward", """In your grad_x the path through
    the variance is missing: subtract normed times the mean of
    grad_normed * normed.""",
    (GRAD_X, "g - g.mean(axis=-1, keepdims=True)"), common=True)

forgets_n_in_the_last_term = edit("layer_norm_backward", """You subtract the mean of
    grad_normed * normed as it is. It should be multiplied by normed: what a number does to the
    variance depends on how far from the mean it is.""",
    ("normed * (g * normed).mean(", "(g * normed).mean("))

forgets_the_gain = edit("layer_norm_backward", """In your grad_x the gain has no effect. Multiply
    grad_out by it before anything else: grad_normed.""",
    ("g = grad_out * gain", "g = grad_out"), common=True, denies=True)

applies_the_gain_at_the_end = edit("layer_norm_backward", """You multiply by the gain after the
    means are subtracted. It comes last in the forward pass, so it comes first in the backward
    pass: the means are of grad_out times the gain.""",
    ("g = grad_out * gain", "g = grad_out"), ("return grad_x / std", "return grad_x * gain / std"))

forgets_to_divide_by_the_root = edit("layer_norm_backward", """Your grad_x is not divided by the
    root at the end. What the forward pass divides by it, the backward pass divides by it too.""",
    ("return grad_x / std", "return grad_x"), common=True)

divides_the_direct_way_alone = edit("layer_norm_backward", """You divide grad_normed by the root,
    and not the two terms that are subtracted. All three should be divided.""",
    (GRAD_X, "g / std - g.mean(axis=-1, keepdims=True) "
                  "- normed * (g * normed).mean(axis=-1, keepdims=True)"),
    ("return grad_x / std", "return grad_x"))

takes_sums_for_means = edit("layer_norm_backward", """You subtract sums. Both should be means
    over the token: divide them by d_model.""",
    ("g.mean(", "g.sum("), ("(g * normed).mean(", "(g * normed).sum("), common=True)

takes_the_means_over_the_tokens = edit("layer_norm_backward", """Your two means run over another
    axis than the last one, so that tokens mix. They are those of the one token: over the last
    axis.""",
    ("g.mean(axis=-1, keepdims=True)", "g.mean(axis=across, keepdims=True)"),
    ("(g * normed).mean(axis=-1, keepdims=True)", "(g * normed).mean(axis=across, keepdims=True)"),
    across=(0, None))

uses_x_for_n = edit("layer_norm_backward", """You use x itself instead of the normed numbers,
    both in front and inside the mean.""",
    ("normed * (g * normed)", "x * (g * x)"))

forgets_to_subtract_the_mean = edit("layer_norm_backward", """Your normed numbers are x over
    the root: its mean is not subtracted. They should be what the norm makes of x, before gain and
    bias.""",
    ("(x - x.mean(axis=-1, keepdims=True)) / std", "x / std"))

forgets_eps = edit("layer_norm_backward", """Your root is that of the variance alone: eps has no
    effect. Add it to the variance, inside the root.""",
    (STD, "np.sqrt(x.var(axis=-1, keepdims=True))"), common=True, denies=True)

adds_eps_outside_the_root = edit("layer_norm_backward", """You add eps outside the root. It
    belongs inside, beside the variance: sqrt(variance + eps).""",
    (STD, "(np.sqrt(x.var(axis=-1, keepdims=True)) + eps)"), common=True)

has_an_eps_of_its_own = edit("layer_norm_backward", """Your eps is a fixed number: the argument
    has no effect. It need not be 1e-5.""",
    ("+ eps)", "+ fixed)"), denies=True, fixed=(1e-5, 1e-6, 1e-8, 1e-12))

divides_by_one_less = edit("layer_norm_backward", """Your variance divides by d_model - 1. It
    should divide by d_model, as that of the layer norm does.""",
    ("x.var(axis=-1, keepdims=True)", "x.var(axis=-1, keepdims=True, ddof=1)"), common=True)

subtracts_squares = edit("layer_norm_backward", """Your variance is the mean of the squares
    minus the square of the mean. With a large offset both are huge, and their difference is
    rounding: subtract the mean before you square.""",
    ("x.var(axis=-1, keepdims=True)",
     "((x * x).mean(axis=-1, keepdims=True) - x.mean(axis=-1, keepdims=True) ** 2)"))


@mistake("layer_norm_backward", """Yours is the gradient of RMS norm, which subtracts no mean:
    another norm. That of a layer norm has a mean to subtract, both in the normed numbers
    and in grad_x.""")
def is_of_rms_norm(x, gain, bias, grad_out, eps=1e-5):
    root = np.sqrt((x * x).mean(axis=-1, keepdims=True) + eps)
    n, g = x / root, grad_out * gain
    grad_x = (g - n * (g * n).mean(axis=-1, keepdims=True)) / root
    leading = tuple(range(x.ndim - 1))
    return grad_x, (grad_out * n).sum(axis=leading), grad_out.sum(axis=leading)


@probes("layer_norm_backward")
def probe_layer_norm_backward():
    rng = np.random.default_rng(75)
    for shape in ((5,), (4, 5), (5, 5), (2, 3, 4), (2, 2, 3, 5)):
        x, grad_out = 2 * rng.normal(size=shape) + 1, rng.normal(size=shape)
        gain, bias = rng.normal(size=(2, shape[-1]))
        yield given(x, gain, bias, grad_out)
        yield given(x, gain, bias, grad_out, eps=0.5)
    gain, bias = rng.normal(size=(2, 4))
    yield given(np.full((2, 4), 3.0), gain, bias, rng.normal(size=(2, 4)))
    yield given(1e-3 * rng.normal(size=(3, 4)), gain, bias, rng.normal(size=(3, 4)))
    yield given(1e9 + rng.normal(size=(3, 4)), gain, bias, rng.normal(size=(3, 4)))
    narrow = (rng.normal(size=shape).astype(np.float32) for shape in ((3, 4), 4, 4, (3, 4)))
    yield given(*narrow)
    yield given(rng.integers(-5, 6, (2, 4)), gain, bias, rng.normal(size=(2, 4)))
