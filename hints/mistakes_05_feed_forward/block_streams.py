"""Mistakes in transformer_block: residual connections, and what reads what."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.diagnosis.known import edit, given, mistake, probes


@mistake("transformer_block", """Your norms come last, after each sum: post-norm, as in the paper
    of 2017. GPT-2 is pre-norm: they should come first, and the residual stream itself should not
    be normalised.""", common=True)
def puts_the_norms_last(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """Your block is that of 2017: the norms come last, after each sum,
    and the activation is ReLU. In GPT-2 the norms come first, and the activation is GELU.""")
def builds_the_block_of_2017(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      **block["norm_2"])


@mistake("transformer_block", """Your block has no residual connections: each sublayer's output
    replaces x. Add it to x instead.""")
def has_no_shortcuts(x, block, n_heads, mask=None):
    x = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                             n_heads=n_heads, mask=mask)
    return feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your attention has no residual connection: its output replaces x.
    Add it to x.""", common=True)
def has_no_first_shortcut(x, block, n_heads, mask=None):
    x = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                             n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


has_no_second_shortcut = edit("transformer_block", """Your feed-forward network has no residual
    connection: its output is all that you return. Add it to the residual stream.""",
    ("return x +", "return"))


@mistake("transformer_block", """Both your residual connections start after the norm, so each
    sublayer's output is added to normalised numbers. Add it to the stream as it was before the
    norm.""", common=True)
def starts_both_shortcuts_behind_the_norm(x, block, n_heads, mask=None):
    x = (x := layer_norm(x, **block["norm_1"])) + multi_head_attention(x, **block["attention"],
                                                                       n_heads=n_heads, mask=mask)
    return (x := layer_norm(x, **block["norm_2"])) + feed_forward(x, **block["feed_forward"])


starts_the_first_shortcut_behind_the_norm = edit("transformer_block", """Your first residual
    connection starts after the norm: attention is added to the normalised x. Add it to x as it
    came in.""",
    ("x = x", 'x = layer_norm(x, **block["norm_1"])\nx = x'),
    ('layer_norm(x, **block["norm_1"])', "x"))

starts_the_second_shortcut_behind_the_norm = edit("transformer_block", """Your second residual
    connection starts after the norm: the feed-forward network's output is added to the
    normalised stream. Add it to the stream as attention left it.""",
    ("return", 'x = layer_norm(x, **block["norm_2"])\nreturn'),
    ('layer_norm(x, **block["norm_2"])', "x"))


@mistake("transformer_block", """Both sublayers read the x that came in, in parallel. The
    feed-forward network should come second, and read the sum of x and attention.""", common=True)
def runs_the_halves_side_by_side(x, block, n_heads, mask=None):
    attended = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                    n_heads=n_heads, mask=mask)
    return x + attended + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


drops_what_attention_added = edit("transformer_block", """Your feed-forward network's output is
    added to the x that came in, so what attention had added is lost. Add it to x plus
    attention.""",
    ("x = x", "attended = x"), ('x, **block["norm_2"]', 'attended, **block["norm_2"]'))


@mistake("transformer_block", """Your feed-forward network reads the output of attention alone,
    without x. It should read the sum of both, and be added to that sum.""")
def thinks_about_the_answer_of_attention_alone(x, block, n_heads, mask=None):
    attended = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                    n_heads=n_heads, mask=mask)
    return x + attended + feed_forward(layer_norm(attended, **block["norm_2"]),
                                       **block["feed_forward"])


@mistake("transformer_block", """Your feed-forward network reads the output of attention alone,
    and that output is added nowhere. It should read x plus that output, and be added to the
    sum.""")
def adds_feed_forward_of_attention_to_x(x, block, n_heads, mask=None):
    attended = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                    n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(attended, **block["norm_2"]), **block["feed_forward"])


adds_x_a_second_time = edit("transformer_block", """You add the x that came in twice: the stream
    after attention contains it already.""",
    ("x = x", "stream = x"), ("return x", "return x + stream"),
    ('x, **block["norm_2"]', 'stream, **block["norm_2"]'))


@mistake("transformer_block", """You multiply x by the output of a sublayer. It should be added
    to x.""")
def multiplies_the_shortcuts(x, block, n_heads, mask=None):
    x = x * multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x * feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """You subtract the output of each sublayer from x. It should be
    added.""")
def subtracts_the_halves(x, block, n_heads, mask=None):
    x = x - multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x - feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """You take the mean of x and the output of each sublayer. They
    should be added.""")
def halves_the_sums(x, block, n_heads, mask=None):
    x = (x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                  n_heads=n_heads, mask=mask)) / 2
    return (x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])) / 2


@mistake("transformer_block", """You write sums into the caller's x, which is no longer the same
    after the call. `x = x + ...` makes a new array, `x += ...` does not.""")
def writes_the_sums_into_x(x, block, n_heads, mask=None):
    x += multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                              n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@probes("transformer_block")
def probe_transformer_block():
    rng = np.random.default_rng(5)

    def layer(*batch, sizes, turned=False):
        n_tokens, d_model, width_k, width_v, d_ff = sizes
        block = {
            "norm_1": {"gain": d_model, "bias": d_model},
            "attention": {"w_q": (d_model, width_k), "w_k": (d_model, width_k),
                          "w_v": (d_model, width_v),
                          "w_o": (width_v, d_model)},
            "norm_2": {"gain": d_model, "bias": d_model},
            "feed_forward": {"w_in": (d_model, d_ff), "b_in": d_ff, "w_out": (d_ff, d_model),
                             "b_out": d_model},
        }
        block = {part: {name: rng.normal(size=shape) for name, shape in named.items()}
                 for part, named in block.items()}
        if turned:
            block = {part: dict(reversed(named.items())) for part, named in block.items()}
        return rng.normal(size=(*batch, n_tokens, d_model)) * 2 + 1, block

    see = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [0, 0, 0, 0], [1, 1, 0, 1]], dtype=bool)
    square = layer(sizes=(4, 4, 4, 4, 4))
    odd = layer(sizes=(4, 5, 6, 8, 7))
    yield given(*square, 2)
    yield given(*odd, 2)
    yield given(*odd, 2, see)
    yield given(*odd, 1, mask=np.tri(4, dtype=bool))
    yield given(*layer(3, sizes=(4, 6, 6, 6, 9)), 3, mask=see[:3, None])
    yield given(*layer(2, 3, sizes=(4, 6, 4, 4, 5)), 2)
    yield given(*layer(sizes=(4, 5, 6, 8, 7), turned=True), 2)
    yield given(np.rint(odd[0]).astype(int), odd[1], 2)
    yield given(odd[0].astype(np.float32),
                {part: {name: array.astype(np.float32) for name, array in named.items()}
                                            for part, named in odd[1].items()}, 2)
    yield given(*layer(sizes=(4, 5, 8, 12, 6)), 4)
    yield given(*layer(sizes=(4, 6, 6, 8, 5)), 3)  # which ends in a ValueError
    yield given(*layer(sizes=(4, 6, 8, 6, 5)), 3)
    yield given(*layer(sizes=(4, 6, 8, 8, 5)), 3)
