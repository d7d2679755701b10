"""Mistakes in silu: other curves, and overflows."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

CURVE = "return x / 2 * (1 + np.tanh(x / 2))"
SIGMOID = "(1 + np.tanh(x / 2)) / 2"

gives_the_sigmoid = edit("silu", """You return the sigmoid itself. It says how much is let through:
    multiply x by it.""",
    (CURVE, f"return {SIGMOID}"), common=True)

turns_the_sign_round = edit("silu", """Your sigmoid falls where it should rise: large numbers are
    held back, and negative ones pass. In exp it is minus x.""",
    ("1 + np.tanh", "1 - np.tanh"), common=True)

takes_tanh_of_the_whole = edit("silu", """Your curve is twice as steep: that is x times the sigmoid
    of 2x. Inside tanh it is x / 2.""",
    ("np.tanh(x / 2)", "np.tanh(x)"))

takes_tanh_for_the_sigmoid = edit("silu", """You multiply x by its tanh, which lets negative numbers
    through as positive ones. The sigmoid is between 0 and 1.""",
    (CURVE, "return x * np.tanh(x)"))

is_gelu = edit("silu", """Your curve is gelu, that of GPT-2: near to silu, but not it. Here it is x
    times its sigmoid.""",
    (CURVE, "inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x * x * x)\n"
             "return x / 2 * (1 + np.tanh(inner))"), common=True)

is_quick_gelu = edit("silu", """Your curve is x times the sigmoid of 1.702 x, which imitates gelu.
    silu has no factor in the sigmoid.""",
    ("np.tanh(x / 2)", "np.tanh(1.702 * x / 2)"))

is_relu = edit("silu", """Your curve is relu: it has an edge at 0, and silu has none.""",
    (CURVE, "return np.maximum(x, 0) + 0.0"))

is_softplus = edit("silu", """Your curve is log(1 + exp(x)), the softplus. silu is x times its
    sigmoid, and 0 at 0.""",
    (CURVE, "return np.logaddexp(0, x)"))

overflows = edit("silu", """Your silu of large numbers is nan: exp of 1,000 is infinite, and
    infinite by infinite is no number. Write it with exp(-x) in the denominator alone, or with
    tanh.""",
    (CURVE, "return x * np.exp(x) / (1 + np.exp(x))"), common=True)

cuts_large_numbers_off = edit("silu", """You cut x off before exp, so that far below zero a little
    is let through, more and more. There silu comes to 0.""",
    (CURVE, "return x / (1 + np.exp(-np.clip(x, -edge, edge)))"), edge=(20, 10), speaks_of="clip")

widens_the_sigmoid = edit(
    "silu", """Your answer is float64 whatever x is: an array without a dtype, a NumPy number or a
    cast on the way makes it so. float32 should stay float32.""",
    (CURVE, "return x * ((1 + np.tanh(x.astype(np.float64) / 2)) / 2)"))


@probes("silu")
def probe_silu():
    rng = np.random.default_rng(121)
    for shape in ((6,), (3, 5), (2, 3, 4)):
        x = rng.normal(size=shape) * 3
        yield given(x)
        yield given(x.astype(np.float32))
    yield given(np.array([1000.0, -1000, 0, 30, -30]))
    yield given(np.array([-3, 2, 0]))
