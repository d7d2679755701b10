"""Lesson 11 beside PyTorch: filters by sorting, attention with a cache, and a GPT that reads on.

What is drawn is compared where chance has no part in it: the two have random numbers of their own.
"""

import numpy as np
import torch
from torch.nn.functional import one_hot

from benchmarks.compare.pairs import Pair
from katas.mini_gpt import in_torch

N_HEADS, N_PAST, N_NEW = 3, 4, 2
ROWS, VOCAB = (2, 5), 13


def generator():
    return np.random.default_rng(0)


def probs(random):
    return random.dirichlet(np.ones(VOCAB), ROWS)


def heads(random):
    """New tokens, the weights of attention, and what is kept of four old tokens."""
    weights = (random.normal(size=(24, 24)) / 5 for _ in range(4))
    cache = {name: random.normal(size=(2, N_HEADS, N_PAST, 8)) for name in "kv"}
    return random.normal(size=(2, N_NEW, 24)), *weights, N_HEADS, cache


def model(random):
    """The parameters of a GPT with two blocks, a batch of ids, and what is kept of old tokens."""
    def normal(*shape):
        return random.normal(size=shape) / 5

    def norm():
        return {"gain": 1 + normal(24), "bias": normal(24)}

    def block():
        return {"norm_1": norm(), "norm_2": norm(),
                "attention": {name: normal(24, 24) for name in ("w_q", "w_k", "w_v", "w_o")},
                "feed_forward": {"w_in": normal(24, 20), "b_in": normal(20),
                                 "w_out": normal(20, 24), "b_out": normal(24)}}

    return {"token_table": normal(VOCAB, 24), "position_table": normal(12, 24),
            "blocks": [block(), block()], "norm_f": norm(), "unembedding": normal(24, VOCAB)}


def reading(random):
    caches = [{name: random.normal(size=(2, N_HEADS, N_PAST, 8)) for name in "kv"}
              for _ in range(2)]
    return random.integers(VOCAB, size=(2, N_NEW)), model(random), N_HEADS, caches


def writing(random):
    return random.integers(VOCAB, size=(2, 3)), model(random), N_HEADS, 5, generator(), 0.0


def certain(random):
    return np.eye(VOCAB)[random.integers(VOCAB, size=ROWS)], generator()


def drafts(random):
    """Tokens that the target finds likelier; at the third, what it never says, and one way out."""
    draft, target = np.full((4, 3), 1 / 3), np.array([[0.4, 0.4, 0.2]] * 5)
    draft[2], target[2] = (0.5, 0.5, 0.0), (0.5, 0.0, 0.5)
    return np.array([0, 1, 1, 0]), draft, target, generator()


def softmax(logits, temperature):
    return torch.softmax(logits / temperature, dim=-1)


def top_k(probs, k):
    values, ids = probs.topk(k)
    return normalised(torch.zeros_like(probs).scatter(-1, ids, values))


def top_p(probs, p):
    values, ids = probs.sort(dim=-1, descending=True, stable=True)
    before = values.cumsum(dim=-1) - values
    return normalised(torch.zeros_like(probs).scatter(-1, ids, values.masked_fill(before >= p, 0)))


def normalised(kept):
    return kept / kept.sum(dim=-1, keepdim=True)


def multinomial(probs, rng):
    return torch.multinomial(probs.flatten(0, -2), 1).reshape(probs.shape[:-1])


def cached_attention(x, w_q, w_k, w_v, w_o, n_heads, cache):
    output, kept = in_torch.cached_attention(
        x, w_q, w_k, w_v, w_o, n_heads, (cache["k"], cache["v"]))
    return output, dict(zip("kv", kept))


def cached_gpt(token_ids, params, n_heads, caches):
    pairs = [(cache["k"], cache["v"]) for cache in caches]
    logits, kept = in_torch.cached_gpt(token_ids, params, n_heads, pairs)
    return logits, [dict(zip("kv", pair)) for pair in kept]


def greedy(token_ids, params, n_heads, n_new, rng, temperature):
    newest, caches = token_ids, None
    for _ in range(n_new):
        logits, caches = in_torch.cached_gpt(newest, params, n_heads, caches)
        newest = logits[..., -1:, :].argmax(-1)
        token_ids = torch.cat([token_ids, newest], dim=-1)
    return token_ids


def accept(drafted, draft_probs, target_probs, rng):
    n = len(drafted)
    quotients = target_probs[torch.arange(n), drafted] / draft_probs[torch.arange(n), drafted]
    n_accepted = int((quotients > 0).long().cumprod(0).sum())
    missing = (target_probs[n_accepted] - draft_probs[n_accepted]).clamp(min=0)
    return torch.cat([drafted[:n_accepted], torch.multinomial(missing, 1)])


def largest(logits, temperature):
    return one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)


def logits(random):
    return 3 * random.normal(size=(*ROWS, VOCAB))


PAIRS = (
    Pair("probabilities", "softmax", lambda random: (logits(random), 0.7), softmax),
    Pair("probabilities", "argmax, one_hot", lambda random: (logits(random), 0.0), largest),
    Pair("top_k", "topk, scatter", lambda random: (probs(random), 4), top_k),
    Pair("top_p", "sort, cumsum, scatter", lambda random: (probs(random), 0.8), top_p),
    Pair("draw", "multinomial, certain rows", certain, multinomial),
    Pair("cached_attention", "scaled_dot_product_attention", heads, cached_attention),
    Pair("cached_gpt", "formula: in_torch.py", reading, cached_gpt),
    Pair("sample", "formula: loop with argmax", writing, greedy),
    Pair("accept_draft", "formula, without chance", drafts, accept),
)
