"""From the saved numbers of one run to its picture. Importing matplotlib takes most of a second."""

import math
import re
from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.ticker import LogLocator, NullLocator

from benchmarks import units
from benchmarks.report import Results, Row, slope, title

HEIGHT, NAME_HEIGHT = 260, 30  # of a panel, and of the name of a line: points
FEW_POWERS = 60  # powers of ten alone would give an axis with less between its ends hardly a tick
PAPER, INK, GREY = "#fbfaf6", "#1c1c1c", "#6b6b6b"
LINES = (  # by rung: colour, marker, dashes; each tells the lines apart without the others
    ("#b3540a", "s", (0, (5, 2))), ("#1f5f99", "o", "-"), ("#2f7a3a", "^", (0, (1, 1.5))),
    ("#7a3f8f", "D", "-."), ("#555555", "v", (0, (8, 2, 1, 2))), ("#1c1c1c", "P", (0, (2, 2))),
)


def figure(results: Results) -> Figure:
    """Two panels over the tokens, both axes logarithmic: time of a call, peak memory."""
    drawn, (left, right) = panels(title(results), 2)
    time(left, results, "time of one call")
    memory(right, results, "peak memory of one call")
    drawn.supxlabel("tokens   (slope 2: twice the tokens, four times the cost)", color=INK, fontsize=12)
    return drawn


def panels(name: str, count: int) -> tuple[Figure, list[Axes]]:
    """A figure with so many panels side by side."""
    drawn = Figure(figsize=(5 * count, 4.8), dpi=120, facecolor=PAPER, layout="constrained")
    drawn.suptitle(name, color=INK, fontsize=14)
    return drawn, list(drawn.subplots(1, count, squeeze=False)[0])


def time(axes: Axes, results: Results, name: str) -> None:
    """Draw the time of a call over what grows."""
    _panel(axes, results, name, units.duration, 10, lambda row: row.seconds)


def speed(axes: Axes, results: Results, name: str) -> None:
    """Draw how many calls a second takes, over what grows."""
    _panel(axes, results, name, lambda per_second: f"{per_second:,.0f}", 10, lambda row: 1 / row.seconds)


def memory(axes: Axes, results: Results, name: str) -> None:
    """Draw the peak memory of a call over what grows."""
    _panel(axes, results, name, units.memory, 2, lambda row: row.peak_bytes)


def _panel(axes: Axes, results: Results, name: str, unit: Callable[[float], str], base: int,
           value: Callable[[Row], float | None]) -> None:
    names = []
    for rung, (colour, marker, dashes) in zip(results.rungs, LINES):
        points = [(results.size(row), value(row)) for row in results.of(rung) if value(row)]
        if not points:
            continue
        axes.plot(*zip(*points), color=colour, marker=marker, linestyle=dashes, linewidth=2)
        steep = slope(points)
        label = f"{rung}\nslope {steep:.1f}" if steep is not None else rung
        names.append(axes.annotate(label, points[-1], (8, 0), textcoords="offset points", va="center",
                                   color=colour, fontsize=11, annotation_clip=False))
    _frame(axes, results.sizes, base)
    _set_apart(axes, names)
    axes.set_title(name, color=INK, fontsize=12)
    axes.yaxis.set_major_formatter(lambda y, _: re.sub(r"\.0+ ", " ", unit(y)))


def _set_apart(axes: Axes, names: list[Annotation]) -> None:
    """Where lines end close together, move their names up and down from each other."""
    low, high = (math.log(y) for y in axes.get_ylim())
    names = sorted(names, key=lambda name: name.xy[1])
    for below, above in zip(names, names[1:]):
        gap = (math.log(above.xy[1]) - math.log(below.xy[1])) / (high - low) * HEIGHT
        if gap < NAME_HEIGHT:
            below.set_position((8, -(NAME_HEIGHT - gap) / 2))
            above.set_position((8, (NAME_HEIGHT - gap) / 2))


def _frame(axes: Axes, sizes: list[int], base: int) -> None:
    """Logarithmic axes, a tick for each size, and room for the names of the lines."""
    axes.set_facecolor(PAPER)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=base)
    axes.xaxis.set_major_formatter(lambda size, _: f"{size:,.0f}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    bottom, top = axes.get_ylim()
    if top / bottom < FEW_POWERS:
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.set_xticks(sizes)
    axes.set_xlim(sizes[0] / 1.3, sizes[-1] * (sizes[-1] / sizes[0]) ** 0.35)
    axes.margins(y=0.12)
    axes.tick_params(colors=INK, labelsize=10)
    axes.tick_params(axis="x", rotation=40)
    axes.grid(color=GREY, alpha=0.25, linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
