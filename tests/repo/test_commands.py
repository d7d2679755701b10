"""What a reader sees, command by command, on the way from a fresh clone to green."""

import contextlib
import os
import shutil
import subprocess
import sys

import pytest

from tests.runner.commands.all_commands import COMMANDS
from tests.runner.lessons.catalog import ROOT
from tests.runner.lessons.source_text import line_with

COLUMNS = ("exps.sum(axis=axis, keepdims=True)", "exps.sum(axis=0, keepdims=True)")
ODD = ("return exps / exps.sum(axis=axis, keepdims=True)",
       "return 0.7 * exps / exps.sum(axis=axis, keepdims=True) + 0.01")
NO_SCALE = ("return q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])",
            "return q @ k.swapaxes(-1, -2)")
RAISES = ("return softmax(scores) @ values", "return softmax(scores) @ keys[0]")


def with_change(project, *change):
    solution = project.solution()
    assert change[0] in solution
    project.write("kata_01_attention", solution.replace(*change))


def test_the_first_run_of_a_fresh_clone(project, golden):
    status, screen = project.make("kata", "01")
    assert status == 1
    golden("kata_fresh", screen)
    specs = ROOT / "tests" / "test_kata_01_attention.py"
    line = line_with(specs, "def test_softmax_turns_scores_into_shares")
    assert f"Spec  tests/{specs.name}:{line}\n" in screen


def test_under_make_the_screen_explains_the_error_that_make_adds(project):
    assert "Error 1" in project.make("kata", "01", MAKELEVEL="1")[1]
    assert "Error 1" not in project.make("kata", "01")[1]
    assert "Error 2" in project.make("hint", "99", MAKELEVEL="1")[1]
    assert "Error 2" not in project.make("hint", "99")[1]


@pytest.mark.parametrize(("name", "change"),
                         [("columns", COLUMNS), ("odd", ODD), ("raises", RAISES)])
def test_a_red_verdict(project, golden, name, change):
    with_change(project, *change)
    status, screen = project.make("kata", "01")
    assert status == 1
    assert screen.count("\n") <= 40 and max(map(len, screen.splitlines())) <= 80
    golden(f"kata_red_{name}", screen)


def test_a_narrow_terminal_still_shows_everything(project, golden):
    with_change(project, *COLUMNS)
    _, screen = project.make("kata", "01", COLUMNS="40")
    assert max(map(len, screen.splitlines())) <= 40
    golden("kata_red_40_columns", screen)


def test_colour_is_for_terminals(project):
    assert "\x1b" not in project.make("kata", "01")[1]
    assert "\x1b" in project.make("kata", "01", FORCE_COLOR="1")[1]


def test_green(project, golden):
    project.solve()
    status, screen = project.make("kata", "01")
    assert status == 0
    golden("kata_green", screen)


def test_an_earlier_lesson_that_cannot_be_loaded_is_to_be_fixed(project):
    with_change(project, "import math\n", "import math\nmath.no_such_number\n")
    line = project.solution().partition("import math\n")[0].count("\n") + 2
    assert f"Edit  katas/kata_01_attention.py:{line}\n" in project.make("kata", "02")[1]


@pytest.mark.parametrize("number", ["01", "02", "03"])
def test_a_line_that_imports_a_later_lesson_is_named(project, number):
    for kata in ("kata_02_self_attention", "kata_03_multi_head"):
        project.solve(kata)
    with_change(project, "import math\n",
                "import math\nfrom kata_03_multi_head import split_heads\n")
    line = project.solution().partition("import math\n")[0].count("\n") + 2
    screen = " ".join(project.make("kata", number)[1].split())
    assert ("katas/kata_01_attention.py imports katas/kata_03_multi_head.py, which itself needs "
            "kata 01" in screen)
    assert f"Remove line {line}." in screen and f"Edit katas/kata_01_attention.py:{line} " in screen
    assert f"line {line} of katas/kata_01_attention.py imports kata_03_multi_head" in " ".join(
        project.make("doctor")[1].split())


def test_a_wrong_answer_from_an_earlier_lesson_leads_there(project):
    with_change(project, *ODD)
    project.solve("kata_02_self_attention")
    screen = project.make("kata", "02")[1]
    assert "Then  make kata-01    next hint: make hint-01\n" in screen
    assert "Of `softmax`'s answer: " in " ".join(screen.split())
    assert " ".join(project.make("hint", "02")[1].split()) == (
        "What makes this spec of kata 02 red is in katas/kata_01_attention.py: `make kata-02` "
        "shows what it is. "
        "There, the next hint is `make hint-01`.")
    with_change(project, "exps / exps.sum", "exps.softmax / exps.sum")
    line = project.solution().partition("exps / exps.sum")[0].count("\n") + 1
    assert f"Edit  katas/kata_01_attention.py:{line}\n" in project.make("kata", "02")[1]


