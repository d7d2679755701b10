"""The lessons' benchmark files as modules, on the solution's functions."""

import importlib
from types import ModuleType

from tests.runner.lessons.loading import loading_from, solutions


def bench_file(name: str) -> ModuleType:
    """For example bench_01_attention."""
    with loading_from(solutions):
        return importlib.import_module(f"benchmarks.{name}")
