"""What the machinery behind `make kata-01` costs, beside bare pytest on the same specs.

`make bench-runner` runs both side by side, in copies of the project, in turn and in changing
order, several rounds. What is compared, and why so: benchmarks/README.md.
"""

import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.harness import report, units
from benchmarks.harness.progress import Steps
from benchmarks.trial import BARE, KNOWN, PROGRESS, SOLVED, STUB, UNKNOWN, WATCH, Trial
from tests.runner.lessons.catalog import find
from tests.runner.screens.terminal import show

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

    def middle(self, state: str, side: str) -> float:
        """The median of the seconds of a run; 0 where there is none."""
        return median(self.runs.get((state, side), [0.0]))


def measure(measured: Measured, trial: Trial, steps: Steps, rounds: int,
            states: tuple[str, ...] = STATES, warm_up: bool = True) -> None:
    """Fill in the numbers, round by round; a first round fills the caches and does not count."""
    numbers = range(0 if warm_up else 1, rounds + 1)
    steps.expect(len(numbers) * len(states))
    for number in numbers:
        for state in states:
            trial.put(state)
            steps.begin(f"{f'round {number} of {rounds}' if number else 'warm-up'}, {state}")
            seconds = {side.name: side.seconds(green=state == SOLVED)
                       for side in trial.sides[:: 1 if number % 2 else -1]}
            seconds |= {PROGRESS: trial.progress.seconds(green=True),
                        WATCH: trial.from_save_to_verdict(state)}
            judged = trial.judged() if state in DIAGNOSED else None
            if not number:
                continue
            for name, one in seconds.items():
                measured.runs.setdefault((state, name), []).append(one)
            if judged:
                measured.named[state] = judged["named"]
                measured.judged.setdefault(state, []).append(judged["seconds"])


def page(measured: Measured):
    """All that is shown after the run."""
    parts = [runs_table(measured), desk_table(measured)]
    if measured.judged:
        parts.append(diagnosis_table(measured))
    if not measured.replays:
        parts.append("The lesson has no file of mistakes, so the diagnosis has none to replay.")
    return report.laid_out(parts)


def runs_table(measured: Measured):
    """Median seconds of a run, a line for each state of the kata and a column for each side."""
    rows = []
    for state in STATES:
        times = [measured.middle(state, side) for side in measured.sides]
        if all(times):
            ratio = times[-1] / times[measured.sides.index(BARE)]
            rows.append((state, *map(units.duration, times), f"{ratio:.2f}",
                         _met(ratio, MAX_RATIO)))
    rounds = max(map(len, measured.runs.values()), default=0)
    headings = [(heading, "") for heading in (*measured.sides, "ratio", f"at most\n{MAX_RATIO}")]
    return report.table(f"A run of the specs (medians; rounds: {rounds})",
                        ["the kata", *headings], rows)


def desk_table(measured: Measured):
    """What the reader waits for at the watch and for the progress, beside a cold run."""
    cold, rows = measured.sides[-1], []
    for state in STATES:
        if all(measured.middle(state, name) for name in (cold, *DESK)):
            cells = []
            for name, most in DESK.items():
                seconds = measured.middle(state, name)
                ratio = seconds / measured.middle(state, cold)
                cells.append(f"{units.duration(seconds)}  {ratio:.2f}  {_met(ratio, most)}")
            rows.append((state, *cells))
    headings = [(f"{name}\nratio, at most {most:g}", "") for name, most in DESK.items()]
    return report.table(f"Beside a cold {cold}", ["the kata", *headings], rows)


def diagnosis_table(measured: Measured):
    """Median seconds from a spec's failure to the finished diagnosis."""
    rows = [(state, units.duration(median(seconds)), _met(median(seconds), MAX_DIAGNOSIS),
             " and ".join(measured.named[state]) or "nothing")
            for state, seconds in measured.judged.items()]
    most = f"at most\n{MAX_DIAGNOSIS * 1000:g} ms"
    return report.table("The diagnosis in such a run",
                        ["the kata", ("time", ""), (most, ""), "it names"], rows)


def _met(value: float, most: float) -> str:
    return "met" if value <= most else "missed"


def main() -> int:
    """Measure, then show the tables; Ctrl-C keeps the finished rounds."""
    print("Timing the runner beside bare pytest; Ctrl-C keeps what is finished.")
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        replays = find("kata", "01").mistakes.is_dir()
        measured = Measured([side.name for side in trial.sides], replays)
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
