"""Mistakes in layer_norm: along which axes, and with which shapes."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

norms_along_the_first_axis = edit("layer_norm", """Your mean and variance run along axis 0, the
    first axis of x. They should run along the last axis, over the numbers of one token:
    axis=-1.""",
    ("axis=-1", "axis=0", 2), common=True)

norms_along_the_tokens = edit("layer_norm", """Your mean and variance run over the tokens, so
    that each token depends on the others. They should run along the last axis, over the numbers
    of one token: axis=-1.""",
    ("1", "2", 2), common=True)

norms_along_axis_one = edit("layer_norm", """Your mean and variance run along axis 1, which is
    the last one only if x has two axes. Counted from the end it is always axis=-1.""",
    ("axis=-1", "axis=1", 2))

norms_along_axis_two = edit("layer_norm", """Your mean and variance run along axis 2, which is
    the last one only if x has three axes. Counted from the end it is always axis=-1.""",
    ("axis=-1", "axis=2", 2))

norms_the_whole_array = edit("layer_norm", """All tokens share one mean and one variance, those
    of the whole array. Each token should have its own: axis=-1.""",
    ("axis=-1, keepdims=True", "", 2))

norms_each_sequence = edit("layer_norm", """All tokens of a sequence share one mean and one
    variance: yours run over the last two axes. Each token should have its own: axis=-1.""",
    ("axis=-1", "axis=(-2, -1)", 2))

norms_all_but_the_first_axis = edit("layer_norm", """Everything after the first axis of x shares
    one mean and one variance, which is right for two axes and wrong for more. Each token should
    have its own: axis=-1.""",
    ("axis=-1", "axis=tuple(range(1, x.ndim))", 2))


@mistake("layer_norm", """Everything after the first axis of x shares one mean and one variance,
    which is right for two axes and wrong for more. Each token should have its own: axis=-1.""")
def norms_what_a_loop_over_the_first_axis_finds(x, gain, bias, eps=1e-5):
    output = np.zeros(x.shape)
    for i in range(len(x)):
        output[i] = (x[i] - x[i].mean()) / np.sqrt(x[i].var() + eps) * gain + bias
    return output


norms_over_axes_one_and_two = edit("layer_norm", """Your mean and variance run over axes 1 and 2:
    over a whole sequence, and only if x has three axes or more. Each token should have its own:
    axis=-1.""",
    ("axis=-1", "axis=(1, 2)", 2))

norms_over_axes_zero_and_one = edit("layer_norm", """Your mean and variance run over axes 0 and
    1. They should run along the last axis alone: axis=-1.""",
    ("axis=-1", "axis=(0, 1)", 2))

norms_as_batch_norm = edit("layer_norm", """Your mean and variance run over all tokens of all
    sequences, column by column. That is batch norm; here they should run along the last axis:
    axis=-1.""",
    ("axis=-1", "axis=tuple(range(x.ndim - 1))", 2))

takes_the_mean_of_all = edit("layer_norm", """Your mean is that of the whole array. Each token
    should have its own: axis=-1, as in your variance.""",
    ("x.mean(axis=-1, keepdims=True)", "x.mean()"))

takes_the_variance_of_all = edit("layer_norm", """Your variance is that of the whole array. Each
    token should have its own: axis=-1, as in your mean.""",
    ("x.var(axis=-1, keepdims=True)", "x.var()"))

loses_the_last_axis = edit("layer_norm", """Your mean and variance have lost the last axis, so
    they line up with the columns of x. `keepdims=True` keeps each beside its token.""",
    ("1, keepdims=True", "1", 2), common=True)

loses_the_last_axis_of_the_mean = edit("layer_norm", """Your mean has lost the last axis, so it
    lines up with the columns of x. `keepdims=True` keeps it beside its token.""",
    ("x.mean(axis=-1, keepdims=True)", "x.mean(axis=-1)"))

loses_the_last_axis_of_the_variance = edit("layer_norm", """Your variance has lost the last axis,
    so it lines up with the columns of x. `keepdims=True` keeps it beside its token.""",
    ("x.var(axis=-1, keepdims=True)", "x.var(axis=-1)"))

adds_an_axis_for_tables_alone = edit("layer_norm", """You put mean and variance beside the tokens
    with a new axis 1, which fits two axes only. `keepdims=True` fits any number.""",
    ("(axis=-1, keepdims=True)", "(axis=-1)[:, None]", 2))

gives_gain_and_bias_to_the_tokens = edit("layer_norm", """You line up gain and bias with the
    tokens. They have one number for each column, and line up with the last axis as they are.""",
    ("gain + bias", "gain[:, None] + bias[:, None]"))

multiplies_the_gain_as_a_matrix = edit("layer_norm", """You use the gain in a matrix product,
    `@`, which sums over the columns. Multiply number by number, with `*`.""",
    ("* gain", "@ gain"))

norms_tables_alone = edit("layer_norm", """Your code unpacks the shape of x into two sizes, but x
    may have one axis or many. Counted from the end, the width is always `x.shape[-1]`.""",
    ("mean =", "n_tokens, d_model = x.shape\nmean ="))

norms_three_axes_alone = edit("layer_norm", """Your code unpacks the shape of x into three sizes,
    but x may have one axis or many. Counted from the end, the width is always `x.shape[-1]`.""",
    ("mean =", "batch, n_tokens, d_model = x.shape\nmean ="))

divides_by_the_first_axis = edit("layer_norm", """You divide your sums by the length of the first
    axis of x, the number of tokens or batches. They run over d_model numbers: divide by
    `x.shape[-1]`.""",
    ("x.mean(axis=-1, keepdims=True)", "x.sum(axis=-1, keepdims=True) / len(x)"),
    ("x.var(axis=-1, keepdims=True)", "((x - mean) ** 2).sum(axis=-1, keepdims=True) / len(x)"))


@probes("layer_norm")
def probe_layer_norm():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(2, 3, 4, 5)) * 3 + 1
    gain, bias = rng.normal(size=(2, 5))
    yield given(x[0, 0, :2, :2], gain[:2], bias[:2])
    yield given(x[0, 0], gain, bias)
    yield given(x[0, 0, 0], gain, bias)
    yield given(x[0, 0, :3, :3], gain[:3], bias[:3], eps=0.5)
    yield given(x[0, :, :3, :3], gain[:3], bias[:3])
    yield given(x[0], gain, bias)
    yield given(x, gain, bias)
    yield given(x[0, 0], gain, bias, 2.0)
    yield given(x[0, 0] * 1e-3, gain, bias)
    yield given(np.array([[3.0, 3.0, 3.0, 3.0, 3.0], [1.0, 2.0, 3.0, 5.0, 8.0]]), gain, bias)
    # Mean, variance and gain are exact in float32 here, however they are worked out.
    tokens = np.array([[1, 3, 4, 5, 7], [10, 0, 0, 0, 0], [50, 30, 20, 10, -10]], dtype=np.float32)
    yield given(tokens, np.array([2, 4, 1, -2, 0.5], np.float32),
                np.array([3, 0, -1, 2, 0.25], np.float32), eps=0.1)
    yield given(np.rint(4 * x[0, 0]).astype(int), gain, bias)
