"""Any text as one line of the screen, and names as a part of a sentence."""

from collections.abc import Sequence


def printable(text: str) -> str:
    """A line of text without what could steer a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def cut(text: str, limit: int) -> str:
    """A text cut to the limit, with a mark if it was longer."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Names as in a sentence: "a, b and c"."""
    *others, last = parts
    return f"{', '.join(others)} {word} {last}" if others else last
