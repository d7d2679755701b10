"""How many threads the matrix products may use, set while Python runs.

A Python loop has one thread, so with one the comparison is fair; and a second thread that has to
wait for a busy core can make a product a hundred times slower.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import ThreadpoolController

NAMES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
QUIET = 0.04  # seconds: so long the threads of a library may still turn in place, waiting for more


def processor_time() -> bool:
    """Whether to count the processor's time for this process; with one thread only."""
    return os.environ.get("BENCH_CLOCK") == "processor"


def all_threads() -> int:
    """How many there are: what the environment says, or the number of cores."""
    if processor_time():
        return 1
    said = [int(value) for name in NAMES if (value := os.environ.get(name, "")).isdigit()]
    return max(1, said[0]) if said else cores()


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Limit:
    """Sets the number of threads for a while; lets those that ran before go to sleep first.

    settable: whether NumPy's BLAS lets its threads be set; Apple's Accelerate does not
    """

    def __init__(self):
        self.libraries = ThreadpoolController()  # BLAS and OpenMP, as far as they are loaded
        self.settable = any(one["user_api"] == "blas" for one in self.libraries.info())
        self.restless = None  # what may still turn in place

    @contextmanager
    def to(self, n_threads: int, library: str) -> Iterator[None]:
        """Within it, `library` (NumPy or PyTorch) uses so many threads."""
        if self.restless not in (None, (library, n_threads)):
            time.sleep(QUIET)
        self.restless = (library, n_threads) if n_threads > 1 else None
        with self.libraries.limit(limits=n_threads):
            yield
