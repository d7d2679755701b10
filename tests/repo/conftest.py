"""What the repository's tests share: golden files, and a copy of the project to try things in."""

import difflib
import signal
from pathlib import Path

import pytest

from tests.repo.project import Project

# Whoever starts the tests in the background may have SIGINT ignored, which all that they start inherits.
signal.signal(signal.SIGINT, signal.default_int_handler)

GOLDEN = Path(__file__).parent / "golden"
LIMIT = 120  # seconds; these tests start processes, and a busy machine may take its time


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(LIMIT))


@pytest.fixture
def golden(request):
    """golden(name, text): text must be what stands in golden/NAME.txt."""

    def check(name: str, text: str) -> None:
        file = GOLDEN / f"{name}.txt"
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        expected = file.read_text(encoding="utf-8") if file.exists() else ""
        if text != expected:
            lines = difflib.unified_diff(expected.splitlines(), text.splitlines(), str(file), "now", lineterm="")
            pytest.fail("\n".join([*lines, "If it should read so: make golden, and look at the diff."]), pytrace=False)

    return check


@pytest.fixture(scope="session")
def _copy(tmp_path_factory) -> Project:
    return Project.copied_to(tmp_path_factory.mktemp("copy") / "transformer-katas")


@pytest.fixture
def project(_copy) -> Project:
    """A copy of the project in which every kata is a stub: one for all tests, each finds it as new."""
    _copy.as_new()
    return _copy
