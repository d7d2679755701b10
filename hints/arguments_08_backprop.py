"""How the arguments of lesson 8, on backpropagation, are drawn for random calls."""

OF_ITS_OWN = {
    "attention_backward": {"grad_out": lambda s: s.numbers(*s.tokens, s["d_v"])},
    "multi_head_attention_backward": {"grad_out": lambda s: s.numbers(*s.tokens, s["d_out"])},
    "feed_forward_backward": {"grad_out": lambda s: s.numbers(*s.tokens, s["d_out"])},
}
