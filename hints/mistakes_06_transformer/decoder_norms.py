"""Mistakes in decoder_block: norms and shortcuts."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.mistakes import mistake


@mistake("decoder_block", """Your norms come before each part, as in GPT-2. In the decoder of 2017
    they come last: add what the part says to its input, and normalise the sum.""", common=True)
def norms_first_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    seen = multi_head_attention(layer_norm(x, **block["norm_2"]), **block["cross_attention"],
                                n_heads=n_heads, mask=memory_mask, memory=memory)
    x = x + seen
    return x + feed_forward(layer_norm(x, **block["norm_3"]), **block["feed_forward"], activation=relu)


@mistake("decoder_block", """Your block is built like that of GPT-2: norms first, and GELU. In 2017
    a norm comes after each sum, and feed-forward bends with ReLU.""")
def is_like_the_block_of_gpt(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    x = x + multi_head_attention(layer_norm(x, **block["norm_2"]), **block["cross_attention"],
                                 n_heads=n_heads, mask=memory_mask, memory=memory)
    return x + feed_forward(layer_norm(x, **block["norm_3"]), **block["feed_forward"])


@mistake("decoder_block", """What a part says is normalised before it is added, and the sum is not.
    The norm is of the sum, shortcut and all.""")
def norms_inside_the_shortcuts(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = x + layer_norm(multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = layer_norm(multi_head_attention(x, **block["cross_attention"],
                                           n_heads=n_heads, mask=memory_mask, memory=memory), **block["norm_2"])
    x = x + seen
    return x + layer_norm(feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Each norm comes before a part, and the shortcut starts behind it: the
    last sum is left as it is. Add first, and then normalise the sum.""")
def norms_the_shortcuts_too(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x, **block["norm_1"])
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x, **block["norm_2"])
    x = x + multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x, **block["norm_3"])
    return x + feed_forward(x, **block["feed_forward"], activation=relu)


@mistake("decoder_block", """The shortcut around the first attention is missing: only what it says
    is normalised. Add x to it first.""", common=True)
def forgets_the_first_shortcut_of_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The shortcut around cross-attention is missing: what was written is
    replaced by what was seen. Add x to it before the norm.""", common=True)
def forgets_the_second_shortcut_of_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The shortcut around feed-forward is missing: only what feed-forward
    says is normalised. Add its input to it first.""")
def forgets_the_third_shortcut_of_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The shortcut around cross-attention starts at the input of the block.
    It starts behind norm_1, where cross-attention does.""")
def starts_the_shortcut_of_cross_attention_at_the_input(x, memory, block, n_heads, mask=None, memory_mask=None):
    first = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    seen = multi_head_attention(first, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The shortcut around feed-forward starts at the input of the block, so
    both attentions are lost to it. It starts behind norm_2.""")
def starts_the_last_shortcut_at_the_input(x, memory, block, n_heads, mask=None, memory_mask=None):
    first = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    seen = multi_head_attention(first, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    second = layer_norm(first + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(second, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The shortcut around feed-forward starts behind norm_1, so what was
    seen in the memory is lost to it. It starts behind norm_2.""")
def starts_the_last_shortcut_behind_norm_1(x, memory, block, n_heads, mask=None, memory_mask=None):
    first = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    seen = multi_head_attention(first, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    second = layer_norm(first + seen, **block["norm_2"])
    return layer_norm(first + feed_forward(second, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`norm_1` has no effect: the sum of x and the first attention goes on
    as it is. It is normalised before cross-attention.""", common=True)
def forgets_norm_1_of_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`norm_2` has no effect: the sum behind cross-attention goes on as it
    is. It is normalised before feed-forward.""", common=True)
def forgets_norm_2_of_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = x + seen
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`norm_3` has no effect: the last sum is returned as it is. The block
    ends with a norm.""")
def forgets_norm_3_of_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return x + feed_forward(x, **block["feed_forward"], activation=relu)


@mistake("decoder_block", """`norm_2` and norm_3 have changed places: norm_2 belongs behind
    cross-attention, norm_3 behind feed-forward.""", common=True)
def swaps_norm_2_and_norm_3(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_3"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("decoder_block", """`norm_1` and norm_2 have changed places: norm_1 belongs behind the
    first attention, norm_2 behind cross-attention.""")
def swaps_norm_1_and_norm_2(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_2"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The last norm has the gain and bias of norm_2, and norm_3 has no
    effect. Each norm has numbers of its own.""", common=True)
def uses_norm_2_for_the_last_two(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("decoder_block", """The norm behind cross-attention has the gain and bias of norm_1, and
    norm_2 has no effect. Each norm has numbers of its own.""")
def uses_norm_1_for_the_first_two(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The memory is normalised before it is looked at. It comes from the
    encoder as it should be: only sums are normalised here.""")
def norms_the_memory(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    memory = layer_norm(memory, **block["norm_2"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])
