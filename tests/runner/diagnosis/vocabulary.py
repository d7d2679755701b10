"""What edits are made from: the names in scope, and words of the solution."""

import ast
import builtins
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tests.runner.diagnosis.tweak import is_read, names_bound, number_in, size
from tests.runner.lessons.loading import MODULE

OF_PYTHON = {*dir(builtins), "np", "math"}
LARGEST = 10  # nodes of an expression that is taken from the solution
UNKNOWN = "unknown"


@dataclass
class Vocabulary:
    """What the edits of one function are made from.

    names:     the variables in its scope, each with the kind of value that it held
    module:    all names of the reader's module
    functions: the lessons' functions and helpers in scope, with their signatures
    keys:      for each key of the dicts among the arguments, the other keys of its dict
    solution:  the solution's function, as a tree
    """

    names: dict[str, str]
    module: frozenset[str]
    functions: dict[str, inspect.Signature]
    keys: dict[str, list[str]]
    solution: ast.FunctionDef

    def of_same_kind(self, word: str) -> list[str]:
        """The other variables of the same kind."""
        kind = self.names.get(word, UNKNOWN)
        return [other for other, its in self.names.items()
                if other != word and (its == kind or UNKNOWN in (its, kind))]

    def of_kinds(self, *kinds: str) -> list[str]:
        return [word for word, kind in self.names.items() if kind in kinds]

    def functions_for(self, call: ast.Call) -> list[str]:
        """The functions that could be called with the arguments of a call."""
        keywords = {keyword.arg for keyword in call.keywords} - {None}
        n_given = sum(not isinstance(arg, ast.Starred) for arg in call.args)
        return [name for name, signature in self.functions.items()
                if keywords <= {*signature.parameters} and n_given <= len(signature.parameters)]

    def is_undefined(self, word: str) -> bool:
        """Whether no name in scope has this spelling."""
        return not any(word in known for known in (self.names, self.module, OF_PYTHON))

    @cached_property
    def parameters(self) -> set[str]:
        """The names of the function's arguments."""
        return {each.arg for each in ast.walk(self.solution.args) if isinstance(each, ast.arg)}

    @cached_property
    def numbers(self) -> list[int | float]:
        """The numbers in the solution."""
        found = (number_in(node) for node in ast.walk(self.solution))
        return list(dict.fromkeys(value for value in found if value is not None))

    @cached_property
    def expressions(self) -> list[ast.expr]:
        """The small expressions of the solution whose names are all in scope, except its answer."""
        nodes = [node for statement in self.solution.body for node in ast.walk(statement)]
        answers = [node.value for node in nodes if isinstance(node, ast.Return)]
        found = {ast.dump(node): node for node in nodes
                 if isinstance(node, ast.expr) and is_read(node) and node not in answers
                 and 1 < size(node) <= LARGEST and self._in_scope(node)}
        return list(found.values())

    @cached_property
    def calls(self) -> dict[str, list[ast.Call]]:
        """The solution's calls, by what is called, if the names in their arguments are in scope."""
        found: dict[str, list[ast.Call]] = {}
        for node in ast.walk(self.solution):
            if isinstance(node, ast.Call) and self._in_scope(*node.args, *node.keywords):
                found.setdefault(called(node), []).append(node)
        return found

    def _in_scope(self, *nodes: ast.AST) -> bool:
        parts = [part for node in nodes for part in ast.walk(node)]
        own = names_bound(part.target for part in parts if isinstance(part, ast.comprehension))
        used = {part.id for part in parts if isinstance(part, ast.Name)} - {*own}
        return used <= {*self.names, *self.functions, *OF_PYTHON}


def called(node: ast.Call) -> str:
    """The last name of what is called: `max` of `scores.max(...)`."""
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def names_in(node: ast.AST) -> set[str]:
    """The names and attributes in an expression, except modules."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - {"np", "math"}
    return names | {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}


def variables_in(function: ast.AST, held: dict[str, object]) -> dict[str, str]:
    """The variables of a function, in order, each with its kind.

    held: what they held when it was called
    """
    return {word: kind_of_value(held.get(word)) for word in _bound(function)}


def kind_of_value(value: object) -> str:
    """What kind of value it is: variables of one kind are easily confused."""
    match value:
        case None:
            return UNKNOWN
        case bool() | int() | float() | np.generic():
            return "number"
        case np.ndarray():
            return "mask" if value.dtype == bool else "array" if value.ndim else "number"
        case dict():
            return "dict"
        case list() | tuple():
            return "sequence"
    return "function" if callable(value) else "other"


def _bound(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        match node:
            case ast.arg(word) | ast.Name(word, ast.Store()):
                yield word


def signatures_in(module: dict) -> dict[str, inspect.Signature]:
    """The lessons' functions and helpers in a module, with their signatures."""
    return {name: inspect.signature(value) for name, value in module.items()
            if inspect.isfunction(value) and MODULE.fullmatch(value.__module__)}


def keys_in(values: Iterable[object]) -> dict[str, list[str]]:
    """For each key of the dicts among some values, at any depth, the other keys of its dict."""
    found: dict[str, list[str]] = {}
    waiting = list(values)
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, dict):
            for key in value:
                others = found.setdefault(key, [])
                others += [other for other in value if other != key and other not in others]
            waiting.extend(value.values())
        elif isinstance(value, (list, tuple)):
            waiting.extend(value)
    return found
