"""Lesson 1: what attention costs, from Python loops to PyTorch.

`make bench-01` runs it on your functions once your kata is green, else on the solution's. Each
rung of the ladder is one way to compute the same attention. How to read it: benchmarks/README.md.
"""

import math
import sys

import kata_01_attention as kata
import numpy as np
from rich.text import Text

from benchmarks.fast_attention import fast_attention
from benchmarks.harness import (
    Bench,
    Figure,
    Ladder,
    PyTorch,
    Run,
    Rung,
    report,
    run,
    torch,
    units,
    uses,
)
from benchmarks.harness.results import TWIN, Row, Sweep

D, DTYPE = 64, np.float32  # d_k and d_v: the width of a head in GPT-2
LOOP, VECTORIZED, TILED, FAST, PRODUCTS, TORCH = (
    "loop", "vectorized", "tiled", "fast", "products", "PyTorch")
BEST, BEST_SIZE = "best", 512  # a matrix product so large and no larger: three such stay in cache

HARDLY = 3.0  # a ratio below which arrays have not paid off
BOXED = 5e-9  # seconds; no multiplication that goes through the interpreter by itself is faster
TILE = 256  # keys at a time, for lesson 13
STEEP = 1.5  # between slopes of one and of two
SLOWER = 1.3  # times as long as the solution's: then einsum has not found its way to BLAS


def queries_keys_values(tokens):
    return tuple(np.random.default_rng(tokens).normal(size=(3, tokens, D)).astype(DTYPE))


def attention_in_rows(q, k, v):
    """A Python loop over the queries; for each of them, NumPy takes all keys at once."""
    root = math.sqrt(q.shape[-1])
    output = np.empty((len(q), v.shape[-1]), v.dtype)
    for row, query in enumerate(q):
        scores = k @ query / root
        weights = np.exp(scores - scores.max())
        output[row] = weights @ v / weights.sum()
    return output


def reused(q, k, v):
    """The vectorized version step by step, but into memory that is there already."""
    table = np.empty((len(q), len(k)), q.dtype)
    column = np.empty((len(q), 1), q.dtype)
    output = np.empty((len(q), v.shape[-1]), q.dtype)
    root = math.sqrt(q.shape[-1])

    def call():
        np.matmul(q, k.T, out=table)
        np.divide(table, root, out=table)
        np.subtract(table, table.max(axis=-1, keepdims=True, out=column), out=table)
        np.exp(table, out=table)
        np.divide(table, table.sum(axis=-1, keepdims=True, out=column), out=table)
        return np.matmul(table, v, out=output)

    return call


def tiled():
    """A rung with lesson 13's function; none as long as that raises, as a stub does."""
    try:
        from kata_13_fast_attention import tiled_attention

        tiled_attention(*queries_keys_values(2))
    except Exception:
        return {}
    return {TILED: lambda q, k, v: tiled_attention(q, k, v, tile=TILE)[0]}


def products(q, k, v):
    """No attention: its two matrix products alone, whole, into memory that is there already."""
    table = np.empty((len(q), len(k)), q.dtype)
    output = np.empty((len(q), v.shape[-1]), q.dtype)
    return lambda: np.matmul(np.matmul(q, k.T, out=table), v, out=output)


def in_torch(q, k, v):
    """PyTorch's own, on one head of one text."""
    tensors = [tensor[None, None] for tensor in (q, k, v)]
    return lambda: torch.nn.functional.scaled_dot_product_attention(*tensors)


def large_product(q, k, v):
    """A square matrix product, the best that this machine can do."""
    left, right, out = np.random.default_rng(0).normal(size=(3, BEST_SIZE, BEST_SIZE)).astype(DTYPE)
    return lambda: np.matmul(left, right, out=out)


RUNGS = {
    LOOP: Rung(kata.attention_loop, up_to=256, serial=True),
    "rows": Rung(attention_in_rows, serial=True),
    VECTORIZED: kata.attention,
    "reused": Rung(reused, prepares=True),
    **tiled(),
    FAST: Rung(fast_attention, workers=True),
    PRODUCTS: Rung(products, prepares=True),
    TORCH: PyTorch(in_torch, prepares=True),
    BEST: Rung(large_product, prepares=True),
}


def page(found: Run):
    """The two numbers that readers come for, and why they differ; then the whole ladder."""
    everything = [found.sweep("attention", n) for n in found.threads]
    sweeps = [sweep.without(BEST) for sweep in everything]
    yield Text(f"{found.heading}\n", "bold")
    if pairs := sweeps[0].both(LOOP, VECTORIZED):
        yield two_numbers(*pairs[-1])
        yield why(found, *pairs[-1])
    above = []
    for sweep, whole in zip(sweeps, everything):
        best = max((2 * BEST_SIZE**3 / row.seconds for row in whole.of(BEST)), default=0.0)
        yield ladder(sweep, best)
        above += [row for row in sweep.rows if best and speed(row) > best]
    yield report.slopes(*([sweep] for sweep in sweeps))
    if above:
        yield under_load(max(above, key=speed))
    yield from filter(None, map(beside_the_products, sweeps))
    if held := [said for rung in (VECTORIZED, TILED, FAST) if (said := memory(sweeps[0], rung))]:
        yield f"Memory: {'; '.join(held)}."


