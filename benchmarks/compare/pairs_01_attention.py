"""Lesson 1 beside PyTorch: attention."""

import math

import torch
from torch.nn.functional import scaled_dot_product_attention

from benchmarks.compare import given
from benchmarks.compare.given import BATCH, D_K, D_V, N_KEYS, N_QUERIES
from benchmarks.compare.pairs import Pair


def large_scores(random):
    """So large that their exponentials overflow."""
    return (random.normal(1000, 3, (BATCH, N_QUERIES, N_KEYS)),)


def scores_and_axis(random):
    return random.normal(size=(BATCH, N_QUERIES, N_KEYS)), 1


def one_query(random):
    return random.normal(size=D_K), random.normal(size=(N_KEYS, D_K)), random.normal(size=(N_KEYS, D_V))


def queries_and_keys(random):
    q, k, _ = given.queries_keys_values(random, BATCH)
    return q, k


def masked(random):
    return *queries_and_keys(random), given.mask(random, BATCH, N_QUERIES, N_KEYS)


def unmasked(random):
    return given.queries_keys_values(random, BATCH)


def masked_with_values(random):
    return *given.queries_keys_values(random, BATCH), given.mask(random, BATCH, N_QUERIES, N_KEYS)


def blind(random):
    return *queries_and_keys(random), given.mask_with_a_blind_query(random, N_QUERIES, N_KEYS)


def blind_with_values(random):
    return *given.queries_keys_values(random, BATCH), given.mask_with_a_blind_query(random, N_QUERIES, N_KEYS)


def softmax(scores, axis=-1):
    return torch.softmax(scores, dim=axis)


def attend_one(query, keys, values):
    return scaled_dot_product_attention(query[None], keys, values)[0]


def attention_scores(q, k):
    return torch.einsum("...qd,...kd->...qk", q, k) / math.sqrt(q.shape[-1])


def attention_weights(q, k, mask):
    """With the identity as values, what comes out is the weights."""
    return scaled_dot_product_attention(q, k, torch.eye(k.shape[-2], dtype=k.dtype), attn_mask=mask)


def weights_by_minus_infinity(q, k, mask):
    return torch.softmax(attention_scores(q, k).masked_fill(~mask, -math.inf), dim=-1)


def attention(q, k, v, mask=None):
    return scaled_dot_product_attention(q, k, v, attn_mask=mask)


PAIRS = (
    Pair("softmax", "torch.softmax", large_scores, softmax),
    Pair("softmax", "the same, dim=1", scores_and_axis, softmax),
    Pair("attend_one", "scaled_dot_product_attention", one_query, attend_one),
    Pair("attention_loop", "scaled_dot_product_attention", given.queries_keys_values, scaled_dot_product_attention),
    Pair("attention_scores", "formula: torch.einsum", queries_and_keys, attention_scores),
    Pair("attention_weights", "scaled_dot_product_attention", masked, attention_weights),
    Pair("attention", "scaled_dot_product_attention", unmasked, attention),
    Pair("attention", "the same, with a mask", masked_with_values, attention),
    Pair("attention", "the same, a blind query", blind_with_values, attention),
    Pair("attention_weights", "masked_fill(-inf), softmax", blind, weights_by_minus_infinity,
         why="A query that may attend to nothing: softmax over nothing but -inf is 0 / 0, which is NaN. Ours "
             "gives zeros: nothing was looked up, and nothing is passed on. So does scaled_dot_product_attention "
             "of today's PyTorch, given a mask of True and False."),
)
