"""Mistakes in transformer_block: which norm is where."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm

from tests.runner.diagnosis.known import edit, mistake

exchanges_the_norms = edit("transformer_block", """Your two norms are swapped. norm_1 belongs
    before attention, norm_2 before the feed-forward network.""",
    ('"norm_1"', '"norm_2"'), ('"norm_2"', '"norm_1"'), common=True)

uses_norm_1_twice = edit("transformer_block", """Both sublayers of your block use norm_1. The
    feed-forward network should use its own norm, norm_2.""",
    ('"norm_2"', '"norm_1"'), common=True)

uses_norm_2_twice = edit("transformer_block", """Both sublayers of your block use norm_2.
    Attention should use its own norm, norm_1.""",
    ('"norm_1"', '"norm_2"'))

forgets_both_norms = edit("transformer_block", """Your block has no norms. Each sublayer should
    read `layer_norm` of the residual stream.""",
    ('layer_norm(x, **block["norm_1"])', "x"), ('layer_norm(x, **block["norm_2"])', "x"))

forgets_the_first_norm = edit("transformer_block", """Your attention reads x without a norm. It
    should read `layer_norm` of x, with norm_1.""",
    ('layer_norm(x, **block["norm_1"])', "x"), common=True)

forgets_the_second_norm = edit("transformer_block", """Your feed-forward network reads the
    residual stream without a norm. It should read `layer_norm` of it, with norm_2.""",
    ('layer_norm(x, **block["norm_2"])', "x"))


@mistake("transformer_block", """You normalise the output of each sublayer before it is added.
    Normalise what each sublayer reads instead.""")
def norms_what_each_half_answers(x, block, n_heads, mask=None):
    x = x + layer_norm(multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                       **block["norm_1"])
    return x + layer_norm(feed_forward(x, **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """You normalise before each sublayer, and again after each sum.
    Normalise only what each sublayer reads; the residual stream itself should stay as it is.""")
def norms_before_and_after(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                            n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"]),
                      **block["norm_2"])


norms_the_output = edit("transformer_block", """Your block normalises its output. It should
    return the sum as it is: in GPT-2 the last norm comes once, after all blocks.""",
    ('x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])',
     'layer_norm(x + feed_forward(layer_norm(x, **block["norm_2"]), '
     '**block["feed_forward"]), **block["norm_2"])'))


@mistake("transformer_block", """The first sublayer of your block is that of 2017: norm_1 comes
    after attention has been added. In GPT-2 it comes first: attention should read the normalised
    x.""")
def puts_the_first_norm_last(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


puts_the_second_norm_last = edit("transformer_block", """The second sublayer of your block is
    that of 2017: norm_2 comes at the very end. In GPT-2 it comes first: the feed-forward network
    should read the normalised stream.""",
    ('x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])',
     'layer_norm(x + feed_forward(x, **block["feed_forward"]), **block["norm_2"])'))

norms_the_queries_alone = edit("transformer_block", """Your queries come from the normalised x,
    but keys and values from x without a norm. All three should come from the normalised x; no
    memory is needed here.""",
    ('multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], '
     "n_heads=n_heads, mask=mask)",
     'multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], '
     "n_heads=n_heads, mask=mask, memory=x)"))

norms_the_memory_alone = edit("transformer_block", """Your keys and values come from the
    normalised x, but the queries from x without a norm. All three should come from the
    normalised x; no memory is needed here.""",
    ('multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], '
     "n_heads=n_heads, mask=mask)",
     'multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask, '
     'memory=layer_norm(x, **block["norm_1"]))'))

norms_without_gain_and_bias = edit("transformer_block", """The gain and bias in the block have no
    effect in your norms. `**block["norm_1"]` passes them on.""",
    ('x, **block["norm_1"]', "x, 1, 0"), ('x, **block["norm_2"]', "x, 1, 0"), denies=True)

exchanges_gain_and_bias_of_the_norms = edit("transformer_block", """Gain and bias are swapped in
    your norms. `**block["norm_1"]` passes each by name.""",
    ('x, **block["norm_1"]', 'x, block["norm_1"]["bias"], block["norm_1"]["gain"]'),
    ('x, **block["norm_2"]', 'x, block["norm_2"]["bias"], block["norm_2"]["gain"]'))

norms_with_another_eps = edit("transformer_block", """Your norms use an eps other than 1e-5. Call
    `layer_norm` without one: its default is that of GPT-2.""",
    ('["norm_1"]', '["norm_1"], eps=eps'), ('["norm_2"]', '["norm_2"], eps=eps'),
    eps=(1e-6, 1e-12, 1e-8, 0.0))

goes_by_the_order_of_the_keys = edit("transformer_block", """Your norms get their parameters in
    the order in which the dict holds them. Its keys may come in any order: `**` passes them by
    name.""",
    ('x, **block["norm_1"]', 'x, *block["norm_1"].values()'),
    ('x, **block["norm_2"]', 'x, *block["norm_2"].values()'))


@mistake("transformer_block", """You pass all parameters in the order in which the dicts hold them.
    Their keys may come in any order: `**` passes them by name.""")
def goes_by_the_order_of_all_keys(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, *block["norm_1"].values()),
                                 *block["attention"].values(),
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, *block["norm_2"].values()),
                            *block["feed_forward"].values())
