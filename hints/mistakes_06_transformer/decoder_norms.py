"""Mistakes in decoder_block: norms and residual connections."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.diagnosis.known import edit, mistake


@mistake("decoder_block", """Your norms come before each sublayer: pre-norm, as in GPT-2. In the
    decoder of 2017 they come last: add the output of a sublayer to its input, and normalise the
    sum.""", common=True)
def norms_first_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    seen = multi_head_attention(layer_norm(x, **block["norm_2"]), **block["cross_attention"],
                                n_heads=n_heads, mask=memory_mask, memory=memory)
    x = x + seen
    return x + feed_forward(layer_norm(x, **block["norm_3"]), **block["feed_forward"],
                            activation=relu)


@mistake("decoder_block", """Your block is built like that of GPT-2: norms first, and GELU. In
    2017 a norm comes after each sum, and the activation of the feed-forward network is ReLU.""")
def is_like_the_block_of_gpt(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    x = x + multi_head_attention(layer_norm(x, **block["norm_2"]), **block["cross_attention"],
                                 n_heads=n_heads, mask=memory_mask, memory=memory)
    return x + feed_forward(layer_norm(x, **block["norm_3"]), **block["feed_forward"])


@mistake("decoder_block", """You normalise the output of a sublayer before it is added, and not
    the sum. Normalise the sum instead.""")
def norms_inside_the_shortcuts(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = x + layer_norm(multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    seen = layer_norm(multi_head_attention(x, **block["cross_attention"], n_heads=n_heads,
                                           mask=memory_mask, memory=memory), **block["norm_2"])
    x = x + seen
    return x + layer_norm(feed_forward(x, **block["feed_forward"], activation=relu),
                          **block["norm_3"])


@mistake("decoder_block", """Each of your norms comes before a sublayer, and the residual
    connection starts after it: the last sum is left as it is. Add first, and then normalise the
    sum.""")
def norms_the_shortcuts_too(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x, **block["norm_1"])
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x, **block["norm_2"])
    x = x + multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask,
                                 memory=memory)
    x = layer_norm(x, **block["norm_3"])
    return x + feed_forward(x, **block["feed_forward"], activation=relu)


forgets_the_first_shortcut_of_the_decoder = edit("decoder_block", """The residual connection
    around the first attention is missing: only its output is normalised. Add x to it first.""",
    ("x + multi_head_attention", "multi_head_attention"), common=True, denies=True)

forgets_the_second_shortcut_of_the_decoder = edit("decoder_block", """The residual connection
    around cross-attention is missing: its output replaces what was written. Add x to it before
    the norm.""",
    ("x + seen", "seen"), common=True, denies=True)

forgets_the_third_shortcut_of_the_decoder = edit("decoder_block", """The residual connection
    around the feed-forward network is missing: only its output is normalised. Add its input to
    it first.""",
    ("x + feed_forward", "feed_forward"), denies=True)

starts_the_shortcut_of_cross_attention_at_the_input = edit("decoder_block", """Your residual
    connection around cross-attention starts at the input of the block. It should start after
    norm_1, where cross-attention does.""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     'first = layer_norm(x + multi_head_attention(x, **block["attention"], '
     'n_heads=n_heads, mask=mask), **block["norm_1"])'),
    ('x, **block["cross_attention"]', 'first, **block["cross_attention"]'))


@mistake("decoder_block", """Your residual connection around the feed-forward network starts at
    the input of the block, so neither attention is carried on by it. It should start after
    norm_2.""")
def starts_the_last_shortcut_at_the_input(x, memory, block, n_heads, mask=None, memory_mask=None):
    first = layer_norm(x
                       + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    seen = multi_head_attention(first, **block["cross_attention"], n_heads=n_heads,
                                mask=memory_mask, memory=memory)
    second = layer_norm(first + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(second, **block["feed_forward"], activation=relu),
                      **block["norm_3"])


@mistake("decoder_block", """Your residual connection around the feed-forward network starts
    after norm_1, so what was read from the memory is not carried on by it. It should start after
    norm_2.""")
def starts_the_last_shortcut_behind_norm_1(x, memory, block, n_heads, mask=None, memory_mask=None):
    first = layer_norm(x
                       + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    seen = multi_head_attention(first, **block["cross_attention"], n_heads=n_heads,
                                mask=memory_mask, memory=memory)
    second = layer_norm(first + seen, **block["norm_2"])
    return layer_norm(first + feed_forward(second, **block["feed_forward"], activation=relu),
                      **block["norm_3"])


forgets_norm_1_of_the_decoder = edit("decoder_block", """`norm_1` has no effect: the sum of x and
    the first attention goes on as it is. Normalise it before cross-attention.""",
    ('layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     'x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)'), common=True,
    denies=True)

forgets_norm_2_of_the_decoder = edit("decoder_block", """`norm_2` has no effect: the sum after
    cross-attention goes on as it is. Normalise it before the feed-forward network.""",
    ('layer_norm(x + seen, **block["norm_2"])', "x + seen"), common=True, denies=True)

forgets_norm_3_of_the_decoder = edit("decoder_block", """`norm_3` has no effect: the last sum is
    returned as it is. The block should end with a norm.""",
    ('layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), '
     '**block["norm_3"])', 'x + feed_forward(x, **block["feed_forward"], activation=relu)'),
    denies=True)

swaps_norm_2_and_norm_3 = edit("decoder_block", """Your norm_2 and norm_3 are swapped: norm_2
    belongs after cross-attention, norm_3 after the feed-forward network.""",
    ('"norm_2"', '"norm_3"'), ('"norm_3"', '"norm_2"'), common=True)

swaps_norm_1_and_norm_2 = edit("decoder_block", """Your norm_1 and norm_2 are swapped: norm_1
    belongs after the first attention, norm_2 after cross-attention.""",
    ('"norm_1"', '"norm_2"'), ('"norm_2"', '"norm_1"'))

uses_norm_2_for_the_last_two = edit("decoder_block", """Your last norm uses the gain and bias of
    norm_2, and norm_3 has no effect. Each norm should use its own gain and bias.""",
    ('"norm_3"', '"norm_2"'), common=True, denies=True)

uses_norm_1_for_the_first_two = edit("decoder_block", """Your norm after cross-attention uses the
    gain and bias of norm_1, and norm_2 has no effect. Each norm should use its own gain and
    bias.""",
    ('"norm_2"', '"norm_1"'), denies=True)

norms_the_memory = edit("decoder_block", """You normalise the memory before it is attended to.
    Use it as the encoder returned it: only sums should be normalised here.""",
    ("seen =", 'memory = layer_norm(memory, **block["norm_2"])\nseen ='))
