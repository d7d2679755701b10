"""Mistakes in attention_loop: what is kept, left out or returned too early."""

import math

import numpy as np
from kata_01_attention import softmax

from tests.runner.diagnosis.known import mistake


@mistake("attention_loop", """Your list of scores is not emptied for the next query: it grows,
    and every later query is answered with the scores of earlier ones too. Start a new list for
    each query, inside the loop.""")
def keeps_the_scores_of_earlier_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    scores = []
    for query in q:
        scores += [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your dot product is not set back to zero for the next key: each
    score includes those of the keys before it. Start the sum anew for every pair of query and
    key.""")
def keeps_the_dot_product_of_earlier_keys(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        total, scores = 0.0, []
        for key in k:
            total += sum(a * b for a, b in zip(query, key))
            scores.append(total / root)
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your answers pile up: each row includes the blends of all queries
    before it. Start the sum anew for every query.""")
def keeps_the_answers_of_earlier_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    output = np.zeros(v.shape[-1])
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        output = output + sum(weight * value for weight, value in zip(weights, v))
        outputs.append(output)
    return np.array(outputs)


@mistake("attention_loop", """All rows of your answer are one and the same array, to which every
    query has added. Make a new one inside the loop over the queries.""")
def fills_one_buffer_for_all(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    output = np.zeros(v.shape[-1])
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        output += sum(weight * value for weight, value in zip(weights, v))
        outputs.append(output)
    return np.array(outputs)


@mistake("attention_loop", """Every row of your answer is that of the last query. Put each
    query's blend into a row of its own, within the loop.""")
def answers_all_with_the_last_answer(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs = [sum(weight * value for weight, value in zip(weights, v))] * len(q)
    return np.array(outputs)


@mistake("attention_loop", """Your answer is one row: the blends of all queries, added up. Each
    query's blend should be a row of its own.""")
def adds_all_answers_together(q, k, v):
    root = math.sqrt(q.shape[-1])
    output = np.zeros(v.shape[-1])
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        output = output + sum(weight * value for weight, value in zip(weights, v))
    return output


@mistake("attention_loop", """Your loop ends after the first query: its `return` is inside the
    loop. Return the answers of all queries together, after the loop.""", common=True)
def returns_after_the_first_query(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
        return np.array(outputs)


@mistake("attention_loop", """Your loop ends after the first query: its `return` is inside the
    loop, so the other rows are still zero. It should come after the loop.""")
def leaves_the_other_answers_at_zero(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), v.shape[-1]))
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
        return outputs


@mistake("attention_loop", """Your loop returns the answer of the first query and ends. Collect
    a row for each query, and return them all after the loop.""")
def returns_one_answer_after_the_first_query(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        return sum(weight * value for weight, value in zip(weights, v))


@mistake("attention_loop", """Your answer is that of the last query alone. Collect a row for
    each query, and return them all.""", common=True)
def returns_the_last_answer_alone(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return outputs[-1]


@mistake("attention_loop", """Your loop over the queries stops one too early: the last one gets
    no answer. `range(n)` already ends at n - 1.""", common=True)
def leaves_out_the_last_query(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q[:-1]:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the queries starts at 1, but counting starts at 0:
    the first query gets no answer.""")
def leaves_out_the_first_query(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q[1:]:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the queries stops one too early: the last row is
    still zero. `range(n)` already ends at n - 1.""")
def leaves_the_last_answer_at_zero(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), v.shape[-1]))
    for i, query in enumerate(q[:-1]):
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your loop over the queries starts at 1, but counting starts at 0:
    the first row is still zero.""")
def leaves_the_first_answer_at_zero(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = np.zeros((len(q), v.shape[-1]))
    for i, query in list(enumerate(q))[1:]:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs[i] = sum(weight * value for weight, value in zip(weights, v))
    return outputs


@mistake("attention_loop", """Your sum over the values stops one too early: the last weight and
    its value are left out. `range(n)` already ends at n - 1.""")
def leaves_out_the_last_value(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights[:-1], v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the keys stops one too early when it scores them:
    the last score is still zero. `range(n)` already ends at n - 1.""")
def leaves_the_last_score_at_zero(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k[:-1]] + [0.0]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Every query gets the answer of the first one: its scores are those
    of q[0], whichever query it is. Score each query itself.""")
def scores_the_first_query_alone(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(q[0], key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are a Python list, and softmax asks an array for its
    maximum: hence the AttributeError. Turn the list into an array with np.array.""")
def hands_softmax_a_list(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(scores)
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your outer loop runs over the keys: the answer has a row for each
    key, which is scored against the queries. It should have a row for each query, scored
    against the keys.""")
def answers_each_key(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in k:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in q]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the keys stops one too early: the last key and its
    value never count. `range(n)` already ends at n - 1.""", common=True)
def leaves_out_the_last_key(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k[:-1]]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your loop over the keys starts at 1, but counting starts at 0: the
    first key and its value never count.""")
def leaves_out_the_first_key(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k[1:]]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v[1:])))
    return np.array(outputs)


@mistake("attention_loop", """Your answers are added up in arrays of ones, so every number is
    one too large. Start each sum from zero.""")
def starts_from_one(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(1 + sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """The last column of your answer stays zero: the loop over the
    features of a value stops one too early. `range(n)` already ends at n - 1.""")
def leaves_the_last_column_at_zero(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        blend = sum(weight * value for weight, value in zip(weights, v))
        outputs.append([*blend[:-1], 0.0])
    return np.array(outputs)


@mistake("attention_loop", """Your outer loop runs over the keys and uses them as queries: there
    is an answer for each key. It should run over the queries.""")
def answers_the_keys(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in k:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)
