"""Every version of a function that differs from it in one small edit.

The edits are those that slips of the keyboard and of the mind make: another constant, operator,
name or function; something left out, exchanged, or put around. They share no code with the
search for a place, so that one can be a witness against the other.
"""

import ast
import copy
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult, ast.FloorDiv, ast.Mod)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
RELATED = [  # functions and methods that are taken for one another
    ("max", "min", "sum", "mean"), ("mean", "var", "std", "median"), ("maximum", "minimum"),
    ("exp", "log"), ("sin", "cos"), ("tanh", "tan", "exp"), ("sqrt", "exp", "square"),
    ("zeros", "ones"), ("zeros_like", "ones_like", "empty_like"), ("triu", "tril"), ("any", "all"),
    ("argmax", "argmin", "max"), ("tri", "eye", "ones"), ("repeat", "tile"),
    ("stack", "concatenate"),
    ("append", "extend"), ("reshape", "transpose"), ("arange", "ones"), ("prod", "sum"),
    ("softmax", "exp"), ("relu", "gelu"), ("full", "full_like"), ("isnan", "isinf"),
]
WRAPPERS = ("-{}", "{}.T", "{} ** 2", "np.sqrt({})", "np.abs({})", "{}[0]")


@dataclass(frozen=True)
class Mutant:
    """A version of a function with one edit: the whole text, and what was done to what."""

    text: str
    edit: str


def mutants(source: str) -> Iterator[Mutant]:
    """All versions of a function that differ in one edit, each text once."""
    tree = ast.parse(source).body[0]
    tree.decorator_list = []
    if ast.get_docstring(tree) is not None:
        del tree.body[0]
    seen = {ast.unparse(tree)}
    for edit in _edits(tree):
        text = ast.unparse(tree)
        if text not in seen and _compiles(text):
            seen.add(text)
            yield Mutant(text, edit)


def _edits(tree: ast.FunctionDef) -> Iterator[str]:
    """Make each edit in the tree while the caller looks at it; say what it is."""
    scope = _Scope(tree)
    for node in list(ast.walk(tree)):
        for key, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                yield from _replaced(node, key, value, scope)
            elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield from _rearranged(value)
            elif isinstance(value, list):
                yield from _thinned(node, key, value, scope)
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            yield from _assigned(tree, node)


def _replaced(parent: ast.AST, key: str, old: ast.expr, scope: "_Scope") -> Iterator[str]:
    for new in _instead(old, scope):
        setattr(parent, key, new)
        try:
            yield f"{ast.unparse(old)} -> {ast.unparse(new)}"
        finally:
            setattr(parent, key, old)


def _thinned(node: ast.AST, key: str, parts: list, scope: "_Scope") -> Iterator[str]:
    """In a list of expressions or keywords: one replaced, left out, or exchanged with the next."""
    whole = list(parts)
    for at, part in enumerate(whole):
        if isinstance(part, ast.expr):
            for new in _instead(part, scope):
                parts[at] = new
                yield f"{ast.unparse(part)} -> {ast.unparse(new)}"
                parts[at] = part
    if not isinstance(node, (ast.Call, ast.Tuple, ast.List, ast.BoolOp, ast.JoinedStr)):
        return
    for at, part in enumerate(whole):
        if len(whole) > 1 or isinstance(node, ast.Call):
            parts[:] = whole[:at] + whole[at + 1 :]
            yield f"without {ast.unparse(part)}"
            parts[:] = whole
        if isinstance(part, ast.expr):
            for other in range(at + 1, len(whole)):
                parts[at], parts[other] = whole[other], part
                yield f"{ast.unparse(part)} <-> {ast.unparse(whole[other])}"
                parts[:] = whole


