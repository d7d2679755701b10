"""The screens of `make hint` and `make solution`."""

import ast
import difflib
from pathlib import Path

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from tests.runner import hints
from tests.runner.definitions import functions_in, read
from tests.runner.hints import Revealed
from tests.runner.lessons import Kata, shown
from tests.runner.records import SpecRecord
from tests.runner.words import code, indented


def hint(kata: Kata, record: SpecRecord, revealed: Revealed, watched: bool = False) -> Group:
    """Every rung that is revealed, the newest last, and what to ask for next."""
    rungs, n_shown = revealed.rungs, revealed.n_shown
    parts: list[RenderableType] = [
        Text.assemble((f"{kata.heading}, ", "bold"), (f"{record.function}: ", "bold"), code(record.title)), ""]
    for number, rung in enumerate(rungs[:n_shown], start=1):
        newest = number == min(n_shown, len(rungs))
        parts += [Text(f"Hint {number} of {len(rungs)}", "bold yellow" if newest else "dim"),
                  indented(Markdown(rung), 2), ""]
    if not rungs:
        parts.append(code(f"{shown(kata.hints)} has no hint for {record.spec}."))
    if n_shown < len(rungs):
        ask = "h" if watched else f"`{kata.hint_command}`"
        parts.append(code(f"Still stuck? {ask} shows the next one."))
    else:
        parts.append(code(f"That was the last hint. The solution comes next: `{kata.solution_command}`."))
    return Group(*parts, *map(code, revealed.notes))


def solution(kata: Kata, names: tuple[str, ...], whole: bool) -> Group:
    """The solution's functions without their docstrings; once all is green, as a change to the reader's own."""
    ours = _sources(kata.solution)
    mine = _sources(kata.file) if whole else {}
    parts: list[RenderableType] = []
    for name in names:
        if mine.get(name) == ours[name]:
            parts += [Text(f"{name}: yours is the solution, to the letter", "bold")]
        elif name in mine:
            parts += [Text.assemble((name, "bold"), ("  - yours  + the solution", "dim")), _diff(mine[name], ours[name])]
        else:
            parts += [Text(f"{name}: the solution", "bold"), _python(ours[name])]
        if whole:
            parts += [indented(code(line), 2) for line in hints.why(kata, name).splitlines()]
        parts.append("")
    parts.append(Text(f"All of it, with docstrings, is in {shown(kata.solution)}.", "dim"))
    return Group(*parts)


def _diff(mine: str, ours: str) -> Table:
    """What changes on the way from one function to the other, with the lines that stay."""
    styles = {"-": "red", "+": "green", " ": ""}
    table = Table.grid(padding=(0, 1))
    for line in difflib.ndiff(mine.splitlines(), ours.splitlines()):
        if line[0] in styles:
            table.add_row(f"  {line[0]}", Text(line[2:], styles[line[0]], overflow="fold"))
    return table


def _sources(file: Path) -> dict[str, str]:
    """The source of each function as it is written, without its docstring."""
    lines = read(file).splitlines()
    found = {}
    for name, node in functions_in(file).items():
        start = node.decorator_list[0].lineno if node.decorator_list else node.lineno
        kept = range(start, node.end_lineno + 1)
        if ast.get_docstring(node) is not None:
            docstring = node.body[0]
            kept = [n for n in kept if not docstring.lineno <= n <= docstring.end_lineno]
        found[name] = "\n".join(lines[n - 1] for n in kept)
    return found


def _python(source: str) -> Syntax:
    return Syntax(source, "python", theme="ansi_dark", background_color="default", word_wrap=True)
