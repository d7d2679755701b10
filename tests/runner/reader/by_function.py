"""Runs a script on each of the reader's functions that is green, and else on the solution's.

A function is green if all its specs are. What is green is remembered as long as no file of a lesson
changes, so that a script which needs many lessons begins at once.
"""

import hashlib
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import FunctionType

from tests.runner.lessons.catalog import KATAS, ROOT, SOLUTIONS, Kata, needed_by
from tests.runner.lessons.loading import MODULE, load, names_used_by, readers
from tests.runner.lessons.source_text import has_stubs
from tests.runner.reader.atomic import write_whole
from tests.runner.reader.borrowing import orders
from tests.runner.running import supervise
from tests.runner.specs.record import Run, Status

FILE = ROOT / ".kata-green.json"
CHECKING = "Checking which of your functions are green ..."
Names = dict[str, tuple[str, ...]]  # by kata, names of functions


@dataclass(frozen=True)
class ByFunction:
    """The functions that a script runs on.

    yours:   the reader's that are green, by kata
    others:  all others, for which the solution's run
    written: those of them that the reader has written, and that are not green
    """

    yours: Names
    others: Names
    written: Names

    @property
    def sentence(self) -> str:
        """Whose functions run, by lesson."""
        if not self.yours:
            return "All functions are the solutions': none of those that this needs is green yet."
        if not self.others:
            n = sum(map(len, self.yours.values()))
            return f"All {n} functions that run here are your own."
        return (f"Your own functions run: {_listed(self.yours)}. The solutions', until yours are "
                f"green: {_listed(self.others)}.")

    def without(self, name: str) -> "ByFunction":
        """The same, with the solution's instead of one of the reader's."""
        yours = {kata: tuple(one for one in names if one != name)
                 for kata, names in self.yours.items()}
        return replace(self, yours={kata: names for kata, names in yours.items() if names})

    def put_in_place(self) -> None:
        """Where the solutions are loaded, replace each function by the reader's, if it is green.

        What the reader's functions call is replaced as well: one that is not green does not run.
        """
        for kata, names in self.yours.items():
            module, theirs = importlib.import_module(kata), load(kata, readers)[kata]
            for name in names:
                setattr(module, name, getattr(theirs, name))
        for part in (self.yours, self.others):
            for kata, names in part.items():
                module = importlib.import_module(kata)
                for name in names:
                    put(kata, name, getattr(module, name))


def put(kata: str, name: str, function: Callable) -> None:
    """Put a function in the place of a kata's, wherever a loaded module or function knows it."""
    for space in _spaces():
        for alias, value in list(space.items()):
            is_it = isinstance(value, FunctionType) and value.__name__ == name
            if is_it and value.__module__ == kata or (space["__name__"], alias) == (kata, name):
                space[alias] = function


def _spaces() -> list[dict]:
    """The namespaces of the loaded modules of lessons, and of the functions found in them."""
    folders = (f"{KATAS}{os.sep}", f"{SOLUTIONS}{os.sep}")
    spaces = [vars(module) for module in list(sys.modules.values())
              if str(getattr(module, "__file__", None)).startswith(folders)]
    known = set(map(id, spaces))
    for space in spaces:  # which grows meanwhile
        for value in list(space.values()):
            if (isinstance(value, FunctionType) and MODULE.fullmatch(value.__module__ or "")
                    and id(value.__globals__) not in known):
                known.add(id(value.__globals__))
                spaces.append(value.__globals__)
    return spaces


def by_function(used: Names, katas: Sequence[Kata]) -> ByFunction:
    """Find out which of the functions that a script uses are green.

    katas: the lessons that these are in
    """
    green = _green(katas)
    yours, others, written = {}, {}, {}
    for kata in katas:
        names = used.get(kata.name, ())
        not_green = [name for name in names if name not in green.get(kata.name, ())]
        yours[kata.name] = tuple(name for name in names if name not in not_green)
        others[kata.name] = tuple(not_green)
        written[kata.name] = tuple(name for name in not_green
                                   if not has_stubs(kata.file, [name]))
    return ByFunction(*({kata: names for kata, names in part.items() if names}
                        for part in (yours, others, written)))


def used_functions(roots: Sequence[FunctionType]) -> Names:
    """These functions of the loaded katas and all that they call, by kata, in order."""
    found, waiting = {}, list(roots)
    while waiting:
        function = waiting.pop()
        if not (isinstance(function, FunctionType) and MODULE.fullmatch(function.__module__)):
            continue
        if function.__name__ in found.setdefault(function.__module__, set()):
            continue
        found[function.__module__].add(function.__name__)
        waiting += [function.__globals__.get(name) for name in names_used_by(function.__code__)]
    return {kata: tuple(name for name in Kata(kata).functions if name in names)
            for kata, names in sorted(found.items())}


def _green(katas: Sequence[Kata]) -> Names:
    """The reader's functions of which all specs are green, by kata."""
    begun = [kata for kata in katas
             if any(not has_stubs(kata.file, [name]) for name in kata.functions)]
    if not begun:
        return {}
    lent = {name: folder for kata in begun for name, folder in orders(kata).folders.items()}
    about = _fingerprint(begun, lent)
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        kept = json.loads(FILE.read_text(encoding="utf-8"))
        if kept["about"] == about:
            return {kata: tuple(names) for kata, names in kept["green"].items()}
    runs = supervise.run_all([kata for kata in begun if kata.name not in lent], lent,
                             waiting=CHECKING)
    green = {kata.name: _green_in(kata, runs[kata.name]) for kata in begun if kata.name in runs}
    with suppress(OSError):  # then it is found out again
        write_whole(FILE, json.dumps({"about": about, "green": green}).encode())
    return green


def _green_in(kata: Kata, run: Run) -> tuple[str, ...]:
    if run.broken:
        return ()
    proved = {record.function for record in run.records}
    failed = {record.function for record in run.records if record.status is not Status.GREEN}
    failed |= {kata.function_of(spec) for spec in run.specs[len(run.records):]}
    return tuple(name for name in kata.functions if name in proved - failed)


def _fingerprint(katas: Sequence[Kata], lent: dict) -> str:
    """Changes if any file does that decides what is green."""
    needed = {other for kata in katas for other in (kata, *needed_by(kata))}
    seen = hashlib.sha256(repr(sorted(lent)).encode())
    for kata in sorted(needed, key=lambda kata: kata.name):
        for file in (kata.file, kata.specs, kata.solution):
            with suppress(OSError):
                seen.update(file.read_bytes())
    return seen.hexdigest()


def _listed(names: Names) -> str:
    return ", ".join(name for some in names.values() for name in some)
