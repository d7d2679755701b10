"""What generation takes, for random calls: probabilities, caches and drafts.

Each function takes the scene of a call, which has its sizes and its generator.
"""

from collections.abc import Callable

import numpy as np


def reader(scene) -> dict:
    """The parameters of a GPT with a block, and positions for the cached tokens as well."""
    scene["n_blocks"] = int(scene.rng.integers(1, 3))
    scene["start"] = scene["n_past"] if "caches" in scene.given else 0
    return scene.gpt()


def writer(scene) -> dict:
    """The parameters of a GPT with a block, and positions for all that it writes, or too few."""
    scene["n_new"] = int(scene.rng.integers(0, 5))
    scene["n_blocks"] = int(scene.rng.integers(1, 3))
    n_read = scene["n_tokens"] + scene["n_new"] - 1
    scene["n_positions"] = max(1, n_read + (-1 if scene.refused else int(scene.rng.integers(0, 3))))
    return scene.gpt()


def cache(scene) -> dict:
    """The keys and values of tokens that were read."""
    leading = *scene.batch, scene["n_heads"], scene["n_past"]
    return {"k": scene.numbers(*leading, scene["d_k"]), "v": scene.numbers(*leading, scene["d_v"])}


def probs(scene, *shape: int) -> np.ndarray:
    """Probabilities: rows may have zeros, equal entries, or nearly all in one entry."""
    concentration = scene.rng.choice([0.2, 1.0, 5.0])
    rows = scene.rng.dirichlet(np.full(scene["vocab"], concentration), shape) + 1e-6
    rows = rows / rows.sum(axis=-1, keepdims=True)
    if scene.rng.random() < 0.4:  # sixteenths: sums of them are exact
        rows = scene.rng.multinomial(16, rows) / 16
    return rows.astype(np.float32) if scene.kind == "float32" else rows


def draft(scene) -> np.ndarray:
    """What a small model gave to each token, the same array each time; there may be none."""
    if "n_drafted" not in scene:
        scene["n_drafted"] = int(scene.rng.integers(0, 6))
        scene.draft_probs = probs(scene, scene["n_drafted"])
    return scene.draft_probs


def drafted(scene) -> np.ndarray:
    """A token for each row of the draft, none of them impossible."""
    rows = draft(scene).astype(np.float64)
    return np.array([scene.rng.choice(len(row), p=row / row.sum()) for row in rows], dtype=int)


def temperature(scene) -> float:
    """Any that there may be; below 0 if the call is to be refused."""
    return -0.5 if scene.refused else float(scene.rng.choice([0.0, 0.3, 0.5, 2.0]))


MAKERS: dict[str, Callable] = {
    "temperature": temperature,
    "probs": lambda s: probs(s, *(s.batch if s.rng.random() < 0.5 else s.tokens)),
    "p": lambda s: float(s.rng.choice([0.0, 0.3, 0.5, 0.75, 0.9, 0.99, 1.0])),
    "cache": cache,
    "caches": lambda s: [cache(s) for _ in range(s["n_blocks"])],
    "drafted": drafted,
    "draft_probs": draft,
    "target_probs": lambda s: probs(s, s["n_drafted"] + 1),
}

OF_ITS_OWN: dict[str, dict[str, Callable]] = {
    "top_k": {"k": lambda s: int(s.rng.integers(0, 11))},
    "cached_gpt": {"params": reader},
    "sample": {
        "params": writer,
        "n_new": lambda s: s["n_new"],
        "k": lambda s: int(s.rng.integers(0, 8)),
    },
}
