"""The assertions about gradients: a returned gradient is compared with a measured one.

Nothing here calls the reader's functions: the forward function belongs to the spec, in float64.

    gradient(grad_x, forward, x, grad_out)                    of one array, entry by entry
    gradients(grads, forward, params, grad_out)               of each array in dicts and lists
    predicts((grad_x, grad_w), forward, (x, w), grad_out)     of several, in a Taylor test

The derivative is that of sum(forward(x) * grad_out); a forward function that returns a loss, one
number, needs no grad_out.
"""

from collections.abc import Callable

import numpy as np

from tests.runner import limits
from tests.runner.layout.one_line import listed
from tests.runner.specs.check import Gradient, Mismatch, branches, close, fails, is_array

ENTRYWISE = 64  # entries; of a larger array, random directions are tried before single entries
N_DIRECTIONS = 3


def gradient(actual, forward: Callable, at, grad_out=1.0, *, on_paper=None, rtol=None, dtype=None,
             of=None, conventions: dict | None = None):
    """Check that an answer is the gradient of sum(forward(x) * grad_out) at a point.

    on_paper:    the gradient, if it was worked out by hand
    rtol, dtype, of: as in close
    conventions: for each other convention, which is no mistake, a sentence and the gradient in it
    """
    __tracebackhide__ = True
    at = np.asarray(at, dtype=np.float64)

    def measured(weights):
        return differences(lambda x: np.sum(forward(x) * weights), at)

    if on_paper is None and dtype is None and at.size > ENTRYWISE:
        if _climbs_as_promised(actual, lambda x: np.sum(forward(x) * grad_out), at):
            return
    expected = measured(grad_out) if on_paper is None else on_paper
    rtol = rtol or (limits.RIGHT_GRADIENT if on_paper is None else limits.RIGHT)
    try:
        close(actual, expected, rtol=rtol, dtype=dtype, of=of)
    except Mismatch as mismatch:
        mismatch.gradient = Gradient(
            np.asarray(grad_out), measured, on_paper is not None, conventions or {})
        raise


def gradients(actual, forward: Callable, at, grad_out=1.0, *, of=None, path="", **how):
    """Check a gradient for each array in nested dicts and lists; forward takes all of them.

    of, path: as in tree_close
    """
    __tracebackhide__ = True
    of = actual if of is None else of
    if not isinstance(at, (dict, list)):
        try:
            gradient(actual, forward, at, grad_out, of=of, **how)
        except Mismatch as mismatch:
            mismatch.path = path
            raise
        return
    for key, branch in branches(actual, at, of, path):
        gradients(actual[key], lambda new, key=key: forward(_with(at, key, new)), at[key], grad_out,
                  of=of, path=branch, **how)


def predicts(actual, forward: Callable, at, grad_out=1.0):
    """Check gradients by a Taylor test: what they do not predict falls with the square of the step.

    actual: the gradients, one for each argument of forward
    at:     the arguments, which are all moved at once
    """
    __tracebackhide__ = True

    def each_alone(wanted):
        for i, (one, x) in enumerate(zip(actual, at, strict=True)):
            if wanted(one, x):
                gradient(one, lambda new: forward(*at[:i], new, *at[i + 1 :]), x, grad_out)

    def result(step, directions):
        moved = (x + step * along for x, along in zip(at, directions))
        return np.sum(forward(*moved) * grad_out)

    each_alone(lambda one, x: not _fits(one, x))  # says what it is instead
    for directions in _directions(*at):
        promised = sum(np.sum(one * along) for one, along in zip(actual, directions))
        start = result(0.0, directions)
        steps = limits.TAYLOR_STEPS
        left = [abs(result(step, directions) - start - step * promised) for step in steps]
        rounding = limits.TAYLOR_ROUNDING * max(1.0, abs(start))
        if not left[1] <= max(left[0] / limits.TAYLOR_FALL, rounding):
            each_alone(lambda one, x: True)  # says which is wrong, and how
            fails(actual[0], f"A step of {steps[0]} ends {left[0]:.2g} off what your gradients "
                             f"promise, and one of {steps[1]} ends {left[1]:.2g} off. With a tenth "
                             "of the step, a hundredth should be left.")


def unpacked(answer, *names):
    """What a function returns, once it is known to be a tuple (or a list) of that length."""
    __tracebackhide__ = True
    if answer is None:
        fails(answer, "It returned None. Is there a `return` on every path?")
    if not isinstance(answer, (tuple, list)) or len(answer) != len(names):
        fails(answer, f"A tuple of {len(names)} is expected: {listed(names)}. It returned "
                      "something else.")
    return answer


def differences(f: Callable, x):
    """The gradient of f at x, by moving each entry on its own."""
    measured = np.empty(np.shape(x))
    for index in np.ndindex(measured.shape):
        along = np.zeros_like(measured)
        along[index] = 1.0
        measured[index] = _slope(f, x, along)
    return measured


def _slope(f: Callable, x, along) -> float:
    """The slope of f at x in a direction: central differences of fourth order."""
    step = limits.GRADIENT_STEP
    near, far = (f(x + n * step * along) - f(x - n * step * along) for n in (1, 2))
    return (8 * near - far) / (12 * step)


def _climbs_as_promised(actual, loss: Callable, at) -> bool:
    """Whether a gradient predicts the slope of the loss in random directions."""
    if not _fits(actual, at):
        return False
    room = limits.RIGHT_GRADIENT * np.abs(actual).max()
    return all(abs(np.sum(actual * along) - _slope(loss, at, along)) <= room
               for (along,) in _directions(at))


def _directions(*arrays):
    """A few random directions, each with a part for every array."""
    rng = np.random.default_rng(7)
    for _ in range(N_DIRECTIONS):
        yield tuple(rng.normal(size=np.shape(array)) for array in arrays)


def _fits(actual, at) -> bool:
    return is_array(actual) and actual.shape == np.shape(at) and actual.dtype.kind in "iuf"


def _with(tree: dict | list, key, new):
    """A copy of a dict or list with one part exchanged."""
    changed = tree.copy()
    changed[key] = new
    return changed
