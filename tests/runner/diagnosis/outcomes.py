"""The outcome of a call, and whether two outcomes are the same except for rounding."""

import copy
import dis
import inspect
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.runner import limits
from tests.runner.specs.check import same_content
from tests.runner.specs.watched import LEAVING, Call, changed_arguments

NUMPY = str(Path(np.__file__).parent)
SHAPE = re.compile(r"\(\d*(?:,\d+)*,?\)")
DIFFERENT = re.compile(r"size (\d+) is different from (\d+)|(\d+) \(dim \d+\) != (\d+) \(dim \d+\)")


@dataclass(frozen=True)
class Outcome:
    """The outcome of a call: an answer or an exception, and the arguments that it changed."""

    answer: object = None
    raised: BaseException | None = None
    changed: tuple[str, ...] = ()

    def of_part(self, part: int | None) -> "Outcome":
        """The same for one part of a tuple that was returned; None is the whole."""
        if part is None or not isinstance(self.answer, (tuple, list)) or part >= len(self.answer):
            return self
        return Outcome(self.answer[part], self.raised, self.changed)

    def agrees(self, other: "Outcome", slack: float = 1, coarse: bool = False,
               noise: float = 0.0) -> bool:
        """Whether two outcomes are the same except for rounding.

        slack:  times the usual
        coarse: whether single numbers may be as coarse as float32, as what they are made of is
        noise:  what may be left over if large numbers cancel
        """
        if self.changed != other.changed:
            return False
        if self.raised is not None or other.raised is not None:
            return _gist(self.raised) == _gist(other.raised)
        try:
            return alike(self.answer, other.answer, slack, coarse, noise)
        except RecursionError:  # both have a list in itself, and are alike as far as one can see
            return True


def outcome_of(call: Call) -> Outcome:
    """The outcome of a recorded call of the reader's function."""
    return Outcome(call.answer, call.raised, call.changed)


def try_out(function: Callable, args: tuple, kwargs: dict) -> Outcome:
    """Call a function on copies of the arguments, quietly."""
    own_args, own_kwargs = _copied(args), _copied(kwargs)
    with np.errstate(all="ignore"):
        try:
            answer = function(*own_args, **own_kwargs)
        except (Exception, SystemExit, KeyboardInterrupt) as problem:
            if isinstance(problem, LEAVING):
                raise
            return Outcome(raised=problem)
    if _untouched(args, own_args) and _untouched(kwargs, own_kwargs):
        return Outcome(answer)
    before = Call("", args, kwargs)
    signature = inspect.signature(function)
    return Outcome(answer, None, changed_arguments(signature, before, own_args, own_kwargs))


def _gist(problem: BaseException | None) -> tuple:
    """What an exception says, however the call is written: `a + b` or `b + a`, np.dot or @."""
    if _in_words_of_its_own(problem):
        return (type(problem),)
    text = str(problem)
    if sizes := DIFFERENT.search(text):  # np.dot names the first array's length first, @ does not
        second, first, *of_dot = sizes.groups()
        return (type(problem), *of_dot) if second is None else (type(problem), first, second)
    if "broadcast" in text:
        return type(problem), *sorted(SHAPE.findall(text))
    return type(problem), text


def _in_words_of_its_own(problem: BaseException | None) -> bool:
    """Whether an exception comes from a `raise` or `assert`, whose words are the writer's."""
    trace = problem.__traceback__ if problem else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None or trace.tb_frame.f_code.co_filename.startswith(NUMPY):
        return False
    return dis.opname[trace.tb_frame.f_code.co_code[trace.tb_lasti]] == "RAISE_VARARGS"


def _copied(value):
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if type(value) in (tuple, list):
        return type(value)(map(_copied, value))
    if type(value) is dict:
        return {key: _copied(part) for key, part in value.items()}
    return copy.deepcopy(value)


def _untouched(before, after) -> bool:
    """Whether nothing was written into a copy; in doubt, False."""
    if type(before) is np.ndarray:
        return before.tobytes() == after.tobytes()
    if type(before) in (tuple, list):
        return len(before) == len(after) and all(map(_untouched, before, after))
    if type(before) is dict:
        return list(before) == list(after) and all(map(_untouched, before.values(), after.values()))
    if isinstance(before, np.random.Generator):
        return True  # a function may advance it
    return before is after or type(before) in (int, float, str, bytes, bool) and before == after


def alike(a, b, slack: float = 1, coarse: bool = False, noise: float = 0.0) -> bool:
    how = slack, coarse, noise
    # Specs accept a Python number for a NumPy number.
    a, b = _of_numpy(a, b), _of_numpy(b, a)
    if isinstance(a, np.matrix) or isinstance(b, np.matrix):
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return set(a) == set(b) and all(alike(a[key], b[key], *how) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        same_length = type(a) is type(b) and len(a) == len(b)
        return same_length and all(alike(*parts, *how) for parts in zip(a, b))
    if not (isinstance(a, (np.ndarray, np.generic)) and isinstance(b, (np.ndarray, np.generic))):
        return same_content(a, b)
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype.hasobject:
        return alike(a.tolist(), b.tolist(), *how)
    if a.dtype.kind not in "fc":
        return np.array_equal(a, b)
    return _alike_but_for_rounding(a, b, slack, coarse and a.ndim == 0, noise)


def _of_numpy(value, other):
    """A Python float as a NumPy number, of the dtype of the number that it is compared with."""
    if type(value) is not float:
        return value
    return other.dtype.type(value) if isinstance(other, np.floating) else np.float64(value)


def _alike_but_for_rounding(a, b, slack: float, coarse: bool, noise: float) -> bool:
    is_fine = a.dtype.itemsize >= 8 and not coarse
    rtol = slack * (limits.SAME if is_fine else limits.SAME_FLOAT32)
    sizes = np.abs(b)
    at = int(sizes.argmax()) if b.size else 0
    largest = float(sizes.item(at)) if b.size else 0.0
    if math.isfinite(largest):
        if b.size and not abs(a.item(at) - b.item(at)) <= 1.01 * rtol * largest + noise:
            return False  # as most are: one comparison is enough
        with np.errstate(all="ignore"):
            alike = (np.abs(a - b) <= rtol * sizes + (rtol * 1e-2 * largest + noise)).all()
    else:
        largest = sizes[np.isfinite(b)].max(initial=0.0)
        with np.errstate(all="ignore"):
            atol = rtol * 1e-2 * largest + noise
            alike = np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True)
    if not alike or largest <= noise:
        return bool(alike)
    # Among weights, exactly zero is another answer than a small number.
    return bool((a < 0).any() or (b < 0).any() or ((a == 0) == (b == 0)).all())
