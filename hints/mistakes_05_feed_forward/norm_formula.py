"""Mistakes in layer_norm: what is subtracted, divided by, multiplied and added."""

import numpy as np

from tests.runner.mistakes import mistake


@mistake("layer_norm", """Your variance divides by d_model - 1, as statistics does for a sample. Here it is
    divided by d_model: no `ddof=1`.""", common=True)
def divides_by_one_less(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True, ddof=1)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Your eps is added to the standard deviation, outside the root. It belongs inside:
    sqrt(variance + eps).""", common=True)
def adds_eps_outside_the_root(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / (np.sqrt(variance) + eps) * gain + bias


@mistake("layer_norm", """Your eps is added to the quotient: a bracket is missing. It is added to the
    variance, inside the root.""")
def adds_eps_to_the_quotient(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return ((x - mean) / np.sqrt(variance) + eps) * gain + bias


@mistake("layer_norm", """Your eps is added to the very end, after gain and bias: a bracket is missing. It is
    added to the variance, inside the root.""")
def adds_eps_at_the_end(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance) * gain + bias + eps


@mistake("layer_norm", """There is no eps in yours: a token whose numbers are all alike is 0 / 0. Add it to the
    variance, inside the root.""", common=True)
def forgets_eps(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance) * gain + bias


@mistake("layer_norm", """Your eps is a number of its own: the argument plays no part. It may be another one
    than 1e-5.""", common=True, fixed=(1e-5, 1e-6, 1e-8, 1e-12))
def has_an_eps_of_its_own(x, gain, bias, eps=1e-5, *, fixed):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + fixed) * gain + bias


@mistake("layer_norm", """Your eps is a number of its own, and is added outside the root. The argument is added
    to the variance: sqrt(variance + eps).""", fixed=(1e-5, 1e-6, 1e-8, 1e-12))
def adds_an_eps_of_its_own_outside_the_root(x, gain, bias, eps=1e-5, *, fixed):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / (np.sqrt(variance) + fixed) * gain + bias


@mistake("layer_norm", """Your eps is squared on its way into the root. It is added to the variance as it
    is.""")
def squares_eps(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps * eps) * gain + bias


@mistake("layer_norm", """Your eps is a floor, for variances below it. It is added to every variance.""")
def takes_eps_for_a_floor(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(np.maximum(variance, eps)) * gain + bias


@mistake("layer_norm", """You divide by the variance. Its root, the standard deviation, is what numbers are
    measured by.""")
def divides_by_the_variance(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / (variance + eps) * gain + bias


@mistake("layer_norm", """Yours takes the root twice: that of a standard deviation. `var` goes under the root,
    or `std` without one.""")
def takes_the_root_twice(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.std(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You multiply by the standard deviation. Divide by it.""")
def multiplies_by_the_deviation(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) * np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You divide by nothing: the mean is off, and the spread is as it was. Divide by
    sqrt(variance + eps).""")
def forgets_to_divide(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = 1.0
    return (x - mean) / variance * gain + bias


@mistake("layer_norm", """The mean is not subtracted: x itself is divided.""", common=True)
def forgets_the_mean(x, gain, bias, eps=1e-5):
    mean = 0.0
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Yours is RMS norm: no mean is subtracted, and x is divided by the root of its mean
    square. Layer norm takes the mean off first.""")
def uses_rms_norm(x, gain, bias, eps=1e-5):
    variance = (x * x).mean(axis=-1, keepdims=True)
    return x / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You take the mean of the squares for the variance: the mean is missing inside. It is
    the mean of (x - mean) squared.""")
def takes_the_squares_for_the_variance(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = (x * x).mean(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """A bracket is missing: the mean alone is divided, and then taken off x. Subtract
    first: (x - mean) / ...""")
def divides_the_mean_alone(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return x - mean / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """The mean is added to x. It is subtracted.""")
def adds_the_mean(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x + mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Your numbers have the opposite sign before the gain: x is subtracted from the mean.
    It is (x - mean).""")
def subtracts_x_from_the_mean(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (mean - x) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Your sum of squares is not divided by d_model, so that a token comes out with length
    1 before the gain. Its variance should be 1.""")
def forgets_to_divide_the_squares(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = ((x - mean) ** 2).sum(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """What is left of a token is divided by its length, so that it comes out with length 1
    before the gain. Its variance should be 1: divide by the root of that.""")
def brings_the_rest_to_length_one(x, gain, bias, eps=1e-5):
    rest = x - x.mean(axis=-1, keepdims=True)
    return rest / (np.linalg.norm(rest, axis=-1, keepdims=True) + eps) * gain + bias


@mistake("layer_norm", """Your sum is not divided by d_model: it is no mean yet.""")
def takes_the_sum_for_the_mean(x, gain, bias, eps=1e-5):
    mean = x.sum(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Yours is divided by the length of x, mean and all. Take the mean off, and divide by
    the root of the variance.""")
def brings_x_to_length_one(x, gain, bias, eps=1e-5):
    return x / (np.linalg.norm(x, axis=-1, keepdims=True) + eps) * gain + bias


@mistake("layer_norm", """Yours stretches each token from 0 to 1, by its smallest and largest number. Layer norm
    uses mean and variance.""")
def stretches_between_smallest_and_largest(x, gain, bias, eps=1e-5):
    low, high = x.min(axis=-1, keepdims=True), x.max(axis=-1, keepdims=True)
    return (x - low) / (high - low + eps) * gain + bias


@mistake("layer_norm", """Your deviation is the mean distance from the mean. It is the root of the mean squared
    distance: sqrt(variance + eps).""")
def takes_the_mean_distance(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    return (x - mean) / (np.abs(x - mean).mean(axis=-1, keepdims=True) + eps) * gain + bias


@mistake("layer_norm", """The gain plays no part in yours. Multiply by it before the bias is added.""", common=True)
def forgets_the_gain(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) + bias


@mistake("layer_norm", """The bias plays no part in yours. It is added at the end.""", common=True)
def forgets_the_bias(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain


@mistake("layer_norm", """Gain and bias play no part in yours. Multiply by the gain, then add the bias.""")
def forgets_gain_and_bias(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps)


@mistake("layer_norm", """Gain and bias have changed places: the gain multiplies, the bias is added.""")
def exchanges_gain_and_bias(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * bias + gain


@mistake("layer_norm", """Your bias is multiplied by the gain too: it is added too early. Multiply by the gain
    first, then add the bias.""", common=True)
def adds_the_bias_before_the_gain(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return ((x - mean) / np.sqrt(variance + eps) + bias) * gain


@mistake("layer_norm", """A bracket makes you divide by the gain. Multiply by it.""")
def divides_by_the_gain(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / (np.sqrt(variance + eps) * gain) + bias


@mistake("layer_norm", """Your gain is one too large: some models keep it as the difference from 1. Here it is
    the factor itself.""")
def adds_one_to_the_gain(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * (1 + gain) + bias


@mistake("layer_norm", """Gain and bias come first in yours, and the norm after them. They come last, and what
    they do stays.""")
def norms_after_gain_and_bias(x, gain, bias, eps=1e-5):
    x = x * gain + bias
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps)
