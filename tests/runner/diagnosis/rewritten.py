"""An edit as text: the lines of the reader's file that change, before and after."""

import ast
import difflib
from collections.abc import Iterator

from tests.runner.diagnosis.program import Program, without_docstrings
from tests.runner.diagnosis.tweak import Change, Tweak, applied

SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**",
    ast.FloorDiv: "//", ast.Mod: "%", ast.BitAnd: "&", ast.BitOr: "|", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not"}
LOOSE = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda)
TIGHT = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Attribute, ast.Subscript)
Piece = tuple[int, int, str]  # from and to where in a text, and what to put there


def rewritten(program: Program, tweak: Tweak) -> tuple[str, ...]:
    """The lines that change, with "- " or "+ " in front, and those between them, with "  ".

    As much as possible stays as the reader wrote it. If that is too difficult, the statement is
    written as Python prints it.
    """
    before, after = program.text, _with_pieces(program, tweak)
    if after is None or not _is_made(program, tweak, after):
        before = ast.unparse(tweak.tree)
        with applied(tweak):
            after = ast.unparse(tweak.tree)
        if '"' in program.text and '"' not in before + after:
            before, after = before.replace("'", '"'), after.replace("'", '"')
    lines = [line for line in difflib.ndiff(before.splitlines(), after.splitlines())
             if not line.startswith("? ")]
    changed = [at for at, line in enumerate(lines) if not line.startswith("  ")]
    return tuple(lines[changed[0] : changed[-1] + 1])


def _is_made(program: Program, tweak: Tweak, text: str) -> bool:
    """Whether the edit, and nothing else, was made in a text."""
    try:
        found = ast.parse(text).body[program.index(tweak.tree)]
    except (SyntaxError, ValueError, IndexError):
        return False
    with applied(tweak):
        return ast.dump(without_docstrings(found)) == ast.dump(tweak.tree)


def _with_pieces(program: Program, tweak: Tweak) -> str | None:
    """The file's text with all changes in it; None if one of them is of whole statements."""
    pieces = [piece for change in tweak.changes for piece in _pieces(program, tweak, change)]
    if len(pieces) < len(tweak.changes):
        return None
    text = program.text
    for start, end, new in sorted(pieces, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _pieces(program: Program, tweak: Tweak, change: Change) -> Iterator[Piece]:
    node, field, value = change
    old = getattr(node, field)
    match node, value:
        case ast.BinOp(), ast.operator():
            yield _sign(program, node.left, node.right, type(old), type(value))
        case ast.Compare(), [new] if field == "ops":
            yield _sign(program, node.left, node.comparators[0], type(old[0]), type(new))
        case ast.Attribute(), str():
            yield program.offset(node.value, end=True), program.offset(node, end=True), f".{value}"
        case ast.keyword(), str():
            start = program.offset(node)
            yield start, start + len(old), value
        case _, ast.expr() if isinstance(old, ast.expr):
            yield _span(program, old, _in_brackets(node, value))
        case _, [*_] if _are_expressions(old, value) and len(old) == len(value):
            changed = ((one, other) for one, other in zip(old, value) if one is not other)
            yield from (_span(program, one, _in_brackets(node, other)) for one, other in changed)
        case ast.expr(), _:
            with applied(tweak):
                new = ast.unparse(node)
            yield _span(program, node, new)


def _span(program: Program, node: ast.expr, new: str) -> Piece:
    return program.offset(node), program.offset(node, end=True), new


def _are_expressions(*lists: list) -> bool:
    return all(isinstance(node, ast.expr) for nodes in lists for node in nodes)


def _sign(program: Program, left: ast.expr, right: ast.expr, old: type, new: type) -> Piece:
    """Another operator between two operands; there may be brackets and blanks as well."""
    start, end = program.offset(left, end=True), program.offset(right)
    between = program.text[start:end]
    if old in SIGNS and new in SIGNS:
        between = between.replace(SIGNS[old], SIGNS[new], 1)
    return start, end, between


def _in_brackets(parent: ast.AST, new: ast.expr) -> str:
    """An expression as text; in brackets if its parent might tear it apart."""
    text = ast.unparse(new)
    return f"({text})" if isinstance(new, LOOSE) and isinstance(parent, TIGHT) else text
