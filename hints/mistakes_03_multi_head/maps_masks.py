"""Mistakes in attention_maps: what is done with the mask."""

import numpy as np
from kata_01_attention import attention_weights
from kata_03_multi_head import split_heads

from tests.runner.diagnosis.known import edit, mistake

maps_without_the_mask = edit("attention_maps", """The mask has no effect: it never reaches the
    heads.""",
    ("(x @ w_k, n_heads), mask", "(x @ w_k, n_heads), None"), common=True, denies=True)

gives_the_mask_of_the_maps_no_head_axis = edit("attention_maps", """A mask for each sample,
    (batch, 1, n_tokens), lines up with your heads instead of the samples. Insert an axis for the
    heads after the batch: (batch, 1, 1, n_tokens).""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"), common=True)

puts_the_head_axis_of_the_map_mask_in_front = edit("attention_maps", """The new axis of your mask
    comes before everything else, so the samples' axis still lines up with the heads. It should
    come right before the last two axes: -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[None]"))

puts_the_head_axis_of_the_map_mask_second = edit("attention_maps", """The new axis of your mask
    is always axis 1, which is right only with exactly one batch axis. Counted from the end it
    should be -3, however many axes come before it.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[:, None]"))

puts_the_head_axis_of_the_map_mask_before_the_keys = edit("attention_maps", """The new axis of
    your mask comes right before its keys, so its rows, one for each query, line up with the
    heads. It should come before the queries: axis -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[..., None, :]"))

puts_the_head_axis_of_the_map_mask_last = edit("attention_maps", """The new axis of your mask is
    the last one, where the keys should be. It should come before queries and keys: axis -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[..., None]"))

needs_two_axes_of_the_map_mask = edit("attention_maps", """A mask with one axis, (n_tokens,), is
    too short to get a new axis -3: hence the error. It says the same for every query: give it
    two axes first, with np.atleast_2d.""",
    ("np.atleast_2d(mask)", "mask"))

indexes_two_axes_of_the_map_mask = edit("attention_maps", """Your index names two axes of the
    mask, but a mask (n_tokens,) has only one. It says the same for every query: give it two axes
    first, with np.atleast_2d.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[..., None, :, :]"))

indexes_a_batch_axis_of_the_map_mask = edit("attention_maps", """Your index names three axes of
    the mask, but this one has fewer: batch axes are optional, and rows may be missing as well.
    `...` stands for any number of axes.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "mask[:, None, :, :]"), denies=True)

stretches_the_map_mask_over_the_heads_alone = edit("attention_maps", """You broadcast the mask to
    (n_heads, n_tokens, n_tokens), which leaves no room for a batch. A mask for each sample
    should get a new axis after the batch, -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)",
     "np.broadcast_to(mask, (n_heads, x.shape[-2], x.shape[-2]))"))

stacks_a_map_mask_for_each_head_in_front = edit("attention_maps", """You repeat the mask for the
    heads on an axis in front. That fits a mask with two axes, but it may also have one, or a
    batch. A new axis -3 of length 1 fits all.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.stack([mask] * n_heads)"))

turns_the_map_mask_round = edit("attention_maps", """Your mask is inverted: heads see what it
    hides, and what it shows is hidden. True should mean "may attend".""",
    ("mask =", "mask = ~"))

turns_the_map_mask_on_its_side = edit("attention_maps", """Your mask is transposed: its rows are
    taken for keys. Row i should be about query i, and column j about key j.""",
    ("(mask)", "(mask).swapaxes(-1, -2)"))

hides_in_the_first_map_alone = edit("attention_maps", """Only your first head uses the mask; the
    others see everything. Every head should use it.""",
    ("mask = np.expand_dims(np.atleast_2d(mask), -3)",
     "mask = np.atleast_2d(mask)\n"
     "mask = np.stack([mask] + [np.ones_like(mask)] * (n_heads - 1), axis=-3)"))


@mistake("attention_maps", """Hidden tokens get zero only after the softmax has given them their
    weight, so the visible weights no longer sum to one. Pass the mask to attention_weights.""")
def hides_in_the_finished_maps(x, w_q, w_k, n_heads, mask=None):
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    maps = attention_weights(split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads))
    return maps if mask is None else np.where(mask, maps, 0.0)


hides_later_tokens_in_maps_without_a_mask = edit("attention_maps", """Without a mask, your maps
    are causal: token i sees only tokens 0 to i. A mask of None should mean that everything may
    be seen.""",
    ("return", "if mask is None:\n    mask = np.tri(x.shape[-2], dtype=bool)\nreturn"))

asks_whether_the_map_mask_is_true = edit("attention_maps", """`if mask` asks whether an array is
    true, and NumPy has no answer for more than one entry. Ask `if mask is not None`.""",
    ("is not None", ""))

uses_a_map_mask_that_is_not_there = edit("attention_maps", """You use the mask even if none is
    given and it is None. Ask first: `if mask is not None`.""",
    ("if mask is not None:\nmask = np.expand_dims(np.atleast_2d(mask), -3)",
     "mask = mask[..., None, :, :]"))

asks_what_a_missing_map_mask_looks_like = edit("attention_maps", """You treat the mask as an
    array even if none is given, but None has neither axes nor a shape. Ask first: `if mask is
    not None`.""",
    ("if mask", "getattr(mask, attribute)\nif mask"), attribute=("ndim", "shape", "reshape"))

shows_every_map_the_first_row = edit("attention_maps", """Only the first row of your mask is
    used, for every query. Row i should be used for query i.""",
    ("(mask)", "(mask)[..., :1, :]"))

shows_every_sample_the_first_map_mask = edit("attention_maps", """Only the first sample's mask is
    used, for the whole batch. Every sample should have a mask of its own.""",
    ("mask = np.expand_dims(np.atleast_2d(mask), -3)",
     "mask = np.atleast_2d(mask)\nmask = mask[(0,) * (mask.ndim - 2)]"))


@mistake("attention_maps", """Your own softmax takes the exponentials of the scores as they are.
    Scores above 709 overflow to infinity, and infinity over infinity is NaN. Call
    attention_weights.""", empty=(0, 1), multiplied=(False, True))
def overflows_in_maps_of_its_own(x, w_q, w_k, n_heads, mask=None, *, empty, multiplied):
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    exps = np.exp(q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5)
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
        exps = exps * mask if multiplied else np.where(mask, exps, 0.0)
    total = exps.sum(axis=-1, keepdims=True)
    return exps / np.where(total == 0, exps.dtype.type(empty), total)
