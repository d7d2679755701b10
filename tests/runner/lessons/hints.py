"""The ladders of hints: three rungs for each spec, from a lesson's hints page."""

import re
from functools import cache

from tests.runner.lessons.catalog import Kata

SPEC = re.compile(r"^## (test_\w+)\s*$", re.MULTILINE)
WHY = re.compile(r"^### (\w+)\n\n(.+\n.+)$", re.MULTILINE)
RUNG = re.compile(r"<details>\s*<summary>Hint \d</summary>\n(.*?)</details>", re.DOTALL)


def ladder(kata: Kata, spec: str) -> tuple[str, ...]:
    """The hints for a spec, the gentlest first; none if the page has none."""
    return _ladders(kata).get(spec, ())


def why(kata: Kata, function: str) -> str:
    """Two lines that explain the solution of a function; "" if the page has none."""
    return dict(WHY.findall(_page(kata))).get(function, "")


@cache
def _ladders(kata: Kata) -> dict[str, tuple[str, ...]]:
    _, *parts = SPEC.split(_page(kata))
    return {spec: tuple(rung.strip() for rung in RUNG.findall(text))
            for spec, text in zip(parts[::2], parts[1::2])}


@cache
def _page(kata: Kata) -> str:
    try:
        return kata.hints.read_text(encoding="utf-8")
    except OSError:
        return ""
