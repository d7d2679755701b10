"""Four training runs that went wrong, and one that did not, for the exercise of lesson 9.

    python katas/training/broken.py     on the solutions: a table of all five
"""

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "hints" / "solutions")]
    sys.path.append(str(ROOT / "katas"))

import numpy as np
from kata_09_training import held_out_loss, init_gpt, learning_rate
from mini_gpt.load import VOCABULARY, as_batch, held_out_names, training_names

from training.steps import fast_step

N_STEPS, EVERY = 400, 2
WIDTH, N_BLOCKS, N_HEADS, BATCH = 32, 2, 4, 32


@dataclass(frozen=True)
class Chosen:
    """What was chosen for a run; the defaults are right."""

    peak: float = 1e-2
    n_warmup: int = 30
    shifted: bool = True
    leak: bool = False


RUNS = {
    "as it should be": Chosen(),
    "rate too high": Chosen(peak=0.5),
    "no warm-up": Chosen(peak=0.1, n_warmup=0),
    "targets not shifted": Chosen(shifted=False),
    "held-out names among the others": Chosen(leak=True),
}
LETTERS = {"A": "no warm-up", "B": "held-out names among the others", "C": "targets not shifted",
           "D": "rate too high"}


def curves(chosen: Chosen) -> np.ndarray:
    """The loss of the batch and the held-out loss, (n, 2), at every second step."""
    rng = np.random.default_rng(4)
    names, others = training_names()[::20], held_out_names()[::4]
    learned, held_out = as_batch(names), as_batch(names[::2] if chosen.leak else others)
    if not chosen.shifted:
        learned, held_out = ((inputs, np.where(targets < 0, targets, inputs))
                             for inputs, targets in (learned, held_out))
    params, state = init_gpt(rng, len(VOCABULARY), 16, WIDTH, N_BLOCKS), None
    step, seen = fast_step(N_HEADS), []
    for i in range(N_STEPS + 1):
        rows = rng.integers(len(names), size=BATCH)
        rate = learning_rate(i, N_STEPS, chosen.peak, chosen.n_warmup, chosen.peak / 10)
        before = params
        params, state, loss = step(params, state, learned[0][rows], learned[1][rows], rate)
        if i % EVERY == 0:
            seen.append((float(loss), float(held_out_loss(before, *held_out, N_HEADS, BATCH * 8))))
    return np.array(seen)


def main():
    shown = [0, 1, 2, 3, 4, 5, 10, 20, 40, 80, 120, 160, 200]
    print("step", " " * 4, *(f"{EVERY * at:5}" for at in shown))
    for name, chosen in RUNS.items():
        seen = curves(chosen)
        print(name)
        for column, what in enumerate(("batches ", "held out")):
            print(" ", what, *(f"{loss:5.2f}" for loss in seen[shown, column]))


if __name__ == "__main__":
    main()
