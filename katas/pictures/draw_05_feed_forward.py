"""Draw the pictures of lesson 5: `python katas/pictures/draw_05_feed_forward.py`.

Curves and norms come from the reference solution of the kata, and the 24 blocks from the
lesson's example, so a picture can never say anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle
from style import BLUE, GREEN, GREY, HERE, INK, ORANGE, blank, card, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))
sys.path.append(str(HERE.parent))

import example_05_transformer_block as example
from kata_05_feed_forward import gelu, layer_norm, relu

DARK_ORANGE = "#a34e06"
WORDS = ["cat", "sat", "mat"]
TOKENS = np.array([[1.0, 3, 4, 5, 7], [10, 0, 0, 0, 0], [50, 30, 20, 10, -10]])
SIZES = {"small": (12, 768), "medium": (24, 1024), "large": (36, 1280), "XL": (48, 1600)}
VOCABULARY, CONTEXT = 50_257, 1024  # of GPT-2


def arrow(axes, *points, **looks):
    """Straight lines through the points, the last one with a head."""
    looks = {"color": INK, "linewidth": 1.8} | looks
    for start, end in zip(points[:-2], points[1:-1]):
        axes.plot(*zip(start, end), solid_capstyle="butt", **looks)
    axes.add_patch(FancyArrowPatch(points[-2], points[-1], arrowstyle="-|>", mutation_scale=15,
                                   shrinkA=0, shrinkB=0, **looks))


def draw_idea():
    figure, axes = blank(11.4, 4.2)
    stream = 3.55
    axes.text(0.15, stream + 0.28, "residual stream", fontsize=13, weight="bold", color=INK)
    sublayers = [(1.5, "norm 1", "attention", ("tokens look at", "each other"), BLUE, "//"),
                 (6.25, "norm 2", "feed-forward", ("each token", "on its own"), ORANGE, "..")]
    pluses = [x + 4.1 for x, *_ in sublayers]
    for start, end in zip([0.15, *(plus + 0.2 for plus in pluses)],
                          [*(plus - 0.2 for plus in pluses), 11.25]):
        arrow(axes, (start, stream), (end, stream), linewidth=4.5)
    for (x, norm, name, lines, colour, hatch), plus in zip(sublayers, pluses):
        middle = 1.35
        arrow(axes, (x + 0.55, stream), (x + 0.55, middle + 0.45))
        card(axes, x, middle - 0.45, 1.1, 0.9, norm)
        arrow(axes, (x + 1.1, middle), (x + 1.6, middle))
        card(axes, x + 1.6, middle - 0.65, 2.15, 1.3, name, lines, strip=(colour, hatch))
        arrow(axes, (x + 3.75, middle), (plus, middle), (plus, stream - 0.22))
        axes.add_patch(Circle((plus, stream), 0.21, facecolor="white", edgecolor=INK, linewidth=1.6,
                              zorder=4))
        axes.text(plus, stream, "+", ha="center", va="center", fontsize=17, weight="bold",
                  color=INK, zorder=5)
        axes.text(x + 0.65, 2.75, "read a copy", fontsize=12, color=INK, va="center")
        axes.text(plus - 0.1, 2.75, "add", fontsize=12, color=INK, va="center", ha="right")
    axes.text(5.7, 0.2, "one block; the stream itself goes straight through", ha="center",
              fontsize=13, color=INK)
    save(figure, "05_idea")


def draw_activations():
    figure, axes = plt.subplots(figsize=(9.0, 4.6))
    x = np.linspace(-4, 3, 701)
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.plot(x, relu(x), "--", color=DARK_ORANGE, linewidth=2.4, label="ReLU")
    axes.plot(x[::50], relu(x[::50]), "s", color=DARK_ORANGE, markersize=6, markerfacecolor="white")
    axes.plot(x, gelu(x), "-", color=INK, linewidth=2.4, label="GELU")
    lowest = x[gelu(x).argmin()]
    axes.annotate(f"lowest point: {gelu(x).min():.2f} at {lowest:.2f}", (lowest, gelu(x).min()),
                  (-3.6, 0.85), arrowprops={"arrowstyle": "->", "color": INK}, fontsize=13,
                  color=INK)
    axes.set(xlabel="x", ylabel="activation(x)", xlim=(-4, 3), ylim=(-0.5, 3))
    axes.legend(frameon=False, loc="upper left")
    figure.tight_layout()
    save(figure, "05_activations")


def draw_norm():
    gain, bias = np.ones(5), np.zeros(5)
    tables = [
        ("before", TOKENS, "{:g}", None),
        ("normalised: each row", layer_norm(TOKENS, gain, bias, eps=0), "{:.1f}", "row"),
        ("the mistake: each column", layer_norm(TOKENS.T, np.ones(3), np.zeros(3), eps=0).T,
         "{:.1f}", "column"),
    ]
    figure, axes = blank(12.6, 3.3)
    cell, top = 0.66, 2.55
    for number, (title, table, form, along) in enumerate(tables):
        x = 0.75 + 4.05 * number
        axes.text(x + 2.5 * cell, top + 0.2, title, ha="center", fontsize=15, weight="bold",
                  color=INK)
        for (row, column), value in np.ndenumerate(table):
            marked = (along == "row" and row == 0) or (along == "column" and column == 0)
            left, bottom = x + column * cell, top - (row + 1) * cell
            style = (BLUE, "//") if along == "row" else (ORANGE, "xx")
            colour, hatch = style if marked else ("white", None)
            axes.add_patch(Rectangle((left, bottom), cell, cell, facecolor=colour, hatch=hatch,
                                     edgecolor=INK, linewidth=0.9))
            axes.text(left + cell / 2, bottom + cell / 2,
                      form.format(value + 0), ha="center", va="center", fontsize=13, color=INK,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0})
        for row, word in enumerate(WORDS):
            axes.text(x - 0.1, top - (row + 0.5) * cell, word, ha="right", va="center", fontsize=13,
                      color=INK)
    notes = ["a word in each row", "hatched: mean 0, variance 1,\nfrom this word's numbers alone",
             "hatched: mean 0, variance 1,\nfrom all words together"]
    for number, note in enumerate(notes):
        axes.text(0.75 + 4.05 * number + 2.5 * cell, 0.4, note, ha="center", va="top",
                  fontsize=12.5, color=INK)
    save(figure, "05_norm")


def draw_depth():
    runs = {name: [example.follow(kind, seed, scale) for seed in example.SEEDS]
            for name, (kind, scale) in example.KINDS.items()}
    figure, (left, right) = plt.subplots(1, 2, figsize=(12.4, 5.2))
    example.fill(left, right, runs)
    figure.tight_layout()
    save(figure, "05_depth")


def parameters(layers, d):
    """The numbers in each part of a GPT-2, in the order in which a token meets them."""
    return {
        "tables (tokens, positions)": (VOCABULARY + CONTEXT) * d,
        "attention": layers * (4 * d * d + 4 * d),
        "feed-forward networks": layers * (2 * d * 4 * d + 4 * d + d),
        "norms": layers * 4 * d + 2 * d,
    }


def draw_parameters():
    figure, axes = plt.subplots(figsize=(11.4, 4.4))
    looks = {"tables (tokens, positions)": (GREEN, ".."), "attention": (BLUE, "//"),
             # norms, 0.03% at most, would be too thin to be seen
             "feed-forward networks": (ORANGE, "xx")}
    names = []
    for row, (name, size) in enumerate(SIZES.items()):
        counts, start = parameters(*size), 0.0
        total = sum(counts.values())
        names.append(f"{name}\n{total:,}")
        for part, (colour, hatch) in looks.items():
            share = counts[part] / total
            axes.barh(row, share, left=start, height=0.62, color=colour, hatch=hatch, edgecolor=INK,
                      label=part if row == 0 else None)
            axes.text(start + share / 2, row, f"{share:.0%}", ha="center", va="center", fontsize=13,
                      color=INK, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
            start += share
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xticks(np.linspace(0, 1, 6), [f"{share:.0%}" for share in np.linspace(0, 1, 6)])
    axes.set(xlabel="share of all parameters (norms, under 0.05%, are not drawn)", xlim=(0, 1))
    axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=3)
    figure.tight_layout()
    save(figure, "05_parameters")


if __name__ == "__main__":
    for draw in (draw_idea, draw_activations, draw_norm, draw_depth, draw_parameters):
        draw()
