"""Versions of lesson 6 that are right in many styles, wrong in unheard-of ways, or wrong twice."""

import math

import numpy as np
from kata_02_self_attention import causal_mask
from kata_03_multi_head import multi_head_attention
from kata_04_positional import add_positions, embed, sinusoidal_encoding
from kata_05_feed_forward import feed_forward, layer_norm, relu, transformer_block
from kata_06_transformer import cross_entropy, decoder_block, encoder_block, gpt

from tests.repo.versions import right, twice, unheard_of


@right("encoder_block")
def with_names_for_every_step(x, block, n_heads, mask=None):
    attended = multi_head_attention(x, n_heads=n_heads, mask=mask, **block["attention"])
    h = layer_norm(attended + x, **block["norm_1"])
    thought = feed_forward(h, activation=relu, **block["feed_forward"])
    return layer_norm(h + thought, **block["norm_2"])


@right("encoder_block")
def with_weights_by_name(x, block, n_heads, mask=None):
    a, f, n1, n2 = (block[key] for key in ("attention", "feed_forward", "norm_1", "norm_2"))
    x = layer_norm(x + multi_head_attention(x, a["w_q"], a["w_k"], a["w_v"], a["w_o"], n_heads, mask),
                   n1["gain"], n1["bias"])
    wide = np.maximum(0, x @ f["w_in"] + f["b_in"])
    return layer_norm(x + wide @ f["w_out"] + f["b_out"], n2["gain"], n2["bias"])


@right("encoder_block")
def with_a_function_for_the_sublayer(x, block, n_heads, mask=None):
    def after(part, norm):
        return lambda x: layer_norm(np.add(x, part(x)), **block[norm])

    attend = after(lambda x: multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), "norm_1")
    think = after(lambda x: feed_forward(x, **block["feed_forward"], activation=relu), "norm_2")
    return think(attend(x))


@right("encoder_block")
def one_sample_at_a_time(x, block, n_heads, mask=None):
    answers = np.empty(x.shape, np.result_type(x, block["norm_2"]["gain"]))
    masks = np.broadcast_to(True if mask is None else mask, (*x.shape[:-1], x.shape[-2]))
    for at in np.ndindex(x.shape[:-2]):
        y = multi_head_attention(x[at], **block["attention"], n_heads=n_heads, mask=masks[at]) + x[at]
        y = layer_norm(y, **block["norm_1"])
        y = y + feed_forward(y, **block["feed_forward"], activation=lambda wide: wide * (wide > 0))
        answers[at] = layer_norm(y, **block["norm_2"])
    return answers


@right("encoder_block")
def with_its_own_norm(x, block, n_heads, mask=None):
    def norm(x, gain, bias):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + 1e-5) * gain + bias

    x = norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"])


