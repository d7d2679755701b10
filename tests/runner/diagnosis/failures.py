"""Where a call failed: the expression that raised, as far as two styles have it in common.

Two exceptions of one type prove little. It is the same failure if the same kind of expression
raised, with the same operator or callee and the same message; if it was raised inside a function
of the lessons, that must have been called with the same arguments.
"""

import ast
import inspect
import linecache
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import wraps
from types import CodeType, TracebackType

from tests.runner.diagnosis.outcomes import alike, try_out
from tests.runner.diagnosis.standins import StandIns
from tests.runner.diagnosis.trials import Trial
from tests.runner.diagnosis.workshop import Replacement, Workshop

OPERATORS = {"matmul": "MatMult", "dot": "MatMult", "add": "Add", "subtract": "Sub",
             "multiply": "Mult", "divide": "Div", "true_divide": "Div", "power": "Pow"}


def kind_of_failure(problem: BaseException, function: Callable, lessons: Collection[str]) -> tuple:
    """Which expression of the function itself raised: its kind, and its operator or callee.

    lessons: the functions of the lessons; what is inside them does not count
    """
    at, code = problem.__traceback__, getattr(function, "__code__", None)
    while at and at.tb_frame.f_code is not code:
        at = at.tb_next
    if at is None:
        return ()
    file = code.co_filename
    while at.tb_next and _is_part(at.tb_next.tb_frame.f_code, file, lessons):
        at = at.tb_next
    return _kind(_expression(at))


def _is_part(code: CodeType, file: str, lessons: Collection[str]) -> bool:
    """Whether code is a helper or a comprehension in the file, not a function of the lessons."""
    return code.co_filename == file and code.co_name not in lessons


def _expression(at: TracebackType) -> ast.AST | None:
    """The expression, or part of a line, that was being evaluated."""
    code = at.tb_frame.f_code
    line, last, start, end = list(code.co_positions())[at.tb_lasti // 2]
    if None in (line, last, start, end):
        return None
    lines = [text.encode() for text in linecache.getlines(code.co_filename)[line - 1 : last]]
    if not lines:
        return None
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    text = b"".join(lines).decode()
    try:
        return ast.parse(f"({text})", mode="eval").body
    except SyntaxError:
        pass
    try:
        return ast.parse(text.strip()).body[0]
    except SyntaxError:
        return None


def _kind(node: ast.AST | None) -> tuple:
    match node:
        case None:
            return ()
        case ast.Call(func=func):
            name = _last_name(func)
            if name in OPERATORS:
                return "BinOp", OPERATORS[name]
            starred = any(isinstance(arg, ast.Starred) for arg in node.args)
            return "Call", name, starred
        case ast.BinOp(op=op) | ast.UnaryOp(op=op) | ast.AugAssign(op=op):
            return "BinOp", type(op).__name__
        case ast.Compare(ops=ops):
            return "Compare", *(type(op).__name__ for op in ops)
        case ast.Subscript(slice=ast.Constant() | ast.UnaryOp(operand=ast.Constant()) as index):
            return "Subscript", ast.unparse(index)
        case ast.Attribute(attr=attr):
            return "Attribute", attr
        case ast.Tuple(elts=elts):
            return "Tuple", len(elts)
        case _:
            return (type(node).__name__,)


def _last_name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


class Failures:
    """Compares failures of the reader's function with failures of mistakes, one input at a time."""

    def __init__(self, workshop: Workshop, stand_ins: StandIns):
        self.workshop, self.stand_ins, self.name = workshop, stand_ins, stand_ins.name
        self.lessons = {*workshop.called_by(self.name), *stand_ins.used}

    def are_alike(self, trial: Trial, *mistakes: Replacement) -> bool:
        """Whether both fail at the same kind of expression, with the same message and values."""
        both = self._compared(trial, mistakes)
        return both.same_message and both.kinds[0] == both.kinds[1] != () and both.same_call

    def contradict(self, trial: Trial, *mistakes: Replacement) -> bool:
        """Whether both fail in one function of the lessons, which each gave other arguments.

        If the input is rightly refused, and the solution gives that function other arguments than
        the reader's, too, then these are two ways to write it.
        """
        if not self._compared(trial, mistakes).differ:
            return False
        return not (trial.refused and self._compared(trial, ()).differ)

    def _compared(self, trial: Trial, mistakes: Sequence[Replacement]) -> "Compared":
        mine, made = Overheard(), Overheard()
        with self.stand_ins.having({name: mine.ear(name, self.workshop.function(name))
                                    for name in self.stand_ins.used}):
            theirs = try_out(self.stand_ins.theirs, trial.args, trial.kwargs)
        ears = [Ear(name, made.ear(name, self.workshop.function(name)))
                for name in self.workshop.before(self.name)
                if name not in {each.function for each in mistakes}]
        with self.workshop.having_made(*mistakes, *ears):
            version = self.workshop.function(self.name)
            other = try_out(version, trial.args, trial.kwargs)
        raised = None not in (theirs.raised, other.raised)
        kinds = [kind_of_failure(outcome.raised, function, self.lessons) if raised else ()
                 for outcome, function in ((theirs, self.stand_ins.theirs), (other, version))]
        return Compared(raised and trial.is_theirs(other), tuple(kinds),
                        tuple(heard.failed[0] if heard.failed else "" for heard in (mine, made)),
                        alike(mine.failed, made.failed))


@dataclass(frozen=True)
class Compared:
    """Two failures: whether they have the same message, what raised, and the calls that failed."""

    same_message: bool
    kinds: tuple[tuple, tuple]
    callees: tuple[str, str]
    same_call: bool

    @property
    def differ(self) -> bool:
        return self.callees[0] == self.callees[1] != "" and not self.same_call


@dataclass(frozen=True)
class Ear:
    """A function, replaced by its recorded version."""

    function: str
    wrong: Callable


class Overheard:
    """The call of a lesson's function in which an exception was raised: its name and arguments."""

    def __init__(self):
        self.failed: tuple = ()
        self._within = False  # calls that such a function makes itself do not count

    def ear(self, name: str, function: Callable) -> Callable:
        """The function; a call that raises is recorded."""
        @wraps(function)
        def listened(*args, **kwargs):
            if self._within:
                return function(*args, **kwargs)
            self._within = True
            try:
                return function(*args, **kwargs)
            except Exception:
                self.failed = name, *map(_by_name, _by_parameter(function, args, kwargs))
                raise
            finally:
                self._within = False

        return listened


def _by_parameter(function: Callable, args: tuple, kwargs: dict) -> list:
    """The arguments in the order of the parameters, whether they were given by name or not."""
    try:
        given = inspect.signature(function).bind(*args, **kwargs)
    except TypeError:  # they do not fit
        return [*args, *kwargs.items()]
    given.apply_defaults()
    return list(given.arguments.values())


def _by_name(value):
    """A function's name, as the reader's file and the solution have different function objects."""
    if isinstance(value, tuple):
        return tuple(map(_by_name, value))
    return getattr(value, "__name__", value) if callable(value) else value
