"""Your gradients at work: a loss along one weight, the best step, each rule beside a measurement.

    make example-07

The model is the smallest that can guess the next word: a table with a row of logits for each
word. Change TEXT, WORD and NEXT, or RATE, and run it again.
"""

import numpy as np
from drawing import heading, print_bars, save_picture, say
from kata_01_attention import softmax
from kata_05_feed_forward import gelu, layer_norm
from kata_06_transformer import cross_entropy
from kata_07_gradients import (
    cross_entropy_backward,
    embedding_backward,
    gelu_backward,
    layer_norm_backward,
    linear_backward,
    numerical_gradient,
    softmax_backward,
)

TEXT = "the cat sat on the mat . the dog sat on the rug . the cat saw the dog .".split()
VOCABULARY = sorted(set(TEXT))
IDS = np.array([VOCABULARY.index(word) for word in TEXT])
NOW, FOLLOWING = IDS[:-1], IDS[1:]
WORD, NEXT = "the", "cat"  # the weight that is looked at: the logit of "cat" after "the"
TABLE = np.zeros((len(VOCABULARY), len(VOCABULARY)))

LOGITS = np.linspace(-4, 6, 101)  # what the weight is set to
TOUCHED = (-2.0, np.log(4.0), 4.0)  # where the slope is drawn
EXPONENTS = np.arange(1, 14)  # of the steps: 0.1, 0.01, ...
RATE, N_STEPS, N_TRIES = 10.0, 100, 1000


def main():
    show_one_weight()
    show_steps()
    show_rules()
    show_descent()
    say("")
    say(save_picture("gradients", draw, "The first two as a picture"))


def loss(table):
    """How surprised the table is by the text."""
    return cross_entropy(table[NOW], FOLLOWING)


def slopes(table):
    """The gradient of the table: back through the loss, then back through the look-up."""
    grad_logits = cross_entropy_backward(table[NOW], FOLLOWING)
    return embedding_backward(NOW, len(VOCABULARY), grad_logits)


def table_with(logit):
    """The table of zeros, with one weight set to a number."""
    table = TABLE.copy()
    table[VOCABULARY.index(WORD), VOCABULARY.index(NEXT)] = logit
    return table


def slope_at(logit):
    """The slope of the loss in that weight, by rule."""
    return slopes(table_with(logit))[VOCABULARY.index(WORD), VOCABULARY.index(NEXT)]


def measured_at(logit):
    """The same by trying."""
    return float(numerical_gradient(lambda x: loss(table_with(x[0])), np.array([logit]))[0])


def show_one_weight():
    heading("1. The loss along one weight")
    say(f'A table of {TABLE.size} logits, all 0 but one: the logit of "{NEXT}" after "{WORD}". '
        "Going down, it goes from -4 to 6; the bars are the loss, less its lowest value.")
    shown = LOGITS[::10]
    losses = np.array([loss(table_with(logit)) for logit in shown])
    print_bars([f"{logit:+.0f}" for logit in shown], losses - min(map(loss_at, LOGITS)))
    say("The slope says how much the loss grows for each 1 in the weight:")
    for logit in TOUCHED:
        by_rule, by_trying = (round(slope, 6) + 0.0
                              for slope in (slope_at(logit), measured_at(logit)))
        say(f"   at {logit:+.1f}: {by_rule:+.6f} by rule, {by_trying:+.6f} by trying")
    share = float(np.mean(FOLLOWING[NOW == VOCABULARY.index(WORD)] == VOCABULARY.index(NEXT)))
    lowest = LOGITS[np.argmin([loss_at(logit) for logit in LOGITS])]
    model = softmax(table_with(lowest))[VOCABULARY.index(WORD), VOCABULARY.index(NEXT)]
    say(f'Lowest near {lowest:.1f}, where the model gives "{NEXT}" a share of {model:.2f}. In the '
        f'text "{NEXT}" is {share:.2f} of what comes after "{WORD}".')


def loss_at(logit):
    return loss(table_with(logit))


def one_over(x):
    return 1 / x


def error_of_a_step(step, both_sides=True):
    """How far a measured slope of 1/x is off at 1.7; it is -1 / x²."""
    x = 1.7
    if both_sides:
        measured = numerical_gradient(lambda x: one_over(x[0]), np.array([x]), step)[0]
    else:
        measured = (one_over(x + step) - one_over(x)) / step
    return abs(measured + 1 / x**2)


def show_steps():
    heading("2. The error over the step")
    say("The slope of 1/x at 1.7, measured with smaller and smaller steps. The bars show how many "
        "digits are right. First to both sides:")
    names = [f"1e-{exponent:02}" for exponent in EXPONENTS]
    for both_sides in (True, False):
        errors = [error_of_a_step(10.0**-exponent, both_sides) for exponent in EXPONENTS]
        print_bars(names, -np.log10(np.maximum(errors, 1e-16)))
        if both_sides:
            say("Too large a step sees the curve; too small a one sees the rounding. And to one "
                "side:")


