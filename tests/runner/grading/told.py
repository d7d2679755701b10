"""The text about a red spec, for a page that is not a terminal."""

from itertools import groupby

from tests.runner.specs.record import Red, SpecRecord, Table


def told(record: SpecRecord) -> str:
    """What happened, the evidence, the first hint and where to edit."""
    red = record.red
    parts = (
        _sentences(red.happened),
        _evidence(red),
        "\n".join(red.trace),
        f"Hint: {record.hint}" if record.hint and red.hint_fits else "",
        f"Edit {red.file}:{red.line}" if red.file else "",
    )
    return "\n\n".join(part for part in parts if part)


def shortened(text: str, limit: int, length: int = 0) -> str:
    """A text of at most `limit` characters: whole, or its beginning and a note.

    length: its full length, if only the beginning is given
    """
    length = max(length, len(text))
    if length <= limit:
        return text
    note = f"\n[Cut: it was {length:,} characters long.]"
    return text[: limit - len(note)] + note


def _sentences(sentences: tuple[str, ...]) -> str:
    """Sentences as one paragraph; indented sentences keep their lines."""
    groups = groupby(sentences, lambda sentence: sentence.startswith("    "))
    return "\n".join(("\n" if set_out else " ").join(group) for set_out, group in groups)


def _evidence(red: Red) -> str:
    """The call, its arguments, its answer and the expected one."""
    lines = [red.call] if red.call else []
    for table in red.arguments:
        lines += [f"  {line}" for line in _table(table)]
    for table in (red.yours, red.expected):
        lines += _table(table) if table else []
    return "\n".join(lines)


def _table(table: Table) -> list[str]:
    head = f"{table.label} {table.shape}".rstrip()
    return [head, *(f"  {line}".rstrip() for line in table.lines)]
