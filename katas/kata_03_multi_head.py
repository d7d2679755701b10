"""Lesson 3: multi-head attention, several attentions at the cost of one.

You build four functions on top of your attention from lesson 1:

    split_heads           cut the width into heads, each of which attends on its own
    merge_heads           put the heads side by side again
    multi_head_attention  attention in every head, then one output projection
    attention_maps        the weights of every head, to look at

A mask has no head axis; the functions here put it in. The lesson is
katas/lesson_03_multi_head.md.
"""

import numpy as np
from kata_01_attention import attention, attention_weights


def split_heads(x, n_heads):
    """Cut every token's vector into heads, and move the heads in front of the tokens.

    x:       (..., n_tokens, d_model)
    n_heads: the number of heads; d_head = d_model / n_heads
    returns: (..., n_heads, n_tokens, d_head)
    raises:  ValueError if n_heads does not divide d_model

        heads[h, t] = x[t, h * d_head : (h + 1) * d_head]

    >>> head_0, head_1 = split_heads(np.array([[1, 2, 3, 4], [5, 6, 7, 8]]), 2)
    >>> head_1
    array([[3, 4],
           [7, 8]])

    Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.2.
    """
    raise NotImplementedError  # about 4 lines


def merge_heads(x):
    """Put the heads of every token side by side again: the inverse of split_heads.

    x:       (..., n_heads, n_tokens, d_head)
    returns: (..., n_tokens, n_heads * d_head)

        merged[t] = concatenate(x[0, t], x[1, t], ..., x[n_heads - 1, t])

    >>> merge_heads(np.array([[[1, 2], [5, 6]], [[3, 4], [7, 8]]]))
    array([[1, 2, 3, 4],
           [5, 6, 7, 8]])

    Source: Vaswani et al. 2017, section 3.2.2, Concat.
    """
    raise NotImplementedError  # about 2 lines


def multi_head_attention(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    """Attend in every head on its own, then mix what the heads found.

    x:       (..., n_tokens, d_model), the sequence of the queries
    w_q:     (d_model, n_heads * d_k)
    w_k:     (d_memory, n_heads * d_k)
    w_v:     (d_memory, n_heads * d_v)
    w_o:     (n_heads * d_v, d_out), the output projection
    n_heads: the number of heads
    mask:    boolean, broadcasts to (..., n_tokens, n_memory), the same for every head;
             True means "may attend"
    memory:  (..., n_memory, d_memory), the sequence of the keys and values; None means x
    returns: (..., n_tokens, d_out)
    raises:  ValueError if n_heads does not divide the width of w_q, w_k or w_v

        head_h = attention(q_h, k_h, v_h), with q = x W_q, k = memory W_k, v = memory W_v
        output = concatenate(head_0, ..., head_{n-1}) W_o

    >>> x, no_query = np.array([[1.0, 0.0], [3.0, 4.0]]), np.zeros((2, 2))
    >>> multi_head_attention(x, no_query, np.eye(2), np.eye(2), np.eye(2), n_heads=2)
    array([[2., 2.],
           [2., 2.]])

    Source: Vaswani et al. 2017, section 3.2.2.
    """
    raise NotImplementedError  # about 7 lines


def attention_maps(x, w_q, w_k, n_heads, mask=None):
    """Give the attention weights of every head, to look at.

    x:       (..., n_tokens, d_model)
    w_q:     (d_model, n_heads * d_k)
    w_k:     (d_model, n_heads * d_k)
    n_heads: the number of heads
    mask:    boolean, broadcasts to (..., n_tokens, n_tokens); True means "may attend"
    returns: (..., n_heads, n_tokens, n_tokens); each row sums to one
    raises:  ValueError if n_heads does not divide the width of w_q or w_k

        maps[h] = softmax(q_h k_h^T / sqrt(d_k))

    >>> head_0, head_1 = attention_maps(np.ones((2, 4)), np.eye(4), np.eye(4), n_heads=2)
    >>> head_1
    array([[0.5, 0.5],
           [0.5, 0.5]])

    Source: Vaswani et al. 2017, section 3.2.2; its appendix draws such maps.
    """
    raise NotImplementedError  # about 3 lines
