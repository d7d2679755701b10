"""Shared by the repository's tests: golden files, and a copy of the project to try things in."""

import difflib
import fcntl
import os
import re
import signal
from pathlib import Path

import pytest

from tests.repo.project import Project

# In tests that are started in the background SIGINT may be ignored, also in what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
# What the tests start, hundreds of times, is compiled once, also where Python is told not to.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

GOLDEN = Path(__file__).parent / "golden"
SPEC_LINE = re.compile(r"(tests/test_\w+\.py):\d+")
LIMIT = 120  # seconds; these tests start processes, and a busy machine may take its time


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    parser.addoption("--all", action="store_true", help="audit all mutants, which takes hours")


def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.path.parent == Path(__file__).parent and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LIMIT))
    if not config.getoption("--all"):
        left_out = [item for item in items if item.get_closest_marker("all")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture
def golden(request):
    """golden(name, text): the text must be that of golden/NAME.txt, or of one section of it.

    Lines of spec files are written as LINE, as a spec that is added moves those below it.
    """

    def check(name: str, text: str, section: str = "") -> None:
        text = SPEC_LINE.sub(r"\1:LINE", text)
        file = GOLDEN / f"{name}.txt"
        file.touch()
        if request.config.getoption("--update-golden"):
            with file.open("r+", encoding="utf-8") as opened:
                fcntl.flock(opened, fcntl.LOCK_EX)  # other tests may write other sections
                new = _with_section(opened.read(), section, text) if section else text
                opened.seek(0)
                opened.truncate()
                opened.write(new)
        expected = file.read_text(encoding="utf-8")
        expected = _sections(expected).get(section, "") if section else expected
        if text != expected:
            lines = difflib.unified_diff(expected.splitlines(), text.splitlines(), str(file), "now",
                                         lineterm="")
            pytest.fail("\n".join([*lines, "If it should read so: make golden, and look at the "
                                           "diff."]), pytrace=False)

    return check


def _sections(text: str) -> dict[str, str]:
    """The text under each "== name ==" of a file."""
    _, *parts = re.split(r"^== (.*) ==\n", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], (part.removesuffix("\n") for part in parts[1::2])))


def _with_section(text: str, name: str, new: str) -> str:
    parts = {**_sections(text), name: new}
    return "".join(f"== {name} ==\n{part}\n" for name, part in sorted(parts.items()))


@pytest.fixture(scope="session")
def _copy(tmp_path_factory) -> Project:
    return Project.copied_to(tmp_path_factory.mktemp("copy") / "transformer-katas")


@pytest.fixture
def project(_copy) -> Project:
    """A copy of the project in which every kata is a stub: shared by all tests, as new for each."""
    _copy.as_new()
    return _copy


@pytest.fixture
def few_lessons(project) -> Project:
    """The same with the lessons 1 to 3 alone, for tests that run all lessons."""
    project.end_with_lesson("03")
    return project
