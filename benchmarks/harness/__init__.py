"""One harness for all benchmarks. How to write one: benchmarks/README.md, at its end.

    declare   what a benchmark file declares: Rung, Ladder, Bench
    session   runs every turn of every row under pytest-benchmark (rows, measure, memory, threads)
    results   what was measured, as plain values: Run, Sweep, Row
    report    from a run to tables and words; picture: to its picture
    keeping   the runs that are kept, for `make bench-compare`
    main      all of it, in order: run(__file__, bench)
"""

from benchmarks.harness import report, units
from benchmarks.harness.declare import Bench, Figure, Ladder, PyTorch, Rung
from benchmarks.harness.results import Row, Run, Sweep
from benchmarks.harness.tensors import gradients, loss_and_gradients, torch
from benchmarks.harness.uses import uses

__all__ = ["Bench", "Figure", "Ladder", "PyTorch", "Row", "Run", "Rung", "Sweep", "gradients",
           "loss_and_gradients", "report", "run", "torch", "units", "uses"]


def run(file: str, bench: Bench) -> int:
    """Measure what a benchmark file declares, show it and keep it; the exit status."""
    from benchmarks.harness import main

    return main.run(file, bench)
