"""The mini-GPT for NumPy: its weights, its letters, and the names it learned from.

    params = load_params()                         # as your gpt wants them
    tokens, targets = as_batch(held_out_names())
    logits = gpt(tokens, params, N_HEADS)

How the weights were made: train.py, beside this file.
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
N_HEADS = 4
EDGE = "."  # comes before the first letter of a name and after the last
VOCABULARY = EDGE + "abcdefghijklmnopqrstuvwxyz"
IGNORED = -1  # the target after the end of a name: it does not count
EVERY = 10  # every tenth name is held out: the model never learns from it


def load_params(file=HERE / "weights.npz"):
    """The parameters as nested dicts and lists of float32 arrays: blocks.0.attention.w_q, ..."""
    params = {}
    with np.load(file) as saved:
        for name, array in saved.items():
            *path, last = name.split(".")
            inner = params
            for part in path:
                inner = inner.setdefault(part, {})
            inner[last] = array.astype(np.float32)
    blocks = params["blocks"]  # {"0": ..., "1": ...}
    return params | {"blocks": [blocks[str(i)] for i in range(len(blocks))]}


def all_names():
    return (HERE / "names.txt").read_text(encoding="utf-8").split()


def held_out_names():
    return all_names()[EVERY - 1 :: EVERY]


def training_names():
    held_out = set(held_out_names())
    return [name for name in all_names() if name not in held_out]


def encode(text):
    """The number of each letter: ".ann" is [0, 1, 14, 14]."""
    return np.array([VOCABULARY.index(letter) for letter in text])


def decode(token_ids):
    return "".join(VOCABULARY[token_id] for token_id in token_ids)


def as_batch(names):
    """What a model reads, (n_names, n_tokens), and what it should say at each place.

    "ann" and "al": reads .ann and .al. (the last does not count), should say ann. and al. and
    nothing.
    """
    longest = max(map(len, names)) + 1
    tokens = np.stack([encode((EDGE + name).ljust(longest, EDGE)) for name in names])
    targets = np.stack([encode((name + EDGE).ljust(longest, EDGE)) for name in names])
    lengths = np.array([[len(name) + 1] for name in names])
    return tokens, np.where(np.arange(longest) < lengths, targets, IGNORED)
