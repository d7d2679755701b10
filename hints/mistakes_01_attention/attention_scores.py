"""Mistakes in attention_scores."""

import math

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

scores_without_scaling = edit("attention_scores", """Your scores are plain dot products, too
    large by a factor of the root of d_k. Divide by it, so that scores stay about as large for
    many features as for few.""",
    ("/ math.sqrt(q.shape[-1])", "* one"), common=True, one=(1,
                                                             1.0))  # 1.0 makes floats of integers

scores_over_d_k = edit("attention_scores", """Your scores are divided by d_k itself (or twice by
    its root). Divide once, by the *root* of d_k: that is how large a dot product of d_k numbers
    tends to be.""",
    ("math.sqrt(q.shape[-1])", "q.shape[-1]"), common=True)

scores_over_the_fourth_root = edit("attention_scores", """Your scores are divided by the fourth
    root of d_k: only one of q and k is scaled, or a root is taken twice. Divide by the square
    root.""",
    ("q.shape[-1]", "math.sqrt(q.shape[-1])"))

scores_over_a_rounded_root = edit("attention_scores", """Your root of d_k is rounded to a whole
    number. Keep its digits: the root of 7 is 2.6458, not 2.""",
    ("math.sqrt(q.shape[-1])", "int(math.sqrt(q.shape[-1]))"))

scores_over_half_of_d_k = edit("attention_scores", """Your scores are divided by half of d_k.
    Divide by the root instead: a power of one half needs brackets, because ** 1/2 is a power of
    one, and then a half of it.""",
    ("math.sqrt(q.shape[-1])", "(q.shape[-1] / 2)"))

scores_over_twice_d_k = edit("attention_scores", """Your scores are divided by twice d_k. Divide
    by the root instead: a power of one half needs brackets, because ** 1/2 is a power of one,
    and then a division by two.""",
    ("math.sqrt(q.shape[-1])", "q.shape[-1] / 2"))

scores_over_the_root_of_n_keys = edit("attention_scores", """Your scores are divided by the root
    of the number of keys. Divide by the root of d_k, the number of features in a query or a key:
    the *last* axis.""",
    ("q.shape[-1]", "k.shape[-2]"), common=True)

scores_over_the_root_of_n_queries = edit("attention_scores", """Your scores are divided by the
    root of the number of queries. Divide by the root of d_k, the number of features in each
    query: the *last* axis.""",
    ("[-1]", "[-2]"), common=True)

scores_over_the_root_of_the_first_axis = edit("attention_scores", """Your scores are divided by
    the root of the first axis of q: the number of queries, or of batches. Take d_k from the
    *last* axis.""",
    ("q.shape[-1]", "len(q)"), common=True)

scores_over_the_root_of_the_first_axis_of_keys = edit("attention_scores", """Your scores are
    divided by the root of the first axis of k: the number of keys, or of batches. Take d_k from
    the *last* axis.""",
    ("q.shape[-1]", "len(k)"))

scores_over_n_keys = edit("attention_scores", """Your scores are divided by the number of keys.
    Divide by the root of d_k, the number of features in a query or a key.""",
    ("math.sqrt(q.shape[-1])", "k.shape[-2]"))

scores_over_n_queries = edit("attention_scores", """Your scores are divided by the number of
    queries. Divide by the root of d_k, the number of features in each query.""",
    ("math.sqrt(q.shape[-1])", "q.shape[-2]"))

scores_over_the_first_axis = edit("attention_scores", """Your scores are divided by the length of
    the first axis of q: the number of queries, or of batches. Divide by the root of d_k, and
    take d_k from the *last* axis.""",
    ("math.sqrt(q.shape[-1])", "len(q)"))

scores_over_the_root_of_axis_one = edit("attention_scores", """Your scores are divided by the
    root of axis 1. In a table that is d_k; with a batch axis in front it is something else. Take
    d_k from the last axis, -1.""",
    ("[-1]", "[1]"), common=True)

scores_over_the_root_of_axis_one_of_keys = edit("attention_scores", """Your scores are divided by
    the root of axis 1 of k. In a table that is d_k; with a batch axis in front it is something
    else. Take d_k from the last axis, -1.""",
    ("q.shape[-1]", "k.shape[1]"))

