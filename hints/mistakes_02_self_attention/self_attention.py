"""Mistakes in self_attention: what attends to what, and what becomes of the answer."""

import numpy as np
from kata_01_attention import attention
from kata_02_self_attention import project_qkv

from tests.runner.diagnosis.known import edit, given, mistake, probes

attends_without_projections = edit("self_attention", """Your answer is attention of the tokens as
    they are: no weights are used. Queries, keys and values should be projections of x.""",
    ("q, k, v, mask", "x, x, x, mask"))

blends_the_tokens = edit("self_attention", """The tokens are blended as they are. Blend their
    values instead: x times w_v.""",
    ("w_v)", "np.eye(x.shape[-1], dtype=x.dtype))"), common=True)

holds_tokens_against_tokens = edit("self_attention", """The tokens are compared with each other
    as they are, and w_q and w_k have no effect. Queries and keys should be projections too.""",
    ("q, k, v, mask", "x, x, v, mask"), denies=True)

holds_queries_against_tokens = edit("self_attention", """Your queries are compared with the
    tokens themselves. Keys should be projections too: x times w_k.""",
    ("q, k, v, mask", "q, x, v, mask"))

asks_with_the_tokens = edit("self_attention", """The tokens themselves are compared with the
    keys. Queries should be projections too: x times w_q.""",
    ("q, k, v, mask", "x, k, v, mask"))

lets_keys_ask = edit("self_attention", """Queries and keys are swapped: the keys, x times w_k,
    are used as queries. The order should be queries, keys, values.""",
    ("(x, w_q, w_k, w_v)", "(x, w_k, w_q, w_v)"), common=True)

looks_at_values_and_blends_keys = edit("self_attention", """Keys and values are swapped: the
    queries are compared with the values, and the keys are blended. The order should be queries,
    keys, values.""",
    ("(x, w_q, w_k, w_v)", "(x, w_q, w_v, w_k)"))

asks_with_values_and_blends_queries = edit("self_attention", """Queries and values are swapped:
    the queries are blended. The order should be queries, keys, values.""",
    ("(x, w_q, w_k, w_v)", "(x, w_v, w_k, w_q)"))

blends_the_keys_of_tokens = edit("self_attention", """Your answer is a blend of the keys. Keys
    only decide the weights; blend the values instead, x times w_v.""",
    ("w_v)", "w_k)"), common=True)

blends_the_queries_of_tokens = edit("self_attention", """Your answer is a blend of the queries.
    Blend the values instead, x times w_v.""",
    ("w_v)", "w_q)"))

holds_queries_against_queries = edit("self_attention", """Queries are compared with queries: the
    keys, x times w_k, have no effect. Compare the queries with the keys.""",
    ("(x, w_q, w_k, w_v)", "(x, w_q, w_q, w_v)"), denies=True)

holds_keys_against_keys = edit("self_attention", """Keys are compared with keys: the queries, x
    times w_q, have no effect. Compare the queries with the keys.""",
    ("(x, w_q, w_k, w_v)", "(x, w_k, w_k, w_v)"), denies=True)

holds_queries_of_tokens_against_values = edit("self_attention", """Queries are compared with the
    values, and the keys, x times w_k, have no effect. Compare the queries with the keys.""",
    ("(x, w_q, w_k, w_v)", "(x, w_q, w_v, w_v)"), denies=True)

does_it_all_with_values = edit("self_attention", """Values are used for queries and keys too: w_q
    and w_k have no effect. Queries and keys should decide the weights.""",
    ("(x, w_q, w_k, w_v)", "(x, w_v, w_v, w_v)"), denies=True)

does_it_all_with_queries = edit("self_attention", """Queries are used for keys and values too:
    w_k and w_v have no effect. Each of the three should be made with its own weights.""",
    ("(x, w_q, w_k, w_v)", "(x, w_q, w_q, w_q)"), denies=True)

projects_the_output_again = edit("self_attention", """Your output is multiplied by w_v once more.
    Return the blend as it is: the values went through w_v already.""",
    ("mask)", "mask) @ w_v"))

