"""Mistakes in transformer_block: how the parts of the block are handed on."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm

from tests.runner.mistakes import mistake


@mistake("transformer_block", """Two stars are missing before the dict of a norm: it is handed on as if it were the
    gain. `**block["norm_1"]` hands on gain and bias by their names.""", common=True)
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


@mistake("transformer_block", """Two stars are missing before the dict of attention: it is handed on as if it were
    w_q. `**block["attention"]` hands on all four matrices by their names.""", common=True)
def hands_attention_on_without_stars(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Two stars are missing before the dict of attention: it is handed on as if it were
    w_q. Write `**block["attention"]`, and n_heads and mask by name behind it.""")
def hands_attention_on_without_stars_or_names(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), block["attention"], n_heads, mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your n_heads comes before the matrices, and is taken for w_q. Hand it on by its name:
    `**block["attention"], n_heads=n_heads`.""")
def hands_the_heads_on_as_queries(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), n_heads, **block["attention"], mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Attention does not learn how many heads it has: n_heads is missing in your call. Hand
    it on by its name, `n_heads=n_heads`.""")
def forgets_to_hand_the_heads_on(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Two stars are missing before the dict of feed-forward: it is handed on as if it were
    w_in. `**block["feed_forward"]` hands on both layers by their names.""", common=True)
def hands_feed_forward_on_without_stars(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), block["feed_forward"])


@mistake("transformer_block", """The whole block is handed on to one of its parts. Each part has its own dict in it:
    `**block["norm_1"]`, `**block["attention"]` and so on.""")
def hands_the_whole_block_on(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block), **block["feed_forward"])


@mistake("transformer_block", """A dict has no dot: its parts are found by a key in brackets, `block["norm_1"]`.""")
def takes_parts_with_a_dot(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block.norm_1), **block.attention, n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block.norm_2), **block.feed_forward)
