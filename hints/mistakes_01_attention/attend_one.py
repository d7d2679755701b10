"""Mistakes in attend_one."""

import math

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

leaves_out_the_scaling = edit("attend_one", """Your scores are plain dot products, too large by a
    factor of the root of d_k, so the best key gets too much. Divide them by the square root of
    d_k, the number of features in the query.""",
    ("query / math.sqrt(query.shape[-1])", "query"), common=True)

divides_by_d_k = edit("attend_one", """Your scores are divided by d_k itself (or twice by its
    root), so the weights are too even. Divide once, by the *root* of d_k: that is how large a
    dot product of d_k numbers tends to be.""",
    ("math.sqrt(query.shape[-1])", "query.shape[-1]"), common=True)

divides_by_the_root_of_n_keys = edit("attend_one", """Your scores are divided by the root of the
    number of keys. Divide by the root of d_k, the number of features in a query or a key.""",
    ("query.shape[-1]", "len(keys)"), common=True)

divides_by_n_keys = edit("attend_one", """Your scores are divided by the number of keys. Divide
    by the root of d_k, the number of features in a query or a key.""",
    ("math.sqrt(query.shape[-1])", "len(keys)"))

divides_by_the_root_of_d_v = edit("attend_one", """Your scores are divided by the root of d_v,
    the width of the values. The values have no part in the scores: divide by the root of d_k,
    the number of features in the query.""",
    ("query.", "values."), common=True, denies=True)

multiplies_by_the_root = edit("attend_one", """Your scores are multiplied by the root of d_k, so
    one key takes nearly everything. Divide by the root instead.""",
    ("query /", "query *"), common=True)

divides_by_the_root_of_the_paper = edit("attend_one", """Your scores are divided by 8, the root
    of 64, which is d_k in the paper. Divide by the root of your own d_k: the number of features
    in the query.""",
    ("math.sqrt(query.shape[-1])", "8"))

scales_after_the_softmax = edit("attend_one", """You divide by the root of d_k after the softmax,
    so the weights are too sharp and sum to less than one. Divide the scores instead, before the
    softmax.""",
    ("query / math.sqrt(query.shape[-1])", "query"),
    ("@ values", "@ values / math.sqrt(query.shape[-1])"))

picks_the_best_value = edit("attend_one", """Your answer is the value of the best key alone.
    Attention should blend: every value counts, in proportion to its weight.""",
    ("softmax(scores) @ values", "values[scores.argmax()]"), common=True)

answers_with_the_weights = edit("attend_one", """Your answer is the weights, one for each key.
    The last step is missing: add up the values, each times its weight.""",
    ("@ values", ""), common=True, denies=True)

answers_with_the_scores = edit("attend_one", """Your answer is the scores, one for each key. Two
    steps are missing: softmax turns them into weights, and the weights blend the values.""",
    ("softmax(scores) @ values", "scores"), denies=True)

takes_the_mean_of_the_values = edit("attend_one", """Your answer is the plain mean of the values,
    whatever the query is. Each value should count in proportion to its weight.""",
    ("softmax(scores) @ values", "values.mean(axis=0)"), common=True)

adds_up_the_values_unweighted = edit("attend_one", """Your answer is the sum of the values, each
    with a weight of one. Multiply each value by its own weight; the weights should sum to one.""",
    ("softmax(scores) @ values", "values.sum(axis=0)"))

skips_the_softmax = edit("attend_one", """Your values are weighted by the scores themselves.
    Softmax is missing: it turns the scores into positive weights that sum to one.""",
    ("softmax(scores)", "scores"), common=True, denies=True)

blends_the_keys = edit("attend_one", """Your answer is a blend of the keys. Keys only decide the
    weights; blend the values instead.""",
    ("@ values", "@ keys"), common=True)

asks_the_values = edit("attend_one", """Your query is compared with the values. Compare it with
    the keys instead; the values come in later, to be blended.""",
    ("keys @", "values @"))

puts_the_values_first = edit("attend_one", """Your product has values and weights in the wrong
    order. In `a @ b` the last axis of `a` meets the rows of a table `b`: the weights, which run
    over the keys, should meet the rows of the values.""",
    ("softmax(scores) @ values", "values @ softmax(scores)"))

