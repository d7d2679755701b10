"""The packages of the runner: data flows one way, and no module or line grows too long."""

import ast

import pytest

from tests.runner.lessons.catalog import TESTS

RUNNER = TESTS / "runner"
ORDER = ("lessons", "specs", "diagnosis", "running", "inside", "reader", "screens", "watching", "grading", "commands")
NOT_OF = {"running": {"diagnosis"}, "grading": {"reader", "screens", "watching"}}
MODULES = sorted(RUNNER.rglob("*.py"))


def imported(file):
    """The modules of the runner that a file imports, anywhere in its code."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests.runner"):
            path = node.module.split(".")[2:]
            yield from ([*path, alias.name] if len(path) < 2 else path for alias in node.names)


def test_every_module_has_a_room():
    at_the_door = {"__init__.py", "__main__.py", "setup_env.py"}
    assert {file.name for file in RUNNER.glob("*.py")} == at_the_door
    assert {folder.name for folder in RUNNER.iterdir() if (folder / "__init__.py").is_file()} == set(ORDER)


@pytest.mark.parametrize("room", ORDER)
def test_a_room_opens_with_what_comes_in_and_goes_out(room):
    assert len(ast.get_docstring(ast.parse((RUNNER / room / "__init__.py").read_text(encoding="utf-8")))) > 60


@pytest.mark.parametrize("room", ORDER)
def test_no_room_imports_from_a_later_one(room):
    allowed = {*ORDER[: ORDER.index(room) + 1]} - NOT_OF.get(room, set())
    found = {(file.name, path[0]) for file in (RUNNER / room).rglob("*.py") for path in imported(file)}
    assert {(name, other) for name, other in found if other not in allowed} == set()


def test_no_modules_import_each_other_in_a_circle():
    after = {file.relative_to(RUNNER).with_suffix("").parts: {tuple(path[:2]) for path in imported(file)}
             for file in MODULES}
    done = set()
    while ready := {name for name in after if name not in done and after[name] & set(after) <= done}:
        done |= ready
    assert set(after) - done == set()


def test_no_module_is_longer_than_400_lines():
    lines = {file.name: file.read_text(encoding="utf-8").splitlines() for file in MODULES}
    assert [name for name, text in lines.items() if len(text) > 400] == []
