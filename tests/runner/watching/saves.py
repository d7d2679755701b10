"""Notices when a kata file is saved, on any file system."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from watchfiles import watch

KATA_FILE = re.compile(r"(kata|exercise)_\d\d_\w+\.py")
# Milliseconds: between looks for more of the same save; until it counts as whole; between checks.
STEP, DEBOUNCE, CHECK = 10, 100, 500


def saves(folder: Path, stop: Event) -> Iterator[None]:
    """Yield once for each save of a kata file, until told to stop.

    Mounted folders may send no events (a Windows drive in WSL, a network disk), so the
    files are also checked, twice a second.
    """
    before = _files(folder)
    for polling in (None, True):  # if the system allows no more watches, polling needs none
        try:
            for _ in watch(folder, watch_filter=None, debounce=DEBOUNCE, step=STEP,
                           stop_event=stop, rust_timeout=CHECK, yield_on_timeout=True,
                           recursive=False, raise_interrupt=False, force_polling=polling):
                now = _files(folder)
                if now != before:
                    before = now
                    yield
            return
        except OSError:
            if polling:
                raise


def _files(folder: Path) -> dict[str, tuple]:
    """A value that changes whenever a kata file changes."""
    found = {}
    for file in folder.iterdir():
        if KATA_FILE.fullmatch(file.name):
            try:
                about = file.stat()
            except FileNotFoundError:  # an editor is replacing it
                continue
            found[file.name] = (about.st_mtime_ns, about.st_size, about.st_ino)
    return found