passes_the_weights_turned = edit("self_attention", """Your weights are transposed. Pass them on
    as they are: a weight matrix here is (d_in, d_out).""",
    ("(x, w_q, w_k, w_v)", "(x, w_q.T, w_k.T, w_v.T)"))

adds_the_tokens_to_the_output = edit("self_attention", """You add the tokens to your output (or
    try to). That is a residual connection, which comes in lesson 5; here return the blend
    alone.""",
    ("return", "return x +"), common=True)

adds_the_values_to_the_output = edit("self_attention", """You add the values to your output.
    Return the blend alone: a token's own value enters it by its weight, like all others.""",
    ("return", "return v +"))

scales_by_d_model = edit("self_attention", """Your scores are divided by the root of d_model.
    They should be divided by the root of d_k, the width of the queries, and attention does that
    already.""",
    ("(x, w_q, w_k, w_v)", "(x, w_q * (w_q.shape[-1] / x.shape[-1]) ** 0.5, w_k, w_v)"),
    common=True)

scales_the_scores_twice = edit("self_attention", """Your scores are divided by d_k: by d_k
    itself, or by its root twice. Divide once by the root, which attention already does.""",
    ("(x, w_q, w_k, w_v)", "(x, w_q / w_q.shape[-1] ** 0.5, w_k, w_v)"))

leaves_the_scores_unscaled = edit("self_attention", """Your scores are not divided by the root of
    d_k. Call your attention from lesson 1, which does that.""",
    ("(x, w_q, w_k, w_v)", "(x, w_q * w_q.shape[-1] ** 0.5, w_k, w_v)"), common=True)

scales_the_blend = edit("self_attention", """Your output is divided by the root of d_k. Return
    the blend as it is: the scores have been scaled already.""",
    ("mask)", "mask) / w_q.shape[-1] ** 0.5"))

answers_with_the_weights = edit("self_attention", """Your answer is the weights. Blend the values
    with them.""",
    ("q, k, v, mask", "q, k, np.eye(x.shape[-2], dtype=v.dtype), mask"))


@mistake("self_attention", """Your answer is two arrays, output and weights. Return the output
    alone.""")
