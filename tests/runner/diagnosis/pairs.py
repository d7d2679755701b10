"""Two mistakes in one function, made together.

Two that are edits of the solution combine if they replace different parts of it. One that is
written out, or that puts something around what the other changes, combines with the edits of
the other if those fit in its own text as well. If one leaves something out, the other's changes
of that are left out as well.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import permutations
from types import FunctionType

from tests.runner.diagnosis.mistake_edits import Misfit, edited, edited_twice, with_choices
from tests.runner.diagnosis.workshop import Mistake, function_of, right_text


# What a first sentence says of the scale: "Your scores are divided by", "You divide by the root".
SCALED = re.compile(r"^You(?:r (\w+) (?:is|are))? (divide|multipl)(?:ie)?[dy]? by ([^.:;]*)")


RIGHT = re.compile(r"\b(numbers|weights|grad_\w+) (are|is) right\b")


def contradict(a: Mistake, b: Mistake) -> bool:
    """Whether what is said of one mistake is no longer true beside another.

    So it is if one says that the numbers are right; or if one says that the scores are divided,
    and the other that they are multiplied: divided by d_k itself, for its root, and multiplied
    for divided, they are multiplied by d_k.
    """
    if RIGHT.search(a.says) or RIGHT.search(b.says):
        return True
    one, other = SCALED.search(a.says), SCALED.search(b.says)
    if not one or not other or one[1] != other[1] or one[2] == other[2]:
        return False
    return bool(one[1]) or all("d_" in what[3] for what in (one, other))


@dataclass(frozen=True, eq=False)
class Both:
    """Two mistakes in one function, made at once."""

    text: str
    function: str
    wrong: FunctionType


class Pairs:
    """Combines the mistakes in one function; all pairs that it gives have different texts."""

    def __init__(self, right: FunctionType):
        self.right, self.name = right, right.__name__
        self._made = {right_text(right)}

    def both(self, a: Mistake, b: Mistake) -> Both | None:
        """Both mistakes at once; None if they do not combine, or give an earlier pair's text."""
        for text in self._texts(a, b):
            if text in self._made or text in (a.text, b.text):
                return None
            try:
                wrong = function_of(text, self.right, a.chosen | b.chosen)
            except SyntaxError:
                continue
            self._made.add(text)
            return Both(text, self.name, wrong)
        return None

    def brings_back(self, both: Both, made: Mistake) -> bool:
        """Whether two mistakes together read an argument, or a key of it, that one drops."""
        return bool((self._read(right_text(self.right))
                     - self._read(made.text)) & self._read(both.text))

    def _texts(self, a: Mistake, b: Mistake) -> Iterator[str]:
        """The possible texts, the likeliest first."""
        if any(a.chosen[name] != b.chosen[name] for name in a.chosen.keys() & b.chosen.keys()):
            return  # one name for two values
        right = right_text(self.right)
        if a.edits and b.edits:
            with suppress(Misfit):
                yield with_choices(edited(right, a.edits + b.edits), a.chosen | b.chosen)
        for inner, outer in permutations((a, b)):
            if inner.edits:
                with suppress(Misfit):
                    more = [name for name in inner.chosen if name not in outer.chosen]
                    yield with_choices(edited(outer.text, inner.edits), more)
        if a.edits and b.edits:
            with suppress(Misfit):
                yield with_choices(edited_twice(right, a.edits, b.edits), a.chosen | b.chosen)

    def _read(self, text: str) -> set[str]:
        """The arguments that a function reads, and the strings in it, such as keys."""
        signature, _, body = text.partition("):\n")
        arguments = set(re.findall(r"\w+", signature))
        return (arguments & set(re.findall(r"\w+", body))
                | set(re.findall(r"""(?<=["'])\w+(?=["'])""", body)))
