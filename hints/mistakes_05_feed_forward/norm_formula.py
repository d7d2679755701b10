"""Mistakes in layer_norm: what is subtracted, divided by, multiplied and added."""

import numpy as np

from tests.runner.diagnosis.known import mistake


@mistake("layer_norm", """Your variance divides by d_model - 1, as statistics does for a sample. It
    should divide by d_model: no `ddof=1`.""", common=True)
def divides_by_one_less(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True, ddof=1)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You add eps to the standard deviation, outside the root. It belongs
    inside: sqrt(variance + eps).""", common=True)
def adds_eps_outside_the_root(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / (np.sqrt(variance) + eps) * gain + bias


@mistake("layer_norm", """You add eps to the quotient: parentheses are missing. It should be added
    to the variance, inside the root.""", denies=True)
def adds_eps_to_the_quotient(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return ((x - mean) / np.sqrt(variance) + eps) * gain + bias


@mistake("layer_norm", """You add eps at the very end, after gain and bias: parentheses are
    missing. It should be added to the variance, inside the root.""", denies=True)
def adds_eps_at_the_end(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance) * gain + bias + eps


@mistake("layer_norm", """You use no eps, so a token whose numbers are all alike becomes 0 / 0. Add
    it to the variance, inside the root.""", common=True)
def forgets_eps(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance) * gain + bias


@mistake("layer_norm", """Your eps is a fixed number: the argument plays no part. It need not be
    1e-5.""", common=True, fixed=(1e-5, 1e-6, 1e-8, 1e-12), denies=True)
def has_an_eps_of_its_own(x, gain, bias, eps=1e-5, *, fixed):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + fixed) * gain + bias


@mistake("layer_norm", """Your eps is a fixed number, and is added outside the root. The argument
    should be added to the variance: sqrt(variance + eps).""", fixed=(1e-5, 1e-6, 1e-8, 1e-12))
def adds_an_eps_of_its_own_outside_the_root(x, gain, bias, eps=1e-5, *, fixed):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / (np.sqrt(variance) + fixed) * gain + bias


@mistake("layer_norm", """You square eps on its way into the root. It should be added to the
    variance as it is.""")
def squares_eps(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps * eps) * gain + bias


@mistake("layer_norm", """You use eps as a floor, for variances below it. It should be added to
    every variance.""")
def takes_eps_for_a_floor(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(np.maximum(variance, eps)) * gain + bias


@mistake("layer_norm", """You divide by the variance. Divide by its root, the standard
    deviation.""")
def divides_by_the_variance(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / (variance + eps) * gain + bias


@mistake("layer_norm", """You take the root twice: of a standard deviation, which is a root
    already. Use `var` under the root.""")
def takes_the_root_twice(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.std(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You multiply by the standard deviation. Divide by it.""")
def multiplies_by_the_deviation(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) * np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You subtract the mean and divide by nothing, so the spread is as it was.
    Divide by sqrt(variance + eps).""")
def forgets_to_divide(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = 1.0
    return (x - mean) / variance * gain + bias


@mistake("layer_norm", """You neither subtract the mean nor divide by anything: gain and bias are
    applied to x as it is. Bring each token to mean 0 and variance 1 first.""")
def goes_straight_to_gain_and_bias(x, gain, bias, eps=1e-5):
    return x * gain + bias


@mistake("layer_norm", """You subtract the mean, and that is all. Divide by sqrt(variance + eps),
    then multiply by the gain and add the bias.""")
def subtracts_the_mean_and_no_more(x, gain, bias, eps=1e-5):
    return x - x.mean(axis=-1, keepdims=True)



@mistake("layer_norm", """You do not subtract the mean: x itself is divided. Subtract it first.""",
         common=True)
def forgets_the_mean(x, gain, bias, eps=1e-5):
    mean = 0.0
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Your norm is RMS norm: no mean is subtracted, and x is divided by the
    root of its mean square. Layer norm should subtract the mean first.""")
