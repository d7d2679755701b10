import math
import re
from collections import Counter
from itertools import pairwise

import numpy as np


# Lesson 1: Attention Mechanism

def softmax(scores, axis=-1):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    exps = np.exp(shifted)
    return exps / exps.sum(axis=axis, keepdims=True)


def attend_one(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


def attention_loop(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


def attention_scores(q, k):
    return q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])


def attention_weights(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(np.where(mask, scores, lowest))
    return np.where(mask, weights, 0.0)  # zeros for a query that sees nothing


def attention(q, k, v, mask=None):
    return attention_weights(q, k, mask) @ v


# Lesson 2: Self-Attention

def project_qkv(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x @ w_v


def self_attention(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    return attention(q, k, v, mask)


def causal_mask(n_tokens):
    return np.tri(n_tokens, dtype=bool)


def causal_self_attention(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2]))


def padding_mask(lengths, n_tokens):
    return np.arange(n_tokens) < np.reshape(lengths, (-1, 1, 1))


def cross_attention(x, memory, w_q, w_k, w_v, mask=None):
    return attention(x @ w_q, memory @ w_k, memory @ w_v, mask)


# Lesson 3: Multi-Head Attention

def split_heads(x, n_heads):
    *batch, n_tokens, d_model = x.shape
    if d_model % n_heads:
        raise ValueError(f"n_heads = {n_heads} does not divide d_model = {d_model}")
    return x.reshape(*batch, n_tokens, n_heads, d_model // n_heads).swapaxes(-2, -3)


def merge_heads(x):
    *batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)


def multi_head_attention(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q = split_heads(x @ w_q, n_heads)
    k = split_heads(memory @ w_k, n_heads)
    v = split_heads(memory @ w_v, n_heads)
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)  # one mask for all heads
    return merge_heads(attention(q, k, v, mask)) @ w_o


def attention_maps(x, w_q, w_k, n_heads, mask=None):
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads), mask)


# Lesson 4: Positional Encoding

