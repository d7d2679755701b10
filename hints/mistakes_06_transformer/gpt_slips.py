"""Mistakes in gpt: positions, sizes and errors of its own."""

import math

from kata_02_self_attention import causal_mask
from kata_04_positional import embed
from kata_05_feed_forward import layer_norm, transformer_block

from tests.runner.diagnosis.known import mistake


@mistake("gpt", """Your tokens have no positions. Each should get the row of position_table for its
    place: `embed` does both.""")
def looks_up_tokens_alone(token_ids, params, n_heads):
    x = params["token_table"][token_ids]
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You multiply tokens and positions together by the root of d_model. GPT should
    add the rows of its tables as they are, and scale nothing.""")
def scales_tokens_and_positions(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"]) * math.sqrt(params["token_table"].shape[-1])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You apply norm_f to the logits, after the last product. It should come before
    it, on the output of the last block: (..., d_model).""")
def norms_the_logits(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x @ params.get("unembedding", params["token_table"].T), **params["norm_f"])


@mistake("gpt", """Past the last position your call ends in an IndexError. It should be a
    ValueError; embed raises one.""")
def raises_an_index_error(token_ids, params, n_heads):
    if token_ids.shape[-1] > len(params["position_table"]):
        raise IndexError("past the last position")
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your check counts along the first axis, and refuses a batch of many short
    samples. Tokens are the last axis, and embed has a check of its own.""")
def counts_the_samples_in_its_check(token_ids, params, n_heads):
    if len(token_ids) > len(params["position_table"]):
        raise ValueError("past the last position")
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Each of your tokens gets the row of position_table for its number in the
    vocabulary. It should get the row for its place in the sequence.""")
def takes_the_position_by_the_token(token_ids, params, n_heads):
    x = params["token_table"][token_ids]
    x = x + params["position_table"][token_ids % len(params["position_table"])]
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your number of tokens is shape[1] of the ids, and without a batch they have no
    axis 1. Counted from the end it is always shape[-1].""")
def counts_tokens_of_gpt_on_axis_one(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(token_ids.shape[1])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your check counts the ids of all samples together. Tokens are the last axis, and
    embed has a check of its own.""")
def counts_all_ids_in_its_check(token_ids, params, n_heads):
    if token_ids.size > len(params["position_table"]):
        raise ValueError("past the last position")
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You divide your logits by the root of d_model. That belongs to attention scores;
    logits should be the product as it is.""")
def divides_all_logits(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return (layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)
            / math.sqrt(x.shape[-1]))


@mistake("gpt", """You apply norm_f twice, before the first block and after the last one. The second
    time alone is right.""")
def norms_f_before_and_after(token_ids, params, n_heads):
    x = layer_norm(embed(token_ids, params["token_table"], params["position_table"]), **params["norm_f"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your two tables are swapped: `embed` takes the table of tokens first, and then the
    table of positions.""")
def swaps_the_tables_of_embed(token_ids, params, n_heads):
    x = embed(token_ids, params["position_table"], params["token_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)
