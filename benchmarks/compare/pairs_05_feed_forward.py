"""Lesson 5 beside PyTorch: feed-forward networks, layer normalisation and the block of GPT-2."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import linear

from benchmarks.compare.given import D_MODEL
from benchmarks.compare.layers import encoder_layer, norm
from benchmarks.compare.pairs import Pair

gelu_tanh = partial(nn.functional.gelu, approximate="tanh")


def feed_forward(x, w_in, b_in, w_out, b_out):
    return linear(gelu_tanh(linear(x, w_in.mT, b_in)), w_out.mT, b_out)


def layer_norm(x, gain, bias, eps=1e-5):
    return norm(gain, bias, eps)(x)


def by_torch_var(x, gain, bias):
    deviation = torch.sqrt(x.var(-1, keepdim=True) + 1e-5)
    return (x - x.mean(-1, keepdim=True)) / deviation * gain + bias


def block(x, block, n_heads, mask, **options):
    return encoder_layer(block, n_heads, **options)(x, src_mask=~mask)


BLOCK = "x block n_heads self_mask"
PAIRS = (
    Pair("relu", "torch.relu", "x", torch.relu),
    Pair("gelu", "GELU(approximate=\"tanh\")", "logits", nn.GELU("tanh")),
    Pair("feed_forward", "linear, GELU, linear", "x w_in b_in w_out b_out", feed_forward),
    Pair("layer_norm", "LayerNorm", "x gain bias", layer_norm),
    Pair("layer_norm", "the same, numbers alike", "alike gain bias", layer_norm),
    Pair("transformer_block", "TransformerEncoderLayer", BLOCK,
         partial(block, norm_first=True, activation=gelu_tanh)),
    Pair("gelu", "GELU()", "logits", nn.GELU(),
         why="Ours is the tanh form of GPT-2. nn.GELU() computes the error function, unless it is "
             "asked for approximate=\"tanh\"."),
    Pair("layer_norm", "torch.var", "x gain bias", by_torch_var,
         why="The variance of a layer norm, in nn.LayerNorm as in ours, is a sum divided by "
             "d_model. torch.var by itself divides by d_model - 1: a factor of "
             f"{D_MODEL}/{D_MODEL - 1} here."),
    Pair("layer_norm", "LayerNorm(eps=1e-12)", "alike gain bias", partial(layer_norm, eps=1e-12),
         why="Both add eps to the variance, under the root, and 1e-5 unless told otherwise. Some "
             "models use another one, as BERT does with 1e-12; where a token's numbers are nearly "
             "alike, as here, that shows."),
    Pair("transformer_block", "TransformerEncoderLayer()", BLOCK, block,
         why="Ours is the block of GPT-2, norms first and gelu. By default PyTorch's is the one of "
             "2017, norms last and ReLU, which is our encoder_block; it takes norm_first=True and "
             "another activation."),
)
