"""Starting again never costs a line of what the reader wrote."""

import random
import signal
import subprocess
import sys
import time

import pytest

from tests.runner.lessons.catalog import all_katas
from tests.runner.lessons.stubs import make_stub
from tests.runner.reader import notes

MINE = "# mine\ndef softmax(scores, axis=-1):\n    return scores\n"


def file_of(project):
    return project.root / "katas" / "kata_01_attention.py"


def backups_of(project):
    return sorted((project.root / ".kata-backups" / "kata_01_attention").glob("*.py"))


def undated(project, screen: str) -> str:
    """A screen with DATE in the place of each backup's date, unwrapped."""
    for backup in backups_of(project):
        screen = " ".join(screen.split()).replace(backup.stem, "DATE")
    return " ".join(screen.split()) + "\n"


def test_reset_keeps_a_copy_and_undo_brings_it_back(project, golden):
    project.write("kata_01_attention", MINE)
    status, screen = project.make("reset", "01")
    assert status == 0
    assert file_of(project).read_text(encoding="utf-8") == make_stub(project.solution())
    assert [backup.read_text(encoding="utf-8") for backup in backups_of(project)] == [MINE]
    golden("reset", undated(project, screen))
    status, screen = project.make("undo", "reset", "01")
    assert status == 0
    assert file_of(project).read_text(encoding="utf-8") == MINE
    golden("undo_reset", undated(project, screen))


def test_undo_keeps_what_was_written_since(project, golden):
    project.write("kata_01_attention", MINE)
    project.make("reset", "01")
    project.write("kata_01_attention", "# newer\n")
    _, screen = project.make("undo", "reset", "01")
    assert file_of(project).read_text(encoding="utf-8") == MINE
    kept = [backup.read_text(encoding="utf-8") for backup in backups_of(project)]
    assert kept == [MINE, "# newer\n"]
    golden("undo_reset_newer", undated(project, screen))
    project.make("undo", "reset", "01")
    assert file_of(project).read_text(encoding="utf-8") == "# newer\n"


def test_a_stub_is_not_reset(project, golden):
    status, screen = project.make("reset", "01")
    assert status == 0 and not backups_of(project)
    golden("reset_stub", screen)


def test_there_is_nothing_to_undo(project, golden):
    status, screen = project.make("undo", "reset", "01")
    assert status == 2
    golden("undo_reset_nothing", screen)


def test_undo_twice_changes_nothing(project, golden):
    project.write("kata_01_attention", MINE)
    project.make("reset", "01")
    project.make("undo", "reset", "01")
    status, screen = project.make("undo", "reset", "01")
    assert status == 0
    golden("undo_reset_twice", undated(project, screen))


def test_reset_all_and_the_exercise(project):
    project.solve()
    project.solve("exercise_01_attention")
    assert project.make("reset", "all")[0] == 0
    assert project.make("undo", "reset", "exercise", "01")[0] == 0
    assert project.make("exercise", "01", BORROW="1")[0] == 0


def test_a_file_that_was_deleted_is_a_stub_again(project):
    file_of(project).unlink()
    assert project.make("reset", "01")[0] == 0
    assert file_of(project).read_text(encoding="utf-8") == make_stub(project.solution())


def test_the_last_backup_is_the_newest_whatever_the_clock_says(project):
    for number, zone in enumerate(("Asia/Tokyo", "America/New_York")):
        project.write("kata_01_attention", f"# {number}\n")
        project.make("reset", "01", TZ=zone)
    assert "Older ones are in" in project.make("undo", "reset", "01")[1]
    assert file_of(project).read_text(encoding="utf-8") == "# 1\n"


def test_undo_brings_back_answers_rather_than_an_older_stub(project):
    project.write("kata_01_attention", MINE)
    project.make("reset", "01")
    stub = make_stub(project.solution())
    project.write("kata_01_attention", stub.replace("Turn scores into", "Make of scores"))
    project.make("undo", "reset", "01")
    assert len(backups_of(project)) == 2
    project.make("undo", "reset", "all")
    assert file_of(project).read_text(encoding="utf-8") == MINE


def test_undo_reset_all_brings_every_file_back(project):
    assert project.make("undo", "reset", "all")[0] == 2
    project.write("kata_01_attention", MINE)
    project.write("kata_02_self_attention", MINE)
    project.make("reset", "all")
    assert project.make("undo", "reset", "all")[0] == 0
    for name in ("kata_01_attention", "kata_02_self_attention"):
        assert (project.root / "katas" / f"{name}.py").read_text(encoding="utf-8") == MINE


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_killed_at_any_moment_nothing_is_lost(project):
    rng = random.Random(1)
    project.write("kata_01_attention", MINE)
    stub = make_stub(project.solution())
    for _ in range(25):
        for words in (["reset", "01"], ["undo", "reset", "01"], ["hint", "01"]):
            run = subprocess.Popen([sys.executable, "-m", "tests.runner", *words], cwd=project.root,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(rng.uniform(0.0, 0.12 if "hint" not in words else 0.5))
            run.send_signal(signal.SIGKILL)
            run.wait()
            now = file_of(project).read_text(encoding="utf-8")
            kept = [backup.read_text(encoding="utf-8") for backup in backups_of(project)]
            assert now in (MINE, stub)
            assert MINE in (now, *kept)
            assert all(text == MINE for text in kept)
            assert not notes.read(project.root / ".kata.json").note


def test_without_room_for_a_backup_nothing_is_reset(project):
    project.write("kata_01_attention", MINE)
    (project.root / ".kata-backups").write_text("a file, and no folder", encoding="utf-8")
    status, screen = project.make("reset", "01")
    assert status == 2 and "is as it was" in screen
    assert file_of(project).read_text(encoding="utf-8") == MINE


def test_make_kata_and_make_hint_find_the_kata_that_is_red(few_lessons, golden):
    assert few_lessons.make("kata") == few_lessons.make("kata", "01")
    assert few_lessons.make("hint")[0] == 0
    few_lessons.solve()
    assert "Kata 01: Attention Mechanism is done." in few_lessons.make("kata")[1], "green, once"
    assert few_lessons.make("kata") == few_lessons.make("kata", "02")
    for kata in all_katas()[:3]:
        few_lessons.solve(kata.name)
    assert "Kata 02: Self-Attention is done." in few_lessons.make("kata")[1]
    status, screen = few_lessons.make("kata")
    assert status == 0
    golden("all_green", screen)
    assert few_lessons.make("watch") == (
        0, "Nothing to watch: every kata is green. `make watch-03` watches one lesson.\n")
