"""Draw the pictures of lesson 1: `python katas/pictures/draw_01_attention.py`.

Weights come from the reference solution of the kata, so a picture can never say
anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle
from style import BLUE, GREEN, GREY, HERE, INK, ORANGE, PAPER, blank, card, grid, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))

from kata_01_attention import attention_weights, softmax

WORDS = ["on", "mat", "cat"]
STYLES = {"on": (GREEN, ".."), "mat": (BLUE, "//"), "cat": (ORANGE, "xx")}


def draw_idea():
    figure, axes = blank(10.6, 4.5)
    for x, head, explained in [
        (1.05, "query", "what you type"),
        (3.85, "keys", "the titles"),
        (7.15, "values", "the pages"),
        (9.65, "answer", "a blend of pages"),
    ]:
        axes.text(x, 4.22, head, ha="center", weight="bold", fontsize=15, color=INK)
        axes.text(x, 3.95, explained, ha="center", fontsize=12.5, color=GREY)
    axes.text(5.45, 3.95, "share", ha="center", fontsize=12.5, color=GREY)

    card(axes, 0.15, 1.5, 1.8, 1.1, "it", ["which noun,", "and what acts?"])
    pages = {"on": "a place word", "mat": "a place, a thing", "cat": "a thing"}
    matches = {"on": "no match", "mat": "some match", "cat": "strong match"}
    shares = {"on": 1, "mat": 2, "cat": 5}
    for row, word in enumerate(WORDS):
        y = 2.8 - 1.25 * row
        colour, hatch = STYLES[word]
        card(axes, 3.0, y, 1.7, 0.9, word, [matches[word]], strip=(colour, hatch))
        card(axes, 6.2, y, 1.9, 0.9, word, [pages[word]], strip=(colour, hatch))
        width = 0.8 + 0.9 * shares[word]
        axes.add_patch(
            FancyArrowPatch(
                (1.98, 2.05),
                (2.96, y + 0.45),
                arrowstyle="-",
                color=INK,
                linewidth=width,
                shrinkA=0,
                shrinkB=0,
            )
        )
        axes.add_patch(
            FancyArrowPatch(
                (8.14, y + 0.45),
                (9.1, 2.05),
                arrowstyle="-",
                color=INK,
                linewidth=width,
                shrinkA=0,
                shrinkB=0,
            )
        )
        axes.text(
            5.45, y + 0.45, f"{shares[word]}/8", ha="center", va="center", fontsize=17, color=INK
        )
        for left, right in [(4.74, 5.08), (5.82, 6.16)]:
            axes.add_patch(
                FancyArrowPatch(
                    (left, y + 0.45),
                    (right, y + 0.45),
                    arrowstyle="-|>",
                    mutation_scale=12,
                    color=INK,
                    shrinkA=0,
                    shrinkB=0,
                )
            )
    bottom = 0.85
    for word in reversed(WORDS):
        colour, hatch = STYLES[word]
        height = 0.3 * shares[word]
        axes.add_patch(
            Rectangle((9.15, bottom), 1.0, height, facecolor=colour, edgecolor=INK, hatch=hatch)
        )
        axes.text(
            9.65,
            bottom + height / 2,
            f"{shares[word]}/8 {word}",
            ha="center",
            va="center",
            fontsize=12,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.2},
            color=INK,
        )
        bottom += height
    save(figure, "01_idea")


def draw_temperature():
    scores = np.log([1.0, 2.0, 5.0])
    figure, panels = plt.subplots(1, 4, figsize=(10.6, 3.5), sharey=True)
    titles = {
        0.25: "almost one winner",
        1.0: "as in the example",
        4.0: "flatter",
        100.0: "almost an average",
    }
    for axes, (temperature, title) in zip(panels, titles.items(), strict=True):
        weights = softmax(scores / temperature)
        for word, weight in zip(WORDS, weights, strict=True):
            colour, hatch = STYLES[word]
            axes.bar(word, weight, color=colour, hatch=hatch, edgecolor=INK)
            axes.text(word, weight + 0.02, f"{weight:.3f}", ha="center", fontsize=11.5, color=INK)
        axes.set_title(f"temperature {temperature:g}\n{title}", fontsize=13)
        axes.set_xlabel("key")
        axes.set_ylim(0, 1.12)
    panels[0].set_ylabel("weight")
    figure.tight_layout()
    save(figure, "01_temperature")


def draw_variance():
    rng = np.random.default_rng(0)
    sizes = [1, 4, 16, 64, 256, 1024]
    plain, scaled = [], []
    for d_k in sizes:
        dots = (rng.normal(size=(10_000, d_k)) * rng.normal(size=(10_000, d_k))).sum(axis=-1)
        plain.append(dots.var())
        scaled.append((dots / np.sqrt(d_k)).var())
        if d_k == 64:
            shown = dots
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.6, 4.2))
    left.loglog(sizes, plain, "o-", color=INK, markersize=8)
    left.loglog(sizes, scaled, "s--", color="#c4600b", markersize=8)
    left.axvline(64, color=GREY, linestyle=":", linewidth=1.5)
    left.text(70, 4000, "GPT-2's heads:\nd_k = 64", fontsize=11.5, color=GREY, va="top")
    left.text(20, 60, "q · k", ha="right", fontsize=14, color=INK)
    left.text(1024, 0.38, "q · k / √d_k", ha="right", fontsize=14, color="#a34e06")
    left.set_xticks(sizes, [str(size) for size in sizes])
    left.minorticks_off()
    left.set(
        xlabel="d_k, the length of a query and of a key",
        ylabel="variance of 10,000 scores",
        ylim=(0.15, 6000),
    )

    bins = np.arange(-28, 28.5, 1)
    right.hist(
        shown,
        bins=bins,
        histtype="stepfilled",
        facecolor="#d9d9d9",
        edgecolor=INK,
        hatch="//",
        linewidth=1.4,
    )
    right.hist(
        shown / 8, bins=bins, histtype="step", color="#c4600b", linestyle="--", linewidth=2.2
    )
    right.annotate(
        "q · k / √d_k\nstandard deviation 1",
        (1.4, 2600),
        (5, 2900),
        fontsize=13,
        color="#a34e06",
        arrowprops={"arrowstyle": "->", "color": "#a34e06"},
    )
    right.annotate(
        "q · k\nstandard deviation 8",
        (10, 260),
        (8.5, 1000),
        fontsize=13,
        color=INK,
        arrowprops={"arrowstyle": "->", "color": INK},
    )
    right.set(xlabel="score, for d_k = 64", ylabel="number of scores, of 10,000")
    figure.tight_layout(w_pad=3)
    save(figure, "01_variance")


def draw_shapes():
    figure, axes = blank(10.6, 6.9)
    small = {"fontsize": 12, "color": INK}

    def sides(x, y, rows, columns, row_name, column_name):
        axes.text(x - 0.1, y - rows * 0.15, row_name, ha="right", va="center", rotation=90, **small)
        axes.text(
            x + columns * 0.15, y - rows * 0.3 - 0.1, column_name, ha="center", va="top", **small
        )

    top = 6.4
    grid(axes, 0.5, top, 3, 9, "Q", shaded={(1, c) for c in range(9)})
    sides(0.5, top, 3, 9, "3 queries", "d_k = 9")
    axes.text(3.65, top - 0.45, "×", ha="center", va="center", fontsize=22)
    grid(
        axes,
        4.4,
        top,
        9,
        5,
        "K transposed",
        shaded={(r, 3) for r in range(9)},
        hatch="xx",
        colour=ORANGE,
    )
    sides(4.4, top, 9, 5, "d_k = 9", "5 keys")
    axes.text(6.5, top - 0.45, "=", ha="center", va="center", fontsize=22)
    grid(axes, 7.5, top, 3, 5, "scores", shaded={(1, 3)}, hatch="..", colour=GREEN)
    sides(7.5, top, 3, 5, "3 queries", "5 keys")
    axes.text(
        7.1,
        top - 1.55,
        "the marked cell is the marked row\nof Q times the marked column:\nquery 1 against key 3",
        va="top",
        **small,
    )

    low = 2.15
    axes.plot([8.25, 8.25, 1.65], [4.0, 3.05, 3.05], color=INK, linewidth=1.3)
    axes.add_patch(
        FancyArrowPatch(
            (1.65, 3.05),
            (1.65, 2.58),
            arrowstyle="-|>",
            mutation_scale=16,
            color=INK,
            linewidth=1.3,
            shrinkA=0,
            shrinkB=0,
        )
    )
    axes.text(1.65, 3.13, "divide by √d_k, then\nsoftmax along each row", va="bottom", **small)
    grid(
        axes, 0.9, low, 3, 5, "weights", shaded={(1, c) for c in range(5)}, hatch="..", colour=GREEN
    )
    sides(0.9, low, 3, 5, "3 queries", "5 keys")
    axes.text(3.1, low - 0.45, "×", ha="center", va="center", fontsize=22)
    grid(
        axes,
        4.1,
        low,
        5,
        6,
        "V",
        shaded={(r, c) for r in range(5) for c in range(6)},
        hatch=None,
        colour=BLUE,
    )
    sides(4.1, low, 5, 6, "5 keys", "d_v = 6")
    axes.text(6.5, low - 0.45, "=", ha="center", va="center", fontsize=22)
    grid(
        axes, 7.5, low, 3, 6, "output", shaded={(1, c) for c in range(6)}, hatch="..", colour=GREEN
    )
    sides(7.5, low, 3, 6, "3 queries", "d_v = 6")
    axes.text(
        7.1, low - 1.5, "row 1 of the output: a blend of\nall the rows of V", va="top", **small
    )
    save(figure, "01_shapes")


def draw_heatmap():
    # thing, alive, place, action, small word: the numbers of section 7.
    keys = np.array(
        [
            [0, 0, 0, 0, 3],
            [3, 3, 0, 0, 0],
            [0, 1, 0, 3, 0],
            [0, 0, 3, 0, 1],
            [0, 0, 0, 0, 3],
            [3, 0, 3, 0, 0],
        ]
    )
    queries = np.array([[0, 2, 0, 0, 0], [1, 0, 2, 0, 0], [1, 2, 0, 0, 0]])
    asking, sentence = ["sat", "on", "it"], ["the", "cat", "sat", "on", "the", "mat"]
    weights = attention_weights(queries, keys)
    figure, axes = plt.subplots(figsize=(8.6, 4.1))
    image = axes.imshow(weights, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    for (row, column), weight in np.ndenumerate(weights):
        axes.text(
            column,
            row,
            f"{weight:.2f}",
            ha="center",
            va="center",
            fontsize=15,
            color="white" if weight > 0.5 else INK,
        )
    axes.set_xticks(range(6), sentence, fontsize=15)
    axes.set_yticks(range(3), asking, fontsize=15)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("key: the word attended to", labelpad=10)
    axes.set_ylabel("query: the word that attends", labelpad=10)
    axes.set_xticks(np.arange(0.5, 5), minor=True)
    axes.set_yticks(np.arange(0.5, 2), minor=True)
    axes.grid(which="minor", color=INK, linewidth=0.8)
    axes.tick_params(which="both", length=0)
    for side in axes.spines.values():
        side.set_visible(True)
    figure.colorbar(image, ax=axes, label="weight (each row sums to 1)", ticks=[0, 0.5, 1])
    figure.tight_layout()
    save(figure, "01_heatmap")


if __name__ == "__main__":
    for draw in (draw_idea, draw_temperature, draw_variance, draw_shapes, draw_heatmap):
        draw()
