"""Lesson 1: attention, from one query by hand to whole batches with masks.

You build six functions, each on top of the ones before it:

    softmax            scores to weights that sum to one
    attend_one         one query looks things up in a row of keys and values
    attention_loop     the same for every query, with loops that you can read
    attention_scores   every query against every key, as one matrix product
    attention_weights  the scores as weights, with a mask for what may be seen
    attention          softmax(Q K^T / sqrt(d_k)) V

Arrays are (..., n_tokens, d_model), with any number of leading batch axes; a token
is a word or a piece of one. A mask is boolean: True means "may attend". No function
changes its arguments. The lesson is katas/lesson_01_attention.md.
"""

import math

import numpy as np


def softmax(scores, axis=-1):
    """Turn scores into positive weights that sum to one along one axis.

    scores:  (...), any shape, float or integer
    axis:    the axis along which the weights sum to one
    returns: (...), the shape of scores

        weights[i] = exp(scores[i]) / sum(exp(scores[j]) for every j)

    >>> softmax(np.log([1.0, 2.0, 5.0]))
    array([0.125, 0.25 , 0.625])

    Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.1.
    """
    raise NotImplementedError  # about 3 lines


def attend_one(query, keys, values):
    """Look up one query: blend the values by how well their keys match it.

    query:   (d_k,)
    keys:    (n_keys, d_k)
    values:  (n_keys, d_v)
    returns: (d_v,)

        scores[j] = dot(query, keys[j]) / sqrt(d_k)
        output    = sum(softmax(scores)[j] * values[j] for every j)

    A query of zeros matches every key alike, so it gets the mean of the values:

    >>> attend_one(np.zeros(9), np.ones((2, 9)), np.array([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]]))
    array([2., 3., 4.])

    Source: Vaswani et al. 2017, section 3.2.1.
    """
    raise NotImplementedError  # about 2 lines


def attention_loop(q, k, v):
    """Answer every query with plain Python loops, one query and one key at a time.

    q:       (n_queries, d_k)
    k:       (n_keys, d_k)
    v:       (n_keys, d_v)
    returns: (n_queries, d_v)

        scores[i, j] = sum(q[i, c] * k[j, c] for every c) / sqrt(d_k)
        output[i]    = sum(softmax(scores[i])[j] * v[j] for every j)

    Slow on purpose: the fast version is checked against it. As three loops it has about 14 lines.

    >>> attention_loop(np.zeros((3, 9)), np.ones((2, 9)), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[2., 3.],
           [2., 3.],
           [2., 3.]])

    Source: Vaswani et al. 2017, section 3.2.1.
    """
    raise NotImplementedError  # about 7 lines


def attention_scores(q, k):
    """Score every query against every key, in one matrix product.

    q:       (..., n_queries, d_k)
    k:       (..., n_keys, d_k)
    returns: (..., n_queries, n_keys)

        scores = Q K^T / sqrt(d_k)

    >>> attention_scores(np.ones((2, 9)), np.ones((3, 9)))
    array([[3., 3., 3.],
           [3., 3., 3.]])

    Source: Vaswani et al. 2017, equation 1.
    """
    raise NotImplementedError  # about 1 line


def attention_weights(q, k, mask=None):
    """Give every query its weights over the keys that it may attend to.

    q:       (..., n_queries, d_k)
    k:       (..., n_keys, d_k)
    mask:    boolean, broadcasts to (..., n_queries, n_keys); True means "may attend".
             None means that every query may attend to every key
    returns: (..., n_queries, n_keys)

        weights = softmax(Q K^T / sqrt(d_k)), over the keys where mask is True

    A key that may not be attended to gets a weight of exactly 0.0. So does every
    key of a query that may attend to nothing: zeros, never NaN.

    >>> attention_weights(np.ones((1, 9)), np.ones((3, 9)), np.array([True, True, False]))
    array([[0.5, 0.5, 0. ]])

    Source: Vaswani et al. 2017, section 3.2.3, for masking inside the softmax.
    """
    raise NotImplementedError  # about 6 lines


def attention(q, k, v, mask=None):
    """Answer every query with a blend of the values: scaled dot-product attention.

    q:       (..., n_queries, d_k)
    k:       (..., n_keys, d_k)
    v:       (..., n_keys, d_v)
    mask:    boolean, broadcasts to (..., n_queries, n_keys); True means "may attend"
    returns: (..., n_queries, d_v), of the dtype of q, k and v; float64 if they are integers

        attention(Q, K, V) = softmax(Q K^T / sqrt(d_k)) V

    >>> attention(np.zeros((1, 9)), np.ones((2, 9)), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[2., 3.]])

    Source: Vaswani et al. 2017, equation 1.
    """
    raise NotImplementedError  # about 1 line
