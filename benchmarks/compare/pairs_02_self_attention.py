"""Lesson 2 beside PyTorch: self-attention."""

import torch
from torch.nn.functional import linear, scaled_dot_product_attention
from torch.nn.utils.rnn import pad_sequence

from benchmarks.compare.pairs import Pair


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
    """As many ones as there are tokens; pad_sequence makes the lines equally long, with zeros."""
    rows = [torch.ones(int(length)) for length in lengths]
    return pad_sequence(rows, batch_first=True)[:, None] == 1


def cross_attention(x, memory, w_q, w_k, w_v, mask):
    q, k, v = linear(x, w_q.mT), linear(memory, w_k.mT), linear(memory, w_v.mT)
    return scaled_dot_product_attention(q, k, v, attn_mask=mask)


NAME = "scaled_dot_product_attention"
PAIRS = (
    Pair("project_qkv", "linear", "x w_q w_k w_v", project_qkv),
    Pair("self_attention", NAME, "x w_q w_k w_v self_masks", self_attention),
    Pair("causal_mask", "Tensor.tril", "8", causal_mask),
    Pair("causal_self_attention", f"{NAME} (is_causal)", "x w_q w_k w_v", causal_self_attention),
    Pair("padding_mask", "pad_sequence", "lengths 7", padding_mask),
    Pair("cross_attention", NAME, "x_short memory w_q memory_k memory_v mask", cross_attention),
    Pair("project_qkv", "linear, same matrix", "x w w w", project_as_given,
         why="Our matrices are (d_in, d_out). nn.Linear keeps the transpose, (d_out, d_in); with a "
             "square matrix nothing complains."),
)
