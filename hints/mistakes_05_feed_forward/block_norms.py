"""Mistakes in transformer_block: which norm stands where."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm

from tests.runner.mistakes import mistake


@mistake("transformer_block", """The two norms have changed places: norm_1 stands before attention, norm_2 before
    feed-forward.""", common=True)
def exchanges_the_norms(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_2"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_1"]), **block["feed_forward"])


@mistake("transformer_block", """Both halves are normed by norm_1. Feed-forward has a norm of its own, norm_2.""",
         common=True)
def uses_norm_1_twice(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_1"]), **block["feed_forward"])


@mistake("transformer_block", """Both halves are normed by norm_2. Attention has a norm of its own, norm_1.""")
def uses_norm_2_twice(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_2"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """There are no norms in yours. Each half reads layer_norm of the stream.""")
def forgets_both_norms(x, block, n_heads, mask=None):
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(x, **block["feed_forward"])


@mistake("transformer_block", """Attention reads x without a norm. It reads layer_norm of x, with norm_1.""",
         common=True)
def forgets_the_first_norm(x, block, n_heads, mask=None):
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Feed-forward reads the stream without a norm. It reads layer_norm of it, with
    norm_2.""")
def forgets_the_second_norm(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(x, **block["feed_forward"])


@mistake("transformer_block", """Your norms stand behind each half, before the sum: their answers are normed. What each
    half reads is normed.""")
def norms_what_each_half_answers(x, block, n_heads, mask=None):
    x = x + layer_norm(multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return x + layer_norm(feed_forward(x, **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """Your norms come first and come again at the end of each half. Once is enough, and
    nothing norms the stream itself.""")
def norms_before_and_after(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                            n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """Your answer is normed at the end. The sum is the answer: in GPT-2 the last norm comes
    once, after all blocks.""")
def norms_the_output(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return layer_norm(x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """The stream is normed after attention has been added, with norm_1: the first half is
    that of 2017. In GPT-2 attention reads the normed x.""")
def puts_the_first_norm_last(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your norm_2 comes at the very end: the second half is that of 2017. In GPT-2
    feed-forward reads the normed stream.""")
def puts_the_second_norm_last(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return layer_norm(x + feed_forward(x, **block["feed_forward"]), **block["norm_2"])


@mistake("transformer_block", """The queries are normed, and keys and values come from x without a norm. All three come
    from the normed x; there is no memory here.""")
def norms_the_queries_alone(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask, memory=x)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Keys and values are normed, and the queries come from x without a norm. All three come
    from the normed x; there is no memory here.""")
def norms_the_memory_alone(x, block, n_heads, mask=None):
    x = x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask,
                                 memory=layer_norm(x, **block["norm_1"]))
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """The norms have no gain and no bias of their own in yours: those in the block play no
    part. `**block["norm_1"]` hands them on.""")
def norms_without_gain_and_bias(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, 1, 0), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, 1, 0), **block["feed_forward"])


@mistake("transformer_block", """Gain and bias of the norms have changed places. `**block["norm_1"]` hands them on by
    name.""")
def exchanges_gain_and_bias_of_the_norms(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, block["norm_1"]["bias"], block["norm_1"]["gain"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, block["norm_2"]["bias"], block["norm_2"]["gain"]), **block["feed_forward"])


@mistake("transformer_block", """Your norms have another eps than 1e-5. Call layer_norm without one: its default is what
    GPT-2 has.""", eps=(1e-6, 1e-12, 1e-8, 0.0))
def norms_with_another_eps(x, block, n_heads, mask=None, *, eps):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"], eps=eps), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"], eps=eps), **block["feed_forward"])


@mistake("transformer_block", """Your norms take their parameters in the order in which the dict has them. Its keys may
    come in any order: `**` goes by their names.""")
def goes_by_the_order_of_the_keys(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, *block["norm_1"].values()), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, *block["norm_2"].values()), **block["feed_forward"])


@mistake("transformer_block", """All parameters are taken in the order in which the dicts have them. Their keys may come
    in any order: `**` goes by their names.""")
def goes_by_the_order_of_all_keys(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, *block["norm_1"].values()), *block["attention"].values(),
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, *block["norm_2"].values()), *block["feed_forward"].values())
