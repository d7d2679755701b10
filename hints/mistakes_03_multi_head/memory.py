"""Mistakes in multi_head_attention: where queries, keys and values come from."""

import numpy as np
from kata_01_attention import attention
from kata_03_multi_head import merge_heads, split_heads

from tests.runner.diagnosis.known import mistake


@mistake("multi_head_attention", """The memory has no effect: your heads look at x even when a
    memory is given. With a memory, keys and values should come from it.""", common=True,
         denies=True)
def ignores_the_memory(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your keys come from the memory, but your values from x. Both
    belong to what is looked at, so both should come from the memory.""")
def looks_at_the_memory_for_keys_alone(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, x @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your values come from the memory, but your keys from x. Both
    belong to what is looked at, so both should come from the memory.""")
def looks_at_the_memory_for_values_alone(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, x @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your queries come from the memory. They should come from x: the
    answer has a row for each token of x.""", common=True)
def asks_with_the_memory(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (memory @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your queries come from the memory, and your keys and values from
    x. It should be the other way round: x asks, and the memory is looked at.""")
def exchanges_x_and_memory(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (memory @ w_q, x @ w_k, x @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """You ask whether an array is true, as `memory or x` and `if
    memory` do, and NumPy has no answer for more than one entry. Ask `if memory is None`.""")
def asks_whether_the_memory_is_true(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = memory or x
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """You use the memory even where none is given and it is None. None
    means that x looks at itself: use x as the memory then.""")
def needs_a_memory(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your `if` asks the opposite of what it should: with a memory you
    look at x, and without one at None.""")
def turns_the_question_about_the_memory_round(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is not None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """Your array for the answer has a row for each value. It should
    have one for each query: as many as x has tokens, however long the memory is.""")
def makes_room_for_the_memory_in_the_answer(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.array(mask)
    heads = np.zeros_like(v)
    for h in range(n_heads):
        heads[..., h, :, :] = attention(q[..., h, :, :], k[..., h, :, :], v[..., h, :, :], mask)
    return merge_heads(heads) @ w_o


@mistake("multi_head_attention", """Your heads look at x and the memory together. With a memory,
    keys and values should come from the memory alone.""", first=("memory", "x"))
def joins_memory_and_x(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None, *, first):
    parts = [memory, x] if first == "memory" else [x, memory]
    memory = x if memory is None else np.concatenate(parts, axis=-2)
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """You split the memory as if it were as long as x. It may be
    longer or shorter: use its own length.""")
def takes_the_length_of_the_memory_from_x(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (x @ w_q, memory @ w_k, memory @ w_v)
    n_tokens = x.shape[-2]
    q, k, v = (each.reshape(*each.shape[:-2], n_tokens, n_heads, each.shape[-1] // n_heads).swapaxes(-2, -3)
               for each in (q, k, v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return merge_heads(attention(q, k, v, mask)) @ w_o


@mistake("multi_head_attention", """With a memory, your mask has no effect. It should say which
    tokens of the memory may be seen.""", denies=True)
def ignores_the_mask_of_a_memory(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3) if memory is x else None
    return merge_heads(attention(q, k, v, mask)) @ w_o
