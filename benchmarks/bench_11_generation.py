"""Lesson 11: what one more token costs with a cache and without, as the text before it grows.

`make bench-11` runs it on your functions once your kata is green, else on the solution's. Beside
them stand fast_generation.py, which writes into memory that was made beforehand, and PyTorch with a
cache, where it is installed. How to read it: benchmarks/README.md.
"""

import sys

import kata_11_generation as kata
from kata_06_transformer import gpt

from benchmarks.fast_generation import FastWriter
from benchmarks.harness import Bench, Figure, Ladder, PyTorch, Run, Rung, report, run, units
from benchmarks.mini_gpt import ABOUT, FALLING, text_and_model

AGAIN, NUMPY, FAST, TORCH = "no cache", "NumPy", "fast", "PyTorch"
ONE = "one more token"


def arguments(tokens):
    """A text with one token more than the size says, and the mini-GPT with room for it."""
    return text_and_model(tokens + 1)


def all_again(token_ids, params, n_heads):
    return gpt(token_ids, params, n_heads)[-1]


def with_the_cache(token_ids, params, n_heads):
    _, caches = kata.cached_gpt(token_ids[:-1], params, n_heads)
    return lambda: kata.cached_gpt(token_ids[-1:], params, n_heads, caches)[0][-1]


def fast(token_ids, params, n_heads):
    writer = FastWriter(params, n_heads)
    for token in token_ids[:-1]:
        writer.read(token)

    def step():
        writer.n_past = len(token_ids) - 1
        return writer.read(token_ids[-1])

    return step


def in_torch(token_ids, params, n_heads):
    import torch

    from katas.mini_gpt import in_torch

    with torch.inference_mode():
        _, caches = in_torch.cached_gpt(token_ids[:-1], params, n_heads)

    @torch.inference_mode()
    def step():
        return in_torch.cached_gpt(token_ids[-1:], params, n_heads, caches)[0][-1]

    return step


def page(found: Run):
    """The table, and what it says about growth and about PyTorch."""
    sweep = found.sweep(ONE).without()
    columns = [report.TIME, report.times(NUMPY), report.MEMORY]
    yield report.ladder([sweep], found.heading, columns)
    if both := sweep.both(AGAIN, NUMPY):
        again, kept = both[-1]
        yield (f"After {kept.size:,} tokens the cache makes one more "
               f"{units.ratio(again.seconds / kept.seconds)} times as fast.")
    if len(rows := sweep.of(FAST)) > 1:
        yield (f"{FAST} is fast_generation.py, whose cache is not copied: a token after "
               f"{rows[-1].size:,} others takes {units.ratio(rows[-1].seconds / rows[0].seconds)} "
               f"times as long as after {rows[0].size:,}.")
    if both := sweep.both(FAST, TORCH):
        ours, theirs = both[-1]
        yield (f"PyTorch {found.machine['torch']}, eager and with a cache, takes "
               f"{units.ratio(theirs.seconds / ours.seconds)} times as long as {FAST} after "
               f"{ours.size:,} tokens.")


BENCH = Bench(
    f"next token of the mini-GPT: {ABOUT}",
    (Ladder(ONE, {AGAIN: all_again, NUMPY: Rung(with_the_cache, prepares=True),
                  FAST: Rung(fast, prepares=True), TORCH: PyTorch(in_torch, prepares=True)},
            arguments, (10, 100, 300, 1000)),),
    page, Figure(FALLING, (
        ("speed", ONE, "tokens per second"), ("memory", ONE, "peak memory of one step"))),
)

if __name__ == "__main__":
    sys.exit(run(__file__, BENCH))
