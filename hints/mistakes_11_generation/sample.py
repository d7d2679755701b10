"""Mistakes in sample, and what tells them apart."""

import numpy as np

from tests.forward_08_backprop import random_gpt
from tests.runner.diagnosis.known import edit, given, probes

READ = "logits, caches = cached_gpt(newest, params, n_heads, caches)"
PROBS = "probs = probabilities(logits[..., -1, :], temperature)"
DRAW = "newest = draw(probs, rng)[..., np.newaxis]"
START = "token_ids = newest = np.array(token_ids)"

reads_all_again = edit("sample", """You hand all tokens to the model together with its caches, so
    old tokens are read twice, at positions that are too high. With caches, only what is new is
    read.""",
    (READ, "logits, caches = cached_gpt(token_ids, params, n_heads, caches)"), common=True)

loses_the_caches = edit("sample", """The caches are never handed back to the model, so each new
    token is read as if it were the first of the text.""",
    (READ, "logits, _ = cached_gpt(newest, params, n_heads, caches)"), common=True)

reads_the_prompts_last_token_alone = edit(
    "sample", """Of the prompt you read only the last token. At first the whole prompt is new.""",
    (START, "token_ids = np.array(token_ids)\nnewest = token_ids[..., -1:]"))

chooses_by_the_first_row = edit("sample", """You choose by the first row of the logits, which is
    about what follows the first token read. The last row is about what comes next.""",
    (PROBS, PROBS.replace("-1, :", "0, :")), common=True)

forgets_the_temperature_of_sample = edit(
    "sample", """The temperature has no effect: hand it on to `probabilities`.""",
    (", temperature)", ")"), denies=True, common=True)

forgets_k = edit("sample", """Your k has no effect: hand the probabilities to `top_k` unless k is
    None.""",
    ("if k is not None:", "if False:"), denies=True)

forgets_p = edit("sample", """Your p has no effect: hand the probabilities to `top_p` unless p is
    None.""",
    ("if p is not None:", "if False:"), denies=True)

takes_p_of_0_for_none = edit("sample", """At p = 0.0 you do not filter, as 0.0 counts as False: then
    only the most likely token should stay. Ask whether p is None.""",
    ("if p is not None:", "if p:"), common=True)

filters_by_p_before_k = edit("sample", """You filter by p before k. That is another convention,
    which keeps other tokens: here k comes first, and p looks at what k has left.""",
    ("if k is not None: probs = top_k(probs, k) if p is not None: probs = top_p(probs, p)",
     "if p is not None:\n    probs = top_p(probs, p)\nif k is not None:\n"
     "    probs = top_k(probs, k)"), common=True)

applies_the_temperature_last = edit(
    "sample", """You apply the temperature after the filters. That is another convention, which
    keeps other tokens: here the temperature comes first, and k and p look at what it has made.""",
    (PROBS, "probs = probabilities(logits[..., -1, :])"),
    (DRAW, 'with np.errstate(divide="ignore"):\n'
           f"    probs = probabilities(np.log(probs), temperature)\n{DRAW}"), common=True)

draws_once_for_all_rows = edit("sample", """All rows get the token that was drawn for the first.
    Each row is drawn by itself.""",
    (DRAW, f"{DRAW}\nnewest = np.zeros_like(newest) + newest.flat[0]"))

begins_anew_for_each_token = edit(
    "sample", """You make a generator in the loop, so each token is drawn with the same random
    number. Hand `rng` on.""",
    (DRAW, DRAW.replace("rng", "np.random.default_rng(seed)")), seed=(0, 42))

returns_the_new_tokens_alone = edit(
    "sample", """You return the new tokens without the prompt. It stands first.""",
    ("return token_ids", "return token_ids[..., token_ids.shape[-1] - n_new :]"), common=True)

puts_new_tokens_first = edit("sample", """You put new tokens in front of the text. They go at its
    end.""",
    ("[token_ids, newest]", "[newest, token_ids]"))

always_takes_the_best = edit("sample", """You always take the most likely token, and chance has no
    part in it: draw.""",
    (DRAW, "newest = probs.argmax(axis=-1)[..., np.newaxis]"))


@probes("sample")
def probe_sample():
    params = random_gpt(n_blocks=2, n_positions=9)
    for seed, prompt in enumerate((np.array([3, 1]), np.array([[1, 2, 0], [4, 4, 8]]),
                                   np.array([[[5], [0]], [[1], [7]], [[2], [2]]]))):
        for how in (dict(temperature=0), dict(temperature=0.4), dict(k=3), dict(p=0.5),
                    dict(temperature=3.0, k=5, p=0.8), dict(temperature=0.3, p=0.99),
                    dict(p=0.0, temperature=2.0), dict(temperature=4.0), dict(k=3, p=0.0)):
            yield given(prompt, params, 2, 5, np.random.default_rng(seed), **how)
    yield given(prompt, params, 2, 12, np.random.default_rng(8))
    yield given(prompt, params, 2, 0, np.random.default_rng(8))
