"""Several kata files as one page of Python: no docstrings, imports at the top, runs by itself."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.runner.lessons.loading import MODULE


class CannotJoin(ValueError):
    """A file that cannot become part of a page; the text says why."""


@dataclass(frozen=True)
class Part:
    """A kata file: the name of its module, the heading over it, its text."""

    module: str
    heading: str
    text: str


def one_page(parts: Sequence[Part]) -> str:
    """The functions of these files, in order; a later file may use those of earlier ones."""
    head: dict[str, None] = {}  # an ordered set
    taken: set[str] = set()
    blocks = []
    for part in parts:
        tree = ast.parse(part.text)
        text = _renamed(part, tree, taken)
        tree = ast.parse(text)
        taken |= set(_defined(tree))
        imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        aliases = [line for node in imports for line in _taken_in(node, part, head)]
        body = _without(text, [*imports, *_docstrings(tree)])
        blocks.append("\n".join([f"# {part.heading}", "", *aliases, body]))
    ordered = sorted(head, key=lambda line: (not line.startswith("import"), line))
    standard = [line for line in ordered if "numpy" not in line]
    numpy = [line for line in ordered if "numpy" in line]
    imports = "\n\n".join("\n".join(group) for group in (standard, numpy) if group)
    return f"{imports}\n\n\n" + "\n\n\n".join(blocks) + "\n"


def _taken_in(node: ast.Import | ast.ImportFrom, part: Part,
              head: dict[str, None]) -> Iterable[str]:
    """Move an import to the top; of an import from another kata, return what stays on the page."""
    if isinstance(node, ast.Import):
        if kata := next((alias.name for alias in node.names if MODULE.fullmatch(alias.name)), None):
            raise CannotJoin(f"{part.module} has `import {kata}`. On one page there are no "
                             f"modules: write `from {kata} import ...`.")
        head |= {f"import {ast.unparse(alias)}": None for alias in node.names}
    elif not MODULE.fullmatch(node.module or ""):
        head[ast.unparse(node)] = None
    else:
        for alias in node.names:
            if alias.asname and alias.asname != alias.name:
                yield f"{alias.asname} = {alias.name}\n"


def _defined(tree: ast.Module) -> Iterable[str]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def _renamed(part: Part, tree: ast.Module, taken: set[str]) -> str:
    """The text, with its lesson's number after each name that an earlier file has, too."""
    clashes = set(_defined(tree)) & taken
    lines = [line.encode() for line in part.text.split("\n")]  # columns are counted in bytes
    places = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in clashes:
            places.append((node.lineno, node.col_offset, node.id))
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in clashes:
            word = "class " if isinstance(node, ast.ClassDef) else "def "
            places.append((node.lineno, node.col_offset + len(word), node.name))
    for line, column, name in sorted(places, reverse=True):
        end = column + len(name.encode())
        number = part.module.split("_")[1]
        lines[line - 1] = lines[line - 1][:end] + f"_{number}".encode() + lines[line - 1][end:]
    return b"\n".join(lines).decode()


def _docstrings(tree: ast.Module) -> Iterable[ast.stmt]:
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)):
            continue
        removable = len(node.body) > 1 or isinstance(node, ast.Module)
        if removable and ast.get_docstring(node) is not None:
            yield node.body[0]


def _without(text: str, nodes: Iterable[ast.stmt]) -> str:
    """A text without some of its statements, and without the blank lines that they would leave."""
    gone = {line for node in nodes for line in range(node.lineno, node.end_lineno + 1)}
    kept: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        after_def = bool(kept) and kept[-1].lstrip().startswith(("def ", "class ")) or not kept
        blank = not line.strip()
        too_many = blank and (after_def and number - 1 in gone or kept[-2:] == ["", ""] or not kept)
        if number not in gone and not too_many:
            kept.append(line)
    return "\n".join(kept).strip("\n")