@right("decoder_block")
def with_an_encoder_block_at_the_end(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    found = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    h = layer_norm(x + found, **block["norm_2"])
    return layer_norm(h + feed_forward(h, **block["feed_forward"], activation=relu), **block["norm_3"])


@right("decoder_block")
def with_a_loop_over_the_parts(x, memory, block, n_heads, mask=None, memory_mask=None):
    parts = [lambda y: multi_head_attention(y, **block["attention"], n_heads=n_heads, mask=mask),
             lambda y: multi_head_attention(y, **block["cross_attention"], n_heads=n_heads, mask=memory_mask,
                                            memory=memory),
             lambda y: feed_forward(y, **block["feed_forward"], activation=relu)]
    for number, part in enumerate(parts, start=1):
        x = layer_norm(x + part(x), **block[f"norm_{number}"])
    return x


@right("decoder_block")
def with_self_attention_as_memory(x, memory, block, n_heads, mask=None, memory_mask=None):
    for name, norm, seen, hidden in [("attention", "norm_1", None, mask),
                                     ("cross_attention", "norm_2", memory, memory_mask)]:
        seen = x if seen is None else seen
        x = layer_norm(x + multi_head_attention(x, memory=seen, mask=hidden, n_heads=n_heads, **block[name]),
                       **block[norm])
    f = block["feed_forward"]
    wide = x @ f["w_in"] + f["b_in"]
    return layer_norm(x + np.where(wide > 0, wide, 0) @ f["w_out"] + f["b_out"], **block["norm_3"])


@right("decoder_block")
def with_a_copy_that_grows(x, memory, block, n_heads, mask=None, memory_mask=None):
    y = np.array(x, dtype=np.result_type(x, block["norm_1"]["gain"]))
    y += multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    y = layer_norm(y, **block["norm_1"])
    y += multi_head_attention(y, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    y = layer_norm(y, **block["norm_2"])
    y += feed_forward(y, **block["feed_forward"], activation=relu)
    return layer_norm(y, **block["norm_3"])


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
        x = decoder_block(x, memory, block, n_heads, mask=causal_mask(x.shape[-2]), memory_mask=source_mask)
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
    logits = np.empty((*target_ids.shape, params["unembedding"].shape[1]), params["unembedding"].dtype)
    for at in np.ndindex(batch):
        memory = embed(source_ids[at], params["source_table"] * root, sinusoidal_encoding(shape[-1], d_model))
        for block in params["encoder"]:
            memory = encoder_block(memory, block, n_heads, masks[at])
        n_target = target_ids.shape[-1]
        x = embed(target_ids[at], params["target_table"] * root, sinusoidal_encoding(n_target, d_model))
        for block in params["decoder"]:
            x = decoder_block(x, memory, block, n_heads, causal_mask(n_target), masks[at])
        logits[at] = x @ params["unembedding"]
    return logits


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
        x = x + multi_head_attention(layer_norm(x, **b["norm_1"]), **b["attention"], n_heads=n_heads, mask=mask)
        x = x + feed_forward(layer_norm(x, **b["norm_2"]), **b["feed_forward"])
    try:
        unembedding = params["unembedding"]
    except KeyError:
        unembedding = params["token_table"].T
    return layer_norm(x, **params["norm_f"]) @ unembedding


@right("cross_entropy")
def with_take_along_axis(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    top = logits.max(axis=-1, keepdims=True)
    log_shares = logits - top - np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
    picked = np.take_along_axis(log_shares, np.where(counted, targets, 0)[..., None], axis=-1)[..., 0]
    return -picked[counted].mean()


@right("cross_entropy")
def with_a_loop_over_the_targets(logits, targets, ignore_index=-1):
    losses = []
    for row, target in zip(logits.reshape(-1, logits.shape[-1]), targets.ravel()):
        if target != ignore_index:
            top = max(row)
            losses.append(float(top + math.log(sum(math.exp(x - top) for x in row)) - row[target]))
    return sum(losses) / len(losses) if losses else math.nan


@right("cross_entropy")
def with_logaddexp(logits, targets, ignore_index=-1):
    flat, wanted = np.reshape(logits, (-1, logits.shape[-1])), np.reshape(targets, -1)
    rows = np.flatnonzero(wanted != ignore_index)
    losses = np.logaddexp.reduce(flat[rows] + 0.0, axis=-1) - flat[rows, wanted[rows]]
    return np.mean(losses)


@right("cross_entropy")
def with_a_one_hot_table(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    one_hot = (targets[..., None] == np.arange(logits.shape[-1])) & counted[..., None]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_shares = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return -(np.where(one_hot, log_shares, 0).sum() / counted.sum())


@right("perplexity")
def with_a_power_of_e(logits, targets, ignore_index=-1):
    return math.e ** cross_entropy(logits, targets, ignore_index)


@right("perplexity")
def with_math_exp(logits, targets, ignore_index=-1):
    return math.exp(cross_entropy(logits, targets, ignore_index=ignore_index))


@right("perplexity")
def with_the_mean_written_out(logits, targets, ignore_index=-1):
    kept = targets != ignore_index
    losses = [cross_entropy(row[None], np.array([word]), None) for row, word in zip(logits[kept], targets[kept])]
    return np.exp(np.sum(losses) / np.float64(len(losses)))


@right("perplexity")
def with_bits(logits, targets, ignore_index=-1):
    return np.exp2(cross_entropy(logits, targets, ignore_index) / math.log(2))


@right("generate")
def with_a_buffer(token_ids, params, n_heads, n_new):
    n_tokens, room = token_ids.shape[-1], params["position_table"].shape[0]
    written = np.zeros((*token_ids.shape[:-1], n_tokens + n_new), dtype=int)
    written[..., :n_tokens] = token_ids
    for t in range(n_tokens, n_tokens + n_new):
        logits = gpt(written[..., max(0, t - room) : t], params, n_heads)
        written[..., t] = np.argmax(logits[..., -1, :], axis=-1)
    return written


@right("generate")
def with_append_along_the_last_axis(token_ids, params, n_heads, n_new):
    while n_new > 0:
        read = token_ids[..., -params["position_table"].shape[0] :]
        best = gpt(read, params, n_heads).argmax(axis=-1)[..., -1:]
        token_ids, n_new = np.append(token_ids, best, axis=-1), n_new - 1
    return token_ids


@right("generate")
def with_shares_of_a_softmax(token_ids, params, n_heads, n_new):
    tokens = token_ids.copy()
    for _ in range(n_new):
        too_many = max(0, tokens.shape[-1] - len(params["position_table"]))
        logits = gpt(tokens[..., too_many:], params, n_heads)[..., -1:, :]
        shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
        tokens = np.concatenate((tokens, (shares / shares.sum(-1, keepdims=True)).argmax(-1)), axis=-1)
    return tokens


@right("generate")
def with_lists_of_one_text_each(token_ids, params, n_heads, n_new):
    texts = [list(row) for row in token_ids.reshape(-1, token_ids.shape[-1])]
    for text in texts:
        for _ in range(n_new):
            scores = gpt(np.array(text[-len(params["position_table"]):]), params, n_heads)[-1]
            text.append(int(np.argmax(scores)))
    return np.array(texts).reshape(*token_ids.shape[:-1], token_ids.shape[-1] + n_new)


# Wrong in ways that no mistake describes ---------------------------------------------


@unheard_of("encoder_block")
def with_a_bias_of_its_own(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_2"]) + 0.5


@unheard_of("encoder_block")
def with_a_sine_for_a_bend(x, block, n_heads, mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=np.sin), **block["norm_2"])


@unheard_of("decoder_block")
def with_half_of_what_it_sees(x, memory, block, n_heads, mask=None, memory_mask=None):
    x = layer_norm(x + multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask), **block["norm_1"])
    seen = multi_head_attention(x, **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + 0.5 * seen, **block["norm_2"])
    return layer_norm(x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])


@unheard_of("decoder_block")
def nothing(x, memory, block, n_heads, mask=None, memory_mask=None):
    return None


@unheard_of("transformer")
def with_a_third_of_the_scale(source_ids, target_ids, params, n_heads, source_mask=None):
    d_model = params["source_table"].shape[-1]
    x = params["target_table"][target_ids] * math.sqrt(d_model) / 3
    return add_positions(x, sinusoidal_encoding(x.shape[-2], d_model)) @ params["unembedding"]


@unheard_of("gpt")
def with_tanh_at_the_end(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, causal_mask(x.shape[-2]))
    return np.tanh(layer_norm(x, **params["norm_f"]) @ params["token_table"].T)


@unheard_of("cross_entropy")
def of_the_squares(logits, targets, ignore_index=-1):
    return (logits[targets != ignore_index] ** 2).mean()


@unheard_of("perplexity")
def cubed(logits, targets, ignore_index=-1):
    return cross_entropy(logits, targets, ignore_index) ** 3


@unheard_of("generate")
def always_the_third_best(token_ids, params, n_heads, n_new):
    return np.concatenate([token_ids, np.full((*token_ids.shape[:-1], n_new), 2)], axis=-1)


# Two mistakes at once: both are named, or the one that shows first ---------------------

twice("forgets_the_shortcut_of_attention", "forgets_the_shortcut_of_thinking")
twice("forgets_the_shortcut_of_thinking", "forgets_the_mask_of_the_encoder")
twice("bends_with_gelu", "forgets_the_mask_of_the_encoder")
twice("swaps_the_masks", "bends_with_gelu_in_the_decoder")
twice("forgets_the_mask_of_what_is_read", "swaps_norm_2_and_norm_3")
twice("norms_first", "norms_first_in_the_decoder")
twice("forgets_the_scale", "forgets_the_causal_mask")
twice("forgets_the_padding_in_the_encoder", "scales_positions_too")
twice("forgets_norm_f", "scales_as_the_paper_does")
twice("forgets_the_causal_mask_in_gpt", "always_ties")
twice("overflows", "adds_surprises_up")
twice("counts_in_bits", "always_ignores_minus_one")
twice("raises_two_to_it", "counts_in_bits")
twice("does_not_crop", "chooses_after_the_first_token")
