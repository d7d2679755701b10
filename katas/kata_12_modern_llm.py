"""Lesson 12: a modern language model: what a GPT-2 has to change to be a llama, and talk.

You build nine functions. Four are new parts, two read weights of few bits, two put the model
together, and one writes down a conversation as the model knows it:

    rms_norm                 layer norm without the mean and without a bias
    silu                     a smooth relu, x times its sigmoid
    swiglu                   a feed-forward network with a gate
    grouped_query_attention  several query heads share one head of keys and values; rotary positions
    dequantize_q8_0          numbers of 8 bits with a scale for each 32
    dequantize_q4_1          numbers of 4 bits with a scale and a minimum for each 32
    llama_block              attention and feed-forward, each with a norm and a residual connection
    llama                    logits for new tokens, with a cache for each block
    chat_prompt              a conversation as one text, open for the next answer

A block is a dict of dicts of arrays, passed on with **; no layer has a bias:

    {"norm_1": {"gain"}, "attention": {"w_q", "w_k", "w_v", "w_o"},
     "norm_2": {"gain"}, "feed_forward": {"w_gate", "w_up", "w_down"}}

A model's params are {"token_table", "blocks": [...], "norm_f": {"gain"}}, and perhaps
"unembedding". Its config is {"n_heads", "n_kv_heads", "base", "eps"}.
float32 stays float32, and no function changes its arguments.
The lesson is katas/lesson_12_modern_llm.md.
"""

import numpy as np
from kata_01_attention import attention
from kata_03_multi_head import merge_heads, split_heads
from kata_04_positional import apply_rotary

# What the real model of this lesson is told first, if the conversation has no system message.
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"


def rms_norm(x, gain, eps=1e-5):
    """Divide every token's numbers by their root mean square, then apply the gain.

    x:       (..., d_model)
    gain:    (d_model,), learned; ones at the start
    eps:     avoids a division by zero if all numbers of a token are zero
    returns: (..., d_model)

        output = x / sqrt(mean(x^2) + eps) * gain

    The mean is that of the one token, over the last axis; it is not subtracted from x.

    >>> rms_norm(np.array([[1.0, 7.0], [10.0, 70.0]]), np.ones(2)).round(3)
    array([[0.2, 1.4],
           [0.2, 1.4]])

    Source: Zhang and Sennrich 2019, "Root Mean Square Layer Normalization", equation 4.
    """
    raise NotImplementedError  # about 2 lines


def silu(x):
    """Let positive numbers through and hold negative ones back: x times its sigmoid.

    x:       (...), any shape
    returns: (...), the shape of x

        silu(x) = x * sigmoid(x) = x / (1 + exp(-x))

    Also called swish. It overflows for no x: far below zero it is 0, far above zero x itself.

    >>> silu(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.2689,  0.    ,  0.7311])

    Source: Hendrycks and Gimpel 2016, "Gaussian Error Linear Units", section 4; Elfwing, Uchibe
    and Doya 2017, "Sigmoid-Weighted Linear Units for Neural Network Function Approximation".
    """
    raise NotImplementedError  # about 1 line


def swiglu(x, w_gate, w_up, w_down):
    """Run every token through a wide layer, whose units a second one opens and closes, and back.

    x:       (..., n_tokens, d_model)
    w_gate:  (d_model, d_ff)
    w_up:    (d_model, d_ff)
    w_down:  (d_ff, d_out), as a rule with d_out = d_model
    returns: (..., n_tokens, d_out)

        output = (silu(x W_gate) * (x W_up)) W_down

    >>> x, w_gate = np.array([[1.0, -1.0]]), np.array([[30.0, 0.0, 0.0], [0.0, 30.0, 0.0]])
    >>> w_up, w_down = np.array([[0.5, 1.0, 1.0], [0.0, 0.0, 0.0]]), np.ones((3, 2))
    >>> swiglu(x, w_gate, w_up, w_down).round(3)  # the first unit is open, the others are closed
    array([[15., 15.]])

    Source: Shazeer 2020, "GLU Variants Improve Transformer", section 2.
    """
    raise NotImplementedError  # about 1 line


