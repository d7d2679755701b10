"""Mistakes in attention_loop: what is kept, left out or returned too early."""

from tests.runner.diagnosis.known import edit

keeps_the_scores_of_earlier_queries = edit("attention_loop", """Your list of scores is not
    emptied for the next query: it grows, and every later query is answered with the scores of
    earlier ones too. Start a new list for each query, inside the loop.""",
    ("for query", "scores = []\nfor query"), ("scores =", "scores +="))

keeps_the_dot_product_of_earlier_keys = edit("attention_loop", """Your dot product is not set
    back to zero for the next key: each score includes those of the keys before it. Start the sum
    at zero for every pair of query and key.""",
    ("scores = [sum(a * b for a, b in zip(query, key)) / root for key in k]",
     "total, scores = 0.0, []\n"
     "for key in k:\n"
     "    total += sum(a * b for a, b in zip(query, key))\n"
     "    scores.append(total / root)"))

keeps_the_answers_of_earlier_queries = edit("attention_loop", """Your answers pile up: each row
    includes the blends of all queries before it. Start the sum at zero for every query.""",
    ("for query", "output = np.zeros(v.shape[-1])\nfor query"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "output = output + sum(weight * value for weight, value in zip(weights, v))\n"
     "outputs.append(output)"))

fills_one_buffer_for_all = edit("attention_loop", """All rows of your answer are one and the same
    array, to which every query has added. Make a new one inside the loop over the queries.""",
    ("for query", "output = np.zeros(v.shape[-1])\nfor query"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "output += sum(weight * value for weight, value in zip(weights, v))\n"
     "outputs.append(output)"))

answers_all_with_the_last_answer = edit("attention_loop", """Every row of your answer is that of
    the last query. Each query's blend needs an array of its own: one that all rows share shows
    what was written last.""",
    (".append(sum(weight * value for weight, value in zip(weights, v)))",
     "= [sum(weight * value for weight, value in zip(weights, v))] * len(q)"))

adds_all_answers_together = edit("attention_loop", """Your answer is one row: the blends of all
    queries, added up. Each query's blend should be a row of its own.""",
    ("outputs = []", "output = np.zeros(v.shape[-1])"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "output = output + sum(weight * value for weight, value in zip(weights, v))"),
    ("np.array(outputs)", "output"))

returns_after_the_first_query = edit("attention_loop", """Only the first query has an answer. A
    `return` or a `break` inside a loop ends it in the first round: return the answers of all
    queries together, after the loop.""",
    ("v)))", "v)))\nreturn np.array(outputs)"), ("return np.array(outputs)", ""), common=True)

leaves_the_other_answers_at_zero = edit("attention_loop", """Only the first query has
    an answer: the other rows are still zero. A `return` or a `break` inside a loop ends it in the
    first round; the `return` should come after the loop.""",
    ("outputs = []", "outputs = np.zeros((len(q), v.shape[-1]))"),
    ("query in q", "i, query in enumerate(q)"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "outputs[i] = sum(weight * value for weight, value in zip(weights, v))\nreturn outputs"))

returns_one_answer_after_the_first_query = edit("attention_loop", """Your answer is that
    of the first query alone. Collect a row for each query, and return them all, after the
    loop.""",
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "return sum(weight * value for weight, value in zip(weights, v))"),
    ("return np.array(outputs)", ""))

returns_the_last_answer_alone = edit("attention_loop", """Your answer is that of the last query
    alone. Collect a row for each query, and return them all.""",
    ("np.array(outputs)", "outputs[-1]"), common=True)

leaves_out_the_last_query = edit("attention_loop", """Your loop over the queries stops one too
    early: the last one gets no answer. `range(n)` already ends at n - 1.""",
    ("in q", "in q[:-1]"), common=True)

leaves_out_the_first_query = edit("attention_loop", """Your loop over the queries starts at 1,
    but counting starts at 0: the first query gets no answer.""",
    ("in q", "in q[1:]"))

leaves_the_last_answer_at_zero = edit("attention_loop", """Your loop over the queries stops one
    too early: the last row is still zero. `range(n)` already ends at n - 1.""",
    ("outputs = []", "outputs = np.zeros((len(q), v.shape[-1]))"),
    ("query in q", "i, query in enumerate(q[:-1])"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "outputs[i] = sum(weight * value for weight, value in zip(weights, v))"))

leaves_the_first_answer_at_zero = edit("attention_loop", """Your loop over the queries starts at
    1, but counting starts at 0: the first row is still zero.""",
    ("outputs = []", "outputs = np.zeros((len(q), v.shape[-1]))"),
    ("query in q", "i, query in list(enumerate(q))[1:]"),
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "outputs[i] = sum(weight * value for weight, value in zip(weights, v))"))

leaves_out_the_last_value = edit("attention_loop", """Your sum over the values stops one too
    early: the last weight and its value are left out. `range(n)` already ends at n - 1.""",
    ("weights, v", "weights[:-1], v"))

leaves_the_last_score_at_zero = edit("attention_loop", """Your loop over the keys stops one too
    early when it scores them: the last score is still zero. `range(n)` already ends at n - 1.""",
    ("in k", "in k[:-1]] + [0.0"))

scores_the_first_query_alone = edit("attention_loop", """Every query gets the answer of the first
    one: its scores are those of q[0], whichever query it is. Score each query itself.""",
    ("query, key", "q[0], key"))

hands_softmax_a_list = edit("attention_loop", """Your scores are a Python list, and softmax asks
    an array for its maximum: hence the AttributeError. Turn the list into an array with
    np.array.""",
    ("np.array(scores)", "scores"))

answers_each_key = edit("attention_loop", """Your outer loop runs over the keys: the answer has a
    row for each key, which is scored against the queries. It should have a row for each query,
    scored against the keys.""",
    ("in q", "in k"), ("in k", "in q"))

leaves_out_the_last_key = edit("attention_loop", """Your loop over the keys stops one too early:
    the last key and its value never count. `range(n)` already ends at n - 1.""",
    ("in k", "in k[:-1]"), common=True)

leaves_out_the_first_key = edit("attention_loop", """Your loop over the keys starts at 1, but
    counting starts at 0: the first key and its value never count.""",
    ("in k", "in k[1:]"), ("weights, v", "weights, v[1:]"))

starts_from_one = edit("attention_loop", """Your answers are added up in arrays of ones, so every
    number is one too large. Start each sum from zero.""",
    ("sum(weight", "1 + sum(weight"))

leaves_the_last_column_at_zero = edit("attention_loop", """The last column of your answer stays
    zero: the loop over the features of a value stops one too early. `range(n)` already ends at n
    - 1.""",
    ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
     "blend = sum(weight * value for weight, value in zip(weights, v))\n"
     "outputs.append([*blend[:-1], 0.0])"))

answers_the_keys = edit("attention_loop", """Your outer loop runs over the keys and uses them as
    queries: there is an answer for each key. It should run over the queries.""",
    ("in q", "in k"))
