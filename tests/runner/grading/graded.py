"""One record for each graded spec, from which every format is written."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tests.runner.grading.spec_code import SpecCode, specs_in
from tests.runner.grading.told import shortened, told
from tests.runner.lessons.catalog import Kata, shown
from tests.runner.specs.record import Cause, Run, SpecRecord, Status

POINTS = 1  # for each spec
MAX_MESSAGE, MAX_OUTPUT = 65_535, 500  # characters; Exercism takes no more
NOT_TEXT = re.compile(  # XML 1.0, section 2.2
    r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Grade(StrEnum):
    """pass: right. fail: the answer is wrong. error: there is no answer to compare."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"


# An answer is wrong only if it was measured or named; a stub, an exception, a time-out, a
# crash and a file that does not load all leave nothing to compare.
WRONG_ANSWER = (Cause.MEASURED, Cause.NAMED)


@dataclass(frozen=True)
class Graded:
    """The result of one spec.

    task:       the number of its function, counted over all katas that are graded; 0 for none
    number:     the lesson's number and the spec's number in it: "1.12"
    message:    the text about it if it is not right; "" if it is
    diagnosis:  the names of the mistakes that fit, if any
    hint_level: the number of its hints that the learner has seen; 0 if it is not known
    file, line: where to edit; line 0 if there is no such place
    output:     what the learner's code printed
    """

    kata: str
    spec_id: str
    function: str
    task: int
    number: str
    title: str
    status: Grade
    message: str
    diagnosis: str
    hint_level: int
    test_code: str
    file: str
    line: int
    duration: float
    points: int
    output: str

    @property
    def name(self) -> str:
        return f"{self.function}: {self.title}" if self.function else self.title

    @property
    def score(self) -> int:
        return self.points if self.status is Grade.PASS else 0


@dataclass(frozen=True)
class Result:
    """The result of grading: a record for each spec.

    broken: why no spec could run; "" if one could
    """

    specs: tuple[Graded, ...]
    broken: str = ""

    @property
    def score(self) -> int:
        return sum(spec.score for spec in self.specs)

    @property
    def max_score(self) -> int:
        return sum(spec.points for spec in self.specs)

    @property
    def duration(self) -> float:
        return sum(spec.duration for spec in self.specs)


def result_of(runs: list[tuple[Kata, Run]],
              hint_level: Callable[[str, str], int] = lambda kata, spec: 0) -> Result:
    """The result of runs, in the order of the specs; hint_level gives that of a kata's spec."""
    specs: list[Graded] = []
    n_functions = 0
    for kata, run in runs:
        specs += _graded(kata, run, n_functions, hint_level)
        n_functions += len(kata.functions)
    return Result(tuple(specs), _broken(specs, [run for _, run in runs]))


def _graded(kata: Kata, run: Run, n_before: int,
            hint_level: Callable[[str, str], int]) -> list[Graded]:
    written = specs_in(kata.specs)
    records = {record.spec: record for record in run.records}
    names = run.specs or list(written) or [kata.name]
    graded = []
    for index, name in enumerate(names, start=1):
        record, function = records.get(name), kata.function_of(name)
        spec = written.get(name.partition("[")[0], SpecCode(kata.heading, ""))
        red = record.red if record else None
        graded.append(Graded(
            kata=kata.name, spec_id=name, function=function,
            task=n_before + kata.functions.index(function) + 1 if function else 0,
            number=f"{int(kata.number)}.{index}", title=spec.title, status=_status(record),
            message=shortened(_text(_message(record, run)), MAX_MESSAGE),
            diagnosis=", ".join(red.named) if red else "",
            hint_level=hint_level(kata.name, name),
            test_code=spec.code,
            file=red.file if red and red.file else shown(kata.file), line=red.line if red else 0,
            duration=record.duration if record else 0.0, points=POINTS,
            output=(shortened(_text(record.output), MAX_OUTPUT, record.output_chars)
                    if record else ""),
        ))
    return graded


def _status(record: SpecRecord | None) -> Grade:
    if record is None:
        return Grade.ERROR
    if record.status is Status.GREEN:
        return Grade.PASS
    return Grade.FAIL if record.red.cause in WRONG_ANSWER else Grade.ERROR


def _message(record: SpecRecord | None, run: Run) -> str:
    if record is None:
        return " ".join(("This spec did not run.", _why(run)))
    return told(record) if record.red else ""


def _why(run: Run) -> str:
    """Why the specs without a record did not run."""
    if run.broken or not run.records:
        return run.broken
    last = run.records[-1]
    if not last.red:
        return ""
    return f"The run ended with the spec before it, `{last.spec}`. {' '.join(last.red.happened)}"


def _broken(specs: list[Graded], runs: list[Run]) -> str:
    ran = [record for run in runs for record in run.records
           if record.red is None or record.red.loaded]
    return "" if ran else next((spec.message for spec in specs), "There are no specs.")


def _text(text: str) -> str:
    """Text without characters that XML forbids, or that control a terminal."""
    return NOT_TEXT.sub("\ufffd", text)
