"""The doctor finds what is wrong, says how to fix it, and changes nothing."""

import pytest

from tests.runner.commands.doctor import Checked, checks_page
from tests.runner.screens.terminal import plain


def findings_of(screen, mark):
    return [line.split()[1] for line in screen.splitlines() if line.startswith(f"  {mark}")]


def test_all_is_well_in_a_fresh_copy(project):
    status, screen = project.make("doctor")
    assert status == 0, screen
    assert findings_of(screen, "✗") == []
    assert {"Python", "Packages", "BLAS", "Graded", "Stubs",
            "Watch"} <= set(findings_of(screen, "●"))
    assert str(project.root / "katas") in screen.replace("\n", "").replace(" ", "")


AMISS = {
    "older": (("def softmax(scores, axis=-1):", "def softmax(scores):"),
              "`softmax(scores)` is now"),
    "missing": (("def softmax(", "def soft_max("), "has no function `softmax`"),
    "merge": (("import math\n", "<<<<<<< HEAD\nimport math\n=======\n>>>>>>> main\n"),
              "a merge that is not finished"),
}


@pytest.mark.parametrize(("change", "said"), AMISS.values(), ids=AMISS)
def test_what_is_wrong_with_a_file_is_reported(project, change, said):
    text = project.solution().replace(*change)
    project.write("kata_01_attention", text)
    status, screen = project.make("doctor")
    assert status == 1
    assert findings_of(screen, "✗") == ["Kata"] and said in " ".join(screen.split())
    assert (project.root / "katas" / "kata_01_attention.py").read_text(encoding="utf-8") == text


def test_a_changed_description_is_no_fault(project):
    project.write("kata_01_attention",
                  project.solution().replace("Turn scores into", "Make of scores"))
    status, screen = project.make("doctor")
    assert status == 0 and "The description of `softmax` has changed" in " ".join(screen.split())


def test_a_missing_file_and_damaged_notes_are_reported(project):
    (project.root / "katas" / "exercise_01_attention.py").unlink()
    (project.root / ".kata.json").write_text("{", encoding="utf-8")
    status, screen = project.make("doctor")
    assert status == 1 and findings_of(screen, "✗") == ["Notes", "Exercise"]
    assert (project.root / ".kata.json").read_text(encoding="utf-8") == "{"


def test_a_package_that_is_too_old_is_reported(project):
    settings = project.root / "pyproject.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("rich>=13.7,<16", "rich>=99"),
                        encoding="utf-8")
    status, screen = project.make("doctor")
    assert status == 1 and findings_of(screen, "✗") == ["rich"]


def test_the_page(golden):
    golden("doctor", plain(checks_page([
        Checked("Python", "3.12.1 (.venv)"),
        Checked("Packages", "numpy 2.2.0, pytest 8.3.4, pytest-timeout 2.3.1, pytest-benchmark "
                "5.1.0, matplotlib 3.10.0"),
        Checked("Kata 01", "katas/kata_01_attention.py is missing.",
                "`make reset-01` writes the stub."),
    ])))
