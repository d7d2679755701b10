"""Mistakes in linear_backward: what is transposed, what is summed, and what comes first."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

PRODUCT = "rows.swapaxes(-1, -2) @ grad_rows"

does_not_turn_w = edit("linear_backward", """You multiply grad_out by w as it is. What w takes
    to the outputs, its transpose takes back: grad_out W^T.""",
    ("w.swapaxes(-1, -2)", "w"), common=True)

reshapes_w = edit("linear_backward", """You reshape w to (d_out, d_in), which puts its numbers in
    a new order. Its rows should become columns: swap the axes.""",
    ("w.swapaxes(-1, -2)", "w.reshape(w.shape[::-1])"))

forgets_grad_out_in_grad_x = edit("linear_backward", """Your grad_x is the sum of w's columns,
    the same for every token: grad_out has no effect on it. Multiply grad_out by the transpose of
    w.""",
    ("grad_x = grad_out @", "grad_x = np.ones_like(grad_out) @"), denies=True)

keeps_a_table_for_each_sequence = edit("linear_backward", """Your grad_w has a table for each
    sequence of the batch. All of them share one w: add the tables up.""",
    (PRODUCT, "x.swapaxes(-1, -2) @ grad_out"), common=True)

adds_up_one_batch_axis = edit("linear_backward", """You add up over the first axis alone, and a
    batch may have several axes, or none. Sum over all axes but the last two of the tables.""",
    (PRODUCT, "(x.swapaxes(-1, -2) @ grad_out).sum(axis=0)"))

takes_the_mean_over_all_tokens = edit("linear_backward", """Your grad_w is a mean over all
    tokens. It should be their sum: a parameter that is used many times gets the sum.""",
    ("@ grad_rows", "@ grad_rows / len(rows)"), common=True)

takes_the_mean_over_the_batch = edit("linear_backward", """Your grad_w is a mean over the
    sequences of the batch. It should be a sum over all tokens of all sequences.""",
    ("@ grad_rows", "@ grad_rows / (len(rows) // x.shape[-2])"))

gives_grad_w_as_pytorch_has_it = edit("linear_backward", """Your grad_w is (d_out, d_in): the
    layout of nn.Linear in PyTorch, which is another convention. Here it should have the shape
    of w, (d_in, d_out).""",
    ("rows.swapaxes(-1, -2) @ grad_rows", "grad_rows.swapaxes(-1, -2) @ rows"), common=True)

returns_grad_w_first = edit("linear_backward", """You return grad_w first. The order should be
    that of the arguments: grad_x, then grad_w.""",
    ("return grad_x, rows.swapaxes(-1, -2) @ grad_rows",
     "return rows.swapaxes(-1, -2) @ grad_rows, grad_x"))

reshapes_the_tokens = edit("linear_backward", """You reshape x to (d_in, tokens), which puts its
    numbers in a new order. Flatten the tokens first, and then swap the two axes.""",
    ("rows.swapaxes(-1, -2)", "x.reshape(x.shape[-1], -1)"))

reverses_all_axes_of_x = edit("linear_backward", """`x.T` reverses all axes of x, the batch too.
    Swap only the last two, or flatten the batch first.""",
    (PRODUCT, "x.T @ grad_out"), speaks_of="T")

sums_grad_x_over_the_tokens = edit("linear_backward", """Your grad_x is summed over the tokens.
    Every token has a gradient of its own: grad_x should have the shape of x.""",
    ("return grad_x,", "return grad_x.sum(axis=-2),"))


@mistake("linear_backward", """Your grad_w is that of the last sequence alone: each one replaces
    the one before. Add them up.""")
def takes_the_last_sequence_alone(x, w, grad_out):
    grad_w = np.zeros_like(w)
    for sequence in np.ndindex(x.shape[:-2]):
        grad_w = x[sequence].swapaxes(-1, -2) @ grad_out[sequence]
    return grad_out @ w.swapaxes(-1, -2), grad_w


@mistake("linear_backward", """You add up in an array of zeros without a dtype: grad_w is
    float64, whatever w is. Give the zeros the dtype of w.""",
    speaks_of=("zeros", "empty", "ones", "full"))
def adds_up_in_float64(x, w, grad_out):
    grad_w = np.zeros(w.shape)
    for row, above in zip(x.reshape(-1, x.shape[-1]), grad_out.reshape(-1, grad_out.shape[-1])):
        grad_w += np.outer(row, above)
    return grad_out @ w.swapaxes(-1, -2), grad_w


@probes("linear_backward")
def probe_linear_backward():
    rng = np.random.default_rng(70)
    for batch, d_in, d_out in (((), 3, 3), ((), 2, 4), ((2,), 3, 2), ((3, 2), 4, 3), ((1,), 3, 5)):
        shapes = (*batch, 4, d_in), (d_in, d_out), (*batch, 4, d_out)
        yield given(*(rng.normal(size=shape) for shape in shapes))
    narrow = (rng.normal(size=shape).astype(np.float32) for shape in ((2, 4, 3), (3, 2), (2, 4, 2)))
    yield given(*narrow)
    yield given(rng.integers(-3, 4, (4, 3)), rng.normal(size=(3, 2)), rng.normal(size=(4, 2)))
