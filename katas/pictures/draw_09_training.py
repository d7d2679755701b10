"""Draw the pictures of lesson 9: `python katas/pictures/draw_09_training.py`.

The rates are those of the reference solution. The curve is that of the run that `make example-09`
has finished last: it is drawn from the log in .kata-models/names.npz.
"""

import sys

import matplotlib.pyplot as plt
from matplotlib.patches import FancyArrowPatch
from style import BLUE, GREEN, GREY, HERE, INK, ORANGE, blank, card, save

ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "hints" / "solutions"), str(HERE.parent)]

import example_09_training as example
from kata_09_training import learning_rate
from training.broken import EVERY, LETTERS, RUNS, curves
from training.saved import load, model_file

DARK_ORANGE = "#a34e06"


def arrow(axes, start, end, **looks):
    looks = {"color": INK, "linewidth": 1.8, "connectionstyle": "arc3"} | looks
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=15,
                                   shrinkA=0, shrinkB=0, **looks))


def draw_idea():
    figure, axes = blank(13.2, 5.0)
    width, height, top, low = 2.3, 1.2, 3.3, 0.9
    card(axes, 0.3, top, width, height, "get_batch", ("windows of the text",), strip=(BLUE, "//"))
    card(axes, 3.6, top, width, height, "gpt_gradients", ("loss, gradients",),
         strip=(ORANGE, ".."))
    card(axes, 6.9, top, width, height, "clip_gradients", ("one norm for all",),
         strip=(ORANGE, ".."))
    card(axes, 10.2, top, width + 0.4, height, "adamw", ("m, v and the rate",), strip=(GREEN, "xx"))
    card(axes, 3.6, low, width, height, "parameters", ("the model",), strip=(GREY, None))
    card(axes, 10.2, low, width + 0.4, height, "learning_rate", ("of this step",),
         strip=(GREEN, "xx"))
    card(axes, 0.3, low, width, height, "held_out_loss", ("nothing is learned", "from it"),
         strip=(BLUE, "//"))
    middle = top + height / 2
    for start, end, name in ((2.6, 3.6, ""), (5.9, 6.9, ""), (9.2, 10.2, "")):
        arrow(axes, (start + 0.05, middle), (end - 0.05, middle))
        axes.text((start + end) / 2, middle + 0.15, name, ha="center", fontsize=12, color=INK)
    arrow(axes, (4.75, low + height + 0.05), (4.75, top - 0.05))
    axes.text(4.9, 2.65, "runs", fontsize=12, color=INK)
    arrow(axes, (11.75, low + height + 0.05), (11.75, top - 0.05))
    arrow(axes, (10.6, top - 0.05), (5.95, low + height / 2), color=DARK_ORANGE,
          connectionstyle="arc3,rad=-0.25")
    axes.text(8.3, 0.7, "new parameters:\nthe next step", ha="center", fontsize=12,
              color=DARK_ORANGE)
    arrow(axes, (3.55, low + height / 2), (2.65, low + height / 2), linestyle="--")
    axes.text(3.1, low + 0.75, "now\nand then", ha="center", fontsize=11, color=INK)
    save(figure, "09_idea")


def draw_rate():
    figure, axes = plt.subplots(figsize=(9.0, 4.4))
    steps, n_steps, peak, floor = range(121), 100, 1.0, 0.1
    rates = {"warm-up, then a cosine": ("-", INK, dict(n_warmup=15)),
             "no warm-up": ("--", DARK_ORANGE, {})}
    for name, (line, colour, how) in rates.items():
        axes.plot(steps, [learning_rate(step, n_steps, peak, floor=floor, **how) for step in steps],
                  linestyle=line, color=colour, linewidth=2.2, label=name)
    axes.plot([15, 100], [peak, floor], linestyle=":", color=GREY, label="a straight line")
    axes.annotate("peak, at step n_warmup", (15, peak), (24, 1.06), fontsize=12)
    axes.annotate("floor, from step n_steps on", (100, floor), (86, 0.19), fontsize=12)
    axes.set(xlabel="step", ylabel="learning rate", ylim=(0, 1.15))
    axes.legend(frameon=False, loc="center right")
    figure.tight_layout()
    save(figure, "09_rate")


def draw_curve():
    run = load(model_file(example.MODEL))
    figure, axes = plt.subplots(figsize=(9.0, 4.8))
    example.fill_curve(axes, run.log)
    figure.tight_layout()
    save(figure, "09_curve")


def draw_runs():
    """The four broken runs of the exercise, each beside the held-out loss of one that is right."""
    figure, panels = plt.subplots(1, 4, figsize=(15.0, 4.0), sharey=True)
    right = curves(RUNS["as it should be"])
    steps = [EVERY * i for i in range(len(right))]
    for axes, letter in zip(panels, LETTERS):
        seen = curves(RUNS[LETTERS[letter]])
        axes.plot(steps, right[:, 1], ":", color=GREY, linewidth=2, 
                  label="held out, if all is right")
        axes.plot(steps, seen[:, 0], "-", color=INK, linewidth=1.2, label="batches")
        axes.plot(steps, seen[:, 1], "--", color=DARK_ORANGE, linewidth=2, label="held out")
        axes.set(title=letter, xlabel="step", ylim=(0, 4.6))
    panels[0].set_ylabel("loss, in nats a letter")
    panels[0].legend(frameon=False, loc="lower left", fontsize=11)
    figure.tight_layout()
    save(figure, "09_runs")


if __name__ == "__main__":
    draw_idea()
    draw_rate()
    draw_curve()
    draw_runs()
