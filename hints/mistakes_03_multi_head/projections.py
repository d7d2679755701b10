"""Mistakes in multi_head_attention: the four weight matrices, and what they are multiplied with."""

from tests.runner.diagnosis.known import edit

forgets_w_o = edit("multi_head_attention", """Your answer is the merged heads. The last step is
    missing: w_o should mix what the heads found, and its columns give the answer its width.""",
    ("@ w_o", ""), common=True, denies=True)

turns_w_o_on_its_side = edit("multi_head_attention", """Your w_o is transposed. It is (n_heads *
    d_v, d_out) and should be applied from the right as it is: merged @ w_o.""",
    ("@ w_o", "@ w_o.T"))

puts_w_o_first = edit("multi_head_attention", """Your w_o is on the left of the product. Tokens
    are rows here, so every weight matrix should be on the right: merged @ w_o.""",
    ("merge_heads(attention(q, k, v, mask)) @ w_o",
     "w_o @ merge_heads(attention(q, k, v, mask))"))

hands_w_o_a_single_head = edit("multi_head_attention", """What you multiply by w_o is as wide as
    one head, but w_o has a row for every number of all heads. Put the heads side by side first,
    with merge_heads.""",
    ("merge_heads(attention(q, k, v, mask))", "attention(q, k, v, mask)"))

applies_w_o_twice = edit("multi_head_attention", """You apply w_o twice. Apply it once, after
    merging.""",
    ("@ w_o", "@ w_o @ w_o"))

applies_w_o_to_the_values = edit("multi_head_attention", """Your values go through w_o before the
    heads are split. Apply w_o last: it mixes what the heads found, and each head has weights of
    its own.""",
    ("@ w_v", "@ w_v @ w_o"), ("@ w_o", ""))

applies_the_first_rows_of_w_o_to_every_head = edit("multi_head_attention", """Every head is
    multiplied by the same first d_v rows of w_o, and the results are added up. Each head should
    have rows of its own: merge the heads, then one product does it.""",
    ("merge_heads(attention(q, k, v, mask)) @ w_o",
     "(attention(q, k, v, mask) @ w_o[: v.shape[-1]]).sum(axis=-3)"))

turns_the_projections_on_their_side = edit("multi_head_attention", """Your projections are
    transposed, as in `x @ w_q.T`. A weight matrix here is (d_in, d_out): apply it as it is, x @
    w_q.""",
    ("@ w_q", "@ w_q.T"), ("@ w_k", "@ w_k.T"), ("@ w_v", "@ w_v.T"))

puts_the_projections_first = edit("multi_head_attention", """Your weight matrices are on the left
    of the products. Tokens are rows here, so the matrices should be on the right: x @ w_q.""",
    ("x @ w_q", "w_q @ x"), ("memory @ w_k", "w_k @ memory"), ("memory @ w_v", "w_v @ memory"))

leaves_the_queries_unprojected = edit("multi_head_attention", """Your queries are x itself: w_q
    has no effect. They should be x @ w_q.""",
    ("x @ w_q", "x"), denies=True)

leaves_the_keys_unprojected = edit("multi_head_attention", """Your keys are not projected: w_k
    has no effect. They should be memory @ w_k, or x @ w_k if there is no memory.""",
    ("@ w_k", ""), denies=True)

leaves_the_values_unprojected = edit("multi_head_attention", """Your values are not projected:
    w_v has no effect. They should be memory @ w_v, or x @ w_v if there is no memory.""",
    ("@ w_v", ""), denies=True)

leaves_all_unprojected = edit("multi_head_attention", """You split x into heads as it is: w_q,
    w_k and w_v have no effect. Project first, then split.""",
    ("x @ w_q", "x"), ("memory @ w_k", "memory"), ("memory @ w_v", "memory"), denies=True)

uses_w_q_for_the_keys = edit("multi_head_attention", """Your keys are made with w_q, like the
    queries. They should be made with a matrix of their own, w_k.""",
    ("@ w_k", "@ w_q"), common=True)

uses_w_v_for_the_keys = edit("multi_head_attention", """Your keys are made with w_v, the matrix
    of the values. They should be made with a matrix of their own, w_k.""",
    ("@ w_k", "@ w_v"))

uses_w_q_for_all = edit("multi_head_attention", """Your queries, keys and values are all made
    with w_q. Each should have a matrix of its own.""",
    ("@ w_k", "@ w_q"), ("@ w_v", "@ w_q"))

