"""Small pieces of styled text, which also read well without colour."""

import re
import textwrap
from collections.abc import Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from tests.runner.specs.record import Table

GOOD, BAD = "green", "bold red"  # specs, and whatever else is well or is not
HINT, NOTE, COMMAND = "bold yellow", "yellow", "cyan"
ROW = re.compile(r" *(… +)?(([-+.\de]+|nan|-?inf|True|False)\*?( +|$))+…?")  # of a table of numbers


def code(text: str) -> Text:
    """Text in which `code` stands out."""
    styled = Text(text)
    styled.highlight_regex(r"`[^`]+`", COMMAND)
    return styled


def indented(what: RenderableType, columns: int) -> Padding:
    """Something indented by `n` columns, without trailing blanks."""
    return Padding(what, (0, 0, 0, columns), expand=False)


def hanging(line: str, room: int, columns: int) -> list[str]:
    """A line wrapped with a hanging indent; a name and its shape stay together."""
    if len(line) <= room:
        return [line]
    whole = re.sub(r" ?\([^()]*\)", lambda shape: shape[0].replace(" ", "\N{NO-BREAK SPACE}"), line)
    begins = len(whole) - len(whole.lstrip(" "))
    parts = textwrap.wrap(whole.lstrip(" "), room, initial_indent=" " * begins,
                          subsequent_indent=" " * columns, break_on_hyphens=False)
    return [part.replace("\N{NO-BREAK SPACE}", " ") for part in parts]


def narrowed(lines: Sequence[str], room: int) -> list[str]:
    """Rows of numbers with the columns that fit, and "…" for the others."""
    rows = [line for line in lines if ROW.fullmatch(line)]
    if max(map(len, rows), default=0) <= room:
        return list(lines)
    gaps = [at for at in range(1, room - 1) if all(line[at : at + 2].strip() == "" for line in rows)
            and any(line[at - 1 : at].strip() for line in rows)]
    at = max(gaps, default=0)
    return [f"{line[:at]} …" if ROW.fullmatch(line) else line for line in lines]


def label(table: Table) -> Text:
    """The head of a table of numbers: whose they are, and their shape."""
    return Text.assemble((table.label, "bold"), (f" {table.shape}" if table.shape else "", "dim"))


def marked(line: str) -> Text:
    """A line of numbers in which those with a * stand out."""
    return Text.assemble(*((part, BAD if part.endswith("*") else "")
                           for part in re.split(r"(\S+\*)", line)))
