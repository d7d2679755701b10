"""Two mistakes in one function: the code of somebody who makes both.

Both are compared with the right version, node by node of their syntax trees, and the changes of
both are made: a three-way merge as in version control, on expressions instead of lines.

- One replaced what the other only changed inside: the replacement is kept.
- One wrapped or unwrapped what the other changed: the change goes inside.
- One inserted or removed lines: what the other changed in the lines around is kept.
- Both replaced the same thing: they do not combine.
"""

import ast
import linecache
import warnings
from types import FunctionType

from tests.runner.lessons.source_text import text_of


class Merger:
    """Merges mistakes in one function; the result looks up names in that function's module.

    Trees are parsed once, and equal parts are kept as one object, so that `is` compares them.
    """

    def __init__(self, right: FunctionType):
        self.home, self.name = right.__globals__, right.__name__
        self._trees: dict[FunctionType, ast.FunctionDef] = {}
        self._known: dict[tuple, object] = {}
        self._made: set[ast.FunctionDef] = set()
        self._reads: dict[ast.FunctionDef, set[str]] = {}
        self.right = self._tree(right)

    def merged(self, a: FunctionType, b: FunctionType) -> FunctionType | None:
        """A function with both mistakes; None if they do not combine or equal an earlier pair."""
        try:
            tree = self._merge(self.right, self._tree(a), self._tree(b))
        except _Conflict:
            return None
        if tree in (self.right, self._tree(a), self._tree(b)) or tree in self._made:
            return None
        self._made.add(tree)
        names: dict = {}
        try:
            with warnings.catch_warnings(action="ignore"):  # of expressions that nobody would write
                text = ast.unparse(tree)
                file = f"<two mistakes {hash(text):x}>"
                code = compile(text, file, "exec")
                linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
            exec(code, self.home, names)  # only the project's own mistakes are ever merged
        except (SyntaxError, ValueError, TypeError):
            return None
        self._trees[names[self.name]] = tree
        return names[self.name]

    def uses_what_is_left_out(self, both: FunctionType, a: FunctionType) -> bool:
        """Whether both together read an argument, or a key in one, that one of them leaves out."""
        return bool((self._read(self.right) - self._read(self._tree(a))) & self._read(self._tree(both)))

    def _merge(self, right, a, b):
        if a is right or a is b:
            return b
        if b is right:
            return a
        if isinstance(right, ast.expr):
            rewrapped = self._put(a, right, b) or self._put(b, right, a) or _peel(right, a, b) or _peel(right, b, a)
            if rewrapped:
                return rewrapped
        if isinstance(right, list) and (spliced := _spliced(right, a, b) or _spliced(right, b, a)):
            return self._one(spliced)
        replaced_a, replaced_b = _replaced(right, a), _replaced(right, b)
        if replaced_a and replaced_b:
            raise _Conflict
        if replaced_a or replaced_b:
            return a if replaced_a else b
        if isinstance(right, list):
            return self._one([self._merge(*parts) for parts in zip(right, a, b)])
        parts = {key: self._merge(*(getattr(node, key) for node in (right, a, b))) for key in right._fields}
        return self._one(ast.copy_location(type(right)(**parts), right))

    def _read(self, tree: ast.FunctionDef) -> set[str]:
        """The arguments that a function reads, and the texts in it, such as keys."""
        if tree not in self._reads:
            arguments = {argument.arg for argument in tree.args.args}
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
            constants = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
            self._reads[tree] = names & arguments | {value for value in constants if isinstance(value, str)}
        return self._reads[tree]

    def _put(self, outer, part, new):
        """An expression with one part of it replaced; None if it has no such part."""
        if outer is part:
            return new
        if isinstance(outer, list):
            found = [self._put(inner, part, new) for inner in outer]
            return self._one([after or inner for after, inner in zip(found, outer)]) if any(found) else None
        if not isinstance(outer, ast.AST):
            return None
        found = {key: self._put(getattr(outer, key), part, new) for key in outer._fields}
        if not any(found.values()):
            return None
        parts = {key: after or getattr(outer, key) for key, after in found.items()}
        return self._one(ast.copy_location(type(outer)(**parts), outer))

    def _tree(self, function: FunctionType) -> ast.FunctionDef:
        if function not in self._trees:
            tree = _tree(function)
            tree.name = self.name
            self._trees[function] = self._all_one(tree)
        return self._trees[function]

    def _all_one(self, part):
        """A part of a tree in which all that equals a known part is replaced by that object."""
        if isinstance(part, list):
            return self._one([self._all_one(inner) for inner in part])
        if isinstance(part, ast.AST):
            for key in part._fields:
                setattr(part, key, self._all_one(getattr(part, key, None)))
        return self._one(part)

    def _one(self, part):
        if isinstance(part, list):
            return self._known.setdefault((list, *map(id, part)), part)
        if isinstance(part, ast.AST):
            return self._known.setdefault((type(part), *(id(getattr(part, key)) for key in part._fields)), part)
        return self._known.setdefault((type(part), repr(part)), part)


class _Conflict(Exception):
    """Two mistakes replaced the same thing."""


def _peel(right, a, b):
    """What b made of the only part of right that a has kept."""
    if type(b) is type(right):
        return next((getattr(b, key) for key in right._fields if getattr(right, key) is a), None)
    return None


def _spliced(right: list, a: list, b: list) -> list | None:
    """b's changes, with the lines that a replaced in the middle; None if they overlap."""
    if len(a) == len(right) or len(b) != len(right):
        return None
    shorter = min(len(a), len(right))
    before = next((i for i in range(shorter) if a[i] is not right[i]), shorter)
    after = next((i for i in range(shorter - before) if a[-1 - i] is not right[-1 - i]), shorter - before)
    if any(b[i] is not right[i] for i in range(before, len(right) - after)):
        return None
    return b[:before] + a[before : len(a) - after] + b[len(b) - after :]


def _replaced(right, other) -> bool:
    """Whether a part replaced another one, and is not the same part with changes inside."""
    if isinstance(right, list):
        return len(right) != len(other)
    return type(right) is not type(other) or not isinstance(right, ast.AST)


def _tree(function: FunctionType) -> ast.FunctionDef:
    """The syntax tree of a function, without decorator and docstring, with its choices made."""
    tree = ast.parse(text_of(function)).body[0]
    tree.args.kwonlyargs, tree.args.kw_defaults = [], []
    return _Chosen(function.__kwdefaults__).visit(tree) if function.__kwdefaults__ else tree


class _Chosen(ast.NodeTransformer):
    """Replaces the name of a keyword-only argument by the chosen value."""

    def __init__(self, values: dict):
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.values:
            return node
        return ast.copy_location(ast.Constant(self.values[node.id]), node)
