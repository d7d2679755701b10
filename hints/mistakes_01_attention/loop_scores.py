"""Mistakes in attention_loop: the scaling, and over what the softmax runs."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

loops_without_scaling = edit("attention_loop", """Your scores are plain dot products, too large
    by a factor of the root of d_k. Divide each of them by the square root of d_k, the number of
    features in a query.""",
    ("math.sqrt(q.shape[-1])", "1.0"), common=True)

loops_with_d_k = edit("attention_loop", """Your scores are divided by d_k itself (or twice by its
    root), so the weights are too even. Divide once, by the *root* of d_k: that is how large a
    dot product of d_k numbers tends to be.""",
    ("math.sqrt(q.shape[-1])", "q.shape[-1]"), common=True)

loops_with_the_root_of_n_keys = edit("attention_loop", """Your scores are divided by the root of
    the number of keys. Divide by the root of d_k, the number of features in a query or a key.""",
    ("q.shape[-1]", "len(k)"), common=True)

loops_with_the_root_of_n_queries = edit("attention_loop", """Your scores are divided by the root
    of the number of queries. Divide by the root of d_k, the number of features in each query.""",
    ("q.shape[-1]", "len(q)"))

loops_with_the_root_of_d_v = edit("attention_loop", """Your scores are divided by the root of
    d_v, the width of the values. The values have no part in the scores: divide by the root of
    d_k, the number of features in a query.""",
    ("q.shape[-1]", "v.shape[-1]"), denies=True)

loops_and_multiplies_by_the_root = edit("attention_loop", """Your scores are multiplied by the
    root of d_k, so one key takes nearly everything. Divide by the root instead.""",
    ("root =", "root = 1 /"))

loops_with_the_root_of_the_paper = edit("attention_loop", """Your scores are divided by 8, the
    root of 64, which is d_k in the paper. Divide by the root of your own d_k: the number of
    features in a query.""",
    ("math.sqrt(q.shape[-1])", "8"))

loops_and_scales_the_answer = edit("attention_loop", """You divide by the root of d_k after the
    softmax, so the weights are too sharp and sum to less than one. Divide the scores instead,
    before the softmax.""",
    ("/ root", ""), ("value for", "value / root for"))

shares_among_the_queries = edit("attention_loop", """In your loop the weights of each *key* sum
    to one over the queries. The weights of each query should sum to one over the keys: run
    softmax over the scores of one query.""",
    ("for query in q",
     "table = [[sum(a * b for a, b in zip(query, key)) / root for key in k] for query in q]\n"
     "for weights in softmax(np.array(table), axis=0)"),
    ("scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]\n"
     "weights = softmax(np.array(scores))", ""))

shares_among_all_pairs = edit("attention_loop", """In your loop one softmax covers all queries:
    all the weights together sum to one. Each query should have weights of its own, which sum to
    one.""",
    ("for query in q",
     "table = [[sum(a * b for a, b in zip(query, key)) / root for key in k] for query in q]\n"
     "for weights in softmax(np.array(table).ravel()).reshape(len(q), len(k))"),
    ("scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]\n"
     "weights = softmax(np.array(scores))", ""))

overflows_in_math_exp = edit("attention_loop", """`math.exp` raises an OverflowError for a score
    above 709. Subtract the query's largest score from its scores first, or call your softmax.""",
    ("weights = softmax(np.array(scores))", "exps = [math.exp(score) for score in scores]"),
    ("weight * value for weight", "exp / sum(exps) * value for exp"), ("weights, v", "exps, v"))

leaves_out_the_first_number = edit("attention_loop", """Your dot product leaves out the first
    feature of query and key: its loop starts at 1, but counting starts at 0.""",
    ("query, key", "query[1:], key[1:]"))

loops_with_the_root_of_the_example = edit("attention_loop", """Your scores are divided by 3, the
    root of the 9 in the lesson's example. Divide by the root of your own d_k: the number of
    features in a query.""",
    ("math.sqrt(q.shape[-1])", "3"))

loops_with_twice_d_k = edit("attention_loop", """Your scores are divided by twice d_k. Divide by
    the root instead: a power of one half needs brackets, because ** 1/2 is a power of one, and
    then a division by two.""",
    ("math.sqrt(q.shape[-1])", "2 * q.shape[-1]"))


@probes("attention_loop")
def probe_attention_loop():
    rng = np.random.default_rng(2)
    yield given(*(rng.normal(size=size) for size in ((2, 3), (4, 3), (4, 5))))
    yield given(*(rng.normal(size=size) for size in ((3, 7), (5, 7), (5, 6))))
    yield given(*(rng.normal(size=size) for size in ((3, 3), (3, 3), (3, 3))))
    yield given(*(rng.normal(size=size) for size in ((4, 5), (2, 5), (2, 3))))
    yield given(*(60 * rng.normal(size=size) for size in ((3, 4), (5, 4), (5, 2))))
    yield given(*(rng.integers(-3, 4, size) for size in ((3, 4), (2, 4), (2, 5))))
