"""Mistakes in cross_attention: which sequence attends to which, and the shape of the output."""

import numpy as np
from kata_01_attention import attention

from tests.runner.diagnosis.known import edit, given, mistake, probes

looks_at_itself = edit("cross_attention", """Your keys and values are made from x: it attends to
    itself, and the memory has no effect. Make keys and values from the memory.""",
    ("memory @ w_k, memory", "x @ w_k, x"), common=True, denies=True)

lets_the_memory_look_at_itself = edit("cross_attention", """Your queries, keys and values are all
    made from the memory: it attends to itself. Make the queries from x.""",
    ("x @ w_q", "memory @ w_q"))

lets_the_memory_ask = edit("cross_attention", """The two sequences are swapped: queries are made
    from the memory, keys and values from x. Make the queries from x, the keys and values from
    the memory.""",
    ("x @ w_q, memory @ w_k, memory", "memory @ w_q, x @ w_k, x"), common=True)

takes_values_from_x = edit("cross_attention", """Your keys are made from the memory, but your
    values from x. Keys and values belong together: make both from the memory.""",
    ("w_k, memory", "w_k, x"), common=True)

takes_keys_from_x = edit("cross_attention", """Your values are made from the memory, but your
    keys from x. Keys and values belong together: make both from the memory.""",
    ("w_q, memory", "w_q, x"))

takes_queries_and_keys_from_the_memory = edit("cross_attention", """Your queries and keys are
    made from the memory, and your values from x. Make the queries from x, the keys and values
    from the memory.""",
    ("x @ w_q", "memory @ w_q"), ("w_k, memory", "w_k, x"))

blends_the_memory = edit("cross_attention", """The memory is blended as it is. Blend its values
    instead: memory times w_v.""",
    ("@ w_v", ""), common=True)

looks_at_the_bare_memory = edit("cross_attention", """Your queries are compared with the memory
    as it is. Compare them with its keys, which are a projection: memory times w_k.""",
    ("@ w_k", ""))

asks_with_x_itself = edit("cross_attention", """The tokens of x are used as queries as they are.
    Queries should be a projection: x times w_q.""",
    ("x @ w_q", "x"))

uses_no_weights = edit("cross_attention", """Your answer is attention of x and memory as they
    are: no weights are used. Queries, keys and values should be projections.""",
    ("@ w_q, memory @ w_k, memory @ w_v", ", memory, memory"))

lets_the_keys_ask = edit("cross_attention", """Queries and keys are swapped: there is an output
    for each word of the memory, where there should be one for each token of x.""",
    ("x @ w_q, memory @ w_k", "memory @ w_k, x @ w_q"))

blends_the_keys_of_the_memory = edit("cross_attention", """Your answer is a blend of the keys,
    memory times w_k. Blend the values instead, memory times w_v.""",
    ("@ w_v", "@ w_k"), common=True)

swaps_the_keys_and_values_of_the_memory = edit("cross_attention", """Keys and values are swapped:
    memory times w_v is used as keys, and memory times w_k is blended. It should be the other way
    round.""",
    ("w_k, memory @ w_v", "w_v, memory @ w_k"))

looks_at_the_values_of_the_memory = edit("cross_attention", """Your queries are compared with
    memory times w_v, and w_k has no effect. Compare them with the keys, memory times w_k.""",
    ("@ w_k", "@ w_v"), denies=True)

swaps_w_q_and_w_k = edit("cross_attention", """Two weights are swapped: x is multiplied by w_k,
    the memory by w_q. Queries should be x times w_q, and keys memory times w_k.""",
    ("w_q, memory @ w_k", "w_k, memory @ w_q"), common=True)

makes_keys_of_the_memory_with_w_q = edit("cross_attention", """Your keys are made with w_q. The
    memory may have a width of its own, so it needs weights of its own: keys should be memory
    times w_k.""",
    ("@ w_k", "@ w_q"))

makes_queries_of_x_with_w_k = edit("cross_attention", """Your queries are made with w_k. They
    should be x times w_q; the width of x may differ from that of the memory.""",
    ("@ w_q", "@ w_k"))

