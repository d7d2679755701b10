"""Mistakes in encoder_block: norms, and the residual connections that they belong to."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.diagnosis.known import edit, mistake


@mistake("encoder_block", """Your norms come before each sublayer: pre-norm, as in GPT-2. In the
    encoder of 2017 they come last: add the output of a sublayer to its input, and normalise the
    sum.""", common=True)
def norms_first(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"],
                            activation=relu)


@mistake("encoder_block", """Your block is that of lesson 5, as in GPT-2: norms first, and
    GELU. In 2017 a norm comes after each sum, and the activation of the feed-forward network
    is ReLU.""", common=True)
def is_the_block_of_gpt(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("encoder_block", """Your attention reads a normalised input, and its sum is not
    normalised; only the feed-forward network has its norm last. Both norms should come after the
    sum.""")
def norms_first_before_attention_alone(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      **block["norm_2"])


@mistake("encoder_block", """Your feed-forward network reads a normalised input, and its sum is
    not normalised; only attention has its norm last. Both norms should come after the sum.""")
def norms_first_before_thinking_alone(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"],
                            activation=relu)


@mistake("encoder_block", """You normalise the output of a sublayer before it is added, and not
    the sum. Normalise the sum instead.""", common=True)
def norms_inside_the_shortcut(x, block, n_heads, mask=None):
    x = x + layer_norm(multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    return x + layer_norm(feed_forward(x, **block["feed_forward"], activation=relu),
                          **block["norm_2"])


@mistake("encoder_block", """Each of your norms comes before a sublayer, and the residual
    connection starts after it: the last sum is left as it is. Add first, and then normalise the
    sum.""",
         common=True)
def norms_the_shortcut_too(x, block, n_heads, mask=None):
    x = layer_norm(x, **block["norm_1"])
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x, **block["norm_2"])
    return x + feed_forward(x, **block["feed_forward"], activation=relu)


forgets_the_shortcut_of_attention = edit("encoder_block", """The residual connection around
    attention is missing: only its output is normalised. Add x to it first.""",
    ("x + multi_head_attention", "multi_head_attention"), common=True, denies=True)

forgets_the_shortcut_of_thinking = edit("encoder_block", """The residual connection around the
    feed-forward network is missing: only its output is normalised. Add its input to it first.""",
    ("x + feed_forward", "feed_forward"), common=True, denies=True)

starts_the_second_shortcut_at_the_input = edit("encoder_block", """Your second residual
    connection starts at the input of the block, so what attention found is not carried on by it.
    It should start after the first norm.""",
    ("x =", "first ="), ('x, **block["feed_forward"]', 'first, **block["feed_forward"]'))

thinks_about_the_input = edit("encoder_block", """Your feed-forward network reads the input of
    the block, and not what attention made of it. It should read the output of the first norm.""",
    ("x =", "first ="), ("x + feed_forward", "first + feed_forward"))

counts_both_shortcuts_twice = edit("encoder_block", """You add each input twice to the output of
    its sublayer. The functions of earlier lessons do not add it, so it should be added in the
    block, once.""",
    ("x +", "x + x +", 2))

forgets_norm_1 = edit("encoder_block", """`norm_1` has no effect: the sum of x and attention goes
    on as it is. Normalise it before the feed-forward network reads it.""",
    ('layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     'x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)'), common=True,
    denies=True)

forgets_norm_2 = edit("encoder_block", """`norm_2` has no effect: the last sum is returned as it
    is. The block should end with a norm.""",
    ('layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), '
     '**block["norm_2"])', 'x + feed_forward(x, **block["feed_forward"], activation=relu)'),
    common=True, denies=True)

uses_norm_1_twice = edit("encoder_block", """Your second norm uses the gain and bias of norm_1,
    and norm_2 has no effect. Each norm should use its own gain and bias.""",
    ('"norm_2"', '"norm_1"'), common=True, denies=True)

uses_norm_2_twice = edit("encoder_block", """Your first norm uses the gain and bias of norm_2,
    and norm_1 has no effect. Each norm should use its own gain and bias.""",
    ('"norm_1"', '"norm_2"'), denies=True)

swaps_the_norms = edit("encoder_block", """Your norms are swapped: norm_1 belongs after
    attention, norm_2 after the feed-forward network.""",
    ('"norm_1"', '"norm_2"'), ('"norm_2"', '"norm_1"'))


@mistake("encoder_block", """Your norms leave gain and bias out: every token ends with mean 0 and
    variance 1. Pass on those of the block: `**block["norm_1"]`.""")
def norms_without_gain_and_bias(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   1.0, 0.0)
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), 1.0, 0.0)


norms_once_more_at_the_end = edit("encoder_block", """You normalise the right answer by norm_2 a
    second time. One norm after the feed-forward network is enough.""",
    ('x + feed_forward(x, **block["feed_forward"], activation=relu)',
     'layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), '
     '**block["norm_2"])'))


@mistake("encoder_block", """You add the input of the block once more at the end. The residual
    connections should end before the norms.""")
def returns_what_is_before_the_last_norm_and_x(x, block, n_heads, mask=None):
    first = layer_norm(x
                       + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    return x + layer_norm(first + feed_forward(first, **block["feed_forward"], activation=relu),
                          **block["norm_2"])
