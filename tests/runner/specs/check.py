"""The assertions of specs. A failed check keeps what was compared, for the verdict."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from numbers import Integral

import numpy as np

from tests.runner import limits


class Kind(Enum):
    """How an answer differs from the expected one."""

    TYPE = "type"
    SHAPE = "shape"
    DTYPE = "dtype"
    VALUES = "values"
    SAME = "same"
    ANSWERED = "answered"
    SAID = "said"
    KEYS = "keys"
    CONTENT = "content"


@dataclass(frozen=True)
class Gradient:
    """What else is known about an expected gradient.

    grad_out:    the gradient from above
    measured:    measures the gradient for another grad_out
    on_paper:    whether it was worked out by hand, and not measured
    conventions: for each other convention, a sentence and the gradient in it
    """

    grad_out: np.ndarray
    measured: Callable
    on_paper: bool = False
    conventions: dict = field(default_factory=dict)


class Mismatch(AssertionError):
    """An answer is not the expected one.

    kind:     how it differs
    actual:   what was compared, the reader's side
    expected: what was compared, our side
    of:       what the reader's function returned: actual, or what actual was taken from
    wrong:    boolean, True at the entries that differ; None if the shapes differ
    what:     the name of actual
    path:     where actual is in what was compared: `["blocks"][1]["w_q"]`; "" if it is the whole
    vocabulary: for ids, the bytes that each stands for; () if they are not ids
    gradient: what else is known, if they are gradients
    """

    def __init__(self, kind, actual, expected, message, of=None, wrong=None, what="yours", path="",
                 vocabulary=()):
        super().__init__(message)
        self.kind, self.actual, self.expected = kind, actual, expected
        self.of, self.wrong, self.what = actual if of is None else of, wrong, what
        self.path, self.vocabulary = path, vocabulary
        self.gradient: Gradient | None = None


def close(actual, expected, *, rtol=limits.RIGHT, exact=False, dtype=None, of=None, what="yours"):
    """Check that an answer is an array of the expected shape and numbers.

    rtol:  the relative tolerance of an entry (and a tenth of that relative to the largest)
    exact: every entry must be equal
    dtype: the dtype that the answer must have, if the spec is about that
    of:    the array that the reader's function returned, if actual is taken from it
    what:  what actual is, if it is not what the function returned
    """
    __tracebackhide__ = True
    expected = np.asarray(expected)
    if not is_array(actual, scalar=expected.ndim == 0):
        raise Mismatch(Kind.TYPE, actual, expected, f"{a_type(actual)} instead of a NumPy "
                                                    "array", of)
    array = np.asarray(actual)
    if array.shape != expected.shape:
        raise Mismatch(Kind.SHAPE, actual, expected, f"shape {array.shape} instead of "
                                                     f"{expected.shape}", of)
    if array.dtype.kind not in "biuf":
        raise Mismatch(Kind.TYPE, actual, expected, f"an array of {array.dtype} instead of "
                                                    "numbers", of)
    wrong = array != expected if exact else ~_is_close(array, expected, rtol)
    if wrong.any():
        message = f"{np.count_nonzero(wrong)} of {wrong.size} entries differ"
        raise Mismatch(Kind.VALUES, actual, expected, message, of, wrong, what)
    if dtype is not None and array.dtype != dtype:
        message = f"dtype {array.dtype} instead of {np.dtype(dtype)}"
        raise Mismatch(Kind.DTYPE, actual, expected.astype(dtype), message, of)


def tree_close(actual, expected, *, rtol=limits.RIGHT, dtype=None, of=None, path=""):
    """Check nested dicts, lists and tuples of arrays, leaf by leaf: the first that differs fails.

    rtol, dtype: as for `close`, for every leaf
    of:          what a function of the reader's returned, where actual is taken from it
    path:        where actual is in it, as one would write it: `["blocks"][1]`
    """
    __tracebackhide__ = True
    of = actual if of is None else of
    if not isinstance(expected, (dict, list, tuple)):
        try:
            close(actual, expected, rtol=rtol, dtype=dtype, of=of)
        except Mismatch as mismatch:
            mismatch.path = path
            raise
        return
    for key, branch in branches(actual, expected, of, path):
        tree_close(actual[key], expected[key], rtol=rtol, dtype=dtype, of=of, path=branch)


def shaped_like(actual, expected, name, of=None, path=""):
    """Check nested dicts, lists and tuples of arrays by keys and shapes, whatever the numbers.

    name: what is compared, as one would write it
    of, path: as in tree_close
    """
    __tracebackhide__ = True
    of = actual if of is None else of
    if isinstance(expected, (dict, list, tuple)):
        for key, branch in branches(actual, expected, of, path):
            shaped_like(actual[key], expected[key], name, of, branch)
    elif not is_array(actual):
        message = f"{a_type(actual)} instead of a NumPy array"
        raise Mismatch(Kind.TYPE, actual, expected, message, of, path=path)
    elif actual.shape != expected.shape:
        fails(actual, f"{name}{path} has the shape {actual.shape}; it should be {expected.shape}.")


def branches(actual, expected, of, path):
    """The keys of a nested value, checked to be the expected ones, with the path to each."""
    __tracebackhide__ = True
    if type(actual) is not type(expected):
        message = f"{a_type(actual)} instead of {a_type(expected)}"
        raise Mismatch(Kind.TYPE, actual, expected, message, of, path=path)
    keys, wanted = _keys(actual), _keys(expected)
    if set(keys) != set(wanted):
        message = f"other keys: {keys} instead of {wanted}"
        raise Mismatch(Kind.KEYS, keys, wanted, message, of, path=path)
    return [(key, f"{path}[{_quoted(key)}]") for key in wanted]


def equal(actual, expected, *, of=None, vocabulary=()):
    """Check text, bytes, ids, or tuples, lists and dicts of these: equal in every part.

    of:         what a function of the reader's returned, where actual is taken from it
    vocabulary: where they are ids, the bytes that each id stands for
    """
    __tracebackhide__ = True
    if not _same_kind(actual, expected):
        message = f"{a_type(actual)} instead of {a_type(expected)}"
        raise Mismatch(Kind.TYPE, actual, expected, message, of)
    if not same_content(actual, expected):
        message = "it is not what was expected"
        raise Mismatch(Kind.CONTENT, actual, expected, message, of, vocabulary=vocabulary)


def same_content(a, b) -> bool:
    """Whether two values without arrays are equal; whole numbers may be NumPy's or Python's."""
    if _is_whole(a) and _is_whole(b):
        return int(a) == int(b)
    if isinstance(a, dict) and isinstance(b, dict):
        return set(a) == set(b) and all(same_content(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) and type(a) is type(b):
        return len(a) == len(b) and all(map(same_content, a, b))
    try:
        return type(a) is type(b) and bool(np.all(a == b))
    except ValueError:  # something that holds arrays, such as a slice of them
        return False


def _same_kind(a, b) -> bool:
    both_dicts = isinstance(a, dict) and isinstance(b, dict)  # a Counter is one
    return both_dicts or type(a) is type(b) or _is_whole(a) and _is_whole(b)


def _is_whole(value) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _keys(tree) -> list:
    return list(tree) if isinstance(tree, dict) else list(range(len(tree)))


def _quoted(key) -> str:
    return f'"{key}"' if isinstance(key, str) else str(key)


def differs(actual, other):
    """Check that an answer moved: that it is an array, and not the same as another one."""
    __tracebackhide__ = True
    close(actual, actual)  # it is an array of numbers, whatever the numbers
    same_shape = np.shape(actual) == np.shape(other)
    if same_shape and _is_close(np.asarray(actual), np.asarray(other), 1e-6).all():
        raise Mismatch(Kind.SAME, actual, other, "the answer did not change, and it must")


def refuses(*calls):
    """Check that each call ends in a ValueError in any words; make all before judging any."""
    __tracebackhide__ = True
    answers = []
    for call in calls:
        try:
            answers.append(call())
        except ValueError:
            continue
    if answers:
        raise Mismatch(Kind.ANSWERED, answers[0], None, "an answer instead of a ValueError")


def fails(answer, why):
    """Fail with a sentence: for an answer instead of which many others would be right."""
    __tracebackhide__ = True
    raise Mismatch(Kind.SAID, answer, None, why)


def is_array(value, scalar=False) -> bool:
    """Whether a value counts as an array; where scalar is True, a plain number does too."""
    if isinstance(value, np.matrix):  # always 2-D, with a * and a sum of its own
        return False
    return isinstance(value, (np.ndarray, np.generic)) or scalar and isinstance(value, (int, float))


def a_type(value) -> str:
    """What kind of thing a value is, in words: "a list", "None"."""
    if value is None:
        return "None"
    name = type(value).__name__[:40]
    return f"{'an' if name[0] in 'aeiou' or name == 'ndarray' else 'a'} {name}"


def _is_close(actual, expected, rtol):
    """Entry by entry, with NaN equal to NaN; by operators alone, which no kata file can replace."""
    actual, expected = actual + 0.0, expected + 0.0  # booleans have no difference
    finite = np.abs(expected[np.isfinite(expected)])
    atol = rtol / 10 * finite.max(initial=0.0)
    with np.errstate(all="ignore"):
        near = np.abs(actual - expected) <= atol + rtol * np.abs(expected)
        near = near & (np.abs(expected) < np.inf)  # nothing but infinity is near infinity
        return near | (actual == expected) | ((actual != actual) & (expected != expected))
