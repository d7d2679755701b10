"""A GPT that writes one text as fast as NumPy can: a cache in memory that is made beforehand.

    writer = FastWriter(params, n_heads)
    for token in prompt:
        logits = writer.read(token)  # (vocab,)

Against lesson 11's cached_gpt: keys and values are written into their place, and nothing is copied;
queries, keys and values come from one product; gains, biases and the scale of the scores are
multiplied into the weights beforehand. It takes one text, one token at a time.
"""

import math

import numpy as np

EPS = 1e-5


class FastWriter:
    """Reads token after token of one text, and gives the logits of the next."""

    def __init__(self, params, n_heads):
        self.tokens, self.positions = params["token_table"], params["position_table"]
        self.blocks = [FastBlock(block, n_heads, len(self.positions)) for block in params["blocks"]]
        unembedding = params.get("unembedding", self.tokens.T)
        self.to_logits = with_norm(params["norm_f"], unembedding)
        self.n_past = 0

    def read(self, token):
        """Logits for the token after this one: (vocab,)."""
        if self.n_past == len(self.positions):
            raise ValueError(f"there are only {self.n_past} positions")
        x = self.tokens[token] + self.positions[self.n_past]
        for block in self.blocks:
            x = block.run(x, self.n_past)
        self.n_past += 1
        return affine(normed(x), self.to_logits)


class FastBlock:
    """One block, with room for the keys and values of all positions."""

    def __init__(self, block, n_heads, n_positions):
        attention, network = block["attention"], block["feed_forward"]
        widths = [attention[name].shape[1] // n_heads for name in ("w_q", "w_k", "w_v")]
        dtype = attention["w_q"].dtype
        joined = np.concatenate([attention["w_q"] / math.sqrt(widths[0]), attention["w_k"],
                                 attention["w_v"]], axis=1)
        self.to_qkv = with_norm(block["norm_1"], joined)
        self.w_o, self.n_heads = attention["w_o"], n_heads
        self.ends = n_heads * widths[0], n_heads * (widths[0] + widths[1])
        self.k = np.empty((n_heads, widths[1], n_positions), dtype)  # a column for each token
        self.v = np.empty((n_heads, n_positions, widths[2]), dtype)
        self.to_wide = with_norm(block["norm_2"], network["w_in"], network["b_in"])
        self.to_narrow = network["w_out"], network["b_out"]

    def run(self, x, n_past):
        x = x + self.attend(x, n_past)
        return x + affine(gelu(affine(normed(x), self.to_wide)), self.to_narrow)

    def attend(self, x, n_past):
        q, k, v = np.split(affine(normed(x), self.to_qkv), self.ends)
        self.k[:, :, n_past] = k.reshape(self.n_heads, -1)
        self.v[:, n_past] = v.reshape(self.n_heads, -1)
        scores = q.reshape(self.n_heads, 1, -1) @ self.k[:, :, : n_past + 1]
        scores -= scores.max(axis=-1, keepdims=True)
        exps = np.exp(scores, out=scores)
        blend = exps @ self.v[:, : n_past + 1] / exps.sum(axis=-1, keepdims=True)
        return blend.ravel() @ self.w_o


def with_norm(norm, w, b=0.0):
    """Weights and bias of a layer that reads a norm, with the norm's gain and bias in them."""
    return norm["gain"][:, np.newaxis] * w, norm["bias"] @ w + b


def affine(x, layer):
    w, b = layer
    return x @ w + b


def normed(x):
    """A layer norm without gain and bias, of one row."""
    centred = x - x.sum() / len(x)
    return centred / math.sqrt(float(centred @ centred) / len(x) + EPS)


def gelu(x):
    inner = x * x
    inner *= 0.044715
    inner += 1
    inner *= x
    inner *= math.sqrt(2 / math.pi)
    return x * 0.5 * (1 + np.tanh(inner))
