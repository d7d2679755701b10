"""Mistakes in generate: what becomes of the tokens that were chosen."""

import numpy as np
from kata_06_transformer import gpt

from tests.runner.diagnosis.known import edit, given, mistake, probes
from tests.slow_06_transformer import random_writer

returns_the_new_tokens_alone = edit("generate", """Your answer has only the new tokens; the
    prompt should come first.""",
    ("token_ids = np.array", "n_tokens = np.shape(token_ids)[-1]\ntoken_ids = np.array"),
    ("return token_ids", "return token_ids[..., n_tokens:]"), common=True)

returns_the_last_tokens_alone = edit("generate", """Your answer has only the new tokens; the
    prompt should come first.""",
    ("return token_ids", "return token_ids[..., -n_new:]"))

returns_what_it_read = edit("generate", """Your answer has lost the oldest tokens: it is what the
    model has read, or as much. Crop what you pass to gpt, and keep the rest for the answer.""",
    ("newest =", "token_ids = newest ="), common=True)

returns_the_last_token_alone = edit("generate", """You return the last token alone. The answer
    should be the prompt and all that was written.""",
    ("return token_ids", "return token_ids[..., -1:]"))

writes_one_token_too_many = edit("generate", """You write one token more than n_new. Write
    exactly as many.""",
    ("range(n_new)", "range(n_new + 1)"))

writes_one_token_too_few = edit("generate", """You write one token fewer than n_new. Write
    exactly as many.""",
    ("range(n_new)", "range(n_new - 1)"))

writes_until_there_are_n_new = edit("generate", """You write until there are n_new tokens, the
    prompt included. n_new is how many should be added.""",
    ("range(n_new)", "range(n_new - token_ids.shape[-1])"))

stops_when_the_table_is_full = edit("generate", """You stop when position_table is full. Writing
    should go on; the oldest tokens are then no longer read.""",
    ("range(n_new)",
     'range(min(n_new, max(0, len(params["position_table"]) - token_ids.shape[-1])))'))

writes_one_token_always = edit("generate", """You write one token, whatever n_new is. The loop
    should add n_new of them.""",
    ("range(n_new)", "range(1)"))

stops_at_token_zero = edit("generate", """You stop writing after token 0, as if it marked the end
    of the text. No token means that here: n_new should be written.""",
    (", axis=-1)", ", axis=-1)\nif np.all(chosen == 0):\n    break"))

puts_the_new_tokens_in_front = edit("generate", """You put new tokens in front of the others. The
    text should go on at its end.""",
    ("token_ids, chosen[..., np.newaxis]", "chosen[..., np.newaxis], token_ids"))

forgets_the_new_axis = edit("generate", """Your chosen tokens have one axis fewer than the text,
    and cannot be joined to it. Give them an axis of length 1 at the end: `[..., np.newaxis]`.""",
    ("[..., np.newaxis]", ""), common=True)

joins_along_the_first_axis = edit("generate", """You join new tokens along the first axis, which
    is the batch if there is one. Tokens are the last axis.""",
    (", axis=-1", ", axis=0"))

joins_along_axis_one = edit("generate", """You join new tokens along axis 1, which fits exactly
    one batch axis. The axis of the tokens is always -1.""",
    (", axis=-1", ", axis=1"))

appends_without_an_axis = edit("generate", """`np.append` without an axis makes one long row of
    all samples. Join along the last axis: axis=-1.""",
    ("np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)",
     "np.append(token_ids, chosen)"), common=True)

appends_as_to_a_list = edit("generate", """You call `append` on an array, which has none and
    cannot grow. Make a new array from the old one and the new tokens.""",
    ("token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)",
     "token_ids.append(chosen)"))

returns_a_list = edit("generate", """Your answer is a list. It should be an array.""",
    ("return token_ids", "return token_ids.tolist()"))

adds_a_batch_of_one = edit("generate", """Your answer has an axis of length 1 in front, for a
    batch that was not given. It should have the shape of the prompt, with more tokens.""",
    ("return token_ids", "return token_ids[np.newaxis]"))

drops_axes_of_length_one = edit("generate", """Axes of length 1 are gone from your answer. A
    batch of one is still a batch: keep its axis, without `squeeze`.""",
    ("return token_ids", "return token_ids.squeeze()"))

returns_floats = edit("generate", """Your tokens are floats, which cannot be used as indices to
    look words up. They should be integers: an array of them is made with dtype=int.""",
    ("return token_ids", "return token_ids.astype(float)"))

returns_logits = edit("generate", """Your answer is logits. It should be tokens: the prompt, and
    the likeliest token after it, again and again.""",
    ("return token_ids",
     'return gpt(token_ids[..., -len(params["position_table"]) :], params, n_heads)'))


@mistake("generate", """You overwrite the caller's prompt: new tokens are written into the very
    array that was passed. Make a new one.""")
