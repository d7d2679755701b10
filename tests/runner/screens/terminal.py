"""The one place that prints: in colour on a terminal, plain everywhere else."""

import codecs
import io
import sys

from rich.console import Console, RenderableType
from rich.theme import Theme

from tests.runner.layout.widths import NARROWEST, WIDTH
from tests.runner.screens.style import COMMAND

# Replacements for characters that a terminal's encoding lacks.
SPELLED = {"●": "+", "✗": "x", "·": ".", "…": "...", "−": "-", "√": "sqrt"}


def show(what: RenderableType) -> None:
    """Print to the terminal, no wider than WIDTH."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="katas.spelled")
    # rich's own has a black background
    console = Console(highlight=False, theme=Theme({"markdown.code": COMMAND}))
    console.width = width()
    if console.is_terminal:
        console.print(what)
    else:
        print(plain(what, console.width), end="", flush=True)  # for a pipe


def clear() -> None:
    """Clear the terminal; if there is none, print an empty line."""
    console = Console(highlight=False)
    if console.is_terminal:
        console.clear()
    else:
        print()


def width() -> int:
    """The columns of the screen, at most WIDTH; a terminal that reports hardly any has more."""
    return max(NARROWEST, min(Console().width, WIDTH))


def height() -> int:
    """The lines of the terminal."""
    return Console().height


def plain(what: RenderableType, width: int = WIDTH) -> str:
    """The same as text without colour and without trailing blanks."""
    console = Console(file=io.StringIO(), width=width, color_system=None, highlight=False,
                      legacy_windows=False)
    console.print(what)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"


def _spell(problem: UnicodeError) -> tuple[str, int]:
    lacking = problem.object[problem.start : problem.end]
    return "".join(SPELLED.get(character, "?") for character in lacking), problem.end


codecs.register_error("katas.spelled", _spell)
