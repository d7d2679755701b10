"""Lines with a caret, or several, below what is meant."""

from collections.abc import Sequence

from tests.runner.layout.one_line import cut
from tests.runner.layout.widths import CODE

AROUND = 24  # characters of a text on either side of what is meant


def below_expression(source: Sequence[str], marks: Sequence[tuple[int, int]],
                     room: int = 200) -> list[str]:
    """Lines of code, set out to the left, each with its part of an expression marked below it.

    marks: for each line, from and up to which column it is the expression
    room:  how long a line may be; of a longer one, the part that is marked is shown
    """
    indent = min(len(line) - len(line.lstrip()) for line in source)
    lines = []
    for line, (start, end) in zip(source, marks):
        line, start, end = line[indent:], start - indent, end - indent
        if len(line) > room:
            at_most = max(0, min(start - 4, end + 4 - room, len(line) - room + 1))
            skipped = 0 if end < room else at_most
            line = f"{'…' if skipped else ''}{line[skipped + (skipped > 0) :]}"
            line = line if len(line) <= room else f"{line[: room - 1]}…"
            start, end = start - skipped, min(end - skipped, len(line))
        lines += [line, _carets(start, end)]
    return lines


def below_column(line: str, column: int) -> list[str]:
    """A line of code, set out to the left, with a caret below a column; nothing if it is empty."""
    line = line.rstrip("\n")
    at = min(max(column - (len(line) - len(line.lstrip())), 0), CODE - 2)
    return [cut(line.strip(), CODE), _carets(at)] if line.strip() else []


def below_character(text: str | bytes, at: int) -> list[str]:
    """The text around an index, as one would type it, with a caret below the character there."""
    start, stop = max(0, at - AROUND), at + AROUND
    before, after = "…" * (start > 0), "…" * (stop < len(text))
    column = len(before) + len(quoted(text[start:at])) - 1
    return [f"{before}{quoted(text[start:stop])}{after}", _carets(column)]


def quoted(piece: str | bytes) -> str:
    """A piece of text as one would type it, character by character."""
    if isinstance(piece, bytes):
        return f"b'{''.join(repr(bytes([byte]))[2:-1] for byte in piece)}'"
    return f"'{''.join(part if part.isprintable() else repr(part)[1:-1] for part in piece)}'"


def _carets(start: int, end: int | None = None) -> str:
    return " " * start + "^" * (1 if end is None else end - start)
