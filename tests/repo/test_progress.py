"""The progress is what the specs say now; a milestone is announced once."""

import json

from tests.repo.test_commands import with_change
from tests.runner.lessons.catalog import all_katas, katas_and_exercises
from tests.runner.lessons.milestones import milestones


def rows(screen):
    """The standing of each kata, by its label."""
    return {line.split()[0] + line.split()[1] * (line.split()[0] == "Exercise"): line
            for line in screen.splitlines() if " of " in line and "Milestone" not in line}


def state_of(project):
    return json.loads((project.root / ".kata.json").read_text(encoding="utf-8"))


def test_from_nothing_to_green_and_back(few_lessons, golden):
    status, screen = few_lessons.make("progress")
    assert status == 0
    with_change(few_lessons, "return attention_weights(q, k, mask) @ v",
                "return attention_weights(q, k) @ v")
    few_lessons.make("kata", "01")
    few_lessons.make("hint", "01")
    few_lessons.make("hint", "01")
    golden("progress_begun", screen := few_lessons.make("progress")[1])
    assert "begun" in rows(screen)["01"] and rows(screen)["01"].split()[-2:] == ["2", "begun"]
    few_lessons.solve()
    _, screen = few_lessons.make("kata", "01")
    assert "Milestone 1" in screen
    assert "Milestone 1" not in few_lessons.make("kata", "01")[1], "announced twice"
    golden("progress_green", few_lessons.make("progress")[1])
    with_change(few_lessons, "import math\n", "import maths\n")
    golden("progress_cannot_run", few_lessons.make("progress")[1])
    with_change(few_lessons, "return exps / ", "return exps * ")
    assert "red again" in rows(few_lessons.make("progress")[1])["01"]


def test_a_milestone_is_announced_at_its_last_green_lesson(project):
    for kata in all_katas():
        if kata.number <= "03":
            project.solve(kata.name)
    assert "Milestone 2" in project.make("kata", "03")[1]


def test_after_the_last_lesson_it_is_said_where_to_go_on(project):
    for kata in all_katas():
        project.solve(kata.name)
    words = " ".join(project.make("kata", all_katas()[-1].number)[1].split())
    assert "That was the last lesson." in words and "katas/what_you_have_built.md" in words


def test_a_borrowed_lesson_is_shown_as_borrowed(few_lessons):
    few_lessons.solve("exercise_01_attention")
    assert few_lessons.make("exercise", "01", BORROW="1")[0] == 0
    assert state_of(few_lessons)["borrowed"] == ["kata_01_attention"]
    screen = rows(few_lessons.make("progress")[1])
    assert "borrowed" in screen["01"] and " 0 of " in screen["01"]
    assert "green" in screen["Exercise01"]
    few_lessons.solve()
    assert few_lessons.make("kata", "01")[0] == 0
    assert state_of(few_lessons)["borrowed"] == []
    assert "borrowed" not in few_lessons.make("progress")[1]


def test_an_endless_loop_costs_one_time_limit_for_each_file(few_lessons):
    with_change(few_lessons, "    scores = keys @ query",
                "    while True: pass\n    scores = keys @ query")
    status, screen = few_lessons.make("progress", timeout=40)
    assert status == 0
    assert " 9 of 26" in rows(screen)["01"], "all of softmax is green before it"
    assert " 0 of 10" in rows(screen)["Exercise01"]


def test_a_file_that_ends_python_leaves_the_others_their_rows(few_lessons):
    few_lessons.write("kata_01_attention", "import os\nos._exit(0)\n")
    _, screen = few_lessons.make("progress")
    assert set(rows(screen)) >= {"01", "Exercise01"}


def test_a_damaged_spec_file_leaves_the_others_their_rows(few_lessons):
    few_lessons.solve()
    specs = few_lessons.root / "tests" / "test_exercise_01_attention.py"
    specs.write_text("def", encoding="utf-8")
    _, screen = few_lessons.make("progress")
    assert "green" in rows(screen)["01"] and "cannot run" in screen


def test_a_narrow_terminal_has_room_for_the_progress(project):
    _, screen = project.make("progress", COLUMNS="40")
    assert all(len(line) <= 40 for line in screen.splitlines())
    assert set(rows(screen)) == {kata.label for kata in katas_and_exercises()}


def test_the_milestones_are_those_of_the_overview():
    found = milestones()
    assert [one.number for one in found] == [1, 2, 3, 4, 5, 6]
    assert [one.last for one in found] == ["01", "03", "06", "09", "12", "13"]
    assert all(len(one.items) >= 3 for one in found)
    numbers = {kata.number for kata in all_katas()}
    for one in found:
        assert bool(one.katas()) == (one.last in numbers)
        assert one.reached({kata.name for kata in all_katas()}) == (one.last in numbers)
        assert not one.reached(set())
