"""Describes a wrong answer by measurements, if no known mistake fits."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.runner import limits
from tests.runner.diagnosis.array_tables import short
from tests.runner.diagnosis.measure_contents import about_content, about_keys
from tests.runner.diagnosis.measure_gradients import about_gradient, sizes_from
from tests.runner.diagnosis.measure_numbers import about_numbers
from tests.runner.diagnosis.measure_shapes import about_shape, sizes_of
from tests.runner.specs.check import Kind, Mismatch, a_type, branches, close, equal
from tests.runner.specs.nested import NESTED, leaves


@dataclass(frozen=True)
class Subject:
    """An answer, or a part of one, as the subject of a sentence.

    function: an earlier function whose answer it is; "" for the one that was called
    part:     which part: "v" of a tuple (q, k, v), or `grads["w_q"]` of a tree; "" for the whole
    """

    function: str = ""
    part: str = ""

    @property
    def it(self) -> str:
        return self.part or (f"`{self.function}`" if self.function else "It")

    @property
    def returned(self) -> str:
        return f"{self.part} is" if self.part else f"{self.it} returned"

    @property
    def answer(self) -> str:
        if self.part:
            return self.part
        return f"`{self.function}`'s answer" if self.function else "The answer"

    def of(self, sentence: str) -> str:
        """A sentence about the numbers, beginning with whose they are."""
        if not self.function and not self.part:
            return sentence
        whole = f"`{self.function}`'s answer" if self.function else ""
        named = " in ".join(name for name in (self.part, whole) if name)
        return f"Of {named}: {sentence[0].lower()}{sentence[1:]}"


def measure(mismatch: Mismatch, sizes: dict[str, int],
            subject: Subject = Subject()) -> tuple[str, ...]:
    """Say what is wrong with an answer, in at most three sentences.

    sizes:   the size of each named dimension of the call, for example {"d_k": 9}
    subject: whose answer it is
    """
    actual, expected = mismatch.actual, mismatch.expected
    if mismatch.kind is Kind.TYPE:
        return (_about_type(actual, expected, subject),)
    if mismatch.kind is Kind.DTYPE:
        return (subject.of(f"The numbers are right, but their dtype is {np.asarray(actual).dtype}; "
                           f"it should be {expected.dtype}, as in the input."),)
    if mismatch.kind is Kind.SAME:
        return (f"{subject.answer} stayed the same, and it should have changed.",)
    if mismatch.kind is Kind.ANSWERED:
        return (_about_no_error(actual, subject),)
    if mismatch.kind is Kind.KEYS:
        return (subject.of(about_keys(actual, expected)),)
    if mismatch.kind is Kind.CONTENT:
        first, *others = about_content(actual, expected, mismatch.vocabulary)
        return (subject.of(first), *others)
    if mismatch.kind is Kind.SAID:
        return (subject.of(str(mismatch)),)
    if _is_masked(mismatch.actual):
        return (f"{subject.returned} a masked array, in which hidden entries still hold numbers. "
                "`.filled(0)` puts zeros there, in a plain array.",)
    actual, expected = np.asarray(actual), np.asarray(expected)
    slope = ""
    if mismatch.gradient:
        slope = about_gradient(actual, expected, mismatch.gradient)
        sizes = sizes | sizes_from(mismatch.gradient)
    if mismatch.kind is Kind.SHAPE:
        shape = subject.of(about_shape(actual.shape, expected.shape, sizes))
        return (shape, slope) if slope else (shape,)
    first, *others = about_numbers(actual, expected, mismatch.wrong, sizes, slope)
    return (subject.of(first), *others)


def measure_answer(function: str, mismatch: Mismatch, right: Callable, args: tuple,
                   kwargs: dict) -> tuple[str, ...]:
    """Say what is wrong with the answer of another function than the one that the spec called."""
    part = f"answer{mismatch.path}" if mismatch.path else ""
    return measure(mismatch, sizes_of(right, args, kwargs), Subject(function, part))


def mismatch_between(actual, expected) -> Mismatch | None:
    """The first difference of two values; None if there is none, or they cannot be compared."""
    try:
        _compare(actual, expected, actual, "")
    except Mismatch as mismatch:
        return mismatch
    except Exception:  # a value so odd that it cannot be compared
        return None
    return None


def _compare(actual, expected, of, path: str) -> None:
    if isinstance(expected, NESTED) and _holds_arrays(expected):
        for key, branch in branches(actual, expected, of, path):
            _compare(actual[key], expected[key], of, branch)
        return
    try:
        if isinstance(expected, (np.ndarray, np.generic, float)):
            dtypes = {getattr(value, "dtype", None) for value in (actual, expected)}
            rtol = limits.RIGHT_FLOAT32 if np.dtype("float32") in dtypes else limits.RIGHT
            close(actual, expected, rtol=rtol, dtype=getattr(expected, "dtype", None), of=of)
        else:
            equal(actual, expected, of=of)
    except Mismatch as mismatch:
        mismatch.path = path
        raise


def _holds_arrays(value) -> bool:
    return any(isinstance(leaf, (np.ndarray, np.generic)) for leaf in leaves(value))


def _about_no_error(answer, subject: Subject) -> str:
    is_class = isinstance(answer, type) and issubclass(answer, BaseException)
    if isinstance(answer, BaseException) or is_class:
        return (f"{subject.it} returned an exception and raised none: "
                "write `raise` instead of `return`.")
    gave = "returned None" if answer is None else "gave an answer"
    return f"{subject.it} {gave}, but a ValueError is expected."


def _is_masked(actual) -> bool:
    """Whether it is a masked array, without importing np.ma, which takes time."""
    ma = sys.modules.get("numpy.ma")
    return ma is not None and isinstance(actual, ma.MaskedArray)


def _about_type(actual, expected, subject: Subject) -> str:
    if actual is None:
        ask = "" if subject.part else " Is there a `return` on every path?"
        return f"{subject.returned} None.{ask}"
    if isinstance(actual, np.matrix):
        return (f"{subject.returned} an np.matrix, which always has two axes. "
                "A plain array is expected.")
    if isinstance(actual, np.ndarray) and isinstance(expected, np.ndarray):
        return f"{subject.returned} an array of dtype {actual.dtype}, but numbers are expected."
    wanted = "a NumPy array" if isinstance(expected, np.ndarray) else a_type(expected)
    return f"{subject.returned} {a_type(actual)} ({short(actual, 40)}), but {wanted} is expected."
