"""Small edits: a part of an expression left out, exchanged, grouped otherwise, or added."""

import ast
import inspect
from collections.abc import Iterator
from itertools import combinations

from tests.runner.diagnosis.tweak import (
    Proposals,
    Slot,
    filled,
    is_module,
    like,
    name,
    number,
    number_in,
)
from tests.runner.diagnosis.vocabulary import UNKNOWN, Vocabulary, called, names_in

REDUCING = {"max", "min", "sum", "mean", "var", "std", "prod", "any", "all", "argmax", "argmin"}
BOTH_WAYS = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr)
WRAPPERS = (  # what is put around an expression, which is `_`
    "_.swapaxes(-1, -2)", "_.swapaxes(-2, -3)", "_[..., None]", "_[..., None, :]", "_[:, None]",
    "_[None]", "-_", "~_", "not _", "_.copy()", "math.sqrt(_)", "np.sqrt(_)", "_ ** 2", "1 / _",
    "np.exp(_)", "np.log(_)", "_ - 1", "_ + 1", "_ // 2", "_ * 2", "_[0]", "_[-1]", "_.shape[-1]",
    "_.shape[-2]", "np.array(_)", "np.expand_dims(_, -3)", "np.sum(_)",
    "_.sum(axis=-1, keepdims=True)", "np.sum(_, axis=-1)",
)
ODD_WRAPPERS = (
    "np.asarray(_)", "_.astype(bool)", "_.astype(float)", "_ / 2", "len(_)", "int(_)", "list(_)",
    "range(_)", "_[..., -1, :]", "_[..., 0]", "_.T", "np.atleast_2d(_)", "np.abs(_)",
    "np.arange(_)", "np.mean(_)", "_.max(axis=-1, keepdims=True)",
    "_.mean(axis=-1, keepdims=True)", "_.shape[0]", "np.any(_)", "np.all(_)",
)


def left_out(slot: Slot, words: Vocabulary) -> Proposals:
    """A wrapper, an index, a sign, a term or factor, or an alternative left out."""
    node = slot.node
    match node:
        case ast.Call(func, args, keywords):
            receiver = [func.value] if isinstance(func, ast.Attribute) else []
            given = [*args, *(keyword.value for keyword in keywords if keyword.arg)]
            for part in [*receiver, *given]:
                if not (is_module(part) or isinstance(part, (ast.Starred, ast.Constant))):
                    yield node, (slot.put(part),)
        case ast.Attribute(value) if not is_module(value) and not slot.is_called:
            yield node, (slot.put(value),)
        case ast.BinOp(left, _, right):
            yield right, (slot.put(left),)
            yield left, (slot.put(right),)
        case ast.UnaryOp(operand=inner) if number_in(node) is None:
            yield node, (slot.put(inner),)
        case ast.Subscript(value) | ast.Starred(value):
            yield node, (slot.put(value),)
        case ast.IfExp(body=body, orelse=orelse):
            yield node, (slot.put(body),)
            yield node, (slot.put(orelse),)
        case ast.BoolOp(op, values):
            for at, value in enumerate(values):
                rest = [*values[:at], *values[at + 1 :]]
                new = rest[0] if len(rest) == 1 else like(node, ast.BoolOp(op, rest))
                yield value, (slot.put(new),)


def entries_left_out(slot: Slot, words: Vocabulary) -> Proposals:
    """An argument, a keyword, an entry of a list or tuple, or a bound of a slice left out."""
    node = slot.node
    match node:
        case ast.Call(args=args, keywords=keywords):
            yield from _without_each(node, "keywords", keywords)
            yield from _without_each(node, "args", args)
        case ast.Tuple(elts) | ast.List(elts) if len(elts) > 1:
            yield from _without_each(node, "elts", elts)
        case ast.ListComp(generators=generators) | ast.GeneratorExp(generators=generators):
            for generator in generators:
                yield from _without_each(generator, "ifs", generator.ifs)
        case ast.Slice():
            for field in ("lower", "upper", "step"):
                if bound := getattr(node, field):
                    yield bound, ((node, field, None),)


