"""Text from a model, token by token, by the reader's gpt and softmax."""

import numpy as np
from kata_01_attention import softmax
from kata_06_transformer import gpt

MARK = "\N{REPLACEMENT CHARACTER}"
TEMPERATURE = 0.8  # logits are divided by it: below 1, likely tokens become more likely


def write_on(params, token_ids, n_heads, n_new, rng, temperature=TEMPERATURE) -> list[int]:
    """Draw n_new tokens; the model reads as many of the newest as it has positions for."""
    ids, n_positions = list(token_ids), len(params["position_table"])
    for _ in range(n_new):
        logits = gpt(np.array(ids[-n_positions:]), params, n_heads)[-1]
        probs = softmax(logits.astype(np.float64) / temperature)
        ids.append(int(rng.choice(len(probs), p=probs)))
    return ids[len(token_ids) :]


def as_text(token_ids, alphabet="") -> str:
    """Tokens as text: letters of an alphabet, or bytes; what cannot be shown becomes a mark."""
    if alphabet:
        return "".join(alphabet[token_id] for token_id in token_ids)
    text = bytes(token_ids).decode("utf-8", errors="replace")
    return "".join(c if c.isprintable() or c in "\n\t" else MARK for c in text)


def as_tokens(text: str, alphabet="") -> list[int]:
    """The other way round; letters that are in no alphabet are left out."""
    if alphabet:
        return [alphabet.index(letter) for letter in text if letter in alphabet]
    return list(text.encode("utf-8"))
