"""`make compare`: the reader's functions beside PyTorch's, which is installed if it is missing."""

import importlib
import platform
import sys

from rich.text import Text

from benchmarks.compare import install
from benchmarks.compare.page import page
from benchmarks.compare.row import Row
from tests.runner.lessons.catalog import all_katas, shown
from tests.runner.lessons.loading import loading_from, readers, solutions
from tests.runner.running import supervise
from tests.runner.screens.terminal import show, width

FIRST = "Running your specs, to see which of these functions you have written."
NOT_WORKING = ("PyTorch is installed, but does not work here: it raised {name}: {problem}.\n"
               "This removes it, and then make compare installs it anew: {python} -m pip uninstall "
               "torch")


def main() -> int:
    """Show the page; 1 if PyTorch is missing, or if anything differs that ought not to."""
    if not install.is_here() and (sentence := install.install()):
        show(Text(sentence))
        return 1
    try:
        import torch
    except Exception as problem:  # noqa: BLE001 - whatever its libraries raise
        python = shown(install.PYTHON)
        show(Text(NOT_WORKING.format(name=type(problem).__name__, problem=problem, python=python)))
        return 1
    show(Text(FIRST))
    green = {name for name, run in supervise.run_all(all_katas()).items() if run.green}
    rows = compared(green)
    from benchmarks.compare.measure import SEED, np

    about = (f"Random numbers with seed {SEED}; PyTorch {torch.__version__}, NumPy "
             f"{np.__version__}, Python {platform.python_version()}, {platform.system()}.")
    show(page(rows, about, width()))
    return 0 if all(row.agrees for row in rows if not row.why) else 1


def compared(green: set[str]) -> list[Row]:
    """A row for every pair: of these katas the reader's functions, of all others the solution's."""
    from benchmarks.compare.measure import compare
    from benchmarks.compare.pairs import all_pairs

    rows = []
    for kata, pairs in all_pairs().items():
        with loading_from(readers if kata in green else solutions):
            module, whose = importlib.import_module(kata), "yours" if kata in green else "solution"
            rows += [compare(pair, getattr(module, pair.function), kata, whose) for pair in pairs]
    return rows


if __name__ == "__main__":
    sys.exit(main())
