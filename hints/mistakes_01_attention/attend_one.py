"""Mistakes in attend_one."""

import math

import numpy as np
from kata_01_attention import softmax

from tests.runner.diagnosis.known import given, mistake, probes


@mistake("attend_one", """Your scores are plain dot products, too large by a factor of the root
    of d_k, so the best key gets too much. Divide them by the square root of d_k, the number of
    features in the query.""", common=True)
def leaves_out_the_scaling(query, keys, values):
    scores = keys @ query
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by d_k itself (or twice by its root), so the
    weights are too even. Divide once, by the *root* of d_k: that is how large a dot product of
    d_k numbers tends to be.""", common=True)
def divides_by_d_k(query, keys, values):
    scores = keys @ query / query.shape[-1]
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by the root of the number of keys. Divide by
    the root of d_k, the number of features in a query or a key.""", common=True)
def divides_by_the_root_of_n_keys(query, keys, values):
    scores = keys @ query / math.sqrt(len(keys))
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by the number of keys. Divide by the root of
    d_k, the number of features in a query or a key.""")
def divides_by_n_keys(query, keys, values):
    scores = keys @ query / len(keys)
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by the root of d_v, the width of the values.
    The values have no part in the scores: divide by the root of d_k, the number of features in
    the query.""", common=True, denies=True)
def divides_by_the_root_of_d_v(query, keys, values):
    scores = keys @ query / math.sqrt(values.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are multiplied by the root of d_k, so one key takes nearly
    everything. Divide by the root instead.""", common=True)
def multiplies_by_the_root(query, keys, values):
    scores = keys @ query * math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by 8, the root of 64, which is d_k in the
    paper. Divide by the root of your own d_k: the number of features in the query.""")
def divides_by_the_root_of_the_paper(query, keys, values):
    scores = keys @ query / 8
    return softmax(scores) @ values


@mistake("attend_one", """You divide by the root of d_k after the softmax, so the weights are
    too sharp and sum to less than one. Divide the scores instead, before the softmax.""")
def scales_after_the_softmax(query, keys, values):
    scores = keys @ query
    return softmax(scores) @ values / math.sqrt(query.shape[-1])


@mistake("attend_one", """Your answer is the value of the best key alone. Attention should
    blend: every value counts, in proportion to its weight.""", common=True)
def picks_the_best_value(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return values[scores.argmax()]


@mistake("attend_one", """Your answer is the weights, one for each key. The last step is
    missing: add up the values, each times its weight.""", common=True, denies=True)
def answers_with_the_weights(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)


@mistake("attend_one", """Your answer is the scores, one for each key. Two steps are missing:
    softmax turns them into weights, and the weights blend the values.""", denies=True)
def answers_with_the_scores(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return scores


@mistake("attend_one", """Your answer is the plain mean of the values, whatever the query is.
    Each value should count in proportion to its weight.""", common=True)
def takes_the_mean_of_the_values(query, keys, values):
    return values.mean(axis=0)


@mistake("attend_one", """Your answer is the sum of the values, each with a weight of one.
    Multiply each value by its own weight; the weights should sum to one.""")
def adds_up_the_values_unweighted(query, keys, values):
    return values.sum(axis=0)


@mistake("attend_one", """Your values are weighted by the scores themselves. Softmax is missing:
    it turns the scores into positive weights that sum to one.""", common=True, denies=True)
def skips_the_softmax(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return scores @ values


@mistake("attend_one", """Your answer is a blend of the keys. Keys only decide the weights;
    blend the values instead.""", common=True)
def blends_the_keys(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores) @ keys


@mistake("attend_one", """Your query is compared with the values. Compare it with the keys
    instead; the values come in later, to be blended.""")
def asks_the_values(query, keys, values):
    scores = values @ query / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your product has values and weights in the wrong order. In `a @ b` the
    last axis of `a` meets the rows of a table `b`: the weights, which run over the keys, should
    meet the rows of the values.""")
def puts_the_values_first(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return values @ softmax(scores)


@mistake("attend_one", """Your product has query and keys in the wrong order: in `a @ b` the
    last axis of `a` meets the first of a table `b`, and here that is d_k against n_keys. Swap
    the two.""")
def puts_the_query_first(query, keys, values):
    scores = query @ keys / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are the products of query and key, feature by feature, not
    added up. A dot product is their sum: there should be one score for each key.""")
def leaves_the_products_apart(query, keys, values):
    scores = keys * query / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are cosines: query and keys are divided by their norms.
    Use the dot product of query and key, over the root of d_k: a score may lie far outside -1
    to 1.""")
def takes_cosines(query, keys, values):
    lengths = np.linalg.norm(keys, axis=-1) * np.linalg.norm(query)
    scores = keys @ query / lengths
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are cosines, divided by the root of d_k as well: query and
    keys are divided by their norms first. Leave them as they are: in attention the norms should
    count.""")
def takes_scaled_cosines(query, keys, values):
    lengths = np.linalg.norm(keys, axis=-1) * np.linalg.norm(query)
    scores = keys @ query / lengths / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are distances with a minus sign. A distance is a sensible
    measure of a match, but the score here should be the dot product of query and key, over the
    root of d_k.""")
def takes_distances(query, keys, values):
    scores = -np.linalg.norm(keys - query, axis=-1)
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are distances over the root of d_k, with a minus sign. A
    distance measures a match too, but here it should be the dot product of query and key.""")
