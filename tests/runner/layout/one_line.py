"""Any text as one line of the screen."""


def printable(text: str) -> str:
    """A line of text without what could steer a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def cut(text: str, limit: int) -> str:
    """A text cut to the limit, with a mark if it was longer."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
