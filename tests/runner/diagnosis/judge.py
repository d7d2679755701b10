"""From what happened in a spec to what the reader is told: the Red of its record."""

import inspect
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.runner.diagnosis import blame, explain, tables, tracebacks
from tests.runner.diagnosis.known import Workshop
from tests.runner.diagnosis.measure import measure, sizes_of
from tests.runner.diagnosis.outcomes import outcome_of, try_out
from tests.runner.diagnosis.replay import Diagnosis, diagnose
from tests.runner.lessons.catalog import Kata, shown
from tests.runner.lessons.source_text import line_of
from tests.runner.specs.check import Kind, Mismatch, close
from tests.runner.specs.record import Cause, Red, Table
from tests.runner.specs.watched import LEAVING, ArgumentChanged, Call, Trouble
from tests.runner.specs.watched import Kata as Watched

TUPLE = re.compile(r"returns: a tuple \((\w+(?:, \w+)*)\)")
SLOW = 0.3  # seconds; a function that takes longer is not called again to find out more
AGAIN = 3  # calls with the same arguments, to see whether the answer is the same
VARIES = ("Called again with the same arguments, `{}` gives another answer. Is anything in it random, or kept "
          "from one call to the next?")


def judge(kata: Kata, watched: Watched, spec: str, n_before: int, problem: BaseException,
          workshop: Callable[[], Workshop]) -> Red:
    """Say why a spec is red.

    n_before: how many calls were recorded before the spec began
    workshop: makes the workshop of the kata, when it is needed
    """
    function = kata.function_of(spec)
    call = _call_behind(problem, watched.calls[n_before:], function)
    if isinstance(problem, Trouble) and not isinstance(problem, ArgumentChanged):
        call = None
    cause, happened = explain.explain(problem, kata, watched.limit)
    right = workshop().function(call.function) if call else None
    mismatch = _mismatch(problem, call, right)
    if mismatch:
        sizes = sizes_of(right, call.args, call.kwargs) if right else {}
        cause, happened = Cause.MEASURED, measure(mismatch, sizes)
        if part := _part(mismatch, call, right):
            happened = (f"Of {part}: {happened[0][0].lower()}{happened[0][1:]}", *happened[1:])
    varies = call is not None and _varies(watched, call)
    if varies:
        happened = (*happened, VARIES.format(call.function))
    named = _diagnosis(workshop, watched, call) if call and cause is not Cause.STUB and not varies else None
    if named:
        raised = ("", *happened) if cause is Cause.RAISED else ()
        blamed = blame.blame(workshop(), kata, call.function, named)
        if named.mistakes:
            cause, happened = Cause.NAMED, (*_told(call, named), *raised)
        elif named.blamed:
            happened = blame.told(named, workshop().function(named.blamed), call.function, cause, happened)
        happened = (*blamed, *happened)
    yours, expected = _answers(mismatch, call, right)
    if yours and (part := _part(mismatch, call, right)):
        yours = replace(yours, label=f"your {part}")
    if named and named.blamed:
        file, line = blame.place(workshop().home(named.blamed), named)
    else:
        culprit = call.function if named else function
        file, line = tracebacks.where(problem, kata, function) or (shown(kata.file), line_of(kata.file, culprit))
    return Red(
        cause, happened, named.names if named else (),
        _signature_text(right, call) if call else "",
        _argument_tables(right, call) if call else (),
        yours, expected,
        tracebacks.trace(problem) if cause in (Cause.RAISED, Cause.NAMED, Cause.FILE, Cause.TIME) else (),
        file, line,
        loaded=watched.loaded,
        hint_fits=file == shown(kata.file) and _hint_fits(cause, problem, mismatch),
    )


def _hint_fits(cause: Cause, problem: BaseException, mismatch: Mismatch | None) -> bool:
    """Whether the spec's hints are about what happened; a misspelt name is nothing that they foresee.

    A TypeError mostly comes of a part that was handed on in another way than it is taken.
    """
    if mismatch:
        return mismatch.kind is not Kind.TYPE
    if isinstance(problem, ArgumentChanged):
        return False
    if cause is Cause.RAISED:
        return isinstance(problem, (ValueError, TypeError, IndexError, ArithmeticError))
    return cause in (Cause.STUB, Cause.NAMED, Cause.MEASURED)


def _call_behind(problem: BaseException, calls: list[Call], function: str) -> Call | None:
    """The call that gave the wrong answer: the very one compared, or the last of the spec's function."""
    if isinstance(problem, Mismatch):
        for call in reversed(calls):
            if call.raised is None and (call.result is problem.of or _place(problem, call) is not None):
                return call
    for call in reversed(calls):
        if call.raised is not None or call.changed:
            return call
    own = [call for call in calls if call.function == function]
    return (own or calls or [None])[-1]


