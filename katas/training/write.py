"""Write with a model that `make train` has made.

    make write                            with the newest model
    make write MODEL=book START="It was"  with this one, on from these words

SEED=2 writes something else; BYTES=1000 writes more of it.
"""

import os
import sys
from itertools import chain
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for the package this file is in

import numpy as np
from rich.console import Console

from training.saved import MODELS, NoModel, load, model_file, shown
from training.settings import Misunderstood, number
from training.writing import as_tokens, new_tokens, pieces, stripped

N_WRITTEN = 600
WRONG_USE = 2

console = Console(highlight=False)


def main() -> int:
    try:
        write()
    except (NoModel, Misunderstood) as problem:
        console.print(str(problem), markup=False)
        return WRONG_USE
    except KeyboardInterrupt:  # that is enough
        console.print()
    return 0


def write() -> None:
    name = os.environ.get("MODEL", "")
    file = model_file(name) if name else newest()
    seed, n_written = number(os.environ, "SEED", 0), number(os.environ, "BYTES", 1)
    run = load(file)
    start = os.environ.get("START", "")
    alphabet = run.plan.alphabet
    tokens = as_tokens(start, alphabet) or [0 if alphabet else ord("\n")]
    console.print(f"{shown(file)}, after {run.step:,} of {run.plan.n_steps:,} steps:\n",
                  markup=False)
    written = new_tokens(run.params, tokens, run.plan.n_heads, n_written or N_WRITTEN,
                         np.random.default_rng(seed))
    if alphabet:
        alphabet = "\n" + alphabet[1:]  # the end of a name
    for text in stripped(chain([start], pieces(written, alphabet))):
        console.out(text, end="", highlight=False)
    console.out()


def newest() -> Path:
    files = sorted(MODELS.glob("*.npz"), key=lambda file: file.stat().st_mtime)
    if not files:
        raise NoModel("There is no model yet: make train TEXT=book.txt makes one.")
    return files[-1]


if __name__ == "__main__":
    sys.exit(main())
