"""Whether two outcomes of a call agree, and whether that says anything: for the audit.

This is written apart from what the diagnosis has for it, as a second opinion.
"""

import ast
import dataclasses
import linecache
from collections.abc import Callable
from types import TracebackType

import numpy as np

from tests.runner.diagnosis.outcomes import Outcome

NUMBER = np.generic, bool, int, float, complex


def apart(a: Outcome, b: Outcome) -> str:
    """How two outcomes differ; "" if they are the same except for rounding."""
    if a.raised is not None or b.raised is not None:
        return "" if type(a.raised) is type(b.raised) else f"{shown(a)}, not {shown(b)}"
    if a.changed != b.changed:
        return f"changes {a.changed or 'nothing'}, not {b.changed or 'nothing'}"
    return "" if same(a.answer, b.answer) else f"{shown(a)}, not {shown(b)}"


def shown(outcome: Outcome) -> str:
    """An outcome in a few words."""
    if outcome.raised is not None:
        return repr(outcome.raised)[:120]
    answer = outcome.answer
    what = f"{answer.dtype}{list(answer.shape)} " if isinstance(answer, np.ndarray) else ""
    return what + " ".join(str(answer).split())[:100]


def same(a, b) -> bool:
    """Whether two answers are the same except for rounding; a list is as good as a tuple."""
    if isinstance(a, dict) or isinstance(b, dict):
        both = isinstance(a, dict) and isinstance(b, dict)
        return both and set(a) == set(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) or isinstance(b, (list, tuple)):
        both = isinstance(a, (list, tuple)) and isinstance(b, (list, tuple))
        return both and len(a) == len(b) and all(map(same, a, b))
    if not (is_numeric(a) and is_numeric(b)):
        return type(a) is type(b) and bool(a == b)
    a, b = np.asarray(a), np.asarray(b)
    both_numbers = a.shape == b.shape == () and a.dtype.kind == b.dtype.kind
    if a.shape != b.shape or a.dtype != b.dtype and not both_numbers:
        return False
    if a.dtype.kind not in "fc":
        return bool((a == b).all())
    rtol = 1e-3 if a.dtype.itemsize < 8 else 1e-7
    largest = np.abs(b[np.isfinite(b)]).max(initial=0.0)
    return np.allclose(a, b, rtol=rtol, atol=1e-13 + rtol / 10 * largest, equal_nan=True)


def is_numeric(value) -> bool:
    """Whether a value is a number or an array of numbers or truth values."""
    return isinstance(value, (np.ndarray, *NUMBER))


def is_single(answer) -> bool:
    """Whether an answer is a single number, such as a loss."""
    return is_numeric(answer) and np.ndim(answer) == 0


def narrowed(outcome: Outcome) -> Outcome:
    """An outcome with its numbers in float32."""
    return dataclasses.replace(outcome, answer=_mapped(np.float32, outcome.answer))


def drawn(outcome: Outcome) -> Outcome:
    """Arrays of random numbers, whichever are drawn first, and on whichever side of 0 they are."""
    arrays = []

    def turn(numbers):
        arrays.append(np.sort(np.abs(numbers), axis=None))
        return numbers.shape

    shapes = _mapped(turn, outcome.answer)
    in_order = sorted(arrays, key=lambda array: (array.size, array[0]))
    return dataclasses.replace(outcome, answer=[shapes, in_order])


def _mapped(change: Callable, answer):
    """The same with other numbers, in dicts, lists and tuples as well."""
    if isinstance(answer, dict):
        return {key: _mapped(change, part) for key, part in answer.items()}
    if isinstance(answer, (list, tuple)):
        return [_mapped(change, part) for part in answer]
    is_number = is_numeric(answer) and np.asarray(answer).dtype.kind in "iuf"
    return change(answer) if is_number and np.size(answer) else answer


def is_informative(answer) -> bool:
    """Whether an answer says anything: finite numbers that are not all alike, booleans, text."""
    if isinstance(answer, dict):
        return any(map(is_informative, answer.values()))
    if isinstance(answer, (list, tuple)) and not all(isinstance(part, NUMBER) for part in answer):
        return any(map(is_informative, answer))
    if answer is None or isinstance(answer, (str, bytes)):
        return True
    numbers = np.asarray(answer)
    if numbers.dtype.kind not in "fiub":
        return False
    finite = numbers[np.isfinite(numbers)]
    alike = finite.size == 0 or finite.min() == finite.max()
    return numbers.dtype == bool or not alike or finite.size == 1 and finite.item() != 0


def failing(problem: BaseException) -> str:
    """The kind of the innermost expression that failed in a mutant or in a mistake."""
    found, at = "nothing", problem.__traceback__
    while at:
        file = at.tb_frame.f_code.co_filename
        if file.startswith(("<mutant", "<mistake")) or "/mistakes_" in file:
            found = kind_of(source_at(at))
        at = at.tb_next
    return found


def source_at(at: TracebackType) -> str:
    """The source of the expression that a frame is at."""
    code = at.tb_frame.f_code
    first, last, start, end = list(code.co_positions())[at.tb_lasti // 2]
    lines = [line.encode() for line in linecache.getlines(code.co_filename)[first - 1 : last]]
    lines[-1:] = [line[:end] for line in lines[-1:]]
    return b"".join(lines)[start:].decode()


def kind_of(source: str) -> str:
    """What an expression is: a call of what, or which operation."""
    try:
        node = ast.parse(f"({source})", mode="eval").body
    except SyntaxError:
        return (source.split() or ["nothing"])[0]
    if isinstance(node, ast.Call):
        return f"a call of {ast.unparse(node.func).split('.')[-1]}"
    if isinstance(node, ast.Subscript) and isinstance(node.slice, (ast.Constant, ast.UnaryOp)):
        return f"an index [{ast.unparse(node.slice)}]"
    return type(getattr(node, "op", node)).__name__
