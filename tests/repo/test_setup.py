"""`make` and its set-up, tried with Pythons that are a few lines of shell.

The fake Python answers as a real one does, except that its venv and its pip do nothing, or fail
if the test says so. make, /bin/sh and setup_env.py are real, so nothing here needs a network.
"""

import ast
import fcntl
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.runner import setup_env

ROOT = Path(__file__).parents[2]
COPIED = ("Makefile", "pyproject.toml", "tests/runner/setup_env.py")

FAKE_PYTHON = """\
#!/bin/sh
echo "$*" >> "{calls}"
case "$*" in
  *sys.version_info*) echo {version} ;;
  *setup_env.py*)
    shift
    exec "{real}" -c 'import runpy, sys
sys.executable = "{itself}"
{prelude}
runpy.run_path("tests/runner/setup_env.py", run_name="__main__")' "$@" ;;
  *"-m venv"*)
    for folder; do :; done
    rm -rf "$folder"
    mkdir -p "$folder/bin"
    cp "$0" "$folder/bin/python" ;;
  *"-m pip"*) {pip} ;;
  *tests.runner*) echo "$*, BORROW=$BORROW" ;;
esac
"""

PIP_UNREACHABLE = """\
WARNING: Retrying (Retry(total=1, connect=None)) after connection broken by 'NewConnectionError(
ERROR: Could not find a version that satisfies the requirement numpy<3,>=2.0 (from versions: none)
ERROR: No matching distribution found for numpy<3,>=2.0
"""
PIP_NO_WHEEL = """\
WARNING: Retrying (Retry(total=1, connect=None)) after connection broken by 'NewConnectionError(
ERROR: Could not find a version that satisfies the requirement numpy==2.0 (from versions: 2.1.0)
ERROR: No matching distribution found for numpy==2.0
"""
PIP_NO_ANSWER = """\
ERROR: Could not find a version that satisfies the requirement numpy<3,>=2.0 (from versions: none)
ERROR: No matching distribution found for numpy<3,>=2.0
"""
PIP_DISK_FULL = """\
WARNING: Retrying (Retry(total=1, connect=None)) after connection broken by 'ReadTimeoutError(
ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device
"""
PIP_NOT_WRITABLE = """\
ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '.venv/lib'
Consider using the `--user` option or check the permissions.
"""
PIP_CRASHED = """\
Traceback (most recent call last):
  File "pip/_internal/cli/base_command.py", line 105, in _run_wrapper
AssertionError: egg-link
"""