def test_a_change_in_an_earlier_lesson_that_is_green_is_told(project):
    """Its specs have no four axes; those of the later lesson have."""
    mask = "    return np.where(mask, weights, 0.0)"
    assert mask in project.solution()
    wrong = project.solution().replace(mask, mask.replace("0.0", "q.ndim // 4 * 0.1"))
    project.write("kata_01_attention", wrong)
    project.solve("kata_02_self_attention")
    project.solve("kata_03_multi_head")
    assert project.make("kata", "01")[0] == 0
    assert "One change here" in project.make("kata", "03")[1]
    assert "+ return np.where(mask, weights" in project.make("hint", "03")[1]


def test_an_unwritten_earlier_function_leads_to_its_lesson(project):
    project.solve("kata_02_self_attention")
    screen = project.make("kata", "02")[1]
    assert "Read  katas/lesson_01_attention.md\n" in screen
    assert "Then  make kata-01    next hint: make hint-01\n" in screen


def test_a_raise_above_the_code_is_to_be_removed(project):
    with_change(project, "    if mask is None:",
                "    raise NotImplementedError\n    if mask is None:")
    screen = " ".join(project.make("kata", "01")[1].split())
    assert "is still in `attention_weights`, and ends it there. Remove that line." in screen


def test_a_list_in_a_shape_is_explained(project):
    with_change(project, "return exps / exps", "return exps.reshape([*exps.shape[:-1]], -1) / exps")
    assert "`*batch` unpacks the list of batch axes" in " ".join(project.make("kata",
                                                                              "01")[1].split())


def test_a_function_that_ends_at_a_raise_is_not_finished(project):
    with_change(project, "    if mask is None:", "    if mask is not None:\n        raise "
                "NotImplementedError\n    if mask is None:")
    screen = " ".join(project.make("kata", "01")[1].split())
    assert ("`attention_weights` is not finished: this call ends at the `raise "
            "NotImplementedError` on line" in screen)


def test_hints_come_one_at_a_time_and_are_remembered(project, golden):
    project.make("kata", "01")  # whose verdict shows the first
    screens = [project.make("hint", "01") for _ in range(4)]
    assert [status for status, _ in screens] == [0] * 4
    golden("hints", "\n--------\n\n".join(screen for _, screen in screens))
    assert (project.root / ".kata.json").is_file()


def test_the_last_hint_is_the_change_at_the_place(project):
    with_change(project, *COLUMNS)
    change = "+ return exps / exps.sum(axis=axis, keepdims=True)"
    verdict = project.make("kata", "01")[1]
    hints = [project.make("hint", "01")[1] for _ in range(4)]
    assert "One change here" in verdict and "Hint 4 of 4" in hints[3]
    assert [change in screen for screen in (verdict, *hints)] == [False] * 4 + [True]
    assert "`make solution-01`" in hints[3]


def test_a_hint_when_all_is_green(project, golden):
    project.solve()
    golden("hint_green", project.make("hint", "01")[1])


def test_the_solution_is_not_shown_unasked_while_the_kata_is_red(project, golden):
    status, screen = project.make("solution", "01")
    assert status == 1
    golden("solution_red", screen)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
@pytest.mark.parametrize("answer", ["n", "y", ""])
def test_in_a_terminal_the_solution_asks_first(project, golden, answer):
    status, screen = in_a_terminal(project, "solution", "01", typed=f"{answer}\n")
    assert status == 0
    assert ("return exps / exps.sum" in screen) == (answer == "y")
    golden(f"solution_asked_{answer or 'nothing'}", screen)


def in_a_terminal(project, *words, typed):
    """What a command shows in a pseudo-terminal of 80 columns, after this text is typed."""
    import pty

    ours, theirs = pty.openpty()
    variables = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    run = subprocess.Popen([sys.executable, "-m", "tests.runner", *words], cwd=project.root,
                           env=variables, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, typed.encode())
    said = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while part := os.read(ours, 4096):
            said += part
    status = run.wait(timeout=20)
    os.close(ours)
    return status, "\n".join(line.rstrip()
                             for line in said.decode().replace("\r", "").splitlines()) + "\n"


def test_the_solution_beside_yours_once_all_is_green(project, golden):
    with_change(project, "exps = np.exp(shifted)", "exps = np.e ** shifted")
    status, screen = project.make("solution", "01")
    assert status == 0
    golden("solution_green", screen)


def test_an_exercise_before_its_kata_says_what_to_finish_first(project, golden):
    status, screen = project.make("exercise", "01")
    assert status == 1
    golden("exercise_before_its_kata", screen)


def test_an_exercise_on_a_borrowed_kata_says_so(project, golden):
    project.solve("exercise_01_attention")
    status, screen = project.make("exercise", "01", BORROW="1")
    assert status == 0
    golden("exercise_borrowed", screen)


