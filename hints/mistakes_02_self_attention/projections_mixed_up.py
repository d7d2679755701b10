"""Mistakes in project_qkv: which weights make what, and in what order it comes back."""

import numpy as np

from tests.runner.diagnosis.known import mistake


@mistake("project_qkv", """Your keys are the queries again: they are made with w_q. Each of the
    three has weights of its own: make the keys with w_k.""", common=True)
def makes_keys_with_w_q(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_q, x @ w_v


@mistake("project_qkv", """Your queries are the keys again: they are made with w_k. Each of the
    three has weights of its own: make the queries with w_q.""")
def makes_queries_with_w_k(x, w_q, w_k, w_v):
    return x @ w_k, x @ w_k, x @ w_v


@mistake("project_qkv", """Your values are the keys again: they are made with w_k. Each of the
    three has weights of its own: make the values with w_v.""", common=True)
def makes_values_with_w_k(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x @ w_k


@mistake("project_qkv", """Your values are the queries again: they are made with w_q. Each of
    the three has weights of its own: make the values with w_v.""")
def makes_values_with_w_q(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x @ w_q


@mistake("project_qkv", """Your keys are the values again: they are made with w_v. Each of the
    three has weights of its own: make the keys with w_k.""")
def makes_keys_with_w_v(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_v, x @ w_v


@mistake("project_qkv", """Your queries, keys and values are all the same: everything is made
    with w_q. Each of the three should be made with its own weights.""")
def makes_everything_with_w_q(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_q, x @ w_q


@mistake("project_qkv", """Your queries and keys are swapped. Queries should be made with w_q
    and come first, keys should be made with w_k and come second.""", common=True)
def swaps_q_and_k(x, w_q, w_k, w_v):
    return x @ w_k, x @ w_q, x @ w_v


@mistake("project_qkv", """Your keys and values are swapped. Keys should be made with w_k and
    come second, values should be made with w_v and come last.""", common=True)
def swaps_k_and_v(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_v, x @ w_k


@mistake("project_qkv", """Your queries and values are swapped. Queries should be made with w_q
    and come first, values should be made with w_v and come last.""")
def swaps_q_and_v(x, w_q, w_k, w_v):
    return x @ w_v, x @ w_k, x @ w_q


@mistake("project_qkv", """You return keys, values, queries. The order should be that of the
    name: queries, keys, values.""")
def returns_k_v_q(x, w_q, w_k, w_v):
    return x @ w_k, x @ w_v, x @ w_q


@mistake("project_qkv", """You return values, queries, keys. The order should be that of the
    name: queries, keys, values.""")
def returns_v_q_k(x, w_q, w_k, w_v):
    return x @ w_v, x @ w_q, x @ w_k


@mistake("project_qkv", """Your values are the tokens themselves. Values should be a projection
    too: x times w_v.""")
def leaves_x_as_values(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k, x


@mistake("project_qkv", """Your keys are the tokens themselves. Keys should be a projection too:
    x times w_k.""")
def leaves_x_as_keys(x, w_q, w_k, w_v):
    return x @ w_q, x, x @ w_v


@mistake("project_qkv", """Your queries are the tokens themselves. Queries should be a
    projection too: x times w_q.""")
def leaves_x_as_queries(x, w_q, w_k, w_v):
    return x, x @ w_k, x @ w_v


@mistake("project_qkv", """You return the tokens three times. Multiply each by weights of its
    own: w_q, w_k and w_v.""")
def returns_x_three_times(x, w_q, w_k, w_v):
    return x, x, x


@mistake("project_qkv", """Your keys and values are made from the queries, not from x. All three
    should start from the same tokens. Was x overwritten on the way?""")
def projects_the_queries_again(x, w_q, w_k, w_v):
    q = x @ w_q
    return q, q @ w_k, q @ w_v


@mistake("project_qkv", """Your values are made from the keys, not from x. All three should
    start from the same tokens.""")
def projects_the_keys_again(x, w_q, w_k, w_v):
    k = x @ w_k
    return x @ w_q, k, k @ w_v


@mistake("project_qkv", """You return queries and keys, but not the values. Return three arrays.""")
def returns_queries_and_keys_alone(x, w_q, w_k, w_v):
    return x @ w_q, x @ w_k


@mistake("project_qkv", """You return only the queries. Return three arrays: queries, keys and
    values.""")
def returns_queries_alone(x, w_q, w_k, w_v):
    return x @ w_q


@mistake("project_qkv", """You return a dictionary. Return a tuple of three arrays, in the order
    queries, keys, values.""",
         names=(("q", "k", "v"), ("queries", "keys", "values"), ("Q", "K", "V")))
def returns_a_dictionary(x, w_q, w_k, w_v, *, names):
    return dict(zip(names, (x @ w_q, x @ w_k, x @ w_v)))


@mistake("project_qkv", """You stack the three into one array. Values may have a width of their
    own, and then they do not stack: return a tuple.""")
def stacks_the_three(x, w_q, w_k, w_v):
    return np.stack([x @ w_q, x @ w_k, x @ w_v])


@mistake("project_qkv", """You make one array of the three. Values may have a width of their
    own, and then np.array cannot hold all three: return a tuple.""")
def makes_one_array_of_the_three(x, w_q, w_k, w_v):
    return np.array([x @ w_q, x @ w_k, x @ w_v])


@mistake("project_qkv", """You return queries, keys and values side by side in one array. Return
    a tuple of three arrays.""")
def joins_the_three(x, w_q, w_k, w_v):
    return np.concatenate([x @ w_q, x @ w_k, x @ w_v], axis=-1)


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
    parts = np.split(x @ np.concatenate([w_q, w_k, w_v], axis=-1), [w_q.shape[-1], w_k.shape[-1]], axis=-1)
    return tuple(parts) if kind == "tuple" else parts
