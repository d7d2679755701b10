"""`make compare`: every function of lessons 1 to 6 beside PyTorch's own. PyTorch is installed when it is missing."""

import sys

from rich.text import Text

from benchmarks.compare import install
from benchmarks.compare.compared import compared
from benchmarks.compare.page import page
from benchmarks.worker import NoAnswerError
from tests.runner.lessons.catalog import all_katas, shown
from tests.runner.running import supervise
from tests.runner.screens.terminal import show, width

FIRST = "Running your specs, to see which of these functions you have written."
NOT_WORKING = ("PyTorch is installed, but does not work here: its process {problem}.\n"
               "This removes it, and then make compare installs it anew: {python} -m pip uninstall torch")


def main() -> int:
    """Compare, and show the page; 1 where PyTorch is missing, or where anything differs that ought not to."""
    if not install.is_here() and (sentence := install.install()):
        show(Text(sentence))
        return 1
    show(Text(FIRST))
    green = [name for name, run in supervise.survey(all_katas()).items() if run.green]
    try:
        found = compared(green)
    except NoAnswerError as problem:
        show(Text(NOT_WORKING.format(problem=problem, python=shown(install.PYTHON))))
        return 1
    show(page(found.rows, found.about, width()))
    return 0 if all(row.agrees for row in found.rows if not row.why) else 1


if __name__ == "__main__":
    sys.exit(main())
