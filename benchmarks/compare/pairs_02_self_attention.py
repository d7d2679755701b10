"""Lesson 2 beside PyTorch: self-attention."""

import torch
from torch.nn.functional import linear, scaled_dot_product_attention
from torch.nn.utils.rnn import pad_sequence

from benchmarks.compare import given
from benchmarks.compare.given import BATCH, D_K, D_MEMORY, D_MODEL, D_V, N_KEYS, N_QUERIES, matrix
from benchmarks.compare.pairs import Pair


def projected(random, d_memory=D_MODEL):
    return matrix(random, D_MODEL, D_K), matrix(random, d_memory, D_K), matrix(random, d_memory, D_V)


def x_and_weights(random):
    return given.tokens(random), *projected(random)


def x_and_square_weights(random):
    return given.tokens(random), *given.projections(random)[:3]


def x_weights_and_mask(random):
    return *x_and_weights(random), given.mask(random, BATCH, N_KEYS, N_KEYS)


def x_memory_weights_and_mask(random):
    x, memory = given.tokens(random, N_QUERIES), given.tokens(random, N_KEYS, D_MEMORY)
    return x, memory, *projected(random, D_MEMORY), given.mask(random, BATCH, N_QUERIES, N_KEYS)


def n_tokens(random):
    return (int(random.integers(5, 9)),)


def lengths(random):
    """One sequence is as long as the batch."""
    longest = 7
    return random.permutation([longest, *random.integers(1, longest, 3)]), longest


def project_qkv(x, w_q, w_k, w_v):
    return linear(x, w_q.mT), linear(x, w_k.mT), linear(x, w_v.mT)


def project_as_given(x, w_q, w_k, w_v):
    return linear(x, w_q), linear(x, w_k), linear(x, w_v)


def self_attention(x, w_q, w_k, w_v, mask):
    return scaled_dot_product_attention(*project_qkv(x, w_q, w_k, w_v), attn_mask=mask)


def causal_mask(n_tokens):
    return torch.ones(n_tokens, n_tokens, dtype=torch.bool).tril()


def causal_self_attention(x, w_q, w_k, w_v):
    return scaled_dot_product_attention(*project_qkv(x, w_q, w_k, w_v), is_causal=True)


def padding_mask(lengths, n_tokens):
    """As many ones as there are tokens, and pad_sequence makes the lines equally long, with zeros."""
    return pad_sequence([torch.ones(int(length)) for length in lengths], batch_first=True)[:, None] == 1


def cross_attention(x, memory, w_q, w_k, w_v, mask):
    return scaled_dot_product_attention(linear(x, w_q.mT), linear(memory, w_k.mT), linear(memory, w_v.mT),
                                        attn_mask=mask)


PAIRS = (
    Pair("project_qkv", "linear", x_and_weights, project_qkv),
    Pair("self_attention", "scaled_dot_product_attention", x_weights_and_mask, self_attention),
    Pair("causal_mask", "Tensor.tril", n_tokens, causal_mask),
    Pair("causal_self_attention", "scaled_dot_product_attention (is_causal)", x_and_weights, causal_self_attention),
    Pair("padding_mask", "pad_sequence", lengths, padding_mask),
    Pair("cross_attention", "scaled_dot_product_attention", x_memory_weights_and_mask, cross_attention),
    Pair("project_qkv", "linear, same matrix", x_and_square_weights, project_as_given,
         why="Our matrices are (d_in, d_out). nn.Linear keeps the transpose, (d_out, d_in); with a square "
             "matrix nothing complains."),
)
