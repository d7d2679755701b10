"""The screens of `make hint` and `make solution`."""

import ast
from pathlib import Path

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.segment import Segment
from rich.text import Text

from tests.runner.lessons import hints
from tests.runner.lessons.catalog import Kata, shown
from tests.runner.lessons.source_text import functions_in, text_in
from tests.runner.reader.shown_hints import Revealed
from tests.runner.screens.source_code import diff, python
from tests.runner.screens.style import HINT, code, indented
from tests.runner.specs.record import SpecRecord


def hint_page(kata: Kata, record: SpecRecord, revealed: Revealed, watched: bool = False,
              setting: str = "") -> Group:
    """Every rung that is revealed, the newest last, and the next command."""
    rungs, n_shown = revealed.rungs, revealed.n_shown
    parts: list[RenderableType] = [
        Text.assemble((f"{kata.heading}, ", "bold"), (f"{record.function}: ", "bold"),
                      code(record.title)), ""]
    for number, rung in enumerate(rungs[:n_shown], start=1):
        newest = number == min(n_shown, len(rungs))
        parts += [Text(f"Hint {number} of {len(rungs)}", HINT if newest else "dim"),
                  indented(_Page(rung), 2), ""]
    if not rungs:
        parts.append(code(f"{shown(kata.hints)} has no hint for {record.spec}."))
    if n_shown < len(rungs):
        ask = "h" if watched else f"`{kata.hint_command}{setting}`"
        parts.append(code(f"Still stuck? {ask} shows the next one."))
    else:
        parts.append(code("That was the last hint. The solution comes next: "
                          f"`{kata.solution_command}{setting}`."))
    return Group(*parts, *map(code, revealed.notes))


class _Page(Markdown):
    """Markdown without the empty line that rich puts above a list."""

    def __rich_console__(self, console, options):
        lines = console.render_lines(Markdown(self.markup), options, pad=False)
        first = next((number for number, line in enumerate(lines) if _text_of(line).strip()), 0)
        for line in lines[first:]:
            yield from (*line, Segment.line())


def _text_of(line: list[Segment]) -> str:
    return "".join(segment.text for segment in line)


def solution_page(kata: Kata, names: tuple[str, ...], whole: bool) -> Group:
    """The solution without docstrings; once all is green, as a diff to the reader's own."""
    ours = _sources(kata.solution)
    mine = _sources(kata.file) if whole else {}
    parts: list[RenderableType] = []
    for name in names:
        if mine.get(name) == ours[name]:
            parts += [Text(f"{name}: yours is the solution, to the letter", "bold")]
        elif name in mine:
            parts += [Text.assemble((name, "bold"), ("  - yours  + the solution", "dim")),
                      diff(mine[name], ours[name])]
        else:
            parts += [Text(f"{name}: the solution", "bold"), python(ours[name])]
        if whole:
            parts += [indented(code(line), 2) for line in hints.why(kata, name).splitlines()]
        parts.append("")
    parts.append(Text(f"All of it, with docstrings, is in {shown(kata.solution)}.", "dim"))
    return Group(*parts)


def _sources(file: Path) -> dict[str, str]:
    """The source of each function, without its docstring."""
    lines = text_in(file).splitlines()
    found = {}
    for name, node in functions_in(file).items():
        start = node.decorator_list[0].lineno if node.decorator_list else node.lineno
        kept = range(start, node.end_lineno + 1)
        if ast.get_docstring(node) is not None:
            docstring = node.body[0]
            kept = [n for n in kept if not docstring.lineno <= n <= docstring.end_lineno]
        found[name] = "\n".join(lines[n - 1] for n in kept)
    return found
