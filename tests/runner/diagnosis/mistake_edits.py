"""A mistake as edits of the solution's text, and the edits of two mistakes together."""

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple

Splice = tuple[int, int, str]  # the start and end of what is replaced, and the new text


class Edit(NamedTuple):
    """One replacement in the text of a function.

    old:   whole words as the solution has them, lines broken or not
    new:   the new text; its further lines are indented like the line that it begins in
    times: how often the old text occurs; all of them are replaced
    """

    old: str
    new: str
    times: int = 1


class Misfit(ValueError):
    """An edit whose old text does not occur, or not as often as it says."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A function's text with all edits made at once; Misfit if one does not fit, or two meet."""
    return _replaced(text, _places(text, edits))


def edited_twice(text: str, some: Iterable[Edit], others: Iterable[Edit]) -> str:
    """A text with the edits of two mistakes, but for what one changes and the other leaves out."""
    some, others = _places(text, some), _places(text, others)
    return _replaced(text, [*(place for place in some if not _is_left_out(text, place, others)),
                            *(place for place in others if not _is_left_out(text, place, some))])


def _replaced(text: str, places: list[Splice]) -> str:
    made, end = [], 0
    for start, stop, new in sorted(places):
        if start < end:
            raise Misfit(f"two edits replace the same text, {text[start:end]!r}")
        made += [text[end:start], new.replace("\n", "\n" + _indent(text, start))]
        end = stop
    lines = "".join([*made, text[end:]]).splitlines()
    return "\n".join(line for line in lines if line and not line.isspace()) + "\n"


def with_choices(text: str, names: Collection[str]) -> str:
    """A function's text with keyword-only arguments of these names."""
    if not names:
        return text
    signature, end, body = text.partition("):\n")
    star = "" if "*, " in signature else "*, "
    return f"{signature}, {star}{', '.join(names)}{end}{body}"


def _places(text: str, edits: Iterable[Edit]) -> list[Splice]:
    return [(*span, new) for old, new, times in edits for span in _spans(text, old, times)]


def _is_left_out(text: str, place: Splice, others: list[Splice]) -> bool:
    """Whether a place is inside a larger one that keeps only another part, or none of its words."""
    start, end, _ = place
    old, words = text[start:end], set(re.findall(r"\w+", text[start:end]))
    return any(first <= start and end <= last and end - start < last - first
               and (new in text[first:last] and old not in new
                    or words.isdisjoint(re.findall(r"\w+", new)))
               for first, last, new in others)


def _spans(text: str, old: str, times: int) -> list[tuple[int, int]]:
    """Where whole words of a text are these, whether or not lines are broken in between."""
    squeezed, at = _squeezed(text)
    wanted, _ = _squeezed(old)
    found, start = [], squeezed.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if _is_in_word(squeezed, start) or _is_in_word(squeezed, end):
            end = start + 1
        else:
            found.append((at[start], at[end - 1] + 1))
        start = squeezed.find(wanted, end)
    if len(found) != times:
        name = re.match(r"def (\w+)", text)
        raise Misfit(f"{old!r} is found {len(found)} times, not {times}, in "
                     f"{name[1] if name else 'the text'}")
    return found


@cache
def _squeezed(text: str) -> tuple[str, list[int]]:
    """A text in one line, without white space in brackets, and where each character of it was."""
    parts, at = [], []
    for match in re.finditer(r"\s+|\S+", text):
        start, end = match.span()
        if not match[0].isspace():
            parts.append(match[0])
            at += range(start, end)
        elif text[start - 1 : start] not in set("([{") and text[end : end + 1] not in set(")]}"):
            parts.append(" ")
            at.append(start)
    return "".join(parts), at


def _is_in_word(text: str, at: int) -> bool:
    return all(side.isidentifier() or side.isdigit()
               for side in (text[at - 1 : at], text[at : at + 1]))


def _indent(text: str, at: int) -> str:
    """The white space that begins the line of a place in a text."""
    line = text[text.rfind("\n", 0, at) + 1 :]
    return line[: len(line) - len(line.lstrip(" "))]
