"""Lesson 6: the whole transformer, of 2017 and of GPT, and a model that writes.

You build seven functions from all that you have written so far:

    encoder_block  one block of the encoder of 2017: norms last, ReLU
    decoder_block  one block of its decoder, which also attends to the encoder's memory
    transformer    the encoder-decoder of "Attention Is All You Need"
    gpt            a decoder alone, with the block of lesson 5
    cross_entropy  the loss of a model that predicts the next token
    perplexity     the same, as a number of equally likely choices
    generate       continue a text, one token at a time

Parameters are dicts and lists of arrays. A block of the encoder is as in lesson 5; one of
the decoder has attention, norm_1, cross_attention, norm_2, feed_forward and norm_3.

    GPT:              {"token_table", "position_table", "blocks": [...], "norm_f"},
                      and perhaps "unembedding"
    encoder-decoder:  {"source_table", "target_table", "encoder": [...], "decoder": [...],
                      "unembedding"}

The lesson is katas/lesson_06_transformer.md.
"""

import math

import numpy as np
from kata_02_self_attention import causal_mask
from kata_03_multi_head import multi_head_attention
from kata_04_positional import add_positions, embed, sinusoidal_encoding
from kata_05_feed_forward import feed_forward, layer_norm, relu, transformer_block


def encoder_block(x, block, n_heads, mask=None):
    """Run one block of the encoder of 2017: a norm follows each residual connection.

    x:       (..., n_tokens, d_model)
    block:   a dict with attention, norm_1, feed_forward and norm_2
    n_heads: the number of heads
    mask:    boolean, broadcasts to (..., n_tokens, n_tokens); True means "may attend"
    returns: (..., n_tokens, d_model)

        x      = layer_norm(x + multi_head_attention(x))
        output = layer_norm(x + feed_forward(x)), with relu

    With weights of zeros, two norms are left:

    >>> norm, zeros = dict(gain=np.ones(2), bias=np.zeros(2)), np.zeros((2, 2))
    >>> attention = dict(w_q=zeros, w_k=zeros, w_v=zeros, w_o=zeros)
    >>> network = dict(w_in=zeros, b_in=zeros[0], w_out=zeros, b_out=zeros[0])
    >>> block = dict(attention=attention, norm_1=norm, feed_forward=network, norm_2=norm)
    >>> encoder_block(np.array([[1.0, 3.0]]), block, n_heads=1).round(3)
    array([[-1.,  1.]])

    Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.1.
    """
    x = layer_norm(
        x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
        **block["norm_1"])
    return layer_norm(
        x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


def decoder_block(x, memory, block, n_heads, mask=None, memory_mask=None):
    """Run one block of the decoder of 2017: self-attention, cross-attention, feed-forward.

    x:           (..., n_tokens, d_model), the target so far
    memory:      (..., n_memory, d_model), the output of the encoder
    block:       a dict with attention, norm_1, cross_attention, norm_2, feed_forward and norm_3
    n_heads:     the number of heads
    mask:        boolean, broadcasts to (..., n_tokens, n_tokens); used as given
    memory_mask: boolean, broadcasts to (..., n_tokens, n_memory)
    returns:     (..., n_tokens, d_model)

        x      = layer_norm(x + multi_head_attention(x))
        x      = layer_norm(x + multi_head_attention(x, memory))
        output = layer_norm(x + feed_forward(x)), with relu

    >>> norm, zeros = dict(gain=np.ones(2), bias=np.zeros(2)), np.zeros((2, 2))
    >>> attention = dict(w_q=zeros, w_k=zeros, w_v=zeros, w_o=zeros)
    >>> network = dict(w_in=zeros, b_in=zeros[0], w_out=zeros, b_out=zeros[0])
    >>> block = dict(attention=attention, cross_attention=attention, feed_forward=network,
    ...              norm_1=norm, norm_2=norm, norm_3=norm)
    >>> decoder_block(np.array([[1.0, 3.0]]), np.ones((3, 2)), block, n_heads=1).round(3)
    array([[-1.,  1.]])

    Source: Vaswani et al. 2017, section 3.1.
    """
    x = layer_norm(
        x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
        **block["norm_1"])
    seen = multi_head_attention(
        x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(
        x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


def transformer(source_ids, target_ids, params, n_heads, source_mask=None):
    """Give logits for each next token of a target, from its source: the model of 2017.

    source_ids:  (..., n_source), integers
    target_ids:  (..., n_target), integers; the target so far
    params:      a dict with source_table, target_table, encoder, decoder and unembedding
    n_heads:     the number of heads
    source_mask: boolean, a padding mask (batch, 1, n_source); True means "may attend"
    returns:     (..., n_target, vocab), logits: row t is about the token after target t

        memory = every encoder block on  sqrt(d_model) source_table[source_ids] + positions
        x      = every decoder block on  sqrt(d_model) target_table[target_ids] + positions
        logits = x W_unembedding

    Positions are sinusoidal. Each target token sees itself and those before it.

    >>> params = dict(source_table=np.eye(2), target_table=np.eye(2), encoder=[], decoder=[],
    ...               unembedding=np.eye(2))
    >>> transformer(np.array([0, 1, 1]), np.array([0]), params, n_heads=1).round(3)
    array([[1.414, 1.   ]])

    Source: Vaswani et al. 2017, figure 1 and sections 3.1 to 3.5.
    """
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
    return x @ params["unembedding"]


def gpt(token_ids, params, n_heads):
    """Give logits for each next token: a GPT, which is a decoder without an encoder.

    token_ids: (..., n_tokens), integers
    params:    a dict with token_table, position_table, blocks and norm_f; the output is
               tied to token_table unless there is an unembedding (d_model, vocab)
    n_heads:   the number of heads
    returns:   (..., n_tokens, vocab), logits: row t is about the token after token t
    raises:    ValueError if the last token is past the end of position_table

        x      = every block on  token_table[token_ids] + position_table
        logits = layer_norm(x) token_table^T

    >>> norm = dict(gain=np.ones(2), bias=np.zeros(2))
    >>> tables = dict(token_table=np.eye(2), position_table=np.zeros((5, 2)))
    >>> gpt(np.array([0, 1]), tables | dict(blocks=[], norm_f=norm), n_heads=1)
    array([[ 0.99998, -0.99998],
           [-0.99998,  0.99998]])

    Source: Radford et al. 2019 (GPT-2), section 2.3.
    """
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


def cross_entropy(logits, targets, ignore_index=-1):
    """Give the mean loss of the logits at the tokens that really come next, in nats.

    logits:       (..., n_tokens, vocab)
    targets:      (..., n_tokens), integers: the token that really comes next
    ignore_index: a target that does not count, such as padding
    returns:      a number: the mean over the targets that count; nan if none does

        mean of -log(softmax(logits)[target])

    >>> float(cross_entropy(np.log([[1.0, 2.0, 5.0], [1.0, 1.0, 2.0]]), np.array([2, -1])).round(3))
    0.47

    Source: Radford et al. 2018 (GPT), equation 1, as a mean.
    """
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


def perplexity(logits, targets, ignore_index=-1):
    """Give the number of equally likely tokens among which a model seems to choose.

    logits:       (..., n_tokens, vocab)
    targets:      (..., n_tokens), integers: the token that really comes next
    ignore_index: a target that does not count
    returns:      a number, 1 at best; vocab for a model that knows nothing

        exp(cross_entropy(logits, targets))

    >>> float(perplexity(np.zeros((2, 5)), np.array([0, 3])).round(3))
    5.0

    Source: Jelinek et al. 1977, "Perplexity: a measure of the difficulty of speech
    recognition tasks".
    """
    return np.exp(cross_entropy(logits, targets, ignore_index))


def generate(token_ids, params, n_heads, n_new):
    """Continue a text: again and again, add the token with the largest logit.

    token_ids: (..., n_tokens), integers, the prompt; at least one token
    params:    as in gpt
    n_heads:   the number of heads
    n_new:     the number of tokens to add
    returns:   (..., n_tokens + n_new), the prompt and the new tokens

        next = argmax(gpt(the newest tokens that position_table has room for)[-1])

    >>> norm = dict(gain=np.ones(3), bias=np.zeros(3))
    >>> after = np.eye(3)[[1, 2, 0]]  # after 0 comes 1, after 1 comes 2, after 2 comes 0
    >>> tables = dict(token_table=np.eye(3), position_table=np.zeros((5, 3)), unembedding=after)
    >>> generate(np.array([0]), tables | dict(blocks=[], norm_f=norm), n_heads=1, n_new=3)
    array([0, 1, 2, 0])

    Source: Radford et al. 2019 (GPT-2), section 2, for writing token by token.
    """
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids
