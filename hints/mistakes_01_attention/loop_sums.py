"""Mistakes in attention_loop: which numbers are multiplied, and where the sums go."""

import numpy as np

from tests.runner.diagnosis.known import edit, mistake

leaves_out_the_last_number = edit("attention_loop", """Your dot product leaves out the last
    feature of query and key. `range(n)` already ends at n - 1.""",
    ("query, key", "query[:-1], key"))

multiplies_as_many_numbers_as_a_value_has = edit("attention_loop", """Your dot product adds as
    many products as a value has features. It should run over the d_k features of query and key;
    d_v is the width of the answer.""",
    ("a * b for a, b in zip(query, key)", "query[c] * key[c] for c in range(v.shape[-1])"))

takes_the_last_product_for_the_sum = edit("attention_loop", """Your score is the product of the
    last features of query and key: it has overwritten the products before it. Add them all up: =
    replaces, += adds.""",
    ("sum(a * b for a, b in zip(query, key))", "query[-1] * key[-1]"))

counts_the_keys_like_the_queries = edit("attention_loop", """Your loop over the keys runs as
    often as there are queries. There may be more keys, or fewer: score each query against every
    key.""",
    ("in k", "in [k[j] for j in range(len(q))]"))

counts_the_queries_like_the_keys = edit("attention_loop", """Your loop over the queries runs as
    often as there are keys, and then an index is out of bounds, or rows are missing. There
    should be one answer for each query.""",
    ("in q", "in [q[i] for i in range(len(k))]"), denies=True)

mixes_up_the_indices_of_the_scores = edit("attention_loop", """In your loops the indices of query
    and key are swapped, and one of them runs out of bounds. Score (i, j) should belong to query
    i and key j.""",
    ("query in q", "i in range(len(q))"), ("query, key", "q[j], k[i]"),
    ("key in k", "j in range(len(k))"))

scores_the_key_of_the_same_number = edit("attention_loop", """Each query is scored again and
    again against one key, the one with its own index, so its weights are all equal. Score (i, j)
    should belong to query i and key j.""",
    ("query in q", "i in range(len(q))"), ("query, key", "q[i], k[i]"),
    ("key in k", "j in range(len(k))"))

blends_the_value_of_the_same_number = edit("attention_loop", """Query i is answered with value i,
    because each weight multiplies the value with the query's index. Weight (i, j) should
    multiply value j.""",
    ("query in q", "i, query in enumerate(q)"),
    ("value for weight, value in zip(weights, v)", "v[i] for weight in weights"))

answers_with_the_last_weighted_value = edit("attention_loop", """Your answer is the last value
    times its weight: it has overwritten those before it. Add them all up: = replaces, += adds.""",
    ("sum(weight * value for weight, value in zip(weights, v))", "weights[-1] * v[-1]"),
    common=True)

loops_over_scores_for_weights = edit("attention_loop", """Your values are weighted by the scores
    themselves. Softmax is missing: it turns the scores of a query into positive weights that sum
    to one.""",
    ("softmax(np.array(scores))", "np.array(scores)"), common=True, denies=True)

forgets_the_weights = edit("attention_loop", """Your values are added up with a weight of one
    each, so all queries get the same answer. Multiply each value by its weight first.""",
    ("weight *", ""))

takes_the_weight_of_its_own_number = edit("attention_loop", """Query i gives every value the
    weight with its own index, i, so the values are added up evenly. Weight j should multiply
    value j.""",
    ("query in q", "i, query in enumerate(q)"), ("weight *", "weights[i] *"),
    ("weight, value in zip(weights, v)", "value in v"))

answers_with_a_row_for_every_pair = edit("attention_loop", """Your answer has a row for every
    query *and* key: each weighted value is appended by itself. Add them up first, over the keys,
    into one row for each query.""",
    ("append(sum", "extend("))

loops_to_the_plain_mean = edit("attention_loop", """Each query gets the plain mean of the values,
    whatever it is. Each value should count in proportion to its weight.""",
    ("sum(weight * value for weight, value in zip(weights, v))", "v.mean(axis=0)"))

loops_to_the_best_value = edit("attention_loop", """Each query gets the value of its best key
    alone. Attention should blend: every value counts, in proportion to its weight.""",
    ("sum(weight * value for weight, value in zip(weights, v))", "v[weights.argmax()]"))

loops_and_averages = edit("attention_loop", """Your answers are too small by a factor of the
    number of keys: they are means of the weighted values. The weights already sum to one: take
    the sum of the weighted values instead.""",
    ("v))", "v)) / len(v)"))

