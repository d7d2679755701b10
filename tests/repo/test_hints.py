"""Every spec has three hints, and no hint is there twice."""

import ast

import pytest

from tests.runner.lessons.catalog import all_katas, katas_and_exercises
from tests.runner.lessons.hints import ladder, why

KATAS = katas_and_exercises()


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_every_spec_has_three_hints(kata):
    specs = [node for node in ast.parse(kata.specs.read_text(encoding="utf-8")).body
             if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    assert specs
    for spec in specs:
        rungs = ladder(kata, spec.name)
        assert len(rungs) == 3, f"{spec.name} has {len(rungs)} hints"
        assert len(set(rungs)) == 3 and all(rungs)
        is_nudge = len(rungs[0]) <= 160 and "\n" not in rungs[0]
        assert is_nudge, f"the first hint of {spec.name} is no nudge"
        assert ast.get_docstring(spec), f"{spec.name} does not say what it proves"


@pytest.mark.parametrize("kata", all_katas("kata"), ids=lambda kata: kata.name)
def test_no_hints_belong_to_a_spec_that_is_gone(kata):
    text = kata.hints.read_text(encoding="utf-8")
    named = {line[3:].strip() for line in text.splitlines() if line.startswith("## test_")}
    specs = {node.name for other in KATAS if other.stem == kata.stem
             for node in ast.parse(other.specs.read_text(encoding="utf-8")).body
             if isinstance(node, ast.FunctionDef)}
    assert named <= specs


@pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
def test_every_solution_is_explained_in_two_lines(kata):
    for function in kata.functions:
        lines = why(kata, function).splitlines()
        assert len(lines) == 2, function
        assert all(20 <= len(line) <= 98 for line in lines), function