exchanges_w_q_and_w_k = edit("multi_head_attention", """Your keys are made with w_q and your
    queries with w_k. It should be the other way round.""",
    ("@ w_q", "@ w_k"), ("@ w_k", "@ w_q"))

exchanges_queries_and_keys = edit("multi_head_attention", """Queries and keys are swapped on the
    way into attention. Pass it q, k, v, in this order.""",
    ("q, k, v, mask", "k, q, v, mask"))

exchanges_keys_and_values = edit("multi_head_attention", """Your keys and values are swapped: w_k
    should make the keys and w_v the values, and attention takes q, k, v, in this order.""",
    ("k, v, mask", "v, k, mask"))

blends_the_keys_of_each_head = edit("multi_head_attention", """Your heads blend their keys: w_v
    has no effect, or k is used instead of v. Blend the values, which w_v makes.""",
    ("v, mask", "k, mask"), denies=True)

adds_x_to_the_answer = edit("multi_head_attention", """You add x to the answer, or try to. That
    is a residual connection, which comes in lesson 5; here, return the heads' answer alone.""",
    ("return", "return x +"), common=True)

turns_the_answer_on_its_side = edit("multi_head_attention", """Your answer is transposed: (...,
    d_out, n_tokens). Each row should be a token.""",
    ("merge_heads(attention(q, k, v, mask)) @ w_o",
     "(merge_heads(attention(q, k, v, mask)) @ w_o).swapaxes(-1, -2)"))

answers_in_float64_throughout = edit("multi_head_attention", """Your numbers become float64 where
    float32 came in, through a NumPy scalar, an array without a dtype or a conversion on the way.
    They should stay float32.""",
    ("@ w_o", ".astype(np.float64) @ w_o"))

computes_in_float64_throughout = edit("multi_head_attention", """Your numbers become float64
    where float32 came in, through a NumPy scalar, an array without a dtype or a conversion on
    the way. They should stay float32.""",
    ("memory = x", "x = x.astype(np.float64)\nmemory = x"), common=True)

splits_into_float64 = edit("multi_head_attention", """Your numbers become float64 where float32
    came in, through a NumPy scalar, an array without a dtype or a conversion on the way. They
    should stay float32.""",
    (", n_heads)", ", n_heads).astype(np.float64)", 3))

ends_in_float64 = edit("multi_head_attention", """Your numbers become float64 where float32 came
    in, through a NumPy scalar, an array without a dtype or a conversion on the way. They should
    stay float32.""",
    ("merge_heads(attention(q, k, v, mask)) @ w_o",
     "(merge_heads(attention(q, k, v, mask)) @ w_o).astype(np.float64)"))

answers_in_float32_throughout = edit("multi_head_attention", """Your answer is float32 whatever
    comes in, so float64 loses half its digits. The answer should have the dtype of x.""",
    ("merge_heads(attention(q, k, v, mask)) @ w_o",
     "(merge_heads(attention(q, k, v, mask)) @ w_o).astype(np.float32)"))

fills_an_array_of_the_dtype_of_x = edit("multi_head_attention", """If x holds integers, what
    the heads find is cut to whole numbers, because it goes into an array of the dtype of x. Let
    the products decide the dtype.""",
    ("@ w_o", ".astype(x.dtype) @ w_o"))

answers_in_the_dtype_of_x = edit("multi_head_attention", """If x holds integers, your answer
    is cut to whole numbers, because it goes into an array of the dtype of x. Let the products
    decide the dtype.""",
    ("merge_heads(attention(q, k, v, mask)) @ w_o",
     "(merge_heads(attention(q, k, v, mask)) @ w_o).astype(x.dtype)"))

returns_two_answers = edit("multi_head_attention", """You return two things, the answer and the
    attention weights. Return the answer alone; attention_maps is for the weights.""",
    ("@ w_o", "@ w_o, attention_weights(q, k, mask)"))

multiplies_x_and_weights_entry_by_entry = edit("multi_head_attention", """`*` multiplies entry by
    entry, and the shapes of x and w_q fit for that only by chance, if at all. Use a matrix
    product for a projection, `@`.""",
    ("@ w_q", "* w_q"), ("@ w_k", "* w_k"), ("@ w_v", "* w_v"))
