"""Mistakes in decoder_block: which mask goes where."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.diagnosis.known import given, mistake, probes
from tests.slow_06_transformer import random_block


@mistake("decoder_block", """`mask` has no effect: it never reaches the first attention. Pass it
    on.""", common=True, denies=True)
def forgets_the_mask_of_what_is_written(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=None), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`memory_mask` has no effect: it never reaches cross-attention. Pass it
    on there, as `mask=memory_mask`.""", common=True, denies=True)
def forgets_the_mask_of_what_is_read(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=None, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your masks are swapped: `mask` is about what is written, and belongs
    to the first attention; `memory_mask` is about the memory, and belongs to the second.""",
         common=True)
def swaps_the_masks(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=memory_mask),
                   **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Both your attentions get `mask`, which is about what is written.
    Cross-attention should get `memory_mask`.""")
def uses_mask_for_both(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Both your attentions get `memory_mask`, which is about the memory.
    Self-attention should get `mask`.""")
def uses_memory_mask_for_both(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=memory_mask),
                   **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your decoder block hides the future by itself, whatever the mask is.
    It should use the mask as given, and transformer passes it a causal one.""")
def always_hides_the_future(x, memory, block, n_heads, mask=None, memory_mask=None):
    past = np.tri(x.shape[-2], dtype=bool)
    mask = past if mask is None else mask & past
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your decoder block hides the future when no mask is given. A mask of
    None should hide nothing: transformer passes a causal one.""")
def hides_the_future_where_there_is_no_mask(x, memory, block, n_heads, mask=None, memory_mask=None):
    mask = np.tri(x.shape[-2], dtype=bool) if mask is None else mask
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your first attention always has a causal mask, and the mask that is
    given has no effect. Use it as given.""", denies=True)
def has_a_causal_mask_instead_of_the_given_one(x, memory, block, n_heads, mask=None, memory_mask=None):
    mask = np.tri(x.shape[-2], dtype=bool)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """You hide later words of the memory from earlier tokens. The memory is
    not the future: only memory_mask should hide any of it.""")
def hides_the_end_of_the_memory(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    past = np.tri(x.shape[-2], memory.shape[-2], dtype=bool)
    memory_mask = past if memory_mask is None else memory_mask & past
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """You invert `mask`: what it should hide is seen, and what it should
    show is not. True means "may attend".""")
def turns_the_mask_of_what_is_written_round(x, memory, block, n_heads, mask=None, memory_mask=None):
    mask = None if mask is None else ~mask
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """You invert `memory_mask`: what it should hide is seen, and what it
    should show is not. True means "may attend".""")
def turns_the_mask_of_what_is_read_round(x, memory, block, n_heads, mask=None, memory_mask=None):
    memory_mask = None if memory_mask is None else ~memory_mask
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """You transpose `mask`: its rows are taken for keys. Row i should be
    about query i, column j about key j.""")
def lays_the_mask_of_what_is_written_on_its_side(x, memory, block, n_heads, mask=None, memory_mask=None):
    mask = None if mask is None else np.swapaxes(mask, -1, -2)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """You give `memory_mask` an axis for the heads before you pass it on.
    `multi_head_attention` adds that axis itself: pass the mask on unchanged.""")
def gives_the_mask_of_what_is_read_a_head_axis(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    memory_mask = None if memory_mask is None else np.expand_dims(memory_mask, -3)
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@probes("decoder_block")
def probe_decoder_block():
    rng = np.random.default_rng(62)

    padding = np.arange(7) < np.array([4, 2])[:, None, None]
    past = np.tri(5, dtype=bool)
    yield given(rng.normal(size=(2, 5, 6)), rng.normal(size=(2, 7, 6)),
                random_block(rng, "decoder", 6, 12, 9, 7), 3, past, padding)
    either, other = rng.random(size=(2, 4, 4)) < 0.6
    yield given(rng.normal(size=(4, 8)), rng.normal(size=(4, 8)), random_block(rng, "decoder", 8, 6, 10, 5), 2,
                either, other)
    yield given(rng.normal(size=(3, 6)), rng.normal(size=(5, 6)), random_block(rng, "decoder", 6, 4, 8, 9), 2)
