"""Records the calls that a spec makes: arguments, answers, what was changed."""

import copy
import inspect
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
import pytest

from tests.runner import limits
from tests.runner.specs.nested import leaves
from tests.runner.specs.printed import Printed


@dataclass
class Call:
    """One call of a reader's function.

    args, kwargs: copies taken before the call
    result:       a copy of the answer, for the spec; `answer` is another copy
    seconds:      how long it took
    raised:       the exception, if there was one
    changed:      the names of the arguments that the function changed
    printed:      what it printed, if that was heard
    """

    function: str
    args: tuple
    kwargs: dict
    result: object = None
    answer: object = None
    raised: BaseException | None = None
    changed: tuple[str, ...] = ()
    seconds: float = 0.0
    printed: Printed | None = None


class Trouble(AssertionError):
    """The spec is red because of the reader's file, not because of a number."""


class CannotLoad(Trouble):
    """The file could not be imported; `raised` says why."""

    def __init__(self, raised: BaseException):
        super().__init__(f"the file cannot be imported: {type(raised).__name__}")
        self.raised = raised


class Missing(Trouble):
    """The file has no function of this name."""

    def __init__(self, name: str, found: object = None):
        super().__init__(f"there is no function {name}")
        self.name, self.found = name, found


class WrongSignature(Trouble):
    """The function does not take the arguments that its stub takes."""

    def __init__(self, name: str, signature: str, reason: str):
        super().__init__(f"{name}{signature}: {reason}")
        self.name, self.signature, self.reason = name, signature, reason


class ArgumentChanged(Trouble):
    """The function changed one of its arguments, an array, a list or a dict."""

    def __init__(self, name: str, argument: str, kind: type = np.ndarray):
        super().__init__(f"{name} changed its argument {argument}")
        self.name, self.argument, self.kind = name, argument, kind


class Escaped(Trouble):
    """The reader's code tried to end the run: sys.exit, pytest.skip, an interrupt."""

    def __init__(self, raised: BaseException):
        super().__init__(f"the file left the run with {type(raised).__name__}")
        self.raised = raised


class TimedOut(Trouble):
    """The time limit of the spec ended inside the reader's code; `raised` has the line.

    worked: seconds of processor time that the spec has used
    """

    def __init__(self, raised: BaseException, worked: float):
        super().__init__("the time limit ran out")
        self.raised, self.worked = raised, worked


class Tampered(Trouble):
    """The reader's file changed something that the specs rely on."""

    def __init__(self, name: str):
        super().__init__(f"the file changes {name}")
        self.name = name


class NotCalled(Trouble):
    """The spec ended without an error, but called no function of the reader's."""


# What pytest raises to end a test; some of these are ordinary exceptions.
LEAVING = (pytest.exit.Exception, pytest.fail.Exception, pytest.skip.Exception,
           pytest.xfail.Exception)


@dataclass
class WatchedKata:
    """The reader's module, as specs see it: `kata.softmax` is their softmax, recorded.

    load:   imports the module; called when a spec first asks for a function
    limit:  the time limit of a spec in seconds
    listen: captures what a call prints, as `printed.heard` does
    began:  the processor time at which the spec began
    """

    name: str
    load: Callable[[], ModuleType]
    limit: float = field(default_factory=limits.spec)
    listen: Callable[[], AbstractContextManager] = nullcontext
    calls: list[Call] = field(default_factory=list)
    began: float = 0.0
    _loaded: ModuleType | Trouble | None = None

    def __repr__(self) -> str:
        return f"<your {self.name}.py>"

    def __getattr__(self, name: str):
        __tracebackhide__ = True
        if name.startswith("__"):
            raise AttributeError(name)
        function = vars(self.module()).get(name)
        if not callable(function):
            raise Missing(name, function)

        def watched(*args, **kwargs):
            __tracebackhide__ = True
            return self._call(name, function, args, kwargs)

        return watched

    @property
    def loaded(self) -> bool:
        """Whether the module could be imported, if that was tried."""
        return not isinstance(self._loaded, Trouble)

    def module(self) -> ModuleType:
        """The reader's module; CannotLoad, Escaped or TimedOut if it does not import."""
        __tracebackhide__ = True
        if self._loaded is None:
            self._loaded = self._load()
        if isinstance(self._loaded, Trouble):
            # It is raised for every spec; its traceback would grow each time.
            raise self._loaded.with_traceback(None)
        return self._loaded

    def _load(self) -> ModuleType | Trouble:
        try:
            return self.load()
        except Trouble as trouble:
            return trouble
        except LEAVING as problem:
            return self._translate(problem)
        except Exception as problem:
            return CannotLoad(problem)
        except BaseException as problem:
            return self._translate(problem)

    def _call(self, name, function, args, kwargs):
        __tracebackhide__ = True
        signature = _bind(name, function, args, kwargs)
        call = Call(name, copy.deepcopy(args), copy.deepcopy(kwargs))
        # The spec's own arguments are safe from changes; but generators should advance.
        own = {id(leaf): leaf for leaf in leaves((args, kwargs))
               if isinstance(leaf, np.random.Generator)}
        args, kwargs = copy.deepcopy((args, kwargs), own)
        self.calls.append(call)
        started = time.perf_counter()
        try:
            with self.listen() as call.printed:
                call.result = function(*args, **kwargs)
        except BaseException as problem:
            call.raised = problem
            if isinstance(problem, Exception) and not isinstance(problem, LEAVING):
                raise
            raise self._translate(problem) from problem
        finally:
            call.seconds = time.perf_counter() - started
        # Specs may write into what they get.
        call.answer, call.result = _copy(call.result), _copy(call.result)
        call.changed = changed_arguments(signature, call, args, kwargs)
        if call.changed:
            named = dict(zip(signature.parameters, args), **kwargs) if signature else {}
            raise ArgumentChanged(name, call.changed[0], type(named.get(call.changed[0])))
        return call.result

    def _translate(self, problem: BaseException) -> Trouble:
        """The meaning of an end of the reader's code that is no ordinary exception."""
        if isinstance(problem, pytest.fail.Exception) and str(problem).startswith("Timeout (>"):
            return TimedOut(problem, time.process_time() - self.began)
        return Escaped(problem)


def same(a, b) -> bool:
    """Whether two arguments are equal, arrays in shape, dtype and every entry."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return (
            isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.dtype == b.dtype
            and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
        )
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.random.Generator):
        return isinstance(b, np.random.Generator)  # a function may advance it
    return a is b or a == b or callable(a)


def _bind(name, function, args, kwargs) -> inspect.Signature | None:
    __tracebackhide__ = True
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a builtin, perhaps: it may still be right
        return None
    try:
        signature.bind(*args, **kwargs)
    except TypeError as problem:
        raise WrongSignature(name, str(signature), str(problem)) from None
    return signature


def changed_arguments(signature, before, args, kwargs) -> tuple[str, ...]:
    """The names of the arguments that the call has changed."""
    names = list(signature.parameters) if signature else []
    names += [f"number {index + 1}" for index in range(len(names), len(args))]
    named = [*zip(names, before.args, args),
             *((key, before.kwargs[key], kwargs[key]) for key in kwargs)]
    return tuple(name for name, old, new in named if not same(old, new))


def _copy(value):
    try:
        return copy.deepcopy(value)
    except Exception:  # a generator, an open file: nothing that a spec accepts
        return value
