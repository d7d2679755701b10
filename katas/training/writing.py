"""Text from a model, token by token, by the reader's gpt and softmax."""

import codecs
from collections.abc import Iterable, Iterator

import numpy as np
from kata_01_attention import softmax
from kata_06_transformer import gpt

MARK = "\N{REPLACEMENT CHARACTER}"
TEMPERATURE = 0.8  # logits are divided by it: below 1, likely tokens become more likely


def new_tokens(params, token_ids, n_heads, n_new, rng, temperature=TEMPERATURE) -> Iterator[int]:
    """Draw n_new tokens; the model reads as many of the newest as it has positions for."""
    ids, n_positions = list(token_ids), len(params["position_table"])
    for _ in range(n_new):
        logits = gpt(np.array(ids[-n_positions:]), params, n_heads)[-1]
        probs = softmax(logits.astype(np.float64) / temperature)
        ids.append(int(rng.choice(len(probs), p=probs)))
        yield ids[-1]


def write_on(params, token_ids, n_heads, n_new, rng, temperature=TEMPERATURE) -> list[int]:
    """The same tokens, all at once."""
    return list(new_tokens(params, token_ids, n_heads, n_new, rng, temperature))


def as_text(token_ids, alphabet="") -> str:
    """Tokens as text: letters of an alphabet, or bytes; what cannot be shown becomes a mark."""
    return "".join(pieces(token_ids, alphabet))


def pieces(token_ids: Iterable[int], alphabet="") -> Iterator[str]:
    """The text of tokens as they come; a character of several bytes comes with its last one."""
    if alphabet:
        yield from (alphabet[token_id] for token_id in token_ids)
        return
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    for token_id in token_ids:
        yield _shown(decoder.decode(bytes([token_id])))
    yield _shown(decoder.decode(b"", final=True))


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() or c in "\n\t" else MARK for c in text)


def stripped(texts: Iterable[str]) -> Iterator[str]:
    """Text as it comes, without the line breaks at its start and its end."""
    begun, breaks = False, ""
    for c in (c for text in texts for c in text):
        if c == "\n":
            breaks += c
        else:
            yield breaks + c if begun else c
            begun, breaks = True, ""


def as_tokens(text: str, alphabet="") -> list[int]:
    """The other way round; letters that are in no alphabet are left out."""
    if alphabet:
        return [alphabet.index(letter) for letter in text if letter in alphabet]
    return list(text.encode("utf-8"))
