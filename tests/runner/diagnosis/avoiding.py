"""Edits that avoid a wrong step instead of mending it.

An edit may work because it uses another variable, or skips lines. If a different edit works and
leaves nothing unused, that one shows where the slip is.
"""

import ast
from collections.abc import Callable

from tests.runner.diagnosis.search import Search
from tests.runner.diagnosis.traced import observe
from tests.runner.diagnosis.tweak import Tweak, applied, statement_of


def without_those_that_avoid(search: Search, tweaks: list[Tweak]) -> list[Tweak]:
    """If edits work in several places: those that leave nothing unused, if there are any."""
    if len({statement_of(tweak) for tweak in tweaks}) < 2:
        return tweaks
    unused = {tree: _unused(tree) for tree in search.program.trees}
    lines = _lines(search, search.program.function())
    mending = [tweak for tweak in tweaks if not _avoids(search, tweak, unused[tweak.tree], lines)]
    return mending or tweaks


def _avoids(search: Search, tweak: Tweak, unused: set[str], lines: set[int]) -> bool:
    """Whether an edit leaves a variable unused, or lines that are no longer run."""
    with applied(tweak):
        if _unused(tweak.tree) - unused:
            return True
    own = range(tweak.about.lineno, tweak.about.end_lineno + 1)
    return bool(lines - _lines(search, search.function_with(tweak)) - set(own))


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


def _lines(search: Search, function: Callable) -> set[int]:
    """The lines that are run in all calls that the reader's function has wrong."""
    file, calls = str(search.program.file), search.exam.wrong
    return {line for call in calls for line in observe(function, file, *call.again()).lines}
