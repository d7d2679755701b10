"""Lesson 3 beside PyTorch: multi-head attention."""

from benchmarks.compare.layers import multihead
from benchmarks.compare.pairs import Pair


def split_heads(x, n_heads):
    return x.unflatten(-1, (n_heads, -1)).movedim(-2, -3)


def merge_heads(x):
    return x.movedim(-3, -2).flatten(-2)


def attention(x, w_q, w_k, w_v, w_o, n_heads, mask, memory=None, weights=False):
    memory = x if memory is None else memory
    layer = multihead(w_q, w_k, w_v, w_o, n_heads)
    return layer(x, memory, memory, attn_mask=~mask, need_weights=weights)[0]


def maps(x, w_q, w_k, n_heads, mask):
    layer = multihead(w_q, w_k, w_q, w_q, n_heads)  # values have no part in the weights
    return layer(x, x, x, attn_mask=~mask, average_attn_weights=False)[1]


OURS, NAME, X = "multi_head_attention", "MultiheadAttention", "x w w w w n_heads"
PAIRS = (
    Pair("split_heads", "Tensor.unflatten, movedim", "x n_heads", split_heads),
    Pair("merge_heads", "Tensor.movedim, flatten", "split", merge_heads),
    Pair(OURS, NAME, f"{X} self_mask", attention),
    Pair(OURS, "the same, with a memory",
         "x_short w memory_w memory_w w n_heads table_mask memory", attention),
    Pair(OURS, "the same, a blind query", f"{X} blind_self_mask", attention),
    Pair("attention_maps", NAME, "x w w n_heads self_mask", maps),
    Pair(OURS, f"{NAME}, mask as it is", f"{X} self_mask",
         lambda *arguments: attention(*arguments[:-1], ~arguments[-1]),
         why="In our masks True means \"may attend\", as in scaled_dot_product_attention. In "
             "nn.MultiheadAttention and the layers of nn.Transformer it means \"may not\": they "
             "take ~mask."),
    Pair(OURS, f"{NAME}, blind query", f"{X} blind_self_mask",
         lambda *arguments: attention(*arguments, weights=True),
         why="Asked for its weights too, as it is unless need_weights=False, nn.MultiheadAttention "
             "takes a softmax over nothing but -inf: NaN. With need_weights=False it agrees with "
             "ours, see above."),
)
