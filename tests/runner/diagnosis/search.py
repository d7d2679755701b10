"""Try the small edits of a function, until the budget is spent.

The budget counts what is tried, not seconds, so that the result depends on the code alone.
"""

import ast
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tests.runner import limits
from tests.runner.diagnosis.exam import Exam
from tests.runner.diagnosis.program import Program
from tests.runner.diagnosis.steps import inside_right_steps
from tests.runner.diagnosis.traced import observe
from tests.runner.diagnosis.trials import Trial
from tests.runner.diagnosis.tweak import Tweak, applied, distance, statement_of, words
from tests.runner.diagnosis.tweaks import all_tweaks
from tests.runner.diagnosis.vocabulary import Vocabulary, keys_in, signatures_in, variables_in
from tests.runner.diagnosis.workshop import Workshop, right_text

TRIALS = 4  # of an exam cost about as much as one edit


@dataclass(frozen=True, eq=False)
class Working:
    """An edit that makes right all recorded calls, and makes no other call wrong.

    left: how many other calls are still wrong
    """

    tweak: Tweak
    left: int


class Search:
    """A search for the edits of a program that work."""

    def __init__(self, workshop: Workshop, name: str, seen: list[Trial], program: Program,
                 theirs: Callable):
        self.program = program
        self.exam = Exam(workshop, seen, program, theirs)
        self._budget, self._end = limits.SEARCH_COST, time.process_time() + limits.SEARCH_SECONDS
        right, red = workshop.function(name), self.exam.red
        solution = ast.parse(right_text(right)).body[0]
        self._solution = Counter(words(solution))
        own = observe(program.function(), str(program.file), *red.again())
        n_steps = max(own.n_steps, observe(right, "", *red.again()).n_steps)
        self.exam.most_lines = limits.EDITED_LINES_MORE * n_steps + 500
        self._costs = {tree: _cost(tree, n_steps) for tree in program.trees}
        self._settled = {node for tree in program.trees if getattr(tree, "name", "") == name
                         for node in inside_right_steps(
                             right, tree, program.space(), red.trial.args, red.trial.kwargs,
                             str(program.file))}
        module, keys = theirs.__globals__, keys_in([*red.args, *red.kwargs.values()])
        self._vocabularies = {
            tree: Vocabulary(variables_in(tree, own.names.get(getattr(tree, "name", ""), {})),
                             frozenset(module), signatures_in(module), keys, solution)
            for tree in program.trees}

    @property
    def over(self) -> bool:
        return self._budget <= 0 or time.process_time() > self._end

    def working(self, rank: int, later: bool = False) -> list[Working]:
        """The edits of a rank that work; in each statement, only if plainer than those before.

        later: try those in statements that seem to be right, in place of all others
        """
        found: list[Working] = []
        plainest: dict[ast.stmt, int] = {}
        for tweak in all_tweaks(self.program.trees, rank, self._vocabularies.__getitem__,
                                self._settled, later):
            if self.over:
                break
            cost = self._costs[tweak.tree]
            self._budget -= cost
            function = self.function_with(tweak)
            if function is None or not self.exam.mends_red(function):
                continue
            statement, far = statement_of(tweak), self.distance(tweak)
            if plainest.get(statement, far + 1) <= far:
                continue
            self._budget -= cost * self.exam.n_trials // TRIALS
            left = self.exam.left_wrong(function)
            if left is not None:
                found.append(Working(tweak, left))
            if left == 0 and self.exam.is_right_in_all_parts(function):
                plainest[statement] = far
        return found

    def mends_all_parts(self, tweak: Tweak) -> bool:
        """Whether an edit makes right the whole of each answer, not only the part that counts."""
        function = self.function_with(tweak)
        return function is not None and self.exam.is_right_in_all_parts(function)

    def distance(self, tweak: Tweak) -> int:
        """How far from the solution the function is after an edit."""
        return distance(tweak, self._solution)

    def function_with(self, tweak: Tweak) -> Callable | None:
        """The function after an edit; None if the result is not valid Python, or cannot be made."""
        with applied(tweak):
            try:
                return self.program.function(tweak.tree)
            except Exception:
                return None


def _cost(tree: ast.stmt, n_steps: int) -> int:
    """About how many microseconds an edit takes to make and try, whatever the machine.

    n_steps: how many lines a call runs
    """
    return 50 + sum(1 for _ in ast.walk(tree)) // 2 + n_steps * 2 // 3
