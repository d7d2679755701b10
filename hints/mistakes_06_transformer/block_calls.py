"""Mistakes in encoder_block and decoder_block: how the parts of the block are passed on."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.diagnosis.known import edit, mistake

hands_attention_on_without_stars = edit("encoder_block", """Your call of `multi_head_attention`
    passes w_q alone, or a dict instead. Two stars pass all four matrices by name:
    `**block["attention"]`.""",
    ('x, **block["attention"]', 'x,block["attention"]'), common=True)

hands_attention_on_without_stars_or_names = edit("encoder_block", """Your call of
    `multi_head_attention` passes neither w_o nor n_heads. `**block["attention"]` passes all four
    matrices by name; pass n_heads and mask by name too.""",
    ('x, **block["attention"], n_heads=n_heads, mask=', 'x, block["attention"], n_heads,'))

hands_the_heads_on_as_queries = edit("encoder_block", """In your call of `multi_head_attention`,
    an argument after x is taken for w_q: a second x, perhaps, or n_heads. Pass x once, and
    n_heads and mask by name.""",
    ('x, **block["attention"], n_heads=n_heads', 'x, n_heads, **block["attention"]'))

forgets_to_hand_the_heads_on = edit("encoder_block", """Your call of attention does not say how
    many heads there are: n_heads is missing. Pass it by name, `n_heads=n_heads`.""",
    ("n_heads=n_heads, mask", "mask"), denies=True)


@mistake("encoder_block", """Your call of `layer_norm` passes no bias. A norm's dict holds both
    gain and bias, and two stars pass both by name: `**block["norm_1"]`.""", common=True)
def hands_a_norm_on_without_stars(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      block["norm_2"])


@mistake("encoder_block", """You call `layer_norm` with one argument. It also needs the gain and
    bias from the block: `layer_norm(..., **block["norm_1"])`.""")
def norms_without_the_dict(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask))
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu))


hands_feed_forward_on_without_stars = edit("encoder_block", """Your call of `feed_forward` passes
    w_in alone, or a dict instead. Two stars pass all four arrays by name:
    `**block["feed_forward"]`.""",
    ('x, **block["feed_forward"]', 'x,block["feed_forward"]'))


@mistake("encoder_block", """You reach into a dict with a dot. Its entries are found by key, in
    square brackets: `block["attention"]`.""")
def takes_parts_with_a_dot(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block.attention, n_heads=n_heads, mask=mask),
                   **block.norm_1)
    return layer_norm(x + feed_forward(x, **block.feed_forward, activation=relu), **block.norm_2)


hands_attention_on_without_stars_in_the_decoder = edit("decoder_block", """Your call of
    `multi_head_attention` passes w_q alone, or a dict instead. Two stars pass all four matrices
    by name: `**block["attention"]`.""",
    ('x, **block["attention"]', 'x,block["attention"]'),
    ('multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     "mask=memory_mask, memory=memory)",
     'multi_head_attention(x, block["cross_attention"], n_heads=n_heads, '
     "mask=memory_mask, memory=memory)"), common=True)

hands_the_memory_on_as_queries = edit("decoder_block", """In a call of `multi_head_attention`, an
    argument after x is taken for w_q. Pass the memory, n_heads and the mask by name:
    `memory=memory`.""",
    ('multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     "mask=memory_mask, memory=memory)",
     'multi_head_attention(x, memory, **block["cross_attention"], n_heads=n_heads, '
     "mask=memory_mask)"))

forgets_to_hand_the_heads_on_in_the_decoder = edit("decoder_block", """A call of attention does
    not say how many heads there are: n_heads is missing. Pass it by name, `n_heads=n_heads`.""",
    ("n_heads=n_heads, mask=mask", "mask=mask"),
    ('multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     "mask=memory_mask, memory=memory)",
     'multi_head_attention(x, **block["cross_attention"], mask=memory_mask, memory=memory)'),
    denies=True)

hands_the_mask_of_the_memory_on_by_that_name = edit("decoder_block", """You pass `memory_mask` by
    that name, and `multi_head_attention` has no such argument. Its mask is called mask, in
    cross-attention too: `mask=memory_mask`.""",
    ('multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     "mask=memory_mask, memory=memory)",
     'multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     "memory_mask=memory_mask, memory=memory)"), common=True)


@mistake("decoder_block", """Your call of `layer_norm` passes no bias. A norm's dict holds both
    gain and bias, and two stars pass both by name: `**block["norm_1"]`.""", common=True)
def hands_a_norm_on_without_stars_in_the_decoder(x, memory, block, n_heads, mask=None,
                                                 memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask,
                                memory=memory)
    x = layer_norm(x + seen, block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      block["norm_3"])


hands_feed_forward_on_without_stars_in_the_decoder = edit("decoder_block", """Your call of
    `feed_forward` passes w_in alone, or a dict instead. Two stars pass all four arrays by name:
    `**block["feed_forward"]`.""",
    ('x, **block["feed_forward"]', 'x,block["feed_forward"]'))
