"""Mistakes in generate: loops for one sequence alone, and other crops."""

import numpy as np
from kata_06_transformer import gpt

from tests.runner.diagnosis.known import edit, mistake

joins_what_has_no_axis_of_its_own = edit("generate", """Your loop works for one sequence only:
    what it chose for a batch has no axis along which it can be joined. argmax needs axis=-1, and
    its answer a new axis: `[..., np.newaxis]`.""",
    ("np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)",
     "np.hstack([token_ids, chosen])"))

joins_one_token_whatever_the_batch = edit("generate", """Your loop works for one sequence only:
    what it chose for a batch has no axis along which it can be joined. argmax needs axis=-1, and
    its answer a new axis: `[..., np.newaxis]`.""",
    ("argmax(axis=-1)", "argmax()"))

joins_a_list_of_one = edit("generate", """Your loop works for one sequence only: it joins one
    token, and a batch has one for each sample. `chosen[..., np.newaxis]` gives them an axis to
    be joined along, axis=-1.""",
    ("chosen[..., np.newaxis]", "[chosen]"))


@mistake("generate", """You keep your tokens in one list, which holds one sequence. With a batch it
    holds whole samples: join along the last axis of an array.""")
def keeps_tokens_in_a_list(token_ids, params, n_heads, n_new):
    tokens = list(token_ids)
    for _ in range(n_new):
        newest = np.array(tokens[-len(params["position_table"]) :])
        tokens.append(gpt(newest, params, n_heads)[-1].argmax())
    return np.array(tokens)


chooses_along_the_samples = edit("generate", """Your argmax runs along the first axis, which is
    the batch if there is one. The vocabulary is the last axis: axis=-1.""",
    ("argmax(axis=-1)", "argmax(axis=0)"))

crops_by_the_width = edit("generate", """Your crop keeps d_model tokens, the second size of
    position_table. There is room for as many as it has rows: len(...), or shape[0].""",
    ('len(params["position_table"])', 'params["position_table"].shape[-1]'))

forgets_the_start_of_a_long_prompt = edit("generate", """Your answer has lost the start of a
    prompt that is longer than position_table. Crop what you pass to gpt, and keep the rest for
    the answer.""",
    ("np.array(token_ids)", 'np.array(token_ids)[..., -len(params["position_table"]) :]'))

gives_the_token_two_axes = edit("generate", """Your new tokens are a table of one column, which
    fits exactly one batch axis. `chosen[..., np.newaxis]` has the axes of the prompt, however
    many.""",
    ("[..., np.newaxis]", ".reshape(-1, 1)"))

gives_the_token_a_second_axis = edit("generate", """Your new tokens get a second axis, which fits
    exactly one batch axis: a single prompt has none. `chosen[..., np.newaxis]` fits any number.""",
    ("[..., np.newaxis]", "[:, np.newaxis]"))

chooses_a_position_of_each_sample = edit("generate", """Your index [..., -1] takes the last word
    of the vocabulary, so argmax finds a position. Tokens are the last axis but one: [..., -1,
    :].""",
    ("[..., -1, :].argmax", "[..., -1].argmax"))

crops_what_must_be_a_batch = edit("generate", """Your crop `[:, ...]` assumes exactly one batch
    axis. Tokens are the last axis, whatever is in front: `[..., -n:]`.""",
    ("..., -len", ":, -len"))

joins_the_largest_logit = edit("generate", """Your token is the largest logit itself, `max`.
    `argmax` says which word has it.""",
    ("argmax", "max"))

writes_with_one_head = edit("generate", """Your gpt has one head, whatever n_heads is. Pass it
    on.""",
    ("newest, params, n_heads", "newest, params, 1"))
