"""Mistakes in gelu: another curve, or another formula."""

import math

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

uses_the_error_function = edit("gelu", """Your gelu is the exact one, with the error function;
    its numbers differ from the fourth digit on. GPT-2 uses the tanh form, as in the docstring.""",
    ("x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))",
     "(x / 2 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))).astype(np.result_type(x, 0.0))"))

uses_the_quick_form = edit("gelu", """Your gelu is the quick one, x times sigmoid(1.702 x), right
    to about two digits. GPT-2 uses the tanh form, as in the docstring.""",
    ("2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))",
     "(1 + np.exp(-1.702 * x))"))

uses_silu = edit("gelu", """Your gelu is x times sigmoid(x), which is called SiLU or swish. The
    one in the docstring uses tanh, and has a sharper bend.""",
    ("2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))",
     "(1 + np.exp(-x))"), common=True)

has_a_corner = edit("gelu", """Your gelu is relu, with a corner at zero. It should let small
    negative numbers through in part.""",
    ("x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))",
     "np.maximum(x, np.zeros_like(x, dtype=np.result_type(x, 0.0)))"))


@mistake("gelu", """Your gelu turns negative numbers into zero. It should let a part of each
    through: at -1 it is -0.1588.""")
def cuts_negative_numbers_off(x):
    return np.maximum(x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))), 0)


answers_with_the_share = edit("gelu", """Your answer lies between 0 and 1: it is the fraction of
    x that is let through. Multiply it by x.""",
    ("return x", "return 1"))

answers_with_the_tanh = edit("gelu", """Your answer is the tanh alone. Add 1 to it, and multiply
    the sum by x / 2.""",
    ("x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))",
     "np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))"))

forgets_the_half = edit("gelu", """Your answer is twice as large as it should be: the division by
    2 is missing in x / 2.""",
    ("x / 2", "x"), common=True, denies=True)

forgets_the_one = edit("gelu", """Your answer is the same for -x as for x: the 1 that should be
    added to the tanh is missing.""",
    ("1 + np", "np"), common=True, denies=True)

subtracts_the_tanh = edit("gelu", """Your negative numbers come through and positive ones are
    held back: the tanh is subtracted from 1, or has the wrong sign inside. It should be added.""",
    ("1 + np", "1 - np"))

adds_the_tanh_to_the_half = edit("gelu", """Parentheses are missing: you add x / 2 and the tanh.
    Multiply x / 2 by the whole of 1 + tanh(...).""",
    ("2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))",
     "2 * 1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))"), denies=True)

halves_the_one_alone = edit("gelu", """You halve the 1 alone: x * (1/2 + tanh). The whole sum
    should be halved: x / 2 * (1 + tanh).""",
    ("x / 2", "x"), ("1 + np", "1 / 2 + np"))

puts_a_sigmoid_for_the_tanh = edit("gelu", """You use a sigmoid instead of the tanh. The two are
    related, but tanh(u) = 2 sigmoid(2 u) - 1.""",
    ("np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))",
     "1 / (1 + np.exp(-(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))))"))

forgets_to_double_for_the_sigmoid = edit("gelu", """You multiply x by the sigmoid of what belongs
    inside the tanh. To turn the tanh into a sigmoid, double what is inside: (1 + tanh(u)) / 2 =
    sigmoid(2 u).""",
    ("2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))",
     "(1 + np.exp(-(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))))"),
    speaks_of=("exp", "expit", "sigmoid"))

takes_one_over_the_root_of_two_pi = edit("gelu", """Your factor is 1 / sqrt(2 pi), which is half of
    what it should be: sqrt(2 / pi).""",
    ("math.sqrt(2 / math.pi)", "1 / math.sqrt(2 * math.pi)"),
    speaks_of=("2 * math.pi", "2 * np.pi"))

takes_the_tangent = edit("gelu", """You use the tangent instead of the hyperbolic tangent:
    `np.tan` swings up and down without limit, `np.tanh` runs from -1 to 1.""",
    ("np.tanh", "np.tan"))


@mistake("gelu", """Far from zero you divide infinity by infinity, on both sides: e^u and e^-u
    overflow in a tanh of your own. `np.tanh` does not.""", common=True)
def works_the_tanh_out_by_two_exponentials(x):
    inside = math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)
    return x / 2 * (1 + (np.exp(inside) - np.exp(-inside)) / (np.exp(inside) + np.exp(-inside)))


@mistake("gelu", """For large positive numbers you divide infinity by infinity: e^2u overflows, in a
    tanh or a sigmoid of your own. `np.tanh` does not.""")
