"""Stubs, solutions and specs agree: red at the start, green at the end, and forward in between."""

import ast
import doctest

import pytest

from tests.runner.lessons import loading
from tests.runner.lessons.catalog import ROOT, SOLUTIONS, Kata, all_katas, find, katas_and_exercises
from tests.runner.lessons.source_text import body_lines
from tests.runner.lessons.stubs import make_stub
from tests.runner.running import supervise
from tests.runner.running.cold import Cold, Orders
from tests.runner.running.warm import CAN_FORK, Warm
from tests.runner.specs.record import Cause, Status

KATAS = katas_and_exercises()
LONGEST = {  # lines: they go forward and back, name every array of a GPT, take special tokens,
    # rotate, remember and share, or compute again what was not kept
    "transformer_block_backward": 13, "gpt_gradients": 25, "init_gpt": 22, "encode": 17,
    "grouped_query_attention": 14, "tiled_attention_backward": 18}
each_kata = pytest.mark.parametrize("kata", KATAS, ids=lambda kata: kata.name)
each_lesson = pytest.mark.parametrize("kata", all_katas("kata"), ids=lambda kata: kata.name)


@pytest.fixture(scope="module")
def start():
    """Starts a run: in a copy of a warm process if possible, as there are many runs."""
    if not CAN_FORK:
        yield Cold
        return
    warm = Warm()
    yield warm.start
    warm.close()


@pytest.fixture
def run_on(start, tmp_path):
    """Runs a kata's specs on a file with a text; what it imports comes from the solutions."""

    def run(kata: Kata, text: str, stop=True):
        (tmp_path / f"{kata.name}.py").write_text(text, encoding="utf-8")
        return supervise.run(Orders(kata, SOLUTIONS, {kata.name: tmp_path}, stop=stop), start=start)

    return run


@each_kata
def test_every_solution_is_green_on_every_spec(kata, start):
    run = supervise.run(Orders(kata, SOLUTIONS, stop=False), start=start)
    assert run.green, (run.broken, run.first_red)
    assert 9 <= len(run.specs)


@each_kata
def test_every_stub_is_red_on_every_spec(kata, run_on):
    run = run_on(kata, make_stub(kata.solution.read_text(encoding="utf-8")), stop=False)
    assert [record.status for record in run.records] == [Status.RED] * len(run.specs)
    assert {record.red.cause for record in run.records} == {Cause.STUB}


@each_kata
def test_each_solved_function_moves_the_first_red_spec_forward(kata, run_on):
    solution = kata.solution.read_text(encoding="utf-8")
    reached = [-1]
    for n_written in range(len(kata.functions)):
        run = run_on(kata, with_stubs_after(solution, n_written))
        assert run.first_red.function == kata.functions[n_written]
        reached.append(run.specs.index(run.first_red.spec))
    assert reached == sorted(set(reached))


def with_stubs_after(solution: str, n_written: int) -> str:
    """The first functions of the solution, and stubs of the others."""
    functions = [node for node in ast.parse(solution).body if isinstance(node, ast.FunctionDef)]
    start = functions[n_written].lineno - 1
    lines = solution.splitlines()
    head, rest = "\n".join(lines[:start]), "\n".join(lines[start:])
    return f"{head}\n{make_stub(rest)}"


@each_kata
def test_specs_come_in_the_order_of_their_functions(kata, start):
    specs = supervise.run(Orders(kata, SOLUTIONS), start=start).specs
    functions = [kata.function_of(spec) for spec in specs]
    assert list(dict.fromkeys(functions)) == list(kata.functions), (
        "a spec before its turn, or a function without one")
    assert functions == sorted(functions, key=kata.functions.index)


@each_kata
def test_the_examples_in_docstrings_run(kata):
    module = loading.load(kata.name, loading.solutions)[kata.name]
    result = doctest.testmod(module)
    assert result.attempted >= len(kata.functions)
    assert result.failed == 0


@each_kata
def test_solution_functions_are_short_and_give_their_shapes(kata):
    tree = ast.parse(kata.solution.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            docstring = ast.get_docstring(node)
            assert body_lines(node) <= LONGEST.get(node.name, 12), node.name
            for argument in node.args.args:
                described = f"\n{argument.arg}:" in f"\n{docstring}"
                assert described, f"{node.name} does not describe {argument.arg}"
            assert "returns:" in docstring, node.name


@each_lesson
def test_every_lesson_is_complete(kata):
    for file in (kata.file, kata.solution, kata.specs, kata.lesson, kata.hints, kata.mistakes,
                 kata.example):
        assert file.exists(), f"{file.relative_to(ROOT)} is missing"
    assert kata.learned, f"{kata.lesson.name} does not say what the reader can explain now"
    assert all(len(line) <= 76 for line in kata.learned)


def test_a_stub_says_how_many_lines_its_solution_takes():
    stub = make_stub(find("kata", "01").solution.read_text(encoding="utf-8"))
    assert stub.count("raise NotImplementedError  # about") == 6
    assert "raise NotImplementedError  # about 3 lines" in stub
    assert "raise NotImplementedError  # about 1 line\n" in stub