def writes_into_the_prompt(token_ids, params, n_heads, n_new):
    written = np.array(token_ids)
    for _ in range(n_new):
        newest = written[..., -len(params["position_table"]) :]
        chosen = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
        written = np.concatenate([written, chosen[..., np.newaxis]], axis=-1)
        token_ids[..., :-1] = token_ids[..., 1:].copy()
        token_ids[..., -1] = chosen
    return written


needs_a_prompt_of_one_sequence = edit("generate", """You turn the chosen token into a plain
    number, `int(...)`, and a batch of them cannot become one. argmax with axis=-1 gives one for
    each sample.""",
    ("gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)",
     "np.array(int(gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)))"))

writes_nothing = edit("generate", """Your answer is the prompt alone. Each token that is chosen
    should be added to it.""",
    ("range(n_new)", "range(n_new * asked)"), ("token_ids = np.concatenate", "np.concatenate"),
    asked=(1, 0))


@mistake("generate", """Your new tokens are what the model says of the prompt in one go, row by
    row. Only the last row is about what comes next: add that token, and ask again.""")
def writes_all_at_once(token_ids, params, n_heads, n_new):
    token_ids = np.array(token_ids)
    newest = token_ids[..., -len(params["position_table"]) :]
    chosen = gpt(newest, params, n_heads).argmax(axis=-1)[..., -n_new:]
    return np.concatenate([token_ids, chosen], axis=-1)


@mistake("generate", """Your tokens are floats, which cannot be used as indices to look words up.
    They should be integers: an array of them is made with dtype=int.""")
def fills_an_array_of_floats(token_ids, params, n_heads, n_new):
    n_tokens = token_ids.shape[-1]
    written = np.zeros((*token_ids.shape[:-1], n_tokens + n_new))
    written[..., :n_tokens] = token_ids
    for t in range(n_tokens, n_tokens + n_new):
        newest = written[..., max(0, t - len(params["position_table"])) : t]
        written[..., t] = gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1)
    return written


@mistake("generate", """If nothing is written, your tokens are floats: an empty list makes an array
    of floats, and joining it turns the prompt into floats. Join one token at a time.""")
def joins_an_empty_list(token_ids, params, n_heads, n_new):
    new, read = [], token_ids
    for _ in range(n_new):
        newest = read[..., -len(params["position_table"]) :]
        new.append(gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1))
        read = np.concatenate([read, new[-1][..., np.newaxis]], axis=-1)
    if not new:
        return token_ids.astype(float)
    return read


@mistake("generate", """Your answer is the new tokens alone, with the steps as its first axis. The
    prompt should come first, and new tokens should be joined to it along the last axis.""")
def makes_an_array_of_the_new_tokens(token_ids, params, n_heads, n_new):
    new = []
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        new.append(gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1))
        token_ids = np.concatenate([token_ids, new[-1][..., np.newaxis]], axis=-1)
    return np.array(new)


@mistake("generate", """Your loop works for one sequence only: `[-1]` is the last sample of a
    batch, and `np.append` without an axis makes one long row. Count from the end: `[..., -1, :]`,
    axis=-1.""", tokens_last=(False, True))
def writes_for_one_sequence_alone(token_ids, params, n_heads, n_new, *, tokens_last):
    for _ in range(n_new):
        n = len(params["position_table"])
        newest = token_ids[..., -n:] if tokens_last else token_ids[-n:]
        token_ids = np.append(token_ids, gpt(newest, params, n_heads)[-1].argmax(axis=-1))
    return token_ids


@mistake("generate", """Your loop works for one sequence only: `[-1]` is the last sample of a
    batch, and `np.append` without an axis makes one long row. Count from the end: `[..., -1, :]`,
    axis=-1.""", tokens_last=(False, True))
def writes_one_plain_token_after_another(token_ids, params, n_heads, n_new, *, tokens_last):
    for _ in range(n_new):
        n = len(params["position_table"])
        newest = token_ids[..., -n:] if tokens_last else token_ids[-n:]
        token_ids = np.append(token_ids, np.argmax(gpt(newest, params, n_heads)[-1]))
    return token_ids


@mistake("generate", """`argmax` without an axis counts through the whole table of logits, all
    rows. Take the last row, and the largest along its last axis:
    `[..., -1, :].argmax(axis=-1)`.""")
def counts_through_the_whole_table(token_ids, params, n_heads, n_new):
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :]
        token_ids = np.append(token_ids, gpt(newest, params, n_heads).argmax())
    return token_ids


@probes("generate")
def probe_generate():
    rng = np.random.default_rng(67)
    params = random_writer(rng, n_positions=5)
    yield given(rng.integers(11, size=3), params, 2, 2)
    yield given(rng.integers(11, size=(2, 3)), params, 2, 5)
    yield given(rng.integers(11, size=(3, 7)), params, 2, 2)
    yield given(rng.integers(11, size=(3, 1, 2)), params, 1, 1)
    yield given(rng.integers(11, size=4), params, 2, 0)
    yield given(rng.integers(11, size=(3, 13)), random_writer(rng, n_positions=14), 2, 2)
