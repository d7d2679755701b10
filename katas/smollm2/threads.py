"""How many threads the products run on: on a busy machine, one may be quicker than two."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from kata_12_modern_llm import llama
from threadpoolctl import threadpool_info, threadpool_limits

from smollm2.model import Model

BLOCKS = 4  # more than a processor's cache holds, of SmolLM2


@contextmanager
def on_the_quickest(model: Model) -> Iterator[int]:
    """A context in which products run on as many threads as one token takes the least time with."""
    n_threads = min((1, all_threads()), key=lambda n: _seconds(model, n))
    with threadpool_limits(n_threads):
        yield n_threads


def all_threads() -> int:
    """As many as the libraries would take by themselves."""
    return max((pool["num_threads"] for pool in threadpool_info()), default=1)


def _seconds(model: Model, n_threads: int) -> float:
    """The time for one token in the first blocks."""
    width = model.params["token_table"].shape[1]
    params = model.params | {"blocks": model.params["blocks"][:BLOCKS],
                             "unembedding": np.zeros((width, 0), np.float32)}
    with threadpool_limits(n_threads):
        start = time.perf_counter()
        llama(np.array([0]), params, model.config)
        return time.perf_counter() - start
