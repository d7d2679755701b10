"""Mistakes in encoder_block: its parts, their order, and the mask."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.mistakes import given, mistake, probes
from tests.slow_06_transformer import random_block


@mistake("encoder_block", """Your feed-forward bends with GELU, as in GPT-2 and as feed_forward
    does by itself. In 2017 it was ReLU: hand on `activation=relu`.""", common=True)
def bends_with_gelu(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"]), **block["norm_2"])


@mistake("encoder_block", """Your feed-forward does not bend: two matrix products in a row are no
    more than one. ReLU stands between them.""")
def does_not_bend(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=lambda wide: wide), **block["norm_2"])


@mistake("encoder_block", """ReLU cuts what feed-forward says, so a shortcut can only be added to.
    It stands between the two matrix products, not behind them.""")
def bends_what_was_thought(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + relu(feed_forward(x, **block["feed_forward"], activation=lambda wide: wide)),
                      **block["norm_2"])


@mistake("encoder_block", """ReLU stands between the matrix products of feed-forward and once more
    behind them. What feed-forward says may be negative.""")
def bends_twice(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + relu(feed_forward(x, **block["feed_forward"], activation=relu)), **block["norm_2"])


@mistake("encoder_block", """Feed-forward comes before attention here. In a block, tokens look at
    each other first, and then think.""")
def thinks_before_it_looks(x, block, n_heads, mask=None):
    x = layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_1"])
    return layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                      **block["norm_2"])


@mistake("encoder_block", """No token looks at another one: attention has no part in your answer.""")
def does_not_look(x, block, n_heads, mask=None):
    x = layer_norm(x, **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Feed-forward has no part in your answer, which is that of attention,
    normalised.""")
def does_not_think(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x, **block["norm_2"])


@mistake("encoder_block", """Your answer is what the first norm gives. Feed-forward, a second
    shortcut and norm_2 are still to come.""")
def ends_after_the_first_norm(x, block, n_heads, mask=None):
    return layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                      **block["norm_1"])


@mistake("encoder_block", """Whatever n_heads says, one head looks. Hand it on: `n_heads=n_heads`.""")
def looks_with_one_head(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=1, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Your attention has d_model // n_heads heads. That is the width of one;
    how many there are is n_heads itself.""")
def takes_the_number_of_heads_for_their_width(x, block, n_heads, mask=None):
    n_heads = x.shape[-1] // n_heads
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """The mask has no effect: it never reaches attention. Hand it on.""", common=True)
def forgets_the_mask_of_the_encoder(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=None), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Your mask works the wrong way round: what it hides is seen, and what
    it shows is not. True means "may attend", here as in attention.""")
def turns_the_mask_of_the_encoder_round(x, block, n_heads, mask=None):
    mask = None if mask is None else ~mask
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Your mask lies on its side: its rows are taken for keys. Row i is
    about query i, column j about key j.""")
def lays_the_mask_of_the_encoder_on_its_side(x, block, n_heads, mask=None):
    mask = None if mask is None else np.swapaxes(mask, -1, -2)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Your mask gets an axis for the heads before it is handed on, and
    multi_head_attention puts one in by itself. Hand the mask on as it is.""", axis=(-3, 1))
def gives_the_mask_of_the_encoder_a_head_axis(x, block, n_heads, mask=None, *, axis):
    mask = None if mask is None else np.expand_dims(mask, axis)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Your encoder hides the future: a token sees itself and those before it
    alone. It reads a source that is all there; only the mask it is given hides.""")
def masks_the_future_in_the_encoder(x, block, n_heads, mask=None):
    future = np.tri(x.shape[-2], dtype=bool)
    mask = future if mask is None else future & mask
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Without a mask, your encoder hides the future. A mask of None means
    that all is seen.""")
def masks_the_future_where_there_is_no_mask(x, block, n_heads, mask=None):
    mask = np.tri(x.shape[-2], dtype=bool) if mask is None else mask
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """The first part of the mask is used for all: mask[0], which is about
    one sample, or one query. Hand it on whole.""")
def shows_all_the_mask_of_the_first_sample(x, block, n_heads, mask=None):
    mask = None if mask is None else mask[0]
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """The caller's x is overwritten: `x += ...` writes into the very array
    that was handed in. `x = x + ...` makes a new one.""")
def writes_into_x(x, block, n_heads, mask=None):
    x += multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x, **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """The caller's block is another one after the call: something in it was
    put in, taken out or overwritten. Make a copy of what you change.""")
def changes_the_block(x, block, n_heads, mask=None):
    block["attention"].update(n_heads=n_heads)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Your answer is float64 even where everything that went in is float32.
    An array of your own, or astype(float), widens it.""")
def answers_in_float64(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      **block["norm_2"]).astype(np.float64)


@mistake("encoder_block", """Your x becomes float64 at the start, and so does all that follows,
    even where everything that went in is float32.""")
def computes_in_float64_from_the_start(x, block, n_heads, mask=None):
    x = x.astype(np.float64)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Your code takes the shape of x apart into three sizes, and x may have
    two axes or four. Nothing here needs to know them.""")
def takes_the_tokens_for_a_batch(x, block, n_heads, mask=None):
    batch, n_tokens, d_model = x.shape
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@probes("encoder_block")
def probe_encoder_block():
    rng = np.random.default_rng(61)

    mask = np.arange(5) < np.array([4, 2])[:, None, None]
    yield given(rng.normal(size=(2, 5, 6)), random_block(rng, "encoder", 6, 12, 9, 7), 3, mask=mask)
    yield given(rng.normal(size=(4, 8)), random_block(rng, "encoder", 8, 6, 10, 5),
                2, mask=rng.random(size=(4, 4)) < 0.5)
    yield given(rng.integers(-3, 4, size=(3, 6)), random_block(rng, "encoder", 6, 4, 8, 9), 2)
