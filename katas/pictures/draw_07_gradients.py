"""Draw the pictures of lesson 7: `python katas/pictures/draw_07_gradients.py`.

The curves come from the lesson's example, which runs on the reference solution here, so a
picture can never say anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
from matplotlib.patches import FancyArrowPatch
from style import BLUE, GREEN, HERE, INK, ORANGE, blank, card, grid, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))
sys.path.append(str(HERE.parent))

import example_07_gradients as example

DARK_ORANGE = "#a34e06"


def arrow(axes, start, end, **looks):
    looks = {"color": INK, "linewidth": 1.8} | looks
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=15,
                                   shrinkA=0, shrinkB=0, **looks))


def draw_idea():
    figure, axes = blank(12.8, 4.3)
    boxes = [("x @ w", ("linear_backward",), BLUE, "//"),
             ("softmax", ("softmax_backward",), ORANGE, ".."),
             ("loss", ("what it asks", "of the weights"), GREEN, "xx")]
    names = [("x", "grad_x"), ("scores", "grad_scores"), ("weights", "grad_weights"), ("L", "1")]
    width, gap, bottom, height = 2.05, 1.5, 1.45, 1.35
    up, down = bottom + 0.98, bottom + 0.32
    for number, (title, lines, colour, hatch) in enumerate(boxes):
        x = gap + number * (width + gap)
        card(axes, x, bottom, width, height, title, lines, strip=(colour, hatch))
    for number, (forward, backward) in enumerate(names):
        left = number * (width + gap)
        arrow(axes, (left + 0.1, up), (left + gap - 0.05, up))
        arrow(axes, (left + gap - 0.05, down), (left + 0.1, down), color=DARK_ORANGE,
              linestyle="--")
        middle = left + gap / 2 + 0.02
        axes.text(middle, up + 0.14, forward, ha="center", fontsize=14, weight="bold", color=INK)
        axes.text(middle, down - 0.34, backward, ha="center", fontsize=13, weight="bold",
                  color=DARK_ORANGE)
    first = gap + width / 2
    arrow(axes, (first - 0.3, 3.5), (first - 0.3, bottom + height), color=INK)
    arrow(axes, (first + 0.3, bottom), (first + 0.3, 0.65), color=DARK_ORANGE, linestyle="--")
    axes.text(first - 0.3, 3.58, "w", ha="center", fontsize=14, weight="bold", color=INK)
    axes.text(first + 0.3, 0.32, "grad_w", ha="center", fontsize=13, weight="bold",
              color=DARK_ORANGE)
    axes.text(7.6, 3.55, "forward: what each step makes", ha="center", fontsize=13, color=INK)
    axes.text(8.2, 0.45, "backward: what comes in from above, times what the step does",
              ha="center", fontsize=13, color=DARK_ORANGE)
    save(figure, "07_idea")


def draw_curve(name, fill):
    figure, axes = plt.subplots(figsize=(9.0, 4.8))
    fill(axes)
    figure.tight_layout()
    save(figure, name)


def draw_entry():
    figure, axes = blank(11.6, 3.6)
    top, cell = 2.75, 0.5
    tokens = range(4)
    grid(axes, 1.3, top, 4, 3, "x", cell, shaded={(token, 1) for token in tokens})
    grid(axes, 4.7, top, 4, 2, "grad_out", cell, shaded={(token, 0) for token in tokens},
         hatch="..", colour=ORANGE)
    grid(axes, 8.4, top, 3, 2, "grad_w", cell, shaded={(1, 0)}, hatch="xx", colour=GREEN)
    for token in tokens:
        axes.text(1.2, top - (token + 0.5) * cell, f"token {token}", ha="right", va="center",
                  fontsize=12, color=INK)
        axes.text(3.75, top - (token + 0.5) * cell, "times", ha="center", va="center",
                  fontsize=12, color=INK)
    middle = top - 1.5 * cell
    axes.text(7.0, middle + 0.1, "summed over the tokens", ha="center", fontsize=12, color=INK)
    arrow(axes, (5.85, middle), (8.3, middle))
    axes.text(2.05, 0.42, "column 1: what the weight\nmultiplied", ha="center", va="center",
              fontsize=12.5, color=INK)
    axes.text(5.2, 0.42, "column 0: what its\noutput asks for", ha="center", va="center",
              fontsize=12.5, color=INK)
    axes.text(8.9, 0.42, "row 1, column 0:\nthe weight between the two", ha="center", va="center",
              fontsize=12.5, color=INK)
    save(figure, "07_entry")


if __name__ == "__main__":
    draw_idea()
    draw_curve("07_slope", example.draw_slope)
    draw_curve("07_step", example.draw_steps)
    draw_entry()
