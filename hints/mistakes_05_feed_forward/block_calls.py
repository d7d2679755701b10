"""Mistakes in transformer_block: how the parts of the block are handed on."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm

from tests.runner.mistakes import mistake


@mistake("transformer_block", """`layer_norm` gets no bias. The dict of a norm holds gain and bias, and two
    stars hand both on by their names: `**block["norm_1"]`.""", common=True)
def hands_a_norm_on_without_stars(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """One star hands on the keys of a dict, the words "gain" and "bias". Two stars hand on
    its arrays by their names: `**block["norm_1"]`.""")
def hands_a_norm_on_with_one_star(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, *block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, *block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """A norm is called with x alone. It has a gain and a bias, which stand in the block:
    `layer_norm(x, **block["norm_1"])`.""")
def norms_without_the_dict(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x), **block["feed_forward"])


@mistake("transformer_block", """`multi_head_attention` gets w_q alone, or a dict in its place. Two stars hand
    on all four matrices by their names: `**block["attention"]`.""", common=True)
def hands_attention_on_without_stars(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """`multi_head_attention` gets neither w_o nor n_heads. `**block["attention"]`
    hands on all four matrices by their names; n_heads and mask go along by theirs.""")
def hands_attention_on_without_stars_or_names(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), block["attention"], n_heads, mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Something stands between x and the matrices in your call, and is taken for w_q.
    Hand n_heads and mask on by their names: `n_heads=n_heads, mask=mask`.""")
def hands_the_heads_on_as_queries(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), n_heads, **block["attention"], mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Attention does not learn how many heads it has: n_heads is missing in your call. Hand
    it on by its name, `n_heads=n_heads`.""")
def forgets_to_hand_the_heads_on(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """`feed_forward` gets w_in alone, or a dict in its place. Two stars hand on both
    layers by their names: `**block["feed_forward"]`.""", common=True)
def hands_feed_forward_on_without_stars(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), block["feed_forward"])


@mistake("transformer_block", """The whole block is handed on to `layer_norm`. Each part has its own dict in it:
    `**block["norm_1"]`, `**block["attention"]` and so on.""")
def hands_the_whole_block_on(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block), **block["feed_forward"])


@mistake("transformer_block", """A dict has no dot: its parts are found by a key in brackets, `block["norm_1"]`.""")
def takes_parts_with_a_dot(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block.norm_1), **block.attention, n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block.norm_2), **block.feed_forward)


@mistake("transformer_block", """Something stands between x and the matrices in your call, and is taken for
    w_q: a second x, perhaps, or n_heads. x goes in once, and n_heads and mask by their names.""")
def hands_something_on_as_queries(x, block, n_heads, mask=None):
    normed = layer_norm(x, **block["norm_1"])
    x = x + multi_head_attention(normed, normed, normed, **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])
