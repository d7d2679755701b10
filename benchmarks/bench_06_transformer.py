"""Lesson 6: what it costs to write one more token, as the text before it grows.

`make bench-06` runs it on your functions once your kata is green, else on the solution's. A row
is one step of `generate` with the mini-GPT after so many tokens; where PyTorch is installed, the
same model in PyTorch takes the same step beside it. How to read it: benchmarks/README.md.
"""

import sys

import kata_06_transformer as kata

from benchmarks.harness import Bench, Figure, Ladder, PyTorch, Row, Run, report, run, uses
from benchmarks.mini_gpt import ABOUT, D_MODEL, FALLING, N_BLOCKS, VOCABULARY, text_and_model

NUMPY, TORCH = "NumPy", "PyTorch"
TRAINED = 16  # positions that the mini-GPT was trained on
AIM = 0.5  # of PyTorch's speed, at the lengths that the mini-GPT writes
LESS = 0.75  # a fall of the ratio that wants a word


def arguments(tokens):
    """A batch of one text, and the mini-GPT. PyTorch is slower without a batch."""
    return *text_and_model(1, tokens), 1


def in_torch(*arguments):
    from katas.mini_gpt import in_torch

    return lambda: in_torch.generate(*arguments)


def page(found: Run):
    """The table; how it grows and why a cache will be needed; PyTorch beside it."""
    sweep = found.sweep("generate").without()
    ours, both = sweep.of(NUMPY), sweep.both(NUMPY, TORCH)
    columns = [*report.each("one step", "", sweep.rungs, report.duration),
               *report.each("tokens/s", "", sweep.rungs, speed),
               *([("\nratio", "bold", ratio_of_all)] if both else []),
               *report.each("memory", "dim", [NUMPY], report.memory)]
    yield report.side_by_side(sweep, found.heading, columns, axis="tokens\nbefore")
    if len(ours) > 1:
        yield growth(found, ours[0], ours[-1])
    if both:
        yield " ".join(beside_torch(found, both))
    if sweep.sizes[-1] > TRAINED:
        yield (f"The mini-GPT was trained on {TRAINED} positions. The rows with more tokens have "
               "random positions beyond those: what it writes there is nonsense, but it takes as "
               "long.")


def speed(row: Row | None) -> str:
    return f"{1 / row.seconds:,.0f}" if row else "-"


def ratio_of_all(at: dict[str, Row]) -> str:
    return f"{ratio(*at.values()):.2f}" if len(at) == 2 else "-"


def ratio(ours: Row, theirs: Row) -> float:
    """Our speed as a share of PyTorch's: 1 is as fast."""
    return theirs.seconds / ours.seconds


def multiplications(tokens: int, new: int) -> int:
    """Those of one step over so many tokens, of which so many go through the blocks."""
    d = D_MODEL
    matrices = 4 * d * d + 2 * d * 4 * d  # attention's four, and the two of feed-forward
    return N_BLOCKS * (new * matrices + 2 * new * tokens * d) + new * d * VOCABULARY


def growth(found: Run, first: Row, last: Row) -> str:
    """How the speed falls, and how much of the work a cache would save."""
    every, new = (multiplications(last.size, n) for n in (last.size, 1))
    return (f"After {first.size} tokens, {found.whose} generate writes {speed(first)} tokens per "
            f"second; after {last.size:,}, {speed(last)}. To write one token, gpt reads the whole "
            "text again. But the tokens that were there before get the same keys and values as at "
            "the step before: a token never looks ahead, so a new one changes nothing for them. Of "
            f"the {every:,} multiplications of the last row, {new:,} are for the new token, one in "
            f"{every / new:,.0f}. The others could be saved by a cache of keys and values (lesson "
            "6, section 8).")


def beside_torch(found: Run, both: list[tuple[Row, Row]]):
    """How fast PyTorch is, where it gains, and what to look for if NumPy could be faster."""
    few, many = ratio(*both[0]), ratio(*both[-1])
    first, last = both[0][0].size, both[-1][0].size
    yield (f"PyTorch {found.machine['torch']} takes the same steps with the same weights, on the "
           "CPU, with as many threads and no cache. The ratio is the speed of NumPy as a share of "
           f"PyTorch's: {few:.2f} at {first:,} tokens, {many:.2f} at {last:,}.")
    if many < LESS * few:
        yield ("With many tokens, PyTorch gains by its attention: one function that takes the "
               "table of weights piece by piece and never holds the whole of it. NumPy writes that "
               "table, and reads it again, for each of its steps.")
    usual = [pair for pair in both if pair[0].size <= TRAINED]
    if usual and ratio(*usual[-1]) < AIM:
        yield (f"At {usual[-1][0].size} tokens the solution reaches {AIM} and more. Does a "
               "function here go through a loop, over tokens or heads? Does gelu write x**3, which "
               "takes many times as long as x * x * x? Or was the machine busy? Run it again.")
        if found.notes.get("einsum"):
            yield report.EINSUM


BENCH = Bench(
    f"generate with the mini-GPT: {ABOUT}",
    (Ladder("generate", {NUMPY: kata.generate, TORCH: PyTorch(in_torch, prepares=True)}, arguments,
            (4, 8, 16, 32, 64, 128, 256, 512)),),
    page, Figure(FALLING, (
        ("speed", "generate", "tokens per second, one step without a cache"),
        ("memory", "generate", "peak memory of one step"))),
    notes={"einsum": uses(kata.generate, "einsum")},
)

if __name__ == "__main__":
    sys.exit(run(__file__, BENCH))
