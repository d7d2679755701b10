"""From what happened in a spec to what the screen says: the Red of its record.

A `Case` is what is known, a `Finding` is what the first finder that fits says; here it is
joined with the call, its arguments and the answers.
"""

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from tests.runner import limits
from tests.runner.diagnosis import exceptions, tracebacks
from tests.runner.diagnosis.array_tables import of_any_dtype, side_by_side, table, tidy
from tests.runner.diagnosis.case import Case
from tests.runner.diagnosis.content_tables import (
    argument_table,
    compare_content,
    has_table,
    in_the_call,
)
from tests.runner.diagnosis.finders import FINDERS, PLAIN, Finding, first_finding
from tests.runner.diagnosis.stopped_specs import explain
from tests.runner.lessons.catalog import shown
from tests.runner.lessons.source_text import line_of
from tests.runner.specs.check import Kind
from tests.runner.specs.record import Cause, Red, Table
from tests.runner.specs.watched import ArgumentChanged, Call

T = TypeVar("T")
LOOKED_INTO = (Cause.NAMED, Cause.MEASURED, Cause.RAISED)  # causes that are the function's own
WITH_A_TRACE = (Cause.RAISED, Cause.NAMED, Cause.FILE, Cause.TIME)  # if there is an exception


def judge(case: Case, diagnosing: bool = True,
          supervised: bool = True) -> tuple[Red, Finding | None]:
    """Say why a spec is red; and the finding, from which one may look further.

    diagnosing: whether to find out which mistake it is; without, nothing is called again
    supervised: as in unless_it_fails
    """
    for finders in (FINDERS, PLAIN) if diagnosing else ():
        found = unless_it_fails(lambda: first_finding(case, finders), supervised)
        red = found and unless_it_fails(lambda: red_of(case, found), supervised)
        if red:
            return red, found
    cause, happened = explain(case.problem, case.kata, case.watched.limit)
    line = line_of(case.kata.file, case.function) if diagnosing else 0
    return Red(cause, happened, file=shown(case.kata.file), line=line,
               loaded=case.watched.loaded), None


def unless_it_fails(do: Callable[[], T], supervised: bool) -> T | None:
    """The result; None if that fails: an answer too odd to describe must not end the run.

    supervised: whether the run has its own process; else Ctrl-C is the reader's
    """
    try:
        return do()
    except BaseException as trouble:
        if isinstance(trouble, KeyboardInterrupt) and not supervised:
            raise
        return None


def may_find_more(case: Case, found: Finding) -> bool:
    """Whether a function was called that can be looked into: a quick one, always the same."""
    fits = found.cause in LOOKED_INTO or isinstance(case.problem, ArgumentChanged)
    return bool(fits and case.call and case.right and case.theirs and not case.varies
                and case.call.seconds <= limits.SLOW_CALL)


def red_of(case: Case, found: Finding) -> Red:
    """The finding, with the call, the arguments and the answers."""
    call, right = case.call, case.right
    yours, expected = _answers(case)
    file, line = found.at
    return Red(
        found.cause, found.sentences, found.named,
        signature_text(right, call) if call else "",
        argument_tables(right, call) if call else (),
        yours, expected,
        tracebacks.trace(case.problem, case.function) if found.cause in WITH_A_TRACE else (),
        file, line,
        loaded=case.watched.loaded,
        hint_fits=file == shown(case.kata.file) and _hint_fits(case, found.cause),
    )


def _hint_fits(case: Case, cause: Cause) -> bool:
    """Whether the spec's hints fit what happened: they are not about misspelt names.

    The sentence about a known mistake is a hint itself, and so are plain words for an exception or
    for one that is missing. A TypeError is mostly caused by a part that was passed on in a way that
    the function does not take.
    """
    if cause is Cause.NAMED:
        return False
    if case.mismatch:
        return case.mismatch.kind not in (Kind.TYPE, Kind.ANSWERED)
    if isinstance(case.problem, ArgumentChanged):
        return False
    if cause is Cause.RAISED:
        kinds = (ValueError, TypeError, IndexError, ArithmeticError)
        return isinstance(case.problem, kinds) and not exceptions.explains(case.problem)
    return cause in (Cause.STUB, Cause.MEASURED)


def _answers(case: Case) -> tuple[Table | None, Table | None]:
    """Yours and expected, if there are two to compare."""
    yours, expected = _compared(case)
    if case.part and yours:
        yours = replace(yours, label=f"your {case.part}")
    slope = case.mismatch and case.mismatch.gradient
    if expected and slope and not slope.on_paper:
        expected = replace(expected, label="measured")
    return yours, expected


def _compared(case: Case) -> tuple[Table | None, Table | None]:
    if mismatch := case.mismatch:
        if mismatch.kind in (Kind.ANSWERED, Kind.SAID):
            return table("yours", mismatch.actual), None
        if mismatch.kind is Kind.SAME:
            return table("before", mismatch.expected), table("after", mismatch.actual)
        if mismatch.kind is Kind.CONTENT:
            return compare_content(mismatch.actual, mismatch.expected, mismatch.vocabulary)
        if mismatch.wrong is not None:
            return side_by_side(
                mismatch.what, mismatch.actual, mismatch.expected, mismatch.wrong)
        if mismatch.kind is Kind.DTYPE:  # the numbers are right
            return (Table("yours", str(np.asarray(mismatch.actual).dtype)),
                    Table("expected", str(mismatch.expected.dtype)))
        yours = table("yours", mismatch.actual)
        return yours, of_any_dtype(table("expected", mismatch.expected), yours)
    if case.call is None or case.right is None:
        return None, None
    if not inspect.signature(case.right).parameters:
        return None, None  # the answer is the reader's choice; the solution's is one of many
    try:
        answer = case.right(*case.call.args, **case.call.kwargs)
    except Exception:  # the solution refuses it
        return None, None
    return None, argument_table("expected", tidy(answer))


def signature_text(right: Callable | None, call: Call) -> str:
    """The call as one would type it: arrays and functions by name, all other values as they are."""
    parts = [in_the_call(name, value) for name, value in zip(_names(right, call), call.args)]
    parts += [f"{name}={in_the_call(name, value)}" for name, value in call.kwargs.items()]
    return f"{call.function}({', '.join(parts)})"


def argument_tables(right: Callable | None, call: Call) -> tuple[Table, ...]:
    named = [*zip(_names(right, call), call.args), *call.kwargs.items()]
    return tuple(argument_table(name, value) for name, value in named if has_table(value))


def _names(right: Callable | None, call: Call) -> list[str]:
    parameters = list(inspect.signature(right).parameters.values()) if right else []
    names = [parameter.name for parameter in parameters]
    if parameters and parameters[-1].kind is inspect.Parameter.VAR_POSITIONAL:
        rest = range(len(call.args) - len(names) + 1)
        names[-1:] = [f"{names[-1]}[{index}]" for index in rest]
    return names + [f"argument {index + 1}" for index in range(len(names), len(call.args))]
