"""Mistakes in decoder_block: which mask goes where."""

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, layer_norm, relu

from tests.runner.mistakes import given, mistake, probes
from tests.slow_06_transformer import random_block


@mistake("decoder_block", """`mask` has no effect: it never reaches the first attention. Hand it
    on.""", common=True)
def forgets_the_mask_of_what_is_written(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=None), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`memory_mask` has no effect: it never reaches cross-attention. Hand it
    on there, as `mask=memory_mask`.""", common=True)
def forgets_the_mask_of_what_is_read(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=None, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """The masks have changed places: `mask` is about what is written, for
    the first attention; `memory_mask` is about the memory, for the second.""", common=True)
def swaps_the_masks(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=memory_mask),
                   **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Both attentions get `mask`. It is about what is written; what may be
    seen of the memory is in `memory_mask`.""")
def uses_mask_for_both(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Both attentions get `memory_mask`. It is about the memory; what may be
    seen of x is in `mask`.""")
def uses_memory_mask_for_both(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=memory_mask),
                   **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your decoder block hides the future by itself, whatever the mask. It
    uses the mask as given, and transformer hands it a causal one.""")
def always_hides_the_future(x, memory, block, n_heads, mask=None, memory_mask=None):
    past = np.tri(x.shape[-2], dtype=bool)
    mask = past if mask is None else mask & past
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Without a mask, your decoder block hides the future. A mask of None
    means that all is seen: transformer hands on a causal one.""")
def hides_the_future_where_there_is_no_mask(x, memory, block, n_heads, mask=None, memory_mask=None):
    mask = np.tri(x.shape[-2], dtype=bool) if mask is None else mask
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Your first attention always has a causal mask, and the mask that is
    given has no effect. It is used as given.""")
def has_a_causal_mask_instead_of_the_given_one(x, memory, block, n_heads, mask=None, memory_mask=None):
    mask = np.tri(x.shape[-2], dtype=bool)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """Later words of the memory are hidden from earlier tokens. The memory
    is no future: memory_mask alone says what is hidden there.""")
def hides_the_end_of_the_memory(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    past = np.tri(x.shape[-2], memory.shape[-2], dtype=bool)
    memory_mask = past if memory_mask is None else memory_mask & past
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`mask` works the wrong way round: what it hides is seen, and what it
    shows is not. True means "may attend".""")
def turns_the_mask_of_what_is_written_round(x, memory, block, n_heads, mask=None, memory_mask=None):
    mask = None if mask is None else ~mask
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`memory_mask` works the wrong way round: what it hides is seen, and
    what it shows is not. True means "may attend".""")
def turns_the_mask_of_what_is_read_round(x, memory, block, n_heads, mask=None, memory_mask=None):
    memory_mask = None if memory_mask is None else ~memory_mask
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`mask` lies on its side: its rows are taken for keys. Row i is about
    query i, column j about key j.""")
def lays_the_mask_of_what_is_written_on_its_side(x, memory, block, n_heads, mask=None, memory_mask=None):
    mask = None if mask is None else np.swapaxes(mask, -1, -2)
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@mistake("decoder_block", """`memory_mask` gets an axis for the heads before it is handed on, and
    multi_head_attention puts one in by itself. Hand it on as it is.""")
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
