"""`make grade`: what is graded, and that each form of result keeps to its reader's rules."""

import base64
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from tests.repo.grader_rules import FOLLOWS, follows_junit
from tests.repo.test_commands import NO_SCALE
from tests.runner.commands import grade
from tests.runner.grading import classroom, clean_copy, graded
from tests.runner.lessons.catalog import ROOT, find
from tests.runner.lessons.stubs import make_stub
from tests.runner.running.cold import Orders
from tests.runner.specs.record import Cause, Red, Run, SpecRecord, Status

KATA = find("kata", "01")
SOLUTION = KATA.solution.read_text(encoding="utf-8")
N_SPECS = len(graded.specs_in(KATA.specs))
PICKED = (0, 9, 13, 14, 15, 20)  # two that are green, two with the same mistake, two of stubs
OURS = (str(ROOT), "/tmp", "tests/runner", "in_copy")  # words that no learner should read


def mixed_file() -> str:
    """A kata file with right functions, one function without its scale, and stubs."""
    talks = NO_SCALE[1].replace("return", 'print("q is", q.shape)\n    return')
    right, stubs = SOLUTION.replace(NO_SCALE[0], talks), make_stub(SOLUTION)
    assert talks in right
    cut = "def attention_weights"
    return right.partition(cut)[0] + cut + stubs.partition(cut)[2]


SOFTMAX = "def softmax(scores, axis=-1):"
LOOP = "def attention_loop(q, k, v):"
FILES = {
    "mixed": mixed_file(),
    "green": SOLUTION,
    "syntax": SOLUTION.replace(SOFTMAX, SOFTMAX[:-1]),
    "ends": SOLUTION.replace(LOOP, f"{LOOP}\n    import os\n    os._exit(3)"),
    "odd": SOLUTION.replace(SOFTMAX, f"{SOFTMAX}\n    print('\\x1b[31m\\x00\\udc80', 'e' * 900)\n  "
                            "  return 1 / 0"),
    "kills": SOLUTION.replace(SOFTMAX, f"{SOFTMAX}\n    import os\n    os.kill(os.getppid(), 9)"),
    "missing": None,
}


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """result(name): the result for one of FILES, handed in alone."""
    known = {}

    def of(name: str) -> graded.Result:
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            if FILES[name] is not None:
                (folder / KATA.file.name).write_text(FILES[name], encoding="utf-8")
            known[name] = grade.graded(grade.wish_of(
                {"FORMAT": "junit", "KATA": "01", "SUBMISSION": str(folder)}))
        return known[name]

    return of


@pytest.mark.parametrize("form", FOLLOWS)
def test_a_result_is_written_as_in_the_golden_file(result, golden, form):
    specs = result("mixed").specs
    part = graded.Result(tuple(replace(specs[index], duration=0.25) for index in PICKED))
    text = grade.FORMATS[form](part)
    FOLLOWS[form](text)
    golden(f"grade_{form}", text)


@pytest.mark.parametrize("name", FILES)
def test_every_form_keeps_its_rules_whatever_is_handed_in(result, name):
    for form, write in grade.FORMATS.items():
        text = write(result(name))
        FOLLOWS[form](text)
        assert not [ours for ours in OURS if ours in text]
    assert len(result(name).specs) == N_SPECS


# What each spec gets.


def test_a_spec_passes_or_fails_or_is_an_error(result):
    found = {(spec.function, spec.status.value) for spec in result("mixed").specs}
    assert found == {("softmax", "pass"), ("attend_one", "pass"), ("attention_loop", "pass"),
                     ("attention_scores", "fail"), ("attention_weights", "error"),
                     ("attention", "error")}
    assert {spec.status.value for spec in result("odd").specs
            if spec.function == "softmax"} == {"error"}
    assert result("green").score == result("green").max_score == N_SPECS


def test_a_known_mistake_is_named_instead_of_a_hint(result):
    spec, unwritten = (next(spec for spec in result("mixed").specs if spec.function == function)
                       for function in ("attention_scores", "attention_weights"))
    assert spec.diagnosis and "Hint: " not in spec.message and "Hint: " in unwritten.message
    assert spec.file == "katas/kata_01_attention.py" and spec.line > 1
    assert f"{spec.file}:{spec.line}" in spec.message


