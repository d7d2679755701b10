"""Calls both functions of a pair on the same random numbers, and measures how far apart they are."""

import warnings

import numpy as np
import torch

from benchmarks.compare.distance import Distance, between
from benchmarks.compare.pair import Pair
from benchmarks.compare.row import AGREED, AGREED_32, Row

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
        theirs = [tensor.numpy() for tensor in _answers(pair.theirs, _each(_as_tensor, given))]
    except Exception as problem:  # noqa: BLE001 - PyTorch may refuse what ours takes
        return Distance(said=f"PyTorch raised {_sentence(problem)}")
    try:
        answers = _answers(ours, _each(np.copy, given))
    except BaseException as problem:  # noqa: BLE001 - it may be the reader's code, and it may call exit()
        return Distance(said=f"raised {_sentence(problem)}")
    return between(answers, theirs, least)


def _given(pair: Pair) -> tuple:
    """The arguments of a pair: the same in every run, and whichever others are compared."""
    return pair.given(np.random.default_rng(SEED))


def _answers(function, arguments: tuple) -> list:
    """What a function gives, as a list, without its warnings."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), torch.no_grad():
        warnings.simplefilter("ignore")
        answer = function(*arguments)
    return list(answer) if isinstance(answer, tuple) else [answer]


def _each(change, value):
    """The same value with every array in it changed: in tuples, lists and dicts too."""
    if isinstance(value, np.ndarray):
        return change(value)
    if isinstance(value, dict):
        return {key: _each(change, one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(_each(change, one) for one in value)
    return value


def _as_tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array.copy())


def _cast(value, dtype):
    return _each(lambda array: array.astype(dtype) if array.dtype.kind == "f" else array, value)


def _has_fractions(value) -> bool:
    kinds = []
    _each(lambda array: kinds.append(array.dtype.kind), value)
    return "f" in kinds


def _sentence(problem: BaseException) -> str:
    said = " ".join(str(problem).split())[:LONGEST]
    return f"{type(problem).__name__}: {said}".rstrip(": ")
