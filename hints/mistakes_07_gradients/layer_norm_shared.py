"""Mistakes in layer_norm_backward: grad_gain and grad_bias, which all tokens share."""

from tests.runner.diagnosis.known import edit

GAIN = "(grad_out * normed).sum(axis=leading)"
BIAS = "grad_out.sum(axis=leading)"
BOTH = ("(axis=leading)", "(axis=0)", 2)

uses_g_for_the_gain = edit("layer_norm_backward", """Your grad_gain has the gain in it: it is
    made from grad_out times the gain. It should be grad_out times the normed
    numbers, summed over the tokens.""",
    (GAIN, "(g * normed).sum(axis=leading)"), common=True)

uses_x_for_the_gain = edit("layer_norm_backward", """Your grad_gain is grad_out times x. A gain
    multiplies the normed numbers: it should be grad_out times these.""",
    (GAIN, "(grad_out * x).sum(axis=leading)"))

uses_the_output_for_the_gain = edit("layer_norm_backward", """Your grad_gain is grad_out times
    the output of the norm. It should be grad_out times the normed numbers, as they are before
    gain and bias.""",
    (GAIN, "(grad_out * (normed * gain + bias)).sum(axis=leading)"))

uses_the_centred_numbers_for_the_gain = edit("layer_norm_backward", """Your grad_gain is
    grad_out times x minus its mean. It should be divided by the root as well: grad_out times
    the normed numbers.""",
    (GAIN, "(grad_out * normed * std).sum(axis=leading)"))

uses_g_for_the_bias = edit("layer_norm_backward", """Your grad_bias has the gain in it: it is
    made from grad_out times the gain. The bias is added after the gain, so it should be the sum
    of grad_out.""",
    (BIAS, "g.sum(axis=leading)"), common=True)

keeps_a_gain_for_each_token = edit("layer_norm_backward", """Your grad_gain has a row for each
    token. All tokens share one gain: sum over all axes but the last.""",
    (GAIN, "grad_out * normed"), common=True)

keeps_a_bias_for_each_token = edit("layer_norm_backward", """Your grad_bias has a row for each
    token. All tokens share one bias: sum over all axes but the last.""",
    (BIAS, "grad_out.copy()"), common=True)

sums_over_the_first_axis_alone = edit("layer_norm_backward", """You sum over the first axis
    alone. Tokens are along all axes but the last, however many there are: sum over all of these,
    for gain and bias alike.""", BOTH, common=True)

sums_over_the_columns_too = edit("layer_norm_backward", """You sum over the columns too, so that
    a single number is left. Each column has a gain and a bias of its own: sum over all axes but
    the last.""", ("(axis=leading)", "()", 2))

takes_means_over_the_tokens = edit("layer_norm_backward", """You take the mean over the tokens.
    For gain and bias it should be a sum: a parameter that all tokens use gets the sum of their
    gradients.""",
    ("normed).sum(axis=leading)", "normed).mean(axis=leading)"),
    ("grad_out.sum(", "grad_out.mean("), common=True)

returns_the_bias_before_the_gain = edit("layer_norm_backward", """You return grad_bias before
    grad_gain. The order should be that of the arguments: grad_x, grad_gain, grad_bias.""",
    (f"{GAIN}, {BIAS}", f"{BIAS}, {GAIN}"))
