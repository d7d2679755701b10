"""Mistakes in transformer_block: how the parts of the block are passed on."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm

from tests.runner.diagnosis.known import edit, mistake

hands_a_norm_on_without_stars = edit("transformer_block", """Your call of `layer_norm` passes no
    bias. A norm's dict holds both gain and bias, and two stars pass both by name:
    `**block["norm_1"]`.""",
    ("x, **block", "x,block", 2), common=True)

hands_a_norm_on_with_one_star = edit("transformer_block", """One star passes the keys of a dict,
    the strings "gain" and "bias". Two stars pass its arrays by name: `**block["norm_1"]`.""",
    ("x, **block", "x, *block", 2))

norms_without_the_dict = edit("transformer_block", """You call `layer_norm` with x alone. It also
    needs the gain and bias from the block: `layer_norm(x, **block["norm_1"])`.""",
    ('x, **block["norm_1"]', "x"), ('x, **block["norm_2"]', "x"))


@mistake("transformer_block", """Your call of `multi_head_attention` passes w_q alone, or a dict
    instead. Two stars pass all four matrices by name: `**block["attention"]`.""", common=True)
def hands_attention_on_without_stars(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your call of `multi_head_attention` passes neither w_o nor
    n_heads. `**block["attention"]` passes all four matrices by name; pass n_heads and mask by name
    too.""")
def hands_attention_on_without_stars_or_names(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), block["attention"], n_heads,
                                 mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """In your call of `multi_head_attention`, an argument after x is
    taken for w_q. Pass n_heads and mask by name: `n_heads=n_heads, mask=mask`.""")
def hands_the_heads_on_as_queries(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), n_heads, **block["attention"],
                                 mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your call of attention does not say how many heads there are:
    n_heads is missing. Pass it by name, `n_heads=n_heads`.""", denies=True)
def forgets_to_hand_the_heads_on(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


hands_feed_forward_on_without_stars = edit("transformer_block", """Your call of `feed_forward`
    passes w_in alone, or a dict instead. Two stars pass all four arrays by name:
    `**block["feed_forward"]`.""",
    ('**block["feed_forward"]', 'block["feed_forward"]'), common=True)

hands_the_whole_block_on = edit("transformer_block", """You pass the whole block to `layer_norm`.
    Each part has its own dict inside the block: `**block["norm_1"]`, `**block["attention"]` and
    so on.""",
    ('["norm_1"]', ""), ('["norm_2"]', ""))


@mistake("transformer_block", """You reach into a dict with a dot. Its entries are found by key, in
    square brackets: `block["norm_1"]`.""")
def takes_parts_with_a_dot(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block.norm_1), **block.attention, n_heads=n_heads,
                                 mask=mask)
    return x + feed_forward(layer_norm(x, **block.norm_2), **block.feed_forward)


@mistake("transformer_block", """In your call of `multi_head_attention`, an argument after x is
    taken for w_q: a second x, perhaps, or n_heads. Pass x once, and n_heads and mask by name.""")
def hands_something_on_as_queries(x, block, n_heads, mask=None):
    normed = layer_norm(x, **block["norm_1"])
    x = x + multi_head_attention(normed, normed, normed, **block["attention"], n_heads=n_heads,
                                 mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])
