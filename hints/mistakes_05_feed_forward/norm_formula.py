"""Mistakes in layer_norm: what is subtracted, divided by, multiplied and added."""

import numpy as np

from tests.runner.diagnosis.known import edit, mistake

divides_by_one_less = edit("layer_norm", """Your variance divides by d_model - 1, as statistics
    does for a sample. It should divide by d_model: no `ddof=1`.""",
    ("x.var(axis=-1, keepdims=True)", "x.var(axis=-1, keepdims=True, ddof=1)"), common=True)

adds_eps_outside_the_root = edit("layer_norm", """You add eps to the standard deviation, outside
    the root. It belongs inside: sqrt(variance + eps).""",
    ("np.sqrt(variance + eps)", "(np.sqrt(variance) + eps)"), common=True)

adds_eps_to_the_quotient = edit("layer_norm", """You add eps to the quotient: parentheses are
    missing. It should be added to the variance, inside the root.""",
    ("return (x - mean) / np.sqrt(variance + eps)",
     "return ((x - mean) / np.sqrt(variance) + eps)"), denies=True)

adds_eps_at_the_end = edit("layer_norm", """You add eps at the very end, after gain and bias:
    parentheses are missing. It should be added to the variance, inside the root.""",
    ("np.sqrt(variance + eps) * gain + bias", "np.sqrt(variance) * gain + bias + eps"),
    denies=True)

forgets_eps = edit("layer_norm", """You use no eps, so a token whose numbers are all alike
    becomes 0 / 0. Add it to the variance, inside the root.""",
    ("variance + eps", "variance"), common=True)

has_an_eps_of_its_own = edit("layer_norm", """Your eps is a fixed number: the argument has no
    effect. It need not be 1e-5.""",
    ("variance + eps", "variance + fixed"), common=True, fixed=(1e-5, 1e-6, 1e-8, 1e-12),
    denies=True)

adds_an_eps_of_its_own_outside_the_root = edit("layer_norm", """Your eps is a fixed number, and
    is added outside the root. The argument should be added to the variance: sqrt(variance +
    eps).""",
    ("np.sqrt(variance + eps)", "(np.sqrt(variance) + fixed)"), fixed=(1e-5, 1e-6, 1e-8, 1e-12))

squares_eps = edit("layer_norm", """You square eps on its way into the root. It should be added
    to the variance as it is.""",
    ("variance + eps", "variance + eps * eps"))

takes_eps_for_a_floor = edit("layer_norm", """You use eps as a floor, for variances below it. It
    should be added to every variance.""",
    ("variance + eps", "np.maximum(variance, eps)"))

divides_by_the_variance = edit("layer_norm", """You divide by the variance. Divide by its root,
    the standard deviation.""",
    ("np.sqrt", ""))

takes_the_root_twice = edit("layer_norm", """You take the root twice: of a standard deviation,
    which is a root already. Use `var` under the root.""",
    ("x.var", "x.std"))

multiplies_by_the_deviation = edit("layer_norm", """You multiply by the standard deviation.
    Divide by it.""",
    ("return (x - mean) /", "return (x - mean) *"))

forgets_to_divide = edit("layer_norm", """You subtract the mean and divide by nothing, so the
    spread is as it was. Divide by sqrt(variance + eps).""",
    ("x.var(axis=-1, keepdims=True)", "1.0"), ("np.sqrt(variance + eps)", "variance"))

goes_straight_to_gain_and_bias = edit("layer_norm", """You neither subtract the mean nor divide
    by anything: gain and bias are applied to x as it is. Bring each token to mean 0 and variance
    1 first.""",
    ("mean = x.mean(axis=-1, keepdims=True)\nvariance = x.var(axis=-1, keepdims=True)", ""),
    ("return (x - mean) / np.sqrt(variance + eps)", "return x"))


@mistake("layer_norm", """You subtract the mean, and that is all. Divide by sqrt(variance + eps),
    then multiply by the gain and add the bias.""")
def subtracts_the_mean_and_no_more(x, gain, bias, eps=1e-5):
    return x - x.mean(axis=-1, keepdims=True)


forgets_the_mean = edit("layer_norm", """You do not subtract the mean: x itself is divided.
    Subtract it first.""",
    ("x.mean(axis=-1, keepdims=True)", "0.0"), common=True)

uses_rms_norm = edit("layer_norm", """Your norm is RMS norm: no mean is subtracted, and x is
    divided by the root of its mean square. Layer norm should subtract the mean first.""",
    ("mean = x.mean(axis=-1, keepdims=True)", ""), ("x.var", "(x * x).mean"), ("x - mean", "x"))

