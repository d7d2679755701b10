"""Versions of the blocks and models of lesson 6 that are right in many styles."""

import math

import numpy as np
from kata_02_self_attention import causal_mask
from kata_03_multi_head import multi_head_attention
from kata_04_positional import add_positions, embed, sinusoidal_encoding
from kata_05_feed_forward import feed_forward, layer_norm, relu, transformer_block
from kata_06_transformer import decoder_block, encoder_block

from tests.repo.versions import right


@right("encoder_block")
def with_names_for_every_step(x, block, n_heads, mask=None):
    attended = multi_head_attention(x, n_heads=n_heads, mask=mask, **block["attention"])
    h = layer_norm(attended + x, **block["norm_1"])
    thought = feed_forward(h, activation=relu, **block["feed_forward"])
    return layer_norm(h + thought, **block["norm_2"])


@right("encoder_block")
def with_weights_by_name(x, block, n_heads, mask=None):
    a, f, n1, n2 = (block[key] for key in ("attention", "feed_forward", "norm_1", "norm_2"))
    x = layer_norm(x + multi_head_attention(x, a["w_q"], a["w_k"], a["w_v"], a["w_o"], n_heads,
                                            mask), n1["gain"], n1["bias"])
    wide = np.maximum(0, x @ f["w_in"] + f["b_in"])
    return layer_norm(x + wide @ f["w_out"] + f["b_out"], n2["gain"], n2["bias"])


@right("encoder_block")
def with_a_function_for_the_sublayer(x, block, n_heads, mask=None):
    def after(part, norm):
        return lambda x: layer_norm(np.add(x, part(x)), **block[norm])

    attend = after(lambda x: multi_head_attention(x, **block["attention"], n_heads=n_heads,
                                                  mask=mask), "norm_1")
    think = after(lambda x: feed_forward(x, **block["feed_forward"], activation=relu), "norm_2")
    return think(attend(x))


@right("encoder_block")
def one_sample_at_a_time(x, block, n_heads, mask=None):
    answers = np.empty(x.shape, np.result_type(x, block["norm_2"]["gain"]))
    masks = np.broadcast_to(True if mask is None else mask, (*x.shape[:-1], x.shape[-2]))
    for at in np.ndindex(x.shape[:-2]):
        y = multi_head_attention(x[at], **block["attention"], n_heads=n_heads,
                                 mask=masks[at]) + x[at]
        y = layer_norm(y, **block["norm_1"])
        y = y + feed_forward(y, **block["feed_forward"], activation=lambda wide: wide * (wide > 0))
        answers[at] = layer_norm(y, **block["norm_2"])
    return answers


@right("encoder_block")
def with_its_own_norm(x, block, n_heads, mask=None):
    def norm(x, gain, bias):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + 1e-5) * gain + bias

    x = norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
             **block["norm_1"])
    return norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@right("encoder_block")
def part_by_part(x, block, n_heads, mask=None):
    for name, norm in (("attention", "norm_1"), ("feed_forward", "norm_2")):
        p = block[name]
        if name == "attention":
            y = multi_head_attention(x, **p, n_heads=n_heads, mask=mask)
        else:
            y = feed_forward(x, **p, activation=relu)
        x = layer_norm(x + y, **block[norm])
    return x


@right("decoder_block")
def with_an_encoder_block_at_the_end(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
                   **block["norm_1"])
    found = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask,
                                 memory=memory)
    h = layer_norm(x + found, **block["norm_2"])
    return layer_norm(h + feed_forward(h, **block["feed_forward"], activation=relu),
                      **block["norm_3"])


@right("decoder_block")
def with_a_loop_over_the_parts(x, memory, block, n_heads, mask=None, memory_mask=None):
    parts = [lambda y: multi_head_attention(y, **block["attention"], n_heads=n_heads, mask=mask),
             lambda y: multi_head_attention(y, **block["cross_attention"], n_heads=n_heads,
                                            mask=memory_mask, memory=memory),
             lambda y: feed_forward(y, **block["feed_forward"], activation=relu)]
    for number, part in enumerate(parts, start=1):
        x = layer_norm(x + part(x), **block[f"norm_{number}"])
    return x


@right("decoder_block")
def with_self_attention_as_memory(x, memory, block, n_heads, mask=None, memory_mask=None):
    for name, norm, seen, hidden in [("attention", "norm_1", None, mask),
                                     ("cross_attention", "norm_2", memory, memory_mask)]:
        seen = x if seen is None else seen
        x = layer_norm(x + multi_head_attention(x, memory=seen, mask=hidden, n_heads=n_heads,
                                                **block[name]), **block[norm])
    f = block["feed_forward"]
    wide = x @ f["w_in"] + f["b_in"]
    return layer_norm(x + np.where(wide > 0, wide, 0) @ f["w_out"] + f["b_out"], **block["norm_3"])


