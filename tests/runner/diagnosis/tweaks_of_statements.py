"""Small edits of statements: left out, exchanged, moved, written otherwise; names exchanged."""

import ast
from collections.abc import Iterator
from itertools import combinations

from tests.runner.diagnosis.tweak import Proposals, Slot, like, loop_variables, name, size, slots
from tests.runner.diagnosis.tweaks_of_names import rebinds
from tests.runner.diagnosis.vocabulary import Vocabulary

SMALL = 8  # nodes of an expression that is exchanged with another
BLOCKS = ("body", "orelse", "finalbody")
OUTER = (ast.For, ast.While, ast.If, ast.With)
OPERATORS = (ast.Add, ast.Mult, ast.Sub, ast.Div)


def left_out(tree: ast.stmt, words: Vocabulary) -> Proposals:
    """A statement left out, except the last, which gives the answer."""
    for parent, field, block in _blocks(tree):
        for at, statement in enumerate(block):
            rest = [*block[:at], *block[at + 1 :]] or [like(statement, ast.Pass())]
            if parent is not tree or statement is not block[-1]:
                yield statement, ((parent, field, rest),)


def exchanged(tree: ast.stmt, words: Vocabulary) -> Proposals:
    """A statement exchanged with the next."""
    for parent, field, block in _blocks(tree):
        for at, (one, other) in enumerate(zip(block, block[1:])):
            if isinstance(other, ast.Return):
                continue  # what comes after it would never be run
            yield one, ((parent, field, [*block[:at], other, one, *block[at + 2 :]]),)


def moved(tree: ast.stmt, words: Vocabulary) -> Proposals:
    """A statement moved out of a loop or an `if`, or into it."""
    for parent, field, block in _blocks(tree):
        for at, outer in enumerate(block):
            if not isinstance(outer, OUTER):
                continue
            before, after, inner = block[:at], block[at + 1 :], outer.body
            if len(inner) > 1:
                *others, last = inner
                behind = (parent, field, [*before, outer, last, *after])
                yield last, ((outer, "body", others), behind)
                first, *others = inner
                if isinstance(first, ast.Return):
                    continue
                ahead = (parent, field, [*before, first, outer, *after])
                yield first, ((outer, "body", others), ahead)
            if after:
                without = (parent, field, [*before, outer, *after[1:]])
                yield after[0], ((outer, "body", [*inner, after[0]]), without)
            if before:
                without = (parent, field, [*before[:-1], outer, *after])
                yield before[-1], ((outer, "body", [before[-1], *inner]), without)


def written_otherwise(tree: ast.stmt, words: Vocabulary) -> Proposals:
    """`+=` for `=`, and the reverse; `return` in front of an expression, or at the end."""
    for parent, field, block in _blocks(tree):
        for at, statement in enumerate(block):
            for new in _otherwise(statement):
                changed = [*block[:at], like(statement, new), *block[at + 1 :]]
                yield statement, ((parent, field, changed),)
    match tree:
        case ast.FunctionDef(body=[*_, ast.Assign([ast.Name(word)]) as last]):
            added = like(last, ast.Return(name(word, last)))
            yield last, ((tree, "body", [*tree.body, added]),)


def _otherwise(statement: ast.stmt) -> Iterator[ast.stmt]:
    match statement:
        case ast.Assign([ast.Name() | ast.Subscript() as target], value):
            yield from (ast.AugAssign(target, op(), value) for op in OPERATORS)
        case ast.AugAssign(target, op, value):
            yield ast.Assign([target], value)
            if isinstance(target, ast.Name):
                whole = ast.BinOp(name(target.id, target), op, value)
                yield ast.Assign([target], like(statement, whole))
            yield from (ast.AugAssign(target, other(), value) for other in OPERATORS
                        if not isinstance(op, other))
        case ast.Expr(value) if not isinstance(value, ast.Constant):
            yield ast.Return(value)