turns_all_weights = edit("cross_attention", """Your weights are transposed. Leave them as they
    are: a weight matrix here is (d_in, d_out) and fits as x @ w_q.""",
    ("w_q, memory @ w_k, memory @ w_v", "w_q.T, memory @ w_k.T, memory @ w_v.T"))

looks_at_both = edit("cross_attention", """You join both sequences (or try to), so x attends to
    its own tokens too. It should attend to the memory alone.""",
    ("return", "memory = np.concatenate([x, memory], axis=-2)\nreturn"))

looks_at_both_the_memory_first = edit("cross_attention", """You join both sequences (or try to),
    so x attends to its own tokens too, after the memory. It should attend to the memory alone.""",
    ("return", "memory = np.concatenate([memory, x], axis=-2)\nreturn"))

cuts_the_memory_short = edit("cross_attention", """The memory is cut to the length of x. It may
    be longer, and x should attend to all of it.""",
    ("return", "memory = memory[..., : x.shape[-2], :]\nreturn"))

looks_at_a_summary = edit("cross_attention", """Only the mean of the memory is attended to, so
    every token gets the same. Each word of the memory should keep a key and a value.""",
    ("return", "memory = memory.mean(axis=-2, keepdims=True)\nreturn"))

adds_x_to_the_blend = edit("cross_attention", """You add the tokens of x to your output (or try
    to). That is a residual connection, which comes in lesson 5; here return the blend alone.""",
    ("return", "return x +"), common=True)

answers_with_the_weights_alone = edit("cross_attention", """Your answer is the weights. Blend the
    values with them.""",
    ("return", "k = memory @ w_k\nreturn"),
    ("memory @ w_k, memory @ w_v", "k, np.eye(k.shape[-2], dtype=k.dtype)"))


@mistake("cross_attention", """Your answer is two arrays, output and weights. Return the output
    alone.""")
def answers_with_the_weights_too(x, memory, w_q, w_k, w_v, mask=None):
    q, k = x @ w_q, memory @ w_k
    return attention(q, k, memory @ w_v, mask), attention(q, k, np.eye(k.shape[-2], dtype=k.dtype),
                                                          mask)


answers_with_one_mean = edit("cross_attention", """Your answer is one vector for the whole of x,
    the mean of the outputs. Every token should keep an output of its own.""",
    ("mask)", "mask).mean(axis=-2)"))

answers_with_columns = edit("cross_attention", """Your output is transposed: there is a column
    for each token. Every token should keep a row of its own.""",
    ("mask)", "mask).swapaxes(-1, -2)"))

averages_the_memory = edit("cross_attention", """Every token gets the plain mean of the memory's
    values: the weights are all alike. Queries and keys should decide how much each value
    counts.""",
    ("x @ w_q", "0 * (x @ w_q)"))

scales_by_the_width_of_x = edit("cross_attention", """Your scores are divided by the root of
    d_model. They should be divided by the root of d_k, the width of queries and keys, and
    attention does that already.""",
    ("@ w_q", "@ w_q * (w_q.shape[-1] / x.shape[-1]) ** 0.5"))

scales_by_the_width_of_the_memory = edit("cross_attention", """Your scores are divided by the
    root of d_memory. They should be divided by the root of d_k, the width of queries and keys,
    and attention does that already.""",
    ("@ w_q", "@ w_q * (w_q.shape[-1] / memory.shape[-1]) ** 0.5"))

scales_cross_scores_twice = edit("cross_attention", """Your scores are divided by d_k: by d_k
    itself, or by its root twice. Divide once by the root, which attention already does.""",
    ("@ w_q", "@ w_q / w_q.shape[-1] ** 0.5"))

leaves_cross_scores_unscaled = edit("cross_attention", """Your scores are not divided by the root
    of d_k. Call your attention from lesson 1, which does that.""",
    ("@ w_q", "@ w_q * w_q.shape[-1] ** 0.5"), common=True)

