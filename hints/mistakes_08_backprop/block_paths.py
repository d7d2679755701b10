"""Mistakes in transformer_block_backward: residual connections, and each sublayer's grad_out."""

import numpy as np

from tests.forward_08_backprop import narrow, random_block
from tests.runner.diagnosis.known import edit, given, probes

MIDDLE = "grad_middle = grad_out + grad"
GRAD_X = "return grad_middle + grad, {"

forgets_the_second_residual_connection = edit(
    "transformer_block_backward", """Past the feed-forward network nothing comes back. Its
    answer was added to the middle, so the middle gets grad_out as it is, too.""",
    (MIDDLE, "grad_middle = grad"), common=True)

forgets_the_first_residual_connection = edit(
    "transformer_block_backward", """Past attention nothing comes back: grad_x is only what
    went through it. Attention's sublayer was added to x, so x gets the gradient of the middle
    as it is, too.""",
    (GRAD_X, "return grad, {"), common=True)

has_no_residual_connections = edit(
    "transformer_block_backward", """Nothing goes past the two sublayers: grad_x is only what
    went through both. At each plus sign what comes from above goes both ways.""",
    (MIDDLE, "grad_middle = grad"), (GRAD_X, "return grad, {"), common=True)

gives_attention_what_comes_from_above = edit(
    "transformer_block_backward", """Attention gets grad_out from above, past the feed-forward
    network. What attention says is read by that network as well: it gets the gradient of the
    middle.""",
    ("grad_out=grad_middle, mask=mask", "grad_out=grad_out, mask=mask"), common=True)

adds_grad_out_at_the_end = edit(
    "transformer_block_backward", """In grad_x the part is missing that came through the
    feed-forward network and then past attention: you add grad_out at the end. Add the gradient
    of the middle.""",
    (GRAD_X, "return grad_out + grad, {"), common=True)

gives_attention_the_feed_forward_part = edit(
    "transformer_block_backward", """Attention gets only what came through the feed-forward
    network. What goes past it, grad_out, belongs to attention, too: pass on the sum.""",
    (MIDDLE, "through = grad\ngrad_middle = grad_out + grad"),
    ("grad_out=grad_middle, mask=mask", "grad_out=through, mask=mask"))

adds_grad_out_twice = edit("transformer_block_backward", """You add grad_out to grad_x once
    more than you should: the gradient of the middle holds it already.""",
    (GRAD_X, "return grad_out + grad_middle + grad, {"))

adds_into_grad_out = edit("transformer_block_backward", """You add into the caller's
    grad_out, which is no longer the same after the call. Write `grad_out + ...`, which makes a
    new array.""",
    (MIDDLE, "grad_out += grad\ngrad_middle = grad_out"))

leads_back_without_the_mask = edit(
    "transformer_block_backward", """In your backward pass attention hides nothing. Pass the mask
    to `multi_head_attention_backward`, too.""",
    ("grad_out=grad_middle, mask=mask", "grad_out=grad_middle"), common=True)

runs_forward_without_the_mask = edit(
    "transformer_block_backward", """Your middle is that of a block without a mask, so the second
    sublayer's backward pass gets the wrong input. Pass the mask to `multi_head_attention`, too.""",
    ("n_heads=n_heads, mask=mask) normed_2", "n_heads=n_heads)\nnormed_2"), common=True)

has_one_head = edit("transformer_block_backward", """Your block has one head, whatever n_heads
    is. Pass `n_heads` on, forward and back.""",
    ("n_heads=n_heads", "n_heads=1", 2), denies=True)


@probes("transformer_block_backward")
def probe_transformer_block_backward():
    rng = np.random.default_rng(83)
    block = random_block(84, d_model=6, width_k=4, width_v=8, d_ff=5)
    for batch in ((), (2,), (2, 3)):
        x, asked = rng.normal(size=(2, *batch, 4, 6))
        yield given(x, block, 2, asked)
        yield given(x, block, 2, asked, mask=np.tri(4, dtype=bool))
    x, asked = rng.normal(size=(2, 4, 6))
    yield given(narrow(x), narrow(block), 1, narrow(asked), np.tri(4, dtype=bool))
