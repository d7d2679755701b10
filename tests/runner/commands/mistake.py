"""`make mistake-softmax-runs_down_the_columns`: a known mistake in full."""

import re
from collections.abc import Collection
from difflib import get_close_matches

from tests.runner.commands.all_commands import Misused
from tests.runner.commands.say import GREEN
from tests.runner.lessons.catalog import Kata, all_katas, shown
from tests.runner.lessons.source_text import text_in

EXAMPLE = "for example: make mistake-softmax-runs_down_the_columns"


def mistake(*words: str) -> int:
    """Show the mistake of a name in a function."""
    from tests.runner.diagnosis.workshop import workshop
    from tests.runner.screens.known_mistake import mistake_page
    from tests.runner.screens.terminal import show

    if len(words) != 2:
        raise Misused(f"Type the function and the mistake's name, {EXAMPLE}")
    function, name = words
    homes = {written: kata for kata in all_katas() if kata.mistakes.is_dir()
             for written in kata.functions}
    if function not in homes:
        raise Misused("No lesson with mistakes has a function "
                      f"`{function}`.{_similar(function, homes)}")
    kata = homes[function]
    known = {made.name: made for made in reversed(workshop(kata).mistakes_in([function]))}
    if name not in known:
        raise Misused(f"No mistake in `{function}` is called `{name}`.{_similar(name, known)} "
                      f"{shown(kata.mistakes)} has them all.")
    show(mistake_page(known[name], _declared_in(kata, name)))
    return GREEN


def _similar(name: str, names: Collection[str]) -> str:
    """A question about the names that are most like one that is not known; "" if none is."""
    near = (get_close_matches(name, names, n=3, cutoff=0.5)
            or [other for other in names if name in other][:3])
    return f" Did you mean {' or '.join(f'`{other}`' for other in near)}?" if near else ""


def _declared_in(kata: Kata, name: str) -> str:
    """The file and line in which a mistake is declared."""
    for file in sorted(kata.mistakes.glob("*.py")):
        for number, line in enumerate(text_in(file).splitlines(), start=1):
            if re.match(rf"(def )?{name}( = edit)?\(", line):
                return f"{shown(file)}:{number}"
    return shown(kata.mistakes)
