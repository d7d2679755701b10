"""`make kata`, `make hint`, ... without a number: for the first lesson that is not green."""

from collections.abc import Callable

from tests.runner.commands.kata import kata as run_kata
from tests.runner.commands.kata import watch
from tests.runner.commands.say import GREEN, say
from tests.runner.lessons.catalog import Kata, all_katas
from tests.runner.reader import notes
from tests.runner.running import supervise


def current(do: Callable[[Kata], int]) -> int:
    """Act on the first kata that is not green, or show one that has just turned green."""
    katas = all_katas()
    runs = supervise.run_all(katas, stop=True)
    green = [kata for kata in katas if kata.name in runs and runs[kata.name].green]
    unfinished = [kata for kata in katas if kata not in green]
    if do is run_kata and (finished := _just_finished(green)):
        return do(finished)
    if unfinished:
        return do(unfinished[0])
    if do is watch:
        return say(f"Nothing to watch: every kata is green. `make watch-{katas[-1].number}` "
                   "watches one lesson.", GREEN)
    return say("Every kata is green: from the first softmax on, this is your own code. "
               f"`make example-{katas[-1].number}` sets it to work, and `make progress` shows "
               "what else there is.", GREEN)


def _just_finished(green: list[Kata]) -> Kata | None:
    """The first kata that the reader worked on and has not seen green yet."""
    remembered = notes.read()
    return next((kata for kata in green if kata.name in remembered.attempts
                 and kata.name not in remembered.green), None)
