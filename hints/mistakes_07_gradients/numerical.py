"""Mistakes in numerical_gradient: at which points f is evaluated, and in which dtype."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

DIFFERENCE = "(f(x + nudge) - f(x - nudge)) / (2 * step)"
EACH_NUMBER = """for index in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[index] = step
        gradient[index] = (f(x + nudge) - f(x - nudge)) / (2 * step)"""

looks_to_one_side = edit("numerical_gradient", """You compare f one step further up with f at x
    itself: that is one side alone. Nudge down as well, and divide by twice the step.""",
    (DIFFERENCE, "(f(x + nudge) - f(x)) / step"), common=True)

divides_one_side_by_two_steps = edit("numerical_gradient", """You compare f one step further up
    with f at x itself, and divide by two steps. Nudge down from x as well: two steps lie between
    these points.""",
    (DIFFERENCE, "(f(x + nudge) - f(x)) / (2 * step)"))

looks_down_alone = edit("numerical_gradient", """You compare f at x with f one step further
    down: that is one side alone. Nudge up as well, and divide by twice the step.""",
    (DIFFERENCE, "(f(x) - f(x - nudge)) / step"))

divides_by_one_step = edit("numerical_gradient", """Your slopes are twice as large as they
    should be: from one step below to one step above it is two steps. Divide by 2 * step.""",
    ("(2 * step)", "step"), common=True)

multiplies_by_the_step = edit("numerical_gradient", """You multiply by the step at the end. The
    difference should be divided by it: by twice the step.""",
    ("(2 * step)", "2 * step"))

answers_with_the_differences = edit("numerical_gradient", """You return how far f moves, and not
    how far for each 1 in x. Divide by twice the step.""",
    (DIFFERENCE, "f(x + nudge) - f(x - nudge)"))

has_a_step_of_its_own = edit("numerical_gradient", """Your step is a fixed number: the argument
    has no effect. Nudge by `step`, and divide by twice that.""",
    ("nudge[index] = step", "nudge[index] = fixed"), ("(2 * step)", "(2 * fixed)"),
    denies=True, fixed=(1e-5, 1e-6, 1e-4, 1e-3, 1e-7))

nudges_all_numbers_at_once = edit("numerical_gradient", """You nudge all numbers of x at once,
    so every slope is the sum of all of them. Nudge one number at a time, the others as they
    are.""",
    ("nudge[index] = step", "nudge[...] = step"), common=True)

nudges_whole_rows = edit("numerical_gradient", """You go through the first axis of x alone, and
    nudge all numbers of a row at once. Go through the indices of all axes, as np.ndindex gives
    them.""",
    ("np.ndindex(x.shape)", "range(len(x))"))

gives_a_row_of_slopes = edit("numerical_gradient", """Your slopes are in one row. The gradient
    should have the shape of x: bring them back to it.""",
    ("return gradient", "return gradient.ravel()"))

nudges_in_the_dtype_of_x = edit("numerical_gradient", """You nudge in the dtype of x. For
    float32 a step of 1e-5 is lost in rounding, and integers cut it off. Turn x into float64
    first.""",
    ("np.asarray(x, dtype=np.float64)", "np.asarray(x)"), common=True)

gives_the_slopes_the_dtype_of_x = edit("numerical_gradient", """Your slopes are written into an
    array of x's own dtype: integers cut them, and float32 rounds them. The gradient should be
    float64.""",
    ("x = np.asarray(x, dtype=np.float64)\n    gradient = np.zeros_like(x)",
     "gradient = np.zeros_like(x)\nx = np.asarray(x, dtype=np.float64)"))

steps_in_proportion = edit("numerical_gradient", """You multiply the step by the number that is
    nudged, so a number of 0 is not nudged at all. The step should be the same for all.""",
    ("nudge[index] = step", "nudge[index] = step * x[index]"),
    ("(2 * step)", "(2 * step * x[index])"))

calls_f_with_one_number = edit("numerical_gradient", """You call f with the one number that is
    nudged. f takes an array of x's shape: all numbers, one of them nudged.""",
    (DIFFERENCE, "(f(x[index] + step) - f(x[index] - step)) / (2 * step)"))


@mistake("numerical_gradient", """Each number stays nudged while the next ones are tried. Put
    the old value back before you go on, or nudge a fresh copy.""", common=True)
def leaves_every_number_nudged(f, x, step=1e-5):
    x = np.array(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        x[index] += step
        above = f(x)
        x[index] -= 2 * step
        gradient[index] = (above - f(x)) / (2 * step)
    return gradient


@mistake("numerical_gradient", """You look four times, at one and at two steps: a formula of
    higher order. That is another convention, and more exact; the docstring's has one step to
    each side.""")
def looks_at_two_steps(f, x, step=1e-5):
    x = np.asarray(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[index] = step
        near, far = f(x + nudge) - f(x - nudge), f(x + 2 * nudge) - f(x - 2 * nudge)
        gradient[index] = (8 * near - far) / (12 * step)
    return gradient


@probes("numerical_gradient")
def probe_numerical_gradient():
    def curved(x):
        return (x**3).sum() + x[..., 0].sum() * x[..., 1].sum()

    def squared_sum(x):
        return np.sum(x) ** 2

    x = np.array([[0.0, 2.0, -1.0], [1.5, 0.5, 3.0]])
    yield given(squared_sum, x, step=0.5)
    yield given(curved, x, step=0.25)
    yield given(curved, x.T.copy(), 0.5)
    yield given(curved, np.array([3.0, 0.0, -2.0]), step=1.0)
    yield given(curved, x, step=2.0**-10)  # with which sums are exact, however they are written
    yield given(curved, 1000 * x.astype(np.float32))
    yield given(curved, np.array([[2, 3], [4, 1]]))
