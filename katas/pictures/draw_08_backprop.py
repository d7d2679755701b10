"""Draw the pictures of lesson 8: `python katas/pictures/draw_08_backprop.py`.

Gradients come from the reference solution of the kata and from the lesson's example, so a picture
can never say anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from style import BLUE, GREEN, GREY, HERE, INK, ORANGE, blank, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))
sys.path.append(str(HERE.parent))

import example_08_backprop as example
from mini_gpt.load import EDGE, encode, load_params

BACK = "#a34e06"  # the backward pass: dashed, too, so that it differs without colour


def box(axes, x, y, width, height, text, looks=None, size=13):
    """A box around (x, y), with a band of colour and hatching on the left where it has looks."""
    left, bottom = x - width / 2, y - height / 2
    axes.add_patch(
        FancyBboxPatch(
            (left, bottom),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.07",
            facecolor="white",
            edgecolor=INK,
            linewidth=1.3,
            zorder=2,
        )
    )
    if looks:
        axes.add_patch(
            Rectangle(
                (left + 0.05, bottom + 0.06),
                0.2,
                height - 0.12,
                facecolor=looks[0],
                hatch=looks[1],
                edgecolor=INK,
                linewidth=0.7,
                zorder=3,
            )
        )
    axes.text(
        x + (0.12 if looks else 0),
        y,
        text,
        ha="center",
        va="center",
        fontsize=size,
        color=INK,
        zorder=4,
    )


def arrow(axes, *points, back=False, width=1.6):
    """A line through all points that ends in an arrow; the backward pass is dashed."""
    looks = {
        "color": BACK if back else INK,
        "linewidth": width,
        "linestyle": (0, (4, 2)) if back else "-",
    }
    xs, ys = zip(*points)
    axes.plot(xs[:-1], ys[:-1], solid_capstyle="butt", zorder=1, **looks)
    axes.add_patch(
        FancyArrowPatch(
            points[-2],
            points[-1],
            arrowstyle="-|>",
            mutation_scale=14,
            shrinkA=0,
            shrinkB=0,
            zorder=1,
            **looks,
        )
    )


def sign(axes, x, y, text="+", colour=INK):
    axes.plot(
        [x],
        [y],
        "o",
        markersize=20,
        markerfacecolor="white",
        markeredgecolor=colour,
        markeredgewidth=1.4,
        zorder=3,
    )
    axes.text(x, y - 0.01, text, ha="center", va="center", fontsize=16, color=colour, zorder=4)


def draw_idea():
    """A step with its weights, below it a residual connection: forward, and the backward pass."""
    figure, axes = blank(11.2, 6.7)
    back = {"color": BACK, "fontsize": 13}
    title = {"fontsize": 15, "weight": "bold", "color": INK, "va": "center"}
    axes.text(0.2, 6.42, "One step: what comes from above becomes two gradients", **title)
    box(axes, 5.6, 5.0, 2.3, 0.9, "x @ w", (BLUE, "//"), 15)
    box(axes, 5.6, 3.75, 1.2, 0.5, "w", (GREEN, "xx"))
    arrow(axes, (5.35, 4.0), (5.35, 4.55))
    arrow(axes, (2.2, 5.2), (4.45, 5.2))
    arrow(axes, (6.75, 5.2), (9.0, 5.2))
    arrow(axes, (9.0, 4.8), (6.75, 4.8), back=True)
    arrow(axes, (4.45, 4.8), (2.2, 4.8), back=True)
    arrow(axes, (5.85, 4.55), (5.85, 4.0), back=True)
    axes.text(2.1, 5.2, "x", ha="right", va="center", fontsize=15, color=INK)
    axes.text(9.1, 5.2, "output", ha="left", va="center", fontsize=15, color=INK)
    axes.text(9.1, 4.8, "grad_out", ha="left", va="center", **back)
    axes.text(2.1, 4.8, "grad_x", ha="right", va="center", **back)
    axes.text(6.3, 3.75, "grad_w, to be kept", ha="left", va="center", **back)
    axes.text(9.1, 4.45, "from the step after", ha="left", va="center", fontsize=11.5, color=GREY)
    axes.text(2.1, 4.45, "to the step before", ha="right", va="center", fontsize=11.5, color=GREY)
    axes.text(
        0.2,
        2.95,
        "A residual connection: where the forward pass parts, the backward pass adds",
        **title,
    )
    box(axes, 5.6, 1.9, 3.1, 0.7, "norm, then attention", (ORANGE, ".."), 14)
    arrow(axes, (1.7, 1.0), (9.6, 1.0), width=2.4)
    arrow(axes, (2.6, 1.0), (2.6, 2.0), (4.05, 2.0))
    arrow(axes, (7.15, 2.0), (8.6, 2.0), (8.6, 1.2))
    sign(axes, 8.6, 1.0)
    arrow(axes, (9.6, 0.6), (1.7, 0.6), back=True, width=2.4)
    arrow(axes, (8.15, 0.6), (8.15, 1.8), (7.15, 1.8), back=True)
    arrow(axes, (4.05, 1.8), (3.05, 1.8), (3.05, 0.8), back=True)
    sign(axes, 3.05, 0.6, "+", BACK)
    axes.text(1.6, 1.0, "x", ha="right", va="center", fontsize=15, color=INK)
    axes.text(9.7, 1.0, "x + what it adds", ha="left", va="center", fontsize=14, color=INK)
    axes.text(9.7, 0.6, "grad_out", ha="left", va="center", **back)
    axes.text(1.6, 0.6, "grad_x", ha="right", va="center", **back)
    axes.text(5.6, 0.28, "past it, unchanged", ha="center", va="center", fontsize=11.5, color=GREY)
    save(figure, "08_idea")


def draw_attention():
    """The arrays of attention as a graph, with the gradient of each below it."""
    figure, axes = blank(11.4, 5.6)
    places = {
        "q": (1.1, 4.6),
        "k": (1.1, 3.1),
        "v": (1.1, 1.0),
        "scores": (4.4, 3.85),
        "weights": (7.1, 3.85),
        "output": (10.2, 2.4),
    }
    shapes = {
        "q": "queries × d_k",
        "k": "keys × d_k",
        "v": "keys × d_v",
        "scores": "queries × keys",
        "weights": "queries × keys",
        "output": "queries × d_v",
    }
    for name, (x, y) in places.items():
        looks = (GREEN, "xx") if name in "qkv" else (BLUE, "//")
        box(axes, x, y, 1.75, 0.62, name, looks, 14)
        axes.text(x, y - 0.46, shapes[name], ha="center", va="center", fontsize=11, color=GREY)
    for start, end in (
        ("q", "scores"),
        ("k", "scores"),
        ("scores", "weights"),
        ("weights", "output"),
        ("v", "output"),
    ):
        (x0, y0), (x1, y1) = places[start], places[end]
        arrow(axes, (x0 + 0.9, y0 + 0.08), (x1 - 0.9, y1 + 0.08))
        arrow(axes, (x1 - 0.9, y1 - 0.12), (x0 + 0.9, y0 - 0.12), back=True)
    notes = (
        (3.55, 4.72, "rows of K, mixed"),
        (3.5, 2.95, "rows of Q, mixed"),
        (5.75, 4.35, "softmax"),
        (8.95, 3.72, "rows of V,\ndot products"),
        (5.4, 1.05, "rows of grad_out, mixed by the weights"),
    )
    for x, y, text in notes:
        axes.text(
            x,
            y,
            text,
            ha="center",
            va="center",
            fontsize=11.5,
            color=BACK if text != "softmax" else INK,
            style="italic",
        )
    axes.plot([0.3, 0.9], [5.35, 5.35], color=INK, linewidth=1.6)
    axes.text(1.0, 5.35, "forward", va="center", fontsize=12, color=INK)
    axes.plot([2.3, 2.9], [5.35, 5.35], color=BACK, linewidth=1.6, linestyle=(0, (4, 2)))
    axes.text(
        3.0,
        5.35,
        "back: an array's gradient has the array's shape",
        va="center",
        fontsize=12,
        color=BACK,
    )
    save(figure, "08_attention")


def draw_blocks():
    figure, (left, right) = plt.subplots(1, 2, figsize=(11.4, 4.6), layout="constrained")
    runs = {kind: [example.follow(kind, seed) for seed in example.SEEDS] for kind in example.KINDS}
    example.fill_blocks(left, right, runs)
    save(figure, "08_blocks")


def draw_letters():
    text, params = EDGE + example.NAME, load_params()
    tokens, targets = encode(text), encode(example.NAME + EDGE)
    shares = np.array([example.dependence(tokens, targets, t, params) for t in range(len(text))])
    figure, axes = plt.subplots(figsize=(8.2, 6), layout="constrained")
    image = axes.imshow(
        np.where(np.tri(len(text), dtype=bool), shares, np.nan), cmap="Greys", vmin=0, vmax=1
    )
    for (row, column), share in np.ndenumerate(shares):
        if column <= row:
            axes.text(
                column,
                row,
                f"{share:.2f}",
                ha="center",
                va="center",
                fontsize=10.5,
                color="white" if share > 0.55 else INK,
            )
    axes.set_xticks(range(len(text)), text, fontsize=14)
    axes.set_yticks(range(len(text)), example.NAME + EDGE, fontsize=14)
    axes.tick_params(length=0)
    axes.set(xlabel="a letter that was read", ylabel="the letter whose loss it is")
    figure.colorbar(
        image, ax=axes, label="share of the gradient (each row sums to 1)", ticks=[0, 0.5, 1]
    )
    save(figure, "08_letters")


if __name__ == "__main__":
    for draw in (draw_idea, draw_attention, draw_blocks, draw_letters):
        draw()
