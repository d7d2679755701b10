"""Lesson 13: what attention costs in tiles, forward and backward, beside the fast version.

`make bench-13` runs it on your functions once your kata is green, else on the solution's. Beside
them stand fast_attention.py, PyTorch where it is installed, and two floors that compute no
attention: the sum of the parts, and the whole products. How to read it: benchmarks/README.md.
"""

import sys
from functools import partial

import kata_13_fast_attention as kata
import numpy as np
from rich.text import Text

from benchmarks.bench_01_attention import products
from benchmarks.fast_attention import fast_attention, fast_backward, fast_forward, tile_shape
from benchmarks.harness import (
    Bench,
    Figure,
    Ladder,
    PyTorch,
    Row,
    Run,
    Rung,
    Sweep,
    report,
    run,
    torch,
    units,
)

D, TILE = 64, 256  # d_k and d_v; how many keys at a time your functions are asked to take
SIZES = (256, 1024, 4096, 8192)
TILED, FAST, TORCH, PARTS, PRODUCTS = "tiled", "fast", "PyTorch", "parts", "products"
FORWARD, CAUSAL = "forward", "forward, causal"
BACKWARD, CAUSAL_BACKWARD = "backward", "backward, causal"
FORWARD_64, BACKWARD_64 = "forward, float64", "backward, float64"


def queries_keys_values(tokens, dtype=np.float32):
    return tuple(np.random.default_rng(tokens).normal(size=(3, tokens, D)).astype(dtype))


def forward(tokens, dtype=np.float32):
    return *queries_keys_values(tokens, dtype), None, TILE  # without a mask


def causal(tokens):
    return *queries_keys_values(tokens), TILE


def backward(tokens, dtype=np.float32, causal=False):
    q, k, v = queries_keys_values(tokens, dtype)
    grad_out = np.random.default_rng(0).normal(size=v.shape).astype(dtype)
    return q, k, v, *fast_forward(q, k, v, causal=causal), grad_out, TILE, causal


def fast(q, k, v, mask, tile, workers):
    return fast_attention(q, k, v, mask, workers=workers)


def fast_causal(q, k, v, tile, workers):
    return fast_attention(q, k, v, causal=True, workers=workers)


def fast_back(q, k, v, output, log_sum, grad_out, tile, causal, workers):
    return fast_backward(q, k, v, output, log_sum, grad_out, causal=causal, workers=workers)


def in_torch(q, k, v, mask=None, tile=TILE, causal=False):
    """One head of one text: PyTorch takes its fast path if there are axes for both."""
    q, k, v = q[None, None], k[None, None], v[None, None]
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, mask, is_causal=causal)


def causal_in_torch(q, k, v, tile):
    return in_torch(q, k, v, causal=True)


def back_in_torch(q, k, v, output, log_sum, grad_out, tile, causal):
    """The backward pass alone: autograd keeps what the forward pass has made."""
    leaves = [one.requires_grad_() for one in (q, k, v)]
    output = in_torch(*leaves, causal=causal)[0, 0]
    return lambda: torch.autograd.grad(output, leaves, grad_out, retain_graph=True)


