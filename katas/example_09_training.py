"""Trains the mini-GPT on first names, from nothing, with your own functions.

    make example-09

A thousand steps: from random numbers to names that nobody has. Ctrl-C stops it and keeps what was
learned, and the next call goes on from there; `make write MODEL=names` makes up more names. Change
the numbers below, above all PEAK and N_STEPS, and see what the curve does.
"""

import math
import sys

import numpy as np
from drawing import heading, print_bars, save_picture, say
from kata_06_transformer import cross_entropy, gpt
from kata_09_training import held_out_loss, tree_map
from mini_gpt.load import (
    EDGE,
    IGNORED,
    N_HEADS,
    VOCABULARY,
    all_names,
    as_batch,
    held_out_names,
    load_params,
    training_names,
)
from rich.console import Console
from training.follow import BATCH, curve, follow
from training.run import Diverged, Plan, new_run
from training.saved import NoModel, load, model_file, save, shown
from training.steps import choose_step
from training.writing import as_text, write_on

N_STEPS, PEAK, SPREAD = 1000, 5e-3, 0.1
SHOWN = (0, 100, 300, 1000)  # steps after which names are made up
N_NAMES = 6
MODEL = "names"

console = Console(highlight=False)


def main():
    names, held_out = as_batch(training_names()), as_batch(held_out_names())
    plan = Plan(n_steps=N_STEPS, vocab=len(VOCABULARY), n_tokens=16, d_model=48, n_blocks=3,
                n_heads=N_HEADS, batch_size=64, peak=PEAK, floor=PEAK / 10, spread=SPREAD,
                alphabet=VOCABULARY)
    run = start(plan, held_out)
    heading("2. A thousand steps")
    draw = batches(names, plan.batch_size)
    take_step, why = choose_step(run, draw(np.random.default_rng(0)))
    say(why)
    say("Ctrl-C stops it, and keeps what was learned.\n")
    file = model_file(MODEL)
    try:
        ended = follow(run, draw, take_step, held_out, lambda run: save(file, run), console,
                       at_step=show_names)
    except Diverged as problem:
        say(str(problem))
        sys.exit(2)
    if not ended.finished:
        say(f"\nStopped after step {ended.run.step:,}. It is kept in {shown(file)}; make "
            "example-09 goes on from there.")
        return
    show_curve(ended.run, ended.seconds)
    show_beside_others(ended.run)
    say(f"\nThe model is kept in {shown(file)}: make write MODEL={MODEL} makes up more names.")


def start(plan, held_out):
    """A new run, or the one that was stopped."""
    heading("1. Before the first step")
    run, sizes = new_run(plan), []
    tree_map(lambda array: sizes.append(array.size), run.params)
    loss = held_out_loss(run.params, *held_out, N_HEADS, BATCH)
    say(f"{sum(sizes):,} random numbers. On {len(held_out[0])} names that are held out, their loss "
        f"is {loss:.3f}; a uniform guess has ln {len(VOCABULARY)} = {math.log(plan.vocab):.3f}.")
    try:
        kept = load(model_file(MODEL))
    except NoModel:
        return run
    if kept.plan != plan or kept.step >= plan.n_steps:
        return run
    say(f"A run that was stopped after step {kept.step:,} goes on.")
    return kept


def batches(names, batch_size):
    """A function that draws names from a generator, as what is read and what should be said."""
    inputs, targets = names

    def draw(rng):
        rows = rng.integers(len(inputs), size=batch_size)
        return inputs[rows], targets[rows]

    return draw


def show_names(run):
    """At some steps, a few names; always from the same random numbers."""
    if run.step in SHOWN:
        console.print(f"names after step {run.step:,}: {', '.join(made_up(run.params))}")


def made_up(params):
    rng, made = np.random.default_rng(6), []
    for _ in range(N_NAMES):
        letters = as_text(write_on(params, [0], N_HEADS, 12, rng, temperature=1.0), VOCABULARY)
        made.append(letters.partition(EDGE)[0] or "(nothing)")
    return made


def show_curve(run, seconds):
    heading("3. The curve")
    say(f"{run.step:,} steps in {seconds / 60:.1f} minutes.\n")
    console.print(curve(run.log), markup=False)
    say("")
    say(save_picture("training", lambda: draw_curve(run.log)))


def show_beside_others(run):
    heading("4. How good is it?")
    last = run.log[-1].held_out
    tokens, targets = as_batch(held_out_names())
    shipped = cross_entropy(gpt(tokens, load_params(), N_HEADS), targets)
    losses = {"a uniform guess": math.log(len(VOCABULARY)), "pairs of letters": loss_of_pairs(),
              "this run": last, "lesson 6's weights": float(shipped)}
    print_bars(list(losses), list(losses.values()))
    known = set(all_names())
    made = made_up(run.params)
    new = sum(name not in known for name in made)
    say(f"\nMean loss on held-out names, in nats a letter. {new} of the {N_NAMES} names above are "
        "in no list. The weights of lesson 6 had 73 steps in each of many more epochs, and "
        "dropout, which lets one train longer before the held-out loss rises.")


def loss_of_pairs():
    """The held-out loss of counting which letter follows which, each count from one."""
    tokens, targets = as_batch(training_names())
    counts = np.ones((len(VOCABULARY),) * 2)
    counted = targets != IGNORED
    np.add.at(counts, (tokens[counted], targets[counted]), 1)
    log_probs = np.log(counts / counts.sum(axis=-1, keepdims=True))
    tokens, targets = as_batch(held_out_names())
    return float(cross_entropy(log_probs[tokens], targets))


def draw_curve(log):
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    figure = Figure(figsize=(9, 5), layout="constrained")
    fill_curve(figure.subplots(), log)
    return figure


def fill_curve(axes, log):
    """Draw both losses over the steps."""
    steps = [entry.step for entry in log]
    axes.plot(steps, [entry.loss for entry in log], "o-", color="black", label="batches")
    axes.plot(steps, [entry.held_out for entry in log], "s--", color="#a34e06", label="held out")
    for loss, name in ((math.log(len(VOCABULARY)), "uniform guess"),
                       (loss_of_pairs(), "pairs of letters")):
        axes.axhline(loss, color="grey", linestyle=":")
        axes.annotate(name, (steps[-1], loss), ha="right", va="bottom", color="dimgrey")
    axes.set(xlabel="step", ylabel="loss, in nats a letter")
    axes.legend(frameon=False)


if __name__ == "__main__":
    main()