def _place(mismatch: Mismatch, call: Call) -> int | None:
    """Which part of a tuple that was returned has been compared; None where it was the whole."""
    parts = call.result if isinstance(call.result, (tuple, list)) else ()
    return next((place for place, part in enumerate(parts) if part is mismatch.of), None)


def _part(mismatch: Mismatch | None, call: Call | None, right: Callable | None) -> str:
    """The name of that part, from the docstring: "returns: a tuple (q, k, v)"; "" where it was the whole."""
    place = _place(mismatch, call) if mismatch and call else None
    names = TUPLE.search(inspect.getdoc(right) or "") if right and place is not None else None
    return names[1].split(", ")[place] if names and place <= names[1].count(",") else ""


def _mismatch(problem: BaseException, call: Call | None, right: Callable | None) -> Mismatch | None:
    """The comparison that failed; where the spec stumbled over an answer, the one that would have."""
    if isinstance(problem, Mismatch):
        return problem
    if call is None or right is None or call.raised is not None or isinstance(problem, Trouble):
        return None
    try:
        close(call.answer, right(*call.args, **call.kwargs))
    except Mismatch as mismatch:
        return mismatch
    except Exception:  # the solution refuses this input, or answers with more than one array
        return None
    return None


def _varies(watched: Watched, call: Call) -> bool:
    """Whether the reader's function answers the same arguments with other numbers each time: then nothing is known."""
    numbers = type(call.answer) is np.ndarray or isinstance(call.answer, (np.generic, float))
    if not numbers or call.seconds > SLOW:
        return False
    theirs = vars(watched.module()).get(call.function)
    try:
        again = [try_out(theirs, call.args, call.kwargs) for _ in range(AGAIN)]
    except LEAVING:
        return False
    return any(type(other.answer) is type(call.answer) and not other.agrees(outcome_of(call)) for other in again)


def _diagnosis(workshop: Callable[[], Workshop], watched: Watched, call: Call) -> Diagnosis | None:
    calls = [other for other in watched.calls if other.function == call.function]
    if max(other.seconds for other in calls) > SLOW:
        return None
    theirs = vars(watched.module()).get(call.function)
    try:
        return diagnose(workshop(), call.function, calls, theirs)
    except LEAVING:  # time ran out while it was tried on further inputs
        return None


def _told(call: Call, named: Diagnosis) -> tuple[str, ...]:
    """The sentences; where a step of another function is written out in this one, it is said which."""
    others = {made.function for made in named.mistakes} - {named.blamed or call.function}
    if len(others) != 1 or len(named.mistakes) > 1:
        return named.sentences
    return (f"This part does the work of `{others.pop()}`:", *named.sentences)


def _answers(mismatch, call, right) -> tuple[Table | None, Table | None]:
    if mismatch is not None:
        if mismatch.kind in (Kind.ANSWERED, Kind.SAID):
            return tables.table("yours", mismatch.actual), None
        if mismatch.kind is Kind.SAME:
            return tables.table("before", mismatch.expected), tables.table("after", mismatch.actual)
        if mismatch.wrong is not None:
            return tables.compare(mismatch.what, mismatch.actual, mismatch.expected, mismatch.wrong)
        yours, expected = tables.table("yours", mismatch.actual), tables.table("expected", mismatch.expected)
        return yours, expected if mismatch.kind is Kind.DTYPE else tables.of_any_dtype(expected, yours)
    if call is None or right is None:
        return None, None
    try:
        return None, tables.table("expected", tables.tidy(right(*call.args, **call.kwargs)))
    except Exception:
        return None, None


def _signature_text(right: Callable | None, call: Call) -> str:
    """The call as one would type it: arrays by name, functions by their own, everything else by value."""
    parts = [_typed(name, value) for name, value in zip(_names(right, call), call.args)]
    parts += [f"{name}={_typed(name, value)}" for name, value in call.kwargs.items()]
    return f"{call.function}({', '.join(parts)})"


def _typed(name: str, value) -> str:
    return name if tables.is_table(value) else getattr(value, "__name__", "") or tables.typed(value, 80 if _words(value) else 20)


def _words(value) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value)


def _argument_tables(right: Callable | None, call: Call) -> tuple[Table, ...]:
    named = [*zip(_names(right, call), call.args), *call.kwargs.items()]
    return tuple(tables.table(name, value) for name, value in named if tables.is_table(value))


def _names(right: Callable | None, call: Call) -> list[str]:
    names = list(inspect.signature(right).parameters) if right else []
    return names + [f"argument {index + 1}" for index in range(len(names), len(call.args))]
