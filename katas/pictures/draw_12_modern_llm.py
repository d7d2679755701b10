"""Draw the pictures of lesson 12: `python katas/pictures/draw_12_modern_llm.py`.

The bars come from the lesson's example, so a picture can never say anything else than that does.
"""

import sys

import matplotlib.pyplot as plt
from matplotlib.patches import FancyArrowPatch, Rectangle
from style import BLUE, GREEN, GREY, HERE, INK, ORANGE, blank, card, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))
sys.path += [str(HERE.parent), str(HERE.parents[1])]

import example_12_modern_llm as example

NEW = (ORANGE, "//")  # the strip of a part that GPT-2 does not have


def arrow(axes, start, end, **looks):
    looks = {"color": INK, "linewidth": 1.6} | looks
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=13, shrinkA=0,
                                   shrinkB=0, **looks))


def draw_idea():
    """A block of GPT-2 beside that of a llama."""
    figure, axes = blank(12.4, 7.6)
    draw_block(axes, 0.4, "a block of GPT-2", [
        ("layer norm", ("mean, size, gain, bias",), None),
        ("attention", ("9 query heads, 9 key heads", "biases"), None),
        ("layer norm", ("mean, size, gain, bias",), None),
        ("feed-forward", ("2 matrices, gelu, biases",), None)])
    draw_block(axes, 6.6, "a block of a llama", [
        ("RMS norm", ("size, gain",), NEW),
        ("attention", ("9 query heads, 3 key heads", "queries and keys turned"), NEW),
        ("RMS norm", ("size, gain",), NEW),
        ("feed-forward", ("3 matrices, a gate, silu",), NEW)])
    axes.text(0.4, 0.12, "once, at the bottom: a row of the position table is added", fontsize=12,
              color=INK)
    axes.text(6.6, 0.12, "at the bottom: nothing is added", fontsize=12, color=INK)
    save(figure, "12_idea")


def draw_block(axes, x, title, parts):
    """The residual stream from the bottom up, and the parts that read from it and add to it."""
    stream, bottom = x + 0.35, 0.75
    axes.text(x, 7.15, title, fontsize=16, weight="bold", color=INK)
    for half, (norm, network) in enumerate((parts[:2], parts[2:])):
        y = bottom + 3.1 * half
        card(axes, x + 1.3, y + 0.15, 3.9, 0.85, norm[0], norm[1], strip=norm[2])
        card(axes, x + 1.3, y + 1.3, 3.9, 1.05, network[0], network[1], strip=network[2])
        arrow(axes, (stream, y + 0.55), (x + 1.3, y + 0.55))
        arrow(axes, (x + 3.25, y + 1.0), (x + 3.25, y + 1.3))
        axes.plot([x + 3.25, x + 3.25], [y + 2.35, y + 2.7], color=INK, linewidth=1.6)
        arrow(axes, (x + 3.25, y + 2.7), (stream + 0.2, y + 2.7))
        axes.text(stream, y + 2.69, "+", ha="center", va="center", fontsize=17, weight="bold",
                  color=INK, zorder=3, bbox={"boxstyle": "circle,pad=0.12", "facecolor": "white",
                                             "edgecolor": INK, "linewidth": 1.2})
    arrow(axes, (stream, 0.45), (stream, 7.0), linewidth=3.2, color=GREY, zorder=0)


def draw_heads():
    """Six query heads, and which head of keys each uses."""
    figure, axes = blank(11.8, 3.5)
    for x, title, n_kv_heads in ((0.4, "one for each", 6), (4.3, "shared: 2 for 6", 2),
                                 (8.2, "one for all", 1)):
        axes.text(x + 1.6, 3.15, title, ha="center", fontsize=14, weight="bold", color=INK)
        for head in range(6):
            shared = head * n_kv_heads // 6
            below = x + 0.25 + 0.54 * (shared + 0.5) * 6 / n_kv_heads
            box(axes, x + 0.29 + 0.54 * head, 2.2, f"{head}", BLUE, "//")
            arrow(axes, (x + 0.52 + 0.54 * head, 2.2), (below, 1.26), linewidth=1.1)
        for shared in range(n_kv_heads):
            middle = x + 0.25 + 0.54 * (shared + 0.5) * 6 / n_kv_heads
            box(axes, middle - 0.23, 0.75, f"{shared}", GREEN, "xx")
        axes.text(x + 1.6, 0.3, f"cache: {n_kv_heads} of 6", ha="center", fontsize=12, color=INK)
    axes.text(0.5, 2.38, "q", ha="right", fontsize=13, color=INK, weight="bold")
    axes.text(0.5, 0.92, "k, v", ha="right", fontsize=13, color=INK, weight="bold")
    save(figure, "12_heads")


def box(axes, x, y, text, colour, hatch, width=0.46, height=0.46):
    """A hatched square with a number on plain ground."""
    axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, hatch=hatch, edgecolor=INK,
                             linewidth=0.9))
    axes.text(x + width / 2, y + height / 2, text, ha="center", va="center", fontsize=12, color=INK,
              bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"})


def draw_blocks():
    """The 20 bytes of a block of Q4_1, and the numbers that they hold."""
    figure, axes = blank(12.2, 4.0)
    axes.text(0.3, 3.6, "20 bytes", fontsize=14, weight="bold", color=INK)
    for x, name in ((0.3, "scale"), (1.9, "minimum")):
        axes.add_patch(Rectangle((x, 2.6), 1.6, 0.7, facecolor=ORANGE, hatch="..", edgecolor=INK))
        axes.text(x + 0.8, 2.95, name, ha="center", va="center", fontsize=12, color=INK,
                  bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"})
    for place, byte in enumerate(("0", "1", None, "15")):
        x = 3.9 + 2.05 * place
        if byte is None:
            axes.text(x + 0.8, 2.95, "...", ha="center", va="center", fontsize=16, color=INK)
            continue
        box(axes, x, 2.6, "high", GREEN, "xx", 0.8, 0.7)
        box(axes, x + 0.8, 2.6, "low", BLUE, "//", 0.8, 0.7)
        axes.text(x + 0.8, 3.42, f"byte {byte}", ha="center", fontsize=12, color=INK)
        low, high = 3.9 + 0.95 * place - 2.6, 8.2 + 0.95 * place - 0.6
        for middle, start, number, looks in ((low, x + 1.2, byte, (BLUE, "//")),
                                             (high, x + 0.4, f"{int(byte) + 16}", (GREEN, "xx"))):
            box(axes, middle, 0.75, number, *looks, 0.75, 0.55)
            arrow(axes, (start, 2.6), (middle + 0.37, 1.3), linewidth=1.2,
                  linestyle="-" if looks[1] == "//" else "--")
    for x in (3.9 + 0.95 * 2 - 2.6, 8.2 + 0.95 * 2 - 0.6):
        axes.text(x + 0.37, 1.02, "...", ha="center", va="center", fontsize=15, color=INK)
    axes.text(0.3, 0.2, "32 numbers, in this order: each is scale · (0 to 15) + minimum",
              fontsize=12.5, color=INK)
    save(figure, "12_blocks")


def draw_parts():
    figure, (left, right) = plt.subplots(1, 2, figsize=(11.8, 4.2), layout="constrained",
                                         sharey=True)
    example.fill_parts(left, right)
    save(figure, "12_parts")


if __name__ == "__main__":
    for draw in (draw_idea, draw_heads, draw_blocks, draw_parts):
        draw()
