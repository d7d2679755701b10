"""Lesson 13 beside PyTorch: parts by logsumexp, tiles by scaled_dot_product_attention."""

import math

import torch
from torch.nn.functional import scaled_dot_product_attention as attention

from benchmarks.compare.given import BATCH, D_V, N_QUERIES, arguments
from benchmarks.compare.pairs import Pair
from benchmarks.harness.tensors import gradients


def hidden(scores, mask):
    return scores if mask is None else scores.masked_fill(~mask, -math.inf)


def scores_of(q, k):
    return q @ k.mT / math.sqrt(q.shape[-1])


def part(q, k, v, mask=None):
    scores = hidden(scores_of(q, k), mask)
    highest = scores.amax(-1, keepdim=True)
    exps = torch.exp(scores - highest).nan_to_num()  # zeros for a query that sees nothing
    return highest, exps.sum(-1, keepdim=True), exps @ v


def both(a, b):
    highest = torch.maximum(a[0], b[0])
    log_sum = torch.logaddexp(a[0] + a[1].log(), b[0] + b[1].log())
    return highest, torch.exp(log_sum - highest), sum(
        torch.exp(own - highest) * blend for own, _, blend in (a, b))


def output_and_log_sum(q, k, v, mask=None):
    return (attention(q, k, v, attn_mask=mask),
            hidden(scores_of(q, k), mask).logsumexp(-1, keepdim=True))


def causal(q, k, v, tile):
    return output_and_log_sum(q, k, v, past(q, k))


def past(q, k):
    n_queries, n_keys = q.shape[-2], k.shape[-2]
    return torch.ones(n_queries, n_keys, dtype=torch.bool).tril(n_keys - n_queries)


def two_parts(random):
    def one():
        rows = BATCH, N_QUERIES
        return (random.normal(size=(*rows, 1)), random.uniform(1, 5, (*rows, 1)),
                random.normal(size=(*rows, D_V)))

    return one(), one()


def forward_and_gradient(is_causal):
    """What the backward pass takes: made by PyTorch's forward pass."""

    def made(random):
        q, k, v, grad_out = arguments("q k v blend", random)
        tensors = [torch.from_numpy(array) for array in (q, k, v)]
        mask = past(*tensors[:2]) if is_causal else None
        kept = (tensor.numpy() for tensor in output_and_log_sum(*tensors, mask))
        return q, k, v, *kept, grad_out, 2, is_causal

    return made


def backward(q, k, v, output, log_sum, grad_out, tile, is_causal):
    def forward(q, k, v):
        return attention(q, k, v, attn_mask=past(q, k) if is_causal else None)

    return gradients(forward, (q, k, v), grad_out)


def finished(part):
    highest, total, blend = part
    return blend / total, torch.log(total) + highest


PAIRS = (
    Pair("attend_to_tile", "formula: amax, exp", "q k v", part),
    Pair("attend_to_tile", "the same, a blind query", "q k v blind_mask", part),
    Pair("combine", "formula: torch.logaddexp", two_parts, both),
    Pair("finish", "formula: a division, log", lambda random: two_parts(random)[:1], finished),
    Pair("tiled_attention", "scaled_dot_product_attention", "q k v", output_and_log_sum),
    Pair("tiled_attention", "the same, a mask", "q k v mask", output_and_log_sum),
    Pair("tiled_attention", "the same, a blind query", "q k v blind_mask", output_and_log_sum),
    Pair("causal_tiled_attention", "the same, a cache", "q k v 2", causal),
    Pair("tiled_attention_backward", "autograd of it", forward_and_gradient(False), backward),
    Pair("tiled_attention_backward", "the same, causal", forward_and_gradient(True), backward),
)
