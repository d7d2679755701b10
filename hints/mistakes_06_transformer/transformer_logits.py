"""Mistakes in transformer: what becomes of the last vectors."""

import math

import numpy as np
from kata_02_self_attention import causal_mask
from kata_04_positional import add_positions, sinusoidal_encoding
from kata_05_feed_forward import layer_norm
from kata_06_transformer import decoder_block, encoder_block

from tests.runner.diagnosis.known import mistake


@mistake("transformer", """Your answer is a softmax: each row sums to one. It should be logits, the
    numbers before the softmax.""", common=True)
def gives_probabilities(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    logits = x @ params["unembedding"]
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


@mistake("transformer", """Your answer is a log-softmax, the logarithms of probabilities. It should
    be logits, as the last product gives them.""")
def gives_logs_of_probabilities(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    logits = x @ params["unembedding"]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@mistake("transformer", """Your answer is the output of the last block. A product with
    params["unembedding"] should turn it into logits.""")
def does_not_unembed(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return x


@mistake("transformer", """Your logits are products with the rows of target_table. This model has
    an output matrix of its own: params["unembedding"].""")
def ties_the_output(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return x @ params["target_table"].T


@mistake("transformer", """You multiply by target_table as it is, (vocab, d_model). This model has an
    output matrix of its own, (d_model, vocab): params["unembedding"].""")
def unembeds_by_the_target_table_as_it_is(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return x @ params["target_table"]


@mistake("transformer", """You transpose the unembedding. It is (d_model, vocab) already, and fits
    as it is.""")
def turns_the_unembedding(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return x @ params["unembedding"].T


@mistake("transformer", """Your answer has the logits of the last token alone. It should have a row
    for each token of the target.""")
def answers_about_the_last_token_alone(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return x[..., -1, :] @ params["unembedding"]


@mistake("transformer", """Your answer is tokens, the likeliest at each place. It should be
    logits.""")
def picks_the_likeliest_token(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return (x @ params["unembedding"]).argmax(axis=-1)


@mistake("transformer", """You apply a norm after the last block, without gain and bias. Each block
    of 2017 ends with a norm already: no other should follow.""")
def norms_after_the_last_block(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    memory = params["source_table"][source_ids] * math.sqrt(d_model)
    memory = add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = params["target_table"][target_ids] * math.sqrt(d_model)
    x = add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return layer_norm(x, 1.0, 0.0) @ params["unembedding"]