puts_the_query_first = edit("attend_one", """Your product has query and keys in the wrong order:
    in `a @ b` the last axis of `a` meets the first of a table `b`, and here that is d_k against
    n_keys. Swap the two.""",
    ("keys @ query", "query @ keys"))

leaves_the_products_apart = edit("attend_one", """Your scores are the products of query and key,
    feature by feature, not added up. A dot product is their sum: there should be one score for
    each key.""",
    ("keys @", "keys *"))

takes_cosines = edit("attend_one", """Your scores are cosines: query and keys are divided by
    their norms. Use the dot product of query and key, over the root of d_k: a score may lie far
    outside -1 to 1.""",
    ("scores =", "lengths = np.linalg.norm(keys, axis=-1) * np.linalg.norm(query)\nscores ="),
    ("math.sqrt(query.shape[-1])", "lengths"))

takes_scaled_cosines = edit("attend_one", """Your scores are cosines, divided by the root of d_k
    as well: query and keys are divided by their norms first. Leave them as they are: in
    attention the norms should count.""",
    ("scores = keys @ query /",
     "lengths = np.linalg.norm(keys, axis=-1) * np.linalg.norm(query)\n"
     "scores = keys @ query / lengths /"))

takes_distances = edit("attend_one", """Your scores are distances with a minus sign. A distance
    is a sensible measure of a match, but the score here should be the dot product of query and
    key, over the root of d_k.""",
    ("keys @ query / math.sqrt(query.shape[-1])", "-np.linalg.norm(keys - query, axis=-1)"))

takes_scaled_distances = edit("attend_one", """Your scores are distances over the root of d_k,
    with a minus sign. A distance measures a match too, but here it should be the dot product of
    query and key.""",
    ("keys @ query", "-np.linalg.norm(keys - query, axis=-1)"))

turns_the_scores_round = edit("attend_one", """Your scores have the opposite sign, so the keys
    that match least get the largest weights. Leave the sign as it is.""",
    ("keys @ query", "-(keys @ query)"), common=True)

drops_the_signs_of_the_scores = edit("attend_one", """Your scores have lost their signs, so a key
    that points the other way counts as a match. A negative dot product means a bad match and
    should stay negative.""",
    ("keys @ query", "np.abs(keys @ query)"))

leaves_the_weighted_values_apart = edit("attend_one", """You multiply every value by its weight
    but do not add up the results: there is a row for each key. The answer should be the sum of
    these rows.""",
    ("@ values", "[:, None] * values"), common=True)

multiplies_without_a_new_axis = edit("attend_one", """Your weights and values are multiplied
    elementwise, and their shapes do not fit for that. Each weight should multiply a whole row of
    values.""",
    ("softmax(scores) @ values", "(softmax(scores) * values).sum(axis=0)"))

adds_along_the_wrong_axis = edit("attend_one", """Your weighted values are added up across each
    row, to one number per key. Add up the rows themselves instead: sum over the keys, and keep
    the d_v numbers.""",
    ("softmax(scores) @ values", "(softmax(scores)[:, None] * values).sum(axis=1)"), common=True)

adds_up_everything = edit("attend_one", """Your weighted values are all added up into one number.
    Sum over the keys only: the answer should keep the d_v numbers of a value.""",
    ("softmax(scores) @ values", "(softmax(scores)[:, None] * values).sum()"))

adds_the_products_down_the_columns = edit("attend_one", """Your products of query and keys are
    added down the columns, to one number for each feature. Add along each key instead: a dot
    product gives one score for each key.""",
    ("keys @ query", "(keys * query).sum(axis=0)"))

keeps_the_last_weighted_value = edit("attend_one", """Your answer is the last value times its
    weight: it has overwritten those before it. Add them all up: = replaces, += adds.""",
    ("@ values", "[-1] * values[-1]"))

returns_after_the_first_key = edit("attend_one", """Your answer is the first value times its
    weight, and the others are not added. A `return` inside a loop ends it in the first round: it
    should come after the loop.""",
    ("@ values", "[0] * values[0]"))

makes_room_like_the_query = edit("attend_one", """Your answer is collected in an array as long as
    the query. It is a blend of values, so it should have d_v numbers, not d_k.""",
    ("scores =", "output = np.zeros_like(query) if alike else np.zeros(len(query))\nscores ="),
    ("return", "output +="), ("@ values", "@ values\nreturn output"), alike=(True, False))

