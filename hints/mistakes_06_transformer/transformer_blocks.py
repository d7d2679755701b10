"""Mistakes in transformer: blocks, and the masks that they get."""

import math

import numpy as np
from kata_04_positional import add_positions, sinusoidal_encoding
from kata_06_transformer import encoder_block

from tests.runner.diagnosis.known import edit, given, mistake, probes
from tests.slow_06_transformer import narrow, random_transformer

forgets_the_padding = edit("transformer", """`source_mask` has no effect: padding is attended to
    everywhere. Pass it to the blocks of the encoder, and to those of the decoder.""",
    ("source_mask)", "None)", 2), common=True, denies=True)

forgets_the_padding_in_the_encoder = edit("transformer", """Your encoder attends to padding. Pass
    source_mask to each of its blocks, as well as to those of the decoder.""",
    ("block, n_heads, source_mask", "block, n_heads, None"), common=True)

forgets_the_padding_in_the_decoder = edit("transformer", """Your cross-attention attends to
    padding. Pass source_mask to each block of the decoder too, as its memory_mask.""",
    ("mask, source_mask", "mask, None"), common=True)

forgets_the_causal_mask = edit("transformer", """Your target tokens see those that come after
    them, and the answer is among these. Pass the decoder a causal mask.""",
    ("n_heads, mask", "n_heads, None"), common=True)

swaps_the_masks_of_the_decoder = edit("transformer", """The masks of your decoder are swapped:
    the causal one is for what is written, source_mask for the memory.""",
    ("mask, source_mask", "source_mask, mask"))

hides_padding_instead_of_the_future = edit("transformer", """Self-attention in your decoder gets
    source_mask, which is about the source. It should get a causal mask.""",
    ("n_heads, mask", "n_heads, source_mask"))

reads_causally = edit("transformer", """Your encoder hides what comes later in the source. The
    source is complete before anything is written, so every token should see all of it.""",
    ("memory = encoder_block(memory, block, n_heads, source_mask)",
     "past = causal_mask(memory.shape[-2])\n"
     "memory = encoder_block(memory, block, n_heads, past if source_mask is None else "
     "past & source_mask)"))

lets_a_token_see_only_the_past = edit("transformer", """Your target tokens do not see themselves,
    and the first sees nothing. The diagonal of a causal mask should be True.""",
    ("causal_mask(x.shape[-2])", "np.tri(x.shape[-2], k=-1, dtype=bool)"))

sees_one_target_token_ahead = edit("transformer", """Your target tokens see the one that comes
    next, which is the answer. A causal mask should show nothing past the diagonal.""",
    ("causal_mask(x.shape[-2])", "np.tri(x.shape[-2], k=1, dtype=bool)"))

sees_the_future_alone = edit("transformer", """Your causal mask is transposed: target tokens see
    those that come after them, and not those before.""",
    ("(x.shape[-2])", "(x.shape[-2]).T"))

inverts_the_causal_mask = edit("transformer", """Your causal mask is inverted: True means "may
    attend", and yours is True where nothing may be seen. -inf counts as True, too.""",
    ("mask =", "mask = ~"))

makes_the_causal_mask_for_the_source = edit("transformer", """Your causal mask is as long as the
    source. It should have a row and a column for each token of the target.""",
    ("(x.shape[-2])", "(memory.shape[-2])"))

reads_with_the_first_block_alone = edit("transformer", """You run the first block of your encoder
    again and again, as often as there are blocks. Run each block once, in order.""",
    ("block, n_heads, source_mask", 'params["encoder"][0], n_heads, source_mask'))

writes_with_the_first_block_alone = edit("transformer", """You run the first block of your
    decoder again and again, as often as there are blocks. Run each block once, in order.""",
    ("x, memory, block", 'x, memory, params["decoder"][0]'))

