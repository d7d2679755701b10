"""What a training run is, and the loop that takes its steps."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from kata_09_training import init_gpt, learning_rate


@dataclass(frozen=True)
class Plan:
    """What is fixed for a run, from its first step to its last.

    text:        where the text was, "" if there is none
    fingerprint: of that text
    alphabet:    the letter of each token; "" where tokens are bytes
    """

    n_steps: int
    vocab: int
    n_tokens: int = 64
    d_model: int = 64
    n_blocks: int = 3
    n_heads: int = 4
    batch_size: int = 32
    peak: float = 3e-3
    n_warmup: int = 50
    floor: float = 3e-4
    spread: float = 0.02
    seed: int = 9
    text: str = ""
    fingerprint: str = ""
    alphabet: str = ""


@dataclass(frozen=True)
class Entry:
    """A line of the log: after which step, the mean loss since the last line, the held-out loss."""

    step: int
    loss: float
    held_out: float


@dataclass(frozen=True)
class Run:
    """A run after some steps. All that the next step needs is in it."""

    plan: Plan
    params: dict
    state: dict | None
    rng: np.random.Generator
    step: int = 0
    log: tuple[Entry, ...] = field(default=())

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        plan = self.plan
        return learning_rate(self.step, plan.n_steps, plan.peak, plan.n_warmup, plan.floor)


class Diverged(Exception):
    """The loss is no number any more."""


def new_run(plan: Plan) -> Run:
    """A run before its first step."""
    rng = np.random.default_rng(plan.seed)
    params = init_gpt(
        rng, plan.vocab, plan.n_tokens, plan.d_model, plan.n_blocks, plan.spread)
    return Run(plan, params, None, rng)


def steps(run: Run, draw: Callable, take_step: Callable) -> Iterator[tuple[Run, float]]:
    """Take one step after another; give the run after each, and the loss of its batch.

    draw:      makes a batch, (inputs, targets), from a generator
    take_step: as train_step, without n_heads and max_norm
    """
    while run.step < run.plan.n_steps:
        params, state, loss = take_step(run.params, run.state, *draw(run.rng), run.rate)
        if not math.isfinite(loss):
            raise Diverged(f"The loss of step {run.step} is {loss}. What was saved before is kept.")
        run = replace(run, params=params, state=state, step=run.step + 1)
        yield run, float(loss)
