"""Random arguments for the pairs, by name: "x w_q w_k w_v" makes four arrays. All dimensions differ."""

import math

import numpy as np

BATCH, N_QUERIES, N_KEYS, D_K, D_V = 2, 4, 5, 6, 7
N_HEADS, D_MODEL, D_FF, D_MEMORY = 3, 24, 20, 10  # so that d_head is 8
N_POSITIONS, VOCAB, N_BLOCKS = 9, 13, 2
IGNORED = -1  # a target that does not count

SHAPES = {  # of normal numbers
    "scores": (BATCH, N_QUERIES, N_KEYS),
    "query": (D_K,), "queries": (N_QUERIES, D_K), "keys": (N_KEYS, D_K), "values": (N_KEYS, D_V),
    "q": (BATCH, N_QUERIES, D_K), "k": (BATCH, N_KEYS, D_K), "v": (BATCH, N_KEYS, D_V),
    "x": (BATCH, N_KEYS, D_MODEL), "x_short": (BATCH, N_QUERIES, D_MODEL),
    "memory": (BATCH, N_KEYS, D_MEMORY), "split": (BATCH, N_HEADS, N_KEYS, D_MODEL // N_HEADS),
    "token_table": (VOCAB, D_MODEL), "position_table": (N_POSITIONS, D_MODEL), "bias": (D_MODEL,),
}
MATRICES = {  # normal numbers that leave the size of what they multiply about as it is
    "w": (D_MODEL, D_MODEL), "w_q": (D_MODEL, D_K), "w_k": (D_MODEL, D_K), "w_v": (D_MODEL, D_V),
    "memory_k": (D_MEMORY, D_K), "memory_v": (D_MEMORY, D_V), "memory_w": (D_MEMORY, D_MODEL),
}
MASKS = {  # with blind_ in front of the name, the second query may attend to nothing
    "mask": (BATCH, N_QUERIES, N_KEYS), "table_mask": (N_QUERIES, N_KEYS),
    "self_masks": (BATCH, N_KEYS, N_KEYS), "self_mask": (N_KEYS, N_KEYS),
    "short_mask": (N_QUERIES, N_QUERIES),
}


def arguments(names: str, random: np.random.Generator) -> tuple:
    """What the names stand for, in order; a number stands for itself."""
    return tuple(argument(name, random) for name in names.split())


def argument(name: str, random: np.random.Generator):
    if name.isdigit():
        return int(name)
    if name in SHAPES:
        return random.normal(size=SHAPES[name])
    if name in MATRICES:
        return matrix(random, *MATRICES[name])
    if (shape := MASKS.get(name.removeprefix("blind_"))):
        return mask(random, *shape, blind=name.startswith("blind_"))
    return globals()[name](random)


def tokens(random, n_tokens=N_KEYS, width=D_MODEL):
    """A batch of sequences, or their gradients."""
    return random.normal(size=(BATCH, n_tokens, width))


def mask(random, *shape, blind=False):
    """Some True, some False. All queries may attend to the first key; a blind second one to nothing."""
    allowed = random.random(shape) < 0.6
    allowed[..., 0] = True
    if blind:
        allowed[..., 1, :] = False
    return allowed


def matrix(random, d_in, d_out):
    return random.normal(size=(d_in, d_out)) / math.sqrt(d_in)


def n_heads(random):
    return N_HEADS


def d_model(random):
    return D_MODEL


def large_scores(random):
    """So large that their exponentials overflow."""
    return 1000 + 3 * argument("scores", random)


def positions(random):
    return random.permutation(1000)[:N_KEYS]


def lengths(random):
    """One sequence is as long as the batch, 7."""
    return random.permutation([7, *random.integers(1, 7, 3)])


def ids(random, n_tokens=N_KEYS, vocab=VOCAB):
    return random.integers(0, vocab, (BATCH, n_tokens))


def target_ids(random):
    return ids(random, N_QUERIES, VOCAB - 2)


def source_mask(random):
    """The first source is shorter than the second, and padded."""
    return np.arange(N_KEYS) < np.array([[[N_KEYS - 2]], [[N_KEYS]]])


def logits(random):
    return random.normal(0, 3, (BATCH, N_KEYS, VOCAB))


def targets(random):
    """One in the middle does not count."""
    found = ids(random)
    found[1, 2] = IGNORED
    return found


def no_targets(random):
    return np.full((BATCH, N_KEYS), IGNORED)


def gain(random):
    return random.normal(1, 0.2, D_MODEL)


def alike(random):
    """Tokens whose numbers are so much alike that eps counts."""
    return 1e-3 * argument("x", random)


def norm(random):
    return {"gain": gain(random), "bias": random.normal(size=D_MODEL)}


def attention(random):
    return {name: matrix(random, D_MODEL, D_MODEL) for name in ("w_q", "w_k", "w_v", "w_o")}


def feed_forward(random):
    return {"w_in": matrix(random, D_MODEL, D_FF), "b_in": random.normal(size=D_FF),
            "w_out": matrix(random, D_FF, D_MODEL), "b_out": random.normal(size=D_MODEL)}


def block(random):
    """A block of lesson 5, and of the encoder of lesson 6."""
    return {"norm_1": norm(random), "attention": attention(random), "norm_2": norm(random),
            "feed_forward": feed_forward(random)}


def decoder_block(random):
    return {**block(random), "cross_attention": attention(random), "norm_3": norm(random)}


def gpt_params(random):
    return {"token_table": matrix(random, VOCAB, D_MODEL),
            "position_table": matrix(random, N_POSITIONS, D_MODEL),
            "blocks": [block(random) for _ in range(N_BLOCKS)], "norm_f": norm(random)}


def untied_params(random):
    """The unembedding is a matrix of its own."""
    return {**gpt_params(random), "unembedding": matrix(random, D_MODEL, VOCAB)}


def transformer_params(random):
    return {"source_table": matrix(random, VOCAB, D_MODEL),
            "target_table": matrix(random, VOCAB - 2, D_MODEL),
            "encoder": [block(random) for _ in range(N_BLOCKS)],
            "decoder": [decoder_block(random) for _ in range(N_BLOCKS)],
            "unembedding": matrix(random, D_MODEL, VOCAB - 2)}
