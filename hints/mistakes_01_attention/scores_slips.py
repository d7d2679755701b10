"""Mistakes in attention_scores: keys reshaped as a table, roots, letters of an einsum."""

import math

import numpy as np

from tests.runner.diagnosis.known import edit, mistake


@mistake("attention_scores", """Your keys are reshaped to (d_k, n_keys), as a table. For a table
    the shape is right, but reshape leaves the numbers in their old order. Swap the last two
    axes instead, which transposes each table.""",
         common=True, shape=("the last two", "the first two", "d_k and the rest",
                             "the rest and n_keys", "reversed"))
def reshapes_a_table_of_keys(q, k, *, shape):
    shapes = {"the last two": (k.shape[-1], k.shape[-2]), "the first two": (k.shape[1], k.shape[0]),
              "d_k and the rest": (k.shape[-1], -1), "the rest and n_keys": (-1, len(k)),
              "reversed": k.shape[::-1]}
    return q @ k.reshape(shapes[shape]) / math.sqrt(q.shape[-1])


@mistake("attention_scores", """Your root is taken of the scores, not of d_k alone, and a
    negative score has no root. The bracket of the root should enclose only d_k.""",
         over=("d_k", "nothing", "the root of d_k"), reverses=(False, True))
def takes_the_root_of_the_scores(q, k, *, over, reverses):
    d_k = q.shape[-1]
    products = q @ (k.T if reverses else k.swapaxes(-1, -2))
    return np.sqrt(products / {"d_k": d_k, "nothing": 1, "the root of d_k": math.sqrt(d_k)}[over])


gives_queries_and_keys_one_letter = edit("attention_scores", """Your einsum has one letter for
    both queries and keys, so it pairs query i with key i, and fails if their numbers differ.
    Give each a letter of its own, and keep both in the output.""",
    ("q @ k.swapaxes(-1, -2)", "np.einsum(letters, q, k)"),
    letters=("...ic,...ic->...i", "...ic,...ic->...ic"))

# np.einsum adds up in another order than @, which shows where float32 becomes float64.
scores_by_einsum_in_float64 = edit("attention_scores", """`np.sqrt` of d_k is a float64 scalar,
    and it widens float32 scores to float64. Use a plain Python float, as math.sqrt gives: it
    leaves the dtype as it is.""",
    ("q @ k.swapaxes(-1, -2) / math", 'np.einsum("...ic,...jc->...ij", q, k) / np'))

puts_the_keys_first_in_the_einsum = edit("attention_scores", """Your einsum has its last letters
    swapped: there is a row for each key and a column for each query. The queries should be the
    rows.""",
    ("q @ k.swapaxes(-1, -2) / math", 'np.einsum("...ic,...jc->...ji", q, k) / np'))


@mistake("attention_scores", """If q and k hold integers, your division writes fractions into
    an array of integers (by `/=`, or by `out=`): hence the error. `scores = scores / ...` makes
    a new array.""")
def divides_within_the_products(q, k):
    scores = q @ k.swapaxes(-1, -2)
    scores /= math.sqrt(q.shape[-1])
    return scores