def test_tasks_are_numbered_as_the_functions_are(result):
    assert [KATA.functions.index(spec.function) + 1 for spec in result("mixed").specs] == [
        spec.task for spec in result("mixed").specs]


@pytest.mark.parametrize("name", ["syntax", "missing"])
def test_a_file_that_cannot_be_used_makes_every_spec_an_error(result, name):
    assert {spec.status.value for spec in result(name).specs} == {"error"}
    top = json.loads(grade.FORMATS["exercism"](result(name)))
    assert top["status"] == "error" and "kata_01_attention.py" in top["message"]
    assert json.loads(grade.FORMATS["classroom"](result(name)))["status"] == "error"
    assert (result(name).specs[0].line > 0) == (name == "syntax")


def test_specs_that_the_end_of_the_run_left_out_say_so(result):
    statuses = [spec.status.value for spec in result("ends").specs]
    n_before = [spec.function for spec in result("ends").specs].index("attention_loop")
    assert statuses == ["pass"] * n_before + ["error"] * (N_SPECS - n_before)
    assert "Python ended with status 3" in result("ends").specs[n_before].message
    assert result("ends").specs[-1].message.startswith("This spec did not run.")


def test_long_texts_are_cut_with_a_note():
    red = Red(Cause.MEASURED, ("x" * 70_000,), file="katas/kata_01_attention.py", line=1)
    record = SpecRecord(KATA.name, "test_softmax_long", "softmax", "Long.", Status.RED, red=red,
                        output="y" * 500, output_chars=501)
    [spec] = graded.result_of([(KATA, Run(KATA.name, ["test_softmax_long"], {}, [record]))]).specs
    assert len(spec.message) == 65_535 and spec.message.endswith("characters long.]")
    assert len(spec.output) == 500 and spec.output.endswith("[Cut: it was 501 characters long.]")


def test_a_run_that_cannot_start_is_an_error_for_every_spec():
    broken = graded.result_of([(KATA, Run(KATA.name, broken="There is no room."))])
    assert len(broken.specs) == N_SPECS and broken.score == 0
    for form, write in grade.FORMATS.items():
        FOLLOWS[form](write(broken))
        assert "There is no room." in write(broken)


def test_the_step_output_is_never_longer_than_linux_takes(result):
    whole = classroom.step_output(result("mixed"))
    assert decoded(whole) == json.loads(classroom.to_text(result("mixed")))
    spec = replace(result("mixed").specs[-1], message="e" * 60_000)
    for n_specs, says_more in ((200, True), (400, False)):
        line = classroom.step_output(graded.Result((spec,) * n_specs))
        assert len(line) < 131_072 - len("KATAS_RESULTS=")
        short = decoded(line)
        assert short["max_score"] == len(short["tests"]) == n_specs
        assert bool(short["tests"][0]["message"]) == says_more and short["tests"][0]["score"] == 0


def decoded(output: str) -> dict:
    assert output.startswith("result=") and output.count("\n") == 1
    return json.loads(base64.b64decode(output.removeprefix("result=")))


# Whose files are graded.


@pytest.mark.parametrize("where", ["katas", "."])
def test_a_checkout_its_katas_folder_or_its_files_can_be_graded(tmp_path, where):
    folder = tmp_path / where
    folder.mkdir(exist_ok=True)
    (folder / KATA.file.name).write_text(SOLUTION, encoding="utf-8")
    (folder / "kata_99_other.py").write_text("", encoding="utf-8")
    for submission in (tmp_path, folder):
        assert [file.name for file in clean_copy.handed_in(submission)] == [KATA.file.name]


def test_a_link_to_the_solutions_is_no_file_that_was_handed_in(tmp_path):
    (tmp_path / KATA.file.name).symlink_to(KATA.solution)
    assert clean_copy.handed_in(tmp_path) == []


def test_changed_specs_in_what_is_handed_in_change_nothing(project, tmp_path):
    theirs = type(project).copied_to(tmp_path / "theirs")
    theirs.write("kata_01_attention", "def softmax(scores, axis=-1):\n    return scores\n")
    (theirs.root / "tests/test_kata_01_attention.py").write_text("def test_softmax(kata):\n    "
                                                                 "kata.softmax(1)\n")
    for name in ("tests/conftest.py", "tests/runner/specs/check.py", "conftest.py",
                 "sitecustomize.py", "numpy.py"):
        (theirs.root / name).write_text("raise SystemExit(0)\n")
    status, text = project.make("grade", FORMAT="junit", KATA="01", SUBMISSION=str(theirs.root),
                                OUT="result.xml")
    assert status == 0 and text == f"0 of {N_SPECS} points, written to result.xml for junit.\n"
    follows_junit((project.root / "result.xml").read_text(encoding="utf-8"))