reads_the_embedding_in_every_block = edit("transformer", """Each block of your encoder starts
    again from the embedding, so only the last one has an effect. Each should read the output of
    the one before.""",
    ("memory = params", "source = params"),
    ("add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))",
     "source = add_positions(source, sinusoidal_encoding(source.shape[-2], d_model))"),
    ("memory, block, n_heads, source_mask", "source, block, n_heads, source_mask"))

starts_anew_in_every_block = edit("transformer", """Only the last block of your decoder has an
    effect: it reads the embedding. Each block should read the output of the one before.""",
    ("x = params", "target = params"),
    ("add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))",
     "target = add_positions(target, sinusoidal_encoding(target.shape[-2], d_model))"),
    ("x, memory", "target, memory"))

pairs_the_blocks = edit("transformer", """Your decoder block i attends to the output of encoder
    block i. Every one should attend to the memory, the output of the last encoder block.""",
    ('for block in params["encoder"]:\n'
     "memory = encoder_block(memory, block, n_heads, source_mask)", ""),
    ('block in params["decoder"]', 'reader, block in zip(params["encoder"], params["decoder"])'),
    ("x = decoder_block",
     "memory = encoder_block(memory, reader, n_heads, source_mask)\nx = decoder_block"),
    common=True)

counts_the_blocks_of_the_encoder = edit("transformer", """Your decoder runs as many blocks as the
    encoder has. Loop over params["decoder"] itself: it may have more, or fewer.""",
    ('block in params["decoder"]', 'i in range(len(params["encoder"]))'),
    ("x, memory, block", 'x, memory, params["decoder"][i]'))

runs_the_blocks_backwards = edit("transformer", """The blocks of your encoder and decoder run in
    reverse. The first in the list should run first.""",
    ('["encoder"]', '["encoder"][::-1]'), ('["decoder"]', '["decoder"][::-1]'))

does_not_run_the_encoder = edit("transformer", """The encoder has no effect: your decoder attends
    to the embedding of the source. Run it through all encoder blocks first.""",
    ('for block in params["encoder"]:\n'
     "memory = encoder_block(memory, block, n_heads, source_mask)",
     "memory = memory + np.zeros_like(memory)"), denies=True)


@mistake("transformer", """The decoder has no effect: your logits come from the embedding of the
    target, and the source has no effect on them.""", denies=True)
def does_not_run_the_decoder(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    x = x + np.zeros_like(x)
    return x @ params["unembedding"]


looks_at_the_target_for_memory = edit("transformer", """Your cross-attention attends to the
    target instead of the memory. Pass the decoder the output of the encoder.""",
    ("x, memory", "x, x"), ("mask, source_mask", "mask, mask"))

takes_the_blocks_out_of_the_list = edit("transformer", """You take blocks out of the caller's
    params, which are no longer the same after the call. Loop over them, without pop.""",
    ('params["encoder"]', 'list(params["encoder"])'),
    ("block, n_heads, source_mask", 'params["encoder"].pop(0), n_heads, source_mask'))


@probes("transformer")
def probe_transformer():
    rng = np.random.default_rng(63)
    params, padding = random_transformer(rng), np.arange(5) < np.array([3, 5])[:, None, None]
    fewer = params | dict(encoder=params["encoder"][:1], decoder=params["decoder"][:1])
    yield given(rng.integers(9, size=(2, 5)), rng.integers(9, size=(2, 6)), fewer, 2, padding)
    yield given(rng.integers(9, size=7), rng.integers(9, size=4),
                fewer | dict(encoder=params["encoder"][:2]), 2)
    yield given(rng.integers(9, size=7), rng.integers(9, size=4),
                fewer | dict(decoder=params["decoder"]), 2)
    bare = params | dict(encoder=[], decoder=[])
    yield given(rng.integers(9, size=4), rng.integers(9, size=6), bare, 2)
    yield given(rng.integers(9, size=3), rng.integers(9, size=2), narrow(bare), 2)
    square = bare | dict(unembedding=rng.normal(size=(8, 8)))  # fits when transposed
    yield given(rng.integers(9, size=4), rng.integers(9, size=3), square, 2)
