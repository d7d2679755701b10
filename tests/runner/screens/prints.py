"""What the reader's code printed, below what happened."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from tests.runner.layout.one_line import printable
from tests.runner.layout.widths import CODE
from tests.runner.screens.style import code, indented
from tests.runner.specs.record import SpecRecord

MAX_PRINTED = 5  # lines; `KEPT` in specs/printed.py says how many characters the record keeps


def fewer(record: SpecRecord) -> range:
    """How many lines to show instead, if those shown first do not fit: ever fewer, down to none."""
    return range(min(MAX_PRINTED, len(record.output.splitlines())) - 1, -1, -1)


def prints(record: SpecRecord, most: int) -> Iterator[RenderableType]:
    """What the red call printed, in at most so many lines."""
    if not record.output_chars:
        return
    lines = record.output.splitlines()
    shown = [printable(line) for line in lines[:most]]
    whole = len(shown) == len(lines) and record.output_chars == len(record.output)
    begin = "; they begin:" if most else " (not shown)."
    said = "It printed:" if whole else f"It printed {record.output_chars:,} characters{begin}"
    yield indented(code(said), 4)
    yield from (indented(Text(line[:CODE], "dim"), 6) for line in shown)
