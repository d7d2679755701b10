"""From a run to its picture. Importing matplotlib takes most of a second."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from benchmarks.harness import declare, units
from benchmarks.harness.results import Row, Run, Sweep, slope

PAPER, INK, GREY = "#fbfaf6", "#1c1c1c", "#6b6b6b"
LINES = (  # by rung: colour, marker, dashes; each tells the lines apart without the others
    ("#b3540a", "s", (0, (5, 2))), ("#1f5f99", "o", "-"), ("#2f7a3a", "^", (0, (1, 1.5))),
    ("#7a3f8f", "D", "-."), ("#b0203c", "*", "-"), ("#1c1c1c", "", (0, (6, 1.5))),
    ("#555555", "v", (0, (8, 2, 1, 2))), ("#8a6d00", "P", (0, (3, 1))),
)
FEW_POWERS = 60  # powers of ten alone would give an axis with less between its ends hardly a tick


@dataclass(frozen=True)
class Panel:
    """What is drawn over the sizes of a sweep: a value of each row, and how it is written."""

    sweep: Sweep
    title: str
    value: Callable[[Row], float | None]
    written: Callable[[float], str]
    base: int = 10


KINDS = {  # the value of a row, how it is written, and the base of its axis
    "time": (lambda row: row.seconds, units.duration, 10),
    "speed": (lambda row: 1 / row.seconds, "{:,.0f}".format, 10),
    "memory": (lambda row: row.peak_bytes, units.memory, 2),
}


def of_run(found: Run, declared: declare.Figure) -> Figure:
    """What a benchmark declares, drawn of one run."""
    title = found.heading + (", one thread" if len(found.threads) > 1 else "")
    return figure(title, [
        Panel(found.sweep(ladder).without(*declared.without), panel_title, *KINDS[kind])
        for kind, ladder, panel_title in declared.panels], declared.below)


def figure(title: str, panels: Sequence[Panel], below: str) -> Figure:
    """Panels side by side, all axes logarithmic; `below` says how to read a slope."""
    panels = [panel for panel in panels if panel.sweep.rows]
    drawn = Figure((6.4 * len(panels), 5.2), dpi=120, facecolor=PAPER, layout="constrained")
    drawn.suptitle(title, color=INK, fontsize=14)
    drawn.supxlabel(below, color=INK, fontsize=12)
    for axes, panel in zip(drawn.subplots(1, len(panels), squeeze=False)[0], panels):
        _draw(axes, panel)
    return drawn


def _draw(axes: Axes, panel: Panel) -> None:
    ends = {}
    for rung, (colour, marker, dashes) in zip(panel.sweep.rungs, LINES):
        rows = panel.sweep.of(rung)
        points = [(row.size, value) for row in rows if (value := panel.value(row))]
        if points:
            steep = slope(points)
            line, = axes.plot(*zip(*points), color=colour, marker=marker, linestyle=dashes,
                              label=rung if steep is None else f"{rung}, slope {steep:.1f}")
            ends[line] = points[-1][1]
    axes.legend(handles=sorted(ends, key=ends.get, reverse=True), labelcolor="linecolor",
                frameon=False, handlelength=3.2, bbox_to_anchor=(1, 1), loc="upper left")
    axes.set(title=panel.title, xlabel=panel.sweep.axis, facecolor=PAPER, xticks=panel.sweep.sizes)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=panel.base)
    axes.set_xticks(panel.sweep.sizes)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter(lambda y, _: re.sub(r"\.0+ ", " ", panel.written(y)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    bottom, top = axes.get_ylim()
    if top / bottom < FEW_POWERS:
        subs = (1, 2, 5) if panel.base == 10 else (1,)
        axes.yaxis.set_major_locator(LogLocator(panel.base, subs))
    axes.tick_params(axis="x", rotation=40)
    axes.grid(color=GREY, alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
