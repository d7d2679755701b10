"""Lesson 3: what several heads cost one after the other, and what they cost all at once.

`make bench-03` runs it on your functions once your kata is green, else on the solution's. Both
rungs compute the same: one calls your `attention` in a loop over the heads, the other is your
`multi_head_attention`. How to read it: benchmarks/README.md.
"""

import sys

import kata_03_multi_head as kata
import numpy as np
from kata_01_attention import attention

from benchmarks.harness import Bench, Figure, Ladder, Row, Run, Sweep, report, run, units, uses
from benchmarks.harness.results import TWIN

D_MODEL, DTYPE = 192, np.float32  # small: in a large model the projections cover the rest
TOKENS, HEADS = 16, 12  # the one stays while the other grows
LOOP, BATCHED = RUNGS = "loop", "batched"
OVER_HEADS, OVER_TOKENS = f"heads on {TOKENS} tokens", f"{HEADS} heads"

HARDLY = 1.5  # a ratio, with many heads and few tokens, below which one call has not paid off
EVEN = (0.8, 1.25)  # ratios in between are as good as one
SLOWER = 1.3  # times as long as the solution's: then memory is not the reason


def loop_over_heads(x, w_q, w_k, w_v, w_o, n_heads):
    """A head at a time: cut out its columns, attend, lay the results side by side."""
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    width = q.shape[-1] // n_heads
    found = []
    for start in range(0, n_heads * width, width):
        columns = slice(start, start + width)
        found.append(attention(q[:, columns], k[:, columns], v[:, columns]))
    return np.concatenate(found, axis=-1) @ w_o


def arguments(tokens, heads):
    """x of (tokens, D_MODEL), four square matrices, and the number of heads."""
    rng = np.random.default_rng(tokens)
    x = rng.normal(size=(tokens, D_MODEL)).astype(DTYPE)
    matrices = (rng.normal(size=(4, D_MODEL, D_MODEL)) / np.sqrt(D_MODEL)).astype(DTYPE)
    return x, *matrices, heads


def page(found: Run):
    """A table for each of the two, and what they say."""
    sweeps = over_heads, over_tokens = found.sweep(OVER_HEADS), found.sweep(OVER_TOKENS)
    columns = [*report.each("time", "", RUNGS, report.duration), ("\nratio", "bold", ratio),
               *report.each("memory", "dim", RUNGS, report.memory)]
    for sweep in filter(lambda sweep: sweep.rows, sweeps):
        title = f"{found.whose.capitalize()} {sweep.name}, d_model = {D_MODEL}, {DTYPE.__name__}"
        yield report.side_by_side(sweep.without(), title, columns)
    if len(both := over_heads.both(*RUNGS)) > 1:
        yield of_heads(found.whose, both[0][0], *both[-1])
    if len(both := over_tokens.both(*RUNGS)) > 1:
        yield of_tokens(found, over_tokens, both[0], both[-1])


def ratio(at: dict[str, Row]) -> str:
    return units.ratio(at[LOOP].seconds / at[BATCHED].seconds) if len(at) == 2 else "-"


def multiplications(tokens: int) -> int:
    """In the four projections, the scores and the blends; as many with any number of heads."""
    return 4 * tokens * D_MODEL**2 + 2 * tokens**2 * D_MODEL


def of_heads(whose: str, first: Row, loop: Row, batched: Row) -> str:
    """What the ratio is with the most heads, and why."""
    times = loop.seconds / batched.seconds
    start = (f"With {loop.size} heads and {TOKENS} tokens, {whose} attention called for one head "
             f"after the other takes {report.duration(loop)}, and {whose} multi_head_attention "
             f"{report.duration(batched)}: the ratio is {units.ratio(times)}. Both make the same "
             f"{multiplications(TOKENS):,} multiplications, with {loop.size} heads as with "
             f"{first.size}.")
    if times < HARDLY:
        return (f"{start} One call for all heads usually gains more. Does {whose} "
                "multi_head_attention go through a loop over the heads?")
    each = max(0.0, (loop.seconds - first.seconds) / (loop.size - first.size))
    return (f"{start} But each turn of the loop calls a dozen NumPy functions, and a call has its "
            "price, however small its arrays are: every further head costs the loop "
            f"{units.duration(each)}. With the heads as an axis in front, one call does them all.")


def of_tokens(found: Run, sweep: Sweep, first: tuple[Row, Row], last: tuple[Row, Row]) -> str:
    """Where the ratio goes as the tokens grow, and why."""
    few, many = (loop.seconds / batched.seconds for loop, batched in (first, last))
    n_few, n_many = first[0].size, last[0].size
    said = [f"With {HEADS} heads the ratio goes from {units.ratio(few)} at {n_few} tokens to "
            f"{units.ratio(many)} at {n_many:,}."]
    if many < few:
        said.append("A call costs the loop the same at any length, but the multiplications grow "
                    f"from {multiplications(n_few):,} to {multiplications(n_many):,}, as many on "
                    "both sides. Soon they take nearly all of the time, and then it does not "
                    "matter how often NumPy is called.")
    if many < EVEN[0]:
        said += ["In the end the loop is even the faster one.", *reason(found, sweep, *last)]
    elif many > EVEN[1]:
        said.append("At this length it is not yet even.")
    return " ".join(said)


def reason(found: Run, sweep: Sweep, loop: Row, batched: Row):
    """Why the loop is faster: the function itself, if the solution's is not as slow; or memory."""
    theirs = sweep.at(batched.size).get(TWIN + BATCHED)
    if theirs and batched.seconds > SLOWER * theirs.seconds:
        yield (f"The solution's multi_head_attention takes {report.duration(theirs)} in the same "
               f"turns, yours {units.factor(batched.seconds / theirs.seconds)} times as long.")
        if found.notes.get("einsum"):
            yield report.EINSUM
    elif loop.peak_bytes and batched.peak_bytes and loop.peak_bytes < batched.peak_bytes:
        yield (f"It holds the table of one head at a time ({report.memory(loop)} with all the "
               "rest), and uses the same memory for the next. All heads at once need "
               f"{report.memory(batched)}, which the system may have to hand out anew for each "
               "call. benchmarks/README.md says how to see whether that is the reason.")


WAYS = {LOOP: loop_over_heads, BATCHED: kata.multi_head_attention}
BENCH = Bench(
    f"multi-head attention, d_model = {D_MODEL}, {DTYPE.__name__}",
    (Ladder(OVER_HEADS, WAYS, lambda heads: arguments(TOKENS, heads), (1, 3, 6, 12, 24, 48, 96),
            axis="heads", growth=1),
     Ladder(OVER_TOKENS, WAYS, lambda tokens: arguments(tokens, HEADS),
            (4, 8, 16, 32, 64, 128, 256, 512, 1024))),
    page, Figure("slope 1: twice as many, twice the cost", (
        ("time", OVER_HEADS, f"time of one call, {TOKENS} tokens"),
        ("time", OVER_TOKENS, f"time of one call, {HEADS} heads"),
        ("memory", OVER_TOKENS, f"peak memory of one call, {HEADS} heads"))),
    compared=(BATCHED, LOOP),
    notes={"einsum": uses(kata.multi_head_attention, "einsum")},
)

if __name__ == "__main__":
    sys.exit(run(__file__, BENCH))
