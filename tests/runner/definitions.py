"""What is written in a kata file: where its functions stand, their parameters, their length.

Reads text alone, so it also works on a file that cannot be imported.
"""

import ast
from pathlib import Path


def line_of(file: Path, function: str) -> int:
    """The line of a function's `def` in a file; 1 where it has none or cannot be read."""
    found = _definition(file, function)
    return found.lineno if found else 1


def line_with(file: Path, text: str) -> int:
    """The first line of a file that contains a text; 1 where none does."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return 1
    return next((number for number, line in enumerate(lines, start=1) if text in line), 1)


def signature_in(file: Path, function: str) -> str:
    """A function's parameters as they are written in a file: "(scores, axis=-1)"."""
    found = _definition(file, function)
    return f"({ast.unparse(found.args)})" if found else "(...)"


def _definition(file: Path, function: str) -> ast.FunctionDef | None:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return None
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
    return next(found, None)


def body_lines(function: ast.FunctionDef) -> int:
    """How many lines a function takes without its signature, docstring and blank lines."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return len({line for node in body for part in ast.walk(node) if hasattr(part, "lineno")
                for line in range(part.lineno, part.end_lineno + 1)}) if body else 0
