"""`make my-transformer`: everything that the reader has written, as one page of Python."""

import sys

from tests.runner.commands.say import GREEN, RED
from tests.runner.lessons.catalog import Kata, all_katas
from tests.runner.lessons.one_page import CannotJoin, Part, one_page
from tests.runner.lessons.source_text import text_in
from tests.runner.running import supervise


def my_transformer() -> int:
    """Print the reader's code of the lessons that are green, from the first one on."""
    katas = all_katas()
    runs = supervise.run_all(katas, stop=True)
    green = [kata for kata in katas if kata.name in runs and runs[kata.name].green]
    if not green:
        return _said("No lesson is green yet: your transformer begins with `make kata-01`.", RED)
    try:
        page = one_page([part_of(kata) for kata in green])
    except CannotJoin as problem:
        return _said(str(problem), RED)
    _show(page)
    n_lines = sum(bool(line.strip()) and not line.startswith("#") for line in page.splitlines())
    return _said(closing(green, n_lines, is_whole=len(green) == len(katas)), GREEN)


def part_of(kata: Kata, solution: bool = False) -> Part:
    """The reader's file of a kata, or its solution, as a part of a page."""
    file = kata.solution if solution else kata.file
    return Part(kata.name, f"Lesson {int(kata.number)}: {kata.title}", text_in(file))


def closing(green: list[Kata], n_lines: int, is_whole: bool) -> str:
    """What is said after the page; once it is whole, where to go on."""
    lines = (f"{n_lines} lines, all your own: lessons {green[0].number} to {green[-1].number}. "
             "`make my-transformer > mine.py` keeps them; the page runs by itself.")
    if not is_whole:
        return lines
    return (f"{lines}\nThat is the whole course. What you have built, and what to read and to "
            "build next: katas/what_you_have_built.md.")


def _show(page: str) -> None:
    if not sys.stdout.isatty():
        print(page, end="")
        return
    from tests.runner.screens.source_code import python
    from tests.runner.screens.terminal import show

    show(python(page))


def _said(sentence: str, status: int) -> int:
    """Print a sentence, but not into the page, which may go into a file."""
    print(sentence, file=sys.stderr)
    return status
