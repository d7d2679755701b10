"""Mistakes in gelu_backward: which of the two terms is there, and the slope of which curve."""

import math

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

SLOPE = "((1 + t) / 2 + x / 2 * (1 - t * t) * inner_slope)"

keeps_the_share_alone = edit("gelu_backward", """You multiply grad_out by the share that gelu
    lets through. The share itself changes with x too: add x / 2 times the slope of the tanh.""",
    (SLOPE, "(1 + t) / 2"), common=True)

keeps_the_slope_of_the_tanh_alone = edit("gelu_backward", """You have x / 2 times the slope of
    the tanh. x is in front as well: add the share, (1 + t) / 2.""",
    (SLOPE, "x / 2 * (1 - t * t) * inner_slope"), common=True)

multiplies_by_gelu_itself = edit("gelu_backward", """You multiply grad_out by gelu(x). It should
    be multiplied by the slope of gelu at x.""", (SLOPE, "x / 2 * (1 + t)"))

has_the_slope_of_relu = edit("gelu_backward", """Your slope is that of relu: 0 or 1. That of
    gelu is smooth: 1/2 at 0, and 1.083 at 1.""", (SLOPE, "(x > 0)"))

forgets_grad_out = edit("gelu_backward", """Your answer is the slope alone: grad_out has no
    effect. Multiply by it.""",
    (f"grad_out * {SLOPE}", SLOPE), denies=True, common=True)

forgets_the_slope_inside = edit("gelu_backward", """You stop at the slope of the tanh. What is
    inside it has a slope too, by the chain rule: multiply by that of u.""",
    (" * inner_slope", ""), common=True)

forgets_the_three_of_the_cube = edit("gelu_backward", """The slope of the cube is missing its 3:
    x³ grows by 3 x² for each 1 in x.""", ("3 * 0.044715", "0.044715"), common=True)

forgets_the_root_inside = edit("gelu_backward", """In the slope of u the factor sqrt(2 / pi) is
    missing. u has it in front of everything, so its slope has it too.""",
    ("scale * (1 + 3", "(1 + 3"))

takes_one_minus_u_squared = edit("gelu_backward", """You take 1 - u², with what goes into the
    tanh. Its slope is 1 minus the square of what comes out: 1 - t².""",
    ("t = np.tanh(scale * (x + 0.044715 * x * x * x))",
     "u = scale * (x + 0.044715 * x * x * x)\nt = np.tanh(u)"), ("(1 - t * t)", "(1 - u * u)"))

takes_one_minus_t = edit("gelu_backward", """You take 1 - t for the slope of the tanh. It is 1
    minus the square of t.""", ("(1 - t * t)", "(1 - t)"))

widens_by_the_root = edit("gelu_backward", """Your answer is float64 for float32 numbers.
    `np.sqrt` of a number gives a NumPy float64, which widens; `math.sqrt` does not.""",
    ("math.sqrt(2 / math.pi)", "np.sqrt(2 / np.pi)"), common=True, speaks_of="sqrt")


@mistake("gelu_backward", """Your slope is that of the exact gelu, with the error function:
    another convention. Lesson 5 has the tanh form of GPT-2, whose slope differs in the third
    digit.""")
def has_the_slope_of_the_exact_form(x, grad_out):
    share = (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2
    slope = share + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return (grad_out * slope).astype(grad_out.dtype)


@mistake("gelu_backward", """Your slope is that of x times sigmoid(1.702 x), the quick gelu:
    another convention. Lesson 5 has the tanh form of GPT-2.""")
def has_the_slope_of_the_quick_form(x, grad_out):
    s = 1 / (1 + np.exp(-1.702 * x))
    return grad_out * (s + 1.702 * x * s * (1 - s))


@mistake("gelu_backward", """Your slope is that of x times sigmoid(x), which is called SiLU.
    Lesson 5 has gelu in its tanh form.""")
def has_the_slope_of_silu(x, grad_out):
    s = 1 / (1 + np.exp(-x))
    return grad_out * (s + x * s * (1 - s))


@probes("gelu_backward")
def probe_gelu_backward():
    rng = np.random.default_rng(74)
    for shape in ((6,), (3, 4), (2, 3, 2)):
        yield given(2 * rng.normal(size=shape), rng.normal(size=shape))
    yield given(np.array([0.0, 1.0, -1.0, 3.0]), np.array([1.0, 2.0, -3.0, 4.0]))
    yield given(*rng.normal(size=(2, 3, 4)).astype(np.float32))
    yield given(np.array([0, 1, -2]), np.array([1.0, 0.5, -0.25]))
