"""Mistakes in layer_norm: digits that get lost, dtypes, a changed x, and the length of a vector."""

from tests.runner.diagnosis.known import edit

lets_large_squares_cancel = edit("layer_norm", """Your variance is the mean of the squares minus
    the square of the mean. That is right on paper, but two large numbers cancel: take the mean
    of (x - mean) squared, or `var`.""",
    ("x.var(axis=-1, keepdims=True)", "(x * x).mean(axis=-1, keepdims=True) - mean * mean"),
    common=True)

norms_in_float64 = edit("layer_norm", """Your numbers are float64 where float32 came in: an array
    without a dtype, a NumPy number or a cast on the way makes them so. float32 should stay
    float32.""",
    ("mean =", "x = x.astype(np.float64)\nmean ="))

ends_the_norm_in_float64 = edit("layer_norm", """Your numbers are float64 where float32 came in:
    an array without a dtype, a NumPy number or a cast on the way makes them so. float32 should
    stay float32.""",
    ("return (x - mean) / np.sqrt(variance + eps) * gain + bias",
     "return ((x - mean) / np.sqrt(variance + eps) * gain + bias).astype(np.float64)"))

norms_in_float32 = edit("layer_norm", """Your output is float32 whatever comes in, so float64
    loses half its digits. It should have the dtype of x.""",
    ("return (x - mean) / np.sqrt(variance + eps) * gain + bias",
     "return ((x - mean) / np.sqrt(variance + eps) * gain + bias).astype(np.float32)"))

cuts_the_norm_to_integers = edit("layer_norm", """If x holds integers, your answer is cut to
    integers: it is written into an array of the dtype of x, or cast to it. Let the quotient
    decide the dtype.""",
    ("return (x - mean) / np.sqrt(variance + eps) * gain + bias",
     "return ((x - mean) / np.sqrt(variance + eps) * gain + bias).astype(x.dtype)"))

cuts_the_mean_to_an_integer = edit("layer_norm", """If x holds integers, your mean is cut to an
    integer. Let NumPy decide its dtype.""",
    ("x.mean(axis=-1, keepdims=True)", "x.mean(axis=-1, keepdims=True).astype(x.dtype)"))

takes_the_mean_off_x_itself = edit("layer_norm", """You subtract the mean from the caller's x
    itself, which is no longer the same after the call. `x = x - mean` makes a new array, `x -=
    mean` does not.""",
    ("x - mean", "np.subtract(x, mean, out=x)"))

rounds_the_norm = edit("layer_norm", """You round your numbers to a few digits on the way.
    Nothing should be rounded here.""",
    ("return (x - mean) / np.sqrt(variance + eps) * gain + bias",
     "return ((x - mean) / np.sqrt(variance + eps) * gain + bias).round(digits)"),
    digits=(3, 2, 4, 6))

has_another_default_for_eps = edit("layer_norm", """You use another eps when none is given. The
    default should be 1e-5, as in the stub.""",
    ("1e-5", "None"), ("mean =", "eps = usual if eps is None else eps\nmean ="),
    usual=(1e-6, 1e-8, 1e-12, 1e-3, 0.0))

divides_the_rest_by_the_length_of_x = edit("layer_norm", """You subtract the mean, but then
    divide by the length of x itself. Divide by the root of the variance.""",
    ("variance = x.var(axis=-1, keepdims=True)", ""),
    ("np.sqrt(variance + eps)", "(np.linalg.norm(x, axis=-1, keepdims=True) + eps * with_eps)"),
    with_eps=(False, True))

divides_by_the_length_of_the_whole_array = edit("layer_norm", """You divide all tokens by one
    number: `np.linalg.norm` without an axis takes the whole array. Divide each token by the root
    of its own variance.""",
    ("variance = x.var(axis=-1, keepdims=True)", ""),
    ("np.sqrt(variance + eps)", "(np.linalg.norm(x - mean * centred) + eps * with_eps)"),
    centred=(True, False), with_eps=(False, True))
