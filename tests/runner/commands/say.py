"""The sentences of commands, and their exit statuses."""

GREEN, RED, WRONG_USE = 0, 1, 2


def say(sentence: str, status: int) -> int:
    """Show a sentence; return its exit status."""
    from tests.runner.screens.style import code
    from tests.runner.screens.terminal import show

    show(code(sentence))
    return status
