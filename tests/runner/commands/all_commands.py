"""All commands, in one table: the command line, its help and the Makefile's come from here.

A word after `make` is the command and its arguments, joined by dashes: `make hint-exercise-01`
is `python -m tests.runner hint exercise 01`. To add a command, write its function in a module
of this package and a line of the table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module

OPENING = "Transformer Katas: build a transformer in NumPy, one failing spec at a time."
LEARN = """Instead of 01, write the number of your lesson. A command for an exercise ends
in exercise-01, as in make hint-exercise-01."""
MEND = "When something is in the way:"
TEACH = "For everyone who teaches with the project, or changes it:"


class Takes(Enum):
    """The arguments of a command."""

    NOTHING = "nothing"
    LESSON = "the number of a lesson"
    LESSON_OR_NEXT = "the number of a lesson; without one, the first that is not green"
    LESSON_OR_ALL = "the number of a lesson, or all"
    WORDS = "words of its own"


@dataclass(frozen=True)
class Command:
    """One command.

    words: its words as they are typed, joined by dashes
    where: its function, "module:function" of this package; it returns the exit status
    takes: what follows; the function is called with it
    help:  (as it is typed, what it does) for each line of the help
    group: the heading under which the help lists it
    of_exercises: whether an exercise has it, too
    """

    words: str
    where: str
    takes: Takes
    help: tuple[tuple[str, str], ...] = ()
    group: str = LEARN
    of_exercises: bool = True

    @property
    def function(self) -> Callable[..., int]:
        return self._named(self.where)

    @property
    def of_all(self) -> Callable[[], int]:
        """What is done for all lessons together."""
        return self._named(f"{self.where}_all")

    @staticmethod
    def _named(path: str) -> Callable[..., int]:
        module, _, name = path.partition(":")
        return getattr(import_module(f"tests.runner.commands.{module}"), name)


COMMANDS = (
    Command("kata", "kata:kata", Takes.LESSON_OR_NEXT, (
        ("kata-01", "run the specs of the lesson, up to the first red one"),
        ("kata", "the same for the first lesson that is not green"))),
    Command("watch", "kata:watch", Takes.LESSON_OR_NEXT, (
        ("watch", "the same at every save; make watch-01 for one lesson"),)),
    Command("hint", "hint:hint", Takes.LESSON_OR_NEXT, (
        ("hint-01", "show the next hint for the red spec"),)),
    Command("solution", "hint:solution", Takes.LESSON_OR_NEXT, (
        ("solution-01", "show the solution; once yours is green, beside it"),)),
    Command("try", "prompt:prompt", Takes.LESSON_OR_NEXT, (
        ("try-01", "try things out at a prompt, with the red call's arguments"),)),
    Command("example", "scripts:example", Takes.LESSON, (
        ("example-01", "watch your own code at work, with pictures"),), of_exercises=False),
    Command("exercise", "kata:kata", Takes.LESSON, (
        ("exercise-01", "practise, after the kata"),)),
    Command("bench", "scripts:bench", Takes.LESSON, (
        ("bench-01", "measure how fast your code is"),), of_exercises=False),
    Command("bench-compare", "scripts:bench_compare", Takes.NOTHING, (
        ("bench-compare", "compare the last measurement with the one before"),)),
    Command("compare", "scripts:compare", Takes.NOTHING, (
        ("compare", "compare your functions with PyTorch's; installs PyTorch"),)),
    Command("train", "scripts:train", Takes.NOTHING, (
        ("train", "train a GPT on a text of yours, as in TEXT=book.txt"),)),
    Command("write", "scripts:write", Takes.NOTHING, (
        ("write", "write with the model that you trained"),)),
    Command("chat", "scripts:chat", Takes.NOTHING, (
        ("chat", "talk with a real model, which runs on your functions"),)),
    Command("progress", "progress:progress", Takes.NOTHING, (
        ("progress", "see how far you are"),)),
    Command("my-transformer", "my_transformer:my_transformer", Takes.NOTHING, (
        ("my-transformer", "print your own code of all green lessons, as one page"),)),
    Command("reset", "reset:reset", Takes.LESSON_OR_ALL, (
        ("kata-03 BORROW=1", "use the solutions of the earlier lessons"),
        ("reset-01", "start the lesson again; your file is kept")), MEND),
    Command("undo-reset", "reset:undo_reset", Takes.LESSON_OR_ALL, (
        ("undo-reset-01", "bring your file back"),
        ("reset-all", "start all again; undo-reset-all brings all back")), MEND),
    Command("doctor", "doctor:doctor", Takes.NOTHING, (
        ("doctor", "find out what is wrong, and how to fix it"),), MEND),
    Command("grade", "grade:grade", Takes.NOTHING, (
        ("grade", "grade all lessons, as in FORMAT=junit OUT=result.xml"),), TEACH),
    Command("mistake", "mistake:mistake", Takes.WORDS, (
        ("mistake-gelu-X", "show in full the known mistake X in gelu"),), TEACH),
    Command("bench-runner", "scripts:bench_runner", Takes.NOTHING, (
        ("bench-runner", "measure how long a run of the specs takes"),), TEACH),
)
OF_MAKE = (  # what the Makefile does by itself
    ("test", "prove that specs, solutions, hints and commands agree"),
    ("golden", "write the expected messages again; then look at git diff"),
    ("test-oldest", "test the solutions with the oldest packages allowed"),
)


class Misused(Exception):
    """A command that does not exist, or wrong arguments; the text says what to type."""


def command_line(words: Sequence[str]) -> tuple[Command, list[str]]:
    """The command that the words of a command line mean, and the words after it."""
    parts = [part for word in words for part in word.split("-") if part]
    by_name = {command.words: command for command in COMMANDS}
    for n_words in (2, 1):
        if command := by_name.get("-".join(parts[:n_words])):
            return command, parts[n_words:]
    raise Misused(f'There is no command "make {"-".join(parts)}"; "make" alone lists those there '
                  'are.')


def help_text() -> str:
    """The help, group by group."""
    groups: dict[str, list[tuple[str, str]]] = {LEARN: [], MEND: [], TEACH: []}
    for command in COMMANDS:
        groups[command.group] += command.help
    groups[TEACH] += OF_MAKE
    lines = [OPENING]
    for heading, rows in groups.items():
        width = max(len(typed) for typed, _ in rows)
        lines += ["", heading, *(f"  make {typed:<{width}}  {does}" for typed, does in rows)]
    return "\n".join(lines)
