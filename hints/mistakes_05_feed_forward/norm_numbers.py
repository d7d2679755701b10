"""Mistakes in layer_norm: digits that get lost, dtypes, a changed x, and the length of a vector."""

import numpy as np

from tests.runner.diagnosis.known import mistake


@mistake("layer_norm", """Your variance is the mean of the squares minus the square of the mean.
    That is right on paper, but two large numbers cancel: take the mean of (x - mean) squared, or
    `var`.""", common=True)
def lets_large_squares_cancel(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = (x * x).mean(axis=-1, keepdims=True) - mean * mean
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Your numbers are float64 where float32 came in: an array without a dtype,
    a NumPy number or a cast on the way makes them so. float32 should stay float32.""")
def norms_in_float64(x, gain, bias, eps=1e-5):
    x = x.astype(np.float64)
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """Your numbers are float64 where float32 came in: an array without a dtype,
    a NumPy number or a cast on the way makes them so. float32 should stay float32.""")
def ends_the_norm_in_float64(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return ((x - mean) / np.sqrt(variance + eps) * gain + bias).astype(np.float64)


@mistake("layer_norm", """Your output is float32 whatever comes in, so float64 loses half its
    digits. It should have the dtype of x.""")
def norms_in_float32(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return ((x - mean) / np.sqrt(variance + eps) * gain + bias).astype(np.float32)


@mistake("layer_norm", """If x holds integers, your answer is cut to integers: it is written into
    an array of the dtype of x, or cast to it. Let the quotient decide the dtype.""")
def cuts_the_norm_to_integers(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return ((x - mean) / np.sqrt(variance + eps) * gain + bias).astype(x.dtype)


@mistake("layer_norm", """If x holds integers, your mean is cut to an integer. Let NumPy decide its
    dtype.""")
def cuts_the_mean_to_an_integer(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True).astype(x.dtype)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You subtract the mean from the caller's x itself, which is no longer the
    same after the call. `x = x - mean` makes a new array, `x -= mean` does not.""")
def takes_the_mean_off_x_itself(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return np.subtract(x, mean, out=x) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You round your numbers to a few digits on the way. Nothing should be
    rounded here.""", digits=(3, 2, 4, 6))
def rounds_the_norm(x, gain, bias, eps=1e-5, *, digits):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return ((x - mean) / np.sqrt(variance + eps) * gain + bias).round(digits)


@mistake("layer_norm", """You use another eps when none is given. The default should be 1e-5, as in
    the stub.""", usual=(1e-6, 1e-8, 1e-12, 1e-3, 0.0))
def has_another_default_for_eps(x, gain, bias, eps=None, *, usual):
    eps = usual if eps is None else eps
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


@mistake("layer_norm", """You subtract the mean, but then divide by the length of x itself. Divide
    by the root of the variance.""", with_eps=(False, True))
def divides_the_rest_by_the_length_of_x(x, gain, bias, eps=1e-5, *, with_eps):
    mean = x.mean(axis=-1, keepdims=True)
    return (x - mean) / (np.linalg.norm(x, axis=-1, keepdims=True) + eps * with_eps) * gain + bias


@mistake("layer_norm", """You divide all tokens by one number: `np.linalg.norm` without an axis takes
    the whole array. Divide each token by the root of its own variance.""",
         centred=(True, False), with_eps=(False, True))
def divides_by_the_length_of_the_whole_array(x, gain, bias, eps=1e-5, *, centred, with_eps):
    mean = x.mean(axis=-1, keepdims=True)
    return (x - mean) / (np.linalg.norm(x - mean * centred) + eps * with_eps) * gain + bias