unpacks_one_sequence = edit("cross_attention", """You unpack the shape of x into two names, but a
    batch has more axes. Count from the end: x.shape[-2] is n_tokens, however many there are.""",
    ("return", "n_tokens, d_model = x.shape\nreturn"))

unpacks_a_batch = edit("cross_attention", """You unpack the shape of x into three names, but a
    single sequence has two axes. Count from the end: x.shape[-2] is n_tokens, however many there
    are.""",
    ("return", "batch, n_tokens, d_model = x.shape\nreturn"))

projects_both_three_ways = edit("cross_attention", """Your x is multiplied by all three weights,
    which fails unless x and memory are equally wide. Multiply x by w_q only, and the memory by
    w_k and w_v.""",
    ("return",
     "q, k, v = project_qkv(x, w_q, w_k, w_v)\n"
     "q_memory, k, v = project_qkv(memory, w_q, w_k, w_v)\n"
     "return"), ("x @ w_q, memory @ w_k, memory @ w_v", "q, k, v"))


@mistake("cross_attention", """Your loop takes the first axes of x and memory for batch axes; in
    single sequences they are token axes. Leave the loop out: `@` and attention handle any batch
    axes.""")
def loops_over_both_batches(x, memory, w_q, w_k, w_v, mask=None):
    return np.array([attention(one @ w_q, other @ w_k, other @ w_v, mask) for one,
                     other in zip(x, memory)])


@mistake("cross_attention", """Your answer is float64, whatever comes in. What comes
    in as float32 should go out as float32.""", common=True, before=(False, True))
def answers_across_in_float64(x, memory, w_q, w_k, w_v, mask=None, *, before):
    x, memory = (x.astype(np.float64), memory.astype(np.float64)) if before else (x, memory)
    return attention(x @ w_q, memory @ w_k, memory @ w_v, mask).astype(np.float64)


answers_across_in_float32 = edit("cross_attention", """Your answer is float32, whatever comes in:
    float64 numbers lose half their digits. What comes in as float64 should go out as float64.""",
    ("mask)", "mask).astype(np.float32)"))

answers_across_in_the_dtype_of_x = edit("cross_attention", """Your answer has the dtype of x, so
    integer tokens lose their fractions. Let the products decide the dtype.""",
    ("mask)", "mask).astype(x.dtype)"))


@probes("cross_attention")
def probe_cross_attention():
    rng = np.random.default_rng(23)
    table = np.array([[1, 0, 1, 1, 0], [0, 1, 1, 0, 1], [1, 1, 0, 0, 0], [0, 0, 1, 1, 1]],
                     dtype=bool)
    own = [rng.normal(size=size) for size in ((4, 3), (5, 2), (3, 7), (2, 7), (2, 6))]
    square = [rng.normal(size=size) for size in ((4, 3), (5, 3), (3, 3), (3, 3), (3, 3))]
    yield given(*own)
    yield given(*square)
    yield given(*own, table)
    yield given(*square, mask=table & [[True], [False], [True], [True]])
    yield given(*square, np.array([True, False, True, True, False]))
    yield given(square[1], square[0], *square[2:], table.T)
    yield given(square[0], rng.normal(size=(4, 3)), *square[2:])
    yield given(square[0], rng.normal(size=(4, 3)), *square[2:], table[:, :4])
    yield given(50 * square[0], *square[1:])
    batch, memories = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 5, 3))
    yield given(batch, memories, *square[2:])
    yield given(batch, memories, *square[2:],
                np.array([[[True, True, False, True, True]], [[False] * 5]]))
    yield given(batch, memories, *square[2:], np.array([table, table[::-1]]))
    yield given(rng.normal(size=(2, 3, 4, 3)), rng.normal(size=(2, 3, 5, 3)), *square[2:])
    yield given(*(array.astype(np.float32) for array in square), table)
    yield given(np.array([[1, 0, 2], [0, 3, 1]]), np.array([[2, 1, 0]]), *(
        rng.integers(-2, 3, size=(3, width)) for width in (3, 3, 2)))
