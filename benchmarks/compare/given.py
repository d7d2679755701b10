"""Random arguments for the pairs, by name: "x w_q w_k w_v" makes four arrays.

A name stands for an array, or for a dict or list of further names; a number stands for itself.
All dimensions differ.
"""

import math

import numpy as np

BATCH, N_QUERIES, N_KEYS, D_K, D_V = 2, 4, 5, 6, 7
N_HEADS, D_MODEL, D_FF, D_MEMORY = 3, 24, 20, 10  # so that d_head is 8
N_POSITIONS, VOCAB, FEW = 9, 13, 3
IGNORED = -1  # a target that does not count

NORMAL = {  # arrays of normal numbers
    "scores": (BATCH, N_QUERIES, N_KEYS), "logits": (BATCH, N_KEYS, VOCAB),
    "query": (D_K,), "queries": (N_QUERIES, D_K), "keys": (N_KEYS, D_K), "values": (N_KEYS, D_V),
    "q": (BATCH, N_QUERIES, D_K), "k": (BATCH, N_KEYS, D_K), "v": (BATCH, N_KEYS, D_V),
    "blend": (BATCH, N_QUERIES, D_V),
    "x": (BATCH, N_KEYS, D_MODEL), "x_short": (BATCH, N_QUERIES, D_MODEL),
    "memory": (BATCH, N_KEYS, D_MEMORY), "split": (BATCH, N_HEADS, N_KEYS, D_MODEL // N_HEADS),
    "bias": (D_MODEL,), "b_in": (D_FF,), "b_out": (D_MODEL,), "table": (3, D_K),
}
MATRICES = {  # normal numbers that leave the size of what they multiply about as it is
    "w": (D_MODEL, D_MODEL), "w_q": (D_MODEL, D_K), "w_k": (D_MODEL, D_K), "w_v": (D_MODEL, D_V),
    "memory_k": (D_MEMORY, D_K), "memory_v": (D_MEMORY, D_V), "memory_w": (D_MEMORY, D_MODEL),
    "w_in": (D_MODEL, D_FF), "w_out": (D_FF, D_MODEL), "unembedding": (D_MODEL, VOCAB),
    "token_table": (VOCAB, D_MODEL), "position_table": (N_POSITIONS, D_MODEL),
    "target_table": (VOCAB - 2, D_MODEL), "to_targets": (D_MODEL, VOCAB - 2),
}
MASKS = {  # with blind_ in front of the name, the second query may attend to nothing
    "mask": (BATCH, N_QUERIES, N_KEYS), "table_mask": (N_QUERIES, N_KEYS),
    "self_masks": (BATCH, N_KEYS, N_KEYS), "self_mask": (N_KEYS, N_KEYS),
    "short_mask": (N_QUERIES, N_QUERIES),
}
IDS = {"ids": (N_KEYS, VOCAB), "few_ids": (N_KEYS, FEW), "target_ids": (N_QUERIES, VOCAB - 2)}

NORM = {"gain": "gain", "bias": "bias"}
ATTENTION = dict.fromkeys(("w_q", "w_k", "w_v", "w_o"), "w")
FEED_FORWARD = {name: name for name in ("w_in", "b_in", "w_out", "b_out")}
BLOCK = {"norm_1": NORM, "attention": ATTENTION, "norm_2": NORM, "feed_forward": FEED_FORWARD}
DECODER_BLOCK = {**BLOCK, "cross_attention": ATTENTION, "norm_3": NORM}
GPT = {"token_table": "token_table", "position_table": "position_table", "blocks": [BLOCK, BLOCK],
       "norm_f": NORM}
NESTED = {
    "norm": NORM, "block": BLOCK, "decoder_block": DECODER_BLOCK, "gpt_params": GPT,
    "untied_params": {**GPT, "unembedding": "unembedding"},
    "transformer_params": {
        "source_table": "token_table", "target_table": "target_table", "encoder": [BLOCK, BLOCK],
        "decoder": [DECODER_BLOCK, DECODER_BLOCK], "unembedding": "to_targets"},
}
OTHERS = {
    "n_heads": lambda random: N_HEADS, "d_model": lambda random: D_MODEL,
    "vocab": lambda random: VOCAB, "gain": lambda random: random.normal(1, 0.2, D_MODEL),
    # so large that their exponentials overflow; so much alike that eps counts
    "large_scores": lambda random: 1000 + 3 * argument("scores", random),
    "alike": lambda random: 1e-3 * argument("x", random),
    "positions": lambda random: random.permutation(1000)[:N_KEYS],
    "lengths": lambda random: random.permutation([7, *random.integers(1, 7, 3)]),
    # the first source is shorter than the second, and padded
    "source_mask": lambda random: np.arange(N_KEYS) < np.array([[[N_KEYS - 2]], [[N_KEYS]]]),
    # every second one counts; none does
    "targets": lambda random: np.where(np.arange(N_KEYS) % 2, argument("ids", random), IGNORED),
    "no_targets": lambda random: np.full((BATCH, N_KEYS), IGNORED),
}


def arguments(names: str, random: np.random.Generator) -> tuple:
    """What the names stand for, in order."""
    return tuple(argument(name, random) for name in names.split())


def argument(name, random: np.random.Generator):
    """What a name stands for, or a dict or list of names."""
    if isinstance(name, dict):
        return {key: argument(inner, random) for key, inner in name.items()}
    if isinstance(name, list):
        return [argument(inner, random) for inner in name]
    if name.isdigit():
        return int(name)
    if name in NESTED:
        return argument(NESTED[name], random)
    if name in NORMAL:
        return random.normal(size=NORMAL[name])
    if name in MATRICES:
        return random.normal(size=MATRICES[name]) / math.sqrt(MATRICES[name][0])
    if name in IDS:
        n_tokens, vocab = IDS[name]
        return random.integers(0, vocab, (BATCH, n_tokens))
    if name in OTHERS:
        return OTHERS[name](random)
    allowed = random.random(MASKS[name.removeprefix("blind_")]) < 0.6
    allowed[..., 0] = True  # every query may attend to the first key at least
    if name.startswith("blind_"):
        allowed[..., 1, :] = False
    return allowed