takes_the_squares_for_the_variance = edit("layer_norm", """Your variance is the mean of the
    squares: the mean is missing inside. It should be the mean of (x - mean) squared.""",
    ("x.var", "(x * x).mean"), denies=True)

divides_the_mean_alone = edit("layer_norm", """Parentheses are missing: you divide the mean
    alone, and then subtract it from x. Subtract first: (x - mean) / ...""",
    ("return (x - mean)", "return x - mean"), denies=True)

adds_the_mean = edit("layer_norm", """You add the mean to x. It should be subtracted.""",
    ("x - mean", "x + mean"))

subtracts_x_from_the_mean = edit("layer_norm", """Your numbers have the opposite sign before the
    gain: x is subtracted from the mean. It should be (x - mean).""",
    ("x - mean", "mean - x"))

forgets_to_divide_the_squares = edit("layer_norm", """You do not divide the sum of squares by
    d_model, so each token comes out with length 1 before the gain. Its variance should be 1.""",
    ("x.var", "((x - mean) ** 2).sum"))


@mistake("layer_norm", """You divide what is left of a token by its length, so it comes out with
    length 1 before the gain. Its variance should be 1: divide by the root of that.""")
def brings_the_rest_to_length_one(x, gain, bias, eps=1e-5):
    rest = x - x.mean(axis=-1, keepdims=True)
    return rest / (np.linalg.norm(rest, axis=-1, keepdims=True) + eps) * gain + bias


takes_the_sum_for_the_mean = edit("layer_norm", """You use the sum instead of the mean. Divide it
    by d_model.""",
    ("x.mean", "x.sum"))


@mistake("layer_norm", """You divide x by its length, without subtracting the mean. Subtract the
    mean, and divide by the root of the variance.""", with_eps=(True, False))
def brings_x_to_length_one(x, gain, bias, eps=1e-5, *, with_eps):
    return x / (np.linalg.norm(x, axis=-1, keepdims=True) + eps * with_eps) * gain + bias


@mistake("layer_norm", """You stretch each token from 0 to 1, by its smallest and largest number.
    Layer norm should use mean and variance.""")
def stretches_between_smallest_and_largest(x, gain, bias, eps=1e-5):
    low, high = x.min(axis=-1, keepdims=True), x.max(axis=-1, keepdims=True)
    return (x - low) / (high - low + eps) * gain + bias


takes_the_mean_distance = edit("layer_norm", """You divide by the mean distance from the mean. It
    should be the root of the mean squared distance: sqrt(variance + eps).""",
    ("variance = x.var(axis=-1, keepdims=True)", ""),
    ("np.sqrt(variance + eps)", "(np.abs(x - mean).mean(axis=-1, keepdims=True) + eps)"))

forgets_the_gain = edit("layer_norm", """The gain has no effect in your answer. Multiply by it
    before the bias is added.""",
    ("* gain", ""), common=True, denies=True)

forgets_the_bias = edit("layer_norm", """The bias has no effect in your answer. Add it at the
    end.""",
    ("gain + bias", "gain"), common=True, denies=True)

forgets_gain_and_bias = edit("layer_norm", """Gain and bias have no effect in your answer.
    Multiply by the gain, then add the bias.""",
    ("* gain + bias", ""), denies=True)

exchanges_gain_and_bias = edit("layer_norm", """Gain and bias are swapped: the gain should
    multiply, and the bias should be added.""",
    ("gain + bias", "bias + gain"))

adds_the_bias_before_the_gain = edit("layer_norm", """You multiply your bias by the gain too: it
    is added too early. Multiply by the gain first, then add the bias.""",
    ("return (x - mean) / np.sqrt(variance + eps) * gain + bias",
     "return ((x - mean) / np.sqrt(variance + eps) + bias) * gain"), common=True)

divides_by_the_gain = edit("layer_norm", """You divide by the gain. Multiply by it.""",
    ("np.sqrt(variance + eps) * gain", "(np.sqrt(variance + eps) * gain)"))

adds_one_to_the_gain = edit("layer_norm", """Your gain is one too large: some models store it as
    the difference from 1. Here it is the factor itself.""",
    ("gain +", "(1 + gain) +"))

norms_after_gain_and_bias = edit("layer_norm", """You apply gain and bias first, and normalise
    after that. They should come last.""",
    ("mean =", "x = x * gain + bias\nmean ="), ("* gain + bias", ""))
