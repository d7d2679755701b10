"""Mistakes in encoder_block and decoder_block: how the parts of the block are handed on."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.mistakes import mistake


@mistake("encoder_block", """`multi_head_attention` gets w_q alone, or a dict in its place. Two stars hand on
    all four matrices by their names: `**block["attention"]`.""", common=True)
def hands_attention_on_without_stars(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """`multi_head_attention` gets neither w_o nor n_heads. `**block["attention"]` hands
    on all four matrices by their names; n_heads and mask go along by theirs.""")
def hands_attention_on_without_stars_or_names(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, block["attention"], n_heads, mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Something stands between x and the matrices in your call, and is taken for w_q: a
    second x, perhaps, or n_heads. x goes in once, and n_heads and mask by their names.""")
def hands_the_heads_on_as_queries(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, n_heads, **block["attention"], mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Attention does not learn how many heads it has: n_heads is missing in your call. Hand it
    on by its name, `n_heads=n_heads`.""")
def forgets_to_hand_the_heads_on(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """`layer_norm` gets no bias. The dict of a norm holds gain and bias, and two stars
    hand both on by their names: `**block["norm_1"]`.""", common=True)
def hands_a_norm_on_without_stars(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), block["norm_2"])


@mistake("encoder_block", """A norm is called with one argument. It has a gain and a bias, which stand in the block:
    `layer_norm(..., **block["norm_1"])`.""")
def norms_without_the_dict(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask))
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu))


@mistake("encoder_block", """`feed_forward` gets w_in alone, or a dict in its place. Two stars hand on both
    layers by their names: `**block["feed_forward"]`.""")
def hands_feed_forward_on_without_stars(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """A dict has no dot: its parts are found by a key in brackets, `block["attention"]`.""")
def takes_parts_with_a_dot(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block.attention, n_heads=n_heads, mask=mask), **block.norm_1)
    return layer_norm(x + feed_forward(x, **block.feed_forward, activation=relu), **block.norm_2)


@mistake("decoder_block", """`multi_head_attention` gets w_q alone, or a dict in its place. Two stars hand on
    all four matrices by their names: `**block["attention"]`.""", common=True)
def hands_attention_on_without_stars_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Something stands between x and the matrices in a call of yours, and is taken for
    w_q. Hand the memory, n_heads and mask on by their names: `memory=memory`.""")
def hands_the_memory_on_as_queries(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, memory, **block["cross_attention"], n_heads=n_heads, mask=memory_mask)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Attention does not learn how many heads it has: n_heads is missing in a call. Hand it on
    by its name, `n_heads=n_heads`.""")
def forgets_to_hand_the_heads_on_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`multi_head_attention` has no argument memory_mask. Its mask is called mask, in
    cross-attention too: `mask=memory_mask`.""", common=True)
def hands_the_mask_of_the_memory_on_by_that_name(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, memory_mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`layer_norm` gets no bias. The dict of a norm holds gain and bias, and two stars
    hand both on by their names: `**block["norm_1"]`.""", common=True)
def hands_a_norm_on_without_stars_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), block["norm_3"])


@mistake("decoder_block", """`feed_forward` gets w_in alone, or a dict in its place. Two stars hand on both
    layers by their names: `**block["feed_forward"]`.""")
def hands_feed_forward_on_without_stars_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, block["feed_forward"], activation=relu), **block["norm_3"])
