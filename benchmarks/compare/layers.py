"""PyTorch's layers with the weights of a lesson in them.

nn.Linear keeps its matrix as (d_out, d_in), the transpose of ours, and nn.MultiheadAttention
keeps those for queries, keys and values one above the other in a single tensor. The layers of
lessons 5 and 6 have no bias in their attention, PyTorch's have one: zeros.
"""

import torch
from torch import nn


def multihead(w_q, w_k, w_v, w_o, n_heads):
    """nn.MultiheadAttention; memory may have another width than x."""
    d_model, d_memory = w_q.shape[0], w_k.shape[0]
    layer = nn.MultiheadAttention(d_model, n_heads, bias=False, batch_first=True, kdim=d_memory,
                                  vdim=d_memory, dtype=w_q.dtype)
    state = {"q_proj_weight": w_q.mT, "k_proj_weight": w_k.mT, "v_proj_weight": w_v.mT}
    if d_memory == d_model:
        state = {"in_proj_weight": torch.cat([w_q.mT, w_k.mT, w_v.mT])}
    layer.load_state_dict({**state, "out_proj.weight": w_o.mT})
    return layer.eval()


def norm(gain, bias, eps=1e-5):
    """nn.LayerNorm over the last axis."""
    layer = nn.LayerNorm(len(gain), eps=eps, dtype=gain.dtype)
    layer.load_state_dict({"weight": gain, "bias": bias})
    return layer


def encoder_layer(block, n_heads, **options):
    """nn.TransformerEncoderLayer, of one block."""
    return _layer(nn.TransformerEncoderLayer, block, n_heads, {"self_attn": "attention"}, options)


def decoder_layer(block, n_heads):
    """nn.TransformerDecoderLayer, of one block."""
    attentions = {"self_attn": "attention", "multihead_attn": "cross_attention"}
    return _layer(nn.TransformerDecoderLayer, block, n_heads, attentions, {})


def encoder(blocks, n_heads, **options):
    """nn.TransformerEncoder, without a norm at its end."""
    layers = [encoder_layer(block, n_heads, **options) for block in blocks]
    stack = nn.TransformerEncoder(layers[0], len(layers), enable_nested_tensor=False)
    stack.layers = nn.ModuleList(layers)
    return stack.eval()


def decoder(blocks, n_heads):
    """nn.TransformerDecoder, without a norm at its end."""
    layers = [decoder_layer(block, n_heads) for block in blocks]
    stack = nn.TransformerDecoder(layers[0], len(layers))
    stack.layers = nn.ModuleList(layers)
    return stack.eval()


def hidden_future(n_tokens):
    """The causal mask as layers of torch.nn take it: True means "may not attend"."""
    return torch.ones(n_tokens, n_tokens, dtype=torch.bool).triu(1)


def _layer(kind, block, n_heads, attentions, options):
    """A layer with our dict of dicts in it, as PyTorch's flat one."""
    within = block["feed_forward"]
    state = {"linear1.weight": within["w_in"].mT, "linear1.bias": within["b_in"],
             "linear2.weight": within["w_out"].mT, "linear2.bias": within["b_out"]}
    for name in filter(lambda name: name.startswith("norm_"), block):
        theirs = name.replace("_", "")
        state |= {f"{theirs}.weight": block[name]["gain"], f"{theirs}.bias": block[name]["bias"]}
    for theirs, ours in attentions.items():
        w_q, w_k, w_v, w_o = (block[ours][name] for name in ("w_q", "w_k", "w_v", "w_o"))
        packed = torch.cat([w_q.mT, w_k.mT, w_v.mT])
        state |= {f"{theirs}.in_proj_weight": packed,
                  f"{theirs}.in_proj_bias": packed.new_zeros(len(packed)),
                  f"{theirs}.out_proj.weight": w_o.mT,
                  f"{theirs}.out_proj.bias": w_o.new_zeros(w_o.shape[1])}
    d_model, d_ff = within["w_in"].shape
    layer = kind(d_model, n_heads, d_ff, dropout=0.0, batch_first=True, dtype=packed.dtype,
                 **options)
    layer.load_state_dict(state)  # complains about any weight that is missing
    return layer.eval()
