"""Draws the pictures of lesson 2: `python katas/pictures/draw_02_self_attention.py`.

Weights and masks come from the reference solution of the kata, so a picture can never
say anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle
from style import BLUE, GREEN, GREY, HERE, INK, ORANGE, PAPER, blank, card, grid, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))

from kata_01_attention import attention_weights
from kata_02_self_attention import causal_mask, padding_mask, project_qkv

# The case of section 3: "the cat sat", features thing, alive, action, small word.
WORDS = ["the", "cat", "sat"]
X = np.array([[0.0, 0, 0, 1], [1, 1, 0, 0], [0, 0, 1, 0]])
W_Q, W_K = np.zeros((4, 9)), np.zeros((4, 9))
W_Q[:, :2] = np.log([[1, 2], [1, 2], [2, 1], [4, 1]])
W_K[:, :2] = [[1, 0], [2, 0], [0, 3], [0, 0]]
W_V = np.array([[3.0, 0], [5, 0], [0, 8], [4, 4]])

# The sentence of section 7, with the features and the matrices of the example.
#                thing alive place action state pronoun small
FEATURES = {
    "the":      [0,    0,    0,    0,     0,    0,      1],
    "cat":      [1,    1,    0,    0,     0,    0,      0],
    "slept":    [0,    0,    0,    1,     1,    0,      0],
    "because":  [0,    0,    0,    0,     0,    0,      2],
    "it":       [0,    0,    0,    0,     0,    1,      0],
    "was":      [0,    0,    0,    1,     0,    0,      1],
    "tired":    [0,    0,    0,    0,     2,    0,      0],
}  # fmt: skip
ASKS = [[0, 0, 0, 4, 0], [0, 0, 0, 2, 0], [0, 0, 6, 0, 0], [5, 0, 0, 0, 0], [4, 0, 0, 0, 0],
        [7, 0, 0, 0, 0], [0, 4, 0, 0, 0]]  # fmt: skip
FOUND = [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1],
         [0.2, 0.2, 0, 0, 0], [0, 0, 0, 0, 0]]  # fmt: skip


def arrow(axes, start, end, style="-|>", width=1.3):
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle=style,
            mutation_scale=14,
            color=INK,
            linewidth=width,
            shrinkA=0,
            shrinkB=0,
        )
    )


def draw_idea():
    q, k, v = project_qkv(X, W_Q, W_K, W_V)
    weights = attention_weights(q, k)[1]  # where "cat" looks
    figure, axes = blank(10.6, 6.0)
    left, wide = [2.9, 5.6, 8.3], 2.15
    rows = {"query": 3.55, "key": 1.75, "value": 0.25}
    said = {
        "query": ["who is it about?", "what was done?", "who did it?"],
        "key": ["nothing of note", "someone", "something done"],
        "value": [f"({first:g}, {second:g})" for first, second in v],
    }
    strips = {"query": (ORANGE, "xx"), "key": (BLUE, "//"), "value": (GREEN, "..")}
    for x, word in zip(left, WORDS):
        card(axes, x, 5.1, wide, 0.75, word)
        arrow(axes, (x + wide / 2, 5.08), (x + wide / 2, 4.6))
    for name, matrix in (("query", "$W_Q$"), ("key", "$W_K$"), ("value", "$W_V$")):
        y = rows[name]
        card(axes, 0.2, y, 1.75, 1.0, matrix, ["makes the", name], strip=strips[name])
        arrow(axes, (1.98, y + 0.5), (2.8, y + 0.5))
        for x, line in zip(left, said[name]):
            card(axes, x, y, wide, 1.0, name, [line], strip=strips[name])
    aside = {"ha": "center", "va": "center", "fontsize": 12.5, "color": GREY}
    axes.text(1.07, 5.47, "one vector\nfor each word", **aside)
    start = (left[1] + wide / 2, rows["query"] - 0.02)
    for x, weight in zip(left, weights):
        end = (x + wide / 2, rows["key"] + 1.03)
        arrow(axes, start, end, "-", 0.8 + 9 * weight)
        axes.text(
            0.4 * start[0] + 0.6 * end[0],
            0.4 * start[1] + 0.6 * end[1],
            f"{weight * 6:.0f}/6",
            ha="center",
            va="center",
            fontsize=14,
            color=INK,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5},
        )
    axes.text(1.07, 3.15, "the query of “cat”\nmeets all keys", **aside)
    save(figure, "02_idea")


def draw_shapes():
    figure, axes = blank(10.6, 6.6)
    small = {"fontsize": 12, "color": INK}
    tops = [6.1, 3.95, 1.8]
    parts = [("Q", "$W_Q$", 9, "d_k = 9", ORANGE, "xx"), ("K", "$W_K$", 9, "d_k = 9", BLUE, "//"),
             ("V", "$W_V$", 2, "d_v = 2", GREEN, "..")]
    for top, (name, matrix, columns, width, colour, hatch) in zip(tops, parts):
        cat, features = {(1, c) for c in range(columns)}, {(1, c) for c in range(4)}
        grid(axes, 0.9, top - 0.15, 3, 4, "X", shaded=features, hatch=None, colour="#d9d9d9")
        axes.text(2.55, top - 0.6, "×", ha="center", va="center", fontsize=22)
        grid(axes, 3.3, top, 4, columns, matrix)
        axes.text(6.5, top - 0.6, "=", ha="center", va="center", fontsize=22)
        grid(axes, 7.3, top - 0.15, 3, columns, name, shaded=cat, hatch=hatch, colour=colour)
        for row, word in enumerate(WORDS):
            for x in (0.82, 7.22):
                axes.text(x, top - 0.3 - 0.3 * row, word, ha="right", va="center", **small)
        axes.text(1.5, top - 1.15, "d_model = 4", ha="center", va="top", **small)
        axes.text(3.2, top - 0.6, "d_model = 4", ha="right", va="center", rotation=90, **small)
        axes.text(3.3 + columns * 0.15, top - 1.3, width, ha="center", va="top", **small)
        axes.text(7.3 + columns * 0.15, top - 1.15, width, ha="center", va="top", **small)
    save(figure, "02_shapes")


def draw_masks():
    both = causal_mask(4) & padding_mask(np.array([2]), 4)[0]
    padding = np.broadcast_to(padding_mask(np.array([2]), 4)[0], (4, 4))
    sentence, padded = ["the", "cat", "sat", "down"], ["the", "cat", "pad", "pad"]
    figure, panels = plt.subplots(1, 3, figsize=(10.6, 4.3))
    for axes, (title, words, mask) in zip(panels, [
        ("causal", sentence, causal_mask(4)),
        ("padding", padded, padding),
        ("both: causal & padding", padded, both),
    ]):
        for (i, j), may in np.ndenumerate(mask):
            axes.add_patch(
                Rectangle((j, i), 1, 1, edgecolor=INK, linewidth=1,
                          facecolor=GREEN if may else "white", hatch=None if may else "///")
            )
            if may:
                axes.text(j + 0.5, i + 0.5, "sees", ha="center", va="center", fontsize=12.5,
                          color=INK)
        axes.set(xlim=(0, 4), ylim=(4, 0), aspect="equal")
        axes.set_xticks(np.arange(4) + 0.5, words, fontsize=12.5)
        axes.set_yticks(np.arange(4) + 0.5, words, fontsize=12.5)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.set_title(title, fontsize=14, weight="bold", pad=14)
        axes.set_xlabel("key: may it be attended to?")
        for side in axes.spines.values():
            side.set_visible(False)
    panels[0].set_ylabel("query: the token that attends")
    figure.tight_layout(w_pad=2)
    save(figure, "02_masks")


def draw_heatmap():
    words = "the cat slept because it was tired".split()
    x = np.array([FEATURES[word] for word in words], dtype=float)
    q, k, _ = project_qkv(x, np.array(ASKS, dtype=float), np.array(FOUND), np.eye(7))
    figure, panels = plt.subplots(1, 2, figsize=(12.6, 6.0), layout="constrained")
    for axes, (title, mask) in zip(panels,
                                   [("no mask", None), ("causal mask", causal_mask(len(words)))]):
        weights = attention_weights(q, k, mask)
        image = axes.imshow(weights, cmap="Greys", vmin=0, vmax=1)
        for (i, j), weight in np.ndenumerate(weights):
            if mask is None or mask[i, j]:
                colour = "white" if weight > 0.5 else INK
                axes.text(j, i, f"{weight:.2f}", ha="center", va="center", fontsize=13,
                          color=colour)
            else:
                axes.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor="white",
                                         edgecolor=GREY, linewidth=0, hatch="///"))
        axes.set_xticks(range(len(words)), words, fontsize=13, rotation=35)
        axes.set_yticks(range(len(words)), words, fontsize=13)
        axes.set_xlabel("key: the word attended to")
        axes.set_title(title, fontsize=15, weight="bold")
        axes.set_xticks(np.arange(0.5, len(words) - 1), minor=True)
        axes.set_yticks(np.arange(0.5, len(words) - 1), minor=True)
        axes.grid(which="minor", color=INK, linewidth=0.6)
        axes.tick_params(which="both", length=0)
        for side in axes.spines.values():
            side.set_visible(True)
    panels[0].set_ylabel("query: the word that attends")
    figure.colorbar(image, ax=panels, label="weight (each row sums to 1)", ticks=[0, 0.5, 1],
                    shrink=0.8)
    save(figure, "02_heatmap")


if __name__ == "__main__":
    for draw in (draw_idea, draw_shapes, draw_masks, draw_heatmap):
        draw()
