"""Versions of the reader's functions on which the diagnosis is tried, besides the mistakes.

A file versions_NN_topic declares those of a lesson; if there are many, others whose
names begin with it declare more. They run with the solutions as their kata modules, and hold

    @right("softmax")        a right version in another style: no spec may be red
    @unheard_of("softmax")   a wrong version that no mistake describes: red, and never named
    twice("one", "another")  two mistakes made at once: the pair is named, or one of the two
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from tests.runner.lessons.catalog import TESTS, Kata
from tests.runner.lessons.loading import loading_from, solutions


@dataclass
class Versions:
    """All versions of a lesson: for each, the function's name and the code."""

    right: list[tuple[str, Callable]] = field(default_factory=list)
    unheard_of: list[tuple[str, Callable]] = field(default_factory=list)
    twice: list[tuple[str, str]] = field(default_factory=list)


_declared = Versions()


def right(function: str) -> Callable:
    """Declare a right version of a function."""
    return _declares(_declared.right, function)


def unheard_of(function: str) -> Callable:
    """Declare a wrong version of a function that no mistake describes."""
    return _declares(_declared.unheard_of, function)


def twice(one: str, another: str) -> None:
    """Declare a pair of mistakes that are made at once."""
    _declared.twice.append((one, another))


def _declares(versions: list, function: str) -> Callable:
    def declare(version):
        versions.append((function, version))
        return version

    return declare


@cache
def versions_of(kata: Kata) -> Versions:
    """The versions on which a kata is tried; none if no file declares any."""
    global _declared
    _declared = Versions()
    for file in sorted((TESTS / "repo").glob(f"versions_{kata.stem}*.py")):
        with loading_from(solutions):
            importlib.import_module(f"tests.repo.{file.stem}")
    return _declared
