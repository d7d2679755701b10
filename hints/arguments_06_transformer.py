"""How the arguments of lesson 6, on transformers, are drawn for random calls."""

from tests.runner.diagnosis.scene import DECODER, ENCODER, LEFT_OUT

MAKERS = {
    "memory_mask": lambda s: s.mask(),
    "source_ids": lambda s: s.ids(*s.batch, s["n_source"]),
    "target_ids": lambda s: s.rng.integers(s["vocab_out"], size=s.tokens),
    "source_mask": lambda s: s.padding(s["n_source"]) if len(s.batch) == 1 else LEFT_OUT,
    "params": lambda s: s.gpt(),
    "logits": lambda s: s.numbers(*s.tokens, s["vocab"]),
    "targets": lambda s: s.targets(),
    "ignore_index": lambda s: s.ignored(),
    "n_new": lambda s: int(s.rng.integers(0, 5)),
}

OF_ITS_OWN = {
    "encoder_block": {"block": lambda s: s.block(*ENCODER)},
    "decoder_block": {
        "block": lambda s: s.block(*DECODER),
        "mask": lambda s: s.mask(s["n_tokens"]),
    },
    "transformer": {"params": lambda s: s.encoder_decoder()},
    "generate": {"params": lambda s: s.writer()},
}
