"""What is written in a spec file: the title and the code of each spec.

Reads only text, so it also works for specs that never ran.
"""

import ast
import textwrap
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SpecCode:
    """The text of a spec.

    title: the first line of its docstring, or its name
    code:  its body, without the docstring
    """

    title: str
    code: str


def specs_in(file: Path) -> dict[str, SpecCode]:
    """The specs of a file by name, in order; none if it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (OSError, ValueError, SyntaxError):
        return {}
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: SpecCode(_title(node), _body(node, text.splitlines()))
            for node in functions if node.name.startswith("test_")}


def _title(function: ast.FunctionDef) -> str:
    return (ast.get_docstring(function) or function.name).splitlines()[0]


def _body(function: ast.FunctionDef, lines: list[str]) -> str:
    first = function.body[0]
    start = first.end_lineno if ast.get_docstring(function) is not None else first.lineno - 1
    return textwrap.dedent("\n".join(lines[start : function.end_lineno])).strip("\n")
