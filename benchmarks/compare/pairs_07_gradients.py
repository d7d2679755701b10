"""Lesson 7 beside PyTorch: each gradient by a rule of ours, and by autograd."""

from functools import partial

import torch
from torch.nn.functional import cross_entropy, embedding, gelu, layer_norm

from benchmarks.compare.given import D_MODEL, IGNORED, argument
from benchmarks.compare.pairs import Pair
from benchmarks.harness.tensors import gradients


def waves(x):
    """A function of arrays and of tensors alike."""
    return (x * x * x).sum() + x[0] @ x[1]


def look_up(token_ids, n_rows, grad_out):
    table = grad_out.new_zeros(n_rows, grad_out.shape[-1])
    return gradients(partial(embedding, token_ids), (table,), grad_out)[0]


def softmax(scores, grad_out, axis=-1):
    return gradients(lambda scores: scores.softmax(axis), (scores,), grad_out)[0]


def loss(logits, targets, reduction="mean"):
    def forward(logits):
        rows = logits.flatten(0, -2)
        return cross_entropy(rows, targets.flatten(), ignore_index=IGNORED, reduction=reduction)

    return gradients(forward, (logits,))[0]


def nonlinearity(x, grad_out, approximate="tanh"):
    return gradients(partial(gelu, approximate=approximate), (x,), grad_out)[0]


def norm(x, gain, bias):
    return layer_norm(x, [D_MODEL], gain, bias)


PAIRS = (  # few_ids: few different tokens, so that all of them come more than once
    Pair("numerical_gradient", "autograd", lambda random: (waves, argument("table", random)),
         lambda f, x: gradients(f, (x.double(),))[0]),
    Pair("linear_backward", "autograd of x @ w", "x w_k k",
         lambda x, w, grad_out: gradients(torch.matmul, (x, w), grad_out)),
    Pair("embedding_backward", "autograd of embedding", "few_ids vocab x", look_up),
    Pair("softmax_backward", "autograd of softmax", "x x", softmax),
    Pair("softmax_backward", "the same, dim=1", "x x 1", softmax),
    Pair("cross_entropy_backward", "autograd of cross_entropy", "logits ids", loss),
    Pair("cross_entropy_backward", "the same, some ignored", "logits targets", loss),
    Pair("cross_entropy_backward", "the same, all ignored", "logits no_targets", loss),
    Pair("gelu_backward", "autograd of gelu, tanh", "x x", nonlinearity),
    Pair("layer_norm_backward", "autograd of layer_norm", "x gain bias x",
         lambda *arguments: gradients(norm, arguments[:-1], arguments[-1])),
    Pair("cross_entropy_backward", "reduction=\"sum\"", "logits ids",
         partial(loss, reduction="sum"),
         why="Ours is the gradient of the mean over all targets, as PyTorch's is by default. That "
             "of the sum is larger by a factor: the number of targets."),
    Pair("gelu_backward", "autograd of gelu()", "x x", partial(nonlinearity, approximate="none"),
         why="Ours is the slope of the tanh form of GPT-2, PyTorch's by default that of the error "
             "function."),
)
