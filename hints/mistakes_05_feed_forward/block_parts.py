"""Mistakes in transformer_block: sublayers and their order, activation, dtypes, the block."""

from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm

from tests.runner.diagnosis.known import edit, mistake

forgets_attention = edit("transformer_block", """Attention is missing from your block, so no
    token learns anything from another.""",
    ('x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), '
     '**block["attention"], n_heads=n_heads, mask=mask)', ""), denies=True)


@mistake("transformer_block", """Your block ends after attention. The feed-forward network should
    follow, as the second sublayer.""")
def forgets_feed_forward(x, block, n_heads, mask=None):
    return x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                    n_heads=n_heads, mask=mask)


@mistake("transformer_block", """Your feed-forward network comes first, and attention after it.
    Attention should be the first sublayer.""")
def thinks_before_it_attends(x, block, n_heads, mask=None):
    x = x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])
    return x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                    n_heads=n_heads, mask=mask)


@mistake("transformer_block", """Your feed-forward network comes first, with norm_1, and
    attention after it, with norm_2. Attention should be the first sublayer.""")
def thinks_before_it_attends_with_its_norm(x, block, n_heads, mask=None):
    x = x + feed_forward(layer_norm(x, **block["norm_1"]), **block["feed_forward"])
    return x + multi_head_attention(layer_norm(x, **block["norm_2"]), **block["attention"],
                                    n_heads=n_heads, mask=mask)


bends_with_relu = edit("transformer_block", """Your block uses ReLU, as in 2017. GPT-2 uses GELU,
    which is the default of `feed_forward`.""",
    ('["feed_forward"]', '["feed_forward"], activation=relu'), common=True)

forgets_the_output_projection = edit("transformer_block", """Your call of attention leaves out
    the output projection: w_o, or another part of the block, is missing. `**block["attention"]`
    passes all four matrices.""",
    ("x = x",
     'attention = {name: block["attention"][name] for name in ("w_q", "w_k", "w_v")}\nx = x'),
    ('block["attention"]', "attention"), denies=True)


@mistake("transformer_block", """Queries and keys are swapped: your keys are made with w_q.
    `**block["attention"]` passes each matrix by name.""")
def exchanges_queries_and_keys(x, block, n_heads, mask=None):
    weights = block["attention"]
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), weights["w_k"], weights["w_q"],
                                 weights["w_v"],
                                 weights["w_o"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


attends_with_one_head = edit("transformer_block", """Your attention has one head, over the whole
    width: n_heads has no effect. Pass it on.""",
    ("n_heads=n_heads", "n_heads=1"), common=True, denies=True)

has_a_fixed_number_of_heads = edit("transformer_block", """Your number of heads is fixed: n_heads
    has no effect. Pass it on.""",
    ("n_heads=n_heads", "n_heads=fixed"), fixed=(2, 4, 8, 12), denies=True)

wants_heads_to_divide_d_model = edit("transformer_block", """Your block refuses an n_heads that
    does not divide d_model. It need only divide the widths of w_q, w_k and w_v, and
    `multi_head_attention` checks that.""",
    ("x = x",
     "if x.shape[-1] % n_heads:\n"
     '    raise ValueError(f"n_heads = {n_heads} does not divide d_model = {x.shape[-1]}")\n'
     "x = x"))

asserts_that_heads_divide = edit("transformer_block", """Your block raises an AssertionError when
    n_heads does not divide. It should be a ValueError, and `multi_head_attention` raises one.""",
    ("x = x",
     'for name in ("w_q", "w_k", "w_v"):\n'
     '    assert block["attention"][name].shape[-1] % n_heads == 0, "n_heads does not '
     'divide"\n'
     "x = x"))

wants_one_batch_axis = edit("transformer_block", """Your code unpacks the shape of x into three
    sizes, but x may have two axes or four. The functions that you call need no sizes.""",
    ("x = x", "batch, n_tokens, d_model = x.shape\nx = x"))

wants_a_single_sequence = edit("transformer_block", """Your code unpacks the shape of x into two
    sizes, but with batch axes there are more. The functions that you call need no sizes.""",
    ("x = x", "n_tokens, d_model = x.shape\nx = x"))


@mistake("transformer_block", """You change the caller's dict: something is taken out of it, or
    written into it or its arrays, and stays changed after the call. Only read the block.""")
def takes_parts_out_of_the_block(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block.pop("norm_1")), **block.pop("attention"),
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block.pop("norm_2")), **block.pop("feed_forward"))


runs_in_float64 = edit("transformer_block", """Your numbers are float64 where float32 came in: an
    array without a dtype or a cast on the way makes them so. float32 should stay float32.""",
    ("x = x", "x = x.astype(np.float64)\nx = x"))

runs_its_second_half_in_float64 = edit("transformer_block", """Your numbers are float64 where
    float32 came in: an array without a dtype or a cast on the way makes them so. float32 should
    stay float32.""",
    ("return", "x = x.astype(np.float64)\nreturn"))

ends_the_block_in_float64 = edit("transformer_block", """Your numbers are float64 where float32
    came in: an array without a dtype or a cast on the way makes them so. float32 should stay
    float32.""",
    ('x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])',
     '(x + feed_forward(layer_norm(x, **block["norm_2"]), '
     '**block["feed_forward"])).astype(np.float64)'))

runs_in_float32 = edit("transformer_block", """Your output is float32 whatever comes in, so
    float64 loses half its digits. It should have the dtype of x.""",
    ('x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])',
     '(x + feed_forward(layer_norm(x, **block["norm_2"]), '
     '**block["feed_forward"])).astype(np.float32)'))

cuts_the_stream_to_integers = edit("transformer_block", """If x holds integers, your output is
    cut to integers: it is written into an array of the dtype of x, or cast to it. Let the sums
    decide the dtype.""",
    ("x = x", "dtype = x.dtype\nx = x"),
    ('x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])',
     '(x + feed_forward(layer_norm(x, **block["norm_2"]), '
     '**block["feed_forward"])).astype(dtype)'))


@mistake("transformer_block", """You take the parts of the block by their order, but a dict may
    hold them in any order. Take them by name: block["norm_1"], and ** for what is in it.""")
def takes_the_parts_by_their_order(x, block, n_heads, mask=None):
    norm_1, attention, norm_2, thinking = block.values()
    x = x + multi_head_attention(layer_norm(x, *norm_1.values()), *attention.values(), n_heads,
                                 mask)
    return x + feed_forward(layer_norm(x, *norm_2.values()), *thinking.values())


@mistake("transformer_block", """You take the parts of the block by their order, but a dict may
    hold them in any order. Take them by name: block["norm_1"], and ** for what is in it.""")
def takes_the_four_parts_by_their_order(x, block, n_heads, mask=None):
    norm_1, attention, norm_2, thinking = block.values()
    x = x + multi_head_attention(layer_norm(x, **norm_1), **attention, n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **norm_2), **thinking)
