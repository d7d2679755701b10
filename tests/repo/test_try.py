"""`make try-01`: the arguments of the red call, at a Python prompt."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

from tests.repo.terminal import Terminal

COLUMNS = ("exps.sum(axis=axis, keepdims=True)", "exps.sum(axis=0, keepdims=True)")


def tried(project, lines, *words, **variables):
    """What the prompt answers to these lines, which come from a pipe."""
    done = subprocess.run([sys.executable, "-m", "tests.runner", "try", *words], cwd=project.root,
                          input=lines, capture_output=True, text=True, check=False,
                          env={**os.environ, **variables})
    return done.stdout + done.stderr


def test_the_red_call_is_there_by_name_and_leaves_no_file(project):
    project.write("kata_01_attention", project.solution().replace(*COLUMNS))
    before = sorted(project.root.rglob("*"))
    seen = tried(project,
                 "yours.sum(axis=0)\nexpected.sum(axis=-1)\nsoftmax(scores).shape\nnp.pi\n", "01")
    assert "The red call: softmax(scores)" in seen and "scores    (2, 3) float64" in seen
    assert "array([1., 1., 1.])" in seen or "array([0.5" in seen
    assert "array([1., 1.])" in seen and "(2, 3)" in seen and "3.14159" in seen
    assert ([path for path in sorted(project.root.rglob("*")) if "__pycache__" not in path.parts]
            == [path for path in before if "__pycache__" not in path.parts])


def test_a_call_that_raised_has_no_answer(project):
    seen = tried(project, "scores\nyours\n", "01")
    assert "which raised NotImplementedError" in seen and "NameError: name 'yours'" in seen


def test_once_all_is_green_the_functions_are_there(project):
    project.solve()
    seen = tried(project, "attention(np.eye(2), np.eye(2), np.eye(2)).shape\n", "01")
    assert "Kata 01 is green" in seen and "(2, 2)" in seen


def test_a_file_that_cannot_be_loaded_is_reported(project):
    project.write("kata_01_attention", "1 / 0\n")
    assert "`make kata-01` says why" in tried(project, "", "01")


def test_earlier_lessons_can_be_borrowed(project):
    seen = tried(project, "attention.__module__\n", "02", BORROW="1")
    assert "which raised NotImplementedError" in seen and "kata_01_attention" in seen


def interrupt(terminal):
    """Press Ctrl-C until the prompt says so: between its >>> and its reading, one is lost."""
    for _ in range(10):
        os.killpg(terminal.process.pid, signal.SIGINT)  # as a terminal does for all its processes
        with suppress(AssertionError):
            terminal.wait_for("KeyboardInterrupt", seconds=2)
            return
    terminal.wait_for("KeyboardInterrupt")


def ended_by_ctrl_d(terminal):
    """Press Ctrl-D until the prompt ends: one that comes before it reads is lost, too."""
    for _ in range(10):
        terminal.type("\x04")
        with suppress(subprocess.TimeoutExpired):
            return terminal.process.wait(timeout=3)
    return terminal.process.wait(timeout=3)


def test_ctrl_c_is_left_to_the_prompt(project):
    project.solve()
    with Terminal(project, "try", "01") as terminal:
        terminal.wait_for(">>>")
        interrupt(terminal)
        terminal.type("1 + 41\r")
        terminal.wait_for("42")
        assert ended_by_ctrl_d(terminal) == 0