def test_hints_and_examples_borrow_as_the_kata_does(project):
    solution = project.solution("kata_03_multi_head")
    project.write("kata_03_multi_head", solution.replace("    return attention_weights(",
                                                         "    return -attention_weights("))
    _, screen = project.make("kata", "03", BORROW="1")
    assert "Red  attention_maps" in screen and "next hint: make hint-03 BORROW=1" in screen
    _, screen = project.make("hint", "03", BORROW="1")
    assert "attention_maps: Each head" in screen and "`make hint-03 BORROW=1`" in screen
    assert "of `attention_maps`" in project.make("solution", "03", BORROW="1")[1]
    project.solve("kata_03_multi_head")
    status, screen = project.make("example", "03", BORROW="1")
    assert status == 0
    assert ("your own functions" in screen
            and "Borrowed for them: kata_01_attention." in " ".join(screen.split()))
    assert "the solution's functions" in project.make("example", "03", BORROW="0")[1]


@pytest.mark.skipif(sys.platform == "win32", reason="head")
@pytest.mark.parametrize("words", ["kata 01", "example 01"])
def test_a_reader_who_reads_only_the_first_lines_sees_no_error(project, words):
    line = f'"{sys.executable}" -m tests.runner {words} | head -2'
    done = subprocess.run(line, shell=True, cwd=project.root, capture_output=True, text=True,
                          check=False)
    assert done.stderr == ""


def test_in_plain_pytest_the_failure_says_what_happened(project):
    """Editors show that text, and nothing else of a report."""
    with_change(project, *COLUMNS)
    subprocess.run([sys.executable, "-m", "pytest", "-q", "tests/test_kata_01_attention.py",
                    "--junitxml=out.xml"], cwd=project.root, capture_output=True, check=False)
    text = (project.root / "out.xml").read_text(encoding="utf-8")
    assert "Your sum runs along axis 0" in text and "katas/kata_01_attention.py:38" in text
    assert "exps.sum(axis=0, keepdims=True)" in text and "^" in text


def test_an_exercise_that_is_green(project, golden):
    project.solve()
    project.solve("exercise_01_attention")
    status, screen = project.make("exercise", "01")
    assert status == 0
    golden("exercise_green", screen)


@pytest.mark.parametrize("solved", [False, True])
def test_the_example_says_whose_functions_run(project, solved):
    if solved:
        project.solve()
    status, screen = project.make("example", "01")
    assert status == 0, screen
    assert ("your own functions" in screen) == solved
    assert "Traceback" not in screen


@pytest.mark.parametrize("words", [
    ("kata", "99"), ("exercise", "07"), ("kata", "abc"), ("hint", "abc"), ("reset",),
    ("undo", "reset"), ("hint", "exercise"),
    ("progress", "01"), ("example", "exercise", "01"), ("dance", "01"), ("example", "99"),
    ("bench", "compare", "01"),
], ids="_".join)
def test_wrong_use_is_one_sentence(project, golden, words):
    status, screen = project.make(*words)
    assert status == 2
    assert screen.count("\n") == 1
    golden(f"wrong_use_{'_'.join(words)}", screen)


def test_make_alone_lists_the_commands_without_any_set_up(project):
    shutil.copy(ROOT / "Makefile", project.root)
    outer = ("MAKELEVEL", "MAKEFLAGS", "MFLAGS")  # of a make that runs the tests: it would say so
    env = {name: value for name, value in os.environ.items() if name not in outer}
    screen = subprocess.run(["make"], cwd=project.root, env=env, capture_output=True, text=True,
                            check=True).stdout
    assert project.make() == project.make("help") == (0, screen)
    assert not (project.root / ".venv").exists()
    assert max(map(len, screen.splitlines())) <= 80
    assert all(f"make {command.words}" in screen for command in COMMANDS)


def test_a_number_without_its_leading_zero_is_accepted(project):
    assert project.make("kata", "1")[0] == 1


def test_specs_that_cannot_be_read_are_named(project, golden):
    specs = project.root / "tests" / "test_kata_01_attention.py"
    specs.write_text(specs.read_text(encoding="utf-8") + "\n\ndef test_more(kata:\n",
                     encoding="utf-8")
    status, screen = project.make("kata", "01")
    assert status == 2
    golden("specs_broken", screen)


@pytest.mark.parametrize("gone", ["tests/test_kata_01_attention.py",
                                  "hints/solutions/kata_02_self_attention.py"])
@pytest.mark.parametrize("command", ["kata", "progress"])
def test_a_missing_file_is_named_with_how_to_bring_it_back(project, command, gone):
    (project.root / gone).unlink()
    assert project.make(command) == (2,
                                     f"{gone} is missing. `git checkout {gone}` brings it back.\n")


def test_the_first_hint_is_shown_if_nothing_has_run(project):
    assert "Hint 1 of 3" in project.make("hint",
                                         "01")[1] and "Hint 2 of 3" in project.make("hint", "01")[1]


def test_a_damaged_state_costs_the_counts_and_one_line(project, golden):
    (project.root / ".kata.json").write_text("{", encoding="utf-8")
    status, screen = project.make("hint", "01")
    assert status == 0
    golden("state_damaged", screen)


def test_a_folder_with_spaces_and_accents(project, tmp_path):
    elsewhere = project.root.rename(tmp_path / "mes katas é")
    moved = type(project)(elsewhere)
    assert moved.make("kata",
                      "01")[1] == project.copied_to(tmp_path / "plain").make("kata", "01")[1]
