"""Functions on the screen: their source, and the diff of two of them."""

import difflib

from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from tests.runner.screens.style import GOOD, hanging
from tests.runner.screens.terminal import width


def python(source: str) -> Syntax:
    """Code, with its words in colour."""
    return Syntax(source, "python", theme="ansi_dark", background_color="default", word_wrap=True)


def diff(mine: str, ours: str) -> Table:
    """What makes a function another one, with the lines that are the same."""
    styles = {"-": "red", "+": GOOD, " ": ""}
    table = Table.grid(padding=(0, 1))
    for line in _changes(mine.splitlines(), ours.splitlines()):
        if line[0] in styles:
            further = len(line) - 2 - len(line[2:].lstrip()) + 8
            for part, text in enumerate(hanging(line[2:], width() - 5, further)):
                table.add_row(f"  {line[0] if part == 0 else ' '}", Text(text, styles[line[0]]))
    return table


def _changes(mine: list[str], ours: list[str]) -> list[str]:
    """The changes line by line; two versions without a common line come one after the other."""
    if {line.strip() for line in mine[1:]} & {line.strip() for line in ours[1:]} - {""}:
        return list(difflib.ndiff(mine, ours))
    head = [f"  {mine[0]}"] if mine[0] == ours[0] else []
    mine, ours = (mine[1:], ours[1:]) if head else (mine, ours)
    return [*head, *(f"- {line}" for line in mine), *(f"+ {line}" for line in ours)]
