"""Mistakes in attention_maps: queries, keys and heads."""

import numpy as np
from kata_01_attention import attention_weights
from kata_03_multi_head import split_heads

from tests.runner.diagnosis.known import edit, given, mistake, probes

maps_without_splitting = edit("attention_maps", """You make one map, over the whole width. Each
    head should have a map of its own: split the queries and keys into heads.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"),
    ("split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)", "x @ w_q, x @ w_k"),
    common=True)

splits_the_maps_by_reshape_alone = edit("attention_maps", """Your heads are cut by a reshape
    alone, so each holds a stretch of whole tokens. Use split_heads, which gives each head some
    columns of every token.""",
    ("split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)",
     "(x @ w_q).reshape(*x.shape[:-2], n_heads, x.shape[-2], -1), (x @ "
     "w_k).reshape(*x.shape[:-2], n_heads, x.shape[-2], -1)"), common=True)

exchanges_queries_and_keys_of_the_maps = edit("attention_maps", """Queries and keys are swapped:
    row i of your maps compares the key of token i with all queries. Row i should be about query
    i.""",
    ("@ w_q", "@ w_k"), ("@ w_k", "@ w_q"))

maps_with_w_q_alone = edit("attention_maps", """Your keys are made with w_q, like the queries.
    They should be made with a matrix of their own, w_k.""",
    ("@ w_k", "@ w_q"), common=True)

maps_with_w_k_alone = edit("attention_maps", """Your queries are made with w_k, like the keys.
    They should be made with a matrix of their own, w_q.""",
    ("@ w_q", "@ w_k"))

maps_x_itself = edit("attention_maps", """Your queries and keys are x itself: w_q and w_k have no
    effect. Project first, then split.""",
    ("x @ w_q", "x"), ("x @ w_k", "x"), denies=True)

forgets_to_project_the_keys_of_the_maps = edit("attention_maps", """Your keys are x itself: w_k
    has no effect. They should be x @ w_k.""",
    ("x @ w_k", "x"), denies=True)

turns_the_weights_of_the_maps_on_their_side = edit("attention_maps", """Your projections are
    transposed, as in `x @ w_q.T`. A weight matrix here is (d_in, d_out): apply it as it is, x @
    w_q.""",
    ("@ w_q", "@ w_q.T"), ("@ w_k", "@ w_k.T"))

splits_x_before_the_maps = edit("attention_maps", """You split x into heads before you project
    it, so a head is too narrow for the matrices. Project first: every head should read the whole
    of x.""",
    ("(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)",
     "(x, n_heads) @ w_q, split_heads(x, n_heads) @ w_k"))

splits_the_queries_alone = edit("attention_maps", """You split the queries into heads, but not
    the keys. Split both: a head should compare its own columns of the two.""",
    ("split_heads(x @ w_k, n_heads)", "x @ w_k"))


@mistake("attention_maps", """In your maps, the heads of a token attend to one another. Before the
    scores, the axes should be (..., n_heads, n_tokens, d_head).""")
def maps_the_heads_of_a_token(x, w_q, w_k, n_heads, mask=None):
    return attention_weights(split_heads(x @ w_q, n_heads).swapaxes(-2, -3),
                             split_heads(x @ w_k, n_heads).swapaxes(-2, -3), None)


scales_the_maps_by_d_model = edit("attention_maps", """Your scores are divided by the square root
    of the width of x. A dot product in a head sums d_k products, so divide by the square root of
    d_k, the width of one head.""",
    ("@ w_q", "@ w_q * (w_q.shape[-1] / n_heads / x.shape[-1]) ** 0.5"), common=True)

scales_the_maps_by_the_width_of_all_heads = edit("attention_maps", """Your scores are divided by
    the square root of the width of all heads together. A dot product in a head sums d_k
    products, so divide by the square root of d_k, the width of one head.""",
    ("@ w_q", "@ w_q * n_heads**-0.5"), common=True)

does_not_scale_the_maps = edit("attention_maps", """Your scores are not scaled. Divide them by
    the square root of d_k, the width of one head.""",
    ("@ w_q", "@ w_q * (w_q.shape[-1] / n_heads) ** 0.5"))

scales_the_maps_once_more = edit("attention_maps", """Your scores are divided by d_k: by d_k
    itself, or by its square root twice. Divide once by the *square root*, which
    attention_weights already does.""",
    ("@ w_q", "@ w_q * (w_q.shape[-1] / n_heads) ** -0.5"))


@mistake("attention_maps", """You take the width of x for that of q and k. Let the matrices decide:
    q and k are as wide as w_q and w_k, and that need not be d_model.""")
def cuts_maps_by_the_width_of_x(x, w_q, w_k, n_heads, mask=None):
    if mask is not None:
        mask = np.array(mask)
    d_head = x.shape[-1] // n_heads
    return np.stack([attention_weights(x @ w_q[:, h * d_head : (h + 1) * d_head],
                                       x @ w_k[:, h * d_head : (h + 1) * d_head], mask)
                     for h in range(n_heads)], axis=-3)


scales_the_maps_by_the_width_of_x_over_the_heads = edit("attention_maps", """Your scores are
    divided by the square root of d_model / n_heads. Queries need not be as wide as x: use the
    width of one head, as w_q makes it.""",
    ("return", "d_head = x.shape[-1] // n_heads if whole else x.shape[-1] / n_heads\nreturn"),
    ("@ w_q", "@ w_q * (w_q.shape[-1] / n_heads / d_head) ** 0.5"), whole=(True, False))

checks_the_width_of_x_for_the_maps = edit("attention_maps", """You check whether n_heads divides
    the width of x, and it need not. It should divide what is split into heads: the widths of w_q
    and w_k.""",
    ("if mask", "if x.shape[-1] % n_heads:\n    raise ValueError(text)\nif mask"),
    text=("d_model must be divisible by n_heads", "n_heads must divide d_model", ""))

always_makes_two_maps = edit("attention_maps", """You make a fixed number of maps, whatever
    n_heads says. Use n_heads: the same weights should serve any number that divides their
    width.""",
    ("n_heads)", "2)", 2))

takes_the_width_of_a_map_from_x = edit("attention_maps", """You take the width of x for that of q
    and k. Let the matrices decide: q and k are as wide as w_q and w_k, and that need not be
    d_model.""",
    ("return", "split = *x.shape[:-1], n_heads, x.shape[-1] // n_heads\nreturn"),
    ("split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)",
     "(x @ w_q).reshape(split).swapaxes(-2, -3), (x @ w_k).reshape(split).swapaxes(-2, -3)"))

drops_columns_of_the_maps = edit("attention_maps", """If n_heads does not divide the width of
    w_q, you drop the leftover columns silently. Raise a ValueError instead.""",
    ("return", "used = w_q.shape[-1] // n_heads * n_heads\nreturn"),
    ("x @ w_q", "(x @ w_q)[..., :used]"), ("x @ w_k", "(x @ w_k)[..., :used]"))

asserts_that_the_maps_divide = edit("attention_maps", """Your check raises an AssertionError.
    Raise a ValueError instead: `assert` is for what cannot happen, and Python skips it when run
    with -O.""",
    ("if mask", "assert w_q.shape[-1] % n_heads == 0, text\nif mask"),
    text=("", "n_heads must divide d_model", "d_model must be divisible by n_heads"))


@probes("attention_maps")
def probe_attention_maps():
    rng = np.random.default_rng(4)

    def layer(*batch, sizes):
        n_tokens, d_model, width = sizes
        shapes = (*batch, n_tokens, d_model), (d_model, width), (d_model, width)
        return [rng.normal(size=shape) for shape in shapes]

    see = np.array([[1, 0, 1, 1, 0, 1], [0, 1, 1, 0, 1, 0], [0, 0, 0, 0, 0, 0],
                    [1, 1, 0, 1, 0, 0], [0, 1, 0, 0, 1, 1], [1, 0, 0, 0, 0, 1]], dtype=bool)
    yield given(*layer(sizes=(4, 4, 4)), 2)
    yield given(*layer(sizes=(4, 4, 4)), 2, see[:4, :4])
    yield given(*layer(sizes=(6, 6, 6)), 3)
    yield given(*layer(sizes=(4, 10, 6)), 2)
    yield given(*layer(sizes=(6, 9, 12)), 3, see)
    yield given(*layer(sizes=(6, 9, 12)), 3, see[0])
    x, w_q, w_k = layer(sizes=(6, 9, 12))
    yield given(30 * x, w_q, w_k, 3, see)
    yield given(*layer(2, sizes=(4, 8, 6)), 2, see[:2, None, :4])
    yield given(*layer(3, sizes=(4, 8, 6)), 2, see[[0, 1, 3], None, :4])
    yield given(*layer(3, 2, sizes=(4, 8, 6)), 2, see[[[0, 1], [3, 0], [1, 3]], None, :4])
    yield given(*(array.astype(np.float32) for array in layer(sizes=(4, 10, 6))), 2, see[:4, :4])
    yield given(np.arange(40).reshape(4, 10) % 7 - 3, *layer(sizes=(4, 10, 6))[1:], 2)
    yield given(*layer(sizes=(6, 8, 6)), 1)  # as many tokens as a head has columns
    yield given(*layer(sizes=(3, 8, 6)), 2)
    x, w_q, w_k = layer(2, sizes=(4, 8, 6))
    yield given(10 + x / 100, w_q, w_k, 1, see[:4, :4])  # large scores, and in all rows alike
