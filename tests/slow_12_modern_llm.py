"""A llama, worked out one token, one head and one number at a time, and blocks of few bits.

The specs of lesson 12 compare yours with these. They are slow, they take no batches and no cache,
and they use none of your functions. The parameters are random, and all sizes differ.
"""

import math

import numpy as np

EPS = 0.02  # large enough that leaving it out, or another, shows
CONFIG = dict(n_heads=6, n_kv_heads=2, base=50.0, eps=EPS)


def random_attention(rng, n_heads=6, n_kv_heads=2, d_model=8, d_head=10, d_v=5):
    """Random projections that keep numbers of size 1, in which no two dimensions are equal."""
    sizes = dict(w_q=(d_model, n_heads * d_head), w_k=(d_model, n_kv_heads * d_head),
                 w_v=(d_model, n_kv_heads * d_v), w_o=(n_heads * d_v, d_model))
    return {name: rng.normal(size=size) / math.sqrt(size[0]) for name, size in sizes.items()}


def random_block(rng, d_model=8, d_ff=13):
    """A random block of a llama."""
    sizes = dict(w_gate=(d_model, d_ff), w_up=(d_model, d_ff), w_down=(d_ff, d_model))
    return dict(norm_1=dict(gain=rng.normal(size=d_model)), attention=random_attention(rng),
                norm_2=dict(gain=rng.normal(size=d_model)),
                feed_forward={name: rng.normal(size=size) for name, size in sizes.items()})


def random_llama(rng, n_blocks=2, untied=False, vocab=11):
    """Random parameters of a llama."""
    params = dict(token_table=rng.normal(size=(vocab, 8)),
                  blocks=[random_block(rng) for _ in range(n_blocks)],
                  norm_f=dict(gain=rng.normal(size=8)))
    return params | (dict(unembedding=rng.normal(size=(8, vocab))) if untied else {})


def narrow(value):
    """The same parameters in float32."""
    if isinstance(value, dict):
        return {key: narrow(part) for key, part in value.items()}
    return [narrow(part) for part in value] if isinstance(value, list) else value.astype(np.float32)


def rms_norm_by_hand(x, gain, eps):
    output = np.empty(x.shape)
    for t, row in enumerate(x):
        mean_square = sum(number * number for number in row) / len(row)
        for c, number in enumerate(row):
            output[t, c] = number / math.sqrt(mean_square + eps) * gain[c]
    return output


def silu_by_hand(number):
    return number / (1 + math.exp(-number))


def swiglu_by_hand(x, w_gate, w_up, w_down):
    output = np.zeros((len(x), w_down.shape[1]))
    for t, row in enumerate(x):
        for unit in range(w_gate.shape[1]):
            gate, up = sum(row * w_gate[:, unit]), sum(row * w_up[:, unit])
            output[t] += silu_by_hand(gate) * up * w_down[unit]
    return output


def rotated_by_hand(vector, position, base):
    """One query or key, its pairs (0, 1), (2, 3), ... turned by the angles of a position."""
    output = np.empty(len(vector))
    for i in range(len(vector) // 2):
        angle = position / base ** (2 * i / len(vector))
        a, b = vector[2 * i], vector[2 * i + 1]
        output[2 * i] = a * math.cos(angle) - b * math.sin(angle)
        output[2 * i + 1] = a * math.sin(angle) + b * math.cos(angle)
    return output


def keys_by_hand(x, w_k, n_kv_heads, base):
    """The keys of a whole text, rotated: (n_kv_heads, n_tokens, d_head)."""
    heads = np.split(w_k, n_kv_heads, axis=1)
    return np.array([[rotated_by_hand(row @ w, t, base) for t, row in enumerate(x)] for w in heads])


def values_by_hand(x, w_v, n_kv_heads):
    """The values of a whole text: (n_kv_heads, n_tokens, d_v)."""
    return np.array([x @ w for w in np.split(w_v, n_kv_heads, axis=1)])


def grouped_by_hand(x, w_q, w_k, w_v, w_o, n_heads, n_kv_heads, base=10_000.0):
    """Attention over a whole text, one query head and one token at a time."""
    keys, values = keys_by_hand(x, w_k, n_kv_heads, base), values_by_hand(x, w_v, n_kv_heads)
    blends = np.zeros((len(x), n_heads, values.shape[-1]))
    for head, w in enumerate(np.split(w_q, n_heads, axis=1)):
        shared = head // (n_heads // n_kv_heads)
        for t, row in enumerate(x):
            q = rotated_by_hand(row @ w, t, base)
            scores = [sum(q * key) / math.sqrt(len(q)) for key in keys[shared, : t + 1]]
            exps = [math.exp(score - max(scores)) for score in scores]
            for weight, value in zip(exps, values[shared]):
                blends[t, head] += weight / sum(exps) * value
    return blends.reshape(len(x), -1) @ w_o


def block_by_hand(x, block, config):
    normed = rms_norm_by_hand(x, block["norm_1"]["gain"], config["eps"])
    heads = {key: config[key] for key in ("n_heads", "n_kv_heads", "base")}
    x = x + grouped_by_hand(normed, **block["attention"], **heads)
    normed = rms_norm_by_hand(x, block["norm_2"]["gain"], config["eps"])
    return x + swiglu_by_hand(normed, **block["feed_forward"])


def llama_by_hand(ids, params, config):
    x = np.array([params["token_table"][token] for token in ids])
    for block in params["blocks"]:
        x = block_by_hand(x, block, config)
    normed = rms_norm_by_hand(x, params["norm_f"]["gain"], config["eps"])
    return normed @ params.get("unembedding", params["token_table"].T)


def block_of_8_bits(scale, numbers):
    """34 bytes: a scale as float16, and 32 whole numbers from -128 to 127."""
    return np.frombuffer(np.float16(scale).tobytes() + bytes(n % 256 for n in numbers), np.uint8)


def block_of_4_bits(scale, minimum, numbers):
    """20 bytes: a scale and a minimum as float16, and 32 whole numbers from 0 to 15, in pairs."""
    packed = bytes(numbers[j] + 16 * numbers[j + 16] for j in range(16))
    return np.frombuffer(np.float16([scale, minimum]).tobytes() + packed, np.uint8)