def parts(q, k, v, mask, tile):
    """No attention: what the fast version's tiles cannot do without, each part by itself.

    The two products of each tile; and for as many scores a subtraction, exp, and the sums. All
    write to the same place again and again, which so stays in cache.
    """
    height, width = tile_shape(len(q), 1, q.itemsize)
    weights = q[:height] @ k[:width].T / 8
    tile, sums, blend = np.empty_like(weights), weights[:, 0].copy(), np.empty_like(q[:height])
    ones, highest = np.ones_like(weights[0]), weights[:, :1].copy()
    steps = (lambda: np.subtract(weights, highest, out=tile),
             lambda: np.exp(weights, out=tile),
             lambda: np.matmul(weights, ones, out=sums))

    def call():
        for first in range(0, len(q), height):
            for start in range(0, len(k), width):
                np.matmul(q[first : first + height], k[start : start + width].T, out=tile)
                np.matmul(weights, v[start : start + width], out=blend)
        for step in steps:
            for _ in range(len(q) * len(k) // tile.size):
                step()

    return call


def whole_products(q, k, v, mask, tile):
    return products(q, k, v)


def page(found: Run):
    """A table for each ladder and number of threads, and what they say of the longest texts."""
    sweeps = [sweep.without() for name in found.ladders for n in found.threads
              if (sweep := found.sweep(name, n)).rows]
    yield Text(f"{found.heading}\n", "bold")
    for sweep in sweeps:
        yield table(sweep)
    yield from filter(None, map(beside_the_floors, sweeps))
    for name, half in ((FORWARD, CAUSAL), (BACKWARD, CAUSAL_BACKWARD)):
        if said := causal_share(found.sweep(name), found.sweep(half)):
            yield said
    yield from memory(found.sweep(FORWARD).without())


def table(sweep: Sweep):
    """A line for each number of tokens: the times, and what tiled and fast are beside others."""
    columns = report.each("time", "", sweep.rungs, report.duration)
    columns += [(f"{one} /\n{other}", "bold", ratio(one, other))
                for one, other in ((TILED, FAST), (FAST, TORCH)) if other in sweep.rungs]
    title = f"{sweep.name.capitalize()}, {report.threads(sweep.threads)}"
    return report.side_by_side(sweep, title, columns)


def ratio(one: str, other: str):
    """The cell that says how many times as long as the other one rung takes."""
    def cell(at: dict[str, Row]) -> str:
        both = one in at and other in at
        return units.factor(at[one].seconds / at[other].seconds) if both else "-"
    return cell


def beside_the_floors(sweep: Sweep) -> str:
    """How far the fast version is from what computes no attention."""
    at = sweep.at(sweep.sizes[-1])
    floors = [f"{ratio(FAST, floor)(at)} times as long as {what}" for floor, what in (
        (PARTS, f"its own steps, each by itself over and over ({PARTS})"),
        (PRODUCTS, f"the two matrix products alone, made whole ({PRODUCTS})")) if floor in at]
    if FAST not in at or not floors:
        return ""
    return (f"{sweep.name.capitalize()}, {report.threads(sweep.threads)}, {sweep.sizes[-1]:,} "
            f"tokens: the fast version takes {' and '.join(floors)}.")


def causal_share(whole: Sweep, causal: Sweep) -> str:
    """What is saved by leaving out the future: nearly half, with tiles."""
    size = max(set(whole.sizes) & set(causal.sizes), default=0)
    ours, theirs = whole.at(size), causal.at(size)
    shares = [f"{units.factor(theirs[rung].seconds / ours[rung].seconds)} ({rung})"
              for rung in (TILED, FAST, TORCH) if rung in ours and rung in theirs]
    if not shares:
        return ""
    return (f"Causal, {size:,} tokens, the {whole.name} pass takes this share of the time without "
            f"a mask: {', '.join(shares)}. Half of all scores lie in the future; what is above "
            "0.50 is for the tiles that the diagonal goes through, and for smaller arrays.")


def memory(sweep: Sweep):
    """How the memory grows with the tokens."""
    for rung in (TILED, FAST):
        rows = [row for row in sweep.of(rung) if row.peak_bytes]
        if len(rows) > 1:
            times, longer = rows[-1].peak_bytes / rows[-2].peak_bytes, rows[-1].size / rows[-2].size
            yield (f"{rung} holds {report.memory(rows[-1])} at {rows[-1].size:,} tokens, "
                   f"{units.ratio(times)} times as much as at {rows[-2].size:,}: "
                   f"{units.ratio(longer)} times as many tokens, and a table of all scores would "
                   f"be {units.ratio(longer**2)} times as large.")


FLOORS = {PARTS: Rung(parts, prepares=True, serial=True),
          PRODUCTS: Rung(whole_products, prepares=True)}
WHOLE = {TILED: kata.tiled_attention, FAST: Rung(fast, workers=True), TORCH: PyTorch(in_torch)}
PAST = {TILED: kata.causal_tiled_attention, FAST: Rung(fast_causal, workers=True),
        TORCH: PyTorch(causal_in_torch)}
BACK = {TILED: kata.tiled_attention_backward, FAST: Rung(fast_back, workers=True),
        TORCH: PyTorch(back_in_torch, prepares=True)}
BENCH = Bench(
    f"attention in tiles, d = {D}, {TILE} keys at a time",
    (Ladder(FORWARD, WHOLE | FLOORS, forward, SIZES, threads=True),
     Ladder(CAUSAL, PAST, causal, SIZES, threads=True),
     Ladder(BACKWARD, BACK, backward, SIZES, threads=True),
     Ladder(CAUSAL_BACKWARD, BACK, partial(backward, causal=True), SIZES, threads=True),
     Ladder(FORWARD_64, WHOLE | FLOORS, partial(forward, dtype=np.float64), SIZES[:-1]),
     Ladder(BACKWARD_64, BACK, partial(backward, dtype=np.float64), SIZES[:-1])),
    page, Figure("slope 1: twice the tokens, twice the cost; slope 2: four times", (
        ("time", FORWARD, "time, forward"), ("time", BACKWARD, "time, backward"),
        ("memory", FORWARD, "peak memory, forward"))),
    compared=(TILED, FAST),
)

if __name__ == "__main__":
    sys.exit(run(__file__, BENCH))
