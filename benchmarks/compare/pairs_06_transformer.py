"""Lesson 6 beside PyTorch: the encoder-decoder of 2017, a GPT, and how well it guesses."""

import math
from functools import partial

import torch
from torch import nn
from torch.nn.functional import embedding

from benchmarks.compare import layers
from benchmarks.compare.given import D_MODEL, IGNORED, N_POSITIONS
from benchmarks.compare.pairs import Pair
from benchmarks.compare.pairs_04_positional import embed, sinusoidal_encoding
from benchmarks.compare.pairs_05_feed_forward import BLOCK, block, gelu_tanh


def decoder_block(x, memory, block, n_heads, mask, memory_mask):
    layer = layers.decoder_layer(block, n_heads)
    return layer(x, memory, tgt_mask=~mask, memory_mask=~memory_mask)


def transformer(source_ids, target_ids, params, n_heads, source_mask, norms=False):
    """nn.Transformer on embeddings; norms=True leaves it the two that it adds by default."""
    encoder = layers.encoder(params["encoder"], n_heads)
    decoder = layers.decoder(params["decoder"], n_heads)
    if norms:
        encoder.norm = decoder.norm = nn.LayerNorm(D_MODEL, dtype=params["unembedding"].dtype)
    model = nn.Transformer(D_MODEL, n_heads, custom_encoder=nn.Identity(),
                           custom_decoder=nn.Identity(), batch_first=True)
    model.encoder, model.decoder = encoder, decoder  # only now: what it begins with is made random
    padded = ~source_mask[:, 0]
    x = model(embedded(source_ids, params["source_table"]),
              embedded(target_ids, params["target_table"]),
              tgt_mask=layers.hidden_future(target_ids.shape[-1]),
              src_key_padding_mask=padded, memory_key_padding_mask=padded)
    return x @ params["unembedding"]


def embedded(token_ids, table):
    waves = sinusoidal_encoding(token_ids.shape[-1], D_MODEL).to(table.dtype)
    return embedding(token_ids, table) * math.sqrt(D_MODEL) + waves


def gpt(token_ids, params, n_heads):
    """A decoder without cross-attention is an encoder that hides the future."""
    blocks = layers.encoder(params["blocks"], n_heads, norm_first=True, activation=gelu_tanh)
    x = embed(token_ids, params["token_table"], params["position_table"])
    x = blocks(x, mask=layers.hidden_future(token_ids.shape[-1]))
    unembedding = params.get("unembedding", params["token_table"].mT)
    return layers.norm(**params["norm_f"])(x) @ unembedding


def generate(token_ids, params, n_heads, n_new):
    for _ in range(n_new):
        logits = gpt(token_ids[:, -N_POSITIONS:], params, n_heads)
        token_ids = torch.cat([token_ids, logits[:, -1:].argmax(-1)], dim=-1)
    return token_ids


def cross_entropy_by_default(logits, targets, **options):
    """PyTorch wants the classes on the second axis, so all tokens of the batch go into one row."""
    return nn.CrossEntropyLoss(**options)(logits.flatten(0, 1), targets.flatten())


cross_entropy = partial(cross_entropy_by_default, ignore_index=IGNORED)


def perplexity(logits, targets):
    return torch.exp(cross_entropy(logits, targets))


BOTH = "ids target_ids transformer_params n_heads source_mask"
PAIRS = (
    Pair("encoder_block", "TransformerEncoderLayer", BLOCK, block),
    Pair("decoder_block", "TransformerDecoderLayer",
         "x_short x decoder_block n_heads short_mask table_mask", decoder_block),
    Pair("transformer", "Transformer", BOTH, transformer),
    Pair("gpt", "TransformerEncoder", "ids gpt_params n_heads", gpt),
    Pair("gpt", "the same, an unembedding", "ids untied_params n_heads", gpt),
    Pair("cross_entropy", "CrossEntropyLoss", "logits targets", cross_entropy),
    Pair("cross_entropy", "the same, no target counts", "logits no_targets", cross_entropy),
    Pair("perplexity", "CrossEntropyLoss, torch.exp", "logits targets", perplexity),
    Pair("generate", "formula: loop with argmax", "ids gpt_params n_heads 6", generate),
    Pair("transformer", "Transformer()", BOTH, partial(transformer, norms=True),
         why="By default nn.Transformer ends its encoder and its decoder on a layer norm more. The "
             "model of 2017 has none there, as each of its blocks ends on one; nor has ours."),
    Pair("cross_entropy", "CrossEntropyLoss()", "logits targets", cross_entropy_by_default,
         why="The target that does not count is -1 here and -100 there, unless ignore_index says "
             "otherwise; PyTorch takes any other negative target for a mistake."),
)
