"""Mistakes in gelu: another curve, or another formula."""

import math

import numpy as np

from tests.runner.mistakes import given, mistake, probes


@mistake("gelu", """Yours is the exact gelu, with the error function; its numbers differ from the
    fourth digit on. GPT-2 uses the tanh form, as in the docstring.""")
def uses_the_error_function(x):
    return (x / 2 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))).astype(np.result_type(x, 0.0))


@mistake("gelu", """Yours is the quick gelu, x times sigmoid(1.702 x): right to about two digits.
    GPT-2 uses the tanh form, as in the docstring.""")
def uses_the_quick_form(x):
    return x / (1 + np.exp(-1.702 * x))


@mistake("gelu", """Yours is x times sigmoid(x), which is called SiLU or swish. gelu bends more
    sharply: it has the tanh of the docstring.""", common=True)
def uses_silu(x):
    return x / (1 + np.exp(-x))


@mistake("gelu", """Yours is relu: a corner at zero. gelu lets small negative numbers through in
    part.""")
def has_a_corner(x):
    return np.maximum(x, np.zeros_like(x, dtype=np.result_type(x, 0.0)))


@mistake("gelu", """Negative numbers become zero in yours. gelu lets some of each through: at -1 it is
    -0.1588.""")
def cuts_negative_numbers_off(x):
    return np.maximum(x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))), 0)


@mistake("gelu", """Your answer lies between 0 and 1: it is the share that is let through. It is
    multiplied by x.""")
def answers_with_the_share(x):
    return 1 / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """Your answer is the tanh alone. One is added to it, and the sum is multiplied by x / 2.""")
def answers_with_the_tanh(x):
    return np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))


@mistake("gelu", """Your answer is twice as large as it should be: the half is missing in
    x / 2.""", common=True)
def forgets_the_half(x):
    return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """Your answer is the same for -x as for x: the 1 that is added to the tanh is
    missing.""", common=True)
def forgets_the_one(x):
    return x / 2 * np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))


@mistake("gelu", """Negative numbers come through and positive ones are held back: the tanh is
    subtracted from 1, or has the wrong sign inside. It is added.""")
def subtracts_the_tanh(x):
    return x / 2 * (1 - np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """Brackets are missing: x / 2 and the tanh are added. x / 2 is multiplied by the
    whole of 1 + tanh(...).""")
def adds_the_tanh_to_the_half(x):
    return x / 2 * 1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))


@mistake("gelu", """The half belongs to the 1 alone in yours: x * (1/2 + tanh). It belongs to the
    whole sum, x / 2 * (1 + tanh).""")
def halves_the_one_alone(x):
    return x * (1 / 2 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """A sigmoid stands where the tanh should. The two are relatives, but
    tanh(u) = 2 sigmoid(2 u) - 1.""")
def puts_a_sigmoid_for_the_tanh(x):
    return x / 2 * (1 + 1 / (1 + np.exp(-(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))))


@mistake("gelu", """Your share is the sigmoid of the bracket. To turn the tanh into a sigmoid, double
    what is inside: (1 + tanh(u)) / 2 = sigmoid(2 u).""")
def forgets_to_double_for_the_sigmoid(x):
    return x / (1 + np.exp(-(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))))


@mistake("gelu", """A tangent stands where the hyperbolic tangent should: `np.tan` swings up and down,
    `np.tanh` runs from -1 to 1.""")
def takes_the_tangent(x):
    return x / 2 * (1 + np.tan(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """Far out you divide infinity by infinity, on both sides: e^u and e^-u of your own
    tanh overflow. `np.tanh` does not.""", common=True)
def works_the_tanh_out_by_two_exponentials(x):
    inside = math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)
    return x / 2 * (1 + (np.exp(inside) - np.exp(-inside)) / (np.exp(inside) + np.exp(-inside)))


@mistake("gelu", """For large positive numbers you divide infinity by infinity: e^2u overflows, in a
    tanh or a sigmoid of your own. `np.tanh` does not.""")
