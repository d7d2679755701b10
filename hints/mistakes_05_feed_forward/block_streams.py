"""Mistakes in transformer_block: the shortcuts, and what goes past what."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.mistakes import given, mistake, probes


@mistake("transformer_block", """Your norms come last, after each shortcut, as in the paper of 2017. In GPT-2 they come
    first, and nothing norms the stream itself.""", common=True)
def puts_the_norms_last(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """Your block is that of 2017: the norms come last, after each shortcut, and it bends with
    relu. In GPT-2 the norms come first, and it bends with gelu.""")
def builds_the_block_of_2017(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("transformer_block", """There are no shortcuts in yours: each half replaces x. Its answer is added to x.""")
def has_no_shortcuts(x, block, n_heads, mask=None):
    x = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Attention has no shortcut in yours: its answer replaces x. Add it to x.""",
         common=True)
def has_no_first_shortcut(x, block, n_heads, mask=None):
    x = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Feed-forward has no shortcut in yours: its answer is all that comes out. Add it to
    what went in.""")
def has_no_second_shortcut(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Both shortcuts start behind the norm: normed numbers go past each half. It is x as it
    came in that goes past.""", common=True)
def starts_both_shortcuts_behind_the_norm(x, block, n_heads, mask=None):
    x = (x := layer_norm(x, **block["norm_1"])) + multi_head_attention(x, **block["attention"],
                                                                       n_heads=n_heads, mask=mask)
    return (x := layer_norm(x, **block["norm_2"])) + feed_forward(x, **block["feed_forward"])


@mistake("transformer_block", """Your first shortcut starts behind the norm: attention is added to the normed x. It is
    added to x as it came in.""")
def starts_the_first_shortcut_behind_the_norm(x, block, n_heads, mask=None):
    x = layer_norm(x, **block["norm_1"])
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your second shortcut starts behind the norm: feed-forward is added to the normed
    stream. It is added to the stream as attention left it.""")
def starts_the_second_shortcut_behind_the_norm(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x, **block["norm_2"])
    return x + feed_forward(x, **block["feed_forward"])


@mistake("transformer_block", """Both halves read the x that came in, side by side. Feed-forward comes second: it reads
    what attention has added too.""", common=True)
def runs_the_halves_side_by_side(x, block, n_heads, mask=None):
    attended = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + attended + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Feed-forward is added to the x that came in, and what attention had added is lost. Add
    it to the sum of the first half.""")
def drops_what_attention_added(x, block, n_heads, mask=None):
    attended = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                        n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(attended, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Feed-forward reads the answer of attention alone, without x. It reads the sum, and is
    added to the sum.""")
def thinks_about_the_answer_of_attention_alone(x, block, n_heads, mask=None):
    attended = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + attended + feed_forward(layer_norm(attended, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Feed-forward reads the answer of attention alone, and that answer is added nowhere. It
    reads x plus the answer, and is added to that sum.""")
def adds_feed_forward_of_attention_to_x(x, block, n_heads, mask=None):
    attended = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(attended, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """The x that came in is added twice: the stream after attention holds it already.""")
def adds_x_a_second_time(x, block, n_heads, mask=None):
    stream = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                      n_heads=n_heads, mask=mask)
    return x + stream + feed_forward(layer_norm(stream, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """A shortcut is multiplied in yours. The answer of each half is added to x.""")
def multiplies_the_shortcuts(x, block, n_heads, mask=None):
    x = x * multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x * feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your halves are subtracted from x. They are added.""")
def subtracts_the_halves(x, block, n_heads, mask=None):
    x = x - multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x - feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Yours takes the mean of x and the answer of each half. They are added.""")
def halves_the_sums(x, block, n_heads, mask=None):
    x = (x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                  n_heads=n_heads, mask=mask)) / 2
    return (x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])) / 2


@mistake("transformer_block", """Sums are written into the caller's x: after the call its tokens are no longer what
    they were. `x = x + ...` makes a new array, `x += ...` does not.""")
def writes_the_sums_into_x(x, block, n_heads, mask=None):
    x += multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@probes("transformer_block")
def probe_transformer_block():
    rng = np.random.default_rng(5)

    def layer(*batch, sizes, turned=False):
        n_tokens, d_model, width_k, width_v, d_ff = sizes
        block = {
            "norm_1": {"gain": d_model, "bias": d_model},
            "attention": {"w_q": (d_model, width_k), "w_k": (d_model, width_k), "w_v": (d_model, width_v),
                          "w_o": (width_v, d_model)},
            "norm_2": {"gain": d_model, "bias": d_model},
            "feed_forward": {"w_in": (d_model, d_ff), "b_in": d_ff, "w_out": (d_ff, d_model), "b_out": d_model},
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
    yield given(odd[0].astype(np.float32), {part: {name: array.astype(np.float32) for name, array in named.items()}
                                            for part, named in odd[1].items()}, 2)
    yield given(*layer(sizes=(4, 5, 8, 12, 6)), 4)
    yield given(*layer(sizes=(4, 6, 6, 8, 5)), 3)  # which ends in a ValueError
    yield given(*layer(sizes=(4, 6, 8, 6, 5)), 3)
    yield given(*layer(sizes=(4, 6, 8, 8, 5)), 3)