def a_name_of_its_own(tree: ast.stmt, words: Vocabulary) -> Proposals:
    """A new variable for what is assigned, so that the old value is still there later."""
    if not isinstance(tree, ast.FunctionDef):
        return
    reads = [node for node in ast.walk(tree)
             if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    given = {arg.arg for arg in tree.args.args} | loop_variables(tree)
    for statement in ast.walk(tree):
        match statement:
            case ast.Assign([ast.Name(word) as target]):
                later = [node for node in reads
                         if node.id == word and node.lineno > statement.end_lineno]
            case _:
                continue
        some = [[node] for node in later] + [later[1:]]
        choices = [uses for uses in some if uses and uses != later]
        for uses in [*choices, *([later] if later and word in given else [])]:
            yield target, tuple((node, "id", f"new_{word}") for node in (target, *uses))


def renamed(tree: ast.stmt, words: Vocabulary) -> Proposals:
    """An earlier variable in the place of one, so that what it holds is carried on in that one."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    targets = {node.id: node for node in reversed(nodes) if isinstance(node.ctx, ast.Store)}
    parents = {node: parent for parent in ast.walk(tree) for node in ast.iter_child_nodes(parent)}
    for word in sorted(targets.keys() - loop_variables(tree)):
        for other in words.of_same_kind(word):
            if rebinds(parents.get(targets[word]), targets[word], other, words):
                continue
            if other not in targets or targets[other].lineno < targets[word].lineno:
                uses = [node for node in nodes if node.id == word]
                yield targets[word], tuple((node, "id", other) for node in uses)


def names_exchanged(tree: ast.stmt, words: Vocabulary) -> Proposals:
    """Two variables of one kind exchanged, throughout a statement."""
    for statement in _simple_statements(tree):
        uses = [node for node in ast.walk(statement) if isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Load) and node.id in words.names]
        for one, other in combinations(dict.fromkeys(node.id for node in uses), 2):
            if other in words.of_same_kind(one):
                new = {one: other, other: one}
                changed = [node for node in uses if node.id in new]
                about = _around(statement, *changed)
                yield about, tuple((node, "id", new[node.id]) for node in changed)


def parts_exchanged(tree: ast.stmt, words: Vocabulary) -> Proposals:
    """Two numbers, variables or calls of one statement exchanged."""
    for statement in _simple_statements(tree):
        parts = [slot for slot in slots(statement) if _is_small(slot)]
        for one, other in combinations(parts, 2):
            apart = one.parent is not other.parent and not (
                _is_in(one.node, other.node) or _is_in(other.node, one.node))
            if apart:
                about = _around(statement, one.node, other.node)
                yield about, (one.put(other.node), other.put(one.node))


def index_left_out_on_both_sides(tree: ast.stmt, words: Vocabulary) -> Proposals:
    """`a[...] = b` in the place of `a[i] = b[i]`."""
    for statement in _simple_statements(tree):
        match statement:
            case ast.Assign([ast.Subscript(slice=one) as target], ast.Subscript(value, other)):
                if ast.dump(one) == ast.dump(other):
                    everything = like(one, ast.Constant(...))
                    yield statement, ((target, "slice", everything), (statement, "value", value))


def _blocks(tree: ast.AST) -> Iterator[tuple[ast.AST, str, list[ast.stmt]]]:
    """Every list of statements in a tree, with the node and field that hold it."""
    for node in ast.walk(tree):
        for field in BLOCKS:
            block = getattr(node, field, None)
            if isinstance(block, list) and block:
                yield node, field, block


def _simple_statements(tree: ast.stmt) -> Iterator[ast.stmt]:
    """The statements in a tree that hold no others."""
    return (node for node in ast.walk(tree)
            if isinstance(node, ast.stmt) and not hasattr(node, "body"))


def _is_small(slot: Slot) -> bool:
    kinds = (ast.Constant, ast.Name, ast.Call)
    return slot.index is None and isinstance(slot.node, kinds) and size(slot.node) <= SMALL


def _around(statement: ast.stmt, *parts: ast.AST) -> ast.AST:
    """The smallest expression of a statement that holds all these, or the statement."""
    holding = [node for node in ast.walk(statement) if isinstance(node, (ast.expr, ast.stmt))
               and all(_is_in(part, node) for part in parts)]
    return holding[-1]


def _is_in(inner: ast.AST, outer: ast.AST) -> bool:
    return any(node is inner for node in ast.walk(outer))