def works_the_tanh_out_by_one_exponential(x):
    inside = math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)
    return x / 2 * (1 + (np.exp(2 * inside) - 1) / (np.exp(2 * inside) + 1))


@mistake("gelu", """For large negative numbers you divide infinity by infinity: e^-2u of your own tanh
    overflows. `np.tanh` does not.""")
def works_the_tanh_out_by_a_negative_exponential(x):
    inside = math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)
    return x / 2 * (1 + (1 - np.exp(-2 * inside)) / (1 + np.exp(-2 * inside)))


@mistake("gelu", """A function of `math` is given the whole array, and takes one number only.
    `np.tanh` takes an array of any shape.""")
def takes_the_tanh_of_one_number(x):
    return x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """Your loop goes along the first axis, where it meets single numbers only if x has no other.
    `np.tanh` takes an array of any shape.""")
def bends_along_the_first_axis(x):
    return np.array([number / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (number + 0.044715 * number**3)))
                     for number in x])


@mistake("gelu", """Your answer is float64 where float32 came in. The root of a NumPy number is
    float64 and widens; `math.sqrt` gives a plain number, which does not.""", common=True)
def widens_by_the_root(x):
    return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """Your answer is float64 whatever x is: an array without a dtype, a NumPy number or a cast
    on the way makes it so. float32 stays float32.""")
def bends_in_float64(x):
    x = x.astype(np.float64)
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """Your answer is float64 whatever x is: an array without a dtype, a NumPy number or a cast
    on the way makes it so. float32 stays float32.""")
def ends_the_bend_in_float64(x):
    return (x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))).astype(np.float64)


@mistake("gelu", """Your answer is float32 whatever x is. It should have the dtype of x.""")
def bends_in_float32(x):
    return (x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))).astype(np.float32)


@mistake("gelu", """Where x holds integers, your answer is cut to integers. It goes into an array of
    the dtype of x, or is cast to it: let the product decide.""")
def cuts_the_bend_to_integers(x):
    return (x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))).astype(x.dtype)


@mistake("gelu", """Where x holds integers, half of an odd number is cut: `//` leaves fractions out.
    Divide with `/`.""")
def halves_without_a_fraction(x):
    return x // 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


@mistake("gelu", """Your answer is written into the caller's x. `x = x * ...` makes a new array,
    `x *= ...` does not.""")
def writes_the_bend_into_x(x):
    x *= 1 / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))
    return x


@mistake("gelu", """Yours is the exact gelu, with the error function; its numbers differ from the
    fourth digit on. GPT-2 uses the tanh form, as in the docstring.""")
def uses_the_error_function_in_float64(x):
    return x / 2 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


@mistake("gelu", """Yours is the exact gelu, with the error function; its numbers differ from the
    fourth digit on. GPT-2 uses the tanh form, as in the docstring.""")
def uses_the_error_function_and_numpys_root(x):
    return x / 2 * (1 + np.vectorize(math.erf)(x / np.sqrt(2)))


@mistake("gelu", """Yours is the exact gelu, with the error function; its numbers differ from the
    fourth digit on. GPT-2 uses the tanh form, as in the docstring.""")
def casts_the_error_function_to_the_dtype_of_x(x):
    return x / 2 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)).astype(x.dtype))


@probes("gelu")
def probe_gelu():
    x = np.random.default_rng(2).normal(size=(2, 3, 4)) * 2
    yield given(x[0])
    yield given(x[0, 0])
    yield given(x)
    yield given(np.array([[-1000.0, 1000.0, 3.0], [-30.0, 0.0, 30.0]]))
    # Powers of two: their cubes are exact in float32, whatever is multiplied first.
    yield given(np.array([[-4.0, -2.0, -1.0, -0.5], [0.25, 0.5, 1.0, 2.0], [4.0, 8.0, 0.0, -0.25]], dtype=np.float32))
    yield given(np.array([[-3, -1, 0, 2], [1, 5, -2, 4]]))
