"""Captures what the reader's code prints, for any amount and anything done to sys.stdout."""

import codecs
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

KEPT = 500  # characters of what was printed that are kept; the rest is counted


class Printed(io.RawIOBase):
    """The beginning of what was printed, and the number of characters in all."""

    def __init__(self):
        self.text, self.n_chars = "", 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        heard = self._decoder.decode(bytes(data))
        self.text += heard[: KEPT - len(self.text)]
        self.n_chars += len(heard)
        return len(data)


@contextmanager
def heard() -> Iterator[Printed]:
    """A context in which prints are captured and go nowhere else.

    The stream is made for this: code that closes it, or wraps another one
    around its buffer, breaks nothing.
    """
    printed = Printed()
    stream = io.TextIOWrapper(io.BufferedWriter(printed), encoding="utf-8", errors="replace")
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = stream
    try:
        yield printed
    finally:
        sys.stdout, sys.stderr = before
        with suppress(ValueError):  # closed, or taken apart
            stream.flush()
