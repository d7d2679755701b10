"""Mistakes in transformer_block: the mask on its way to attention."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm

from tests.runner.diagnosis.known import edit, mistake

forgets_the_mask = edit("transformer_block", """Your mask does not reach attention, so every
    token sees all tokens. Pass it on.""",
    ("mask=mask", "mask=None"), common=True)

always_hides_the_future = edit("transformer_block", """Your block always hides the future, and
    the mask that it is given has no effect. Pass that mask on unchanged; None should hide
    nothing.""",
    ("mask=mask", "mask=np.tri(x.shape[-2], dtype=bool)"), denies=True)

hides_the_future_without_a_mask = edit("transformer_block", """Your block hides the future when
    no mask is given. None should mean that every token sees all tokens; a caller who wants a
    causal mask passes one.""",
    ("mask=mask", "mask=np.tri(x.shape[-2], dtype=bool) if mask is None else mask"), common=True)

hides_the_future_as_well = edit("transformer_block", """Your block hides the future in addition
    to what the mask hides. Pass the mask on unchanged; a caller who wants a causal mask passes
    one.""",
    ("mask=mask", "mask=np.tri(x.shape[-2], dtype=bool) & (True if mask is None else mask)"))

turns_the_mask_over = edit("transformer_block", """Your mask is inverted: tokens see what it
    should hide. True means "may attend", here and in `multi_head_attention`.""",
    ("mask=mask", "mask=None if mask is None else ~mask"))

turns_the_mask_on_its_side = edit("transformer_block", """Your mask is transposed: queries and
    keys are swapped. Pass it on unchanged.""",
    ("x = x", "mask = None if mask is None else mask.T\nx = x"))

gives_the_mask_an_axis_for_heads = edit("transformer_block", """You give the mask an axis for the
    heads before you pass it on. `multi_head_attention` adds that axis itself: pass the mask on
    unchanged.""",
    ("x = x", "mask = None if mask is None else np.expand_dims(np.atleast_2d(mask), -3)\nx = x"))


@mistake("transformer_block", """You set the tokens that the mask hides to zero in x, but a token
    of zeros is still attended to. Pass the mask on to attention instead.""")
def sets_hidden_tokens_to_zero(x, block, n_heads, mask=None):
    seen = x if mask is None else x * np.atleast_2d(mask)[..., -1, :, None]
    x = x + multi_head_attention(layer_norm(seen, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


sets_answers_to_zero = edit("transformer_block", """Your output is zero for tokens that the mask
    hides. The mask is for attention only: a hidden token should still get an output of its own.""",
    ('return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])',
     "seen = True if mask is None else np.atleast_2d(mask)[..., -1, :, None]\n"
     'return (x + feed_forward(layer_norm(x, **block["norm_2"]), '
     '**block["feed_forward"])) * seen'))
