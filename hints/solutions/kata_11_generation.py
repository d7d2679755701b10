"""Lesson 11: generation, from logits to text, and without computing anything twice.

You build eight functions. Four choose a token, two remember, and two put it all together:

    probabilities     logits to probabilities, at a temperature
    top_k             keep the k most likely tokens
    top_p             keep the most likely tokens that reach p together
    draw              choose a token by its probability
    cached_attention  attention for new tokens, with the keys and values of the old ones kept
    cached_gpt        logits for new tokens, with a cache for each block
    sample            continue a text by drawing, with the cache
    accept_draft      speculative decoding: check what a small model has proposed

The order is fixed: temperature first, then k, then p. (Some libraries apply the temperature last,
or p before k: other conventions, which keep other tokens.) Random numbers come from the generator
that is handed in. float32 stays float32, and no function changes its arguments.
The lesson is katas/lesson_11_generation.md.
"""

import numpy as np
from kata_01_attention import attention, softmax
from kata_02_self_attention import causal_mask
from kata_03_multi_head import merge_heads, split_heads
from kata_04_positional import embed
from kata_05_feed_forward import feed_forward, layer_norm


def probabilities(logits, temperature=1.0):
    """Turn logits into probabilities; a low temperature favours the largest, a high one the rest.

    logits:      (..., vocab)
    temperature: 0 puts all on the largest logit, the first of equals
    returns:     (..., vocab), each row sums to 1
    raises:      ValueError if the temperature is below 0

        softmax(logits / temperature)

    >>> logits = np.log([1.0, 2.0, 5.0])
    >>> probabilities(logits).round(3), probabilities(logits, temperature=0.5).round(3)
    (array([0.125, 0.25 , 0.625]), array([0.033, 0.133, 0.833]))
    >>> probabilities(logits, temperature=0)
    array([0., 0., 1.])

    Source: Ackley, Hinton and Sejnowski 1985, "A Learning Algorithm for Boltzmann Machines".
    """
    if temperature < 0:
        raise ValueError(f"the temperature is {temperature}; it cannot be below 0")
    if temperature == 0:
        largest = logits.argmax(axis=-1, keepdims=True)
        return (np.arange(logits.shape[-1]) == largest).astype(np.result_type(logits, 0.0))
    return softmax(logits / temperature)


def top_k(probs, k):
    """Keep the k most likely tokens, and divide by their sum.

    probs:   (..., vocab), each row sums to 1
    k:       how many tokens to keep in each row; 0, or vocab and more, keeps all
    returns: (..., vocab), zeros for all other tokens; each row sums to 1

        Of equal probabilities, the one with the lower id stays.

    >>> top_k(np.array([0.125, 0.5, 0.125, 0.25]), 2).round(3)
    array([0.   , 0.667, 0.   , 0.333])

    Source: Fan, Lewis and Dauphin 2018, "Hierarchical Neural Story Generation", section 5.
    """
    best_first = np.argsort(-probs, axis=-1, kind="stable")
    ranks = np.argsort(best_first, axis=-1)  # 0 for the most likely
    kept = np.where(ranks < (k or probs.shape[-1]), probs, 0)
    return kept / kept.sum(axis=-1, keepdims=True)


def top_p(probs, p):
    """Keep the most likely tokens, as few as reach p together, and divide by their sum.

    probs:   (..., vocab), each row sums to 1
    p:       what the kept probabilities sum to at least; 1 keeps all
    returns: (..., vocab), zeros for all other tokens; each row sums to 1

        The token that crosses p is kept, so at least one is. Of equals, the lower id comes first.

    >>> top_p(np.array([0.125, 0.5, 0.125, 0.25]), 0.625).round(3)
    array([0.   , 0.667, 0.   , 0.333])

    Source: Holtzman et al. 2019, "The Curious Case of Neural Text Degeneration", section 3.1.
    """
    best_first = np.argsort(-probs, axis=-1, kind="stable")
    ranks = np.argsort(best_first, axis=-1)
    sums = np.take_along_axis(probs, best_first, axis=-1).cumsum(axis=-1)
    n_below = (sums < p).sum(axis=-1, keepdims=True)  # so many do not reach p; the next one does
    kept = np.where(ranks <= n_below, probs, 0)
    return kept / kept.sum(axis=-1, keepdims=True)


