"""Takes the loop's thousandfold apart, one cause at a time: python -m benchmarks.why_loops_are_slow

Every step computes the same scores Q K^T, and removes one of the reasons for which the step
before it is slow. A second table shows what memory does to whole tables of numbers.
"""

import sys
import textwrap
import time
from collections.abc import Callable

import numpy as np
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from benchmarks import (
    threads,  # before NumPy  # isort: split
    units,
)

D = 64
TOKENS, LARGE = 128, 4096
AT_LEAST, ROUNDS = 0.02, 5  # seconds of one round; the fastest round counts


def boxed_by_numpy(q, k):
    """Take each number out of an array: a new NumPy object for each, and one for each result."""
    return [[sum(a * b for a, b in zip(query, key)) for key in k] for query in q]


def boxed_by_python(q, k):
    """The same on lists of Python's own numbers: boxes still, but small ones that are there already."""
    q, k = q.tolist(), k.tolist()
    return [[sum(a * b for a, b in zip(query, key)) for key in k] for query in q]


def a_call_for_each_pair(q, k):
    """One call for the 64 products of a query and a key: the interpreter is asked 64 times less often."""
    return [[query.dot(key) for key in k] for query in q]


def compiled_loops(q, k):
    """One call for all: compiled loops over plain numbers, in the order in which we would write them."""
    return np.einsum("id,jd->ij", q, k, optimize=False)


def blas(q, k):
    """One call of BLAS: blocks that stay in cache, each number used many times once it is loaded."""
    return q @ k.T


STEPS = (  # function, what it rids us of
    (boxed_by_numpy, "loop over NumPy's numbers", "-"),
    (boxed_by_python, "loop over Python's numbers", "NumPy's boxes"),
    (a_call_for_each_pair, "a NumPy call for each pair", "Python's boxes, most of the interpreter"),
    (compiled_loops, "compiled loops for all", "the rest of the interpreter"),
    (blas, "BLAS", "loading each number anew"),
)


def measure(tokens: int = TOKENS, large: int = LARGE) -> dict:
    """The seconds of each step, and those of a subtraction in three kinds of memory."""
    rng = np.random.default_rng(0)
    q, k = rng.normal(size=(2, tokens, D)).astype(np.float32)
    steps = {name: fastest(lambda function=function: function(q, k)) for function, name, _ in STEPS}
    table = rng.normal(size=(large, large)).astype(np.float32)
    tile, out = table[:, :64].copy(), np.empty_like(table)
    n_tiles = large // 64
    memory = {
        "new memory for the result": fastest(lambda: table - 1.0),
        "memory that is there already": fastest(lambda: np.subtract(table, 1.0, out=out)),
        "the same in tiles that stay in cache": n_tiles * fastest(lambda: np.subtract(tile, 1.0, out=tile)),
    }
    boxed = {"a number in an array": table.itemsize, "a Python number in a list": 8 + sys.getsizeof(1.5),
             "a NumPy number in a list": 8 + sys.getsizeof(table[0, 0])}
    return {"tokens": tokens, "large": large, "steps": steps, "memory": memory, "boxed": boxed}


def fastest(call: Callable[[], object]) -> float:
    """The seconds of a call, in the round that was disturbed least."""
    best, calls = _seconds(call, 1), 1
    for _ in range(ROUNDS):
        calls = max(1, int(AT_LEAST / best))
        best = min(best, _seconds(call, calls))
    return best


def page(found: dict) -> Group:
    """What was measured, as it is shown on the screen."""
    n_products = found["tokens"] ** 2 * D
    shown = _table(f"Q K^T of {found['tokens']} tokens, d = {D}, float32, one thread",
                   "", "a product", "gain", "rids us of")
    shown.columns[-1].justify = "left"
    before = None
    for _, name, removed in STEPS:
        seconds = found["steps"][name]
        shown.add_row(name, units.duration(seconds / n_products),
                      units.factor(before / seconds) if before else "-", removed)
        before = seconds
    first, last = found["steps"][STEPS[0][1]], found["steps"][STEPS[-1][1]]
    memory = _table(f"A subtraction on a table of {found['large']:,} x {found['large']:,}", "", "time", "a number")
    for name, seconds in found["memory"].items():
        memory.add_row(name, units.duration(seconds), units.duration(seconds / found["large"] ** 2))
    boxed = _table("What a number takes", "", "bytes")
    for name, n_bytes in found["boxed"].items():
        boxed.add_row(name, str(n_bytes))
    said = f"All steps together: {units.ratio(first / last)} times as fast."
    return Group("", shown, Text(f"{textwrap.fill(said, 80)}\n"), memory, boxed)


def _table(title: str, *columns: str) -> Table:
    shown = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left", title_style="bold")
    for nth, name in enumerate(columns):
        shown.add_column(name, justify="right" if nth else "left")
    return shown


def _seconds(call: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


if __name__ == "__main__":
    from tests.runner.screens.terminal import show

    if threads.THREADS != "1":
        print(f"BLAS may use {threads.THREADS} threads; the loops have one.")
    show(page(measure()))
