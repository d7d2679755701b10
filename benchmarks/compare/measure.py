"""Calls both functions of a pair on the same random numbers, and measures how far apart they are."""

import warnings

import numpy as np
import torch

from benchmarks.compare.distance import Distance, between
from benchmarks.compare.pairs import Pair
from benchmarks.compare.row import AGREED, AGREED_32, Row
from benchmarks.harness.tensors import as_tensors, each

SEED = 1
LONGEST = 200  # characters of an exception's message


def compare(pair: Pair, ours, kata: str, whose: str) -> Row:
    """One row: the pair in float64, and again in float32 where its arguments have fractions."""
    wide = distance(pair, ours, np.float64, AGREED)
    narrow = distance(pair, ours, np.float32, AGREED_32) if _has_fractions(_given(pair)) else Distance()
    said = wide.said or (f"{narrow.said}, in float32" if narrow.said else "")
    return Row(kata, pair.function, whose, pair.called, wide.largest, wide.digits, narrow.digits, said, pair.why)


def distance(pair: Pair, ours, dtype, least: float) -> Distance:
    """Call both, each on arguments of its own, and compare the answers. Whatever goes wrong becomes a sentence."""
    given = _cast(_given(pair), dtype)
    try:
        theirs = _answer(pair.theirs, as_tensors(given))
    except Exception as problem:  # noqa: BLE001 - PyTorch may refuse what ours takes
        return Distance(said=f"PyTorch raised {_sentence(problem)}")
    try:
        answer = _answer(ours, each(np.copy, given))
    except BaseException as problem:  # noqa: BLE001 - it may be the reader's code, and it may call exit()
        return Distance(said=f"raised {_sentence(problem)}")
    return between(answer, each(torch.Tensor.numpy, theirs, torch.Tensor), least)


def _given(pair: Pair) -> tuple:
    """The arguments of a pair: the same in every run, and whichever others are compared."""
    return pair.given(np.random.default_rng(SEED))


def _answer(function, arguments: tuple):
    """What a function gives, without its warnings."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), torch.no_grad():
        warnings.simplefilter("ignore")
        return function(*arguments)


def _cast(value, dtype):
    return each(lambda array: array.astype(dtype) if array.dtype.kind == "f" else array, value)


def _has_fractions(value) -> bool:
    kinds = []
    each(lambda array: kinds.append(array.dtype.kind), value)
    return "f" in kinds


def _sentence(problem: BaseException) -> str:
    said = " ".join(str(problem).split())[:LONGEST]
    return f"{type(problem).__name__}: {said}".rstrip(": ")
