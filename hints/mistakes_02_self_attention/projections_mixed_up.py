"""Mistakes in project_qkv: which weights make what, and in what order it comes back."""

import numpy as np

from tests.runner.diagnosis.known import edit, mistake

makes_keys_with_w_q = edit("project_qkv", """Your keys are the queries again: they are made with
    w_q. Each of the three has weights of its own: make the keys with w_k.""",
    ("w_k, x", "w_q, x"), common=True)

makes_queries_with_w_k = edit("project_qkv", """Your queries are the keys again: they are made
    with w_k. Each of the three has weights of its own: make the queries with w_q.""",
    ("w_q, x", "w_k, x"))

makes_values_with_w_k = edit("project_qkv", """Your values are the keys again: they are made with
    w_k. Each of the three has weights of its own: make the values with w_v.""",
    ("@ w_v", "@ w_k"), common=True)

makes_values_with_w_q = edit("project_qkv", """Your values are the queries again: they are made
    with w_q. Each of the three has weights of its own: make the values with w_v.""",
    ("@ w_v", "@ w_q"))

makes_keys_with_w_v = edit("project_qkv", """Your keys are the values again: they are made with
    w_v. Each of the three has weights of its own: make the keys with w_k.""",
    ("w_k, x", "w_v, x"))

makes_everything_with_w_q = edit("project_qkv", """Your queries, keys and values are all the
    same: everything is made with w_q. Each of the three should be made with its own weights.""",
    ("w_k, x @ w_v", "w_q, x @ w_q"))

swaps_q_and_k = edit("project_qkv", """Your queries and keys are swapped. Queries should be made
    with w_q and come first, keys should be made with w_k and come second.""",
    ("x @ w_q", "x @ w_k"), ("x @ w_k", "x @ w_q"), common=True)

swaps_k_and_v = edit("project_qkv", """Your keys and values are swapped. Keys should be made with
    w_k and come second, values should be made with w_v and come last.""",
    ("w_k, x @ w_v", "w_v, x @ w_k"), common=True)

swaps_q_and_v = edit("project_qkv", """Your queries and values are swapped. Queries should be
    made with w_q and come first, values should be made with w_v and come last.""",
    ("w_q, x", "w_v, x"), ("@ w_v", "@ w_q"))

returns_k_v_q = edit("project_qkv", """You return keys, values, queries. The order should be that
    of the name: queries, keys, values.""",
    ("w_q, x @ w_k, x @ w_v", "w_k, x @ w_v, x @ w_q"))

returns_v_q_k = edit("project_qkv", """You return values, queries, keys. The order should be that
    of the name: queries, keys, values.""",
    ("w_q, x @ w_k, x @ w_v", "w_v, x @ w_q, x @ w_k"))

leaves_x_as_values = edit("project_qkv", """Your values are the tokens themselves. Values should
    be a projection too: x times w_v.""",
    ("x @ w_v", "x"))

leaves_x_as_keys = edit("project_qkv", """Your keys are the tokens themselves. Keys should be a
    projection too: x times w_k.""",
    ("x @ w_k", "x"))

leaves_x_as_queries = edit("project_qkv", """Your queries are the tokens themselves. Queries
    should be a projection too: x times w_q.""",
    ("x @ w_q", "x"))

returns_x_three_times = edit("project_qkv", """You return the tokens three times. Multiply each
    by weights of its own: w_q, w_k and w_v.""",
    ("@ w_q, x @ w_k, x @ w_v", ", x, x"))

projects_the_queries_again = edit("project_qkv", """Your keys and values are made from the
    queries, not from x. All three should start from the same tokens. Was x overwritten on the
    way?""",
    ("return x @ w_q, x @ w_k, x", "q = x @ w_q\nreturn q, q @ w_k, q"))

projects_the_keys_again = edit("project_qkv", """Your values are made from the keys, not from x.
    All three should start from the same tokens.""",
    ("return", "k = x @ w_k\nreturn"), ("x @ w_k, x", "k, k"))

returns_queries_and_keys_alone = edit("project_qkv", """You return queries and keys, but not the
    values. Return three arrays.""",
    ("w_k, x @ w_v", "w_k"))

returns_queries_alone = edit("project_qkv", """You return only the queries. Return three arrays:
    queries, keys and values.""",
    ("w_q, x @ w_k, x @ w_v", "w_q"))

returns_a_dictionary = edit("project_qkv", """You return a dictionary. Return a tuple of three
    arrays, in the order queries, keys, values.""",
    ("x @ w_q, x @ w_k, x @ w_v", "dict(zip(names, (x @ w_q, x @ w_k, x @ w_v)))"),
    names=(("q", "k", "v"), ("queries", "keys", "values"), ("Q", "K", "V")))

stacks_the_three = edit("project_qkv", """You stack the three into one array. Values may have a
    width of their own, and then they do not stack: return a tuple.""",
    ("x @ w_q, x @ w_k, x @ w_v", "np.stack([x @ w_q, x @ w_k, x @ w_v])"))

makes_one_array_of_the_three = edit("project_qkv", """You make one array of the three. Values may
    have a width of their own, and then np.array cannot hold all three: return a tuple.""",
    ("x @ w_q, x @ w_k, x @ w_v", "np.array([x @ w_q, x @ w_k, x @ w_v])"))

joins_the_three = edit("project_qkv", """You return queries, keys and values side by side in one
    array. Return a tuple of three arrays.""",
    ("x @ w_q, x @ w_k, x @ w_v", "np.concatenate([x @ w_q, x @ w_k, x @ w_v], axis=-1)"))


@mistake("project_qkv", """You make one product and cut it into three equal parts. Values may be
    wider or narrower than keys: cut where the columns of w_q and of w_k end.""",
         kind=("list", "tuple"))
def cuts_into_equal_parts(x, w_q, w_k, w_v, *, kind):
    parts = np.split(x @ np.concatenate([w_q, w_k, w_v], axis=-1), 3, axis=-1)
    return tuple(parts) if kind == "tuple" else parts


@mistake("project_qkv", """You make one product and cut it at the widths. np.split takes the
    *positions* to cut at, so the second should be the width of w_q and w_k together.""",
         kind=("list", "tuple"))
def cuts_at_the_widths(x, w_q, w_k, w_v, *, kind):
    parts = np.split(x @ np.concatenate([w_q, w_k, w_v], axis=-1), [w_q.shape[-1], w_k.shape[-1]],
                     axis=-1)
    return tuple(parts) if kind == "tuple" else parts
