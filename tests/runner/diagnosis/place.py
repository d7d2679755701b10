"""Find the place: the expression in the reader's code where one small change is enough.

The finding is proved: the change was made, and the function then gave the solution's answers.
"""

import ast
import warnings
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np

from tests.runner import limits
from tests.runner.diagnosis.found import OF_ANSWER, Found
from tests.runner.diagnosis.program import CannotMake, Program
from tests.runner.diagnosis.search import Search, Working
from tests.runner.diagnosis.standins import StandIns
from tests.runner.diagnosis.traced import observe
from tests.runner.diagnosis.trials import Trial, recorded, tried
from tests.runner.diagnosis.tweak import Tweak, applied, statement_of
from tests.runner.diagnosis.tweaks import N_RANKS
from tests.runner.diagnosis.workshop import Workshop
from tests.runner.lessons.source_text import text_in
from tests.runner.specs.guard import memory_within
from tests.runner.specs.watched import Call

SECOND_RANKS = 2  # of a second change, the likely ones are tried
MOST_LEFT = 2 / 3  # of the calls that are wrong and unseen may still be wrong after a change


def find_place(workshop: Workshop, name: str, calls: list[Call], theirs: Callable,
               part: int | None = None) -> Found | None:
    """Find the place in the reader's function `name`, or in an earlier one that it depends on.

    calls:  the calls of that function so far
    theirs: the reader's function
    part:   the part of a tuple that a spec found wrong: if no change makes all parts right, as
            some are perhaps not written yet, one that makes this part right is enough
    """
    right = workshop.function(name)
    with (warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"),
          memory_within(limits.EDITED_MEMORY)):
        return _place(workshop, name, recorded(calls, right, part), theirs)


def _place(workshop: Workshop, name: str, seen: list[Trial], theirs: Callable) -> Found | None:
    wrong = [trial for trial in seen if trial.wrong]
    if not wrong:
        return None
    stand_ins = StandIns(workshop, name, theirs)
    if not stand_ins.used:
        return _in_itself(workshop, name, seen, theirs)
    right, part = workshop.function(name), seen[0].part
    alone = tried([(trial.args, trial.kwargs) for trial in wrong], stand_ins.alone, right, part)
    if not any(trial.wrong for trial in alone):
        return _in_another(workshop, wrong, stand_ins)
    if any(after.theirs.raised and not before.theirs.raised
           for before, after in zip(wrong, alone)):
        return _in_itself(workshop, name, seen, theirs)
    with stand_ins.having({other: workshop.function(other) for other in stand_ins.used}):
        seen = tried([(trial.args, trial.kwargs) for trial in seen], theirs, right, part)
        return _in_itself(workshop, name, seen, theirs)


def _in_another(workshop: Workshop, wrong: list[Trial], stand_ins: StandIns) -> Found | None:
    """The place in an earlier function: the first one that has to be mended."""
    for blamed in stand_ins.blamed(wrong)[:1]:
        function = stand_ins.used[blamed]
        given = tried(stand_ins.inputs_of(blamed, wrong), function, workshop.function(blamed))
        return _place(workshop, blamed, given, function)
    return None


def _in_itself(workshop: Workshop, name: str, seen: list[Trial], theirs: Callable) -> Found | None:
    solution = text_in(Path(workshop.function(name).__code__.co_filename))
    try:
        program = Program(name, theirs, workshop.before(name), solution)
    except CannotMake:
        return None
    search = Search(workshop, name, seen, program, theirs)
    of_part: Found | None = None  # as long as no change makes all parts right
    partly: list[Working] = []
    for later, rank in product((False, True), range(N_RANKS)):
        found = search.working(rank, later)
        if whole := _whole(found):
            whole = whole if later else _plainest(search, rank, whole)
            in_all_parts = [tweak for tweak in whole if search.mends_all_parts(tweak)]
            tweaks = _without_those_that_avoid(search, in_all_parts or whole)
            place = Found(name, program, _nearest(search, tweaks), search.exam.seen_wrong,
                          whole=bool(in_all_parts), rest=OF_ANSWER, either=_lines(tweaks))
            if place.whole:
                return place
            of_part = of_part or place
        partly += [working for working in found if not _is_of_a_loop(working.tweak)]
    return of_part or (_in_part(name, search, partly) if partly else None)


