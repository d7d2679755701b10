"""Counts what a reader's function takes exp of, to see how much goes through it at a time."""

from contextlib import contextmanager

import numpy as np


@contextmanager
def exps_counted():
    """Lists, call by call, how many numbers go through np.exp."""
    exp, numbers = np.exp, []

    def counting(x, *args, **how):
        numbers.append(np.size(x))
        return exp(x, *args, **how)

    np.exp = counting
    try:
        yield numbers
    finally:
        np.exp = exp
