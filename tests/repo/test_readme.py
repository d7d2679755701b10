"""The screens on the pages are the screens that the runner prints."""

import re

import pytest

from tests.repo.screens import lines_in, picture
from tests.repo.test_commands import NO_SCALE, with_change
from tests.runner.lessons.catalog import KATAS, ROOT, all_katas
from tests.runner.lessons.stubs import make_stub

PICTURES = ROOT / ".github" / "pictures"
COLOUR = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "80"}
AFTER = re.compile(
    r"<!-- The screen of make kata-01 with this body of softmax: (.*?) -->\n```console\n(.*?)```",
    re.DOTALL)


def red(project):
    """A kata with a mistake that is known and has one place: d_k itself, where its root is due."""
    with_change(project, NO_SCALE[0], f"{NO_SCALE[1]} / q.shape[-1]")
    return "make kata-01", project.make("kata", "01", **COLOUR)[1]


def names(project):
    """Names that the mini-GPT makes up once all lessons are green."""
    for kata in all_katas("kata"):
        project.solve(kata.name)
    screen = project.make("example", "06", **COLOUR)[1]
    heading = re.compile(r"^\S*\d\. ", re.MULTILINE)
    _, second, third, *_ = heading.finditer(screen)
    return "make example-06", screen[second.start() : third.start()].rstrip()


@pytest.mark.slow
@pytest.mark.parametrize("screen", [red, names])
def test_the_pictures_in_readme_are_real(project, screen, request):
    file = PICTURES / f"{screen.__name__}.svg"
    command, output = screen(project)
    new = picture(output, command)
    if request.config.getoption("--update-golden"):
        file.write_text(new, encoding="utf-8")
    assert lines_in(file.read_text(encoding="utf-8")) == lines_in(new), "make golden draws it anew"
    assert f"]({file.relative_to(ROOT).as_posix()})" in (ROOT
                                                         / "README.md").read_text(encoding="utf-8")


def test_a_picture_holds_the_lines_of_its_screen_in_colour():
    svg = picture("\x1b[1;31mRed\x1b[0m  it <is>\n\n  a & b", "make kata-01")
    assert lines_in(svg) == ["Red  it <is>", "a & b"]
    assert "make&#160;kata-01" in svg or ">make kata-01<" in svg
    assert "url(\"http" not in svg  # no font is fetched


def test_the_screens_in_getting_started_are_real(project):
    shown = AFTER.findall((KATAS / "GETTING_STARTED.md").read_text(encoding="utf-8"))
    assert len(shown) == 2
    for body, screen in shown:
        stub = make_stub(project.solution())
        project.write("kata_01_attention",
                      stub.replace("raise NotImplementedError  # about 3 lines", body, 1))
        assert screen == project.make("kata", "01")[1]
