"""The declaration of mistakes: wrong versions of functions that people really write.

A mistake of a few words is declared as changes of the solution, below the
signature or in it: the old text, the new text, and the sentence for the reader.

    runs_down_the_columns = edit("softmax", "Your softmax runs down the columns: ...",
        ("axis=axis", "axis=0", 2))  # the old text is there twice: both are replaced

A mistake that is another algorithm is written out:

    @mistake("softmax", "Your softmax goes through the scores one by one: ...")
    def goes_through_the_first_axis(scores, axis=-1):
        ...

And each function has rich inputs that tell its mistakes apart:

    @probes("softmax")
    def probe_softmax():
        yield given(scores, axis=0)

Nothing is compiled here: `workshop` makes functions of mistakes when they are needed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType

from tests.runner.diagnosis.mistake_edits import Edit


@dataclass(frozen=True, eq=False)
class Declaration:
    """A declared mistake; its name is that of the variable or function that holds it.

    change:    its edits of the solution, or the wrong function in full
    common:    so frequent that it is often made together with another frequent one
    denies:    it says that something has no effect, which a second mistake may make untrue
    speaks_of: the idioms (a name, attribute, operator or keyword) that the sentence names; it is
               only said about code that has one of them
    choices:   for each name in the change that stands for a value, the values that people write,
               the likeliest first
    """

    function: str
    says: str
    change: tuple[Edit, ...] | FunctionType
    common: bool
    denies: bool
    speaks_of: tuple[str, ...]
    choices: dict[str, tuple]


@dataclass(frozen=True)
class Style:
    """Another right way to write a function, as changes of the solution.

    Where two right ways give different answers, as they draw their random numbers in another order,
    each mistake is made in both.
    """

    function: str
    change: tuple[Edit, ...]


@dataclass(frozen=True)
class Probes:
    """Inputs for one function that tell its mistakes apart."""

    function: str
    make: Callable[[], Iterator[tuple[tuple, dict]]]


def edit(function: str, says: str, *changes: tuple, **more) -> Declaration:
    """Declare a mistake as changes of the solution: (old text, new text), or (old, new, times).

    more: common, denies and speaks_of, as in Declaration; every other name is that of a choice
    """
    return _declaration(function, says, tuple(Edit(*change) for change in changes), **more)


def mistake(function: str, says: str, **more) -> Callable[[FunctionType], Declaration]:
    """Declare a wrong version that is written out; its keyword-only arguments are its choices."""
    return lambda wrong: _declaration(function, says, wrong, **more)


def style(function: str, *changes: tuple) -> Style:
    """Declare another right way to write a function, in which its mistakes are made as well."""
    return Style(function, tuple(Edit(*change) for change in changes))


def probes(function: str) -> Callable[[Callable], Probes]:
    """Declare the inputs that tell the mistakes of a function apart."""
    return lambda make: Probes(function, make)


def given(*args, **kwargs) -> tuple[tuple, dict]:
    """The arguments of one call."""
    return args, kwargs


def _declaration(function: str, says: str, change: tuple[Edit, ...] | FunctionType, /,
                 common: bool = False, denies: bool = False,
                 speaks_of: str | tuple[str, ...] = (), **choices: tuple) -> Declaration:
    idioms = (speaks_of,) if isinstance(speaks_of, str) else tuple(speaks_of)
    return Declaration(function, " ".join(says.split()), change, common, denies, idioms, choices)