scores_over_the_root_of_the_size = edit("attention_scores", """Your scores are divided by the
    root of how many numbers q holds in all. Divide by the root of d_k, the number of features in
    *one* query.""",
    ("q.shape[-1]", "q.size"))

scores_times_the_root = edit("attention_scores", """Your scores are multiplied by the root of
    d_k. Divide by the root instead.""",
    ("/", "*"), common=True)

scores_over_the_root_of_the_paper = edit("attention_scores", """Your scores are divided by 8, the
    root of 64, which is d_k in the paper. Divide by the root of your own d_k: the number of
    features in a query.""",
    ("math.sqrt(q.shape[-1])", "8"))

scores_rounded_down = edit("attention_scores", """Your division rounds down (//). Use a single
    slash, which keeps everything after the decimal point.""",
    ("/", "//"), speaks_of=("//", "floor_divide"))

scores_in_float64_always = edit("attention_scores", """`np.sqrt` of d_k is a float64 scalar, and
    it widens float32 scores to float64. Use a plain Python float, as math.sqrt gives: it leaves
    the dtype as it is.""",
    ("math", "np"), common=True)

keys_score_the_queries = edit("attention_scores", """Your scores have a row for each key and a
    column for each query: they are K Q^T, and should be Q K^T.""",
    ("q @ k", "k @ q"), common=True)

leaves_the_keys_as_they_are = edit("attention_scores", """In `a @ b` the last axis of `a` meets
    the second-to-last of `b`: in your product d_k meets n_keys, hence the ValueError. Transpose
    the keys first.""",
    ("k.swapaxes(-1, -2)", "k"), common=True)

reshapes_the_keys = edit("attention_scores", """Your keys are reshaped to (d_k, n_keys). The
    shape is right, but reshape leaves the numbers in their old order. Swap the last two axes
    instead, which transposes the table.""",
    ("k.swapaxes(-1, -2)", "k.reshape(*k.shape[:-2], k.shape[-1], k.shape[-2])"))

turns_both_on_their_side = edit("attention_scores", """You transpose both queries and keys.
    Transpose only the keys: then d_k of the one meets d_k of the other, and is summed away.""",
    ("return q", "return q.swapaxes(-1, -2)"))

turns_the_queries_on_their_side = edit("attention_scores", """You transpose the queries.
    Transpose the keys instead: then d_k of the one meets d_k of the other, and is summed away.""",
    ("q @ k.swapaxes(-1, -2)", "q.swapaxes(-1, -2) @ k"))

transposes_every_axis = edit("attention_scores", """`.T` reverses *every* axis, so batches end up
    where d_k should be. It happens to be right for a single table. Swap the last two axes
    instead, and leave those in front alone.""",
    ("k.swapaxes(-1, -2)", "k.T"), common=True)

reverses_the_axes_of_the_queries = edit("attention_scores", """`.T` on the queries puts d_k where
    a row for each query should be. Transpose the keys instead, by swapping their last two axes.""",
    ("q @ k.swapaxes(-1, -2)", "q.T @ k"))

swaps_the_first_two_axes = edit("attention_scores", """You swap axes 0 and 1 of k. In a table
    these are all there is; with a batch axis in front they are not the last two. Swap -1 and -2
    instead.""",
    ("-1, -2", "0, 1"), common=True)

swaps_axes_one_and_two = edit("attention_scores", """You swap axes 1 and 2 of k, which fits
    exactly one batch axis. Count from the end: -1 and -2 fit any number of them.""",
    ("-1, -2", "1,2"), common=True)

lists_three_axes = edit("attention_scores", """You list three axes for k, which fits exactly one
    batch axis. Swap the last two, -1 and -2, which fits any number of them.""",
    ("k.swapaxes(-1, -2)", "k.transpose(0, 2, 1)"))

spells_out_two_axes = edit("attention_scores", """Your einsum names two axes, so it fits only
    tables. Write three dots, `...`, for any axes in front.""",
    ("q @ k.swapaxes(-1, -2)", 'np.einsum("id,jd->ij", q, k)'), common=True)