def show_rules():
    heading("3. Each rule beside a measurement")
    say("Random numbers of size 1, and a random gradient from above. Apart by, relative to the "
        "largest number:")
    rng = np.random.default_rng(0)
    x, grad_out = rng.normal(size=(2, 2, 4, 6))
    w, above = rng.normal(size=(6, 3)), rng.normal(size=(2, 4, 3))
    gain, bias = rng.normal(size=(2, 6))
    ids, targets = rng.integers(0, 5, (2, 4)), rng.integers(0, 6, (2, 4))
    grad_x, grad_w = linear_backward(x, w, above)
    norm_x, norm_gain, norm_bias = layer_norm_backward(x, gain, bias, grad_out)
    table = rng.normal(size=(5, 6))
    for name, by_rule, forward, at, weights in [
        ("linear, x", grad_x, lambda x: x @ w, x, above),
        ("linear, w", grad_w, lambda w: x @ w, w, above),
        ("embedding", embedding_backward(ids, 5, grad_out), lambda t: t[ids], table, grad_out),
        ("softmax", softmax_backward(x, grad_out), softmax, x, grad_out),
        ("cross-entropy", cross_entropy_backward(x, targets),
         lambda x: cross_entropy(x, targets), x, 1.0),
        ("gelu", gelu_backward(x, grad_out), gelu, x, grad_out),
        ("layer norm, x", norm_x, lambda x: layer_norm(x, gain, bias), x, grad_out),
        ("layer norm, gain", norm_gain, lambda g: layer_norm(x, g, bias), gain, grad_out),
        ("layer norm, bias", norm_bias, lambda b: layer_norm(x, gain, b), bias, grad_out),
    ]:  # fmt: skip
        by_trying = numerical_gradient(lambda a: (forward(a) * weights).sum(), at)
        apart = np.abs(by_rule - by_trying).max() / np.abs(by_trying).max()
        say(f"   {name:<17} {apart:.0e}   {by_rule.size:3} slopes, {2 * at.size:3} losses to "
            "measure")


def show_descent():
    heading("4. Downhill")
    say(f"What gradients are for: {N_STEPS} steps against the gradient, each {RATE:.0f} times the "
        f"slopes. Beside it {N_TRIES:,} random changes of the whole table, the good ones kept.")
    table = TABLE
    for step in range(N_STEPS + 1):
        if step in (0, 1, 10, N_STEPS):
            say(f"   step {step:5}: loss {loss(table):.3f}")
        table = table - RATE * slopes(table)
    rng, tried = np.random.default_rng(0), TABLE
    for tries in range(1, N_TRIES + 1):
        new = tried + 0.1 * rng.normal(size=tried.shape)
        tried = new if loss(new) < loss(tried) else tried
        if tries in (10, 100, N_TRIES):
            say(f"   tries {tries:4}: loss {loss(tried):.3f}")
    after = softmax(table)[VOCABULARY.index(WORD)]
    say(f'What the table has learned of "{WORD}":')
    print_bars(VOCABULARY, after)


def draw():
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    figure = Figure(figsize=(12, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    draw_slope(left)
    draw_steps(right)
    return figure


def draw_slope(axes):
    """The loss along one weight, with a piece of the straight line that the slope means."""
    axes.plot(LOGITS, [loss_at(logit) for logit in LOGITS], color="black", linewidth=2.2)
    for logit, colour in zip(TOUCHED, ("#2c6aa0", "#5a5a5a", "#a34e06")):
        slope, height = slope_at(logit), loss_at(logit)
        along = np.array([-1.1, 1.1])
        axes.plot(logit + along, height + slope * along, "--", color=colour, linewidth=2.2)
        axes.plot([logit], [height], "o", color=colour, markersize=8)
        side = "left" if slope < -0.01 else "right" if slope > 0.01 else "center"
        axes.annotate(f"slope {round(slope, 2) + 0.0:.2f}", (logit, height), (0, 20), color=colour,
                      textcoords="offset points", ha=side)
    axes.set(xlabel=f'the weight: the logit of "{NEXT}" after "{WORD}"', ylabel="the loss")


def draw_steps(axes):
    """The error of a measured slope over the step."""
    steps = 10.0 ** -np.linspace(1, 13, 73)
    for both_sides, line, marker, colour in ((False, "--", "s", "#a34e06"),
                                             (True, "-", "o", "black")):
        errors = [error_of_a_step(step, both_sides) for step in steps]
        label = "to both sides" if both_sides else "to one side"
        axes.plot(steps, np.maximum(errors, 1e-14), line, marker=marker, markevery=6, color=colour,
                  label=label, linewidth=1.8)
    axes.axvline(1e-5, color="#6b6b6b", linewidth=1.0, linestyle=":")
    axes.text(1.3e-5, 1e-2, "1e-5", color="#5a5a5a")
    axes.set(xscale="log", yscale="log", xlabel="the step", ylabel="error of the measured slope")
    axes.legend(frameon=False, loc="lower left")


if __name__ == "__main__":
    main()
