"""Lesson 8: backpropagation, the rules of lesson 7 joined in reverse, through a whole GPT.

You build five functions, each the backward pass through one that you know:

    attention_backward             back through lesson 1's attention
    multi_head_attention_backward  back through lesson 3's heads and projections
    feed_forward_backward          back through lesson 5's feed-forward network, with gelu
    transformer_block_backward     back through lesson 5's block and its residual connections
    gpt_gradients                  the loss of a GPT, and its gradient for every parameter

A function ..._backward takes what the forward function took, and grad_out, the gradient of
the loss with respect to what that function returned. It runs again what it needs of the forward
function. Each gradient has the shape and the dtype of what it belongs to, float64 for integers;
those of a dict are a dict with the same keys. No function changes its arguments.
The lesson is katas/lesson_08_backprop.md.
"""

import math

import numpy as np
from kata_01_attention import attention, attention_weights
from kata_02_self_attention import causal_mask
from kata_03_multi_head import merge_heads, multi_head_attention, split_heads
from kata_04_positional import embed
from kata_05_feed_forward import gelu, layer_norm, transformer_block
from kata_06_transformer import cross_entropy
from kata_07_gradients import (
    cross_entropy_backward,
    embedding_backward,
    gelu_backward,
    layer_norm_backward,
    linear_backward,
)


def attention_backward(q, k, v, grad_out, mask=None):
    """Send a gradient back through attention(q, k, v, mask).

    q:        (..., n_queries, d_k)
    k:        (..., n_keys, d_k)
    v:        (..., n_keys, d_v)
    grad_out: (..., n_queries, d_v)
    mask:     boolean, broadcasts to (..., n_queries, n_keys); True means "may attend"
    returns:  a tuple (grad_q, grad_k, grad_v), of the shapes of q, k and v

        grad_weights = grad_out V^T
        grad_scores  = weights * (grad_weights - sum(weights * grad_weights, over the keys))
        grad_q       = grad_scores K / sqrt(d_k)
        grad_k       = grad_scores^T Q / sqrt(d_k)
        grad_v       = weights^T grad_out

    A key that a query may not attend to gets nothing from that query: its weight is 0.

    >>> k, v = np.array([[2.0, 0, 0, 0], [0, 2, 0, 0]]), np.array([[8.0], [0]])
    >>> grad_q, grad_k, grad_v = attention_backward(np.zeros((1, 4)), k, v, np.array([[1.0]]))
    >>> grad_q
    array([[ 2., -2.,  0.,  0.]])
    >>> grad_v
    array([[0.5],
           [0.5]])

    Source: Dao et al. 2022, "FlashAttention", appendix B.2, for the same formulas.
    """
    weights = attention_weights(q, k, mask)
    grad_v = weights.swapaxes(-1, -2) @ grad_out
    grad_weights = grad_out @ v.swapaxes(-1, -2)
    mean = (weights * grad_weights).sum(axis=-1, keepdims=True)
    grad_scores = weights * (grad_weights - mean) / math.sqrt(q.shape[-1])
    return grad_scores @ k, grad_scores.swapaxes(-1, -2) @ q, grad_v


