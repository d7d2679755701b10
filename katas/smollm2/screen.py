"""What the chat shows: sentences on a terminal, and nothing but the answer in a pipe."""

import sys
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from smollm2.download import PACKAGE_BYTES

HELP = """\
  /reset            forget the conversation, and begin anew
  /temperature 0.7  0 takes the likeliest token each time; more, more surprises
  /stats            tokens, speed, memory
  /help             this
  /quit             ends the chat, as Ctrl-D does; Ctrl-C only ends an answer"""


class Screen:
    """Where the chat writes to.

    plain: whether the input is a pipe: then only answers and problems are shown
    """

    def __init__(self):
        self.plain = not sys.stdin.isatty()
        self.console = Console(highlight=False, stderr=self.plain)

    def say(self, sentence: str, style: str = "") -> None:
        """Show a sentence, if there is somebody to read it."""
        if not self.plain:
            self.console.print(sentence, style=style, markup=False)

    def problem(self, sentence: str) -> None:
        """Show a sentence in any case; in a pipe not among the answers."""
        self.console.print(sentence, markup=False)

    def stream(self, text: str) -> None:
        """Show a piece of an answer at once."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def asked(self) -> str | None:
        """What the user types; None at the end."""
        try:
            return input("\n> ")
        except EOFError:
            print()
            return None

    @contextmanager
    def busy(self, doing: str):
        """Says what is being done, for as long as it takes."""
        if self.plain or not self.console.is_terminal:
            yield
            return
        with self.console.status(doing):
            yield

    @contextmanager
    def downloading(self):
        """A bar; gives a function that takes the number of bytes that have come."""
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(),
                   TransferSpeedColumn())
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task("SmolLM2", total=PACKAGE_BYTES)
            yield lambda n_bytes: bar.update(task, completed=n_bytes)
