"""Mistakes in transformer_block: the mask on its way to attention."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm

from tests.runner.mistakes import mistake


@mistake("transformer_block", """The mask does not reach attention: every token sees all of them. Hand it on.""",
         common=True)
def forgets_the_mask(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=None)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your block always hides the future, and the mask that was given plays no part. Hand it
    on as it came; None hides nothing.""")
def always_hides_the_future(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads,
                                 mask=np.tri(x.shape[-2], dtype=bool))
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Where no mask is given, your block hides the future. None means that every token sees
    all of them; whoever wants a causal mask hands one in.""", common=True)
def hides_the_future_without_a_mask(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads,
                                 mask=np.tri(x.shape[-2], dtype=bool) if mask is None else mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your block hides the future in addition to what the mask hides. Hand the mask on as it
    came; whoever wants a causal one hands one in.""")
def hides_the_future_as_well(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads,
                                 mask=np.tri(x.shape[-2], dtype=bool) & (True if mask is None else mask))
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your mask is the other way round: what it hides is seen. True means "may attend", here
    and in multi_head_attention.""")
def turns_the_mask_over(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads,
                                 mask=None if mask is None else ~mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your mask lies on its side: queries and keys have changed places. Hand it on as it
    came.""")
def turns_the_mask_on_its_side(x, block, n_heads, mask=None):
    mask = None if mask is None else mask.T
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your mask gets an axis for the heads. multi_head_attention puts that in: hand the mask
    on as it came.""")
def gives_the_mask_an_axis_for_heads(x, block, n_heads, mask=None):
    mask = None if mask is None else np.expand_dims(np.atleast_2d(mask), -3)
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """What the mask hides is set to zero in x before attention sees it. A zero is still
    attended to: hand the mask on.""")
def sets_hidden_tokens_to_zero(x, block, n_heads, mask=None):
    seen = x if mask is None else x * np.atleast_2d(mask)[..., -1, :, None]
    x = x + multi_head_attention(layer_norm(seen, **block["norm_1"]), **block["attention"], n_heads=n_heads)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your answer is set to zero for tokens that the mask hides. The mask is for attention
    alone: a hidden token still has an answer of its own.""")
def sets_answers_to_zero(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    seen = True if mask is None else np.atleast_2d(mask)[..., -1, :, None]
    return (x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])) * seen
