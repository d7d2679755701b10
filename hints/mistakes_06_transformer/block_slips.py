"""Mistakes in encoder_block and decoder_block: the bend, eps, and parts that are used twice."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.mistakes import mistake


@mistake("encoder_block", """Your norms have another eps than 1e-5. Call layer_norm without one: its
    default is what is meant here.""", eps=(1e-6, 1e-12, 1e-8, 0.0))
def norms_with_another_eps_in_the_encoder(x, block, n_heads, mask=None, *, eps):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"],
                   eps=eps)
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"],
                      eps=eps)


@mistake("encoder_block", """The name of a bend, in quotes, is handed on as the activation. relu
    itself goes in: `activation=relu`.""")
def names_the_bend(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation="relu"), **block["norm_2"])


@mistake("encoder_block", """An array is handed on as the activation, such as relu(...) gives. relu
    itself goes in, without brackets: `activation=relu`.""")
def hands_on_what_the_bend_gives(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu(x)), **block["norm_2"])


@mistake("encoder_block", """Feed-forward bends with GELU inside, as it does by itself, and ReLU
    cuts what it says. ReLU stands between the two products: `activation=relu`.""")
def cuts_what_gelu_thought(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + relu(feed_forward(x, **block["feed_forward"])), **block["norm_2"])


@mistake("decoder_block", """Your norms have another eps than 1e-5. Call layer_norm without one: its
    default is what is meant here.""", eps=(1e-6, 1e-12, 1e-8, 0.0))
def norms_with_another_eps_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None, *, eps):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"],
                   eps=eps)
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"], eps=eps)
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"],
                      eps=eps)


@mistake("decoder_block", """The name of a bend, in quotes, is handed on as the activation. relu
    itself goes in: `activation=relu`.""")
def names_the_bend_of_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation="relu"), **block["norm_3"])


@mistake("decoder_block", """Feed-forward bends with GELU inside, as it does by itself, and ReLU
    cuts what it says. ReLU stands between the two products: `activation=relu`.""")
def cuts_what_gelu_thought_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + relu(feed_forward(x, **block["feed_forward"])), **block["norm_3"])


@mistake("decoder_block", """Feed-forward has no part in your answer: norm_3 follows norm_2. Between
    them comes feed-forward, with a shortcut.""")
def leaves_feed_forward_out(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x, **block["norm_3"])


@mistake("decoder_block", """Both attentions use the weights of block["cross_attention"]. Self-
    attention has its own, block["attention"].""")
def uses_the_weights_of_cross_attention_twice(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """All three norms have the gain and bias of norm_1; norm_2 and norm_3
    have no effect. Each norm has numbers of its own.""")
def uses_norm_1_throughout(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_1"])


@mistake("decoder_block", """The norm behind cross-attention has the gain and bias of norm_3, and
    norm_2 has no effect. Each norm has numbers of its own.""")
def uses_norm_3_for_the_last_two(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_3"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The last norm has the gain and bias of norm_1, and norm_3 has no
    effect. Each norm has numbers of its own.""")
def uses_norm_1_again_at_the_end(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_1"])


@mistake("decoder_block", """The first norm has the gain and bias of norm_2, and norm_1 has no
    effect. Each norm has numbers of its own.""")
def uses_norm_2_for_the_first_two(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_2"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """There are no shortcuts in yours: what each part says is normalised
    alone. Its input is added to it first, three times.""")
def forgets_all_shortcuts(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(seen, **block["norm_2"])
    return layer_norm(feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Cross-attention comes before self-attention here. A decoder looks at
    what is written first, and at the memory second.""")
def looks_at_the_memory_first_with_its_norms(x, memory, block, n_heads, mask=None, memory_mask=None):
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Both attentions look at the memory. The first one is self-attention: it
    looks at x, and gets no memory.""")
def looks_at_the_memory_twice(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask,
                                            memory=memory), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Self-attention and norm_1 have no part in your answer: cross-attention
    comes first. Before it, x looks at itself.""")
def leaves_self_attention_out(x, memory, block, n_heads, mask=None, memory_mask=None):
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Whatever n_heads says, both attentions have one head. Hand it on:
    `n_heads=n_heads`.""")
def looks_with_one_head_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=1, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=1, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])