def grouped_query_attention(
        x, w_q, w_k, w_v, w_o, n_heads, n_kv_heads, base=10_000.0, cache=None):
    """Attend causally from new tokens, with rotary positions; query heads share keys and values.

    x:          (..., n_new, d_model), the new tokens only
    w_q:        (d_model, n_heads * d_head)
    w_k:        (d_model, n_kv_heads * d_head)
    w_v:        (d_model, n_kv_heads * d_v)
    w_o:        (n_heads * d_v, d_out)
    n_heads:    the number of query heads
    n_kv_heads: the number of heads of keys and values; it divides n_heads
    base:       as in apply_rotary
    cache:      None at the start of a text; then what the last call returned
    returns:    a tuple (output, cache)
                output: (..., n_new, d_out)
                cache:  {"k", "v"}, (..., n_kv_heads, n_past + n_new, d_head), old tokens first;
                        keys as they are rotated
    raises:     ValueError if n_kv_heads does not divide n_heads, or a number of heads its width

        Queries and keys are rotated by their positions; the first new token is at n_past.
        Query head h attends to head h // (n_heads / n_kv_heads) of the keys and values.

    >>> x, no_query = np.array([[1.0, 0.0], [3.0, 4.0]]), np.zeros((2, 4))
    >>> weights = dict(w_q=no_query, w_k=np.eye(2), w_v=np.eye(2), w_o=np.eye(4))
    >>> output, cache = grouped_query_attention(x, **weights, n_heads=2, n_kv_heads=1)
    >>> output
    array([[1., 0., 1., 0.],
           [2., 2., 2., 2.]])
    >>> cache["v"]
    array([[[1., 0.],
            [3., 4.]]])

    Source: Ainslie et al. 2023, "GQA: Training Generalized Multi-Query Transformer Models from
    Multi-Head Checkpoints", section 2.2; Su et al. 2021 (RoFormer), equation 34.
    """
    raise NotImplementedError  # about 14 lines


def dequantize_q8_0(blocks):
    """Read numbers of 8 bits, each block of 32 with a scale.

    blocks:  uint8 (..., n_blocks * 34): for each block 2 bytes, the scale d as a float16, low
             byte first, and 32 bytes, each a whole number q from -128 to 127
    returns: float32 (..., n_blocks * 32)
    raises:  ValueError if the last axis is not a whole number of blocks

        number = d * q

    >>> scale = np.array([0.5], dtype="<f2").view(np.uint8)
    >>> numbers = np.arange(-2, 30, dtype=np.int8).view(np.uint8)
    >>> dequantize_q8_0(np.concatenate([scale, numbers]))[:5]
    array([-1. , -0.5,  0. ,  0.5,  1. ], dtype=float32)

    Source: ggml, block_q8_0 in ggml-common.h.
    """
    raise NotImplementedError  # about 4 lines


def dequantize_q4_1(blocks):
    """Read numbers of 4 bits, each block of 32 with a scale and a minimum.

    blocks:  uint8 (..., n_blocks * 20): for each block 4 bytes, the scale d and the minimum m as
             float16, low byte first, and 16 bytes: byte j has two numbers q from 0 to 15,
             number j in its low 4 bits and number j + 16 in its high 4 bits
    returns: float32 (..., n_blocks * 32)
    raises:  ValueError if the last axis is not a whole number of blocks

        number = d * q + m

    >>> scale_and_minimum = np.array([0.5, -1.0], dtype="<f2").view(np.uint8)
    >>> packed = np.arange(16, dtype=np.uint8) + 16 * 15
    >>> numbers = dequantize_q4_1(np.concatenate([scale_and_minimum, packed]))
    >>> numbers[:5], numbers[16:19]
    (array([-1. , -0.5,  0. ,  0.5,  1. ], dtype=float32), array([6.5, 6.5, 6.5], dtype=float32))

    Source: ggml, block_q4_1 in ggml-common.h.
    """
    raise NotImplementedError  # about 5 lines


