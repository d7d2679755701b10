"""Mistakes in decoder_block: its parts and their order, and what each of them reads."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.mistakes import mistake


@mistake("decoder_block", """Your feed-forward bends with GELU, as in GPT-2 and as feed_forward
    does by itself. In 2017 it was ReLU: hand on `activation=relu`.""", common=True)
def bends_with_gelu_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"]), **block["norm_3"])


@mistake("decoder_block", """Your feed-forward does not bend: two matrix products in a row are no
    more than one. ReLU stands between them.""")
def does_not_bend_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=lambda wide: wide), **block["norm_3"])


@mistake("decoder_block", """Cross-attention comes before self-attention here. A decoder looks at
    what is written first, and at the memory second.""", common=True)
def looks_at_the_memory_first(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["cross_attention"],
                                            n_heads=n_heads, mask=memory_mask, memory=memory), **block["norm_1"])
    seen = multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Feed-forward comes before cross-attention here. A decoder looks twice,
    at what is written and at the memory, and thinks last.""")
def thinks_before_it_looks_at_the_memory(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = feed_forward(x, **block["feed_forward"], activation=relu)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + multi_head_attention(x, **block["cross_attention"],
                                               n_heads=n_heads, mask=memory_mask, memory=memory), **block["norm_3"])


@mistake("decoder_block", """The memory has no part in your answer: norm_1 leads straight to
    feed-forward. Cross-attention and norm_2 come between.""")
def does_not_look_at_the_memory(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Cross-attention looks at x instead of the memory, which has no part in
    your answer. Hand it on: `memory=memory`.""", common=True)
def looks_at_itself_twice(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=None)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Cross-attention is self-attention again here: it looks at x, with
    `mask`, and the memory has no part in your answer.""")
def looks_at_itself_twice_with_its_own_mask(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """In your cross-attention the memory asks, and x is looked at. Queries
    come from x, keys and values from the memory.""")
def lets_the_memory_look_at_x(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(memory, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=x)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """In your cross-attention the memory looks at itself. The queries come
    from x: there is an answer for each token that is written.""")
def lets_the_memory_look_at_itself_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(memory, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=None)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your cross-attention asks with the input of the block, from before
    self-attention. It asks with what norm_1 gives.""")
def asks_with_the_input(x, memory, block, n_heads, mask=None, memory_mask=None):
    first = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(first + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Both attentions read the input of the block, and both are added to it
    at once. They come one behind the other, each with a norm.""")
def looks_at_both_at_once(x, memory, block, n_heads, mask=None, memory_mask=None):
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask) + seen,
                   **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your cross-attention looks at the memory and at x in one (or tries
    to). It looks at the memory alone.""")
def looks_at_the_memory_and_itself_together(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    memory = np.concatenate([x, memory], axis=-2)
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Self-attention has no part in your answer: nothing that is written
    looks at what else is written.""")
def looks_at_the_memory_alone(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x, **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your answer is what norm_2 gives. Feed-forward, a third shortcut and
    norm_3 are still to come.""")
def does_not_think_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    return layer_norm(x + seen, **block["norm_2"])


@mistake("decoder_block", """Both attentions use the weights of block["attention"]. Cross-attention
    has its own, block["cross_attention"].""", common=True)
def uses_the_weights_of_self_attention_twice(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The weights of the two attentions have changed places:
    block["attention"] is for self-attention, block["cross_attention"] for the memory.""")
def swaps_the_weights_of_the_attentions(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    seen = multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Whatever n_heads says, cross-attention has one head. Both attentions
    have n_heads.""")
def looks_at_the_memory_with_one_head(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=1, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The caller's x is overwritten: `x += ...` writes into the very array
    that was handed in. `x = x + ...` makes a new one.""")
def writes_into_what_was_written(x, memory, block, n_heads, mask=None, memory_mask=None):
    x += multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x, **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The caller's block is another one after the call: something in it was
    put in, taken out or overwritten. Make a copy of what you change.""")
def changes_the_block_of_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    block["attention"].update(n_heads=n_heads)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your answer is float64 even where everything that went in is float32.
    An array of your own, or astype(float), widens it.""")
def answers_in_float64_from_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      **block["norm_3"]).astype(np.float64)


@mistake("decoder_block", """Your block is that of the encoder: the memory has no part in it, nor has norm_3.
    After norm_1 comes cross-attention, with norm_2, and then feed-forward.""")
def is_the_block_of_the_encoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])
