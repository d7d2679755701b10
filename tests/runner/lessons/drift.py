"""Finds out whether a reader's file comes from an older stub, as after an update."""

import ast
from dataclasses import dataclass

from tests.runner.lessons.catalog import Kata
from tests.runner.lessons.source_text import functions_in


@dataclass(frozen=True)
class Drift:
    """How the functions of a file differ from their stubs.

    signatures: (name, parameters in the file, parameters of the stub)
    missing:    functions that the file does not have
    docstrings: functions whose description has changed
    """

    signatures: tuple[tuple[str, str, str], ...] = ()
    missing: tuple[str, ...] = ()
    docstrings: tuple[str, ...] = ()


def drift(kata: Kata) -> Drift:
    """Compare a reader's file with the project's; nothing if it cannot be read."""
    mine, ours = functions_in(kata.file), functions_in(kata.solution)
    if not mine:
        return Drift()
    shared = [name for name in ours if name in mine]
    return Drift(
        tuple((name, *pair) for name in shared
              if (pair := (_parameters(mine[name]), _parameters(ours[name])))[0] != pair[1]),
        tuple(name for name in ours if name not in mine),
        tuple(name for name in shared
              if ast.get_docstring(mine[name]) not in (None, ast.get_docstring(ours[name]))),
    )


def changed_signature(kata: Kata) -> str:
    """A sentence about a changed signature, and how to keep one's work; "" if there is none."""
    changed = drift(kata).signatures
    if not changed:
        return ""
    name, mine, ours = changed[0]
    return (f"In your file it is `{name}{mine}`, in the project's stub `{name}{ours}`. The "
            "specs call it as in the stub: if you changed it, change it back. If you did not, an "
            f"update of the project did: `make reset-{kata.label}` keeps your file in "
            ".kata-backups and writes the new stub, for the lines of your functions to be copied "
            "into.")


def _parameters(function: ast.FunctionDef) -> str:
    """A function's parameters, without annotations, which a reader may add."""
    bare = ast.parse(ast.unparse(function.args).join(("def f(", "): pass"))).body[0].args
    for argument in ast.walk(bare):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return f"({ast.unparse(bare)})"
