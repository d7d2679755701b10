"""Mistakes in attend_one."""

import math

import numpy as np
from kata_01_attention import softmax

from tests.runner.mistakes import given, mistake, probes


@mistake("attend_one", """Your scores are plain dot products, too large by the root of d_k, so
    the best key gets too much. They are divided by the square root of the length of the
    query.""", common=True)
def leaves_out_the_scaling(query, keys, values):
    scores = keys @ query
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by d_k itself (or twice by its root), so the
    weights are too even. Once by the *root* of d_k is meant: that is how large a dot product of
    d_k numbers tends to be.""",
         common=True)
def divides_by_d_k(query, keys, values):
    scores = keys @ query / query.shape[-1]
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by the root of how many keys there are. The
    root of d_k is meant, of how many numbers a query and a key have.""", common=True)
def divides_by_the_root_of_n_keys(query, keys, values):
    scores = keys @ query / math.sqrt(len(keys))
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by how many keys there are. The root of d_k is
    meant, of how many numbers a query and a key have.""")
def divides_by_n_keys(query, keys, values):
    scores = keys @ query / len(keys)
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by the root of d_v, the width of the values.
    The values have no part in the scores: it is the root of d_k, the length of the query.""",
         common=True)
def divides_by_the_root_of_d_v(query, keys, values):
    scores = keys @ query / math.sqrt(values.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are multiplied by the root of d_k, where they should be
    divided. One key takes nearly everything.""", common=True)
def multiplies_by_the_root(query, keys, values):
    scores = keys @ query * math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by 8, the root of 64. That is d_k in the
    paper; here it is whatever the length of the query is.""")
def divides_by_the_root_of_the_paper(query, keys, values):
    scores = keys @ query / 8
    return softmax(scores) @ values


@mistake("attend_one", """You divide by the root of d_k after the softmax, so the weights are
    too sharp and sum to less than one. The scores are what is scaled.""")
def scales_after_the_softmax(query, keys, values):
    scores = keys @ query
    return softmax(scores) @ values / math.sqrt(query.shape[-1])


@mistake("attend_one", """Your answer is the value of the best key alone. Attention blends:
    every value counts, as much as its weight.""", common=True)
def picks_the_best_value(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return values[scores.argmax()]


@mistake("attend_one", """Your answer is the weights, one for each key. The last step is
    missing: add up the values, each times its weight.""", common=True)
def answers_with_the_weights(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)


@mistake("attend_one", """Your answer is the scores, one for each key. Two steps are missing:
    softmax makes weights of them, and the weights blend the values.""")
def answers_with_the_scores(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return scores


@mistake("attend_one", """Your answer is the plain mean of the values, whatever the query asks.
    Each value should count as much as its weight.""", common=True)
def takes_the_mean_of_the_values(query, keys, values):
    return values.mean(axis=0)


@mistake("attend_one", """Your answer is the sum of the values, each with a weight of one. The
    weights, which sum to one, have to come in.""")
def adds_up_the_values_unweighted(query, keys, values):
    return values.sum(axis=0)


@mistake("attend_one", """Your values are weighted by the scores themselves. Softmax is missing:
    it turns the scores into positive weights that sum to one.""", common=True)
def skips_the_softmax(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return scores @ values


@mistake("attend_one", """Your answer is a blend of the keys. Keys are there to be found by;
    what gets blended is the values.""", common=True)
def blends_the_keys(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores) @ keys


@mistake("attend_one", """Your query is held against the values. It is the keys that it is held
    against; the values wait to be blended.""")
def asks_the_values(query, keys, values):
    scores = values @ query / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your product has values and weights in the wrong order. The weights
    run over the keys, so in `a @ b` they stand where their axis meets the rows of the
    values.""")
def puts_the_values_first(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return values @ softmax(scores)


@mistake("attend_one", """Your product has query and keys in the wrong order: in `a @ b`, the
    last axis of `a` meets the first of a table `b`, and here that is d_k against n_keys.""")
def puts_the_query_first(query, keys, values):
    scores = query @ keys / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are the products of query and key, number by number, not
    added up. A dot product is their sum: one score for each key.""")
def leaves_the_products_apart(query, keys, values):
    scores = keys * query / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are cosines: query and keys are brought to length one. In
    attention their lengths count, so that a score is not held between -1 and 1.""")
def takes_cosines(query, keys, values):
    lengths = np.linalg.norm(keys, axis=-1) * np.linalg.norm(query)
    scores = keys @ query / lengths
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are cosines, divided by the root of d_k as well: query and
    keys are brought to length one first. In attention their lengths count.""")
def takes_scaled_cosines(query, keys, values):
    lengths = np.linalg.norm(keys, axis=-1) * np.linalg.norm(query)
    scores = keys @ query / lengths / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are distances with a minus sign. A distance is a sensible
    measure of a match, but this formula takes the dot product of query and key.""")
def takes_distances(query, keys, values):
    scores = -np.linalg.norm(keys - query, axis=-1)
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are distances over the root of d_k, with a minus sign. A
    distance measures a match too, but this formula takes the dot product of query and key.""")
def takes_scaled_distances(query, keys, values):
    scores = -np.linalg.norm(keys - query, axis=-1) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """The keys that match least get the largest weights: your scores have
    the opposite sign.""", common=True)
