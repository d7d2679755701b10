"""What training takes, for random calls: trees (dicts and lists of arrays), rates and the like.

Each function takes the scene of a call, which has its sizes and its generator.
"""

from collections.abc import Callable

import numpy as np

from tests.runner.specs.nested import mapped

FUNCTIONS = (
    lambda *arrays: sum((i + 2) * array for i, array in enumerate(arrays)),
    lambda *arrays: np.tanh(arrays[0]) - 3 * arrays[-1],
)


def tree(scene) -> dict:
    """A tree of arrays of one axis to three, of the same form each time."""
    w, b, last, deep = (scene.weights(*(scene[name] for name in ("tall", "wide", "deep")[:n_axes]))
                        for n_axes in (2, 1, 1, 3))
    blocks = [{"w": deep}, {"w": deep / 2}][: 1 + scene["tall"] % 2]
    return {"w": w, "inner": {"b": b, "blocks": blocks}, "last": [last]}


def trees(scene) -> list:
    """Several trees of one form; in a refused call the last one lacks something."""
    made = [tree(scene) for _ in range(int(scene.rng.integers(1, 4)))]
    if scene.refused and len(made) > 1:
        made[-1] = made[-1] | {"last": []}
    return made


def parameters(scene) -> dict:
    """The parameters of a GPT, of the same form each time."""
    if "gpt" not in scene:
        scene["gpt"] = scene.gpt()
    return mapped(lambda array: scene.rng.normal(size=array.shape).astype(array.dtype),
                  scene["gpt"])


def state(scene, tree: Callable) -> dict | None:
    """The state of an optimizer after some steps, or before the first."""
    n_steps = int(scene.rng.integers(0, 4))
    if not n_steps:
        return None
    return {"step": n_steps, "m": tree(scene), "v": mapped(np.square, tree(scene))}


MAKERS: dict[str, Callable] = {
    "rng": lambda s: np.random.default_rng(int(s.rng.integers(1000))),
    "trees": trees,
    "vocab": lambda s: s["vocab"],
    "n_blocks": lambda s: int(s.rng.integers(1, 4)),
    "spread": lambda s: float(s.rng.choice([0.02, 0.1, 1.0])),
    "batch_size": lambda s: s["batch_size"],
    "grads": tree,
    "max_norm": lambda s: float(s.rng.choice([0.1, 1.0, 5.0, 100.0])),
    "n_steps": lambda s: s["n_steps"],
    "peak": lambda s: float(s.rng.choice([0.003, 0.5, 4.0])),
    "n_warmup": lambda s: int(s.rng.integers(0, s["n_steps"] + 1)),
    "floor": lambda s: float(s.rng.choice([0.0003, 0.001])),
    "rate": lambda s: float(s.rng.choice([0.0, 0.01, 0.3])),
    "betas": lambda s: tuple(s.rng.choice([0.5, 0.9, 0.99], size=2).tolist()),
    "weight_decay": lambda s: float(s.rng.choice([0.0, 0.01, 0.5])),
    "inputs": lambda s: s.ids(*s.tokens),
}

OF_ITS_OWN: dict[str, dict[str, Callable]] = {
    "tree_map": {"f": lambda s: FUNCTIONS[s.rng.integers(2)]},
    "get_batch": {
        "token_ids": lambda s: s.rng.permutation(s["n_tokens"] + (0 if s.refused else s["room"]))},
    "learning_rate": {"step": lambda s: int(s.rng.integers(0, 14))},
    "adamw": {
        "params": tree,
        "state": lambda s: state(s, tree)},
    "train_step": {
        "params": parameters,
        "state": lambda s: state(s, parameters)},
    "held_out_loss": {
        "inputs": lambda s: s.ids(s["n_samples"], s["n_tokens"]),
        "targets": lambda s: s.targets(s["n_samples"], s["n_tokens"])},
}
