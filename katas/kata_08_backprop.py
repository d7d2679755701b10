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
    raise NotImplementedError  # about 6 lines


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
    raise NotImplementedError  # about 12 lines


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
    raise NotImplementedError  # about 7 lines


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
    raise NotImplementedError  # about 13 lines


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
    raise NotImplementedError  # about 25 lines
