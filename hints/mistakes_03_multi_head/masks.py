"""Mistakes in multi_head_attention: what is done with the mask."""

import numpy as np
from kata_03_multi_head import merge_heads, split_heads

from tests.runner.diagnosis.known import edit, mistake

ignores_the_mask_in_every_head = edit("multi_head_attention", """The mask has no effect: it never
    reaches the heads.""",
    ("v, mask", "v"), common=True, denies=True)

gives_the_mask_no_head_axis = edit("multi_head_attention", """A mask for each sample, (batch, 1,
    n_keys), lines up with your heads instead of the samples. Insert an axis for the heads after
    the batch: (batch, 1, 1, n_keys).""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"), common=True)

puts_the_mask_head_axis_in_front = edit("multi_head_attention", """The new axis of your mask
    comes before everything else, so the samples' axis still lines up with the heads. It should
    come right before the last two axes: -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[None]"))

puts_the_mask_head_axis_second = edit("multi_head_attention", """The new axis of your mask is
    always axis 1, which is right only with exactly one batch axis. Counted from the end it
    should be -3, however many axes come before it.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[:, None]"), common=True)

puts_the_mask_head_axis_before_the_keys = edit("multi_head_attention", """The new axis of your
    mask comes right before its keys, so its rows, one for each query, line up with the heads. It
    should come before the queries: axis -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[..., None, :]"))

puts_the_mask_head_axis_last = edit("multi_head_attention", """The new axis of your mask is the
    last one, where the keys should be. It should come before queries and keys: axis -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[..., None]"))

needs_two_axes_of_the_mask = edit("multi_head_attention", """A mask with one axis, (n_keys,), is
    too short to get a new axis -3: hence the error. It says the same for every query: give it
    two axes first, with np.atleast_2d.""",
    ("np.atleast_2d(mask)", "mask"))

indexes_two_axes_of_the_mask = edit("multi_head_attention", """Your index names two axes of the
    mask, but a mask (n_keys,) has only one. It says the same for every query: give it two axes
    first, with np.atleast_2d.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[..., None, :, :]"))

adds_a_head_axis_to_a_batch_of_masks_alone = edit("multi_head_attention", """If the mask has two
    batch axes, the second one lines up with your heads: your new axis fits one batch axis.
    Counted from the end it should be -3, however many axes come before it.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[:, None] if np.ndim(mask) > 2 else mask"))

indexes_a_batch_axis_of_the_mask = edit("multi_head_attention", """Your index names three axes of
    the mask, but this one has fewer: batch axes are optional, and rows may be missing as well.
    `...` stands for any number of axes.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[:, None, :, :]"), denies=True)

adds_a_head_axis_to_one_batch_axis_alone = edit("multi_head_attention", """If the mask has two
    batch axes, the second one lines up with your heads: your new axis fits one batch axis.
    Counted from the end it should be -3, however many axes come before it.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[:, None] if np.ndim(mask) == 3 else mask"))

stretches_the_mask_over_the_heads_alone = edit("multi_head_attention", """You broadcast the mask
    to (n_heads, n_tokens, n_keys), which leaves no room for a batch. A mask for each sample
    should get a new axis after the batch, -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)",
     "np.broadcast_to(mask, (n_heads, q.shape[-2], k.shape[-2]))"))

takes_every_mask_for_one_of_padding = edit("multi_head_attention", """You reshape the mask to
    (batch, 1, 1, n_keys), which turns rows of a mask into samples. It fits only a mask (batch,
    1, n_keys); a new axis -3 fits all.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask.reshape(-1, 1, 1, mask.shape[-1])"))

stacks_a_mask_for_each_head_in_front = edit("multi_head_attention", """You repeat the mask for
    the heads on an axis in front. That fits a mask with two axes, but it may also have one, or a
    batch. A new axis -3 of length 1 fits all.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.stack([mask] * n_heads)"))

stacks_a_mask_for_each_head_second = edit("multi_head_attention", """You repeat the mask for the
    heads on axis 1. That fits a mask with exactly one batch axis, but it may have none, or more.
    A new axis -3 of length 1 fits all.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.stack([mask] * n_heads, axis=1)"))

repeats_the_rows_of_the_mask = edit("multi_head_attention", """You repeat the mask along its
    first axis, which gives it more rows, or more samples. Give the heads an axis of their own,
    -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.repeat(mask, n_heads, axis=0)"))

hides_from_the_first_head_alone = edit("multi_head_attention", """Only your first head uses the
    mask; the others see everything. Every head should use it.""",
    ("mask = np.expand_dims(np.atleast_2d(mask), -3)",
     "mask = np.atleast_2d(mask)\n"
     "mask = np.stack([mask] + [np.ones_like(mask)] * (n_heads - 1), axis=-3)"))

hides_from_the_last_head_alone = edit("multi_head_attention", """Only your last head uses the
    mask; the others see everything. Every head should use it.""",
    ("mask = np.expand_dims(np.atleast_2d(mask), -3)",
     "mask = np.atleast_2d(mask)\n"
     "mask = np.stack([np.ones_like(mask)] * (n_heads - 1) + [mask], axis=-3)"))

gives_each_head_a_part_of_the_mask = edit("multi_head_attention", """Head h gets mask[h], which
    is about query h or sample h. A mask has no axis for heads: give all of it to every head.""",
    ("mask = np.expand_dims(np.atleast_2d(mask), -3)",
     "return merge_heads(np.stack([attention(q[..., h, :, :], k[..., h, :, :], v[..., h, "
     ":, :], mask[h]) for h in range(n_heads)], axis=-3)) @ w_o"))

turns_the_mask_round_for_all_heads = edit("multi_head_attention", """Your mask is inverted: heads
    see what it hides, and what it shows is hidden. True should mean "may attend".""",
    ("mask =", "mask = ~"), common=True)

turns_the_mask_on_its_side_for_all_heads = edit("multi_head_attention", """Your mask is
    transposed: its rows are taken for keys. Row i should be about query i, and column j about
    key j.""",
    ("(mask)", "(mask).swapaxes(-1, -2)"))

hides_queries_instead_of_keys = edit("multi_head_attention", """Your mask hides whole rows, which
    are queries, and every key is seen. It should hide keys, which are its last axis.""",
    ("(mask), -3", "(mask).any(axis=-2), (-1, -3)"))

shows_every_head_the_first_row = edit("multi_head_attention", """Only the first row of your mask
    is used, for every query. Row i should be used for query i.""",
    ("(mask)", "(mask)[..., :1, :]"))

shows_every_sample_the_first_mask = edit("multi_head_attention", """Only the first sample's mask
    is used, for the whole batch. Every sample should have a mask of its own.""",
    ("mask = np.expand_dims(np.atleast_2d(mask), -3)",
     "mask = np.atleast_2d(mask)\nmask = mask[(0,) * (mask.ndim - 2)]"))

mixes_up_the_masks_of_the_samples = edit("multi_head_attention", """Samples get one another's
    masks: on the axis that joins heads and samples, your masks go heads first and the data
    samples first. Use np.repeat, which keeps the copies of a sample together.""",
    ("mask = np.expand_dims(np.atleast_2d(mask), -3)",
     "*batch, _, n_tokens, _ = q.shape\n"
     "mask = np.broadcast_to(mask, (*batch, n_tokens, k.shape[-2])).reshape(-1, n_tokens, "
     "k.shape[-2])\n"
     "mask = np.tile(mask, (n_heads, 1, 1)).reshape(*batch, n_heads, n_tokens, k.shape[-2])"))

lays_the_mask_out_for_heads_alone = edit("multi_head_attention", """You repeat the mask n_heads
    times along its first axis. That fits a mask with two axes; one for each sample, (batch, 1,
    n_keys), needs a new axis after the batch, -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.tile(mask, (n_heads, 1, 1))"))

hides_rows_of_the_answer = edit("multi_head_attention", """Your mask sets numbers of the answer
    to zero, while the heads see all keys. It should act on the weights, inside attention.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.atleast_2d(mask).any(axis=-2)[..., None]"),
    ("return merge_heads(attention(q, k, v, mask)) @ w_o",
     "output = merge_heads(attention(q, k, v)) @ w_o\n"
     "return output if mask is None else np.where(mask, output, 0.0)"))

hides_values_alone = edit("multi_head_attention", """Hidden values count as zeros, but their keys
    still take a share of the weights. The mask should act before the softmax: pass it to
    attention.""",
    ("return", "weights = attention_weights(q, k)\nreturn"),
    ("attention(q, k, v, mask)",
     "(weights if mask is None else np.where(mask, weights, 0.0)) @ v"))

hides_later_tokens_without_a_mask = edit("multi_head_attention", """Without a mask, your
    attention is causal: token i sees only tokens 0 to i. A mask of None should mean that
    everything may be seen.""",
    ("return",
     "if mask is None:\n"
     "    mask = np.tri(q.shape[-2], k.shape[-2], dtype=bool)\n"
     "return"))

asks_whether_the_mask_is_true = edit("multi_head_attention", """`if mask` asks whether an array
    is true, and NumPy has no answer for more than one entry. Ask `if mask is not None`.""",
    ("is not None", ""))

uses_a_mask_that_is_not_there = edit("multi_head_attention", """You use the mask even if none
    is given and it is None. Ask first: `if mask is not None`.""",
    ("if mask is not None:\nmask = np.expand_dims(np.atleast_2d(mask), -3)",
     "mask = mask[..., None, :, :]"))

asks_what_none_looks_like = edit("multi_head_attention", """You treat the mask as an array even
    if none is given, but None has neither axes nor a shape. Ask first: `if mask is not
    None`.""",
    ("memory = x", "getattr(mask, attribute)\nmemory = x"), attribute=("ndim", "shape", "reshape"))

hides_all_without_a_mask = edit("multi_head_attention", """Without a mask, your heads find only
    zeros: None made into an array counts as False, which hides everything. Ask first: `if mask
    is not None`.""",
    ("if mask is not None:\nmask = np.expand_dims(np.atleast_2d(mask), -3)",
     "mask = np.expand_dims(np.atleast_2d(np.array(mask, dtype=bool)), -3)"))


@mistake("multi_head_attention", """Your own softmax takes the exponentials of the scores as they
    are. Scores above 709 overflow to infinity, and infinity over infinity is NaN. Call your
    attention from lesson 1.""", empty=(0, 1), multiplied=(False, True))
def overflows_in_a_softmax_of_its_own(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None, *,
                                      empty, multiplied):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    exps = np.exp(q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5)
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
        exps = exps * mask if multiplied else np.where(mask, exps, 0.0)
    total = exps.sum(axis=-1, keepdims=True)
    return merge_heads(exps / np.where(total == 0, exps.dtype.type(empty), total) @ v) @ w_o
