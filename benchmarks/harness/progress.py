"""How far a long run is: a line that redraws itself on a terminal, plain lines elsewhere."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn


class Steps(Progress):
    """Names each step as it begins. Drawn between steps only: nothing moves while we measure."""

    def __init__(self):
        console = Console(file=sys.stdout, highlight=False)  # even if sys.stdout is replaced later
        super().__init__(BarColumn(24), MofNCompleteColumn(), TextColumn("{task.description}"),
                         console=console, auto_refresh=False, transient=True,
                         disable=not console.is_terminal)
        self.done = self.total = 0

    def expect(self, total: int) -> None:
        """Say how many steps there will be."""
        self.total = total
        self.task = self.add_task("", total=total)

    def begin(self, name: str) -> None:
        """Show the step that begins now."""
        if self.disable:
            self.console.print(f"  {self.done + 1} of {self.total}: {name}", soft_wrap=True)
        self.update(self.task, completed=self.done, description=name)
        self.done += 1

    def note(self, name: str) -> None:
        """Show what the step is at, where the line can be drawn again."""
        self.update(self.task, description=name, refresh=True)
