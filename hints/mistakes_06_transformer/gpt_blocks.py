"""Mistakes in gpt: blocks, and what tokens see."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes
from tests.slow_06_transformer import random_gpt

forgets_the_causal_mask_in_gpt = edit("gpt", """Nothing hides the tokens that come later, so each
    token sees the one that it should predict. Pass a causal mask to every block.""",
    ("n_heads, mask", "n_heads, None"), common=True)

sees_only_the_past_in_gpt = edit("gpt", """Your tokens do not see themselves, and the first sees
    nothing. The diagonal of a causal mask should be True.""",
    ("causal_mask(x.shape[-2])", "np.tri(x.shape[-2], k=-1, dtype=bool)"))

sees_one_token_ahead_in_gpt = edit("gpt", """Your tokens see the one that comes next, which is
    the answer. A causal mask should show nothing past the diagonal.""",
    ("causal_mask(x.shape[-2])", "np.tri(x.shape[-2], k=1, dtype=bool)"))

sees_the_future_alone_in_gpt = edit("gpt", """Your causal mask is transposed: tokens see those
    that come after them, and not those before.""",
    ("(x.shape[-2])", "(x.shape[-2]).T"))

inverts_the_causal_mask_in_gpt = edit("gpt", """Your causal mask is inverted: True means "may
    attend", and yours is True where nothing may be seen. -inf counts as True, too.""",
    ("mask =", "mask = ~"))

makes_the_mask_by_len = edit("gpt", """Your causal mask is as wide as the first axis of the ids
    is long, and with a batch that is the number of samples. Tokens are the last axis.""",
    ("x.shape[-2]", "len(token_ids)"))

makes_the_mask_for_all_positions = edit("gpt", """Your causal mask is as wide as position_table
    is long. It should have a row and a column for each token that is there.""",
    ("x.shape[-2]", 'len(params["position_table"])'))

masks_in_the_first_block_alone = edit("gpt", """Your first block hides the future; those after it
    do not, and the answer gets through. Pass the mask to every block.""",
    ('block in params["blocks"]', 'i, block in enumerate(params["blocks"])'),
    ("n_heads, mask", "n_heads, None if i else mask"))

has_blocks_of_2017 = edit("gpt", """Your blocks are those of the encoder: norms last, and ReLU.
    GPT-2 has the block of lesson 5, transformer_block.""",
    ("transformer_block", "encoder_block"), common=True)

runs_the_first_block_alone = edit("gpt", """You run your first block again and again, as often as
    there are blocks. Run each block once, in order.""",
    ("x, block", 'x, params["blocks"][0]'))

starts_anew_in_every_block_of_gpt = edit("gpt", """Only the last of your blocks has an effect: it
    reads the embedding. Each block should read the output of the one before.""",
    ("embed", "start = embed"), ("x, block", "start, block"))

leaves_out_the_last_block = edit("gpt", """You leave out the last block. All of params["blocks"]
    should run.""",
    ('["blocks"]', '["blocks"][:-1]'))

leaves_out_the_first_block = edit("gpt", """You leave out the first block. All of
    params["blocks"] should run.""",
    ('["blocks"]', '["blocks"][1:]'))

ends_in_the_first_block = edit("gpt", """You return after the first block: the return is inside
    the loop, or the loop ends there. Without blocks there may be no answer at all.""",
    ('["blocks"]', '["blocks"][:1]'))

runs_the_blocks_of_gpt_backwards = edit("gpt", """Your blocks run in reverse. The first in the
    list should run first.""",
    ('["blocks"]', '["blocks"][::-1]'))

does_not_run_the_blocks = edit("gpt", """Your blocks have no effect: the logits come from the
    embedding. Pass the output of each block to the next: `x = ...`.""",
    ("x = transformer_block", "transformer_block"), denies=True)

adds_a_shortcut_around_every_block = edit("gpt", """You add x to the output of each block. A
    block has its residual connections inside: its output contains x already.""",
    ("transformer_block", "x + transformer_block"))

runs_blocks_with_one_head = edit("gpt", """Your blocks have one head, whatever n_heads is. Pass
    it on.""",
    ("n_heads, mask", "1, mask"))

takes_a_batch_for_granted = edit("gpt", """Your code unpacks the shape of the ids into two sizes,
    but they may have one axis or three. Tokens are counted by `token_ids.shape[-1]`.""",
    ("mask =", "batch, n_tokens = token_ids.shape\nmask ="), ("x.shape[-2]", "n_tokens"))

computes_in_float64 = edit("gpt", """Your logits are float64 even if all parameters are float32:
    an array of your own, or astype(float), widens them. float32 should stay float32.""",
    ('"position_table"])', '"position_table"]).astype(np.float64)'))

takes_the_blocks_out = edit("gpt", """You take blocks out of the caller's params, which are no
    longer the same after the call. Loop over them, without pop.""",
    ('for block in params["blocks"]:\nx = transformer_block(x, block, n_heads, mask)',
     'while params["blocks"]:\n'
     '    x = transformer_block(x, params["blocks"].pop(0), n_heads, mask)'))


@probes("gpt")
def probe_gpt():
    rng = np.random.default_rng(64)
    params = random_gpt(rng, n_positions=5)
    params["blocks"].pop()
    yield given(rng.integers(11, size=(3, 4)), params, 2)
    yield given(rng.integers(11, size=(6, 2)), params, 2)
    yield given(rng.integers(11, size=5), params | dict(unembedding=rng.normal(size=(8, 8))), 2)
    yield given(rng.integers(11, size=(2, 7)), params, 2)
    yield given(rng.integers(11, size=3),
                params | dict(blocks=[], position_table=params["position_table"][:1]), 2)
