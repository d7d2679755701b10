"""The finders: each looks for one reason why a spec is red, and gives a Finding or None.

They are tried in the order of FINDERS; the first finding counts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from tests.runner.diagnosis import blame, tracebacks
from tests.runner.diagnosis.case import Case
from tests.runner.diagnosis.exceptions import MASKS
from tests.runner.diagnosis.masks import about_masks
from tests.runner.diagnosis.measure import Subject, measure
from tests.runner.diagnosis.replay import Diagnosis
from tests.runner.diagnosis.stopped_specs import explain
from tests.runner.lessons.catalog import shown
from tests.runner.lessons.source_text import line_of
from tests.runner.specs.record import Cause
from tests.runner.specs.watched import ArgumentChanged

VARIES = ("Called again with the same arguments, `{}` gives another answer. Is anything in it "
          "random, or kept from one call to the next?")
NOT_FROM_RNG = ("Called again with the same generator, as it was before, `{}` gives another "
                "answer. Is any random number in it not from `rng`? Or is anything kept from one "
                "call to the next, or read from `np.empty` before it is written?")


@dataclass(frozen=True)
class Finding:
    """Why a spec is red.

    paragraphs: sentences for the reader, the most important first
    named:      the names of the mistakes that fit
    at:         file and line to edit
    """

    cause: Cause
    paragraphs: tuple[tuple[str, ...], ...]
    at: tuple[str, int]
    named: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of them; "" begins a new paragraph."""
        first, *others = self.paragraphs
        return (*first, *(sentence for more in others for sentence in ("", *more)))


Finder = Callable[[Case], Finding | None]


def first_finding(case: Case, finders: Iterable[Finder]) -> Finding:
    """The first finding; the last finder always finds something."""
    return next(found for finder in finders if (found := finder(case)))


def settled(case: Case) -> Finding | None:
    """What needs no diagnosis: a stub, a file that cannot be used, an endless loop."""
    found = explained(case)
    is_final = found.cause in (Cause.FILE, Cause.TIME, Cause.STUB)
    return found if is_final and not isinstance(case.problem, ArgumentChanged) else None


def varying(case: Case) -> Finding | None:
    """A function that gives other numbers each time for the same arguments."""
    if not case.varies:
        return None
    found = _undiagnosed(case)
    first, *others = found.paragraphs
    call = case.call
    given = (*call.args, *call.kwargs.values())
    has_rng = any(isinstance(value, np.random.Generator) for value in given)
    said = (NOT_FROM_RNG if has_rng else VARIES).format(call.function)
    return replace(found, paragraphs=((*first, said), *others))


def in_an_earlier_function(case: Case) -> Finding | None:
    """An earlier function of the reader's: with the solution instead of it, all would be right."""
    diagnosis = case.diagnosis
    if not diagnosis or not diagnosis.blamed:
        return None
    lead = blame.blame(case.workshop, case.kata, case.call.function, diagnosis)
    at = blame.place(case.workshop.home(diagnosis.blamed), diagnosis)
    if diagnosis.mistakes:
        return Finding(Cause.NAMED, ((*lead, *_named(diagnosis, diagnosis.blamed)), *_raised(case)),
                       at, diagnosis.names)
    later = _undiagnosed(case, Subject(case.call.function, case.part))
    first, *others = later.paragraphs
    shown_raising = diagnosis.shown and diagnosis.shown.theirs.raised
    if later.cause is Cause.RAISED and shown_raising:
        own = ()
    else:
        own = blame.described(diagnosis, case.workshop.function(diagnosis.blamed))
    if not own:
        paragraphs = ((*lead, *first), *others)
    elif later.cause is Cause.MEASURED:
        paragraphs = ((*lead, *own),)
    else:
        paragraphs = ((*lead, *own), first, *others)
    return Finding(later.cause, paragraphs, at)


def a_known_mistake(case: Case) -> Finding | None:
    """A mistake that explains everything that was seen and tried."""
    diagnosis = case.diagnosis
    if not diagnosis:
        return None
    paragraphs = (_named(diagnosis, case.call.function), *_raised(case))
    return Finding(Cause.NAMED, paragraphs, _at(case, case.call.function), diagnosis.names)


def odd_masks(case: Case) -> Finding | None:
    """A mask that is passed on in another convention, and its effect."""
    odd = about_masks(case)
    if not odd:
        return None
    found = _undiagnosed(case)
    first, *others = found.paragraphs
    more = tuple(said for said in first if said not in (*odd, MASKS))
    return replace(found, paragraphs=(odd, more, *others))


def measured(case: Case, subject: Subject | None = None) -> Finding | None:
    """Measurements of a wrong answer."""
    if not case.mismatch:
        return None
    said = measure(case.mismatch, case.sizes, subject or Subject(part=case.part))
    return Finding(Cause.MEASURED, (said,), _at(case, case.function))


def explained(case: Case) -> Finding:
    """The meaning of an exception, or of a failed assertion of a spec."""
    cause, said = explain(case.problem, case.kata, case.watched.limit)
    return Finding(cause, (said,), _at(case, case.function))


FINDERS: tuple[Finder, ...] = (
    settled, varying, in_an_earlier_function, a_known_mistake, odd_masks, measured, explained)
PLAIN: tuple[Finder, ...] = (settled, measured, explained)  # nothing is called again


def _undiagnosed(case: Case, subject: Subject | None = None) -> Finding:
    return measured(case, subject) or explained(case)


def _named(diagnosis: Diagnosis, function: str) -> tuple[str, ...]:
    """The sentences; if a step of another function is written out in this one, they say which."""
    others = {made.function for made in diagnosis.mistakes} - {function}
    if len(others) != 1 or len(diagnosis.mistakes) > 1:
        return diagnosis.sentences
    return (f"Here you write out `{others.pop()}` yourself.", *diagnosis.sentences)


def _raised(case: Case) -> tuple[tuple[str, ...], ...]:
    """Python's words for the exception, if there was one; the mistake explains it."""
    found = _undiagnosed(case)
    return (found.paragraphs[0][:1],) if found.cause is Cause.RAISED else ()


def _at(case: Case, function: str) -> tuple[str, int]:
    """Where an exception arose in the reader's code, or where a function begins."""
    return (tracebacks.where(case.problem, case.kata, case.function)
            or (shown(case.kata.file), line_of(case.kata.file, function)))
