"""Takes the loop's thousandfold apart, one cause at a time: python -m benchmarks.why_loops_are_slow

Every step computes the same scores Q K^T, and removes one of the reasons for which the step
before it is slow. A second table shows what memory does to whole tables of numbers.
"""

import sys

import numpy as np

from benchmarks.harness import Bench, Ladder, Run, Rung, report, run, units

D, TOKENS, LARGE, TILE = 64, 128, 4096, 64
SCORES, SUBTRACTION = "Q K^T", "a subtraction"


def boxed_by_numpy(q, k):
    """Take each number out of an array: a new NumPy object for each, and one for each result."""
    return [[sum(a * b for a, b in zip(query, key)) for key in k] for query in q]


def boxed_by_python(q, k):
    """The same on lists of Python's own numbers: boxes still, but small ones, already there."""
    q, k = q.tolist(), k.tolist()
    return [[sum(a * b for a, b in zip(query, key)) for key in k] for query in q]


def a_call_for_each_pair(q, k):
    """One call for the 64 products of a pair: the interpreter is asked 64 times less often."""
    return [[query.dot(key) for key in k] for query in q]


def compiled_loops(q, k):
    """One call for all: compiled loops over plain numbers, in the order of the formula."""
    return np.einsum("id,jd->ij", q, k, optimize=False)


def blas(q, k):
    """One call of BLAS: blocks that stay in cache, each number used many times once loaded."""
    return q @ k.T


STEPS = {  # function, what it rids us of
    "loop over NumPy's numbers": (boxed_by_numpy, "-"),
    "loop over Python's numbers": (boxed_by_python, "NumPy's boxes"),
    "a NumPy call for each pair": (a_call_for_each_pair, "Python's boxes, most of the interpreter"),
    "compiled loops for all": (compiled_loops, "the rest of the interpreter"),
    "BLAS": (blas, "loading each number anew"),
}


def in_place(table):
    """Into memory that is there already."""
    out = np.empty_like(table)
    return lambda: np.subtract(table, 1.0, out=out)


def in_tiles(table):
    """As many subtractions, always on the same small tile."""
    tile = table[:, :TILE].copy()

    def call():
        for _ in range(table.shape[1] // TILE):
            np.subtract(tile, 1.0, out=tile)

    return call


MEMORY = {
    "new memory for the result": lambda table: table - 1.0,
    "memory that is there already": Rung(in_place, prepares=True),
    "the same in tiles that stay in cache": Rung(in_tiles, prepares=True),
}


def queries_and_keys(tokens):
    return tuple(np.random.default_rng(0).normal(size=(2, tokens, D)).astype(np.float32))


def square(size):
    return (np.random.default_rng(0).normal(size=(size, size)).astype(np.float32),)


def page(found: Run):
    """What was measured, and what a number takes."""
    steps, memory = found.sweep(SCORES), found.sweep(SUBTRACTION)
    tokens, large = steps.sizes[0], memory.sizes[0]
    lines, before = [], None
    for row in steps.rows:
        gain = units.factor(before / row.seconds) if before else "-"
        each = units.duration(row.seconds / (tokens**2 * D))
        lines.append((row.rung, each, gain, STEPS[row.rung][1]))
        before = row.seconds
    yield report.table(f"{SCORES} of {tokens} tokens, d = {D}, float32, one thread",
                       ["", ("a product", ""), ("gain", ""), "rids us of"], lines)
    times = units.ratio(steps.rows[0].seconds / steps.rows[-1].seconds)
    yield f"All steps together: {times} times as fast."
    yield report.table(f"A subtraction on a table of {large:,} x {large:,}",
                       ["", ("time", ""), ("a number", "")],
                       [(row.rung, report.duration(row), units.duration(row.seconds / large**2))
                        for row in memory.rows])
    number = np.float32(1.5)
    yield report.table("What a number takes", ["", ("bytes", "")], [
        ("a number in an array", str(number.itemsize)),
        ("a Python number in a list", str(8 + sys.getsizeof(1.5))),
        ("a NumPy number in a list", str(8 + sys.getsizeof(number)))])


BENCH = Bench("steps from loops to BLAS", (
    Ladder(SCORES, {name: step for name, (step, _) in STEPS.items()}, queries_and_keys, (TOKENS,)),
    Ladder(SUBTRACTION, MEMORY, square, (LARGE,), axis="rows"),
), page)

if __name__ == "__main__":
    sys.exit(run(__file__, BENCH))
