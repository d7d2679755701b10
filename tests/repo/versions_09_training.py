"""Versions of the functions of lesson 9 that are right in many styles."""

import math

import numpy as np
from kata_06_transformer import cross_entropy, gpt
from kata_08_backprop import gpt_gradients
from kata_09_training import adamw, clip_gradients, tree_map

from tests.repo.versions import right

# tree_map -----------------------------------------------------------------------


@right("tree_map")
def with_a_case_for_each_kind(f, *trees):
    tree, *others = trees
    if isinstance(tree, dict):
        if not all(isinstance(other, dict) and set(other) == set(tree) for other in others):
            raise ValueError("other keys")
        return {key: tree_map(f, value, *[other[key] for other in others])
                for key, value in tree.items()}
    if isinstance(tree, list):
        if not all(isinstance(other, list) and len(other) == len(tree) for other in others):
            raise ValueError("other lengths")
        return [tree_map(f, *items) for items in zip(tree, *others)]
    if any(isinstance(other, (dict, list)) for other in others):
        raise ValueError("no array")
    return f(tree, *others)


@right("tree_map")
def with_match(f, *trees):
    def keys(tree):
        match tree:
            case dict():
                return "dict", frozenset(tree)
            case list():
                return "list", len(tree)
            case _:
                return ("array",)

    if len({keys(tree) for tree in trees}) > 1:
        raise ValueError("trees of several forms")
    match trees[0]:
        case dict() as first:
            return dict((key, tree_map(f, *(tree[key] for tree in trees))) for key in first)
        case list() as first:
            return [tree_map(f, *(tree[i] for tree in trees)) for i in range(len(first))]
    return f(*trees)


# init_gpt -----------------------------------------------------------------------


@right("init_gpt")
def in_float32_from_the_start(rng, vocab, n_positions, d_model, n_blocks, spread=0.02):
    def draw(rows, columns, factor=1.0):
        return rng.standard_normal((rows, columns), dtype=np.float32) * (spread * factor)

    def zeros(n):
        return np.zeros(n, dtype=np.float32)

    params = {"blocks": [], "norm_f": {"gain": zeros(d_model) + 1, "bias": zeros(d_model)}}
    shallow = (2 * n_blocks) ** -0.5
    for _ in range(n_blocks):
        params["blocks"].append({
            "norm_1": {"gain": zeros(d_model) + 1, "bias": zeros(d_model)},
            "norm_2": {"gain": zeros(d_model) + 1, "bias": zeros(d_model)},
            "feed_forward": dict(
                w_in=draw(d_model, 4 * d_model), b_in=zeros(4 * d_model),
                w_out=draw(4 * d_model, d_model, shallow), b_out=zeros(d_model)),
            "attention": dict(
                w_o=draw(d_model, d_model, shallow), w_q=draw(d_model, d_model),
                w_k=draw(d_model, d_model), w_v=draw(d_model, d_model))})
    params["position_table"] = draw(n_positions, d_model)
    params["token_table"] = draw(vocab, d_model)
    return params


@right("init_gpt")
def narrowed_at_the_end(rng, vocab, n_positions, d_model, n_blocks, spread=0.02):
    def norm():
        return {"gain": np.ones(d_model), "bias": np.zeros(d_model)}

    def block():
        square = d_model, d_model
        weights = {name: rng.normal(0, spread, square) for name in ("w_q", "w_k", "w_v")}
        weights["w_o"] = rng.normal(0, spread / np.sqrt(2 * n_blocks), square)
        wide = {"w_in": spread * rng.normal(size=(d_model, 4 * d_model)),
                "b_in": np.zeros(4 * d_model),
                "w_out": spread * rng.normal(size=(4 * d_model, d_model)) / np.sqrt(2 * n_blocks),
                "b_out": np.zeros(d_model)}
        return {"norm_1": norm(), "attention": weights, "norm_2": norm(), "feed_forward": wide}

    params = {"token_table": rng.normal(0, spread, (vocab, d_model)),
              "position_table": rng.normal(0, spread, (n_positions, d_model)),
              "blocks": [block() for _ in range(n_blocks)], "norm_f": norm()}
    return tree_map(lambda array: array.astype(np.float32), params)


# get_batch ----------------------------------------------------------------------


@right("get_batch")
def with_slices(token_ids, batch_size, n_tokens, rng):
    last = len(token_ids) - n_tokens - 1
    if last < 0:
        raise ValueError("the text is too short")
    starts = [int(rng.integers(0, last, endpoint=True)) for _ in range(batch_size)]
    inputs = np.stack([token_ids[start : start + n_tokens] for start in starts])
    targets = np.stack([token_ids[start + 1 : start + n_tokens + 1] for start in starts])
    return inputs, targets


@right("get_batch")
def with_windows_as_a_view(token_ids, batch_size, n_tokens, rng):
    windows = np.lib.stride_tricks.sliding_window_view(token_ids, n_tokens + 1)
    chosen = windows[rng.choice(len(windows), size=batch_size)]
    return chosen[:, :-1].copy(), chosen[:, 1:].copy()


# clip_gradients -----------------------------------------------------------------


@right("clip_gradients")
def with_one_long_vector(grads, max_norm):
    flat = []
    tree_map(lambda grad: flat.append(grad.ravel()), grads)
    norm = float(np.linalg.norm(np.concatenate(flat))) if flat else 0.0
    factor = min(1.0, max_norm / (norm + 1e-6))
    return (grads if norm <= max_norm else tree_map(lambda grad: grad * factor, grads)), norm


