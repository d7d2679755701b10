"""Mistakes in transformer_block: missing halves, their order, the bend, dtypes and the block itself."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.mistakes import mistake


@mistake("transformer_block", """Attention is missing: no token learns anything of another one.""")
def forgets_attention(x, block, n_heads, mask=None):
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your block ends after attention. Feed-forward is its second half.""")
def forgets_feed_forward(x, block, n_heads, mask=None):
    return x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)


@mistake("transformer_block", """Feed-forward comes first in yours, and attention after it. Attention is the first
    half.""")
def thinks_before_it_attends(x, block, n_heads, mask=None):
    x = x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])
    return x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)


@mistake("transformer_block", """Feed-forward comes first in yours, with norm_1, and attention after it, with norm_2.
    Attention is the first half.""")
def thinks_before_it_attends_with_its_norm(x, block, n_heads, mask=None):
    x = x + feed_forward(layer_norm(x, **block["norm_1"]), **block["feed_forward"])
    return x + multi_head_attention(layer_norm(x, **block["norm_2"]), **block["attention"], n_heads=n_heads, mask=mask)


@mistake("transformer_block", """Your block bends with relu, as in 2017. GPT-2 bends with gelu, which feed_forward does
    if nothing else is said.""", common=True)
def bends_with_relu(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"], activation=relu)


@mistake("transformer_block", """Attention goes without its heads' last product: w_o, or another part of the block, is
    missing in the call. `**block["attention"]` hands all four on.""")
def forgets_the_output_projection(x, block, n_heads, mask=None):
    attention = {name: block["attention"][name] for name in ("w_q", "w_k", "w_v")}
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **attention, n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Queries and keys have changed places: w_q makes the keys in yours. `**` hands each
    matrix on by its name.""")
def exchanges_queries_and_keys(x, block, n_heads, mask=None):
    weights = block["attention"]
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), weights["w_k"], weights["w_q"], weights["w_v"],
                                 weights["w_o"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Attention attends once, over the whole width: n_heads plays no part. Hand it on.""",
         common=True)
def attends_with_one_head(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=1, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your number of heads is fixed: n_heads plays no part. Hand it on.""",
         fixed=(2, 4, 8, 12))
def has_a_fixed_number_of_heads(x, block, n_heads, mask=None, *, fixed):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=fixed, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Yours refuses where n_heads does not divide d_model. It has to divide the widths of
    w_q, w_k and w_v, and multi_head_attention sees to that.""")
def wants_heads_to_divide_d_model(x, block, n_heads, mask=None):
    if x.shape[-1] % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {x.shape[-1]}")
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Where n_heads does not divide, yours ends in an AssertionError. A ValueError is asked
    for, and multi_head_attention raises one.""")
def asserts_that_heads_divide(x, block, n_heads, mask=None):
    for name in ("w_q", "w_k", "w_v"):
        assert block["attention"][name].shape[-1] % n_heads == 0, "n_heads does not divide"
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your line takes x apart into three sizes, and x may have two axes or four. The
    functions that you call need no sizes.""")
def wants_one_batch_axis(x, block, n_heads, mask=None):
    batch, n_tokens, d_model = x.shape
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your line takes x apart into two sizes, and with batches it has more. The functions
    that you call need no sizes.""")
def wants_a_single_sequence(x, block, n_heads, mask=None):
    n_tokens, d_model = x.shape
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Yours changes the caller's dict: something is taken out of it, or written into it or
    its arrays, and that stays after the call. Only read the block.""")
def takes_parts_out_of_the_block(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block.pop("norm_1")), **block.pop("attention"),
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block.pop("norm_2")), **block.pop("feed_forward"))


@mistake("transformer_block", """Your numbers are float64 where float32 came in: an array without a dtype or a cast on
    the way makes them so. float32 stays float32.""")
def runs_in_float64(x, block, n_heads, mask=None):
    x = x.astype(np.float64)
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your numbers are float64 where float32 came in: an array without a dtype or a cast on
    the way makes them so. float32 stays float32.""")
def runs_its_second_half_in_float64(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    x = x.astype(np.float64)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


@mistake("transformer_block", """Your numbers are float64 where float32 came in: an array without a dtype or a cast on
    the way makes them so. float32 stays float32.""")
def ends_the_block_in_float64(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return (x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])).astype(np.float64)


@mistake("transformer_block", """Your answer is float32 whatever comes in, and float64 loses half its digits. It has the
    dtype of x.""")
def runs_in_float32(x, block, n_heads, mask=None):
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return (x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])).astype(np.float32)


@mistake("transformer_block", """Where x holds integers, your answer is cut to integers: it goes into an array of the
    dtype of x, or is cast to it. Let the sums decide.""")
def cuts_the_stream_to_integers(x, block, n_heads, mask=None):
    dtype = x.dtype
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return (x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])).astype(dtype)


@mistake("transformer_block", """You take the parts of the block by their order, and a dict may have them in any.
    Take them by name: block["norm_1"], and ** for what is in it.""")
def takes_the_parts_by_their_order(x, block, n_heads, mask=None):
    norm_1, attention, norm_2, thinking = block.values()
    x = x + multi_head_attention(layer_norm(x, *norm_1.values()), *attention.values(), n_heads, mask)
    return x + feed_forward(layer_norm(x, *norm_2.values()), *thinking.values())


@mistake("transformer_block", """You take the parts of the block by their order, and a dict may have them in any.
    Take them by name: block["norm_1"], and ** for what is in it.""")
def takes_the_four_parts_by_their_order(x, block, n_heads, mask=None):
    norm_1, attention, norm_2, thinking = block.values()
    x = x + multi_head_attention(layer_norm(x, **norm_1), **attention, n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **norm_2), **thinking)
