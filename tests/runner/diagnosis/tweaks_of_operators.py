"""Small edits: another operator, comparison or condition."""

import ast

from tests.runner.diagnosis.tweak import Proposals, Slot, like, number_in
from tests.runner.diagnosis.vocabulary import Vocabulary

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.Pow, ast.FloorDiv, ast.Mod)
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
OPPOSITE = {ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}


def operators(slot: Slot, words: Vocabulary) -> Proposals:
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


def conditions(slot: Slot, words: Vocabulary) -> Proposals:
    """A condition that is always true, or never."""
    if slot.field == "test" and not isinstance(slot.node, ast.Constant):
        for always in (True, False):
            yield slot.node, (slot.put(like(slot.node, ast.Constant(always))),)