@right("clip_gradients")
def as_pytorch_does(grads, max_norm):
    def squares(tree):
        if isinstance(tree, dict):
            return sum(squares(inner) for inner in tree.values())
        if isinstance(tree, list):
            return sum(squares(inner) for inner in tree)
        return float(np.vdot(tree, tree))

    norm = squares(grads) ** 0.5
    factor = min(max_norm / (norm + 1e-6), 1.0)
    return tree_map(lambda grad: factor * grad, grads), norm


# learning_rate ------------------------------------------------------------------


@right("learning_rate")
def with_one_limit(step, n_steps, peak, n_warmup=0, floor=0.0):
    if step < min(n_warmup, n_steps):
        return (step + 1) / n_warmup * peak
    share = 1.0 if step >= n_steps else (step - n_warmup) / (n_steps - n_warmup)
    return 0.5 * (peak + floor) + 0.5 * (peak - floor) * math.cos(math.pi * share)


@right("learning_rate")
def as_nanogpt_does(step, n_steps, peak, n_warmup=0, floor=0.0):
    if step < n_warmup and step < n_steps:
        return peak * (step + 1) / n_warmup
    if step >= n_steps:
        return floor
    decay_ratio = (step - n_warmup) / (n_steps - n_warmup)
    coefficient = float(0.5 * (1.0 + np.cos(np.pi * decay_ratio)))
    return floor + coefficient * (peak - floor)


# adamw --------------------------------------------------------------------------


@right("adamw")
def with_decay_first(params, grads, state, rate, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1):
    state = state or {"step": 0, "m": tree_map(lambda p: p * 0, params),
                      "v": tree_map(lambda p: p * 0, params)}
    t = state["step"] + 1
    m = tree_map(lambda m, g: betas[0] * m + (1 - betas[0]) * g, state["m"], grads)
    v = tree_map(lambda v, g: betas[1] * v + (1 - betas[1]) * g**2, state["v"], grads)
    shrunk = tree_map(
        lambda p: p * (1 - rate * weight_decay) if p.ndim > 1 else p, params)
    correction_1, correction_2 = 1 - betas[0] ** t, 1 - betas[1] ** t
    new = tree_map(
        lambda p, m, v: p - rate * (m / correction_1) / (np.sqrt(v / correction_2) + eps),
        shrunk, m, v)
    return new, {"step": t, "m": m, "v": v}


@right("adamw")
def as_pytorch_writes_it(
        params, grads, state, rate, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1):
    b1, b2 = betas
    t = 1 if state is None else state["step"] + 1

    def one(p, g, m, v):
        m, v = m + (g - m) * (1 - b1), v * b2 + g * g * (1 - b2)
        p = p - p * (rate * weight_decay) if p.ndim >= 2 else p
        denominator = np.sqrt(v) / math.sqrt(1 - b2**t) + eps
        return p - (rate / (1 - b1**t)) * (m / denominator), m, v

    zeros = tree_map(np.zeros_like, params)
    m, v = (zeros, zeros) if state is None else (state["m"], state["v"])
    new, m, v = (tree_map(lambda *arrays, i=i: one(*arrays)[i], params, grads, m, v)
                 for i in range(3))
    return new, dict(step=t, m=m, v=v)


# train_step ---------------------------------------------------------------------


@right("train_step")
def with_clipping_of_its_own(params, state, inputs, targets, n_heads, rate, max_norm=1.0):
    loss, grads = gpt_gradients(inputs, targets, params, n_heads)
    squares = []
    tree_map(lambda grad: squares.append((grad.astype(np.float64) ** 2).sum()), grads)
    factor = min(1.0, float(max_norm / max(max_norm, np.sqrt(sum(squares)))))
    grads = tree_map(lambda grad: grad * factor, grads)
    return *adamw(params, grads, state, rate), loss


@right("train_step")
def with_names_for_everything(params, state, inputs, targets, n_heads, rate, max_norm=1.0):
    loss, gradients = gpt_gradients(
        token_ids=inputs, targets=targets, params=params, n_heads=n_heads)
    clipped, _norm = clip_gradients(gradients, max_norm=max_norm)
    moved, new_state = adamw(params, clipped, state=state, rate=rate)
    return moved, new_state, float(loss)


# held_out_loss ------------------------------------------------------------------


@right("held_out_loss")
def with_one_loss_of_all_logits(params, inputs, targets, n_heads, batch_size):
    if not len(inputs):
        return np.nan
    logits = [gpt(inputs[start : start + batch_size], params, n_heads)
              for start in range(0, len(inputs), batch_size)]
    return cross_entropy(np.concatenate(logits), targets)


@right("held_out_loss")
def with_lists_of_batches(params, inputs, targets, n_heads, batch_size):
    cuts = range(batch_size, len(inputs), batch_size)
    losses, counts = [], []
    for some, theirs in zip(np.split(inputs, cuts), np.split(targets, cuts)):
        counts.append(int((theirs != -1).sum()))
        losses.append(float(cross_entropy(gpt(some, params, n_heads), theirs))
                      if counts[-1] else 0.0)
    return float(np.dot(losses, counts)) / sum(counts) if sum(counts) else float("nan")
