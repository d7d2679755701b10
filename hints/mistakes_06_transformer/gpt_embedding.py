"""Mistakes in gpt: how tokens become vectors, and vectors logits."""

import math

import numpy as np
from kata_02_self_attention import causal_mask
from kata_04_positional import embed, sinusoidal_encoding
from kata_05_feed_forward import layer_norm, transformer_block

from tests.runner.diagnosis.known import mistake


@mistake("gpt", """Your tokens have no positions. Each should get the row of position_table for its
    place: `embed` does both.""", common=True)
def forgets_positions_in_gpt(token_ids, params, n_heads):
    if token_ids.shape[-1] > len(params["position_table"]):
        raise ValueError("past the last position")
    x = params["token_table"][token_ids]
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You multiply tokens by the root of d_model, as in the paper of 2017. GPT should
    add the rows of its tables as they are.""", common=True)
def scales_as_the_paper_does(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"] * math.sqrt(params["token_table"].shape[-1]), params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your positions are sinusoidal. GPT learns its own: they are in
    params["position_table"].""")
def has_sinusoidal_positions(token_ids, params, n_heads):
    places = sinusoidal_encoding(len(params["position_table"]), params["token_table"].shape[-1])
    x = embed(token_ids, params["token_table"], places)
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your first token gets row 1 of position_table. Positions should be counted from
    0.""")
def counts_gpt_positions_from_one(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"], start=1)
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """All your tokens get row 0 of position_table. Each should get the row for its own
    place.""")
def adds_one_position_to_all(token_ids, params, n_heads):
    x = params["token_table"][token_ids] + params["position_table"][0]
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Past the last position yours begin again at 0, so two places look alike. One
    token too many should be a ValueError.""")
def begins_again_past_the_end(token_ids, params, n_heads):
    places = np.arange(token_ids.shape[-1]) % len(params["position_table"])
    x = params["token_table"][token_ids] + params["position_table"][places]
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Past the last position all your tokens get the last row of position_table. One
    token too many should be a ValueError.""")
def stays_at_the_end(token_ids, params, n_heads):
    places = np.minimum(np.arange(token_ids.shape[-1]), len(params["position_table"]) - 1)
    x = params["token_table"][token_ids] + params["position_table"][places]
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Past the last position your call ends in an IndexError. It should be a
    ValueError; embed raises one.""")
def leaves_the_end_to_the_index(token_ids, params, n_heads):
    x = params["token_table"][token_ids] + params["position_table"][np.arange(token_ids.shape[-1])]
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """If position_table has one row, NumPy stretches it over all your tokens without a
    word. One token too many should be a ValueError; embed raises one.""", common=True)
def stretches_a_single_position(token_ids, params, n_heads):
    x = params["token_table"][token_ids] + params["position_table"][: token_ids.shape[-1]]
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Past the last position your call ends in an AssertionError. It should be a
    ValueError, and an `assert` is left out when Python runs with -O.""")
def asserts_that_tokens_fit(token_ids, params, n_heads):
    assert token_ids.shape[-1] <= len(params["position_table"])
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your check refuses as many tokens as there are positions, but these fit. Only
    one more is too many.""")
def refuses_a_full_table(token_ids, params, n_heads):
    if token_ids.shape[-1] >= len(params["position_table"]):
        raise ValueError("past the last position")
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """If there are too many tokens, your gpt drops the oldest and goes on. That is for
    generate to do: here it should be a ValueError.""")
def reads_the_newest_tokens_alone(token_ids, params, n_heads):
    token_ids = token_ids[..., -len(params["position_table"]) :]
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """If there are too many tokens, your gpt drops the newest and goes on. One token
    too many should be a ValueError.""")
def reads_the_oldest_tokens_alone(token_ids, params, n_heads):
    token_ids = token_ids[..., : len(params["position_table"])]
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """`norm_f` has no effect. GPT-2 has one more norm after its last block, before the
    logits.""", common=True, denies=True)
