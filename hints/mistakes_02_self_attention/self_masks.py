"""Mistakes in self_attention: what is done with a mask."""

import numpy as np
from kata_01_attention import attention
from kata_02_self_attention import project_qkv

from tests.runner.diagnosis.known import edit, mistake

drops_the_mask = edit("self_attention", """The mask has no effect: what it hides is seen. Pass
    it on to attention.""",
    ("mask)", "None)"), common=True, denies=True)

asks_whether_the_mask_is_true = edit("self_attention", """`if mask`, `mask or ...` and `mask ==
    None` ask whether an array is true, which NumPy cannot answer for an array of many entries.
    Ask `if mask is None`, or pass the mask on as it is.""",
    ("mask)", "mask if mask else None)"), common=True)

turns_the_mask_round_on_its_way = edit("self_attention", """The mask is inverted on its way:
    hidden tokens are seen, and visible ones are not. Pass it on as it is: True means "may
    attend", in attention as well.""",
    ("mask)", "None if mask is None else ~mask)"))

lays_the_mask_on_its_side = edit("self_attention", """The mask is transposed on its way: its rows
    are taken for keys. Pass it on as it is: row i says what token i may attend to.""",
    ("return", "mask = np.atleast_2d(mask) if mask is not None and least else mask\nreturn"),
    ("mask)", "None if mask is None else np.swapaxes(mask, -1, -2))"), least=(2, 0))

reverses_the_axes_of_the_mask = edit("self_attention", """All axes of your mask are reversed.
    Pass it on as it is: after any batch axes, row i says what token i may attend to.""",
    ("mask)", "None if mask is None else mask.T)"))

gives_the_mask_a_head_axis = edit("self_attention", """Your mask gets a new second axis (for
    heads, perhaps). There are no heads in this lesson: pass the mask on as it is.""",
    ("mask)", "None if mask is None else np.expand_dims(mask, 1))"))

gives_the_mask_a_batch_axis = edit("self_attention", """Your mask gets a new axis in front, and
    the output gets one too. Pass the mask on as it is.""",
    ("mask)", "None if mask is None else np.expand_dims(mask, 0))"))

takes_the_first_part_of_the_mask = edit("self_attention", """Only the first row (or the first
    sequence's part) of the mask counts: it is used for all. Pass the mask on whole.""",
    ("mask)", "None if mask is None else mask.take(0, axis=0))"))

takes_the_last_row_of_the_mask = edit("self_attention", """Only the last row of the mask counts,
    for all tokens. Row i of the mask should apply to token i.""",
    ("mask)", "None if mask is None else np.atleast_2d(mask)[..., -1:, :])"))

is_causal_without_a_mask = edit("self_attention", """Without a mask your attention is causal:
    token i sees only tokens 0 to i. With a mask of None, every token should see every token.""",
    ("mask)", "np.tri(x.shape[-2], dtype=bool) if mask is None else mask)"))

is_causal_always = edit("self_attention", """Later tokens are always hidden, whatever the mask
    says. Leave that to causal_self_attention; here the mask alone should decide.""",
    ("return", "causal = np.tri(x.shape[-2], dtype=bool)\nreturn"),
    ("mask)", "causal if mask is None else mask & causal)"))

hides_each_token_from_itself = edit("self_attention", """Without a mask, no token attends to
    itself. A token should attend to all tokens of its sequence, and it is one of them.""",
    ("mask)", "~np.eye(x.shape[-2], dtype=bool) if mask is None else mask)"))

hides_each_token_from_itself_always = edit("self_attention", """No token attends to itself,
    whatever the mask says. A token should attend to all that the mask shows, itself included.""",
    ("return", "others = ~np.eye(x.shape[-2], dtype=bool)\nreturn"),
    ("mask)", "others if mask is None else mask & others)"))

always_shows_each_token_itself = edit("self_attention", """Every token attends to itself,
    whatever the mask says. A token that may attend to nothing should get zeros.""",
    ("mask)", "None if mask is None else mask | np.eye(x.shape[-2], dtype=bool))"))


@mistake("self_attention", """A token that may attend to nothing gets the plain mean of all
    values. It should get zeros, as your attention from lesson 1 gives it.""", common=True)
def answers_nothing_with_the_mean(x, w_q, w_k, w_v, mask=None):
    return np.where(True if mask is None else np.any(mask, axis=-1, keepdims=True),
                    attention(*project_qkv(x, w_q, w_k, w_v), mask), (x @ w_v).mean(axis=-2,
                                                                                    keepdims=True))


@mistake("self_attention", """A token that may attend to nothing gets NaN. It should get zeros,
    as your attention from lesson 1 gives it.""", common=True)
def answers_nothing_with_nan(x, w_q, w_k, w_v, mask=None):
    return np.where(True if mask is None else np.any(mask, axis=-1, keepdims=True),
                    attention(*project_qkv(x, w_q, w_k, w_v), mask), np.nan)


@mistake("self_attention", """Your own softmax takes the exponentials of the scores as they are.
    Above 709 they overflow to infinity, and infinity over infinity is NaN. Call your attention
    from lesson 1 instead.""", empty=(0, 1, None), multiplied=(False, True), widens=(False, True))
def overflows_in_a_softmax_of_its_own(x, w_q, w_k, w_v, mask=None, *, empty, multiplied, widens):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    root = np.sqrt(q.shape[-1]) if widens else q.shape[-1] ** 0.5
    exps = np.exp(q @ k.swapaxes(-1, -2) / root)
    if mask is not None:
        exps = exps * mask if multiplied else np.where(mask, exps, 0.0)
    total = exps.sum(axis=-1, keepdims=True)
    if empty is not None:
        total = np.where(total == 0, exps.dtype.type(empty), total)
    return exps / total @ v


answers_nothing_with_everything = edit("self_attention", """A token that may attend to nothing is
    answered as if it saw everything. It should get zeros: pass the mask on as it is.""",
    ("mask)", "None if mask is None else mask | ~np.any(mask, axis=-1, keepdims=True))"))


@mistake("self_attention", """Hidden values count as zeros, but the hidden tokens still take a
    share of the weights, and the rest does not sum to one. Pass the mask to attention, which
    applies it before the softmax.""")
def hides_after_the_weights(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    if mask is None:
        return attention(q, k, v)
    return np.where(mask, attention(q, k, np.eye(x.shape[-2], dtype=v.dtype)), 0) @ v


hides_tokens_in_x = edit("self_attention", """Your mask sets hidden tokens to zero in x, but
    zeros still take a share of the weights. Pass the mask to attention, which gives hidden keys
    no weight.""",
    ("q, k, v =", "x = x if mask is None else x * mask.swapaxes(-1, -2)\nq, k, v ="),
    ("v, mask", "v"))


@mistake("self_attention", """Your mask hides rows of the output, and all tokens are seen. A
    mask is about pairs of tokens: pass it to attention.""")
def hides_rows_of_the_output(x, w_q, w_k, w_v, mask=None):
    output = attention(*project_qkv(x, w_q, w_k, w_v))
    return output if mask is None else np.where(np.any(mask, axis=-1, keepdims=True), output, 0)


@mistake("self_attention", """Your mask is multiplied with the output, and all tokens are seen.
    A mask is about pairs of tokens: pass it to attention.""")
def multiplies_the_output_by_the_mask(x, w_q, w_k, w_v, mask=None):
    output = attention(*project_qkv(x, w_q, w_k, w_v))
    return output if mask is None else output * mask
