"""Lesson 8 beside PyTorch: backward passes by hand and by autograd; at last the mini-GPT's."""

import numpy as np
from torch.nn.functional import cross_entropy, embedding, layer_norm, scaled_dot_product_attention

from benchmarks.compare import given
from benchmarks.compare.given import BATCH, D_V, IGNORED, N_HEADS, N_QUERIES
from benchmarks.compare.pairs import Pair
from benchmarks.compare.pairs_03_multi_head import merge_heads, split_heads
from benchmarks.compare.pairs_05_feed_forward import feed_forward
from benchmarks.harness.tensors import each, gradients, loss_and_gradients
from katas.mini_gpt import load

WEIGHTS, LAYERS = ("w_q", "w_k", "w_v", "w_o"), ("w_in", "b_in", "w_out", "b_out")


def q_k_v_and_grad_out(random):
    return *given.arguments("q k v", random), random.normal(size=(BATCH, N_QUERIES, D_V))


def with_a_mask(random):
    return *q_k_v_and_grad_out(random), given.argument("mask", random)


def with_a_blind_query(random):
    return *q_k_v_and_grad_out(random), given.argument("blind_mask", random)


def x_and_weights(random):
    return (given.tokens(random), *given.attention(random).values(), N_HEADS,
            given.tokens(random), given.argument("self_mask", random))


def x_and_layers(random):
    return given.tokens(random), *given.feed_forward(random).values(), given.tokens(random)


def x_and_block(random):
    return (given.tokens(random), given.block(random), N_HEADS, given.tokens(random),
            given.argument("self_mask", random))


def ids_and_params(random):
    return given.ids(random), given.targets(random), given.gpt_params(random), N_HEADS


def untied(random):
    return given.ids(random), given.targets(random), given.untied_params(random), N_HEADS


def without_targets(random):
    return given.ids(random), given.no_targets(random), given.gpt_params(random), N_HEADS


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
    Pair("attention_backward", "autograd of attention", q_k_v_and_grad_out, attention),
    Pair("attention_backward", "the same, a mask", with_a_mask, attention),
    Pair("attention_backward", "the same, a blind query", with_a_blind_query, attention),
    Pair("multi_head_attention_backward", "autograd", x_and_weights, multi_head_attention),
    Pair("feed_forward_backward", "autograd", x_and_layers, network),
    Pair("transformer_block_backward", "autograd", x_and_block, transformer_block),
    Pair("gpt_gradients", "autograd of a GPT", ids_and_params, gpt),
    Pair("gpt_gradients", "the same, an unembedding", untied, gpt),
    Pair("gpt_gradients", "the same, no target counts", without_targets, gpt),
    Pair("gpt_gradients", "autograd of the mini-GPT", trained, gpt),
)
