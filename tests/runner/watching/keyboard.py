"""Reads single keys from the terminal, without Enter."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread


@contextmanager
def pressed(tell: Callable[[str], None]) -> Iterator[bool]:
    """A context in which every pressed key is reported. Yields whether there is a keyboard."""
    if not sys.stdin.isatty():
        yield False
    elif os.name == "nt":
        import msvcrt

        Thread(target=_each, args=(msvcrt.getwch, tell), daemon=True).start()
        yield True
    else:
        import termios
        import tty

        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        tty.setcbreak(terminal)  # Ctrl-C still stops the program
        Thread(target=_each, args=(lambda: os.read(terminal, 1).decode("ascii", "replace"), tell),
               daemon=True).start()
        try:
            yield True
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _each(read: Callable[[], str], tell: Callable[[str], None]) -> None:
    try:
        while key := read():
            tell(key)
    except OSError:  # the terminal is gone
        return
