"""Mistakes in multi_head_attention: how wide a head is, and how that scales its scores."""

import numpy as np
from kata_01_attention import attention

from tests.runner.diagnosis.known import edit, mistake

scales_by_the_width_of_x_over_the_heads = edit("multi_head_attention", """Your scores are divided
    by the square root of d_model / n_heads. Queries need not be as wide as x: use the width of
    one head, as w_q makes it.""",
    ("return", "d_head = x.shape[-1] // n_heads if whole else x.shape[-1] / n_heads\nreturn"),
    ("q, k, v, mask", "q * (q.shape[-1] / d_head) ** 0.5, k, v, mask"), whole=(True, False))

cuts_values_as_wide_as_keys = edit("multi_head_attention", """Your values are cut as wide as the
    keys, but d_k and d_v may differ. Each head's values should be as wide as w_v, divided by
    n_heads.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"),
    ("return merge_heads(attention(q, k, v, mask))",
     "v, d_k = memory @ w_v, q.shape[-1]\n"
     "return np.concatenate([attention(q[..., h, :, :], k[..., h, :, :], v[..., h * d_k : "
     "(h + 1) * d_k], mask) for h in range(n_heads)], axis=-1)"))


@mistake("multi_head_attention", """You take the width of x for that of q, k and v. Let the matrices
    decide: q is as wide as w_q, v as wide as w_v, and neither need be d_model.""")
def cuts_heads_by_the_width_of_x(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    d_head = x.shape[-1] // n_heads
    q, k, v = (x @ w_q, memory @ w_k, memory @ w_v)
    if mask is not None:
        mask = np.array(mask)
    columns = [slice(h * d_head, (h + 1) * d_head) for h in range(n_heads)]
    heads = [attention(q[..., of], k[..., of], v[..., of], mask) for of in columns]
    return np.concatenate(heads, axis=-1) @ w_o


checks_the_width_of_x = edit("multi_head_attention", """You check whether n_heads divides the
    width of x, and it need not. It should divide what is split into heads: the widths of w_q,
    w_k and w_v.""",
    ("memory = x", "if x.shape[-1] % n_heads:\n    raise ValueError(text)\nmemory = x"),
    text=("d_model must be divisible by n_heads", "n_heads must divide d_model", ""))

scales_by_d_model = edit("multi_head_attention", """Your scores are divided by the square root of
    the width of x. A dot product in a head sums d_k products, so divide by the square root of
    d_k, the width of one head.""",
    ("q, k, v, mask", "q * (q.shape[-1] / x.shape[-1]) ** 0.5, k, v, mask"), common=True)

scales_by_the_width_of_all_heads = edit("multi_head_attention", """Your scores are divided by the
    square root of the width of all heads together. A dot product in a head sums d_k products, so
    divide by the square root of d_k, the width of one head.""",
    ("q, k, v, mask", "q * n_heads**-0.5, k, v, mask"), common=True)

does_not_scale = edit("multi_head_attention", """Your scores are not scaled. Divide them by the
    square root of d_k, the width of one head.""",
    ("q, k, v, mask", "q * q.shape[-1] ** 0.5, k, v, mask"))

scales_once_more = edit("multi_head_attention", """Your scores are divided by d_k: by d_k itself,
    or by its square root twice. Divide once by the *square root*, which attention already does.""",
    ("q, k, v, mask", "q * q.shape[-1] ** -0.5, k, v, mask"))

scales_by_d_v = edit("multi_head_attention", """Your scores are divided by the square root of
    d_v. Values have no part in the scores: divide by the square root of d_k, the width of one
    head's keys.""",
    ("q, k, v, mask", "q * (q.shape[-1] / v.shape[-1]) ** 0.5, k, v, mask"), denies=True)

scales_by_the_number_of_heads = edit("multi_head_attention", """Your scores are divided by the
    square root of the number of heads. Divide by the square root of d_k, the width of one head.""",
    ("q, k, v, mask", "q * (q.shape[-1] / n_heads) ** 0.5, k, v, mask"))

takes_the_width_of_a_head_from_x = edit("multi_head_attention", """You take the width of x for
    that of q, k and v. Let the matrices decide: q is as wide as w_q, v as wide as w_v, and
    neither need be d_model.""",
    ("memory = x",
     "def cut(each, n_heads):\n"
     "    d_head = x.shape[-1] // n_heads\n"
     "    return each.reshape(*each.shape[:-1], n_heads, d_head).swapaxes(-2, -3)\n\n"
     "memory = x"), ("split_heads(", "cut(", 3))

merges_to_the_width_of_x = edit("multi_head_attention", """You merge the heads to the width of x.
    Together they should be n_heads * d_v wide, as w_v is, and that need not be d_model.""",
    ("return merge_heads(attention(q, k, v, mask))",
     "heads = attention(q, k, v, mask).swapaxes(-2, -3)\nreturn heads.reshape(*x.shape)"))

takes_values_to_be_as_wide_as_keys = edit("multi_head_attention", """Your values are cut as wide
    as the keys, but d_k and d_v may differ. Each head's values should be as wide as w_v, divided
    by n_heads.""",
    ("memory = x",
     "def cut(each, n_heads):\n"
     "    d_k = w_q.shape[-1] // n_heads\n"
     "    return each.reshape(*each.shape[:-1], n_heads, d_k).swapaxes(-2, -3)\n\n"
     "memory = x"), ("split_heads(", "cut(", 3))

drops_what_does_not_divide = edit("multi_head_attention", """If n_heads does not divide a width,
    you drop the leftover columns silently. Raise a ValueError instead.""",
    ("memory = x",
     "def cut(each, n_heads):\n"
     "    return split_heads(each[..., : each.shape[-1] // n_heads * n_heads], n_heads)\n\n"
     "memory = x"), ("split_heads(", "cut(", 3),
    ("return merge_heads(attention(q, k, v, mask)) @ w_o",
     "merged = merge_heads(attention(q, k, v, mask))\n"
     "return merged @ w_o[: merged.shape[-1]]"))

asserts_that_it_divides = edit("multi_head_attention", """Your check raises an AssertionError.
    Raise a ValueError instead: `assert` is for what cannot happen, and Python skips it when run
    with -O.""",
    ("memory = x",
     "assert w_q.shape[-1] % n_heads == 0 and w_v.shape[-1] % n_heads == 0, text\nmemory = x"),
    text=("", "n_heads must divide d_model", "d_model must be divisible by n_heads"))
