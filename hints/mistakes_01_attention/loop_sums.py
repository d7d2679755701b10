"""Mistakes in attention_loop: which numbers meet, and where the sums go."""

import math

import numpy as np
from kata_01_attention import softmax

from tests.runner.mistakes import mistake


@mistake("attention_loop", """Your dot product leaves out the last number of query and key.
    `range(n)` already ends at n - 1.""")
def leaves_out_the_last_number(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query[:-1], key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your dot product adds as many products as a value has numbers. It
    runs over the d_k numbers of query and key; d_v is the width of the answer.""")
def multiplies_as_many_numbers_as_a_value_has(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(query[c] * key[c] for c in range(v.shape[-1])) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your score is the product of the last numbers of query and key:
    the products before it are overwritten. They are added up; = forgets, += adds.""")
def takes_the_last_product_for_the_sum(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [query[-1] * key[-1] / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the keys runs as often as there are queries. There
    may be more keys, or fewer: each query is held against every key.""")
def counts_the_keys_like_the_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root
                  for key in [k[j] for j in range(len(q))]]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the queries runs as often as there are keys, and
    then an index is out of bounds, or rows are missing. There is one answer for each query.""")
def counts_the_queries_like_the_keys(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in [q[i] for i in range(len(k))]:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """In your loops the indices of query and key have changed places,
    and one of them runs out of bounds. Score (i, j) belongs to query i and key j.""")
def mixes_up_the_indices_of_the_scores(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for i in range(len(q)):
        scores = [sum(a * b for a, b in zip(q[j], k[i])) / root for j in range(len(k))]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Each query is scored against the key of its own number alone,
    again and again, so its weights are all equal. Score (i, j) belongs to query i and key j.""")
def scores_the_key_of_the_same_number(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for i in range(len(q)):
        scores = [sum(a * b for a, b in zip(q[i], k[i])) / root for j in range(len(k))]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Query i is answered with value i, because each weight meets the
    value of the query's number. Weight (i, j) belongs to value j.""")
def blends_the_value_of_the_same_number(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * v[i] for weight in weights))
    return np.array(outputs)


@mistake("attention_loop", """Your answer is the last value times its weight: the values before
    it are overwritten. They are added up; = forgets, += adds.""", common=True)
def answers_with_the_last_weighted_value(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(weights[-1] * v[-1])
    return np.array(outputs)


@mistake("attention_loop", """Your values are weighted by the scores themselves. Softmax is
    missing: it turns the scores of a query into positive weights that sum to one.""", common=True)
def loops_over_scores_for_weights(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = np.array(scores)
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your values are added up with a weight of one each, so that all
    queries get the same answer. Each value comes in times its weight.""")
def forgets_the_weights(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Query i gives every value the weight number i, so that the values
    are added up evenly. Weight j belongs to value j.""")
def takes_the_weight_of_its_own_number(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weights[i] * value for value in v))
    return np.array(outputs)


@mistake("attention_loop", """Your answer has a row for every query *and* key: each weighted
    value was appended by itself. They are added up first, over the keys, to one row for each
    query.""")
def answers_with_a_row_for_every_pair(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.extend(weight * value for weight, value in zip(weights, v))
    return np.array(outputs)


@mistake("attention_loop", """Each query gets the plain mean of the values, whatever it asks.
    Each value counts as much as its weight.""")
def loops_to_the_plain_mean(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(v.mean(axis=0))
    return np.array(outputs)


@mistake("attention_loop", """Each query gets the value of its best key alone. Attention blends:
    every value counts, as much as its weight.""")
def loops_to_the_best_value(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(v[weights.argmax()])
    return np.array(outputs)


@mistake("attention_loop", """Your answers are too small by the number of keys: they are means
    of the weighted values. The weights already sum to one, so it is the sum that is a blend.""")
def loops_and_averages(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)) / len(v))
    return np.array(outputs)


@mistake("attention_loop", """Your rows are the weights of each query. The last step is missing:
    add up the values, each times its weight.""")
def loops_to_the_weights(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(weights)
    return np.array(outputs)


@mistake("attention_loop", """Your rows are the scores of each query. Two steps are missing:
    softmax makes weights of them, and the weights blend the values.""")
def loops_to_the_scores(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(scores)
    return np.array(outputs)


@mistake("attention_loop", """Your answers are blends of the keys. Keys are there to be found
    by; what gets blended is the values.""", common=True)
def loops_to_a_blend_of_keys(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, k)))
    return np.array(outputs)


@mistake("attention_loop", """Your queries are held against the values. It is the keys that they
    are held against; the values wait to be blended.""")
def loops_against_the_values(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in v]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """The keys that match least get the largest weights: your scores
    have the opposite sign.""")
def turns_each_score_round(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [-sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your answers go into an array as wide as the queries. Each answer
    is a blend of values, so it has d_v numbers, not d_k.""")
def makes_room_like_the_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros_like(q)
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answers are added up in an array as wide as the queries. Each
    answer is a blend of values, so it has d_v numbers, not d_k.""")
def adds_into_room_like_the_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros_like(q)
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] += sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answers go into an array of the shape of the values. It has a
    row for each key; there should be one for each query.""")
def makes_room_like_the_values(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros(v.shape)
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answers go into an array with a column for each key. That is
    the shape of the weights; an answer has the d_v numbers of a value.""")
def makes_room_like_the_weights(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), len(k)))
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] += sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answers go into an array of integers, which cuts off
    everything behind the decimal point. np.zeros makes room for fractions unless it is told
    otherwise.""")
def makes_room_for_integers(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), v.shape[-1]), dtype=int)
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answers are lists of zeros but for one row: every query
    writes into the last row. Each query writes into its own.""")
def writes_over_the_answer(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), v.shape[-1]))
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[-1] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your answer is on its side, (d_v, n_queries): a column for each
    query where a row is expected.""")
def turns_the_answer_on_its_side(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs).T


@mistake("attention_loop", """Your answers stand in one long row, one after the other. Each
    query gets a row of its own: shape (n_queries, d_v).""")
def chains_the_answers(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.concatenate(outputs)


@mistake("attention_loop", """Your sum over the values starts at 1, and counting starts at 0: the
    first weight and its value do not come in.""")
def leaves_out_the_first_value(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights[1:], v[1:])))
    return np.array(outputs)


@mistake("attention_loop", """Each score goes through a softmax of its own, and a single number
    always gets the weight one: your values are added up as they are. Softmax runs over all the
    scores of a query.""")
def shares_out_one_score_at_a_time(q, k, v):
    return np.array([sum(1.0 * value for value in v) for query in q])


@mistake("attention_loop", """Your values are weighted by plain exponentials of the scores. They
    become weights when each is divided by the sum of them all.""")
def loops_with_the_exponentials(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = np.exp(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)
