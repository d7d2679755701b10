"""The runs that are kept: a file each, named by its date, in a folder for each lesson."""

import io
import json
from collections.abc import Callable
from datetime import datetime

from benchmarks.harness.results import Run
from tests.runner.lessons.catalog import ROOT, shown
from tests.runner.reader.atomic import write_whole

FOLDER = ROOT / ".kata-benchmarks"


def keep(saved: dict, lesson: str, figure: Callable[[], object] | None, when: datetime) -> str:
    """Write a run and its picture; say where they are, or why they are not (a full disk)."""
    numbers = FOLDER / lesson / f"{when:%Y-%m-%d_%H%M%S}.json"
    picture, said = FOLDER / f"{lesson}.png", []
    try:
        numbers.parent.mkdir(parents=True, exist_ok=True)
        write_whole(numbers, (json.dumps(saved, indent=1) + "\n").encode())
        said.append(f"Numbers: {shown(numbers)}")
        if figure:
            image = io.BytesIO()
            figure().savefig(image, format="png")
            write_whole(picture, image.getvalue())
            said.insert(0, f"Picture: {shown(picture)}")
    except OSError as problem:
        what = "picture" if said else "numbers and the picture"
        said.append(f"The {what} could not be saved in {shown(FOLDER)}: {problem.strerror}.")
    return "\n".join(said)


def last_lesson() -> str:
    """The lesson whose benchmark ran last, for example 01_attention; "" if none has run yet."""
    newest = max(FOLDER.glob("[0-9][0-9]_*/*.json"), key=lambda file: file.name, default=None)
    return newest.parent.name if newest else ""


def runs(lesson: str) -> list[Run]:
    """Every run of a lesson, the oldest first."""
    return [read(json.loads(file.read_text(encoding="utf-8")))
            for file in sorted((FOLDER / lesson).glob("*.json"))]


def read(saved: dict) -> Run:
    """A run as it was saved. The first ones had one ladder, over tokens, and no title."""
    rows = [{"ladder": "attention", "axis": "tokens", "size": row.get("tokens"), **row}
            for row in saved["rows"]]
    return Run(saved.get("title", "attention"), saved["whose"], saved["date"], saved["machine"],
               saved["left_out"], saved.get("compared", FIRST), saved.get("notes", {}), rows)


FIRST = ["loop", "vectorized", "fast", "products"]  # what the first runs are compared by