def works_the_tanh_out_by_one_exponential(x):
    inside = math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)
    return x / 2 * (1 + (np.exp(2 * inside) - 1) / (np.exp(2 * inside) + 1))


@mistake("gelu", """For large negative numbers you divide infinity by infinity: e^-2u overflows in
    a tanh of your own. `np.tanh` does not.""")
def works_the_tanh_out_by_a_negative_exponential(x):
    inside = math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)
    return x / 2 * (1 + (1 - np.exp(-2 * inside)) / (1 + np.exp(-2 * inside)))


takes_the_tanh_of_one_number = edit("gelu", """You pass the whole array to a function of `math`,
    which takes one number only. `np.tanh` takes an array of any shape.""",
    ("np", "math"))


@mistake("gelu", """Your loop runs along the first axis, where it meets single numbers only if x
    has no other axis. `np.tanh` takes an array of any shape.""")
def bends_along_the_first_axis(x):
    root = math.sqrt(2 / math.pi)
    return np.array([one / 2 * (1 + math.tanh(root * (one + 0.044715 * one**3))) for one in x])


widens_by_the_root = edit("gelu", """Your answer is float64 where float32 came in: the root of a
    NumPy number is float64, and widens. `math.sqrt` gives a plain number, which does not.""",
    ("math", "np", 2), common=True)

bends_in_float64 = edit("gelu", """Your answer is float64 whatever x is: an array without a
    dtype, a NumPy number or a cast on the way makes it so. float32 should stay float32.""",
    ("return", "x = x.astype(np.float64)\nreturn"))

ends_the_bend_in_float64 = edit("gelu", """Your answer is float64 whatever x is: an array without
    a dtype, a NumPy number or a cast on the way makes it so. float32 should stay float32.""",
    ("return x / 2", "bent = x / 2"),
    ("x * x * x)))", "x * x * x)))\nreturn bent.astype(np.float64)"))

bends_in_float32 = edit("gelu", """Your answer is float32 whatever x is. It should have the dtype
    of x.""",
    ("return x / 2", "bent = x / 2"),
    ("x * x * x)))", "x * x * x)))\nreturn bent.astype(np.float32)"))

cuts_the_bend_to_integers = edit("gelu", """If x holds integers, your answer is cut to integers:
    it is written into an array of the dtype of x, or cast to it. Let the product decide the
    dtype.""",
    ("return x / 2", "bent = x / 2"),
    ("x * x * x)))", "x * x * x)))\nreturn bent.astype(x.dtype)"))

halves_without_a_fraction = edit("gelu", """If x holds integers, half of an odd number loses its
    fraction: `//` rounds down. Divide with `/`.""",
    ("x / 2", "x // 2"))

writes_the_bend_into_x = edit("gelu", """You write your answer into the caller's x. `x = x * ...`
    makes a new array, `x *= ...` does not.""",
    ("return x", "x *= 1"), ("x)))", "x)))\nreturn x"))

uses_the_error_function_in_float64 = edit("gelu", """Your gelu is the exact one, with the error
    function; its numbers differ from the fourth digit on. GPT-2 uses the tanh form, as in the
    docstring.""",
    ("np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))",
     "np.vectorize(math.erf)(x / math.sqrt(2))"))

uses_the_error_function_and_numpys_root = edit("gelu", """Your gelu is the exact one, with the
    error function; its numbers differ from the fourth digit on. GPT-2 uses the tanh form, as in
    the docstring.""",
    ("np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))",
     "np.vectorize(math.erf)(x / np.sqrt(2))"))

casts_the_error_function_to_the_dtype_of_x = edit("gelu", """Your gelu is the exact one, with the
    error function; its numbers differ from the fourth digit on. GPT-2 uses the tanh form, as in
    the docstring.""",
    ("np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))",
     "np.vectorize(math.erf)(x / math.sqrt(2)).astype(x.dtype)"))


@probes("gelu")
def probe_gelu():
    x = np.random.default_rng(2).normal(size=(2, 3, 4)) * 2
    yield given(x[0])
    yield given(x[0, 0])
    yield given(x)
    yield given(np.array([[-1000.0, 1000.0, 3.0], [-30.0, 0.0, 30.0]]))
    # Powers of two: their cubes are exact in float32, whatever is multiplied first.
    yield given(np.array([[-4.0, -2.0, -1.0, -0.5], [0.25, 0.5, 1.0, 2.0], [4.0, 8.0, 0.0, -0.25]],
                         dtype=np.float32))
    yield given(np.array([[-3, -1, 0, 2], [1, 5, -2, 4]]))
