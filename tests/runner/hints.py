"""Reads the ladders of hints: three rungs for each spec, as a lesson's hints page has them."""

import re
from functools import cache

from tests.runner.lessons import Kata

SPEC = re.compile(r"^## (test_\w+)\s*$", re.MULTILINE)
RUNG = re.compile(r"<details>\s*<summary>Hint \d</summary>\n(.*?)</details>", re.DOTALL)


def ladder(kata: Kata, spec: str) -> tuple[str, ...]:
    """The hints for a spec, the gentlest first; none where the page has none."""
    return _ladders(kata).get(spec, ())


@cache
def _ladders(kata: Kata) -> dict[str, tuple[str, ...]]:
    try:
        page = kata.hints.read_text(encoding="utf-8")
    except OSError:
        return {}
    _, *parts = SPEC.split(page)
    return {spec: tuple(rung.strip() for rung in RUNG.findall(text))
            for spec, text in zip(parts[::2], parts[1::2])}
