"""One small edit of a syntax tree, and the pieces to build edits from.

Called a tweak, because edits of the solution, which declare mistakes, are another thing.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

Change = tuple[ast.AST, str, object]  # a node, one of its fields, and the new value
Proposals = Iterator[tuple[ast.AST, tuple[Change, ...]]]  # what edits are about, and their changes
NOT_RUN = {"decorator_list", "annotation", "returns", "type_params", "format_spec"}
COUNTED = (ast.operator, ast.cmpop, ast.unaryop, ast.Subscript, ast.Call, ast.List)


@dataclass(frozen=True, eq=False)
class Tweak:
    """An edit of a function, or of another statement at the top level of a file.

    tree:    that statement
    about:   the expression or statement in it that is changed, as it was
    changes: what is changed
    """

    tree: ast.stmt
    about: ast.AST
    changes: tuple[Change, ...]


@contextmanager
def applied(tweak: Tweak) -> Iterator[None]:
    """Make an edit in its tree, and undo it after the block."""
    before = [(node, field, getattr(node, field)) for node, field, _ in tweak.changes]
    try:
        for node, field, value in tweak.changes:
            setattr(node, field, value)
        yield
    finally:
        for node, field, value in before:
            setattr(node, field, value)


def statement_of(tweak: Tweak) -> ast.stmt:
    """The innermost statement that an edit is in."""
    inside = (node for node in ast.walk(tweak.tree) if isinstance(node, ast.stmt)
              and any(part is tweak.about for part in ast.walk(node)))
    return list(inside)[-1]


def distance(tweak: Tweak, solution: Counter[str]) -> int:
    """How many words the edited function has that the solution has not, and the reverse.

    Of edits that work in one place, the plainest is the one that ends nearest to the solution.
    """
    with applied(tweak):
        own = Counter(words(tweak.tree))
    return (own - solution).total() + (solution - own).total()


def words(tree: ast.AST) -> Iterator[str]:
    """The names, attributes, literals and operators in a tree, and its calls and subscripts."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(word) | ast.Attribute(attr=word) | ast.keyword(arg=word):
                yield str(word)
            case ast.Constant(value):
                yield repr(value)
            case _ if isinstance(node, COUNTED):
                yield type(node).__name__


@dataclass(frozen=True, eq=False)
class Slot:
    """Where an expression is: in a field of its parent, or in a list in that field."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.expr

    def put(self, new: ast.AST) -> Change:
        """The change that puts another expression here."""
        if self.index is None:
            return self.parent, self.field, new
        entries = getattr(self.parent, self.field)
        return self.parent, self.field, [*entries[: self.index], new, *entries[self.index + 1 :]]

    @property
    def is_called(self) -> bool:
        return isinstance(self.parent, ast.Call) and self.field == "func"

    @property
    def is_value(self) -> bool:
        """Whether the expression is a value: no function that is called, no module, no index."""
        if isinstance(self.node, ast.Tuple) and isinstance(self.parent, ast.Subscript):
            return False
        is_none = self.is_called or is_module(self.node)
        return not (is_none or isinstance(self.node, (ast.Slice, ast.Starred)))

    def has_beside(self, new: ast.expr) -> bool:
        """Whether an equal expression is on the other side of a minus, a division or a comparison.

        Something minus itself, or compared with itself, works only by accident.
        """
        match self.parent:
            case ast.BinOp(left, ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Mod(), right):
                other = right if self.field == "left" else left
            case ast.Compare(left, _, [right]):
                other = right if self.field == "left" else left
            case _:
                return False
        return ast.dump(other) == ast.dump(new)


def slots(node: ast.AST) -> Iterator[Slot]:
    """All expressions in a tree that are computed, the outer ones first; not texts of errors."""
    if isinstance(node, (ast.Raise, ast.Assert, ast.JoinedStr)):
        return
    for field, value in ast.iter_fields(node):
        if field not in NOT_RUN:
            for index, entry in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(entry, ast.expr) and is_read(entry):
                    yield Slot(node, field, index, entry)
                if isinstance(entry, ast.AST):
                    yield from slots(entry)


def is_read(node: ast.expr) -> bool:
    """Whether an expression is read: no target of an assignment."""
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def is_module(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math")


def like(node: ast.AST, new: ast.AST) -> ast.AST:
    """A new node, with the position of an old one."""
    return ast.copy_location(new, node)


def number(value: float, at: ast.AST) -> ast.expr:
    """A literal; in a syntax tree, a minus is an operator."""
    if value < 0:
        return like(at, ast.UnaryOp(ast.USub(), number(-value, at)))
    return like(at, ast.Constant(value))


def number_in(node: ast.AST) -> int | float | None:
    """The value of a literal number; None if a node is not one."""
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    inner = node.operand if negative else node
    if not isinstance(inner, ast.Constant) or type(inner.value) not in (int, float):
        return None
    return -inner.value if negative else inner.value


def name(word: str, at: ast.AST) -> ast.Name:
    return like(at, ast.Name(word, ast.Load()))


def filled(template: str, node: ast.expr) -> ast.expr:
    """The expression in a template, with a node in the place of `_`."""
    return _filled(_parsed(template), node)


@cache
def _parsed(template: str) -> ast.expr:
    return ast.parse(template, mode="eval").body


def _filled(pattern: ast.AST, node: ast.expr) -> ast.AST:
    if isinstance(pattern, ast.Name) and pattern.id == "_":
        return node
    fields = {}
    for field, value in ast.iter_fields(pattern):
        if isinstance(value, list):
            value = [_filled(each, node) for each in value]
        fields[field] = _filled(value, node) if isinstance(value, ast.AST) else value
    return like(node, type(pattern)(**fields))


def size(node: ast.AST) -> int:
    """How many expressions, keywords and statements there are in a tree."""
    return sum(isinstance(part, (ast.expr, ast.keyword, ast.stmt)) for part in ast.walk(node))


def names_bound(targets: Iterable[ast.AST]) -> list[str]:
    """The names in the targets of assignments, loops or comprehensions."""
    return [part.id for target in targets for part in ast.walk(target)
            if isinstance(part, ast.Name)]


def loop_variables(tree: ast.AST) -> set[str]:
    """The variables of a function's loops, which hold a part of something."""
    return {*names_bound(node.target for node in ast.walk(tree) if isinstance(node, ast.For))}
