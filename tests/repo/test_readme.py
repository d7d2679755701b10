"""The screen that README shows is the screen that the runner prints."""

import re

from tests.repo.test_commands import COLUMNS, with_change
from tests.runner.lessons import ROOT

SCREEN = re.compile(r"<!-- The screen below .*?-->\n```console\n(.*?)```", re.DOTALL)


def test_the_screen_in_readme_is_real(project):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    with_change(project, *COLUMNS)
    assert SCREEN.search(readme)[1] == project.make("kata", "01")[1]
