"""Lesson 7 beside PyTorch: each gradient by a rule of ours, and by autograd."""

from functools import partial

from torch.nn.functional import cross_entropy, embedding, gelu, layer_norm

from benchmarks.compare import given
from benchmarks.compare.given import D_K, D_MODEL, N_KEYS, VOCAB
from benchmarks.compare.pairs import Pair
from benchmarks.harness.tensors import gradients

IGNORED = -1


def waves(x):
    """A function of arrays and of tensors alike."""
    return (x * x * x).sum() + x[0] @ x[1]


def waves_and_x(random):
    return waves, random.normal(size=(3, D_K))


def x_w_and_grad_out(random):
    w = random.normal(size=(D_MODEL, D_K))
    return given.tokens(random), w, given.tokens(random, width=D_K)


def ids_and_grad_out(random):
    """Few different tokens, so that all of them come more than once."""
    return given.ids(random, N_KEYS, VOCAB // 4), VOCAB, given.tokens(random)


def scores_and_grad_out(random):
    return given.tokens(random), given.tokens(random)


def scores_grad_out_and_axis(random):
    return *scores_and_grad_out(random), 1


def logits_and_targets(random):
    return given.tokens(random, width=VOCAB), given.ids(random, N_KEYS)


def logits_and_some_targets(random):
    logits, targets = logits_and_targets(random)
    targets[:, ::2] = IGNORED
    return logits, targets


def logits_and_no_targets(random):
    logits, targets = logits_and_targets(random)
    return logits, 0 * targets + IGNORED


def x_norm_and_grad_out(random):
    return given.tokens(random), *given.norm(random).values(), given.tokens(random)


def numerical(f, x):
    return gradients(f, (x.double(),))[0]


def linear(x, w, grad_out):
    return gradients(lambda x, w: x @ w, (x, w), grad_out)


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


def bend(x, grad_out, approximate="tanh"):
    return gradients(partial(gelu, approximate=approximate), (x,), grad_out)[0]


def norm(x, gain, bias, grad_out):
    def forward(x, gain, bias):
        return layer_norm(x, [D_MODEL], gain, bias)

    return gradients(forward, (x, gain, bias), grad_out)


PAIRS = (
    Pair("numerical_gradient", "autograd", waves_and_x, numerical),
    Pair("linear_backward", "autograd of x @ w", x_w_and_grad_out, linear),
    Pair("embedding_backward", "autograd of embedding", ids_and_grad_out, look_up),
    Pair("softmax_backward", "autograd of softmax", scores_and_grad_out, softmax),
    Pair("softmax_backward", "the same, dim=1", scores_grad_out_and_axis, softmax),
    Pair("cross_entropy_backward", "autograd of cross_entropy", logits_and_targets, loss),
    Pair("cross_entropy_backward", "the same, some ignored", logits_and_some_targets, loss),
    Pair("cross_entropy_backward", "the same, all ignored", logits_and_no_targets, loss),
    Pair("gelu_backward", "autograd of gelu, tanh", scores_and_grad_out, bend),
    Pair("layer_norm_backward", "autograd of layer_norm", x_norm_and_grad_out, norm),
    Pair("cross_entropy_backward", "reduction=\"sum\"", logits_and_targets,
         partial(loss, reduction="sum"),
         why="Ours is the gradient of the mean over all targets, as PyTorch's is by default. That of "
             "the sum is larger by a factor: the number of targets."),
    Pair("gelu_backward", "autograd of gelu()", scores_and_grad_out,
         partial(bend, approximate="none"),
         why="Ours is the slope of the tanh form of GPT-2, PyTorch's by default that of the error "
             "function."),
)
