"""Draw the pictures of lesson 6: `python katas/pictures/draw_06_transformer.py`.

Shares and surprises are those of the lesson's hand case, and what the mini-GPT expects comes from
the reference solution of the kata, so a picture can never say anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from style import BLUE, GREEN, GREY, HERE, INK, ORANGE, blank, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))
sys.path.append(str(HERE.parent))

from kata_01_attention import softmax
from kata_06_transformer import cross_entropy, gpt
from mini_gpt.load import EDGE, N_HEADS, VOCABULARY, encode, load_params

NAME = "christina"
ATTENTION, FEED_FORWARD = (BLUE, "//"), (ORANGE, "..")
NORM, TABLE = ("#e4e0d4", None), (GREEN, "xx")


def part(axes, x, y, text, looks, width=2.5, height=0.44):
    """A box of the model: a band of colour and hatching on the left, the text beside it."""
    axes.add_patch(FancyBboxPatch((x - width / 2, y), width, height,
                                  boxstyle="round,pad=0,rounding_size=0.06", facecolor="white",
                                  edgecolor=INK, linewidth=1.2))
    colour, hatch = looks
    axes.add_patch(Rectangle((x - width / 2 + 0.04, y + 0.05), 0.2, height - 0.1, facecolor=colour,
                             hatch=hatch, edgecolor=INK, linewidth=0.7))
    axes.text(x + 0.12, y + height / 2, text, ha="center", va="center", fontsize=12.5, color=INK)


def arrow(axes, *points, line="-", width=1.4):
    """A line through all points that ends in an arrow."""
    xs, ys = zip(*points)
    axes.plot(xs[:-1], ys[:-1], color=INK, linewidth=width, linestyle=line, solid_capstyle="butt")
    axes.add_patch(FancyArrowPatch(points[-2], points[-1], arrowstyle="-|>", mutation_scale=13,
                                   color=INK, linewidth=width, linestyle=line, shrinkA=0,
                                   shrinkB=0))


def frame(axes, x, bottom, top, width, times):
    axes.add_patch(FancyBboxPatch((x - width / 2, bottom), width, top - bottom, facecolor="none",
                                  edgecolor=GREY, boxstyle="round,pad=0,rounding_size=0.15",
                                  linewidth=1.4, linestyle="--"))
    side = -1 if x < 5 else 1
    axes.text(x + side * (width / 2 + 0.14), (bottom + top) / 2, times, fontsize=14, weight="bold",
              color=INK, ha="right" if side < 0 else "left", va="center")


def residual(axes, x, below, norm, side):
    """From under a sublayer, around it, into the norm above."""
    edge = x + side * 1.55
    arrow(axes, (x, below), (edge, below), (edge, norm + 0.22), (x + side * 1.25, norm + 0.22),
          width=1.1)


def layer(axes, x, y, text, looks, side):
    """A sublayer, its residual connection and its norm; returns where the next one starts."""
    arrow(axes, (x, y), (x, y + 0.42))
    part(axes, x, y + 0.42, text, looks)
    arrow(axes, (x, y + 0.86), (x, y + 1.1))
    part(axes, x, y + 1.1, "add and norm", NORM)
    residual(axes, x, y + 0.2, y + 1.1, side)
    return y + 1.54


def draw_transformer():
    figure, axes = blank(10.8, 9.75)
    left, right = 2.9, 7.6
    for x, name, tokens in ((left, "source", "the cat sat"),
                            (right, "target", "<start> die Katze")):
        axes.text(x, 0.28, tokens, ha="center", fontsize=14, style="italic", color=INK)
        axes.text(x - 1.45 if x == left else x + 1.45, 0.28, name,
                  ha="right" if x == left else "left", fontsize=13, weight="bold", color=INK)
        arrow(axes, (x, 0.55), (x, 0.85))
        part(axes, x, 0.85, f"{name} table · √d", TABLE)
        arrow(axes, (x, 1.29), (x, 1.55))
        part(axes, x, 1.55, "+ sinusoids", TABLE)
        axes.plot([x, x], [1.99, 2.35], color=INK, linewidth=1.4)
    y = layer(axes, left, 2.35, "attention", ATTENTION, -1)
    top = layer(axes, left, y, "feed-forward", FEED_FORWARD, -1)
    frame(axes, left, 2.3, top + 0.16, 3.7, "6 ×")
    y = layer(axes, right, 2.35, "causal attention", ATTENTION, 1)
    across = y + 0.64
    y = layer(axes, right, y, "cross-attention", ATTENTION, 1)
    end = layer(axes, right, y, "feed-forward", FEED_FORWARD, 1)
    frame(axes, right, 2.3, end + 0.16, 3.7, "6 ×")
    arrow(axes, (left, top), (left, top + 0.6), (5.27, top + 0.6), (5.27, across),
          (right - 1.25, across), width=2.2)
    axes.text(left + 0.1, top + 0.72, "the memory, a vector for each source word", fontsize=12.5,
              weight="bold", color=INK, ha="center")
    axes.text(5.8, across + 0.08, "keys,\nvalues", fontsize=11, color=INK, ha="left", va="bottom")
    axes.text(right - 0.08, across - 0.44, "queries", fontsize=11, color=INK, ha="right")
    arrow(axes, (right, end), (right, end + 0.46))
    part(axes, right, end + 0.46, "unembedding", TABLE)
    arrow(axes, (right, end + 0.9), (right, end + 1.2))
    axes.text(right, end + 1.32, "logits: die, Katze, saß", ha="center", fontsize=14,
              style="italic", color=INK)
    for x, name, does in ((left, "encoder", "reads; every word sees all of the source"),
                          (right, "decoder", "writes; no word sees a later one")):
        axes.text(x, 9.4, name, ha="center", fontsize=17, weight="bold", color=INK)
        axes.text(x, 9.1, does, ha="center", fontsize=12.5, color=GREY)
    save(figure, "06_transformer")


def draw_gpt():
    figure, axes = blank(10.4, 8.4)
    x, branch = 3.4, 6.1
    axes.text(x, 0.25, "token ids: the cat", ha="center", fontsize=14, style="italic", color=INK)
    arrow(axes, (x, 0.5), (x, 0.8))
    part(axes, x, 0.8, "token table", TABLE)
    part(axes, branch + 0.9, 1.53, "position table", TABLE, width=2.8)
    arrow(axes, (branch - 0.5, 1.75), (x + 0.15, 1.75))
    plus(axes, x, 1.75)
    spots = (("norm, attention", ATTENTION, 3.0), ("norm, feed-forward", FEED_FORWARD, 4.55))
    arrow(axes, (x, 1.24), (x, 6.1), width=3)
    for text, looks, y in spots:
        arrow(axes, (x, y - 0.42), (branch, y - 0.42), (branch, y))
        part(axes, branch + 0.3, y, text, looks, width=2.9)
        arrow(axes, (branch, y + 0.44), (branch, y + 0.72), (x + 0.15, y + 0.72))
        plus(axes, x, y + 0.72)
    axes.add_patch(FancyBboxPatch((2.75, 2.32), 5.35, 3.3, facecolor="none", edgecolor=GREY,
                                  linewidth=1.4, boxstyle="round,pad=0,rounding_size=0.15",
                                  linestyle="--"))
    axes.text(8.25, 3.97, "a block of lesson 5,\n12 times in\nthe smallest GPT-2", fontsize=12.5,
              color=INK, va="center")
    axes.text(x - 0.85, 3.97, "the stream", fontsize=13, weight="bold", color=INK, rotation=90,
              va="center", ha="center")
    part(axes, x, 6.1, "last norm", NORM)
    arrow(axes, (x, 6.54), (x, 6.85))
    part(axes, x, 6.85, "token table, again", TABLE, width=2.9)
    arrow(axes, (x, 7.29), (x, 7.6))
    axes.text(x, 7.75, "logits, a row for each position", ha="center", fontsize=14, style="italic",
              color=INK)
    arrow(axes, (x - 1.25, 1.02), (0.9, 1.02), (0.9, 7.07), (x - 1.45, 7.07), line="--", width=1.2)
    axes.text(0.62, 4.05, "weight tying: the same numbers", fontsize=12.5, color=INK, rotation=90,
              va="center", ha="center")
    save(figure, "06_gpt")


def plus(axes, x, y):
    axes.plot([x], [y], "o", markersize=19, markerfacecolor="white", markeredgecolor=INK,
              markeredgewidth=1.3, zorder=3)
    axes.text(x, y - 0.01, "+", ha="center", va="center", fontsize=16, color=INK, zorder=4)


def draw_shift():
    words = ["the", "cat", "sat", "on", "mat"]
    probs = np.array([[1, 8, 2, 1, 4], [4, 1, 2, 8, 1], [2, 1, 1, 4, 8]]) / 16
    came = np.array([1, 2, 3])
    figure = plt.figure(figsize=(11.6, 4.9), layout="constrained")
    columns = figure.add_gridspec(1, 2, width_ratios=[1.55, 1])
    panels = columns[0].subgridspec(1, 3).subplots(sharey=True)
    for t, axes in enumerate(panels):
        right = np.arange(5) == came[t]
        axes.barh(np.arange(5), probs[t], color=np.where(right, ORANGE, "white"), edgecolor=INK,
                  linewidth=1.1, hatch=["//" if each else "" for each in right])
        for j, prob in enumerate(probs[t]):
            axes.text(prob + 0.015, j, f"{16 * prob:g}/16", va="center", fontsize=11.5, color=INK)
        axes.set(xlim=(0, 0.66), ylim=(4.6, -0.6), xticks=[0, 0.5])
        axes.set_yticks(range(5), words, fontsize=13)
        axes.set_title(f"has read: {' '.join(words[: t + 1])}", fontsize=13, pad=8)
        axes.set_xlabel(f"probability\n\nwhat came: {words[came[t]]}", fontsize=13)
    panels[0].set_ylabel("the next word")
    axes = figure.add_subplot(columns[1])
    p = np.linspace(0.03, 1, 300)
    axes.plot(p, -np.log(p), color=INK, linewidth=2)
    for t, marker, beside in ((0, "o", 0.035), (1, "s", 0.035), (2, "^", 0.035)):
        prob = probs[t, came[t]]
        loss = cross_entropy(np.log(probs[[t]]), came[[t]])
        axes.plot(prob, loss, marker, markersize=10, markerfacecolor=ORANGE, markeredgecolor=INK)
        axes.text(prob + beside, loss + 0.06, f"{words[came[t]]}: 1/{1 / prob:.0f} costs "
                  f"{loss:.2f}", fontsize=12.5, color=INK, va="bottom")
    mean = cross_entropy(np.log(probs), came)
    axes.axhline(mean, color=GREY, linestyle="--", linewidth=1.3)
    axes.text(1.0, mean + 0.05, f"mean {mean:.3f}", fontsize=12.5, ha="right", color=INK)
    axes.set(xlim=(0, 1.02), ylim=(0, 3.5), xlabel="probability p of the word that came",
             ylabel="loss, -ln p, in nats")
    save(figure, "06_shift")


def draw_names():
    text = EDGE + NAME
    probs = softmax(gpt(encode(text), load_params(), N_HEADS))
    came = encode(NAME + EDGE)
    figure, axes = plt.subplots(figsize=(11.4, 5.2), layout="constrained")
    image = axes.imshow(probs, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    for row, column in enumerate(came):
        edge = "white" if probs[row, column] > 0.6 else INK
        axes.plot(column, row, "o", markersize=14, markerfacecolor="none", markeredgecolor=edge,
                  markeredgewidth=1.8)
    axes.set_xticks(range(len(VOCABULARY)), VOCABULARY, fontsize=13)
    axes.set_yticks(range(len(text)), [text[: row + 1] for row in range(len(text))], fontsize=12.5)
    axes.set_xlabel("the next letter; . is the end of the name")
    axes.set_ylabel("what it has read")
    axes.set_xticks(np.arange(0.5, len(VOCABULARY) - 1), minor=True)
    axes.set_yticks(np.arange(0.5, len(text) - 1), minor=True)
    axes.grid(which="minor", color="#cfcabd", linewidth=0.6)
    axes.tick_params(which="both", length=0)
    for side in axes.spines.values():
        side.set_visible(True)
    figure.colorbar(image, ax=axes, label="probability (each row sums to 1)", ticks=[0, 0.5, 1],
                    pad=0.015)
    save(figure, "06_names")


if __name__ == "__main__":
    for draw in (draw_transformer, draw_gpt, draw_shift, draw_names):
        draw()
