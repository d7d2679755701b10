"""The packages of the runner: data flows one way; no module or line is too long."""

import ast
import re
from graphlib import TopologicalSorter

import pytest

from tests.runner.lessons.catalog import BENCHMARKS, HINTS, KATAS, TESTS

RUNNER = TESTS / "runner"
ORDER = ("layout", "lessons", "specs", "diagnosis", "running", "inside", "reader", "screens",
         "watching", "grading", "commands")
NOT_OF = {"running": {"diagnosis"}, "grading": {"reader", "screens", "watching"}}
MODULES = sorted(RUNNER.rglob("*.py"))
READERS = re.compile(r"(kata|exercise)_\d\d_\w+\.py")
OURS = [file for folder in (TESTS, HINTS, KATAS, BENCHMARKS)
        for file in sorted(folder.rglob("*.py"))
        if file.parent != KATAS or not READERS.fullmatch(file.name)]


def imported(file):
    """The modules of the runner that a file imports, anywhere in its code."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests.runner"):
            path = node.module.split(".")[2:]
            yield from ([*path, alias.name] if len(path) < 2 else path for alias in node.names)


def test_every_module_has_a_room():
    at_the_door = {"__init__.py", "__main__.py", "limits.py", "setup_env.py"}
    assert {file.name for file in RUNNER.glob("*.py")} == at_the_door
    assert {file.parent.name for file in RUNNER.glob("*/__init__.py")} == set(ORDER)


@pytest.mark.parametrize("room", ORDER)
def test_a_room_opens_with_what_comes_in_and_goes_out(room):
    tree = ast.parse((RUNNER / room / "__init__.py").read_text(encoding="utf-8"))
    assert len(ast.get_docstring(tree)) > 60


@pytest.mark.parametrize("room", ORDER)
def test_no_room_imports_from_a_later_one(room):
    allowed = {"limits", *ORDER[: ORDER.index(room) + 1]} - NOT_OF.get(room, set())
    found = {(file.name, path[0]) for file in (RUNNER / room).rglob("*.py")
             for path in imported(file)}
    assert {(name, other) for name, other in found if other not in allowed} == set()


def test_no_modules_import_each_other_in_a_circle():
    after = {file.relative_to(RUNNER).with_suffix("").parts: {*map(tuple, imported(file))}
             for file in MODULES}
    TopologicalSorter({name: others & set(after) for name, others in after.items()}).prepare()


def test_no_module_is_longer_than_400_lines():
    """But a lesson's specs, which are one file, and the page of all solutions."""
    apart = {*TESTS.glob("test_*.py"), TESTS.parent / "hints" / "solutions" / "transformer.py"}
    lines = {file.name: file.read_text(encoding="utf-8").splitlines()
             for file in {*OURS} - apart}
    assert [name for name, text in lines.items() if len(text) > 400] == []


def test_no_line_is_longer_than_100_columns():
    long = [f"{file.relative_to(TESTS.parent)}:{number}" for file in OURS
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
            if len(line) > 100]
    assert long == []
