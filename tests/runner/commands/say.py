"""What a command says in a sentence, and the exit statuses that go with it."""

GREEN, RED, WRONG_USE = 0, 1, 2


def say(sentence: str, status: int) -> int:
    """Show a sentence; return the exit status that goes with it."""
    from tests.runner.screens.style import code
    from tests.runner.screens.terminal import show

    show(code(sentence))
    return status
