"""Lesson 3 beside PyTorch: multi-head attention."""

from benchmarks.compare import given, layers
from benchmarks.compare.given import BATCH, D_MEMORY, D_MODEL, N_HEADS, N_KEYS, N_QUERIES
from benchmarks.compare.pairs import Pair


def x_and_heads(random):
    return given.tokens(random), N_HEADS


def heads(random):
    return (random.normal(size=(BATCH, N_HEADS, N_KEYS, D_MODEL // N_HEADS)),)


def x_weights_and_mask(random):
    return given.tokens(random), *given.projections(random), N_HEADS, given.mask(random, N_KEYS, N_KEYS)


def x_weights_and_blind_mask(random):
    mask = given.mask_with_a_blind_query(random, N_KEYS, N_KEYS)
    return given.tokens(random), *given.projections(random), N_HEADS, mask


def x_weights_mask_and_memory(random):
    weights, mask = given.projections(random, D_MEMORY), given.mask(random, N_QUERIES, N_KEYS)
    return given.tokens(random, N_QUERIES), *weights, N_HEADS, mask, given.tokens(random, N_KEYS, D_MEMORY)


def x_two_weights_and_mask(random):
    x, w_q, w_k, _, _, n_heads, mask = x_weights_and_mask(random)
    return x, w_q, w_k, n_heads, mask


def split_heads(x, n_heads):
    return x.unflatten(-1, (n_heads, -1)).movedim(-2, -3)


def merge_heads(x):
    return x.movedim(-3, -2).flatten(-2)


def multi_head_attention(x, w_q, w_k, w_v, w_o, n_heads, mask, memory=None):
    memory = x if memory is None else memory
    return layers.multihead(w_q, w_k, w_v, w_o, n_heads)(x, memory, memory, attn_mask=~mask, need_weights=False)[0]


def asked_for_weights(x, w_q, w_k, w_v, w_o, n_heads, mask):
    return layers.multihead(w_q, w_k, w_v, w_o, n_heads)(x, x, x, attn_mask=~mask)[0]


def with_the_mask_as_it_is(x, w_q, w_k, w_v, w_o, n_heads, mask):
    return multi_head_attention(x, w_q, w_k, w_v, w_o, n_heads, ~mask)


def attention_maps(x, w_q, w_k, n_heads, mask):
    layer = layers.multihead(w_q, w_k, w_q, w_q, n_heads)  # values have no part in the weights
    return layer(x, x, x, attn_mask=~mask, average_attn_weights=False)[1]


PAIRS = (
    Pair("split_heads", "Tensor.unflatten, movedim", x_and_heads, split_heads),
    Pair("merge_heads", "Tensor.movedim, flatten", heads, merge_heads),
    Pair("multi_head_attention", "MultiheadAttention", x_weights_and_mask, multi_head_attention),
    Pair("multi_head_attention", "the same, with a memory", x_weights_mask_and_memory, multi_head_attention),
    Pair("multi_head_attention", "the same, a blind query", x_weights_and_blind_mask, multi_head_attention),
    Pair("attention_maps", "MultiheadAttention", x_two_weights_and_mask, attention_maps),
    Pair("multi_head_attention", "MultiheadAttention, mask as it is", x_weights_and_mask, with_the_mask_as_it_is,
         why="In our masks True means \"may attend\", as in scaled_dot_product_attention. In nn.MultiheadAttention "
             "and the layers of nn.Transformer it means \"may not\": they take ~mask."),
    Pair("multi_head_attention", "MultiheadAttention, blind query", x_weights_and_blind_mask, asked_for_weights,
         why="Asked for its weights too, as it is unless need_weights=False, nn.MultiheadAttention takes a softmax over "
             "nothing but -inf: NaN. With need_weights=False it agrees with ours, see above."),
)