def speed(row: Row) -> float:
    """Multiplications and additions per second in the two products; softmax is not counted."""
    return 4 * row.size**2 * D / row.seconds


def two_numbers(loop: Row, vectorized: Row):
    times = units.ratio(loop.seconds / vectorized.seconds)
    return report.table(f"At {loop.size:,} tokens, with one thread", ["", ("time", ""), ""], [
        ("looped", report.duration(loop), ""),
        ("vectorized", report.duration(vectorized), f"{times} times as fast")])


def why(found: Run, loop: Row, vectorized: Row) -> str:
    """Why the ratio is what it is."""
    n_products = 2 * loop.size**2 * D
    slow, fast = loop.seconds / n_products, vectorized.seconds / n_products
    start = f"Both make the same {n_products:,} multiplications,"
    if slow < HARDLY * fast:
        return (f"{start} {units.duration(slow)} each in one and {units.duration(fast)} each in "
                "the other. Arrays usually gain far more. Does vectorized still go through a loop, "
                "or call a function for each query?")
    interpreted = (
        "every step goes through the Python interpreter, which boxes each number that it takes "
        "out of an array as an object of its own" if slow > BOXED else
        "it hands rows to NumPy, so that the interpreter is asked once for each row, and each "
        "number less often")
    return (f"{start} but in the loop each costs {units.duration(slow)}: {interpreted}. The "
            f"vectorized function hands over whole arrays. {compiled(found, vectorized)} Each "
            f"multiplication comes to {units.duration(fast)}, softmax included.")


def compiled(found: Run, vectorized: Row) -> str:
    """What multiplies in the vectorized function: BLAS, or np.einsum's own loops."""
    theirs = found.sweep("attention").at(vectorized.size).get(TWIN + VECTORIZED)
    if found.notes.get("einsum") and theirs and vectorized.seconds > SLOWER * theirs.seconds:
        return (f"{report.EINSUM} The solution's function, with @, takes {report.duration(theirs)} "
                "in the same turns.")
    return ("Its two matrix products run in compiled code (BLAS), which reads plain numbers side "
            "by side in memory and takes several with one instruction.")


def ladder(sweep: Sweep, best: float):
    """A line for each rung at each number of tokens."""
    title, columns = f"With {report.threads(sweep.threads)}", [
        report.TIME, report.times(VECTORIZED),
        ("\nGFLOP/s", "", lambda row, _: units.digits(speed(row) / 1e9, 3))]
    if best:
        title += f"; a matrix product reaches {units.digits(best / 1e9, 3)} GFLOP/s at its best"
        columns.append(("of the\nbest", "", lambda row, _: share(speed(row) / best)))
    return report.ladder([sweep], title, [*columns, report.MEMORY])


def share(part: float) -> str:
    return f"{units.digits(100 * part, 2)} %"


def under_load(row: Row) -> str:
    """What more than 100 % means."""
    return (f"{row.rung} at {row.size:,} tokens is above 100 % of the best. So the large matrix "
            "product that stands for the best was measured under load, while other programs kept "
            "the machine busy, and all shares of it are too high in this run. The times and their "
            "ratios do not depend on it.")


def beside_the_products(sweep: Sweep) -> str:
    """How far each is from the two products that all of them have to make."""
    at = sweep.at(sweep.sizes[-1])
    others = [at[rung] for rung in (VECTORIZED, "reused", TILED, FAST, TORCH) if rung in at]
    if PRODUCTS not in at or not others:
        return ""
    floor = at[PRODUCTS]
    times = ", ".join(f"{row.rung} {units.factor(row.seconds / floor.seconds)}" for row in others)
    said = (f"With {report.threads(sweep.threads)}, at {floor.size:,} tokens: the two matrix "
            f"products alone, made whole, take {report.duration(floor)}. In units of that time: "
            f"{times}.")
    if FAST in at and TORCH in at:
        ratio = units.factor(at[FAST].seconds / at[TORCH].seconds)
        said += f" The fast version takes {ratio} times as long as PyTorch's."
    return said


def memory(sweep: Sweep, rung: str) -> str:
    """How much memory a rung holds, and how it grows."""
    rows = [row for row in sweep.of(rung) if row.peak_bytes]
    if len(rows) < 2:
        return ""
    square = sweep.slope(rung, "peak_bytes") > STEEP
    return (f"{rung} holds {report.memory(rows[-1])} at {rows[-1].size:,} tokens, about "
            f"{units.factor(rows[-1].peak_bytes / rows[-2].peak_bytes)} times as much as at "
            f"{rows[-2].size:,}: it grows "
            f"{'with the square of the tokens' if square else 'no faster than the tokens'}")


BENCH = Bench(
    f"attention, d = {D}, {DTYPE.__name__}",
    (Ladder("attention", RUNGS, queries_keys_values, (16, 64, 256, 1024, 2048, 4096),
            larger=(8192, 16384), threads=True),),
    page, Figure("slope 2: twice the tokens, four times the cost", (
        ("time", "attention", "time of one call"),
        ("memory", "attention", "peak memory of one call")), without=(BEST,)),
    compared=(LOOP, VECTORIZED, FAST, PRODUCTS),
    notes={"einsum": uses(kata.attention, "einsum")},
)

if __name__ == "__main__":
    sys.exit(run(__file__, BENCH))
