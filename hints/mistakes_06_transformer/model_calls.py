"""Mistakes in gpt, transformer and generate: how functions of before are called."""

import math

import numpy as np
from kata_02_self_attention import causal_mask
from kata_04_positional import add_positions, embed, sinusoidal_encoding
from kata_05_feed_forward import layer_norm, transformer_block
from kata_06_transformer import decoder_block, encoder_block, gpt

from tests.runner.diagnosis.known import mistake


@mistake("gpt", """In your call of `embed` the last argument is missing: it takes the ids, the
    table of tokens, and the table of positions.""", common=True, denies=True)
def embeds_without_the_position_table(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your call of `layer_norm` passes no bias. The norm's dict holds both gain and
    bias, and two stars pass both by name: `**params["norm_f"]`.""", common=True)
def hands_norm_f_on_without_stars(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You call your last norm with x alone. It also needs the gain and bias from the
    params: `layer_norm(x, **params["norm_f"])`.""")
def norms_without_the_dict_in_gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """NumPy is asked whether a whole array is true. Is your mask where n_heads is
    expected? `transformer_block` takes x, the block, n_heads and the mask, in this order.""",
         common=True)
def hands_the_mask_on_in_the_place_of_the_heads(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your call of `transformer_block` does not say how many heads there are: n_heads
    is missing.""", denies=True)
def forgets_to_hand_the_heads_on_in_gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, mask=mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You pass the block to `transformer_block` with stars. It takes the block as one
    dict, without stars, and unpacks it itself.""")
def hands_a_block_on_with_stars(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, **block, n_heads=n_heads, mask=mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You use the list of blocks as if it were one block. Call `transformer_block` for
    each of them, in a loop.""")
def hands_all_blocks_on_at_once(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    x = transformer_block(x, params["blocks"], n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You reach into a dict with a dot. Its entries are found by key, in square
    brackets: `params["token_table"]`.""")
def takes_params_with_a_dot(token_ids, params, n_heads):
    x = embed(token_ids, params.token_table, params.position_table)
    mask = causal_mask(x.shape[-2])
    for block in params.blocks:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params.norm_f) @ params.token_table.T


@mistake("transformer", """You pass an array where `decoder_block` expects the block. It takes x,
    the memory and then the block.""")
def swaps_memory_and_block(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, block, memory, n_heads, mask, source_mask)
    return x @ params["unembedding"]


@mistake("transformer", """In your call of `decoder_block` an argument is missing: it takes x, the
    memory, the block, n_heads and the masks.""", denies=True)
def forgets_to_hand_the_memory_on(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, block, n_heads=n_heads, mask=mask, memory_mask=source_mask)
    return x @ params["unembedding"]


@mistake("transformer", """`sinusoidal_encoding` takes two sizes: the number of tokens, and
    d_model. One of them is missing in your call.""", denies=True)
def makes_positions_without_a_width(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2]))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2]))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return x @ params["unembedding"]


@mistake("generate", """Your call of `gpt` does not say how many heads there are: n_heads is
    missing.""", denies=True)
def forgets_to_hand_the_heads_on_in_generate(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """You pass the params to `gpt` with stars. It takes them as one dict, without
    stars, and unpacks it itself.""")
def hands_the_params_on_with_stars(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, **params, n_heads=n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids
