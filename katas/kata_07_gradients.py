"""Lesson 7: gradients, first by trying, then by rule.

You build seven functions, one that measures a gradient and six that compute one:

    numerical_gradient      nudge each number and watch what comes out
    linear_backward         back through x @ w
    embedding_backward      back through a look-up in a table
    softmax_backward        back through lesson 1's softmax
    cross_entropy_backward  back through lesson 6's loss
    gelu_backward           back through lesson 5's gelu
    layer_norm_backward     back through lesson 5's layer norm

A function ..._backward takes what the forward function took, and grad_out: the gradient of
the loss with respect to what the forward function returned, with the same shape. It returns
the gradient of the loss with respect to each input. A gradient has the shape and the dtype
of what it belongs to; for integers it is float64. No function changes its arguments.
The lesson is katas/lesson_07_gradients.md.
"""

import math

import numpy as np
from kata_01_attention import softmax


def numerical_gradient(f, x, step=1e-5):
    """Measure a gradient: nudge each number of x up and down, and see how far f moves.

    f:       a function that takes an array of x's shape and returns a number
    x:       (...), any shape; f is called with float64 arrays, whatever the dtype of x
    step:    how far each number is nudged, to either side
    returns: (...), the shape of x, float64

        gradient[i] = (f(x with x[i] + step) - f(x with x[i] - step)) / (2 step)

    >>> numerical_gradient(lambda x: x[0] * x[1], np.array([3.0, 5.0])).round(4)
    array([5., 3.])

    Source: Goodfellow, Bengio and Courville 2016, "Deep Learning", section 11.5.
    """
    raise NotImplementedError  # about 7 lines


def linear_backward(x, w, grad_out):
    """Send a gradient back through x @ w.

    x:        (..., n_tokens, d_in)
    w:        (d_in, d_out)
    grad_out: (..., n_tokens, d_out)
    returns:  a tuple (grad_x, grad_w), shapes (..., n_tokens, d_in) and (d_in, d_out)

        grad_x = grad_out W^T
        grad_w = X^T grad_out, summed over all leading axes

    >>> x, w = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0, 5.0], [6.0, 7.0, 8.0]])
    >>> grad_x, grad_w = linear_backward(x, w, np.array([[1.0, 0.0, 10.0]]))
    >>> grad_x
    array([[53., 86.]])
    >>> grad_w
    array([[ 1.,  0., 10.],
           [ 2.,  0., 20.]])

    Source: Goodfellow, Bengio and Courville 2016, section 6.5.6.
    """
    raise NotImplementedError  # about 4 lines


def embedding_backward(token_ids, n_rows, grad_out):
    """Send a gradient back through table[token_ids], to the rows that were looked up.

    token_ids: (..., n_tokens), integers
    n_rows:    how many rows the table has
    grad_out:  (..., n_tokens, d_model)
    returns:   (n_rows, d_model), the gradient of the table

        grad_table[i] = sum(grad_out[t] for every t with token_ids[t] = i)

    A row that no token asks for gets zeros.

    >>> embedding_backward(np.array([2, 0, 2]), 4, np.array([[1.0, 1.0], [5.0, 6.0], [10.0, 20.0]]))
    array([[ 5.,  6.],
           [ 0.,  0.],
           [11., 21.],
           [ 0.,  0.]])

    Source: Karpathy 2024, llm.c, encoder_backward in train_gpt2.c.
    """
    raise NotImplementedError  # about 3 lines


def softmax_backward(scores, grad_out, axis=-1):
    """Send a gradient back through softmax(scores, axis).

    scores:   (...), any shape
    grad_out: (...), the shape of scores
    axis:     the axis along which the weights sum to one
    returns:  (...), the shape of scores

        grad_scores[i] = p[i] (grad_out[i] - sum(p[j] grad_out[j] for every j))
        with p = softmax(scores, axis)

    >>> softmax_backward(np.log([1.0, 1.0, 2.0]), np.array([4.0, 0.0, 8.0]))
    array([-0.25, -1.25,  1.5 ])

    Source: Bridle 1990, "Probabilistic interpretation of feedforward classification
    network outputs".
    """
    raise NotImplementedError  # about 2 lines


def cross_entropy_backward(logits, targets, ignore_index=-1):
    """Give the gradient of the cross-entropy with respect to the logits.

    logits:       (..., n_tokens, vocab)
    targets:      (..., n_tokens), integers: the token that really comes next
    ignore_index: a target that does not count, such as padding
    returns:      (..., n_tokens, vocab); zeros for a target that does not count

        grad_logits = (softmax(logits) - one_hot(targets)) / N
        with N = how many targets count

    >>> logits = np.log([[1.0, 1.0, 2.0], [1.0, 2.0, 1.0]])
    >>> cross_entropy_backward(logits, np.array([2, 0]))
    array([[ 0.125,  0.125, -0.25 ],
           [-0.375,  0.25 ,  0.125]])

    Source: Bridle 1990, for the difference of probabilities; as a mean, as in lesson 6.
    """
    raise NotImplementedError  # about 4 lines


def gelu_backward(x, grad_out):
    """Send a gradient back through gelu, in its tanh form.

    x:        (...), any shape
    grad_out: (...), the shape of x
    returns:  (...), the shape of x

        slope  = (1 + t) / 2 + x / 2 * (1 - t^2) * u'
        grad_x = grad_out * slope
        with t = tanh(u), u = sqrt(2 / pi) * (x + 0.044715 x^3),
             u' = sqrt(2 / pi) * (1 + 3 * 0.044715 x^2)

    >>> gelu_backward(np.array([-1.0, 0.0, 1.0]), np.array([10.0, 10.0, 1.0])).round(3)
    array([-0.83 ,  5.   ,  1.083])

    Source: Hendrycks and Gimpel 2016, "Gaussian Error Linear Units", section 2, differentiated.
    """
    raise NotImplementedError  # about 4 lines


def layer_norm_backward(x, gain, bias, grad_out, eps=1e-5):
    """Send a gradient back through layer_norm(x, gain, bias, eps).

    x:        (..., d_model)
    gain:     (d_model,)
    bias:     (d_model,); it takes no part in any of the three gradients
    grad_out: (..., d_model)
    eps:      as in layer_norm
    returns:  a tuple (grad_x, grad_gain, grad_bias), shapes (..., d_model), (d_model,)
              and (d_model,)

        grad_x    = (grad_normed - mean(grad_normed) - normed * mean(grad_normed * normed))
                    / sqrt(variance + eps)
        grad_gain = sum(grad_out * normed), over all leading axes
        grad_bias = sum(grad_out), over all leading axes
        with normed = (x - mean) / sqrt(variance + eps) and grad_normed = grad_out * gain

    The means are those of the one token: over the last axis.

    >>> x, grad_out = np.array([[1.0, 2.0, 3.0]]), np.array([[6.0, 0.0, 0.0]])
    >>> grad_x, grad_gain, grad_bias = layer_norm_backward(x, np.ones(3), np.zeros(3), grad_out)
    >>> grad_x.round(3)
    array([[ 1.225, -2.449,  1.225]])
    >>> grad_gain.round(3)
    array([-7.348,  0.   ,  0.   ])
    >>> grad_bias
    array([6., 0., 0.])

    Source: Karpathy 2024, llm.c, layernorm_backward in train_gpt2.c; equations 3 and 4 of Ba,
    Kiros and Hinton 2016, "Layer Normalization", differentiated.
    """
    raise NotImplementedError  # about 6 lines