def test_the_copy_can_be_written_where_the_project_is_read_only(tmp_path, monkeypatch):
    katas = tmp_path / "katas"
    katas.mkdir(mode=0o555)
    monkeypatch.setattr(clean_copy, "KATAS", katas)
    clean_copy._copy_project(tmp_path / "copy")
    assert (tmp_path / "copy" / "katas").stat().st_mode & 0o200


def test_graded_specs_have_a_time_limit_of_their_own():
    assert json.loads(Orders(KATA, stop=False, limit=3).task("word"))["options"][-1] == "timeout=3"


def test_an_exercise_is_graded_when_it_is_asked_for(project):
    for name in ("kata_01_attention", "exercise_01_attention"):
        project.solve(name)
    wish = grade.wish_of({"FORMAT": "junit", "KATA": "exercise-01",
                          "SUBMISSION": str(project.root)})
    exercise = grade.graded(wish)
    assert exercise.score == exercise.max_score > 0
    assert {spec.kata for spec in exercise.specs} == {"exercise_01_attention"}
    assert {kata.kind for kata in grade.wish_of({"FORMAT": "junit"}).katas} == {"kata"}


# The command.


def test_without_a_submission_the_checkout_is_graded_as_it_is(project, golden):
    solved = SOLUTION.replace("import math\n",
                              "import math\nimport os\nprint(os.environ.get('GITHUB_OUTPUT'))\n", 1)
    project.write("kata_01_attention", solved)
    outputs = project.root / "outputs"
    outputs.write_text("before=1\n")
    status, text = project.make("grade", FORMAT="classroom", KATA="01", OUT="out.json",
                                GITHUB_OUTPUT=str(outputs))
    assert status == 0
    golden("grade_summary", text)
    written = json.loads((project.root / "out.json").read_text(encoding="utf-8"))
    before, after = outputs.read_text().splitlines(keepends=True)
    assert before == "before=1\n" and decoded(after) == written
    assert written["status"] == "pass" and {test["output"]
                                            for test in written["tests"]} <= {"", "None\n"}


def test_hints_that_were_seen_are_counted(project):
    seen = {"version": 1, "attempts": {KATA.name: {"test_softmax_survives_large_scores": 2}},
            "hints": {KATA.name: {"test_softmax_treats_every_row_alone": 3}}}
    (project.root / ".kata.json").write_text(json.dumps(seen))
    done = subprocess.run(
        [sys.executable, "-m", "tests.runner", "grade"], cwd=project.root, capture_output=True,
        text=True,
        env={**os.environ, "FORMAT": "gradescope", "KATA": "1", "OUT": "-"}, check=True)
    assert json.loads(done.stdout)["extra_data"]["hint_levels"] == {
        "test_softmax_treats_every_row_alone": 3, "test_softmax_survives_large_scores": 1}
    assert done.stderr.startswith(f"0 of {N_SPECS} points, written for gradescope.")