def _rearranged(body: list[ast.stmt]) -> Iterator[str]:
    """In a list of statements: one left out, exchanged with the next, or let out of its block."""
    whole = list(body)
    for at, line in enumerate(whole):
        body[:] = whole[:at] + whole[at + 1 :] or [ast.Pass()]
        yield f"without {ast.unparse(line)}"
        if at + 1 < len(whole):
            body[:] = [*whole[:at], whole[at + 1], line, *whole[at + 2 :]]
            yield f"{ast.unparse(line)} after the next line"
        if isinstance(line, (ast.For, ast.While, ast.If)):
            inner = line.body
            body[:] = [*whole[:at], *inner, *whole[at + 1 :]]
            yield f"no {ast.unparse(line).splitlines()[0]}"
            if len(inner) > 1 and not isinstance(line, ast.If):
                line.body = inner[:-1]
                body[:] = [*whole[: at + 1], inner[-1], *whole[at + 1 :]]
                yield f"{ast.unparse(inner[-1])} after the loop"
                line.body = inner[1:]
                body[:] = [*whole[:at], inner[0], *whole[at:]]
                yield f"{ast.unparse(inner[0])} before the loop"
                line.body = inner
        if isinstance(line, ast.Return) and line.value and at == len(whole) - 1:
            continue
        if at == len(whole) - 1 and isinstance(line, (ast.Assign, ast.AugAssign, ast.Expr)):
            body[:] = [*whole, ast.Return(_target(line))]
            yield "returns at once"
        body[:] = whole
    body[:] = whole


def _target(line: ast.stmt) -> ast.expr:
    value = (line.value if isinstance(line, ast.Expr)
             else getattr(line, "target", None) or line.targets[0])
    if isinstance(value, (ast.Name, ast.Subscript)):
        base = value.value if isinstance(value, ast.Subscript) else value
        return (base if isinstance(base, ast.Subscript) or not isinstance(base, ast.Name)
                else ast.Name(base.id))
    return ast.Constant(None)


def _assigned(tree: ast.AST, node: ast.Assign | ast.AugAssign) -> Iterator[str]:
    """+= instead of = and the reverse, and another operator before the equals sign."""
    for holder in ast.walk(tree):
        for body in (getattr(holder, "body", None), getattr(holder, "orelse", None)):
            if isinstance(body, list) and node in body:
                at = body.index(node)
                for new in _other_assignments(node):
                    body[at] = new
                    yield f"{ast.unparse(node)} -> {ast.unparse(new)}"
                    body[at] = node


def _other_assignments(node: ast.Assign | ast.AugAssign) -> Iterator[ast.stmt]:
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=1)
        yield from (ast.AugAssign(node.target, op(), node.value)
                    for op in OPERATORS[:4] if not isinstance(node.op, op))
    elif len(node.targets) == 1 and isinstance(node.targets[0], (ast.Name, ast.Subscript)):
        yield ast.AugAssign(node.targets[0], ast.Add(), node.value)


def _instead(old: ast.expr, scope: "_Scope") -> Iterator[ast.expr]:
    """What may stand in the place of an expression."""
    if isinstance(getattr(old, "ctx", None), (ast.Store, ast.Del)) or isinstance(old, ast.Starred):
        return
    if isinstance(old, ast.Constant):
        yield from map(ast.Constant, _constants(old.value, scope))
        return
    if isinstance(old, ast.UnaryOp) and isinstance(old.operand, ast.Constant):
        yield from map(ast.Constant, _constants(ast.literal_eval(old), scope))
        return
    if isinstance(old, ast.Name):
        yield from (ast.Name(name) for name in scope.like(old.id) if name != old.id)
    elif isinstance(old, ast.Attribute):
        yield from (_with(old, attr=name) for name in _related(old.attr))
        yield old.value
    elif isinstance(old, ast.UnaryOp):
        yield old.operand
    elif isinstance(old, ast.BinOp):
        yield from (_with(old, op=op()) for op in OPERATORS if not isinstance(old.op, op))
        yield _with(old, left=old.right, right=old.left)
        yield old.left
        yield old.right
        if isinstance(old.left, ast.BinOp):  # (a / b) * c -> a / (b * c)
            inner = ast.BinOp(old.left.right, old.op, old.right)
            yield ast.BinOp(old.left.left, old.left.op, inner)
    elif isinstance(old, ast.Compare):
        yield from (_with(old, ops=[op()]) for op in _other_comparisons(old))
        yield _with(old, left=old.comparators[0], comparators=[old.left])
        yield ast.Constant(True)
        yield ast.Constant(False)
    elif isinstance(old, ast.BoolOp):
        yield _with(old, op=ast.Or() if isinstance(old.op, ast.And) else ast.And())
    elif isinstance(old, ast.Call):
        yield from _other_calls(old)
    elif isinstance(old, ast.Subscript):
        yield old.value
        yield from (_with(old, slice=new) for new in _other_slices(old.slice))
    elif isinstance(old, ast.IfExp):
        yield old.body
        yield old.orelse
        yield _with(old, body=old.orelse, orelse=old.body)
    if isinstance(old, (ast.Name, ast.Call, ast.BinOp)) and not scope.is_function(old):
        yield from (ast.parse(wrapper.format(f"({ast.unparse(old)})"), mode="eval").body
                    for wrapper in WRAPPERS)
    if isinstance(old, (ast.Compare, ast.BoolOp)) or isinstance(old, ast.Name) and "mask" in old.id:
        yield ast.UnaryOp(ast.Not(), old)
        yield ast.UnaryOp(ast.Invert(), old)


