"""Mistakes in swiglu: what is bent, what is multiplied."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

GATED = "return (silu(x @ w_gate) * (x @ w_up)) @ w_down"

bends_the_product = edit("swiglu", """You apply silu to the product of gate and way up. Only the
    gate is bent: silu(gate) * up.""",
    (GATED, "return silu((x @ w_gate) * (x @ w_up)) @ w_down"), common=True)

bends_the_way_up = edit("swiglu", """Your silu is on the other branch, that of w_up. It belongs to
    the gate, that of w_gate.""",
    (GATED, "return ((x @ w_gate) * silu(x @ w_up)) @ w_down"), common=True)

bends_both = edit("swiglu", """You apply silu to both branches. The way up has no
    nonlinearity.""",
    (GATED, "return (silu(x @ w_gate) * silu(x @ w_up)) @ w_down"))

bends_neither = edit("swiglu", """You multiply gate and way up as they are. The gate goes through
    silu first.""",
    ("silu(x @ w_gate)", "(x @ w_gate)"), common=True)

bends_at_the_end = edit("swiglu", """You apply silu to what comes out at the end. It belongs to the
    gate, in the wide layer.""",
    (GATED, "return silu(((x @ w_gate) * (x @ w_up)) @ w_down)"))

takes_the_layout_of_pytorch = edit("swiglu", """You transpose the weights, as if they were
    (out, in): the layout of nn.Linear in PyTorch, which is another convention. Here they are
    (in, out).""",
    (GATED, "return (silu(x @ w_gate.T) * (x @ w_up.T)) @ w_down.T"), common=True)

adds_the_branches = edit("swiglu", """You add gate and way up. They are multiplied: a closed gate
    lets nothing through.""",
    ("* (x @ w_up)", "+ (x @ w_up)"), common=True)

has_no_gate = edit(
    "swiglu", """Your w_gate has no effect: yours is a feed-forward network with silu and
    without a gate.""",
    ("silu(x @ w_gate) * (x @ w_up)", "silu(x @ w_up)"), denies=True)

has_no_way_up = edit(
    "swiglu", """Your w_up has no effect: what the gate lets through is x @ w_up.""",
    ("silu(x @ w_gate) * (x @ w_up)", "silu(x @ w_gate)"), denies=True)

gates_by_the_sigmoid = edit("swiglu", """Your gate is the sigmoid, as in the first gated units
    (GLU). In swiglu it is silu, x times the sigmoid.""",
    ("silu(x @ w_gate)", "(1 + np.tanh(x @ w_gate / 2)) / 2"))

gates_by_relu = edit("swiglu", """Your gate is relu, which is the variant ReGLU. In swiglu it is
    silu.""",
    ("silu(x @ w_gate)", "np.maximum(x @ w_gate, 0)"))


@probes("swiglu")
def probe_swiglu():
    rng = np.random.default_rng(122)
    w_gate, w_up, w_down = (rng.normal(size=size) for size in ((5, 7), (5, 7), (7, 3)))
    for shape in ((4, 5), (2, 4, 5), (2, 3, 4, 5)):
        yield given(rng.normal(size=shape), w_gate, w_up, w_down)
    yield given(rng.normal(size=(3, 5)), w_gate, 0 * w_up, w_down)
    yield given(rng.normal(size=(3, 5)), 0 * w_gate, w_up, w_down)
    arrays = rng.normal(size=(2, 5)), w_gate, w_up, w_down
    yield given(*(array.astype(np.float32) for array in arrays))
