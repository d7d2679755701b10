"""Draw the pictures of lesson 3: `python katas/pictures/draw_03_multi_head.py`.

Weights, blends and outputs come from the reference solution of the kata, and the maps from
the lesson's example, so a picture can never say anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle
from style import BLUE, GREY, HERE, INK, ORANGE, PAPER, blank, card, grid, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))
sys.path.append(str(HERE.parent))

import example_03_multi_head as example
from kata_03_multi_head import attention_maps, multi_head_attention, split_heads

WORDS = ["cat", "sat", "on", "mat"]
TABLE = 10 * np.arange(1, 5)[:, None] + np.arange(6)  # first digit: the word; second: the column
HEADS = ((BLUE, "//"), (ORANGE, ".."))

# The case of section 3. Columns of X: alive, place, acts, black, red, small.
X = np.array([[1.0, 0, 0, 1, 0, 0], [0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1], [0, 1, 0, 0, 1, 0]])
W_Q, W_K, W_V = np.zeros((3, 6, 6))
W_Q[2, [0, 3]] = np.sqrt(3)
W_K[0, 0], W_K[1, 3] = np.log(5), np.log(13)
W_V[[3, 4, 2], [0, 1, 2]] = W_V[[3, 4, 2], [3, 4, 5]] = 16
W_O = np.array([[1.0, 0], [-1, 0], [0, 0], [0, -1], [0, 1], [0, 0]])
SAT = WORDS.index("sat")


def arrow(axes, start, end):
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=14, color=INK,
                                   linewidth=1.3, shrinkA=0, shrinkB=0))


def cells(axes, x, y, values, style_of, cell=0.42, fontsize=12):
    """A grid with its numbers written in; `style_of` gives the colour and hatch of a cell."""
    for (row, column), value in np.ndenumerate(values):
        left, bottom = x + column * cell, y - (row + 1) * cell
        colour, hatch = style_of(row, column)
        axes.add_patch(Rectangle((left, bottom), cell, cell, facecolor=colour, edgecolor=INK,
                                 hatch=hatch, linewidth=0.9))
        axes.text(left + cell / 2, bottom + cell / 2, f"{value:g}", ha="center", va="center",
                  fontsize=fontsize, color=INK,
                  bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})


def names(axes, x, y, words, cell=0.42):
    for row, word in enumerate(words):
        axes.text(x - 0.1, y - (row + 0.5) * cell, word, ha="right", va="center", fontsize=12,
                  color=INK)


def draw_idea():
    maps = attention_maps(X, W_Q, W_K, 2)
    blends = split_heads(multi_head_attention(X, W_Q, W_K, W_V, np.eye(6), 2), 2)[:, SAT]
    output = multi_head_attention(X, W_Q, W_K, W_V, W_O, 2)[SAT]
    figure, axes = blank(11.4, 5.3)
    for x, head, explained in [(2.3, "two heads", "a question each"),
                               (5.05, "a map each", "where it looks"),
                               (7.25, "a blend each", "black, red, acts"),
                               (9.1, "merged", "side by side"), (10.75, "mixed", "by $W_O$")]:
        axes.text(x, 5.0, head, ha="center", weight="bold", fontsize=15, color=INK)
        axes.text(x, 4.72, explained, ha="center", fontsize=12, color=GREY)
    card(axes, 0.1, 1.95, 1.05, 0.9, "sat", [])
    questions = ["who?", "where?"]
    for number, (question, style, weights, blend) in enumerate(zip(questions, HEADS, maps[:, SAT],
                                                                   blends)):
        y = 2.75 - 2.3 * number
        arrow(axes, (1.2, 2.4), (1.62, y + 0.85))
        card(axes, 1.65, y + 0.4, 1.4, 0.9, f"head {number}", [question], strip=style)
        arrow(axes, (3.1, y + 0.85), (3.5, y + 0.85))
        for row, (word, weight) in enumerate(zip(WORDS, weights)):
            bottom = y + 1.35 - 0.42 * row
            axes.text(4.05, bottom + 0.15, word, ha="right", va="center", fontsize=13, color=INK)
            axes.add_patch(Rectangle((4.15, bottom), 1.5 * weight, 0.3, facecolor=style[0],
                                     hatch=style[1], edgecolor=INK))
            of = 8 if number == 0 else 16
            axes.text(4.2 + 1.5 * weight, bottom + 0.15, f"{weight * of:g}/{of}", va="center",
                      fontsize=12, color=INK)
        arrow(axes, (6.1, y + 0.85), (6.5, y + 0.85))
        cells(axes, 6.58, y + 1.08, blend[None].round(9), lambda *_, style=style: style, cell=0.46)
        arrow(axes, (8.02, y + 0.85), (8.72, 2.4 + (0.65 if number == 0 else -0.65)))
    merged = np.concatenate(blends)[:, None].round(9)
    cells(axes, 8.86, 2.4 + 6 * 0.23, merged, lambda row, _: HEADS[row // 3], cell=0.46)
    arrow(axes, (9.4, 2.4), (10.4, 2.4))
    axes.text(9.9, 2.5, "$W_O$", ha="center", fontsize=13, color=INK)
    cells(axes, 10.52, 2.4 + 0.46, output[:, None].round(9), lambda *_: ("white", None), cell=0.46)
    for text, y in (("the sitter\nis black", 3.3), ("the place\nis red", 1.5)):
        axes.text(10.75, y, text, ha="center", va="center", fontsize=12, color=GREY)
    save(figure, "03_idea")


def draw_split():
    halves = {value: HEADS[column // 3] for (_, column), value in np.ndenumerate(TABLE)}
    figure, axes = blank(10.8, 6.3)
    title = {"ha": "left", "weight": "bold", "fontsize": 14, "color": INK}
    small = {"fontsize": 12, "color": INK, "va": "top"}

    def block(x, y, values, words, name):
        cells(axes, x, y, values, lambda row, column: halves[values[row, column]])
        names(axes, x, y, words)
        axes.text(x + values.shape[1] * 0.21, y + 0.12, name, ha="center", fontsize=13, color=INK)

    axes.text(0.1, 6.0, "reshape, then swap two axes: every head sees every word", **title)
    block(0.75, 5.35, TABLE, WORDS, "x (4, 6)")
    arrow(axes, (3.5, 4.5), (4.25, 4.5))
    good = split_heads(TABLE, 2)
    block(5.1, 5.35, good[0], WORDS, "head 0 (4, 3)")
    block(7.4, 5.35, good[1], WORDS, "head 1 (4, 3)")
    axes.text(8.85, 5.3, "a row is a word;\nhead 0 has its\nfirst half, head 1\nits second half",
              **small)

    axes.text(0.1, 2.85, "reshape alone: the same shape, other numbers", **title)
    block(0.75, 2.2, TABLE, WORDS, "x (4, 6)")
    arrow(axes, (3.5, 1.35), (4.25, 1.35))
    bad = TABLE.reshape(2, 4, 3)
    block(5.1, 2.2, bad[0], ["cat", "cat", "sat", "sat"], "head 0 (4, 3)")
    block(7.4, 2.2, bad[1], ["on", "on", "mat", "mat"], "head 1 (4, 3)")
    axes.text(8.85, 2.15, "a row is half a word;\nhead 0 never sees\n"
              "on and mat, head 1\nnever cat and sat", **small)
    save(figure, "03_split")


def draw_shapes():
    figure, axes = blank(11.2, 6.1)
    cell, small = 0.3, {"fontsize": 12, "color": INK}

    def sheets(x, y, rows, columns, name, shape):
        for number in (1, 0):  # the sheet behind first
            shift = 0.22 * number
            colour, hatch = HEADS[number]
            axes.add_patch(Rectangle((x + shift, y - rows * cell + shift), columns * cell,
                                     rows * cell, facecolor="white", edgecolor="none"))
            grid(axes, x + shift, y + shift, rows, columns, name if number else "", cell,
                 {(r, c) for r in range(rows) for c in range(columns)}, hatch, colour)
        axes.text(x + columns * cell / 2, y - rows * cell - 0.1, shape, ha="center", va="top",
                  **small)

    def sheet(x, y, rows, columns, name, shape, halves=True):
        for column in range(columns):
            colour, hatch = HEADS[column // 3] if halves else ("white", None)
            grid(axes, x + column * cell, y, rows, 1, "", cell, {(r, 0) for r in range(rows)},
                 hatch, colour)
        axes.text(x + columns * cell / 2, y + 0.14, name, ha="center", va="bottom", fontsize=14,
                  weight="bold", color=INK)
        axes.text(x + columns * cell / 2, y - rows * cell - 0.1, shape, ha="center", va="top",
                  **small)

    def step(x, y, text, width=1.0):
        arrow(axes, (x, y), (x + width, y))
        axes.text(x + width / 2, y + 0.1, text, ha="center", va="bottom", **small)

    top, low = 5.0, 1.75
    sheet(0.3, top, 4, 6, "x", "(4, 6)\ntokens, d_model", halves=False)
    step(2.3, top - 0.6, "times\n$W_Q$, $W_K$, $W_V$", 1.25)
    sheet(3.75, top, 4, 6, "q, also k and v", "(4, 6)\ntokens, heads · d_head")
    step(5.75, top - 0.6, "split")
    sheets(6.95, top, 4, 3, "q, k, v per head", "(2, 4, 3)\nheads, tokens, d_head")
    step(8.25, top - 0.6, "q times k,\nsoftmax", 1.0)
    sheets(9.5, top, 4, 4, "maps", "(2, 4, 4)\nheads, queries, keys")
    axes.plot([10.1, 10.1, 0.9], [3.05, 2.75, 2.75], color=INK, linewidth=1.3)
    arrow(axes, (0.9, 2.75), (0.9, 2.45))
    axes.text(5.5, 2.83, "times v", ha="center", va="bottom", **small)
    sheets(0.5, low, 4, 3, "blends", "(2, 4, 3)\nheads, tokens, d_head")
    step(2.0, low - 0.6, "merge", 1.25)
    sheet(3.75, low, 4, 6, "merged", "(4, 6)\ntokens, heads · d_head")
    axes.text(6.15, low - 0.6, "×", ha="center", va="center", fontsize=22, color=INK)
    for row in range(6):
        colour, hatch = HEADS[row // 3]
        grid(axes, 6.95, low + 0.3 - row * cell, 1, 2, "", cell, {(0, 0), (0, 1)}, hatch, colour)
    axes.text(7.25, low + 0.44, "$W_O$", ha="center", va="bottom", fontsize=14, weight="bold",
              color=INK)
    axes.text(7.25, low - 6 * cell + 0.2, "(6, 2)", ha="center", va="top", **small)
    axes.text(8.55, low - 0.6, "=", ha="center", va="center", fontsize=22, color=INK)
    sheet(9.8, low, 4, 2, "output", "(4, 2)\ntokens, d_out", halves=False)
    save(figure, "03_shapes")


def draw_maps():
    x, (w_q, w_k, _, _) = example.sentence_vectors(), example.layer()
    figure, panels = plt.subplots(2, 2, figsize=(11, 9.4), layout="constrained")
    maps = attention_maps(x, w_q, w_k, len(example.HEADS))
    for number, (axes, name, weights) in enumerate(zip(panels.flat, example.HEADS, maps)):
        image = axes.imshow(weights, cmap="Greys", vmin=0, vmax=1)
        for (row, column), weight in np.ndenumerate(weights):
            axes.text(column, row, f"{weight:.2f}", ha="center", va="center", fontsize=12.5,
                      color="white" if weight > 0.5 else INK)
        ticks = range(len(example.SENTENCE))
        axes.set_xticks(ticks, example.SENTENCE, fontsize=13)
        axes.set_yticks(ticks, example.SENTENCE, fontsize=13)
        axes.set_title(f"head {number}, {name}", fontsize=14)
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(True)
    figure.supxlabel("key: the word attended to", fontsize=14)
    figure.supylabel("query: the word that attends", fontsize=14)
    figure.get_layout_engine().set(wspace=0.05, hspace=0.05)
    figure.colorbar(image, ax=panels, label="weight (each row sums to 1)", ticks=[0, 0.5, 1],
                    shrink=0.6)
    save(figure, "03_maps")


if __name__ == "__main__":
    for draw in (draw_idea, draw_split, draw_shapes, draw_maps):
        draw()
