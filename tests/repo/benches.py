"""Shared by the tests of the benchmarks: the lessons' files as modules, and made-up runs."""

import importlib
from types import ModuleType

from benchmarks.harness.results import YOUR
from tests.runner.lessons.loading import loading_from, solutions


def bench_file(name: str) -> ModuleType:
    """For example bench_01_attention, on the solution's functions."""
    with loading_from(solutions):
        return importlib.import_module(f"benchmarks.{name}")


MACHINE = {
    "python": "3.12.1",
    "numpy": "2.1.0",
    "blas": "openblas",
    "system": "Linux",
    "torch": "2.9.0",
}


def made_up(
    seconds, whose=YOUR, title="cats", compared=(), notes=None, n_bytes=lambda *_: 1024, **more
):
    """A run as it is saved, from {(ladder, axis, threads): {rung: {size: seconds}}}."""
    rows = [{"ladder": ladder, "axis": axis, "size": size, "rung": rung, "threads": n_threads,
             "seconds": [2 * one, one], "peak_bytes": n_bytes(rung, size)}
            for (ladder, axis, n_threads), rungs in seconds.items()
            for rung, sizes in rungs.items() for size, one in sizes.items()]
    return {
        "date": "2026-01-31 12:00",
        "title": title,
        "whose": whose,
        "machine": MACHINE,
        "left_out": [],
        "compared": list(compared),
        "notes": notes or {},
        "rows": rows,
        **more,
    }
