"""How the arguments of lesson 5, on the parts of a block, are drawn for random calls."""

import numpy as np

from tests.runner.diagnosis.scene import GPT

ACTIVATIONS = (np.tanh, np.cos, np.abs, np.square, np.negative)

MAKERS = {
    "w_in": lambda s: s.weights(s["d_model"], s["d_ff"]),
    "b_in": lambda s: s.weights(s["d_ff"]),
    "w_out": lambda s: s.weights(s["d_ff"], s["d_out"]),
    "b_out": lambda s: s.weights(s["d_out"]),
    "activation": lambda s: ACTIVATIONS[s.rng.integers(len(ACTIVATIONS))],
    "gain": lambda s: s.weights(s["d_model"]),
    "bias": lambda s: s.weights(s["d_model"]),
    "eps": lambda s: float(s.rng.choice([1e-12, 1e-3, 0.1, 2.0])),
    "block": lambda s: s.block(*GPT),
}

OF_ITS_OWN = {
    "relu": {"x": lambda s: s.any_shape()},
    "gelu": {"x": lambda s: s.any_shape()},
}
