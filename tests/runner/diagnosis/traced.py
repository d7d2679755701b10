"""Run a function under a tracer: limit how many lines it runs, or see what happens inside."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType

from tests.runner import limits
from tests.runner.lessons.loading import MODULE


class Endless(BaseException):
    """Too many lines were run. Code that catches every Exception does not catch it."""


@dataclass
class Observed:
    """What happened in a call.

    names:   for each function of the file, what its variables held at the end of its last call
    answers: for each function of the file, what its last call returned
    given:   by name, the arguments of the other functions of the lessons that were called
    lines:   the lines of the file that were run
    n_steps: how many lines were run in all, including those of other lessons
    """

    names: dict[str, dict[str, object]] = field(default_factory=dict)
    answers: dict[str, object] = field(default_factory=dict)
    given: dict[str, list[object]] = field(default_factory=dict)
    lines: set[int] = field(default_factory=set)
    n_steps: int = 0


@contextmanager
def lines_within(file: str, most: int) -> Iterator[None]:
    """Inside the block, raise Endless if more than `most` lines of a file are run."""
    left = most

    def step(frame: FrameType, event: str, arg: object):
        nonlocal left
        left -= 1
        if left < 0:
            raise Endless
        return step

    with _tracing(lambda frame, event, arg: step if frame.f_code.co_filename == file else None):
        yield


def observe(function: Callable, file: str, args: tuple, kwargs: dict) -> Observed:
    """Call a function of this file, and tell what happened; it may end with an exception."""
    seen = Observed()

    def step(frame: FrameType, event: str, arg: object):
        seen.n_steps += 1
        if seen.n_steps > limits.EDITED_LINES:
            raise Endless
        if frame.f_code.co_filename == file:
            seen.lines.add(frame.f_lineno)
            if event == "return":
                seen.names[frame.f_code.co_name] = dict(frame.f_locals)
                seen.answers[frame.f_code.co_name] = arg
        return step

    def call(frame: FrameType, event: str, arg: object):
        if not _is_of_a_lesson(frame.f_code.co_filename):
            return None
        others = {} if frame.f_code is function.__code__ else frame.f_locals
        for name, value in others.items():
            seen.given.setdefault(name, []).append(value)
        return step

    with suppress(Exception, Endless), _tracing(call):
        function(*args, **kwargs)
    return seen


@cache
def _is_of_a_lesson(file: str) -> bool:
    return MODULE.fullmatch(Path(file).stem) is not None


@contextmanager
def _tracing(trace: Callable) -> Iterator[None]:
    before, hook = sys.gettrace(), sys.unraisablehook
    sys.settrace(trace)
    sys.unraisablehook = lambda _: None  # Endless may be raised while a generator is closed
    try:
        yield
    finally:
        sys.settrace(before)
        sys.unraisablehook = hook
