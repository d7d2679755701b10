"""Lesson 2: self-attention, where one sequence looks at itself.

You build six functions on top of your `attention` from lesson 1:

    project_qkv            one sequence, seen three ways: queries, keys and values
    self_attention         every token attends to every token of its own sequence
    causal_mask            a mask under which no token attends to a later one
    causal_self_attention  self-attention with that mask
    padding_mask           which tokens of a padded batch are real
    cross_attention        one sequence attends to another

A weight matrix is (d_in, d_out) and is applied as x @ w. A mask is boolean, and
True means "may attend". The lesson is katas/lesson_02_self_attention.md.
"""

import numpy as np
from kata_01_attention import attention


def project_qkv(x, w_q, w_k, w_v):
    """Turn every token into its query, its key and its value.

    x:       (..., n_tokens, d_model)
    w_q:     (d_model, d_k)
    w_k:     (d_model, d_k)
    w_v:     (d_model, d_v)
    returns: a tuple (q, k, v), shapes (..., n_tokens, d_k), (..., n_tokens, d_k)
             and (..., n_tokens, d_v)

        q = x W_q        k = x W_k        v = x W_v

    >>> x, ones = np.array([[1.0, 2.0, 3.0]]), np.ones((3, 2))
    >>> project_qkv(x, ones, 2 * ones, -ones)
    (array([[6., 6.]]), array([[12., 12.]]), array([[-6., -6.]]))

    Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.2.
    """
    return x @ w_q, x @ w_k, x @ w_v


def self_attention(x, w_q, w_k, w_v, mask=None):
    """Let every token of a sequence attend to all tokens of the same sequence.

    x:       (..., n_tokens, d_model)
    w_q:     (d_model, d_k)
    w_k:     (d_model, d_k)
    w_v:     (d_model, d_v)
    mask:    boolean, broadcasts to (..., n_tokens, n_tokens); True means "may attend"
    returns: (..., n_tokens, d_v)

        output = attention(x W_q, x W_k, x W_v)

    Queries of zeros match every key alike, so every token gets the mean of the values:

    >>> x = np.array([[1.0, 0.0], [3.0, 4.0]])
    >>> self_attention(x, np.zeros((2, 3)), np.ones((2, 3)), np.eye(2))
    array([[2., 2.],
           [2., 2.]])

    Source: Vaswani et al. 2017, section 3.2.3.
    """
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    return attention(q, k, v, mask)


def causal_mask(n_tokens):
    """Return the mask under which no token may attend to a later one.

    n_tokens: the number of tokens
    returns:  boolean (n_tokens, n_tokens); entry [i, j] is True if query i may
              attend to key j

        mask[i, j] = j <= i

    >>> causal_mask(3)
    array([[ True, False, False],
           [ True,  True, False],
           [ True,  True,  True]])

    Source: Vaswani et al. 2017, section 3.2.3, the last point.
    """
    return np.tri(n_tokens, dtype=bool)


def causal_self_attention(x, w_q, w_k, w_v):
    """Let every token attend to itself and to the tokens before it.

    x:       (..., n_tokens, d_model)
    w_q:     (d_model, d_k)
    w_k:     (d_model, d_k)
    w_v:     (d_model, d_v)
    returns: (..., n_tokens, d_v)

        output = attention(x W_q, x W_k, x W_v), over the keys j <= i for query i

    With queries of zeros, each token gets the mean of the values so far:

    >>> x = np.array([[1.0, 0.0], [3.0, 4.0]])
    >>> causal_self_attention(x, np.zeros((2, 3)), np.ones((2, 3)), np.eye(2))
    array([[1., 0.],
           [2., 2.]])

    Source: Vaswani et al. 2017, section 3.2.3, the last point.
    """
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2]))


def padding_mask(lengths, n_tokens):
    """Return the mask under which no token may attend to the padding of a batch.

    lengths:  (batch,), integers: the number of real tokens of each sequence; they come first
    n_tokens: the length to which all sequences are padded
    returns:  boolean (batch, 1, n_tokens): every query of a sequence may attend to
              the real tokens of that sequence

        mask[b, 0, j] = j < lengths[b]

    >>> padding_mask(np.array([3, 1]), 4)[:, 0]
    array([[ True,  True,  True, False],
           [ True, False, False, False]])

    Source: the attention mask of Devlin et al. 2018 (BERT), in the shape of this project.
    """
    return np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))


def cross_attention(x, memory, w_q, w_k, w_v, mask=None):
    """Let every token of one sequence attend to the tokens of another.

    x:       (..., n_tokens, d_model), the sequence of the queries
    memory:  (..., n_memory, d_memory), the sequence of the keys and values
    w_q:     (d_model, d_k)
    w_k:     (d_memory, d_k)
    w_v:     (d_memory, d_v)
    mask:    boolean, broadcasts to (..., n_tokens, n_memory); True means "may attend"
    returns: (..., n_tokens, d_v)

        output = attention(x W_q, memory W_k, memory W_v)

    >>> x, memory = np.ones((1, 2)), np.array([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]])
    >>> cross_attention(x, memory, np.zeros((2, 4)), np.ones((3, 4)), np.eye(3))
    array([[2., 3., 4.]])

    Source: Vaswani et al. 2017, section 3.2.3, the first point.
    """
    return attention(x @ w_q, memory @ w_k, memory @ w_v, mask)
