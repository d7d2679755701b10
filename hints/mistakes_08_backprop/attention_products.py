"""Mistakes in attention_backward: scale, products, transposes; and what tells mistakes apart."""

import numpy as np

from tests.forward_08_backprop import narrow, random_attention
from tests.runner.diagnosis.known import edit, given, probes

SCALE = "/ math.sqrt(q.shape[-1])"
GRAD_K = "grad_scores.swapaxes(-1, -2) @ q"
GRAD_V = "weights.swapaxes(-1, -2) @ grad_out"
THREE = f"grad_scores @ k, {GRAD_K}, grad_v"

forgets_the_scale = edit("attention_backward", """In your grad_q and grad_k the factor
    1 / sqrt(d_k) is missing. The scores were divided by the root in the forward pass, so what
    comes back through them is divided by it, too.""",
    (SCALE, ""), common=True)

scales_twice = edit("attention_backward", """Your grad_q and grad_k are too small by a
    factor of sqrt(d_k): you divide by d_k, or by its root twice. The scores were divided once.""",
    (SCALE, "/ q.shape[-1]"))

multiplies_by_the_scale = edit("attention_backward", """You multiply by sqrt(d_k) in the backward
    pass. A quotient stays a quotient: the slope of x / c is 1 / c.""",
    (SCALE, "* math.sqrt(q.shape[-1])"))

scales_by_the_width_of_values = edit(
    "attention_backward", """You divide by the root of d_v. Scores were divided by the root of
    d_k, the width of queries and keys.""",
    (SCALE, "/ math.sqrt(v.shape[-1])"))

scales_the_values_too = edit("attention_backward", """Your grad_v is divided by sqrt(d_k) as
    well. Only scores were scaled, and the values were blended by the weights as they are.""",
    (GRAD_V, f"{GRAD_V} {SCALE}"))

scales_the_queries_alone = edit("attention_backward", """In your grad_k the factor
    1 / sqrt(d_k) is missing, and grad_q has it. The scale belongs to the scores, so it reaches
    both.""",
    (THREE,
     "grad_scores @ k, grad_scores.swapaxes(-1, -2) @ (q * math.sqrt(q.shape[-1])), grad_v"))

gives_queries_to_queries = edit("attention_backward", """Your grad_q is made of queries, and
    your grad_k of keys. A score is a query times a key, so a nudge of the query counts by the
    key, and the other way round.""",
    (THREE, "grad_scores @ q, grad_scores.swapaxes(-1, -2) @ k, grad_v"))

transposes_the_wrong_scores = edit("attention_backward", """The transpose is in the wrong
    place: your grad_q mixes by the columns of the scores' gradient, and your grad_k by its
    rows. A query has a row, a key has a column.""",
    (THREE, "grad_scores.swapaxes(-1, -2) @ k, grad_scores @ q, grad_v"), common=True)

forgets_to_transpose_for_the_keys = edit(
    "attention_backward", """In grad_k each key gets the row of a query. A key gets its column of
    the scores' gradient, from all queries: swap the last two axes before you multiply.""",
    (GRAD_K, "grad_scores @ q"))

forgets_to_transpose_for_the_values = edit(
    "attention_backward", """Your grad_v is blended as in the forward pass, by rows of the
    weights. A value goes to all queries, so it gets a column: swap the last two axes.""",
    (GRAD_V, "weights @ grad_out"), common=True)

makes_the_keys_fit_with_a_reshape = edit(
    "attention_backward", """Your grad_k has the right shape and its numbers in the wrong
    places. Queries transposed times the scores' gradient is grad_k transposed, and a reshape
    does not turn it back.""",
    (GRAD_K, "(q.swapaxes(-1, -2) @ grad_scores).reshape(k.shape)"), speaks_of="reshape")

reverses_all_axes = edit("attention_backward", """`.T` reverses every axis, so with batch axes it
    swaps samples with tokens. `swapaxes(-1, -2)` swaps the last two.""",
    ("weights.swapaxes(-1, -2)", "weights.T"), ("v.swapaxes(-1, -2)", "v.T"),
    ("grad_scores.swapaxes(-1, -2)", "grad_scores.T"), speaks_of="T", common=True)

blends_the_scores_for_the_values = edit(
    "attention_backward", """Your grad_v is made with the gradient of the scores. A value was
    blended by the weights, so its gradient is what comes from above, blended by the same
    weights.""",
    ("return grad_scores",
     "grad_v = grad_scores.swapaxes(-1, -2) @ grad_out * 1\nreturn grad_scores"))

answers_values_first = edit("attention_backward", """Your three gradients come in the order
    values, keys, queries. The order is that of the arguments: q, k, v.""",
    (THREE, f"grad_v, {GRAD_K}, grad_scores @ k"))

widens_float32_by_the_root = edit("attention_backward", """Of float32 you make float64 by a
    NumPy number such as `np.sqrt(d_k)`. A Python float, `math.sqrt(d_k)`, widens nothing.""",
    (SCALE, "/ np.sqrt(q.shape[-1])"), speaks_of="sqrt")


@probes("attention_backward")
def probe_attention_backward():
    rng = np.random.default_rng(81)
    small = random_attention(n_queries=4, n_keys=6, d_k=2, d_v=3)
    yield given(**small)
    yield given(**random_attention(3, n_queries=4, n_keys=4, d_k=5, d_v=2))
    yield given(**random_attention(2, 5, n_queries=4, n_keys=6, d_k=2, d_v=3))
    holes = rng.random((2, 4, 6)) < 0.5
    holes[0, 1] = False
    yield given(**random_attention(2, n_queries=4, n_keys=6, d_k=2, d_v=3), mask=holes)
    yield given(**small | {"q": 1000 * small["q"]})
    yield given(**narrow(small), mask=np.tri(4, 6, dtype=bool))
