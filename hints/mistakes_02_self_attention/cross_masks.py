"""Mistakes in cross_attention: what is done with a mask."""

import numpy as np
from kata_01_attention import attention

from tests.runner.diagnosis.known import edit, mistake

forgets_the_mask_of_the_memory = edit("cross_attention", """The mask has no effect: it never
    reaches attention. Pass it on.""",
    ("@ w_v, mask", "@ w_v, None"), common=True, denies=True)

asks_whether_the_mask_of_the_memory_is_true = edit("cross_attention", """`if mask`, `mask or ...`
    and `mask == None` ask whether an array is true, which NumPy cannot answer for an array of
    many entries. Ask `if mask is None`, or pass the mask on as it is.""",
    ("@ w_v, mask", "@ w_v, mask if mask else None"), common=True)

turns_the_mask_of_the_memory_round = edit("cross_attention", """The mask is inverted on its way:
    hidden words of the memory are seen, and visible ones are not. Pass it on as it is: True
    means "may attend", in attention as well.""",
    ("@ w_v, mask", "@ w_v, None if mask is None else ~mask"))

lays_the_mask_of_the_memory_on_its_side = edit("cross_attention", """The mask is transposed on
    its way. Pass it on as it is: its rows are about the tokens of x and its columns about the
    memory, as attention expects.""",
    ("return", "mask = np.atleast_2d(mask) if mask is not None and least else mask\nreturn"),
    ("@ w_v, mask", "@ w_v, None if mask is None else np.swapaxes(mask, -1, -2)"), least=(2, 0))

reverses_the_axes_of_the_mask_of_the_memory = edit("cross_attention", """All axes of your mask
    are reversed. Pass it on as it is: after any batch axes, its rows are about the tokens of x
    and its columns about the memory.""",
    ("@ w_v, mask", "@ w_v, None if mask is None else mask.T"))

gives_the_mask_of_the_memory_a_head_axis = edit("cross_attention", """Your mask gets a new second
    axis (for heads, perhaps). There are no heads in this lesson: pass the mask on as it is.""",
    ("@ w_v, mask", "@ w_v, None if mask is None else np.expand_dims(mask, 1)"))

gives_the_mask_of_the_memory_a_batch_axis = edit("cross_attention", """Your mask gets a new axis
    in front, and the output gets one too. Pass the mask on as it is.""",
    ("@ w_v, mask", "@ w_v, None if mask is None else np.expand_dims(mask, 0)"))

takes_the_first_part_of_the_mask_of_the_memory = edit("cross_attention", """Only the first row
    (or the first sequence's part) of the mask counts: it is used for all. Pass the mask on
    whole.""",
    ("@ w_v, mask", "@ w_v, None if mask is None else mask.take(0, axis=0)"))

is_causal_across = edit("cross_attention", """Without a mask, token i sees only words 0 to i of
    the memory. The memory is no future: with a mask of None, all of it should be seen.""",
    ("@ w_v, mask",
     "@ w_v, np.tri(x.shape[-2], memory.shape[-2], dtype=bool) if mask is None else mask"),
    common=True)

is_causal_across_always = edit("cross_attention", """Later words of the memory are always hidden,
    whatever the mask says. The memory is no future: the mask alone should decide.""",
    ("return", "causal = np.tri(x.shape[-2], memory.shape[-2], dtype=bool)\nreturn"),
    ("@ w_v, mask", "@ w_v, causal if mask is None else mask & causal"))

is_causal_for_x = edit("cross_attention", """Your causal mask has a row and a column for each
    token of x, but the memory has a length of its own. It is no future either: pass on the mask
    that you are given.""",
    ("@ w_v, mask", "@ w_v, np.tri(x.shape[-2], dtype=bool) if mask is None else mask"))


@mistake("cross_attention", """A token that may attend to nothing gets NaN. It should get zeros,
    as your attention from lesson 1 gives it.""", common=True)
def answers_an_empty_memory_with_nan(x, memory, w_q, w_k, w_v, mask=None):
    return np.where(True if mask is None else np.any(mask, axis=-1, keepdims=True),
                    attention(x @ w_q, memory @ w_k, memory @ w_v, mask), np.nan)


@mistake("cross_attention", """A token that may attend to nothing gets the plain mean of all
    values. It should get zeros, as your attention from lesson 1 gives it.""", common=True)
def answers_an_empty_memory_with_the_mean(x, memory, w_q, w_k, w_v, mask=None):
    return np.where(True if mask is None else np.any(mask, axis=-1, keepdims=True),
                    attention(x @ w_q, memory @ w_k, memory @ w_v,
                              mask), (memory @ w_v).mean(axis=-2, keepdims=True))


@mistake("cross_attention", """Your own softmax takes the exponentials of the scores as they
    are. Above 709 they overflow to infinity, and infinity over infinity is NaN. Call your
    attention from lesson 1 instead.""", smallest=(0.0, 1e-300), widens=(False, True))
def overflows_across(x, memory, w_q, w_k, w_v, mask=None, *, smallest, widens):
    q, k, v = x @ w_q, memory @ w_k, memory @ w_v
    root = np.sqrt(q.shape[-1]) if widens else q.shape[-1] ** 0.5
    exps = np.exp(q @ k.swapaxes(-1, -2) / root)
    exps = exps if mask is None else np.where(mask, exps, 0.0)
    return exps / np.maximum(exps.sum(axis=-1, keepdims=True), smallest) @ v


@mistake("cross_attention", """Hidden values count as zeros, but the hidden words still take a
    share of the weights. Pass the mask to attention, which applies it before the softmax.""")
def hides_the_memory_after_the_weights(x, memory, w_q, w_k, w_v, mask=None):
    q, k, v = x @ w_q, memory @ w_k, memory @ w_v
    if mask is None:
        return attention(q, k, v)
    return np.where(mask, attention(q, k, np.eye(k.shape[-2], dtype=v.dtype)), 0) @ v


hides_words_in_the_memory = edit("cross_attention", """Your mask sets hidden words of the memory
    to zero, but zeros still take a share of the weights. Pass the mask to attention, which gives
    hidden keys no weight.""",
    ("return", "memory = memory if mask is None else memory * mask.swapaxes(-1, -2)\nreturn"),
    ("@ w_v, mask", "@ w_v"))


@mistake("cross_attention", """Your mask hides rows of the output, and all of the memory is
    seen. A mask is about pairs of a token and a word of the memory: pass it to attention.""")
def hides_rows_of_the_blend(x, memory, w_q, w_k, w_v, mask=None):
    output = attention(x @ w_q, memory @ w_k, memory @ w_v)
    return output if mask is None else np.where(np.any(mask, axis=-1, keepdims=True), output, 0)
