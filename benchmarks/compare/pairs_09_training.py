"""Lesson 9 beside PyTorch: trees, clipping, a schedule, its AdamW, and a whole step of training.

What draws random numbers is compared where these make no difference: with a spread of 0, and on a
text of a single window.
"""

import copy

import numpy as np
import torch
from torch.nn.utils import clip_grad_norm_
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR
from torch.utils._pytree import tree_map

from benchmarks.compare.given import GPT, argument, arguments
from benchmarks.compare.pairs import Pair
from benchmarks.compare.pairs_08_backprop import gpt as loss_and_gradients
from benchmarks.harness.tensors import each

BETAS = (0.9, 0.95)


def trees(random):
    """A function of three arrays, and three trees of the form of a GPT."""
    return (lambda a, b, c: a - 2 * b + c * c), *(argument(GPT, random) for _ in range(3))


def no_spread(random):
    return np.random.default_rng(1), 7, 5, 4, 2, 0.0


def zeros_and_ones(rng, vocab, n_positions, d_model, n_blocks, spread):
    def zeros(*shape):
        return torch.nn.init.normal_(torch.empty(shape), std=spread)

    def norm():
        return {"gain": torch.ones(d_model), "bias": torch.zeros(d_model)}

    def block():
        wide = zeros(d_model, 4 * d_model), zeros(4 * d_model), zeros(4 * d_model, d_model)
        names = ("w_in", "b_in", "w_out", "b_out")
        square = d_model, d_model
        return {"norm_1": norm(), "norm_2": norm(),
                "attention": {name: zeros(*square) for name in ("w_q", "w_k", "w_v", "w_o")},
                "feed_forward": dict(zip(names, (*wide, zeros(d_model))))}

    return {"token_table": zeros(vocab, d_model), "position_table": zeros(n_positions, d_model),
            "blocks": [block() for _ in range(n_blocks)], "norm_f": norm()}


def one_window(random):
    return random.permutation(9), 3, 8, np.random.default_rng(1)


def unfolded(token_ids, batch_size, n_tokens, rng):
    windows = token_ids.unfold(0, n_tokens + 1, 1)
    chosen = windows[copy.deepcopy(rng).integers(len(windows), size=batch_size)]
    return chosen[:, :-1], chosen[:, 1:]


def clip(grads, max_norm):
    grads, leaves = each(torch.clone, grads, torch.Tensor), []
    each(leaves.append, grads, torch.Tensor)
    holders = [torch.nn.Parameter(leaf) for leaf in leaves]
    for holder, leaf in zip(holders, leaves):
        holder.grad = leaf
    return grads, clip_grad_norm_(holders, max_norm)


def rate(step, n_steps, peak, n_warmup=0, floor=0.0):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    schedule = CosineAnnealingLR(optimizer, n_steps - n_warmup, floor)
    if n_warmup:
        warmup = LinearLR(optimizer, 1 / n_warmup, total_iters=n_warmup - 1)
        schedule = SequentialLR(optimizer, [warmup, schedule], [n_warmup])
    for _ in range(step):
        optimizer.step()
        schedule.step()
    return optimizer.param_groups[0]["lr"]


def optimizer_step(params, grads, state, rate):
    """torch.optim.AdamW, whose state is put in and taken out."""
    params, holders = each(torch.nn.Parameter, params, torch.Tensor), []
    each(holders.append, params, torch.nn.Parameter)
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in holders if p.ndim >= 2], "weight_decay": 0.1},
         {"params": [p for p in holders if p.ndim < 2], "weight_decay": 0.0}], lr=rate, betas=BETAS)
    n_before = state["step"] if state else 0
    state = state or {"m": each(torch.zeros_like, grads, torch.Tensor),
                      "v": each(torch.zeros_like, grads, torch.Tensor)}

    def prepare(holder, grad, m, v):
        holder.grad = grad
        optimizer.state[holder] = {"step": torch.tensor(float(n_before)), "exp_avg": m.clone(),
                                   "exp_avg_sq": v.clone()}

    tree_map(prepare, params, grads, state["m"], state["v"])
    optimizer.step()
    m, v = (tree_map(lambda holder, name=name: optimizer.state[holder][name], params)
            for name in ("exp_avg", "exp_avg_sq"))
    after = tree_map(lambda holder: holder.detach(), params)
    return after, {"step": n_before + 1, "m": m, "v": v}


def first(random):
    return *arguments("gpt_params gpt_params", random), None, 0.01


def fourth(random):
    params, grads, m = arguments("gpt_params gpt_params gpt_params", random)
    return params, grads, {"step": 3, "m": m, "v": each(np.square, argument(GPT, random))}, 0.01


def step(params, state, inputs, targets, n_heads, rate, max_norm=1.0):
    loss, grads = loss_and_gradients(inputs, targets, params, n_heads)
    grads, _ = clip(grads, max_norm)
    return *optimizer_step(params, grads, state, rate), loss


def one_step(random):
    """A fourth one: the first has nearly the sign of each gradient, and so of its rounding."""
    params, _, state, rate = fourth(random)
    return params, state, *arguments("ids targets n_heads", random), rate


def mean_loss(params, inputs, targets, n_heads, batch_size):
    return loss_and_gradients(inputs, targets, params, n_heads)[0]


PAIRS = (
    Pair("tree_map", "torch.utils._pytree", trees, tree_map),
    Pair("init_gpt", "nn.init.normal_, std 0", no_spread, zeros_and_ones),
    Pair("get_batch", "Tensor.unfold", one_window, unfolded),
    Pair("clip_gradients", "clip_grad_norm_", lambda random: (argument(GPT, random), 2.5), clip),
    Pair("clip_gradients", "the same, short enough", lambda random: (argument(GPT, random), 1e3),
         clip),
    Pair("learning_rate", "LinearLR", lambda random: (3, 20, 0.5, 6, 0.05), rate),
    Pair("learning_rate", "CosineAnnealingLR", lambda random: (13, 20, 0.5, 6, 0.05), rate),
    Pair("adamw", "AdamW", first, optimizer_step),
    Pair("adamw", "the same, fourth step", fourth, optimizer_step),
    Pair("train_step", "autograd, clipping, AdamW", one_step, step),
    Pair("held_out_loss", "cross_entropy of all", "gpt_params ids targets n_heads 1", mean_loss),
)
