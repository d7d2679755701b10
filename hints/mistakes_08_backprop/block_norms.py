"""Mistakes in transformer_block_backward: the norms, and what each part has read."""

from tests.runner.diagnosis.known import edit

NORM_2 = 'layer_norm_backward(middle, **block["norm_2"], grad_out=grad)'
NORM_1 = 'layer_norm_backward(x, **block["norm_1"], grad_out=grad)'

skips_norm_2 = edit("transformer_block_backward", """What comes out of the feed-forward
    network goes to the middle as it is. Between them stands norm_2: take it back through that.""",
    (f"grad, gain_2, bias_2 = {NORM_2}", f"_, gain_2, bias_2 = {NORM_2}"))

skips_norm_1 = edit("transformer_block_backward", """What comes out of attention goes to x
    as it is. Between them stands norm_1: take it back through that.""",
    (f"grad, gain_1, bias_1 = {NORM_1}", f"_, gain_1, bias_1 = {NORM_1}"))

gives_norm_2_what_it_answered = edit(
    "transformer_block_backward", """Your norm_2 is led back from its own answer, which is
    normed already. What it has read is the middle.""",
    (NORM_2, NORM_2.replace("(middle,", "(normed_2,")), common=True)

gives_norm_1_what_it_answered = edit(
    "transformer_block_backward", """Your norm_1 is led back from its own answer, which is
    normed already. What it has read is x.""",
    (NORM_1, NORM_1.replace("(x,", "(normed_1,")))

leads_norm_2_back_from_x = edit(
    "transformer_block_backward", """Your norm_2 is led back from x. What it has read is the
    middle, the stream after attention has been added.""",
    (NORM_2, NORM_2.replace("(middle,", "(x,")))

feeds_the_middle_without_its_norm = edit(
    "transformer_block_backward", """The feed-forward network is led back from the middle
    itself. What it has read is norm_2 of the middle.""",
    ('feed_forward_backward( normed_2,', "feed_forward_backward(\n    middle,"))

attends_to_x_without_its_norm = edit(
    "transformer_block_backward", """Attention is led back from x itself. What it has read is
    norm_1 of x.""",
    ("multi_head_attention_backward( normed_1,", "multi_head_attention_backward(\n    x,"))

feeds_the_norm_of_x = edit("transformer_block_backward", """The second sublayer is led back
    as if it had read x. It reads the middle: x, and what attention has added.""",
    ('layer_norm(middle, **block["norm_2"])', 'layer_norm(x, **block["norm_2"])'),
    (NORM_2, NORM_2.replace("(middle,", "(x,")))

adds_nothing_to_the_middle = edit(
    "transformer_block_backward", """Your middle is what attention says alone. On the way
    forward x was added to it.""",
    ('middle = x + multi_head_attention', "middle = multi_head_attention"))

uses_norm_1_twice = edit("transformer_block_backward", """Your norm_1 stands in front of
    both sublayers of yours. The second sublayer has a norm of its own, norm_2.""",
    ('**block["norm_2"]', '**block["norm_1"]', 2))

exchanges_the_norms = edit("transformer_block_backward", """Your grad_x is right, and the
    gradients of norm_1 and norm_2 have changed their names.""",
    ('"norm_1": {"gain": gain_1, "bias": bias_1}', '"norm_1": {"gain": gain_2, "bias": bias_2}'),
    ('"norm_2": {"gain": gain_2, "bias": bias_2}', '"norm_2": {"gain": gain_1, "bias": bias_1}'))

exchanges_gain_and_bias = edit(
    "transformer_block_backward", """The gradients of gain and bias have changed places.
    `layer_norm_backward` gives that of x first, then gain, then bias.""",
    ("grad, gain_2, bias_2 =", "grad, bias_2, gain_2 ="),
    ("grad, gain_1, bias_1 =", "grad, bias_1, gain_1 ="))