loops_to_the_weights = edit("attention_loop", """Your rows are the weights of each query. The
    last step is missing: add up the values, each times its weight.""",
    ("sum(weight * value for weight, value in zip(weights, v))", "weights"), denies=True)

loops_to_the_scores = edit("attention_loop", """Your rows are the scores of each query. Two steps
    are missing: softmax turns them into weights, and the weights blend the values.""",
    ("sum(weight * value for weight, value in zip(weights, v))", "scores"), denies=True)

loops_to_a_blend_of_keys = edit("attention_loop", """Your answers are blends of the keys. Keys
    only decide the weights; blend the values instead.""",
    ("weights, v", "weights, k"), common=True)

loops_against_the_values = edit("attention_loop", """Your queries are compared with the values.
    Compare them with the keys instead; the values come in later, to be blended.""",
    ("in k", "in v"))

turns_each_score_round = edit("attention_loop", """Your scores have the opposite sign, so the
    keys that match least get the largest weights. Leave the sign as it is.""",
    ("sum(a", "-sum(a"))

makes_room_like_the_queries = edit("attention_loop", """Your answers go into an array as wide as
    the queries. Each answer is a blend of values, so it should have d_v numbers, not d_k.""",
    ("outputs = []", "outputs = np.zeros_like(q)"), ("query in q", "i, query in enumerate(q)"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "outputs[i] = sum(weight * value for weight, value in zip(weights, v))"))

adds_into_room_like_the_queries = edit("attention_loop", """Your answers are added up in an array
    as wide as the queries. Each answer is a blend of values, so it should have d_v numbers, not
    d_k.""",
    ("outputs = []", "outputs = np.zeros_like(q)"), ("query in q", "i, query in enumerate(q)"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "outputs[i] += sum(weight * value for weight, value in zip(weights, v))"))

makes_room_like_the_values = edit("attention_loop", """Your answers go into an array of the shape
    of the values, which has a row for each key. There should be a row for each query.""",
    ("outputs = []", "outputs = np.zeros(v.shape)"), ("query in q", "i, query in enumerate(q)"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "outputs[i] = sum(weight * value for weight, value in zip(weights, v))"))

makes_room_like_the_weights = edit("attention_loop", """Your answers go into an array with a
    column for each key, the shape of the weights. An answer should have the d_v numbers of a
    value.""",
    ("outputs = []", "outputs = np.zeros((len(q), len(k)))"),
    ("query in q", "i, query in enumerate(q)"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "outputs[i] += sum(weight * value for weight, value in zip(weights, v))"))

makes_room_for_integers = edit("attention_loop", """Your answers go into an array of integers,
    which cuts off everything after the decimal point. Use an array of floats, which np.zeros
    makes by default.""",
    ("outputs = []", "outputs = np.zeros((len(q), v.shape[-1]), dtype=int)"),
    ("query in q", "i, query in enumerate(q)"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "outputs[i] = sum(weight * value for weight, value in zip(weights, v))"))

writes_over_the_answer = edit("attention_loop", """All rows of your answer but the last are
    zeros. Each query should write its blend into a row of its own.""",
    ("[]", "np.zeros((len(q), v.shape[-1]))"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "outputs[-1] = sum(weight * value for weight, value in zip(weights, v))"),
    ("np.array(outputs)", "outputs"))

turns_the_answer_on_its_side = edit("attention_loop", """Your answer is transposed, (d_v,
    n_queries): it has a column for each query, where it should have a row.""",
    ("(outputs)", "(outputs).T"))

chains_the_answers = edit("attention_loop", """Your answers are joined into one long row. Each
    query should get a row of its own: shape (n_queries, d_v).""",
    ("np.array(outputs)", "np.concatenate(outputs)"))

leaves_out_the_first_value = edit("attention_loop", """Your sum over the values starts at 1, but
    counting starts at 0: the first weight and its value are left out.""",
    ("weights, v", "weights[1:], v[1:]"))


@mistake("attention_loop", """Your values are added up as they are: each has the weight one. That is
    also what a softmax of one score gives. Run one softmax over all the scores of a query, and
    multiply each value by its weight.""")
def shares_out_one_score_at_a_time(q, k, v):
    return np.array([sum(1.0 * value for value in v) for query in q])


loops_with_the_exponentials = edit("attention_loop", """Your values are weighted by plain
    exponentials of the scores. Divide each by the sum of them all to make them weights.""",
    ("softmax", "np.exp"))
