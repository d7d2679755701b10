"""Draw the pictures of lesson 4: `python katas/pictures/draw_04_positional.py`.

Angles, rows and scores come from the reference solution of the kata, so a picture can
never say anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Arc, Circle, FancyArrowPatch, Rectangle
from style import BLUE, GREEN, GREY, HERE, INK, ORANGE, blank, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))

from kata_04_positional import apply_rotary, rotary_angles, sinusoidal_encoding

DARK_ORANGE = "#a34e06"


def arrow(axes, start, end, **looks):
    looks = {"color": INK, "linewidth": 2.2, "mutation_scale": 18} | looks
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", shrinkA=0, shrinkB=0, **looks))


def draw_clock():
    positions = np.array([0, 1, 2, 10, 50])
    angles = rotary_angles(positions, 6, base=1000.0)  # rates 1, 1/10, 1/100
    names = ["fast hand\n1 radian a position", "ten times slower", "a hundred times\nslower"]
    figure, axes = blank(10.6, 6.3)
    radius = 0.66
    axes.text(0.2, 5.9, "position", fontsize=15, weight="bold", color=INK, va="center")
    for column, position in enumerate(positions):
        x = 3.2 + 1.62 * column
        axes.text(x, 5.9, str(position), ha="center", va="center", fontsize=17, weight="bold",
                  color=INK)
        for row, name in enumerate(names):
            y = 4.75 - 1.85 * row
            if column == 0:
                axes.text(0.2, y, name, fontsize=13, color=INK, va="center")
            angle = angles[column, row]
            axes.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=INK, linewidth=1.3))
            axes.plot([x, x], [y + radius - 0.12, y + radius], color=GREY, linewidth=2)
            # 0 is at the top and hands turn clockwise: the tip is (sin, cos).
            tip = x + 0.92 * radius * np.sin(angle), y + 0.92 * radius * np.cos(angle)
            arrow(axes, (x, y), tip)
            label = f"sin {np.sin(angle):.2f}, cos {np.cos(angle):.2f}"
            axes.text(x, y - radius - 0.17, label, ha="center", va="center", fontsize=11, color=INK)
    save(figure, "04_clock")


def draw_rotate():
    q, k = np.array([[3.0, 1.0]]) / 3.4, np.array([[2.0, 1.0]]) / 3.4
    figure, axes = blank(10.6, 5.0)
    for x, at, title in [(2.7, (1, 0), "query at 1, key at 0"),
                         (7.9, (4, 3), "query at 4, key at 3")]:
        y, radius = 2.35, 1.75
        axes.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=GREY, linewidth=1.0))
        # Anticlockwise from the right, as turning is defined; thin arrows are not turned yet.
        for vector, position, name, colour, style in [
            (q, at[0], "query", INK, "-"),
            (k, at[1], "key", DARK_ORANGE, "--"),
        ]:
            centre = np.array([x, y])
            turned = centre + radius * apply_rotary(vector, np.array([position]))[0]
            arrow(axes, centre, centre + radius * vector[0], color=GREY, linewidth=1.6,
                  linestyle=":", mutation_scale=11)
            arrow(axes, centre, turned, color=colour, linewidth=2.8, linestyle=style)
            away = centre + (turned - centre) * 1.22
            axes.text(*away, name, ha="center", va="center", fontsize=14, weight="bold",
                      color=colour)
        first, last = (
            np.degrees(np.arctan2(*apply_rotary(vector, np.array([position]))[0][::-1]))
            for vector, position in ((k, at[1]), (q, at[0]))
        )
        axes.add_patch(Arc((x, y), 1.0, 1.0, theta1=first, theta2=last, color=INK, linewidth=1.8))
        score = (apply_rotary(q * 3.4, np.array([at[0]]))
                 @ apply_rotary(k * 3.4, np.array([at[1]])).T).item()
        axes.text(x, 4.7, title, ha="center", fontsize=15, weight="bold", color=INK)
        axes.text(x, 0.15, f"angle between them {(last - first) % 360:.0f}°,  q · k = {score:.2f}",
                  ha="center", fontsize=13.5, color=INK)
    arrow(axes, (4.75, 2.35), (5.8, 2.35), linewidth=1.6)
    axes.text(5.27, 2.5, "both move on\nby 3 positions", ha="center", va="bottom", fontsize=12,
              color=INK)
    axes.text(5.27, 2.2, "dotted:\nbefore turning", ha="center", va="top", fontsize=11.5,
              color=GREY)
    save(figure, "04_rotate")


def draw_layouts():
    figure, axes = blank(10.6, 4.6)
    looks = [(BLUE, "//", "-"), (ORANGE, "xx", "--"), (GREEN, "..", "-."), ("white", None, ":")]
    width = 0.78
    for left, title, pairs in [
        (0.4, "neighbours", [(0, 1), (2, 3), (4, 5), (6, 7)]),
        (5.8, "halves", [(0, 4), (1, 5), (2, 6), (3, 7)]),
    ]:
        bottom = 1.35
        axes.text(left + 4 * width * 0.72, 4.25, title, ha="center", fontsize=16, weight="bold",
                  color=INK)
        for i, (pair, (colour, hatch, line)) in enumerate(zip(pairs, looks)):
            middles = [left + (number + 0.5) * width * 0.72 for number in pair]
            for number, middle in zip(pair, middles):
                axes.add_patch(Rectangle((middle - width * 0.36, bottom), width * 0.72,
                                         0.6, facecolor=colour, edgecolor=INK, hatch=hatch,
                                         linewidth=1.1))
                axes.text(middle, bottom + 0.3, str(number), ha="center", va="center", fontsize=14,
                          color=INK, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0})
            height = 0.9 if title == "neighbours" else 1.5 + 0.55 * i
            middle = sum(middles) / 2
            axes.add_patch(Arc((middle, bottom + 0.62), middles[1] - middles[0], height, theta1=0,
                               theta2=180, color=INK, linewidth=2, linestyle=line))
    for i, (colour, hatch, line) in enumerate(looks):
        x = 0.6 + 2.6 * i
        axes.add_patch(Rectangle((x, 0.35), 0.42, 0.36, facecolor=colour, edgecolor=INK,
                                 hatch=hatch))
        axes.text(x + 0.55, 0.53, f"pair {i}, freq. base$^{{-{2 * i}/8}}$" if i
                  else "pair 0, freq. 1", va="center", fontsize=12.5, color=INK)
    save(figure, "04_layouts")


def draw_table():
    table = sinusoidal_encoding(128, 64)
    figure, axes = plt.subplots(figsize=(10.6, 5.4))
    image = axes.imshow(table.T, cmap="Greys", vmin=-1, vmax=1, aspect="auto",
                        interpolation="nearest")
    axes.set_xlabel("position: the row of the table that is added there")
    axes.set_ylabel("column of the table")
    axes.set_yticks([0, 16, 32, 48, 63])
    axes.set_xticks([0, 16, 32, 48, 64, 80, 96, 112, 127])
    bar = figure.colorbar(image, ax=axes, ticks=[-1, 0, 1])
    bar.set_label("entry of the table")
    for side in axes.spines.values():
        side.set_visible(True)
    figure.tight_layout()
    save(figure, "04_table")


def scores(key_is_ahead_by, query_at, distances, d_head=64):
    """The score of one query with keys that many positions behind it; both are all ones."""
    ones = np.ones((1, d_head))
    key = apply_rotary(ones, np.array([key_is_ahead_by]))
    keys = apply_rotary(np.repeat(key, len(distances), axis=0), query_at - distances)
    return (apply_rotary(ones, np.array([query_at])) @ keys.T)[0] / np.sqrt(d_head)


def draw_distance():
    figure, axes = plt.subplots(figsize=(10.6, 4.9))
    distances, some = np.arange(-20, 61), np.arange(-20, 61, 4)
    for ahead, colour, line, marker, name in [
        (0, INK, "-", "o", "key = query"),
        (3, DARK_ORANGE, "--", "s", "key turned 3 positions ahead"),
    ]:
        axes.plot(distances, scores(ahead, 50, distances), line, color=colour, linewidth=2,
                  label=f"{name}; query at 50")
        axes.plot(some, scores(ahead, 5000, some), marker, color=colour, markersize=7,
                  markerfacecolor="white", markeredgewidth=1.6, label=f"{name}; query at 5,000")
        axes.axvline(ahead, color=colour, linestyle=":", linewidth=1.2)
    axes.set_xlabel("distance: positions from the key to the query (negative: the key is ahead)")
    axes.set_ylabel("score")
    axes.set_xticks([-20, -10, 0, 3, 10, 20, 30, 40, 50, 60])
    axes.legend(frameon=False, fontsize=12)
    figure.tight_layout()
    save(figure, "04_distance")


if __name__ == "__main__":
    for draw in (draw_clock, draw_rotate, draw_layouts, draw_table, draw_distance):
        draw()
