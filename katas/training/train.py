"""Train a GPT on any text, with the reader's functions.

    make train TEXT=book.txt                 trains, and keeps the model in .kata-models/book.npz
    make train TEXT=book.txt                 again, after Ctrl-C: goes on where it stopped
    make train TEXT=book.txt STEPS=4000      so many steps in all; MINUTES=10 for so many minutes
    make train TEXT=book.txt MODEL=mine      another name for the model, or a path

Further settings: WIDTH, BLOCKS, HEADS, TOKENS, BATCH, SEED. `make write MODEL=book` writes more.
"""

import math
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for the package this file is in

import numpy as np
from rich.console import Console
from threadpoolctl import threadpool_limits

from training import texts
from training.follow import curve, follow
from training.run import Diverged, Plan, Run, new_run, steps
from training.saved import NoModel, load, model_file, save, shown
from training.settings import N_STEPS, Misunderstood, Settings, settings
from training.steps import choose_step
from training.texts import Unreadable
from training.writing import as_text, write_on

N_WRITTEN = 400  # bytes that a finished run writes
TRIED = 10  # steps by which it is found out how many fit into MINUTES
SPARE = 0.95  # of the time is planned with
WRONG_USE = 2

console = Console(highlight=False)


def main() -> int:
    try:
        return train(settings())
    except (Misunderstood, Unreadable, NoModel, Diverged) as problem:
        console.print(str(problem), markup=False)
        return WRONG_USE


def train(chosen: Settings) -> int:
    if not (chosen.text or chosen.model):
        raise Misunderstood("Train on which text? For example: make train TEXT=book.txt")
    name = chosen.model or chosen.text.stem
    file = model_file(name)
    run, content = opened(file, chosen)
    learned, held_out = texts.halves(content, run.plan.n_tokens, run.plan.text)
    if run.step >= run.plan.n_steps:
        console.print(f"{shown(file)} has taken all of its {run.plan.n_steps:,} steps. STEPS="
                      f"{2 * run.plan.n_steps} trains on; `make write MODEL={name}` writes.",
                      markup=False)
        return 0
    draw = texts.batches(learned, run.plan.batch_size, run.plan.n_tokens)
    take_step, why = choose_step(run, draw(np.random.default_rng(0)))
    seconds = 60 * chosen.minutes if chosen.minutes else math.inf
    if chosen.minutes and not chosen.n_steps and not run.step:
        run = planned(run, draw, take_step, seconds)
    introduce(run, len(learned), file, why)
    windows = texts.windows(held_out, run.plan.n_tokens)
    ended = follow(run, draw, take_step, windows, lambda run: save(file, run), console,
                   seconds=seconds)
    conclude(ended, file, name)
    return 0


def opened(file: Path, chosen: Settings) -> tuple[Run, bytes]:
    """The run in the file, or a new one, and the text that it is trained on."""
    run = resumed(load(file), chosen, file) if file.exists() else None
    if not run and not chosen.text:
        raise NoModel(f"There is no model {shown(file)}. A new one needs a text: TEXT=book.txt")
    content = texts.read_text(chosen.text or Path(run.plan.text))
    if run and run.plan.fingerprint != texts.fingerprint(content):
        raise Misunderstood(f"{shown(file)} was trained on another text ({run.plan.text}, or an "
                            "earlier version of it). MODEL=name gives the new one another name.")
    return run or begun(content, chosen), content


def begun(content: bytes, chosen: Settings) -> Run:
    plan = Plan(n_steps=chosen.n_steps or N_STEPS, vocab=texts.BYTES, text=str(chosen.text),
                fingerprint=texts.fingerprint(content), **chosen.sizes)
    return new_run(plan)


def resumed(run: Run, chosen: Settings, file: Path) -> Run:
    """A saved run with what was typed, where that may change."""
    for field, size in chosen.sizes.items():
        if size != getattr(run.plan, field):
            raise Misunderstood(f"{shown(file)} was begun with other sizes ({field} is "
                                f"{getattr(run.plan, field)}, not {size}). MODEL=name gives the "
                                "new one another name.")
    if chosen.n_steps:
        run = replace(run, plan=replace(run.plan, n_steps=chosen.n_steps))
    return run


def planned(run: Run, draw, take_step, seconds: float) -> Run:
    """A new run with as many steps as fit into the time, by trying a few that are not kept."""
    trial, times = steps(new_run(run.plan), draw, take_step), [time.perf_counter()]
    with threadpool_limits(1):  # as in follow
        for _ in zip(range(TRIED), trial):
            times.append(time.perf_counter())
    each = float(np.median(np.diff(times)))
    return replace(run, plan=replace(run.plan, n_steps=max(1, int(SPARE * seconds / each))))


def introduce(run: Run, n_bytes: int, file: Path, why: str) -> None:
    plan = run.plan
    console.print(f"A GPT of {plan.n_blocks} blocks of {plan.n_heads} heads, {plan.d_model} wide, "
                  f"reads windows of {plan.n_tokens} bytes, {plan.batch_size} at a time. It learns "
                  f"from {n_bytes:,} bytes of {plan.text}; the rest is held out.", markup=False)
    console.print(why, markup=False)
    if run.step:
        console.print(f"It goes on from step {run.step:,}, as kept in {shown(file)}.", markup=False)
    console.print("Ctrl-C stops it, and keeps what was learned.\n")


def conclude(ended, file: Path, name: str) -> None:
    run = ended.run
    if not ended.finished:
        console.print(f"\nStopped after step {run.step:,}. It is kept in {shown(file)}; the same "
                      "command goes on from there.", markup=False)
        return
    console.print(f"\n{curve(run.log)}\n", markup=False)
    console.print(f"Done in {ended.seconds / 60:.1f} minutes: held-out loss "
                  f"{run.log[-1].held_out:.3f} nats a byte. A uniform guess has "
                  f"{np.log(run.plan.vocab):.3f}. This is what it writes:\n", markup=False)
    written = write_on(run.params, [ord("\n")], run.plan.n_heads, N_WRITTEN,
                       np.random.default_rng(run.plan.seed))
    console.print(as_text(written).strip(), markup=False, soft_wrap=True)
    console.print(f"\nThe model is kept in {shown(file)}. `make write MODEL={name}` writes more.",
                  markup=False)


if __name__ == "__main__":
    sys.exit(main())
