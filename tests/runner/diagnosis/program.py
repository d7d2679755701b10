"""A function of the reader's, with all it needs from its file, as syntax trees to edit and run.

Each run makes the function anew in a copy of the module's names, so that nothing that one run
keeps (a global, a cache) reaches the next run or the reader's module.
"""

import __future__

import ast
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from types import ModuleType

from tests.runner.diagnosis.tweak import names_bound
from tests.runner.lessons.source_text import text_in

BINDING = (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.AugAssign)
LOOPS = (ast.For, ast.While, ast.comprehension)


# What an edited function may use: nothing with which it could do harm outside.
HARMLESS = {"numpy", "math", "cmath", "itertools", "functools", "operator", "collections", "copy",
            "re", "string", "random", "statistics", "typing", "warnings", "unicodedata", "scipy"}
HARMFUL = {"open", "exec", "eval", "compile", "input", "breakpoint", "exit", "quit", "__import__"}


class CannotMake(Exception):
    """The file does not show how the function is made, or the function is not to be edited."""


class Program:
    """The statements that make one function, in the order of the file.

    name:  the function
    trees: their syntax trees, without docstrings; edits are made in them, and undone
    loops: whether one of them has a loop, which an edit could make endless
    file, text: the file, and its text
    """

    def __init__(self, name: str, function: Callable, given: Collection[str] = (),
                 stub: str = ""):
        """Read the program.

        given: names that stay as they are in the module, even if the file defines them
        stub:  a text with what the file had from the beginning: its constants stay, too
        """
        code = getattr(function, "__code__", None)
        if code is None:
            raise CannotMake(f"{name} is not written in Python")
        self.name, self.file = name, Path(code.co_filename)
        self._module = function.__globals__
        self._flags = code.co_flags & __future__.annotations.compiler_flag
        self.text = text_in(self.file)
        try:
            self._all = ast.parse(self.text).body
        except (SyntaxError, ValueError, RecursionError) as problem:
            raise CannotMake(f"{self.file} cannot be read") from problem
        lengths = (len(line) for line in self.text.splitlines(keepends=True))
        self._starts = [0, *accumulate(lengths)]
        own = [tree for tree in self._all if not self._is_constant_of(stub, tree)]
        self.trees = [without_docstrings(tree) for tree in _needed(own, name, given)]
        if any(map(self._may_do_harm, self.nodes())):
            raise CannotMake(f"{name} can do more than compute")
        self._codes = {tree: self._compiled(tree) for tree in self.trees}
        self.loops = any(isinstance(node, LOOPS) for node in self.nodes())

    def nodes(self) -> Iterator[ast.AST]:
        """Every node of every tree."""
        return (node for tree in self.trees for node in ast.walk(tree))

    def function(self, edited: ast.stmt | None = None) -> Callable:
        """The function, made anew; `edited` is a tree that has changed.

        Raises whatever making it raises, such as SyntaxError.
        """
        return self.space(edited)[self.name]

    def space(self, edited: ast.stmt | None = None) -> dict[str, object]:
        """The module's names, those of the program made anew."""
        space = dict(self._module)
        for tree, code in self._codes.items():
            exec(self._compiled(tree) if tree is edited else code, space)
        return space

    @contextmanager
    def having_changed(self, tree: ast.stmt) -> Iterator[None]:
        """Keep a tree as it is now, while another edit is tried."""
        before, self._codes[tree] = self._codes[tree], self._compiled(tree)
        try:
            yield
        finally:
            self._codes[tree] = before

    def index(self, tree: ast.stmt) -> int:
        """The position of a tree among all statements of the file."""
        return next(at for at, statement in enumerate(self._all) if statement is tree)

    def offset(self, node: ast.AST, end: bool = False) -> int:
        """Where a node begins in the text, or ends."""
        if end:
            line, column = node.end_lineno, node.end_col_offset
        else:
            line, column = node.lineno, node.col_offset
        start = self._starts[line - 1]
        return start + characters(self.text[start : self._starts[line]], column)

    def _may_do_harm(self, node: ast.AST) -> bool:
        """Whether a node uses the system, files or the like."""
        match node:
            case ast.Name(word):
                value = self._module.get(word)
                harmful = isinstance(value, ModuleType) and not _is_harmless(value.__name__)
                return harmful or word in HARMFUL
            case ast.Import(names):
                return not all(_is_harmless(alias.name) for alias in names)
            case ast.ImportFrom(module):
                return not _is_harmless(module or "")
        return False

    def _is_constant_of(self, stub: str, tree: ast.stmt) -> bool:
        is_definition = isinstance(tree, (ast.FunctionDef, ast.ClassDef))
        text = self.text[self.offset(tree) : self.offset(tree, end=True)]
        return not is_definition and text in stub

    def _compiled(self, tree: ast.stmt):
        module = ast.Module([tree], [])
        return compile(module, str(self.file), "exec", flags=self._flags, dont_inherit=True)


def _is_harmless(module: str) -> bool:
    return module.partition(".")[0] in HARMLESS


def _needed(statements: list[ast.stmt], name: str, given: Collection[str]) -> list[ast.stmt]:
    """The statements that define a name, and those that define what these use."""
    makers: dict[str, list[ast.stmt]] = {}
    for statement in statements:
        for bound in _bound(statement):
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                makers[bound] = []  # of two definitions, the last one counts
            makers.setdefault(bound, []).append(statement)
    if name not in makers:
        raise CannotMake(f"the file has no {name}")
    found, waiting, seen = [], [name], {name, *given}
    while waiting:
        for statement in makers.get(waiting.pop(), ()):
            if statement not in found:
                found.append(statement)
                nodes = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
                used = {node.id for node in nodes} - seen
                seen |= used
                waiting.extend(used)
    return [statement for statement in statements if statement in found]


def _bound(statement: ast.stmt) -> list[str]:
    """The names that a statement defines."""
    if not isinstance(statement, BINDING):
        return []
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return [statement.name]
    return names_bound(getattr(statement, "targets", None) or [statement.target])


def without_docstrings(statement: ast.stmt) -> ast.stmt:
    """The same tree, with its docstrings removed."""
    for node in ast.walk(statement):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and len(node.body) > 1:
            if ast.get_docstring(node, clean=False) is not None:
                del node.body[0]
    return statement


def characters(line: str, column: int) -> int:
    """How many characters there are before a column, which Python counts in bytes."""
    return len(line.encode()[:column].decode(errors="ignore"))
