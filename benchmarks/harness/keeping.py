"""The runs that are kept: a file each, named by its date, in a folder for each lesson; and a picture."""

import datetime
import io
import json
from collections.abc import Callable
from pathlib import Path

from benchmarks.harness.results import Run
from tests.runner.reader.atomic import write_whole
from tests.runner.lessons.catalog import ROOT, shown

FOLDER = ROOT / ".kata-benchmarks"


def keep(saved: dict, lesson: str, figure: Callable[[], object] | None, when: datetime.datetime) -> str:
    """Write a run and its picture; say where they are, or why they are not (a full disk)."""
    numbers = FOLDER / lesson / f"{when:%Y-%m-%d_%H%M%S}.json"
    picture = FOLDER / f"{lesson}.png"
    said = []
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


def lessons() -> list[str]:
    """The lessons of which there are runs, for example 01_attention; the one that ran last is last."""
    newest = {folder.name: max((file.name for file in folder.glob("*.json")), default="")
              for folder in FOLDER.glob("[0-9][0-9]_*/")}
    return sorted(filter(newest.get, newest), key=newest.get)


def runs(lesson: str) -> list[Run]:
    """Every run of a lesson, the oldest first."""
    return [read(json.loads(file.read_text(encoding="utf-8")))
            for file in sorted((FOLDER / lesson).glob("*.json"))]


def read(saved: dict) -> Run:
    """A run as it was saved. The first ones had one ladder over tokens, and no title."""
    rows = [{"ladder": "attention", "axis": "tokens", "size": row.get("tokens"), **row}
            for row in saved["rows"]]
    return Run(saved.get("title", "attention"), saved["whose"], saved.get("date", ""), saved["machine"],
               saved["left_out"], saved.get("compared", []), saved.get("notes", {}), rows)

