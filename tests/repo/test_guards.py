"""Kata files that misbehave: never green, no frame of the runner, no process left behind."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.runner.lessons.catalog import Kata
from tests.runner.reader.attempt import Attempt
from tests.runner.screens.terminal import plain
from tests.runner.screens.verdict import HEIGHT, Context, verdict

GUESS = re.compile(r"\. Did you mean: '\w+'\?")  # Python 3.12 and newer guess at a misspelt name

HEAD = "import math\nimport os\nimport sys\nimport time\n\nimport numpy as np\nimport pytest\n\n\n"

# Each is written into the file before the solution's functions, or in place of one of them.
AT_IMPORT = {
    "missing": "import torchvision_of_tomorrow\n",
    "fails": "print(1 / 0)\n",
    "endless": "while True: pass\n",
    "sys_exit": "sys.exit(0)\n",
    "os_exit": "os._exit(0)\n",
    "interrupt": "raise KeyboardInterrupt\n",
    "pytest_skip": "pytest.skip('not today', allow_module_level=True)\n",
    "pytest_exit": "pytest.exit('done', returncode=0)\n",
    "patches_numpy": "np.isclose = lambda a, b, **kwargs: np.ones(np.shape(a), bool)\n",
    "deletes_numpy_name": "del np.exp\n",
    "merge": "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> origin/main\n",
    "calls_a_stub": "def softmax(scores): raise NotImplementedError\nsoftmax(1)\n",
}

# What is done to the solution of lesson 1, which lesson 2 imports.
BEFORE = {
    "syntax": lambda text: text.replace("swapaxes(-1, -2) /", "swapaxes((-1, -2) /"),
    "name": lambda text: f"width = d_model\n{text}",
    "import": lambda text: f"import torchvision_of_tomorrow\n{text}",
    "renamed": lambda text: text.replace("def attention(", "def attend("),
    "exit": lambda text: f"{text}\nraise SystemExit\n",
}

SOFTMAX = {
    "endless": "    while True: pass\n",
    "endless_stubborn": "    while True:\n        try:\n            while True:\n                "
                        "pass\n"
                        "        except BaseException:\n            pass\n",
    "sys_exit": "    sys.exit(0)\n",
    "os_exit": "    os._exit(0)\n",
    "interrupt": "    raise KeyboardInterrupt\n",
    "crash": "    import ctypes\n    ctypes.string_at(0)\n",
    "recursion": "    return softmax(scores, axis)\n",
    "memory": "    hoard = []\n    while True:\n        hoard.append(np.zeros(10_000_000))\n",
    "memory_at_once": "    return np.ones((100_000, 100_000))\n",
    "prints_megabytes": "    for row in range(3):\n        print('scores', row, 'x' * 2_000_000)\n "
                        "   return scores\n",
    "pytest_skip": "    pytest.skip('not today')\n",
    "pytest_xfail": "    pytest.xfail('not today')\n",
    "pytest_fail": "    pytest.fail('not today')\n",
    "pytest_exit": "    pytest.exit('done', returncode=0)\n",
    "returns_none": "    exps = np.exp(scores)\n",
    "returns_list": "    return [1 / 8, 2 / 8, 5 / 8]\n",
    "returns_generator": "    yield scores\n",
    "returns_strings": "    return np.array(['a', 'b', 'c'])\n",
    "returns_objects": "    return np.array([1 / 8, 2 / 8, 5 / 8], dtype=object)\n",
    "returns_liar": "    class Liar:\n        def __eq__(self, other):\n            return True\n"
                    "        def __repr__(self):\n            raise ValueError\n    return "
                    "Liar()\n",
    "raises_odd": "    class Odd(Exception):\n        def __str__(self):\n            raise "
                  "ValueError\n    raise Odd\n",
    "changes_argument": "    scores -= scores.max()\n    return np.exp(scores) / "
                        "np.exp(scores).sum()\n",
    "deep_frames": "    return helper(scores)\n",
    "closes_everything": "    os.closerange(0, 100)\n    return scores\n",
    "wrong_and_slow": "    time.sleep(0.4)\n    return scores * 3.3 + 0.1\n",
    "too_slow_together": "    time.sleep(1.5)\n    softmax.calls = getattr(softmax, 'calls', 0) + "
                         "1\n    time.sleep(1.5)\n",
    "wrong_and_leaves_on_tables": "    if scores.ndim > 1: sys.exit()\n    return scores * 3.3 + "
                                  "0.1\n",
    "leftover_raise": "    exps = np.exp(scores)\n    raise NotImplementedError  # about 3 lines\n",
    "raises_to_do": "    raise NotImplementedError('only rows so far')\n",
    "waits_for_input": "    return input('scores? ')\n",
    "returns_matrix": "    return np.matrix(np.exp(scores) / np.exp(scores).sum())\n",
    "steers_the_terminal": "    print('\\x1b[2J\\x1b[31mgone')\n    raise ValueError('\\x1b[2J')\n",
    "misspelt": "    exps = np.exp(scores)\n    return exp / exps.sum()\n",
    "long_lines": "    return " + " + ".join(["scores"] * 500) + " + nothing\n",
    "answers_anew": "    softmax.calls = getattr(softmax, 'calls', 0) + 1\n    return scores * 3.3 "
                    "+ softmax.calls\n",
    "misses_a_key": "    known = {'exps': np.exp(scores), 'sums': 8}\n    return known['exp'] / "
                    "known['sums']\n",
    "patches_numpy_late": "    np.isclose = lambda a, b, **kwargs: np.ones(np.shape(a), bool)\n    "
                          "return scores\n",
}

WHOLE = {
    "nested_too_deeply": "x = " + "(" * 500 + ")" * 500 + "\n",
    "syntax_error_below": HEAD + "def softmax(scores, axis=-1):\n    return scores\n\n\n"
                                 "def attention(q, k, v:\n    return v\n",
    "syntax_error": "import numpy as np\n\n\ndef softmax(scores, axis=-1)\n    return scores\n",
    "indentation": "import numpy as np\n\n\ndef softmax(scores, axis=-1):\nreturn scores\n",
    "empty": "",
    "not_text": b"\xff\xfe\x00softmax",
    "null_bytes": b"import numpy as np\x00\n",
    "renamed": "def soft_max(scores, axis=-1):\n    return scores\n",
    "not_a_function": "softmax = 3\n",
    "no_axis": HEAD + "def softmax():\n    return 1\n",
    "other_names": HEAD + "def softmax(x, dim=-1):\n    e = np.exp(x - x.max(dim, keepdims=True))\n"
                          "    return e / e.sum(dim, keepdims=True)\n",
    "imports_itself_away": "import sys\nsys.modules.pop(__name__)\n",
}


def in_softmax(solution: str, body: str) -> str:
    """The solution, with another body in its first function and a helper that fails."""
    before, rest = solution.split("    shifted = scores", 1)
    after = rest.split("keepdims=True)\n\n\n", 1)[1]
    helper = "def helper(scores):\n    return scores[len(scores)]\n\n\n"
    return before.replace("import math\n", "import math\nimport os\nimport sys\nimport "
                                           "time\n\nimport "
                                           "pytest\n") + body + "\n\n" + helper + after


def judged(project, golden, name, kata="kata_01_attention"):
    """What a run of the kata says of the files: never a frame of ours, and one screen."""
    run = project.run(kata)
    screen = plain(verdict(Kata(kata), Context(Attempt(run))))
    assert run.n_green < len(run.specs)
    assert "tests/runner" not in screen and "Traceback" not in screen
    assert screen.count("\n") <= HEIGHT and max(map(len, screen.splitlines())) <= 80
    red = run.first_red.red
    said = textwrap.indent("\n".join([*red.happened, *red.trace]), "  ", bool)
    golden("guards", GUESS.sub("", f"{red.cause}, {red.file}:{red.line}\n{said}\n"), section=name)


@pytest.mark.parametrize("name", AT_IMPORT)
def test_a_file_that_misbehaves_at_import_is_red(project, golden, name):
    project.write("kata_01_attention", HEAD + AT_IMPORT[name] + project.solution())
    judged(project, golden, f"import {name}")


@pytest.mark.parametrize("name", SOFTMAX)
def test_a_function_that_misbehaves_is_red(project, golden, name):
    project.write("kata_01_attention", in_softmax(project.solution(), SOFTMAX[name]))
    judged(project, golden, f"softmax {name}")


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_no_kata_is_red(project, golden, name):
    project.write("kata_01_attention", WHOLE[name])
    judged(project, golden, f"file {name}")


@pytest.mark.parametrize("name", BEFORE)
def test_an_earlier_file_that_fails_is_the_one_that_is_named(project, golden, name):
    project.write("kata_01_attention", BEFORE[name](project.solution()))
    project.solve("kata_02_self_attention")
    judged(project, golden, f"earlier {name}", kata="kata_03_multi_head")


def test_a_missing_file_is_red(project, golden):
    (project.root / "katas" / "kata_01_attention.py").unlink()
    judged(project, golden, "file not_there")


HARMLESS = {
    "byte_order_mark": lambda solution: b"\xef\xbb\xbf" + solution.encode(),
    "another_encoding": lambda solution: b"# coding: latin-1\n# \xe9\n" + solution.encode(),
    "windows_line_ends": lambda solution: solution.replace("\n", "\r\n").encode(),
    "wraps_stdout": lambda solution: (
        "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, "
        "encoding='utf-8')\n" + solution),
    "closes_stdout": lambda solution: solution.replace("    exps = np", "    import sys; "
                                                                        "sys.stdout.close()\n    "
                                                                        "exps = np"),
    "prints": lambda solution: solution.replace("    exps = np", "    print('x' * 1_000_000)\n    "
                                                                 "exps = np"),
    "read_only_answers": lambda solution: solution.replace(
        "    return np.where(mask, weights, 0.0)", "    weights = np.where(mask, weights, 0.0)\n"
        "    weights.flags.writeable = False\n    return weights"),
    "threads": lambda solution: (
        "import threading, time\nthreading.Thread(target=time.sleep, "
        "args=(30,)).start()\n" + solution),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_no_harm_is_green(project, name):
    project.write("kata_01_attention", HARMLESS[name](project.solution()))
    status, screen = project.make("kata", "01")
    assert status == 0, screen
    assert "Traceback" not in screen
    assert project.make("solution", "01")[0] == 0


def test_a_breakpoint_is_explained(project):
    project.write("kata_01_attention", in_softmax(project.solution(), "    breakpoint()\n    "
                                                                      "return scores\n"))
    status, screen = project.make("kata", "01")
    assert status == 1 and "Your file calls `breakpoint()`, and there is no prompt here." in screen


FORGED = """
import json, os
def softmax(scores, axis=-1):
    record = {"kata": "kata_01_attention", "spec": "x", "function": "softmax", "title": "",
              "status": "green"}
    for descriptor in range(3, 20):
        for event in (["record", record], ["end", 0], ["", "end", 0], [0, 1], "end"):
            try:
                os.write(descriptor, (json.dumps(event) + "\\n").encode())
            except OSError:
                pass
    return scores
