"""What the machinery behind `make kata-01` costs, beside bare pytest on the same specs.

`make bench-runner` runs both side by side, in copies of the project, in turn and in changing
order, several rounds. What is compared, and why so: benchmarks/README.md.
"""

import os
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Group
from rich.text import Text

from benchmarks.harness import report, units
from benchmarks.harness.progress import Steps
from benchmarks.trial import BARE, DIAGNOSIS, MAKE, PLACE, PROGRESS, RUNNER, STATES, WATCH, Trial
from tests.runner.screens.terminal import show

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
MOST = {RUNNER: 1.25, MAKE: 1.25, WATCH: 0.3, PROGRESS: 3.0, DIAGNOSIS: 0.05, PLACE: 0.5}  # targets
HOW_TO_READ = ("times: the runner and make beside bare pytest; the watch and the progress beside a "
               "cold run of the runner, through make where there is one. All without the search "
               "for the place, which is in seconds, as the diagnosis is.")


@dataclass
class Measured:
    """By state and by what was measured: the seconds of each finished round. And by state, the
    mistakes that the diagnosis named."""

    seconds: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    named: dict[str, list[str]] = field(default_factory=dict)


def measure(measured: Measured, trial: Trial, steps: Steps, rounds: int,
            states: tuple[str, ...] = STATES, warm_up: bool = True) -> None:
    """Fill in the numbers, round by round; a first round fills the caches and does not count."""
    numbers = range(0 if warm_up else 1, rounds + 1)
    steps.expect(len(numbers) * len(states))
    for number in numbers:
        for state in states:
            steps.begin(f"{f'round {number} of {rounds}' if number else 'warm-up'}, {state}")
            seconds, named = trial.round(state, backwards=number % 2 == 0)
            for what, one in seconds.items() if number else ():
                measured.seconds[state, what].append(one)
            measured.named[state] = named


def page(measured: Measured) -> Group:
    """A line for everything that was measured, and whether it is as quick as it should be."""
    lines = []
    for state in dict.fromkeys(state for state, _ in measured.seconds):
        at = {what: median(seconds) for (of, what), seconds in measured.seconds.items()
              if of == state}
        lines.append((Text(state, "bold"), "", "", "", ""))
        for what, seconds in at.items():
            name = f"{what}: {names(measured, state)}" if what == DIAGNOSIS else what
            lines.append((name, units.duration(seconds), *beside(what, at)))
        lines.append(())
    rounds = max(map(len, measured.seconds.values()))
    table = report.table(f"What a run of the specs costs (medians; rounds: {rounds})",
                         ["", ("time", ""), ("times", ""), ("at most", ""), ("", "")], lines[:-1])
    return report.laid_out([table, HOW_TO_READ])


def beside(what: str, at: dict[str, float]) -> tuple[str, str, str]:
    """How many times as long as what it is set beside, the target, and whether it is met."""
    if what not in MOST:
        return "", "", ""
    at = {**at, **{side: at[side] - at.get(PLACE, 0.0) for side in (RUNNER, MAKE) if side in at}}
    cold = at.get(MAKE, at[RUNNER])
    base = {WATCH: cold, PROGRESS: cold, DIAGNOSIS: 1.0, PLACE: 1.0}.get(what, at[BARE])
    ratio = at[what] / base
    return f"{ratio:.2f}", f"{MOST[what]:g}", "met" if ratio <= MOST[what] else "missed"


def names(measured: Measured, state: str) -> str:
    return " and ".join(measured.named[state]) or "names nothing"


def main() -> int:
    """Measure, then show the table; Ctrl-C keeps the finished rounds."""
    print("Timing the runner beside bare pytest; Ctrl-C keeps what is finished.")
    status, measured = 0, Measured()
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        try:
            with Steps() as steps:
                measure(measured, trial, steps, ROUNDS)
        except KeyboardInterrupt:
            print("Stopped.")
            status = 130
        finally:
            trial.close()
    show(page(measured) if measured.seconds else "No run is finished.")
    return status


if __name__ == "__main__":
    sys.exit(main())
