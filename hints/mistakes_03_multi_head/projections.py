"""Mistakes in multi_head_attention: the four weight matrices, and what they meet."""

import numpy as np
from kata_01_attention import attention, attention_weights
from kata_03_multi_head import merge_heads, split_heads

from tests.runner.diagnosis.known import mistake


@mistake("multi_head_attention", """Your answer is the merged heads. The last step is missing: w_o
    should mix what the heads found, and its columns give the answer its width.""", common=True,
         denies=True)
def forgets_w_o(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask))


@mistake("multi_head_attention", """Your w_o is transposed. It is (n_heads * d_v, d_out) and should
    be applied from the right as it is: merged @ w_o.""")
def turns_w_o_on_its_side(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o.T


@mistake("multi_head_attention", """Your w_o is on the left of the product. Tokens are rows here, so
    every weight matrix should be on the right: merged @ w_o.""")
def puts_w_o_first(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return w_o @ merge_heads(attention(q, k, v, mask))


@mistake("multi_head_attention", """What you multiply by w_o is as wide as one head, but w_o has a
    row for every number of all heads. Put the heads side by side first, with merge_heads.""")
def hands_w_o_a_single_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return attention(q, k, v, mask) @ w_o


@mistake("multi_head_attention", """You apply w_o twice. Apply it once, after merging.""")
def applies_w_o_twice(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o @ w_o


@mistake("multi_head_attention", """Your values go through w_o before the heads are split. Apply w_o
    last: it mixes what the heads found, and each head has weights of its own.""")
def applies_w_o_to_the_values(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v @ w_o))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask))


@mistake("multi_head_attention", """Every head meets the same first d_v rows of w_o, and the results
    are added up. Each head should have rows of its own: merge the heads, then one product does
    it.""")
def applies_the_first_rows_of_w_o_to_every_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return (attention(q, k, v, mask) @ w_o[: v.shape[-1]]).sum(axis=-3)


@mistake("multi_head_attention", """Your projections are transposed, as in `x @ w_q.T`. A weight
    matrix here is (d_in, d_out): apply it as it is, x @ w_q.""")
def turns_the_projections_on_their_side(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q.T, memory @ w_k.T, memory @ w_v.T))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your weight matrices are on the left of the products. Tokens are
    rows here, so the matrices should be on the right: x @ w_q.""")
def puts_the_projections_first(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (w_q @ x, w_k @ memory, w_v @ memory))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your queries are x itself: w_q has no effect. They should be x @
    w_q.""", denies=True)
def leaves_the_queries_unprojected(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your keys are not projected: w_k has no effect. They should be
    memory @ w_k, or x @ w_k where there is no memory.""", denies=True)
def leaves_the_keys_unprojected(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your values are not projected: w_v has no effect. They should be
    memory @ w_v, or x @ w_v where there is no memory.""", denies=True)
def leaves_the_values_unprojected(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """You split x into heads as it is: w_q, w_k and w_v have no
    effect. Project first, then split.""", denies=True)
def leaves_all_unprojected(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x, memory, memory))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your keys are made with w_q, like the queries. They should be
    made with a matrix of their own, w_k.""", common=True)
def uses_w_q_for_the_keys(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_q, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your keys are made with w_v, the matrix of the values. They
    should be made with a matrix of their own, w_k.""")
def uses_w_v_for_the_keys(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_v, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your queries, keys and values are all made with w_q. Each should
    have a matrix of its own.""")
def uses_w_q_for_all(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_q, memory @ w_q))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your keys are made with w_q and your queries with w_k. It should
    be the other way round.""")
def exchanges_w_q_and_w_k(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_k, memory @ w_q, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Queries and keys are swapped on the way into attention. Pass it
    q, k, v, in this order.""")
def exchanges_queries_and_keys(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(k, q, v, mask)) @ w_o


@mistake("multi_head_attention", """Your keys and values are swapped: w_k should make the keys and
    w_v the values, and attention takes q, k, v, in this order.""")
def exchanges_keys_and_values(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, v, k, mask)) @ w_o


@mistake("multi_head_attention", """Your heads blend their keys: w_v has no effect, or k stands
    where v should. Blend the values, which w_v makes.""", denies=True)
def blends_the_keys_of_each_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, k, mask)) @ w_o


@mistake("multi_head_attention", """You add x to the answer, or try to. That is a residual
    connection, which comes in lesson 5; here, return the heads' answer alone.""", common=True)
def adds_x_to_the_answer(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return x + merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your answer is transposed: (..., d_out, n_tokens). Each row
    should be a token.""")
def turns_the_answer_on_its_side(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return (merge_heads(attention(q, k, v, mask)) @ w_o).swapaxes(-1, -2)


@mistake("multi_head_attention", """Your numbers become float64 where float32 came in, through a
    NumPy scalar, an array without a dtype or a conversion on the way. They should stay float32.""")
def answers_in_float64_throughout(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)).astype(np.float64) @ w_o


@mistake("multi_head_attention", """Your numbers become float64 where float32 came in, through a
    NumPy scalar, an array without a dtype or a conversion on the way. They should stay float32.""",
         common=True)
def computes_in_float64_throughout(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    x = x.astype(np.float64)
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your numbers become float64 where float32 came in, through a
    NumPy scalar, an array without a dtype or a conversion on the way. They should stay float32.""")
def splits_into_float64(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads).astype(np.float64)
               for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your numbers become float64 where float32 came in, through a
    NumPy scalar, an array without a dtype or a conversion on the way. They should stay float32.""")
def ends_in_float64(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return (merge_heads(attention(q, k, v, mask)) @ w_o).astype(np.float64)


@mistake("multi_head_attention", """Your answer is float32 whatever comes in, so float64 loses half
    its digits. The answer should have the dtype of x.""")
def answers_in_float32_throughout(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return (merge_heads(attention(q, k, v, mask)) @ w_o).astype(np.float32)


@mistake("multi_head_attention", """Where x holds integers, what the heads find is cut to whole
    numbers, because it goes into an array of the dtype of x. Let the products decide the dtype.""")
def fills_an_array_of_the_dtype_of_x(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)).astype(x.dtype) @ w_o


@mistake("multi_head_attention", """Where x holds integers, your answer is cut to whole numbers,
    because it goes into an array of the dtype of x. Let the products decide the dtype.""")
def answers_in_the_dtype_of_x(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return (merge_heads(attention(q, k, v, mask)) @ w_o).astype(x.dtype)


@mistake("multi_head_attention", """You return two things, the answer and the attention weights.
    Return the answer alone; attention_maps is for the weights.""")
def returns_two_answers(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o, attention_weights(q, k, mask)


@mistake("multi_head_attention", """`*` multiplies entry by entry, and the shapes of x and w_q fit
    for that only by chance, if at all. Use a matrix product for a projection, `@`.""")
def multiplies_x_and_weights_entry_by_entry(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x * w_q, memory * w_k, memory * w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o
