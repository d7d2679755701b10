"""Mistakes in attention_loop: the scaling, and what is shared out among what."""

import math

import numpy as np
from kata_01_attention import softmax

from tests.runner.diagnosis.known import given, mistake, probes


@mistake("attention_loop", """Your scores are plain dot products, too large by a factor of the
    root of d_k. Divide each of them by the square root of d_k, the number of features in a
    query.""", common=True)
def loops_without_scaling(q, k, v):
    root = 1.0
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by d_k itself (or twice by its root), so
    the weights are too even. Divide once, by the *root* of d_k: that is how large a dot product
    of d_k numbers tends to be.""", common=True)
def loops_with_d_k(q, k, v):
    root = q.shape[-1]
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by the root of the number of keys. Divide
    by the root of d_k, the number of features in a query or a key.""", common=True)
def loops_with_the_root_of_n_keys(q, k, v):
    root = math.sqrt(len(k))
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by the root of the number of queries.
    Divide by the root of d_k, the number of features in each query.""")
def loops_with_the_root_of_n_queries(q, k, v):
    root = math.sqrt(len(q))
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by the root of d_v, the width of the
    values. The values have no part in the scores: divide by the root of d_k, the number of
    features in a query.""", denies=True)
def loops_with_the_root_of_d_v(q, k, v):
    root = math.sqrt(v.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are multiplied by the root of d_k, so one key takes
    nearly everything. Divide by the root instead.""")
def loops_and_multiplies_by_the_root(q, k, v):
    root = 1 / math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by 8, the root of 64, which is d_k in the
    paper. Divide by the root of your own d_k: the number of features in a query.""")
def loops_with_the_root_of_the_paper(q, k, v):
    root = 8
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """You divide by the root of d_k after the softmax, so the weights
    are too sharp and sum to less than one. Divide the scores instead, before the softmax.""")
def loops_and_scales_the_answer(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value / root for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """In your loop the weights of each *key* sum to one over the
    queries. The weights of each query should sum to one over the keys: run softmax over the
    scores of one query.""")
def shares_among_the_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    table = [[sum(a * b for a, b in zip(query, key)) / root for key in k] for query in q]
    for weights in softmax(np.array(table), axis=0):
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """In your loop one softmax covers all queries: all the weights
    together sum to one. Each query should have weights of its own, which sum to one.""")
def shares_among_all_pairs(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    table = [[sum(a * b for a, b in zip(query, key)) / root for key in k] for query in q]
    for weights in softmax(np.array(table).ravel()).reshape(len(q), len(k)):
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """`math.exp` raises an OverflowError for a score above 709. Subtract
    the query's largest score from its scores first, or call your softmax.""")
def overflows_in_math_exp(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        exps = [math.exp(score) for score in scores]
        outputs.append(sum(exp / sum(exps) * value for exp, value in zip(exps, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your dot product leaves out the first feature of query and key:
    its loop starts at 1, but counting starts at 0.""")
def leaves_out_the_first_number(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query[1:], key[1:])) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by 3, the root of the 9 in the lesson's
    example. Divide by the root of your own d_k: the number of features in a query.""")
def loops_with_the_root_of_the_example(q, k, v):
    root = 3
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by twice d_k. Divide by the root instead:
    a power of one half needs brackets, because ** 1/2 is a power of one, and then a division by
    two.""")
def loops_with_twice_d_k(q, k, v):
    root = 2 * q.shape[-1]
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@probes("attention_loop")
def probe_attention_loop():
    rng = np.random.default_rng(2)
    yield given(*(rng.normal(size=size) for size in ((2, 3), (4, 3), (4, 5))))
    yield given(*(rng.normal(size=size) for size in ((3, 7), (5, 7), (5, 6))))
    yield given(*(rng.normal(size=size) for size in ((3, 3), (3, 3), (3, 3))))
    yield given(*(rng.normal(size=size) for size in ((4, 5), (2, 5), (2, 3))))
    yield given(*(60 * rng.normal(size=size) for size in ((3, 4), (5, 4), (5, 2))))
    yield given(*(rng.integers(-3, 4, size) for size in ((3, 4), (2, 4), (2, 5))))
