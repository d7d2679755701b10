"""How the arguments of lesson 7, on gradients, are drawn for random calls."""

import numpy as np

CURVES = (
    lambda x: float((x * x * x).sum()),
    lambda x: float(np.sin(x).prod()),
    lambda x: float(np.sin(x).cumsum().sum()),
)

MAKERS = {
    "f": lambda s: CURVES[s.rng.integers(len(CURVES))],
    "step": lambda s: float(s.rng.choice([1e-3, 1e-2])),
    "w": lambda s: s.weights(s["d_model"], s["d_out"]),
    "n_rows": lambda s: s["vocab"],
    "grad_out": lambda s: s.numbers(*s.tokens, s["d_model"]),
}

OF_ITS_OWN = {
    "numerical_gradient": {"x": lambda s: s.any_shape()},
    "linear_backward": {"grad_out": lambda s: s.numbers(*s.tokens, s["d_out"])},
    "softmax_backward": {"grad_out": lambda s: s.numbers(*s.shape)},
    "gelu_backward": {"x": lambda s: s.any_shape(), "grad_out": lambda s: s.any_shape()},
}
