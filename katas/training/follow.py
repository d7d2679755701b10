"""The loop of training, followed on the screen: a bar, a line now and then, and the last curve."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from kata_09_training import held_out_loss
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from threadpoolctl import threadpool_limits

from training.run import Entry, Run, steps
from training.stopping import Stop

EVERY = 100  # steps between two looks at the held-out text
SAVED_EVERY = 10.0  # seconds
BATCH = 64  # samples that the held-out loss is computed on at a time
CURVE_WIDTH, CURVE_HEIGHT = 60, 12


@dataclass(frozen=True)
class Ended:
    """How a followed run ended.

    run:      as it was saved last
    finished: whether it has taken all its steps; if not, it was stopped
    seconds:  how long it took
    """

    run: Run
    finished: bool
    seconds: float


def follow(run: Run, draw: Callable, take_step: Callable, held_out, save: Callable,
           console: Console, at_step: Callable = lambda run: None,
           seconds: float = math.inf) -> Ended:
    """Train until all steps are taken, somebody stops it, or the time is over.

    held_out: (inputs, targets) that are not trained on
    save:     writes a run
    at_step:  is called with the run before the first step, and with it after each
    seconds:  how long it may go on
    """
    start = saved = time.perf_counter()
    log, since = run.log, []
    bar = Progress(TextColumn("{task.description}"), BarColumn(None), TimeRemainingColumn(),
                   console=console)
    with threadpool_limits(1), Stop() as stop, bar:  # small products are fastest on one thread
        task = bar.add_task("", total=run.plan.n_steps, completed=run.step)
        at_step(run)
        for run, loss in steps(run, draw, take_step):
            since.append(loss)
            run = replace(run, log=log)
            now, last = time.perf_counter(), run.step == run.plan.n_steps
            over = stop.asked or now - start > seconds
            if run.step % EVERY == 0 or last:
                there = held_out_loss(run.params, *held_out, run.plan.n_heads, BATCH)
                log, since = (*log, Entry(run.step, float(np.mean(since)), float(there))), []
                run = replace(run, log=log)
                console.print(line(log[-1]), highlight=False)
            at_step(run)
            bar.update(task, completed=run.step, description=described(run, loss))
            if over or last or now - saved > SAVED_EVERY:
                save(run)
                saved = now
            if over:
                break
    return Ended(run, run.step >= run.plan.n_steps, time.perf_counter() - start)


def described(run: Run, loss: float) -> str:
    there = f"{run.log[-1].held_out:.2f}" if run.log else "   -"
    return f"step {run.step:,} of {run.plan.n_steps:,}  loss now {loss:.2f}  held out {there}"


def line(entry: Entry) -> str:
    return f"step {entry.step:>6,}   mean loss {entry.loss:.3f}   held out {entry.held_out:.3f}"


def curve(log: tuple[Entry, ...]) -> str:
    """The two losses over the steps, in characters: o the batches', x the held-out."""
    entries = log[:: -(-len(log) // CURVE_WIDTH)]
    losses = [loss for entry in entries for loss in (entry.loss, entry.held_out)]
    low, high = min(losses), max(losses)
    rows = [[" "] * len(entries) for _ in range(CURVE_HEIGHT)]
    for at, entry in enumerate(entries):
        for loss, mark in ((entry.loss, "o"), (entry.held_out, "x")):
            row = round((high - loss) / max(high - low, 1e-9) * (CURVE_HEIGHT - 1))
            rows[row][at] = mark if rows[row][at] == " " else "*"
    labels = [f"{high - (high - low) * i / (CURVE_HEIGHT - 1):.2f}" for i in range(CURVE_HEIGHT)]
    drawn = [f"{label:>6} |{'  '.join(row)}" for label, row in zip(labels, rows)]
    last = f"step {log[-1].step:,}"
    axis = " " * 7 + "+" + "-" * (3 * len(entries))
    return "\n".join([*drawn, axis, f"{last:>{len(axis)}}",
                      "        o loss of the batches   x held out   * both"])