spells_out_three_axes = edit("attention_scores", """Your einsum names three axes, so it fits
    exactly one batch axis. Write three dots, `...`, for any axes in front.""",
    ("q @ k.swapaxes(-1, -2)", 'np.einsum("bid,bjd->bij", q, k)'))

scores_across_the_batches = edit("attention_scores", """Every query is scored against the keys of
    *all* batches: np.dot, inner and tensordot combine each batch with every other. Use `@`,
    which keeps to one batch at a time.""",
    ("q @ k.swapaxes(-1, -2)", "np.inner(q, k)"))

dots_with_every_axis_reversed = edit("attention_scores", """`.T` reverses every axis, and np.dot
    combines every batch with every other: together they fit only a table. Use `@` with the last
    two axes swapped, which keeps batches apart.""",
    ("q @ k.swapaxes(-1, -2)", "np.dot(q, k.T)"))

multiplies_number_by_number = edit("attention_scores", """`*` multiplies elementwise, and the
    shapes of q and k do not fit for that. Each score should be a sum of such products: use a
    matrix product.""",
    ("q @ k.swapaxes(-1, -2)", "q * k"))

adds_up_products_of_the_same_number = edit("attention_scores", """`*` pairs query i with key i
    only, and fails if there are more of one than of the other. Every query should meet every
    key: a score for each pair is a matrix product.""",
    ("q @ k.swapaxes(-1, -2)", "(q * k).sum(axis=-1)"))

takes_the_outer_product = edit("attention_scores", """The outer product multiplies every number
    of q by every number of k and adds nothing up. Each score should be a sum of d_k products.""",
    ("q @ k.swapaxes(-1, -2)", "np.outer(q, k)"))

scores_tables_alone = edit("attention_scores", """Your loops go through the first axis of q and
    of k. In a table these are queries and keys; with a batch axis in front they are whole
    tables, which do not multiply. Let `@` handle any axes in front.""",
    ("return q @ k.swapaxes(-1, -2)",
     "scores = [[query @ key for key in k] for query in q]\nreturn np.array(scores)"))


@mistake("attention_scores", """Your loops fill in a table, one number for each query and key of
    the first axis. With a batch axis in front these are whole tables, and no single number
    comes out. Let `@` handle any axes in front.""", widens=(False, True))
def fills_in_tables_alone(q, k, *, widens):
    root = np.sqrt(q.shape[-1]) if widens else math.sqrt(q.shape[-1])
    scores = np.zeros((len(q), len(k)))
    for i in range(len(q)):
        for j in range(len(k)):
            scores[i, j] = np.dot(q[i], k[j]) / root
    return scores


scores_the_first_batch_alone = edit("attention_scores", """Your scores are those of the first
    batch alone or, in a table, of the first query. Keep all axes in front.""",
    ("q @ k", "q[0] @ k[0]"))

scores_with_the_softmax_in = edit("attention_scores", """Your scores have already been through
    softmax: each row sums to one. Leave that to the next function.""",
    ("q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])",
     "softmax(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1]))"), common=True)


@mistake("attention_scores", """Your scores are cosines: queries and keys are divided by their
    norms. The norms should count here: leave them in, and divide only by the root of d_k.""",
         extra=(0.0, 1e-9, 1e-8, 1e-6))
def scores_cosines(q, k, *, extra):
    q = q / (np.linalg.norm(q, axis=-1, keepdims=True) + extra)
    k = k / (np.linalg.norm(k, axis=-1, keepdims=True) + extra)
    return q @ k.swapaxes(-1, -2)


scores_scaled_cosines = edit("attention_scores", """Queries and keys are divided by their norms
    before you multiply and scale them. Leave them as they are: here the norms should count.""",
    ("return",
     "q = q / np.linalg.norm(q, axis=-1, keepdims=True)\n"
     "k = k / np.linalg.norm(k, axis=-1, keepdims=True)\n"
     "return"))

scores_distances = edit("attention_scores", """Your scores are distances with a minus sign. A
    distance measures a match too, but the score here should be the dot product of query and key,
    over the root of d_k.""",
    ("return q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])",
     "gaps = q[..., :, None, :] - k[..., None, :, :]\nreturn -np.linalg.norm(gaps, axis=-1)"))