"""


def test_forged_events_are_no_events(project):
    project.write("kata_01_attention", FORGED)
    status, screen = project.make("kata", "01")
    assert status == 1 and "Traceback" not in screen


def test_a_conftest_of_the_readers_changes_nothing(project):
    (project.root / "conftest.py").write_text("def pytest_pyfunc_call(pyfuncitem):\n    return "
                                              "True\n", encoding="utf-8")
    (project.root / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n",
                                             encoding="utf-8")
    status, screen = project.make("kata", "01", PYTEST_ADDOPTS="--version",
                                  PYTEST_PLUGINS="no_such_plugin")
    assert status == 1 and "is not written yet" in screen


LEFT_BEHIND = {
    "in_the_group": "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', "
                    "MARKER])\n",
    "in_a_session": "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', "
                    "MARKER], start_new_session=True)\n",
    "forked": "    if os.fork() == 0:\n        os.setsid()\n        os.execv(sys.executable, "
              "[sys.executable, '-c', 'import time; time.sleep(60)', MARKER])\n",
    "the_runner_itself": "    subprocess.Popen([sys.executable, '-m', 'tests.runner', 'kata', "
                         "'01', MARKER])\n",
}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the run's own group is ended")
@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_no_process_is_left_behind(project, name):
    marker = f"katas-{os.getpid()}-{time.time_ns()}"
    body = ("    import subprocess\n" + LEFT_BEHIND[name].replace("MARKER", repr(marker))
            + "    return scores\n")
    project.write("kata_01_attention", in_softmax(project.solution(), body))
    assert project.make("kata", "01")[0] == 1
    assert marker not in subprocess.run(["ps", "-ef"], capture_output=True, text=True,
                                        check=True).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_run_that_is_ended_ends_its_specs(project, name):
    project.write("kata_01_attention", in_softmax(project.solution(), "    return "
                                                                      "sum(range(10**13))\n"))
    run = subprocess.Popen([sys.executable, "-m", "tests.runner", "kata", "01"], cwd=project.root,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    time.sleep(1.0)
    run.send_signal(getattr(signal, name))
    said, _ = run.communicate(timeout=20)
    assert "Traceback" not in said
    for _ in range(20):  # a busy machine may take its time
        time.sleep(0.5)
        if not (left := specs_running_in(project.root)):
            break
    assert not left


def specs_running_in(root):
    """The processes that run specs in a folder."""
    running = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_here = os.readlink(process / "cwd") == str(root)
            if is_here and b"inside.child" in (process / "cmdline").read_bytes():
                running.append(process.name)
    return running


def test_plain_pytest_says_what_happened_as_well(project):
    project.write("kata_01_attention", in_softmax(project.solution(), "    return "
                                                                      "np.exp(scores)\n"))
    done = subprocess.run([sys.executable, "-m", "pytest", "-x", "tests/test_kata_01_attention.py"],
                          cwd=project.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "What happened" in done.stdout and "Where to edit" in done.stdout
    assert "specs/watched.py" not in done.stdout and "Warning" not in done.stdout
