"""Mistakes in transformer_block: which norm stands where."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm

from tests.runner.diagnosis.known import mistake


@mistake("transformer_block", """Your two norms are swapped. norm_1 belongs before attention,
    norm_2 before feed-forward.""", common=True)
def exchanges_the_norms(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_2"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_1"]), **block["feed_forward"])


@mistake("transformer_block", """Both halves of your block use norm_1. Feed-forward should use its
    own norm, norm_2.""", common=True)
def uses_norm_1_twice(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_1"]), **block["feed_forward"])


@mistake("transformer_block", """Both halves of your block use norm_2. Attention should use its own
    norm, norm_1.""")
def uses_norm_2_twice(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_2"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your block has no norms. Each half should read `layer_norm` of the
    residual stream.""")
def forgets_both_norms(x, block, n_heads, mask=None):
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(x, **block["feed_forward"])


@mistake("transformer_block", """Your attention reads x without a norm. It should read `layer_norm`
    of x, with norm_1.""", common=True)
def forgets_the_first_norm(x, block, n_heads, mask=None):
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your feed-forward reads the residual stream without a norm. It
    should read `layer_norm` of it, with norm_2.""")
def forgets_the_second_norm(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(x, **block["feed_forward"])


@mistake("transformer_block", """You normalise the output of each half before it is added.
    Normalise what each half reads instead.""")
def norms_what_each_half_answers(x, block, n_heads, mask=None):
    x = x + layer_norm(multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return x + layer_norm(feed_forward(x, **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """You normalise before each half, and again after each sum.
    Normalise only what each half reads; the residual stream itself should stay as it is.""")
def norms_before_and_after(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                            n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """Your block normalises its output. It should return the sum as it
    is: in GPT-2 the last norm comes once, after all blocks.""")
def norms_the_output(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return layer_norm(x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """The first half of your block is that of 2017: norm_1 comes after
    attention has been added. In GPT-2 it comes first: attention should read the normalised x.""")
def puts_the_first_norm_last(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """The second half of your block is that of 2017: norm_2 comes at the
    very end. In GPT-2 it comes first: feed-forward should read the normalised stream.""")
def puts_the_second_norm_last(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return layer_norm(x + feed_forward(x, **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """Your queries come from the normalised x, but keys and values from
    x without a norm. All three should come from the normalised x; no memory is needed here.""")
def norms_the_queries_alone(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask, memory=x)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your keys and values come from the normalised x, but the queries
    from x without a norm. All three should come from the normalised x; no memory is needed
    here.""")
def norms_the_memory_alone(x, block, n_heads, mask=None):
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask,
                                 memory=layer_norm(x, **block["norm_1"]))
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """The gain and bias in the block play no part in your norms.
    `**block["norm_1"]` passes them on.""", denies=True)
def norms_without_gain_and_bias(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, 1, 0), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, 1, 0), **block["feed_forward"])


@mistake("transformer_block", """Gain and bias are swapped in your norms. `**block["norm_1"]`
    passes each by name.""")
def exchanges_gain_and_bias_of_the_norms(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, block["norm_1"]["bias"], block["norm_1"]["gain"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, block["norm_2"]["bias"], block["norm_2"]["gain"]), **block["feed_forward"])


@mistake("transformer_block", """Your norms use another eps than 1e-5. Call `layer_norm` without
    one: its default is that of GPT-2.""", eps=(1e-6, 1e-12, 1e-8, 0.0))
def norms_with_another_eps(x, block, n_heads, mask=None, *, eps):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"], eps=eps), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"], eps=eps), **block["feed_forward"])


@mistake("transformer_block", """Your norms get their parameters in the order in which the dict
    holds them. Its keys may come in any order: `**` passes them by name.""")
def goes_by_the_order_of_the_keys(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, *block["norm_1"].values()), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, *block["norm_2"].values()), **block["feed_forward"])


@mistake("transformer_block", """You pass all parameters in the order in which the dicts hold them.
    Their keys may come in any order: `**` passes them by name.""")
def goes_by_the_order_of_all_keys(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, *block["norm_1"].values()), *block["attention"].values(),
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, *block["norm_2"].values()), *block["feed_forward"].values())
