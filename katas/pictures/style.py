"""The look of the lessons' pictures: colours, boxes, grids, and how a picture is written.

Every mark differs from its neighbours in hatching, marker or line style as well as
in colour, for dark mode and for paper.
"""

from pathlib import Path

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch, Rectangle

HERE = Path(__file__).resolve().parent
PAPER, INK, GREY = "#fbfaf6", "#1c1c1c", "#6b6b6b"
BLUE, ORANGE, GREEN = "#9cc3e6", "#f4b77c", "#a9d3a0"

plt.rcParams.update(
    {
        "svg.fonttype": "path",
        "svg.hashsalt": "transformer-katas",
        "figure.facecolor": PAPER,
        "axes.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "font.size": 13,
        "hatch.linewidth": 0.7,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)


def save(figure, name):
    """Write one picture, the same to the byte on every run."""
    path = HERE / f"{name}.svg"
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight", pad_inches=0.15)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")
    plt.close(figure)


def blank(width, height):
    """A figure without axes, measured in inches, the origin at the bottom left."""
    figure = plt.figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return figure, axes


def card(axes, x, y, width, height, title, lines=(), strip=None):
    """A box with rounded corners: a bold title and smaller lines below it.

    `strip` is the colour and the hatch of a band on the left, where there is one.
    """
    axes.add_patch(
        FancyBboxPatch(
            (x, y),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor="white",
            edgecolor=INK,
            linewidth=1.3,
        )
    )
    if strip:  # hatched on the left only, so that the text stays on plain ground
        axes.add_patch(
            Rectangle(
                (x, y + 0.08),
                0.22,
                height - 0.16,
                facecolor=strip[0],
                edgecolor=INK,
                linewidth=0.8,
                hatch=strip[1],
            )
        )
    middle, top = x + width / 2 + (0.11 if strip else 0), y + height / 2 + 0.13 * len(lines)
    axes.text(middle, top, title, ha="center", va="center", weight="bold", color=INK, fontsize=15)
    for number, line in enumerate(lines, start=1):
        axes.text(
            middle,
            top - 0.26 * number - 0.03,
            line,
            ha="center",
            va="center",
            color=INK,
            fontsize=12,
        )


def grid(axes, x, y, rows, columns, name, cell=0.3, shaded=(), hatch="//", colour=BLUE):
    """A matrix as a grid with its name above; `shaded` holds the cells that stand out."""
    for row in range(rows):
        for column in range(columns):
            marked = (row, column) in shaded
            axes.add_patch(
                Rectangle(
                    (x + column * cell, y - (row + 1) * cell),
                    cell,
                    cell,
                    edgecolor=INK,
                    linewidth=0.9,
                    facecolor=colour if marked else "white",
                    hatch=hatch if marked else None,
                )
            )
    axes.text(
        x + columns * cell / 2,
        y + 0.14,
        name,
        ha="center",
        va="bottom",
        fontsize=14,
        weight="bold",
        color=INK,
    )