def takes_scaled_distances(query, keys, values):
    scores = -np.linalg.norm(keys - query, axis=-1) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores have the opposite sign, so the keys that match least get
    the largest weights. Leave the sign as it is.""", common=True)
def turns_the_scores_round(query, keys, values):
    scores = -(keys @ query) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores have lost their signs, so a key that points the other way
    counts as a match. A negative dot product means a bad match and should stay negative.""")
def drops_the_signs_of_the_scores(query, keys, values):
    scores = np.abs(keys @ query) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """You multiply every value by its weight but do not add up the results:
    there is a row for each key. The answer should be the sum of these rows.""", common=True)
def leaves_the_weighted_values_apart(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[:, None] * values


@mistake("attend_one", """Your weights and values are multiplied elementwise, and their shapes
    do not fit for that. Each weight should multiply a whole row of values.""")
def multiplies_without_a_new_axis(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return (softmax(scores) * values).sum(axis=0)


@mistake("attend_one", """Your weighted values are added up across each row, to one number per
    key. Add up the rows themselves instead: sum over the keys, and keep the d_v numbers.""",
         common=True)
def adds_along_the_wrong_axis(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return (softmax(scores)[:, None] * values).sum(axis=1)


@mistake("attend_one", """Your weighted values are all added up into one number. Sum over the
    keys only: the answer should keep the d_v numbers of a value.""")
def adds_up_everything(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return (softmax(scores)[:, None] * values).sum()


@mistake("attend_one", """Your products of query and keys are added down the columns, to one
    number for each feature. Add along each key instead: a dot product gives one score for each
    key.""")
def adds_the_products_down_the_columns(query, keys, values):
    scores = (keys * query).sum(axis=0) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your answer is the last value times its weight: it has overwritten
    those before it. Add them all up: = replaces, += adds.""")
def keeps_the_last_weighted_value(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[-1] * values[-1]


@mistake("attend_one", """Your answer is the first value times its weight: the loop over the
    keys ends there. The `return` should come after the loop, when all values are added up.""")
def returns_after_the_first_key(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[0] * values[0]


@mistake("attend_one", """Your answer is collected in an array as long as the query. It is a
    blend of values, so it should have d_v numbers, not d_k.""", alike=(True, False))
def makes_room_like_the_query(query, keys, values, *, alike):
    output = np.zeros_like(query) if alike else np.zeros(len(query))
    scores = keys @ query / math.sqrt(query.shape[-1])
    output += softmax(scores) @ values
    return output


@mistake("attend_one", """Your answer is too small by a factor of the number of keys: it is the
    mean of the weighted values. The weights already sum to one: take the sum of the weighted
    values instead.""", common=True)
def averages_the_weighted_values(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores) @ values / len(values)


@mistake("attend_one", """Your answer has one axis too many: its shape is (1, d_v). The query
    comes in as (d_k,), without an axis for queries, so the answer should be (d_v,).""")
def answers_with_a_table(query, keys, values):
    scores = query[None] @ keys.T / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """You add the query to your blend (or try to). That is a residual
    connection, which comes in lesson 5; attention itself should return the blend alone.""")
def adds_the_query(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return query + softmax(scores) @ values


@mistake("attend_one", """Your own softmax takes the exponentials of the scores as they are.
    Above 709 they overflow to infinity, and infinity over infinity is NaN. Subtract the largest
    score first, or call your softmax.""")
def lets_the_exponentials_overflow(query, keys, values):
    exps = np.exp(keys @ query / math.sqrt(query.shape[-1]))
    return exps / exps.sum() @ values


@mistake("attend_one", """Your values are weighted by plain exponentials of the scores. Divide
    each by the sum of them all to make them weights.""")
def blends_by_the_exponentials(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return np.exp(scores) @ values


@mistake("attend_one", """Your values are weighted by exponentials that are not divided by their
    sum, so the best key always counts as one, and the others come on top. Divide by the sum.""")
def blends_by_the_shifted_exponentials(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return np.exp(scores - scores.max()) @ values


@mistake("attend_one", """Your scores are divided by twice d_k. Divide by the root instead: a
    power of one half needs brackets, because ** 1/2 is a power of one, and then a division by
    two.""")
def divides_by_twice_d_k(query, keys, values):
    scores = keys @ query / query.shape[-1] ** 1 / 2
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by 3, the root of the 9 in the lesson's
    example. Divide by the root of your own d_k: the number of features in the query.""")
def divides_by_the_root_of_the_example(query, keys, values):
    scores = keys @ query / 3
    return softmax(scores) @ values


@mistake("attend_one", """Your sum over the values starts at 1, but counting starts at 0: the
    first weight and its value are left out.""")
def leaves_the_first_value_out(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[1:] @ values[1:]


@mistake("attend_one", """Your sum over the values stops one too early: the last weight and its
    value are left out. `range(n)` already ends at n - 1.""")
def leaves_the_last_value_out(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[:-1] @ values[:-1]


@mistake("attend_one", """Each score goes through a softmax of its own, and a single number
    always gets the weight one: your values are added up as they are. Run one softmax over all
    keys.""")
def shares_out_each_score_alone(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores[:, None])[:, 0] @ values


@mistake("attend_one", """Your scores are distances between query and key, so the farthest key
    gets the largest weight. Use their dot product instead.""")
def scores_by_the_distance(query, keys, values):
    scores = np.linalg.norm(keys - query, axis=-1) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your weights are sigmoids, each of its own score alone. In a softmax
    the keys compete, and their weights should sum to one.""")
def blends_by_sigmoids(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return (1 / (1 + np.exp(-scores))) @ values


@probes("attend_one")
def probe_attend_one():
    rng = np.random.default_rng(1)
    yield given(rng.normal(size=7), rng.normal(size=(5, 7)), rng.normal(size=(5, 6)))
    yield given(rng.normal(size=2), rng.normal(size=(3, 2)), rng.normal(size=(3, 4)))
    yield given(rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=(3, 3)))
    yield given(60 * rng.normal(size=6), 60 * rng.normal(size=(2, 6)), rng.normal(size=(2, 5)))
    yield given(rng.integers(-3, 4, 5), rng.integers(-3, 4, (4, 5)), rng.integers(-9, 9, (4, 3)))
    yield given(2000 * rng.normal(size=7), rng.normal(size=(5, 7)), rng.normal(size=(5, 6)))