def _without_each(node: ast.AST, field: str, entries: list[ast.AST]) -> Proposals:
    for at, entry in enumerate(entries):
        yield entry, ((node, field, [*entries[:at], *entries[at + 1 :]]),)


def exchanged(slot: Slot, words: Vocabulary) -> Proposals:
    """Two arguments, entries, operands or alternatives exchanged."""
    node = slot.node
    match node:
        case ast.Call(args=args, keywords=keywords):
            yield from ((node, ((node, "args", swapped),)) for swapped in _swapped(args))
            for one, other in combinations(keywords, 2):
                yield node, ((one, "value", other.value), (other, "value", one.value))
            for at, arg in enumerate(args):
                for keyword in keywords:
                    if keyword.arg:
                        changed = [*args[:at], keyword.value, *args[at + 1 :]]
                        yield node, ((node, "args", changed), (keyword, "value", arg))
        case ast.Tuple(elts) | ast.List(elts) if len(elts) < 6:
            yield from ((node, ((node, "elts", swapped),)) for swapped in _swapped(elts))
        case ast.BinOp(left, op, right) if not isinstance(op, BOTH_WAYS):
            yield node, ((node, "left", right), (node, "right", left))
        case ast.IfExp(body=body, orelse=orelse):
            yield node, ((node, "body", orelse), (node, "orelse", body))
        case ast.Slice(lower, upper) if lower or upper:
            yield node, ((node, "lower", upper), (node, "upper", lower))


