"""The watch notices saves, responds to keys, and goes on whatever the reader's file does."""

import os
import signal
import subprocess
import time

import pytest

from tests.repo.terminal import Terminal
from tests.runner.watching.watch import LOOKING

FOOT = "q quit"  # the last words of every screen


@pytest.fixture
def at_the_watch(project):
    with Terminal(project, "watch", "01") as terminal:
        terminal.wait_for(FOOT)
        yield terminal


def save(project, terminal, text):
    """Save the kata file, and wait for the verdict."""
    terminal.forget()
    project.write("kata_01_attention", text)
    terminal.wait_for("specs are green.")
    # the verdict may come in two steps
    return terminal.wait_for(FOOT).rpartition(f"{LOOKING}\n")[2]


def in_softmax(project, body):
    head, _, rest = project.solution().partition("    shifted = ")
    return head + body + rest[rest.index("\n\n\n"):]


def processes_below(pid):
    """The processes that a process has started."""
    asked = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True,
                           check=False)
    return [int(word) for word in asked.stdout.split()]


def started_by(pid):
    """The processes that a process has started, once there are any."""
    until = time.monotonic() + 20
    while not (found := processes_below(pid)) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def lives(pid):
    """Whether a process still runs; one that has ended may still be listed, as a zombie."""
    asked = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True,
                           check=False)
    return asked.stdout.strip()[:1] not in ("", "Z")


def test_a_save_is_noticed_and_the_verdict_shown(project, at_the_watch, golden):
    assert "0 of 26" in at_the_watch.seen
    screen = save(project, at_the_watch, project.solution())
    assert ("26 of 26 specs are green." in screen
            and "Kata 01: Attention Mechanism is done." in screen)
    screen = save(project, at_the_watch, in_softmax(project, "    return np.exp(scores)\n"))
    golden("watch_red", screen)


def test_on_a_low_terminal_all_that_matters_is_shown(project, golden):
    with Terminal(project, "watch", "01", lines=24) as terminal:
        terminal.wait_for(FOOT)
        screens = [save(project, terminal, text) for text in (
            in_softmax(project, "    return np.exp(scores)\n"),
            in_softmax(project, "    return np.exp(scores) / np.exp(scores).sum(axis=axis, "
                       "keepdims=True)\n"),
            project.solution().replace("np.where(mask, scores, lowest)",
                                       "np.where(mask, lowest, scores)"),
            project.solution())]
    assert all(screen.count("\n") < 24 for screen in screens)
    golden("watch_low",
           "\n".join(line.rstrip() for line in "\n--------\n\n".join(screens).splitlines()) + "\n")


def test_the_verdict_comes_first_and_the_place_follows(project, at_the_watch):
    at_the_watch.forget()
    wrong = project.solution().replace("exps.sum(axis=axis", "exps.sum(axis=0")
    project.write("kata_01_attention", wrong)
    first, _, then = at_the_watch.wait_for(FOOT).partition(LOOKING)
    assert all("Your sum runs along axis 0" in screen for screen in (first, then))
    assert "One change here" in then and "One change here" not in first
    at_the_watch.type("h")
    assert "Hint 1 of 4" in at_the_watch.wait_for(FOOT)


def test_an_editor_that_replaces_the_file_is_noticed(project, at_the_watch):
    at_the_watch.forget()
    new = project.root / "katas" / "new~"
    new.write_text(project.solution(), encoding="utf-8")
    os.replace(new, project.root / "katas" / "kata_01_attention.py")
    assert "26 of 26" in at_the_watch.wait_for(FOOT)


def test_each_key_does_what_the_screen_says(project, at_the_watch):
    at_the_watch.type("h")
    assert "Hint 2 of 3" in at_the_watch.wait_for(FOOT)
    at_the_watch.type("r")
    assert "0 of 26" in at_the_watch.wait_for(FOOT)
    at_the_watch.type("l")
    screen = at_the_watch.wait_for(FOOT)
    assert "Milestone 1" in screen and "r back to kata 01" in screen
    at_the_watch.type("x")  # not a key of the watch
    at_the_watch.type("q")
    assert at_the_watch.ends() == 0


def test_keys_while_a_run_goes_on_end_it(project, at_the_watch):
    at_the_watch.forget()
    project.write("kata_01_attention", in_softmax(project, "    while True:\n        pass\n"))
    time.sleep(0.5)
    at_the_watch.type("l")
    assert "Milestone 1" in at_the_watch.wait_for(FOOT)
    assert "26 of 26" in save(project, at_the_watch, project.solution())
    for _ in range(3):
        at_the_watch.type("rlrl")
        time.sleep(0.2)
    assert "26 of 26" in save(project, at_the_watch, project.solution() + "\n")


def test_the_terminal_is_as_it_was_afterwards(project):
    with Terminal(project, "watch", "01") as terminal:
        before = subprocess.run(["stty", "-a"], stdin=terminal.master, capture_output=True,
                                check=True).stdout
        terminal.wait_for(FOOT)
        terminal.type("q")
        terminal.ends()
        after = subprocess.run(["stty", "-a"], stdin=terminal.master, capture_output=True,
                               check=True).stdout
    assert b" echo " in before and after == before


@pytest.mark.parametrize("body",
                         ["    while True:\n        pass\n", "    import os\n    os._exit(3)\n",
                          "    import os, signal\n    os.kill(os.getppid(), signal.SIGKILL)\n"],
                         ids=["endless loop", "os._exit", "kills the warm process"])
def test_the_watch_survives_whatever_a_file_does(project, at_the_watch, body):
    screen = save(project, at_the_watch, in_softmax(project, body))
    assert "0 of 26" in screen
    assert "26 of 26" in save(project, at_the_watch, project.solution())


def test_a_save_ends_the_run_before(project, at_the_watch):
    at_the_watch.forget()
    project.write("kata_01_attention", in_softmax(project, "    import time\n    time.sleep(1.5)\n "
                                                  "   return np.exp(scores)\n"))
    time.sleep(0.5)
    assert "26 of 26" in save(project, at_the_watch, project.solution())


def test_specs_that_have_changed_meanwhile_are_read_again(project, at_the_watch):
    specs = project.root / "tests" / "test_kata_01_attention.py"
    text = specs.read_text(encoding="utf-8")
    specs.write_text(text[: text.rindex("\ndef test_")], encoding="utf-8")
    assert "25 of 25" in save(project, at_the_watch, project.solution())


def test_a_copy_that_is_ready_may_end(project, at_the_watch):
    server, = started_by(at_the_watch.process.pid)
    copy, = started_by(server)
    os.kill(copy, signal.SIGKILL)
    assert "26 of 26" in save(project, at_the_watch, project.solution())


def test_ctrl_c_leaves_no_process_behind(project):
    with Terminal(project, "watch", "01") as terminal:
        terminal.wait_for(FOOT)
        group = started_by(terminal.process.pid)
        group += [copy for pid in group for copy in started_by(pid)]
        assert len(group) == 2  # the warm process, and a copy that is ready for the next run
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.ends() == 0
        time.sleep(0.2)
        assert not [pid for pid in group if lives(pid)]


def test_without_a_keyboard_it_still_watches(project):
    run = subprocess.Popen([os.sys.executable, "-m", "tests.runner", "watch", "01"],
                           cwd=project.root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           text=True, encoding="utf-8")
    try:
        assert _line_with(run, "Ctrl-C to quit")
        project.write("kata_01_attention", project.solution())
        assert _line_with(run, "26 of 26 specs are green.")
    finally:
        run.kill()
        run.wait()


def _line_with(run, words):
    return next((line for line in run.stdout if words in line), None)
