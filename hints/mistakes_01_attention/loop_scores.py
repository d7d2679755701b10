"""Mistakes in attention_loop: the scaling, and what is shared out among what."""

import math

import numpy as np
from kata_01_attention import softmax

from tests.runner.mistakes import mistake


@mistake("attention_loop", """Your scores are plain dot products, too large by the root of d_k.
    Each of them is divided by the square root of the length of a query.""", common=True)
def loops_without_scaling(q, k, v):
    root = 1.0
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by d_k itself, so the weights are too
    even. The *root* of d_k is meant: that is how large a dot product of d_k numbers tends to
    be.""", common=True)
def loops_with_d_k(q, k, v):
    root = q.shape[-1]
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by the root of how many keys there are.
    The root of d_k is meant, of how many numbers a query and a key have.""", common=True)
def loops_with_the_root_of_n_keys(q, k, v):
    root = math.sqrt(len(k))
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by the root of how many queries there are.
    The root of d_k is meant, of how many numbers each query has.""")
def loops_with_the_root_of_n_queries(q, k, v):
    root = math.sqrt(len(q))
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by the root of d_v, the width of the
    values. The values have no part in the scores: it is the root of d_k, the length of a
    query.""")
def loops_with_the_root_of_d_v(q, k, v):
    root = math.sqrt(v.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are multiplied by the root of d_k, where they should
    be divided. One key takes nearly everything.""")
def loops_and_multiplies_by_the_root(q, k, v):
    root = 1 / math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """Your scores are divided by 8, the root of 64. That is d_k in the
    paper; here it is whatever the length of a query is.""")
def loops_with_the_root_of_the_paper(q, k, v):
    root = 8
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """You divide by the root of d_k after the softmax, so the weights
    are too sharp and sum to less than one. The scores are what is scaled.""")
def loops_and_scales_the_answer(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    for query in q:
        scores = [sum(a * b for a, b in zip(query, key)) for key in k]
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value / root for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """In your loop the weights of each *key* sum to one over the
    queries. It is a query that has one unit to share out: softmax runs over the scores of one
    query.""")
def shares_among_the_queries(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    table = [[sum(a * b for a, b in zip(query, key)) / root for key in k] for query in q]
    for weights in softmax(np.array(table), axis=0):
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)


@mistake("attention_loop", """In your loop one softmax covers all queries: all the weights
    together sum to one. Each query has weights of its own, which sum to one.""")
def shares_among_all_pairs(q, k, v):
    root = math.sqrt(q.shape[-1])
    outputs = []
    table = [[sum(a * b for a, b in zip(query, key)) / root for key in k] for query in q]
    for weights in softmax(np.array(table).ravel()).reshape(len(q), len(k)):
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)
