"""Sets the last run of bench_01 beside the one before, and beside the solution's. `make bench-compare` runs it."""

import sys
import textwrap

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from benchmarks import history, units
from benchmarks.ladder_report import read
from benchmarks.report import Row
from benchmarks.rungs import FAST, LOOP, PRODUCTS, VECTORIZED

RUNGS = (LOOP, VECTORIZED, FAST, PRODUCTS)  # the reader's two, and two that show what the machine was like
HOW_TO_READ = ("Times with one thread. The floor is the time of the two matrix products alone, in the same run: "
               "1.0 is as long, 2.0 twice as long. Compare these numbers: between two runs the machine may have "
               "been busier, and then all times are longer.")


def page(runs: list[dict]) -> Group:
    """The comparison of runs, the oldest first, as it is shown on the screen."""
    sides = _sides(runs)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("\ntokens", justify="right")
    shown.add_column("\nrung", no_wrap=True)
    for name in sides:
        shown.add_column(f"{name},\ntime", justify="right", no_wrap=True)
        shown.add_column("of the\nfloor", justify="right", style="bold")
    results = [read(run)[1] if run else None for run in sides.values()]
    for tokens in results[0].sizes:
        rungs = [rung for rung in RUNGS if results[0].at(rung, tokens)]
        for rung in rungs:
            cells = []
            for side in results:
                cells += _cells(side.at(rung, tokens), side.at(PRODUCTS, tokens)) if side else ("-", "-")
            shown.add_row(f"{tokens:,}" if rung == rungs[0] else "", rung, *cells,
                          end_section=rung == rungs[-1] and tokens != results[0].sizes[-1])
    said = [". ".join(_origin(name, run) for name, run in sides.items()) + ".", HOW_TO_READ]
    return Group("", shown, *(Text(f"{textwrap.fill(one, 80)}\n") for one in said))


def _sides(runs: list[dict]) -> dict[str, dict | None]:
    """What is set beside each other: the solution's functions as they were measured last."""
    solutions = [found for run in runs if (found := history.by_solution(run))]
    return {"last": runs[-1], "before": runs[-2] if len(runs) > 1 else None,
            "solution": solutions[-1] if solutions else None}


def _cells(row: Row | None, floor: Row | None) -> tuple[str, str]:
    if row is None:
        return "-", "-"
    return units.duration(row.seconds), units.factor(row.seconds / floor.seconds) if floor else "-"


def _origin(name: str, run: dict | None) -> str:
    if run is None:
        return f"{name.capitalize()}: there is none yet"
    return f"{name.capitalize()}: {run['whose']} functions, measured on {run['date']}"


def main() -> int:
    """Show the comparison, if there is anything to compare."""
    from tests.runner.screens.terminal import show

    found = history.runs()
    if not found:
        print("This compares runs of make bench-01, and there is none yet.")
        return 1
    show(page(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
