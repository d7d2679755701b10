"""From the saved numbers of bench_06 to its table, its words and its picture."""

from dataclasses import dataclass

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from benchmarks import report, units
from benchmarks.report import Results, Row

NUMPY, TORCH = "numpy", "pytorch"
NAMES = {NUMPY: "NumPy", TORCH: "PyTorch"}
TRAINED = 16  # positions that the mini-GPT was trained on
AIM = 0.5  # of PyTorch's speed, at the lengths that the mini-GPT writes
LESS = 0.75  # a fall of the ratio that wants a word


@dataclass(frozen=True)
class Writing:
    """One run: its rows, and the sizes of the model that wrote.

    torch: the version of PyTorch; None where it is not installed
    """

    results: Results
    n_blocks: int
    vocabulary: int
    torch: str | None

    def products(self, tokens: int, new: int) -> int:
        """The multiplications of one step over so many tokens, of which so many go through the blocks."""
        d = self.results.d
        matrices = 4 * d * d + 2 * d * 4 * d  # attention's four, and the two of feed-forward
        return self.n_blocks * (new * matrices + 2 * new * tokens * d) + new * d * self.vocabulary


def read(saved: dict) -> Writing:
    """What pytest-benchmark saved, as one run."""
    about = saved["about"]
    return Writing(report.read(saved), about["blocks"], about["vocabulary"], about["torch"])


def page(run: Writing) -> Group:
    """All that is shown on the screen after a run."""
    name = Text(title(run), style="bold")  # above the table, which may be too narrow to have it as its title
    return report.layout(run.results, [name, table(run)], paragraphs(run))


def title(run: Writing) -> str:
    results = run.results
    return (f"{results.whose.capitalize()} generate with the mini-GPT: {run.n_blocks} blocks, "
            f"d_model = {results.d}, {results.dtype}")


def table(run: Writing) -> Table:
    """A line for each length of the text: the time of one step, tokens per second, and their ratio."""
    results = run.results
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("tokens\nbefore", justify="right")
    for rung in results.rungs:
        shown.add_column(f"one step,\n{NAMES[rung]}", justify="right")
    for rung in results.rungs:
        shown.add_column(f"tokens/s,\n{NAMES[rung]}", justify="right")
    if run.torch:
        shown.add_column("\nratio", justify="right", style="bold")
    shown.add_column(f"memory,\n{NAMES[NUMPY]}", justify="right", style="dim")
    for size in results.sizes:
        rows = [results.at(rung, size) for rung in results.rungs]
        cells = [units.duration(row.seconds) if row else "-" for row in rows]
        cells += [f"{speed(row):,.0f}" if row else "-" for row in rows]
        if run.torch:
            cells.append(f"{ratio(*rows):.2f}" if all(rows) else "-")
        ours = results.at(NUMPY, size)
        cells.append(units.memory(ours.peak_bytes) if ours and ours.peak_bytes is not None else "-")
        shown.add_row(f"{size:,}", *cells)
    return shown


def speed(row: Row) -> float:
    """Tokens per second."""
    return 1 / row.seconds


def ratio(ours: Row, theirs: Row) -> float:
    """Our speed as a share of PyTorch's: 1 is as fast."""
    return speed(ours) / speed(theirs)


def paragraphs(run: Writing) -> list[str]:
    """How it grows and why a cache will be needed, then PyTorch beside it; only with numbers of this run."""
    rows = run.results.of(NUMPY)
    return [*(_growth(run, rows[0], rows[-1]) if len(rows) > 1 else []), *_beside_torch(run),
            *([_untrained(run)] if run.results.sizes[-1] > TRAINED else [])]


def _growth(run: Writing, first: Row, last: Row) -> list[str]:
    every, new = run.products(last.tokens, last.tokens), run.products(last.tokens, 1)
    return [
        f"After {first.tokens} tokens, {run.results.whose} generate writes {speed(first):,.0f} tokens per second; "
        f"after {last.tokens:,}, {speed(last):,.0f}. To write one token, gpt reads the whole text again. But the "
        "tokens that were there before get the same keys and values as at the step before: a token never looks "
        f"ahead, so a new one changes nothing for them. Of the {every:,} multiplications of the last row, "
        f"{new:,} are for the new token, one in {every / new:,.0f}. The others could be saved by a cache of keys and "
        "values (lesson 6, section 8).",
    ]


def _beside_torch(run: Writing) -> list[str]:
    both = [(ours, theirs) for ours, theirs in run.results.compared if ours.rung != theirs.rung]
    if not run.torch:
        return ["With PyTorch installed (pip install torch), the same model in PyTorch stands beside this."]
    if not both:
        return []
    few, many = both[0], both[-1]
    said = [f"PyTorch {run.torch} takes the same steps with the same weights, on the CPU, with as many threads and no "
            "cache. The ratio is the speed of NumPy as a share of PyTorch's: "
            f"{ratio(*few):.2f} at {few[0].tokens:,} tokens, {ratio(*many):.2f} at {many[0].tokens:,}."]
    if ratio(*many) < LESS * ratio(*few):
        said.append("With many tokens, PyTorch gains by its attention: one function that takes the table of weights "
                    "piece by piece and never holds the whole of it. NumPy writes that table, and reads it again, for "
                    "each of its steps.")
    usual = [pair for pair in both if pair[0].tokens <= TRAINED]
    if usual and ratio(*usual[-1]) < AIM:
        said.append(f"At {usual[-1][0].tokens} tokens the solution reaches {AIM} and more. Does a function here go "
                    "through a loop, over tokens or heads? Does gelu write x**3, which takes many times as long as "
                    "x * x * x? Or was the machine busy? Run it again.")
    return [" ".join(said)]


def _untrained(run: Writing) -> str:
    return (f"The mini-GPT was trained on {TRAINED} positions. The rows with more tokens have random positions beyond "
            "those: what it writes there is nonsense, but it takes as long.")


def figure(run: Writing):
    """The time of a step and its memory over the tokens before; all axes logarithmic."""
    from benchmarks import picture  # matplotlib takes most of a second

    drawn, (left, right) = picture.panels(title(run), 2)
    picture.speed(left, run.results, "tokens per second, one step without a cache")
    picture.memory(right, run.results, "peak memory of one step (NumPy)")
    drawn.supxlabel("tokens before   (slope -1: twice the text, half the speed)", color=picture.INK, fontsize=12)
    return drawn