def llama_block(x, block, config, cache=None):
    """Run one block of a llama: attention, then the feed-forward network, norms first.

    x:       (..., n_new, d_model), the residual stream of the new tokens
    block:   a dict with norm_1, attention, norm_2 and feed_forward, see the top of the file
    config:  a dict with n_heads, n_kv_heads and base, as in grouped_query_attention, and eps
    cache:   None at the start of a text; then what the last call returned
    returns: a tuple (x, cache)
             x:     (..., n_new, d_model)
             cache: what grouped_query_attention returns

        x      = x + grouped_query_attention(rms_norm(x))
        output = x + swiglu(rms_norm(x))

    With weights of zeros, a block returns its input:

    >>> x, zeros, norm = np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros((2, 2)), dict(gain=np.ones(2))
    >>> attention = dict(w_q=zeros, w_k=zeros, w_v=zeros, w_o=zeros)
    >>> network = dict(w_gate=zeros, w_up=zeros, w_down=zeros)
    >>> block = dict(norm_1=norm, attention=attention, norm_2=norm, feed_forward=network)
    >>> llama_block(x, block, dict(n_heads=1, n_kv_heads=1, base=100.0, eps=1e-5))[0]
    array([[1., 2.],
           [3., 4.]])

    Source: Touvron et al. 2023, "LLaMA: Open and Efficient Foundation Language Models",
    section 2.2.
    """
    raise NotImplementedError  # about 6 lines


def llama(token_ids, params, config, caches=None):
    """Give logits for new tokens: a whole llama, with the keys and values of old tokens kept.

    token_ids: (..., n_new), integers, the new tokens only
    params:    a dict with token_table (vocab, d_model), blocks (a list), norm_f, and perhaps
               unembedding (d_model, vocab)
    config:    as in llama_block
    caches:    None at the start of a text; then what the last call returned
    returns:   a tuple (logits, caches)
               logits: (..., n_new, vocab)
               caches: a list, for each block what llama_block returns

        x      = rows of token_table, with no positions added; then every block in turn
        logits = rms_norm(x, norm_f) unembedding; without one, token_table^T

    >>> zeros, norm = np.zeros((2, 2)), dict(gain=np.ones(2))
    >>> attention = dict(w_q=zeros, w_k=zeros, w_v=zeros, w_o=zeros)
    >>> network = dict(w_gate=zeros, w_up=zeros, w_down=zeros)
    >>> block = dict(norm_1=norm, attention=attention, norm_2=norm, feed_forward=network)
    >>> params = dict(token_table=np.array([[1.0, 7.0], [4.0, 0.0]]), blocks=[block], norm_f=norm)
    >>> config = dict(n_heads=1, n_kv_heads=1, base=100.0, eps=1e-5)
    >>> llama(np.array([0]), params, config)[0].round(3)
    array([[10. ,  0.8]])

    Source: Touvron et al. 2023, section 2.2.
    """
    raise NotImplementedError  # about 7 lines


def chat_prompt(messages):
    """Write a conversation as one text in the model's template, open for the next answer.

    messages: a list of dicts {"role", "content"}, at least one; the roles are "system", which
              comes first or not at all, "user" and "assistant"
    returns:  text

        <|im_start|>role
        content<|im_end|>

        for every message, each line with its end; then the first line of the assistant's turn.
        If the first message is not the system's, SYSTEM comes before it.

    >>> print(chat_prompt([{"role": "system", "content": "Be brief."},
    ...                    {"role": "user", "content": "What is the capital of France?"}]))
    <|im_start|>system
    Be brief.<|im_end|>
    <|im_start|>user
    What is the capital of France?<|im_end|>
    <|im_start|>assistant
    <BLANKLINE>

    Source: the chat template in the file of SmolLM2-135M-Instruct.
    """
    raise NotImplementedError  # about 4 lines
