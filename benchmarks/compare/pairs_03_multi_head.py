"""Lesson 3 beside PyTorch: multi-head attention."""

from benchmarks.compare import layers
from benchmarks.compare.pairs import Pair


def split_heads(x, n_heads):
    return x.unflatten(-1, (n_heads, -1)).movedim(-2, -3)


def merge_heads(x):
    return x.movedim(-3, -2).flatten(-2)


def multi_head_attention(x, w_q, w_k, w_v, w_o, n_heads, mask, memory=None):
    memory = x if memory is None else memory
    layer = layers.multihead(w_q, w_k, w_v, w_o, n_heads)
    return layer(x, memory, memory, attn_mask=~mask, need_weights=False)[0]


def asked_for_weights(x, w_q, w_k, w_v, w_o, n_heads, mask):
    return layers.multihead(w_q, w_k, w_v, w_o, n_heads)(x, x, x, attn_mask=~mask)[0]


def with_the_mask_as_it_is(x, w_q, w_k, w_v, w_o, n_heads, mask):
    return multi_head_attention(x, w_q, w_k, w_v, w_o, n_heads, ~mask)


def attention_maps(x, w_q, w_k, n_heads, mask):
    layer = layers.multihead(w_q, w_k, w_q, w_q, n_heads)  # values have no part in the weights
    return layer(x, x, x, attn_mask=~mask, average_attn_weights=False)[1]


OURS, NAME = "multi_head_attention", "MultiheadAttention"
PAIRS = (
    Pair("split_heads", "Tensor.unflatten, movedim", "x n_heads", split_heads),
    Pair("merge_heads", "Tensor.movedim, flatten", "split", merge_heads),
    Pair(OURS, NAME, "x w w w w n_heads self_mask", multi_head_attention),
    Pair(OURS, "the same, with a memory", "x_short w memory_w memory_w w n_heads table_mask memory",
         multi_head_attention),
    Pair(OURS, "the same, a blind query", "x w w w w n_heads blind_self_mask",
         multi_head_attention),
    Pair("attention_maps", NAME, "x w w n_heads self_mask", attention_maps),
    Pair(OURS, f"{NAME}, mask as it is", "x w w w w n_heads self_mask", with_the_mask_as_it_is,
         why="In our masks True means \"may attend\", as in scaled_dot_product_attention. In "
             "nn.MultiheadAttention and the layers of nn.Transformer it means \"may not\": they "
             "take ~mask."),
    Pair(OURS, f"{NAME}, blind query", "x w w w w n_heads blind_self_mask", asked_for_weights,
         why="Asked for its weights too, as it is unless need_weights=False, nn.MultiheadAttention "
             "takes a softmax over nothing but -inf: NaN. With need_weights=False it agrees with "
             "ours, see above."),
)
