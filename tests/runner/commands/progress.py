"""`make progress`: how far the reader is."""

from tests.runner.commands.say import GREEN


def progress() -> int:
    """Show how far the reader is."""
    from tests.runner.reader.survey import survey
    from tests.runner.screens import progress as screen
    from tests.runner.screens import terminal

    terminal.show(screen.progress_page(survey(), terminal.width()))
    return GREEN
