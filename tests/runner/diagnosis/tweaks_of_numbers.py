"""Small edits: another number, truth value or axis."""

import ast
import math

from tests.runner.diagnosis.tweak import Proposals, Slot, like, name, number, number_in
from tests.runner.diagnosis.vocabulary import UNKNOWN, Vocabulary


def numbers(slot: Slot, words: Vocabulary) -> Proposals:
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


def numbers_by_name(slot: Slot, words: Vocabulary) -> Proposals:
    """A variable in the place of a number, or None in the place of an axis."""
    if number_in(slot.node) is None or _is_after_a_minus(slot):
        return
    for word in words.of_kinds("number", UNKNOWN):
        yield slot.node, (slot.put(name(word, slot.node)),)
    if isinstance(slot.parent, ast.keyword):
        yield slot.node, (slot.put(like(slot.node, ast.Constant(None))),)


def truths(slot: Slot, words: Vocabulary) -> Proposals:
    """False in the place of True, and the reverse."""
    if isinstance(slot.node, ast.Constant) and isinstance(slot.node.value, bool):
        yield slot.node, ((slot.node, "value", not slot.node.value),)


def indices(slot: Slot, words: Vocabulary) -> Proposals:
    """`...` in the place of `:` in an index, and the reverse."""
    match slot.parent, slot.node:
        case ast.Tuple(), ast.Slice(None, None, None):
            yield slot.node, (slot.put(like(slot.node, ast.Constant(...))),)
        case ast.Tuple(), ast.Constant(value) if value is ...:
            yield slot.node, (slot.put(like(slot.node, ast.Slice())),)


def _is_after_a_minus(slot: Slot) -> bool:
    """Whether a number is a part of a negative one."""
    return isinstance(slot.parent, ast.UnaryOp) and isinstance(slot.parent.op, ast.USub)
