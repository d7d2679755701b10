"""One step of training: the reader's own, or with fast gradients once both are shown to agree."""

from collections.abc import Callable

import numpy as np
from kata_09_training import adamw, clip_gradients, train_step

MAX_NORM = 1.0
NEAR, NOISE = 1e-2, 1e-5  # how far m may be off: of its array's largest number, of all arrays'


def own_step(n_heads: int) -> Callable:
    """The reader's train_step."""
    return lambda params, state, inputs, targets, rate: train_step(
        params, state, inputs, targets, n_heads, rate, MAX_NORM)


def fast_step(n_heads: int) -> Callable:
    """The same with the gradients of benchmarks/fast_gradients.py, and the rest the reader's."""
    from benchmarks.fast_gradients import FastGradients

    gradients = FastGradients(n_heads)

    def step(params, state, inputs, targets, rate):
        loss, grads = gradients(inputs, targets, params)
        grads, _ = clip_gradients(grads, MAX_NORM)
        return *adamw(params, grads, state, rate), loss

    return step


def choose_step(run, batch) -> tuple[Callable, str]:
    """The step to train with, and a sentence that says which, and why.

    batch: one to try both on; nothing of the run is changed
    """
    own, fast = own_step(run.plan.n_heads), fast_step(run.plan.n_heads)
    _, state, loss = own(run.params, None, *batch, run.plan.peak)
    _, fast_state, fast_loss = fast(run.params, None, *batch, run.plan.peak)
    off = _difference(state["m"], fast_state["m"])
    if off is None or abs(loss - fast_loss) > 1e-3 * abs(loss):
        return own, ("On the first batch train_step and the project's fast gradients do not agree, "
                     "so every step is one of train_step.")
    return fast, (f"On the first batch the loss is {float(loss):.4f} by train_step, and "
                  f"{float(fast_loss):.4f} with the project's fast gradients "
                  "(benchmarks/fast_gradients.py); what AdamW makes of them differs by at most "
                  f"{off:.0e} of the largest number. They agree, so the fast ones are used from "
                  "here on, to save time. All else is the code of the lessons.")


def _difference(tree, other) -> float | None:
    """How far two trees are apart, as a share of their largest number; None if that is too far."""
    pairs = list(_pairs(tree, other))
    largest = max(np.abs(a).max(initial=0) for a, _ in pairs)
    for a, b in pairs:
        room = NEAR * np.abs(a).max(initial=0) + NOISE * largest
        if a.shape != b.shape or not np.abs(a - b).max(initial=0) <= room:
            return None
    return max(np.abs(a - b).max(initial=0) for a, b in pairs) / max(largest, 1e-30)


def _pairs(tree, other):
    if isinstance(tree, (dict, list)):
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            yield from _pairs(tree[key], other[key])
    else:
        yield tree, other