def _swapped(entries: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for a, b in combinations(range(len(entries)), 2):
        changed = list(entries)
        changed[a], changed[b] = changed[b], changed[a]
        yield changed


def keywords_added(slot: Slot, words: Vocabulary) -> Proposals:
    """`keepdims=True`, `axis=-1` and the like for what reduces an array."""
    node = slot.node
    if not isinstance(node, ast.Call) or called(node) not in REDUCING:
        return
    given = {keyword.arg for keyword in node.keywords}
    keepdims = like(node, ast.keyword("keepdims", like(node, ast.Constant(True))))
    alone = [] if "keepdims" in given else [keepdims]
    added = [alone] if alone else []
    n_arrays = is_module(getattr(node.func, "value", None))  # np.sum(x) and x.sum()
    if "axis" not in given and len(node.args) <= n_arrays:
        named = [name("axis", node)] if "axis" in words.names else []
        for axis in (number(-1, node), *named, number(0, node), number(-2, node)):
            keyword = like(node, ast.keyword("axis", axis))
            added += [[keyword], [keyword, *alone]] if alone else [[keyword]]
    for more in added:
        yield node, ((node, "keywords", [*node.keywords, *more]),)


def handed_on(slot: Slot, words: Vocabulary) -> Proposals:
    """One more argument of a function of the lessons: first the variable of its name."""
    node = slot.node
    match node:
        case ast.Call(ast.Name(function), args, keywords) if function in words.functions:
            parameters = words.functions[function].parameters
        case _:
            return
    given = {*list(parameters)[: len(args)], *(keyword.arg for keyword in keywords)}
    for missing, parameter in parameters.items():
        if missing not in given:
            own = [missing] if missing in words.names else []
            for word in dict.fromkeys([*own, *_fitting(parameter.default, words)]):
                added = like(node, ast.keyword(missing, name(word, node)))
                yield node, ((node, "keywords", [*keywords, added]),)


def _fitting(default: object, words: Vocabulary) -> list[str]:
    """The names that may be given for an argument with this default."""
    if callable(default) and default is not inspect.Parameter.empty:
        return list(words.functions)
    if default is None:
        return words.of_kinds("mask", UNKNOWN, "array")
    return words.of_kinds("number", UNKNOWN)


def by_a_name(slot: Slot, words: Vocabulary) -> Proposals:
    """A variable in the place of an expression."""
    node = slot.node
    is_plain = isinstance(node, (ast.Name, ast.Constant)) or number_in(node) is not None
    if is_plain or not slot.is_value:
        return
    inside = set() if isinstance(node, (ast.Call, ast.BinOp)) else names_in(node)
    for word in words.of_kinds("array", "number", "mask", UNKNOWN):
        new = name(word, node)
        if word not in inside and not slot.has_beside(new):
            yield node, (slot.put(new),)


def wrapped(slot: Slot, words: Vocabulary) -> Proposals:
    """A wrapper around an expression: a function of the lessons, or one of NumPy."""
    node = slot.node
    if not slot.is_value:
        return
    for function, signature in words.functions.items():
        more = [name(word, node) for word in [*signature.parameters][1:] if word in words.names]
        for n_more in range(len(more) + 1):
            call = ast.Call(name(function, node), [node, *more[:n_more]], [])
            yield node, (slot.put(like(node, call)),)
    for template in WRAPPERS:
        yield node, (slot.put(filled(template, node)),)


def wrapped_oddly(slot: Slot, words: Vocabulary) -> Proposals:
    """A wrapper that is seldom forgotten."""
    if slot.is_value:
        for template in ODD_WRAPPERS:
            yield slot.node, (slot.put(filled(template, slot.node)),)


def regrouped(slot: Slot, words: Vocabulary) -> Proposals:
    """`a / (b * c)` in the place of `a / b * c`, `f(a / b)` of `f(a) / b`, and the reverse."""
    for new in _regrouped(slot.node):
        yield slot.node, (slot.put(new),)


def _regrouped(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(ast.BinOp(a, one, b), other, c):
            yield _binary(node, a, one, _binary(node, b, other, c))
        case ast.BinOp(a, one, ast.BinOp(b, other, c)):
            yield _binary(node, _binary(node, a, one, b), other, c)
    match node:  # a * (b + c) * d -> a * (b + c * d): the bracket closes too early
        case ast.BinOp(ast.BinOp(a, one, ast.BinOp(b, two, c)), three, d):
            inner = _binary(node, b, two, _binary(node, c, three, d))
            yield _binary(node, a, one, inner)
    match node:
        case ast.BinOp(ast.Call(args=[ast.expr() as first, *more]) as call, op, right):
            yield _call(call, _binary(node, first, op, right), more)
    match node:
        case ast.BinOp(left, op, ast.Call(args=[ast.expr() as first, *more]) as call):
            yield _call(call, _binary(node, left, op, first), more)
        case ast.Call(args=[ast.BinOp(left, op, right), *more]):
            yield _binary(node, _call(node, left, more), op, right)
            yield _binary(node, left, op, _call(node, right, more))


def terms_added(slot: Slot, words: Vocabulary) -> Proposals:
    """A variable added, subtracted, multiplied or divided by."""
    node = slot.node
    kinds = (ast.Name, ast.Call, ast.BinOp, ast.Subscript)
    if not slot.is_value or not isinstance(node, kinds):
        return
    for word in words.of_kinds("array", "number", "mask"):
        if not (isinstance(node, ast.Name) and node.id == word):
            for op in (ast.Add(), ast.Sub(), ast.Mult(), ast.Div()):
                yield node, (slot.put(_binary(node, node, op, name(word, node))),)


def as_in_the_solution(slot: Slot, words: Vocabulary) -> Proposals:
    """An expression of the solution in the place of one that has a name in common with it."""
    node = slot.node
    if not slot.is_value:
        return
    own, used = ast.dump(node), names_in(node)
    for other in words.expressions:
        if used & names_in(other) and ast.dump(other) != own and not slot.has_beside(other):
            yield node, (slot.put(other),)


def arguments_as_in_the_solution(slot: Slot, words: Vocabulary) -> Proposals:
    """The arguments that the solution gives to a function of the same name."""
    node = slot.node
    if isinstance(node, ast.Call):
        for other in words.calls.get(called(node), ()):
            yield node, ((node, "args", other.args), (node, "keywords", other.keywords))


def _binary(at: ast.AST, left: ast.expr, op: ast.operator, right: ast.expr) -> ast.expr:
    return like(at, ast.BinOp(left, op, right))


def _call(call: ast.Call, first: ast.expr, more: list[ast.expr]) -> ast.Call:
    return like(call, ast.Call(call.func, [first, *more], call.keywords))