def turns_the_scores_round(query, keys, values):
    scores = -(keys @ query) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your scores have lost their signs, so a key that points the other way
    counts as a match. A negative dot product is a bad match and has to stay negative.""")
def drops_the_signs_of_the_scores(query, keys, values):
    scores = np.abs(keys @ query) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Every value is multiplied by its weight, and then they are left
    standing: a row for each key. The blend is the sum of these rows.""", common=True)
def leaves_the_weighted_values_apart(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[:, None] * values


@mistake("attend_one", """Weights and values are multiplied number by number, and their shapes
    do not fit: one weight belongs to a whole row of values.""")
def multiplies_without_a_new_axis(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return (softmax(scores) * values).sum(axis=0)


@mistake("attend_one", """Your weighted values are added up across each row, one number per key.
    The blend adds the rows themselves: the keys are summed away, the d_v numbers stay.""",
         common=True)
def adds_along_the_wrong_axis(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return (softmax(scores)[:, None] * values).sum(axis=1)


@mistake("attend_one", """Everything is added up into one number. Only the keys are summed away:
    the answer keeps the d_v numbers of a value.""")
def adds_up_everything(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return (softmax(scores)[:, None] * values).sum()


@mistake("attend_one", """Your products of query and keys are added down the columns, one number
    for each feature. A dot product adds along a key: one score for each key.""")
def adds_the_products_down_the_columns(query, keys, values):
    scores = (keys * query).sum(axis=0) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your answer is the last value times its weight: the values before it
    are overwritten. They are added up; = forgets, += adds.""")
def keeps_the_last_weighted_value(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[-1] * values[-1]


@mistake("attend_one", """Your answer is the first value times its weight: the loop over the
    keys ends there. The `return` belongs behind the loop, when all values are added up.""")
def returns_after_the_first_key(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[0] * values[0]


@mistake("attend_one", """Your answer is collected in an array as long as the query. It is a
    blend of values, so it has d_v numbers, not d_k.""", alike=(True, False))
def makes_room_like_the_query(query, keys, values, *, alike):
    output = np.zeros_like(query) if alike else np.zeros(len(query))
    scores = keys @ query / math.sqrt(query.shape[-1])
    output += softmax(scores) @ values
    return output


@mistake("attend_one", """Your answer is too small by the number of keys: it is the mean of the
    weighted values. The weights already sum to one, so it is the sum that is a blend.""",
         common=True)
def averages_the_weighted_values(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores) @ values / len(values)


@mistake("attend_one", """Your answer has an axis too many: shape (1, d_v). One query goes in
    without an axis of its own, and its answer comes out as (d_v,).""")
def answers_with_a_table(query, keys, values):
    scores = query[None] @ keys.T / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """The query is added to your blend (or tried to be). That is a residual
    connection, and it comes in lesson 5; attention itself returns the blend alone.""")
def adds_the_query(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return query + softmax(scores) @ values


@mistake("attend_one", """Your own softmax takes the exponentials of the scores as they are.
    Above 709 they overflow to infinity, and infinity over infinity is NaN. Take the largest
    score away first, or call your softmax.""")
def lets_the_exponentials_overflow(query, keys, values):
    exps = np.exp(keys @ query / math.sqrt(query.shape[-1]))
    return exps / exps.sum() @ values


@mistake("attend_one", """Your values are weighted by plain exponentials of the scores. They become
    weights when each is divided by the sum of them all.""")
def blends_by_the_exponentials(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return np.exp(scores) @ values


@mistake("attend_one", """Your values are weighted by exponentials that are not divided by their
    sum, so the best key always counts as one, and the others come on top.""")
def blends_by_the_shifted_exponentials(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return np.exp(scores - scores.max()) @ values


@mistake("attend_one", """Your scores are divided by twice d_k. The root is meant: a power of one
    half, where ** 1/2 is a power of one, and then a division by two.""")
def divides_by_twice_d_k(query, keys, values):
    scores = keys @ query / query.shape[-1] ** 1 / 2
    return softmax(scores) @ values


@mistake("attend_one", """Your scores are divided by 3, the root of the 9 in the lesson's example.
    d_k is whatever the length of the query is.""")
def divides_by_the_root_of_the_example(query, keys, values):
    scores = keys @ query / 3
    return softmax(scores) @ values


@mistake("attend_one", """Your sum over the values starts at 1, and counting starts at 0: the first
    weight and its value do not come in.""")
def leaves_the_first_value_out(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[1:] @ values[1:]


@mistake("attend_one", """Your sum over the values stops one too early: the last weight and its
    value do not come in. `range(n)` already ends at n - 1.""")
def leaves_the_last_value_out(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores)[:-1] @ values[:-1]


@mistake("attend_one", """Each score goes through a softmax of its own, and a single number always
    gets the weight one: your values are added up as they are. The softmax runs over all
    keys.""")
def shares_out_each_score_alone(query, keys, values):
    scores = keys @ query / math.sqrt(query.shape[-1])
    return softmax(scores[:, None])[:, 0] @ values


@mistake("attend_one", """Your scores are distances between query and key, so the farthest key gets
    the largest weight. In attention a score is their dot product.""")
def scores_by_the_distance(query, keys, values):
    scores = np.linalg.norm(keys - query, axis=-1) / math.sqrt(query.shape[-1])
    return softmax(scores) @ values


@mistake("attend_one", """Your weights are sigmoids, each of its own score alone. In a softmax the
    keys compete, and their weights sum to one.""")
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
