"""Mistakes in feed_forward_backward, and what tells them apart."""

import numpy as np

from tests.forward_08_backprop import narrow, random_layer
from tests.runner.diagnosis.known import edit, given, probes

THROUGH_GELU = "gelu_backward(wide, grad_units)"
BIASES = "grad_wide.sum(axis=leading), grad_out.sum(axis=leading)"
TO_W_OUT = "linear_backward(gelu(wide), w_out, grad_out)"
TO_W_IN = "linear_backward(x, w_in, grad_wide)"

skips_gelu = edit("feed_forward_backward", """The gradient of the units goes on to w_in, b_in and
    x as it is. Between them and the sums is gelu: go back through that first.""",
    (THROUGH_GELU, "grad_units"), common=True)

takes_the_slope_at_the_units = edit(
    "feed_forward_backward", """The slope of gelu is taken at the units, which have been
    through gelu already. It belongs at the sums that went into it.""",
    (THROUGH_GELU, "gelu_backward(gelu(wide), grad_units)"), common=True)

multiplies_by_gelu = edit("feed_forward_backward", """You multiply by gelu itself. What
    comes from above is multiplied by the slope of gelu: that is `gelu_backward`.""",
    (THROUGH_GELU, "gelu(wide) * grad_units"))

has_the_slope_of_relu = edit("feed_forward_backward", """Your slope is 0 or 1, that of relu.
    The feed-forward network of GPT-2 has gelu, whose slope at 0 is one half.""",
    (THROUGH_GELU, "np.where(wide > 0, grad_units, grad_units.dtype.type(0))"), common=True)

reads_the_sums_into_w_out = edit("feed_forward_backward", """Only the gradient of w_out is wrong:
    it is made with the sums. The inputs of w_out are the units, gelu of the sums.""",
    (TO_W_OUT, "linear_backward(wide, w_out, grad_out)"), common=True)

forgets_b_in_on_the_way_forward = edit(
    "feed_forward_backward", """The sums lack b_in, so units and slopes are those of other sums.
    Run the forward pass as it was: x @ w_in + b_in.""",
    ("x @ w_in + b_in", "x @ w_in"))

gives_b_in_the_gradient_of_the_units = edit(
    "feed_forward_backward", """The gradient of b_in is that of the units, before gelu's
    slope. b_in was added to the sums, so it gets what comes to them.""",
    ("grad_wide.sum", "grad_units.sum"))

sums_no_bias = edit("feed_forward_backward", """The gradients of your biases have a row for
    each token. A bias is one array for all tokens, so it gets their sum, over all axes but the
    last.""",
    (BIASES, "grad_wide, grad_out"), common=True)

sums_biases_over_the_first_axis = edit(
    "feed_forward_backward", """With batch axes the gradients of the biases are not summed to
    the end: only the first axis is gone. Sum over all axes but the last.""",
    (BIASES, "grad_wide.sum(axis=0), grad_out.sum(axis=0)"), common=True)

takes_the_mean_for_biases = edit("feed_forward_backward", """The gradients of the biases are
    means over the tokens. A nudge of a bias moves every token, and the effects add up: it is
    the sum.""",
    (BIASES, "grad_wide.mean(axis=leading), grad_out.mean(axis=leading)"))

adds_grad_out_to_grad_x = edit("feed_forward_backward", """You add grad_out to grad_x. The
    residual connection belongs to the block, which adds it there; the feed-forward network
    itself has none.""",
    ("return grad_x, {", "return (grad_x + grad_out if x.shape == grad_out.shape else grad_x), {"))

goes_back_through_w_out_alone = edit(
    "feed_forward_backward", """The gradient of x has not been through w_in: it is that of the
    sums. Multiply by w_in, transposed: the first answer of the second `linear_backward`.""",
    ("return grad_x, {", "return grad_wide, {"))

exchanges_the_two_layers = edit("feed_forward_backward", """The gradients of w_in and w_out are
    swapped in the dict.""",
    ('"w_in": grad_w_in', '"w_in": grad_w_out'), ('"w_out": grad_w_out', '"w_out": grad_w_in'))


sums_b_out_over_the_first_axis = edit("feed_forward_backward", """The gradient of b_out is summed
    over the first axis alone. With a batch there are more axes in front of the units: sum over
    all of them.""",
    (BIASES, "grad_wide.sum(axis=leading), grad_out.sum(axis=0)"))

sums_b_in_over_two_axes = edit("feed_forward_backward", """The gradient of b_in is summed over the
    first two axes, which is right for one batch axis alone. Sum over all axes but the last, however
    many there are.""",
    (BIASES, "grad_wide.sum(axis=(0, 1)), grad_out.sum(axis=leading)"))

sums_over_two_axes = edit("feed_forward_backward", """The gradients of your biases are summed
    over the first two axes, which is right for one batch axis alone. Sum over all axes but the
    last, however many there are.""",
    (BIASES, "grad_wide.sum(axis=(0, 1)), grad_out.sum(axis=(0, 1))"))

fits_one_text_alone = edit("feed_forward_backward", """Your gradients are right for one text,
    without a batch. With one, `.T` reverses all axes, and a sum over the first axis leaves
    others: `linear_backward` takes any number of them, and a bias the sum over all axes but the
    last.""",
    ("grad_units, grad_w_out = linear_backward(gelu(wide), w_out, grad_out)",
     "grad_units, grad_w_out = grad_out @ w_out.T, gelu(wide).T @ grad_out"),
    ("grad_x, grad_w_in = linear_backward(x, w_in, grad_wide)",
     "grad_x, grad_w_in = grad_wide @ w_in.T, x.T @ grad_wide"),
    (BIASES, "grad_wide.sum(axis=0), grad_out.sum(axis=0)"), speaks_of="T")


@probes("feed_forward_backward")
def probe_feed_forward_backward():
    yield given(**random_layer(n_tokens=3, d_model=4, d_ff=6, d_out=4))
    yield given(**random_layer(2, n_tokens=3, d_model=4, d_ff=6, d_out=5))
    yield given(**random_layer(2, 4, n_tokens=3, d_model=5, d_ff=6, d_out=2))
    yield given(**narrow(random_layer(n_tokens=3, d_model=4, d_ff=6, d_out=5)))
    whole = random_layer(n_tokens=3, d_model=4, d_ff=6, d_out=5)
    yield given(**whole | {"x": np.rint(2 * whole["x"]).astype(int)})
