"""Mistakes in gpt_gradients: the loop back through the blocks; and what tells mistakes apart."""

import numpy as np

from tests.forward_08_backprop import narrow, random_gpt
from tests.runner.diagnosis.known import edit, given, probes

LOOP = "for x, block in zip(reversed(inputs), reversed(params[\"blocks\"])):"
BACK = "transformer_block_backward(x, block, n_heads, grad, mask)"
STEP = f"grad, grad_block = {BACK}"

lists_the_blocks_in_reverse = edit("gpt_gradients", """The gradients of your blocks are in
    reverse order: the last block's come first. The list has the order of params["blocks"].""",
    ("blocks.insert(0, grad_block)", "blocks.append(grad_block)"), common=True)

gives_every_block_the_same_from_above = edit(
    "gpt_gradients", """Every block gets from above what the last one gets, and so do the tables.
    Pass what each block returns, grad_x, to the block before it.""",
    (STEP, f"_, grad_block = {BACK}"))

goes_back_from_the_first_block = edit("gpt_gradients", """You go through the blocks in the
    order of the forward pass. The backward pass begins at the last block: what it returns is
    what the one before it gets from above.""",
    (LOOP, 'for x, block in zip(inputs, params["blocks"]):'),
    ("blocks.insert(0, grad_block)", "blocks.append(grad_block)"))

goes_forward_and_inserts = edit("gpt_gradients", """You go through the blocks in the order of the
    forward pass, and put each in front of the others. The backward pass begins at the last block:
    go through `reversed(...)` of blocks and inputs.""",
    (LOOP, 'for x, block in zip(inputs, params["blocks"]):'), common=True)

pairs_inputs_with_the_wrong_blocks = edit(
    "gpt_gradients", """Each block's backward pass gets the input of another one: blocks run in
    reverse, and their inputs do not.""",
    ("zip(reversed(inputs), reversed", "zip(inputs, reversed"))

leads_back_from_the_embedding = edit("gpt_gradients", """Every block's backward pass gets the
    embedding as its input. Keep what came into each block in the forward pass, and give each its
    own.""",
    (BACK, BACK.replace("(x,", "(inputs[0],")))

leads_back_from_outputs = edit("gpt_gradients", """Each block's backward pass gets its own output
    as its input. Keep what came *into* it: the append comes before the block runs.""",
    ("inputs.append(x) x = transformer_block(x, block, n_heads, mask)",
     "x = transformer_block(x, block, n_heads, mask)\ninputs.append(x)"), common=True)

hides_nothing_on_the_way_back = edit("gpt_gradients", """In the backward pass your blocks have no
    mask, and each token gets a gradient from earlier ones. Pass them the causal mask of the
    forward pass.""",
    (BACK, BACK.replace(", mask)", ")")), common=True)

leads_back_the_last_block_alone = edit("gpt_gradients", """Only the last block has a backward
    pass; those before it have no gradients. The loop goes on to the first block.""",
    ("reversed(params[\"blocks\"])):", "params[\"blocks\"][-1:]):"))

goes_past_the_blocks = edit("gpt_gradients", """The tables get what comes to the last block,
    as if there were no blocks. Go on from what the first block returns.""",
    (LOOP, f"above = grad\n{LOOP}"), ('grads = {', "grad = above\ngrads = {"))

skips_norm_f = edit("gpt_gradients", """What comes back through the logits goes to the last block
    as it is. Between them is norm_f: go back through that.""",
    ("grad, gain, bias = layer_norm_backward", "_, gain, bias = layer_norm_backward"), common=True)

gives_norm_f_what_it_answered = edit("gpt_gradients", """Your backward pass of norm_f gets its
    output as x, which is normed already. Its input is the output of the last block.""",
    ("layer_norm_backward(x, **", "layer_norm_backward(normed, **"))

forgets_attention = edit("gpt_gradients", """Every gradient in attention is zero, so attention
    learns nothing. The loss would still fall, for a while: the other parts learn.""",
    ("blocks.insert(0, grad_block)",
     "zeros = {name: 0 * grad for name, grad in grad_block[\"attention\"].items()}\n"
     "blocks.insert(0, grad_block | {\"attention\": zeros})"))


@probes("gpt_gradients")
def probe_gpt_gradients():
    rng = np.random.default_rng(85)
    params, untied = random_gpt(), random_gpt(2, untied=True)
    for shape in ((4,), (3, 4), (2, 3, 4)):
        ids, targets = rng.integers(9, size=(2, *shape))
        yield given(ids, targets, params, 2)
        yield given(ids, np.where(rng.random(shape) < 0.4, 5, targets), untied, 1, ignore_index=5)
    ids, targets = rng.integers(9, size=(2, 2, 7))
    yield given(ids, np.where(rng.random((2, 7)) < 0.5, -1, targets), params, 2)
    yield given(ids[:, :5], targets[:, :5], narrow(params), 2)
    yield given(ids[0, :4], targets[0, :4], params | {"blocks": []}, 2)