def _plainest(search: Search, rank: int, whole: list[Tweak]) -> list[Tweak]:
    """The edits of the lowest rank that leave nothing wrong, if these are the first that do."""
    for lower in range(rank):
        if plainer := _whole(search.working(lower, later=True)):
            return plainer
    return whole + _whole(search.working(rank, later=True))


def _whole(found: list[Working]) -> list[Tweak]:
    """The edits that leave nothing wrong."""
    return [working.tweak for working in found if not working.left]


def _in_part(name: str, search: Search, partly: list[Working]) -> Found | None:
    """The place of the change that leaves least wrong; and of a second, if both are enough."""
    least = min(working.left for working in partly)
    if least > MOST_LEFT * search.exam.n_unseen_wrong:
        return None
    tweaks = _without_those_that_avoid(
        search, [working.tweak for working in partly if working.left == least])
    tweak, lines = _nearest(search, tweaks), _lines(tweaks)
    if len(lines) > 1:
        return Found(name, search.program, tweak, search.exam.seen_wrong, whole=False, either=lines)
    with applied(tweak), search.program.having_changed(tweak.tree):
        search.exam.go_on_from(search.program.function())
        ranks = range(SECOND_RANKS)
        seconds = [each for later in (False, True) for rank in ranks
                   for each in _whole(search.working(rank, later))]
        lines = _lines(_without_those_that_avoid(search, seconds))
    more = lines[0] if len(lines) == 1 else 0
    return Found(name, search.program, tweak, search.exam.seen_wrong, whole=False, second=more)


def _is_of_a_loop(tweak: Tweak) -> bool:
    """Whether an edit takes a whole loop away, or elsewhere: then it is right where none is run."""
    return isinstance(tweak.about, (ast.For, ast.While))


def _lines(tweaks: list[Tweak]) -> tuple[int, ...]:
    """The lines of the statements that these edits are in."""
    return tuple(sorted({statement_of(tweak).lineno for tweak in tweaks}))


def _nearest(search: Search, tweaks: list[Tweak]) -> Tweak:
    """The edit that ends nearest to the solution."""
    return min(tweaks, key=lambda tweak: (search.distance(tweak), _width(tweak)))


def _width(tweak: Tweak) -> tuple[int, int]:
    """How much text an edit is about."""
    about = tweak.about
    return about.end_lineno - about.lineno, about.end_col_offset - about.col_offset


def _without_those_that_avoid(search: Search, tweaks: list[Tweak]) -> list[Tweak]:
    """If edits work in several places: those that leave nothing unused, if there are any.

    An edit may work because it uses another variable, or skips lines, and so avoids a wrong step
    instead of mending it. The others show where the slip is.
    """
    if len({statement_of(tweak) for tweak in tweaks}) < 2:
        return tweaks
    unused = {tree: _unused(tree) for tree in search.program.trees}
    lines = _lines_run(search, search.program.function())
    mending = [tweak for tweak in tweaks if not _avoids(search, tweak, unused[tweak.tree], lines)]
    return mending or tweaks


def _avoids(search: Search, tweak: Tweak, unused: set[str], lines: set[int]) -> bool:
    """Whether an edit leaves a variable unused, or lines that are no longer run."""
    with applied(tweak):
        if _unused(tweak.tree) - unused:
            return True
    own = range(tweak.about.lineno, tweak.about.end_lineno + 1)
    return bool(lines - _lines_run(search, search.function_with(tweak)) - set(own))


def _unused(tree: ast.stmt) -> set[str]:
    """The variables that are assigned and never read, except to write to what they hold."""
    stored, read, written = set(), [], []
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets):
                parts = (part for target in targets for part in ast.walk(target))
                stored |= {part.id for part in parts
                           if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
                written += [to.value for to in targets if isinstance(to, ast.Subscript)]
            case ast.Expr(ast.Call(ast.Attribute(value=value))):
                written.append(value)
            case ast.Name(ctx=ast.Load()):
                read.append(node)
    return stored - {node.id for node in read if not any(node is to for to in written)}


def _lines_run(search: Search, function: Callable) -> set[int]:
    """The lines that are run in all calls that the reader's function has wrong."""
    file, calls = str(search.program.file), search.exam.wrong
    return {line for call in calls for line in observe(function, file, *call.again()).lines}
