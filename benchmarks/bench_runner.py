"""What the machinery behind `make kata-01` costs, beside bare pytest on the same specs.

`make bench-runner` runs both side by side, in copies of the project, in turn and in
changing order, several rounds. What is compared, and why so: benchmarks/README.md.
"""

import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich import box
from rich.console import Group
from rich.table import Table

from benchmarks.harness import units
from benchmarks.harness.progress import Steps
from benchmarks.trial import BARE, KNOWN, PROGRESS, SOLVED, STUB, UNKNOWN, WATCH, Trial
from tests.runner.lessons.catalog import find

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
STATES = (STUB, SOLVED, KNOWN, UNKNOWN)
DIAGNOSED = (KNOWN, UNKNOWN)
MAX_RATIO, MAX_DIAGNOSIS = 1.25, 0.050  # our targets: times bare pytest, seconds
DESK = {WATCH: 0.3, PROGRESS: 3.0}  # our targets: times a cold run of one kata


@dataclass
class Measured:
    """What was measured, one number for each finished round.

    runs:    by state and side, seconds of a run
    judged:  by state, seconds of the diagnosis
    named:   by state, the mistakes that the diagnosis named
    replays: whether the lesson has mistakes to replay
    """

    sides: list[str]
    replays: bool
    runs: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    judged: dict[str, list[float]] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)


def measure(measured: Measured, trial: Trial, steps: Steps, rounds: int,
            states: tuple[str, ...] = STATES, warm_up: bool = True) -> None:
    """Fill in the numbers, round by round; a first round fills the caches and does not count."""
    numbers = range(0 if warm_up else 1, rounds + 1)
    steps.expect(len(numbers) * len(states))
    for number in numbers:
        for state in states:
            trial.put(state)
            steps.begin(f"{f'round {number} of {rounds}' if number else 'warm-up'}, {state}")
            for side in trial.sides[:: 1 if number % 2 else -1]:
                seconds = side.seconds(green=state == SOLVED)
                if number:
                    measured.runs.setdefault((state, side.name), []).append(seconds)
            for name, seconds in ((PROGRESS, trial.progress.seconds(green=True)),
                                  (WATCH, trial.from_save_to_verdict(state))):
                if number:
                    measured.runs.setdefault((state, name), []).append(seconds)
            if state in DIAGNOSED:
                judged = trial.judged()
                measured.named[state] = judged["named"]
                if number:
                    measured.judged.setdefault(state, []).append(judged["seconds"])


def page(measured: Measured) -> Group:
    """All that is shown after the run."""
    parts = ["", runs_table(measured), desk_table(measured)]
    if measured.judged:
        parts.append(diagnosis_table(measured))
    if not measured.replays:
        parts.append("The lesson has no file of mistakes, so the diagnosis has none to replay.\n")
    return Group(*parts)


def runs_table(measured: Measured) -> Table:
    """Median seconds of a run, a line for each state of the kata and a column for each side."""
    rounds = max(map(len, measured.runs.values()), default=0)
    shown = _table(f"A run of the specs (medians; rounds: {rounds})",
                   "the kata", *measured.sides, "ratio", f"at most\n{MAX_RATIO}")
    for state in STATES:
        times = [median(measured.runs.get((state, side), [0.0])) for side in measured.sides]
        if all(times):
            ratio = times[-1] / times[measured.sides.index(BARE)]
            shown.add_row(state, *map(units.duration, times), f"{ratio:.2f}", _met(ratio, MAX_RATIO))
    return shown


def desk_table(measured: Measured) -> Table:
    """What the reader waits for at the watch and for the progress, beside a cold run of one kata."""
    cold = measured.sides[-1]
    shown = _table(f"Beside a cold {cold}", "the kata", *(f"{name}\nratio" for name in DESK))
    for state in STATES:
        if all(measured.runs.get((state, name)) for name in (cold, *DESK)):
            base = median(measured.runs[state, cold])
            cells = []
            for name, most in DESK.items():
                seconds = median(measured.runs[state, name])
                cells.append(f"{units.duration(seconds)}  {seconds / base:.2f}  {_met(seconds / base, most)}")
            shown.add_row(state, *cells)
    shown.caption = f"at most {DESK[WATCH]:g} and {DESK[PROGRESS]:g}"
    return shown


def diagnosis_table(measured: Measured) -> Table:
    """Median seconds from a spec's failure to the finished diagnosis."""
    shown = _table("The diagnosis in such a run",
                   "the kata", "time", f"at most\n{MAX_DIAGNOSIS * 1000:g} ms", "it names")
    for state, seconds in measured.judged.items():
        middle = median(seconds)
        shown.add_row(state, units.duration(middle), _met(middle, MAX_DIAGNOSIS),
                      " and ".join(measured.named[state]) or "nothing")
    return shown


def _table(title: str, *columns: str) -> Table:
    shown = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        left = number == 0 or column == "it names"
        shown.add_column(column, justify="left" if left else "right", no_wrap=True)
    return shown


def _met(value: float, most: float) -> str:
    return "met" if value <= most else "missed"


def main() -> int:
    """Measure, then show both tables; Ctrl-C keeps the finished rounds."""
    from tests.runner.screens.terminal import show

    print("Timing the runner beside bare pytest; Ctrl-C keeps what is finished.")
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        measured = Measured([side.name for side in trial.sides], find("kata", "01").mistakes.is_dir())
        status = 0
        try:
            with Steps() as steps:
                measure(measured, trial, steps, ROUNDS)
        except KeyboardInterrupt:
            print("Stopped.")
            status = 130
        finally:
            trial.close()
    show(page(measured) if measured.runs else "No run is finished.")
    return status


if __name__ == "__main__":
    sys.exit(main())
