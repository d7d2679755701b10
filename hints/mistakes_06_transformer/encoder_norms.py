"""Mistakes in encoder_block: norms, and the shortcuts that they belong to."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.mistakes import mistake


@mistake("encoder_block", """Your norms come before each part, as in GPT-2. In the encoder of 2017
    they come last: add what the part says to its input, and normalise the sum.""", common=True)
def norms_first(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"], activation=relu)


@mistake("encoder_block", """Your block is that of lesson 5, as in GPT-2: norms first, and GELU. In
    2017 a norm comes after each sum, and feed-forward bends with ReLU.""", common=True)
def is_the_block_of_gpt(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("encoder_block", """Attention gets a normalised input, and its sum stays as it is; only
    feed-forward has its norm last. Both norms come after the sum.""")
def norms_first_before_attention_alone(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Feed-forward gets a normalised input, and its sum stays as it is; only
    attention has its norm last. Both norms come after the sum.""")
def norms_first_before_thinking_alone(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"], activation=relu)


@mistake("encoder_block", """What a part says is normalised before it is added, and the sum is not.
    The norm is of the sum, shortcut and all.""", common=True)
def norms_inside_the_shortcut(x, block, n_heads, mask=None):
    x = x + layer_norm(multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return x + layer_norm(feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Each norm comes before a part, and the shortcut starts behind it: the
    last sum is left as it is. Add first, and then normalise the sum.""", common=True)
def norms_the_shortcut_too(x, block, n_heads, mask=None):
    x = layer_norm(x, **block["norm_1"])
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x, **block["norm_2"])
    return x + feed_forward(x, **block["feed_forward"], activation=relu)


@mistake("encoder_block", """The shortcut around attention is missing: only what attention says is
    normalised. Add x to it first.""", common=True)
def forgets_the_shortcut_of_attention(x, block, n_heads, mask=None):
    x = layer_norm(multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """The shortcut around feed-forward is missing: only what feed-forward
    says is normalised. Add its input to it first.""", common=True)
def forgets_the_shortcut_of_thinking(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Your second shortcut starts at the input of the block, so what
    attention found is not carried on. It starts behind the first norm.""")
def starts_the_second_shortcut_at_the_input(x, block, n_heads, mask=None):
    first = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    return layer_norm(x + feed_forward(first, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Feed-forward reads the input of the block, and not what attention made
    of it. It reads the output of the first norm.""")
def thinks_about_the_input(x, block, n_heads, mask=None):
    first = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    return layer_norm(first + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """Each input is added twice to what its part says. The functions of the
    lessons before know no shortcut, so it is added in the block, once.""")
def counts_both_shortcuts_twice(x, block, n_heads, mask=None):
    x = layer_norm(x + x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    return layer_norm(x + x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """`norm_1` has no effect: the sum of x and attention goes on as it is.
    It is normalised before feed-forward reads it.""", common=True)
def forgets_norm_1(x, block, n_heads, mask=None):
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """`norm_2` has no effect: the last sum is returned as it is. The block
    ends with a norm.""", common=True)
def forgets_norm_2(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return x + feed_forward(x, **block["feed_forward"], activation=relu)


@mistake("encoder_block", """The second norm has the gain and bias of norm_1, and norm_2 has no
    effect. Each norm has numbers of its own.""", common=True)
def uses_norm_1_twice(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_1"])


@mistake("encoder_block", """The first norm has the gain and bias of norm_2, and norm_1 has no
    effect. Each norm has numbers of its own.""")
def uses_norm_2_twice(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@mistake("encoder_block", """The norms have changed places: norm_1 belongs behind attention, norm_2
    behind feed-forward.""")
def swaps_the_norms(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_1"])


@mistake("encoder_block", """Your norms leave gain and bias out: every token ends with mean 0 and
    variance 1. Hand the block's numbers on: `**block["norm_1"]`.""")
def norms_without_gain_and_bias(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), 1.0, 0.0)
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), 1.0, 0.0)


@mistake("encoder_block", """The answer is what the block should give, normalised by norm_2 a
    second time. One norm behind feed-forward is enough.""")
def norms_once_more_at_the_end(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                                 **block["norm_2"]), **block["norm_2"])


@mistake("encoder_block", """Your answer has the input of the block added once more at the end. The
    shortcuts end before the norms.""")
def returns_what_is_before_the_last_norm_and_x(x, block, n_heads, mask=None):
    first = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    return x + layer_norm(first + feed_forward(first, **block["feed_forward"], activation=relu), **block["norm_2"])
