"""Mistakes in generate: which token is chosen."""

import numpy as np
from kata_06_transformer import gpt

from tests.runner.diagnosis.known import mistake


@mistake("generate", """You choose by the first row of the logits, which is about what follows the
    first token. The last row is about what comes next.""", common=True)
def chooses_after_the_first_token(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., 0, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """You choose by the last row but one of the logits, which is about the last
    token that is there already. The last row is about what comes next.""")
def chooses_after_the_last_but_one(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -2, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """You choose the least likely token. It should be the one with the largest
    logit: argmax.""")
def chooses_the_least_likely(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmin(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """You choose the second-best token. A sort goes up, so the best token stands
    last in it.""")
def chooses_the_second_best(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argsort(axis=-1)[..., -2]
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """You choose the logit that is farthest from 0, so a very negative one wins
    too. It should be the largest, sign and all.""")
def chooses_by_size_alone(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = np.abs(gpt(newest, params, n_heads)[..., -1, :]).argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """Your index [:, -1] takes the last word of the vocabulary if there is no
    batch, so argmax finds a position. Tokens are the last axis but one: [..., -1, :].""",
         common=True)
def chooses_a_position(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[:, -1].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """Your argmax runs over the logits of all positions at once, and gives a
    place in that table. Only the last position is about the next token.""")
def chooses_from_all_positions(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads).argmax() + np.zeros(token_ids.shape[:-1], dtype=int)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """Your argmax has no axis, so all samples together get one number, a place in
    the table of all their logits. With axis=-1 each has its own.""")
def chooses_once_for_the_whole_batch(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax() + np.zeros(token_ids.shape[:-1], dtype=int)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """Your index [-1] takes the last entry of the first axis: with a batch that
    is a sample, and not the last token. [..., -1, :] always takes the last token.""")
def takes_the_last_sample(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[-1].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """All your samples get the token of the first one. Each should get its
    own.""")
def gives_all_samples_the_choice_of_the_first(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        chosen = np.zeros_like(chosen) + chosen.flat[0]
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """You choose every new token after the prompt alone, so it is always the same
    one. What was written since should be read along with the prompt.""", common=True)
def reads_the_prompt_alone(token_ids, params, n_heads, n_new):
    prompt = token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = prompt[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """You choose each token after the last one alone, without what stands before
    it. Read as many tokens as position_table has room for.""", common=True)
def reads_the_last_token_alone(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -1:]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """You pass gpt all tokens, and once there are more than positions, it refuses
    them. Pass it only the newest: as many as position_table has rows.""", common=True)
def does_not_crop(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """You pass gpt all tokens, and once there are more than positions, it refuses
    them. Pass it only the newest: as many as position_table has rows.""")
def does_not_crop_one_sequence(token_ids, params, n_heads, n_new):
    for _ in range(n_new):
        token_ids = np.append(token_ids, np.argmax(gpt(token_ids, params, n_heads)[-1]))
    return token_ids


@mistake("generate", """Your crop keeps the oldest tokens, so that what is written is no longer
    read. Keep the newest: `[..., -n:]`.""", common=True)
def reads_the_oldest(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., : len(params["position_table"])]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """Your crop keeps one token fewer than there is room for. position_table has
    a row for each of the newest len(position_table) tokens.""")
def reads_one_token_less(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) + 1 :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """Your crop keeps as many tokens as the vocabulary has words. It should keep
    as many as position_table has rows.""")
def crops_by_the_vocabulary(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[..., -len(params["token_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """Your crop is along the first axis, which is the batch if there is one.
    Tokens are the last axis: [..., -n:].""")
def crops_the_samples(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        newest = token_ids[-len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids


@mistake("generate", """When the tokens fill position_table, you begin again with few and forget
    the rest. Always read the newest, as many as there is room for.""")
def begins_a_new_page(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    for _ in range(n_new):
        room = len(params["position_table"])
        newest = token_ids[..., (token_ids.shape[-1] - 1) // room * room :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)
    return token_ids
