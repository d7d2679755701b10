"""Mistakes in encoder_block and decoder_block: activation, eps, and parts used twice."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.diagnosis.known import edit, mistake


@mistake("encoder_block", """Your norms use an eps other than 1e-5. Call `layer_norm` without
    one: its default is the right one here.""", eps=(1e-6, 1e-12, 1e-8, 0.0))
def norms_with_another_eps_in_the_encoder(x, block, n_heads, mask=None, *, eps):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"], eps=eps)
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      **block["norm_2"], eps=eps)


names_the_bend = edit("encoder_block", """You pass the name of an activation, in quotes. Pass the
    function relu itself: `activation=relu`.""",
    ("relu", '"relu"'))

hands_on_what_the_bend_gives = edit("encoder_block", """You pass an array as the activation, such
    as relu(...) returns. Pass the function itself, without parentheses: `activation=relu`.""",
    ("relu", "relu(x)"))

cuts_what_gelu_thought = edit("encoder_block", """Your feed-forward network uses GELU inside, its
    default, and ReLU is applied to its output. ReLU belongs between the two products:
    `activation=relu`.""",
    ('feed_forward(x, **block["feed_forward"], activation=relu)',
     'relu(feed_forward(x, **block["feed_forward"]))'))


@mistake("decoder_block", """Your norms use an eps other than 1e-5. Call `layer_norm` without
    one: its default is the right one here.""", eps=(1e-6, 1e-12, 1e-8, 0.0))
def norms_with_another_eps_in_the_decoder(x, memory, block, n_heads, mask=None, memory_mask=None,
                                          *, eps):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"], eps=eps)
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask,
                                memory=memory)
    x = layer_norm(x + seen, **block["norm_2"], eps=eps)
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      **block["norm_3"], eps=eps)


names_the_bend_of_the_decoder = edit("decoder_block", """You pass the name of an activation, in
    quotes. Pass the function relu itself: `activation=relu`.""",
    ("relu", '"relu"'))

cuts_what_gelu_thought_in_the_decoder = edit("decoder_block", """Your feed-forward network uses
    GELU inside, its default, and ReLU is applied to its output. ReLU belongs between the two
    products: `activation=relu`.""",
    ('feed_forward(x, **block["feed_forward"], activation=relu)',
     'relu(feed_forward(x, **block["feed_forward"]))'))

leaves_feed_forward_out = edit("decoder_block", """The feed-forward network has no effect: norm_3
    follows norm_2. It should come between them, with a residual connection.""",
    ('x + feed_forward(x, **block["feed_forward"], activation=relu)', "x"), denies=True)

uses_the_weights_of_cross_attention_twice = edit("decoder_block", """Both your attentions use the
    weights of block["cross_attention"]. Self-attention should use its own, block["attention"].""",
    ('"attention"', '"cross_attention"'))

uses_norm_1_throughout = edit("decoder_block", """All three of your norms use the gain and bias
    of norm_1; norm_2 and norm_3 have no effect. Each norm should use its own gain and bias.""",
    ('"norm_2"', '"norm_1"'), ('"norm_3"', '"norm_1"'), denies=True)

uses_norm_3_for_the_last_two = edit("decoder_block", """Your norm after cross-attention uses the
    gain and bias of norm_3, and norm_2 has no effect. Each norm should use its own gain and
    bias.""",
    ('"norm_2"', '"norm_3"'), denies=True)

uses_norm_1_again_at_the_end = edit("decoder_block", """Your last norm uses the gain and bias of
    norm_1, and norm_3 has no effect. Each norm should use its own gain and bias.""",
    ('"norm_3"', '"norm_1"'), denies=True)

uses_norm_2_for_the_first_two = edit("decoder_block", """Your first norm uses the gain and bias
    of norm_2, and norm_1 has no effect. Each norm should use its own gain and bias.""",
    ('"norm_1"', '"norm_2"'), denies=True)

forgets_all_shortcuts = edit("decoder_block", """Your block has no residual connections: the
    output of each sublayer is normalised alone. The input of each of the three sublayers should
    be added first.""",
    ("x + multi_head_attention", "multi_head_attention"), ("x + seen", "seen"),
    ("x + feed_forward", "feed_forward"))


@mistake("decoder_block", """Your cross-attention comes before self-attention. A decoder should
    attend to what is written first, and to the memory second.""")
def looks_at_the_memory_first_with_its_norms(x, memory, block, n_heads, mask=None,
                                             memory_mask=None):
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask,
                                memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu),
                      **block["norm_3"])


looks_at_the_memory_twice = edit("decoder_block", """Both your attentions attend to the memory.
    The first one is self-attention: it should attend to x, and get no memory.""",
    ("mask=mask", "mask=mask, memory=memory"))

leaves_self_attention_out = edit("decoder_block", """Self-attention and norm_1 have no effect:
    cross-attention comes first. Before it, x should attend to itself.""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])', ""), denies=True)

looks_with_one_head_in_the_decoder = edit("decoder_block", """Both your attentions have one head,
    whatever n_heads is. Pass it on: `n_heads=n_heads`.""",
    ("=n_heads", "=1", 2))
