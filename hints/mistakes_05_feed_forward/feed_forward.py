"""Mistakes in feed_forward: the two layers, their biases and the activation between them."""

import numpy as np
from kata_05_feed_forward import relu

from tests.runner.diagnosis.known import edit, given, probes

forgets_the_bend = edit("feed_forward", """No activation reaches your output, and two layers
    without one are no more than one layer. What activation(...) returns should go into the
    second layer.""",
    ("return activation", "return"), common=True)

always_bends_with_gelu = edit("feed_forward", """You always use gelu: the activation that is
    given has no effect.""",
    ("return activation", "return gelu"), common=True, denies=True)

always_bends_with_relu = edit("feed_forward", """You always use relu: the activation that is
    given has no effect, and the default should be gelu.""",
    ("return activation", "return relu"), common=True, denies=True)

bends_with_relu_by_default = edit("feed_forward", """You use relu when no activation is given.
    The default should be gelu, as in the stub.""",
    ("gelu", "relu"))

does_not_bend_by_default = edit("feed_forward", """You use no activation when none is given. The
    default should be gelu, as in the stub.""",
    ("gelu", "lambda wide: wide"))

bends_the_output = edit("feed_forward", """You apply the activation to the output, and not to the
    first layer. It belongs between the two layers.""",
    ("activation(x @ w_in + b_in) @ w_out + b_out",
     "activation((x @ w_in + b_in) @ w_out + b_out)"), common=True)

bends_the_output_too = edit("feed_forward", """You apply the activation twice: to the output as
    well. It belongs only between the two layers; nothing comes after the second.""",
    ("activation(x @ w_in + b_in) @ w_out + b_out",
     "activation(activation(x @ w_in + b_in) @ w_out + b_out)"))

bends_the_input = edit("feed_forward", """You apply the activation to x, before the first layer.
    It belongs after that layer.""",
    ("activation(x @ w_in + b_in)", "(activation(x) @ w_in + b_in)"))

bends_twice_in_a_row = edit("feed_forward", """You apply the activation to the first layer twice
    in a row. Once is enough.""",
    ("x @ w_in + b_in", "activation(x @ w_in + b_in)"))

multiplies_the_bend_by_its_input = edit("feed_forward", """You multiply the activation by its own
    input. That is a gate, as in newer models; here only the output of activation(...) should be
    passed on.""",
    ("activation(x @ w_in + b_in)", "((x @ w_in + b_in) * activation(x @ w_in + b_in))"))

forgets_the_bias_inside = edit("feed_forward", """Your first layer has no bias: b_in has no
    effect.""",
    ("w_in + b_in", "w_in"), common=True, denies=True)

forgets_the_bias_outside = edit("feed_forward", """Your second layer has no bias: b_out has no
    effect.""",
    ("w_out + b_out", "w_out"), common=True, denies=True)

forgets_both_biases = edit("feed_forward", """Your layers have no biases. b_in belongs to the
    first layer, b_out to the second.""",
    ("activation(x @ w_in + b_in) @ w_out + b_out", "activation(x @ w_in) @ w_out"))

adds_the_bias_after_the_bend = edit("feed_forward", """You add b_in after the activation. It
    belongs inside: activation(x W_in + b_in).""",
    ("activation(x @ w_in + b_in)", "(activation(x @ w_in) + b_in)"), common=True)

adds_the_last_bias_too_early = edit("feed_forward", """You add b_out before the second product.
    It has d_out numbers, and should be added last.""",
    ("activation(x @ w_in + b_in) @ w_out + b_out",
     "(activation(x @ w_in + b_in) + b_out) @ w_out"))

adds_the_bias_to_the_weights = edit("feed_forward", """You add b_out to w_out, before the
    product. It should be added to the product, once for each output.""",
    ("w_out + b_out", "(w_out + b_out)"))

exchanges_the_biases = edit("feed_forward", """Your two biases are swapped: b_in, (d_ff,),
    belongs with w_in, and b_out, (d_out,), with w_out.""",
    ("w_in + b_in", "w_in + b_out"), ("w_out + b_out", "w_out + b_in"))

uses_the_first_bias_twice = edit("feed_forward", """Both your layers use b_in. The second should
    use a bias of its own, b_out.""",
    ("w_out + b_out", "w_out + b_in"))

subtracts_the_bias_inside = edit("feed_forward", """You subtract a bias. Both should be added.""",
    ("w_in +", "w_in -"))

exchanges_the_matrices = edit("feed_forward", """Your two matrices are swapped: w_in, (d_model,
    d_ff), should come first, then w_out, (d_ff, d_out).""",
    ("@ w_in", "@ w_out"), ("@ w_out", "@ w_in"))

goes_back_by_the_first_matrix = edit("feed_forward", """Your second layer multiplies by w_in
    transposed. It should use a matrix of its own, w_out.""",
    ("@ w_out", "@ w_in.T"))

uses_the_first_matrix_twice = edit("feed_forward", """Both your layers multiply by w_in. The
    second should use a matrix of its own, w_out.""",
    ("w_out + b_out", "w_in + (b_out if own else b_in)"), own=(True, False))

uses_the_second_matrix_twice = edit("feed_forward", """Both your layers multiply by w_out. The
    first should use a matrix of its own, w_in.""",
    ("w_in + b_in", "w_out + (b_in if own else b_out)"), own=(True, False))

stops_after_the_bend = edit("feed_forward", """You return what the first layer and its activation
    make, d_ff wide. The second layer is missing.""",
    ("@ w_out + b_out", ""), denies=True)

adds_the_shortcut_here = edit("feed_forward", """You add x to the output, or try to. That
    residual connection belongs in transformer_block; return only the two layers' output here.""",
    ("return", "return x +"), common=True)

scales_the_inner_layer = edit("feed_forward", """You divide the first layer by the root of a
    width. That belongs to attention scores; nothing should be scaled here.""",
    ("@ w_in", "@ w_in / x.shape[-1] ** 0.5"))


@probes("feed_forward")
def probe_feed_forward():
    rng = np.random.default_rng(3)

    def layer(*batch, sizes):
        n_tokens, d_model, d_ff, d_out = sizes
        return [rng.normal(size=size) for size in
                ((*batch, n_tokens, d_model), (d_model, d_ff), d_ff, (d_ff, d_out), d_out)]

    yield given(*layer(sizes=(3, 3, 3, 3)))
    yield given(*layer(sizes=(3, 4, 6, 5)), np.cos)
    yield given(*layer(sizes=(3, 4, 7, 4)))
    yield given(*layer(sizes=(3, 4, 7, 4)), relu)
    yield given(*layer(3, sizes=(3, 3, 3, 3)))
    yield given(*layer(2, sizes=(3, 4, 6, 5)))
    yield given(*layer(2, 5, sizes=(3, 4, 6, 4)), activation=np.tanh)
    # Halves: products and sums of them are exact in float32, in any order.
    yield given(*(np.rint(2 * array).astype(np.float32) / 2 for array in layer(sizes=(3, 4, 6, 5))),
                np.abs)
    yield given(*(np.rint(2 * array).astype(np.float32) / 2 for array in layer(sizes=(3, 4, 6, 5))))
    x, *weights = layer(sizes=(3, 4, 6, 5))
    yield given(np.rint(3 * x).astype(int), *weights)