def uses_rms_norm(x, gain, bias, eps=1e-5):
    variance = (x * x).mean(axis=-1, keepdims=True)
    return x / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Your variance is the mean of the squares: the mean is missing inside. It
    should be the mean of (x - mean) squared.""", denies=True)
def takes_the_squares_for_the_variance(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = (x * x).mean(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Parentheses are missing: you divide the mean alone, and then subtract it
    from x. Subtract first: (x - mean) / ...""", denies=True)
def divides_the_mean_alone(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return x - mean / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You add the mean to x. It should be subtracted.""")
def adds_the_mean(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x + mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Your numbers have the opposite sign before the gain: x is subtracted from
    the mean. It should be (x - mean).""")
def subtracts_x_from_the_mean(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (mean - x) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You do not divide the sum of squares by d_model, so each token comes out
    with length 1 before the gain. Its variance should be 1.""")
def forgets_to_divide_the_squares(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = ((x - mean) ** 2).sum(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You divide what is left of a token by its length, so it comes out with
    length 1 before the gain. Its variance should be 1: divide by the root of that.""")
def brings_the_rest_to_length_one(x, gain, bias, eps=1e-5):
    rest = x - x.mean(axis=-1, keepdims=True)
    return rest / (np.linalg.norm(rest, axis=-1, keepdims=True) + eps) * gain + bias


@mistake("layer_norm", """You use the sum in place of the mean. Divide it by d_model.""")
def takes_the_sum_for_the_mean(x, gain, bias, eps=1e-5):
    mean = x.sum(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You divide x by its length, without subtracting the mean. Subtract the
    mean, and divide by the root of the variance.""", with_eps=(True, False))
def brings_x_to_length_one(x, gain, bias, eps=1e-5, *, with_eps):
    return x / (np.linalg.norm(x, axis=-1, keepdims=True) + eps * with_eps) * gain + bias


@mistake("layer_norm", """You stretch each token from 0 to 1, by its smallest and largest number.
    Layer norm should use mean and variance.""")
def stretches_between_smallest_and_largest(x, gain, bias, eps=1e-5):
    low, high = x.min(axis=-1, keepdims=True), x.max(axis=-1, keepdims=True)
    return (x - low) / (high - low + eps) * gain + bias


@mistake("layer_norm", """You divide by the mean distance from the mean. It should be the root of
    the mean squared distance: sqrt(variance + eps).""")
def takes_the_mean_distance(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    return (x - mean) / (np.abs(x - mean).mean(axis=-1, keepdims=True) + eps) * gain + bias


@mistake("layer_norm", """The gain plays no part in your answer. Multiply by it before the bias is
    added.""", common=True, denies=True)
def forgets_the_gain(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) + bias


@mistake("layer_norm", """The bias plays no part in your answer. Add it at the end.""", common=True,
         denies=True)
def forgets_the_bias(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain


@mistake("layer_norm", """Gain and bias play no part in your answer. Multiply by the gain, then add
    the bias.""", denies=True)
def forgets_gain_and_bias(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps)


@mistake("layer_norm", """Gain and bias are swapped: the gain should multiply, and the bias should
    be added.""")
def exchanges_gain_and_bias(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * bias + gain


@mistake("layer_norm", """You multiply your bias by the gain too: it is added too early. Multiply
    by the gain first, then add the bias.""", common=True)
def adds_the_bias_before_the_gain(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return ((x - mean) / np.sqrt(variance + eps) + bias) * gain


@mistake("layer_norm", """Parentheses make you divide by the gain. Multiply by it.""")
def divides_by_the_gain(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / (np.sqrt(variance + eps) * gain) + bias


@mistake("layer_norm", """Your gain is one too large: some models store it as the difference from
    1. Here it is the factor itself.""")
def adds_one_to_the_gain(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * (1 + gain) + bias


@mistake("layer_norm", """You apply gain and bias first, and normalise after that. They should come
    last.""")
def norms_after_gain_and_bias(x, gain, bias, eps=1e-5):
    x = x * gain + bias
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps)
