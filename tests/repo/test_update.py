"""A newer version of the project is pulled: the reader loses nothing, and is told how to go on."""

import os
import subprocess

import pytest

MINE = ("import numpy as np\n\n\ndef softmax(scores):\n    return np.exp(scores) / "
        "np.exp(scores).sum()\n")


@pytest.fixture
def pulled_from(project, tmp_path):
    """The project as a clone of another in which softmax gets one more argument."""
    origin = tmp_path / "origin"
    git(project.root, "init", "-q", "-b", "main")
    (project.root / ".gitignore").write_text(".kata*\n__pycache__/\n", encoding="utf-8")
    commit(project.root, "first")
    git(tmp_path, "clone", "-q", str(project.root), str(origin))
    git(project.root, "remote", "add", "origin", str(origin))
    for file in (origin / "katas" / "kata_01_attention.py",
                 origin / "hints" / "solutions" / "kata_01_attention.py"):
        text = file.read_text(encoding="utf-8").replace("def softmax(scores, axis=-1)",
                                                        "def softmax(scores, axis=-1, base=None)")
        file.write_text(text, encoding="utf-8")
    commit(origin, "second")
    return project


def git(folder, *words, may_fail=False):
    who = {"GIT_AUTHOR_NAME": "R", "GIT_AUTHOR_EMAIL": "r@example.org", "GIT_COMMITTER_NAME": "R",
           "GIT_COMMITTER_EMAIL": "r@example.org", "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(["git", *words], cwd=folder, env={**os.environ, **who},
                          capture_output=True, text=True, check=False)
    assert may_fail or done.returncode == 0, done.stderr
    return done


def commit(folder, message):
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


def file_of(project):
    return project.root / "katas" / "kata_01_attention.py"


def test_an_update_keeps_every_line(pulled_from, golden):
    project = pulled_from
    project.write("kata_01_attention", MINE)
    assert git(project.root, "pull", "-q", "--ff-only", "origin", "main",
               may_fail=True).returncode != 0
    assert file_of(project).read_text(encoding="utf-8") == MINE, "git leaves a changed file alone"
    assert project.make("reset", "all")[0] == 0
    git(project.root, "pull", "-q", "--ff-only", "origin", "main")
    assert "base=None" in file_of(project).read_text(encoding="utf-8")
    assert project.make("undo", "reset", "01")[0] == 0
    assert file_of(project).read_text(encoding="utf-8") == MINE
    status, screen = project.make("kata", "01")
    assert status == 1
    golden("update_signature", screen)
    mine = project.root / "katas" / "kata_01_attention.py"
    mine.write_text(project.solution().replace(", base=None", ""), encoding="utf-8")
    assert "is now `softmax(scores, axis=-1, base=None)`" in " ".join(
        project.make("doctor")[1].split())


def test_a_merge_that_git_could_not_finish_is_explained(pulled_from):
    project = pulled_from
    text = file_of(project).read_text(encoding="utf-8")
    project.write("kata_01_attention",
                  text.replace("def softmax(scores, axis=-1)", "def softmax(x, axis=-1)"))
    commit(project.root, "mine")
    git(project.root, "pull", "-q", "--no-rebase", "origin", "main", may_fail=True)
    status, screen = project.make("kata", "01")
    assert status == 1 and "holds a merge that git could not finish" in screen