@right("decoder_block")
def with_a_copy_that_grows(x, memory, block, n_heads, mask=None, memory_mask=None):
    y = np.array(x, dtype=np.result_type(x, block["norm_1"]["gain"]))
    y += multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    y = layer_norm(y, **block["norm_1"])
    y += multi_head_attention(y, **block["cross_attention"], n_heads=n_heads, mask=memory_mask,
                              memory=memory)
    y = layer_norm(y, **block["norm_2"])
    y += feed_forward(y, **block["feed_forward"], activation=relu)
    return layer_norm(y, **block["norm_3"])


@right("decoder_block")
def with_the_parts_in_a_list(x, memory, block, n_heads, mask=None, memory_mask=None):
    subs = [lambda x: multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask),
            lambda x: multi_head_attention(x, **block["cross_attention"], n_heads=n_heads,
                                           memory=memory, mask=memory_mask),
            lambda x: feed_forward(x, **block["feed_forward"], activation=relu)]
    for i, sub in enumerate(subs, 1):
        x = layer_norm(x + sub(x), **block[f"norm_{i}"])
    return x


@right("transformer")
def with_a_helper_for_the_embedding(source_ids, target_ids, params, n_heads, source_mask=None):
    def embedded(ids, table):
        n_tokens, d_model = ids.shape[-1], table.shape[-1]
        return embed(ids, d_model**0.5 * table, sinusoidal_encoding(n_tokens, d_model))

    memory = embedded(source_ids, params["source_table"])
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, mask=source_mask)
    x = embedded(target_ids, params["target_table"])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask=causal_mask(x.shape[-2]),
                          memory_mask=source_mask)
    return np.matmul(x, params["unembedding"])


@right("transformer")
def with_one_long_table_of_positions(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["unembedding"].shape[0]
    places = sinusoidal_encoding(max(source_ids.shape[-1], target_ids.shape[-1]), d_model)
    scale = float(np.sqrt(d_model))
    memory = add_positions(scale * params["source_table"][source_ids], places)
    for i in range(len(params["encoder"])):
        memory = encoder_block(memory, params["encoder"][i], n_heads, source_mask)
    x = add_positions(scale * params["target_table"][target_ids], places)
    past = np.tril(np.ones((x.shape[-2], x.shape[-2]), dtype=bool))
    for i in range(len(params["decoder"])):
        x = decoder_block(x, memory, params["decoder"][i], n_heads, past, source_mask)
    return x @ params["unembedding"]


@right("transformer")
def with_the_masks_written_out(source_ids, target_ids, params, n_heads, source_mask=None):
    n_source, n_target = source_ids.shape[-1], target_ids.shape[-1]
    if source_mask is None:
        source_mask = np.ones((1, n_source), dtype=bool)
    d_model = params["source_table"].shape[1]
    dtype = params["source_table"].dtype
    memory = np.take(params["source_table"], source_ids, axis=0) * math.sqrt(d_model)
    memory = memory + sinusoidal_encoding(n_source, d_model).astype(dtype)
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    x = np.take(params["target_table"], target_ids, axis=0) * math.sqrt(d_model)
    x = x + sinusoidal_encoding(n_target, d_model).astype(dtype)
    past = np.arange(n_target)[:, None] >= np.arange(n_target)
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, past, source_mask)
    return np.einsum("...td,dw->...tw", x, params["unembedding"])


@right("transformer")
def one_pair_at_a_time(source_ids, target_ids, params, n_heads, source_mask=None):
    batch, d_model = source_ids.shape[:-1], params["source_table"].shape[-1]
    shape = (*batch, 1, source_ids.shape[-1])
    masks = np.broadcast_to(True if source_mask is None else source_mask, shape)
    root = math.sqrt(d_model)
    logits = np.empty((*target_ids.shape, params["unembedding"].shape[1]),
                      params["unembedding"].dtype)
    for at in np.ndindex(batch):
        memory = embed(source_ids[at], params["source_table"] * root,
                       sinusoidal_encoding(shape[-1], d_model))
        for block in params["encoder"]:
            memory = encoder_block(memory, block, n_heads, masks[at])
        n_target = target_ids.shape[-1]
        x = embed(target_ids[at], params["target_table"] * root,
                  sinusoidal_encoding(n_target, d_model))
        for block in params["decoder"]:
            x = decoder_block(x, memory, block, n_heads, causal_mask(n_target), masks[at])
        logits[at] = x @ params["unembedding"]
    return logits


