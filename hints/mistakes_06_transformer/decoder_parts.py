"""Mistakes in decoder_block: its parts and their order, and what each of them reads."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.diagnosis.known import mistake


@mistake("decoder_block", """Your feed-forward uses GELU, its default, as in GPT-2. In 2017 it was
    ReLU: pass `activation=relu`.""", common=True)
def bends_with_gelu_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"]), **block["norm_3"])


@mistake("decoder_block", """Your feed-forward has no activation, and two matrix products in a row
    are no more than one. ReLU belongs between them.""")
def does_not_bend_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=lambda wide: wide), **block["norm_3"])


@mistake("decoder_block", """Your cross-attention comes before self-attention. A decoder should
    attend to what is written first, and to the memory second.""", common=True)
def looks_at_the_memory_first(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["cross_attention"],
                                            n_heads=n_heads, mask=memory_mask, memory=memory), **block["norm_1"])
    seen = multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your feed-forward comes before cross-attention. A decoder should
    attend twice, to what is written and to the memory, and come to feed-forward last.""")
def thinks_before_it_looks_at_the_memory(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = feed_forward(x, **block["feed_forward"], activation=relu)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + multi_head_attention(x, **block["cross_attention"],
                                               n_heads=n_heads, mask=memory_mask, memory=memory), **block["norm_3"])


@mistake("decoder_block", """The memory has no part in your answer: norm_1 leads straight to
    feed-forward. Cross-attention and norm_2 should come between them.""", denies=True)
def does_not_look_at_the_memory(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your cross-attention attends to x instead of the memory, which has no
    part in your answer. Pass it on: `memory=memory`.""", common=True, denies=True)
def looks_at_itself_twice(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=None)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your cross-attention is a second self-attention: it attends to x, with
    `mask`, and the memory has no part in your answer. Pass it the memory and memory_mask.""",
         denies=True)
def looks_at_itself_twice_with_its_own_mask(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """In your cross-attention the queries come from the memory, and keys and
    values from x. It should be the other way round.""")
def lets_the_memory_look_at_x(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(memory, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=x)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """In your cross-attention the memory attends to itself. The queries
    should come from x, so that there is an answer for each token that is written.""")
def lets_the_memory_look_at_itself_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(memory, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=None)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The queries of your cross-attention come from the input of the block,
    before self-attention. They should come from the output of norm_1.""")
def asks_with_the_input(x, memory, block, n_heads, mask=None, memory_mask=None):
    first = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(first + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Both your attentions read the input of the block, and both are added
    to it at once. They should come one after the other, each with a norm.""")
def looks_at_both_at_once(x, memory, block, n_heads, mask=None, memory_mask=None):
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask) + seen,
                   **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your cross-attention attends to the memory and to x together, or tries
    to. It should attend to the memory alone.""")
def looks_at_the_memory_and_itself_together(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    memory = np.concatenate([x, memory], axis=-2)
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Self-attention has no part in your answer: no token that is written
    attends to another one.""", denies=True)
def looks_at_the_memory_alone(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x, **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """You return the output of norm_2. Feed-forward, a third residual
    connection and norm_3 should follow.""")
def does_not_think_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    return layer_norm(x + seen, **block["norm_2"])


@mistake("decoder_block", """Both your attentions use the weights of block["attention"].
    Cross-attention should use its own, block["cross_attention"].""", common=True)
def uses_the_weights_of_self_attention_twice(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The weights of your two attentions are swapped: block["attention"] is
    for self-attention, block["cross_attention"] for the memory.""")
def swaps_the_weights_of_the_attentions(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    seen = multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your cross-attention has one head, whatever n_heads is. Both
    attentions should have n_heads.""")
def looks_at_the_memory_with_one_head(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=1, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """You overwrite the caller's x: `x += ...` writes into the very array
    that was passed. `x = x + ...` makes a new one.""")
def writes_into_what_was_written(x, memory, block, n_heads, mask=None, memory_mask=None):
    x += multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x, **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """You change the caller's block: something in it is added, removed or
    overwritten, and stays so after the call. Make a copy of what you change.""")
def changes_the_block_of_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    block["attention"].update(n_heads=n_heads)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your answer is float64 even if everything that went in is float32: an
    array of your own, or astype(float), widens it. float32 should stay float32.""")
def answers_in_float64_from_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      **block["norm_3"]).astype(np.float64)


@mistake("decoder_block", """Your block is that of the encoder: the memory has no part in it, nor
    has norm_3. After norm_1 should come cross-attention, with norm_2, and then feed-forward.""",
         denies=True)
def is_the_block_of_the_encoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])
