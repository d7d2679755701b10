"""Mistakes in decoder_block: its parts and their order, and what each of them reads."""

from tests.runner.diagnosis.known import edit

bends_with_gelu_in_the_decoder = edit("decoder_block", """Your feed-forward network uses GELU,
    its default, as in GPT-2. In 2017 it was ReLU: pass `activation=relu`.""",
    (", activation=relu", ""), common=True)

does_not_bend_in_the_decoder = edit("decoder_block", """Your feed-forward network has no
    activation, and two matrix products in a row are no more than one. ReLU belongs between
    them.""",
    ("relu", "lambda wide: wide"))

looks_at_the_memory_first = edit("decoder_block", """Your cross-attention comes before
    self-attention. A decoder should attend to what is written first, and to the memory second.""",
    ('["attention"], n_heads=n_heads, mask=mask',
     '["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory'),
    ('multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     "mask=memory_mask, memory=memory)",
     'multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)'), common=True)

thinks_before_it_looks_at_the_memory = edit("decoder_block", """Your feed-forward network comes
    before cross-attention. A decoder should attend to what is written, then to the memory; the
    feed-forward network comes last.""",
    ('multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     "mask=memory_mask, memory=memory)",
     'feed_forward(x, **block["feed_forward"], activation=relu)'),
    ('feed_forward(x, **block["feed_forward"], activation=relu)',
     'multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     "mask=memory_mask, memory=memory)"))

does_not_look_at_the_memory = edit("decoder_block", """The memory has no effect: norm_1 is
    followed by the feed-forward network. Cross-attention and norm_2 should come between them.""",
    ('seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     'mask=memory_mask, memory=memory) x = layer_norm(x + seen, **block["norm_2"])', ""),
    denies=True)

looks_at_itself_twice = edit("decoder_block", """Your cross-attention attends to x instead of the
    memory, which has no effect. Pass it on: `memory=memory`.""",
    ("memory=memory", "memory=None"), common=True, denies=True)

looks_at_itself_twice_with_its_own_mask = edit("decoder_block", """Your cross-attention is a
    second self-attention: it attends to x, with `mask`, and the memory has no effect. Pass it
    the memory and memory_mask.""",
    ('multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     "mask=memory_mask, memory=memory)",
     'multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=mask)'),
    denies=True)

lets_the_memory_look_at_x = edit("decoder_block", """In your cross-attention the queries come
    from the memory, and keys and values from x. It should be the other way round.""",
    ('x, **block["cross_attention"]', 'memory, **block["cross_attention"]'),
    ("memory=memory", "memory=x"))

lets_the_memory_look_at_itself_in_the_decoder = edit("decoder_block", """In your cross-attention
    the memory attends to itself. The queries should come from x, so that there is an answer for
    each token that is written.""",
    ('x, **block["cross_attention"]', 'memory, **block["cross_attention"]'),
    ("memory=memory", "memory=None"))

asks_with_the_input = edit("decoder_block", """The queries of your cross-attention come from the
    input of the block, before self-attention. They should come from the output of norm_1.""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     'first = layer_norm(x + multi_head_attention(x, **block["attention"], '
     'n_heads=n_heads, mask=mask), **block["norm_1"])'), ("x + seen", "first + seen"))

looks_at_both_at_once = edit("decoder_block", """Both your attentions read the input of the
    block, and both are added to it at once. They should come one after the other, each with a
    norm.""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])', ""),
    ("x + seen",
     'x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask) + seen'))

looks_at_the_memory_and_itself_together = edit("decoder_block", """Your cross-attention attends
    to the memory and to x together, or tries to. It should attend to the memory alone.""",
    ("seen =", "memory = np.concatenate([x, memory], axis=-2)\nseen ="))

looks_at_the_memory_alone = edit("decoder_block", """Self-attention has no effect: no token that
    is written attends to another one.""",
    ('x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)', "x"),
    denies=True)

does_not_think_in_the_decoder = edit("decoder_block", """You return the output of norm_2. The
    feed-forward network, a third residual connection and norm_3 should follow.""",
    ('x = layer_norm(x + seen, **block["norm_2"])', ""),
    ('feed_forward(x, **block["feed_forward"], activation=relu)', "seen"),
    ('"norm_3"', '"norm_2"'))

uses_the_weights_of_self_attention_twice = edit("decoder_block", """Both your attentions use the
    weights of block["attention"]. Cross-attention should use its own, block["cross_attention"].""",
    ('"cross_attention"', '"attention"'), common=True)

swaps_the_weights_of_the_attentions = edit("decoder_block", """The weights of your two attentions
    are swapped: block["attention"] is for self-attention, block["cross_attention"] for the
    memory.""",
    ('"attention"', '"cross_attention"'), ('"cross_attention"', '"attention"'))

looks_at_the_memory_with_one_head = edit("decoder_block", """Your cross-attention has one head,
    whatever n_heads is. Both attentions should have n_heads.""",
    ("n_heads, mask=memory_mask", "1, mask=memory_mask"))

writes_into_what_was_written = edit("decoder_block", """You overwrite the caller's x: `x += ...`
    writes into the very array that was passed. `x = x + ...` makes a new one.""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     'x += multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)\n'
     'x = layer_norm(x, **block["norm_1"])'))

changes_the_block_of_the_decoder = edit("decoder_block", """You change the caller's block:
    something in it is added, removed or overwritten, and stays so after the call. Make a copy of
    what you change.""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     'block["attention"].update(n_heads=n_heads)\n'
     'x = layer_norm(x + multi_head_attention(x, **block["attention"], mask=mask), '
     '**block["norm_1"])'))

answers_in_float64_from_the_decoder = edit("decoder_block", """Your answer is float64 even if
    everything that went in is float32: an array of your own, or astype(float), widens it.
    float32 should stay float32.""",
    ('layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), '
     '**block["norm_3"])',
     'layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), '
     '**block["norm_3"]).astype(np.float64)'))

is_the_block_of_the_encoder = edit("decoder_block", """Your block is that of the encoder: the
    memory has no effect, nor has norm_3. After norm_1 should come cross-attention, with norm_2,
    and then the feed-forward network.""",
    ('seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, '
     'mask=memory_mask, memory=memory) x = layer_norm(x + seen, **block["norm_2"])', ""),
    ('"norm_3"', '"norm_2"'), denies=True)
