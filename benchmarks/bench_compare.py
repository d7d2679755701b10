"""Sets the last run of a benchmark beside the one before, and beside the solution's.

`make bench-compare` runs it, for the benchmark that ran last.
"""

import sys

from rich.console import Group

from benchmarks.harness import keeping, report, units
from benchmarks.harness.results import TWIN, Row, Run
from tests.runner.screens.terminal import show

NOTHING = "This compares runs of a benchmark such as make bench-01, and there is none yet."


def page(runs: list[Run]) -> Group:
    """The comparison of runs of one benchmark, the oldest first."""
    solutions = [found for run in runs if (found := run.by_solution())]
    sides = {"last": runs[-1], "before": runs[-2] if len(runs) > 1 else None,
             "solution": solutions[-1] if solutions else None}
    last = runs[-1]
    unit = [*(last.compared or last.sweep(last.ladders[0]).without().rungs)][-1]
    origins = [f"{name.capitalize()}: {run.whose} functions, measured on {run.date}." if run else
               f"{name.capitalize()}: there is none yet." for name, run in sides.items()]
    return report.laid_out([
        *(table(sides, ladder, unit) for ladder in last.ladders), " ".join(origins),
        f"Times with one thread. The unit is the time of {unit} in the same run: 1.0 is as long, "
        "2.0 twice as long. Compare these numbers: between two runs the machine may have been "
        "busier, and then all times are longer."])


def table(sides: dict[str, Run | None], ladder: str, unit: str) -> Group:
    """A line for each rung at each size: the time, and how many times as long as the unit."""
    last = sides["last"]
    sweeps = [run.sweep(ladder) if run else None for run in sides.values()]
    lines = []
    for size in sweeps[0].sizes:
        at = [sweep.at(size) if sweep else {} for sweep in sweeps]
        rungs = [rung for rung in at[0] if rung in (last.compared or at[0]) and TWIN not in rung]
        for rung in rungs:
            cells = (cell for rows in at for cell in cells_of(rows, rung, unit))
            lines.append((f"{size:,}" if rung == rungs[0] else "", rung, *cells))
        lines.append(())
    headings = [heading for name in sides
                for heading in ((f"{name},\ntime", ""), ("of the\nunit", "bold"))]
    title = f"{last.title}: {ladder}" if len(last.ladders) > 1 else last.title
    return report.table(title, [(f"\n{sweeps[0].axis}", ""), "\nrung", *headings], lines[:-1])


def cells_of(at: dict[str, Row], rung: str, unit: str) -> tuple[str, str]:
    row = at.get(rung)
    times = units.factor(row.seconds / at[unit].seconds) if row and unit in at else "-"
    return report.duration(row), times


def main() -> int:
    """Show the comparison, if there is anything to compare."""
    lesson = keeping.last_lesson()
    if not lesson:
        print(NOTHING)
        return 1
    show(page(keeping.runs(lesson)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
