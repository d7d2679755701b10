"""Lesson 3: what several heads cost one after the other, and what they cost all at once.

`make bench-03` runs it on your functions once your kata is green, else on the
solution's. Both rungs compute the same: one calls your `attention` in a loop over the
heads, the other is your `multi_head_attention`. First the number of heads grows, then
the number of tokens. How to read it: benchmarks/README.md.
"""

import os
import sys
from pathlib import Path

from benchmarks import threads  # before NumPy

import kata_03_multi_head
import numpy as np
import pytest
from kata_01_attention import attention
from kata_03_multi_head import multi_head_attention

from benchmarks import session
from benchmarks.keeping import keep
from benchmarks.pace import Pace
from tests.runner.lessons.catalog import SOLUTIONS

D_MODEL = 192  # a small model: in a large one the projections, which both rungs share, cover the rest
DTYPE = np.float32
LARGEST = int(os.environ.get("BENCH_TOKENS", "1000000"))  # rows with more tokens are left out
TOKENS, HEADS = 16, 12  # the one stays while the other grows
MANY_HEADS = (1, 3, 6, 12, 24, 48, 96)
MANY_TOKENS = (4, 8, 16, 32, 64, 128, 256, 512, 1024)


def loop_over_heads(x, w_q, w_k, w_v, w_o, n_heads):
    """Multi-head attention with a head at a time: cut out its columns, attend, lay the results side by side."""
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    width = q.shape[-1] // n_heads
    found = []
    for start in range(0, n_heads * width, width):
        columns = slice(start, start + width)
        found.append(attention(q[:, columns], k[:, columns], v[:, columns]))
    return np.concatenate(found, axis=-1) @ w_o


RUNGS = {"loop": loop_over_heads, "batched": multi_head_attention}  # slowest first, at few tokens
SIZES = dict.fromkeys([(TOKENS, heads) for heads in MANY_HEADS] + [(tokens, HEADS) for tokens in MANY_TOKENS])
ROWS = [(tokens, heads, rung) for tokens, heads in SIZES for rung in RUNGS if tokens <= LARGEST]


@pytest.fixture(scope="module")
def pace() -> Pace:
    """What the rows before took."""
    return Pace()


@pytest.mark.parametrize(("tokens", "heads", "rung"), ROWS)
def test_multi_head(benchmark, pace, tokens, heads, rung):
    """One row: x is (tokens, D_MODEL), and all four matrices are square."""
    rng = np.random.default_rng(tokens)
    x = rng.normal(size=(tokens, D_MODEL)).astype(DTYPE)
    matrices = (rng.normal(size=(4, D_MODEL, D_MODEL)) / np.sqrt(D_MODEL)).astype(DTYPE)
    pace.measure(benchmark, rung, tokens, lambda: RUNGS[rung](x, *matrices, heads))


def whose() -> str:
    """Whose functions are measured, by the file that they were loaded from."""
    theirs = Path(kata_03_multi_head.__file__).is_relative_to(SOLUTIONS)
    return "the solution's" if theirs else "your"


def main() -> int:
    """Measure every row, then show the tables and save the picture."""
    from tests.runner.screens.terminal import show

    print(f"Measuring {whose()} multi-head attention; Ctrl-C keeps what is finished.")
    about = {"whose": whose(), "d": D_MODEL, "dtype": np.dtype(DTYPE).name, "rungs": list(RUNGS),
             "threads": threads.THREADS}
    done = session.run(Path(__file__), about)
    from benchmarks import report, report_heads

    if done.n_done < done.n_rows:
        print(f"Stopped: {done.n_done} of {done.n_rows} rows are complete.")
    if done.saved is None:
        show("\n".join(["No row could be measured.", *done.left_out]))
        return 1
    results = report.read(done.saved)
    show(report_heads.page(results, TOKENS, HEADS))
    file = session.FOLDER / "03_multi_head.json"
    print(keep(done.saved, file, file.with_suffix(".png"), lambda: report_heads.figure(results, TOKENS, HEADS)))
    return 130 if done.n_done < done.n_rows else 0


if __name__ == "__main__":
    sys.exit(main())