averages_the_weighted_values = edit("attend_one", """Your answer is too small by a factor of the
    number of keys: it is the mean of the weighted values. The weights already sum to one: take
    the sum of the weighted values instead.""",
    ("@ values", "@ values / len(values)"), common=True)

answers_with_a_table = edit("attend_one", """Your answer has one axis too many: its shape is (1,
    d_v). The query comes in as (d_k,), without an axis for queries, so the answer should be
    (d_v,).""",
    ("keys @ query", "query[None] @ keys.T"))

adds_the_query = edit("attend_one", """You add the query to your blend (or try to). That is a
    residual connection, which comes in lesson 5; attention itself should return the blend
    alone.""",
    ("return", "return query +"))


@mistake("attend_one", """Your own softmax takes the exponentials of the scores as they are.
    Above 709 they overflow to infinity, and infinity over infinity is NaN. Subtract the largest
    score first, or call your softmax.""")
def lets_the_exponentials_overflow(query, keys, values):
    exps = np.exp(keys @ query / math.sqrt(query.shape[-1]))
    return exps / exps.sum() @ values


blends_by_the_exponentials = edit("attend_one", """Your values are weighted by plain exponentials
    of the scores. Divide each by the sum of them all to make them weights.""",
    ("softmax", "np.exp"))

blends_by_the_shifted_exponentials = edit("attend_one", """Your values are weighted by
    exponentials that are not divided by their sum, so the best key always counts as one, and the
    others come on top. Divide by the sum.""",
    ("softmax(scores)", "np.exp(scores - scores.max())"))

divides_by_twice_d_k = edit("attend_one", """Your scores are divided by twice d_k. Divide by the
    root instead: a power of one half needs brackets, because ** 1/2 is a power of one, and then
    a division by two.""",
    ("math.sqrt(query.shape[-1])", "query.shape[-1] ** 1 / 2"))

divides_by_the_root_of_the_example = edit("attend_one", """Your scores are divided by 3, the root
    of the 9 in the lesson's example. Divide by the root of your own d_k: the number of features
    in the query.""",
    ("math.sqrt(query.shape[-1])", "3"))

leaves_the_first_value_out = edit("attend_one", """Your sum over the values starts at 1, but
    counting starts at 0: the first weight and its value are left out.""",
    ("@ values", "[1:] @ values[1:]"))

leaves_the_last_value_out = edit("attend_one", """Your sum over the values stops one too early:
    the last weight and its value are left out. `range(n)` already ends at n - 1.""",
    ("@ values", "[:-1] @ values[:-1]"))

shares_out_each_score_alone = edit("attend_one", """Your values are added up as they are: each
    has the weight one. That is also what a softmax of one score gives. Run one softmax over all
    keys, and multiply each value by its weight.""",
    ("(scores)", "(scores[:, None])[:, 0]"))

scores_by_the_distance = edit("attend_one", """Your scores are distances between query and key,
    so the farthest key gets the largest weight. Use their dot product instead.""",
    ("keys @ query", "np.linalg.norm(keys - query, axis=-1)"))

blends_by_sigmoids = edit("attend_one", """Your weights are sigmoids, each of its own score
    alone. In a softmax the keys compete, and their weights should sum to one.""",
    ("softmax(scores)", "(1 / (1 + np.exp(-scores)))"))


@probes("attend_one")
def probe_attend_one():
    rng = np.random.default_rng(1)
    yield given(rng.normal(size=7), rng.normal(size=(5, 7)), rng.normal(size=(5, 6)))
    yield given(rng.normal(size=2), rng.normal(size=(3, 2)), rng.normal(size=(3, 4)))
    yield given(rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=(3, 3)))
    yield given(60 * rng.normal(size=6), 60 * rng.normal(size=(2, 6)), rng.normal(size=(2, 5)))
    yield given(rng.integers(-3, 4, 5), rng.integers(-3, 4, (4, 5)), rng.integers(-9, 9, (4, 3)))
    yield given(2000 * rng.normal(size=7), rng.normal(size=(5, 7)), rng.normal(size=(5, 6)))
