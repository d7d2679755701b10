"""All that a reader writes, as one Python file that runs by itself."""

import ast
import subprocess
import sys

import numpy as np
import pytest

from tests.runner.commands.my_transformer import closing, part_of
from tests.runner.lessons.catalog import SOLUTIONS, all_katas
from tests.runner.lessons.one_page import CannotJoin, Part, one_page

PAGE = SOLUTIONS / "transformer.py"


@pytest.fixture(scope="module")
def page():
    return one_page([part_of(kata, solution=True) for kata in all_katas()])


def names_after(page):
    names = {}
    exec(compile(page, "page", "exec"), names)
    return names


def test_the_page_of_the_solutions_is_up_to_date(page, request):
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def test_the_page_runs_by_itself_and_has_every_function(page):
    names = names_after(page)
    assert {function for kata in all_katas() for function in kata.functions} <= set(names)
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(3, 4)), rng.normal(size=(5, 4)), rng.normal(size=(5, 2))
    assert names["attention"](q, k, v).shape == (3, 2)


def test_the_page_has_no_docstring_and_imports_no_kata(page):
    tree = ast.parse(page)
    assert [node.name for node in tree.body if isinstance(node, ast.FunctionDef)
            and ast.get_docstring(node)] == []
    assert not any("kata_" in line for line in page.splitlines() if "import" in line)


def joined(*texts):
    return one_page([Part(f"kata_{number:02}_x", f"Lesson {number}: X", text)
                     for number, text in enumerate(texts, start=1)])


def test_helpers_of_one_name_are_kept_apart():
    page = joined("def f(x):\n    return _help(x)\n\n\ndef _help(x):\n    return x + 1\n",
                  "from kata_01_x import f\n\n\ndef g(x):\n    é = x; return _help(f(é))\n\n\ndef "
                  "_help(x):\n    return 10 * x\n")
    names = names_after(page)
    assert names["g"](1) == 20


def test_classes_of_one_name_are_kept_apart():
    page = joined("class Scale:\n    by = 1\n\n\ndef f(x):\n    return Scale.by * x\n",
                  "class Scale:\n    by = 2\n\n\ndef g(x):\n    return Scale().by * x\n")
    names = names_after(page)
    assert (names["f"](3), names["g"](3)) == (3, 6)


def test_a_function_imported_under_another_name_is_found():
    page = joined("def f(x):\n    return x + 1\n",
                  "from kata_01_x import f as plus_one\n\ndef g(x):\n    return plus_one(x)\n")
    assert names_after(page)["g"](1) == 2


def test_each_import_is_at_the_top_once():
    page = joined("import numpy as np\nimport math\n",
                  "import math\nimport numpy as np\nfrom itertools import count\n")
    assert page.startswith("import math\nfrom itertools import count\n\nimport numpy as np\n\n\n# "
                           "Lesson 1: X")
    assert page.count("import math") == 1


def test_a_module_that_is_imported_whole_cannot_join():
    with pytest.raises(CannotJoin, match="from kata_01_x import"):
        joined("def f():\n    return 1\n", "import kata_01_x as one\n")


def test_my_transformer_prints_the_lessons_that_are_green(project):
    project.solve()
    done = subprocess.run([sys.executable, "-m", "tests.runner", "my-transformer"],
                          cwd=project.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "def attention(q, k, v" in done.stdout and "Lesson 2" not in done.stdout
    assert "lines, all your own: lessons 01 to 01" in done.stderr
    names_after(done.stdout)


def test_my_transformer_before_any_lesson_is_green(project):
    assert project.make("my-transformer") == (
        1, "No lesson is green yet: your transformer begins with `make kata-01`.\n")


def test_my_transformer_leads_on_from_the_last_lesson():
    katas = all_katas()
    assert "what_you_have_built" not in closing(katas[:2], 50, is_whole=False)
    whole = closing(katas, 500, is_whole=True)
    assert whole.startswith(f"500 lines, all your own: lessons 01 to {katas[-1].number}. ")
    assert whole.endswith("katas/what_you_have_built.md.")
    assert (katas[0].file.parent / "what_you_have_built.md").exists()
