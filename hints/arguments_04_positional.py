"""How the arguments of lesson 4, on positions, are drawn for random calls."""

MAKERS = {
    "n_positions": lambda s: s["n_tokens"],
    "d_model": lambda s: s["d_model"],
    "d_head": lambda s: s.even("d_head"),
    "base": lambda s: float(s.rng.choice([10.0, 100.0, 37.5, 500_000.0])),
    "start": lambda s: s.start(),
    "table": lambda s: s.table(s.n_positions(), s["d_model"]),
    "token_ids": lambda s: s.ids(*s.tokens),
    "token_table": lambda s: s.numbers(s["vocab"], s["d_model"]),
    "position_table": lambda s: s.table(s.n_positions(), s["d_model"]),
    "positions": lambda s: s.positions(),
}

OF_ITS_OWN = {
    "apply_rotary": {"x": lambda s: s.numbers(*s.tokens, s.even("d_head") + s.refused)},
}
