"""Lesson 9: what a step of training costs: gradients, clipping and AdamW of the mini-GPT.

`make bench-09` runs it on your functions once your kata is green, else on the solution's. Beside
them stand your clipping and AdamW with the gradients of fast_gradients.py, as `make train` uses
them, and PyTorch, if it is installed. How to read it: benchmarks/README.md.
"""

import sys

import kata_09_training as kata

from benchmarks.bench_08_backprop import AIM, BATCH
from benchmarks.bench_08_backprop import arguments as texts_and_params
from benchmarks.fast_gradients import FastGradients
from benchmarks.harness import Bench, Figure, Ladder, PyTorch, Run, Rung, report, run, units
from benchmarks.harness.results import Row
from benchmarks.harness.tensors import each
from benchmarks.mini_gpt import ABOUT, FALLING

NUMPY, FAST, TORCH = "NumPy", "fast", "PyTorch"
STEP, UPDATE = "train_step", "clipping and AdamW alone"
FAST_AIM = 1.5  # times as long as PyTorch, at most
RATE, MAX_NORM = 1e-3, 1.0


def arguments(tokens):
    """The mini-GPT after a step, the optimizer's state, and a batch."""
    inputs, targets, params, n_heads = texts_and_params(tokens)
    params, state, _ = kata.train_step(params, None, inputs, targets, n_heads, RATE)
    return params, state, inputs, targets, n_heads


def step(params, state, inputs, targets, n_heads):
    return kata.train_step(params, state, inputs, targets, n_heads, RATE, MAX_NORM)


def fast(params, state, inputs, targets, n_heads):
    gradients = FastGradients(n_heads)
    gradients(inputs, targets, params)  # which asks for the memory that is used again

    def step():
        loss, grads = gradients(inputs, targets, params)
        grads, _ = kata.clip_gradients(grads, MAX_NORM)
        return *kata.adamw(params, grads, state, RATE), loss

    return step


def update(params, state, inputs, targets, n_heads):
    _, grads = FastGradients(n_heads)(inputs, targets, params)

    def step():
        return kata.adamw(params, kata.clip_gradients(grads, MAX_NORM)[0], state, RATE)

    return step


def in_torch(params, state, inputs, targets, n_heads):
    loss, finish = prepared(params, inputs, targets, n_heads)

    def step():
        loss().backward()
        finish()

    return step


def update_in_torch(params, state, inputs, targets, n_heads):
    loss, finish = prepared(params, inputs, targets, n_heads)
    loss().backward()
    return lambda: finish(clear=False)


def prepared(params, inputs, targets, n_heads):
    """The loss of the batch, and what turns gradients into a step, with torch.optim.AdamW."""
    import torch

    from benchmarks.bench_08_backprop import loss_in_torch

    weights = []
    params = each(torch.nn.Parameter, params, torch.Tensor)
    each(weights.append, params, torch.nn.Parameter)
    optimizer = torch.optim.AdamW(
        [{"params": [w for w in weights if w.ndim >= 2], "weight_decay": 0.1},
         {"params": [w for w in weights if w.ndim < 2], "weight_decay": 0.0}],
        lr=RATE, betas=(0.9, 0.95))

    def loss():
        with torch.enable_grad():
            return loss_in_torch(inputs, targets, params, n_heads)

    def finish(clear=True):
        torch.nn.utils.clip_grad_norm_(weights, MAX_NORM)
        optimizer.step()
        if clear:
            optimizer.zero_grad()

    return loss, finish


def page(found: Run):
    """The table, the share of clipping and AdamW, and PyTorch beside it."""
    sweep, alone = found.sweep(STEP).without(), found.sweep(UPDATE).without()
    columns = [report.TIME, *([report.times(TORCH)] if TORCH in sweep.rungs else []), report.MEMORY]
    yield report.ladder([sweep, alone], found.heading, columns)
    ours, rest = sweep.of(NUMPY), alone.of(NUMPY)
    if ours and rest:
        share = rest[-1].seconds / ours[-1].seconds
        yield (f"At {ours[-1].size} tokens, clipping and AdamW are {share:.0%} of a step; the rest "
               "is the gradients. Their time depends on the parameters alone, not on the batch.")
    if both := sweep.both(NUMPY, TORCH):
        yield " ".join(beside_torch(found, *both[-1], sweep.at(both[-1][0].size).get(FAST)))


def beside_torch(found: Run, ours: Row, theirs: Row, fast: Row | None):
    """How long PyTorch takes, and how long it should."""
    ratio = ours.seconds / theirs.seconds
    yield (f"PyTorch {found.machine['torch']} takes the same step, with autograd, clip_grad_norm_ "
           f"and torch.optim.AdamW. NumPy takes {units.ratio(ratio)} times as long at {ours.size} "
           f"tokens; the solution's takes at most {AIM} times as long.")
    if fast:
        beside = units.ratio(fast.seconds / theirs.seconds)
        yield (f"With the gradients of fast_gradients.py it is {beside} times as long, and "
               f"{FAST_AIM} times at most with the solution's AdamW.")


BENCH = Bench(
    f"steps of training the mini-GPT: {BATCH} texts, {ABOUT}",
    (Ladder(STEP, {NUMPY: step, FAST: Rung(fast, prepares=True),
                   TORCH: PyTorch(in_torch, prepares=True)}, arguments, (4, 8, 16)),
     Ladder(UPDATE, {NUMPY: Rung(update, prepares=True),
                     TORCH: PyTorch(update_in_torch, prepares=True)}, arguments, (16,))),
    page, Figure(FALLING, (
        ("speed", STEP, "steps per second"), ("memory", STEP, "peak memory of one step"))),
)

if __name__ == "__main__":
    sys.exit(run(__file__, BENCH))
