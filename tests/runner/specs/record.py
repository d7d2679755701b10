"""One record per spec: everything that a screen, a grader or a log may need.

Records are plain values, so they can cross from the process that runs the specs to
the one that shows the verdict. All texts for people are made from them.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    GREEN = "green"
    RED = "red"


class Cause(StrEnum):
    """The kind of red."""

    STUB = "stub"  # not written yet
    NAMED = "named"  # a known mistake
    MEASURED = "measured"  # described by measurements
    RAISED = "raised"
    FILE = "file"  # the file cannot be loaded, lacks a function, breaks a rule
    TIME = "time"
    DIED = "died"


@dataclass(frozen=True)
class Table:
    """A value as text: for an array its shape and aligned lines, with a * after what differs."""

    label: str
    shape: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """An expression of the reader's where one small change has been proved to help.

    file, line: where it begins
    function: in which function
    source: the lines that it is on, as they stand
    marks:  for each of these, from and up to which column it is the expression
    says:   what is known of it
    change: the lines that change there, behind "- " and "+ ", and between these, behind "  ":
            only for whoever asks
    """

    file: str
    line: int
    function: str
    source: tuple[str, ...]
    marks: tuple[tuple[int, int], ...]
    says: str
    change: tuple[str, ...]


@dataclass(frozen=True)
class Red:
    """Why a spec is red, in the reader's terms.

    happened:  sentences, the most important first
    named:     the names of the mistakes that fit, if any
    call:      the call that gave the wrong answer
    arguments: its arguments
    yours, expected: the answers, if there are two to compare
    trace:     the reader's own lines on the way to an exception
    file, line: where to edit
    loaded:    False if the file could not be imported, so that no spec could run
    hint_fits: whether the spec's hints are about this: they are not about typing errors
    place: the expression that is to blame, where it has been found
    """

    cause: Cause
    happened: tuple[str, ...]
    named: tuple[str, ...] = ()
    call: str = ""
    arguments: tuple[Table, ...] = ()
    yours: Table | None = None
    expected: Table | None = None
    trace: tuple[str, ...] = ()
    file: str = ""
    line: int = 0
    loaded: bool = True
    hint_fits: bool = True
    place: Place | None = None


@dataclass(frozen=True)
class SpecRecord:
    """The result of one spec."""

    kata: str
    spec: str
    function: str
    title: str
    status: Status
    duration: float = 0.0
    red: Red | None = None
    hint: str = ""
    output: str = ""
    output_chars: int = 0
    spec_line: int = 0


@dataclass
class Run:
    """The result of a run: the specs that were found, and a record of each that ran.

    broken: a sentence, if the run itself was not possible
    """

    kata: str
    specs: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    records: list[SpecRecord] = field(default_factory=list)
    broken: str = ""

    @property
    def n_green(self) -> int:
        return sum(record.status is Status.GREEN for record in self.records)

    @property
    def n_waiting(self) -> int:
        return len(self.specs) - len(self.records)

    @property
    def first_red(self) -> SpecRecord | None:
        return next((record for record in self.records if record.status is Status.RED), None)

    @property
    def green(self) -> bool:
        """Every spec that was found ran, and is green."""
        ran = [record.spec for record in self.records]
        all_ran = bool(self.specs) and ran == self.specs
        return not self.broken and all_ran and self.n_green == len(ran)


def record_of(data: dict) -> SpecRecord:
    """Build a record from its dict, in which JSON may have made lists of tuples."""
    red = data["red"] and _red(_with_tuples(data["red"]))
    return SpecRecord(**{**data, "status": Status(data["status"]), "red": red})


def _red(data: dict) -> Red:
    tables = {key: data[key] and Table(**data[key]) for key in ("yours", "expected")}
    arguments = tuple(Table(**table) for table in data["arguments"])
    place = data["place"] and Place(**data["place"])
    return Red(**{**data, **tables, "cause": Cause(data["cause"]), "arguments": arguments,
                  "place": place})


def _with_tuples(value):
    if isinstance(value, dict):
        return {key: _with_tuples(part) for key, part in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value
