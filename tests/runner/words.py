"""Small pieces of styled text; without colour they read just as well."""

import re

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from tests.runner.records import Table


def code(text: str) -> Text:
    """Text in which `code` stands out."""
    styled = Text(text)
    styled.highlight_regex(r"`[^`]+`", "cyan")
    return styled


def indented(what: RenderableType, columns: int) -> Padding:
    """Something set in by so many columns, without blanks behind it."""
    return Padding(what, (0, 0, 0, columns), expand=False)


def label(table: Table) -> Text:
    """The head of a table of numbers: whose they are, and their shape."""
    return Text.assemble((table.label, "bold"), (f" {table.shape}" if table.shape else "", "dim"))


def marked(line: str) -> Text:
    """A line of numbers in which those followed by a * stand out."""
    return Text.assemble(*((part, "bold red" if part.endswith("*") else "") for part in re.split(r"(\S+\*)", line)))