class Clone:
    """A fresh copy of what set-up needs, in a folder with a name that is hard on shells."""

    def __init__(self, folder):
        self.root = folder / "mes katas é"
        self.bin = folder / "bin"
        self.calls = folder / "calls.txt"
        self.bin.mkdir()
        for name in COPIED:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.root / name)
        for tool in ("cat", "cp", "mkdir", "rm"):
            self.script(tool, f'exec "{shutil.which(tool)}" "$@"')
        self.stamp = self.root / ".venv/installed.txt"
        self.venv_python = self.root / ".venv/bin/python"

    def python(self, name="python3", version="3.11.7", pip="exit 0", prelude=""):
        itself = self.bin / name
        itself.write_text(
            FAKE_PYTHON.format(
                calls=self.calls,
                version=version,
                real=sys.executable,
                itself=itself,
                pip=pip,
                prelude=prelude,
            )
        )
        itself.chmod(0o755)

    def failing_pip(self, output):
        said = self.bin / "pip_said.txt"
        said.write_text(output)
        self.python(pip=f'cat "{said}"; exit 1')

    def script(self, name, text):
        (self.bin / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.bin / name).chmod(0o755)

    def make(self, *arguments):
        """The exit code, and what the reader sees, without make's own last line."""
        self.calls.write_text("")
        done = subprocess.run(
            [shutil.which("make"), *arguments],
            cwd=self.root,
            env={"PATH": str(self.bin), "LC_ALL": "C"},  # not the variables of `make test`
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        seen = re.sub(r"make: \*\*\* \[.*\n", "", done.stdout)
        seen = seen.replace("{}.{}.{}".format(*sys.version_info), "3.11.7")
        seen = seen.replace("python{}.{}-venv".format(*sys.version_info), "python3.11-venv")
        return done.returncode, seen

    def make_fails(self, *arguments):
        code, seen = self.make(*arguments)
        assert code == 2
        assert "Traceback" not in seen
        return seen

    def asked_for(self, words):
        return sum(words in line for line in self.calls.read_text().splitlines())


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


@pytest.fixture
def ready(clone):
    clone.python()
    assert clone.make("kata-01")[0] == 0
    return clone


# If all goes well.


def test_the_first_command_sets_up_and_then_runs(clone, golden):
    clone.python()
    code, seen = clone.make("kata-01")
    assert code == 0
    assert clone.stamp.read_text().splitlines() == setup_env.requirements(lowest=False)
    golden("setup_first", seen)


def test_the_second_command_starts_at_once(ready):
    code, seen = ready.make("kata-01")
    assert (code, seen) == (0, "-m tests.runner kata 01, BORROW=\n")
    assert len(ready.calls.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "goal, words",
    [
        ("hint-02", "hint 02"),
        ("solution-03", "solution 03"),
        ("example-04", "example 04"),
        ("exercise-01", "exercise 01"),
        ("bench-runner", "bench runner"),
        ("bench-compare", "bench compare"),
        ("compare", "compare"),
        ("hint-exercise-01", "hint exercise 01"),
        ("undo-reset-01", "undo reset 01"),
        ("kata", "kata"),
    ],
)
def test_the_words_between_dashes_are_the_command(ready, goal, words):
    assert ready.make(goal) == (0, f"-m tests.runner {words}, BORROW=\n")


def test_a_variable_on_the_command_line_reaches_the_runner(ready):
    assert ready.make("kata-02", "BORROW=1") == (0, "-m tests.runner kata 02, BORROW=1\n")


def test_two_commands_in_one_go_both_run(ready):
    assert ready.make("kata-01", "hint-01")[1].count("-m tests.runner") == 2


@pytest.mark.parametrize(
    "goal, words", [("test", "-m not slow tests/repo"), ("golden", "tests/repo --update-golden")]
)
def test_the_commands_for_contributors_run_pytest(ready, goal, words):
    assert ready.make(goal)[0] == 0
    assert ready.asked_for(f"-m pytest -q -n auto --dist worksteal {words}") == 1


def test_the_oldest_packages_have_a_folder_of_their_own(clone):
    clone.python()
    assert clone.make("test-oldest")[0] == 0
    stamp = clone.root / ".venv-oldest/installed.txt"
    assert stamp.read_text().splitlines() == setup_env.requirements(lowest=True)
    assert not clone.stamp.exists()


# If something is there already.


def test_another_change_of_pyproject_only_refreshes_the_stamp(ready):
    os.utime(ready.stamp, (0, 0))
    code, seen = ready.make("kata-01")
    assert (code, seen) == (0, "-m tests.runner kata 01, BORROW=\n")
    assert ready.asked_for("-m pip") == 0
    assert ready.stamp.stat().st_mtime > 0


def test_a_changed_list_is_installed_into_what_is_there(ready, golden):
    change_list(ready)
    code, seen = ready.make("kata-01")
    assert code == 0
    assert ready.asked_for("-m venv") == 0
    assert "rich>=14,<16" in ready.stamp.read_text()
    golden("setup_changed", seen)


def test_a_changed_list_is_tried_again_after_a_failure(ready):
    change_list(ready)
    before = ready.stamp.read_text()
    sound = ready.venv_python.read_text()
    ready.venv_python.write_text(sound.replace("exit 0", "echo timed out; exit 1"))
    ready.make_fails("kata-01")
    assert ready.stamp.read_text() == before
    ready.venv_python.write_text(sound)
    assert ready.make("kata-01")[0] == 0
    assert ready.asked_for("-m venv") == 0
    assert "rich>=14,<16" in ready.stamp.read_text()


def test_a_folder_whose_python_has_gone_is_made_again(ready, golden):
    ready.venv_python.unlink()
    ready.venv_python.symlink_to(ready.bin / "python3.10")
    code, seen = ready.make("kata-01")
    assert code == 0
    golden("setup_python_gone", seen)


@pytest.mark.parametrize("sign", ["INT", "TERM", "KILL"])
def test_an_interrupted_set_up_starts_again(clone, golden, sign):
    clone.python(pip=f"kill -{sign} $PPID; exit 1")
    seen = clone.make_fails("kata-01")
    assert not clone.stamp.exists()
    if sign != "KILL":
        golden("setup_interrupted", seen)
    clone.python()
    assert clone.make("kata-01")[0] == 0
    assert clone.asked_for("--clear") == 1


def test_a_set_up_waits_for_another_one_to_end(clone, golden):
    clone.python()
    with open(clone.root / "pyproject.toml") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        threading.Timer(0.5, fcntl.flock, (lock, fcntl.LOCK_UN)).start()
        code, seen = clone.make("kata-01")
    assert code == 0
    golden("setup_waits", seen)


def change_list(clone):
    listed = clone.root / "pyproject.toml"
    listed.write_text(re.sub(r"rich>=[^,]*", "rich>=14", listed.read_text()))
    os.utime(clone.stamp, (1, 1))


# Which Python is used.


def test_a_python_that_does_not_run_or_is_too_old_is_passed_over(clone):
    clone.script("python3", "echo 'pyenv: python3: command not found' >&2; exit 127")
    clone.python("python", version="3.8.18")
    clone.python("python3.13", version="3.13.0")
    assert clone.make("kata-01")[0] == 0
    assert str(clone.bin / "python3.13") in clone.venv_python.read_text()


def test_no_python_at_all(clone, golden):
    golden("setup_no_python", clone.make_fails("kata-01"))


def test_only_pythons_that_are_too_old(clone, golden):
    clone.python("python3", version="3.10.13")
    clone.python("python", version="2.7.18")
    golden("setup_only_old_pythons", clone.make_fails("hint-01"))


def test_a_python_that_the_reader_names_is_the_only_one_tried(clone, golden):
    clone.python()
    golden("setup_named_python", clone.make_fails("kata-01", "PYTHON=/opt/my python/bin/python3"))


def test_set_up_says_which_python_it_needs(monkeypatch, capsys, golden):
    ast.parse(Path(setup_env.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))
    old = SimpleNamespace(version_info=(3, 6, 15), executable="/opt/python3.6", stderr=sys.stderr)
    monkeypatch.setattr(setup_env, "sys", old)
    monkeypatch.delenv("MAKELEVEL", raising=False)
    assert setup_env.main([".venv"]) == 1
    golden("setup_old_python", capsys.readouterr().err)


def test_every_place_names_the_python_that_the_project_requires():
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in ("Makefile", "tests/runner/setup_env.py"):
        assert "Python 3.11 or newer" in (ROOT / name).read_text(encoding="utf-8")


# What can go wrong.


def test_python_without_its_venv_module(clone, golden):
    clone.python(prelude="import importlib.util; importlib.util.find_spec = lambda name: None")
    golden("setup_no_venv", clone.make_fails("kata-01"))


@pytest.mark.parametrize(
    "name, output",
    [
        ("no_network", PIP_UNREACHABLE),
        ("no_package", PIP_NO_WHEEL),
        ("no_answer", PIP_NO_ANSWER),
        ("disk_full", PIP_DISK_FULL),
        ("not_writable", PIP_NOT_WRITABLE),
        ("unknown", PIP_CRASHED),
    ],
)
def test_what_pip_failed_at_is_a_sentence(clone, golden, name, output):
    clone.failing_pip(output)
    golden(f"setup_{name}", clone.make_fails("kata-01"))
    assert (clone.root / ".venv/pip.log").read_text() == output
    clone.python()
    assert clone.make("kata-01")[0] == 0


def test_a_list_that_cannot_be_read(clone, golden):
    clone.python()
    (clone.root / "pyproject.toml").write_text("[project]\ndependencies = [\n")
    seen = clone.make_fails("kata-01").replace("(at end of document)", "at end of document")
    golden("setup_bad_list", re.sub(r"read \(.*?\);", "read (what TOML says);", seen))


def test_every_requirement_has_a_lowest_version():
    for requirement in setup_env.requirements(lowest=True):
        assert re.fullmatch(r"[a-z-]+==[0-9.]+", requirement)
