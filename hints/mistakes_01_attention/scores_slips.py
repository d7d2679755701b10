"""Mistakes in attention_scores: keys reshaped as a table, and a root of too much."""

import math

import numpy as np

from tests.runner.mistakes import mistake


@mistake("attention_scores", """Your keys were reshaped to (d_k, n_keys), as a table. The shape is right, but
    reshape cuts the numbers anew in their old order; swapping the last two axes turns each table on its
    side.""", common=True, shape=("the last two", "the first two", "d_k and the rest", "the rest and n_keys", "reversed"))
def reshapes_a_table_of_keys(q, k, *, shape):
    shapes = {"the last two": (k.shape[-1], k.shape[-2]), "the first two": (k.shape[1], k.shape[0]),
              "d_k and the rest": (k.shape[-1], -1), "the rest and n_keys": (-1, len(k)), "reversed": k.shape[::-1]}
    return q @ k.reshape(shapes[shape]) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your root is taken of the scores, not of d_k alone; and a negative score has
    none. Close the bracket of the root around d_k.""", over=("d_k", "nothing", "the root of d_k"), reverses=(False, True))
def takes_the_root_of_the_scores(q, k, *, over, reverses):
    d_k = q.shape[-1]
    products = q @ (k.T if reverses else k.swapaxes(-1, -2))
    return np.sqrt(products / {"d_k": d_k, "nothing": 1, "the root of d_k": math.sqrt(d_k)}[over])
