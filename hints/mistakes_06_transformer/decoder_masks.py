"""Mistakes in decoder_block: which mask goes where."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes
from tests.slow_06_transformer import random_block

forgets_the_mask_of_what_is_written = edit("decoder_block", """`mask` has no effect: it never
    reaches the first attention. Pass it on.""",
    ("mask=mask", "mask=None"), common=True, denies=True)

forgets_the_mask_of_what_is_read = edit("decoder_block", """`memory_mask` has no effect: it never
    reaches cross-attention. Pass it on there, as `mask=memory_mask`.""",
    ("mask=memory_mask", "mask=None"), common=True, denies=True)

swaps_the_masks = edit("decoder_block", """Your masks are swapped: `mask` is about what is
    written, and belongs to the first attention; `memory_mask` is about the memory, and belongs
    to the second.""",
    ("mask=mask", "mask=memory_mask"), ("mask=memory_mask", "mask=mask"), common=True)

uses_mask_for_both = edit("decoder_block", """Both your attentions get `mask`, which is about
    what is written. Cross-attention should get `memory_mask`.""",
    ("mask=memory_mask", "mask=mask"))

uses_memory_mask_for_both = edit("decoder_block", """Both your attentions get `memory_mask`,
    which is about the memory. Self-attention should get `mask`.""",
    ("mask=mask", "mask=memory_mask"))

always_hides_the_future = edit("decoder_block", """Your decoder block hides the future by itself,
    whatever the mask is. It should use the mask as given, and transformer passes it a causal
    one.""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     "past = np.tri(x.shape[-2], dtype=bool)\n"
     "mask = past if mask is None else mask & past\n"
     'x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])'))

hides_the_future_where_there_is_no_mask = edit("decoder_block", """Your decoder block hides the
    future when no mask is given. A mask of None should hide nothing: transformer passes a causal
    one.""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     "mask = np.tri(x.shape[-2], dtype=bool) if mask is None else mask\n"
     'x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])'))

has_a_causal_mask_instead_of_the_given_one = edit("decoder_block", """Your first attention always
    has a causal mask, and the mask that is given has no effect. Use it as given.""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     "mask = np.tri(x.shape[-2], dtype=bool)\n"
     'x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])'), denies=True)

hides_the_end_of_the_memory = edit("decoder_block", """You hide later words of the memory from
    earlier tokens. The memory is not the future: only memory_mask should hide any of it.""",
    ("seen =",
     "past = np.tri(x.shape[-2], memory.shape[-2], dtype=bool)\n"
     "memory_mask = past if memory_mask is None else memory_mask & past\n"
     "seen ="))

turns_the_mask_of_what_is_written_round = edit("decoder_block", """You invert `mask`: what it
    should hide is seen, and what it should show is not. True means "may attend".""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     "mask = None if mask is None else ~mask\n"
     'x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])'))

turns_the_mask_of_what_is_read_round = edit("decoder_block", """You invert `memory_mask`: what it
    should hide is seen, and what it should show is not. True means "may attend".""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     "memory_mask = None if memory_mask is None else ~memory_mask\n"
     'x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])'))

lays_the_mask_of_what_is_written_on_its_side = edit("decoder_block", """You transpose `mask`: its
    rows are taken for keys. Row i should be about query i, column j about key j.""",
    ('x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])',
     "mask = None if mask is None else np.swapaxes(mask, -1, -2)\n"
     'x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
     'mask=mask), **block["norm_1"])'))

gives_the_mask_of_what_is_read_a_head_axis = edit("decoder_block", """You give `memory_mask` an
    axis for the heads before you pass it on. `multi_head_attention` adds that axis itself: pass
    the mask on unchanged.""",
    ("seen =",
     "memory_mask = None if memory_mask is None else np.expand_dims(memory_mask, -3)\nseen ="))


@probes("decoder_block")
def probe_decoder_block():
    rng = np.random.default_rng(62)

    padding = np.arange(7) < np.array([4, 2])[:, None, None]
    past = np.tri(5, dtype=bool)
    yield given(rng.normal(size=(2, 5, 6)), rng.normal(size=(2, 7, 6)),
                random_block(rng, "decoder", 6, 12, 9, 7), 3, past, padding)
    either, other = rng.random(size=(2, 4, 4)) < 0.6
    yield given(rng.normal(size=(4, 8)), rng.normal(size=(4, 8)),
                random_block(rng, "decoder", 8, 6, 10, 5), 2,
                either, other)
    yield given(rng.normal(size=(3, 6)), rng.normal(size=(5, 6)),
                random_block(rng, "decoder", 6, 4, 8, 9), 2)
