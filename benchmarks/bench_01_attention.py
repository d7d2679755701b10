"""Lesson 1: what attention costs with Python loops, and what it costs with arrays.

`make bench-01` runs it on your functions once your kata is green, else on the
solution's. Each rung of the ladder is one way to compute the same attention;
a row is one rung at one number of tokens. How to read it: benchmarks/README.md.
"""

import os
import sys
from pathlib import Path

from benchmarks import threads  # before NumPy

import kata_01_attention
import numpy as np
import pytest
from kata_01_attention import attention, attention_loop

from benchmarks import session
from benchmarks.pace import Pace
from tests.runner.lessons import SOLUTIONS, shown

D = 64  # d_k and d_v: the width of a head in GPT-2
DTYPE = np.float32
LARGEST = int(os.environ.get("BENCH_TOKENS", "1000000"))  # rows with more tokens are left out

RUNGS = {  # slowest first; the first and the last are compared
    "loop": (attention_loop, (16, 32, 64, 128, 256)),
    "vectorized": (attention, (16, 32, 64, 128, 256, 512, 1024, 2048)),
}
ROWS = sorted((tokens, rung) for rung, (_, sizes) in RUNGS.items()
              for tokens in sizes if tokens <= LARGEST)


@pytest.fixture(scope="module")
def pace() -> Pace:
    """What the rows before took."""
    return Pace()


@pytest.mark.parametrize(("tokens", "rung"), ROWS)
def test_attention(benchmark, pace, tokens, rung):
    """One row: q, k and v are (tokens, D)."""
    function, _ = RUNGS[rung]
    q, k, v = np.random.default_rng(tokens).normal(size=(3, tokens, D)).astype(DTYPE)
    pace.measure(benchmark, rung, tokens, lambda: function(q, k, v))


def whose() -> str:
    """Whose functions are measured, by the file that they were loaded from."""
    theirs = Path(kata_01_attention.__file__).is_relative_to(SOLUTIONS)
    return "the solution's" if theirs else "your"


def main() -> int:
    """Measure every row, then show the table and save the picture."""
    from tests.runner.screen import show

    print(f"Measuring {whose()} attention; Ctrl-C keeps what is finished.")
    about = {"whose": whose(), "d": D, "dtype": np.dtype(DTYPE).name, "rungs": list(RUNGS),
             "threads": threads.THREADS}
    done = session.run(Path(__file__), about, session.FOLDER / "01_attention.json")
    from benchmarks import picture, report

    if done.n_done < done.n_rows:
        print(f"Stopped: {done.n_done} of {done.n_rows} rows are complete.")
    if done.saved is None:
        show("\n".join(["No row could be measured.", *done.left_out]))
        return 1
    results = report.read(done.saved)
    show(report.page(results))
    file = session.FOLDER / "01_attention.png"
    picture.figure(results).savefig(file)
    print(f"Picture: {shown(file)}\nNumbers: {shown(file.with_suffix('.json'))}")
    return 130 if done.n_done < done.n_rows else 0


if __name__ == "__main__":
    sys.exit(main())