def _constants(value, scope: "_Scope") -> Iterable:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return {value + 1, value - 1, -value, 0, 1, 2, -1} - {value}
    if isinstance(value, float):
        return {-value, value * 2, value / 10, value + 1, 0.0, 1.0} - {value}
    if isinstance(value, str):
        return [text for text in scope.texts if text != value]
    return []


def _other_comparisons(old: ast.Compare) -> Iterator[type]:
    if isinstance(old.ops[0], (ast.Is, ast.IsNot)):
        return iter([ast.IsNot if isinstance(old.ops[0], ast.Is) else ast.Is])
    return (op for op in COMPARISONS if not isinstance(old.ops[0], op))


def _other_calls(old: ast.Call) -> Iterator[ast.expr]:
    if isinstance(old.func, ast.Attribute):
        yield from (_with(old, func=_with(old.func, attr=name)) for name in _related(old.func.attr))
        if not isinstance(old.func.value, ast.Name) or old.func.value.id not in ("np", "math"):
            yield old.func.value  # x.max(axis=-1) -> x
    elif isinstance(old.func, ast.Name):
        yield from (_with(old, func=ast.Name(name)) for name in _related(old.func.id))
    yield from (arg for arg in old.args if not isinstance(arg, ast.Starred))
    for name in ("keepdims", "axis"):
        if all(keyword.arg != name for keyword in old.keywords) and _reduces(old):
            value = (ast.Constant(True) if name == "keepdims"
                     else ast.UnaryOp(ast.USub(), ast.Constant(1)))
            yield _with(old, keywords=[*old.keywords, ast.keyword(name, value)])


def _reduces(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("sum", "max", "mean", "var",
                                                                       "min", "std")


def _other_slices(index: ast.expr) -> Iterator[ast.expr]:
    if isinstance(index, ast.Slice):
        for key in ("lower", "upper", "step"):
            if bound := getattr(index, key):
                yield _with(index, **{key: None})
                yield _with(index, **{key: ast.BinOp(bound, ast.Add(), ast.Constant(1))})
        if index.lower is None:
            yield _with(index, lower=ast.Constant(1))
        if index.upper is None:
            yield _with(index, upper=ast.UnaryOp(ast.USub(), ast.Constant(1)))
    elif isinstance(index, ast.Tuple):
        for at, part in enumerate(index.elts):
            for new in _other_slices(part):
                yield ast.Tuple([*index.elts[:at], new, *index.elts[at + 1 :]], ast.Load())


def _related(name: str) -> list[str]:
    return [other for names in RELATED if name in names for other in names if other != name]


def _with(node: ast.AST, **changes) -> ast.AST:
    changed = copy.copy(node)
    for key, value in changes.items():
        setattr(changed, key, value)
    return changed


class _Scope:
    """The names in a function that may be taken for one another, and its texts."""

    def __init__(self, tree: ast.FunctionDef):
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        called = {node.func.id for node in ast.walk(tree)
                  if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        self.data = sorted((stored | arguments) - called)
        self.functions = sorted(called)
        self.texts = sorted({node.value for node in ast.walk(tree)
                             if isinstance(node, ast.Constant) and isinstance(node.value, str)})

    def like(self, name: str) -> list[str]:
        """Names of the same kind: data, or functions."""
        if name in self.data:
            return self.data
        return self.functions if name in self.functions else []

    def is_function(self, node: ast.expr) -> bool:
        """Whether a name is that of a function or module."""
        return isinstance(node, ast.Name) and node.id not in self.data


def _compiles(text: str) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True
