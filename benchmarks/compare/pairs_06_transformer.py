"""Lesson 6 beside PyTorch: the encoder-decoder of 2017, a GPT, and how well it guesses."""

import math
from functools import partial

import torch
from torch import nn
from torch.nn.functional import embedding

from benchmarks.compare import given, layers
from benchmarks.compare import pairs_04_positional as positional
from benchmarks.compare.given import BATCH, D_MODEL, N_HEADS, N_KEYS, N_POSITIONS, N_QUERIES, VOCAB
from benchmarks.compare.pairs_05_feed_forward import gelu_tanh, x_block_and_mask
from benchmarks.compare.pairs import Pair

N_NEW = 6  # more than the table of positions has room for, so the window moves
IGNORED = -1


def x_memory_block_and_masks(random):
    x, memory = given.tokens(random, N_QUERIES), given.tokens(random, N_KEYS)
    masks = given.mask(random, N_QUERIES, N_QUERIES), given.mask(random, N_QUERIES, N_KEYS)
    return x, memory, given.decoder_block(random), N_HEADS, *masks


def source_target_and_params(random):
    """The first source is shorter than the second, and padded."""
    source, target = given.ids(random, N_KEYS), given.ids(random, N_QUERIES, VOCAB - 2)
    padding = (torch.arange(N_KEYS) < torch.tensor([[[N_KEYS - 2]], [[N_KEYS]]])).numpy()
    return source, target, given.transformer_params(random), N_HEADS, padding


def ids_and_params(random):
    return given.ids(random, N_KEYS), given.gpt_params(random), N_HEADS


def ids_and_untied_params(random):
    """The output projection is a matrix of its own."""
    token_ids, params, n_heads = ids_and_params(random)
    return token_ids, {**params, "unembedding": given.matrix(random, D_MODEL, VOCAB)}, n_heads


def prompt(random):
    return *ids_and_params(random), N_NEW


def logits_and_targets(random):
    """One target in the middle does not count."""
    targets = given.ids(random, N_KEYS)
    targets[1, 2] = IGNORED
    return random.normal(0, 3, (BATCH, N_KEYS, VOCAB)), targets


def no_target(random):
    logits, targets = logits_and_targets(random)
    targets[:] = IGNORED
    return logits, targets


def encoder_block(x, block, n_heads, mask):
    return layers.encoder_layer(block, n_heads)(x, src_mask=~mask)


def decoder_block(x, memory, block, n_heads, mask, memory_mask):
    return layers.decoder_layer(block, n_heads)(x, memory, tgt_mask=~mask, memory_mask=~memory_mask)


def transformer(source_ids, target_ids, params, n_heads, source_mask, norms=False):
    """nn.Transformer on embeddings; norms=True leaves it the two that it adds by default."""
    encoder, decoder = layers.encoder(params["encoder"], n_heads), layers.decoder(params["decoder"], n_heads)
    if norms:
        encoder.norm = decoder.norm = nn.LayerNorm(D_MODEL, dtype=params["unembedding"].dtype)
    nothing = nn.Identity()
    model = nn.Transformer(D_MODEL, n_heads, custom_encoder=nothing, custom_decoder=nothing, batch_first=True)
    model.encoder, model.decoder = encoder, decoder  # only now: what it is made with gets random weights
    padded = ~source_mask[:, 0]
    x = model(embedded(source_ids, params["source_table"]), embedded(target_ids, params["target_table"]),
              tgt_mask=layers.hidden_future(target_ids.shape[-1]),
              src_key_padding_mask=padded, memory_key_padding_mask=padded)
    return x @ params["unembedding"]


def embedded(token_ids, table):
    waves = positional.sinusoidal_encoding(token_ids.shape[-1], D_MODEL)
    return embedding(token_ids, table) * math.sqrt(D_MODEL) + waves.to(table.dtype)


def gpt(token_ids, params, n_heads):
    """nn.TransformerEncoder with a causal mask: a decoder without cross-attention is an encoder that hides the future."""
    n_tokens = token_ids.shape[-1]
    blocks = layers.encoder(params["blocks"], n_heads, norm_first=True, activation=gelu_tanh)
    x = positional.embed(token_ids, params["token_table"], params["position_table"], 0)
    x = blocks(x, mask=layers.hidden_future(n_tokens))
    return layers.norm(**params["norm_f"])(x) @ params.get("unembedding", params["token_table"].mT)


def generate(token_ids, params, n_heads, n_new):
    for _ in range(n_new):
        logits = gpt(token_ids[:, -N_POSITIONS:], params, n_heads)
        token_ids = torch.cat([token_ids, logits[:, -1:].argmax(-1)], dim=-1)
    return token_ids


def mean_surprise(logits, targets, **options):
    """PyTorch wants the classes on the second axis, so the tokens of the batch go into one row."""
    return nn.CrossEntropyLoss(**options)(logits.flatten(0, 1), targets.flatten())


def perplexity(logits, targets):
    return torch.exp(mean_surprise(logits, targets, ignore_index=IGNORED))


ignoring = partial(mean_surprise, ignore_index=IGNORED)

PAIRS = (
    Pair("encoder_block", "TransformerEncoderLayer", x_block_and_mask, encoder_block),
    Pair("decoder_block", "TransformerDecoderLayer", x_memory_block_and_masks, decoder_block),
    Pair("transformer", "Transformer", source_target_and_params, transformer),
    Pair("gpt", "TransformerEncoder", ids_and_params, gpt),
    Pair("gpt", "the same, an unembedding", ids_and_untied_params, gpt),
    Pair("cross_entropy", "CrossEntropyLoss", logits_and_targets, ignoring),
    Pair("cross_entropy", "the same, no target counts", no_target, ignoring),
    Pair("perplexity", "CrossEntropyLoss, torch.exp", logits_and_targets, perplexity),
    Pair("generate", "formula: loop with argmax", prompt, generate),
    Pair("transformer", "Transformer()", source_target_and_params, partial(transformer, norms=True),
         why="By default nn.Transformer ends its encoder and its decoder on a layer norm more. The model of 2017 has "
             "none there, as each of its blocks ends on one; nor has ours."),
    Pair("cross_entropy", "CrossEntropyLoss()", logits_and_targets, mean_surprise,
         why="The target that does not count is -1 here and -100 there, unless ignore_index says otherwise; "
             "PyTorch takes any other negative target for a mistake."),
)
