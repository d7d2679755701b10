"""Lesson 1 beside PyTorch: attention."""

import math

import torch
from torch.nn.functional import scaled_dot_product_attention

from benchmarks.compare.pairs import Pair


def attend_one(query, keys, values):
    return scaled_dot_product_attention(query[None], keys, values)[0]


def attention_scores(q, k):
    return torch.einsum("...qd,...kd->...qk", q, k) / math.sqrt(q.shape[-1])


def attention_weights(q, k, mask):
    """With the identity as values, what comes out is the weights."""
    return scaled_dot_product_attention(q, k, torch.eye(k.shape[-2], dtype=k.dtype), attn_mask=mask)


def weights_by_minus_infinity(q, k, mask):
    return torch.softmax(attention_scores(q, k).masked_fill(~mask, -math.inf), dim=-1)


def softmax(scores, axis=-1):
    return torch.softmax(scores, dim=axis)


NAME, attention = "scaled_dot_product_attention", scaled_dot_product_attention
PAIRS = (
    Pair("softmax", "torch.softmax", "large_scores", softmax),
    Pair("softmax", "the same, dim=1", "scores 1", softmax),
    Pair("attend_one", NAME, "query keys values", attend_one),
    Pair("attention_loop", NAME, "queries keys values", attention),
    Pair("attention_scores", "formula: torch.einsum", "q k", attention_scores),
    Pair("attention_weights", NAME, "q k mask", attention_weights),
    Pair("attention", NAME, "q k v", attention),
    Pair("attention", "the same, with a mask", "q k v mask", attention),
    Pair("attention", "the same, a blind query", "q k v blind_table_mask", attention),
    Pair("attention_weights", "masked_fill(-inf), softmax", "q k blind_table_mask",
         weights_by_minus_infinity,
         why="A query that may attend to nothing: softmax over nothing but -inf is 0 / 0, which is "
             "NaN. Ours gives zeros: nothing was looked up, and nothing is passed on. So does "
             "scaled_dot_product_attention of today's PyTorch, given a mask of True and False."),
)