scores_scaled_distances = edit("attention_scores", """Your scores are distances over the root of
    d_k, with a minus sign. Instead of the distance, use the dot product of query and key.""",
    ("return q @ k.swapaxes(-1, -2)",
     "gaps = q[..., :, None, :] - k[..., None, :, :]\nreturn -np.linalg.norm(gaps, axis=-1)"))

scores_with_the_sign_turned = edit("attention_scores", """All your scores have the opposite sign,
    so the worst match would get the largest weight. Leave the sign as it is.""",
    ("return", "return -"))

scores_without_signs = edit("attention_scores", """Your scores have lost their signs. A negative
    dot product means a bad match and should stay negative.""",
    ("q @ k.swapaxes(-1, -2)", "np.abs(q @ k.swapaxes(-1, -2))"))

scores_cut_off_at_zero = edit("attention_scores", """Your negative scores are cut off at zero. A
    negative dot product means a worse match than zero does, and should stay negative.""",
    ("q @ k.swapaxes(-1, -2)", "np.maximum(q @ k.swapaxes(-1, -2), 0)"))

scores_against_the_keys_reversed = edit("attention_scores", """Your keys are in reverse order:
    column j holds the scores of the j-th key from the end. It should hold those of key j.""",
    ("k.", "k[..., ::-1, :]."))

writes_the_scaling_into_q = edit("attention_scores", """Your scaling writes into the caller's
    queries: after the call they are smaller, and an integer array refuses it altogether. q = q /
    ... makes a new array.""",
    ("return", "q /= math.sqrt(q.shape[-1])\nreturn"), ("/ math.sqrt(q.shape[-1])", ""))

writes_the_scaling_into_k = edit("attention_scores", """Your scaling writes into the caller's
    keys: after the call they are smaller, and an integer array refuses it altogether. k = k /
    ... makes a new array.""",
    ("return", "k /= math.sqrt(k.shape[-1])\nreturn"), ("/ math.sqrt(q.shape[-1])", ""))

scores_rounded = edit("attention_scores", """Your scores are rounded. Round what you print, not
    what you return.""",
    ("q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])",
     "np.round(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1]), digits)"),
    digits=(2, 3, 4, 5, 6, 8))

scores_with_fewer_digits = edit("attention_scores", """Your scores have fewer digits than q and k
    came with: they went through float32. Leave the dtype as it is.""",
    ("q @ k", "q.astype(np.float32) @ k.astype(np.float32)"))

scores_over_the_root_of_the_example = edit("attention_scores", """Your scores are divided by 3,
    the root of the 9 in the lesson's example. Divide by the root of your own d_k: the number of
    features in a query.""",
    ("math.sqrt(q.shape[-1])", "3"))

leaves_the_products_of_pairs_apart = edit("attention_scores", """Your products of queries and
    keys are not added up: there is an axis of d_k numbers, where there should be one score,
    their sum.""",
    ("q @ k.swapaxes(-1, -2)", "q[..., :, None, :] * k[..., None, :, :]"))

scores_queries_against_queries = edit("attention_scores", """Your scores compare queries with
    queries. The keys have no part in them: compare each query with every key.""",
    ("k.", "q."), denies=True)


@probes("attention_scores")
def probe_attention_scores():
    rng = np.random.default_rng(3)
    yield given(rng.normal(size=(3, 7)), rng.normal(size=(5, 7)))
    yield given(rng.normal(size=(2, 5)), rng.normal(size=(4, 5)))
    yield given(rng.normal(size=(3, 3)), rng.normal(size=(3, 3)))
    yield given(rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 4, 5)))
    yield given(rng.normal(size=(2, 4, 3, 7)), rng.normal(size=(2, 4, 5, 7)))
    yield given(rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 2, 2)))
    yield given(rng.integers(-5, 6, (2, 6)), rng.integers(-5, 6, (3, 6)))
    yield given(*(rng.normal(size=(n, 7)).astype(np.float32) for n in (3, 5)))
