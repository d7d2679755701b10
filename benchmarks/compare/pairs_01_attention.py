"""Lesson 1 beside PyTorch: attention."""

import math
from functools import partial

import torch
from torch import softmax
from torch.nn.functional import scaled_dot_product_attention as attention

from benchmarks.compare.pairs import Pair


def scores(q, k):
    return torch.einsum("...qd,...kd->...qk", q, k) / math.sqrt(q.shape[-1])


def weights(q, k, mask):
    """With the identity as values, what comes out is the weights."""
    return attention(q, k, torch.eye(k.shape[-2], dtype=k.dtype), attn_mask=mask)


NAME = "scaled_dot_product_attention"
PAIRS = (
    Pair("softmax", "torch.softmax", "large_scores", partial(softmax, dim=-1)),
    Pair("softmax", "the same, dim=1", "scores 1", softmax),
    Pair("attend_one", NAME, "query keys values", lambda q, k, v: attention(q[None], k, v)[0]),
    Pair("attention_loop", NAME, "queries keys values", attention),
    Pair("attention_scores", "formula: torch.einsum", "q k", scores),
    Pair("attention_weights", NAME, "q k mask", weights),
    Pair("attention", NAME, "q k v", attention),
    Pair("attention", "the same, with a mask", "q k v mask", attention),
    Pair("attention", "the same, a blind query", "q k v blind_table_mask", attention),
    Pair("attention_weights", "masked_fill(-inf), softmax", "q k blind_table_mask",
         lambda q, k, mask: softmax(scores(q, k).masked_fill(~mask, -math.inf), -1),
         why="A query that may attend to nothing: softmax over nothing but -inf is 0 / 0, which is "
             "NaN. Ours gives zeros: nothing was looked up, and nothing is passed on. So does "
             "scaled_dot_product_attention of today's PyTorch, given a mask of True and False."),
)
