"""Mistakes in transformer_block_backward: the norms, and the input of each part."""

from tests.runner.diagnosis.known import edit

NORM_2 = 'layer_norm_backward(middle, **block["norm_2"], grad_out=grad)'
NORM_1 = 'layer_norm_backward(x, **block["norm_1"], grad_out=grad)'

skips_norm_2 = edit("transformer_block_backward", """What comes out of the feed-forward network
    goes to the middle as it is. Between them is norm_2: go back through that.""",
    (f"grad, gain_2, bias_2 = {NORM_2}", f"_, gain_2, bias_2 = {NORM_2}"))

skips_norm_1 = edit("transformer_block_backward", """What comes out of attention goes to x as it
    is. Between them is norm_1: go back through that.""",
    (f"grad, gain_1, bias_1 = {NORM_1}", f"_, gain_1, bias_1 = {NORM_1}"))

gives_norm_2_what_it_answered = edit(
    "transformer_block_backward", """Your backward pass of norm_2 gets its output as x, which is
    normed already. Its input is the middle.""",
    (NORM_2, NORM_2.replace("(middle,", "(normed_2,")), common=True)

gives_norm_1_what_it_answered = edit(
    "transformer_block_backward", """Your backward pass of norm_1 gets its output as x, which is
    normed already. Its input is x.""",
    (NORM_1, NORM_1.replace("(x,", "(normed_1,")))

leads_norm_2_back_from_x = edit(
    "transformer_block_backward", """Your backward pass of norm_2 gets x. Its input is the
    middle, the stream after attention has been added.""",
    (NORM_2, NORM_2.replace("(middle,", "(x,")))

feeds_the_middle_without_its_norm = edit(
    "transformer_block_backward", """The backward pass of the feed-forward network gets the
    middle itself. Its input is norm_2 of the middle.""",
    ('feed_forward_backward( normed_2,', "feed_forward_backward(\n    middle,"))

attends_to_x_without_its_norm = edit(
    "transformer_block_backward", """The backward pass of attention gets x itself. Its input is
    norm_1 of x.""",
    ("multi_head_attention_backward( normed_1,", "multi_head_attention_backward(\n    x,"))

feeds_the_norm_of_x = edit("transformer_block_backward", """The backward pass of the second
    sublayer gets x as its input. It reads the middle: x, and what attention has added.""",
    ('layer_norm(middle, **block["norm_2"])', 'layer_norm(x, **block["norm_2"])'),
    (NORM_2, NORM_2.replace("(middle,", "(x,")))

adds_nothing_to_the_middle = edit(
    "transformer_block_backward", """Your middle is the output of attention alone. In the forward
    pass x was added to it.""",
    ('middle = x + multi_head_attention', "middle = multi_head_attention"))

leads_norm_1_back_from_the_middle = edit("transformer_block_backward", """The backward pass of
    norm_1 is given what comes after attention, and not what came into the block. Is `x`
    overwritten on the way forward? Give the middle a name of its own.""",
    ('layer_norm_backward(x, **block["norm_1"]', 'layer_norm_backward(middle, **block["norm_1"]'),
    common=True)

is_normed_after_each_sum = edit("transformer_block_backward", """Your block is post-norm, as in
    2017: each norm stands after a sum. Here a norm stands before its sublayer, and nothing
    stands on the residual stream itself.""",
    ('normed_1 = layer_norm(x, **block["norm_1"])', "normed_1 = x"),
    ("middle = x", "first = x"),
    ('normed_2 = layer_norm(middle, **block["norm_2"])',
     'normed_2 = layer_norm(first, **block["norm_1"])\n'
     'hidden = gelu(normed_2 @ block["feed_forward"]["w_in"] + block["feed_forward"]["b_in"])\n'
     'last = hidden @ block["feed_forward"]["w_out"] + block["feed_forward"]["b_out"]\n'
     'grad_out, gain_2, bias_2 = layer_norm_backward(\n'
     '    normed_2 + last, **block["norm_2"], grad_out=grad_out)'),
    ('grad, gain_2, bias_2 = layer_norm_backward(middle, **block["norm_2"], grad_out=grad)',
     'grad_middle, gain_1, bias_1 = layer_norm_backward(\n'
     '    first, **block["norm_1"], grad_out=grad_out + grad)'),
    ("grad_middle = grad_out + grad", ""),
    ('grad, gain_1, bias_1 = layer_norm_backward(x, **block["norm_1"], grad_out=grad)', ""))

uses_norm_1_twice = edit("transformer_block_backward", """Both of your sublayers use norm_1. The
    second sublayer has a norm of its own, norm_2.""",
    ('**block["norm_2"]', '**block["norm_1"]', 2))

exchanges_the_norms = edit("transformer_block_backward", """Your grad_x is right, but the
    gradients of norm_1 and norm_2 are swapped.""",
    ('"norm_1": {"gain": gain_1, "bias": bias_1}', '"norm_1": {"gain": gain_2, "bias": bias_2}'),
    ('"norm_2": {"gain": gain_2, "bias": bias_2}', '"norm_2": {"gain": gain_1, "bias": bias_1}'))

exchanges_gain_and_bias = edit(
    "transformer_block_backward", """The gradients of gain and bias are swapped.
    `layer_norm_backward` gives that of x first, then gain, then bias.""",
    ("grad, gain_2, bias_2 =", "grad, bias_2, gain_2 ="),
    ("grad, gain_1, bias_1 =", "grad, bias_1, gain_1 ="))
