"""From the saved numbers of one run to its picture. Importing matplotlib takes most of a second."""

import math
import re
from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.ticker import LogLocator, NullLocator

from benchmarks import units
from benchmarks.report import Results, Row, slope

SIZE, EDGES = (5, 4.8), 86  # inches of a panel; points above and below its axes
TEXT_HEIGHT = 15  # points of a line of text
POINTER = {"arrowstyle": "-", "color": "#6b6b6b", "linewidth": 0.7, "relpos": (0, 0.5), "shrinkA": 2, "shrinkB": 3}
FEW = 3  # so many lines have room for names of two lines of text
FEW_POWERS = 60  # powers of ten alone would give an axis with less between its ends hardly a tick
PAPER, INK, GREY = "#fbfaf6", "#1c1c1c", "#6b6b6b"
LINES = (  # by rung: colour, marker, dashes; each tells the lines apart without the others
    ("#b3540a", "s", (0, (5, 2))), ("#1f5f99", "o", "-"), ("#2f7a3a", "^", (0, (1, 1.5))),
    ("#7a3f8f", "D", "-."), ("#b0203c", "*", "-"), ("#1c1c1c", "", (0, (6, 1.5))), ("#555555", "v", (0, (8, 2, 1, 2))),
)


def panels(name: str, count: int, size: tuple[float, float] = SIZE) -> tuple[Figure, list[Axes]]:
    """A figure with so many panels side by side."""
    drawn = Figure(figsize=(size[0] * count, size[1]), dpi=120, facecolor=PAPER, layout="constrained")
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
    crowded = len(results.rungs) > FEW
    names = []
    for rung, (colour, marker, dashes) in zip(results.rungs, LINES):
        points = [(results.size(row), value(row)) for row in results.of(rung) if value(row)]
        if not points:
            continue
        axes.plot(*zip(*points), color=colour, marker=marker, linestyle=dashes, linewidth=2)
        steep = slope(points)
        label = rung if steep is None else f"{rung}, slope {steep:.1f}" if crowded else f"{rung}\nslope {steep:.1f}"
        names.append(axes.annotate(label, points[-1], (8, 0), textcoords="offset points", va="center",
                                   color=colour, fontsize=11, annotation_clip=False,
                                   arrowprops=POINTER if crowded else None))
    _frame(axes, results.sizes, base, 0.6 if crowded else 0.35)
    short = [label for label in names if crowded and _is_passed(axes, label)]
    for label in short:  # other lines go on above and to the right, so its name stands over them all
        label.set(position=(-24, 40), ha="center")
    _set_apart(axes, [label for label in names if label not in short], 18 if crowded else 8)
    axes.set_title(name, color=INK, fontsize=12)
    axes.yaxis.set_major_formatter(lambda y, _: re.sub(r"\.0+ ", " ", unit(y)))


def _is_passed(axes: Axes, name: Annotation) -> bool:
    """Whether another line that goes on to the right is higher where this one ends."""
    x, y = name.xy
    points = [tuple(zip(*line.get_data())) for line in axes.lines]
    return any(one[-1][0] > x and any(there[0] == x and there[1] > y for there in one) for one in points)


def _set_apart(axes: Axes, names: list[Annotation], aside: int) -> None:
    """Where lines end close together, move their names up and down from each other."""
    low, high = (math.log(y) for y in axes.get_ylim())
    tall = axes.figure.get_figheight() * 72 - EDGES
    names = sorted(names, key=lambda name: name.xy[1])
    height = max((len(name.get_text().splitlines()) for name in names), default=1) * TEXT_HEIGHT
    ends = [(math.log(name.xy[1]) - low) / (high - low) * tall for name in names]
    groups: list[tuple[float, int]] = []  # of names that would touch each other: middle, how many
    for end in ends:
        groups.append((end, 1))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < (groups[-1][1] + groups[-2][1]) / 2 * height:
            (middle, count), (other, more) = groups.pop(), groups.pop()
            groups.append(((middle * count + other * more) / (count + more), count + more))
    places = [middle + (nth - (count - 1) / 2) * height for middle, count in groups for nth in range(count)]
    for name, end, place in zip(names, ends, places):
        name.set_position((aside, place - end))


def _frame(axes: Axes, sizes: list[int], base: int, room: float) -> None:
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
    axes.set_xlim(sizes[0] / 1.3, sizes[-1] * (sizes[-1] / sizes[0]) ** room)
    axes.margins(y=0.12)
    axes.tick_params(colors=INK, labelsize=10)
    axes.tick_params(axis="x", rotation=40)
    axes.grid(color=GREY, alpha=0.25, linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
