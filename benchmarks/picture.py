"""From the saved numbers of one run to its picture. Importing matplotlib takes most of a second."""

import re
from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from benchmarks import units
from benchmarks.report import Results, Row, slope, title

PAPER, INK, GREY = "#fbfaf6", "#1c1c1c", "#6b6b6b"
LINES = (  # by rung: colour, marker, dashes; each tells the lines apart without the others
    ("#b3540a", "s", (0, (5, 2))), ("#1f5f99", "o", "-"), ("#2f7a3a", "^", (0, (1, 1.5))),
    ("#7a3f8f", "D", "-."), ("#555555", "v", (0, (8, 2, 1, 2))), ("#1c1c1c", "P", (0, (2, 2))),
)


def figure(results: Results) -> Figure:
    """Two panels over the tokens, both axes logarithmic: time of a call, peak memory."""
    drawn = Figure(figsize=(10, 4.8), dpi=120, facecolor=PAPER, layout="constrained")
    drawn.suptitle(title(results), color=INK, fontsize=14)
    time, memory = drawn.subplots(1, 2)
    _panel(time, results, "time of one call", units.duration, 10, lambda row: row.seconds)
    _panel(memory, results, "peak memory of one call", units.memory, 2, lambda row: row.peak_bytes)
    drawn.supxlabel("tokens   (slope 2: twice the tokens, four times the cost)", color=INK, fontsize=12)
    return drawn


def _panel(axes: Axes, results: Results, name: str, unit: Callable[[float], str], base: int,
           value: Callable[[Row], float | None]) -> None:
    for rung, (colour, marker, dashes) in zip(results.rungs, LINES):
        points = [(row.tokens, value(row)) for row in results.of(rung) if value(row)]
        if not points:
            continue
        axes.plot(*zip(*points), color=colour, marker=marker, linestyle=dashes, linewidth=2)
        steep = slope(points)
        label = f"{rung}\nslope {steep:.1f}" if steep is not None else rung
        axes.annotate(label, points[-1], (8, 0), textcoords="offset points", va="center",
                      color=colour, fontsize=11, annotation_clip=False)
    _frame(axes, results.sizes, base)
    axes.set_title(name, color=INK, fontsize=12)
    axes.yaxis.set_major_formatter(lambda y, _: re.sub(r"\.0+ ", " ", unit(y)))


def _frame(axes: Axes, sizes: list[int], base: int) -> None:
    """Logarithmic axes, a tick for each number of tokens, and room for the names of the lines."""
    axes.set_facecolor(PAPER)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=base)
    axes.xaxis.set_major_formatter(lambda tokens, _: f"{tokens:,.0f}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xticks(sizes)
    axes.set_xlim(sizes[0] / 1.3, sizes[-1] * (sizes[-1] / sizes[0]) ** 0.35)
    axes.margins(y=0.12)
    axes.tick_params(colors=INK, labelsize=10)
    axes.tick_params(axis="x", rotation=40)
    axes.grid(color=GREY, alpha=0.25, linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
