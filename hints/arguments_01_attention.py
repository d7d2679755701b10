"""How the arguments of lesson 1, on attention, are drawn for random calls."""

WITHOUT_BATCH = {"attend_one", "attention_loop"}
MAKERS = {
    "scores": lambda s: s.scores(),
    "axis": lambda s: s.axis(),
    "query": lambda s: s.numbers(s["d_k"]),
    "keys": lambda s: s.numbers(s["n_keys"], s["d_k"]),
    "values": lambda s: s.numbers(s["n_keys"], s["d_v"]),
    "q": lambda s: s.numbers(*s.tokens, s["d_k"]),
    "k": lambda s: s.numbers(*s.batch, s["n_keys"], s["d_k"]),
    "v": lambda s: s.numbers(*s.batch, s["n_keys"], s["d_v"]),
    "mask": lambda s: s.mask(),
}
