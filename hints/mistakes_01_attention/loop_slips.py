"""Mistakes in attention_loop: a line one step too far in, and exponentials that overflow."""

import math

import numpy as np
from kata_01_attention import softmax

from tests.runner.diagnosis.known import edit, mistake

collects_a_row_for_each_key = edit("attention_loop", """Your answer has a row for each pair of a
    query and a key: rows are collected inside the loop over the keys. Collect the row of a query
    once, after that loop.""",
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "output = np.zeros(v.shape[-1])\n"
     "for weight, value in zip(weights, v):\n"
     "    if anew:\n"
     "        output = output + weight * value\n"
     "    else:\n"
     "        output += weight * value\n"
     "    outputs.append(output)"), anew=(True, False))

scales_at_every_step = edit("attention_loop", """Your dot product is divided by the root of d_k
    at every step, so its first products are divided over and over. Add them all up, then divide
    once, after the innermost loop.""",
    ("scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]",
     "scores = np.zeros(len(k))\n"
     "for j, key in enumerate(k):\n"
     "    for a, b in zip(query, key):\n"
     "        scores[j] = (scores[j] + a * b) / root"), ("np.array(scores)", "scores"))


@mistake("attention_loop", """Your loop over the features of a value runs d_k times. A value has
    d_v features, and so should each answer: v.shape[1].""", one_bracket=(True, False))
def counts_d_k_numbers_in_a_value(q, k, v, *, one_bracket):
    n_queries, d_k = q.shape
    outputs = np.zeros((n_queries, d_k))
    for i, query in enumerate(q):
        scores = [sum(a * b for a, b in zip(query, key)) / math.sqrt(d_k) for key in k]
        weights = softmax(np.array(scores))
        for c in range(d_k):
            outputs[i, c] = sum(weights[j] * (v[j, c] if one_bracket else v[j][c])
                                for j in range(len(k)))
    return outputs


overflows_in_np_exp = edit("attention_loop", """Your exponentials overflow to infinity for a
    score above 709, and infinity over infinity is NaN. Subtract the query's largest score first,
    or call your softmax.""",
    ("weights = softmax", "exps = np.exp"),
    ("weight * value for weight", "exp / sum(exps) * value for exp"), ("weights, v", "exps, v"))

shares_out_before_all_scores_are_there = edit("attention_loop", """Your softmax runs inside the
    loop over the keys, when the scores of later keys are not there yet. Compute all scores of a
    query first, then run one softmax, then blend the values.""",
    ("weights = softmax(np.array(scores))", ""),
    ("weight * value for weight", "softmax(np.array(scores[: j + 1]))[j] * value for j"),
    ("zip(weights, v)", "enumerate(v)"))

shares_out_while_scores_are_zero = edit("attention_loop", """Your softmax runs inside the loop
    over the keys: the scores of later keys are still 0 then, and take a share. Compute all scores
    of a query first, then run one softmax, then blend the values.""",
    ("weights = softmax(np.array(scores))", ""),
    ("weight * value for weight",
     "softmax(np.array([*scores[: j + 1], *[0.0] * len(k[j + 1 :])]))[j] * value for j"),
    ("zip(weights, v)", "enumerate(v)"))

clears_the_scores_for_each_key = edit("attention_loop", """Your scores are created again for each
    key, so only the last one is left, with zeros before it. Create them once for each query,
    before the loop over the keys.""",
    ("[sum(a * b for a, b in zip(query, key)) / root for key in k]",
     "[0.0 for key in k[:-1]] + [sum(a * b for a, b in zip(query, k[-1])) / root]"))

adds_up_d_v_products = edit("attention_loop", """Your dot product runs over d_v numbers, the
    width of the values. It should run over d_k, the number of features in a query or a key:
    q.shape[1].""",
    ("query in q", "i in range(len(q))"),
    ("a * b for a, b in zip(query, key)", "q[i, c] * k[j, c] for c in range(v.shape[-1])"),
    ("key in k", "j in range(len(k))"))


@mistake("attention_loop", """The sum that you divide by is not set back for the next query: it
    still includes the exponentials of earlier queries. Start it at zero for every query.""",
         shifted=(True, False))
def keeps_the_sum_of_earlier_queries(q, k, v, *, shifted):
    root = math.sqrt(q.shape[-1])
    outputs = []
    total = 0.0
    for query in q:
        scores = np.array([sum(a * b for a, b in zip(query, key)) / root for key in k])
        exps = np.exp(scores - scores.max() if shifted else scores)
        total = total + exps.sum()
        outputs.append(sum(exp * value for exp, value in zip(exps, v)) / total)
    return np.array(outputs)


loops_with_a_rounded_root = edit("attention_loop", """Your root of d_k is rounded down to a whole
    number. The root of 9, as in the example, is 3, but the root of 7 is 2.6458: keep its
    digits.""",
    ("math.sqrt(q.shape[-1])", "int(math.sqrt(q.shape[-1]))"))
