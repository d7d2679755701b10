"""What attention in tiles takes, for random calls: parts of a softmax, what a forward pass kept.

Each function takes the scene of a call, which has its sizes and its generator.
"""

import math
from collections.abc import Callable

import numpy as np


def part(scene) -> tuple:
    """A partial softmax of all queries; some of them have seen nothing, and some a single key."""
    rows = *scene.tokens, 1
    empty = scene.rng.random(rows) < scene.rng.choice([0.0, 0.3, 1.0], p=[0.6, 0.3, 0.1])
    highest = np.where(empty, -np.inf, scene.numbers(*rows))
    more = 3 * scene.rng.random(rows) * (scene.rng.random(rows) < 0.8)
    total = np.where(empty, 0.0, 1 + more)
    blend = np.where(empty, 0.0, scene.numbers(*scene.tokens, scene["d_v"]))
    dtype = np.float32 if scene.kind == "float32" else np.float64
    return tuple(array.astype(dtype) for array in (highest, total, blend))


def kept(name: str) -> Callable:
    """What a forward pass took or returned, each time that of the same pass."""

    def of_the_pass(scene):
        if "pass" not in scene:
            scene["pass"] = forward_pass(scene)
        return scene["pass"][name]

    return of_the_pass


def forward_pass(scene) -> dict:
    """Queries, keys and values, and the output and log_sum of attention, causal or not."""
    q = _moderate(scene, *scene.tokens, scene["d_k"])
    k, v = (_moderate(scene, *scene.batch, scene["n_keys"], scene[width])
            for width in ("d_k", "d_v"))
    causal = "causal" in scene.given and bool(scene.rng.random() < 0.7)
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])
    if causal:
        n_queries, n_keys = scores.shape[-2:]
        scores = np.where(np.tri(n_queries, n_keys, n_keys - n_queries, dtype=bool), scores,
                          -np.inf)
    highest = scores.max(axis=-1, keepdims=True)
    exps = np.exp(scores - np.where(highest == -np.inf, 0.0, highest))
    total = exps.sum(axis=-1, keepdims=True)
    total = np.where(total == 0, 1.0, total)
    return dict(q=q, k=k, v=v, output=exps @ v / total, log_sum=highest + np.log(total),
                causal=causal)


def _moderate(scene, *shape: int) -> np.ndarray:
    """Data of the call's kind; scores of millions would have no digits left below log_sum."""
    numbers = scene.numbers(*shape)
    return numbers / 100 if scene.kind == "large" else numbers


MAKERS: dict[str, Callable] = {
    "tile": lambda s: int(s.rng.choice([1, 2, 3, 4, 5, 64])),
    "part": part,
    "a": part,
    "b": part,
    "output": kept("output"),
    "log_sum": kept("log_sum"),
    "causal": kept("causal"),
}

OF_ITS_OWN: dict[str, dict[str, Callable]] = {
    "tiled_attention_backward": {
        **{name: kept(name) for name in "qkv"},
        "grad_out": lambda s: s.numbers(*s.tokens, s["d_v"])},
}
