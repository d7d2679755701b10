"""Draw the pictures of lesson 11: `python katas/pictures/draw_11_generation.py`.

What is accepted of the drafts comes from the reference solution and from the lesson's example, so
a picture can never say anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle
from style import BLUE, GREEN, GREY, HERE, INK, blank, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))
sys.path += [str(HERE.parent), str(HERE.parents[1])]

import example_11_generation as example
from mini_gpt.load import load_params

N_TOKENS, CELL = 6, 0.55
D_MODEL, N_BLOCKS = 48, 3


def draw_cache():
    """The scores that are computed for the sixth token, without a cache and with one."""
    figure, axes = blank(11.2, 5.4)
    for x, title, rows in ((0.9, "without a cache", range(N_TOKENS)), (6.3, "with it", [5])):
        axes.text(x, 5.05, title, fontsize=15, weight="bold", color=INK)
        for row, column in np.ndindex(N_TOKENS, N_TOKENS):
            if column > row:
                continue
            fresh = row in rows
            axes.add_patch(cell(x + column * CELL, 4.1 - row * CELL, fresh, (BLUE, "//")))
        axes.text(x - 0.12, 4.1 - 5 * CELL + 0.2, "new", ha="right", fontsize=12, color=INK)
        axes.text(
            x + 1.65, 0.92, "scores: a row for each query", ha="center", fontsize=12, color=INK)
        for column in range(N_TOKENS):
            fresh = len(rows) > 1 or column == N_TOKENS - 1
            axes.add_patch(cell(x + column * CELL, 0.2, fresh, (GREEN, "xx")))
        axes.text(x + 3.4, 0.35, "keys and values", fontsize=12, color=INK)
    axes.text(
        8.2, 3.6, "hatched: computed now\nwhite: computed before,\nand kept, or not needed",
        fontsize=12, color=GREY, va="center")
    save(figure, "11_cache")


def cell(x, y, fresh, looks):
    """A square, hatched if it is computed now."""
    colour, hatch = looks if fresh else ("white", None)
    return Rectangle(
        (x, y), CELL, CELL, facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.9)


def multiplications(n_queries, n_keys):
    """What a model of D_MODEL and N_BLOCKS multiplies: 12 d^2 weights, and scores and blends."""
    return N_BLOCKS * n_queries * (12 * D_MODEL**2 + 2 * n_keys * D_MODEL)


def draw_generation():
    figure, (left, right) = plt.subplots(1, 2, figsize=(11.4, 4.4), layout="constrained")
    lengths = np.array(example.LENGTHS)
    for work, line, marker, colour, label in (
            (multiplications(lengths + 1, lengths + 1), "--", "s", "#a34e06", "all computed again"),
            (multiplications(1, lengths + 1), "-", "o", INK, "with the cache")):
        left.plot(lengths, work / 1e6, line, marker=marker, color=colour, label=label)
    left.set(xlabel="tokens so far", ylabel="multiplications for one more, in millions",
             yscale="log")
    left.legend(frameon=False)
    params, pairs = load_params(), example.count_pairs()
    rng, counts = np.random.default_rng(4), []
    for _ in range(example.N_TEXTS):
        counts += example.write_with_drafts(params, pairs, rng)[1]
    shares = np.bincount(counts, minlength=example.N_DRAFTED + 1) / len(counts)
    example.fill_drafts(right, shares)
    save(figure, "11_generation")


if __name__ == "__main__":
    for draw in (draw_cache, draw_generation):
        draw()
