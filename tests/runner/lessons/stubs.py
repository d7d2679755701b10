"""The stubs that readers start from: the solutions without the bodies of their functions.

    python -m tests.runner.lessons.stubs            writes every stub that does not exist yet
    python -m tests.runner.lessons.stubs --check    says which files are not their stub
"""

import ast
import sys
from pathlib import Path

from tests.runner.lessons.catalog import katas_and_exercises, shown
from tests.runner.lessons.source_text import body_lines


class Refused(ValueError):
    """A solution has something that a stub would give away."""


def make_stub(solution: str) -> str:
    """Replace the body of each function, after its docstring, by NotImplementedError.

    Everything else in a solution is copied. A class would give the reader all of its code, so it
    is Refused.
    """
    lines = solution.splitlines()
    body = ast.parse(solution).body
    for node in body:
        if isinstance(node, ast.ClassDef):
            raise Refused(f"line {node.lineno}: the stub would hold the class `{node.name}` whole. "
                          "Write it as functions, which become stubs, or move it to a file of its "
                          "own.")
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    for function in reversed(functions):  # from the end, so that line numbers stay true
        docstring, *body = function.body
        n_lines = body_lines(function)
        about = f"about {n_lines} line{'s' if n_lines > 1 else ''}"
        stub = f"    raise NotImplementedError  # {about}"
        lines[docstring.end_lineno : body[-1].end_lineno] = [stub]
    return "\n".join(lines) + "\n"


def write_missing() -> list[Path]:
    """Write the stubs that do not exist; never touch one that does."""
    written = []
    for kata in katas_and_exercises():
        if not kata.file.exists():
            kata.file.write_text(make_stub(kata.solution.read_text(encoding="utf-8")),
                                 encoding="utf-8")
            written.append(kata.file)
    return written


def solved() -> list[Path]:
    """The kata files that are not the stub of their solution: solved, or out of date."""
    katas = katas_and_exercises()
    return [kata.file for kata in katas
            if kata.file.read_text(encoding="utf-8")
            != make_stub(kata.solution.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        for path in (found := solved()):
            print(f"{shown(path)} is not the stub of its solution")
        sys.exit(bool(found))
    for path in write_missing():
        print(f"wrote {shown(path)}")
