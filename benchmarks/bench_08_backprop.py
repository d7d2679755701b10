"""Lesson 8: what the loss and all gradients of the mini-GPT cost, and the loss alone.

`make bench-08` runs it on your functions once your kata is green, else on the solution's. Beside
them stand fast_gradients.py, which keeps what the forward pass made, and PyTorch, where it is
installed. How to read it: benchmarks/README.md.
"""

import sys

import kata_08_backprop as kata
from kata_06_transformer import cross_entropy, gpt

from benchmarks.fast_gradients import FastGradients
from benchmarks.harness import Bench, Figure, Ladder, PyTorch, Run, Rung, report, run, units, uses
from benchmarks.harness.results import Row
from benchmarks.harness.tensors import loss_and_gradients
from benchmarks.mini_gpt import ABOUT, FALLING, text_and_model

NUMPY, FAST, TORCH = "NumPy", "fast", "PyTorch"
ALL, LOSS = "gpt_gradients", "the loss alone"
BATCH = 64  # texts
AIM = 3.5  # times as long as PyTorch, at most


def arguments(tokens):
    """A batch of random texts, what comes next in them, and the mini-GPT with room for them."""
    texts, params, n_heads = text_and_model(BATCH, tokens + 1)
    return texts[:, :-1], texts[:, 1:], params, n_heads


def fast(token_ids, targets, params, n_heads):
    gradients = FastGradients(n_heads)
    gradients(token_ids, targets, params)  # which asks for the memory that is used again
    return lambda: gradients(token_ids, targets, params)


def loss(token_ids, targets, params, n_heads):
    return cross_entropy(gpt(token_ids, params, n_heads), targets)


def loss_in_torch(token_ids, targets, params, n_heads):
    from torch.nn.functional import cross_entropy

    from katas.mini_gpt.in_torch import gpt

    return cross_entropy(gpt(token_ids, params, n_heads).flatten(0, 1), targets.flatten())


def in_torch(token_ids, targets, params, n_heads):
    def forward(params):
        return loss_in_torch(token_ids, targets, params, n_heads)

    return loss_and_gradients(forward, (params,))


def page(found: Run):
    """The table, what the backward pass costs beside the forward pass, and PyTorch beside it."""
    sweep, alone = found.sweep(ALL).without(), found.sweep(LOSS).without()
    columns = [report.TIME, *([report.times(TORCH)] if TORCH in sweep.rungs else []), report.MEMORY]
    yield report.ladder([sweep], found.heading, columns)
    ours, forward = sweep.of(NUMPY), alone.of(NUMPY)
    if ours and forward:
        yield beside_the_loss(found, ours[-1], forward[-1])
    if both := sweep.both(NUMPY, TORCH):
        yield " ".join(beside_torch(found, *both[-1], sweep.at(both[-1][0].size).get(FAST)))


def beside_the_loss(found: Run, ours: Row, forward: Row) -> str:
    """What the gradients cost, in forward passes."""
    times = units.ratio(ours.seconds / forward.seconds)
    return (f"At {ours.size} tokens, {found.whose} loss alone takes {report.duration(forward)}; "
            f"the loss with all gradients takes {times} times as long. Three times would be once "
            "for the forward pass and twice for the backward pass, where each product has two. The "
            "rest is for what the backward pass computes again, instead of keeping it (lesson 8, "
            "section 8).")


def beside_torch(found: Run, ours: Row, theirs: Row, fast: Row | None):
    """How long PyTorch takes, and what to look for if NumPy could be faster."""
    ratio = ours.seconds / theirs.seconds
    yield (f"PyTorch {found.machine['torch']} gives the same loss and gradients, by autograd, with "
           f"the same weights and as many threads. NumPy takes {units.ratio(ratio)} times as long "
           f"at {ours.size} tokens.")
    if fast:
        yield (f"{FAST} is fast_gradients.py: NumPy, too, but it computes nothing twice, and uses "
               f"its memory again. It takes {units.ratio(fast.seconds / theirs.seconds)} times as "
               "long as PyTorch.")
    if ratio > AIM:
        yield (f"The solution takes at most {AIM} times as long. Does a function here go through a "
               "loop, over tokens or heads? Does gelu or its slope write x**3, which takes many "
               "times as long as x * x * x? Or was the machine busy? Run it again.")
        if found.notes.get("einsum"):
            yield report.EINSUM


BENCH = Bench(
    f"loss and gradients of the mini-GPT: {BATCH} texts, {ABOUT}",
    (Ladder(ALL, {NUMPY: kata.gpt_gradients, FAST: Rung(fast, prepares=True),
                  TORCH: PyTorch(in_torch)}, arguments, (4, 8, 16), larger=(32, 64)),
     Ladder(LOSS, {NUMPY: loss, TORCH: PyTorch(loss_in_torch)}, arguments, (4, 8, 16),
            larger=(32, 64))),
    page, Figure(FALLING, (
        ("speed", ALL, "batches per second, loss and gradients"),
        ("memory", ALL, "peak memory of one batch"))),
    notes={"einsum": uses(kata.gpt_gradients, "einsum")},
)

if __name__ == "__main__":
    sys.exit(run(__file__, BENCH))
