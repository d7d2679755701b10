"""How far a long run is: a line that redraws itself on a terminal, plain lines elsewhere."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn


class Steps:
    """Names each step as it begins.

    The line is drawn between steps only: nothing moves while something is timed.
    """

    def __init__(self):
        self.console = Console(file=sys.stdout, highlight=False)  # even if sys.stdout is replaced later
        self.bar = Progress(
            BarColumn(24), MofNCompleteColumn(), TextColumn("{task.description}"),
            console=self.console, auto_refresh=False, transient=True,
            disable=not self.console.is_terminal,
        )
        self.done = self.total = 0

    def __enter__(self) -> "Steps":
        self.bar.start()
        return self

    def __exit__(self, *problem) -> None:
        self.bar.stop()

    def expect(self, total: int) -> None:
        """Say how many steps there will be."""
        self.total = total
        self.task = self.bar.add_task("", total=total)

    def begin(self, name: str) -> None:
        """Show the step that begins now."""
        if self.bar.disable:
            self.console.print(f"  {self.done + 1} of {self.total}: {name}", soft_wrap=True)
        self.bar.update(self.task, completed=self.done, description=name)
        self.bar.refresh()
        self.done += 1

    def note(self, name: str) -> None:
        """Show what the step is at, where the line can be drawn again."""
        if not self.bar.disable:
            self.bar.update(self.task, description=name)
            self.bar.refresh()