@right("transformer")
def with_reduce(source_ids, target_ids, params, n_heads, source_mask=None):
    from functools import reduce

    d = params["target_table"].shape[-1]
    src = add_positions(params["source_table"][source_ids] * math.sqrt(d),
                        sinusoidal_encoding(source_ids.shape[-1], d))
    memory = reduce(lambda m, b: encoder_block(m, b, n_heads, source_mask), params["encoder"], src)
    tgt = add_positions(params["target_table"][target_ids] * math.sqrt(d),
                        sinusoidal_encoding(target_ids.shape[-1], d))
    n = target_ids.shape[-1]
    mask = np.arange(n)[:, None] >= np.arange(n)
    out = reduce(lambda x, b: decoder_block(x, memory, b, n_heads, mask, source_mask),
                 params["decoder"], tgt)
    return np.einsum("...td,dv->...tv", out, params["unembedding"])


@right("transformer")
def with_one_table_for_the_longer(source_ids, target_ids, params, n_heads, source_mask=None):
    d = params["source_table"].shape[-1]
    n = max(source_ids.shape[-1], target_ids.shape[-1])
    positions = sinusoidal_encoding(n, d)
    memory = params["source_table"][source_ids]
    memory = memory * math.sqrt(d)
    memory += positions[: memory.shape[-2]].astype(memory.dtype)
    for b in params["encoder"]:
        memory = encoder_block(memory, b, n_heads, source_mask)
    x = params["target_table"][target_ids]
    x = x * math.sqrt(d)
    x += positions[: x.shape[-2]].astype(x.dtype)
    for b in params["decoder"]:
        x = decoder_block(x, memory, b, n_heads, ~np.triu(np.ones((x.shape[-2],) * 2, bool), 1),
                          source_mask)
    return x @ params["unembedding"]


@right("gpt")
def with_an_if_for_the_output(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"], start=0)
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask=causal_mask(token_ids.shape[-1]))
    x = layer_norm(x, params["norm_f"]["gain"], params["norm_f"]["bias"])
    if "unembedding" in params:
        return x @ params["unembedding"]
    return x @ params["token_table"].swapaxes(0, 1)


@right("gpt")
def with_einsum_for_the_logits(token_ids, params, n_heads):
    token_table, blocks = params["token_table"], params["blocks"]
    x = embed(token_ids, token_table, params["position_table"])
    for block in blocks:
        x = transformer_block(x, block, n_heads, np.tri(x.shape[-2], dtype=bool))
    rows = params["unembedding"].T if params.get("unembedding") is not None else token_table
    return np.einsum("...td,wd->...tw", layer_norm(x, **params["norm_f"]), rows)


@right("gpt")
def with_its_own_check(token_ids, params, n_heads):
    n_tokens = np.shape(token_ids)[-1]
    if n_tokens > params["position_table"].shape[0]:
        raise ValueError("too many tokens")
    x = params["token_table"][token_ids] + params["position_table"][:n_tokens]
    mask = ~np.triu(np.ones((n_tokens, n_tokens), dtype=bool), k=1)
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads=n_heads, mask=mask)
    x = layer_norm(x, **params["norm_f"])
    return np.dot(x, {"unembedding": params["token_table"].T, **params}["unembedding"])


@right("gpt")
def with_blocks_written_out(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for b in params["blocks"]:
        x = x + multi_head_attention(layer_norm(x, **b["norm_1"]), **b["attention"],
                                     n_heads=n_heads, mask=mask)
        x = x + feed_forward(layer_norm(x, **b["norm_2"]), **b["feed_forward"])
    try:
        unembedding = params["unembedding"]
    except KeyError:
        unembedding = params["token_table"].T
    return layer_norm(x, **params["norm_f"]) @ unembedding


@right("gpt")
def block_after_block_by_recursion(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"], start=0)
    mask = causal_mask(x.shape[-2])

    def run(x, blocks):
        return run(transformer_block(x, blocks[0], n_heads, mask), blocks[1:]) if blocks else x

    x = layer_norm(run(x, params["blocks"]), **params["norm_f"])
    try:
        return x @ params["unembedding"]
    except KeyError:
        return np.einsum("...td,vd->...tv", x, params["token_table"])


@right("gpt")
def with_inner(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    i, j = np.indices((x.shape[-2], x.shape[-2]))
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, j <= i)
    x = layer_norm(x, **params["norm_f"])
    return np.inner(x, params["unembedding"].T if "unembedding" in params
                    else params["token_table"])