def draw(probs, rng):
    """Draw a token for each row, each as often as its probability says.

    probs:   (..., vocab), each row sums to 1, up to rounding
    rng:     a numpy.random.Generator
    returns: (...), integers: a token id for each row, drawn by itself

        the first token at which the sum of the probabilities so far exceeds a random number

    >>> draw(np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), np.random.default_rng(0))
    array([1, 2])

    Source: Devroye 1986, "Non-Uniform Random Variate Generation", section III.2, inversion.
    """
    sums = probs.cumsum(axis=-1, dtype=np.float64)
    sums = sums / sums[..., -1:]  # float32 probabilities sum to 1 only nearly
    return (sums <= rng.random((*probs.shape[:-1], 1))).sum(axis=-1)


def cached_attention(x, w_q, w_k, w_v, w_o, n_heads, cache=None):
    """Attend from new tokens to all tokens so far, without computing old keys and values again.

    x:       (..., n_new, d_model), the new tokens only
    w_q:     (d_model, n_heads * d_k)
    w_k:     (d_model, n_heads * d_k)
    w_v:     (d_model, n_heads * d_v)
    w_o:     (n_heads * d_v, d_out)
    n_heads: the number of heads
    cache:   None at the start of a text; then what the last call returned
    returns: a tuple (output, cache)
             output: (..., n_new, d_out)
             cache:  {"k", "v"}, (..., n_heads, n_past + n_new, d_head), old tokens first
    raises:  ValueError if n_heads does not divide the width of w_q, w_k or w_v

        k, v   = the cached ones, then those of x
        output = causal multi-head attention: new token i sees n_past + i + 1 tokens

    >>> x, no_query = np.array([[1.0, 0.0], [3.0, 4.0]]), np.zeros((2, 2))
    >>> weights = dict(w_q=no_query, w_k=np.eye(2), w_v=np.eye(2), w_o=np.eye(2), n_heads=1)
    >>> output, cache = cached_attention(x[:1], **weights)
    >>> cached_attention(x[1:], **weights, cache=cache)[0]
    array([[2., 2.]])

    Source: Shazeer 2019, "Fast Transformer Decoding: One Write-Head is All You Need", section 2.
    """
    q, k, v = (split_heads(x @ w, n_heads) for w in (w_q, w_k, w_v))
    if cache is not None:
        k = np.concatenate([cache["k"], k], axis=-2)
        v = np.concatenate([cache["v"], v], axis=-2)
    n_new, n_keys = q.shape[-2], k.shape[-2]
    mask = causal_mask(n_keys)[n_keys - n_new :]  # the new tokens are the last rows
    return merge_heads(attention(q, k, v, mask)) @ w_o, {"k": k, "v": v}


def cached_gpt(token_ids, params, n_heads, caches=None):
    """Give logits for new tokens: gpt, with the keys and values of the old tokens kept.

    token_ids: (..., n_new), integers, the new tokens only
    params:    as in gpt, with at least one block
    n_heads:   the number of heads
    caches:    None at the start of a text; then what the last call returned
    returns:   a tuple (logits, caches)
               logits: (..., n_new, vocab)
               caches: a list, for each block what cached_attention returns
    raises:    ValueError if the last token is past the end of position_table

        logits = the last n_new rows of gpt(all tokens so far)

    >>> norm, zeros = dict(gain=np.ones(2), bias=np.zeros(2)), np.zeros((2, 2))
    >>> attention = dict(w_q=zeros, w_k=zeros, w_v=zeros, w_o=zeros)
    >>> network = dict(w_in=zeros, b_in=zeros[0], w_out=zeros, b_out=zeros[0])
    >>> block = dict(norm_1=norm, attention=attention, norm_2=norm, feed_forward=network)
    >>> tables = dict(token_table=np.eye(2), position_table=np.zeros((5, 2)))
    >>> params = tables | dict(blocks=[block], norm_f=norm)
    >>> logits, caches = cached_gpt(np.array([0, 1]), params, n_heads=1)
    >>> cached_gpt(np.array([0]), params, n_heads=1, caches=caches)[0]
    array([[ 0.99998, -0.99998]])

    Source: Pope et al. 2022, "Efficiently Scaling Transformer Inference", section 2.
    """
    n_past = caches[0]["k"].shape[-2] if caches else 0
    x = embed(token_ids, params["token_table"], params["position_table"], start=n_past)
    new_caches = []
    for block, cache in zip(params["blocks"], caches or [None] * len(params["blocks"])):
        attended, cache = cached_attention(
            layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, cache=cache)
        x = x + attended
        x = x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])
        new_caches.append(cache)
    unembedding = params.get("unembedding", params["token_table"].T)
    return layer_norm(x, **params["norm_f"]) @ unembedding, new_caches


