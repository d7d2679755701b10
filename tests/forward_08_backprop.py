"""The forward pass of lesson 8, written once more in plain NumPy and without your functions.

The specs nudge what goes in and look at how far the result moves. The cases that they do it on are
random, with numbers of size 1, and every dimension has a size of its own.
"""

import math

import numpy as np


def attend(q, k, v, mask=None):
    """Attention; a query that may attend to nothing gets zeros."""
    seen = np.broadcast_to(True if mask is None else mask, (*q.shape[:-1], k.shape[-2]))
    exps = np.exp(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])) * seen
    return (
        exps @ v / np.where(seen.any(axis=-1, keepdims=True), exps.sum(axis=-1, keepdims=True), 1)
    )


def attend_in_heads(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    """Multi-head attention: each head has columns of its own."""
    q, k, v = (np.split(x @ w, n_heads, axis=-1) for w in (w_q, w_k, w_v))
    return np.concatenate([attend(*head, mask) for head in zip(q, k, v)], axis=-1) @ w_o


def gelu(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def feed_forward(x, w_in, b_in, w_out, b_out):
    return gelu(x @ w_in + b_in) @ w_out + b_out


def norm(x, gain, bias):
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + 1e-5) * gain + bias


def run_block(x, block, n_heads, mask=None):
    x = x + attend_in_heads(
        norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask
    )
    return x + feed_forward(norm(x, **block["norm_2"]), **block["feed_forward"])


def gpt_loss(token_ids, targets, params, n_heads, ignore_index=-1):
    """The mean cross-entropy of a GPT at the targets that count."""
    x = params["token_table"][token_ids] + params["position_table"][: token_ids.shape[-1]]
    for block in params["blocks"]:
        x = run_block(x, block, n_heads, np.tri(token_ids.shape[-1], dtype=bool))
    logits = norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    return (np.log(np.exp(logits).sum(axis=-1)) - logits[np.arange(len(targets)), targets]).mean()


def random(seed, **sizes):
    """Random arrays of size 1 by their names."""
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=size) for name, size in sizes.items()}


def random_attention(*batch, n_queries=5, n_keys=7, d_k=3, d_v=4):
    """Queries, keys, values and a gradient from above."""
    return random(2017, q=(*batch, n_queries, d_k), k=(*batch, n_keys, d_k),
                  v=(*batch, n_keys, d_v), grad_out=(*batch, n_queries, d_v))


def random_heads(*batch, n_tokens=5, d_model=9, d_out=7, n_heads=2, d_k=4, d_v=6):
    """The arguments of multi-head attention, and a gradient from above."""
    case = random_weights(2018, d_model, n_heads * d_k, n_heads * d_v, d_out)
    return case | random(1986, x=(*batch, n_tokens, d_model), grad_out=(*batch, n_tokens, d_out))


def random_weights(seed, d_model, width_k, width_v, d_out):
    """The weights of attention; w_q and w_k are smaller, so that no key gets all there is."""
    weights = random(seed, w_q=(d_model, width_k), w_k=(d_model, width_k),
                     w_v=(d_model, width_v), w_o=(width_v, d_out))
    return weights | {name: weights[name] / 3 for name in ("w_q", "w_k")}


def random_layer(*batch, n_tokens=5, d_model=4, d_ff=7, d_out=3):
    """The arguments of a feed-forward network, and a gradient from above."""
    return random(2016, x=(*batch, n_tokens, d_model), w_in=(d_model, d_ff), b_in=d_ff,
                  w_out=(d_ff, d_out), b_out=d_out, grad_out=(*batch, n_tokens, d_out))


def random_block(seed=2019, d_model=10, width_k=8, width_v=14, d_ff=11):
    """A block in which no two norms or matrices are alike."""
    return {"norm_1": random(seed + 1, gain=d_model, bias=d_model),
            "attention": random_weights(seed + 2, d_model, width_k, width_v, d_model),
            "norm_2": random(seed + 3, gain=d_model, bias=d_model),
            "feed_forward": random(seed + 4, w_in=(d_model, d_ff), b_in=d_ff,
                                   w_out=(d_ff, d_model), b_out=d_model)}


def random_gpt(n_blocks=3, vocab=9, n_positions=7, d_model=10, untied=False):
    """A GPT with room for more tokens than it is given; untied, with an unembedding of its own."""
    params = random(2020, token_table=(vocab, d_model), position_table=(n_positions, d_model))
    params["blocks"] = [random_block(2030 + 10 * i) for i in range(n_blocks)]
    params["norm_f"] = random(2021, gain=d_model, bias=d_model)
    return params | (random(2022, unembedding=(d_model, vocab)) if untied else {})


def leaves(tree, path=()):
    """Every array in dicts and lists, with the way to it."""
    if isinstance(tree, np.ndarray):
        yield path, tree
    else:
        for key, inner in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(inner, (*path, key))


def mapped(change, *trees):
    """Dicts and lists with change(array, ...) for the arrays that lie at the same place."""
    if isinstance(trees[0], dict):
        return {key: mapped(change, *(tree[key] for tree in trees)) for key in trees[0]}
    if isinstance(trees[0], list):
        return [mapped(change, *inner) for inner in zip(*trees)]
    return change(*trees)


def replaced(tree, path, new):
    """Dicts and lists with something new in one place."""
    if not path:
        return new
    changed = tree.copy()
    changed[path[0]] = replaced(tree[path[0]], path[1:], new)
    return changed


def narrow(tree):
    """The same arrays in float32."""
    return mapped(lambda array: array.astype(np.float32), tree)


def total(trees):
    """The sum of several gradients of one thing, array by array."""
    return mapped(lambda *arrays: sum(arrays), *trees)
