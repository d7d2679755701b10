"""Draw the pictures of lesson 13: `python katas/pictures/draw_13_fast_attention.py`.

What is known after each tile comes from the reference solution and the lesson's example, so a
picture can never say anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle
from style import BLUE, GREEN, GREY, HERE, INK, ORANGE, blank, card, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))
sys.path.append(str(HERE.parent))

import example_13_fast_attention as example
from kata_13_fast_attention import attend_to_tile, combine

N, CELL, TILE = 8, 0.42, 2
LENGTHS = 2 ** np.arange(8, 18)
D, SCORES_TILE, N_BYTES = 64, 64, 4


def draw_idea():
    """The table of scores as a whole; a tile of keys at a time; the causal tiles."""
    figure, axes = blank(13.4, 4.7)
    top = 3.55
    for x, title in ((0.3, "plain: all scores"), (4.3, "tiled: one tile at a time"),
                     (10.0, "causal: the future left out")):
        axes.text(x, 4.25, title, fontsize=14, weight="bold", color=INK)
    for row, column in np.ndindex(N, N):
        y = top - row * CELL
        axes.add_patch(cell(0.3 + column * CELL, y, BLUE, "//"))
        now = column // TILE == 2
        done = column // TILE < 2
        axes.add_patch(cell(4.3 + column * CELL, y, *((BLUE, "//") if now else
                                                       (GREEN, None) if done else ("white", None))))
    for row, column in np.ndindex(N // TILE, N // TILE):
        size = TILE * CELL
        seen, diagonal = column < row, column == row
        colour, hatch = (BLUE, "//") if seen else (ORANGE, "xx") if diagonal else ("white", None)
        axes.add_patch(Rectangle((10.0 + column * size, top + CELL - (row + 1) * size), size, size,
                                 facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.9,
                                 linestyle="-" if seen or diagonal else ":"))
    card(axes, 8.45, 1.35, 1.3, 1.75, "a part", ("highest", "total", "blend"))
    axes.annotate("", (8.4, 2.2), (7.72, 2.2), arrowprops=dict(arrowstyle="->", color=INK, lw=1.5))
    axes.text(8.06, 2.32, "combine", ha="center", fontsize=11, color=INK)
    axes.text(0.3, 0.2, "queries go down, keys across", fontsize=12, color=GREY)
    axes.text(4.3, 0.2, "hatched: held now; shaded: already in the part", fontsize=12, color=GREY)
    axes.text(10.0, 0.2, "crossed: needs a mask", fontsize=12, color=GREY)
    save(figure, "13_idea")


def cell(x, y, colour, hatch):
    return Rectangle(
        (x, y), CELL, CELL, facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.8)


def draw_running():
    """Left, what is known after each tile of one query; right, how many scores are held."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11.8, 4.4), layout="constrained")
    words, highest, totals = running()
    at = np.arange(len(words))
    left.bar(at, totals, width=0.55, color=BLUE, edgecolor=INK, hatch="//", label="total")
    left.plot(at, highest, "o-", color=INK, label="highest score")
    left.set_xticks(at, words, fontsize=11)
    left.set(xlabel="after the tile", ylabel="of the query")
    left.axhline(0, color=GREY, linewidth=0.8)
    left.set_ylim(top=4.9)
    left.legend(frameon=False, loc="upper left")
    for numbers, line, marker, colour, label in (
            (LENGTHS.astype(float) ** 2, "--", "s", "#a34e06", "all scores"),
            (LENGTHS * float(SCORES_TILE), "-", "o", INK, f"a tile of {SCORES_TILE} keys"),
            (LENGTHS * 3.0 * D, ":", "^", "#2c5f8a", "queries, keys and values")):
        right.plot(LENGTHS, numbers * N_BYTES / 2**20, line, marker=marker, color=colour,
                   label=label)
    right.set(xlabel="tokens", ylabel="MiB, float32, one head", xscale="log", yscale="log")
    right.set_xticks(LENGTHS[::3], [f"{n:,}" for n in LENGTHS[::3]])
    right.minorticks_off()
    right.legend(frameon=False)
    save(figure, "13_running")


def running():
    """For the example's query: the words of each tile, and highest and total after it."""
    words, x = example.words_and_vectors()
    q, step = 0.75 * x[-1:], example.TILE
    part, labels, highest, totals = attend_to_tile(q, x[:0], x[:0]), [], [], []
    for start in range(0, len(words), step):
        part = combine(part, attend_to_tile(q, x[start : start + step], x[start : start + step]))
        labels.append("\n".join(words[start : start + step]))
        highest.append(part[0].item())
        totals.append(part[1].item())
    return labels, highest, totals


if __name__ == "__main__":
    for draw in (draw_idea, draw_running):
        draw()
