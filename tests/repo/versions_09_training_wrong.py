"""Versions of lesson 9 that are wrong in ways of their own, and pairs of mistakes."""

import math

import numpy as np
from kata_06_transformer import cross_entropy, gpt
from kata_08_backprop import gpt_gradients
from kata_09_training import adamw, clip_gradients, tree_map

from tests.repo.versions import twice, unheard_of


@unheard_of("tree_map")
def applies_f_twice(f, *trees):
    if isinstance(trees[0], dict):
        return {key: tree_map(f, *(tree[key] for tree in trees)) for key in trees[0]}
    if isinstance(trees[0], list):
        return [tree_map(f, *some) for some in zip(*trees, strict=True)]
    return f(f(*trees), *trees[1:])


@unheard_of("init_gpt")
def centres_every_array(rng, vocab, n_positions, d_model, n_blocks, spread=0.02):
    def draw(*shape, std=spread):
        return rng.normal(3 * std, std, shape).astype(np.float32)

    def norm():
        return {"gain": np.ones(d_model, np.float32), "bias": np.zeros(d_model, np.float32)}

    std = spread / math.sqrt(2 * n_blocks)
    blocks = [{
        "norm_1": norm(), "norm_2": norm(),
        "attention": {name: draw(d_model, d_model) for name in ("w_q", "w_k", "w_v")}
        | {"w_o": draw(d_model, d_model, std=std)},
        "feed_forward": {
            "w_in": draw(d_model, 4 * d_model), "b_in": np.zeros(4 * d_model, np.float32),
            "w_out": draw(4 * d_model, d_model, std=std), "b_out": np.zeros(d_model, np.float32)}}
        for _ in range(n_blocks)]
    return {"token_table": draw(vocab, d_model), "position_table": draw(n_positions, d_model),
            "blocks": blocks, "norm_f": norm()}


@unheard_of("get_batch")
def skips_every_other_token(token_ids, batch_size, n_tokens, rng):
    starts = rng.integers(len(token_ids) - n_tokens, size=batch_size)
    places = (starts[:, None] + 2 * np.arange(n_tokens)) % len(token_ids)
    return token_ids[places], token_ids[(places + 1) % len(token_ids)]


@unheard_of("clip_gradients")
def goes_half_way(grads, max_norm):
    squares = []
    tree_map(lambda grad: squares.append(float((grad * grad).sum())), grads)
    norm = math.sqrt(sum(squares))
    factor = (1 + max_norm / norm) / 2 if norm > max_norm else 1.0
    return tree_map(lambda grad: grad * factor, grads), norm


@unheard_of("learning_rate")
def falls_with_the_square(step, n_steps, peak, n_warmup=0, floor=0.0):
    if step >= n_steps:
        return floor
    if step < n_warmup:
        return peak * (step + 1) / n_warmup
    share = (step - n_warmup) / (n_steps - n_warmup)
    return floor + (peak - floor) * (1 - share) ** 2


@unheard_of("adamw")
def takes_the_third_root(
        params, grads, state, rate, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1):
    state = state or {"step": 0, "m": tree_map(np.zeros_like, params),
                      "v": tree_map(np.zeros_like, params)}
    t = state["step"] + 1
    m = tree_map(lambda m, g: betas[0] * m + (1 - betas[0]) * g, state["m"], grads)
    v = tree_map(lambda v, g: betas[1] * v + (1 - betas[1]) * g * g, state["v"], grads)

    def moved(p, m, v):
        update = m / (1 - betas[0] ** t) / (np.cbrt(v / (1 - betas[1] ** t)) + eps)
        return p - rate * (update + weight_decay * p * (p.ndim > 1))

    return tree_map(moved, params, m, v), {"step": t, "m": m, "v": v}


@unheard_of("train_step")
def takes_half_of_the_gradients(params, state, inputs, targets, n_heads, rate, max_norm=1.0):
    loss, grads = gpt_gradients(inputs, targets, params, n_heads)
    grads, _ = clip_gradients(tree_map(lambda grad: grad / 2, grads), max_norm)
    params, state = adamw(params, grads, state, rate)
    return params, state, loss


@unheard_of("held_out_loss")
def takes_the_worst_batch(params, inputs, targets, n_heads, batch_size):
    losses = [cross_entropy(gpt(inputs[i : i + batch_size], params, n_heads),
                            targets[i : i + batch_size])
              for i in range(0, len(inputs), batch_size)]
    return max(losses, default=math.nan)


twice("leaves_lists_as_they_are", "takes_the_keys_that_all_have")
twice("starts_nothing_smaller", "repeats_one_block")
twice("does_not_shift", "loses_the_last_window")
twice("scales_always", "adds_up_norms")
twice("never_comes_down", "rises_again")
twice("forgets_the_correction", "decays_everything")
twice("puts_eps_inside_the_root", "decays_without_the_rate")
twice("skips_the_clipping", "forgets_the_state")
twice("takes_the_mean_of_means", "divides_by_nothing")