def sample(token_ids, params, n_heads, n_new, rng, temperature=1.0, k=None, p=None):
    """Continue a text: again and again, draw a token and read it with the cache.

    token_ids:   (..., n_tokens), integers, the prompt; at least one token
    params:      as in cached_gpt
    n_heads:     the number of heads
    n_new:       the number of tokens to add
    rng:         a numpy.random.Generator
    temperature: as in probabilities
    k:           as in top_k, after the temperature; None keeps all
    p:           as in top_p, after k; None keeps all
    returns:     (..., n_tokens + n_new), the prompt and the new tokens; each row is drawn by itself
    raises:      ValueError if position_table has no room for a token that is read: that is, for
                 n_tokens + n_new - 1, as the last new token is not read

        next = draw(top_p(top_k(probabilities(logits of the last token, temperature), k), p), rng)

    >>> norm, zeros = dict(gain=np.ones(2), bias=np.zeros(2)), np.zeros((2, 2))
    >>> attention = dict(w_q=zeros, w_k=zeros, w_v=zeros, w_o=zeros)
    >>> network = dict(w_in=zeros, b_in=zeros[0], w_out=zeros, b_out=zeros[0])
    >>> block = dict(norm_1=norm, attention=attention, norm_2=norm, feed_forward=network)
    >>> tables = dict(token_table=np.eye(2), position_table=np.zeros((5, 2)))
    >>> other = tables | dict(blocks=[block], norm_f=norm, unembedding=np.eye(2)[::-1])
    >>> sample(np.array([0]), other, 1, n_new=3, rng=np.random.default_rng(0), temperature=0)
    array([0, 1, 0, 1])

    Source: Radford et al. 2019 (GPT-2), section 3, for top-k; Holtzman et al. 2019 for top-p.
    """
    token_ids = newest = np.array(token_ids)
    caches = None
    for _ in range(n_new):
        logits, caches = cached_gpt(newest, params, n_heads, caches)
        probs = probabilities(logits[..., -1, :], temperature)
        if k is not None:
            probs = top_k(probs, k)
        if p is not None:
            probs = top_p(probs, p)
        newest = draw(probs, rng)[..., np.newaxis]
        token_ids = np.concatenate([token_ids, newest], axis=-1)
    return token_ids


def accept_draft(drafted, draft_probs, target_probs, rng):
    """Check the tokens that a small model has drafted, so that the large one seems to have written.

    drafted:      (n,), integers, token i drawn from draft_probs[i]
    draft_probs:  (n, vocab), what the small model gave each token
    target_probs: (n + 1, vocab), what the large model gives at the same places, and one further on
    rng:          a numpy.random.Generator
    returns:      (n_accepted + 1,), integers: the drafted tokens up to the first that is
                  rejected, and one more

        token i is accepted with probability min(1, target_probs[i, token] / draft_probs[i, token])
        one more:  after a rejection at i, from max(0, target_probs[i] - draft_probs[i]), divided
                   by its sum; if all n are accepted, from target_probs[n]

    >>> draft, target = np.array([[0.5, 0.5, 0.0]]), np.array([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0]])
    >>> rng = np.random.default_rng(0)
    >>> accept_draft(np.array([1]), draft, target, rng)
    array([1, 0])
    >>> accept_draft(np.array([0]), draft, target, rng)
    array([2])

    Source: Leviathan, Kalman and Matias 2022, "Fast Inference from Transformers via Speculative
    Decoding", algorithm 1.
    """
    for i, token in enumerate(drafted):
        if rng.random() >= target_probs[i, token] / draft_probs[i, token]:
            missing = np.maximum(target_probs[i] - draft_probs[i], 0)
            return np.append(drafted[:i], draw(missing / missing.sum(), rng))
    return np.append(drafted, draw(target_probs[-1], rng))
