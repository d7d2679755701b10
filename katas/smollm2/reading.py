"""A text read by `llama`, piece by piece; what was read before is not read again."""

from collections.abc import Iterator
from itertools import takewhile

import numpy as np
from kata_11_generation import draw, probabilities, top_p
from kata_12_modern_llm import llama

from smollm2.model import Model

CHUNK = 128  # tokens that are read at once: a table of scores has so many rows
TOP_P = 0.9  # as the model's authors advise
TOP_K = 1000  # to sort all 49,152 for TOP_P would take a fifth of the time for a token


class Reader:
    """Reads texts, and keeps keys and values of the last: one that begins alike goes on there."""

    def __init__(self, model: Model):
        self.model = model
        self._kept: tuple[list[int], list | None] = ([], None)

    @property
    def n_kept(self) -> int:
        """The number of tokens whose keys and values are kept."""
        return len(self._kept[0])

    @property
    def n_bytes(self) -> int:
        """The size of what is kept."""
        caches = self._kept[1] or []
        return sum(array.nbytes for cache in caches for array in cache.values())

    def read(self, ids: list[int]) -> np.ndarray:
        """The logits for the token after a text: (vocab,)."""
        known, caches = self._kept
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(known, ids)))
        n_past = min(alike, len(ids) - 1)  # the last token is read in any case, for its logits
        if n_past < len(known):
            caches = _shortened(caches, n_past) if n_past else None
        if n_past + 1 < len(ids):
            caches = self._without_logits(ids[:-1], n_past, caches)
        logits = self._step(ids, len(ids) - 1, caches, self.model.params)
        return logits[-1]

    def answer(self, ids: list[int], n_new: int, temperature: float,
               rng: np.random.Generator) -> Iterator[int]:
        """Up to n_new tokens after a text, as they are drawn, to the end of the model's turn."""
        ids = list(ids)
        for _ in range(n_new):
            token = choose(self.read(ids), temperature, rng)
            if token in self.model.stops:
                return
            ids.append(token)
            yield token

    def _without_logits(self, ids: list[int], n_past: int, caches):
        """Read tokens whose logits nobody needs; these would be a fifth of the work."""
        width = self.model.params["token_table"].shape[1]
        params = self.model.params | {"unembedding": np.zeros((width, 0), np.float32)}
        for start in range(n_past, len(ids), CHUNK):
            self._step(ids[: start + CHUNK], start, caches, params)
            caches = self._kept[1]
        return caches

    def _step(self, ids: list[int], start: int, caches, params: dict) -> np.ndarray:
        """Read the tokens from start on; what is kept changes in one step, or not at all."""
        logits, caches = llama(np.array(ids[start:]), params, self.model.config, caches)
        self._kept = list(ids), caches
        return logits


def choose(logits: np.ndarray, temperature: float, rng: np.random.Generator) -> int:
    """The next token, of the TOP_K most likely; at temperature 0 the first of them."""
    if temperature == 0:
        return int(logits.argmax())
    likely = np.argpartition(-logits, min(TOP_K, len(logits)) - 1)[:TOP_K]
    return int(likely[draw(top_p(probabilities(logits[likely], temperature), TOP_P), rng)])


def _shortened(caches: list[dict], n_tokens: int) -> list[dict]:
    """Keys and values of the first tokens only."""
    return [{name: array[..., :n_tokens, :] for name, array in cache.items()} for cache in caches]