def multi_head_attention_backward(x, w_q, w_k, w_v, w_o, n_heads, grad_out, mask=None):
    """Send a gradient back through multi_head_attention, where x looks at itself.

    x:        (..., n_tokens, d_model)
    w_q:      (d_model, n_heads * d_k)
    w_k:      (d_model, n_heads * d_k)
    w_v:      (d_model, n_heads * d_v)
    w_o:      (n_heads * d_v, d_out)
    n_heads:  how many heads
    grad_out: (..., n_tokens, d_out)
    mask:     boolean, broadcasts to (..., n_tokens, n_tokens), the same for every head
    returns:  a tuple (grad_x, grads); grads is a dict with w_q, w_k, w_v and w_o

        back through W_o, then through every head, then through W_q, W_k and W_v
        grad_x = what comes through the queries + through the keys + through the values

    >>> x, no_query = np.array([[1.0, 0.0], [3.0, 4.0]]), np.zeros((2, 2))
    >>> grad_x, grads = multi_head_attention_backward(
    ...     x, no_query, np.eye(2), np.eye(2), np.eye(2), 2, grad_out=np.array([[1.0, 0], [0, 0]]))
    >>> grads["w_v"]
    array([[2., 0.],
           [2., 0.]])

    Source: Vaswani et al. 2017, section 3.2.2, differentiated.
    """
    q, k, v = (split_heads(x @ w, n_heads) for w in (w_q, w_k, w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)  # one mask for all heads
    merged = merge_heads(attention(q, k, v, mask))
    grad_merged, grad_w_o = linear_backward(merged, w_o, grad_out)
    grads = attention_backward(q, k, v, split_heads(grad_merged, n_heads), mask)
    grad_q, grad_k, grad_v = map(merge_heads, grads)
    from_q, grad_w_q = linear_backward(x, w_q, grad_q)
    from_k, grad_w_k = linear_backward(x, w_k, grad_k)
    from_v, grad_w_v = linear_backward(x, w_v, grad_v)
    grads = {"w_q": grad_w_q, "w_k": grad_w_k, "w_v": grad_w_v, "w_o": grad_w_o}
    return from_q + from_k + from_v, grads


def feed_forward_backward(x, w_in, b_in, w_out, b_out, grad_out):
    """Send a gradient back through feed_forward with gelu.

    x:        (..., n_tokens, d_model)
    w_in:     (d_model, d_ff)
    b_in:     (d_ff,)
    w_out:    (d_ff, d_out)
    b_out:    (d_out,)
    grad_out: (..., n_tokens, d_out)
    returns:  a tuple (grad_x, grads); grads is a dict with w_in, b_in, w_out and b_out

        back through W_out, then through gelu, then through W_in
        the gradient of a bias is the sum of what comes in from above, over all tokens

    >>> x, w_in, w_out = np.array([[1.0, 2.0]]), np.zeros((2, 3)), np.array([[2.0], [4.0], [6.0]])
    >>> grad_out = np.array([[1.0]])
    >>> _, grads = feed_forward_backward(x, w_in, np.zeros(3), w_out, np.zeros(1), grad_out)
    >>> grads["w_in"]
    array([[1., 2., 3.],
           [2., 4., 6.]])

    Source: Rumelhart, Hinton and Williams 1986, "Learning representations by back-propagating
    errors".
    """
    wide = x @ w_in + b_in
    grad_units, grad_w_out = linear_backward(gelu(wide), w_out, grad_out)
    grad_wide = gelu_backward(wide, grad_units)
    grad_x, grad_w_in = linear_backward(x, w_in, grad_wide)
    leading = tuple(range(grad_out.ndim - 1))
    grad_b_in, grad_b_out = grad_wide.sum(axis=leading), grad_out.sum(axis=leading)
    return grad_x, {"w_in": grad_w_in, "b_in": grad_b_in, "w_out": grad_w_out, "b_out": grad_b_out}


def transformer_block_backward(x, block, n_heads, grad_out, mask=None):
    """Send a gradient back through transformer_block.

    x:        (..., n_tokens, d_model), what came into the block
    block:    a dict with norm_1, attention, norm_2 and feed_forward, as in lesson 5
    n_heads:  how many heads
    grad_out: (..., n_tokens, d_model)
    mask:     boolean, broadcasts to (..., n_tokens, n_tokens); True means "may attend"
    returns:  a tuple (grad_x, grads); grads is a dict of dicts, with the keys of block

        middle      = x + multi_head_attention(layer_norm(x)), as in the forward pass
        grad_middle = grad_out    + grad_out, back through feed_forward and norm_2
        grad_x      = grad_middle + grad_middle, back through multi_head_attention and norm_1

    With weights of zeros, a block lets the gradient through:

    >>> x, zeros = np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros((2, 2))
    >>> norm = dict(gain=np.ones(2), bias=np.zeros(2))
    >>> attention = dict(w_q=zeros, w_k=zeros, w_v=zeros, w_o=zeros)
    >>> feed_forward = dict(w_in=zeros, b_in=zeros[0], w_out=zeros, b_out=zeros[0])
    >>> block = dict(norm_1=norm, attention=attention, norm_2=norm, feed_forward=feed_forward)
    >>> grad_x, grads = transformer_block_backward(x, block, 1, np.array([[5.0, 6.0], [7.0, 8.0]]))
    >>> grad_x
    array([[5., 6.],
           [7., 8.]])

    Source: He et al. 2016, "Identity Mappings in Deep Residual Networks", equation 5, for the sum.
    """
    normed_1 = layer_norm(x, **block["norm_1"])
    middle = x + multi_head_attention(normed_1, **block["attention"], n_heads=n_heads, mask=mask)
    normed_2 = layer_norm(middle, **block["norm_2"])
    grad, feed_forward = feed_forward_backward(
        normed_2, **block["feed_forward"], grad_out=grad_out)
    grad, gain_2, bias_2 = layer_norm_backward(middle, **block["norm_2"], grad_out=grad)
    grad_middle = grad_out + grad
    grad, attention = multi_head_attention_backward(
        normed_1, **block["attention"], n_heads=n_heads, grad_out=grad_middle, mask=mask)
    grad, gain_1, bias_1 = layer_norm_backward(x, **block["norm_1"], grad_out=grad)
    return grad_middle + grad, {
        "norm_1": {"gain": gain_1, "bias": bias_1}, "attention": attention,
        "norm_2": {"gain": gain_2, "bias": bias_2}, "feed_forward": feed_forward}


def gpt_gradients(token_ids, targets, params, n_heads, ignore_index=-1):
    """Give the loss of a GPT, and the gradient of the loss with respect to every parameter.

    token_ids:    (..., n_tokens), integers
    targets:      (..., n_tokens), integers: the token that really comes next
    params:       as in gpt
    n_heads:      how many heads
    ignore_index: a target that does not count, such as padding
    returns:      a tuple (loss, grads); loss is a number, cross_entropy(gpt(token_ids), targets),
                  and grads is like params: the same keys, the same shapes
    raises:       ValueError if the last token is past the end of position_table

        forward:  embed, every block, norm_f, logits, loss
        backward: cross_entropy, logits, norm_f, every block from the last to the first, embed

    A table that is used twice gets the sum of two gradients: a tied token_table that of the
    look-up and that of the logits.

    >>> norm = dict(gain=np.ones(2), bias=np.zeros(2))
    >>> tables = dict(token_table=np.eye(2), position_table=np.zeros((3, 2)))
    >>> params = tables | dict(blocks=[], norm_f=norm)
    >>> loss, grads = gpt_gradients(np.array([0, 1]), np.array([1, 1]), params, n_heads=1)
    >>> float(loss.round(3))
    1.127
    >>> grads["token_table"].round(3)
    array([[ 0.381, -0.381],
           [-0.381,  0.381]])

    Source: Rumelhart, Hinton and Williams 1986; Press and Wolf 2016, "Using the Output Embedding
    to Improve Language Models", for the tied table.
    """
    mask, inputs = causal_mask(token_ids.shape[-1]), []
    x = embed(token_ids, params["token_table"], params["position_table"])
    for block in params["blocks"]:
        inputs.append(x)
        x = transformer_block(x, block, n_heads, mask)
    normed = layer_norm(x, **params["norm_f"])
    unembedding = params.get("unembedding", params["token_table"].T)
    logits = normed @ unembedding

    grad = cross_entropy_backward(logits, targets, ignore_index)
    grad, grad_unembedding = linear_backward(normed, unembedding, grad)
    grad, gain, bias = layer_norm_backward(x, **params["norm_f"], grad_out=grad)
    blocks = []
    for x, block in zip(reversed(inputs), reversed(params["blocks"])):
        grad, grad_block = transformer_block_backward(x, block, n_heads, grad, mask)
        blocks.insert(0, grad_block)
    positions = np.broadcast_to(np.arange(token_ids.shape[-1]), token_ids.shape)
    grads = {
        "token_table": embedding_backward(token_ids, len(params["token_table"]), grad),
        "position_table": embedding_backward(positions, len(params["position_table"]), grad),
        "blocks": blocks, "norm_f": {"gain": gain, "bias": bias}}
    if "unembedding" in params:
        grads["unembedding"] = grad_unembedding
    else:
        grads["token_table"] += grad_unembedding.T
    return cross_entropy(logits, targets, ignore_index), grads
