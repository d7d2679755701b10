"""Random arguments for the pairs, in the shapes of the lessons. All dimensions differ."""

import math

BATCH, N_QUERIES, N_KEYS, D_K, D_V = 2, 4, 5, 6, 7
N_HEADS, D_MODEL, D_FF, D_MEMORY = 3, 24, 20, 10  # so that d_head is 8
N_POSITIONS, VOCAB, N_BLOCKS = 9, 13, 2


def matrix(random, d_in, d_out):
    """Weights that leave the size of numbers about as it is."""
    return random.normal(size=(d_in, d_out)) / math.sqrt(d_in)


def mask(random, *shape):
    """Some True, some False; every query may attend to the first key at least."""
    allowed = random.random(shape) < 0.6
    allowed[..., 0] = True
    return allowed


def mask_with_a_blind_query(random, *shape):
    """The same, except that the second query may attend to nothing."""
    allowed = mask(random, *shape)
    allowed[..., 1, :] = False
    return allowed


def queries_keys_values(random, *batch):
    """q, k and v."""
    shapes = (N_QUERIES, D_K), (N_KEYS, D_K), (N_KEYS, D_V)
    return tuple(random.normal(size=(*batch, *shape)) for shape in shapes)


def tokens(random, n_tokens=N_KEYS, width=D_MODEL):
    """A batch of sequences: x."""
    return random.normal(size=(BATCH, n_tokens, width))


def projections(random, d_memory=D_MODEL):
    """w_q, w_k, w_v and w_o, all to the width of the model."""
    return tuple(matrix(random, width, D_MODEL) for width in (D_MODEL, d_memory, d_memory, D_MODEL))


def norm(random):
    return {"gain": random.normal(1, 0.2, D_MODEL), "bias": random.normal(size=D_MODEL)}


def attention(random):
    return dict(zip(("w_q", "w_k", "w_v", "w_o"), projections(random)))


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
    return {"token_table": matrix(random, VOCAB, D_MODEL), "position_table": matrix(random, N_POSITIONS, D_MODEL),
            "blocks": [block(random) for _ in range(N_BLOCKS)], "norm_f": norm(random)}


def transformer_params(random):
    return {"source_table": matrix(random, VOCAB, D_MODEL), "target_table": matrix(random, VOCAB - 2, D_MODEL),
            "encoder": [block(random) for _ in range(N_BLOCKS)],
            "decoder": [decoder_block(random) for _ in range(N_BLOCKS)],
            "unembedding": matrix(random, D_MODEL, VOCAB - 2)}


def ids(random, n_tokens, vocab=VOCAB):
    return random.integers(0, vocab, (BATCH, n_tokens))