def answers_with_output_and_weights(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    return attention(q, k, v, mask), attention(q, k, np.eye(x.shape[-2], dtype=v.dtype), mask)


answers_with_the_mean = edit("self_attention", """Your answer is one vector for the whole
    sequence, the mean of the outputs. Every token should keep an output of its own.""",
    ("mask)", "mask).mean(axis=-2)"), common=True)

answers_with_the_sum = edit("self_attention", """Your answer is one vector for the whole
    sequence, the sum of the outputs. Every token should keep an output of its own.""",
    ("mask)", "mask).sum(axis=-2)"))

answers_for_the_last_token = edit("self_attention", """Your answer is the output of the last
    token alone. Every token should keep an output of its own.""",
    ("mask)", "mask)[..., -1, :]"))

answers_in_columns = edit("self_attention", """Your output is transposed: there is a column for
    each token. Every token should keep a row of its own.""",
    ("mask)", "mask).swapaxes(-1, -2)"))


@mistake("self_attention", """Your output went through softmax: each row sums to one. Softmax is
    for scores; return the blend of values as it is.""")
def makes_shares_of_the_output(x, w_q, w_k, w_v, mask=None):
    output = attention(*project_qkv(x, w_q, w_k, w_v), mask)
    exps = np.exp(output - output.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


@mistake("self_attention", """All sequences of a batch are run together, so tokens attend to
    those of other sequences too. Each sequence should attend only to itself: keep the axes in
    front.""")
def lets_sequences_look_at_each_other(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x.reshape(-1, x.shape[-1]), w_q, w_k, w_v)
    return attention(q, k, v, mask).reshape(*x.shape[:-1], v.shape[-1])


looks_across_the_batch = edit("self_attention", """Tokens attend to tokens at the same position
    in other sequences: the batch and token axes are swapped. Each sequence should attend along
    its own tokens, axis -2.""",
    ("project_qkv(x", "project_qkv(np.swapaxes(x, 0, -2)"),
    ("attention(q, k, v, mask)", "np.swapaxes(attention(q, k, v, mask), 0, -2)"))

expects_one_sequence = edit("self_attention", """You unpack the shape of x into two names, but a
    batch has more axes. Count from the end: x.shape[-2] is n_tokens, however many there are.""",
    ("q, k, v =", "n_tokens, d_model = x.shape\nq, k, v ="))

expects_a_batch = edit("self_attention", """You unpack the shape of x into three names, but a
    single sequence has two axes. Count from the end: x.shape[-2] is n_tokens, however many there
    are.""",
    ("q, k, v =", "batch, n_tokens, d_model = x.shape\nq, k, v ="))

loops_over_the_batch = edit("self_attention", """Your loop takes the first axis of x for a batch
    axis; in a single sequence it is the token axis. Leave the loop out: `@` and attention handle
    any batch axes.""",
    ("q, k, v = project_qkv(x, w_q, w_k, w_v)", ""),
    ("attention(q, k, v, mask)",
     "np.array([attention(*project_qkv(sequence, w_q, w_k, w_v), mask) for sequence in x])"))

attends_in_float64 = edit("self_attention", """Your answer is float64, whatever comes in.
    What comes in as float32 should go out as float32.""",
    ("q, k, v =", "x = x.astype(np.float64) if before else x\nq, k, v ="),
    ("mask)", "mask).astype(np.float64)"), common=True, before=(False, True))

attends_in_float32 = edit("self_attention", """Your answer is float32, whatever comes in: float64
    numbers lose half their digits. What comes in as float64 should go out as float64.""",
    ("mask)", "mask).astype(np.float32)"))

answers_in_the_dtype_of_x = edit("self_attention", """Your answer has the dtype of x, so integer
    tokens lose their fractions. Let the products decide the dtype.""",
    ("mask)", "mask).astype(x.dtype)"))

makes_room_of_the_shape_of_x = edit("self_attention", """You fill an array of the shape of x. The
    output should be as wide as the values, which is the width of w_v.""",
    ("return", "output = np.zeros_like(x)\noutput[...] ="), ("mask)", "mask)\nreturn output"))

averages_the_values = edit("self_attention", """Every token gets the plain mean of the values:
    the weights are all alike. Queries and keys should decide how much each value counts.""",
    ("(x, w_q, w_k, w_v)", "(x, 0 * w_q, w_k, w_v)"))

answers_with_the_values = edit("self_attention", """Each token gets its own value and nothing
    else. The weights should let it attend to the other tokens as well.""",
    ("attention(q, k, v, mask)", "v"))


@probes("self_attention")
def probe_self_attention():
    rng = np.random.default_rng(21)
    table = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 1, 1]], dtype=bool)
    wide = [rng.normal(size=size) for size in ((4, 3), (3, 5), (3, 5), (3, 2))]
    square = [rng.normal(size=size) for size in ((4, 3), (3, 3), (3, 3), (3, 3))]
    yield given(*wide)
    yield given(*square)
    yield given(*square, table)
    yield given(*wide, table & [[True], [False], [True], [True]])
    yield given(*square, np.array([True, False, True, True]))
    x, w_q, w_k, w_v = square
    yield given(50 * x, w_q, w_k, w_v)
    yield given(-50 * x, w_q, w_k, w_v, mask=table)
    batch = rng.normal(size=(2, 4, 3))
    yield given(batch, *square[1:])
    yield given(batch, *square[1:], np.array([table, table[::-1]]))
    yield given(batch, *wide[1:], np.array([[[True, True, False, True]], [[False] * 4]]))
    yield given(batch, *square[1:], table)
    yield given(rng.normal(size=(2, 3, 4, 3)), *square[1:])
    yield given(*(array.astype(np.float32) for array in square), table)
    yield given(np.array([[1, 0, 2], [0, 3, 1]]),
                *(rng.integers(-2, 3, size=(3, width)) for width in (3, 3, 3)))
