"""The screens that pages show are the screens that the runner prints."""

import re

from tests.repo.test_commands import COLUMNS, with_change
from tests.runner.lessons import KATAS, ROOT
from tests.runner.stubs import make_stub

SCREEN = re.compile(r"<!-- The screen below .*?-->\n```console\n(.*?)```", re.DOTALL)
AFTER = re.compile(r"<!-- The screen of make kata-01 with this body of softmax: (.*?) -->\n```console\n(.*?)```", re.DOTALL)


def test_the_screen_in_readme_is_real(project):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    with_change(project, *COLUMNS)
    assert SCREEN.search(readme)[1] == project.make("kata", "01")[1]


def test_the_screens_in_getting_started_are_real(project):
    shown = AFTER.findall((KATAS / "GETTING_STARTED.md").read_text(encoding="utf-8"))
    assert len(shown) == 2
    for body, screen in shown:
        stub = make_stub(project.solution())
        project.write("kata_01_attention", stub.replace("raise NotImplementedError  # about 3 lines", body, 1))
        assert screen == project.make("kata", "01")[1]
