"""Keeps what a benchmark measured: the numbers and their picture, as files."""

import io
import json
from collections.abc import Callable
from pathlib import Path

from tests.runner.lessons.catalog import shown
from tests.runner.reader.atomic import write_whole


def keep(run: dict, numbers: Path, picture: Path, figure: Callable[[], object]) -> str:
    """Write a run and its picture; say where they are, or why they are not (a full disk)."""
    said = []
    try:
        numbers.parent.mkdir(parents=True, exist_ok=True)
        write_whole(numbers, (json.dumps(run, indent=1) + "\n").encode())
        said.append(f"Numbers: {shown(numbers)}")
        image = io.BytesIO()
        figure().savefig(image, format=picture.suffix[1:])
        write_whole(picture, image.getvalue())
        said.insert(0, f"Picture: {shown(picture)}")
    except OSError as problem:
        what = "picture" if said else "numbers and the picture"
        said.append(f"The {what} could not be saved in {shown(numbers.parent)}: {problem.strerror}.")
    return "\n".join(said)
