"""Pictures of real screens for the pages: what a command wrote to a terminal, as SVG."""

import html
import io
import re

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

# Every text has its width written beside it, so any monospace font will do; none is fetched.
FORMAT = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT,
                flags=re.DOTALL).replace("Fira Code, ", "")
# otherwise some programs drop blanks
FORMAT = FORMAT.replace('-matrix">', '-matrix" xml:space="preserve">')


def picture(output: str, command: str) -> str:
    """A terminal of 80 columns with this output and its colours; the command is its title."""
    console = Console(record=True, width=80, file=io.StringIO())
    console.print(Text.from_ansi(output))
    svg = console.export_svg(title=command, theme=SVG_EXPORT_THEME, code_format=FORMAT,
                             unique_id="screen")
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def lines_in(svg: str) -> list[str]:
    """The lines of text in such a picture, without blanks at the ends and without empty lines."""
    body = svg.split('class="screen-matrix" ')[1]
    rows: dict[float, list[tuple[float, str]]] = {}
    for x, y, text in re.findall(r'<text class="[^"]*" x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>',
                                 body, re.DOTALL):
        rows.setdefault(float(y), []).append((float(x), html.unescape(text).replace("\xa0", " ")))
    return [line for y in sorted(rows)
            if (line := "".join(text for _, text in sorted(rows[y])).strip())]