def forgets_norm_f(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return x @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your last norm leaves its gain and bias out. Pass on what norm_f holds:
    `**params["norm_f"]`.""")
def norms_f_without_gain_and_bias(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, 1.0, 0.0) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You apply norm_f before your first block. It should come after the last one.""")
def norms_f_before_the_blocks(token_ids, params, n_heads):
    x = layer_norm(embed(token_ids, params["token_table"], params["position_table"]), **params["norm_f"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return x @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You apply norm_f after every block, or several times. It should come once, after
    the last block.""")
def norms_f_after_every_block(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = layer_norm(transformer_block(x, block, n_heads, mask), **params["norm_f"])
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """`params["unembedding"]` has no effect. If there is one, it should make the
    logits, instead of token_table.""", common=True, denies=True)
def always_ties(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params["token_table"].T


@mistake("gpt", """Without an "unembedding" in params your call ends in a KeyError. The output
    should then be tied: `token_table.T`.""", common=True)
def never_ties(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params["unembedding"]


@mistake("gpt", """Your tied output is token_table as it is, (vocab, d_model). It should be
    transposed: (d_model, vocab).""", common=True)
def does_not_turn_the_table(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"])


@mistake("gpt", """You transpose params["unembedding"]. It is (d_model, vocab) already; only
    token_table should be transposed.""")
def turns_an_unembedding_too(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"]).T


@mistake("gpt", """You change the caller's params: something is added, removed or overwritten, and
    stays so after the call. `params.get` only looks, `setdefault` and `pop` change.""")
def adds_the_unembedding_to_params(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.setdefault("unembedding", params["token_table"].T)


@mistake("gpt", """You divide your tied logits by the root of d_model. That belongs to attention
    scores; logits should be the product as it is.""")
def divides_tied_logits(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding",
                                                          params["token_table"].T / math.sqrt(x.shape[-1]))


@mistake("gpt", """Your answer is a softmax: each row sums to one. It should be logits, the numbers
    before the softmax.""", common=True)
def gives_probabilities_from_gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    logits = layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


@mistake("gpt", """Your answer is a log-softmax, the logarithms of probabilities. It should be
    logits, as the last product gives them.""")
def gives_logs_of_probabilities_from_gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    logits = layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@mistake("gpt", """Your answer is the output of norm_f, d_model numbers for each token. A last
    product should turn it into logits, one for each word.""")
def gives_hidden_states(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"])


@mistake("gpt", """Your answer has the logits of the last token alone. It should have a row for
    each token; generate picks the last one.""")
def gives_the_last_logits_alone(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x[..., -1, :], **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your answer is tokens, the likeliest at each place. It should be logits;
    generate does the picking.""")
def picks_the_likeliest_token_in_gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return (layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)).argmax(axis=-1)


@mistake("gpt", """`or` asks whether an array is true as a whole, which NumPy will not say. Ask
    whether "unembedding" is in params, or give `get` a second argument.""", common=True)
def asks_whether_the_unembedding_is_true(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ (params.get("unembedding") or params["token_table"].T)


@mistake("gpt", """You apply norm_f after every block, inside the loop. It should come once: after
    the last block, before the logits.""")
def norms_f_inside_the_loop(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = layer_norm(transformer_block(x, block, n_heads, mask), **params["norm_f"])
    return x @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """You apply norm_f before every block, inside the loop. It should come once: after
    the last block, before the logits.""")
def norms_f_before_every_block(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(layer_norm(x, **params["norm_f"]), block, n_heads, mask)
    return x @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """Your positions are sinusoidal, as in the paper of 2017. GPT has learned ones, the
    rows of position_table.""")
def has_sinusoidal_positions_without_end(token_ids, params, n_heads):
    x = params["token_table"][token_ids]
    x = x + sinusoidal_encoding(*x.shape[-2:]).astype(x.dtype)
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)


@mistake("gpt", """`len(token_ids)` counts along the first axis, which is the batch if there is
    one. Tokens are the last axis: token_ids.shape[-1].""", common=True)
def counts_the_tokens_of_gpt_by_len(token_ids, params, n_heads):
    n_tokens = len(token_ids)
    if n_tokens > len(params["position_table"]):
        raise ValueError("past the last position")
    x = params["token_table"][token_ids] + params["position_table"][:n_tokens]
    mask = causal_mask(n_tokens)
    for block in params["blocks"]:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)
