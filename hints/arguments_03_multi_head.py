"""How the arguments of lesson 3, on multi-head attention, are drawn for random calls."""

MAKERS = {
    "w_o": lambda s: s.weights(s.width("d_v"), s["d_out"]),
    "n_heads": lambda s: s.heads(),
}

OF_ITS_OWN = {
    "split_heads": {"x": lambda s: s.numbers(*s.tokens, s.width("d_k"))},
    "merge_heads": {"x": lambda s: s.numbers(*s.batch, s["n"], s["n_tokens"], s["d_k"])},
}
