"""The runs of bench_01: a file each, named by its date."""

import datetime
import json
from pathlib import Path

from benchmarks.rungs import BY_SOLUTION
from benchmarks.session import FOLDER

RUNS = FOLDER / "01_attention"


def dated(run: dict, when: datetime.datetime) -> tuple[Path, dict]:
    """The file in which a run is kept, and the run with its date."""
    return RUNS / f"{when:%Y-%m-%d_%H%M%S}.json", {"date": f"{when:%Y-%m-%d %H:%M}", **run}


def runs(folder: Path = RUNS) -> list[dict]:
    """Every run there is, the oldest first."""
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]


def by_solution(run: dict) -> dict | None:
    """The run as if it had been made on the solution's functions; None where they were not measured."""
    if run["whose"] == "the solution's":
        return run
    theirs = {name: rung for rung, name in BY_SOLUTION.items()}
    if not any(row["rung"] in theirs for row in run["rows"]):
        return None
    rows = [{**row, "rung": theirs.get(row["rung"], row["rung"])}
            for row in run["rows"] if row["rung"] not in BY_SOLUTION]
    return {**run, "whose": "the solution's", "rows": rows}
