"""Calls both functions of a pair on the same random numbers, and measures the difference."""

import contextlib
import io
import signal
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import torch

from benchmarks.compare.distance import Distance, between
from benchmarks.compare.pairs import Pair
from benchmarks.compare.row import AGREED, AGREED_32, Row
from benchmarks.harness.tensors import as_tensors, each

SEED = 1
LONGEST = 200  # characters of an exception's message
LIMIT = 12.0  # seconds for one call


class TookTooLong(BaseException):
    """Not an Exception: a function may catch those."""


def compare(pair: Pair, ours: Callable, kata: str, whose: str) -> Row:
    """One row: the pair in float64, and again in float32 where its arguments have fractions."""
    wide, narrow = distance(pair, ours, np.float64, AGREED), Distance()
    if not wide.said and _has_fractions(pair.arguments(SEED)):
        narrow = distance(pair, ours, np.float32, AGREED_32)
    said = wide.said or (f"{narrow.said}, in float32" if narrow.said else "")
    return Row(kata, pair.function, whose, pair.called, wide.largest, wide.digits, narrow.digits,
               said, pair.why)


def distance(pair: Pair, ours: Callable, dtype, least: float) -> Distance:
    """Call both, each on arguments of its own. Whatever goes wrong becomes a sentence."""
    arguments = each(lambda array: array.astype(dtype) if array.dtype.kind == "f" else array,
                     pair.arguments(SEED))
    try:
        theirs = _answer(pair.theirs, as_tensors(arguments))
    except Exception as problem:  # noqa: BLE001 - PyTorch may refuse what ours takes
        return Distance(said=f"PyTorch raised {_sentence(problem)}")
    try:
        with _time_limit():
            answer = _answer(ours, each(np.copy, arguments))
    except KeyboardInterrupt:
        raise
    except TookTooLong:
        return Distance(said=f"was stopped after {LIMIT:g} seconds")
    except BaseException as problem:  # noqa: BLE001 - it may call exit()
        return Distance(said=f"raised {_sentence(problem)}")
    return between(answer, each(lambda tensor: tensor.numpy(), theirs, torch.Tensor), least)


def _answer(function: Callable, arguments: tuple):
    """What a function gives, without its warnings and prints."""
    nothing = io.StringIO()
    with (warnings.catch_warnings(), np.errstate(all="ignore"), torch.no_grad(),
          contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing)):
        warnings.simplefilter("ignore")
        return function(*arguments)


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    """TookTooLong after LIMIT seconds, on systems that have such a signal."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_):
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _has_fractions(value) -> bool:
    kinds = []
    each(lambda array: kinds.append(array.dtype.kind), value)
    return "f" in kinds


def _sentence(problem: BaseException) -> str:
    said = " ".join(str(problem).split())[:LONGEST]
    return f"{type(problem).__name__}: {said}".rstrip(": ")
