"""The command `make grade`: runs every spec, and writes the result for a grader.

The settings come in the environment, from make:

    FORMAT=gradescope|classroom|exercism|junit
    OUT=file          where the result goes; "-" or nothing is standard output
    KATA=01           one lesson alone; exercise-01 is its exercise
    SUBMISSION=folder whose kata files are graded; by default those of this checkout
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.runner.grading import classroom, exercism, gradescope, junit
from tests.runner.grading.clean_copy import handed_in, run_on
from tests.runner.grading.graded import Result, result_of
from tests.runner.lessons.catalog import ROOT, Kata, all_katas, find, katas_and_exercises
from tests.runner.reader import notes
from tests.runner.reader.atomic import write_whole

DONE, WRONG_USE = 0, 2
FORMATS = {"gradescope": gradescope.to_text, "classroom": classroom.to_text,
           "exercism": exercism.to_text, "junit": junit.to_text}
ONE_OF = f"FORMAT={', '.join([*FORMATS][:-1])} or {[*FORMATS][-1]}"


class CannotGrade(Exception):
    """The settings cannot be used; the text says why, and what to do."""


@dataclass(frozen=True)
class Wish:
    """The settings.

    out:        None for standard output
    submission: None for this checkout itself
    """

    form: str
    katas: tuple[Kata, ...]
    out: Path | None = None
    submission: Path | None = None


def grade() -> int:
    """Carry out the command; the exit status does not depend on what the learner wrote."""
    try:
        wish = wish_of(os.environ)
        result = graded(wish)
        _write(wish.out, FORMATS[wish.form](result))
        if wish.form == "classroom":
            _set_step_output(os.environ.get("GITHUB_OUTPUT"), result)
    except CannotGrade as problem:
        print(problem, file=sys.stderr)
        return WRONG_USE
    print(_summary(wish, result), file=sys.stdout if wish.out else sys.stderr)
    return DONE


def wish_of(environment: Mapping[str, str]) -> Wish:
    """The settings in the environment; CannotGrade if they cannot be used."""
    form = environment.get("FORMAT", "")
    if form not in FORMATS:
        what = f"There is no FORMAT={form}" if form else "grade needs to know who reads the result"
        raise CannotGrade(f"{what}: take {ONE_OF}, as in `make grade FORMAT=junit "
                          "OUT=result.xml`.")
    return Wish(form, _katas(environment.get("KATA", "")), _out(environment.get("OUT", "")),
                _submission(environment.get("SUBMISSION", "")))


def graded(wish: Wish) -> Result:
    """Run the specs of every kata in the settings."""
    remembered = notes.Notes() if wish.submission else notes.read()

    def hint_level(kata: str, spec: str) -> int:
        tried = spec in remembered.attempts.get(kata, {})
        # the first hint comes with a red verdict
        return remembered.hints.get(kata, {}).get(spec, int(tried))

    return result_of([(kata, run_on(kata, wish.submission or ROOT)) for kata in wish.katas],
                     hint_level)


def _katas(wanted: str) -> tuple[Kata, ...]:
    if not wanted:
        return tuple(all_katas("kata"))
    *kind, number = wanted.split("-")
    kinds = {(): "kata", ("kata",): "kata", ("exercise",): "exercise"}
    kata = find(kinds[tuple(kind)], number.zfill(2)) if tuple(kind) in kinds else None
    if kata is None:
        labels = ", ".join(kata.label for kata in katas_and_exercises())
        raise CannotGrade(f"There is no KATA={wanted}: take one of {labels}, or leave KATA out to "
                          "grade every kata.")
    return (kata,)


def _out(wanted: str) -> Path | None:
    if wanted in ("", "-"):
        return None
    out = Path(wanted)
    if out.is_dir():
        raise CannotGrade(f"OUT={wanted} is a folder: name a file in it.")
    if not out.parent.is_dir():
        raise CannotGrade(f"OUT={wanted} cannot be written, as there is no folder {out.parent}: "
                          "make it first.")
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        raise CannotGrade(f"OUT={wanted} cannot be written: name another file.")
    return out


def _submission(wanted: str) -> Path | None:
    if wanted and not Path(wanted).is_dir():
        raise CannotGrade(f"SUBMISSION={wanted} is not a folder: name the learner's checkout, or a "
                          "folder with kata files.")
    return Path(wanted) if wanted else None


def _write(out: Path | None, text: str) -> None:
    """Write the result, whole or not at all."""
    try:
        if out is None:
            sys.stdout.buffer.write(text.encode())
            sys.stdout.buffer.flush()
        elif out.exists() and not out.is_file():  # /dev/stdout, a pipe: not ours to replace
            out.write_text(text, encoding="utf-8")
        else:
            write_whole(out.resolve(), text.encode())
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise CannotGrade(f"OUT={out or '-'} cannot be written ({problem.strerror}): name another "
                          "file.") from None


def _set_step_output(file: str | None, result: Result) -> None:
    if not file:
        return
    try:
        with open(file, "a", encoding="utf-8") as outputs:
            outputs.write(classroom.step_output(result))
    except OSError as problem:
        raise CannotGrade(f"The step output cannot be set, as {file} cannot be written "
                          f"({problem.strerror}): GITHUB_OUTPUT must name a file.") from None


def _summary(wish: Wish, result: Result) -> str:
    score = f"{result.score} of {result.max_score} points"
    where = (f", written to {wish.out} for {wish.form}." if wish.out
             else f", written for {wish.form}.")
    if wish.submission is None:
        more = (" The specs were those of this checkout as it is; SUBMISSION=folder grades "
                "another's files with them.")
    elif not handed_in(wish.submission):
        more = f" There is no kata file in {wish.submission} or its katas folder."
    else:
        more = ""
    return f"{score}{where}{more}"
