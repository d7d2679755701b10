"""Lesson 8 beside PyTorch: backward passes by hand and by autograd; at last the mini-GPT's."""

import numpy as np
from torch.nn.functional import cross_entropy, embedding, layer_norm, scaled_dot_product_attention

from benchmarks.compare.given import IGNORED
from benchmarks.compare.pairs import Pair
from benchmarks.compare.pairs_03_multi_head import merge_heads, split_heads
from benchmarks.compare.pairs_05_feed_forward import feed_forward
from benchmarks.harness.tensors import each, gradients, loss_and_gradients
from katas.mini_gpt import load

WEIGHTS, LAYERS = ("w_q", "w_k", "w_v", "w_o"), ("w_in", "b_in", "w_out", "b_out")


def trained(random):
    """The mini-GPT, on a hundred names."""
    names = random.choice(load.held_out_names(), 100)
    params = each(lambda array: array.astype(np.float64), load.load_params())
    return *load.as_batch(list(names)), params, load.N_HEADS


def attention(q, k, v, grad_out, mask=None):
    def forward(q, k, v):
        return scaled_dot_product_attention(q, k, v, attn_mask=mask)

    return gradients(forward, (q, k, v), grad_out)


def attend(x, w_q, w_k, w_v, w_o, n_heads, mask):
    q, k, v = (split_heads(x @ w, n_heads) for w in (w_q, w_k, w_v))
    mask = mask.unsqueeze(-3)  # for the heads
    return merge_heads(scaled_dot_product_attention(q, k, v, attn_mask=mask)) @ w_o


def multi_head_attention(x, w_q, w_k, w_v, w_o, n_heads, grad_out, mask):
    def forward(x, weights):
        return attend(x, **weights, n_heads=n_heads, mask=mask)

    return gradients(forward, (x, dict(zip(WEIGHTS, (w_q, w_k, w_v, w_o)))), grad_out)


def network(x, w_in, b_in, w_out, b_out, grad_out):
    def forward(x, layers):
        return feed_forward(x, **layers)

    return gradients(forward, (x, dict(zip(LAYERS, (w_in, b_in, w_out, b_out)))), grad_out)


def run_block(x, block, n_heads, mask):
    x = x + attend(norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(norm(x, **block["norm_2"]), **block["feed_forward"])


def norm(x, gain, bias):
    return layer_norm(x, [x.shape[-1]], gain, bias)


def transformer_block(x, block, n_heads, grad_out, mask):
    def forward(x, block):
        return run_block(x, block, n_heads, mask)

    return gradients(forward, (x, block), grad_out)


def gpt(token_ids, targets, params, n_heads):
    def forward(params):
        n_tokens = token_ids.shape[-1]
        x = embedding(token_ids, params["token_table"]) + params["position_table"][:n_tokens]
        past = x.new_ones(n_tokens, n_tokens).bool().tril()
        for block in params["blocks"]:
            x = run_block(x, block, n_heads, past)
        unembedding = params.get("unembedding", params["token_table"].mT)
        logits = norm(x, **params["norm_f"]) @ unembedding
        return cross_entropy(logits.flatten(0, -2), targets.flatten(), ignore_index=IGNORED)

    loss, (grads,) = loss_and_gradients(forward, (params,))
    return loss, grads


PAIRS = (
    Pair("attention_backward", "autograd of attention", "q k v blend", attention),
    Pair("attention_backward", "the same, a mask", "q k v blend mask", attention),
    Pair("attention_backward", "the same, a blind query", "q k v blend blind_mask", attention),
    Pair("multi_head_attention_backward", "autograd", "x w w w w n_heads x self_mask",
         multi_head_attention),
    Pair("feed_forward_backward", "autograd", "x w_in b_in w_out b_out x", network),
    Pair("transformer_block_backward", "autograd", "x block n_heads x self_mask",
         transformer_block),
    Pair("gpt_gradients", "autograd of a GPT", "ids targets gpt_params n_heads", gpt),
    Pair("gpt_gradients", "the same, an unembedding", "ids targets untied_params n_heads", gpt),
    Pair("gpt_gradients", "the same, no target counts", "ids no_targets gpt_params n_heads", gpt),
    Pair("gpt_gradients", "autograd of the mini-GPT", trained, gpt),
)
