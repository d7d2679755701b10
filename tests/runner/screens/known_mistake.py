"""The screen of `make mistake`: one known mistake in full."""

from rich.console import Group
from rich.text import Text

from tests.runner.diagnosis.workshop import Mistake, right_text
from tests.runner.screens.source_code import diff, python
from tests.runner.screens.style import code


def mistake_page(made: Mistake, declared_in: str) -> Group:
    """The sentence, the wrong function, and what makes it of the solution.

    declared_in: the file and line of its declaration
    """
    notes = [f"`{name}` is one of {', '.join(map(_typed, values))}."
             for name, values in made.declared.choices.items()]
    if made.speaks_of:
        notes.append("Said only of code that has "
                     f"{' or '.join(f'`{idiom}`' for idiom in made.speaks_of)}.")
    return Group(
        Text.assemble((f"{made.function}: {made.name}", "bold"), (f"  {declared_in}", "dim")),
        code(made.says), "",
        *map(code, notes), *[""] * bool(notes), python(made.text),
        Text("- the solution  + the mistake", "dim"), diff(right_text(made.right), made.text))


def _typed(value: object) -> str:
    return getattr(value, "__name__", repr(value))
