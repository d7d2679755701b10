"""Mistakes in generate: which token is chosen."""

import numpy as np
from kata_06_transformer import gpt

from tests.runner.diagnosis.known import edit, mistake

chooses_after_the_first_token = edit("generate", """You choose by the first row of the logits,
    which is about what follows the first token. The last row is about what comes next.""",
    ("[..., -1, :].argmax", "[..., 0, :].argmax"), common=True)

chooses_after_the_last_but_one = edit("generate", """You choose by the last row but one of the
    logits, which is about the last token that is there already. The last row is about what comes
    next.""",
    ("1,", "2,"))

chooses_the_least_likely = edit("generate", """You choose the least likely token. It should be
    the one with the largest logit: argmax.""",
    ("argmax", "argmin"))

chooses_the_second_best = edit("generate", """You choose the second-best token. A sort goes up,
    so the best token comes last in it.""",
    ("argmax(axis=-1)", "argsort(axis=-1)[..., -2]"))

chooses_by_size_alone = edit("generate", """You choose the logit that is farthest from 0, so a
    very negative one wins too. It should be the largest, sign and all.""",
    ("gpt(newest, params, n_heads)[..., -1, :]",
     "np.abs(gpt(newest, params, n_heads)[..., -1, :])"))

chooses_a_position = edit("generate", """Your index [:, -1] takes the last word of the vocabulary
    if there is no batch, so argmax finds a position. Tokens are the last axis but one: [..., -1,
    :].""",
    ("[..., -1, :].argmax", "[:, -1].argmax"), common=True)

chooses_from_all_positions = edit("generate", """Your argmax runs over the logits of all
    positions at once, and gives an index into that table. Only the last position is about the
    next token.""",
    ("[..., -1, :].argmax(axis=-1)", ".argmax() + np.zeros(token_ids.shape[:-1], dtype=int)"))

chooses_once_for_the_whole_batch = edit("generate", """Your argmax has no axis, so all samples
    together get one number, an index into the table of all their logits. With axis=-1 each has
    its own.""",
    ("argmax(axis=-1)", "argmax() + np.zeros(token_ids.shape[:-1], dtype=int)"))

takes_the_last_sample = edit("generate", """Your index [-1] takes the last entry of the first
    axis: with a batch that is a sample, and not the last token. [..., -1, :] always takes the
    last token.""",
    ("[..., -1, :].argmax", "[-1].argmax"))

gives_all_samples_the_choice_of_the_first = edit("generate", """All your samples get the token of
    the first one. Each should get its own.""",
    ("token_ids = np.concatenate",
     "chosen = np.zeros_like(chosen) + chosen.flat[0]\ntoken_ids = np.concatenate"))

reads_the_prompt_alone = edit("generate", """You choose every new token after the prompt alone,
    so it is always the same one. What was written since should be read along with the prompt.""",
    ("token_ids = np.array", "prompt = token_ids = np.array"),
    ("newest = token_ids", "newest = prompt"), common=True)

reads_the_last_token_alone = edit("generate", """You choose each token after the last one alone,
    without what comes before it. Read as many tokens as position_table has room for.""",
    ('len(params["position_table"])', "1"), common=True)

does_not_crop = edit("generate", """You pass gpt all tokens, and once there are more than
    positions, it refuses them. Pass it only the newest: as many as position_table has rows.""",
    ('[..., -len(params["position_table"]) :]', ""), common=True)


@mistake("generate", """You pass gpt all tokens, and once there are more than positions, it refuses
    them. Pass it only the newest: as many as position_table has rows.""")
def does_not_crop_one_sequence(token_ids, params, n_heads, n_new):
    for _ in range(n_new):
        token_ids = np.append(token_ids, np.argmax(gpt(token_ids, params, n_heads)[-1]))
    return token_ids


reads_the_oldest = edit("generate", """Your crop keeps the oldest tokens, so that what is written
    is no longer read. Keep the newest: `[..., -n:]`.""",
    ('[..., -len(params["position_table"]) :]', '[..., : len(params["position_table"])]'),
    common=True)

reads_one_token_less = edit("generate", """Your crop keeps one token fewer than there is room
    for. position_table has a row for each of the newest len(position_table) tokens.""",
    ('len(params["position_table"])', 'len(params["position_table"]) + 1'))

crops_by_the_vocabulary = edit("generate", """Your crop keeps as many tokens as the vocabulary
    has words. It should keep as many as position_table has rows.""",
    ('"position_table"', '"token_table"'))

crops_the_samples = edit("generate", """Your crop is along the first axis, which is the batch if
    there is one. Tokens are the last axis: [..., -n:].""",
    ("..., -len", "-len"))

begins_a_new_page = edit("generate", """When the tokens fill position_table, you begin again with
    few and forget the rest. Always read the newest, as many as there is room for.""",
    ("newest =", 'room = len(params["position_table"])\nnewest ='),
    ('[..., -len(params["position_table"]) :]',
     "[..., (token_ids.shape[-1] - 1) // room * room :]"))
