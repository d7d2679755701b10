"""Runs one benchmark: measure, show the page, keep the numbers and the picture."""

import os
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import ModuleType

import numpy as np

from benchmarks.harness import keeping, report, session, threads
from benchmarks.harness.declare import Bench, Figure, Ladder
from benchmarks.harness.results import SOLUTIONS, TWIN, YOUR, Run
from benchmarks.harness.tensors import torch
from tests.runner.lessons.catalog import SOLUTIONS as FOLDER_OF_SOLUTIONS
from tests.runner.lessons.loading import load, solutions
from tests.runner.screens.terminal import show

NO_TORCH = "PyTorch is not installed here, so its rows are missing; make compare installs it."
NOT_SETTABLE = ("The threads of this NumPy's BLAS ({blas}) cannot be set while Python runs: it "
                "takes as many as it likes, in every row.")


def run(file: str, bench: Bench) -> int:
    """Measure what a benchmark file declares; the exit status. Ctrl-C keeps what is finished."""
    lesson, when = Path(file).stem.removeprefix("bench_"), datetime.now()
    kata = sys.modules.get(f"kata_{lesson}")
    whose = whose_is(kata)
    ladders = [with_twins(ladder, kata) if whose == YOUR else ladder for ladder in bench.ladders]
    what, machine = f"{whose} {bench.title}".strip(), about_machine()
    print(f"Measuring {what}; Ctrl-C keeps what is finished.")
    largest = os.environ.get("BENCH_TOKENS", "")
    done = session.run(ladders, int(largest) if largest else None, threads.all_threads())
    if not threads.Limit().settable:
        done.left_out.append(NOT_SETTABLE.format(**machine))
    if any(len(ladder.usable) < len(ladder.rungs) for ladder in ladders):
        done.left_out.append(NO_TORCH)
    interrupted = done.n_done < done.n_sizes
    if interrupted:
        print(f"Stopped: {done.n_done} of {done.n_sizes} sizes are complete.")
    status = 130 if interrupted else 0 if done.rows else 1
    if not done.rows:
        show("\n".join(["No row could be measured.", *done.left_out]))
        return status
    saved = {"date": f"{when:%Y-%m-%d %H:%M}", "title": bench.title, "whose": whose,
             "machine": machine, "left_out": done.left_out, "compared": list(bench.compared),
             "notes": bench.notes, "rows": done.rows}
    found = keeping.read(saved)
    show(report.page(found, bench.page))
    if kata:
        print(keeping.keep(saved, lesson, drawn(found, bench.figure), when))
        print("Beside the run before: make bench-compare")
    return status


def drawn(found: Run, figure: Figure | None) -> Callable[[], object] | None:
    """What draws the picture, if there is one; matplotlib is loaded only then."""
    def draw():
        from benchmarks.harness import picture

        return picture.of_run(found, figure)

    return draw if figure else None


def whose_is(kata: ModuleType | None) -> str:
    """Whose functions are measured, by the file that they were loaded from; "" if nobody's."""
    if kata is None:
        return ""
    return SOLUTIONS if Path(kata.__file__).is_relative_to(FOLDER_OF_SOLUTIONS) else YOUR


def with_twins(ladder: Ladder, kata: ModuleType) -> Ladder:
    """The ladder with the solution's function beside each of the reader's, in the same turns."""
    theirs, rungs = load(kata.__name__, solutions)[kata.__name__], {}
    for name, rung in ladder.usable.items():
        rungs[name] = rung
        if getattr(rung.function, "__module__", "") == kata.__name__:
            function = getattr(theirs, rung.function.__name__)
            rungs[TWIN + name] = replace(rung, function=function)
    return replace(ladder, rungs=rungs)


def about_machine() -> dict:
    """What the numbers depend on, and nothing that tells whose machine it is."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    return {"python": platform.python_version(), "numpy": np.__version__, "blas": blas,
            **({"torch": torch.__version__} if torch else {}), "cores": threads.cores(),
            "clock": "processor time" if threads.processor_time() else "",
            "machine": platform.machine(), "system": platform.system()}
