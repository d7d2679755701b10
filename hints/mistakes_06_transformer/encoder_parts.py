"""Mistakes in encoder_block: its parts, their order, and the mask."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.diagnosis.known import edit, given, mistake, probes
from tests.slow_06_transformer import random_block

bends_with_gelu = edit("encoder_block", """Your feed-forward network uses GELU, its default, as
    in GPT-2. In 2017 it was ReLU: pass `activation=relu`.""",
    (", activation=relu", ""), common=True)

does_not_bend = edit("encoder_block", """Your feed-forward network has no activation, and two
    matrix products in a row are no more than one. ReLU belongs between them.""",
    ("relu", "lambda wide: wide"))

bends_what_was_thought = edit("encoder_block", """You apply ReLU to the output of the
    feed-forward network, so it can only add to the residual connection. ReLU belongs between the
    two matrix products, not after them.""",
    ('feed_forward(x, **block["feed_forward"], activation=relu)',
     'relu(feed_forward(x, **block["feed_forward"], activation=lambda wide: wide))'))

bends_twice = edit("encoder_block", """You apply ReLU between the matrix products of the
    feed-forward network, and once more after them. The output of the feed-forward network may be
    negative.""",
    ('feed_forward(x, **block["feed_forward"], activation=relu)',
     'relu(feed_forward(x, **block["feed_forward"], activation=relu))'))


@mistake("encoder_block", """Your feed-forward network comes before attention. In a block,
    attention should come first.""")
def thinks_before_it_looks(x, block, n_heads, mask=None):
    x = layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_1"])
    return layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                      **block["norm_2"])


does_not_look = edit("encoder_block", """No token attends to another one: attention has no
    effect.""",
    ('x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)', "x"),
    denies=True)

does_not_think = edit("encoder_block", """The feed-forward network has no effect on your answer,
    which is that of attention, normalised. It should come before norm_2.""",
    ('x + feed_forward(x, **block["feed_forward"], activation=relu)', "x"), denies=True)


@mistake("encoder_block", """You return the output of the first norm. The feed-forward network, a
    second residual connection and norm_2 should follow.""")
def ends_after_the_first_norm(x, block, n_heads, mask=None):
    return layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                      **block["norm_1"])


looks_with_one_head = edit("encoder_block", """Your attention has one head, whatever n_heads is.
    Pass it on: `n_heads=n_heads`.""",
    ("n_heads=n_heads", "n_heads=1"))

takes_the_number_of_heads_for_their_width = edit("encoder_block", """Your attention has d_model
    // n_heads heads. That is the width of one head; the number of heads is n_heads itself.""",
    ("x =", "n_heads = x.shape[-1] // n_heads\nx ="))

forgets_the_mask_of_the_encoder = edit("encoder_block", """The mask has no effect: it never
    reaches attention. Pass it on.""",
    ("mask=mask", "mask=None"), common=True, denies=True)

turns_the_mask_of_the_encoder_round = edit("encoder_block", """Your mask is inverted: what it
    should hide is seen, and what it should show is not. True means "may attend", here as in
    attention.""",
    ("x =", "mask = None if mask is None else ~mask\nx ="))

lays_the_mask_of_the_encoder_on_its_side = edit("encoder_block", """Your mask is transposed: its
    rows are taken for keys. Row i should be about query i, column j about key j.""",
    ("x =", "mask = None if mask is None else np.swapaxes(mask, -1, -2)\nx ="))

gives_the_mask_of_the_encoder_a_head_axis = edit("encoder_block", """You give the mask an axis
    for the heads before you pass it on. `multi_head_attention` adds that axis itself: pass the
    mask on unchanged.""",
    ("x =", "mask = None if mask is None else np.expand_dims(mask, axis)\nx ="), axis=(-3, 1))

masks_the_future_in_the_encoder = edit("encoder_block", """Your encoder hides the future: a token
    sees only itself and those before it. The source is complete when it is read; only the mask
    that is given should hide anything.""",
    ("x =",
     "future = np.tri(x.shape[-2], dtype=bool)\n"
     "mask = future if mask is None else future & mask\n"
     "x ="))

masks_the_future_where_there_is_no_mask = edit("encoder_block", """Your encoder hides the future
    when no mask is given. A mask of None should hide nothing.""",
    ("x =", "mask = np.tri(x.shape[-2], dtype=bool) if mask is None else mask\nx ="))

shows_all_the_mask_of_the_first_sample = edit("encoder_block", """You use the first part of the
    mask for all: mask[0], which is about one sample, or one query. Pass the whole mask on.""",
    ("x =", "mask = None if mask is None else mask[0]\nx ="))

writes_into_x = edit("encoder_block", """You overwrite the caller's x: `x += ...` writes into the
    very array that was passed. `x = x + ...` makes a new one.""",
    ("x =",
     'x += multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)\nx ='),
    ('x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)', "x"))

changes_the_block = edit("encoder_block", """You change the caller's block: something in it is
    added, removed or overwritten, and stays so after the call. Make a copy of what you change.""",
    ("x =", 'block["attention"].update(n_heads=n_heads)\nx ='), ("n_heads=n_heads, mask", "mask"))

answers_in_float64 = edit("encoder_block", """Your answer is float64 even if everything that went
    in is float32: an array of your own, or astype(float), widens it. float32 should stay
    float32.""",
    ('layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), '
     '**block["norm_2"])',
     'layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), '
     '**block["norm_2"]).astype(np.float64)'))

computes_in_float64_from_the_start = edit("encoder_block", """You turn x into float64 at the
    start, so all that follows is float64, even if everything that went in is float32. float32
    should stay float32.""",
    ("x =", "x = x.astype(np.float64)\nx ="))

takes_the_tokens_for_a_batch = edit("encoder_block", """Your code unpacks the shape of x into
    three sizes, but x may have two axes or four. Nothing here needs to know them.""",
    ("x =", "batch, n_tokens, d_model = x.shape\nx ="))


@probes("encoder_block")
def probe_encoder_block():
    rng = np.random.default_rng(61)

    mask = np.arange(5) < np.array([4, 2])[:, None, None]
    yield given(rng.normal(size=(2, 5, 6)), random_block(rng, "encoder", 6, 12, 9, 7), 3, mask=mask)
    yield given(rng.normal(size=(4, 8)), random_block(rng, "encoder", 8, 6, 10, 5),
                2, mask=rng.random(size=(4, 4)) < 0.5)
    yield given(rng.integers(-3, 4, size=(3, 6)), random_block(rng, "encoder", 6, 4, 8, 9), 2)