WRONG = {
    "no_format": {},
    "format": {"FORMAT": "xml"},
    "kata": {"FORMAT": "junit", "KATA": "99"},
    "out_is_a_folder": {"FORMAT": "junit", "OUT": "katas"},
    "out_without_folder": {"FORMAT": "junit", "OUT": "nowhere/result.xml"},
    "submission": {"FORMAT": "junit", "SUBMISSION": "nowhere"},
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_use_of_grade_is_one_sentence(golden, capsys, monkeypatch, name):
    monkeypatch.chdir(ROOT)
    for variable in ("FORMAT", "KATA", "OUT", "SUBMISSION"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in WRONG[name].items():
        monkeypatch.setenv(variable, value)
    assert grade.grade() == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1
    golden(f"grade_wrong_{name}", said.err)


def test_the_runner_takes_settings_as_make_does(project):
    done = subprocess.run([sys.executable, "-m", "tests.runner", "grade", "FORMAT=junit",
                           "OUT=a=b.xml", "KATA=01"], cwd=project.root, capture_output=True,
                          text=True, check=True)
    assert f"0 of {N_SPECS} points" in done.stdout and (project.root / "a=b.xml").is_file()


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    grade._write(pipe, "result")
    assert os.read(reader, 100) == b"result" and stat.S_ISFIFO(pipe.stat().st_mode)
    os.close(reader)


def test_make_passes_on_what_is_asked_for(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("pyproject.toml", "tests/runner/setup_env.py", ".venv/bin/python",
                 ".venv/installed.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('#!/bin/sh\necho "$3 $4" $FORMAT $OUT $KATA $SUBMISSION\n')
        (tmp_path / name).chmod(0o755)
    outside_make = {name: value for name, value in os.environ.items()
                    if not name.startswith("MAKE")}
    done = subprocess.run(["make", "grade", "FORMAT=junit", "OUT=r.xml", "KATA=01",
                           "SUBMISSION=.."], cwd=tmp_path, env=outside_make, capture_output=True,
                          text=True, check=True)
    assert done.stdout == "grade  junit r.xml 01 ..\n"


# The graders' own files.


@pytest.fixture
def autograder(project, tmp_path):
    """A folder in place of /autograder, after its set-up."""
    root = tmp_path / "autograder"
    (root / "source").mkdir(parents=True)
    (root / "submission").mkdir()
    python = project.root / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    project.root.rename(root / "source/project")
    return root


def run_autograder(root) -> dict:
    done = subprocess.run([ROOT / ".github/gradescope/run_autograder"],
                          cwd=root, capture_output=True, check=False,
                          env={**os.environ, "AUTOGRADER": str(root), "KATA": "01"})
    assert done.returncode == 0
    return json.loads((root / "results/results.json").read_text(encoding="utf-8"))


def test_the_gradescope_autograder_grades_what_is_handed_in(autograder):
    (autograder / "submission" / KATA.file.name).write_text(SOLUTION, encoding="utf-8")
    data = run_autograder(autograder)
    assert data["score"] == len(data["tests"]) == N_SPECS
    assert [path.name for path in (autograder / "results").iterdir()] == ["results.json"]


@pytest.mark.parametrize("gone", [
    "source/project", "source/project/.venv", "source/project/tests/runner/commands/grade.py",
    "submission"])
def test_a_broken_gradescope_autograder_still_writes_a_result(autograder, gone):
    path = autograder / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    data = run_autograder(autograder)
    assert data["score"] == 0 and data["tests"] == [] and "could not grade" in data["output"]


def test_the_zip_for_gradescope_has_its_two_scripts_on_top(tmp_path):
    readme = (ROOT / ".github/gradescope/README.md").read_text(encoding="utf-8")
    command = re.search(r"```console\n(git archive .*)\n```", readme)[1]
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    (tmp_path / "Makefile").write_text("")
    alone = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # a repository and settings of its own
    alone |= {"HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    git = "git -c user.name=n -c user.email=e@example.org"
    for line in ("git init -q", "git add .", f"{git} commit -qm all", command):
        subprocess.run(shlex.split(line), cwd=tmp_path, env=alone, check=True)
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        assert {"setup.sh", "run_autograder", "project/Makefile"} <= set(archive.namelist())
        assert archive.getinfo("run_autograder").external_attr >> 16 & 0o100


def test_the_classroom_workflow_fits_what_the_reporter_reads():
    folder = ROOT / ".github/classroom"
    workflow = (folder / "classroom.yml").read_text(encoding="utf-8")
    assert re.search(r"^name: Autograding Tests\b", workflow, re.MULTILINE)
    assert re.findall(r"^  ([\w-]+):$", workflow.partition("\njobs:\n")[2],
                      re.MULTILINE) == ["run-autograding-tests"]
    [step] = re.findall(r"^ +runners: (\S+)$", workflow, re.MULTILINE)
    assert f"id: {step}\n" in workflow
    assert f"{step.upper()}_RESULTS: ${{{{ steps.{step}.outputs.result }}}}" in workflow
    assert "make grade FORMAT=classroom OUT=../result.json SUBMISSION=../submission\n" in workflow
    # it would run here, and in every fork
    assert not list((ROOT / ".github").glob("workflows/classroom*"))
