"""The mini-GPT of lesson 6, as the benchmarks of lessons 6, 8, 9 and 11 measure it.

It was trained on 16 positions. For longer texts its table gets random rows beyond those; what it
would write there is nonsense, but takes the same time.
"""

import numpy as np

from katas.mini_gpt.load import N_HEADS, load_params

PARAMS = load_params()
N_BLOCKS, (VOCABULARY, D_MODEL) = len(PARAMS["blocks"]), PARAMS["token_table"].shape
ABOUT = f"{N_BLOCKS} blocks, d_model = {D_MODEL}, {PARAMS['token_table'].dtype}"
FALLING = "slope -1: twice the text, half the speed"


def text_and_model(*shape):
    """Random token ids of this shape, parameters with room for them, and the number of heads."""
    rng, trained = np.random.default_rng(shape[-1]), PARAMS["position_table"]
    missing = max(0, shape[-1] - len(trained)), trained.shape[1]
    more = rng.normal(scale=trained.std(), size=missing).astype(trained.dtype)
    token_ids = rng.integers(1, VOCABULARY, size=shape)
    return token_ids, PARAMS | {"position_table": np.concatenate([trained, more])}, N_HEADS
