"""Lesson 6: what it costs to write one more token, as the text before it grows.

`make bench-06` runs it on your functions once your kata is green, else on the
solution's. A row is one step of `generate` with the mini-GPT after so many tokens; where
PyTorch is installed, the same model in PyTorch takes the same step beside it, on one
thread, and without a cache. How to read it: benchmarks/README.md.

The mini-GPT was trained on 16 positions. Rows with more tokens give its table random
rows beyond those: what it would write there is nonsense, but takes the same time.
"""

import os
import sys
from pathlib import Path

from benchmarks import threads  # before NumPy  # isort: split

import kata_06_transformer
import numpy as np
import pytest
from kata_06_transformer import generate

from benchmarks import session
from benchmarks.keeping import keep
from benchmarks.pace import Pace
from katas.mini_gpt.load import N_HEADS, load_params
from tests.runner.lessons.catalog import SOLUTIONS

try:
    import torch
except ImportError:  # it is optional
    torch = None

LARGEST = int(os.environ.get("BENCH_TOKENS", "1000000"))  # rows with more tokens are left out
MANY_TOKENS = (4, 8, 16, 32, 64, 128, 256, 512)
RUNGS = ("numpy", "pytorch") if torch else ("numpy",)
ROWS = [(tokens, rung) for tokens in MANY_TOKENS for rung in RUNGS if tokens <= LARGEST]


def params_for(n_tokens: int) -> dict:
    """The mini-GPT, with random positions after those that it was trained on."""
    params = load_params()
    trained = params["position_table"]
    missing = max(0, n_tokens - len(trained))
    more = np.random.default_rng(n_tokens).normal(scale=trained.std(), size=(missing, trained.shape[1]))
    return params | {"position_table": np.concatenate([trained, more.astype(trained.dtype)])}


def step(rung: str, params: dict, token_ids: np.ndarray):
    """What writes one more token: a function without arguments, with everything made ready."""
    if rung == "numpy":
        return lambda: generate(token_ids, params, N_HEADS, 1)
    from katas.mini_gpt import in_torch

    torch.set_num_threads(int(threads.THREADS) if threads.THREADS.isdigit() else os.cpu_count())
    tensors, ids = in_torch.as_tensors(params), torch.as_tensor(token_ids)
    return lambda: in_torch.generate(ids, tensors, N_HEADS, 1)


@pytest.fixture(scope="module")
def pace() -> Pace:
    """What the rows before took."""
    return Pace()


@pytest.mark.parametrize(("tokens", "rung"), ROWS)
def test_generate(benchmark, pace, tokens, rung):
    """One row: a batch of one text of so many letters. PyTorch's fast attention needs the batch axis."""
    params = params_for(tokens)
    token_ids = np.random.default_rng(tokens).integers(1, len(params["token_table"]), size=(1, tokens))
    pace.measure(benchmark, rung, tokens, step(rung, params, token_ids))
    if rung == "pytorch":
        benchmark.extra_info.pop("peak_bytes", None)  # PyTorch's memory is not seen by what measures it


def whose() -> str:
    """Whose functions are measured, by the file that they were loaded from."""
    theirs = Path(kata_06_transformer.__file__).is_relative_to(SOLUTIONS)
    return "the solution's" if theirs else "your"


def main() -> int:
    """Measure every row, then show the table and save the picture."""
    from tests.runner.screens.terminal import show

    print(f"Measuring {whose()} generate; Ctrl-C keeps what is finished.")
    params = load_params()
    about = {"whose": whose(), "d": params["token_table"].shape[1], "blocks": len(params["blocks"]),
             "vocabulary": len(params["token_table"]), "dtype": params["token_table"].dtype.name,
             "rungs": list(RUNGS), "threads": threads.THREADS, "torch": torch.__version__ if torch else None}
    done = session.run(Path(__file__), about)
    from benchmarks import report_writing

    if done.n_done < done.n_rows:
        print(f"Stopped: {done.n_done} of {done.n_rows} rows are complete.")
    if done.saved is None:
        show("\n".join(["No row could be measured.", *done.left_out]))
        return 1
    run = report_writing.read(done.saved)
    show(report_writing.page(run))
    file = session.FOLDER / "06_transformer.json"
    print(keep(done.saved, file, file.with_suffix(".png"), lambda: report_writing.figure(run)))
    return 130 if done.n_done < done.n_rows else 0


if __name__ == "__main__":
    sys.exit(main())