def sinusoidal_encoding(n_positions, d_model, base=10_000.0):
    rates = base ** (-np.arange(0, d_model, 2) / d_model)
    angles = np.arange(n_positions)[:, None] * rates
    table = np.empty((n_positions, d_model))
    table[:, 0::2] = np.sin(angles)
    table[:, 1::2] = np.cos(angles[:, : d_model // 2])
    return table


def add_positions(x, table, start=0):
    end = start + x.shape[-2]
    if end > len(table):
        raise ValueError(f"the table has {len(table)} positions; the last token is at {end - 1}")
    return x + table[start:end].astype(np.result_type(x, 0.0))  # x's dtype; float64 for integers


def embed(token_ids, token_table, position_table, start=0):
    return add_positions(token_table[token_ids], position_table, start)


def rotary_angles(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return np.asarray(positions)[:, None] * rates


def apply_rotary(x, positions, base=10_000.0):
    d_head = x.shape[-1]
    if d_head % 2:
        raise ValueError(f"d_head = {d_head} is odd; numbers are rotated in pairs")
    angles = rotary_angles(positions, d_head, base)
    cos, sin = np.cos(angles), np.sin(angles)
    even, odd = x[..., 0::2], x[..., 1::2]
    rotated = np.empty(x.shape, dtype=np.result_type(x, 0.0))
    rotated[..., 0::2] = even * cos - odd * sin
    rotated[..., 1::2] = even * sin + odd * cos
    return rotated


# Lesson 5: Feed-Forward Networks

def relu(x):
    return np.maximum(x, 0)


def gelu(x):
    return x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def feed_forward(x, w_in, b_in, w_out, b_out, activation=gelu):
    return activation(x @ w_in + b_in) @ w_out + b_out


def layer_norm(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


def transformer_block(x, block, n_heads, mask=None):
    x = x + multi_head_attention(
        layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])


# Lesson 6: Transformer Architecture

def encoder_block(x, block, n_heads, mask=None):
    x = layer_norm(
        x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
        **block["norm_1"])
    return layer_norm(
        x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


def decoder_block(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(
        x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
        **block["norm_1"])
    seen = multi_head_attention(
        x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(
        x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


def transformer(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return x @ params["unembedding"]


def gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


def cross_entropy(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


def perplexity(logits, targets, ignore_index=-1):
    return np.exp(cross_entropy(logits, targets, ignore_index))


def generate(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


# Lesson 7: Gradients

def numerical_gradient(f, x, step=1e-5):
    x = np.asarray(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[index] = step
        gradient[index] = (f(x + nudge) - f(x - nudge)) / (2 * step)
    return gradient


def linear_backward(x, w, grad_out):
    grad_x = grad_out @ w.swapaxes(-1, -2)
    rows = x.reshape(-1, x.shape[-1])  # (batch * n_tokens, d_in)
    grad_rows = grad_out.reshape(-1, grad_out.shape[-1])  # (batch * n_tokens, d_out)
    return grad_x, rows.swapaxes(-1, -2) @ grad_rows


def embedding_backward(token_ids, n_rows, grad_out):
    grad_table = np.zeros((n_rows, grad_out.shape[-1]), dtype=grad_out.dtype)
    np.add.at(grad_table, token_ids, grad_out)  # a plain += would count a repeated token once
    return grad_table


def softmax_backward(scores, grad_out, axis=-1):
    p = softmax(scores, axis)
    return p * (grad_out - (p * grad_out).sum(axis=axis, keepdims=True))


def cross_entropy_backward(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    one_hot = targets[..., np.newaxis] == np.arange(logits.shape[-1])
    grad_logits = np.where(counted[..., np.newaxis], softmax(logits) - one_hot, 0.0)
    return grad_logits / max(int(counted.sum()), 1)  # a NumPy integer would widen float32


def gelu_backward(x, grad_out):
    scale = math.sqrt(2 / math.pi)
    t = np.tanh(scale * (x + 0.044715 * x * x * x))
    inner_slope = scale * (1 + 3 * 0.044715 * x * x)
    return grad_out * ((1 + t) / 2 + x / 2 * (1 - t * t) * inner_slope)


def layer_norm_backward(x, gain, bias, grad_out, eps=1e-5):
    std = np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    normed = (x - x.mean(axis=-1, keepdims=True)) / std
    g = grad_out * gain
    grad_x = g - g.mean(axis=-1, keepdims=True) - normed * (g * normed).mean(axis=-1, keepdims=True)
    leading = tuple(range(x.ndim - 1))
    return grad_x / std, (grad_out * normed).sum(axis=leading), grad_out.sum(axis=leading)


# Lesson 8: Backpropagation

def attention_backward(q, k, v, grad_out, mask=None):
    weights = attention_weights(q, k, mask)
    grad_v = weights.swapaxes(-1, -2) @ grad_out
    grad_weights = grad_out @ v.swapaxes(-1, -2)
    mean = (weights * grad_weights).sum(axis=-1, keepdims=True)
    grad_scores = weights * (grad_weights - mean) / math.sqrt(q.shape[-1])
    return grad_scores @ k, grad_scores.swapaxes(-1, -2) @ q, grad_v


def multi_head_attention_backward(x, w_q, w_k, w_v, w_o, n_heads, grad_out, mask=None):
    q, k, v = (split_heads(x @ w, n_heads) for w in (w_q, w_k, w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)  # one mask for all heads
    merged = merge_heads(attention(q, k, v, mask))
    grad_merged, grad_w_o = linear_backward(merged, w_o, grad_out)
    grads = attention_backward(q, k, v, split_heads(grad_merged, n_heads), mask)
    grad_q, grad_k, grad_v = map(merge_heads, grads)
    from_q, grad_w_q = linear_backward(x, w_q, grad_q)
    from_k, grad_w_k = linear_backward(x, w_k, grad_k)
    from_v, grad_w_v = linear_backward(x, w_v, grad_v)
    grads = {"w_q": grad_w_q, "w_k": grad_w_k, "w_v": grad_w_v, "w_o": grad_w_o}
    return from_q + from_k + from_v, grads


def feed_forward_backward(x, w_in, b_in, w_out, b_out, grad_out):
    wide = x @ w_in + b_in
    grad_units, grad_w_out = linear_backward(gelu(wide), w_out, grad_out)
    grad_wide = gelu_backward(wide, grad_units)
    grad_x, grad_w_in = linear_backward(x, w_in, grad_wide)
    leading = tuple(range(grad_out.ndim - 1))
    grad_b_in, grad_b_out = grad_wide.sum(axis=leading), grad_out.sum(axis=leading)
    return grad_x, {"w_in": grad_w_in, "b_in": grad_b_in, "w_out": grad_w_out, "b_out": grad_b_out}


def transformer_block_backward(x, block, n_heads, grad_out, mask=None):
    normed_1 = layer_norm(x, **block["norm_1"])
    middle = x + multi_head_attention(normed_1, **block["attention"], n_heads=n_heads, mask=mask)
    normed_2 = layer_norm(middle, **block["norm_2"])
    grad, feed_forward = feed_forward_backward(
        normed_2, **block["feed_forward"], grad_out=grad_out)
    grad, gain_2, bias_2 = layer_norm_backward(middle, **block["norm_2"], grad_out=grad)
    grad_middle = grad_out + grad
    grad, attention = multi_head_attention_backward(
        normed_1, **block["attention"], n_heads=n_heads, grad_out=grad_middle, mask=mask)
    grad, gain_1, bias_1 = layer_norm_backward(x, **block["norm_1"], grad_out=grad)
    return grad_middle + grad, {
        "norm_1": {"gain": gain_1, "bias": bias_1}, "attention": attention,
        "norm_2": {"gain": gain_2, "bias": bias_2}, "feed_forward": feed_forward}


def gpt_gradients(token_ids, targets, params, n_heads, ignore_index=-1):
    mask, inputs = causal_mask(token_ids.shape[-1]), []
    x = embed(token_ids, params["token_table"], params["position_table"])
    for block in params["blocks"]:
        inputs.append(x)
        x = transformer_block(x, block, n_heads, mask)
    normed = layer_norm(x, **params["norm_f"])
    unembedding = params.get("unembedding", params["token_table"].T)
    logits = normed @ unembedding

    grad = cross_entropy_backward(logits, targets, ignore_index)
    grad, grad_unembedding = linear_backward(normed, unembedding, grad)
    grad, gain, bias = layer_norm_backward(x, **params["norm_f"], grad_out=grad)
    blocks = []
    for x, block in zip(reversed(inputs), reversed(params["blocks"])):
        grad, grad_block = transformer_block_backward(x, block, n_heads, grad, mask)
        blocks.insert(0, grad_block)
    positions = np.broadcast_to(np.arange(token_ids.shape[-1]), token_ids.shape)
    grads = {
        "token_table": embedding_backward(token_ids, len(params["token_table"]), grad),
        "position_table": embedding_backward(positions, len(params["position_table"]), grad),
        "blocks": blocks, "norm_f": {"gain": gain, "bias": bias}}
    if "unembedding" in params:
        grads["unembedding"] = grad_unembedding
    else:
        grads["token_table"] += grad_unembedding.T
    return cross_entropy(logits, targets, ignore_index), grads


# Lesson 9: Training

def tree_map(f, *trees):
    if not any(isinstance(tree, (dict, list)) for tree in trees):
        return f(*trees)
    first = trees[0]
    if any(type(tree) is not type(first) for tree in trees):
        raise ValueError("a dict, a list and an array cannot stand at the same place")
    if isinstance(first, list):
        return [tree_map(f, *branches) for branches in zip(*trees, strict=True)]
    if any(tree.keys() != first.keys() for tree in trees):
        raise ValueError("the dicts do not have the same keys")
    return {key: tree_map(f, *(tree[key] for tree in trees)) for key in first}


def init_gpt(rng, vocab, n_positions, d_model, n_blocks, spread=0.02):
    def normal(*shape, std=spread):
        return rng.normal(scale=std, size=shape).astype(np.float32)

    def norm():
        return {"gain": np.ones(d_model, np.float32), "bias": np.zeros(d_model, np.float32)}

    def block():
        square, std = (d_model, d_model), spread / math.sqrt(2 * n_blocks)
        attention = {name: normal(*square) for name in ("w_q", "w_k", "w_v")}
        return {
            "norm_1": norm(), "attention": attention | {"w_o": normal(*square, std=std)},
            "norm_2": norm(), "feed_forward": {
                "w_in": normal(d_model, 4 * d_model), "b_in": np.zeros(4 * d_model, np.float32),
                "w_out": normal(4 * d_model, d_model, std=std),
                "b_out": np.zeros(d_model, np.float32)}}

    return {"token_table": normal(vocab, d_model), "position_table": normal(n_positions, d_model),
            "blocks": [block() for _ in range(n_blocks)], "norm_f": norm()}


def get_batch(token_ids, batch_size, n_tokens, rng):
    starts = rng.integers(len(token_ids) - n_tokens, size=batch_size)
    windows = token_ids[starts[:, None] + np.arange(n_tokens + 1)]
    return windows[:, :-1], windows[:, 1:]


def clip_gradients(grads, max_norm):
    squares = []
    tree_map(lambda grad: squares.append(float((grad * grad).sum())), grads)
    norm = math.sqrt(sum(squares))
    if norm > max_norm:
        grads = tree_map(lambda grad: grad * (max_norm / norm), grads)
    return grads, norm


def learning_rate(step, n_steps, peak, n_warmup=0, floor=0.0):
    if step >= n_steps:
        return floor
    if step < n_warmup:
        return peak * (step + 1) / n_warmup
    share = (step - n_warmup) / (n_steps - n_warmup)
    return floor + (peak - floor) * (1 + math.cos(math.pi * share)) / 2


def adamw(params, grads, state, rate, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1):
    if state is None:
        zeros = tree_map(np.zeros_like, params)
        state = {"step": 0, "m": zeros, "v": zeros}
    (beta_1, beta_2), t = betas, state["step"] + 1
    m = tree_map(lambda m, grad: beta_1 * m + (1 - beta_1) * grad, state["m"], grads)
    v = tree_map(lambda v, grad: beta_2 * v + (1 - beta_2) * grad * grad, state["v"], grads)

    def moved(param, m, v):
        update = m / (1 - beta_1**t) / (np.sqrt(v / (1 - beta_2**t)) + eps)
        decay = weight_decay if param.ndim >= 2 else 0.0
        return param - rate * (update + decay * param)

    return tree_map(moved, params, m, v), {"step": t, "m": m, "v": v}


def train_step(params, state, inputs, targets, n_heads, rate, max_norm=1.0):
    loss, grads = gpt_gradients(inputs, targets, params, n_heads)
    grads, _ = clip_gradients(grads, max_norm)
    params, state = adamw(params, grads, state, rate)
    return params, state, loss


def held_out_loss(params, inputs, targets, n_heads, batch_size):
    total, n_counted = 0.0, 0
    for start in range(0, len(inputs), batch_size):
        some, theirs = inputs[start : start + batch_size], targets[start : start + batch_size]
        if n := np.count_nonzero(theirs != -1):
            total += n * cross_entropy(gpt(some, params, n_heads), theirs)
            n_counted += n
    return total / n_counted if n_counted else math.nan


# Lesson 10: Tokenizer

# Of Unicode's numbers, `re` knows the decimal digits. These are the others: ² ½ Ⅷ ① and so on.
# (Some of ancient scripts, above 2**16, are left out: they would make the pattern slow.)
OTHER_NUMBERS = "".join(sign for sign in map(chr, range(2**16)) if sign.isnumeric()
                        and not sign.isdecimal() and not sign.isalpha())

# The rule of GPT-2 for what is a word. As in SmolLM2, each digit is a word of its own.
WORD = re.compile(rf"""
    '(?:s|t|re|ve|m|ll|d)                 # an English ending, as in "it's" and "we'll"
  | [ ]?[^\W_\d{OTHER_NUMBERS}]+          # letters, with the blank in front of them
  | [\d{OTHER_NUMBERS}]                   # one digit
  | [ ]?(?:[^\w\s]|_)+                    # other signs, with the blank in front of them
  | \s+(?![^\s\d{OTHER_NUMBERS}])         # white space, but for a last blank before a word
  | \s+                                   # what is left of it
""", re.VERBOSE)


def count_pairs(words):
    counts = Counter()
    for ids, how_often in words.items():
        for pair in pairwise(ids):
            counts[pair] += how_often
    return dict(counts)


def merge_pair(ids, pair, new_id):
    merged, at = [], 0
    while at < len(ids):
        if ids[at : at + 2] == pair:
            merged.append(new_id)
            at += 2
        else:
            merged.append(ids[at])
            at += 1
    return tuple(merged)


def train_bpe(text, n_merges):
    words = Counter(tuple(word.encode()) for word in WORD.findall(text))
    merges = []
    while len(merges) < n_merges and (counts := count_pairs(words)):
        pair = min(counts, key=lambda pair: (-counts[pair], pair))
        new_id = 256 + len(merges)
        words = {merge_pair(ids, pair, new_id): n for ids, n in words.items()}
        merges.append(pair)
    return merges


def vocabulary(merges):
    tokens = [bytes([byte]) for byte in range(256)]
    for left, right in merges:
        tokens.append(tokens[left] + tokens[right])
    return tokens


def encode(text, merges, special=None):
    special = special or {}
    longest_first = sorted(special, key=len, reverse=True)
    cut = "|".join(map(re.escape, longest_first))
    parts = re.split(f"({cut})", text) if special else [text]
    new_ids = {pair: 256 + i for i, pair in enumerate(merges)}
    ids = []
    for part in parts:
        if part in special:
            ids.append(special[part])
            continue
        for word in WORD.findall(part):
            piece = tuple(word.encode())
            while known := [pair for pair in pairwise(piece) if pair in new_ids]:
                first = min(known, key=new_ids.get)
                piece = merge_pair(piece, first, new_ids[first])
            ids += piece
    return ids


def decode(ids, merges, special=None):
    tokens = dict(enumerate(vocabulary(merges)))
    tokens |= {token_id: name.encode() for name, token_id in (special or {}).items()}
    return b"".join(tokens[token_id] for token_id in ids).decode(errors="replace")


# Lesson 11: Generation

def probabilities(logits, temperature=1.0):
    if temperature < 0:
        raise ValueError(f"the temperature is {temperature}; it cannot be below 0")
    if temperature == 0:
        largest = logits.argmax(axis=-1, keepdims=True)
        return (np.arange(logits.shape[-1]) == largest).astype(np.result_type(logits, 0.0))
    return softmax(logits / temperature)


def top_k(probs, k):
    best_first = np.argsort(-probs, axis=-1, kind="stable")
    ranks = np.argsort(best_first, axis=-1)  # 0 for the most likely
    kept = np.where(ranks < (k or probs.shape[-1]), probs, 0)
    return kept / kept.sum(axis=-1, keepdims=True)


def top_p(probs, p):
    best_first = np.argsort(-probs, axis=-1, kind="stable")
    ranks = np.argsort(best_first, axis=-1)
    sums = np.take_along_axis(probs, best_first, axis=-1).cumsum(axis=-1)
    n_below = (sums < p).sum(axis=-1, keepdims=True)  # so many do not reach p; the next one does
    kept = np.where(ranks <= n_below, probs, 0)
    return kept / kept.sum(axis=-1, keepdims=True)


def draw(probs, rng):
    sums = probs.cumsum(axis=-1, dtype=np.float64)
    sums = sums / sums[..., -1:]  # float32 probabilities sum to 1 only nearly
    return (sums <= rng.random((*probs.shape[:-1], 1))).sum(axis=-1)


def cached_attention(x, w_q, w_k, w_v, w_o, n_heads, cache=None):
    q, k, v = (split_heads(x @ w, n_heads) for w in (w_q, w_k, w_v))
    if cache is not None:
        k = np.concatenate([cache["k"], k], axis=-2)
        v = np.concatenate([cache["v"], v], axis=-2)
    n_new, n_keys = q.shape[-2], k.shape[-2]
    mask = causal_mask(n_keys)[n_keys - n_new :]  # the new tokens are the last rows
    return merge_heads(attention(q, k, v, mask)) @ w_o, {"k": k, "v": v}


def cached_gpt(token_ids, params, n_heads, caches=None):
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
    for i, token in enumerate(drafted):
        if rng.random() >= target_probs[i, token] / draft_probs[i, token]:
            missing = np.maximum(target_probs[i] - draft_probs[i], 0)
            return np.append(drafted[:i], draw(missing / missing.sum(), rng))
    return np.append(drafted, draw(target_probs[-1], rng))


# Lesson 12: A Modern Language Model

# What the real model of this lesson is told first, if the conversation has no system message.
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"


def rms_norm(x, gain, eps=1e-5):
    mean_square = (x * x).mean(axis=-1, keepdims=True)
    return x / np.sqrt(mean_square + eps) * gain


def silu(x):
    return x / 2 * (1 + np.tanh(x / 2))  # the sigmoid by tanh: no exp that can overflow


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


def grouped_query_attention(
        x, w_q, w_k, w_v, w_o, n_heads, n_kv_heads, base=10_000.0, cache=None):
    if n_heads % n_kv_heads:
        raise ValueError(f"{n_kv_heads} heads of keys do not divide {n_heads} heads of queries")
    n_past = cache["k"].shape[-2] if cache else 0
    positions = n_past + np.arange(x.shape[-2])
    q = apply_rotary(split_heads(x @ w_q, n_heads), positions, base)
    k = apply_rotary(split_heads(x @ w_k, n_kv_heads), positions, base)
    v = split_heads(x @ w_v, n_kv_heads)
    if cache:
        k = np.concatenate([cache["k"], k], axis=-2)
        v = np.concatenate([cache["v"], v], axis=-2)
    mask = np.arange(k.shape[-2]) <= positions[:, np.newaxis]  # new token i sees n_past + i + 1
    group = n_heads // n_kv_heads
    heads = attention(q, np.repeat(k, group, axis=-3), np.repeat(v, group, axis=-3), mask)
    return merge_heads(heads) @ w_o, {"k": k, "v": v}


def dequantize_q8_0(blocks):
    each = blocks.reshape(*blocks.shape[:-1], -1, 34)
    d = each[..., :2].view("<f2").astype(np.float32)
    q = each[..., 2:].view(np.int8)
    return (d * q).reshape(*blocks.shape[:-1], -1)


def dequantize_q4_1(blocks):
    each = blocks.reshape(*blocks.shape[:-1], -1, 20)
    d, m = (each[..., i : i + 2].view("<f2").astype(np.float32) for i in (0, 2))
    packed = each[..., 4:]
    q = np.concatenate([packed & 15, packed >> 4], axis=-1)
    return (d * q + m).reshape(*blocks.shape[:-1], -1)


def llama_block(x, block, config, cache=None):
    eps = config["eps"]
    attended, cache = grouped_query_attention(
        rms_norm(x, **block["norm_1"], eps=eps), **block["attention"], n_heads=config["n_heads"],
        n_kv_heads=config["n_kv_heads"], base=config["base"], cache=cache)
    x = x + attended
    return x + swiglu(rms_norm(x, **block["norm_2"], eps=eps), **block["feed_forward"]), cache


def llama(token_ids, params, config, caches=None):
    x = params["token_table"][token_ids]
    new_caches = []
    for block, cache in zip(params["blocks"], caches or [None] * len(params["blocks"])):
        x, cache = llama_block(x, block, config, cache)
        new_caches.append(cache)
    unembedding = params.get("unembedding", params["token_table"].T)
    return rms_norm(x, **params["norm_f"], eps=config["eps"]) @ unembedding, new_caches


def chat_prompt(messages):
    if messages[0]["role"] != "system":
        messages = [{"role": "system", "content": SYSTEM}, *messages]
    turns = [f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages]
    return "".join(turns) + "<|im_start|>assistant\n"


# Lesson 13: Fast Attention

def attend_to_tile(q, k, v, mask=None):
    scores = q / math.sqrt(q.shape[-1]) @ k.swapaxes(-1, -2)  # q is smaller than the scores
    if mask is not None and not mask.all():
        scores = np.where(mask, scores, -np.inf)
    highest = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    scores -= np.where(highest == -np.inf, 0.0, highest)  # as -inf - -inf would be NaN
    exps = np.exp(scores, out=scores)
    return highest, exps.sum(axis=-1, keepdims=True), exps @ v


def combine(a, b):
    (highest_a, total_a, blend_a), (highest_b, total_b, blend_b) = a, b
    highest = np.maximum(highest_a, highest_b)
    shift = np.where(highest == -np.inf, 0.0, highest)
    share_a, share_b = np.exp(highest_a - shift), np.exp(highest_b - shift)
    return highest, share_a * total_a + share_b * total_b, share_a * blend_a + share_b * blend_b


def finish(part):
    highest, total, blend = part
    total = np.where(total == 0, 1.0, total)  # zeros stay zeros, -inf stays -inf
    return blend / total, highest + np.log(total)


def tiled_attention(q, k, v, mask=None, tile=64):
    n_keys = k.shape[-2]
    if mask is not None:
        mask = np.broadcast_to(mask, (*np.shape(mask)[:-1], n_keys))
    part = attend_to_tile(q, k[..., :0, :], v[..., :0, :])  # of no keys: the empty part
    for start in range(0, n_keys, tile):
        keys = slice(start, start + tile)
        seen = None if mask is None else mask[..., keys]
        part = combine(part, attend_to_tile(q, k[..., keys, :], v[..., keys, :], seen))
    return finish(part)


def causal_tiled_attention(q, k, v, tile=64):
    n_past = k.shape[-2] - q.shape[-2]  # keys before the first query
    blocks = []
    for start in range(0, q.shape[-2], tile):
        queries = q[..., start : start + tile, :]
        n_rows = queries.shape[-2]
        n_seen = max(0, n_past + start + n_rows)  # what the last of these queries sees
        mask = np.tri(n_rows, n_seen, n_past + start, dtype=bool)
        blocks.append(tiled_attention(queries, k[..., :n_seen, :], v[..., :n_seen, :], mask, tile))
    output, log_sum = (np.concatenate(rows, axis=-2) for rows in zip(*blocks))
    return output, log_sum


def tiled_attention_backward(q, k, v, output, log_sum, grad_out, tile=64, causal=False):
    n_past, root = k.shape[-2] - q.shape[-2], math.sqrt(q.shape[-1])
    mean = (output * grad_out).sum(axis=-1, keepdims=True)  # of grad_weights, by the weights
    grad_q, grad_k, grad_v = (np.zeros_like(array, dtype=output.dtype) for array in (q, k, v))
    for start in range(0, k.shape[-2], tile):
        keys = slice(start, start + tile)
        first = max(0, start - n_past) if causal else 0  # earlier queries see none of these keys
        rows = slice(first, None)
        scores = attention_scores(q[..., rows, :], k[..., keys, :])
        if causal:
            mask = np.tri(*scores.shape[-2:], n_past + first - start, dtype=bool)
            scores = np.where(mask, scores, -np.inf)
        weights = np.exp(scores - log_sum[..., rows, :])
        grad_weights = grad_out[..., rows, :] @ v[..., keys, :].swapaxes(-1, -2)
        grad_scores = weights * (grad_weights - mean[..., rows, :]) / root
        grad_q[..., rows, :] += grad_scores @ k[..., keys, :]
        grad_k[..., keys, :] = grad_scores.swapaxes(-1, -2) @ q[..., rows, :]
        grad_v[..., keys, :] = weights.swapaxes(-1, -2) @ grad_out[..., rows, :]
    return grad_q, grad_k, grad_v
