"""Lesson 5 beside PyTorch: feed-forward networks, layer normalisation and the block of GPT-2."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import gelu, linear

from benchmarks.compare import given, layers
from benchmarks.compare.given import BATCH, D_MODEL, N_HEADS, N_KEYS
from benchmarks.compare.pairs import Pair

gelu_tanh = partial(gelu, approximate="tanh")


def numbers(random):
    return (random.normal(0, 3, (BATCH, N_KEYS, D_MODEL)),)


def x_and_weights(random):
    return given.tokens(random), *given.feed_forward(random).values()


def x_and_norm(random):
    return given.tokens(random), *given.norm(random).values()


def nearly_alike(random):
    """Tokens whose numbers are so much alike that eps counts."""
    return 1e-3 * given.tokens(random), *given.norm(random).values()


def x_block_and_mask(random):
    return given.tokens(random), given.block(random), N_HEADS, given.mask(random, N_KEYS, N_KEYS)


def feed_forward(x, w_in, b_in, w_out, b_out):
    return linear(gelu_tanh(linear(x, w_in.mT, b_in)), w_out.mT, b_out)


def layer_norm(x, gain, bias, eps=1e-5):
    return layers.norm(gain, bias, eps)(x)


def by_torch_var(x, gain, bias):
    return (x - x.mean(-1, keepdim=True)) / torch.sqrt(x.var(-1, keepdim=True) + 1e-5) * gain + bias


def transformer_block(x, block, n_heads, mask):
    return layers.encoder_layer(block, n_heads, norm_first=True, activation=gelu_tanh)(x, src_mask=~mask)


def block_by_default(x, block, n_heads, mask):
    return layers.encoder_layer(block, n_heads)(x, src_mask=~mask)


PAIRS = (
    Pair("relu", "torch.relu", numbers, torch.relu),
    Pair("gelu", "GELU(approximate=\"tanh\")", numbers, nn.GELU("tanh")),
    Pair("feed_forward", "linear, GELU, linear", x_and_weights, feed_forward),
    Pair("layer_norm", "LayerNorm", x_and_norm, layer_norm),
    Pair("layer_norm", "the same, numbers alike", nearly_alike, layer_norm),
    Pair("transformer_block", "TransformerEncoderLayer", x_block_and_mask, transformer_block),
    Pair("gelu", "GELU()", numbers, nn.GELU(),
         why="Ours is the tanh form of GPT-2. nn.GELU() computes the error function, unless it is asked for "
             "approximate=\"tanh\"."),
    Pair("layer_norm", "torch.var", x_and_norm, by_torch_var,
         why="The variance of a layer norm, in nn.LayerNorm as in ours, is a sum divided by d_model. torch.var "
             f"by itself divides by d_model - 1: a factor of {D_MODEL}/{D_MODEL - 1} here."),
    Pair("layer_norm", "LayerNorm(eps=1e-12)", nearly_alike, partial(layer_norm, eps=1e-12),
         why="Both add eps to the variance, under the root, and 1e-5 unless told otherwise. Some models use another "
             "one, as BERT does with 1e-12; where a token's numbers are nearly alike, as here, that shows."),
    Pair("transformer_block", "TransformerEncoderLayer()", x_block_and_mask, block_by_default,
         why="Ours is the block of GPT-2, norms first and gelu. By default PyTorch's is the one of 2017, norms last and "
             "ReLU, which is our encoder_block; it takes norm_first=True and another activation."),
)
