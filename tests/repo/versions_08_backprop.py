"""Versions of the functions of lesson 8 that are right in many styles."""

import math

import numpy as np
from kata_01_attention import attention, attention_weights
from kata_02_self_attention import causal_mask
from kata_03_multi_head import merge_heads, multi_head_attention, split_heads
from kata_04_positional import embed
from kata_05_feed_forward import gelu, layer_norm, transformer_block
from kata_06_transformer import cross_entropy
from kata_07_gradients import (
    cross_entropy_backward,
    embedding_backward,
    gelu_backward,
    layer_norm_backward,
    linear_backward,
)
from kata_08_backprop import (
    attention_backward,
    feed_forward_backward,
    multi_head_attention_backward,
    transformer_block_backward,
)

from tests.repo.versions import right

# attention_backward -------------------------------------------------------------


@right("attention_backward")
def with_a_softmax_of_its_own(q, k, v, grad_out, mask=None):
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])
    grad_weights = grad_out @ v.swapaxes(-1, -2)
    grad_v = np.swapaxes(attention_weights(q, k, mask), -1, -2) @ grad_out
    if mask is not None:  # equal shares for a query that sees nothing, and a gradient of zeros
        scores = np.where(mask, scores, np.finfo(scores.dtype).min)
        grad_weights = np.where(mask, grad_weights, 0)
    p = np.exp(scores - scores.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    grad_scores = p * (grad_weights - (p * grad_weights).sum(axis=-1, keepdims=True))
    grad_scores = grad_scores / math.sqrt(q.shape[-1])
    return grad_scores @ k, np.swapaxes(grad_scores, -1, -2) @ q, grad_v


@right("attention_backward")
def with_einsum(q, k, v, grad_out, mask=None):
    p = attention_weights(q, k, mask)
    dp = np.einsum("...qc,...kc->...qk", grad_out, v)
    ds = p * dp - p * np.einsum("...qk,...qk->...q", p, dp)[..., None]
    ds = ds * (1 / math.sqrt(q.shape[-1]))
    return (np.einsum("...qk,...kc->...qc", ds, k), np.einsum("...qk,...qc->...kc", ds, q),
            np.einsum("...qk,...qc->...kc", p, grad_out))


@right("attention_backward")
def with_the_output_as_in_flash_attention(q, k, v, grad_out, mask=None):
    weights = attention_weights(q, k, mask)
    delta = (grad_out * (weights @ v)).sum(axis=-1, keepdims=True)
    grad_scores = weights * (grad_out @ np.swapaxes(v, -1, -2) - delta) / q.shape[-1] ** 0.5
    return grad_scores @ k, grad_scores.swapaxes(-2, -1) @ q, weights.swapaxes(-2, -1) @ grad_out


@right("attention_backward")
def with_the_scale_at_the_end(q, k, v, grad_out, mask=None):
    weights = attention_weights(q, k, mask)
    upstream = np.matmul(grad_out, v.swapaxes(-1, -2))
    inner = weights * upstream
    grad_scores = inner - weights * inner.sum(axis=-1, keepdims=True)
    scale = math.sqrt(q.shape[-1])
    grad_q = grad_scores @ k / scale
    grad_k = grad_scores.swapaxes(-1, -2) @ q / scale
    return grad_q, grad_k, weights.swapaxes(-1, -2) @ grad_out


@right("attention_backward")
def one_sample_and_query_at_a_time(q, k, v, grad_out, mask=None):
    dtype = np.result_type(q, k, v, grad_out)
    dtype = dtype if dtype.kind == "f" else np.dtype(float)
    grads = [np.zeros(array.shape, dtype) for array in (q, k, v)]
    weights = attention_weights(q, k, mask)
    for at in np.ndindex(q.shape[:-1]):
        *sample, _ = at
        sample, p = tuple(sample), weights[at]
        jacobian = np.diag(p) - np.outer(p, p)
        grad_scores = jacobian @ (v[sample] @ grad_out[at]) / math.sqrt(q.shape[-1])
        grads[0][at] = grad_scores @ k[sample]
        grads[1][sample] += np.outer(grad_scores, q[at])
        grads[2][sample] += np.outer(p, grad_out[at])
    return tuple(grads)


@right("attention_backward")
def with_linear_backward_for_each_sample(q, k, v, grad_out, mask=None):
    def back(q, k, v, weights, grad_out):
        if q.ndim > 2:
            return tuple(map(np.stack, zip(*map(back, q, k, v, weights, grad_out))))
        grad_weights, grad_v = linear_backward(weights, v, grad_out)
        mean = np.sum(grad_weights * weights, axis=-1, keepdims=True)
        grad_q, grad_keys = linear_backward(q, k.T, weights * (grad_weights - mean) / root)
        return grad_q, grad_keys.T, grad_v

    root = math.sqrt(q.shape[-1])
    return back(q, k, v, attention_weights(q, k, mask), grad_out)


# multi_head_attention_backward --------------------------------------------------


@right("multi_head_attention_backward")
def with_a_loop_over_the_projections(x, w_q, w_k, w_v, w_o, n_heads, grad_out, mask=None):
    weights = {"w_q": w_q, "w_k": w_k, "w_v": w_v}
    heads = [split_heads(x @ w, n_heads) for w in weights.values()]
    if mask is not None:
        mask = np.atleast_2d(mask)[..., None, :, :]
    grad_merged, grad_w_o = linear_backward(merge_heads(attention(*heads, mask)), w_o, grad_out)
    grads, grad_x = {"w_o": grad_w_o}, 0
    in_heads = attention_backward(*heads, split_heads(grad_merged, n_heads), mask)
    for name, grad in zip(weights, in_heads):
        back, grads[name] = linear_backward(x, weights[name], merge_heads(grad))
        grad_x = grad_x + back
    return grad_x, {name: grads[name] for name in ("w_q", "w_k", "w_v", "w_o")}


@right("multi_head_attention_backward")
def with_one_wide_projection(x, w_q, w_k, w_v, w_o, n_heads, grad_out, mask=None):
    w = np.concatenate([w_q, w_k, w_v], axis=-1)
    cuts = [w_q.shape[-1], w_q.shape[-1] + w_k.shape[-1]]
    q, k, v = (split_heads(part, n_heads) for part in np.split(x @ w, cuts, axis=-1))
    mask = None if mask is None else np.expand_dims(np.atleast_2d(mask), -3)
    blend = merge_heads(attention(q, k, v, mask))
    back, of_w_o = linear_backward(blend, w_o, grad_out)
    sides = [merge_heads(g) for g in attention_backward(q, k, v, split_heads(back, n_heads), mask)]
    grad_x, grad_w = linear_backward(x, w, np.concatenate(sides, axis=-1))
    of_w_q, of_w_k, of_w_v = np.split(grad_w, cuts, axis=-1)
    return grad_x, dict(w_q=of_w_q, w_k=of_w_k, w_v=of_w_v, w_o=of_w_o)


@right("multi_head_attention_backward")
def one_head_at_a_time(x, w_q, w_k, w_v, w_o, n_heads, grad_out, mask=None):
    def columns(w):
        return np.split(w, n_heads, axis=1)

    grad_x, sides = 0, {"w_q": [], "w_k": [], "w_v": [], "w_o": []}
    for a, b, c, d in zip(columns(w_q), columns(w_k), columns(w_v), np.split(w_o, n_heads)):
        q, k, v = x @ a, x @ b, x @ c
        grad_head, of_w_o = linear_backward(attention(q, k, v, mask), d, grad_out)
        grad_q, grad_k, grad_v = attention_backward(q, k, v, grad_head, mask)
        sides["w_o"].append(of_w_o)
        for name, w, grad in (("w_q", a, grad_q), ("w_k", b, grad_k), ("w_v", c, grad_v)):
            back, of_w = linear_backward(x, w, grad)
            grad_x = grad_x + back
            sides[name].append(of_w)
    return grad_x, {name: np.concatenate(parts, axis=0 if name == "w_o" else 1)
                    for name, parts in sides.items()}


@right("multi_head_attention_backward")
def with_reshapes_and_flat_rows(x, w_q, w_k, w_v, w_o, n_heads, grad_out, mask=None):
    *batch, n, _ = x.shape

    def heads(y):
        return y.reshape(*batch, n, n_heads, -1).swapaxes(-3, -2)

    def rows(y):
        return y.reshape(-1, y.shape[-1])

    q, k, v = heads(x @ w_q), heads(x @ w_k), heads(x @ w_v)
    if mask is not None:
        mask = np.broadcast_to(mask, (*batch, n, n))[..., None, :, :]
    merged = attention(q, k, v, mask).swapaxes(-3, -2).reshape(*batch, n, -1)
    grads = {"w_o": rows(merged).T @ rows(grad_out)}
    up = attention_backward(q, k, v, heads(grad_out @ w_o.T), mask)
    dq, dk, dv = (g.swapaxes(-3, -2).reshape(*batch, n, -1) for g in up)
    grads |= {"w_q": rows(x).T @ rows(dq), "w_k": rows(x).T @ rows(dk), "w_v": rows(x).T @ rows(dv)}
    return dq @ w_q.T + dk @ w_k.T + dv @ w_v.T, grads


# feed_forward_backward ----------------------------------------------------------


@right("feed_forward_backward")
def with_flat_rows(x, w_in, b_in, w_out, b_out, grad_out):
    x_rows, out_rows = x.reshape(-1, x.shape[-1]), grad_out.reshape(-1, grad_out.shape[-1])
    sums = x_rows @ w_in + b_in
    grad_sums = gelu_backward(sums, out_rows @ w_out.T)
    grads = {"w_in": x_rows.T @ grad_sums, "b_in": grad_sums.sum(0),
             "w_out": gelu(sums).T @ out_rows, "b_out": out_rows.sum(0)}
    return (grad_sums @ w_in.T).reshape(x.shape), grads


@right("feed_forward_backward")
def with_biases_as_a_column_of_ones(x, w_in, b_in, w_out, b_out, grad_out):
    def with_one(y):
        return np.concatenate([y, np.ones_like(y[..., :1])], axis=-1)

    wide = x @ w_in + b_in
    back, of_out = linear_backward(with_one(gelu(wide)), np.vstack([w_out, b_out]), grad_out)
    grad_wide = gelu_backward(wide, back[..., :-1])
    back, of_in = linear_backward(with_one(x), np.vstack([w_in, b_in]), grad_wide)
    return back[..., :-1], {"w_in": of_in[:-1], "b_in": of_in[-1],
                            "w_out": of_out[:-1], "b_out": of_out[-1]}


@right("feed_forward_backward")
def token_by_token(x, w_in, b_in, w_out, b_out, grad_out):
    grad_x = np.empty(x.shape, np.result_type(x, w_in))
    grads = {name: np.zeros_like(w) for name, w in
             dict(w_in=w_in, b_in=b_in, w_out=w_out, b_out=b_out).items()}
    for at in np.ndindex(x.shape[:-1]):
        wide = x[at] @ w_in + b_in
        back = gelu_backward(wide, w_out @ grad_out[at])
        grad_x[at] = w_in @ back
        for name, part in (("w_in", np.outer(x[at], back)), ("b_in", back),
                           ("w_out", np.outer(gelu(wide), grad_out[at])), ("b_out", grad_out[at])):
            grads[name] += part
    return grad_x, grads


@right("feed_forward_backward")
def with_tensordot_over_all_axes(x, w_in, b_in, w_out, b_out, grad_out):
    wide = np.einsum("...i,ij->...j", x, w_in) + b_in
    grad_wide = gelu_backward(wide, np.einsum("...o,jo->...j", grad_out, w_out))
    every = tuple(range(grad_wide.ndim))[:-1]
    return np.einsum("...j,ij->...i", grad_wide, w_in), dict(
        w_out=np.tensordot(gelu(wide), grad_out, (every, every)), b_out=grad_out.sum(axis=every),
        w_in=np.tensordot(x, grad_wide, (every, every)), b_in=np.sum(grad_wide, axis=every))


# transformer_block_backward -----------------------------------------------------


@right("transformer_block_backward")
def sublayer_by_sublayer(x, block, n_heads, grad_out, mask=None):
    n1, n2 = block["norm_1"], block["norm_2"]
    a, f = block["attention"], block["feed_forward"]
    y = layer_norm(x, n1["gain"], n1["bias"])
    h = x + multi_head_attention(y, a["w_q"], a["w_k"], a["w_v"], a["w_o"], n_heads, mask)
    z = layer_norm(h, n2["gain"], n2["bias"])

    dz, df = feed_forward_backward(z, f["w_in"], f["b_in"], f["w_out"], f["b_out"], grad_out)
    dh, dg2, db2 = layer_norm_backward(h, n2["gain"], n2["bias"], dz)
    dh = dh + grad_out
    dy, da = multi_head_attention_backward(
        y, a["w_q"], a["w_k"], a["w_v"], a["w_o"], n_heads, dh, mask)
    dx, dg1, db1 = layer_norm_backward(x, n1["gain"], n1["bias"], dy)
    return dx + dh, dict(norm_1=dict(gain=dg1, bias=db1), attention=da,
                         norm_2=dict(gain=dg2, bias=db2), feed_forward=df)


@right("transformer_block_backward")
def with_a_function_for_each_half(x, block, n_heads, grad_out, mask=None):
    grads = {}

    def back(x, norm, half, step, grad):
        through, grads[half] = step(layer_norm(x, **block[norm]), grad)
        through, gain, bias = layer_norm_backward(x, **block[norm], grad_out=through)
        grads[norm] = {"gain": gain, "bias": bias}
        return grad + through

    def attend(normed, grad):
        return multi_head_attention_backward(
            normed, **block["attention"], n_heads=n_heads, grad_out=grad, mask=mask)

    def think(normed, grad):
        return feed_forward_backward(normed, **block["feed_forward"], grad_out=grad)

    normed = layer_norm(x, **block["norm_1"])
    middle = x + multi_head_attention(normed, **block["attention"], n_heads=n_heads, mask=mask)
    grad = back(middle, "norm_2", "feed_forward", think, grad_out)
    grad = back(x, "norm_1", "attention", attend, grad)
    return grad, {name: grads[name] for name in block}


@right("transformer_block_backward")
def with_a_copy_that_grows(x, block, n_heads, grad_out, mask=None):
    seen = layer_norm(x, **block["norm_1"])
    stream = x + multi_head_attention(seen, **block["attention"], mask=mask, n_heads=n_heads)
    grad = grad_out.copy()
    back, ff = feed_forward_backward(
        layer_norm(stream, **block["norm_2"]), **block["feed_forward"], grad_out=grad)
    back, *norm_2 = layer_norm_backward(stream, grad_out=back, **block["norm_2"])
    grad += back
    back, att = multi_head_attention_backward(
        seen, **block["attention"], n_heads=n_heads, grad_out=grad, mask=mask)
    back, *norm_1 = layer_norm_backward(x, grad_out=back, **block["norm_1"])
    grad += back
    return grad, {"feed_forward": ff, "norm_2": dict(zip(("gain", "bias"), norm_2)),
                  "attention": att, "norm_1": dict(zip(("gain", "bias"), norm_1))}


# gpt_gradients ------------------------------------------------------------------


@right("gpt_gradients")
def with_a_stack_of_inputs(token_ids, targets, params, n_heads, ignore_index=-1):
    mask = causal_mask(token_ids.shape[-1])
    xs = [embed(token_ids, params["token_table"], params["position_table"])]
    for block in params["blocks"]:
        xs.append(transformer_block(xs[-1], block, n_heads, mask))
    normed = layer_norm(xs[-1], **params["norm_f"])
    untied = "unembedding" in params
    out = params["unembedding"] if untied else params["token_table"].T
    logits = normed @ out
    grad = cross_entropy_backward(logits, targets, ignore_index)
    grad, of_out = linear_backward(normed, out, grad)
    grad, gain, bias = layer_norm_backward(xs.pop(), **params["norm_f"], grad_out=grad)
    blocks = [None] * len(params["blocks"])
    for i, block in reversed(list(enumerate(params["blocks"]))):
        grad, blocks[i] = transformer_block_backward(xs[i], block, n_heads, grad, mask)
    tokens = embedding_backward(token_ids, len(params["token_table"]), grad)
    places = np.zeros_like(params["position_table"])
    places[: token_ids.shape[-1]] = grad.sum(axis=tuple(range(grad.ndim - 2)))
    grads = dict(token_table=tokens if untied else tokens + of_out.T, position_table=places,
                 blocks=blocks, norm_f=dict(gain=gain, bias=bias))
    grads |= dict(unembedding=of_out) if untied else {}
    return cross_entropy(logits, targets, ignore_index), grads


@right("gpt_gradients")
def by_recursion(token_ids, targets, params, n_heads, ignore_index=-1):
    mask, vocab = causal_mask(token_ids.shape[-1]), len(params["token_table"])
    unembedding, ends = params.get("unembedding", np.transpose(params["token_table"])), {}

    def end(x):
        normed = layer_norm(x, **params["norm_f"])
        logits = normed @ unembedding
        ends["loss"] = cross_entropy(logits, targets, ignore_index)
        grad = cross_entropy_backward(logits, targets, ignore_index)
        grad, ends["out"] = linear_backward(normed, unembedding, grad)
        grad, ends["gain"], ends["bias"] = layer_norm_backward(x, **params["norm_f"], grad_out=grad)
        return grad

    def run(x, blocks):
        if not blocks:
            return end(x), []
        grad, later = run(transformer_block(x, blocks[0], n_heads, mask), blocks[1:])
        grad, first = transformer_block_backward(x, blocks[0], n_heads, grad, mask)
        return grad, [first, *later]

    x = embed(token_ids, params["token_table"], params["position_table"])
    grad, blocks = run(x, params["blocks"])
    one_hot = (token_ids[..., None] == np.arange(vocab)).astype(grad.dtype)
    tokens = one_hot.reshape(-1, vocab).T @ grad.reshape(-1, grad.shape[-1])
    places = np.zeros(params["position_table"].shape, grad.dtype)
    np.add.at(places, np.broadcast_to(np.arange(token_ids.shape[-1]), token_ids.shape), grad)
    grads = {"token_table": tokens, "position_table": places, "blocks": blocks,
             "norm_f": {"gain": ends["gain"], "bias": ends["bias"]}}
    if "unembedding" in params:
        grads["unembedding"] = ends["out"]
    else:
        grads["token_table"] = tokens + ends["out"].T
    return ends["loss"], grads


@right("gpt_gradients")
def as_an_untied_model(token_ids, targets, params, n_heads, ignore_index=-1):
    """The tied model is an untied one whose two gradients are added."""
    tied = "unembedding" not in params
    w = params["token_table"].T if tied else params["unembedding"]
    n, mask, streams = token_ids.shape[-1], causal_mask(token_ids.shape[-1]), []
    x = embed(token_ids, params["token_table"], params["position_table"])
    for block in params["blocks"]:
        streams.append((block, x))
        x = transformer_block(x, block, n_heads, mask)
    h = layer_norm(x, **params["norm_f"])
    loss = cross_entropy(h @ w, targets, ignore_index)
    g, of_w = linear_backward(h, w, cross_entropy_backward(h @ w, targets, ignore_index))
    g, gain, bias = layer_norm_backward(x, params["norm_f"]["gain"], params["norm_f"]["bias"], g)
    of_blocks = []
    while streams:
        block, x = streams.pop()
        g, of_block = transformer_block_backward(x, block, n_heads, g, mask)
        of_blocks.append(of_block)
    summed = g.reshape(-1, *g.shape[-2:]).sum(axis=0)
    room = len(params["position_table"]) - n
    grads = {"token_table": embedding_backward(token_ids, len(params["token_table"]), g),
             "position_table": np.pad(summed, ((0, room), (0, 0))),
             "blocks": of_blocks[::-1], "norm_f": {"bias": bias, "gain": gain}, "unembedding": of_w}
    if tied:
        grads["token_table"] = grads["token_table"] + grads.pop("unembedding").T
    return loss, grads
