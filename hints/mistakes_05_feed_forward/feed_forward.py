"""Mistakes in feed_forward: the two layers, their biases and the bend between them."""

import numpy as np
from kata_05_feed_forward import gelu, relu

from tests.runner.mistakes import given, mistake, probes


@mistake("feed_forward", """No bend reaches your answer, and two layers without one are no more than
    one layer. What activation(...) makes of the first goes on to the second.""", common=True)
def forgets_the_bend(x, w_in, b_in, w_out, b_out, activation=gelu):
    return (x @ w_in + b_in) @ w_out + b_out


@mistake("feed_forward", """Yours always bends with gelu: the activation that was given plays no part.""",
         common=True)
def always_bends_with_gelu(x, w_in, b_in, w_out, b_out, activation=gelu):
    return gelu(x @ w_in + b_in) @ w_out + b_out


@mistake("feed_forward", """Yours always bends with relu: the activation that was given plays no part,
    and gelu is the default.""", common=True)
def always_bends_with_relu(x, w_in, b_in, w_out, b_out, activation=gelu):
    return relu(x @ w_in + b_in) @ w_out + b_out


@mistake("feed_forward", """Where no activation is given, yours bends with relu. The default is gelu, as
    in the stub.""")
def bends_with_relu_by_default(x, w_in, b_in, w_out, b_out, activation=relu):
    return activation(x @ w_in + b_in) @ w_out + b_out


@mistake("feed_forward", """Where no activation is given, nothing bends in yours. The default is gelu, as in the
    stub.""")
def does_not_bend_by_default(x, w_in, b_in, w_out, b_out, activation=lambda wide: wide):
    return activation(x @ w_in + b_in) @ w_out + b_out


@mistake("feed_forward", """Your output is bent, and the layer inside is not. The bend comes between the
    two layers.""", common=True)
def bends_the_output(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation((x @ w_in + b_in) @ w_out + b_out)


@mistake("feed_forward", """Yours bends twice: the output is bent too. The bend comes between the two
    layers, and nothing after the second.""")
def bends_the_output_too(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(activation(x @ w_in + b_in) @ w_out + b_out)


@mistake("feed_forward", """Yours bends x, before the first layer. The bend comes after it.""")
def bends_the_input(x, w_in, b_in, w_out, b_out, activation=gelu):
    return (activation(x) @ w_in + b_in) @ w_out + b_out


@mistake("feed_forward", """The first layer is bent twice in a row. Once is asked for.""")
def bends_twice_in_a_row(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(activation(x @ w_in + b_in)) @ w_out + b_out


@mistake("feed_forward", """The bend is multiplied by what was bent. That is a gate, as in newer models;
    here activation(...) alone goes on.""")
def multiplies_the_bend_by_its_input(x, w_in, b_in, w_out, b_out, activation=gelu):
    return ((x @ w_in + b_in) * activation(x @ w_in + b_in)) @ w_out + b_out


@mistake("feed_forward", """Your first layer has no bias: b_in plays no part.""", common=True)
def forgets_the_bias_inside(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in) @ w_out + b_out


@mistake("feed_forward", """Your second layer has no bias: b_out plays no part.""", common=True)
def forgets_the_bias_outside(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in + b_in) @ w_out


@mistake("feed_forward", """There are no biases in yours: b_in belongs to the first layer, b_out to the
    second.""")
def forgets_both_biases(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in) @ w_out


@mistake("feed_forward", """Your b_in is added after the bend. It belongs inside: activation(x W_in +
    b_in).""", common=True)
def adds_the_bias_after_the_bend(x, w_in, b_in, w_out, b_out, activation=gelu):
    return (activation(x @ w_in) + b_in) @ w_out + b_out


@mistake("feed_forward", """Your b_out is added before the second product. It has d_out numbers, and
    comes last.""")
def adds_the_last_bias_too_early(x, w_in, b_in, w_out, b_out, activation=gelu):
    return (activation(x @ w_in + b_in) + b_out) @ w_out


@mistake("feed_forward", """A bracket makes your b_out a part of w_out. It is added to the product, once
    for each output.""")
def adds_the_bias_to_the_weights(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in + b_in) @ (w_out + b_out)


@mistake("feed_forward", """The two biases have changed places: b_in, (d_ff,), goes with w_in, and b_out,
    (d_out,), with w_out.""")
def exchanges_the_biases(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in + b_out) @ w_out + b_in


@mistake("feed_forward", """Both layers have b_in for a bias. The second has one of its own, b_out.""")
def uses_the_first_bias_twice(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in + b_in) @ w_out + b_in


@mistake("feed_forward", """A bias is subtracted. Both are added.""")
def subtracts_the_bias_inside(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in - b_in) @ w_out + b_out


@mistake("feed_forward", """The two matrices have changed places: w_in, (d_model, d_ff), comes first,
    then w_out, (d_ff, d_out).""")
def exchanges_the_matrices(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_out + b_in) @ w_in + b_out


@mistake("feed_forward", """You go out by w_in on its side. The second layer has a matrix of its own:
    w_out.""")
def goes_back_by_the_first_matrix(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in + b_in) @ w_in.T + b_out


@mistake("feed_forward", """Your answer is what the first layer and its bend make, d_ff wide. The second
    layer is missing.""")
def stops_after_the_bend(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in + b_in)


@mistake("feed_forward", """You add x to the answer, or try to. That shortcut comes in transformer_block;
    the answer of the two layers alone is asked for.""", common=True)
def adds_the_shortcut_here(x, w_in, b_in, w_out, b_out, activation=gelu):
    return x + activation(x @ w_in + b_in) @ w_out + b_out


@mistake("feed_forward", """Your inner layer is divided by the root of a width. That belongs to attention
    scores; nothing is scaled here.""")
def scales_the_inner_layer(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in / x.shape[-1] ** 0.5 + b_in) @ w_out + b_out


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
    yield given(*(np.rint(2 * array).astype(np.float32) / 2 for array in layer(sizes=(3, 4, 6, 5))), np.abs)
    yield given(*(np.rint(2 * array).astype(np.float32) / 2 for array in layer(sizes=(3, 4, 6, 5))))
    x, *weights = layer(sizes=(3, 4, 6, 5))
    yield given(np.rint(3 * x).astype(int), *weights)
