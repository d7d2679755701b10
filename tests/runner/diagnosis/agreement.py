"""Whether a named mistake and a proved place can both be true of the reader's function.

A mistake is known by its answers alone, and its name may be untrue; the place is proved. Both
imply something about the steps on the way, and these can be measured.
"""

import ast
from collections.abc import Collection, Iterable
from copy import deepcopy
from types import FunctionType

from tests.runner.diagnosis.found import Found
from tests.runner.diagnosis.steps import Mark, marks_of
from tests.runner.diagnosis.trials import Trial
from tests.runner.diagnosis.tweak import applied
from tests.runner.diagnosis.workshop import Mistake, Workshop, right_text

FEW = 3  # calls are enough


def disagree(workshop: Workshop, found: Found, mistakes: Iterable[Mistake]) -> bool:
    """Whether the mistakes affect other steps than the change at the place does.

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
