"""Small edits: another number, name, key, operator or function."""

import ast
import math

from tests.runner.diagnosis.tweak import Found, Slot, like, name, number, number_in
from tests.runner.diagnosis.vocabulary import UNKNOWN, Vocabulary, names_in

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.Pow, ast.FloorDiv, ast.Mod)
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
OPPOSITE = {ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
CONFUSED = (  # functions, methods and attributes that people confuse
    ("max", "min", "sum", "mean", "var", "std", "prod", "argmax", "argmin"),
    ("any", "all"),
    ("exp", "log", "sqrt", "tanh", "sin", "cos", "abs", "square", "log2", "exp2", "log10",
     "expm1", "log1p"),
    ("maximum", "minimum", "fmax", "add"),
    ("ceil", "floor", "round", "trunc"),
    ("triu", "tril", "tri"),
    ("zeros", "ones", "empty", "eye"),
    ("zeros_like", "ones_like", "empty_like"),
    ("concatenate", "stack", "vstack", "hstack"),
    ("shape", "size", "ndim"),
    ("repeat", "tile"),
    ("argsort", "sort"),
    ("dot", "matmul", "multiply", "outer", "inner"),
    ("finfo", "iinfo"),
    ("add", "subtract", "multiply", "divide"),
    ("cumsum", "sum"),
    ("append", "extend"),
)


def numbers(slot: Slot, words: Vocabulary) -> Found:
    """Another number: a near one, the opposite, a usual one, or one of the solution."""
    value = number_in(slot.node)
    if value is None or _is_after_a_minus(slot):
        return
    half = value // 2 if isinstance(value, int) else value / 2
    inverse = [float(f"{1 / value:.12g}")] if value else []
    usual = [value + 1, value - 1, -value, 0, 1, -1, -2, 2, value * 2, half, *inverse]
    for other in dict.fromkeys([*usual, *words.numbers]):
        if other != value and math.isfinite(other):
            yield slot.node, (slot.put(number(other, slot.node)),)


def numbers_by_name(slot: Slot, words: Vocabulary) -> Found:
    """A variable in the place of a number, or None in the place of an axis."""
    if number_in(slot.node) is None or _is_after_a_minus(slot):
        return
    for word in words.of_kinds("number", UNKNOWN):
        yield slot.node, (slot.put(name(word, slot.node)),)
    if isinstance(slot.parent, ast.keyword):
        yield slot.node, (slot.put(like(slot.node, ast.Constant(None))),)


def truths(slot: Slot, words: Vocabulary) -> Found:
    """False in the place of True, and the reverse."""
    if isinstance(slot.node, ast.Constant) and isinstance(slot.node.value, bool):
        yield slot.node, ((slot.node, "value", not slot.node.value),)


def names(slot: Slot, words: Vocabulary) -> Found:
    """Another variable of the same kind, or another function that takes the same arguments."""
    node = slot.node
    if isinstance(node, ast.Name):
        for other in _other_names(slot, words):
            if (other != node.id and not slot.has_beside(name(other, node))
                    and not rebinds(slot.parent, node, other, words)):
                yield node, ((node, "id", other),)


def rebinds(parent: ast.AST | None, node: ast.Name, other: str, words: Vocabulary) -> bool:
    """Whether an edit would write over an argument what is not made from it, as in `tile, n = ...`.

    parent: of the node whose name would change to `other`
    """
    if not isinstance(node.ctx, ast.Store) or other not in words.parameters:
        return False
    return not (isinstance(parent, ast.Assign) and other in names_in(parent.value))


def _other_names(slot: Slot, words: Vocabulary) -> list[str]:
    word = slot.node.id
    if word in words.names:
        others = words.alike(word)
        if isinstance(slot.parent, ast.Compare) and type(slot.parent.ops[0]) in OPPOSITE:
            return [other for other in others if words.names[other] in ("mask", UNKNOWN)]
        return others
    if words.is_undefined(word):
        return [*words.names, *words.functions]
    if word in words.functions:
        return words.functions_for(slot.parent) if slot.is_called else list(words.functions)
    return []


def names_of_other_kinds(slot: Slot, words: Vocabulary) -> Found:
    """A variable of another kind."""
    node = slot.node
    if isinstance(node, ast.Name) and node.id in words.names:
        near = {node.id, *words.alike(node.id), *words.of_kinds("function")}
        for other in words.names:
            if other not in near and not rebinds(slot.parent, node, other, words):
                yield node, ((node, "id", other),)


def keys(slot: Slot, words: Vocabulary) -> Found:
    """Another key of the same dict."""
    if isinstance(slot.node, ast.Constant) and isinstance(slot.node.value, str):
        for other in words.keys.get(slot.node.value, ()):
            yield slot.node, ((slot.node, "value", other),)


def operators(slot: Slot, words: Vocabulary) -> Found:
    """Another operator, or comparison."""
    node = slot.node
    match node:
        case ast.BinOp(op=op):
            changes = [(node, "op", other()) for other in OPERATORS if not isinstance(op, other)]
        case ast.UnaryOp(op=op) if number_in(node) is None:
            changes = [(node, "op", other()) for other in (ast.Invert, ast.Not, ast.USub)
                       if not isinstance(op, other)]
        case ast.BoolOp(op=op):
            changes = [(node, "op", ast.And() if isinstance(op, ast.Or) else ast.Or())]
        case ast.Compare(ops=ops):
            changes = [(node, "ops", [*ops[:at], other(), *ops[at + 1 :]])
                       for at, op in enumerate(ops) for other in _other_comparisons(op)]
        case _:
            changes = []
    for change in changes:
        yield node, (change,)


def _other_comparisons(op: ast.cmpop) -> list[type[ast.cmpop]]:
    others = [OPPOSITE[type(op)]] if type(op) in OPPOSITE else ORDERS
    return [other for other in others if not isinstance(op, other)]


def functions(slot: Slot, words: Vocabulary) -> Found:
    """Another function, method or attribute that people confuse with one."""
    match slot.node:
        case ast.Attribute(attr=word):
            field = "attr"
        case ast.Name(word) if slot.is_called:
            field = "id"
        case _:
            return
    groups = (group for group in CONFUSED if word in group)
    for other in dict.fromkeys(other for group in groups for other in group):
        if other != word:
            yield slot.node, ((slot.node, field, other),)


def modules(slot: Slot, words: Vocabulary) -> Found:
    """NumPy's function in the place of the one of `math`, and the reverse."""
    match slot.node:
        case ast.Attribute(ast.Name("np" | "math" as module) as node):
            yield slot.node, ((node, "id", "math" if module == "np" else "np"),)


def indices(slot: Slot, words: Vocabulary) -> Found:
    """`...` in the place of `:` in an index, and the reverse."""
    match slot.parent, slot.node:
        case ast.Tuple(), ast.Slice(None, None, None):
            yield slot.node, (slot.put(like(slot.node, ast.Constant(...))),)
        case ast.Tuple(), ast.Constant(value) if value is ...:
            yield slot.node, (slot.put(like(slot.node, ast.Slice())),)


def keywords(slot: Slot, words: Vocabulary) -> Found:
    """Another keyword that the function has, too."""
    match slot.node:
        case ast.Call(ast.Name(function), keywords=given) if function in words.functions:
            taken = {keyword.arg for keyword in given}
            others = [other for other in words.functions[function].parameters if other not in taken]
            for keyword in given:
                if keyword.arg:
                    yield from ((keyword, ((keyword, "arg", other),)) for other in others)


def conditions(slot: Slot, words: Vocabulary) -> Found:
    """A condition that is always true, or never."""
    if slot.field == "test" and not isinstance(slot.node, ast.Constant):
        for always in (True, False):
            yield slot.node, (slot.put(like(slot.node, ast.Constant(always))),)


def _is_after_a_minus(slot: Slot) -> bool:
    """Whether a number is a part of a negative one."""
    return isinstance(slot.parent, ast.UnaryOp) and isinstance(slot.parent.op, ast.USub)
