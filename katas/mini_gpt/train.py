"""Trains the mini-GPT on first names, and writes weights.npz. Needs PyTorch.

    pip install torch
    cd katas
    python -m mini_gpt.train

How training works is not part of lesson 6; this shows how the weights were made. Every tenth name
of names.txt (the 10th, the 20th, ...) is held out: the model is not trained on it. The weights kept
are those with the lowest loss on the held-out names. On another machine the last digits will
differ.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from rich.progress import Progress

from mini_gpt.in_torch import gpt
from mini_gpt.load import (
    HERE, IGNORED, N_HEADS, VOCABULARY, as_batch, held_out_names, training_names)

N_POSITIONS, D_MODEL, N_BLOCKS = 16, 48, 3
D_FF = 4 * D_MODEL
SEED, EPOCHS, BATCH = 6, 80, 64
LEARNING_RATE, WEIGHT_DECAY, DROPOUT = 3e-3, 0.1, 0.2
SPREAD = 0.1  # of the random numbers at the start
BETAS, LONGEST_STEP = (0.9, 0.99), 1.0  # of AdamW; gradients longer than this are clipped to it
GENTLE = 3  # epochs of warm-up, in which the learning rate grows
PATIENCE = 25  # epochs without a new best before it stops


def main():
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    params = new_params()
    weights = {name: tensor.requires_grad_() for name, tensor in flat(params)}
    kept, best, epoch = train(params, weights)
    np.savez_compressed(HERE / "weights.npz", **kept)
    n_numbers = sum(array.size for array in kept.values())
    print(f"Held-out loss: {best:.4f} nats per letter, after epoch {epoch + 1}. {n_numbers:,} "
          "numbers kept.")


def train(params, weights):
    """The weights at the lowest held-out loss, that loss, and the epoch it was reached in."""
    names, held_out = tensors(training_names()), tensors(held_out_names())
    optimizer = new_optimizer(weights)
    kept, best, best_epoch = {}, math.inf, 0
    with Progress() as progress:
        task = progress.add_task("training", total=EPOCHS)
        for epoch in range(EPOCHS):
            one_epoch(params, weights, names, optimizer, learning_rate(epoch))
            with torch.no_grad():
                now = float(loss(params, *held_out))
            if now < best:
                kept = {name: tensor.detach().numpy().astype(np.float16)
                        for name, tensor in weights.items()}
                best, best_epoch = now, epoch
            progress.update(task, advance=1,
                            description=f"held-out loss {now:.4f}, best {best:.4f}")
            if epoch - best_epoch >= PATIENCE:
                break
    return kept, best, best_epoch


def one_epoch(params, weights, names, optimizer, rate):
    """Go through all names once, in a new order."""
    tokens, targets = names
    for group in optimizer.param_groups:
        group["lr"] = rate
    for rows in torch.randperm(len(tokens)).split(BATCH):
        optimizer.zero_grad()
        loss(params, tokens[rows], targets[rows], DROPOUT).backward()
        torch.nn.utils.clip_grad_norm_(weights.values(), LONGEST_STEP)
        optimizer.step()


def new_optimizer(weights):
    """AdamW; gains and biases do not decay."""
    groups = [([w for w in weights.values() if w.ndim == 2], WEIGHT_DECAY),
              ([w for w in weights.values() if w.ndim == 1], 0.0)]  # fmt: skip
    return torch.optim.AdamW([{"params": some, "weight_decay": decay} for some, decay in groups],
                             betas=BETAS)


def tensors(names):
    tokens, targets = as_batch(names)
    return torch.as_tensor(tokens), torch.as_tensor(targets)


def loss(params, tokens, targets, dropout=0.0):
    """The mean surprise at each letter, in nats."""
    logits = gpt(tokens, params, N_HEADS, dropout)
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED)


def learning_rate(epoch):
    """Down to zero along half a cosine, after a gentle start."""
    warm_up = min(1, (epoch + 1) / GENTLE)
    return LEARNING_RATE * warm_up * (1 + math.cos(math.pi * epoch / EPOCHS)) / 2


def new_params():
    """Small random matrices; gains of one, biases of zero."""
    vocab = len(VOCABULARY)
    return {
        "token_table": small(vocab, D_MODEL),
        "position_table": small(N_POSITIONS, D_MODEL),
        "blocks": [new_block() for _ in range(N_BLOCKS)],
        "norm_f": new_norm(),
    }


def new_block():
    # what is added to the residual stream starts smaller, as in GPT-2
    shallow = 1 / math.sqrt(2 * N_BLOCKS)
    return {
        "norm_1": new_norm(),
        "attention": {
            "w_q": small(D_MODEL, D_MODEL),
            "w_k": small(D_MODEL, D_MODEL),
            "w_v": small(D_MODEL, D_MODEL),
            "w_o": small(D_MODEL, D_MODEL) * shallow,
        },
        "norm_2": new_norm(),
        "feed_forward": {
            "w_in": small(D_MODEL, D_FF),
            "b_in": torch.zeros(D_FF),
            "w_out": small(D_FF, D_MODEL) * shallow,
            "b_out": torch.zeros(D_MODEL),
        },
    }


def new_norm():
    return {"gain": torch.ones(D_MODEL), "bias": torch.zeros(D_MODEL)}


def small(*shape):
    return SPREAD * torch.randn(shape)


def flat(params, path=""):
    """Every tensor with its name: ("blocks.0.attention.w_q", tensor) and so on."""
    if isinstance(params, dict | list):
        for name, inner in params.items() if isinstance(params, dict) else enumerate(params):
            yield from flat(inner, f"{path}{name}.")
    else:
        yield path[:-1], params


if __name__ == "__main__":
    main()
