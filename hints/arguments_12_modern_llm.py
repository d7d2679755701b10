"""What a llama takes, for random calls: shared heads, blocks of few bits, conversations.

Each function takes the scene of a call, which has its sizes and its generator.
"""

from collections.abc import Callable

import numpy as np

ROLES = "user", "assistant"
CONTENTS = "", "a", " b ", "{c}\n", "<|im_end|>", "é 100 %s", "system"


def n_kv_heads(scene) -> int:
    """The number of heads of keys and values; more than one if the call is refused."""
    if "n_kv_heads" not in scene:
        scene["n_kv_heads"] = int(scene.rng.integers(1 + scene.refused, 4))
        scene["group"] = int(scene.rng.integers(1, 4))
    return scene["n_kv_heads"]


def n_heads(scene) -> int:
    """The number of query heads; one too many if the call is refused."""
    return n_kv_heads(scene) * scene["group"] + scene.refused


def projections(scene) -> dict:
    """The projections of grouped-query attention; heads of queries and keys have an even width."""
    d_model, d_head, d_v = scene["d_model"], scene.even("d_head"), scene["d_v"]
    shared, all_heads = n_kv_heads(scene), n_heads(scene)
    shapes = {"w_q": (d_model, all_heads * d_head), "w_k": (d_model, shared * d_head),
              "w_v": (d_model, shared * d_v), "w_o": (all_heads * d_v, d_model)}
    return {name: scene.weights(*shape) for name, shape in shapes.items()}


def projection(name: str) -> Callable:
    """A maker of one of the projections."""
    return lambda scene: projections(scene)[name]


def cache(scene) -> dict:
    """The keys and values of tokens that were read."""
    leading = *scene.batch, n_kv_heads(scene), scene["n_past"]
    return {"k": scene.numbers(*leading, scene.even("d_head")),
            "v": scene.numbers(*leading, scene["d_v"])}


def layers(scene) -> dict:
    """The parameters of a gated feed-forward network."""
    d_model, d_ff = scene["d_model"], scene["d_ff"]
    shapes = {"w_gate": (d_model, d_ff), "w_up": (d_model, d_ff), "w_down": (d_ff, d_model)}
    return {name: scene.weights(*shape) for name, shape in shapes.items()}


def norm(scene) -> dict:
    """The parameters of an RMS norm."""
    return {"gain": scene.weights(scene["d_model"])}


def block(scene) -> dict:
    """The parameters of a block of a llama."""
    return {"norm_1": norm(scene), "attention": projections(scene),
            "norm_2": norm(scene), "feed_forward": layers(scene)}


def config(scene) -> dict:
    """What else a model needs to know: heads, the base of the angles, eps."""
    return {"n_heads": n_heads(scene), "n_kv_heads": n_kv_heads(scene),
            "base": float(scene.rng.choice([10.0, 37.5, 500_000.0])),
            "eps": float(scene.rng.choice([1e-12, 1e-3, 0.1, 2.0]))}


def params(scene) -> dict:
    """The parameters of a llama of one or two blocks, with or without an unembedding."""
    scene["n_blocks"] = int(scene.rng.integers(1, 3))
    own = {"unembedding": scene.weights(scene["d_model"], scene["vocab"])}
    return {"token_table": scene.weights(scene["vocab"], scene["d_model"]),
            "blocks": [block(scene) for _ in range(scene["n_blocks"])],
            "norm_f": norm(scene)} | (own if scene.rng.random() < 0.5 else {})


def blocks(scene, n_scales: int, n_codes: int) -> np.ndarray:
    """Bytes: in each block some float16 numbers, and codes of any bits; half a block if refused."""
    leading = *scene.batch, scene["n"]
    scales = scene.rng.normal(size=(*leading, n_scales)).astype("<f2").view(np.uint8)
    codes = scene.rng.integers(256, size=(*leading, n_codes), dtype=np.uint8)
    rows = np.concatenate([scales, codes], axis=-1).reshape(*scene.batch, -1)
    return rows[..., :-5] if scene.refused else rows


def messages(scene) -> list:
    """A conversation, with or without a system message."""
    roles = ["system"] * (scene.rng.random() < 0.5)
    roles += [ROLES[i % 2] for i in range(int(scene.rng.integers(not roles, 5)))]
    return [{"role": role, "content": str(scene.rng.choice(CONTENTS))} for role in roles]


MAKERS: dict[str, Callable] = {
    "w_gate": lambda s: s.weights(s["d_model"], s["d_ff"]),
    "w_up": lambda s: s.weights(s["d_model"], s["d_ff"]),
    "w_down": lambda s: s.weights(s["d_ff"], s["d_out"]),
    "n_kv_heads": n_kv_heads,
    "config": config,
    "messages": messages,
}

OF_ITS_OWN: dict[str, dict[str, Callable]] = {
    "silu": {"x": lambda s: s.any_shape()},
    "grouped_query_attention": {name: projection(name) for name in ("w_q", "w_k", "w_v", "w_o")}
    | {"n_heads": n_heads, "cache": cache},
    "dequantize_q8_0": {"blocks": lambda s: blocks(s, 1, 32)},
    "dequantize_q4_1": {"blocks": lambda s: blocks(s, 2, 16)},
    "llama_block": {"block": block, "cache": cache},
    "llama": {
        "params": params,
        "caches": lambda s: [cache(s) for _ in range(s["n_blocks"])],
    },
}
