"""The blocks and models of lesson 6, worked out one token, one head and one number at a time.

The specs compare yours with these. They are slow, they take no batches, and they use none of
your functions. The parameters that they are tried on are random, and all sizes differ.
"""

import math

import numpy as np


def random_block(rng, kind="decoder", d_model=8, width_k=6, width_v=10, d_ff=13):
    """A random block of an encoder, a decoder or a GPT, in which no two dimensions are equal."""
    def attention():
        sizes = dict(w_q=(d_model, width_k), w_k=(d_model, width_k), w_v=(d_model, width_v),
                     w_o=(width_v, d_model))
        return {name: rng.normal(size=size) for name, size in sizes.items()}

    sizes = dict(w_in=(d_model, d_ff), b_in=(d_ff,), w_out=(d_ff, d_model), b_out=(d_model,))
    block = {f"norm_{i}": random_norm(rng, d_model) for i in (1, 2, 3)}
    block |= dict(attention=attention(), cross_attention=attention())
    block["feed_forward"] = {name: rng.normal(size=size) for name, size in sizes.items()}
    more = () if kind == "decoder" else ("norm_3", "cross_attention")
    return {key: block[key] for key in block if key not in more}


def random_norm(rng, d_model=8):
    return dict(gain=rng.normal(size=d_model), bias=rng.normal(size=d_model))


def random_transformer(rng):
    """Random parameters of an encoder-decoder: nine words are read, eleven may be written."""
    return dict(source_table=rng.normal(size=(9, 8)), target_table=rng.normal(size=(11, 8)),
                encoder=[random_block(rng, "encoder") for _ in range(3)],
                decoder=[random_block(rng) for _ in range(2)], unembedding=rng.normal(size=(8, 11)))


def random_gpt(rng, n_positions=9):
    """Random parameters of a GPT with eleven words and three blocks."""
    return dict(token_table=rng.normal(size=(11, 8)),
                position_table=rng.normal(size=(n_positions, 8)),
                blocks=[random_block(rng, "gpt") for _ in range(3)], norm_f=random_norm(rng))


def random_writer(rng, n_positions=6):
    """Random parameters of a GPT that seldom repeats a word: every token that it reads matters."""
    params = random_gpt(rng, n_positions) | dict(norm_f=dict(gain=np.ones(8), bias=np.zeros(8)))
    tables = {name: 8 * params[name] for name in ("token_table", "position_table")}
    return params | tables | dict(blocks=params["blocks"][:1], unembedding=rng.normal(size=(8, 11)))


def narrow(value):
    """The same parameters in float32."""
    if isinstance(value, dict):
        return {key: narrow(part) for key, part in value.items()}
    return [narrow(part) for part in value] if isinstance(value, list) else value.astype(np.float32)


def norm_by_hand(x, gain, bias):
    output = np.empty(x.shape)
    for t, row in enumerate(x):
        mean = sum(row) / len(row)
        variance = sum((number - mean) ** 2 for number in row) / len(row)
        output[t] = (row - mean) / math.sqrt(variance + 1e-5) * gain + bias
    return output


def heads_by_hand(x, memory, w_q, w_k, w_v, w_o, n_heads, mask=True):
    """Multi-head attention for tables: each head blends its columns, for one query at a time."""
    mask = np.broadcast_to(mask, (len(x), len(memory)))
    blends = np.zeros((len(x), w_v.shape[1]))
    columns = zip(*(np.split(np.arange(w.shape[1]), n_heads) for w in (w_k, w_v)))
    for of_keys, of_values in columns:
        q, k, v = (x @ w_q)[:, of_keys], (memory @ w_k)[:, of_keys], (memory @ w_v)[:, of_values]
        for i in range(len(x)):
            exps = [math.exp(sum(q[i] * k[j]) / math.sqrt(len(of_keys))) * mask[i, j]
                    for j in range(len(memory))]
            for j in range(len(memory)):
                blends[i, of_values] += exps[j] / (sum(exps) or 1) * v[j]
    return blends @ w_o


def feed_forward_by_hand(x, w_in, b_in, w_out, b_out, activation):
    units = [[activation(number) for number in row] for row in x @ w_in + b_in]
    return np.array(units) @ w_out + b_out


def relu_by_hand(number):
    return max(number, 0)


def gelu_by_hand(number):
    return number / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (number + 0.044715 * number**3)))


def encoder_block_by_hand(x, block, n_heads, mask=True):
    x = norm_by_hand(x + heads_by_hand(x, x, **block["attention"], n_heads=n_heads, mask=mask),
                     **block["norm_1"])
    added = feed_forward_by_hand(x, **block["feed_forward"], activation=relu_by_hand)
    return norm_by_hand(x + added, **block["norm_2"])


def decoder_block_by_hand(x, memory, block, n_heads, mask=True, memory_mask=True):
    own = heads_by_hand(x, x, **block["attention"], n_heads=n_heads, mask=mask)
    x = norm_by_hand(x + own, **block["norm_1"])
    seen = heads_by_hand(x, memory, **block["cross_attention"], n_heads=n_heads, mask=memory_mask)
    x = norm_by_hand(x + seen, **block["norm_2"])
    added = feed_forward_by_hand(x, **block["feed_forward"], activation=relu_by_hand)
    return norm_by_hand(x + added, **block["norm_3"])


def embedding_by_hand(ids, table):
    """Rows of a table, scaled as in the paper, with sinusoidal positions."""
    output, d_model = np.empty((len(ids), table.shape[1])), table.shape[1]
    for t, c in np.ndindex(output.shape):
        angle = t / 10_000 ** ((c - c % 2) / d_model)
        wave = math.cos(angle) if c % 2 else math.sin(angle)
        output[t, c] = table[ids[t], c] * math.sqrt(d_model) + wave
    return output


def transformer_by_hand(source_ids, target_ids, params, n_heads, source_mask=True):
    memory = embedding_by_hand(source_ids, params["source_table"])
    for block in params["encoder"]:
        memory = encoder_block_by_hand(memory, block, n_heads, source_mask)
    x = embedding_by_hand(target_ids, params["target_table"])
    for block in params["decoder"]:
        x = decoder_block_by_hand(x, memory, block, n_heads, np.tri(len(x)), source_mask)
    return x @ params["unembedding"]


def gpt_by_hand(ids, params, n_heads):
    x = np.array([params["token_table"][token] + params["position_table"][t]
                  for t, token in enumerate(ids)])
    for block in params["blocks"]:
        normed = norm_by_hand(x, **block["norm_1"])
        x = x + heads_by_hand(normed, normed, **block["attention"], n_heads=n_heads,
                              mask=np.tri(len(x)))
        normed = norm_by_hand(x, **block["norm_2"])
        x = x + feed_forward_by_hand(normed, **block["feed_forward"], activation=gelu_by_hand)
    return norm_by_hand(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)
