"""`make kata-01`, `make watch`: run the specs of a lesson, once or at every save."""

import os

from tests.runner.commands import scripts
from tests.runner.commands.say import GREEN, RED, WRONG_USE
from tests.runner.lessons.catalog import Kata
from tests.runner.reader.attempt import attempt


def kata(which: Kata) -> int:
    """Run the specs up to the first red one, and show the verdict."""
    tried = attempt(which, meanwhile=load_screen)
    from tests.runner.screens import verdict
    from tests.runner.screens.next_steps import next_up
    from tests.runner.screens.terminal import show, width

    after = tuple(next_up(which, tried.borrowed))
    context = verdict.Context(tried, after, "MAKELEVEL" in os.environ, width=width())
    show(verdict.verdict(which, context))
    if tried.run.broken:
        return WRONG_USE
    if tried.run.green and which == scripts.CHAT:
        scripts.on_the_real_model()
    return GREEN if tried.run.green else RED


def watch(which: Kata) -> int:
    """Run the specs at every save, until the reader quits."""
    from tests.runner.watching.watch import watch

    return watch(which)


def load_screen() -> None:
    """Import what shows the verdict (rich, a fifth of a second) while the specs run."""
    from tests.runner.screens import terminal, verdict  # noqa: F401
