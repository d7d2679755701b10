"""What is found out after the verdict: the place, or else which steps are right.

This takes up to half a second, so the verdict is shown first.
"""

import ast
import inspect
from collections.abc import Collection, Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from types import FunctionType

from tests.runner import limits
from tests.runner.diagnosis.case import Case
from tests.runner.diagnosis.finders import FINDERS, Finding, first_finding
from tests.runner.diagnosis.found import Found
from tests.runner.diagnosis.judge import red_of
from tests.runner.diagnosis.outcomes import outcome_of, try_out
from tests.runner.diagnosis.place import find_place
from tests.runner.diagnosis.steps import Mark, marks_of, names_that_are_right
from tests.runner.diagnosis.trials import Trial
from tests.runner.diagnosis.tweak import applied
from tests.runner.diagnosis.workshop import Mistake, Workshop, right_text
from tests.runner.layout.one_line import listed
from tests.runner.specs.record import Cause, Red
from tests.runner.specs.watched import LEAVING, ArgumentChanged

FEW = 3  # calls are enough to see that a name and a place disagree
MOST_NAMES = 5  # of variables that are right


def look_further(case: Case, found: Finding) -> Red:
    """The verdict with the place, if it is found; a mistake's name that it refutes is dropped."""
    try:
        place = _place(case)
        if place is None or not place.is_sure:
            return red_of(case, _with_steps(case, found, place))
        diagnosis = case.diagnosis
        if found.named and not (place.whole or diagnosis.so_far) and _is_one_edit(
                diagnosis.mistakes):
            return red_of(case, found)  # which explains all, and the change at the place a part
        if found.named and disagree(case.workshop, place, case.diagnosis.mistakes):
            found = first_finding(case.naming(*_borne_out(case, place)), FINDERS)
    except LEAVING:  # time ran out
        return red_of(case, found)
    shown = place.place
    red = red_of(case, replace(found, at=(shown.file, shown.line)))
    # The place is a hint itself; the spec's first one may be about something else.
    return replace(red, place=shown, hint_fits=red.hint_fits and not place.whole)


def _is_one_edit(mistakes: Sequence[Mistake]) -> bool:
    """Whether one change of the solution makes all that is wrong."""
    return sum(len(mistake.edits) or 2 for mistake in mistakes) == 1


def _borne_out(case: Case, found: Found) -> list[Mistake]:
    """The one of two mistakes that the place bears out, and that explains what specs have seen."""
    mistakes, workshop = case.diagnosis.mistakes, case.workshop
    for made in mistakes if len(mistakes) > 1 else ():
        with workshop.having_made(made):
            explains = all(trial.explained_by(workshop.function(found.function))
                           for trial in found.wrong)
        if explains and not disagree(workshop, found, [made]):
            return [made]
    return []


def _place(case: Case) -> Found | None:
    name = case.call.function
    if not inspect.signature(case.workshop.function(name)).parameters:
        return None  # nothing is computed: its answer is what the reader has written down
    calls = [call for call in case.watched.calls
             if call.function == name and call.seconds <= limits.SLOW_CALL]
    return find_place(case.workshop, name, calls, case.theirs, case.which_part)


def _with_steps(case: Case, found: Finding, place: Found | None) -> Finding:
    """The finding; if it names nothing, with the variables that hold steps of the solution.

    place: where one change in any of several lines is enough
    """
    blames = case.diagnosis and case.diagnosis.blamed
    if found.named or blames or isinstance(case.problem, ArgumentChanged) or _is_right(case):
        return found
    if place and place.says_either:
        first, *others = found.paragraphs
        return replace(found, paragraphs=((*first, place.says_either), *others))
    call = case.call
    right = case.workshop.function(call.function)
    names = names_that_are_right(right, case.theirs, call.args, call.kwargs)
    if not names:
        return found
    first, *others = found.paragraphs
    said = steps_are_right(names, answered=found.cause is Cause.MEASURED)
    return replace(found, paragraphs=((*first, said), *others))


def _is_right(case: Case) -> bool:
    """Whether the answer is the solution's, and the spec is about something else, like memory."""
    call = case.call
    return outcome_of(call).agrees(try_out(case.right, call.args, call.kwargs))


def steps_are_right(names: list[str], answered: bool) -> str:
    """A sentence about the variables that hold steps of the solution, the last ones by name."""
    shown = [f"`{name}`" for name in names[-MOST_NAMES:]]
    n_more = len(names) - len(shown)
    names = listed([*shown, f"{n_more} more"] if n_more else shown)
    said = f"the numbers in {names} are those of the formula"
    return (f"{said[0].upper()}{said[1:]}; your answer's are not." if answered
            else f"Up to there, {said}.")


def disagree(workshop: Workshop, found: Found, mistakes: Iterable[Mistake]) -> bool:
    """Whether the mistakes affect other steps than the change at the place does.

    A mistake is known by its answers alone, and its name may be untrue; the place is proved. Both
    imply something about the steps on the way, and these can be measured.

    They do if the reader's function already has a step right that the mistakes make wrong; or if
    the change makes right, further on, a step that the mistakes leave right. And it takes no two
    mistakes to explain what one change mends.
    """
    mistakes = list(mistakes)
    return (found.whole and len(mistakes) > 1
            or any(_contradict(workshop, found, mistakes, trial) for trial in found.wrong[:FEW]))


def _contradict(workshop: Workshop, found: Found, mistakes: list[Mistake], trial: Trial) -> bool:
    right = workshop.function(found.function)
    steps = _of_solution(right_text(right), right, trial)
    own = [made for made in mistakes if made.function == found.function]
    with workshop.having_made(*mistakes):
        if len(own) == 1:
            mistaken = _of_solution(own[0].text, right, trial, own[0].chosen)
        else:
            mistaken = _of_solution(right_text(right), right, trial)
    before = _of_reader(found, trial)
    old = set(found.program.nodes())
    with applied(found.tweak):
        after = _of_reader(found, trial, old)
    return bool(before & steps - mistaken) or bool((after - before) & steps & mistaken)


def _of_solution(text: str, right: FunctionType, trial: Trial,
                 chosen: dict | None = None) -> set[Mark]:
    """What a version of the solution computes; `chosen` are a mistake's own arguments."""
    tree, kwargs = ast.parse(text).body[0], {**trial.kwargs, **(chosen or {})}
    return marks_of(tree, right.__globals__, right.__name__, trial.args, kwargs)


def _of_reader(found: Found, trial: Trial, nodes: Collection[ast.AST] | None = None) -> set[Mark]:
    """What the reader's function computes; if nodes are given, in these alone."""
    program = found.program
    tree = next(tree for tree in program.trees if getattr(tree, "name", "") == found.function)
    copies: dict[int, ast.AST] = {}
    copied = deepcopy(tree, copies)
    only = None if nodes is None else {copies[id(node)] for node in nodes if id(node) in copies}
    space = program.space(found.tweak.tree)
    return marks_of(copied, space, found.function, trial.args, trial.kwargs, str(program.file),
                    only)
