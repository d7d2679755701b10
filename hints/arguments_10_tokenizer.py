"""Random texts, ids, merges and words for the random calls of a tokenizer's functions.

All parts of a call fit together: a text holds some of the special texts, and ids stand for
bytes, merges, or special texts.
"""

import numpy as np

SIGNS = ["a", "b", "ab", "ba", " ", "  ", "B", "1", "12", ".", "é", "你", "\n", "\r\n", "_", "<",
         "'s"]
SPECIAL = ["<a>", "<a><b>", "a.b", "b|", "é"]


def a_text(scene) -> str:
    """A text of few characters, with frequent pairs; with special texts, if there are any."""
    signs = SIGNS[: int(scene.rng.integers(2, len(SIGNS) + 1))]
    if "special" in scene.given:
        signs = signs + [*special(scene)]
    return "".join(scene.rng.choice(signs, int(scene.rng.integers(0, 30))))


def words(scene) -> dict:
    """Words of a few ids, each with its count."""
    return {_ids(scene, 1, 7): int(scene.rng.integers(1, 9)) for _ in range(scene["n"])}


def word(scene) -> tuple:
    """A word in which pairs are frequent."""
    return _ids(scene, 0, 9)


def pair(scene) -> tuple:
    """A pair that may be in the word; often one id twice."""
    return _ids(scene, 2, 2)


def merges(scene) -> list:
    """Merges of the bytes of SIGNS, and of earlier merges; the same ones each time."""
    if "n_merges" not in scene:
        scene["n_merges"] = int(scene.rng.integers(0, 9))
        scene["seed"] = int(scene.rng.integers(2**32))
    rng, found = np.random.default_rng(scene["seed"]), {}
    ids = list("".join(rng.choice(SIGNS[:11], 4)).encode())
    for new_id in range(256, 256 + scene["n_merges"]):
        found[tuple(rng.choice(ids, 2).tolist())] = None
        ids += [new_id] * (len(found) == new_id - 255)
    return list(found)


def special(scene) -> dict:
    """Special texts, some of which begin alike, with ids above those of the merges."""
    above = 256 + len(merges(scene))
    rng = np.random.default_rng([scene["seed"], 1])
    names = rng.permutation(SPECIAL)[: int(rng.integers(0, 5))].tolist()
    return {name: above + 3 * i for i, name in enumerate(names)}


def ids_of_tokens(scene) -> list:
    """Ids of bytes, of merges and of special texts; characters may be cut."""
    known = [*"abé你\r\n".encode(), 0xFF, *range(256, 256 + len(merges(scene)))]
    if "special" in scene.given:
        known += special(scene).values()
    return scene.rng.choice(known, int(scene.rng.integers(0, 12))).tolist()


def _ids(scene, shortest: int, longest: int) -> tuple:
    length = int(scene.rng.integers(shortest, longest + 1))
    return tuple(scene.rng.choice([97, 98, 300], length, p=[0.5, 0.3, 0.2]).tolist())


# How an argument is drawn, by its name; and what is different for a single function.
MAKERS = {
    "words": words,
    "pair": pair,
    "new_id": lambda scene: int(scene.rng.choice([97, 301])),
    "text": a_text,
    "n_merges": lambda scene: int(scene.rng.integers(0, 20)) + 256 * (scene.rng.random() < 0.1),
    "merges": merges,
    "special": special,
}
OF_ITS_OWN = {"merge_pair": {"ids": word}, "decode": {"ids": ids_of_tokens}}
