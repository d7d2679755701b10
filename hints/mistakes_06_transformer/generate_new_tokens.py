"""Mistakes in generate: loops for one sequence whose answer lacks the prompt.

    crops   True if gpt is given only as many tokens as there is room for
    answer  the new tokens as what is "cut" from the text, or collected in an "array" or a "list"
"""

import numpy as np
from kata_06_transformer import gpt

from tests.runner.diagnosis.known import mistake


@mistake("generate", """Your answer has only the new tokens; the prompt should come first.""",
         answer=("cut", "array", "list"), crops=(False, True))
def answers_with_what_is_new_to_an_array(token_ids, params, n_heads, n_new, *, answer, crops):
    n_tokens, new = len(token_ids), []
    for _ in range(n_new):
        newest = token_ids[-len(params["position_table"]) :] if crops else token_ids
        new.append(np.argmax(gpt(newest, params, n_heads)[-1]))
        token_ids = np.append(token_ids, new[-1])
    return token_ids[n_tokens:] if answer == "cut" else np.array(new) if answer == "array" else new


@mistake("generate", """Your answer has only the new tokens; the prompt should come first.""",
         answer=("array", "list"), crops=(False, True))
def answers_with_what_is_new_to_a_list(token_ids, params, n_heads, n_new, *, answer, crops):
    tokens, new = list(token_ids), []
    for _ in range(n_new):
        newest = tokens[-len(params["position_table"]) :] if crops else tokens
        new.append(int(np.argmax(gpt(np.array(newest), params, n_heads)[-1])))
        tokens.append(new[-1])
    return np.array(new) if answer == "array" else new


@mistake("generate", """Your answer has only the new tokens; the prompt should come first.""",
         answer=("array", "cut"), crops=(False, True))
def answers_with_what_is_new_of_the_last_axis(token_ids, params, n_heads, n_new, *, answer, crops):
    n_tokens, new = token_ids.shape[-1], []
    for _ in range(n_new):
        newest = token_ids[..., -len(params["position_table"]) :] if crops else token_ids
        new.append(gpt(newest, params, n_heads)[..., -1, :].argmax(axis=-1))
        token_ids = np.append(token_ids, new[-1])
    return token_ids[n_tokens:] if answer == "cut" else np.array(new)
