"""Lesson 2 beside PyTorch: self-attention."""

import torch
from torch.nn.functional import linear
from torch.nn.functional import scaled_dot_product_attention as attention
from torch.nn.utils.rnn import pad_sequence

from benchmarks.compare.pairs import Pair


def project(x, w_q, w_k, w_v, memory=None):
    memory = x if memory is None else memory
    return linear(x, w_q.mT), linear(memory, w_k.mT), linear(memory, w_v.mT)


def padding_mask(lengths, n_tokens):
    """As many ones as there are tokens; pad_sequence makes the lines equally long, with zeros."""
    rows = [torch.ones(int(length)) for length in lengths]
    return pad_sequence(rows, batch_first=True)[:, None] == 1


NAME = "scaled_dot_product_attention"
PAIRS = (
    Pair("project_qkv", "linear", "x w_q w_k w_v", project),
    Pair("self_attention", NAME, "x w_q w_k w_v self_masks",
         lambda x, w_q, w_k, w_v, mask: attention(*project(x, w_q, w_k, w_v), attn_mask=mask)),
    Pair("causal_mask", "Tensor.tril", "8", lambda n: torch.ones(n, n, dtype=torch.bool).tril()),
    Pair("causal_self_attention", f"{NAME} (is_causal)", "x w_q w_k w_v",
         lambda *arguments: attention(*project(*arguments), is_causal=True)),
    Pair("padding_mask", "pad_sequence", "lengths 7", padding_mask),
    Pair("cross_attention", NAME, "x_short memory w_q memory_k memory_v mask",
         lambda x, memory, w_q, w_k, w_v, mask: attention(
             *project(x, w_q, w_k, w_v, memory), attn_mask=mask)),
    Pair("project_qkv", "linear, same matrix", "x w w w",
         lambda x, *matrices: tuple(linear(x, w) for w in matrices),
         why="Our matrices are (d_in, d_out). nn.Linear keeps the transpose, (d_out, d_in); with a "
             "square matrix nothing complains."),
)
