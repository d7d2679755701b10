"""A place that was found, and how it is told."""

import ast
from dataclasses import dataclass

from tests.runner.diagnosis.program import Program, characters
from tests.runner.diagnosis.rewritten import rewritten
from tests.runner.diagnosis.trials import Trial
from tests.runner.diagnosis.tweak import Tweak
from tests.runner.layout.one_line import listed
from tests.runner.lessons.catalog import shown
from tests.runner.specs.record import Place

WHOLE = "One change here, and everything that was tried comes out right."
PARTLY = "One change here makes right what the specs have asked for so far; "
OTHERS = "other inputs need more."
OF_ANSWER = "the rest of the answer needs more."
EITHER = "One change is enough, in line {}."
EITHER_PARTLY = "One change in line {} makes right what the specs have asked for so far."
MOST_LINES = 3
SECOND = "with another one in line {}, everything that was tried comes out right."


@dataclass(frozen=True)
class Found:
    """A change of the reader's function that was proved to help.

    function: the function that is changed, of this lesson or an earlier one
    wrong:    the recorded calls that it has wrong
    whole:    whether everything that was tried comes out right, or only what the specs have asked
    second:   the line of a second change that makes right the rest; 0 if none is known
    rest:     what is still wrong otherwise
    either:   the lines in each of which one change would make all right
    """

    function: str
    program: Program
    tweak: Tweak
    wrong: list[Trial]
    whole: bool = True
    second: int = 0
    rest: str = OTHERS
    either: tuple[int, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether there is one line to point at."""
        return len(self.either) < 2

    @property
    def says_either(self) -> str:
        """A sentence about the lines, if there are a few."""
        said = EITHER if self.whole else EITHER_PARTLY
        lines = listed([*map(str, self.either)], "or")
        return said.format(lines) if len(self.either) <= MOST_LINES else ""

    @property
    def says(self) -> str:
        if self.whole:
            return WHOLE
        return PARTLY + (SECOND.format(self.second) if self.second else self.rest)

    @property
    def place(self) -> Place:
        """What the reader is shown."""
        about, program = self.tweak.about, self.program
        last = _last_line(about)
        lines = program.text.splitlines()[about.lineno - 1 : last]
        starts = [len(line) - len(line.lstrip()) for line in lines]
        ends = [len(line) for line in lines]
        starts[0] = characters(lines[0], about.col_offset)
        if last == about.end_lineno:
            ends[-1] = characters(lines[-1], about.end_col_offset)
        return Place(
            shown(program.file), about.lineno, getattr(self.tweak.tree, "name", ""), tuple(lines),
            tuple(zip(starts, ends)), self.says, rewritten(program, self.tweak))


def _last_line(about: ast.AST) -> int:
    """The last line of an expression; of a loop or an `if`, the last line before its body."""
    body = getattr(about, "body", None)
    return max(about.lineno, body[0].lineno - 1) if isinstance(body, list) else about.end_lineno
