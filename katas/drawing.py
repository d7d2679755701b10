"""What the examples draw with: headings, sentences, shaded tables, bars, and pictures as files.

Numbers are always written out beside their shades, so nothing is lost without colour.
"""

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.text import Text

PICTURES = Path(__file__).resolve().parents[1] / ".kata-pictures"
DARK = 0.65  # cells darker than this have white letters, which read better on them
BAR_WIDTH = 24  # characters for the longest bar on either side of zero

console = Console(highlight=False)
console.width = min(console.width, 80)


def heading(text):
    console.print(f"\n[bold]{text}[/bold]")


def say(text):
    console.print(text, markup=False)


def print_heat_map(row_labels, column_labels, numbers, low=0.0, high=1.0, form="{:.2f}", gap=8,
                   marked=False):
    """A table in shades of grey: white for `low`, nearly black for `high`.

    gap:    the width of the row labels
    marked: whether a * follows the largest number of each row
    """
    widths = [max(len(str(label)) + 1, 6) for label in column_labels]
    heads = (str(label).rjust(width) for label, width in zip(column_labels, widths))
    console.print(" " * gap + "".join(heads))
    for label, row in zip(row_labels, numbers):
        line = Text(f"{label!s:>{gap - 1}} ", no_wrap=True)
        for number, width in zip(row, widths):
            mark = "*" if marked and np.isclose(number, np.max(row)) else " "
            style = shade((number - low) / (high - low))
            line.append(f"{form.format(number)}{mark}".rjust(width), style)
        console.print(line)


def shade(darkness):
    """A grey between white (0) and nearly black (1), with letters that can be read on it."""
    grey = round(255 - 215 * float(np.clip(darkness, 0, 1)))
    return f"{'#ffffff' if darkness > DARK else '#000000'} on rgb({grey},{grey},{grey})"


def print_bars(labels, numbers, longest=None):
    """A bar for each number: to the right of the line if positive, else to the left.

    longest: the number that has the longest bar, if it is not one of these
    """
    gap = max(len(str(label)) for label in labels) + 2
    longest, before = longest or np.abs(numbers).max(), BAR_WIDTH if np.min(numbers) < 0 else 0
    for label, number in zip(labels, numbers):
        bar = "█" * round(abs(number) / longest * BAR_WIDTH)
        left, right = ("", bar) if number >= 0 else (bar, "")
        console.print(f"{label!s:>{gap}} {number:7.2f} {left:>{before}}│{right}", markup=False)


def save_picture(name, draw, what="The same as a picture"):
    """Write the figure that `draw()` returns; return a sentence that says where, or why not."""
    path = PICTURES / f"{name}.png"
    where = path.relative_to(PICTURES.parent)
    try:
        PICTURES.mkdir(exist_ok=True)
        draw().savefig(path, dpi=150)
    except (ImportError, OSError) as problem:
        return f"The picture {where} could not be written: {problem}."
    return f"{what}: {where}"
