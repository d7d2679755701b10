"""Lesson 5: the feed-forward network, layer norm, and the block that joins them.

You build five functions; the last one joins them with the attention of lesson 3:

    relu               negative numbers become zero
    gelu               a smooth relu, as in GPT-2
    feed_forward       two layers with a nonlinearity between, for each token on its own
    layer_norm         every token's numbers brought to mean 0 and variance 1
    transformer_block  attention and feed-forward, each with a norm and a residual connection

A block is a dict of dicts of arrays, passed on with **:

    {"norm_1": {"gain", "bias"}, "attention": {"w_q", "w_k", "w_v", "w_o"},
     "norm_2": {"gain", "bias"}, "feed_forward": {"w_in", "b_in", "w_out", "b_out"}}

The lesson is katas/lesson_05_feed_forward.md.
"""

import math

import numpy as np
from kata_03_multi_head import multi_head_attention


def relu(x):
    """Turn negative numbers into zero, and leave the others as they are.

    x:       (...), any shape
    returns: (...), the shape of x

        relu(x) = max(x, 0)

    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])

    Source: Vaswani et al. 2017, "Attention Is All You Need", equation 2.
    """
    return np.maximum(x, 0)


def gelu(x):
    """Let positive numbers through and hold negative ones back, smoothly.

    x:       (...), any shape
    returns: (...), the shape of x

        gelu(x) = x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))

    This is the tanh form, as in GPT-2; the exact one, with the error function, differs
    from the fourth digit on.

    >>> gelu(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.1588,  0.    ,  0.8412])

    Source: Hendrycks and Gimpel 2016, "Gaussian Error Linear Units", section 2.
    """
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def feed_forward(x, w_in, b_in, w_out, b_out, activation=gelu):
    """Run every token through a wide layer, a nonlinearity, and back to the original width.

    x:          (..., n_tokens, d_model)
    w_in:       (d_model, d_ff), as a rule with d_ff = 4 * d_model
    b_in:       (d_ff,)
    w_out:      (d_ff, d_out), as a rule with d_out = d_model
    b_out:      (d_out,)
    activation: the nonlinearity, a function of an array: gelu, relu or another
    returns:    (..., n_tokens, d_out)

        output = activation(x W_in + b_in) W_out + b_out

    >>> x, wide = np.array([[1.0, -1.0]]), np.array([[1.0, -1.0, 2.0], [1.0, 1.0, 0.0]])
    >>> b_in, b_out = np.array([0.0, 0.0, 1.0]), np.array([0.0, 5.0])
    >>> feed_forward(x, wide, b_in, np.ones((3, 2)), b_out, relu)
    array([[3., 8.]])

    Source: Vaswani et al. 2017, section 3.3; with gelu as in Radford et al. 2018 (GPT).
    """
    return activation(x @ w_in + b_in) @ w_out + b_out


def layer_norm(x, gain, bias, eps=1e-5):
    """Bring every token's numbers to mean 0 and variance 1, then apply gain and bias.

    x:       (..., d_model)
    gain:    (d_model,), learned; ones at the start
    bias:    (d_model,), learned; zeros at the start
    eps:     avoids a division by zero if all numbers of a token are equal
    returns: (..., d_model)

        output = (x - mean) / sqrt(variance + eps) * gain + bias

    Mean and variance are those of the one token: over the last axis, divided by d_model.

    >>> layer_norm(np.array([[1.0, 3.0], [10.0, 30.0]]), np.ones(2), np.zeros(2)).round(3)
    array([[-1.,  1.],
           [-1.,  1.]])

    Source: Ba, Kiros and Hinton 2016, "Layer Normalization", equations 3 and 4.
    """
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


def transformer_block(x, block, n_heads, mask=None):
    """Run one block of GPT-2: attention, then the feed-forward network, norms first.

    x:       (..., n_tokens, d_model), the residual stream
    block:   a dict with norm_1, attention, norm_2 and feed_forward, see the top of the file
    n_heads: the number of heads
    mask:    boolean, broadcasts to (..., n_tokens, n_tokens); True means "may attend"
    returns: (..., n_tokens, d_model)
    raises:  ValueError if n_heads does not divide the width of the projections

        x      = x + multi_head_attention(layer_norm(x))
        output = x + feed_forward(layer_norm(x))

    With weights of zeros, a block returns its input:

    >>> x, zeros = np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros((2, 2))
    >>> norm = dict(gain=np.ones(2), bias=np.zeros(2))
    >>> attention = dict(w_q=zeros, w_k=zeros, w_v=zeros, w_o=zeros)
    >>> network = dict(w_in=zeros, b_in=zeros[0], w_out=zeros, b_out=zeros[0])
    >>> block = dict(norm_1=norm, attention=attention, norm_2=norm, feed_forward=network)
    >>> transformer_block(x, block, n_heads=1)
    array([[1., 2.],
           [3., 4.]])

    Source: Radford et al. 2019 (GPT-2), section 2.3, for the position of the norms.
    """
    x = x + multi_head_attention(
        layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])
