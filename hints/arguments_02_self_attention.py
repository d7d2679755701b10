"""How the arguments of lesson 2, on self-attention, are drawn for random calls."""

MAKERS = {
    "x": lambda s: s.numbers(*s.tokens, s["d_model"]),
    "memory": lambda s: s.numbers(*s.batch, s["n_keys"], s["d_memory"]),
    "w_q": lambda s: s.weights(s["d_model"], s.width("d_k")),
    "w_k": lambda s: s.weights(s["d_memory"], s.width("d_k")),
    "w_v": lambda s: s.weights(s["d_memory"], s.width("d_v")),
    "n_tokens": lambda s: s["n_tokens"],
    "lengths": lambda s: s.rng.integers(0, s["n_tokens"] + 1, s.batch[:1] or 3),
}
