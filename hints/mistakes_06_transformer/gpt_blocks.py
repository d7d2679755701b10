"""Mistakes in gpt: blocks, and what tokens see."""

import numpy as np
from kata_02_self_attention import causal_mask
from kata_04_positional import embed
from kata_05_feed_forward import layer_norm, transformer_block
from kata_06_transformer import encoder_block

from tests.runner.diagnosis.known import given, mistake, probes
from tests.slow_06_transformer import random_gpt


@mistake("gpt", """Nothing hides the tokens that come later, so each token sees the one that it
    should predict. Pass a causal mask to every block.""", common=True)
def forgets_the_causal_mask_in_gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, None)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your tokens do not see themselves, and the first sees nothing. The diagonal of a
    causal mask should be True.""")
def sees_only_the_past_in_gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = np.tri(x.shape[-2], k=-1, dtype=bool)
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your tokens see the one that comes next, which is the answer. A causal mask
    should show nothing past the diagonal.""")
def sees_one_token_ahead_in_gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = np.tri(x.shape[-2], k=1, dtype=bool)
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your causal mask is transposed: tokens see those that come after them, and not
    those before.""")
def sees_the_future_alone_in_gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2]).T
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your causal mask is inverted: True means "may attend", and yours is True where
    nothing may be seen. -inf counts as True, too.""")
def inverts_the_causal_mask_in_gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = ~causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your causal mask is as wide as the first axis of the ids is long, and with a
    batch that is the number of samples. Tokens are the last axis.""")
def makes_the_mask_by_len(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(len(token_ids))
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your causal mask is as wide as position_table is long. It should have a row and
    a column for each token that is there.""")
def makes_the_mask_for_all_positions(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(len(params["position_table"]))
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your first block hides the future; those after it do not, and the answer gets
    through. Pass the mask to every block.""")
def masks_in_the_first_block_alone(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for i, block in enumerate(params["blocks"]):
        x = transformer_block(x, block, n_heads, None if i else mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your blocks are those of the encoder: norms last, and ReLU. GPT-2 has the block
    of lesson 5, transformer_block.""", common=True)
def has_blocks_of_2017(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = encoder_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You run your first block again and again, as often as there are blocks. Run each
    block once, in order.""")
def runs_the_first_block_alone(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, params["blocks"][0], n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Each of your blocks starts again from the embedding, so only the last one has an
    effect. Each should read the output of the one before.""")
def starts_anew_in_every_block_of_gpt(token_ids, params, n_heads):
    x = start = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(start, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You leave out the last block. All of params["blocks"] should run.""")
def leaves_out_the_last_block(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"][:-1]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You leave out the first block. All of params["blocks"] should run.""")
def leaves_out_the_first_block(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"][1:]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You return after the first block: the return stands inside the loop, or the loop
    ends there. Without blocks there may be no answer at all.""")
def ends_in_the_first_block(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"][:1]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your blocks run in reverse. The first in the list should run first.""")
def runs_the_blocks_of_gpt_backwards(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"][::-1]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your blocks have no effect: the logits come from the embedding. Pass the output
    of each block to the next: `x = ...`.""", denies=True)
def does_not_run_the_blocks(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You add x to the output of each block. A block has its residual connections
    inside: its output contains x already.""")
def adds_a_shortcut_around_every_block(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = x + transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your blocks have one head, whatever n_heads is. Pass it on.""")
def runs_blocks_with_one_head(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, 1, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your code unpacks the shape of the ids into two sizes, but they may have one
    axis or three. Tokens are counted by `token_ids.shape[-1]`.""")
def takes_a_batch_for_granted(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    batch, n_tokens = token_ids.shape
    mask = causal_mask(n_tokens)
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your logits are float64 even if all parameters are float32: an array of your
    own, or astype(float), widens them. float32 should stay float32.""")
def computes_in_float64(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"]).astype(np.float64)
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You take blocks out of the caller's params, which are no longer the same after
    the call. Loop over them, without pop.""")
def takes_the_blocks_out(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    while params["blocks"]:
        x = transformer_block(x, params["blocks"].pop(0), n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@probes("gpt")
def probe_gpt():
    rng = np.random.default_rng(64)
    params = random_gpt(rng, n_positions=5)
    params["blocks"].pop()
    yield given(rng.integers(11, size=(3, 4)), params, 2)
    yield given(rng.integers(11, size=(6, 2)), params, 2)
    yield given(rng.integers(11, size=5), params | dict(unembedding=rng.normal(size=(8, 8))), 2)
    yield given(rng.integers(11, size=(2, 7)), params, 2)
    yield given(rng.integers(11, size=3), params | dict(blocks=[], position_table=params["position_table"][:1]), 2)
