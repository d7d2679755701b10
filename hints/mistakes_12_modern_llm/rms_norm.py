"""Mistakes in rms_norm: what is averaged, and where eps and the gain go."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

MEAN = "(x * x).mean(axis=-1, keepdims=True)"

subtracts_the_mean = edit("rms_norm", """You subtract the mean first, as in layer norm. Here the
    mean stays: only the size of a token changes.""",
    ("mean_square =", "x = x - x.mean(axis=-1, keepdims=True)\nmean_square ="), common=True)

divides_by_the_deviation = edit("rms_norm", """You divide by the standard deviation, which is taken
    about the mean: equal numbers have none. The mean square is that of the numbers as they are.""",
    (MEAN, "x.var(axis=-1, keepdims=True)"), common=True)

takes_two_roots = edit("rms_norm", """You divide by the root of the standard deviation, which is a
    root already. Inside the root is the mean of the squares.""",
    (MEAN, "x.std(axis=-1, keepdims=True)"))

sums_the_squares = edit("rms_norm", """You divide by the length of a token, the root of the sum of
    its squares. It is the root of their mean, so that numbers of size 1 stay of size 1.""",
    (MEAN, "(x * x).sum(axis=-1, keepdims=True)"), common=True)

averages_the_sizes = edit("rms_norm", """You divide by the mean of the absolute values. The numbers
    are squared first, then averaged, and then the root is taken.""",
    (MEAN, "np.abs(x).mean(axis=-1, keepdims=True) ** 2"))

takes_no_root = edit("rms_norm", """You divide by the mean square, and not by its root, so a token
    that is twice as large comes out half as large.""",
    ("np.sqrt(mean_square + eps)", "(mean_square + eps)"), common=True)

adds_eps_after_the_root = edit("rms_norm", """You add eps to the root. It belongs inside: the root
    of the mean square plus eps.""",
    ("np.sqrt(mean_square + eps)", "(np.sqrt(mean_square) + eps)"), common=True)

leaves_eps_out = edit("rms_norm", """You leave eps out: for a token of zeros, 0 is divided by
    0.""",
    ("mean_square + eps", "mean_square"), denies=True, common=True)

has_an_eps_of_its_own = edit("rms_norm", """You use a fixed eps, and not the one that is handed
    in.""",
    ("mean_square + eps", "mean_square + fixed"), denies=True, fixed=(1e-5, 1e-6, 1e-8))

leaves_the_gain_out = edit("rms_norm", """Your gain has no effect: multiply by it at the end.""",
    (" * gain", ""), denies=True, common=True)

adds_one_to_the_gain = edit("rms_norm", """You multiply by 1 + gain. That is another convention, of
    models such as Gemma, whose files hold the gain less 1. Here the gain is the whole factor.""",
    ("* gain", "* (1 + gain)"), common=True)

applies_the_gain_first = edit("rms_norm", """You apply the gain before you measure the size, so that
    it is divided away in part. It comes last.""",
    ("mean_square =", "x = x * gain\nmean_square ="), (" * gain", ""))

measures_all_tokens_together = edit("rms_norm", """You take one mean for all tokens. Each token has
    its own: over the last axis.""",
    ("mean(axis=-1, keepdims=True)", "mean()"))

widens_by_eps = edit(
    "rms_norm", """Your eps makes float64 of float32: a NumPy float64 widens what it
    meets, a plain Python number does not.""",
    ("+ eps", "+ np.float64(eps)"))


@probes("rms_norm")
def probe_rms_norm():
    rng = np.random.default_rng(120)
    for shape in ((3, 7), (2, 3, 5), (2, 3, 4, 6), (5,)):
        x, gain = rng.normal(size=shape), rng.normal(size=shape[-1])
        yield given(x, gain)
        yield given(x + 2, gain, 0.3)
        yield given(x.astype(np.float32), gain.astype(np.float32), 0.25)
    yield given(np.zeros((2, 3)), np.ones(3))
    yield given(np.full((2, 3), 4.0), np.array([1.0, 2, 3]))
    yield given(np.array([[3, -4, 12], [1, 1, 2]]), np.array([2.0, 1, 1]), 1.0)
    yield given(rng.normal(size=(2, 3)) * 1e-3, np.ones(3))
